"""Made-up data, all of it following from one number: goods, customers, stock, orders."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from attrs import field, frozen

from oro_prima.sandbox.oro import OroSandbox
from oro_prima.sandbox.prima import PrimaSandbox
from oro_prima.sandbox.seed.goods import (
    BaseSku,
    Components,
    Good,
    make_goods,
    make_stock,
    make_styles,
)
from oro_prima.sandbox.seed.orders import SPREAD, Free, Shop, place_ordinary
from oro_prima.sandbox.seed.people import Buyer, make_buyers
from oro_prima.sandbox.seed.special import UNKNOWN_UNIT, place_special

SIZES = {"small": (10, 40, 12), "demo": (200, 2000, 300)}
"""Customers, base SKUs at least, ordinary orders."""

_EPOCH = datetime.min


@frozen
class Seed:
    """
    What was made up, as plain tables.

    Attributes:
        number: The number that it follows from.
        links: (OroCommerce customer id, Prima account) of every linked customer.
        units: (OroCommerce SKU, unit, components), a component being five codes and a count.
        prices: What the shop asks, by (OroCommerce SKU, unit).
        charges: (shipping method, Prima charge code); the empty method is the default.
        customers: Ids of all customers.
        orders: Ids of the ordinary orders, oldest first.
        special: Ids of the special orders, by name.
        skipped: Names of special orders that this version of OroCommerce cannot have.
        start_at: An instant before all orders.
    """

    number: int = 0
    links: tuple[tuple[str, str], ...] = ()
    units: tuple[tuple[str, str, Components], ...] = ()
    prices: Mapping[tuple[str, str], Decimal] = field(factory=dict[tuple[str, str], Decimal])
    charges: tuple[tuple[str, str], ...] = (("", "CARR"),)
    customers: tuple[str, ...] = ()
    orders: tuple[str, ...] = ()
    special: Mapping[str, str] = field(factory=dict[str, str])
    skipped: tuple[str, ...] = ()
    start_at: datetime = _EPOCH


def sizes_of(size: str | int) -> tuple[int, int, int]:
    """
    Return customers, base SKUs and ordinary orders of `small`, `demo` or a number of orders.

    Raises:
        ValueError: none of these.
    """
    text = str(size)
    if text in SIZES:
        return SIZES[text]
    if not text.isdecimal() or not int(text):
        msg = f"size: expected small, demo or a number of orders above 0, got {text!r}"
        raise ValueError(msg)
    orders = int(text)
    return min(max(orders // 2, 10), 200), min(max(orders * 6, 40), 2000), orders


def plant(
    oro: OroSandbox,
    prima: PrimaSandbox,
    *,
    number: int,
    size: str | int,
    now: datetime,
    version: str,
) -> Seed:
    """
    Make up data from `number` and put it into two empty systems; the same number, the same data.

    Orders lie within hours before `now`. The shop's levels are half of what Prima has free beyond
    all orders, in single pieces; a first stock run has something to do.
    """
    customers, skus, orders = sizes_of(size)
    rng = Random(number)
    styles = make_styles(rng, skus=skus)
    stock = make_stock(rng, styles, scale=1 + orders * 40 // skus // 100)
    buyers = _add_buyers(oro, prima, make_buyers(rng, count=customers))
    goods = make_goods(styles)
    _add_goods(oro, prima, goods, stock)
    free = Free({sku.codes: sku.quantity for sku in stock})
    shop = Shop(oro, rng, now, buyers, goods, free)
    units = [(good.sku, unit) for good in goods for unit in good.units]
    ordinary = place_ordinary(shop, count=orders)
    special, skipped = place_special(shop, version=version)
    _set_levels(oro, goods, free)
    return Seed(
        number=number,
        links=tuple((customer, buyer.account) for customer, buyer in buyers if buyer.account),
        units=tuple((sku, unit.code, unit.components) for sku, unit in units),
        prices={(sku, unit.code): unit.price for sku, unit in units},
        customers=tuple(customer for customer, _ in buyers),
        orders=ordinary,
        special=special,
        skipped=skipped,
        start_at=now - SPREAD - timedelta(hours=1),
    )


def _add_buyers(
    oro: OroSandbox, prima: PrimaSandbox, buyers: tuple[Buyer, ...]
) -> tuple[tuple[str, Buyer], ...]:
    ids: list[str] = []
    for buyer in buyers:
        parent = None if buyer.parent is None else ids[buyer.parent]
        ids.append(oro.add_customer(buyer.name, parent=parent))
        if buyer.account:
            prima.add_account(buyer.account, vat_inclusive=buyer.vat_inclusive, name=buyer.name)
    return tuple(zip(ids, buyers, strict=True))


def _add_goods(
    oro: OroSandbox, prima: PrimaSandbox, goods: tuple[Good, ...], stock: tuple[BaseSku, ...]
) -> None:
    for number, good in enumerate(goods):
        units = [(unit.code, unit.precision, unit.rate) for unit in good.units]
        if number == 0:
            units.append((UNKNOWN_UNIT, 0, Decimal(4)))
        oro.add_product(good.sku, units=units, name=good.name)
    for sku in stock:
        prima.add_stock(*sku.codes, quantity=sku.quantity, available_date=sku.available_date)


def _set_levels(oro: OroSandbox, goods: tuple[Good, ...], free: Free) -> None:
    for good in goods:
        unit = good.units[0]
        if unit.code == "each":
            product, m1, m2, m3, m4, _ = unit.components[0]
            left = free.left((product, m1, m2, m3, m4))
            oro.set_level(good.sku, unit.code, Decimal(left // 2))
