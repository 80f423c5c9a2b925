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
from datetime import datetime, timedelta

from attrs import frozen

from oro_prima.config import Config, load_config
from oro_prima.ports import Ports
from oro_prima.records import Home
from oro_prima.sandbox import TradingDay, trading_day
from oro_prima.sync import sync_fulfilment, sync_orders, sync_stock
from oro_prima.wiring import connect, system_clock

__all__ = [
    "FULFILMENT_STEPS",
    "ORDER_STEPS",
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

ROUNDS = 3
"""Runs after a kill, by which everything must be settled."""


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
    """

    step: str
    nth: int
    lost: int
    doubled: int
    in_doubt: int
    posted: int


def kill_at(step: str, *, nth: int = 1, seed: int = 3) -> Killed:
    """Kill a run at a step, go on after its lease, and count from outside what came of it."""
    with trading_day(seed=seed) as day:
        if step in FULFILMENT_STEPS:
            _despatched(day)
        _killed(day, step, nth)
        settle_later(day)
        return counted(day, step, nth)


def _despatched(day: TradingDay) -> None:
    """Let every order be posted and its first goods leave Prima."""
    _go_on(day, timedelta(0))
    for order in day.world.prima.orders():
        day.world.prima.set_status(order.order_number, "Part Despatched")


def settle_later(day: TradingDay) -> None:
    """Go on as other processes once the lease of a killed one is over, until all is settled."""
    later = day.config.run.lease + timedelta(seconds=2)
    for _ in range(ROUNDS):
        _go_on(day, later)
        later += timedelta(seconds=1)


def _killed(day: TradingDay, step: str, nth: int) -> None:
    config = str(day.directory / "oro-prima.toml")
    flow = "stock" if step in STOCK_STEPS else "orders"
    flow = "fulfilment" if step in FULFILMENT_STEPS else flow
    command = [sys.executable, "-m", "oro_prima.testing.killing", config, flow, step, str(nth)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as child:  # noqa: S603
        if child.stdout is None or child.stdout.read(1) != b"!":
            msg = f"the child ended before {step} was reached {nth} times"
            raise RuntimeError(msg)
        child.kill()


def _go_on(day: TradingDay, later: timedelta) -> None:
    def clock() -> datetime:
        return system_clock() + later

    with connect(day.config, clock=clock) as ports:
        sync_orders(ports, day.config.orders)
        sync_stock(ports, day.config.stock)
        if day.world.prima.despatched():
            _fulfil(ports, day.config)


def _fulfil(ports: Ports, config: Config) -> None:
    sync_fulfilment(ports, config.orders, config.fulfilment, config.polls)


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
        if flow == "stock":
            sync_stock(ports, config.stock)
        elif flow == "fulfilment":
            _fulfil(ports, config)
        else:
            sync_orders(ports, config.orders)


if __name__ == "__main__":
    main(*sys.argv[1:5])
