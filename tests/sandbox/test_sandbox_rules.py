"""Rules that a write meets: links, kits, validation, what a customer pays, the queue."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.sandbox.records import a_kit, an_order
from tests.sandbox.test_sandbox_catalogue import Asking, versions
from tests.sandbox.test_sandbox_parts import titles, to

from oro_prima.sandbox import World
from oro_prima.sandbox.oro.schema import KEEP_FOREIGN_KEYS, Version, schemas


@versions
def test_links_to_many_are_set_added_and_removed(version: Version) -> None:
    """By the relationship's own route; the lines of an order stay its own."""
    shop = Asking(version)
    path = "customers/1/relationships/salesRepresentatives"
    one, two = to("users", "1")["data"], to("users", "2")["data"]

    def linked(method: str, *refs: Any) -> list[str]:
        assert shop.ask(method, path, sent={"data": list(refs)})[0] == 204
        return [row["id"] for row in shop.ask("GET", path)[1]["data"]]

    assert linked("PATCH", one) == ["1"]
    assert linked("POST", one, two) == ["1", "2"]
    assert linked("DELETE", one) == ["2"]
    line = shop.ask("GET", "orders/2/relationships/lineItems")[1]["data"][0]
    status, tree = shop.ask("POST", "orders/1/relationships/lineItems", sent={"data": [line]})
    assert (400, {"unchangeable field constraint"}) == (status, titles(tree))


def test_a_kit_line_costs_what_6_1_makes_of_it() -> None:
    """Its own list price and what was chosen: the price that was sent is written over."""
    made_of: dict[Version, str] = {"5.1": "9.0000", "6.1": "1.0000"}
    for version, value in made_of.items():
        shop = Asking(version)
        kit = shop.ask("POST", "products", sent=a_kit(shop))[1]["data"]["id"]
        made = shop.ask("POST", "orders", sent=an_order(shop, kit=kit))[1]
        bare = shop.ask("POST", "orders", sent=without_items(an_order(shop, kit=kit)))[1]

        kinds = {row["type"]: row["attributes"] for row in made["included"]}
        assert value == kinds["orderlineitems"]["value"]
        assert kinds["orderproductkititemlineitems"]["value"] == "1.0000"
        assert titles(bare) == {"product kit line item contains required kit items constraint"}


def without_items(order: Any) -> Any:
    """Return an order whose kit comes without what it needs."""
    order["included"] = [
        row for row in order["included"] if row["type"] != "orderproductkititemlineitems"
    ]
    del order["included"][0]["relationships"]["kitItemLineItems"]
    return order


def test_a_record_that_is_only_validated_is_not_kept() -> None:
    """6.1 answers as if it were; a type that does not offer it says so."""
    shop = Asking("6.1")
    order = an_order(shop)
    order["data"]["meta"] = {"validate": True}
    status, tree = shop.ask("POST", "orders", sent=order)

    assert (status, tree["data"]["relationships"]["internalStatus"]["data"]) == (201, None)
    assert shop.ask("GET", f"orders/{tree['data']['id']}")[0] == 404
    customer = {"type": "customers", "meta": {"validate": True}, "attributes": {"name": "x"}}
    assert titles(shop.ask("POST", "customers", sent={"data": customer})[1]) == {"value constraint"}


