"""
What the journal alone says became of each order, held against what the store says.

The journal is chained: nobody changes a line unseen. So an edit of the store shows where both
differ: a total that was captured, an acceptance, an order that was let go.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from attrs import field, frozen

from oro_prima.ids import OroOrderId, PrimaOrderNumber
from oro_prima.records import Capture, EntryState, Home, JournalEntry, LedgerEntry

CAPTURED = "captured"
"""The word of the line that keeps what was captured at the first reading."""
ACCEPTANCES = frozenset({"accepted", "found in Prima", "Prima has it", "adopted"})
"""Words of the journal that say that Prima has an order; their detail ends with its number."""
LET_GO = frozenset({Home.CANCELLED, Home.IGNORED, Home.DISMISSED})
"""Homes in which an order is no longer expected in Prima; each has a line of its own."""


@frozen
class Derived:
    """What the lines of one order say: as captured, Prima's numbers of it, and all words."""

    captured: str = ""
    numbers: tuple[PrimaOrderNumber, ...] = ()
    words: frozenset[str] = frozenset()


@frozen
class StoreFault:
    """One order of which store and journal say different things."""

    order: OroOrderId
    what: str


@frozen
class Proof:
    """
    What came of holding the store against its journal.

    Attributes:
        orders: How many orders were looked at.
        faults: Where both differ.
        unproven: Orders that were captured before the journal kept what was captured: of them only
            acceptances are held against it.
    """

    orders: int
    faults: tuple[StoreFault, ...]
    unproven: tuple[OroOrderId, ...] = field(default=())


def captured_detail(capture: Capture) -> str:
    """
    Return what the journal keeps of a first reading: totals and the instant, nothing personal.

    Such as `24.00 GBP, VAT 4.00, created 2031-05-04T09:00:00+00:00`.
    """
    gross = "total not stated" if capture.gross is None else f"{capture.gross:f}"
    vat = "VAT not stated" if capture.vat is None else f"VAT {capture.vat:f}"
    return f"{gross} {capture.currency}, {vat}, created {capture.created_at.isoformat()}"


def derive_orders(journal: Iterable[JournalEntry]) -> Mapping[OroOrderId, Derived]:
    """Return what the journal says of each order that it has a line about."""
    captured: dict[OroOrderId, str] = {}
    numbers: dict[OroOrderId, list[PrimaOrderNumber]] = {}
    words: dict[OroOrderId, set[str]] = {}
    for line in journal:
        kind, _, key = line.subject.partition("/")
        if kind != "orders" or not key:
            continue
        order = OroOrderId(key)
        words.setdefault(order, set()).add(line.what)
        if line.what == CAPTURED:
            captured[order] = line.detail
        elif line.what in ACCEPTANCES:
            numbers.setdefault(order, []).append(PrimaOrderNumber(line.detail.split(" ")[-1]))
    return {
        order: Derived(captured.get(order, ""), tuple(numbers.get(order, ())), frozenset(said))
        for order, said in words.items()
    }


def prove_store(
    derived: Mapping[OroOrderId, Derived],
    captures: Iterable[Capture],
    entries: Iterable[LedgerEntry],
) -> Proof:
    """
    Hold what the store says against its journal.

    Args:
        derived: As `derive_orders` says it, of the whole journal.
        captures: All captures.
        entries: All accepted ledger entries.
    """
    kept = {capture.order: capture for capture in captures}
    accepted: dict[OroOrderId, set[PrimaOrderNumber]] = {}
    for entry in entries:
        if entry.state is EntryState.ACCEPTED:
            accepted.setdefault(entry.order, set()).add(entry.known_as)
    faults: list[StoreFault] = []
    for order in sorted({*kept, *accepted, *derived}, key=lambda one: (len(one), one)):
        said = derived.get(order, Derived())
        found = (*_of_capture(kept.get(order), said), *_of_ledger(accepted.get(order, set()), said))
        faults += [StoreFault(order, what) for what in found]
    unproven = [
        order
        for order, capture in kept.items()
        if capture.readable and not derived.get(order, Derived()).captured
    ]
    return Proof(len(kept), tuple(faults), tuple(unproven))


def _of_capture(capture: Capture | None, said: Derived) -> Iterator[str]:
    if capture is None:
        if said.captured:
            yield "it was captured, and the store knows nothing of it"
        return
    if said.captured and capture.readable and captured_detail(capture) != said.captured:
        yield f"captured as {said.captured}; the store says {captured_detail(capture)}"
    if said.captured and capture.home in LET_GO and capture.home.value not in said.words:
        yield f"the store says {capture.home.value}, and no line of the journal does"


def _of_ledger(accepted: set[PrimaOrderNumber], said: Derived) -> Iterator[str]:
    for number in sorted(accepted - set(said.numbers)):
        yield f"the ledger has it accepted as {number}, and no line of the journal does"
    for number in sorted(set(said.numbers) - accepted):
        yield f"the journal has it accepted as {number}, and the ledger does not"
