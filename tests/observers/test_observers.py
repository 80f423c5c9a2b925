"""What a run tells of itself: everything that matters, nothing that is personal."""

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path

import pytest
from attrs import evolve
from tests.sync.flows import Bench

from oro_prima.errors import CallError
from oro_prima.http.observed import ObservedSender
from oro_prima.mapping import StockPolicy
from oro_prima.observers import log_events, tell_all
from oro_prima.oro.calls.orders import sweep_orders
from oro_prima.oro.models.features import OroFeatures
from oro_prima.ports import Event
from oro_prima.records import Flow, RecordState
from oro_prima.sandbox.seed.words import FORENAMES, STREETS, SURNAMES
from oro_prima.sync import reconcile_orders, retry_held, sync_orders, sync_stock
from oro_prima.values import local_date

CANARIES = (*SURNAMES[1:], *FORENAMES[2:5], *STREETS, "01632 960", "sandbox-secret")


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.DEBUG, logger="oro_prima")
    return caplog


def test_an_event_is_one_line_with_its_parts_as_fields(log: pytest.LogCaptureFixture) -> None:
    """So that text and structured logs say the same."""
    event = Event(Flow.ORDERS, "decided", "orders/7", outcome="posted")
    log_events()(event)
    log_events()(Event(Flow.STOCK, "writing levels", done=3, total=9))
    (first, second) = log.records

    assert first.getMessage() == "orders: decided orders/7: posted"
    assert (first.__dict__["subject"], first.__dict__["outcome"]) == ("orders/7", "posted")
    assert second.getMessage() == "stock: writing levels 3/9"


@pytest.mark.parametrize(
    ("event", "level"),
    [
        (Event(None, "call", "oro/list_orders", outcome="ok"), logging.DEBUG),
        (Event(None, "call", "prima/post_order", outcome="NoAnswerError"), logging.WARNING),
        (Event(Flow.ORDERS, "run began", "a"), logging.INFO),
        (Event(Flow.ORDERS, "stopped", "why"), logging.WARNING),
    ],
)
def test_what_needs_a_look_is_louder(
    event: Event, level: int, log: pytest.LogCaptureFixture
) -> None:
    """Calls are for those who look closely; failures and stops are not."""
    log_events(logging.getLogger("oro_prima.mine"))(event)

    assert [level] == [record.levelno for record in log.records]


def test_nothing_is_written_that_nobody_reads(caplog: pytest.LogCaptureFixture) -> None:
    """Below the level nothing is made."""
    caplog.set_level(logging.ERROR, logger="oro_prima")
    log_events()(Event(Flow.ORDERS, "run began"))

    assert caplog.records == []


def test_every_call_is_told_with_its_end_and_its_time(tmp_path: Path) -> None:
    """Also one that fails; the error goes on."""
    bench, told = Bench(tmp_path), list[Event]()
    ticks = iter([1.0, 1.5, 2.0, 4.0])
    call = sweep_orders(OroFeatures(), after=0)
    with bench.ports() as ports:
        sender = ObservedSender(ports.shop, told.append, system="oro", seconds=lambda: next(ticks))
        sender.send(call)
        bench.world.faults.add("oro", "*", "maintenance", times=9)
        with pytest.raises(CallError):
            sender.send(call)
    bench.store.close()

    assert [(e.subject, e.outcome, e.took) for e in told] == [
        ("oro/sweep_orders", "ok", timedelta(seconds=0.5)),
        ("oro/sweep_orders", "UnavailableError", timedelta(seconds=2)),
    ]


def test_nothing_personal_and_no_secret_is_told_anywhere(
    tmp_path: Path, log: pytest.LogCaptureFixture
) -> None:
    """Planted names, addresses and the secret: not in logs, events, journal, records, reports."""
    bench, told = Bench(tmp_path), list[Event]()
    bench.put_into_use()
    observe = tell_all(log_events(), told.append)
    found: list[object] = []
    faults = ("reset-after-commit", "truncate", "fault-8234", "unavailable", "bad-gateway")
    for fault in faults:
        bench.world.faults.add("prima", "MultiNewOrder", fault, after=1)
        with bench.ports(observer=observe) as ports:
            ports = evolve(
                ports,
                shop=ObservedSender(ports.shop, observe, system="oro"),
                erp=ObservedSender(ports.erp, observe, system="prima"),
            )
            found += [sync_orders(ports, bench.policy), sync_stock(ports, StockPolicy())]
            day = local_date(bench.world.clock(), bench.policy.zone)
            found.append(reconcile_orders(ports, bench.policy, day=day))
        bench.world.faults.clear()
        retry_held(bench.store, by="Kim", at=bench.world.clock())
    found += [*bench.store.journal(), *bench.store.exceptions(RecordState)]
    found += [*told, *(record.__dict__ for record in log.records)]
    text = "\n".join(map(repr, found))
    planted = [order.reference for order in bench.world.prima.orders()]
    bench.store.close()

    assert planted
    assert len(text) > 10_000
    assert [word for word in CANARIES if word in text] == []


def test_the_canaries_are_there_to_be_found(tmp_path: Path) -> None:
    """Payloads hold them, so a search that finds nothing elsewhere means something."""
    bench = Bench(tmp_path)
    bench.put_into_use()
    with bench.ports() as ports:
        posted = sync_orders(ports, bench.policy).posted
    payloads = [bench.store.payload(e.key) for e in bench.store.newest_entries(posted).values()]
    text = b"\n".join(payload for payload in payloads if payload).decode()
    bench.store.close()

    assert any(word in text for word in CANARIES)
