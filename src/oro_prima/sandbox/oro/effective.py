"""
What a customer pays (6.1): rows that are computed when they are asked for, and kept nowhere.

As measured with Oro's own strategy, minimal prices: the lowest of each slot (product, unit,
currency, quantity) over the customer's lists, its group's and the default list. A list that is not
active takes no part, and one with windows only inside one of them (read from Oro's source).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from oro_prima.sandbox.oro.db import Db, Ref, Row
from oro_prima.sandbox.oro.texts import as_number, money

DEFAULT_LIST = ("pricelists", "1")
GUEST = "0"
OWN_LISTS_ONLY = 1
"""The word of a fallback that ends the chain."""
_CHOSEN = re.compile(r"filter\[kitItems\]\[(\d+)\]\[(product|quantity)\]$")
Pairs = Iterable[tuple[str, str]]


def computed_rows(kind: str, pairs: Pairs, db: Db, *, now: datetime) -> list[Row]:
    """Return the rows of a computed type that a query asks for, as of now."""
    asked = dict(pairs)
    customer, website = (asked.get(f"filter[{name}]", "") for name in ("customer", "website"))
    if customer != GUEST and db.get("customers", customer) is None:
        return []
    rows = [
        _row(kind, price, customer=customer, website=website)
        for product in asked.get("filter[product]", "").split(",")
        for price in _lowest(_prices(db, customer, product, now))
    ]
    return rows if kind == "customerprices" else _of_kits(rows, asked, db, now)


def _prices(db: Db, customer: str, product: str, now: datetime) -> Iterator[Row]:
    chain = {one for one in _chain(db, customer) if one and _takes_part(db, one, now)}
    return (
        row
        for row in db.rows("productprices")
        if row.one("product") == ("products", product) and row.one("priceList") in chain
    )


def _chain(db: Db, customer: str) -> set[Ref | None]:
    own = ("customers", customer)
    row = db.get(*own)
    group = row.one("group") if row is not None else None
    ends = any(
        one.one("customer") == own and one.attributes.get("fallback") == OWN_LISTS_ONLY
        for one in db.rows("pricelistcustomerfallbacks")
    )
    lists = {
        r.one("priceList") for r in db.rows("pricelisttocustomers") if r.one("customer") == own
    }
    if ends:
        return lists
    groups = db.rows("pricelisttocustomergroups")
    of_group = {r.one("priceList") for r in groups if group and r.one("customerGroup") == group}
    return {*lists, *of_group, DEFAULT_LIST}


def _takes_part(db: Db, price_list: Ref, now: datetime) -> bool:
    row = db.get(*price_list)
    if row is None or row.attributes.get("active") is False:
        return False
    windows = [r for r in db.rows("pricelistschedules") if r.one("priceList") == price_list]
    return not windows or any(_is_open(one, now) for one in windows)


def _is_open(window: Row, now: datetime) -> bool:
    begins, ends = window.attributes.get("activeAt"), window.attributes.get("deactivateAt")
    begun = not begins or datetime.fromisoformat(str(begins)) <= now
    return begun and (not ends or now < datetime.fromisoformat(str(ends)))


def _lowest(prices: Iterable[Row]) -> Sequence[Row]:
    found: dict[tuple[object, ...], Row] = {}
    for price in prices:
        slot = (price.one("unit"), price.attributes["currency"], _amount(price, "quantity"))
        known = found.get(slot)
        if known is None or _amount(price, "value") < _amount(known, "value"):
            found[slot] = price
    return [found[slot] for slot in sorted(found, key=str)]


def _row(kind: str, price: Row, *, customer: str, website: str) -> Row:
    product, unit = price.one("product"), price.one("unit")
    quantity, currency = _amount(price, "quantity"), price.attributes["currency"]
    key = f"{customer}-{website}-{product[1] if product else ''}-{currency}"
    row = Row(kind, f"{key}-{unit[1] if unit else ''}-{as_number(quantity)}")
    value = money(_amount(price, "value"))
    row.attributes.update(currency=currency, quantity=as_number(quantity), value=value)
    row.relations.update(
        product=product, unit=unit, website=("websites", website),
        customer=None if customer == GUEST else ("customers", customer),
    )  # fmt: skip
    return row


def _of_kits(rows: Sequence[Row], asked: Mapping[str, str], db: Db, now: datetime) -> list[Row]:
    """Return prices of a kit with what was chosen for its items, for one unit and quantity."""
    unit, quantity = asked.get("filter[unit]", ""), asked.get("filter[quantity]", "")
    found = [r for r in rows if r.one("unit") == ("productunits", unit)][:1]
    for row in found:
        _add_chosen(row, asked, db, now)
        row.id = f"{row.id.rpartition('-')[0]}-{quantity}"
        row.attributes["quantity"] = as_number(Decimal(quantity))
    return found


def _add_chosen(row: Row, asked: Mapping[str, str], db: Db, now: datetime) -> None:
    refs: list[Ref] = []
    total = _amount(row, "value")
    customer, website = asked["filter[customer]"], asked["filter[website]"]
    for key, product in asked.items():
        chosen = _CHOSEN.match(key)
        if chosen is None or chosen[2] != "product":
            continue
        number = Decimal(asked.get(f"filter[kitItems][{chosen[1]}][quantity]", "1"))
        for price in _lowest(_prices(db, customer, product, now))[:1]:
            total += _amount(price, "value") * number
            one = _row("productkititemprices", price, customer=customer, website=website)
            refs.append((one.type, f"{chosen[1]}-{one.id}"))
    row.attributes["value"] = money(total)
    row.relations["kitItemPrices"] = refs


def _amount(row: Row, name: str) -> Decimal:
    return Decimal(str(row.attributes.get(name) or 0))
