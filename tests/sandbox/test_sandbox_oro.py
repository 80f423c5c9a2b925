"""The sandbox's OroCommerce behaves as running servers were measured to."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

import pytest

from oro_prima.call import HttpRequest, HttpResponse, header
from oro_prima.sandbox.oro import OrderLine, OroSandbox, OutOfStock

API = "application/vnd.api+json"
START = datetime(2031, 5, 4, 9, tzinfo=UTC)
BOTH = pytest.mark.parametrize("version", ["5.1", "6.1"])
Version = Literal["5.1", "6.1"]


class Shop:
    """A shop with one customer, two products, three orders, and a way to ask it."""

    def __init__(self, version: Version = "6.1", *, queue_seconds: float = 0.0) -> None:
        self.now = START
        self.oro = OroSandbox(version=version, now=lambda: self.now, queue_seconds=queue_seconds)
        head = self.oro.add_customer("Head Office")
        self.customer = self.oro.add_customer("Branch", parent=head)
        units = [("each", 0, Decimal(1)), ("case", 0, Decimal(6))]
        self.product = self.oro.add_product("BOOT", units=units, name="Boot")
        self.oro.add_product("LACE", units=units[:1], manage_inventory=False)
        self.oro.set_level("BOOT", "each", Decimal(5))
        address = {
            "street": "1 Sample Street",
            "city": "Sampleton",
            "country": "GB",
            "region": "GB-LND",
        }
        line = OrderLine("BOOT", "each", Decimal(2), Decimal("10.00"), comment="gently")
        self.order = self.oro.place_order(
            self.customer, [line], po_number="PO-1", discount=Decimal(2), shipping_cost=Decimal(5),
            address=address, billing=address,
        )  # fmt: skip
        self.main = self.oro.place_order(self.customer, [line], tax_rate=Decimal(0))
        self.sub = self.oro.place_order(self.customer, [line], parent=self.main)
        self.token = self.tree("POST", "/oauth2-token", CREDENTIALS)["access_token"]

    def ask(
        self, method: str, path: str, body: object = None, /, query: str = "", **headers: str
    ) -> HttpResponse:
        pairs = tuple(
            (key, value)
            for key, _, value in (part.partition("=") for part in query.split("&"))
            if key
        )
        sent = {"Accept": API, "Authorization": f"Bearer {getattr(self, 'token', '')}"}
        sent |= {"Content-Type": API} if body is not None else {}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        data = (
            body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        )
        where = path if path.startswith("/") else f"/admin/api/{path}"
        return self.oro.handle(HttpRequest(method, where, pairs, tuple(sent.items()), data))

    def tree(self, method: str, path: str, body: object = None, /, **words: str) -> Any:
        if path == "/oauth2-token":
            words = {"Content_Type": "application/json", **words}
        return json.loads(self.ask(method, path, body, **words).body)

    def title(
        self, method: str, path: str, body: object = None, /, **words: str
    ) -> tuple[int, str]:
        answer = self.ask(method, path, body, **words)
        tree = json.loads(answer.body) if answer.body else {}
        errors = tree.get("errors", [{}]) if isinstance(tree, dict) else tree
        return answer.status, errors[0].get("title", "")


CREDENTIALS = {
    "grant_type": "client_credentials",
    "client_id": "sandbox-client",
    "client_secret": "sandbox-secret",
}


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (CREDENTIALS, "application/json", 200),
        (
            b"grant_type=client_credentials&client_id=sandbox-client&client_secret=sandbox-secret",
            "application/x-www-form-urlencoded",
            200,
        ),
        ({**CREDENTIALS, "client_secret": "wrong"}, "application/json", 401),
        ({"grant_type": "password"}, "application/json", 401),
        ({"grant_type": "other"}, "application/json", 400),
        (b"", "application/json", 400),
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
    ],
)
def test_tokens(shop: Shop, body: Any, kind: str, status: int) -> None:
    """JSON or a form; one refusal for everything that is wrong."""
    assert status == shop.ask("POST", "/oauth2-token", body, Content_Type=kind).status


def test_a_token_by_basic_authentication(shop: Shop) -> None:
    """With a form; GET is not known; a switched-off API gives none."""
    basic = base64.b64encode(b"sandbox-client:sandbox-secret").decode()
    form, kind = b"grant_type=client_credentials", "application/x-www-form-urlencoded"

    assert (
        shop.ask(
            "POST", "/oauth2-token", form, Content_Type=kind, Authorization=f"Basic {basic}"
        ).status
        == 200
    )
    assert shop.ask("GET", "/oauth2-token").status == 405
    shop.oro.feature_enabled = False
    assert (
        shop.ask("POST", "/oauth2-token", CREDENTIALS, Content_Type="application/json").status
        == 401
    )
    assert shop.ask("GET", "orders").status == 404


@BOTH
def test_without_a_good_token_there_is_an_empty_401(version: Version) -> None:
    """None, a wrong one, an expired one."""
    shop = Shop(version)
    for token in ("", "Bearer wrong"):
        answer = shop.ask("GET", "orders", Authorization=token)
        assert (answer.status, answer.body) == (401, b"")
    shop.now += timedelta(seconds=3601)
    assert shop.ask("GET", "orders").status == 401
    shop.oro.expire_tokens()
    assert ("WSSE" in header(answer.headers, "www-authenticate")) == (version == "5.1")


@pytest.mark.parametrize(
    ("method", "path", "words", "expected"),
    [
        ("GET", "orders", {"Accept": f"{API}; charset=utf-8"}, (406, "not acceptable http exception")),
        ("GET", "orders", {"Accept": "application/xml"}, (406, "not acceptable http exception")),
        ("GET", "orders", {"Accept": "application/json", "query": "page[size]=1"}, (400, "filter constraint")),
        ("GET", "orders", {"query": "foo=1"}, (400, "filter constraint")),
        ("GET", "orders", {"query": "filter[foo]=1"}, (400, "filter constraint")),
        ("GET", "orders", {"query": "filter[createdAt][like]=1"}, (400, "filter constraint")),
        ("GET", "orders", {"query": "filter[identifier][gt]=1"}, (400, "filter constraint")),
        ("GET", "orders", {"query": "filter[createdAt]=A.."}, (400, "filter constraint")),
        ("GET", "orders", {"query": "filter[createdAt]=20311"}, (400, "filter constraint")),
        ("GET", "orders", {"query": "filter[customer]= "}, (400, "filter constraint")),
        ("GET", "orders", {"query": "page[number]=0"}, (400, "filter constraint")),
        ("GET", "orders", {"query": "page[size]=-2"}, (400, "filter constraint")),
        ("GET", "orders", {"query": "page[size]=x"}, (400, "filter constraint")),
        ("GET", "orders", {"query": "page[foo]=1"}, (400, "filter constraint")),
        ("GET", "orders", {"query": "sort=poNumber"}, (400, "sort constraint")),
        ("GET", "orders", {"query": "fields[hats]=x"}, (400, "filter constraint")),
        ("GET", "orders", {"query": "filter[updatedAt]>=x"}, (400, "filter constraint")),
        ("GET", "orders", {"query": "filter[product.sku]=x"}, (400, "filter constraint")),
        ("GET", "orders/abc", {}, (400, "entity identifier constraint")),
        ("GET", "orders/99", {}, (404, "not found http exception")),
        ("GET", "orders/1/hats", {}, (404, "relationship constraint")),
        ("GET", "orders/1/a/b", {}, (404, "not found http exception")),
        ("GET", "orders/1", {"query": "page[size]=1"}, (400, "filter constraint")),
        ("GET", "hats", {}, (404, "entity type constraint")),
        ("GET", "", {}, (404, "not found http exception")),
        ("GET", "ordersubtotals", {}, (400, "filter constraint")),
        ("GET", "orderinternalstatuses", {"query": "page[size]=1"}, (400, "filter constraint")),
        ("GET", "asyncoperations", {}, (404, "")),
        ("GET", "asyncoperations/9", {}, (404, "not found http exception")),
        ("PUT", "orders", {}, (405, "")),
        ("POST", "inventorylevels", {}, (405, "")),
        ("PATCH", "orders/1/relationships/internalStatus", {}, (405, "")),
    ],
)  # fmt: skip
def test_what_is_refused_and_how(
    shop: Shop, method: str, path: str, words: dict[str, str], expected: tuple[int, str]
) -> None:
    """Status and title, as measured."""
    body = {"data": None} if method in ("PATCH", "POST") else None

    assert expected == shop.title(method, path, body, **words)


def test_a_query_that_is_too_long_never_reaches_the_application(shop: Shop) -> None:
    """The proxy answers."""
    assert shop.ask("GET", "products", query=f"filter[sku]={'x' * 8100}").status == 414


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("sort=-id", ["3", "2", "1"]),
        ("filter[id]=1,3", ["1", "3"]),
        ("filter[id]=2..3", ["2", "3"]),
        ("filter[id][gt]=1&sort=id", ["2", "3"]),
        ("filter[id][gte]=2&filter[id][lt]=3", ["2"]),
        ("filter[id][neq]=1", ["2", "3"]),
        ("filter[identifier]=1", ["1"]),
        ("filter[parent][exists]=yes", ["3"]),
        ("filter[subOrders][exists]=no", ["1", "3"]),
        ("filter[customer.name]=Branch", ["1", "2", "3"]),
        ("filter[customer.parent.name]=Head Office", ["1", "2", "3"]),
        ("filter[lineItems.product.sku]=BOOT", ["1", "2", "3"]),
        ("filter[external]=no", ["1", "2", "3"]),
        ("filter[external]=yes", []),
        ("filter[createdAt]=2031-05-04T09:00:00Z", ["1", "2", "3"]),
        ("filter[createdAt]=2031-05-04..2031-05-05", ["1", "2", "3"]),
        ("filter[createdAt][lt]=2031-05-04T09:00:00%2B00:00", []),
        ("filter[updatedAt]>2031-05-05", ["1", "2", "3"]),
        ("filter[internalStatus]=open", ["1", "2", "3"]),
        ("filter[internalStatus]=open&fields[orders]=identifier", []),
        ("filter[internalStatus][neq]=open&fields[orders]=identifier", ["1", "2", "3"]),
        ("filter[internalStatus]=open&fields[orders]=internalStatus", ["1", "2", "3"]),
        ("page[size]=2&page[number]=2", ["3"]),
        ("page[size]=0", []),
        ("page[size]=-1&sort=-createdAt,id", ["1", "2", "3"]),
        ("meta=title", ["1", "2", "3"]),
    ],
)
def test_filters_sorting_and_paging(shop: Shop, query: str, found: list[str]) -> None:
    """On 6.1, quirks included."""
    query = query.replace("%2B", "+") if "%2B" in query else query

    assert found == [row["id"] for row in shop.tree("GET", "orders", query=query)["data"]]


def test_the_old_version_has_its_own_quirks() -> None:
    """The upper of two bounds wins; symbols work; no status, no updatedAt, no totals."""
    shop = Shop("5.1")

    def ids(query: str) -> list[str]:
        return [row["id"] for row in shop.tree("GET", "orders", query=query)["data"]]

    assert ids("filter[id][gt]=1&filter[id][lte]=2") == ["1", "2"]
    assert ids("filter[id]>2") == ["3"]
    assert ids("filter[id]!=1") == ["2", "3"]
    assert ids("filter[id]<=2") == ["1", "2"]
    for query in (
        "filter[updatedAt]=2031-05-04",
        "filter[internalStatus]=open",
        "filter[external]=no",
    ):
        assert shop.ask("GET", "orders", query=query).status == 400
    attributes = shop.tree("GET", "orders/1")["data"]["attributes"]
    assert "external" not in attributes
    assert "uuid" in attributes
    assert shop.ask("GET", "orders", query="fields[ordersubtotals]=amount").status == 400
    assert [
        r["id"] for r in shop.tree("GET", "orderlineitems", query="filter[order]=1")["data"]
    ] == ["1"]
    assert shop.ask("GET", "orders/1/lineItems", X_Include="totalCount").status == 500


def test_documents_have_links_and_included_rows(shop: Shop) -> None:
    """Unless they are not wanted; a null relationship includes nothing."""
    query = "include=lineItems.product,shippingAddress,parent,hats&fields[products]=sku"
    tree = shop.tree("GET", "orders/1", query=query)
    bare = shop.tree("GET", "orders", query="page[size]=1", X_Include="noHateoas;totalCount")

    assert {"orderlineitems", "products", "orderaddresses"} == {
        row["type"] for row in tree["included"]
    }
    assert tree["data"]["links"]["self"].endswith("/orders/1")
    assert "links" not in bare
    page = shop.ask("GET", "orders", query="page[size]=1&page[number]=2", X_Include="totalCount")
    links = json.loads(page.body)["links"]
    assert header(page.headers, "x-include-total-count") == "3"
    assert {"self", "first", "prev", "next"} == links.keys()
    assert "page" not in links["first"].replace("page%5Bsize%5D", "")
    assert "links" in shop.tree("GET", "orders", query="page[size]=1&include=lineItems")


def test_products_never_show_a_next_page(shop: Shop) -> None:
    """And count only what is on the page, until a page beyond the end."""
    page = shop.ask("GET", "products", query="page[size]=1", X_Include="totalCount")
    beyond = shop.ask(
        "GET", "products", query="page[size]=1&page[number]=9", X_Include="totalCount"
    )

    assert "next" not in json.loads(page.body)["links"]
    assert tuple(header(a.headers, "x-include-total-count") for a in (page, beyond)) == ("1", "2")


def test_sub_resources_and_relationships(shop: Shop) -> None:
    """A relationship lists ten and has no next."""
    lines = shop.tree("GET", "orders/1/lineItems")
    assert [row["id"] for row in lines["data"]] == ["1"]
    assert shop.tree("GET", "orders/1/relationships/customer")["data"] == {
        "type": "customers",
        "id": "2",
        "links": {"self": "http://oro.sandbox/admin/api/customers/2"},
    }
    assert shop.tree("GET", "orders/1/relationships/parent")["data"] is None
    assert shop.tree("GET", "orders/1/parent")["data"] is None
    assert shop.tree("GET", "orders/1/customer")["data"]["id"] == "2"
    many = shop.ask(
        "GET", "orders/1/relationships/lineItems", X_Include="totalCount", query="page[size]=-1"
    )
    assert header(many.headers, "x-include-total-count") == "1"
    assert [row["id"] for row in json.loads(many.body)["data"]] == ["1"]
    rows = shop.tree("GET", "ordersubtotals", query="filter[order]=1")["data"]
    assert [row["attributes"]["orderSubtotalType"] for row in rows] == [
        "subtotal",
        "discount",
        "shipping_cost",
        "tax",
        "tax",
        "tax",
    ]
    statuses = shop.tree("GET", "orderinternalstatuses")["data"]
    assert sorted(r["id"] for r in statuses) == [
        "cancelled",
        "closed",
        "open",
        "pending",
        "processing",
    ]
    assert shop.tree("GET", "productunits/each")["data"]["id"] == "each"


def test_totals_are_computed_at_every_write(shop: Shop) -> None:
    """Subtotal less discounts, shipping (overridden first), tax."""
    attributes = shop.tree("GET", "orders/1")["data"]["attributes"]
    assert (
        attributes["subtotalValue"],
        attributes["totalValue"],
        attributes["subtotalWithDiscounts"],
        attributes["totalDiscountsAmount"],
    ) == ("20.0000", "27.0000", "18.0000", "2.0000")
    shop.now += timedelta(minutes=30)
    sent = {
        "data": {
            "type": "orders",
            "id": "1",
            "attributes": {"overriddenShippingCostAmount": 1, "totalValue": 9, "currency": "EUR"},
        }
    }
    after = shop.tree("PATCH", "orders/1", sent)["data"]["attributes"]
    assert (after["totalValue"], after["currency"], after["updatedAt"]) == (
        "23.0000",
        "GBP",
        "2031-05-04T09:30:00Z",
    )
    line = {
        "data": {
            "type": "orderlineitems",
            "id": "1",
            "attributes": {"quantity": 4, "productUnitCode": "x"},
        }
    }
    assert shop.ask("PATCH", "orderlineitems/1", line).status == 200
    assert shop.tree("GET", "orders/1")["data"]["attributes"]["totalValue"] == "47.0000"
    percent = {
        "data": {
            "type": "orderdiscounts",
            "attributes": {
                "orderDiscountType": "oro_order_discount_item_type_percent",
                "percent": 0.1,
                "amount": 0,
            },
            "relationships": {"order": {"data": {"type": "orders", "id": "1"}}},
        }
    }
    assert shop.ask("POST", "orderdiscounts", percent).status == 201


def order_document(**attributes: object) -> dict[str, Any]:
    return {
        "data": {
            "type": "orders",
            "attributes": {"currency": "GBP", **attributes},
            "relationships": {
                "customer": {"data": {"type": "customers", "id": "2"}},
                "lineItems": {"data": [{"type": "orderlineitems", "id": "a"}, {"type": "orderlineitems", "id": "b"}]},
                "shippingAddress": {"data": {"type": "orderaddresses", "id": "c"}},
            },
        },
        "included": [
            {"type": "orderlineitems", "id": "a", "attributes": {"quantity": 2, "value": "10.50"},
             "relationships": {"product": {"data": {"type": "products", "id": "1"}}, "productUnit": {"data": {"type": "productunits", "id": "each"}}}},
            {"type": "orderlineitems", "id": "b", "attributes": {"quantity": 1, "value": "1", "productSku": "LACE"}},
            {"type": "orderaddresses", "id": "c", "attributes": {"organization": "Sample Ltd", "street": "1 Sample Street", "city": "Sampleton", "postalCode": "ZZ1 1ZZ"}, "relationships": {"country": {"data": {"type": "countries", "id": "GB"}}}},
        ],
    }  # fmt: skip


@BOTH
def test_an_order_is_created_with_its_parts(version: Version) -> None:
    """In one request; stock stays as it is; a past creation gives an equally old update."""
    shop = Shop(version)
    answer = shop.ask(
        "POST", "orders", order_document(createdAt="2024-01-01T00:00:00Z", poNumber="X")
    )
    made = json.loads(answer.body)["data"]

    assert answer.status == 201
    assert header(answer.headers, "location").endswith("/orders/4")
    assert (made["attributes"]["totalValue"], made["attributes"]["updatedAt"]) == (
        "22.0000",
        "2024-01-01T00:00:00Z",
    )
    assert (None if version == "5.1" else "4") == made["attributes"]["identifier"]
    assert Decimal(5) == shop.oro.level("BOOT", "each").quantity
    again = order_document(identifier="1")
    assert shop.title("POST", "orders", again) == (400, "unique entity constraint")
    again["data"]["meta"] = {"upsert": ["identifier"]}
    assert (200 if version == "6.1" else 302) == shop.ask("POST", "orders", again).status
    again["data"]["attributes"]["identifier"] = "new"
    assert shop.ask("POST", "orders", again).status == 201
    again["data"]["meta"] = {"upsert": ["poNumber"]}
    assert shop.title("POST", "orders", again) == (400, "value constraint")


def test_a_bad_order_gets_every_fault_at_once(shop: Shop) -> None:
    """And nothing is created."""
    bad = order_document()
    bad["included"][0]["attributes"] = {"quantity": 0}
    bad["data"]["relationships"]["customer"]["data"]["id"] = "77"
    errors = shop.tree("POST", "orders", bad)["errors"]
    empty = {"data": {"type": "orders", "attributes": {"currency": "GBP"}}}

    assert {error["title"] for error in errors} >= {
        "form constraint",
        "greater than constraint",
        "not blank constraint",
    }
    assert len(shop.tree("POST", "orders", empty)["errors"]) == 2
    assert len(shop.oro.orders()) == 3
    for body, expected in (
        (b"{", (400, "bad request http exception")),
        (b"[]", (400, "request data constraint")),
        (b"", (400, "request data constraint")),
        ({"data": 1}, (400, "request data constraint")),
        ({"data": {"type": "products"}}, (409, "conflict constraint")),
        (order_document(colour="red"), (400, "extra fields constraint")),
    ):
        assert expected == shop.title("POST", "orders", body)
    plain = shop.title(
        "POST", "orders", {"data": {"type": "orders"}}, Content_Type=f"{API}; charset=utf-8"
    )
    assert plain == (415, "unsupported media type http exception")


def test_closed_orders_are_frozen_and_internal_status_is_read_only(shop: Shop) -> None:
    """A shipping status can be written until then; trackings always."""
    path, shipped = (
        "orders/1/relationships/shippingStatus",
        {"data": {"type": "ordershippingstatuses", "id": "shipped"}},
    )
    assert shop.ask("PATCH", path, shipped).status == 204
    assert shop.ask("PATCH", path, {"data": None}).status == 204
    wrong = {"data": {"type": "ordershippingstatuses", "id": "lost"}}
    assert shop.title("PATCH", path, wrong) == (400, "form constraint")
    assert shop.ask("PATCH", "orders/99/relationships/shippingStatus", shipped).status == 404
    assert shop.title("PATCH", "orders/1/relationships/hats", shipped) == (
        404,
        "relationship constraint",
    )
    shop.oro.set_internal_status("1", "closed")
    patch = {"data": {"type": "orders", "id": "1", "attributes": {"poNumber": "X"}}}
    assert shop.title("PATCH", "orders/1", patch) == (403, "access denied exception")
    tracking = {
        "data": {
            "type": "ordershippingtrackings",
            "attributes": {"method": "van", "number": "1"},
            "relationships": {"orders": {"data": [{"type": "orders", "id": "1"}]}},
        }
    }
    assert shop.ask("POST", "ordershippingtrackings", tracking).status == 201
    tracking["data"]["attributes"]["number"] = "9" * 300  # type: ignore[index]
    assert shop.ask("POST", "ordershippingtrackings", tracking).status == 500
    tracking["data"]["attributes"]["number"] = ""  # type: ignore[index]
    assert shop.ask("POST", "ordershippingtrackings", tracking).status == 400


def test_trackings_of_the_old_version_need_their_order() -> None:
    """Without one it fails; with an unknown one it is refused."""
    shop = Shop("5.1")

    def tracking(order: object) -> dict[str, object]:
        return {
            "data": {
                "type": "ordershippingtrackings",
                "attributes": {"number": "1"},
                "relationships": {"order": {"data": order}},
            }
        }

    assert shop.ask("POST", "ordershippingtrackings", tracking(None)).status == 500
    assert (
        shop.ask("POST", "ordershippingtrackings", tracking({"type": "orders", "id": "99"})).status
        == 400
    )
    assert (
        shop.ask("POST", "ordershippingtrackings", tracking({"type": "orders", "id": "1"})).status
        == 201
    )


def test_changing_lines_replaces_them(shop: Shop) -> None:
    """What is left out is gone; ids in body and address must agree."""
    document = order_document()
    document["data"]["id"] = "1"
    changed = shop.tree("PATCH", "orders/1", document)["data"]
    assert len(changed["relationships"]["lineItems"]["data"]) == 2
    assert shop.title("PATCH", "orders/2", document) == (409, "conflict constraint")
    document["data"]["id"] = 1
    assert shop.title("PATCH", "orders/1", document) == (400, "request data constraint")
    assert (
        shop.ask(
            "PATCH", "orders/2", {"data": {"type": "orders", "id": "2", "attributes": {}}}
        ).status
        == 400
    )
    assert shop.ask("PATCH", "orders/99", {"data": {"type": "orders", "id": "99"}}).status == 404


def test_customers_and_products_are_written(shop: Shop) -> None:
    """A name is needed; a status of a product is a relationship."""
    named = {
        "data": {
            "type": "customers",
            "attributes": {"name": "New"},
            "relationships": {
                "parent": {"data": {"type": "customers", "id": "1"}},
                "children": {"data": []},
            },
        }
    }
    assert shop.ask("POST", "customers", named).status == 201
    assert shop.title(
        "POST", "customers", {"data": {"type": "customers", "attributes": {"name": ""}}}
    ) == (400, "not blank constraint")
    status = {
        "data": {
            "type": "products",
            "id": "1",
            "relationships": {
                "inventory_status": {
                    "data": {"type": "prodinventorystatuses", "id": "out_of_stock"}
                }
            },
        }
    }
    assert shop.ask("PATCH", "products/1", status).status == 200
    found = shop.tree("GET", "products", query="filter[inventory_status]=out_of_stock")["data"]
    assert [row["id"] for row in found] == ["1"]


def level(key: object, quantity: object, **meta: object) -> dict[str, object]:
    tree: dict[str, object] = {
        "type": "inventorylevels",
        "id": key,
        "attributes": {"quantity": quantity},
    }
    return {**tree, "meta": meta} if meta else tree


@pytest.mark.parametrize(
    ("quantity", "status", "shown"),
    [("42", 200, "42"), (7, 200, "7"), (1.5, 200, "1.5"), ("1.50", 200, "1.5"), ("-3", 200, "-3"),
     ("abc", 400, "5"), (None, 400, "5"), (True, 400, "5"), ("NaN", 400, "5"), ("9" * 21, 400, "5")],
)  # fmt: skip
def test_a_level_is_set_absolutely(shop: Shop, quantity: object, status: int, shown: str) -> None:
    """Whatever is there; garbage is refused."""
    answer = shop.ask("PATCH", "inventorylevels/1", {"data": level("1", quantity)})

    assert status == answer.status
    assert shown == shop.tree("GET", "inventorylevels/1")["data"]["attributes"]["quantity"]
    assert (
        shop.ask(
            "PATCH", "inventorylevels/1", {"data": {"type": "inventorylevels", "id": "1"}}
        ).status
        == 200
    )


def test_a_batch_is_worked_through_later() -> None:
    """Good records are written, bad ones named; success says so too."""
    shop = Shop(queue_seconds=2)
    rows = [level("1", "8", update=True), level("2", "x", update=True), level("3", "1"),
            level(2, "1", update=True), {"type": "hats", "id": "1"}, level("99", "1", update=True)]  # fmt: skip
    answer = shop.ask("PATCH", "inventorylevels", {"data": rows})
    operation = json.loads(answer.body)["data"]
    assert (answer.status, operation["attributes"]["status"]) == (202, "new")
    assert header(answer.headers, "content-location").endswith("/asyncoperations/1")
    assert Decimal(5) == shop.oro.level("BOOT", "each").quantity
    shop.now += timedelta(seconds=2)
    done = shop.tree("GET", "asyncoperations/1")["data"]["attributes"]
    errors = shop.tree("GET", "asyncoperations/1/errors")["data"]

    assert (
        done["status"],
        *(done["summary"][n] for n in ("readCount", "writeCount", "errorCount")),
    ) == ("success", 6, 1, 5)
    assert Decimal(8) == shop.oro.level("BOOT", "each").quantity
    assert [int(e["attributes"]["source"]["pointer"].split("/")[2]) for e in errors] == [
        1,
        2,
        3,
        4,
        5,
    ]
    assert errors[1]["attributes"]["status"] == 405
    assert shop.ask("GET", "asyncoperations/1/relationships/errors").status == 404


def test_broken_batches_are_accepted_as_far_as_they_can_be_read(shop: Shop) -> None:
    """A cut-off body ends in success, one without a list fails; an empty one is refused."""
    whole = json.dumps({"data": [level(key, "9", update=True) for key in ("1", "2", "3")]}).encode()
    for body, status, count in (
        (whole[:-90], "success", 2),
        (b"nothing", "success", 0),
        (b'{"data": {}}', "failed", 0),
        (b'{"data": [1', "success", 0),
    ):
        number = json.loads(shop.ask("PATCH", "inventorylevels", body).body)["data"]["id"]
        done = shop.tree("GET", f"asyncoperations/{number}")["data"]["attributes"]
        assert (status, count) == (done["status"], done["summary"]["readCount"])
    assert shop.ask("PATCH", "inventorylevels", b"").status == 400


def test_a_synchronous_batch_is_all_or_nothing(shop: Shop) -> None:
    """Too many fail without a reason; an unknown mode is refused."""
    good, bad = level("1", "9", update=True), level("2", "x", update=True)
    assert shop.title("PATCH", "inventorylevels", {"data": [good, bad]}, X_Mode="sync") == (
        400,
        "form constraint",
    )
    assert Decimal(5) == shop.oro.level("BOOT", "each").quantity
    assert [
        r["id"]
        for r in shop.tree("PATCH", "inventorylevels", {"data": [good, good]}, X_Mode="sync")[
            "data"
        ]
    ] == ["1"]
    many = shop.tree("PATCH", "inventorylevels", {"data": [good] * 101}, X_Mode="sync")["data"]
    assert many["attributes"]["status"] == "failed"
    assert shop.ask("GET", f"asyncoperations/{many['id']}").status == 404
    crowd = {"data": [good], "included": [good] * 51}
    assert shop.ask("PATCH", "inventorylevels", crowd, X_Mode="sync").status == 202
    assert shop.title("PATCH", "inventorylevels", {"data": []}, X_Mode="fast") == (
        400,
        "invalid header value exception",
    )
    assert shop.tree("PATCH", "inventorylevels", {"data": []}, X_Mode="sync") == []


def test_while_the_consumer_stands_still_the_write_comes_later(shop: Shop) -> None:
    """Also of a synchronous batch."""
    shop.oro.consumer_running = False
    rows = {"data": [level("1", "9", update=True)]}
    assert shop.ask("PATCH", "inventorylevels", rows, X_Mode="sync").status == 202
    assert Decimal(5) == shop.oro.level("BOOT", "each").quantity
    assert not shop.oro.consumer_running
    shop.oro.consumer_running = True
    shop.ask("GET", "inventorylevels")
    assert Decimal(9) == shop.oro.level("BOOT", "each").quantity


def test_batches_of_orders_create_and_update(shop: Shop) -> None:
    """5.1 has no synchronous mode, and no totalCount of errors."""
    update = {
        "type": "orders",
        "id": "1",
        "meta": {"update": True},
        "attributes": {"poNumber": "B"},
    }
    create = {"type": "customers", "attributes": {"name": "Batch"}}
    shop.ask("PATCH", "orders", {"data": [update]})
    shop.ask("PATCH", "customers", {"data": [create]})
    assert shop.tree("GET", "orders/1")["data"]["attributes"]["poNumber"] == "B"
    old = Shop("5.1")
    rows = {"data": [level("1", "9", update=True)]}
    assert old.ask("PATCH", "inventorylevels", rows, X_Mode="sync").status == 202
    assert old.ask("GET", "asyncoperations/1/errors", X_Include="totalCount").status == 500


def test_only_a_checkout_takes_stock(shop: Shop) -> None:
    """Exactly that unit's level; what is not managed always passes."""

    def line(sku: str, unit: str, count: int) -> OrderLine:
        return OrderLine(
            sku, unit, Decimal(count), Decimal(1), free_form=False, ship_by="2031-06-01"
        )

    shop.oro.checkout(shop.customer, [line("BOOT", "each", 5)])
    assert Decimal(0) == shop.oro.level("BOOT", "each").quantity
    with pytest.raises(OutOfStock, match="BOOT"):
        shop.oro.checkout(shop.customer, [line("BOOT", "each", 1)])
    shop.oro.checkout(shop.customer, [line("LACE", "each", 9)])
    shop.oro.add_product("MORE", units=[("each", 0, Decimal(1))], back_order=True, decrement=False)
    shop.oro.checkout(shop.customer, [line("MORE", "each", 9)])
    assert Decimal(0) == shop.oro.level("MORE", "each").quantity
    with pytest.raises(KeyError, match="no product"):
        shop.oro.level("BOOT", "crate")
    with pytest.raises(KeyError, match="no customer"):
        shop.oro.place_order("99", [])
    assert [event.kind for event in shop.oro.log] == ["checkout"] * 3


