"""`oro-prima report NAME`: one of the books' reports, on the screen or as a file."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from shutil import get_terminal_size

import click

from oro_prima.cli.context import App, now, pass_app
from oro_prima.config import Config
from oro_prima.ports import Ports
from oro_prima.reconcile import Table, table_csv, table_html, table_json, table_text
from oro_prima.reconcile.reports import REPORTS, BillingRules
from oro_prima.sync import (
    gather_books,
    report_coverage,
    report_prices,
    report_stock,
    with_despatches,
)
from oro_prima.values import LocalDate, local_date

DAY = click.DateTime(["%Y-%m-%d"])
PRESENT: Mapping[str, Callable[[Ports, Config], Table]] = {
    "stock-drift": lambda ports, config: report_stock(ports, config.stock),
    "price-drift": lambda ports, config: report_prices(
        ports, config.flows.customers.price_lists, config.books
    ),
    "coverage": lambda ports, config: report_coverage(ports, config.coverage),
}
"""Reports of how things stand now, whatever the days."""
FORMS = {"csv": table_csv, "html": table_html}


@click.command()
@click.argument("name", type=click.Choice([*REPORTS, *PRESENT]), metavar="NAME")
@click.option("--from", "first", type=DAY, help="First day of the books; default today.")
@click.option("--to", "last", type=DAY, help="Last day, included; default the first.")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path),
    help="Write a file: .csv, .html, .json or .txt.",
)  # fmt: skip
@pass_app
def report(
    app: App, name: str, first: datetime | None, last: datetime | None, out: Path | None
) -> None:
    """
    Show a report of the orders of some days.

    NAME is order-match, order-to-invoice, unmatched, vat, cut-off or exceptions; of how things
    stand now, whatever the days, stock-drift, price-drift or
    coverage.

    Example: oro-prima report unmatched --from 2031-05-01 --to 2031-05-31 --out unmatched.csv
    """
    with app.ports() as (config, ports):
        today = local_date(now(), config.orders.zone)
        begin = LocalDate(first.date()) if first else today
        end = LocalDate(last.date()) if last else begin
        if end < begin:
            raise click.BadParameter("comes before --from", param_hint="--to")
        table = _made(ports, config, name, (begin, end))
    if out is not None:
        out.write_text(_written(table, out), encoding="utf-8", newline="")
        app.say(f"{len(table.rows)} rows in {out}")
        return
    width = max(40, min(get_terminal_size().columns, 240))
    app.show(table_json(table), table_text(table, width=width))


def _made(ports: Ports, config: Config, name: str, days: tuple[LocalDate, LocalDate]) -> Table:
    if name in PRESENT:
        return PRESENT[name](ports, config)
    books = gather_books(
        ports, config.orders, first=days[0], last=days[1], rules=billing_rules(config)
    )
    return REPORTS[name](with_despatches(ports, books) if name == "cut-off" else books)


def billing_rules(config: Config) -> BillingRules | None:
    """Return how both sides compute, where the configuration says it."""
    if config.tax is None:
        return None
    return BillingRules(config.tax, config.tables.units, config.tax_codes)


def _written(table: Table, out: Path) -> str:
    form = out.suffix.removeprefix(".")
    if form in FORMS:
        return FORMS[form](table)
    if form == "json":
        return json.dumps(table_json(table), indent=1) + "\n"
    return table_text(table) + "\n"