def test_what_a_customer_pays_is_the_lowest_of_its_chain() -> None:
    """Own lists, the group's and the default one; a fallback may end the chain."""
    shop = Asking("6.1")
    unit = shop.unit_of("1")
    asked = {"filter[website]": "1", "filter[product]": "1"}

    def prices(customer: str = "1") -> list[str]:
        query = {**asked, "filter[customer]": customer}
        rows = shop.ask("GET", "customerprices", **query)[1]["data"]
        return [row["attributes"]["value"] for row in rows]

    before = prices()
    made = shop.ask("POST", "pricelists", sent=a_price_list())[1]["data"]["id"]
    for quantity, value in (("1", "0.5000"), ("5", "0.4000")):
        sent = a_price(made, unit, quantity=quantity, value=value)
        assert shop.ask("POST", "productprices", sent=sent)[0] == 201
    link = {"priceList": to("pricelists", made), "customer": to("customers", "1")}
    row = {"type": "pricelisttocustomers", "attributes": {"sortOrder": 1}, "relationships": link}
    assert shop.ask("POST", "pricelisttocustomers", sent={"data": row})[0] == 201
    after = prices()

    assert before == ["1.0000"]
    assert after == ["0.5000", "0.4000"]
    assert prices("999") == []
    assert prices("0") == ["1.0000"]
    window = {"type": "pricelistschedules", "relationships": {"priceList": to("pricelists", made)}}
    hour = timedelta(hours=1)
    seen: list[list[str]] = []
    for begins, ends in ((-2, -1), (1, 2), (-1, 1), (-1, None), (None, 1), (None, -1)):
        at = {"activeAt": begins, "deactivateAt": ends}
        times = {
            key: f"{datetime.now(UTC) + n * hour:%Y-%m-%dT%H:%M:%SZ}"
            for key, n in at.items()
            if n is not None
        }
        sent = {"data": {**window, "attributes": times}}
        row = shop.ask("POST", "pricelistschedules", sent=sent)[1]["data"]["id"]
        seen.append(prices())
        assert shop.ask("GET", f"pricelistschedules/{row}")[0] == 200
        assert shop.ask("DELETE", f"pricelistschedules/{row}")[0] == 204
    assert seen == [before, before, after, after, after, before]
    off = {"data": {"type": "pricelists", "id": made, "attributes": {"active": False}}}
    assert shop.ask("PATCH", f"pricelists/{made}", sent=off)[0] == 200
    assert prices() == before


def a_price_list() -> Any:
    attributes = {"name": "Own", "priceListCurrencies": ["GBP"], "active": True}
    return {"data": {"type": "pricelists", "attributes": attributes}}


def a_price(price_list: str, unit: str, *, quantity: str, value: str) -> Any:
    attributes = {"quantity": int(quantity), "value": value, "currency": "GBP"}
    relations = {
        "priceList": to("pricelists", price_list),
        "product": to("products", "1"),
        "unit": to("productunits", unit),
    }
    data = {"type": "productprices", "attributes": attributes, "relationships": relations}
    return {"data": data}


@versions
def test_a_forbidden_type_is_refused_and_batches_say_so_in_their_own_words(
    version: Version,
) -> None:
    """As for a user whose role does not cover it; other types stay open."""
    shop = Asking(version)
    shop.oro.forbid("inventorylevels")
    one = shop.ask("GET", "inventorylevels")[1]["errors"][0]
    batch = shop.ask("PATCH", "inventorylevels", sent={"data": []})[1]["errors"][0]

    assert (one["status"], one["detail"]) == ("403", "No access to this type of entities.")
    assert batch["detail"] == "No access to create the asynchronous operation."
    assert shop.ask("GET", "orders")[0] == 200
    shop.oro.forbid()
    assert shop.ask("GET", "inventorylevels")[0] == 200


def test_statuses_of_others_are_taken_once_they_are_managed() -> None:
    """Until then no such record exists."""
    shop = Asking("6.1")
    relations = {"status": to("orderstatuses", "wms_new")}
    change = {"data": {"type": "orders", "id": "1", "relationships": relations}}
    before = shop.ask("PATCH", "orders/1", sent=change)
    shop.oro.manage_statuses("wms_new")

    assert (400, {"form constraint"}) == (before[0], titles(before[1]))
    assert shop.ask("PATCH", "orders/1", sent=change)[0] == 200


@versions
def test_an_operation_runs_before_it_ends(version: Version) -> None:
    """Half done, with nothing written and no summary."""
    world = World(seed=3, size=3, oro_version=version)
    shop = Asking(version)
    shop.oro.work_seconds = 60.0
    row = {"type": "inventorylevels", "id": "1", "meta": {"update": True}}
    sent = {"data": [{**row, "attributes": {"quantity": "7"}}]}
    key = shop.ask("PATCH", "inventorylevels", sent=sent)[1]["data"]["id"]
    running = shop.ask("GET", f"asyncoperations/{key}")[1]["data"]["attributes"]
    shop.oro.work_seconds = 0.0
    done = shop.ask("GET", f"asyncoperations/{key}")[1]["data"]["attributes"]

    assert (running["status"], running["progress"], running["summary"]) == ("running", 0.5, None)
    assert (done["status"], done["progress"], done["summary"]["writeCount"]) == ("success", 1, 1)
    assert world.oro.work_seconds == 0


