"""`oro-prima stock`: acts of a person on stock."""

from __future__ import annotations

import click

from oro_prima.cli.context import App, by_person, now, pass_app
from oro_prima.sync import accept_snapshot


@click.group()
def stock() -> None:
    """Acts of a person on stock."""


@stock.command("accept-snapshot")
@by_person
@pass_app
def accept(app: App, by: str, note: str) -> None:
    """
    Let the next run publish although the last snapshot was refused.

    Example: oro-prima stock accept-snapshot --by "Kim" --note "range was cut on purpose"
    """
    with app.store() as store:
        refused = accept_snapshot(store, by=by, note=note, at=now())
    text = f"The next run goes through; the refused one had {refused.rows} SKUs."
    app.show({"rows": refused.rows, "linked_share": str(refused.linked_share)}, text)
