"""Which records meet a filter, and in which order they are listed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation

from oro_prima.converters import is_list, is_object
from oro_prima.sandbox.oro.db import Db, Row
from oro_prima.sandbox.oro.query import Condition, Query, instant_of, values_of
from oro_prima.sandbox.oro.schema import Version

BEHIND: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("orderlineitems", "customer"): ("orders", "customer"),
    ("orderlineitems", "customerUser"): ("orders", "customerUser"),
}
"""Filters of a type that are of what it leads to."""
MEANT = frozenset({"addressType", "customer", "customerUser"})
"""Filters beside the members of a type that choose records all the same."""
SEARCHED = frozenset({"searchText", "searchQuery"})
"""Filters that ask the search index, which was never built."""
_COMPARE: Mapping[str, Callable[[Decimal | datetime, Decimal | datetime], bool]] = {
    "gt": lambda a, b: a > b,  # type: ignore[operator]
    "gte": lambda a, b: a >= b,  # type: ignore[operator]
    "lt": lambda a, b: a < b,  # type: ignore[operator]
    "lte": lambda a, b: a <= b,  # type: ignore[operator]
}


def matches(row: Row, condition: Condition, db: Db, query: Query, version: Version) -> bool:
    """Tell whether a row meets a condition, with what 6.1 makes of enums left out of `fields`."""
    asked = query.fields.get(row.type)
    if version == "6.1" and condition.kind == "enum" and asked is not None:
        name = condition.path[0]
        if name not in asked and "." not in condition.text:
            return condition.operator == "neq"
    if condition.path[0] in SEARCHED:
        return False
    if condition.kind == "any" and condition.path[0] not in MEANT:
        return True
    path = BEHIND.get((row.type, condition.path[0]), condition.path)
    found = list(_found(row, path, db))
    if condition.operator == "exists":
        return bool(found) == (condition.text.lower() in ("yes", "true", "1"))
    if condition.operator in ("neq", "not_contains"):
        return bool(found) and not any(_meets(value, condition) for value in found)
    if condition.operator == "neq_or_null":
        return not any(_meets(value, condition) for value in found)
    return any(_meets(value, condition) for value in found)


def _found(row: Row, path: tuple[str, ...], db: Db) -> Iterable[object]:
    name, rest = path[0], path[1:]
    if name == "id":
        return [row.id]
    if name == "addressType":
        return [one["addressType"] for one in _types(row)]
    if name not in row.relations:
        value = row.attributes.get(name)
        return [] if value is None else [value]
    relation = row.relations[name]
    refs = relation if isinstance(relation, list) else [relation] if relation else []
    if not rest:
        return [key for _kind, key in refs]
    targets = (db.get(kind, key) for kind, key in refs)
    return [value for target in targets if target for value in _found(target, rest, db)]


def _types(row: Row) -> list[Mapping[str, object]]:
    """Return what an address is for."""
    value = row.attributes.get("types")
    return [one for one in value if is_object(one)] if is_list(value) else []


def _meets(value: object, condition: Condition) -> bool:
    if condition.kind == "flag":
        return value is (condition.text.lower() in ("yes", "true", "1"))
    if condition.operator in _COMPARE:
        left, right = _sortable(str(value), condition), _sortable(condition.text, condition)
        return left is not None and right is not None and _COMPARE[condition.operator](left, right)
    texts = values_of(condition)
    if ".." in condition.text and len(texts) == 2:
        return _between(str(value), texts, condition)
    if condition.kind == "instant":
        return any(_sortable(str(value), condition) == instant_of(text) for text in texts)
    if condition.path[-1] == "identifier":
        return str(value).lower() in {text.lower() for text in texts}
    return str(value) in texts


def _between(value: str, ends: Sequence[str], condition: Condition) -> bool:
    middle = _sortable(value, condition)
    first, last = (_sortable(end, condition) for end in ends)
    if middle is None or first is None or last is None:
        return False
    return _COMPARE["gte"](middle, first) and _COMPARE["lte"](middle, last)


def _sortable(text: str, condition: Condition) -> Decimal | datetime | None:
    try:
        return instant_of(text) if condition.kind == "instant" else Decimal(text)
    except (ValueError, InvalidOperation):
        return None


def sorted_rows(rows: list[Row], query: Query) -> list[Row]:
    """Return rows in the order asked for; by id where none is."""
    ordered = sorted(rows, key=lambda row: _id_order(row.id))
    for name in reversed(query.sort):
        plain = name.lstrip("-")
        if plain == "id":
            ordered.sort(key=lambda row: _id_order(row.id), reverse=name.startswith("-"))
        else:
            ordered.sort(
                key=lambda row, member=plain: str(row.attributes.get(member) or ""),  # type: ignore[misc]
                reverse=name.startswith("-"),
            )
    return ordered


def _id_order(key: str) -> tuple[int, str]:
    return (int(key), "") if key.isdigit() else (0, key)
