"""`oro-prima sync FLOW`: one run."""

from __future__ import annotations

import click

from oro_prima.cli.context import ATTENTION, DOWN, App, pass_app
from oro_prima.cli.preview import FLOWS
from oro_prima.cli.tables import Report, record_json, report_text
from oro_prima.cli.tasks import run_task
from oro_prima.mapping.schedule import Task
from oro_prima.sync import FlowReport, FulfilmentReport, RunReport


@click.command()
@click.argument("flow", type=FLOWS)
@click.option("--small", is_flag=True, help="Of stock: changed, sold and low SKUs alone.")
@pass_app
def sync(app: App, flow: str, small: bool) -> None:
    """
    Run FLOW once: recover, read, post or write, and say what became of everything.

    Example: oro-prima sync orders
    """
    if small and flow != Task.STOCK:
        raise click.UsageError("--small is of stock alone")
    with app.ports() as (config, ports):
        report = run_task(Task.SMALL_STOCK if small else Task(flow), config, ports)
    show_report(app, report)


def show_report(app: App, report: Report) -> None:
    """Show how a run ended, and end with the exit code that says so."""
    app.show(report_json(report), report_text(report))
    if report.stopped is not None:
        if app.as_json or app.quiet:
            click.echo(report.stopped.why, err=True)
        click.get_current_context().exit(DOWN)
    if not report.ok:
        click.get_current_context().exit(ATTENTION)


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
