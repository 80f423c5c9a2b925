"""`oro-prima prices`: what is staged, what runs removed from price lists, and putting it back."""

from __future__ import annotations

import click

from oro_prima.cli.commands import price_json, price_text, staged_json, staged_lines
from oro_prima.cli.context import DOWN, App, by_person, pass_app
from oro_prima.sync import ended_prices, restore_prices, staged_prices


@click.group()
def prices() -> None:
    """Rows of price lists that are to come, and that ended."""


@prices.command("staged")
@pass_app
def staged(app: App) -> None:
    """
    List what price books change of their lists on later days, as the last run read them.

    Example: oro-prima prices staged
    """
    with app.store() as store:
        found = staged_prices(store)
    tree = [
        {"price_list": one.price_list, "book": one.book, "days": list(map(staged_json, one.days))}
        for one in found
    ]
    lines: list[str] = []
    for one in found:
        lines.append(f"price list {one.price_list} of book {one.book}:")
        lines += [line for day in one.days for line in staged_lines(day)]
    app.show(tree, "\n".join(lines) or "Nothing is staged.")


@prices.command("ended")
@pass_app
def ended(app: App) -> None:
    """List what runs removed from price lists, and did not put back."""
    with app.store() as store:
        found = ended_prices(store)
    tree = [
        {"run": one.run, "price_list": one.price_list, "rows": list(map(price_json, one.rows))}
        for one in found
    ]
    lines: list[str] = []
    for one in found:
        lines.append(f"run {one.run}, price list {one.price_list}: {len(one.rows)} rows")
        lines += [f"  {price_text(row)}" for row in one.rows]
    app.show(tree, "\n".join(lines) or "Nothing was removed.")


@prices.command("restore")
@click.argument("run_id", metavar="RUN")
@by_person
@pass_app
def restore(app: App, run_id: str, by: str, note: str) -> None:
    """
    Put back the rows that RUN removed; where a price is there by now it is left alone.

    Example: oro-prima prices restore 3f0c5a1b2c3d4e5f --by "Kim"
    """
    with app.ports() as (_config, ports):
        report = restore_prices(ports, run_id=run_id, by=by, note=note)
    app.show({"counts": dict(report.counts)}, report.summary())
    if report.stopped is not None:
        click.get_current_context().exit(DOWN)