@versions
def test_a_kept_shop_comes_back_as_it_was(version: Version) -> None:
    """Records, operations and the log; what was given out stays good."""
    shop = Asking(version)
    kept = shop.oro.keep()
    orders, events = shop.oro.orders(), len(shop.oro.log)
    assert shop.ask("POST", "orders", sent=an_order(shop))[0] == 201
    assert shop.ask("DELETE", "orders/1")[0] == 204
    assert shop.ask("PATCH", "inventorylevels", sent={"data": []})[0] == 202
    shop.oro.put_back(kept)

    assert orders == shop.oro.orders()
    assert events == len(shop.oro.log)
    assert shop.ask("GET", "asyncoperations/1")[0] == 404


@versions
def test_an_order_that_is_its_own_parent_cannot_be_written_any_more(version: Version) -> None:
    """6.1 takes it once, and then fails for ever; 5.1 shows no harm."""
    shop = Asking(version)
    parent = {"type": "orders", "id": "1", "relationships": {"parent": to("orders", "1")}}
    again = 500 if version == "6.1" else 200

    assert [200, again] == [
        shop.ask("PATCH", "orders/1", sent={"data": parent})[0] for _ in range(2)
    ]


def test_the_last_release_adds_foreign_keys_and_webhooks_and_nothing_else() -> None:
    """Read in source: an id of others on some types, used once, at most 36 characters long."""
    old, new = schemas("6.1"), schemas("6.1.10")
    hooks = {"webhooks", "webhooktopics", "webhookformats"}
    changed = {name for name in old if old[name] != new[name]}
    shop = Asking("6.1.10")

    def keep(key: str, value: str) -> set[str]:
        row = {"type": "customers", "id": key, "attributes": {"externalId": value}}
        status, tree = shop.ask("PATCH", f"customers/{key}", sent={"data": row})
        return set() if status == 200 else titles(tree)

    assert hooks == new.keys() - old.keys()
    assert set(KEEP_FOREIGN_KEYS) == changed
    assert keep("1", "ERP-1") == set()
    assert keep("2", "erp-1") == {"unique entity constraint"}
    assert keep("2", "x" * 37) == {"length constraint"}
    found = shop.ask("GET", "customers", **{"filter[externalId]": "ERP-1,ERP-9"})[1]["data"]
    assert [row["id"] for row in found] == ["1"]


@versions
def test_filters_beside_the_members_choose_too(version: Version) -> None:
    """What an address is for; the search index, which nobody built, finds nothing."""
    shop = Asking(version)
    types = [{"default": True, "addressType": "billing"}]
    row = {"type": "customeraddresses", "id": "1", "attributes": {"types": types}}
    assert shop.ask("PATCH", "customeraddresses/1", sent={"data": row})[0] == 200

    def found(kind: str, **query: str) -> list[str]:
        return [one["id"] for one in shop.ask("GET", kind, **query)[1]["data"]]

    assert found("customeraddresses", **{"filter[addressType]": "billing"}) == ["1"]
    assert found("customeraddresses", **{"filter[addressType]": "shipping"}) == []
    assert found("orders", **{"filter[searchText]": "1"}) == []
    assert found("orders")


def test_lines_are_found_by_their_orders_customer() -> None:
    """On 6.1: the filter is of what the line leads to."""
    shop = Asking("6.1")
    order = shop.ask("GET", "orders/1")[1]["data"]["relationships"]
    customer = order["customer"]["data"]["id"]
    lines = shop.ask("GET", "orderlineitems", **{"filter[customer]": customer, "page[size]": "-1"})

    found = {row["id"] for row in lines[1]["data"]}
    assert {row["id"] for row in order["lineItems"]["data"]} <= found
    for row in lines[1]["data"]:
        owner = row["relationships"]["orders"]["data"][0]["id"]
        theirs = shop.ask("GET", f"orders/{owner}")[1]["data"]["relationships"]["customer"]["data"]
        assert customer == theirs["id"]


