"""Whether values are of the kind that their members hold; nothing else can be looked at before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation

from oro_prima.converters import is_list, is_object
from oro_prima.sandbox.oro.checks import Tree, mapping
from oro_prima.sandbox.oro.problems import Problem, RefusedError
from oro_prima.sandbox.oro.schema import Schema

INVALID = "This value is not valid."
NUMBERS = frozenset({"money", "number", "integer", "decimal"})
MOST_DIGITS = 20
"""Digits before or behind the point that a column takes."""
OWN_CHECKS = frozenset({"inventorylevels"})
"""Types that look at their figures themselves."""
COMPOUND = frozenset({"array", "object"})


def refuse_malformed(
    kind: str, data: Tree, included: Sequence[Tree], schemas: Mapping[str, Schema], at: str
) -> None:
    """Refuse values that are not of their member's kind, in a record and in those beside it."""
    problems = list(_of_one(schemas[kind], data, at))
    for number, part in enumerate(included):
        schema = schemas.get(str(part.get("type")))
        if schema is not None:
            problems += _of_one(schema, part, f"/included/{number}")
    if problems:
        raise RefusedError(*problems)


def _of_one(schema: Schema, data: Tree, at: str) -> Iterator[Problem]:
    if schema.kind in OWN_CHECKS:
        return
    for name, value in mapping(data.get("attributes")).items():
        if not _fits(schema.attributes.get(name, "object"), value):
            yield Problem(400, "form constraint", INVALID, f"{at}/attributes/{name}")


def _fits(kind: str, value: object) -> bool:
    if value is None or kind in COMPOUND or (value == "" and kind not in NUMBERS):
        return True
    if is_list(value) or is_object(value):
        return False
    return kind not in NUMBERS or _is_number(value)


def _is_number(value: object) -> bool:
    if isinstance(value, bool):
        return False
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return False
    return number.is_finite() and abs(number.adjusted()) < MOST_DIGITS
