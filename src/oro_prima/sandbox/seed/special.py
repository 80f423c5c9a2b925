"""One order of each kind that somebody has to decide about, by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal

from oro_prima.sandbox.oro import OrderLine
from oro_prima.sandbox.seed.goods import ODD_PALLET, Good, UnitOfSale
from oro_prima.sandbox.seed.orders import Draft, Pick, Shop, in_pence, write_order

_AGE = timedelta(minutes=1)

UNKNOWN_UNIT = "bundle"
"""A unit that OroCommerce sells one product in and that no table knows."""


def place_special(shop: Shop, *, version: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """
    Place the special orders; returns their ids by name, and the names that this version lacks.

    `unlinked_customer`, `unknown_unit`, `broken_pallet` and `four_decimals` cannot be mapped as
    they are; Prima refuses `vat_inclusive`; `ratio_pack` is fine; `external` came from the ERP;
    `main` has `sub_1` and `sub_2`; `cancelled` is.
    """
    made = {name: write_order(shop.oro, draft(shop)) for name, draft in _DRAFTS.items()}
    made |= _split(shop)
    if version == "5.1":
        return made, ("external", "cancelled")
    made["external"] = write_order(shop.oro, _plain(shop, external=True))
    made["cancelled"] = write_order(shop.oro, _plain(shop))
    shop.oro.set_internal_status(made["cancelled"], "cancelled")
    return made, ()


def _split(shop: Shop) -> dict[str, str]:
    """Place a main order and the two that it was split into."""
    first, second = _line(shop, 0), _line(shop, 1)
    main = write_order(shop.oro, _draft(shop, first, second))
    sub_1 = write_order(shop.oro, _draft(shop, first, parent=main))
    sub_2 = write_order(shop.oro, _draft(shop, second, parent=main))
    return {"main": main, "sub_1": sub_1, "sub_2": sub_2}


def _plain(shop: Shop, *, external: bool = False) -> Draft:
    return _draft(shop, _line(shop, 0), external=external)


def _unlinked(shop: Shop) -> Draft:
    return _draft(shop, _line(shop, 0), buyer=-2)


def _vat_inclusive(shop: Shop) -> Draft:
    return _draft(shop, _line(shop, 0), buyer=-1)


def _unknown_unit(shop: Shop) -> Draft:
    good = shop.goods[0]
    return _draft(shop, OrderLine(good.sku, UNKNOWN_UNIT, Decimal(2), Decimal("55.00")))


def _broken_pallet(shop: Shop) -> Draft:
    good, unit = next((good, unit) for good, unit in _units(shop) if unit.rate == ODD_PALLET)
    return _draft(shop, Pick(good, unit, Decimal("0.5")).line())


def _ratio_pack(shop: Shop) -> Draft:
    packs = (found for found in _units(shop) if len(found[1].components) > 1)
    good, unit = max(packs, key=lambda found: shop.free.most(found[1]))
    return _draft(shop, Pick(good, unit, Decimal(1)).line())


def _four_decimals(shop: Shop) -> Draft:
    fine = (found for found in _units(shop) if not in_pence(found[1].price))
    good, unit = max(fine, key=lambda found: shop.free.most(found[1]))
    return _draft(shop, Pick(good, unit, Decimal(3)).line())


_DRAFTS: dict[str, Callable[[Shop], Draft]] = {
    "unlinked_customer": _unlinked,
    "unknown_unit": _unknown_unit,
    "broken_pallet": _broken_pallet,
    "ratio_pack": _ratio_pack,
    "four_decimals": _four_decimals,
    "vat_inclusive": _vat_inclusive,
}


def _units(shop: Shop) -> Iterator[tuple[Good, UnitOfSale]]:
    return ((good, unit) for good in shop.goods for unit in good.units)


def _line(shop: Shop, number: int) -> OrderLine:
    """Return one piece of one of the products with most left."""
    pieces = [found for found in _units(shop) if found[1].code == "each"]
    whole = [found for found in pieces if in_pence(found[1].price)]
    ranked = sorted(whole, key=lambda found: -shop.free.most(found[1]))
    good, unit = ranked[number]
    return Pick(good, unit, Decimal(1)).line()


def _draft(
    shop: Shop,
    *lines: OrderLine,
    buyer: int = 0,
    external: bool = False,
    parent: str | None = None,
) -> Draft:
    customer, who = shop.buyers[buyer]
    number = f"PO-S{shop.rng.randint(100, 999)}"
    return Draft(
        customer, who, lines, shop.now - _AGE, po_number=number, external=external, parent=parent
    )
