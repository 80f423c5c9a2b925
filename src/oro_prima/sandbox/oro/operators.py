"""The operators that a filter takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from oro_prima.sandbox.oro.schema import Kind, Schema

_EQUAL = frozenset({"eq", "neq", "exists", "neq_or_null"})
_ORDERED = _EQUAL | {"gt", "gte", "lt", "lte"}
_OPERATORS: Mapping[Kind, frozenset[str]] = {
    "string": _EQUAL,
    "flag": _EQUAL,
    "enum": _EQUAL,
    "one": _EQUAL,
    "many": _EQUAL | {"contains", "not_contains"},
    "number": _ORDERED,
    "instant": _ORDERED,
    "any": frozenset({"eq"}),
}
_ALIKE = frozenset({"eq", "neq"})
_ID = _ALIKE | {"gt", "gte", "lt", "lte"}
_OF_ONE: Mapping[tuple[str, str], frozenset[str]] = {
    ("customeraddresses", "addressType"): _EQUAL,
    ("customeruseraddresses", "addressType"): _EQUAL,
    ("orderlineitems", "customer"): _ALIKE,
    ("orderlineitems", "customerUser"): _ALIKE,
    ("pricelists", "priceListCurrencies"): _EQUAL | {"contains", "not_contains"},
    ("productprices", "id"): _ALIKE,
    ("productprices", "priceList"): frozenset({"eq"}),
}
"""Operators of filters that are not like others of their kind."""
WORDS = frozenset[str]().union(*_OPERATORS.values()) | {
    "starts_with", "not_starts_with", "ends_with", "not_ends_with", "empty",
}  # fmt: skip
"""Every word that the API knows for an operator."""


def operators_of(schema: Schema, name: str) -> frozenset[str]:
    """Return the operators of a filter that a type has."""
    own = _OF_ONE.get((schema.kind, name))
    if own is not None:
        return own
    if name == "id":
        return _ID if schema.numbered else _ALIKE
    return _OPERATORS[schema.filters[name]]


def operators_behind(path: Sequence[str], kind: Kind) -> frozenset[str]:
    """Return the operators of a filter on what a record leads to."""
    if path[-1] == "id":
        return _ID if kind == "number" else _ALIKE
    return _OPERATORS[kind]
