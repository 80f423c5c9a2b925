"""`oro-prima sync FLOW`: one run."""

from __future__ import annotations

import click

from oro_prima.cli.commands import price_policies
from oro_prima.cli.context import ATTENTION, DOWN, App, pass_app
from oro_prima.cli.preview import FLOWS
from oro_prima.cli.tables import Report, record_json, report_text
from oro_prima.config import Config
from oro_prima.ports import Ports
from oro_prima.records import Flow
from oro_prima.sync import (
    FlowReport,
    FulfilmentReport,
    RunReport,
    sync_customers,
    sync_fulfilment,
    sync_invoices,
    sync_orders,
    sync_prices,
    sync_stock,
)


@click.command()
@click.argument("flow", type=FLOWS)
@pass_app
def sync(app: App, flow: str) -> None:
    """
    Run FLOW once: recover, read, post or write, and say what became of everything.

    Example: oro-prima sync orders
    """
    with app.ports() as (config, ports):
        report = run_flow(Flow(flow), config, ports)
    app.show(report_json(report), report_text(report))
    if report.stopped is not None:
        if app.as_json or app.quiet:
            click.echo(report.stopped.why, err=True)
        click.get_current_context().exit(DOWN)
    if not report.ok:
        click.get_current_context().exit(ATTENTION)


def run_flow(flow: Flow, config: Config, ports: Ports) -> Report:
    """
    Run a flow once by its configuration.

    Raises:
        OroPrimaError: it cannot be run.
    """
    match flow:
        case Flow.ORDERS:
            return sync_orders(ports, config.orders)
        case Flow.STOCK:
            return sync_stock(ports, config.stock)
        case Flow.FULFILMENT:
            return sync_fulfilment(ports, config.orders, config.fulfilment, config.polls)
        case Flow.PRICES:
            lists = config.flows.customers.price_lists
            return sync_prices(ports, lists, price_policies(config))
        case Flow.CUSTOMERS:
            return sync_customers(ports, config.flows.customers)
        case _:
            return sync_invoices(ports, config.orders, config.flows.invoices, config.polls)


def report_json(report: Report) -> dict[str, object]:
    """Return a report as a tree."""
    tree: dict[str, object] = {
        "flow": report.flow.value,
        "run": report.run,
        "summary": report.summary(),
        "held": [record_json(record) for record in report.held],
        "stopped": report.stopped.why if report.stopped else None,
    }
    if isinstance(report, RunReport):
        return tree | {
            "read": report.read,
            "posted": list(report.posted),
            "recovered": list(report.recovered),
            "in_doubt": list(report.in_doubt),
            "blind_spots": list(report.blind_spots),
            "homes": {home.value: count for home, count in report.homes.items()},
        }
    if isinstance(report, FulfilmentReport):
        return tree | {
            "asked": report.asked,
            "trackings": report.trackings,
            "statuses": report.statuses,
            "finished": report.orders_finished,
        }
    if isinstance(report, FlowReport):
        return tree | {"counts": dict(report.counts)}
    return tree | {
        "skus_read": report.skus_read,
        "levels_changed": report.levels_changed,
        "levels_refused": report.levels_refused,
        "corrections": report.corrections,
        "window_ms": report.window_ms,
        "window_bound": report.window_bound,
    }
