"""What the acts of the demo work with: both systems, control, runs, and what was counted."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import cast

from attrs import define, field, frozen

from oro_prima.config import Config
from oro_prima.ports import Event, Observer
from oro_prima.sandbox.day import TradingDay
from oro_prima.sandbox.remote import ControlClient
from oro_prima.sync import RunReport, StockReport, sync_orders, sync_stock
from oro_prima.wiring import connect

Say = Callable[[str], None]
CHILD_SECONDS = 120.0


@frozen
class Told:
    """One thing that the demo showed: what happened, and what came of it."""

    what: str
    result: str
    fine: bool


@frozen
class Played:
    """What one flow did: records written, records for a person, and writes once more."""

    flow: str
    written: int
    held: int
    again: int
    stopped: bool

    def tree(self) -> dict[str, object]:
        """Return it as plain JSON."""
        return {"written": self.written, "held": self.held, "written_again": self.again}


@define
class Stage:
    """The demo while it plays."""

    day: TradingDay
    say: Say
    log: Path
    observer: Observer
    told: list[Told] = field(factory=list[Told])
    reports: list[StockReport] = field(factory=list[StockReport])
    flows: list[Played] = field(factory=list[Played])

    @property
    def config(self) -> Config:
        """The configuration of the pair."""
        return self.day.config

    def tell(self, what: str, result: str, *, fine: bool) -> None:
        """Show and keep one result."""
        self.told.append(Told(what, result, fine))
        self.say(f"  {'ok ' if fine else 'NO '} {what}: {result}")

    def orders(self, *, on_event: Callable[[Event], None] | None = None) -> RunReport:
        """Run the orders flow once."""

        def observe(event: Event) -> None:
            self.observer(event)
            if on_event is not None:
                on_event(event)

        with connect(self.config, observer=observe) as ports:
            report = sync_orders(ports, self.config.orders)
        self.note(report.summary())
        return report

    def stock(self, *, step: Callable[[str], None] = lambda _name: None) -> StockReport:
        """Run the stock flow once."""
        with connect(self.config, observer=self.observer, step=step) as ports:
            report = sync_stock(ports, self.config.stock)
        self.note(report.summary())
        self.reports.append(report)
        return report

    @property
    def control(self) -> ControlClient:
        """The control interface of both systems."""
        return ControlClient(self.day.places.control_url)

    def kill_a_child(self, step: str) -> None:
        """Run the orders flow in a process of its own, and kill it at a named step."""
        config = str(self.day.directory / "oro-prima.toml")
        command = [sys.executable, "-m", "oro_prima.cli.demo.child", config, step]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as child:  # noqa: S603
            if child.stdout is None or child.stdout.read(1) != b"!":
                msg = f"the child ended before {step}"
                raise RuntimeError(msg)
            child.kill()

    def another_process(self) -> Mapping[str, object]:
        """Run the orders flow in a new process that knows the store file alone."""
        config = str(self.day.directory / "oro-prima.toml")
        command = [sys.executable, "-m", "oro_prima", "--config", config, "--json"]
        done = subprocess.run(  # noqa: S603
            [*command, "sync", "orders"],
            capture_output=True,
            text=True,
            check=False,
            timeout=CHILD_SECONDS,
        )
        self.note(done.stdout + done.stderr)
        return cast("Mapping[str, object]", json.loads(done.stdout))

    def note(self, text: str) -> None:
        """Write to the demo's log."""
        with self.log.open("a", encoding="utf-8") as file:
            file.write(text.rstrip() + "\n")
