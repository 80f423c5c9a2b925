"""What a run remembers: values, never identities; what cannot be said is not made up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from attrs import evolve

from oro_prima.ids import CommandKey, OroOrderId, PrimaAccount, PrimaOrderNumber
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.records import EntryState, ExceptionRecord, Flow, LedgerEntry, RecordState
from oro_prima.testing.explore.memory import Notebook

NOW = datetime(2031, 5, 4, 12, tzinfo=UTC)
ENTRY = LedgerEntry(
    key=CommandKey("pair/orders/7/0"),
    order=OroOrderId("7"),
    number=PrimaOrderNumber("300000070"),
    account=PrimaAccount("TRADE1"),
    state=EntryState.DOUBT,
    attempt=1,
    intent_hash="intent",
    sent_hash="sent",
    claimed_at=NOW,
    changed_at=NOW,
    fence=1,
)


def kept(value: object, *, ranked: bool = False) -> object:
    return Notebook(ranked=ranked).kept(value)


def test_equal_values_are_noted_alike_and_instants_apart() -> None:
    """An instant is compared by its age, not by its name."""
    book, later = Notebook(ranked=False), NOW + timedelta(days=1)
    one, other = book.kept({"a": [NOW, 1]}), book.kept({"a": (later, 1)})

    assert one.shape == other.shape != book.kept({"a": (later, 2)}).shape
    assert (one.instants, other.instants) == ((NOW,), (later,))


def test_of_an_entry_counts_what_a_rule_looks_at() -> None:
    """Attempt and bytes count for no rule; the claim does, and whether a person had a word."""
    later = NOW + timedelta(hours=1)

    assert kept(ENTRY) == kept(evolve(ENTRY, attempt=2, sent_hash="other", changed_at=later))
    assert kept(ENTRY) != kept(evolve(ENTRY, claimed_at=later))
    assert kept(ENTRY) != kept(evolve(ENTRY, may_resend=True))
    assert kept(ENTRY) != kept(evolve(ENTRY, first_absent=NOW))


def test_which_order_was_accepted_last_counts_where_it_is_the_control() -> None:
    """Where a control is named, what was accepted is all the same."""
    one = evolve(ENTRY, state=EntryState.ACCEPTED)
    other = evolve(one, changed_at=NOW + timedelta(hours=1))

    assert kept(one) == kept(other)
    assert kept(one, ranked=True) != kept(other, ranked=True)


def test_a_record_of_an_order_in_doubt_says_that_somebody_is_asked() -> None:
    """Another record says why it is held, and whether it is to be tried again."""
    doubt = Reason(ReasonCode.IN_DOUBT, "orders/7", "")
    refused = Reason(ReasonCode.PRIMA_REFUSED, "orders/7", "")
    held = ExceptionRecord(
        Flow.ORDERS, "orders/7", (doubt,), RecordState.HELD, NOW, NOW, 1, None, ""
    )

    assert kept(held) == kept(evolve(held, retry=True, reasons=(doubt, refused)))
    assert kept(evolve(held, reasons=(refused,))) != kept(
        evolve(held, reasons=(refused,), retry=True)
    )


def test_outside_a_run_nothing_is_remembered() -> None:
    """There is no flow to whose port anybody could speak."""
    assert Notebook(ranked=False).remembered() is None
