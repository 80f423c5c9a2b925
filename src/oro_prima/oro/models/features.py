"""What one OroCommerce server can do, found out by asking it, never from a version number."""

from __future__ import annotations

from datetime import datetime

from attrs import frozen


@frozen
class OroFeatures:
    """
    What one server can do.

    Attributes:
        line_order_field: What a line calls its order: `order` (to one) or `orders` (to many).
        subtotals: Orders show their computed totals, tax among them.
        statuses: Orders show an internal status, so a cancellation can be seen.
        updated_filter: Orders can be filtered by `updatedAt`, so edits can be found.
        external: Orders say whether they came from an ERP.
        sync_batch: A small batch can be written at once, all or nothing.
        to_many_cap: So many links of one relationship may be a cut list.
        server_now: The server's clock when it was asked; None where it did not say.
    """

    line_order_field: str = "orders"
    subtotals: bool = True
    statuses: bool = True
    updated_filter: bool = True
    external: bool = True
    sync_batch: bool = True
    to_many_cap: int = 100
    server_now: datetime | None = None