def test_deleting_a_main_order_deletes_its_sub_orders(shop: Shop) -> None:
    """By a person or by the API; a sub-order alone leaves its main."""
    assert shop.ask("DELETE", f"orders/{shop.sub}").status == 204
    assert shop.tree("GET", f"orders/{shop.main}/relationships/subOrders")["data"] == []
    shop.oro.place_order(shop.customer, [], parent=shop.main)
    shop.oro.delete_order(shop.main)
    assert [view.id for view in shop.oro.orders()] == ["1"]
    assert shop.ask("DELETE", "orders/99").status == 404
    child = shop.oro.place_order(shop.customer, [], parent="1")
    shop.oro.delete_order(child)
    assert shop.oro.orders()[0].sub_orders == ()


@BOTH
@pytest.mark.parametrize(
    ("name", "status"),
    [("unauthorized", 401), ("maintenance", 415), ("unavailable", 503), ("bad-gateway", 502)],
)
def test_servers_in_trouble(version: Version, name: str, status: int) -> None:
    """As proxies, maintenance pages and dead databases answer."""
    shop = Shop(version)
    asked, token = HttpRequest("GET", "/admin/api/orders"), HttpRequest("POST", "/oauth2-token")

    assert status == shop.oro.fault_response(name, asked).status
    assert (503 if name == "maintenance" else status) == shop.oro.fault_response(name, token).status
    down = shop.oro.fault_response("database-down", asked).status
    assert down == (302 if version == "5.1" else 503)


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("POST", "/oauth2-token", "token"),
        ("GET", "/admin/api/orders", "list_orders"),
        ("GET", "/admin/api/orders/1", "get_orders"),
        ("GET", "/admin/api/asyncoperations/1/errors", "list_asyncoperations_errors"),
        ("PATCH", "/admin/api/orders", "batch_orders"),
        ("PATCH", "/admin/api/orders/1", "update_orders"),
        ("DELETE", "/admin/api/orders/1", "delete_orders"),
        ("GET", "/admin/api/", "root"),
    ],
)
def test_operations_have_names(shop: Shop, method: str, path: str, name: str) -> None:
    """By verb and resource type."""
    assert name == shop.oro.operation(HttpRequest(method, path))
