"""`oro-prima explain`: why a rule decided as it did, as a tree or as JSON. Nothing is written."""

from __future__ import annotations

from typing import TextIO, cast

import click
from attrs import evolve

from oro_prima.cli.context import App, order_of, pass_app
from oro_prima.cli.documents import completed, json_document
from oro_prima.config import policies_of
from oro_prima.errors import StoreError
from oro_prima.ids import OroCustomerId, OroOrderId, OroSku, UnitCode
from oro_prima.mapping.explain import Explanation
from oro_prima.mapping.explaining import explain_account, explain_order, table_versions
from oro_prima.mapping.tax.reading import TaxTables
from oro_prima.plans.explaining import explain_stock
from oro_prima.ports import Ports
from oro_prima.steps import run_step
from oro_prima.steps.explain import explain_output, totals_of
from oro_prima.steps.reading import StepInputError, read_shape, write_output
from oro_prima.sync.story import find_order
from oro_prima.sync.why import order_as_it_is, stock_as_it_is


@click.group()
def explain() -> None:
    """Say why: the rule, what it looked up, what it refused. Nothing is written."""


@explain.command("order")
@click.argument("ref")
@pass_app
def order(app: App, ref: str) -> None:
    """
    Say what becomes of an order as it is now, field by field, by its id or number.

    Example: oro-prima explain order 1042
    """
    with app.ports() as (config, ports):
        snapshot = order_as_it_is(ports, config.orders, order=_id_of(ports, ref))
    (one,) = snapshot.orders
    found = explain_order(
        one,
        snapshot.tables,
        config.orders,
        suffix=snapshot.suffixes.get(one.id, 0),
        now=snapshot.now,
        versions=table_versions(snapshot.tables),
        books=snapshot.books,
    )
    _show(app, found)


@explain.command("totals")
@click.argument("ref")
@click.option("--codes", type=click.File("r", encoding="utf-8"),
              help="Tax codes as JSON, not the configuration's.")  # fmt: skip
@pass_app
def totals(app: App, ref: str, codes: TextIO | None) -> None:
    """
    Say what an order comes to on each side, by rate, and why.

    The tables tax.oro and tax.prima of the configuration say how both sides compute, and its
    tax_codes how goods and customers are taxed.

    Example: oro-prima explain totals 1042
    """
    try:
        given = read_shape(json_document(codes), TaxTables) if codes else None
        with app.ports() as (config, ports):
            taxes = config.tax_codes if given is None else given
            snapshot = order_as_it_is(ports, config.orders, order=_id_of(ports, ref))
        _show(app, totals_of(snapshot.orders[0], policies_of(config), taxes))
    except StepInputError as error:
        raise click.UsageError("\n".join(error.faults)) from None


@explain.command("stock")
@click.argument("sku")
@click.argument("unit")
@pass_app
def stock(app: App, sku: str, unit: str) -> None:
    """
    Say why a product unit is published as it is, as a run would now.

    Example: oro-prima explain stock BOOT case
    """
    with app.ports() as (config, ports):
        snapshot = stock_as_it_is(ports, config.stock)
    key, versions = (OroSku(sku), UnitCode(unit)), table_versions(snapshot.tables)
    _show(app, explain_stock(key, snapshot, config.stock, versions=versions))


@explain.command("account")
@click.argument("customer")
@click.option("--currency", default="", help="Of the order; empty: in any.")
@pass_app
def account(app: App, customer: str, currency: str) -> None:
    """
    Say which account orders of CUSTOMER go to, by the links that are approved now.

    Example: oro-prima explain account 31 --currency GBP
    """
    config = app.config()
    with app.store() as store:
        tables = evolve(config.tables, links=store.links())
    found = explain_account(
        OroCustomerId(customer),
        tables,
        config.orders,
        currency=currency or None,
        versions=table_versions(tables),
    )
    _show(app, found)


@explain.command("price")
@click.argument("file", type=click.File("r", encoding="utf-8"), default="-")
@pass_app
def price(app: App, file: TextIO) -> None:
    """
    Say what a line costs on each side, and by which list, tier and row.

    FILE (or what is piped in) holds question, catalogue and source as in `explain.input`; how
    OroCommerce resolves prices is said by the table prices of the configuration.

    Example: oro-prima explain price question.json
    """
    try:
        document = {"what": "price", **json_document(file)}
    except StepInputError as error:
        raise click.UsageError("\n".join(error.faults)) from None
    answer = run_step("explain", completed(app, "explain", document))
    if not answer.pop("ok"):
        raise click.UsageError("\n".join(cast("list[str]", answer["faults"])))
    app.show(answer, str(answer["text"]))


def _id_of(ports: Ports, ref: str) -> OroOrderId:
    """Return the order that is meant; one that no run has read yet is asked for by its id."""
    try:
        return find_order(ports.store, reference=ref.removeprefix("orders/"))
    except StoreError:
        if not order_of(ref).isdigit():
            raise
        return order_of(ref)


def _show(app: App, found: Explanation) -> None:
    output = explain_output(found)
    app.show(write_output(output), output.text)
