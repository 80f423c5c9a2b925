"""`oro-prima sync FLOW`: one run."""

from __future__ import annotations

import click

from oro_prima.cli.context import ATTENTION, DOWN, App, pass_app
from oro_prima.cli.preview import FLOWS
from oro_prima.cli.scoping import asked_of, check_named, named_here, scope_options
from oro_prima.cli.tables import Report, record_json, report_text
from oro_prima.cli.tasks import run_task
from oro_prima.records import Flow
from oro_prima.sync import FlowReport, FulfilmentReport, RunReport


@scope_options
@click.command()
@click.argument("flow", type=FLOWS)
@pass_app
def sync(app: App, flow: str) -> None:
    """
    Run FLOW once: recover, read, post or write, and say what became of everything.

    Of named records or days alone no watermark moves, and nothing else is touched.

    Example: oro-prima sync orders --order 1042
    """
    named = named_here()
    check_named(Flow(flow), named)
    with app.ports() as (config, ports):
        report = run_task(asked_of(Flow(flow), named, ports), config, ports)
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
            "missing": list(report.missing),
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
