"""`oro-prima preview FLOW`: what a run would do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

import click

from oro_prima.cli.asked import Plan, plans_of
from oro_prima.cli.commands import (
    command_text,
    price_json,
    price_text,
    reason_json,
    seen_json,
    staged_json,
    staged_lines,
)
from oro_prima.cli.context import App, now, pass_app
from oro_prima.cli.saved import save_plan, saved_now
from oro_prima.cli.scoping import asked_of, check_named, named_here, scope_options
from oro_prima.plans import (
    CustomerPlan,
    FulfilmentPlan,
    InvoicePlan,
    OrderPlan,
    PricePlan,
    ProductPlan,
    SetOrderStatus,
    StockPlan,
)
from oro_prima.records import Flow

P = TypeVar("P")
FLOWS = click.Choice([flow.value for flow in Flow])


@scope_options
@click.command()
@click.argument("flow", type=FLOWS)
@click.option(
    "--save", type=click.Path(dir_okay=False, path_type=Path), metavar="PLAN",
    help="Keep the plan in a file, to be approved and carried out by `apply`.",
)  # fmt: skip
@pass_app
def preview(app: App, flow: str, save: Path | None) -> None:
    """
    Show what a run of FLOW would do. Reads both systems, writes nothing.

    Example: oro-prima preview orders --order 1042 --save orders.json
    """
    named = named_here()
    check_named(Flow(flow), named)
    with app.ports() as (config, ports):
        asked = asked_of(Flow(flow), named, ports)
        if save is not None:
            saved = saved_now(asked, config, ports, at=now())
            save_plan(save, saved)
            text = f"{len(saved.lines)} commands are kept in {save.name}."
            app.show({"saved": save.name, "lines": saved.lines}, "\n".join([*saved.lines, text]))
            return
        _SHOWN[flow](app, list(plans_of(asked, config, ports)))


def _of(kind: type[P], plans: Iterable[Plan]) -> list[P]:
    return [plan for plan in plans if isinstance(plan, kind)]


def _stock(app: App, plans: list[Plan]) -> None:
    (plan,) = _of(StockPlan, plans)
    levels = [
        {"sku": c.sku, "unit": c.unit, "from": str(c.previous), "to": str(c.quantity)}
        for c in plan.commands
    ]
    shown = [f"  {c.sku} {c.unit}: {c.previous} -> {c.quantity}" for c in plan.commands]
    text = "\n".join([plan.summary(), *shown])
    app.show({"summary": plan.summary(), "levels": levels}, text)


def _fulfilment(app: App, found: list[Plan]) -> None:
    """Show each parcel and status that would be written, and what waits for a person."""
    plans = _of(FulfilmentPlan, found)
    decisions = [decision for one in plans for decision in one.decisions]
    tree = [
        {
            "order": d.order,
            "prima": d.said,
            "trackings": [{"method": t.method, "number": t.number} for t in d.trackings],
            "shipping_status": d.status.shipping_status if d.status else None,
            "status": d.status.status if d.status else None,
            "reasons": [r.code.value for r in d.reasons],
        }
        for d in decisions
    ]
    lines = [one.summary() for one in plans] or ["fulfilment: nothing is due"]
    for decision in decisions:
        lines += [
            f"  {c.order}: {c.shipping_status or c.status}"
            if isinstance(c, SetOrderStatus)
            else f"  {c.order}: {c.method} {c.number}"
            for c in decision.commands
        ]
        lines += [f"  {r.subject}: {r.code.value} ({r.detail})" for r in decision.reasons]
    app.show({"orders": tree}, "\n".join(lines))


def _orders(app: App, found: list[Plan]) -> None:
    plans = _of(OrderPlan, found)
    decisions = [decision for one in plans for decision in one.decisions]
    tree = [
        {
            "order": d.order,
            "home": d.home.value,
            "reasons": [r.code.value for r in d.reasons],
            "warnings": [reason_json(r) for r in d.warnings],
        }
        for d in decisions
    ]
    lines = [one.summary() for one in plans] or ["0 orders"]
    for decision in decisions:
        lines += [f"  {r.subject}: {r.code.value} ({r.detail})" for r in decision.reasons]
        lines += [f"  {r.subject}: warning {r.code.value} ({r.detail})" for r in decision.warnings]
    app.show({"orders": tree}, "\n".join(lines))


def _invoices(app: App, found: list[Plan]) -> None:
    """Show what would be kept of each order's invoices, and what is wrong with them."""
    plans = _of(InvoicePlan, found)
    matched = [one for plan in plans for one in plan.matched]
    tree = [
        {
            "order": one.order,
            "number": one.number,
            "state": one.state.value,
            "invoices": [document.number for document in one.invoices],
            "credits": [document.number for document in one.credits],
            "reasons": [reason.code.value for reason in one.reasons],
        }
        for one in matched
    ]
    lines = [plan.summary() for plan in plans] or ["invoices: nothing is due"]
    for one in matched:
        documents = ", ".join(document.number for document in (*one.invoices, *one.credits))
        lines.append(f"  {one.order}: {one.state.value}{f' ({documents})' if documents else ''}")
    reasons = [reason for one in matched for reason in one.reasons]
    reasons += [reason for plan in plans for reason in plan.unread]
    lines += [f"  {r.subject}: {r.code.value} ({r.detail})" for r in reasons]
    app.show({"orders": tree}, "\n".join(lines))


