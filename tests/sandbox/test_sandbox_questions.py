"""Any question: every filter, operator, page, sort of the catalogue, against the measured rules."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oro_prima.call import Headers, HttpRequest, header
from oro_prima.sandbox import World
from oro_prima.sandbox.oro.lists import NEEDED
from oro_prima.sandbox.oro.schema import Schema, Version, schemas

API = "application/vnd.api+json"
VERSIONS: tuple[Version, ...] = ("5.1", "6.1")
ORDERED = frozenset({"number", "instant"})
BEYOND = {"gt", "gte", "lt", "lte"}
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "gt": lambda a, b: a > b,
    "gte": lambda a, b: a >= b,
    "lt": lambda a, b: a < b,
    "lte": lambda a, b: a <= b,
}


@cache
def asking(version: Version) -> Any:
    """Return a function that asks a furnished sandbox, and the rows of every type."""
    world = World(seed=11, size=9, oro_version=version)
    secret = {"client_id": "sandbox-client", "client_secret": "sandbox-secret"}
    body = json.dumps({"grant_type": "client_credentials", **secret}).encode()
    typed = (("Content-Type", "application/json"),)
    answer = world.oro.handle(HttpRequest("POST", "/oauth2-token", headers=typed, body=body))
    bearer = f"Bearer {json.loads(answer.body)['access_token']}"

    def ask(kind: str, *query: tuple[str, str], count: bool = False) -> Any:
        headers: Headers = (("Accept", API), ("Authorization", bearer))
        headers += (("X-Include", "totalCount"),) if count else ()
        return world.oro.handle(HttpRequest("GET", f"/admin/api/{kind}", query, headers))

    return ask


@cache
def kinds(version: Version) -> tuple[str, ...]:
    """Types whose lists can be asked for without a filter."""
    return tuple(
        name
        for name, schema in sorted(schemas(version).items())
        if "GET" in schema.list_methods and name not in NEEDED and schema.paged
    )


@cache
def rows(version: Version, kind: str) -> tuple[Any, ...]:
    """Every record of a type, by the server's own order."""
    answer = asking(version)(kind, ("page[size]", "-1"))
    return tuple(json.loads(answer.body)["data"])


places = st.sampled_from(VERSIONS).flatmap(
    lambda v: st.tuples(st.just(v), st.sampled_from(kinds(v)))
)


def ids(answer: Any) -> list[str]:
    assert answer.status == 200, answer.body
    return [row["id"] for row in json.loads(answer.body)["data"]]


@settings(max_examples=150, deadline=None)
@given(places, st.integers(1, 7), st.integers(1, 9))
def test_a_page_is_a_page(place: tuple[Version, str], size: int, number: int) -> None:
    """Rows of a list in order; links as measured: no last, products never a next."""
    version, kind = place
    asked = (("page[size]", str(size)), ("page[number]", str(number)))
    answer = asking(version)(kind, *asked, count=True)
    every = [row["id"] for row in rows(version, kind)]
    shown, links = ids(answer), json.loads(answer.body)["links"]

    assert shown == every[(number - 1) * size : number * size]
    more = number * size < len(every) and kind != "products"
    assert ("next" in links, "prev" in links, "first" in links) == (more, number > 1, number > 1)
    assert "last" not in links
    total = len(shown) if kind == "products" and shown else len(every)
    assert header(answer.headers, "x-include-total-count") == str(total)


@settings(max_examples=60, deadline=None)
@given(places)
def test_sizes_that_are_no_sizes(place: tuple[Version, str]) -> None:
    """-1 is everything, 0 nothing with a next that never ends, the rest is refused."""
    version, kind = place
    ask = asking(version)

    assert ids(ask(kind, ("page[size]", "100000"))) == [r["id"] for r in rows(version, kind)]
    nothing = ask(kind, ("page[size]", "0"))
    assert ids(nothing) == []
    assert ("next" in json.loads(nothing.body)["links"]) == (kind != "products")
    for name, value in (("size", "-2"), ("size", "abc"), ("number", "0"), ("number", "-1")):
        refused = ask(kind, (f"page[{name}]", value))
        error = json.loads(refused.body)["errors"][0]
        assert (refused.status, error["title"]) == (400, "filter constraint")
        assert error["source"] == {"parameter": f"page[{name}]"}


