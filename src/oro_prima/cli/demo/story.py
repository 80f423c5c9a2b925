"""The acts of a trading day: what goes wrong, and what the library makes of it."""

from __future__ import annotations

import time
from contextlib import closing
from itertools import cycle, islice

from oro_prima.cli.demo.flows import play_flows
from oro_prima.cli.demo.stage import Stage
from oro_prima.converters import is_list, is_object
from oro_prima.ports import Event
from oro_prima.reasons import ReasonCode
from oro_prima.records import EntryState, Home, RecordState
from oro_prima.sync import decide_send
from oro_prima.sync.late import PAGE
from oro_prima.wiring import open_store

PERSON = "the demo, playing a person"
LOST_AFTER, CUT_AFTER, TOKEN_AFTER = 7, 4, 3
"""The part of the ordinary orders after which an answer, a connection, a token is lost: a 7th …"""
SHOPPERS = 60
NEW_ORDERS = 6
MARGIN_SECONDS = 3
"""Orders accepted within two seconds before a stock run count as in flight: both clocks move on."""

EXPECTED = {
    "unlinked_customer": ("a customer without link", ReasonCode.CUSTOMER_NOT_LINKED),
    "unknown_unit": ("a unit the table does not know", ReasonCode.UNKNOWN_UNIT),
    "broken_pallet": ("half a pallet that is no whole number", ReasonCode.FRACTIONAL_QUANTITY),
    "vat_inclusive": ("VAT basis against the price book", ReasonCode.VAT_BASIS_MISMATCH),
}


def play(stage: Stage) -> None:
    """Play the whole day."""
    stage.say("Orders")
    _morning(stage)
    _special(stage)
    _lost_answers(stage)
    _killed(stage)
    stage.say("Stock")
    _partial_snapshot(stage)
    _shoppers(stage)
    stage.say("Evening")
    _close(stage)
    stage.say("Customers, prices, products, parcels, invoices")
    play_flows(stage)


def _morning(stage: Stage) -> None:
    """Post everything, with two answers lost and a token that ends in the middle."""
    orders = len(stage.day.world.seed.orders)
    lost, cut = orders // LOST_AFTER, orders // CUT_AFTER
    stage.control.fault("prima", "MultiNewOrder", "reset-after-commit", after=lost)
    stage.control.fault("prima", "MultiNewOrder", "reset-before-commit", after=cut)

    def end_the_token(event: Event) -> None:
        if event.what == "posting" and event.done == min(orders, PAGE) // TOKEN_AFTER:
            stage.day.world.oro.expire_tokens()

    report = stage.orders(on_event=end_the_token)
    stage.tell("good orders", f"{len(report.posted)} posted", fine=report.stopped is None)
    tokens = stage.day.world.requests.of("oro", "token").count
    stage.tell(
        "a token that expires mid-run",
        f"{tokens} tokens asked for, nothing noticed"
        if report.stopped is None
        else report.stopped.why,
        fine=report.stopped is None and tokens > 1,
    )
    doubts = len(report.newly_in_doubt)
    stage.tell("two connections reset while posting", f"{doubts} orders in doubt", fine=doubts == 2)


def _special(stage: Stage) -> None:
    """Look at the orders that somebody has to decide about."""
    seed = stage.day.world.seed
    with closing(open_store(stage.config)) as store:
        held = {r.subject: r.reasons[0].code for r in store.exceptions((RecordState.HELD,))}
        homes = {capture.order: capture.home for capture in store.captures_at(Home)}
    for name, (what, code) in EXPECTED.items():
        found = held.get(f"orders/{seed.special[name]}")
        shown = f"held, {found.value}" if found else "not held"
        stage.tell(what, shown, fine=found is code)
    for name, what, home in (
        ("ratio_pack", "a ratio pack of four sizes", Home.POSTED),
        ("main", "a main order", Home.MAIN),
        ("sub_1", "its first sub-order", Home.POSTED),
        ("sub_2", "its second sub-order", Home.POSTED),
        ("external", "an order from the ERP itself", Home.IGNORED),
        ("cancelled", "an order cancelled in the shop", Home.CANCELLED),
    ):
        if name in seed.skipped:
            stage.say(f"  --  {what}: this OroCommerce cannot show it; left out")
            continue
        there = {str(order): one for order, one in homes.items()}.get(seed.special[name])
        stage.tell(what, there.value if there else "nowhere", fine=there is home)