def _customers(app: App, found: list[Plan]) -> None:
    """Show what would be written of customers, which accounts are on stop, and what is wrong."""
    (plan,) = _of(CustomerPlan, found)
    commands = [(c.customer, command_text(c)) for c in plan.commands]
    lines = [plan.summary(), *(f"  {customer}: {text}" for customer, text in commands)]
    lines += [f"  account {one.code}: on stop" for one in plan.seen if one.on_stop]
    lines += [f"  {r.subject}: {r.code.value} ({r.detail})" for r in plan.reasons]
    tree = {
        "summary": plan.summary(),
        "changes": [{"customer": customer, "change": text} for customer, text in commands],
        "accounts": [seen_json(one) for one in plan.seen],
        "reasons": [reason_json(reason) for reason in plan.reasons],
    }
    app.show(tree, "\n".join(lines))


def _prices(app: App, found: list[Plan]) -> None:
    """Show each row that would change, begin or end, list by list, and what comes later."""
    plans = _of(PricePlan, found)
    tree = [
        {
            "price_list": plan.price_list,
            "book": plan.book,
            "rows": [price_json(command) for command in plan.commands],
            "right": plan.right,
            "kept": plan.kept,
            "upcoming": {day.isoformat(): count for day, count in plan.upcoming},
            "staged": [staged_json(day) for day in plan.staged],
            "reasons": [reason_json(reason) for reason in plan.reasons],
        }
        for plan in plans
    ]
    lines: list[str] = [] if plans else ["prices: no list is made of a book, see [price_lists]"]
    for plan in plans:
        lines += [plan.summary(), *(f"  {price_text(command)}" for command in plan.commands)]
        lines += [line for day in plan.staged for line in staged_lines(day)]
        lines += [f"  {r.subject}: {r.code.value} ({r.detail})" for r in plan.reasons]
    app.show({"lists": tree}, "\n".join(lines))


def _products(app: App, found: list[Plan]) -> None:
    """Show what should not be online, by its cause, and what would be disabled."""
    (plan,) = _of(ProductPlan, found)
    against = [
        {"sku": v.sku, "unit": v.unit, "reasons": [r.code.value for r in v.reasons]}
        for v in plan.against
    ]
    lines = [plan.summary(), *(f"  {command.sku} is disabled" for command in plan.commands)]
    lines += [f"  {r.code.value}: {r.detail}" for r in plan.reasons]
    tree = {
        "summary": plan.summary(),
        "disable": [command.sku for command in plan.commands],
        "against": against,
        "ready": list(plan.ready),
    }
    app.show(tree, "\n".join(lines))


_SHOWN: dict[str, Callable[[App, list[Plan]], None]] = {
    "orders": _orders,
    "stock": _stock,
    "fulfilment": _fulfilment,
    "customers": _customers,
    "prices": _prices,
    "products": _products,
    "invoices": _invoices,
}
