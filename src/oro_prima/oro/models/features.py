"""What one OroCommerce server can do, found out by asking it, never from a version number."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from attrs import asdict, evolve, frozen

from oro_prima.converters import faults_of, make_converter

SEEN_FOR = timedelta(hours=1)
"""So long what a server could do is not asked again by the same process."""


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


@frozen(kw_only=True)
class KnownFeatures:
    """
    What a person knows better than a probe, by the names of `OroFeatures`; None leaves it asked.

    For a server whose role may not read what a probe reads, or whose to-many cap an administrator
    changed, which no request shows.
    """

    line_order_field: Literal["order", "orders"] | None = None
    subtotals: bool | None = None
    statuses: bool | None = None
    updated_filter: bool | None = None
    external: bool | None = None
    sync_batch: bool | None = None
    to_many_cap: int | None = None
    shipping_status: bool | None = None
    external_id: bool | None = None
    webhooks: bool | None = None
    customer_prices: bool | None = None
    validate: bool | None = None

    @property
    def named(self) -> frozenset[str]:
        """The names that are not left to the probe."""
        return frozenset(name for name, value in asdict(self).items() if value is not None)


def with_known(features: OroFeatures, known: KnownFeatures) -> OroFeatures:
    """
    Return features with what is known in place of what was found.

    >>> with_known(OroFeatures(), KnownFeatures(to_many_cap=500)).to_many_cap
    500
    """
    given = asdict(known)
    return evolve(features, **{name: given[name] for name in known.named})


def still_seen(seen: OroFeatures | None, *, now: datetime | None) -> OroFeatures | None:
    """
    Return what was seen of a server within the hour by its own clock, else None.

    >>> still_seen(OroFeatures(), now=None) is None
    True
    """
    if seen is None or seen.server_now is None or now is None:
        return None
    return seen if seen.server_now <= now < seen.server_now + SEEN_FOR else None


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
