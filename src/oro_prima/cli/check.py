"""`oro-prima check`: whether every order that the catalogue can generate is mapped. A gate."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from shutil import get_terminal_size
from typing import TextIO

import click
from attrs import evolve

from oro_prima.cli.context import ATTENTION, App, pass_app
from oro_prima.cli.documents import json_document
from oro_prima.config import Config
from oro_prima.mapping.coverage import (
    CoverageFacts,
    CoverageReport,
    check_coverage,
)
from oro_prima.reconcile import table_csv, table_text
from oro_prima.reconcile.reports import coverage_table
from oro_prima.steps.coverage import coverage_output
from oro_prima.steps.reading import StepInputError, read_input, write_output
from oro_prima.steps.shapes_goods import CheckCoverageInput
from oro_prima.sync import Catalogues, gather_catalogues


@click.command()
@click.argument("file", type=click.File("r", encoding="utf-8"), required=False)
@click.option("--days", type=click.IntRange(1, 366), default=30, show_default=True,
              help="Orders of so many days say what is sold, and what is at risk.")  # fmt: skip
@click.option("--csv", "sheet", type=click.Path(dir_okay=False, path_type=Path),
              help="Write report H, for a spreadsheet.")  # fmt: skip
@pass_app
def check(app: App, file: TextIO | None, days: int, sheet: Path | None) -> None:
    """
    Check that everything that can occur in an order is mapped to exactly one live target.

    Both systems are read, or FILE (- for a pipe) holds the catalogues: `shop`, `erp`, `codes`,
    `sales`. Exit code 1 when something blocks.

    Example: oro-prima check --csv coverage.csv
    """
    config = app.config()
    found = _from_file(app, config, file) if file else _from_systems(app, timedelta(days=days))
    report = check_coverage(found.facts, config.coverage, sales=found.sales)
    table = coverage_table(report, sales_given=file is None or bool(found.sales))
    if sheet is not None:
        sheet.write_text(table_csv(table), encoding="utf-8", newline="")
    width = max(40, min(get_terminal_size().columns, 240))
    output = write_output(coverage_output(report))
    app.show(output, f"{table_text(table, width=width)}\n\n{_verdict(report)}")
    if not report.passed:
        click.get_current_context().exit(ATTENTION)


def _from_systems(app: App, period: timedelta) -> Catalogues:
    with app.ports() as (_config, ports):
        return gather_catalogues(ports, period=period)


def _from_file(app: App, config: Config, file: TextIO) -> Catalogues:
    try:
        given = read_input({**json_document(file), "policy": {}}, CheckCoverageInput)
    except StepInputError as error:
        raise click.UsageError("\n".join(error.faults)) from None
    with app.store() as store:
        tables = evolve(config.tables, links=store.links())
    return Catalogues(CoverageFacts(given.shop, given.erp, tables, given.codes), given.sales)


def _verdict(report: CoverageReport) -> str:
    blocking = sum(gap.blocking for gap in report.gaps)
    if blocking:
        return f"{blocking} of {len(report.gaps)} gaps block: orders that hold them would be held."
    return "Every order of this catalogue is mapped."
