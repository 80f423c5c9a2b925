"""What `connect` ties together, over real sockets."""

from __future__ import annotations

from pathlib import Path

import pytest

from oro_prima.ports import Event
from oro_prima.sandbox import trading_day
from oro_prima.sync import sync_orders
from oro_prima.wiring import connect

pytestmark = pytest.mark.enable_socket


def test_connect_beats_with_what_its_senders_read_and_wait(tmp_path: Path) -> None:
    """And tells of repetitions; an observer that raises hurts nothing."""
    told: list[Event] = []

    def watch(event: Event) -> None:
        told.append(event)
        raise OSError("the log disk is full")

    with trading_day(seed=7, size=4, directory=tmp_path) as day:
        config = day.config
        day.world.faults.add("oro", "list_orders", "bad-gateway", times=1)
        beats: list[int] = []
        with (
            pytest.warns(UserWarning, match="an observer fails: OSError"),
            connect(config, observer=watch, sleep=lambda _seconds: None) as ports,
            ports.pulse.during(lambda: beats.append(1)),
        ):
            report = sync_orders(ports, config.orders)

    retries = [event for event in told if event.what == "retry"]
    assert report.posted
    assert [(event.subject, event.outcome) for event in retries][:1] == [
        (retries[0].subject, "UnavailableError")
    ]
    assert retries[0].subject.startswith("oro/")
