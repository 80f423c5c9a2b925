"""A world: two systems, faults, counts, the control interface and the measure."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

import httpx
import pytest

from oro_prima.call import HttpRequest
from oro_prima.sandbox import World, in_process
from oro_prima.sandbox.faults import Act
from oro_prima.sandbox.oro import OrderLine, OutOfStock
from oro_prima.sandbox.oversold import Verdict
from oro_prima.sandbox.prima import PATH, StockKey
from oro_prima.sandbox.world import order_of

BOOT = StockKey("BOOT", "F", "070")
ENVELOPE = (
    '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>'
    '<m:wsomhandler xmlns:m="urn:omlink:omlink"><RequestXML>{}</RequestXML></m:wsomhandler>'
    "</e:Body></e:Envelope>"
)


class Stage(World):
    """A world with one buyer and one boot, ten of it free and on sale."""

    def __init__(self, *, reserves: str = "acceptance") -> None:
        super().__init__(seed=None, reserves=reserves)
        self.buyer = self.oro.add_customer("Sample Outfitters")
        units = [("each", 0, Decimal(1)), ("case", 0, Decimal(6))]
        self.oro.add_product("BOOT-F-070", units=units)
        self.learn_unit("BOOT-F-070", "each", ("BOOT", "F", "070", "", "", 1))
        self.learn_unit("BOOT-F-070", "case", ("BOOT", "F", "070", "", "", 6))
        self.oro.set_level("BOOT-F-070", "each", Decimal(10))
        self.prima.add_account("ACME")
        self.prima.add_stock("BOOT", "F", "070", quantity=10)


@pytest.fixture
def world() -> Stage:
    """Set the stage."""
    return Stage()


def boots(quantity: int, unit: str = "each") -> OrderLine:
    """Order boots."""
    return OrderLine("BOOT-F-070", unit, Decimal(quantity), Decimal("50.00"))


def a_letter(order: str, *, quantity: int) -> HttpRequest:
    """Post an order to Prima."""
    line = f'<OrderLineData Product="BOOT" MtrxCode1="F" MtrxCode2="070" Quantity="{quantity}"/>'
    data = f'<Data Customer="ACME" TPGUID="ORO-{order}" OrderNumber="3{order}0">{line}</Data>'
    inner = escape(f'<Request RequestType="MultiNewOrder">{data}</Request>')
    return HttpRequest("POST", PATH, body=ENVELOPE.format(inner).encode())


def control(
    world: World, method: str, name: str, body: object = None
) -> tuple[int, dict[str, object]]:
    """Ask the control interface."""
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    request = HttpRequest(method, f"/_sandbox/{name}", body=text)
    response = world.reply("control", request).response
    return response.status, json.loads(response.body)


# The measure


def test_selling_what_is_free_is_not_overselling(world: Stage) -> None:
    """Ten were free, ten were sold."""
    for _ in range(2):
        world.checkout(world.buyer, [boots(5)])

    assert (world.verdict, world.checkouts) == (Verdict(), 2)


def test_selling_more_than_prima_has_free_is(world: Stage) -> None:
    """A level that is too high promises what Prima does not have."""
    world.oro.set_level("BOOT-F-070", "case", Decimal(3))
    world.checkout(world.buyer, [boots(8)])
    world.checkout(world.buyer, [boots(1, "case")])

    assert world.verdict.oversold == 4


def test_an_accepted_order_counts_in_free_stock_only(world: Stage) -> None:
    """Prima has taken it off: it is promised once, not twice."""
    order = world.checkout(world.buyer, [boots(5)])
    world.reply("prima", a_letter(order, quantity=5))
    world.checkout(world.buyer, [boots(5)])

    assert world.prima.free(BOOT) == 5
    assert world.verdict == Verdict()


def test_where_prima_reserves_on_release_an_accepted_order_is_still_promised() -> None:
    """Free stock has not fallen yet."""
    world = Stage(reserves="release")
    order = world.checkout(world.buyer, [boots(5)])
    world.reply("prima", a_letter(order, quantity=5))
    world.oro.set_level("BOOT-F-070", "each", Decimal(9))
    world.checkout(world.buyer, [boots(9)])

    assert world.verdict.oversold == 4


def test_a_cancelled_order_promises_nothing(world: Stage) -> None:
    """Nobody will ask for it."""
    order = world.checkout(world.buyer, [boots(9)])
    world.oro.set_internal_status(order, "cancelled")
    world.oro.set_level("BOOT-F-070", "each", Decimal(9))
    world.checkout(world.buyer, [boots(9)])

    assert world.verdict == Verdict()


def test_what_the_shop_refuses_is_not_counted(world: Stage) -> None:
    """Its own level does not allow it."""
    with pytest.raises(OutOfStock):
        world.checkout(world.buyer, [boots(11)])
    assert (world.verdict, world.checkouts) == (Verdict(), 0)


class Integration:
    """What an integration does to the shop: read orders, write levels."""

    def __init__(self, world: Stage) -> None:
        here = in_process(world)
        self._client = httpx.Client(transport=here.transport)
        self._api, self._level = here.places.oro_api, world.oro.level("BOOT-F-070", "each").id
        credentials = {
            "grant_type": "client_credentials",
            "client_id": here.places.client_id,
            "client_secret": here.places.client_secret,
        }
        token = self._client.post(here.places.token_url, data=credentials).json()["access_token"]
        media = "application/vnd.api+json"
        self._client.headers.update({"Authorization": f"Bearer {token}", "Accept": media})
        self._client.headers["Content-Type"] = media

    def read(self) -> None:
        """Read the orders."""
        assert self._client.get(f"{self._api}/orders").is_success

    def write(self, quantity: int) -> None:
        """Set the level of single boots."""
        data = {"type": "inventorylevels", "id": self._level}
        body = {"data": {**data, "attributes": {"quantity": quantity}}}
        content = json.dumps(body).encode()
        url = f"{self._api}/inventorylevels/{self._level}"
        assert self._client.patch(url, content=content).is_success


def test_a_sale_that_a_write_could_not_know_explains_what_is_oversold(world: Stage) -> None:
    """It is counted apart: no one can do better without a lock."""
    integration = Integration(world)
    integration.read()
    world.checkout(world.buyer, [boots(4)])
    integration.write(10)
    world.checkout(world.buyer, [boots(10)])

    assert world.verdict == Verdict(oversold=Decimal(0), in_window=Decimal(4))


def test_a_write_that_knew_of_every_sale_is_to_blame(world: Stage) -> None:
    """It could have been right, and was not."""
    integration = Integration(world)
    world.checkout(world.buyer, [boots(4)])
    integration.read()
    integration.write(10)
    world.checkout(world.buyer, [boots(10)])

    assert world.verdict == Verdict(oversold=Decimal(4), in_window=Decimal(0))


@pytest.mark.parametrize(
    ("reference", "order"), [("ORO-1042", "1042"), ("shop:0007", "7"), ("none", ""), ("", "")]
)
def test_order_id_is_read_from_the_end_of_the_reference(reference: str, order: str) -> None:
    """Whatever a client puts before it."""
    assert order_of(reference) == order


# Faults and counts


def test_a_fault_before_commit_leaves_nothing_and_one_after_leaves_an_order(world: Stage) -> None:
    """The client sees the same reset."""
    for fault in ("reset-before-commit", "reset-after-commit"):
        world.faults.add("prima", "MultiNewOrder", fault)

    acts = [world.reply("prima", a_letter("7", quantity=1)).act]
    kept = [len(world.prima.orders())]
    acts.append(world.reply("prima", a_letter("7", quantity=1)).act)
    kept.append(len(world.prima.orders()))

    assert acts == [Act.RESET, Act.RESET]
    assert kept == [0, 1]


def test_faults_that_are_answers_come_from_their_system(world: Stage) -> None:
    """Each system has its own."""
    world.faults.add("prima", "*", "fault-10921")
    world.faults.add("oro", "*", "unavailable")

    assert b"(10921)" in world.reply("prima", a_letter("7", quantity=1)).response.body
    assert world.reply("oro", HttpRequest("GET", "/admin/api/orders")).response.status == 503


def test_requests_are_counted_with_their_bytes(world: Stage) -> None:
    """Those that fail too."""
    letter = a_letter("7", quantity=1)
    answer = world.reply("prima", letter).response
    world.faults.add("prima", "*", "hang")
    world.reply("prima", letter)

    status, table = control(world, "GET", "requests")

    counts = {"count": 2, "in": 2 * len(letter.body), "out": len(answer.body)}
    assert (status, table) == (200, {"oro": {}, "prima": {"MultiNewOrder": counts}})


# The control interface


def test_state_shows_orders_stock_and_levels(world: Stage) -> None:
    """Everything an outside test needs to judge."""
    world.reply("prima", a_letter("7", quantity=4))

    status, state = control(world, "GET", "state")
    orders: Any = state["orders"]
    digest = orders[0].pop("request_sha256")

    line = {"product": "BOOT", "m1": "F", "m2": "070", "m3": "", "m4": ""}
    assert status == 200
    assert re.fullmatch("[0-9a-f]{64}", digest)
    assert orders == [
        {
            "order_number": "370",
            "reference": "ORO-7",
            "account": "ACME",
            "lines": [{**line, "quantity": 4, "price": ""}],
            "status": "Entered",
            "accepted": 1,
        }
    ]
    rows: Any = state["stock"]
    assert [(row["sku"], row["free"]) for row in rows] == [(line, 6)]
    levels = {(level["unit"], level["quantity"], level["factor"]) for level in rows[0]["levels"]}
    assert levels == {("each", 10, 1), ("case", 0, 6)}
    assert (state["oversold"], state["oversold_in_window"], state["checkouts"]) == (0, 0, 0)


def test_control_buys_breaks_and_moves_the_clock(world: Stage) -> None:
    """Each verb does one thing."""
    lines = [{"sku": "BOOT-F-070", "unit": "each", "quantity": 2}]
    bought = control(world, "POST", "orders", {"customer": world.buyer, "lines": lines})
    order = str(bought[1]["id"])
    world.reply("prima", a_letter(order, quantity=2))
    number = world.prima.orders()[0].order_number
    before = world.clock()

    moved = control(world, "POST", "status", {"order_number": number, "status": "Despatched"})
    fault = {"system": "prima", "operation": "OrderStatus", "fault": "hang"}
    scheduled = control(world, "POST", "faults", {**fault, "times": 2, "after": 1})
    advanced = control(world, "POST", "advance", {"seconds": 90})

    assert (bought[0], moved[0], advanced[0]) == (201, 200, 200)
    assert world.prima.orders()[0].status == "Despatched"
    assert scheduled == (200, {**fault, "times": 2, "after": 1})
    assert (world.clock() - before).total_seconds() >= 90


def an_order(**changes: object) -> dict[str, object]:
    """Order one boot."""
    line = {"sku": "BOOT-F-070", "unit": "each", "quantity": 1}
    return {"customer": "1", "lines": [line | changes]}


@pytest.mark.parametrize(
    ("name", "body", "status", "named"),
    [
        ("advance", {"seconds": -1}, 400, "seconds"),
        ("advance", {"seconds": 1e300}, 400, "seconds"),
        ("advance", {"seconds": True}, 400, "seconds"),
        ("advance", {"seconds": "soon"}, 400, "seconds"),
        ("advance", {"seconds": "NaN"}, 400, "seconds"),
        ("advance", b'{"seconds": NaN}', 400, "body"),
        ("advance", b"[]", 400, "body"),
        ("advance", b"\xff", 400, "body"),
        ("faults", {"system": "prima", "operation": "*", "fault": "flood"}, 400, "fault of prima"),
        ("faults", {"system": "prima", "operation": "*"}, 400, "fault"),
        (
            "faults",
            {"system": "prima", "operation": "*", "fault": "hang", "times": "2"},
            400,
            "times",
        ),
        ("status", {"order_number": "1", "status": "Despatched"}, 404, "order_number"),
        ("status", {"order_number": 1, "status": " "}, 400, "status"),
        ("orders", {"customer": "1"}, 400, "lines"),
        ("orders", {"customer": "1", "lines": ["x"]}, 400, "lines[0]"),
        ("orders", an_order(quantity=0), 400, "quantity"),
        ("orders", an_order(quantity=11), 409, "BOOT-F-070"),
        ("orders", an_order(sku="NONE"), 400, "lines"),
        ("nothing", {}, 404, "state"),
        ("state", {}, 405, "GET"),
    ],
)
def test_bad_input_is_refused_with_what_was_expected(
    world: Stage, name: str, body: object, status: int, named: str
) -> None:
    """Nobody has to guess."""
    if isinstance(body, dict) and body.get("customer"):
        body = {**body, "customer": world.buyer}
    got, answer = control(world, "POST", name, body)

    assert got == status
    assert named in str(answer["error"])


def test_unknown_customers_cannot_buy(world: Stage) -> None:
    """The customer's id is the shop's."""
    assert control(world, "POST", "orders", {**an_order(), "customer": "99999"})[0] == 400


def test_a_world_in_this_process_is_reached_by_httpx(world: Stage) -> None:
    """One transport for every address."""
    here = in_process(world)
    with httpx.Client(transport=here.transport) as client:
        state = client.get(f"{here.places.control_url}/state")
        stock = client.post(here.places.prima_url, content=a_letter("7", quantity=1).body)
        shop = client.get(f"{here.places.oro_api}/orders")

    assert (state.status_code, stock.status_code, shop.status_code) == (200, 200, 401)
