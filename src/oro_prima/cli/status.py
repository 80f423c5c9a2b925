"""`oro-prima status`: where everything is."""

from __future__ import annotations

import click

from oro_prima.cli.context import App, pass_app
from oro_prima.records import EntryState, RecordState


@click.command()
@pass_app
def status(app: App) -> None:
    """
    Show where all orders are, what waits for a person, and the last stock snapshot.

    Example: oro-prima status
    """
    with app.store() as store:
        homes = {home.value: count for home, count in store.count_homes().items()}
        held = len(store.exceptions((RecordState.HELD,)))
        doubts = store.count_entries((EntryState.CLAIMED, EntryState.RESENT, EntryState.DOUBT))
        watermark, cut_over = store.watermark(), store.cut_over()
        snapshot, refused = store.accepted_snapshot(), store.refused_snapshot()
    tree = {
        "in_use": cut_over is not None,
        "homes": dict(homes),
        "held": held,
        "in_doubt": doubts,
        "read_up_to": watermark.order if watermark else 0,
        "snapshot": snapshot.at if snapshot else None,
        "snapshot_refused": refused.at if refused else None,
    }
    lines = [
        f"in use: {'since ' + format(cut_over.at, '%Y-%m-%d') if cut_over else 'no'}",
        "orders: " + (", ".join(f"{n} {home}" for home, n in sorted(homes.items())) or "none read"),
        f"read up to order {watermark.order if watermark else 0}",
        f"waiting for a person: {held} held, {doubts} of them in doubt",
        f"last stock snapshot: {format(snapshot.at, '%Y-%m-%d %H:%M') if snapshot else 'none'}"
        + (" (a later one was refused)" if refused else ""),
    ]
    app.show(tree, "\n".join(lines))
