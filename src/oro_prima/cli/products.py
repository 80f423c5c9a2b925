"""`oro-prima products`: what runs took off the shop, and putting it back."""

from __future__ import annotations

import click

from oro_prima.cli.context import DOWN, App, by_person, pass_app
from oro_prima.sync import disabled_products, restore_products


@click.group()
def products() -> None:
    """Products that runs disabled."""


@products.command("disabled")
@pass_app
def disabled(app: App) -> None:
    """List what runs disabled and nobody put back."""
    with app.store() as store:
        found = disabled_products(store)
    tree = [{"run": one.run, "skus": [p.sku for p in one.products]} for one in found]
    lines = [f"run {one.run}: {', '.join(p.sku for p in one.products)}" for one in found]
    app.show(tree, "\n".join(lines) or "Nothing was disabled.")


@products.command("restore")
@click.argument("run_id", metavar="RUN")
@by_person
@pass_app
def restore(app: App, run_id: str, by: str, note: str) -> None:
    """
    Enable again what RUN disabled.

    Example: oro-prima products restore 3f0c5a1b2c3d4e5f --by "Kim"
    """
    with app.ports() as (_config, ports):
        report = restore_products(ports, run_id=run_id, by=by, note=note)
    app.show({"counts": dict(report.counts)}, report.summary())
    if report.stopped is not None:
        click.get_current_context().exit(DOWN)
