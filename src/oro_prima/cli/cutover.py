"""`oro-prima cut-over`: the act that allows this store to post."""

from __future__ import annotations

import click

from oro_prima.cli.context import App, by_person, now, pass_app
from oro_prima.sync import record_cut_over


@click.command("cut-over")
@by_person
@pass_app
def cut_over(app: App, by: str, note: str) -> None:
    """
    Put the store into use, once: orders created from `orders.start_at` on are ours.

    Example: oro-prima cut-over --by "Kim" --note "go-live"
    """
    start = app.config().orders.start_at
    with app.store() as store:
        done = record_cut_over(store, start_at=start, by=by, note=note, at=now())
    app.show(
        {"epoch": done.epoch, "start_at": done.start_at},
        f"In use from now on, for orders created from {start:%Y-%m-%d %H:%M} UTC on.",
    )
