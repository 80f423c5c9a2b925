"""`oro-prima held`, `retry`, `dismiss`: the exception queue."""

from __future__ import annotations

import click

from oro_prima.cli.context import App, by_person, now, pass_app, subject_of
from oro_prima.cli.tables import (
    cause_json,
    cause_text,
    line_json,
    line_text,
    record_json,
    record_text,
)
from oro_prima.errors import ConfigError, StoreError
from oro_prima.reasons import ReasonCode
from oro_prima.reconcile import causes
from oro_prima.records import ExceptionRecord, Flow, RecordState
from oro_prima.sync import dismiss_held, retry_held


@click.command()
@click.argument("identity", metavar="[ID]", default="")
@click.option("--by-cause", is_flag=True, help="Group by root cause; the best fix comes first.")
@click.option(
    "--state",
    type=click.Choice([state.value for state in RecordState]),
    default=RecordState.HELD.value,
    help="Records in this state: held, dismissed, resolved.",
)
@click.option("--owner", default="", help="Only what this owner, or this person, takes care of.")
@pass_app
def held(app: App, identity: str, by_cause: bool, state: str, owner: str) -> None:
    """
    List what waits for a person: reason, owner, fix, age, value at stake.

    With ID that one record alone, and everything that was done with it: who, when, why.

    Example: oro-prima held --by-cause
    """
    if identity:
        _one(app, subject_of(identity))
        return
    with app.store() as store:
        chosen = store.exceptions((RecordState(state),))
    records = tuple(record for record in chosen if not owner or _is_of(record, owner))
    if by_cause:
        found = causes(records)
        text = "\n\n".join(cause_text(cause) for cause in found)
        app.show([cause_json(cause) for cause in found], text or "Nothing is held.")
        return
    text = "\n\n".join(record_text(record, now()) for record in records)
    nothing = f"Nothing is {state}."
    app.show([record_json(record) for record in records], text or nothing)


def _is_of(record: ExceptionRecord, owner: str) -> bool:
    return owner in (record.assigned_to, record.owner.value)


def _one(app: App, subject: str) -> None:
    """Show one record in any state, with its history."""
    with app.store() as store:
        flows = (store.exception(flow, subject) for flow in Flow)
        record = next((found for found in flows if found is not None), None)
        lines = store.journal(subject=subject)
    if record is None:
        raise StoreError(f"{subject} was never held; `oro-prima order` tells what became of it")
    tree = {**record_json(record), "history": [line_json(line) for line in lines]}
    history = "\n".join(line_text(line) for line in lines)
    app.show(tree, f"{record_text(record, now())}\n\n{history}")


@click.command()
@click.argument("identity", metavar="ID", default="")
@click.option("--reason", default="", help="Retry all held for this reason code.")
@click.option("--cause", default="", help="Retry all held for this cause, such as customers/7.")
@click.option("--all", "everything", is_flag=True, help="Retry everything.")
@by_person
@pass_app
def retry(
    app: App, identity: str, reason: str, cause: str, everything: bool, by: str, note: str
) -> None:
    """
    Have ID (or all of a reason, or all) read, mapped and sent afresh in the next run.

    Example: oro-prima retry 1042 --by "Kim" --note "unit added"
    """
    if sum((bool(identity), bool(reason), bool(cause), everything)) != 1:
        raise click.UsageError("give one of ID, --reason CODE, --cause CAUSE, --all")
    code = _code(reason) if reason else None
    with app.store() as store:
        done = retry_held(
            store,
            subject=subject_of(identity) if identity else "",
            code=code,
            cause=cause,
            by=by,
            note=note,
            at=now(),
        )
    text = f"{len(done)} will be tried in the next run."
    app.show([record_json(record) for record in done], text)


def _code(text: str) -> ReasonCode:
    try:
        return ReasonCode(text.lower().replace("_", "-"))
    except ValueError:
        fault = f"--reason: no reason is called {text}; see `oro-prima held`"
        raise ConfigError((fault,)) from None


@click.command()
@click.argument("identity", metavar="ID")
@by_person
@pass_app
def dismiss(app: App, identity: str, by: str, note: str) -> None:
    """
    Take ID out of the queue for good; its order will not be posted. Say why with --note.

    Example: oro-prima dismiss 1042 --by "Kim" --note "entered by hand"
    """
    if not note.strip():
        raise click.UsageError("say why with --note")
    with app.store() as store:
        record = dismiss_held(store, subject=subject_of(identity), by=by, note=note, at=now())
    app.show(record_json(record), f"{record.subject} is dismissed.")
