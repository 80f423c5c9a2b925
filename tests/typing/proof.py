"""The kit that proves exactly once, used as a user would: never run, only type-checked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from attrs import evolve

from oro_prima.config import Config, fix_charge, fix_unit, load_config
from oro_prima.ids import OroSku, UnitCode
from oro_prima.ports import Ports, Store
from oro_prima.records import ExceptionRecord
from oro_prima.sync import sync_orders
from oro_prima.testing.explore import (
    Fate,
    Finding,
    Law,
    Look,
    Report,
    Scenario,
    Shop,
    ShopOrder,
    explore,
    one_order,
    two_orders,
)
from oro_prima.testing.hardship import Endured, Trouble, endure, kill_anywhere
from oro_prima.testing.killing import (
    ALL_STEPS,
    APPLY_STEPS,
    FULFILMENT_STEPS,
    ORDER_STEPS,
    RUN_STEPS,
    STOCK_STEPS,
    WATERMARK_STEPS,
    Killed,
    kill_at,
)
from oro_prima.testing.simulate import ALL_PAIRS, BrokenPromiseError, Pair, Played, simulate
from oro_prima.wiring import open_store

NOW = datetime(2031, 5, 4, tzinfo=UTC)


def explored() -> Iterator[Finding]:
    """Every state of one's own policy, from afar and closely."""

    def flow(ports: Ports, scenario: Scenario) -> object:
        return sync_orders(ports, scenario.policy)

    far = Scenario("ours", two_orders())
    report: Report = explore(far, faults=1, flow=flow)
    own: Shop = Shop((ShopOrder(1001), ShopOrder(1002, late=True)))
    print(explore(evolve(far, shop=own, fates=(Fate.LOST_ANSWER,)), faults=1).moves)
    close: Report = explore(evolve(far, shop=one_order(), look=Look.CLOSE), faults=1)
    lost: Finding | None = report.broke(Law.LOST)
    print(report.states, report.complete, report.idle == close.idle, lost)
    yield from report.findings


def endured() -> Iterator[Killed]:
    """Real processes in trouble."""
    for step in (*ORDER_STEPS, *WATERMARK_STEPS, *STOCK_STEPS, *FULFILMENT_STEPS):
        yield kill_at(step, nth=1)
    print(RUN_STEPS, APPLY_STEPS)
    for flow, steps in ALL_STEPS.items():
        yield kill_at(steps[0], flow=flow)
    yield kill_anywhere(3)
    for trouble in Trouble:
        met: Endured = endure(trouble)
        yield met.came


def played() -> Iterator[Pair]:
    """Days from numbers."""
    try:
        day: Played = simulate(3)
    except BrokenPromiseError as error:
        print(error)
        return
    print(day.digest, day.undecided, ALL_PAIRS - day.pairs)
    yield from day.pairs


def corrected(path: Path) -> tuple[ExceptionRecord, ...]:
    """A table is corrected and what waits for it is tried."""
    config: Config = load_config(path)
    store: Store = open_store(config)
    sku, unit = OroSku("B"), UnitCode("case")
    waiting = fix_unit(path, store, sku=sku, unit=unit, product="BOOT", by="Kim", at=NOW)
    return waiting + fix_charge(path, store, method="flat", code="CARR", by="Kim", at=NOW)
