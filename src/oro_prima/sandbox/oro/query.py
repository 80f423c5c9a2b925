"""The query string: filters, sorting, paging, sparse fields, as each version understands them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from attrs import evolve, field, frozen

from oro_prima.sandbox.oro.operators import WORDS, operators_behind, operators_of
from oro_prima.sandbox.oro.problems import Problem, RefusedError, filter_problem
from oro_prima.sandbox.oro.schema import Kind, Schema, Version

_FILTER = re.compile(r"filter\[([^\]]+)\](?:\[([^\]]*)\])?$")
_KIT_ITEM = re.compile(r"filter\[kitItems\]\[\d+\]\[(?:product|quantity|unit)\]$")
"""What was chosen for an item of a kit."""
_SYMBOL = re.compile(r"filter\[[^\]]+\](>=|<=|!=|[<>!])")
COMPUTED = frozenset({"customerprices", "productkitprices"})
"""Types whose rows are no records: nothing behind a relationship can be filtered."""


@frozen
class Condition:
    """One filter: a path of members, an operator, the text given."""

    parameter: str
    path: tuple[str, ...]
    operator: str
    text: str
    kind: Kind


@frozen
class Query:
    """A query string that was understood."""

    conditions: tuple[Condition, ...] = ()
    sort: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    fields: Mapping[str, frozenset[str]] = field(factory=dict[str, frozenset[str]])
    size: int = 10
    number: int = 1
    titles: bool = False


def read_query(
    pairs: Iterable[tuple[str, str]],
    schema: Schema,
    schemas: Mapping[str, Schema],
    *,
    version: Version,
    single: bool = False,
) -> Query:
    """Read a query string; raises `RefusedError` for what the API does not know."""
    query = Query()
    for key, value in pairs:
        query = _add(query, key, value, schema, schemas, version, single=single)
    return query if version == "6.1" else evolve(query, conditions=_last_bound(query.conditions))


def _add(
    query: Query,
    key: str,
    value: str,
    schema: Schema,
    schemas: Mapping[str, Schema],
    version: Version,
    *,
    single: bool,
) -> Query:
    if key == "include":
        return evolve(query, include=tuple(part for part in value.split(",") if part))
    if key.startswith("fields["):
        return _with_fields(query, key, value, schemas)
    if key == "meta":
        return evolve(query, titles="title" in value.split(","))
    if single:
        raise RefusedError(filter_problem(key))
    if key == "sort":
        return evolve(query, sort=_sorting(value, schema))
    if key.startswith("page[") and schema.paged:
        return _paging(query, key, value)
    if _SYMBOL.match(key):
        return _symbol(query, key, value, schema, schemas, version)
    if schema.kind == "productkitprices" and _KIT_ITEM.match(key):
        return query
    found = _FILTER.match(key)
    if found is None:
        raise RefusedError(filter_problem(key))
    name, operator = found[1], found[2] or "eq"
    alone = version == "5.1" and operator in WORDS  # 5.1 names the member alone
    if operator not in WORDS and name.split(".")[-1] in schema.relations:
        name, operator = f"{name}.{operator}", "eq"
    told = f"filter[{found[1]}]" if alone else key
    condition = _condition(told, name, operator, value, schema, schemas, version)
    return evolve(query, conditions=(*query.conditions, condition))


def _with_fields(query: Query, key: str, value: str, schemas: Mapping[str, Schema]) -> Query:
    kind = key[7:-1]
    if kind not in schemas and kind not in _OTHER_TYPES:
        raise RefusedError(filter_problem(key, "An entity type is not known."))
    return evolve(query, fields={**query.fields, kind: frozenset(value.split(","))})


_OTHER_TYPES = frozenset({"organizations", "users", "countries", "regions", "paymentterms"})


def _sorting(value: str, schema: Schema) -> tuple[str, ...]:
    names = tuple(part for part in value.split(",") if part)
    for name in names:
        if name.lstrip("-") not in ("id", *schema.sorts):
            detail = f'Sorting by "{name.lstrip("-")}" field is not supported.'
            raise RefusedError(Problem(400, "sort constraint", detail, parameter="sort"))
    return names


def _paging(query: Query, key: str, value: str) -> Query:
    try:
        number = int(value)
    except ValueError:
        detail = f'Expected integer value. Given "{value}".'
        raise RefusedError(Problem(400, "filter constraint", detail, parameter=key)) from None
    if key == "page[size]":
        if number < -1:
            raise RefusedError(filter_problem(key, "The value should be greater than or equals."))
        return evolve(query, size=number)
    if key != "page[number]":
        raise RefusedError(filter_problem(key))
    if number < 1:
        detail = "The value should be greater than or equals to 1."
        if number < 0:
            detail = f'Expected unsigned integer value. Given "{value}".'
        raise RefusedError(filter_problem(key, detail))
    return evolve(query, number=number)


def _symbol(
    query: Query,
    key: str,
    value: str,
    schema: Schema,
    schemas: Mapping[str, Schema],
    version: Version,
) -> Query:
    """Read `filter[x]>=v`: an operator for 5.1, dropped or refused by 6.1."""
    name, sign, rest = re.split(r"\](>=|<=|!=|[<>!])", key.removeprefix("filter["), maxsplit=1)
    if version == "6.1":
        if value:  # a sign of equality cut the name off after the symbol
            raise RefusedError(filter_problem(f"{ord(sign[0]):X}"))
        return query
    if value:
        sign, rest = sign + "=", rest + value
    names = {">": "gt", ">=": "gte", "<": "lt", "<=": "lte", "!=": "neq"}
    condition = _condition(f"filter[{name}]", name, names[sign], rest, schema, schemas, version)
    return evolve(query, conditions=(*query.conditions, condition))


def _condition(
    parameter: str,
    name: str,
    operator: str,
    text: str,
    schema: Schema,
    schemas: Mapping[str, Schema],
    version: Version,
) -> Condition:
    path, kind = tuple(name.split(".")), _kind_of(name.split("."), schema, schemas)
    if kind is None or operator not in WORDS:
        raise RefusedError(filter_problem(parameter))
    own = operators_of(schema, name) if len(path) == 1 else operators_behind(path, kind)
    if operator not in own:
        raise RefusedError(
            filter_problem(parameter, f'The operator "{operator}" is not supported.')
        )
    if kind == "instant" and version == "5.1":
        text = "..".join(_loose(end) for end in text.split(".."))
    condition = Condition(parameter, path, operator, text, kind)
    if (schema.kind, name) == ("productprices", "priceList") and not text.isdigit():
        detail = f'Expected integer value. Given "{text}".'
        raise RefusedError(filter_problem(parameter, detail))
    _check_values(condition)
    return condition


def _loose(text: str) -> str:
    """Bring an instant to the form that 6.1 alone takes: 5.1 drops fractions, and takes a blank."""
    return re.sub(r"\.\d+(?=Z|[+-]|$)", "", re.sub(r"^(\d{4}-\d\d-\d\d) ", r"\1T", text))


def _kind_of(path: Sequence[str], schema: Schema, schemas: Mapping[str, Schema]) -> Kind | None:
    if len(path) == 1 or (schema.kind in COMPUTED and path[0] in schema.relations):
        return None if len(path) > 1 else schema.filters.get(path[0])
    target = schema.relations.get(path[0], ("", False))[0]
    if target not in schemas:
        return "string" if target and path[1] in ("id", "name") and len(path) == 2 else None
    if path[1] == "id":
        return "number" if schemas[target].numbered else "string"
    return _kind_of(path[1:], schemas[target], schemas)


PAIRS: Mapping[Kind, str] = {
    "instant": "datetimes (datetime..datetime)",
    "number": "integers (integer..integer)",
    "one": "integers (integer..integer)",
    "many": "integers (integer..integer)",
}


def _check_values(condition: Condition) -> None:
    if condition.operator == "exists":
        return
    ends = condition.text.split("..", 1)
    if condition.kind in PAIRS and len(ends) == 2 and not all(ends):
        detail = f'Expected a pair of {PAIRS[condition.kind]}. Given "{condition.text}".'
        raise RefusedError(filter_problem(condition.parameter, detail))
    for text in values_of(condition):
        if condition.kind == "instant":
            _instant_or_refuse(condition, text)
        elif condition.kind in ("number", "one", "many") and not text.strip():
            raise RefusedError(filter_problem(condition.parameter, "Expected a value."))
        elif condition.path[-1] == "id" and condition.kind == "number" and not text.isdigit():
            detail = f'Expected integer value. Given "{text}".'
            raise RefusedError(filter_problem(condition.parameter, detail))


def values_of(condition: Condition) -> list[str]:
    """Return the values that a filter names, or both ends of a range."""
    if condition.kind in ("instant", "number", "one", "many") and ".." in condition.text:
        return condition.text.split("..", 1)
    return condition.text.split(",")


def _instant_or_refuse(condition: Condition, text: str) -> datetime:
    try:
        return instant_of(text)
    except ValueError:
        detail = f'Expected datetime value. Given "{text}".'
        problem = Problem(400, "filter constraint", detail, parameter=condition.parameter)
        raise RefusedError(problem) from None


def instant_of(text: str) -> datetime:
    """Read an instant as the API does; raises `ValueError`."""
    if re.fullmatch(r"\d{4}", text):
        text = f"{text}-01-01"
    if not re.fullmatch(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?)?", text):
        msg = "no date"
        raise ValueError(msg)
    instant = datetime.fromisoformat(text)
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _last_bound(conditions: tuple[Condition, ...]) -> tuple[Condition, ...]:
    """Keep what 5.1 applies of two bounds on one member: the upper one alone."""
    upper = {c.path for c in conditions if c.operator in ("lt", "lte")}
    return tuple(c for c in conditions if c.operator not in ("gt", "gte") or c.path not in upper)
