"""Records beside a record: products with their parts, settings, prices, batches, webhooks."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sandbox.test_sandbox_catalogue import Asking, versions

from oro_prima.sandbox.oro.parts import FLAGS, NUMBERS, WORDS
from oro_prima.sandbox.oro.schema import Version


def to(kind: str, key: str) -> dict[str, Any]:
    return {"data": {"type": kind, "id": key}}


def a_product(sku: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    unit = to("productunitprecisions", "u")
    data = {
        "type": "products",
        "attributes": {"sku": sku, "status": "enabled", "productType": "simple"},
        "relationships": {
            "names": {"data": [{"type": "productnames", "id": "n"}]},
            "primaryUnitPrecision": unit,
            "unitPrecisions": {"data": [unit["data"]]},
        },
    }
    name = {"type": "productnames", "id": "n", "attributes": {"string": "Made up"}}
    precision = {
        "type": "productunitprecisions",
        "id": "u",
        "attributes": {"precision": 0, "conversionRate": 1, "sell": True},
        "relationships": {"unit": to("productunits", "kg")},
    }
    return data, [name, precision]


def setting(name: str, key: str = "1", **attributes: Any) -> dict[str, Any]:
    relations = {name: to("entityfieldfallbackvalues", "s")}
    part = {"type": "entityfieldfallbackvalues", "id": "s", "attributes": attributes}
    data = {"type": "products", "id": key, "relationships": relations}
    return {"data": data, "included": [part]}


def titles(tree: Any) -> set[str]:
    return {error["title"] for error in tree["errors"]}


@versions
def test_a_product_comes_with_its_parts_and_gets_a_level(version: Version) -> None:
    """A level a unit at zero; settings fall back to the category on 6.1 and are empty on 5.1."""
    shop, (data, parts) = Asking(version), a_product("NEW-1")

    status, tree = shop.ask("POST", "products", sent={"data": data, "included": parts})
    key = tree["data"]["id"]
    names = shop.ask("GET", f"products/{key}/names")[1]["data"]
    levels = shop.ask("GET", "inventorylevels", **{"filter[product]": key})[1]["data"]
    managed = shop.ask("GET", f"products/{key}/manageInventory")[1]["data"]

    assert status == 201
    assert [row["attributes"]["string"] for row in names] == ["Made up"]
    assert [row["attributes"]["quantity"] for row in levels] == ["0"]
    assert (managed is None) == (version == "5.1")
    assert managed is None or managed["attributes"]["fallback"] == "category"


@versions
def test_a_part_that_nothing_leads_to_is_refused(version: Version) -> None:
    """By its place; nothing is written."""
    shop, (data, parts) = Asking(version), a_product("NEW-2")
    stranger = {"type": "productnames", "id": "z", "attributes": {"string": "Alone"}}

    status, tree = shop.ask("POST", "products", sent={"data": data, "included": [*parts, stranger]})

    assert (status, titles(tree)) == (400, {"request data constraint"})
    assert tree["errors"][0]["source"]["pointer"] == "/included/2"
    assert shop.ask("GET", "products", **{"filter[sku]": "NEW-2"})[1]["data"] == []


SHOP = Asking("6.1")
scalars = st.one_of(
    st.booleans(), st.integers(0, 9), st.sampled_from(["0", "1", "maybe", "2.5", "abc"])
)


@settings(max_examples=80)
@given(st.sampled_from(sorted(FLAGS | NUMBERS)), scalars)
def test_a_setting_is_stored_as_text_or_refused(name: str, scalar: object) -> None:
    """A switch is on or off, a threshold a number."""
    status, tree = SHOP.ask("PATCH", "products/1", sent=setting(name, scalarValue=scalar))
    text = str(int(scalar) if isinstance(scalar, bool) else scalar)

    if text in ("0", "1") or (name in NUMBERS and text not in ("maybe", "abc")):
        assert status == 200
        stored = SHOP.ask("GET", f"products/1/{name}")[1]["data"]["attributes"]
        assert stored == {"fallback": None, "scalarValue": text, "arrayValue": None}
    else:
        title = "choice constraint" if name in FLAGS else "range constraint"
        assert (status, titles(tree)) == (400, {title})


@versions
def test_a_setting_falls_back_by_two_words_alone(version: Version) -> None:
    """And never says a value beside it."""
    shop = Asking(version)
    words = [
        shop.ask("PATCH", "products/1", sent=setting("backOrder", fallback=word))[0]
        for word in WORDS
    ]
    other = shop.ask("PATCH", "products/1", sent=setting("backOrder", fallback="elsewhere"))[1]
    both = shop.ask(
        "PATCH", "products/1", sent=setting("backOrder", fallback="category", scalarValue="1")
    )[1]

    assert words == [200, 200]
    assert titles(other) == {"related entity field fallback value constraint", "choice constraint"}
    assert titles(both) == {"entity field fallback value constraint"}


@versions
def test_a_price_is_not_negative_and_in_a_unit_of_the_product(version: Version) -> None:
    """Amount, currency and unit are each named."""
    shop = Asking(version)

    def price(value: str, currency: str, unit: str, quantity: int = 8) -> list[str]:
        relations = {
            "priceList": to("pricelists", "1"),
            "product": to("products", "1"),
            "unit": to("productunits", unit),
        }
        attributes = {"quantity": quantity, "value": value, "currency": currency}
        return shop.titles("productprices", {"attributes": attributes, "relationships": relations})

    found = shop.ask("GET", "products/1/primaryUnitPrecision")[1]["data"]
    sold = found["relationships"]["unit"]["data"]["id"]
    assert price("9.50", "GBP", sold, 7) == []
    assert price("9.75", "GBP", sold, 7) == ["unique entity constraint"]
    assert price("-1", "GBP", sold) == ["range constraint"]
    assert set(price("1", "XXX", sold)) == {
        "product price currency constraint",
        "currency constraint",
    }
    assert price("1", "GBP", "hour") == ["product price allowed units constraint"]


@versions
def test_prices_are_listed_of_one_price_list(version: Version) -> None:
    """Two in one filter are refused; what lies behind a relationship can be filtered."""
    shop = Asking(version)

    assert shop.ask("GET", "productprices", **{"filter[priceList]": "1,2"})[0] == 400
    assert shop.ask("GET", "productprices", **{"filter[priceList]": "1", "sort": "product"})[0] == (
        200
    )
    unit = {"filter[productUnitPrecision.unit.id]": "no-such"}
    assert shop.ask("GET", "inventorylevels", **unit) == (
        200,
        {"data": [], "links": shop.ask("GET", "inventorylevels", **unit)[1]["links"]},
    )
    assert shop.ask("GET", "orders", **{"filter[customer][name]": "no such"})[1]["data"] == []


def test_what_is_computed_cannot_be_filtered_behind_a_relationship() -> None:
    """Effective prices have no SKU filter."""
    needed = {f"filter[{name}]": "1" for name in ("customer", "website", "product")}
    status, tree = SHOP.ask("GET", "customerprices", **needed, **{"filter[product.sku]": "X"})

    assert (status, titles(tree)) == (400, {"filter constraint"})


@versions
def test_an_order_is_of_its_customers_user(version: Version) -> None:
    """Another customer's user is refused, by 6.1; so is a line of another order."""
    shop = Asking(version)
    user = shop.ask("GET", "customerusers/1")[1]["data"]["relationships"]["customer"]["data"]["id"]
    line = shop.ask("GET", "orders/1")[1]["data"]["relationships"]["lineItems"]["data"][0]
    other = "2" if user != "2" else "3"
    relations = {
        "customer": to("customers", other),
        "customerUser": to("customerusers", "1"),
        "lineItems": {"data": [line]},
    }
    data = {"attributes": {"currency": "GBP"}, "relationships": relations}

    found = set(shop.titles("orders", data))
    assert "unchangeable field constraint" in found
    assert ("customer owner constraint" in found) == (version == "6.1")