def _lost_answers(stage: Stage) -> None:
    """Settle one doubt by asking Prima, the other by a person."""
    report = stage.orders()
    stage.tell(
        "the answer lost after Prima took the order",
        f"{len(report.recovered)} settled by OrderStatus, not sent again",
        fine=len(report.recovered) == 1,
    )
    left = report.in_doubt
    stage.tell("the one Prima does not show", f"{len(left)} in doubt", fine=len(left) == 1)
    with closing(open_store(stage.config)) as store:
        for order in left:
            at = stage.day.world.clock()
            decide_send(store, order=order, by=PERSON, note="looked in Prima", at=at)
    report = stage.orders()
    stage.tell(
        "a person says that Prima does not have it (the demo plays that person)",
        f"sent once more, {len(report.recovered)} posted",
        fine=len(report.recovered) == 1 and not report.in_doubt,
    )


def _killed(stage: Stage) -> None:
    """Kill a run between send and settle; recover in a new process from the store file alone."""
    world = stage.day.world
    linked = [customer for customer, _account in world.seed.links]
    plenty = next(one for one in world.oro.levels() if one.quantity >= NEW_ORDERS)
    for number in range(NEW_ORDERS):
        stage.control.buy(linked[number % 5], plenty.sku, plenty.unit, 1)
    stage.kill_a_child("before-settle")
    with closing(open_store(stage.config)) as store:
        claimed = len(store.entries((EntryState.CLAIMED,)))
    stage.tell("a run killed between send and settle", f"{claimed} claimed", fine=claimed == 1)
    stage.say("      waiting until the dead run's lease has ended")
    time.sleep(stage.config.run.lease.total_seconds() + 0.5)
    result = stage.another_process()
    recovered, posted = _count(result, "recovered"), _count(result, "posted")
    stage.tell(
        "a new process, from the store file alone",
        f"{recovered} recovered, {posted} posted",
        fine=recovered == 1 and posted == NEW_ORDERS - 1,
    )


def _count(tree: object, name: str) -> int:
    found = tree.get(name) if is_object(tree) else None
    return len(found) if is_list(found) else -1


def _partial_snapshot(stage: Stage) -> None:
    """Read a snapshot that says OK and holds a ninth of the SKUs."""
    stage.control.fault("prima", "ProductAvailableToSell", "partial-snapshot")
    report = stage.stock()
    refused = report.plan is not None and report.plan.refused is not None
    stage.tell(
        "a partial snapshot with status OK",
        "refused, nothing written" if refused else "let through",
        fine=refused and report.levels_changed == 0,
    )


def _shoppers(stage: Stage) -> None:
    """Let shoppers buy what is being written, between reading and writing."""
    world = stage.day.world
    wanted = [
        (level.sku, level.unit)
        for level in world.oro.levels()
        if level.quantity >= 1 and (level.sku, level.unit) in world.units
    ]
    basket = list(islice(cycle(wanted[::3]), SHOPPERS))
    customer = world.seed.links[0][0]
    bought: list[bool] = []

    def shop(step: str) -> None:
        if step == "before-levels":
            bought.extend(stage.control.buy(customer, sku, unit, 1) for sku, unit in basket)

    report = stage.stock(step=shop)
    stage.tell(
        f"{sum(bought)} checkouts between reading and writing",
        f"{report.levels_changed} levels written, {report.corrections} corrected at once",
        fine=sum(bought) >= 50 and report.stopped is None,
    )
    refused = sum(
        not stage.control.buy(customer, sku, unit, 1_000_000) for sku, unit in basket[:20]
    )
    more = sum(stage.control.buy(customer, sku, unit, 1) for sku, unit in basket)
    state = stage.control.state()
    stage.tell(
        f"{more} more checkouts, {refused} greedy ones refused",
        f"oversold {state['oversold']}, in the window {state['oversold_in_window']} "
        f"(bound {report.window_bound})",
        fine=state["oversold"] == 0 and refused == len(basket[:20]),
    )


def _close(stage: Stage) -> None:
    """Post what was bought, publish what is left."""
    report = stage.orders()
    stage.tell("the day's last orders", report.summary(), fine=report.stopped is None)
    stage.control.advance(MARGIN_SECONDS)
    last = stage.stock()
    stage.tell("the day's last stock", last.summary(), fine=last.stopped is None)
    again = stage.stock()
    stage.tell(
        "once more, nothing having changed",
        f"{again.levels_changed} levels written",
        fine=again.levels_changed == 0,
    )
