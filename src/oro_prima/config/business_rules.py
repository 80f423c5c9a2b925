"""Rules of the business about orders, row by row: where they go, and which somebody looks at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from oro_prima.config.readers import amount, filled, flag, text, words
from oro_prima.converters import is_list, is_object
from oro_prima.mapping.conditions import OrderTest
from oro_prima.mapping.holds import HoldAction, HoldRule
from oro_prima.mapping.routing import RouteRule, route_faults
from oro_prima.mapping.tables import Carrier

T = TypeVar("T")
Cells = Mapping[str, object]

CONDITIONS = (
    "customers", "organizations", "countries", "currencies", "methods", "value_above", "with_note",
)  # fmt: skip
ROUTE_KEYS = frozenset({*CONDITIONS, "channel", "warehouse"})
HOLD_KEYS = frozenset({*CONDITIONS, "action", "narrative", "first_order"})


def read_routes(value: object, faults: list[str]) -> tuple[RouteRule, ...]:
    """Read `[[routes]]`: conditions, and the channel and warehouse of orders that fit."""
    rules = _rows(value, "routes", ROUTE_KEYS, _route, faults)
    faults += route_faults(rules)
    return rules


def _route(cells: Cells) -> RouteRule:
    return RouteRule(_test(cells), text(cells.get("channel", "")), text(cells.get("warehouse", "")))


def read_holds(value: object, faults: list[str]) -> tuple[HoldRule, ...]:
    """Read `[[holds]]`: conditions, where orders that fit wait, and why."""
    return _rows(value, "holds", HOLD_KEYS, _hold, faults)


def _hold(cells: Cells) -> HoldRule:
    narrative, first = filled(cells.get("narrative")), flag(cells.get("first_order", False))
    return HoldRule(_test(cells), _action(text(cells.get("action"))), narrative, first)


def _action(word: str) -> HoldAction:
    try:
        return HoldAction(word)
    except ValueError:
        raise ValueError(f"action: expected one of {', '.join(HoldAction)}") from None


def _test(cells: Cells) -> OrderTest:
    above = cells.get("value_above")
    return OrderTest(
        customers=_words(cells, "customers"),
        organizations=_words(cells, "organizations"),
        countries=_words(cells, "countries"),
        currencies=_words(cells, "currencies"),
        methods=_words(cells, "methods"),
        value_above=None if above is None else amount(above),
        with_note=flag(cells.get("with_note", False)),
    )


def _words(cells: Cells, name: str) -> frozenset[str]:
    try:
        return words(cells.get(name, []))
    except ValueError as exc:
        raise ValueError(f"{name}: {exc}") from None


def _rows(
    value: object,
    name: str,
    keys: frozenset[str],
    build: Callable[[Cells], T],
    faults: list[str],
) -> tuple[T, ...]:
    if not is_list(value):
        faults.append(f"{name}: expected [[{name}]] rows")
        return ()
    found: list[T] = []
    for number, row in enumerate(value, start=1):
        if not is_object(row):
            faults.append(f"{name} row {number}: expected a table")
            continue
        unknown = sorted(map(str, row.keys() - keys))
        if unknown:
            faults.append(f"{name} row {number}: unknown {', '.join(unknown)}")
            continue
        try:
            found.append(build(row))
        except ValueError as exc:
            faults.append(f"{name} row {number}: {exc}")
    return tuple(found)


def read_carriers(value: object, faults: list[str]) -> dict[str, Carrier]:
    """Read `[carriers]`: a shipping method, and a carrier or { carrier, service }."""
    if not is_object(value):
        faults.append('carriers: expected a table such as { flat_rate_1 = "DPD" }')
        return {}
    found: dict[str, Carrier] = {}
    for method, cell in value.items():
        try:
            found[str(method)] = _carrier(cell)
        except ValueError as exc:
            faults.append(f"carriers.{method or '(all others)'}: {exc}")
    return found


def _carrier(cell: object) -> Carrier:
    if isinstance(cell, str):
        return Carrier(filled(cell))
    if not is_object(cell) or not cell.keys() <= {"carrier", "service"}:
        raise ValueError('expected "CARRIER" or { carrier = "CARRIER", service = "SERVICE" }')
    return Carrier(filled(cell.get("carrier")), text(cell.get("service", "")))
