"""Made-up orders: what each asks for, and how it comes into OroCommerce."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from attrs import frozen

from oro_prima.sandbox.oro import OrderLine, OroSandbox
from oro_prima.sandbox.seed.goods import Codes, Good, UnitOfSale
from oro_prima.sandbox.seed.people import Buyer
from oro_prima.sandbox.seed.words import COMMENTS, NOTES

SPREAD = timedelta(hours=6)
"""All orders lie within so much time before now."""

_TRIES = 200


class Free:
    """What is left free of each base SKU once every order is served."""

    def __init__(self, quantities: Mapping[Codes, int]) -> None:
        self._left = {codes: Decimal(quantity) for codes, quantity in quantities.items()}

    def left(self, codes: Codes) -> int:
        """Return whole base units that no order asks for; never negative."""
        return max(int(self._left[codes]), 0)

    def most(self, unit: UnitOfSale) -> int:
        """Return how many of a unit a quarter of what is left allows."""
        return min(self.left(codes) // 4 // count for codes, count in _parts(unit))

    def take(self, unit: UnitOfSale, quantity: Decimal) -> None:
        """Set aside what an order asks for."""
        for codes, count in _parts(unit):
            self._left[codes] -= quantity * count


def _parts(unit: UnitOfSale) -> Iterator[tuple[Codes, int]]:
    for product, m1, m2, m3, m4, count in unit.components:
        yield (product, m1, m2, m3, m4), count


@frozen
class Pick:
    """So much of one unit of one product."""

    good: Good
    unit: UnitOfSale
    quantity: Decimal
    comment: str = ""

    def line(self) -> OrderLine:
        """Return the order line, at the unit's price."""
        unit = self.unit
        return OrderLine(self.good.sku, unit.code, self.quantity, unit.price, comment=self.comment)


@frozen
class Draft:
    """One order to be; `internal_status` and `external` only where the shop knows them."""

    customer: str
    buyer: Buyer
    lines: tuple[OrderLine, ...]
    created_at: datetime
    po_number: str = ""
    notes: str = ""
    shipping_cost: Decimal | None = None
    external: bool = False
    parent: str | None = None


@frozen
class Shop:
    """All that orders are made from; the last two buyers are for special orders."""

    oro: OroSandbox
    rng: Random
    now: datetime
    buyers: Sequence[tuple[str, Buyer]]
    goods: Sequence[Good]
    free: Free


def place_ordinary(shop: Shop, *, count: int) -> tuple[str, ...]:
    """
    Place `count` orders, oldest first, that nothing speaks against.

    Those of single pieces only are bought in the storefront, the others written by the back office.
    """
    step = SPREAD / (count + 1)
    return tuple(_ordinary(shop, shop.now - SPREAD + step * n) for n in range(count))


def _ordinary(shop: Shop, at: datetime) -> str:
    customer, buyer = shop.rng.choice(shop.buyers[:-2])
    picks = _picks(shop)
    draft = Draft(
        customer,
        buyer,
        tuple(pick.line() for pick in picks),
        at,
        po_number=f"PO-{shop.rng.randint(1000, 99_999)}",
        notes=shop.rng.choice(NOTES),
        shipping_cost=shop.rng.choice((None, Decimal("7.50"))),
    )
    if any(pick.unit.code != "each" for pick in picks):
        return write_order(shop.oro, draft)
    return _buy(shop.oro, draft)


def _picks(shop: Shop) -> list[Pick]:
    picks: dict[tuple[str, str], Pick] = {}
    for _ in range(shop.rng.randint(1, 5)):
        pick = _pick(shop)
        if (pick.good.sku, pick.unit.code) not in picks:
            picks[(pick.good.sku, pick.unit.code)] = pick
            shop.free.take(pick.unit, pick.quantity)
    return list(picks.values())


def _pick(shop: Shop) -> Pick:
    """Pick something that Prima can serve, at a price in whole pence; else one piece of any."""
    for _ in range(_TRIES):
        good = shop.rng.choice(shop.goods)
        unit = shop.rng.choice(good.units)
        most = min(shop.free.most(unit), 10)
        if most and in_pence(unit.price):
            quantity = Decimal(shop.rng.randint(1, most))
            return Pick(good, unit, quantity, shop.rng.choice(COMMENTS))
    return Pick(shop.goods[0], shop.goods[0].units[0], Decimal(1))


def in_pence(price: Decimal) -> bool:
    """Tell whether a price is exact at two decimals."""
    return price == price.quantize(Decimal("0.01"))


def write_order(oro: OroSandbox, draft: Draft) -> str:
    """Write an order as the back office does; stock stays as it is."""
    return oro.place_order(
        draft.customer,
        draft.lines,
        created_at=draft.created_at,
        external=draft.external,
        parent=draft.parent,
        po_number=draft.po_number,
        customer_notes=draft.notes,
        shipping_cost=draft.shipping_cost,
        address=draft.buyer.address,
        billing=draft.buyer.address,
    )


def _buy(oro: OroSandbox, draft: Draft) -> str:
    """Buy in the storefront what its levels are set to just before."""
    for line in draft.lines:
        oro.set_level(line.sku, line.unit, line.quantity)
    return oro.checkout(
        draft.customer,
        draft.lines,
        created_at=draft.created_at,
        po_number=draft.po_number,
        customer_notes=draft.notes,
        shipping_cost=draft.shipping_cost,
        address=draft.buyer.address,
        billing=draft.buyer.address,
    )
