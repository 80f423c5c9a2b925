"""Every resource type of the catalogue, asked generated questions, obeys what was measured."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oro_prima.call import HttpRequest
from oro_prima.sandbox import World
from oro_prima.sandbox.oro.lists import NEEDED
from oro_prima.sandbox.oro.operators import WORDS, operators_of
from oro_prima.sandbox.oro.schema import Release, Schema, Version, schemas

API = "application/vnd.api+json"
ALL_OPERATORS = sorted({*WORDS, "like"})
VALUES = {"instant": "2031-05-06T07:08:09Z", "flag": "yes"}


class Asking:
    """A furnished shop, and a way to ask it."""

    def __init__(self, version: Release) -> None:
        self.version = version
        self.oro = World(seed=3, size=3, oro_version=version).oro
        secret = {"client_id": "sandbox-client", "client_secret": "sandbox-secret"}
        body = {"grant_type": "client_credentials", **secret}
        self.token = ""
        self.token = self.ask("POST", "/oauth2-token", sent=body)[1]["access_token"]

    def ask(self, method: str, path: str, sent: object = None, **query: str) -> tuple[int, Any]:
        content = "application/json" if path.startswith("/") else API
        headers = (
            ("Accept", API),
            ("Content-Type", content),
            ("Authorization", f"Bearer {self.token}"),
        )
        where = path if path.startswith("/") else f"/admin/api/{path}"
        body = b"" if sent is None else json.dumps(sent).encode()
        answer = self.oro.handle(HttpRequest(method, where, tuple(query.items()), headers, body))
        return answer.status, json.loads(answer.body) if answer.body else None

    def titles(self, kind: str, data: dict[str, Any], *included: Any) -> list[str]:
        document = {"data": {"type": kind, **data}} | ({"included": included} if included else {})
        status, tree = self.ask("POST", kind, sent=document)
        return [] if status == 201 else [error["title"] for error in tree["errors"]]

    def ids(self, kind: str) -> list[str]:
        """Return ids of a type."""
        return [row["id"] for row in self.ask("GET", kind)[1]["data"]]

    def unit_of(self, product: str) -> str:
        """Return the unit that a product is sold in."""
        found = self.ask("GET", f"products/{product}/primaryUnitPrecision")[1]["data"]
        return str(found["relationships"]["unit"]["data"]["id"])


SHOPS = {version: Asking(version) for version in ("5.1", "6.1")}
versions = pytest.mark.parametrize("version", ["5.1", "6.1"])


def listed(version: Version) -> dict[str, Schema]:
    """Types that have a list."""
    return {kind: one for kind, one in schemas(version).items() if "GET" in one.list_methods}


@st.composite
def questions(draw: st.DrawFn) -> tuple[Version, Schema, str, str]:
    """A type, one of its members or another word, and an operator."""
    version: Version = draw(st.sampled_from(["5.1", "6.1"]))
    found = listed(version)
    schema = found[draw(st.sampled_from(sorted(found)))]
    name = draw(
        st.sampled_from([*schema.filters, *schema.attributes, *schema.relations, "nothing"])
    )
    return version, schema, name, draw(st.sampled_from(ALL_OPERATORS))


def needed(kind: str) -> dict[str, str]:
    return {f"filter[{name}]": "1" for name in NEEDED.get(kind, ())}


@settings(max_examples=150)
@given(questions(), st.integers(1, 5))
def test_a_filter_works_or_is_refused_by_name(
    question: tuple[Version, Schema, str, str], size: int
) -> None:
    """By member, kind of value and operator; never a crash, never taken and ignored."""
    version, schema, name, operator = question
    kind = schema.filters.get(name)
    value = VALUES.get(kind or "", "1")
    key = f"filter[{name}][{operator}]"
    paging = {"page[size]": str(size)} if schema.paged else {}
    status, tree = SHOPS[version].ask(
        "GET", schema.kind, **{**needed(schema.kind), key: value, **paging}
    )

    if kind is not None and operator in operators_of(schema, name):
        assert status == 200
        assert len(tree["data"]) <= size or not schema.paged
    else:
        assert status == 400
        assert {"filter constraint"} == {error["title"] for error in tree["errors"]}
        alone = version == "5.1" and operator in WORDS
        told = f"filter[{name}]" if alone else key
        assert tree["errors"][0]["source"]["parameter"] == told


@settings(max_examples=60)
@given(questions())
def test_a_sort_works_or_is_refused(question: tuple[Version, Schema, str, str]) -> None:
    """By the members that can be sorted by."""
    version, schema, name, _operator = question
    status, tree = SHOPS[version].ask("GET", schema.kind, **needed(schema.kind), sort=f"-{name}")

    if name in ("id", *schema.sorts):
        assert status == 200
    else:
        assert (status, tree["errors"][0]["title"]) == (400, "sort constraint")


@versions
def test_every_type_shows_its_members(version: Version) -> None:
    """All of them, with a record to see them on."""
    for kind, schema in listed(version).items():
        status, tree = SHOPS[version].ask("GET", kind, **needed(kind))
        assert status == 200, kind
        for row in tree["data"]:
            assert set(row.get("attributes", {})) == set(schema.attributes), kind
            assert set(row.get("relationships", {})) == set(schema.relations), kind


def group(key: str, kind: str = "customergroups") -> dict[str, Any]:
    return {"relationships": {"group": {"data": {"type": kind, "id": key}}}}


@versions
def test_wrong_values_are_named(version: Version) -> None:
    """Too long, of no such record, of another type, no choice, nothing at all."""
    shop = SHOPS[version]

    assert shop.titles("customers", {"attributes": {"name": "x" * 256}}) == ["length constraint"]
    assert shop.titles("customers", {"attributes": {"name": "x"}, **group("999")}) == [
        "form constraint"
    ]
    assert shop.titles("customers", {"attributes": {"name": "x"}, **group("1", "customers")}) == [
        "entity type constraint"
    ]
    assert shop.titles("customergroups", {"attributes": {"name": ""}}) == ["not blank constraint"]
    assert shop.titles("customergroups", {"attributes": {"name": "new"}}) == []
    assert "not blank constraint" in shop.titles("pricelists", {})
    prices = shop.titles("productprices", {"attributes": {"value": "1", "quantity": 1}})
    assert set(prices) == {"not blank constraint"}
    wrong = {"data": {"type": "products", "id": "1", "attributes": {"status": "zombie"}}}
    assert shop.ask("PATCH", "products/1", sent=wrong)[1]["errors"][0]["title"] == (
        "choice constraint"
    )
    if version == "6.1":
        trackings = {"attributes": {"method": "m", "number": "1"}, "relationships": {}}
        assert shop.titles("orderlineitems", {"attributes": {"quantity": 1}}) == [
            "count constraint"
        ]
        assert shop.titles("ordershippingtrackings", trackings) == []


def an_order(**changes: Any) -> dict[str, Any]:
    relations = {
        "customer": {"data": {"type": "customers", "id": "1"}},
        "lineItems": {"data": [{"type": "orderlineitems", "id": "a"}]},
        "billingAddress": {"data": {"type": "orderaddresses", "id": "b"}},
    }
    attributes = {"currency": "GBP"} | changes
    return {"attributes": attributes, "relationships": relations}


LINE = {
    "type": "orderlineitems",
    "id": "a",
    "attributes": {"quantity": 1, "value": "1.00", "freeFormProduct": "a thing"},
}
ADDRESS = {
    "type": "orderaddresses",
    "id": "b",
    "attributes": {"organization": "Sample Ltd", "street": "1", "city": "S", "postalCode": "Z"},
    "relationships": {"country": {"data": {"type": "countries", "id": "GB"}}},
}


@versions
def test_what_is_wrong_with_an_order_and_its_parts_is_named(version: Version) -> None:
    """Currency, date, product, address, and parts that do not belong to it."""
    shop = SHOPS[version]
    stranger = {**LINE, "id": "z"}
    unknown = {**LINE, "attributes": {"quantity": 1, "value": "1", "productSku": "NONE"}}
    absent = {
        **unknown,
        "relationships": {"product": {"data": {"type": "products", "id": "99999"}}},
    }
    nowhere = {"type": "orderaddresses", "id": "b", "attributes": {}}

    assert shop.titles("orders", an_order(), LINE, ADDRESS) == []
    assert shop.titles("orders", an_order(currency="ZZZ"), LINE, ADDRESS) == ["currency constraint"]
    assert shop.titles("orders", an_order(shipUntil="soon"), LINE, ADDRESS) == ["form constraint"]
    assert shop.titles("orders", an_order(), LINE, ADDRESS, stranger) == ["request data constraint"]
    assert shop.titles("orders", an_order(), unknown, ADDRESS) == ["line item product constraint"]
    assert shop.titles("orders", an_order(), absent, ADDRESS) == [
        "line item product constraint",
        "form constraint",
    ]
    found = shop.titles("orders", an_order(), LINE, nowhere)
    assert found.count("name or organization constraint") == 3
    assert found.count("not blank constraint") == 4
    status, tree = shop.ask("POST", "orders", sent={"data": {"attributes": {}}})
    assert (status, tree["errors"][0]["title"]) == (400, "request data constraint")
    status, tree = shop.ask(
        "POST", "orders", sent={"data": {"type": "orders", **an_order()}, "included": []}
    )
    assert (status, tree["errors"][0]["source"]["pointer"]) == (400, "/included")


@versions
def test_a_list_is_deleted_by_filter_alone(version: Version) -> None:
    """Without one nothing is deleted; what led to a deleted record leads to it no longer."""
    shop = Asking(version)
    lines = shop.ask("GET", "orders/1")[1]["data"]["relationships"]["lineItems"]["data"]
    *others, last = [one["id"] for one in lines]

    assert shop.ask("DELETE", "orders")[0] == 400
    assert {204} >= {shop.ask("DELETE", f"orderlineitems/{line}")[0] for line in others}
    rest = shop.ask("GET", "orders/1")[1]["data"]["relationships"]["lineItems"]["data"]
    assert [last] == [one["id"] for one in rest]
    assert shop.ask("DELETE", f"orderlineitems/{last}")[0] == 403
    assert shop.ask("DELETE", "orders", **{"filter[id]": "1"})[0] == 204
    assert shop.ask("GET", "orders/1")[0] == 404


def test_sparse_fields_have_no_effect_on_what_5_1_answers_to_a_change() -> None:
    """The whole record comes back; 6.1 heeds them."""
    sent = {"data": {"type": "products", "id": "1", "attributes": {"featured": True}}}
    shown = {
        version: set(
            SHOPS[version].ask("PATCH", "products/1", sent=sent, **{"fields[products]": "sku"})[1][
                "data"
            ]["attributes"]
        )
        for version in SHOPS
    }

    assert shown["6.1"] == {"sku"}
    assert len(shown["5.1"]) > 5