def value_of(row: Any, name: str, schema: Schema) -> Any:
    """Return what a filter of a member compares with: an id, several, or an attribute."""
    if name == "id":
        return row["id"]
    if name in schema.relations:
        data = row.get("relationships", {}).get(name, {}).get("data")
        return [one["id"] for one in data] if isinstance(data, list) else data and data["id"]
    return row.get("attributes", {}).get(name)


def text_of(value: Any) -> str:
    return (
        {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)
    )


def comparable(value: Any, kind: str) -> Any:
    if kind == "instant":
        return datetime.fromisoformat(str(value)).replace(tzinfo=UTC)
    return Decimal(str(value))


@st.composite
def questions(draw: st.DrawFn) -> tuple[Version, str, str, str, Any]:
    """A version, a type, a filter of it, its kind, and a value that some record has."""
    version, kind = draw(places)
    schema = schemas(version)[kind]
    able = [
        n
        for n, k in schema.filters.items()
        if k != "any" and (n == "id" or n in schema.relations or n in schema.attributes)
    ]
    name = draw(st.sampled_from(able))
    values = [value_of(row, name, schema) for row in rows(version, kind)]
    flat = [one for value in values for one in (value if isinstance(value, list) else [value])]
    known = [one for one in flat if one not in (None, "") and "," not in str(one)]
    return (
        version,
        kind,
        name,
        schema.filters[name],
        draw(st.sampled_from(known)) if known else None,
    )


def has(row: Any, name: str, schema: Schema, wanted: set[str]) -> bool:
    value = value_of(row, name, schema)
    several = value if isinstance(value, list) else [value]
    found = {text_of(one) for one in several if one is not None}
    if name == "identifier":
        return bool({one.lower() for one in found} & {one.lower() for one in wanted})
    return bool(found & wanted)


@settings(max_examples=300, deadline=None)
@given(questions(), st.sampled_from(["eq", "neq", "exists", "list", "range", *sorted(BEYOND)]))
def test_a_filter_finds_what_it_says(asked: tuple[Version, str, str, str, Any], how: str) -> None:
    """Each operator, where the kind of the member knows it; elsewhere it is refused."""
    version, kind, name, sort, value = asked
    schema = schemas(version)[kind]
    if value is None:
        return
    text = text_of(value)
    queries = {
        "eq": ("", text),
        "neq": ("[neq]", text),
        "exists": ("[exists]", "yes"),
        "list": ("", f"{text},{text}"),
        "range": ("", f"{text}..{text}"),
    }
    suffix, sent = queries.get(how, (f"[{how}]", text))
    answer = asking(version)(kind, (f"filter[{name}]{suffix}", sent), ("page[size]", "-1"))
    if how == "exists" and name == "id":
        assert answer.status == 400
        return
    if (how in BEYOND and sort not in ORDERED) or (how == "list" and sort == "flag"):
        assert how == "list" or answer.status == 400
        return
    if how == "range" and sort not in ORDERED:
        return
    every = rows(version, kind)
    expected: list[str]
    if how == "exists":
        expected = [r["id"] for r in every if value_of(r, name, schema) not in (None, [])]
    elif how == "neq":
        there = [r for r in every if value_of(r, name, schema) not in (None, [])]
        expected = [r["id"] for r in there if not has(r, name, schema, {text})]
    elif how in BEYOND:
        bound = comparable(value, sort)
        expected = [
            r["id"]
            for r in every
            if (own := value_of(r, name, schema)) is not None
            and COMPARE[how](comparable(own, sort), bound)
        ]
    else:
        expected = [r["id"] for r in every if has(r, name, schema, {text})]
    assert ids(answer) == expected


@settings(max_examples=100, deadline=None)
@given(questions(), questions())
def test_two_filters_are_both_applied(
    one: tuple[Version, str, str, str, Any], other: tuple[Version, str, str, str, Any]
) -> None:
    """Of different members, on every version."""
    version, kind, name, _sort, value = one
    second = other[2] if other[:2] == one[:2] else "id"
    schema = schemas(version)[kind]
    every = rows(version, kind)
    known = other[4] if other[:2] == one[:2] else (every[0]["id"] if every else None)
    if value is None or known is None or second == name:
        return
    query = ((f"filter[{name}]", text_of(value)), (f"filter[{second}]", text_of(known)))

    found = ids(asking(version)(kind, *query, ("page[size]", "-1")))

    assert found == [
        row["id"]
        for row in every
        if has(row, name, schema, {text_of(value)}) and has(row, second, schema, {text_of(known)})
    ]


