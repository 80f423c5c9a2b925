"""`oro-prima preview FLOW`: what a run would do."""

from __future__ import annotations

import click

from oro_prima.cli.context import App, pass_app
from oro_prima.sync import preview_orders, preview_stock

FLOWS = click.Choice(["orders", "stock"])


@click.command()
@click.argument("flow", type=FLOWS)
@pass_app
def preview(app: App, flow: str) -> None:
    """
    Show what a run of FLOW would do. Reads both systems, writes nothing.

    Example: oro-prima preview orders
    """
    with app.ports() as (config, ports):
        if flow == "stock":
            plan = preview_stock(ports, config.stock)
            levels = [
                {"sku": c.sku, "unit": c.unit, "from": str(c.previous), "to": str(c.quantity)}
                for c in plan.commands
            ]
            shown = [f"  {c.sku} {c.unit}: {c.previous} -> {c.quantity}" for c in plan.commands]
            text = "\n".join([plan.summary(), *shown])
            app.show({"summary": plan.summary(), "levels": levels}, text)
            return
        plans = list(preview_orders(ports, config.orders))
    decisions = [decision for one in plans for decision in one.decisions]
    tree = [
        {"order": d.order, "home": d.home.value, "reasons": [r.code.value for r in d.reasons]}
        for d in decisions
    ]
    lines = [one.summary() for one in plans] or ["0 orders"]
    lines += [
        f"  {reason.subject}: {reason.code.value} ({reason.detail})"
        for decision in decisions
        for reason in decision.reasons
    ]
    app.show({"orders": tree}, "\n".join(lines))
