"""
Real processes that are killed: at a named step, proved by a byte on a pipe, with SIGKILL.

`python -m oro_prima.testing.killing CONFIG FLOW STEP NTH` runs a flow up to a step, says so, and
does nothing more until it is killed. `kill_at` does all of it and lets another process go on from
the store file alone.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

from attrs import evolve, frozen

from oro_prima.config import load_config
from oro_prima.records import Flow, Home
from oro_prima.sandbox import TradingDay, trading_day
from oro_prima.sandbox.oro.schema import Release
from oro_prima.testing.scenes import WRITTEN_BACK, left_over, prepare, run_flow, twice
from oro_prima.wiring import connect, system_clock

__all__ = [
    "ALL_STEPS",
    "APPLY_STEPS",
    "FULFILMENT_STEPS",
    "ORDER_STEPS",
    "RUN_STEPS",
    "STOCK_STEPS",
    "WATERMARK_STEPS",
    "Killed",
    "kill_at",
]

ORDER_STEPS = ("before-claim", "after-claim", "after-send", "before-settle", "after-settle")
"""Steps of every order that is posted."""

WATERMARK_STEPS = ("before-watermark", "after-watermark")
"""Steps of every batch of orders."""

STOCK_STEPS = ("before-levels", "before-write", "after-write")
FULFILMENT_STEPS = ("before-tracking", "after-tracking", "before-status", "after-status")
"""Steps of every order of which Prima says something new, its parcels before its status."""

ALL_STEPS: Mapping[Flow, tuple[str, ...]] = {
    Flow.ORDERS: (*ORDER_STEPS, *WATERMARK_STEPS, WRITTEN_BACK),
    Flow.STOCK: STOCK_STEPS,
    Flow.FULFILMENT: FULFILMENT_STEPS,
    Flow.PRICES: ("before-write", "after-write", "before-end", "after-end"),
    Flow.CUSTOMERS: ("before-keep", "before-write", "after-write", "before-assign", "after-assign"),
    Flow.PRODUCTS: ("before-disable", "after-disable"),
    Flow.INVOICES: ("before-keep",),
}
"""Every named step of every flow."""

RUN_STEPS = ("before-run", "after-run", "after-noted")
"""Steps of every run that `oro-prima run` starts, around those of its flow."""

APPLY_STEPS = ("before-compare", "after-compare", "after-approval", "after-carried-out")
"""Steps of `oro-prima apply`, around those of the flow of its plan."""

ROUNDS = 3
"""Runs after a kill, by which everything must be settled."""
LATER = timedelta(days=2)
"""After the runs: by then every followed order is due again."""


@frozen
class Killed:
    """
    What became of a run that was killed.

    Attributes:
        step, nth: Where: the nth time that the step was reached.
        lost: Orders of the shop that are neither in Prima nor at home anywhere, and parcels of
            Prima that the shop was not told of.
        doubled: References that Prima took more than once, and parcels that the shop has twice.
        in_doubt: Orders still in doubt at the end, for a person.
        posted: Orders that Prima has, once each.
        flow: Of the run that was killed.
        left: What a fresh run of that flow would still change, and what was taken away and not
            kept.
    """

    step: str
    nth: int
    lost: int
    doubled: int
    in_doubt: int
    posted: int
    flow: Flow = Flow.ORDERS
    left: int = 0


def kill_at(step: str, *, flow: Flow | None = None, nth: int = 1, seed: int = 3) -> Killed:
    """
    Kill a run at a step, go on after its lease, and count from outside what came of it.

    Args:
        step: Where.
        flow: Whose step; None for the first of `ALL_STEPS` that has one of that name.
        nth: Which time that the step is reached.
        seed: All made-up data follows from it.

    Raises:
        RuntimeError: the run ended before the step was reached.
    """
    of = flow or next((one for one, steps in ALL_STEPS.items() if step in steps), Flow.ORDERS)
    version: Release = "6.1.10" if step == WRITTEN_BACK else "6.1"
    with trading_day(seed=seed, oro_version=version) as plain:
        day = prepare(plain, of, step=step)
        _killed(day, of, step, nth)
        settle_later(day, of)
        return _judged(day, of, counted(day, step, nth))


def _judged(day: TradingDay, flow: Flow, came: Killed) -> Killed:
    """Add what of a flow is left over or there twice, as a fresh run sees it after days."""
    with connect(day.config, clock=lambda: system_clock() + LATER) as ports:
        left, again = left_over(ports, day, flow), twice(ports, day, flow)
    return evolve(came, flow=flow, left=left, doubled=came.doubled + again)


def settle_later(day: TradingDay, flow: Flow = Flow.ORDERS) -> None:
    """Go on as other processes once the lease of a killed one is over, until all is settled."""
    later = day.config.run.lease + timedelta(seconds=2)
    for _ in range(ROUNDS):
        _go_on(day, flow, later)
        later += timedelta(seconds=1)


def _killed(day: TradingDay, flow: Flow, step: str, nth: int) -> None:
    config = str(day.directory / "oro-prima.toml")
    module = "oro_prima.testing.killing"
    command = [sys.executable, "-m", module, config, flow.value, step, str(nth)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as child:  # noqa: S603
        if child.stdout is None or child.stdout.read(1) != b"!":
            msg = f"the child ended before {step} was reached {nth} times"
            raise RuntimeError(msg)
        child.kill()


def _go_on(day: TradingDay, flow: Flow, later: timedelta) -> None:
    def clock() -> datetime:
        return system_clock() + later

    with connect(day.config, clock=clock) as ports:
        sent = (Flow.FULFILMENT,) if day.world.prima.despatched() else ()
        for one in dict.fromkeys((Flow.ORDERS, Flow.STOCK, *sent, flow)):
            run_flow(ports, day.config, one)


def counted(day: TradingDay, step: str, nth: int) -> Killed:
    """Count from outside what came of a day."""
    taken = Counter[str]()
    for order in day.world.prima.orders():
        taken[order.reference] += order.accepted
    with connect(day.config) as ports:
        homes = {str(one.order): one.home for one in ports.store.captures_at(Home)}
    lost = [
        one.id
        for one in day.world.oro.orders()
        if homes.get(one.id) in (None, Home.POSTED) and f"ORO-{one.id}" not in taken
    ]
    told = Counter(parcel for one in day.world.oro.orders() for parcel in one.trackings)
    untold = [one for one in day.world.prima.despatched() if one.tracking not in told]
    return Killed(
        step,
        nth,
        lost=len(lost) + len(untold),
        doubled=sum(times > 1 for times in (*taken.values(), *told.values())),
        in_doubt=sum(home is Home.IN_DOUBT for home in homes.values()),
        posted=len(taken),
    )


def main(path: str, flow: str, step: str, nth: str) -> None:
    """Run a flow up to the nth time that a named step is reached."""
    left = int(nth)

    def stop_there(name: str) -> None:
        nonlocal left
        if name == step:
            left -= 1
            if left == 0:
                sys.stdout.write("!")
                sys.stdout.flush()
                threading.Event().wait()

    config = load_config(path)
    with connect(config, step=stop_there) as ports:
        run_flow(ports, config, Flow(flow))


if __name__ == "__main__":
    main(*sys.argv[1:5])
