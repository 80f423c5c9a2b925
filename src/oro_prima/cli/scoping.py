"""The options that say what a run is of: orders, customers, products by name, or days."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click
from attrs import evolve, frozen

from oro_prima.cli.asked import Asked
from oro_prima.cli.report import DAY
from oro_prima.errors import StoreError
from oro_prima.mapping.schedule import Task
from oro_prima.plans import EVERYTHING, OfDays, Scope
from oro_prima.ports import Ports
from oro_prima.records import Flow
from oro_prima.sync import customers_named, orders_named, products_named
from oro_prima.values import LocalDate

OF_ORDERS = (Flow.ORDERS, Flow.FULFILMENT, Flow.INVOICES)
OPTIONS: dict[Flow, str] = {
    **dict.fromkeys(OF_ORDERS, "--order"),
    Flow.CUSTOMERS: "--customer",
    **dict.fromkeys((Flow.STOCK, Flow.PRICES, Flow.PRODUCTS), "--sku"),
}
"""What a flow's records are named by."""
NO_DAYS: dict[Flow, str] = {
    Flow.CUSTOMERS: "Prima does not say when an account changed",
    Flow.STOCK: "free stock is a figure of now, and has no date",
    Flow.PRICES: "a price list is what its book says today",
    Flow.PRODUCTS: "whether a product may be online has no date",
}
"""Why a flow knows no days."""


@frozen
class Named:
    """What was given on the command line."""

    orders: tuple[str, ...] = ()
    customers: tuple[str, ...] = ()
    skus: tuple[str, ...] = ()
    first: datetime | None = None
    last: datetime | None = None
    small: bool = False


KEY = "oro_prima.named"


def scope_options(command: click.Command) -> click.Command:
    """Add the options of a scope to a verb; what they are given is `named_here()`."""
    command.params += _options()
    return command


def named_here() -> Named:
    """Return what the options of a scope were given on this command line."""
    found = click.get_current_context().meta.get(KEY)
    return found if isinstance(found, Named) else Named()


def _options() -> list[click.Option]:
    return [
        click.Option(
            ["--order", "orders"], metavar="REF", multiple=True, expose_value=False, callback=_keep,
            help="Of orders, fulfilment, invoices: this order alone, by any reference, due or not; "
            "may be given again.",
        ),
        click.Option(
            ["--customer", "customers"], metavar="ID", multiple=True,
            expose_value=False, callback=_keep,
            help="Of customers: this one alone; may be given again.",
        ),
        click.Option(
            ["--sku", "skus"], metavar="SKU", multiple=True, expose_value=False, callback=_keep,
            help="Of stock, prices, products: this product alone; may be given again.",
        ),
        click.Option(
            ["--from", "first"], type=DAY, expose_value=False, callback=_keep,
            help="Of orders, fulfilment, invoices: those of orders created since this day.",
        ),
        click.Option(
            ["--to", "last"], type=DAY, expose_value=False, callback=_keep,
            help="Last day, included; default the first.",
        ),
        click.Option(
            ["--small"], is_flag=True, expose_value=False, callback=_keep,
            help="Of stock: changed, sold and low SKUs alone.",
        ),
    ]  # fmt: skip


def _keep(context: click.Context, option: click.Parameter, value: object) -> None:
    changes: dict[str, Any] = {str(option.name): value}
    context.meta[KEY] = evolve(context.meta.get(KEY, Named()), **changes)


def check_named(flow: Flow, named: Named) -> None:
    """
    Refuse options that the flow does not know, saying why, and those that do not go together.

    Raises:
        click.UsageError: naming the option and what to give instead.
    """
    if named.small and flow is not Flow.STOCK:
        raise click.UsageError("--small is of stock alone")
    given = {"--order": named.orders, "--customer": named.customers, "--sku": named.skus}
    wanted = OPTIONS[flow]
    for option, values in given.items():
        if values and option != wanted:
            raise click.UsageError(f"{option} is not of {flow.value}: give {wanted}")
    _check_days(flow, named)
    ways = [bool(given[wanted]), named.first is not None, named.small]
    if sum(ways) > 1:
        raise click.UsageError(f"give one of {wanted}, --from and --to, --small")


def _check_days(flow: Flow, named: Named) -> None:
    if named.first is None:
        if named.last is not None:
            raise click.UsageError("--to: give --from too")
        return
    if flow in NO_DAYS:
        why = NO_DAYS[flow]
        raise click.UsageError(f"--from is not of {flow.value}: {why}; give {OPTIONS[flow]}")
    if named.last is not None and named.last < named.first:
        raise click.BadParameter("comes before --from", param_hint="--to")


def asked_of(flow: Flow, named: Named, ports: Ports) -> Asked:
    """
    Return what is asked of a flow; names are looked up in the store, and in the shop.

    Raises:
        click.UsageError: naming each that finds nothing.
        CallError: OroCommerce cannot be asked.
    """
    task = Task.SMALL_STOCK if named.small else Task(flow.value)
    try:
        return Asked(task, _scope(flow, named, ports))
    except StoreError as error:
        raise click.UsageError(str(error)) from None


def _scope(flow: Flow, named: Named, ports: Ports) -> Scope:
    if named.first is not None:
        last = named.last or named.first
        return OfDays(LocalDate(named.first.date()), LocalDate(last.date()))
    if named.orders:
        return orders_named(ports, named.orders, flow=flow)
    if named.customers:
        return customers_named(ports, named.customers)
    if named.skus:
        return products_named(ports, named.skus, flow=flow)
    return EVERYTHING
