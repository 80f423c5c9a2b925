"""Every declared resource, and made-up records of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib import import_module
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

import attrs
from hypothesis import strategies as st

from oro_prima.oro.models.resource import Resource

ROOMS = (
    "addresses", "codes", "customers", "kits", "level_records", "order_lines", "order_parts",
    "order_records", "people", "price_assignments", "price_records", "products", "terms", "units",
    "webhooks",
)  # fmt: skip


def declared() -> dict[str, Resource[Any, Any, Any]]:
    """Return every resource that the models declare, by its type's name."""
    rooms = [import_module(f"oro_prima.oro.models.{room}") for room in ROOMS]
    found = [one for room in rooms for one in vars(room).values() if isinstance(one, Resource)]
    return {one.kind.name: one for one in found}


DECLARED = declared()
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=30)
AMOUNTS = st.decimals(
    min_value=Decimal(0), max_value=Decimal(10**6), places=4, allow_nan=False, allow_infinity=False
)
PLAIN: Mapping[object, st.SearchStrategy[Any]] = {
    str: TEXTS,
    bool: st.booleans(),
    int: st.integers(0, 10**9),
    Decimal: AMOUNTS,
    datetime: st.datetimes(datetime(2000, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC)).map(
        lambda t: t.replace(microsecond=0)
    ),
    date: st.dates(date(2000, 1, 1), date(2060, 1, 1)),
}


def records(model: type[Any]) -> st.SearchStrategy[Any]:
    """Make records of a class, any member None where it may be."""
    return st.builds(model, **{name: _values(h) for name, h in get_type_hints(model).items()})


def _values(hint: Any) -> st.SearchStrategy[Any]:
    inner = [one for one in get_args(hint) if one not in (NoneType, ...)]
    if NoneType in get_args(hint):
        return st.none() | _values(inner[0])
    if get_origin(hint) is tuple:
        return st.lists(_values(inner[0]), max_size=3).map(tuple)
    if attrs.has(hint):
        return records(hint)
    return PLAIN[getattr(hint, "__supertype__", hint)]
