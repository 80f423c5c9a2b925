"""What one OroCommerce server can do, found out by asking it, never from a version number."""

from __future__ import annotations

from datetime import datetime

from attrs import frozen

from oro_prima.converters import faults_of, make_converter


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
        shipping_status: Orders have a shipping status that can be written.
        external_id: Records can keep a foreign key, and be found by it.
        webhooks: It can send webhooks.
        customer_prices: It tells what a customer pays.
        validate: A new record can be checked and thrown away; it came with customer prices, and
            nothing else shows it.
    """

    line_order_field: str = "orders"
    subtotals: bool = True
    statuses: bool = True
    updated_filter: bool = True
    external: bool = True
    sync_batch: bool = True
    to_many_cap: int = 100
    server_now: datetime | None = None
    shipping_status: bool = True
    external_id: bool = False
    webhooks: bool = False
    customer_prices: bool = True
    validate: bool = True


def render_features(features: OroFeatures) -> dict[str, object]:
    """Write features as a plain tree, to be kept: a server changes only when it is updated."""
    tree: dict[str, object] = make_converter().unstructure(features)
    return tree


def parse_features(tree: object) -> OroFeatures:
    """
    Read features that were kept; one that is not there has its default.

    Raises:
        ValueError: It is no such tree; the text names each fault.
    """
    try:
        return make_converter(forbid_extra_keys=True).structure(tree, OroFeatures)
    except Exception as exc:
        raise ValueError("; ".join(faults_of(exc))) from exc
