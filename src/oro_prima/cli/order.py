"""`oro-prima order REF`: what became of one order."""

from __future__ import annotations

from pathlib import Path
from shutil import get_terminal_size

import click

from oro_prima.cli.context import App, pass_app
from oro_prima.reconcile.render.story import story_html, story_json, story_text
from oro_prima.reconcile.story import OrderStory
from oro_prima.sync.story import (
    ask_prima,
    ask_why,
    find_order,
    find_order_anywhere,
    tell_order,
)


@click.command()
@click.argument("ref")
@click.option(
    "--ask/--no-ask",
    default=True,
    help="Ask both systems too: Prima's present status, how the order is mapped now.",
)
@click.option(
    "--html", type=click.Path(dir_okay=False, path_type=Path), help="Write a page to this file."
)
@pass_app
def order(app: App, ref: str, ask: bool, html: Path | None) -> None:
    """
    Tell what became of an order, from its capture to its invoice, and how it was mapped.

    REF is its id or number in the shop, its number in Prima, the customer's own order number, the
    key ORO-1042, or the number of an invoice.

    Example: oro-prima order 1042
    """
    story = _asked(app, ref) if ask else _from_store(app, ref)
    if html is not None:
        html.write_text(story_html(story), encoding="utf-8")
    width = max(40, min(get_terminal_size().columns, 100))
    app.show(story_json(story), story_text(story, width=width))


def _asked(app: App, ref: str) -> OrderStory:
    with app.ports() as (config, ports):
        found = find_order_anywhere(ports, reference=ref)
        says = ask_prima(ports, order=found)
        why = ask_why(ports, config.orders, order=found)
        return tell_order(ports.store, order=found, prima_says=says, why=why)


def _from_store(app: App, ref: str) -> OrderStory:
    with app.store() as store:
        return tell_order(store, order=find_order(store, reference=ref))
