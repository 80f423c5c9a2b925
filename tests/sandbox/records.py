"""Records that recorded servers had and a seeded sandbox has not: a kit, orders of many lines."""

from __future__ import annotations

from typing import Any, Protocol


class Ids(Protocol):
    """Knows what there is."""

    def ids(self, kind: str) -> list[str]:
        """Return ids of a type."""
        ...

    def unit_of(self, product: str) -> str:
        """Return the unit that a product is sold in."""
        ...


def a_kit(known: Ids) -> dict[str, Any]:
    """Return a new product that is a kit of two things, both needed."""
    product = _ref("products", known.ids("products")[0])
    unit = _ref("productunits", known.unit_of(product["id"]))
    included = [
        _part("productnames", "n", {"string": "Kit"}),
        _part("productunitprecisions", "u", {"precision": 0, "conversionRate": 1}, unit=unit),
    ]
    for number in ("1", "2"):
        item = {"optional": False, "sortOrder": 1, "minimumQuantity": 1, "maximumQuantity": 1}
        label, chosen = _ref("productkititemlabels", number), _ref("productkititemproducts", number)
        included += [
            _part("productkititemlabels", number, {"string": f"Part {number}"}),
            _part("productkititemproducts", number, {"sortOrder": 1}, product=product),
            _part("productkititems", number, item, productUnit=unit, labels=[label],
                  kitItemProducts=[chosen]),
        ]  # fmt: skip
    items = [_ref("productkititems", number) for number in ("1", "2")]
    units, names = _ref("productunitprecisions", "u"), _ref("productnames", "n")
    data = _part(
        "products", "kit", {"sku": "KIT", "productType": "kit", "status": "enabled"},
        names=[names], unitPrecisions=[units], primaryUnitPrecision=units, kitItems=items,
    )  # fmt: skip
    return {"data": data, "included": included}


def an_order(known: Ids, *, lines: int = 1, discounts: int = 1, kit: str = "") -> dict[str, Any]:
    """Return a new order of so many lines and discounts; with `kit`, of what it needs."""
    product = _ref("products", kit or known.ids("products")[0])
    unit = _ref("productunits", known.unit_of(product["id"]))
    line = {"quantity": 1, "value": "9.00", "currency": "USD"}
    discount = {"orderDiscountType": "oro_order_discount_item_type_amount", "amount": "0.01"}
    included = [
        *(_part("orderlineitems", f"l{n}", line, product=product, productUnit=unit)
          for n in range(lines)),
        *(_part("orderdiscounts", f"d{n}", discount) for n in range(discounts)),
    ]  # fmt: skip
    if kit:
        chosen = {"quantity": 1, "value": "1.00", "currency": "USD", "sortOrder": 1}
        included.append(_part("orderproductkititemlineitems", "k", chosen, product=product))
        items = {"data": [_ref("orderproductkititemlineitems", "k")]}
        included[0]["relationships"]["kitItemLineItems"] = items
    data = _part(
        "orders", "new", {"currency": "USD"},
        customer=_ref("customers", known.ids("customers")[0]),
        lineItems=[_ref("orderlineitems", f"l{n}") for n in range(lines)],
        discounts=[_ref("orderdiscounts", f"d{n}") for n in range(discounts)],
    )  # fmt: skip
    return {"data": data, "included": included}


def _ref(kind: str, key: str) -> dict[str, str]:
    return {"type": kind, "id": key}


def _part(kind: str, key: str, attributes: dict[str, Any], **relations: Any) -> dict[str, Any]:
    told = {name: {"data": value} for name, value in relations.items()}
    return {"type": kind, "id": key, "attributes": dict(attributes), "relationships": told}