@settings(max_examples=60, deadline=None)
@given(places, st.text("abcdefghij", min_size=3, max_size=12))
def test_what_a_type_does_not_have_is_refused(place: tuple[Version, str], name: str) -> None:
    """Unknown filters, operators, sorts and parameters; unknown fields and includes are not."""
    version, kind = place
    ask = asking(version)

    for key in (f"filter[{name}x]", "filter[id][like]", f"{name}x"):
        refused = ask(kind, (key, "1"))
        error = json.loads(refused.body)["errors"][0]
        assert (refused.status, error["title"]) == (400, "filter constraint")
        assert error["source"]["parameter"].startswith(key.split("][")[0][:-1])
    refused = ask(kind, ("sort", f"{name}x"))
    assert json.loads(refused.body)["errors"][0]["title"] == "sort constraint"
    assert ask(kind, ("include", f"{name}x"), (f"fields[{kind}]", f"{name}x")).status == 200
    assert ask(kind, (f"fields[{name}x]", "id")).status == 400


@settings(max_examples=80, deadline=None)
@given(places, st.data())
def test_sparse_fields_show_what_they_name(place: tuple[Version, str], data: st.DataObject) -> None:
    """Attributes and relationships alike, and nothing besides."""
    version, kind = place
    schema = schemas(version)[kind]
    members = sorted({*schema.attributes, *schema.relations})
    named = (
        data.draw(st.lists(st.sampled_from(members), unique=True, max_size=4)) if members else []
    )

    answer = asking(version)(kind, (f"fields[{kind}]", ",".join(named)), ("page[size]", "3"))

    for row in json.loads(answer.body)["data"]:
        shown = {*row.get("attributes", {}), *row.get("relationships", {})}
        assert shown == set(named)


@settings(max_examples=60, deadline=None)
@given(places, st.data())
def test_sorting_is_by_what_was_asked(place: tuple[Version, str], data: st.DataObject) -> None:
    """Rising or falling, by id or any member that can be sorted by."""
    version, kind = place
    schema = schemas(version)[kind]
    name = data.draw(st.sampled_from(["id", *schema.sorts]))
    falling = data.draw(st.booleans())

    found = json.loads(
        asking(version)(kind, ("sort", f"-{name}" if falling else name), ("page[size]", "-1")).body
    )["data"]

    keys = [value_of(row, name, schema) for row in found]
    told = [int(k) if name == "id" and str(k).isdigit() else str(k or "") for k in keys]
    assert told == sorted(told, reverse=falling)


@pytest.mark.parametrize("version", VERSIONS)
def test_an_enumeration_left_out_of_the_fields(version: Version) -> None:
    """5.1 finds what there is; 6.1 nothing, and for `neq` everything."""
    ask, every = asking(version), rows(version, "products")
    code = every[0]["relationships"]["inventory_status"]["data"]["id"]
    sparse = ("fields[products]", "sku")
    whole = ("fields[products]", "sku,inventory_status")
    query, size = ("filter[inventory_status]", code), ("page[size]", "-1")
    negated = ("filter[inventory_status][neq]", code)

    right = ids(ask("products", query, whole, size))

    assert right
    assert ids(ask("products", query, sparse, size)) == (right if version == "5.1" else [])
    others = [row["id"] for row in every if row["id"] not in right]
    everything = [row["id"] for row in every]
    assert ids(ask("products", negated, sparse, size)) == (
        others if version == "5.1" else everything
    )


@pytest.mark.parametrize("version", VERSIONS)
def test_two_bounds_of_one_member(version: Version) -> None:
    """5.1 keeps the upper alone; a range is right everywhere."""
    ask = asking(version)
    every = [int(row["id"]) for row in rows(version, "customers")]
    low, high = every[1], every[-2]
    bounds = (("filter[id][gte]", str(low)), ("filter[id][lte]", str(high)))
    size = ("page[size]", "-1")

    both = [int(one) for one in ids(ask("customers", *bounds, size))]
    ranged = [int(one) for one in ids(ask("customers", ("filter[id]", f"{low}..{high}"), size))]

    assert ranged == [one for one in every if low <= one <= high]
    assert both == (ranged if version == "6.1" else [one for one in every if one <= high])
