"""`oro-prima status`: where everything is."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime

import click

from oro_prima.cli.context import App, now, pass_app
from oro_prima.cli.tables import age_text
from oro_prima.cli.tasks import counts_json, counts_text, states_of
from oro_prima.config import Config
from oro_prima.ports import Store
from oro_prima.records import EntryState, RecordState
from oro_prima.sync import Paused, hint_counts, paused_flows, staged_counts
from oro_prima.wiring import open_store


@click.command()
@pass_app
def status(app: App) -> None:
    """
    Show where all orders are, what waits for a person, and the state of each flow.

    The configuration may be a directory: then each pair in it is shown.

    Example: oro-prima status
    """
    configs = app.configs()
    trees: dict[str, object] = {}
    texts: list[str] = []
    for name, config in configs:
        with closing(open_store(config)) as store:
            trees[name] = _tree(config, store)
            head = [f"[{name}]"] if len(configs) > 1 else []
            texts.append("\n".join([*head, *_lines(config, store)]))
    app.show(trees if len(configs) > 1 else trees[configs[0][0]], "\n\n".join(texts))


def _tree(config: Config, store: Store) -> dict[str, object]:
    watermark, snapshot, refused = (
        store.watermark(),
        store.accepted_snapshot(),
        store.refused_snapshot(),
    )
    return {
        "in_use": store.cut_over() is not None,
        "homes": {home.value: count for home, count in store.count_homes().items()},
        "held": len(store.exceptions((RecordState.HELD,))),
        "in_doubt": _doubts(store),
        "read_up_to": watermark.order if watermark else 0,
        "snapshot": snapshot.at if snapshot else None,
        "snapshot_refused": refused.at if refused else None,
        "staged_prices": {
            one.price_list: {day.day.isoformat(): day.count for day in one.days}
            for one in staged_counts(store)
        },
        "flows": states_of(config, store, now=now()),
        "webhooks": counts_json(counts) if (counts := hint_counts(store)) else None,
    }


def _doubts(store: Store) -> int:
    return store.count_entries((EntryState.CLAIMED, EntryState.RESENT, EntryState.DOUBT))


def _lines(config: Config, store: Store) -> list[str]:
    homes = {home.value: count for home, count in store.count_homes().items()}
    held, watermark = len(store.exceptions((RecordState.HELD,))), store.watermark()
    cut_over, snapshot = store.cut_over(), store.accepted_snapshot()
    refused = " (a later one was refused)" if store.refused_snapshot() else ""
    return [
        f"in use: {'since ' + format(cut_over.at, '%Y-%m-%d') if cut_over else 'no'}",
        "orders: " + (", ".join(f"{n} {home}" for home, n in sorted(homes.items())) or "none read"),
        f"read up to order {watermark.order if watermark else 0}",
        f"waiting for a person: {held} held, {_doubts(store)} of them in doubt",
        f"last stock snapshot: {format(snapshot.at, '%Y-%m-%d %H:%M') if snapshot else 'none'}"
        + refused,
        *_staged_lines(store),
        *_flow_lines(config, store),
        *([counts_text(counts)] if (counts := hint_counts(store)) else []),
    ]


def _staged_lines(store: Store) -> list[str]:
    """Say of each list what its book changes next, and when."""
    return [
        f"price list {one.price_list}: {one.days[0].count} rows change on "
        f"{one.days[0].day.isoformat()}"
        for one in staged_counts(store)
    ]


def _flow_lines(config: Config, store: Store) -> list[str]:
    """Say of each flow when it ran last, how it ended, and who paused it."""
    at, paused = now(), {flow.value: one for flow, one in paused_flows(store).items()}
    lines: list[str] = []
    for name, state in states_of(config, store, now=at).items():
        last = state["last"]
        ago = f"{age_text(at - datetime.fromisoformat(str(last)))} ago" if last else "never ran"
        stops = f", stopped {state['stops']} times in a row" if state["stops"] else ""
        lines.append(f"{name}: {ago}{stops}{_paused(paused.get(name.removeprefix('full-')))}")
        if state["stops"]:
            lines.append(f"  {state['summary']}")
    return lines


def _paused(paused: Paused | None) -> str:
    if paused is None:
        return ""
    why = f": {paused.note}" if paused.note else ""
    return f", PAUSED by {paused.by} since {paused.at:%Y-%m-%d %H:%M}{why}"