@versions
def test_what_is_wrong_with_a_request_is_said_in_the_servers_words(version: Version) -> None:
    """Before anything is looked at: the document, its type, its id."""
    shop = Asking(version)

    def said(path: str, sent: Any, method: str = "POST") -> tuple[str, str]:
        error = shop.ask(method, path, sent=sent)[1]["errors"][0]
        return error["detail"], error.get("source", {}).get("pointer", "")

    order = {"type": "orders"}
    assert said("orders", {"data": []}) == ("The 'type' property is required", "/data/type")
    assert said("orders", {"data": None})[0] == "The primary data object should not be empty"
    assert said("orders", {"x": 1})[0] == "The primary data object should exist"
    assert said("orders", {"data": order, "included": []})[1] == "/included"
    assert said("orders/1", {"data": order}, "PATCH") == (
        "The 'id' property is required",
        "/data/id",
    )
    assert said("orders/1", {"data": {**order, "id": 1}}, "PATCH")[0].endswith("should be a string")
    assert "query string" in said("orders/1", {"data": {**order, "id": "2"}}, "PATCH")[0]


@versions
def test_types_that_are_not_open_say_so_and_those_switched_off_nothing(version: Version) -> None:
    """Three kinds of 404."""
    shop = Asking(version)

    assert titles(shop.ask("GET", "websites")[1]) == {"resource not accessible exception"}
    assert titles(shop.ask("GET", "hats")[1]) == {"entity type constraint"}
    assert shop.ask("GET", "webcatalogs") == (404, None)


@versions
def test_discounts_that_are_more_than_the_order_are_refused(version: Version) -> None:
    """Each out of bounds, and their sum."""
    shop = Asking(version)
    order = an_order(shop, discounts=2)
    for part, amount in zip(order["included"][1:], ("20.00", "1.00"), strict=True):
        part["attributes"]["amount"] = amount

    assert titles(shop.ask("POST", "orders", sent=order)[1]) == {
        "range constraint",
        "discounts constraint",
    }


@versions
def test_what_may_be_there_once_is_refused_the_second_time(version: Version) -> None:
    """Numbers, SKUs, addresses of users, prices; a record may keep its own."""
    shop = Asking(version)
    user = shop.ask("GET", "customerusers/1")[1]["data"]["attributes"]
    sku = shop.ask("GET", "products/1")[1]["data"]["attributes"]["sku"]
    own = {"type": "products", "id": "1", "attributes": {"sku": sku}}
    email = {"type": "customerusers", "id": "2", "attributes": {"email": user["email"]}}

    assert shop.ask("PATCH", "products/1", sent={"data": own})[0] == 200
    other = {**own, "id": "2"}
    assert titles(shop.ask("PATCH", "products/2", sent={"data": other})[1]) == {
        "unique entity constraint"
    }
    assert titles(shop.ask("PATCH", "customerusers/2", sent={"data": email})[1]) == {
        "unique customer user name and email constraint"
    }
    price = shop.ask("GET", "productprices", **{"filter[priceList]": "1"})[1]["data"][0]
    for quantity, status in ((price["attributes"]["quantity"], 400), (77, 201)):
        attributes = {**price["attributes"], "quantity": quantity}
        sent = {k: v for k, v in price.items() if k not in ("id", "links")}
        sent["attributes"] = attributes
        assert status == shop.ask("POST", "productprices", sent={"data": sent})[0]


@versions
def test_a_record_that_is_refused_leaves_nothing_behind(version: Version) -> None:
    """Although its parts were written before the fault was met."""
    shop = Asking(version)
    name = "status" if version == "6.1" else "parent"
    order = an_order(shop)
    order["data"]["relationships"][name] = to("orderstatuses", "lost")
    owner = {"data": [{"type": "orders", "id": "999"}]}
    owner = owner if version == "6.1" else to("orders", "999")
    relations = {"orders" if version == "6.1" else "order": owner}
    attributes = {"method": "m", "number": "1"}
    tracking = {"type": "ordershippingtrackings", "attributes": attributes}
    kinds = ("orders", "orderlineitems", "orderdiscounts", "ordershippingtrackings")

    def there() -> list[Any]:
        return [shop.ask("GET", kind, **{"page[size]": "-1"})[1]["data"] for kind in kinds]

    before = there()
    assert shop.ask("POST", "orders", sent=order)[0] == 400
    sent = {"data": {**tracking, "relationships": relations}}
    assert shop.ask("POST", "ordershippingtrackings", sent=sent)[0] == 400
    assert before == there()
