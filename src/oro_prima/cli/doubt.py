"""`oro-prima doubt`: orders that left and got no answer."""

from __future__ import annotations

import click

from oro_prima.cli.context import App, by_person, now, order_of, pass_app
from oro_prima.cli.tables import age_text
from oro_prima.ids import PrimaOrderNumber
from oro_prima.records import EntryState, LedgerEntry
from oro_prima.sync import decide_has, decide_send

UNSETTLED = (EntryState.CLAIMED, EntryState.RESENT, EntryState.DOUBT)


@click.group()
def doubt() -> None:
    """Orders that left and got no answer: list them, and say what Prima has."""


@doubt.command("list")
@pass_app
def list_doubts(app: App) -> None:
    """List the orders in doubt, with the number to look for in Prima."""
    with app.store() as store:
        entries = store.entries(UNSETTLED)
    text = "\n".join(
        f"order {e.order}: Prima number {e.number}, account {e.account}, "
        f"sent {age_text(now() - e.claimed_at)} ago, attempt {e.attempt}"
        for e in entries
    )
    app.show([_json(entry) for entry in entries], text or "Nothing is in doubt.")


@doubt.command("has")
@click.argument("identity", metavar="ID")
@click.argument("number")
@by_person
@pass_app
def has(app: App, identity: str, number: str, by: str, note: str) -> None:
    """Prima has order ID, under NUMBER: settle it, for ever."""
    with app.store() as store:
        entry = decide_has(
            store,
            order=order_of(identity),
            number=PrimaOrderNumber(number),
            by=by,
            note=note,
            at=now(),
        )
    app.show(_json(entry), f"Order {entry.order} is settled: Prima has it as {number}.")


@doubt.command("send")
@click.argument("identity", metavar="ID")
@by_person
@pass_app
def send(app: App, identity: str, by: str, note: str) -> None:
    """Prima does not have order ID: the next run sends it once, with the same number."""
    with app.store() as store:
        entry = decide_send(store, order=order_of(identity), by=by, note=note, at=now())
    app.show(_json(entry), f"Order {entry.order} will be sent in the next run.")


def _json(entry: LedgerEntry) -> dict[str, object]:
    return {
        "order": entry.order,
        "number": entry.number,
        "account": entry.account,
        "state": entry.state.value,
        "attempt": entry.attempt,
        "claimed_at": entry.claimed_at,
    }
