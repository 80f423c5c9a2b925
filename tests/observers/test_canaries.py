"""
Planted names, addresses, e-mails and secrets are searched for in everything that is told or kept.

Only the payloads of claims may hold what is personal, and the notes that people write themselves.
"""

from __future__ import annotations

import json
import logging
import sqlite3
import traceback
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from tests.sync.flows import Bench

from oro_prima.cli.tables import cause_json, record_json, record_text, report_text
from oro_prima.errors import OroPrimaError
from oro_prima.http.observed import ObservedSender
from oro_prima.ids import OroOrderId
from oro_prima.mapping import StockPolicy
from oro_prima.observers import log_events, tell_all
from oro_prima.observers.otel import trace_events
from oro_prima.ports import Event
from oro_prima.reconcile import causes
from oro_prima.records import EntryState, RecordState
from oro_prima.sandbox.oro import OrderLine
from oro_prima.sync import (
    RunReport,
    StockReport,
    forget_order,
    reconcile_orders,
    sync_orders,
    sync_stock,
)
from oro_prima.values import local_date

CANARIES = {
    "organization": "Quetzalcanary Holdings",
    "firstName": "Peregrina",
    "lastName": "Nightjarsson",
    "street": "17 Kestrelgate",
    "street2": "Unit Ospreyx",
    "city": "Goldfinchester",
    "postalCode": "ZZ9 7QX",
    "phone": "01632960417",
    "poNumber": "PO-WAXWING-1",
    "customerNotes": "Ring Mrs Lapwingham, gate code 4417",
    "comment": "for Mr Dunnockby",
}
"""In this order: of the address, then of the order, then of its lines."""

SECRETS = ("sandbox-secret", "Bearer ")
PERSONAL_TABLES = frozenset({"payloads", "notes"})


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path, size=6)
    made.put_into_use()
    yield made
    made.store.close()


def plant(bench: Bench) -> list[OroOrderId]:
    """Plant canaries in every order of the shop, some of which cannot be mapped."""
    level = bench.world.oro.levels()[0]
    line = OrderLine(level.sku, level.unit, Decimal(1), Decimal(1))
    for _ in range(2):
        bench.world.oro.place_order(bench.world.seed.links[0][0], [line])
    shop = bench.world.oro._shop
    for row in shop.db.rows("orderaddresses"):
        row.attributes |= {name: CANARIES[name] for name in list(CANARIES)[:8]}
    for row in shop.db.rows("orderlineitems"):
        row.attributes["comment"] = CANARIES["comment"]
    rows = list(shop.db.rows("orders"))
    for row in rows:
        row.attributes |= {name: CANARIES[name] for name in ("poNumber", "customerNotes")}
    rows[-1].attributes["poNumber"] = CANARIES["poNumber"] + " " + "x" * 300
    addresses = [row.one("shippingAddress") for row in rows]
    address = shop.db.need(next(found for found in addresses if found is not None))
    address.attributes["city"] = "Goldfinchester\u8a9e"  # cannot be written in Prima's code page
    return [OroOrderId(row.id) for row in rows]


def words(text: str) -> list[str]:
    """Return the canaries that stand in a text, in any case."""
    folded = text.casefold()
    parts = [part for value in CANARIES.values() for part in value.split() if len(part) > 4]
    return [word for word in (*parts, *SECRETS) if word.casefold() in folded]


def run_everything(bench: Bench, observe: Any) -> list[object]:
    """Run both flows through every kind of trouble; return reports and errors as they look."""
    found: list[object] = []
    both = ("reset-after-commit", "truncate", "unavailable", "bad-gateway", "hang", "unauthorized")
    troubles = {
        ("prima", "MultiNewOrder"): (*both, "fault-8234", "fault-10921"),
        ("oro", "list_orders"): (*both, "maintenance", "database-down"),
    }
    for (system, operation), faults in troubles.items():
        for fault in faults:
            bench.world.faults.add(system, operation, fault, after=1)
            with bench.ports(observer=observe) as ports:
                ports = evolve(
                    ports,
                    shop=ObservedSender(ports.shop, observe, system="oro"),
                    erp=ObservedSender(ports.erp, observe, system="prima"),
                )
                found += attempted(bench, ports)
            bench.world.faults.clear()
            bench.advance(minutes=20)
    return found


