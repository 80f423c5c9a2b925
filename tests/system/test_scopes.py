"""Runs of named records and days by the command line, and plans of them that are saved."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from oro_prima.cli.approving import Approved
from oro_prima.cli.asked import Asked, run_asked
from oro_prima.cli.main import run
from oro_prima.cli.plan_lines import lines_of
from oro_prima.cli.saved import read_scope
from oro_prima.ids import OroPriceListId, OroProductId, OroSku, PrimaPriceBook, UnitCode
from oro_prima.mapping import Task
from oro_prima.oro.models.prices import ProductPrice
from oro_prima.plans import (
    AddPrice,
    EndPrice,
    OfCustomers,
    OfDays,
    OfOrders,
    OfProducts,
    PricePlan,
    SetPrice,
)
from oro_prima.records import Flow, Home
from oro_prima.sandbox import TradingDay, trading_day
from oro_prima.sync import last_runs, preview_orders
from oro_prima.wiring import connect

Output = pytest.CaptureFixture[str]


@pytest.fixture
def day() -> Iterator[TradingDay]:
    with trading_day(seed=3) as made:
        yield made


def command(day: TradingDay, *arguments: str) -> int:
    return run(["--config", str(day.directory / "oro-prima.toml"), *arguments])


def shown(day: TradingDay, capsys: Output, *arguments: str, code: int = 0) -> Any:
    capsys.readouterr()
    assert command(day, "--json", *arguments) == code
    return json.loads(capsys.readouterr().out)


def ready(day: TradingDay, capsys: Output) -> list[str]:
    found = shown(day, capsys, "preview", "orders")["orders"]
    return [one["order"] for one in found if one["home"] == "posted"]


def homes(day: TradingDay) -> dict[str, Home]:
    with connect(day.config) as ports:
        return {str(c.order): c.home for c in ports.store.captures_at(Home)}


def test_one_order_by_name(day: TradingDay, capsys: Output) -> None:
    """Previewed, posted, asked after, and its invoices read, alone."""
    one, two, *_rest = ready(day, capsys)
    seen = shown(day, capsys, "preview", "orders", "--order", one)["orders"]
    assert [order["order"] for order in seen] == [one]
    report = shown(day, capsys, "sync", "orders", "--order", one)
    assert report["posted"] == [one]
    assert homes(day) == {one: Home.POSTED}
    number = shown(day, capsys, "order", one)["numbers"][0]
    asked = shown(day, capsys, "sync", "fulfilment", "--order", number)
    assert asked["asked"] == 1
    read = shown(day, capsys, "sync", "invoices", "--order", f"ORO-{one}")
    assert read["counts"]["orders asked after"] == 1
    assert command(day, "sync", "fulfilment", "--order", two) == 2
    assert f"nothing is known of {two}" not in capsys.readouterr().err
    with connect(day.config) as ports:
        assert last_runs(ports.store) == {}  # the flows are due as before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("sync", "orders", "--order", "no-such"), "nothing is known of no-such"),
        (("preview", "orders", "--order", "987654"), "nothing is known of 987654"),
        (("sync", "fulfilment", "--order", "1"), "order 1 is not posted"),
        (("sync", "customers", "--customer", "98765"), "customer 98765 is not linked"),
        (("sync", "stock", "--sku", "NO"), "product NO: no unit of it is in the unit table"),
        (("preview", "prices", "--sku", "N,O"), "product N,O: no unit of it is in the unit table"),
        (("sync", "products", "--sku", "NO", "--sku", "N,O"), "product N,O is not in the shop"),
        (("sync", "stock", "--order", "1"), "--order is not of stock: give --sku"),
        (("preview", "orders", "--sku", "A"), "--sku is not of orders: give --order"),
        (("sync", "stock", "--from", "2031-05-04"), "free stock is a figure of now"),
        (("sync", "prices", "--from", "2031-05-04"), "what its book says today; give --sku"),
        (("sync", "products", "--from", "2031-05-04"), "has no date; give --sku"),
        (("sync", "customers", "--from", "2031-05-04"), "when an account changed; give --customer"),
        (("sync", "orders", "--to", "2031-05-04"), "--to: give --from too"),
        (
            ("sync", "orders", "--from", "2031-05-04", "--to", "2031-05-03"),
            "--to: comes before --from",
        ),
        (
            ("sync", "orders", "--from", "2031-05-04", "--order", "1"),
            "give one of --order, --from and --to",
        ),
        (("sync", "stock", "--small", "--sku", "A"), "give one of --sku"),
        (("preview", "orders", "--small"), "--small is of stock alone"),
    ],
)
def test_what_makes_no_sense_or_finds_nothing_is_said(
    day: TradingDay, capsys: Output, arguments: tuple[str, ...], said: str
) -> None:
    """By name, with what to give instead; nothing is done."""
    assert command(day, *arguments) == 2
    assert said in " ".join(capsys.readouterr().err.split())
    assert homes(day) == {}


def test_days_by_the_command_line(day: TradingDay, capsys: Output) -> None:
    """All orders of the days; a later run of everything posts the rest."""
    created = sorted({f"{view.created_at:%Y-%m-%d}" for view in day.world.oro.orders()})
    first = shown(day, capsys, "sync", "orders", "--from", created[0], "--to", created[-1], code=1)
    again = shown(day, capsys, "sync", "orders", "--from", created[0], "--to", created[-1])

    assert first["posted"]
    assert again["posted"] == []
    assert shown(day, capsys, "status")["read_up_to"] == 0


def test_goods_and_customers_by_the_command_line(day: TradingDay) -> None:
    """Each flow takes its own names."""
    level = next(one for one in day.world.oro.levels() if one.quantity)
    customer = day.world.seed.links[0][0]
    for flow in ("stock", "products"):
        assert command(day, "preview", flow, "--sku", level.sku) == 0
        assert command(day, "sync", flow, "--sku", level.sku) in (0, 1)
    assert command(day, "sync", "customers", "--customer", customer) in (0, 1)
    assert command(day, "preview", "stock", "--small") == 0


@pytest.mark.parametrize("given", ["--order", "--from", "--sku", "--customer", "--small"])
def test_a_plan_of_a_scope_is_saved_and_applied(
    day: TradingDay, capsys: Output, given: str
) -> None:
    """What it is of is saved with it."""
    view = day.world.oro.orders()[0]
    values = {
        "--order": ("orders", ready(day, capsys)[0]),
        "--from": ("orders", f"{view.created_at:%Y-%m-%d}"),
        "--sku": ("stock", day.world.oro.levels()[0].sku),
        "--customer": ("customers", day.world.seed.links[0][0]),
        "--small": ("stock", ""),
    }
    flow, value = values[given]
    path = day.directory / "plan.json"
    options = [given, value] if value else [given]
    assert command(day, "preview", flow, *options, "--save", str(path)) == 0
    tree = json.loads(path.read_text("utf-8"))
    before = len(homes(day))
    assert command(day, "apply", str(path), "--by", "Kim") in (0, 1)

    assert tree["version"] == 2
    assert tree["scope"]
    if given == "--order":
        assert len(homes(day)) == before + 1


def test_a_plan_of_an_earlier_release_is_of_everything(day: TradingDay) -> None:
    """It knew no scopes; one that has a scope is of this release."""
    path = day.directory / "plan.json"
    assert command(day, "preview", "orders", "--save", str(path)) == 0
    tree = json.loads(path.read_text("utf-8"))
    del tree["scope"]
    path.write_text(json.dumps(tree | {"version": 1}), "utf-8")
    assert command(day, "apply", str(path), "--by", "Kim") == 1  # one is refused by Prima
    assert homes(day)
    path.write_text(json.dumps(tree | {"version": 1, "scope": {}}), "utf-8")
    assert command(day, "apply", str(path), "--by", "Kim") == 2


@pytest.mark.parametrize(
    ("flow", "tree", "scope"),
    [
        (Flow.ORDERS, {"orders": ["7"]}, OfOrders),
        (Flow.CUSTOMERS, {"customers": ["7"]}, OfCustomers),
        (Flow.PRICES, {"skus": ["A"]}, OfProducts),
        (Flow.INVOICES, {"from": "2031-05-04", "to": "2031-05-05"}, OfDays),
    ],
)
def test_a_saved_scope_is_read_where_the_flow_knows_it(
    flow: Flow, tree: dict[str, object], scope: type
) -> None:
    """And nowhere else."""
    found = read_scope(flow, tree)
    others = [one for one in Flow if read_scope(one, tree) is not None]

    assert found is not None
    assert isinstance(found.scope, scope)
    assert flow in others
    assert len(others) < len(Flow)


@pytest.mark.parametrize(
    "tree",
    [[], "x", {"orders": "7"}, {"from": "2031-05-04"}, {"from": "a", "to": "b"},
     {"from": "2031-05-04", "to": "2031-05-03"}, {"small": True}, {"other": 1}],
)  # fmt: skip
def test_what_is_no_scope_is_refused(day: TradingDay, tree: object) -> None:
    """And no run is made of it."""
    assert read_scope(Flow.ORDERS, tree) is None
    path = day.directory / "plan.json"
    saved: Any = {"version": 2, "flow": "orders", "pair": "x", "at": "", "lines": [], "scope": tree}
    path.write_text(json.dumps(saved), "utf-8")
    assert command(day, "apply", str(path), "--by", "Kim") == 2


@pytest.mark.parametrize(
    "asked",
    [
        Asked(Task.STOCK, OfOrders(())),
        Asked(Task.ORDERS, OfProducts(())),
        Asked(Task.CUSTOMERS, OfProducts(())),
    ],
)
def test_a_flow_takes_no_scope_of_another(day: TradingDay, asked: Asked) -> None:
    """That is a mistake of whoever calls."""
    with connect(day.config) as ports, pytest.raises(ValueError, match="has no scope of"):
        run_asked(asked, day.config, ports)


def test_an_order_that_came_meanwhile_is_not_posted(day: TradingDay) -> None:
    """Only what was approved is; the next run of everything takes the rest."""
    path = day.directory / "plan.json"
    assert command(day, "preview", "orders", "--save", str(path)) == 0
    lines = json.loads(path.read_text("utf-8"))["lines"]
    approved = Approved(lines[1:])
    with connect(day.config) as ports:
        run_asked(Asked(Task.ORDERS), day.config, ports, approved.approval)
    taken = {order.reference for order in day.world.prima.orders()}
    left = lines[0].split()[2]

    assert approved.left_alone == lines[:1]
    assert approved.gone() == ()
    assert f"ORO-{left}" not in taken
    assert len(taken) in (len(lines) - 1, len(lines) - 2)  # Prima refuses one


@pytest.mark.parametrize("flow", ["stock", "customers", "products", "invoices", "fulfilment"])
def test_what_was_not_approved_is_left_alone(day: TradingDay, flow: str) -> None:
    """Of stock all of it, for levels rise and fall together; else the rest goes on."""
    assert command(day, "sync", "orders") == 1
    path = day.directory / "plan.json"
    for follow in day.world.prima.orders():
        day.world.prima.set_status(follow.order_number, "Despatched")
    day.world.clock.advance(60)  # what was just accepted counts as in flight for a moment
    assert command(day, "preview", flow, "--save", str(path)) == 0
    lines = json.loads(path.read_text("utf-8"))["lines"]
    approved = Approved([*lines[1:], "level GONE each: 1 -> 2"])
    with connect(day.config) as ports:
        run_asked(Asked(Task(flow)), day.config, ports, approved.approval)
    assert command(day, "preview", flow, "--save", str(path)) == 0
    after = json.loads(path.read_text("utf-8"))["lines"]

    assert "level GONE each: 1 -> 2" in approved.gone()
    assert set(approved.left_alone) <= set(lines)
    assert lines[:1] == approved.left_alone[:1]
    if flow == "stock":
        assert approved.left_alone == lines
    if lines and flow != "invoices":
        assert lines[0] in after or flow == "fulfilment"


def test_an_order_that_is_read_again_is_approved_still(day: TradingDay) -> None:
    """Before it is posted late; it is posted once all the same."""
    with connect(day.config) as ports:
        plans = list(preview_orders(ports, day.config.orders))
    plan = next(one for one in plans if one.commands)
    approved = Approved(lines_of(plan))
    first = approved.approval.orders(plan)

    assert approved.approval.orders(plan).commands == first.commands == plan.commands
    assert (approved.left_alone, approved.gone()) == ([], ())


def row(sku: str, quantity: int) -> ProductPrice:
    return ProductPrice(
        OroPriceListId("4"), OroSku(sku), UnitCode("each"), Decimal(quantity), "GBP", Decimal(2)
    )


def test_prices_of_a_unit_are_approved_together() -> None:
    """A row that came up keeps all rows of its unit back."""
    plan = PricePlan(
        PrimaPriceBook("B"), OroPriceListId("4"),
        changes=(SetPrice("1", row("A", 1), Decimal(1)), SetPrice("2", row("B", 1), Decimal(1))),
        adds=(AddPrice(OroProductId("1"), row("A", 6)),),
        ends=(EndPrice("3", OroProductId("2"), row("B", 6)),),
    )  # fmt: skip
    approved = Approved(
        [
            "price list 4: A each from 1: 1 -> 2 GBP",
            "price list 4: B each from 1: 1 -> 2 GBP",
            "price list 4: B each from 6: 2 GBP ends",
        ]
    )
    kept = approved.approval.prices(plan)

    assert Approved([]).told() == ""
    assert approved.told().splitlines()[:2] == [
        "Changed meanwhile, and left alone:",
        "  - price list 4: A each from 1: 1 -> 2 GBP",
    ]
    assert [one.price.sku for one in kept.commands] == ["B", "B"]
    assert len(approved.left_alone) == 2
    assert approved.gone() == ("price list 4: A each from 1: 1 -> 2 GBP",)
