"""
What the shop asks for, as one hash: lines, addresses, references, dates, notes, charge.

Our tables and policies are not in it, so a link or a unit that is corrected edits no order. Totals
and statuses are not in it either: OroCommerce recomputes them at any write. What one server
generation shows and another does not is left out, so that an upgrade edits no order.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

from oro_prima.mapping.texts import place
from oro_prima.mapping.totals import shipping_cost
from oro_prima.oro.models.orders import Order, OrderLine
from oro_prima.records import LineDemand


def intent_hash(order: Order) -> str:
    """Return the SHA-256 of what an order asks for, in a form that no release changes."""
    canonical = json.dumps(_canonical(order), sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()


def _canonical(order: Order) -> dict[str, object]:
    return {
        "customer": order.customer or "",
        "currency": order.currency or "",
        "references": [order.po_number or "", order.identifier or ""],
        "notes": order.customer_notes or "",
        "ship_until": _day(order.ship_until),
        "shipping": [order.shipping_method or "", _text(shipping_cost(order))],
        "delivery": place(order.shipping_address),
        "invoice": place(order.billing_address),
        "lines": sorted(map(_line, order.lines)),
    }


def _line(line: OrderLine) -> list[str]:
    return [
        line.id,
        line.product_sku or "",
        line.product_unit_code or "",
        _text(line.quantity),
        "" if line.value is None else _text(line.value),
        line.free_form_product or "",
        line.comment or "",
        _day(line.ship_by),
    ]


def _day(day: object) -> str:
    return "" if day is None else str(day)


def _text(amount: Decimal) -> str:
    return format(amount.normalize(), "f")


def line_changes(before: Iterable[LineDemand], now: Iterable[LineDemand]) -> str:
    """
    Say how lines differ, both versions side by side; empty where they do not.

    >>> from oro_prima.ids import OroSku, UnitCode
    >>> then = [LineDemand(OroSku("BOOT"), UnitCode("each"), Decimal(5))]
    >>> line_changes(then, [LineDemand(OroSku("BOOT"), UnitCode("each"), Decimal("7.0"))])
    'posted: 5 each of BOOT; now: 7 each of BOOT'
    """
    before, now = tuple(before), tuple(now)
    if all(line.price is None for line in before):  # kept by a release that knew no prices
        now = tuple(LineDemand(line.sku, line.unit, line.quantity) for line in now)
    posted, wanted = Counter(map(_said, before)), Counter(map(_said, now))
    if posted == wanted:
        return ""
    gone, new = sorted((posted - wanted).elements()), sorted((wanted - posted).elements())
    return f"posted: {_list(gone)}; now: {_list(new)}"


def _said(line: LineDemand) -> str:
    price = "" if line.price is None else f" at {_text(line.price)}"
    goods = f"{_text(line.quantity)} {line.unit or 'of no unit'} of {line.sku or 'a free line'}"
    return goods + price


def _list(lines: list[str]) -> str:
    return ", ".join(lines) or "nothing"
