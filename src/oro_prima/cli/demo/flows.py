"""The demo's other flows: customers, prices, products, fulfilment and invoices, each twice."""

from __future__ import annotations

from itertools import islice

from attrs import evolve

from oro_prima.cli.asked import Asked, run_asked
from oro_prima.cli.demo.stage import Played, Stage
from oro_prima.cli.tables import Report
from oro_prima.config import load_config
from oro_prima.mapping.schedule import Task
from oro_prima.oro.calls.customers import create_customer_group
from oro_prima.oro.calls.price_lists import create_price_list
from oro_prima.oro.models.price_records import PriceListFields
from oro_prima.sync import FlowReport, FulfilmentReport
from oro_prima.wiring import connect

CONFIG = "oro-prima.toml"
BOOK = "TRADE-GBP"
DESPATCHED = 12
"""Orders whose goods leave Prima during the day."""
FLOWS = (Task.CUSTOMERS, Task.PRICES, Task.PRODUCTS, Task.FULFILMENT, Task.INVOICES)
ASKED = 60
"""Orders that Prima is asked about in one run, so that the demo stays short."""
WRITTEN = ("changed", "rows changed", "rows added", "disabled", "new invoices", "new credits")
"""Counts of reports that are of records written."""
WRITING = ("create_", "update_", "delete_", "batch_")
PROBES = "batch_inventorylevels"
"""The empty batch by which a run asks whether there are any; these flows write no levels."""


def play_flows(stage: Stage) -> None:
    """Make a list and a group of a book, let goods leave Prima, and run every other flow twice."""
    _prepare(stage)
    orders = (one for one in stage.day.world.prima.orders() if one.status != "Purged")
    for order in islice(orders, DESPATCHED):
        stage.control.set_status(order.order_number, "Despatched")
    for task in FLOWS:
        played = _twice(stage, task)
        stage.flows.append(played)
        stage.tell(
            played.flow,
            f"{played.written} written, {played.held} held; once more: {played.again} written",
            fine=played.again == 0 and not played.stopped,
        )


def _prepare(stage: Stage) -> None:
    """Bind a book to a price list and a customer group of the shop."""
    with connect(stage.config) as ports:
        fields = PriceListFields(name="Trade", price_list_currencies=("GBP",), active=True)
        price_list = ports.shop.send(create_price_list(fields)).id
        group = ports.shop.send(create_customer_group({"name": "Trade"})).id
    path = stage.day.directory / CONFIG
    tables = f'[price_lists]\n{BOOK} = "{price_list}"\n[customer_groups]\n{BOOK} = "{group}"\n'
    rules = (
        f'[books]\nvariants = "product"\n[customers]\nmost_share = "1"\n[polls]\nbudget = {ASKED}\n'
    )
    path.write_text(f"{path.read_text('utf-8')}\n{tables}{rules}", "utf-8")
    stage.day = evolve(stage.day, config=load_config(path))


def _twice(stage: Stage, task: Task) -> Played:
    """Run a flow twice; the second run wrote nothing by its report and by the shop's own count."""
    first, _requests = _run(stage, task)
    again, requests = _run(stage, task)
    stopped = first.stopped is not None or again.stopped is not None
    held = len(first.held) + len(again.held)
    return Played(task.value, _records(first), held, max(_records(again), requests), stopped)


def _run(stage: Stage, task: Task) -> tuple[Report, int]:
    """Run a flow once; return its report, and how many requests wrote something in the shop."""
    before = _writes(stage)
    with connect(stage.config, observer=stage.observer) as ports:
        report = run_asked(Asked(task), stage.config, ports)
    stage.note(report.summary())
    return report, _writes(stage) - before


def _records(report: Report) -> int:
    """Return how many records a run wrote, by its own report."""
    match report:
        case FulfilmentReport():
            return report.trackings + report.statuses
        case FlowReport():
            return sum(report.counts.get(name, 0) for name in WRITTEN)
        case _:
            return 0


def _writes(stage: Stage) -> int:
    table = stage.day.world.requests.table()["oro"]
    return sum(
        row["count"] for name, row in table.items() if name.startswith(WRITING) and name != PROBES
    )