@versions
def test_options_name_the_methods(version: Version) -> None:
    """Of the list and of a record."""
    assert Asking(version).ask("OPTIONS", "orders") == (200, None)
    assert Asking(version).ask("OPTIONS", "orders/1") == (200, None)


def a_hook(**attributes: Any) -> dict[str, Any]:
    relations = {
        "topic": to("webhooktopics", "webhooktopics_1"),
        "format": to("webhookformats", "webhookformats_1"),
    }
    return {"data": {"type": "webhooks", "attributes": attributes, "relationships": relations}}


def test_a_webhook_is_made_listed_and_deleted_and_never_tells_its_secret() -> None:
    """Its id is no number; the secret is taken on creation alone."""
    shop = Asking("6.1.10")
    sent = a_hook(notificationUrl="https://shop.example/hook", secret="made-up")
    status, tree = shop.ask("POST", "webhooks", sent=sent)
    key = tree["data"]["id"]
    change = {"data": {"type": "webhooks", "id": key, "attributes": {"secret": "other"}}}

    assert status == 201
    assert not key.isdigit()
    assert "secret" not in tree["data"]["attributes"]
    assert key in [row["id"] for row in shop.ask("GET", "webhooks")[1]["data"]]
    assert titles(shop.ask("PATCH", f"webhooks/{key}", sent=change)[1]) == {
        "extra fields constraint"
    }
    assert titles(shop.ask("POST", "webhooks", sent=a_hook(enabled=True))[1]) == {
        "not blank constraint"
    }
    assert shop.ask("DELETE", f"webhooks/{key}")[0] == 204
    assert shop.ask("GET", f"webhooks/{key}")[0] == 404


@versions
def test_earlier_releases_know_no_webhooks(version: Version) -> None:
    """The types came later."""
    assert Asking(version).ask("GET", "webhooks")[0] == 404


@pytest.mark.parametrize("quantity", [1, 1.5])
def test_a_batch_of_orders_brings_its_lines(quantity: float) -> None:
    """Each order takes the lines it leads to; a quantity finer than the unit takes is refused."""
    shop = Asking("6.1")
    found = shop.ask("GET", "products/1/primaryUnitPrecision")[1]["data"]
    unit = found["relationships"]["unit"]["data"]["id"]
    line = {
        "type": "orderlineitems",
        "id": "a",
        "attributes": {"quantity": quantity, "value": "2.00", "currency": "GBP"},
        "relationships": {"product": to("products", "1"), "productUnit": to("productunits", unit)},
    }
    relations = {
        "customer": to("customers", "1"),
        "lineItems": {"data": [{"type": "orderlineitems", "id": "a"}]},
    }
    order = {"type": "orders", "attributes": {"currency": "GBP", "identifier": "B-1"}}
    body = {"data": [{**order, "relationships": relations}], "included": [line]}

    operation = shop.ask("PATCH", "orders", sent=body)[1]["data"]["id"]
    done = shop.ask("GET", f"asyncoperations/{operation}")[1]["data"]["attributes"]["summary"]
    assert (done["createCount"], done["errorCount"]) == ((1, 0) if quantity == 1 else (0, 1))
