"""`oro-prima map`: run the rules on a document, from a file or a pipe. Nothing is sent."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TextIO

import click

from oro_prima.cli.context import ATTENTION, USAGE, App, pass_app
from oro_prima.cli.documents import completed, json_document
from oro_prima.config import policies_of
from oro_prima.mapping.fields import field_reports
from oro_prima.prima.models.profile import PrimaProfile
from oro_prima.records import Home
from oro_prima.steps import STEPS, run_step
from oro_prima.steps.orders import decide
from oro_prima.steps.reading import StepInputError, order_of, write_output
from oro_prima.steps.shapes import MapOrderOutput, ReasonRow


@click.group("map")
def map_() -> None:
    """Run the rules on a document, from a file or a pipe; nothing is sent."""


@map_.command("order")
@click.argument("file", type=click.File("r", encoding="utf-8"), default="-")
@click.option("--fields", is_flag=True, help="Report every field: its length, width and fate.")
@pass_app
def map_order(app: App, file: TextIO, fields: bool) -> None:
    """
    Map the order in FILE (or piped in): OroCommerce's answer for one order, lines included.

    Exit code 1 when it would be held.

    Example: oro-prima map order order-1042.json
    """
    config = app.config()
    try:
        order = order_of(json_document(file))
    except StepInputError as error:
        raise click.UsageError("\n".join(error.faults)) from None
    with app.store() as store:
        links = store.links()
    policies = policies_of(config)
    output = decide(order, policies, links)
    lines = [*_text(output), *(_fields(output, config.prima.profile) if fields else ())]
    app.show(write_output(output), "\n".join(lines))
    if output.home is Home.HELD:
        click.get_current_context().exit(ATTENTION)


@map_.command("step")
@click.argument("name", type=click.Choice([one for one in STEPS if one != "post_order"]))
@click.argument("file", type=click.File("r", encoding="utf-8"), default="-")
@pass_app
def map_step(app: App, name: str, file: TextIO) -> None:
    """
    Run a step of `oro_prima.steps` on FILE (or what is piped in) and print its answer.

    Policy and links are those of the configuration and its store, unless FILE has its own. Exit
    code 1 when something is refused.

    Example: oro-prima map step resolve_price question.json
    """
    try:
        document = json_document(file)
    except StepInputError as error:
        raise click.UsageError("\n".join(error.faults)) from None
    answer = run_step(name, completed(app, name, document))
    click.echo(json.dumps(answer, indent=None if app.as_json else 1))
    if not answer["ok"]:
        click.get_current_context().exit(USAGE)
    refused = answer.get("reasons") or answer.get("refused") or answer.get("passed") is False
    if refused:
        click.get_current_context().exit(ATTENTION)


def _text(output: MapOrderOutput) -> Iterable[str]:
    if output.order is None:
        yield f"Order {output.oro_order}: {output.home.value.replace('_', ' ')}"
    else:
        order = output.order
        yield (
            f"Order {output.oro_order}: would be posted as {order.number} "
            f"on account {order.account}, {len(order.lines)} lines"
        )
    yield from _reasons(output.reasons)
    yield from _reasons(output.warnings)


def _fields(output: MapOrderOutput, profile: PrimaProfile) -> Iterable[str]:
    """Say of each field how much of it is used, and what becomes of the text; no text is shown."""
    reports = () if output.order is None else field_reports(output.order, profile=profile)
    for one in reports:
        if one.length:
            detail = f" {one.detail}" if one.detail else ""
            yield f"  {one.place:<42} {one.length:>4}/{one.width:<4} {one.fit.value}{detail}"


def _reasons(rows: Iterable[ReasonRow]) -> Iterable[str]:
    for row in rows:
        yield f"  {row.code}: {row.subject}: {row.detail}. {row.owner}: {row.fix}"