def attempted(bench: Bench, ports: Any) -> list[object]:
    found: list[object] = []
    try:
        day = local_date(bench.world.clock(), bench.policy.zone)
        reports: list[RunReport | StockReport] = [sync_orders(ports, bench.policy)]
        reports.append(sync_stock(ports, StockPolicy()))
        found += [*reports, *map(report_text, reports)]
        found += [
            "".join(traceback.format_exception(report.stopped.error))
            for report in reports
            if report.stopped is not None and report.stopped.error is not None
        ]
        found.append(reconcile_orders(ports, bench.policy, day=day))
    except OroPrimaError as error:
        found += [repr(error), "".join(traceback.format_exception(error))]
    return found


def metrics_text(reader: InMemoryMetricReader) -> str:
    data = reader.get_metrics_data()
    return "" if data is None else data.to_json()


def kept(path: Path) -> dict[str, str]:
    """Return the text of every table of the store."""
    with sqlite3.connect(path) as db:
        names = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type='table'")]
        rows = {name: db.execute(f"SELECT * FROM {name}").fetchall() for name in names}
    db.close()
    return {name: repr(found) for name, found in rows.items()}


def test_no_canary_sings(bench: Bench, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Logs, errors with their causes, events, spans, metrics, tables, records, reports."""
    caplog.set_level(logging.DEBUG)
    spans, reader, told = InMemorySpanExporter(), InMemoryMetricReader(), list[Event]()
    tracers, meters = TracerProvider(), MeterProvider([reader])
    tracers.add_span_processor(SimpleSpanProcessor(spans))
    observe = tell_all(log_events(), told.append, trace_events(tracers=tracers, meters=meters))
    plant(bench)
    found = run_everything(bench, observe)
    records = bench.store.exceptions(RecordState)
    found += [*told, *bench.store.journal(), *records]
    found += [record_text(record, bench.world.clock()) for record in records]
    found.append(json.dumps([record_json(record) for record in records], default=str))
    found.append(json.dumps([cause_json(cause) for cause in causes(records)], default=str))
    found += [record.__dict__ for record in caplog.records]
    found += [span.to_json() for span in spans.get_finished_spans()]
    found.append(metrics_text(reader))
    meters.shutdown()
    tracers.shutdown()
    tables = kept(tmp_path / "store.db")

    assert bench.store.count_entries([EntryState.ACCEPTED]) > 2
    assert len({reason.code for record in records for reason in record.reasons}) > 3
    assert len("".join(map(repr, found))) > 50_000
    singing = {repr(one)[:200]: words(repr(one) + str(one)) for one in found}
    assert {place: sung for place, sung in singing.items() if sung} == {}
    sung_in = {name for name, text in tables.items() if words(text)}
    assert sung_in == {"payloads"}


def test_after_forgetting_no_canary_is_left_in_the_files(bench: Bench, tmp_path: Path) -> None:
    """Every order forgotten: the bytes are gone, and every proof stands."""
    orders = plant(bench)
    with bench.ports() as ports:
        posted = sync_orders(ports, bench.policy).posted
    before = files(tmp_path)
    for order in orders:
        if bench.store.captures((order,)):
            forget_order(bench.store, order=order, by="Kim", at=bench.world.clock())
    after = files(tmp_path)

    assert posted
    assert words(before)
    assert words(after) == []
    assert bench.store.count_entries([EntryState.ACCEPTED]) == len(posted)
    assert bench.store.broken_line() is None


def files(folder: Path) -> str:
    """Return everything that stands in the store's files."""
    return "".join(path.read_bytes().decode("latin-1") for path in sorted(folder.glob("store.db*")))
