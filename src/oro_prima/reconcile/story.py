"""What became of one order, from the first reading to the last word said about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time, timedelta, tzinfo
from decimal import Decimal

from attrs import field, frozen

from oro_prima.ids import OroOrderId, PrimaAccount, PrimaOrderNumber
from oro_prima.prima.models.invoice import Invoice
from oro_prima.reasons import ReasonCode, explain_reason
from oro_prima.reconcile.derive import ACCEPTANCES, CAPTURED
from oro_prima.records import (
    Capture,
    EntryState,
    ExceptionRecord,
    Home,
    JournalEntry,
    LedgerEntry,
    RecordState,
)
from oro_prima.values import LocalDate


@frozen
class StoryFacts:
    """
    What is known of an order.

    Attributes:
        entries: Every ledger entry, also of earlier suffixes.
        journal: The lines of its subject, as they were written.
        prima_says: Prima's present status text; None where it was not asked or did not say.
        why: How it was mapped, as lines; empty where that was not asked.
        invoices: Invoices and credits of it that the invoices flow has kept.
        zone: Where the books are kept: an invoice is of a day there, told at its end.
    """

    capture: Capture
    entries: tuple[LedgerEntry, ...] = ()
    record: ExceptionRecord | None = None
    journal: tuple[JournalEntry, ...] = ()
    prima_says: str | None = None
    why: tuple[str, ...] = ()
    invoices: tuple[Invoice, ...] = ()
    zone: tzinfo = UTC


@frozen
class StoryEvent:
    """
    One thing that happened; `by` is a person, empty for a run.

    `day` stands where only a day of the books is known; `at` is its end then, to be sorted by.
    """

    at: datetime
    what: str
    detail: str = ""
    by: str = ""
    note: str = ""
    day: LocalDate | None = None


@frozen
class OrderStory:
    """
    An order's whole life in order of time, and where it stands now.

    `now` is one sentence for whoever asks; `next_action` is empty where nothing is to be done.
    """

    order: OroOrderId
    identifier: str
    home: Home
    gross: Decimal | None
    currency: str
    now: str
    numbers: tuple[PrimaOrderNumber, ...]
    account: PrimaAccount | None
    owner: str
    next_action: str
    events: tuple[StoryEvent, ...]
    why: tuple[str, ...] = field(default=())


def order_story(facts: StoryFacts) -> OrderStory:
    """
    Tell what became of an order.

    Lines that only say that it was read and nothing changed are left out. What the journal tells
    stays in its own order: two runs may have stamped it by clocks a second apart.
    """
    capture, entries = facts.capture, sorted(facts.entries, key=lambda entry: entry.suffix)
    record = facts.record
    held = record if record is not None and record.state is RecordState.HELD else None
    return OrderStory(
        order=capture.order,
        identifier=capture.identifier,
        home=capture.home,
        gross=capture.gross,
        currency=capture.currency,
        now=_now(facts, entries),
        numbers=tuple(entry.number for entry in entries),
        account=_account(entries),
        owner=(held.assigned_to or held.owner.value) if held else "",
        next_action="; ".join(dict.fromkeys(reason.fix for reason in held.reasons)) if held else "",
        events=_in_order(tuple(_events(facts, entries)), _told_lines(facts)),
        why=facts.why,
    )


def _told_lines(facts: StoryFacts) -> int:
    return sum(line.what != CAPTURED for line in facts.journal)


def _in_order(events: tuple[StoryEvent, ...], told: int) -> tuple[StoryEvent, ...]:
    """Sort events by time; the last ones, as many as `told`, keep their own order."""
    latest, keyed = datetime.min.replace(tzinfo=UTC), list[tuple[datetime, int, StoryEvent]]()
    for place, event in enumerate(events):
        journalled = place >= len(events) - told
        latest = max(latest, event.at) if journalled else latest
        keyed.append((latest if journalled else event.at, place, event))
    return tuple(event for _at, _place, event in sorted(keyed, key=lambda one: one[:2]))


def _account(entries: Iterable[LedgerEntry]) -> PrimaAccount | None:
    accounts = [PrimaAccount(entry.settled_account or entry.account) for entry in entries]
    return accounts[-1] if accounts else None


def _now(facts: StoryFacts, entries: list[LedgerEntry]) -> str:
    home = facts.capture.home
    number = entries[-1].known_as if entries else ""
    said = f"; Prima says: {facts.prima_says}" if facts.prima_says else ""
    if home is Home.POSTED:
        return f"Posted: Prima has it as {number}{said}{_billed(facts)}."
    if home is Home.IN_DOUBT:
        return f"In doubt: {number} was sent and nobody knows whether Prima has it{said}."
    meaning = _meaning(facts.capture.reason)
    return f"{home.value.replace('_', ' ').capitalize()}{meaning}{said}."


def _billed(facts: StoryFacts) -> str:
    plain = [one.number for one in facts.invoices if not one.credit]
    return f"; invoiced: {', '.join(plain)}" if plain else ""


def _meaning(reason: str) -> str:
    known = reason in {code.value for code in ReasonCode}
    if not known:
        return f": {reason}" if reason else ""
    return f": {explain_reason(ReasonCode(reason)).meaning.rstrip('.')}"


def _events(facts: StoryFacts, entries: list[LedgerEntry]) -> Iterator[StoryEvent]:
    capture = facts.capture
    gross = "total not stated" if capture.gross is None else f"{capture.gross} {capture.currency}"
    yield StoryEvent(capture.created_at, "placed in the shop", f"{len(capture.lines)} lines")
    yield StoryEvent(capture.first_read, "captured", gross)
    for entry in entries:
        attempt = f"number {entry.number}, account {entry.account}"
        yield StoryEvent(entry.claimed_at, "claimed", attempt)
        if entry.state is EntryState.ACCEPTED and not _told(facts.journal, entry):
            yield StoryEvent(entry.changed_at, "accepted", f"number {entry.number}")
    for one in facts.invoices:
        what = "credited" if one.credit else "invoiced"
        detail = f"{one.number}, {one.gross:.2f} {one.currency}, {one.vat:.2f} of it VAT"
        yield StoryEvent(_end(one.date, facts.zone), what, detail, day=one.date)
    for line in facts.journal:
        if line.what != CAPTURED:
            yield StoryEvent(line.at, line.what, line.detail, line.by, line.note)


def _end(day: LocalDate, zone: tzinfo) -> datetime:
    """Return the last instant of a day where the books are kept."""
    following = datetime.combine(day + timedelta(days=1), time(), zone)
    return following.astimezone(UTC) - timedelta(microseconds=1)


def _told(journal: Iterable[JournalEntry], entry: LedgerEntry) -> bool:
    """Tell whether the journal has a line about this acceptance."""
    return any(line.what in ACCEPTANCES and entry.number in line.detail for line in journal)
