"""What every store must do: subclass `StoreContract` and give it a way to open one."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from attrs import evolve

from oro_prima.errors import StoreError
from oro_prima.ids import (
    CommandKey,
    OroCustomerId,
    OroLevelId,
    OroOperationId,
    OroOrderId,
    PrimaAccount,
    PrimaCompany,
)
from oro_prima.ports import Store
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.records import (
    AcceptedSnapshot,
    CutOver,
    EntryState,
    ExceptionRecord,
    Flow,
    Home,
    JournalEntry,
    JournalTip,
    Link,
    Outstanding,
    RecordState,
    RefusedSnapshot,
    StockMark,
    Watermark,
)
from oro_prima.testing.store_facts import MINUTE, PAIR, START, TestClock, a_capture, an_entry
from oro_prima.testing.store_finding import FindingContract
from oro_prima.values import SkuKey


class StoreContract(FindingContract):
    """Facts that hold of every store. A subclass gives `open_store`."""

    clock: TestClock

    def open_store(self) -> Store:
        """Open an empty store of the pair `pair` with the clock `self.clock`."""
        raise AssertionError("a subclass says how")

    @pytest.fixture
    def store(self) -> Store:
        """An empty store."""
        self.clock = TestClock()
        return self.open_store()

    def test_an_empty_store_holds_nothing(self, store: Store) -> None:
        """And refuses nothing that is only read."""
        assert store.pair == PAIR
        assert (store.cut_over(), store.watermark(), store.newest_accepted()) == (None, None, None)
        assert (store.accepted_snapshot(), store.refused_snapshot()) == (None, None)
        assert dict(store.links()) == {}
        assert store.captures_at(Home) == ()
        assert store.entries(EntryState) == ()
        assert (store.marks(), store.outstanding(), store.journal()) == ((), (), ())
        assert store.journal_tip() == JournalTip(0, "")
        assert store.exceptions(RecordState) == ()
        assert store.distrust() == ""
        assert store.entry(CommandKey("x")) is None
        assert store.payload(CommandKey("x")) is None

    def test_a_cut_over_is_made_once(self, store: Store) -> None:
        """A second one is refused."""
        act = CutOver("Kim", START, START, "epoch", "note")
        with store.transaction() as tx:
            tx.put_cut_over(act)
        with pytest.raises(StoreError, match="once"), store.transaction() as tx:
            tx.put_cut_over(act)

        assert act == store.cut_over()

    def test_a_watermark_never_moves_back(self, store: Store) -> None:
        """Whatever is asked."""
        for number in (5, 9, 7):
            with store.transaction() as tx:
                tx.put_watermark(Watermark(number))

        assert Watermark(9) == store.watermark()

    def test_links_are_pinned_and_revoked(self, store: Store) -> None:
        """One a customer."""
        customer = OroCustomerId("3")
        link = Link(customer, PrimaAccount("A"), PrimaCompany("1"), "Kim", START, "hash")
        with store.transaction() as tx:
            tx.put_link(link)
            tx.put_link(evolve(link, account=PrimaAccount("B"), vat_inclusive=False))
        assert store.links()[customer].account == "B"
        with store.transaction() as tx:
            assert tx.revoke_link(customer)
            assert not tx.revoke_link(customer)
        assert dict(store.links()) == {}

    def test_first_totals_stay(self, store: Store) -> None:
        """A later reading moves the home alone."""
        first = a_capture("7")
        later = evolve(
            first, gross=Decimal(1), currency="EUR", first_read=START + MINUTE, home=Home.POSTED
        )
        with store.transaction() as tx:
            tx.put_capture(first)
            tx.put_capture(later)

        assert {first.order: evolve(first, home=Home.POSTED)} == dict(store.captures([first.order]))

    def test_captures_are_found_by_home_and_by_day(self, store: Store) -> None:
        """By order id as a number; the last instant of a day is the next day's first."""
        with store.transaction() as tx:
            for number, home in (("10", Home.HELD), ("9", Home.HELD), ("8", Home.POSTED)):
                tx.put_capture(a_capture(number, home))

        assert [c.order for c in store.captures_at([Home.HELD])] == ["9", "10"]
        assert [c.order for c in store.captures_created(START, START + MINUTE)] == ["8", "9", "10"]
        assert store.captures_created(START - MINUTE, START) == ()
        assert store.captures_at([]) == ()

    def test_a_claim_is_made_once(self, store: Store) -> None:
        """Unless it was released; an accepted one is for ever."""
        entry = an_entry("7")
        with store.transaction() as tx:
            assert tx.claim(entry, b"one")
            assert not tx.claim(entry, b"two")
        with store.transaction() as tx:
            tx.put_entry(evolve(entry, state=EntryState.RELEASED))
        with store.transaction() as tx:
            assert tx.claim(evolve(entry, attempt=2), b"three")
        accepted = evolve(entry, attempt=2, state=EntryState.ACCEPTED)
        with store.transaction() as tx:
            tx.put_entry(accepted)
            tx.put_entry(accepted)
        for change in (an_entry("7", EntryState.DOUBT), evolve(accepted, note="x")):
            with pytest.raises(StoreError, match="for ever"), store.transaction() as tx:
                tx.put_entry(change)
        with pytest.raises(StoreError, match="never claimed"), store.transaction() as tx:
            tx.put_entry(an_entry("8"))

        assert (accepted, b"three") == (store.entry(entry.key), store.payload(entry.key))

    def test_entries_are_found_by_state(self, store: Store) -> None:
        """Oldest claim first; the newest accepted and those since an instant."""
        with store.transaction() as tx:
            for number in ("9", "7", "8"):
                tx.claim(an_entry(number), b"")
        for number in ("7", "8"):
            with store.transaction() as tx:
                tx.put_entry(an_entry(number, EntryState.ACCEPTED))

        accepted, claimed = EntryState.ACCEPTED, EntryState.CLAIMED
        assert [e.order for e in store.entries(EntryState)] == ["7", "8", "9"]
        assert [e.order for e in store.entries([claimed])] == ["9"]
        newest = store.newest_accepted()
        assert newest is not None
        assert newest.order == "8"
        assert {"8"} == store.accepted_since(START + MINUTE * 8)
        wanted = [OroOrderId(number) for number in ("7", "9", "1")]
        states = {order: e.state for order, e in store.newest_entries(wanted).items()}
        assert {"7": accepted, "9": claimed} == states

    def test_a_long_queue_is_read_part_by_part(self, store: Store) -> None:
        """In the same order as at once, also while what was read already changes."""
        with store.transaction() as tx:
            for number in ("9", "10", "7", "8"):
                tx.claim(an_entry(number), b"")
                tx.put_capture(a_capture(number, Home.HELD if number == "8" else Home.WAITING))
        part = store.entries(EntryState, limit=2)
        with store.transaction() as tx:
            tx.put_entry(an_entry("7", EntryState.ACCEPTED))
        rest = store.entries([EntryState.CLAIMED], after=part[-1], limit=9)
        open_homes = (Home.HELD, Home.WAITING)
        captures = store.captures_at(open_homes, after=OroOrderId("7"), limit=2)

        assert [e.order for e in (*part, *rest)] == ["7", "8", "9", "10"]
        assert [c.order for c in captures] == ["8", "9"]
        assert store.count_homes() == {Home.HELD: 1, Home.WAITING: 3}
        assert store.count_entries([EntryState.CLAIMED]) == 3
        assert store.count_entries([]) == 0

    def test_the_watermark_never_goes_back(self, store: Store) -> None:
        """Neither by id nor by instant; one moves without the other."""
        for order, at in ((5, None), (3, START), (7, None), (6, START - MINUTE)):
            with store.transaction() as tx:
                tx.put_watermark(Watermark(order, at))

        assert Watermark(7, START) == store.watermark()

    def test_totals_are_frozen_once_they_could_be_read(self, store: Store) -> None:
        """Until then nothing was captured that could be frozen."""
        unread = evolve(a_capture("7"), gross=None, currency="", readable=False)
        for capture in (unread, a_capture("7"), evolve(a_capture("7"), gross=Decimal(1))):
            with store.transaction() as tx:
                tx.put_capture(capture)

        assert a_capture("7").gross == store.captures([OroOrderId("7")])[OroOrderId("7")].gross

    def test_a_payload_is_erased_and_its_entry_stays(self, store: Store) -> None:
        """Names and addresses go, the proof does not."""
        with store.transaction() as tx:
            tx.claim(an_entry("7"), b"personal")
        with store.transaction() as tx:
            assert tx.erase_payload(an_entry("7").key)
            assert not tx.erase_payload(an_entry("7").key)

        assert store.payload(an_entry("7").key) is None
        assert store.entry(an_entry("7").key) is not None

    def test_exceptions_have_one_record_a_subject(self, store: Store) -> None:
        """Failing again updates, never duplicates."""
        reason = Reason(ReasonCode.NO_LINES, "orders/7", "none")
        held = ExceptionRecord(
            Flow.ORDERS, "orders/7", (reason,), RecordState.HELD, START, START, 1, Decimal("1.50")
        )
        with store.transaction() as tx:
            tx.put_exception(held)
            tx.put_exception(evolve(held, attempts=2))
            tx.put_exception(evolve(held, subject="orders/6", first_seen=START - MINUTE))

        assert [r.subject for r in store.exceptions([RecordState.HELD])] == ["orders/6", "orders/7"]
        assert evolve(held, attempts=2) == store.exception(Flow.ORDERS, "orders/7")
        assert store.exceptions([RecordState.DISMISSED]) == ()
        assert store.exception(Flow.STOCK, "orders/7") is None

    def test_stock_facts_are_kept(self, store: Store) -> None:
        """Marks, snapshots, outstanding operations."""
        marks = (StockMark(SkuKey("A"), START, 1), StockMark(SkuKey("B", "x"), START, 2))
        accepted = AcceptedSnapshot(START, 10, Decimal("0.95"))
        refused = RefusedSnapshot(START, 1, Decimal("0.1"))
        pending = Outstanding(OroOperationId("5"), (OroLevelId("1"),), START)
        with store.transaction() as tx:
            tx.replace_marks(reversed(marks))
            tx.put_accepted_snapshot(accepted)
            tx.put_refused_snapshot(refused)
            tx.put_outstanding(pending)
        assert (marks, accepted, refused) == (
            store.marks(),
            store.accepted_snapshot(),
            store.refused_snapshot(),
        )
        assert (pending,) == store.outstanding()
        with store.transaction() as tx:
            tx.replace_marks(marks[:1])
            tx.put_refused_snapshot(None)
            tx.drop_outstanding(OroOperationId("5"))
        assert (marks[:1], None, ()) == (
            store.marks(),
            store.refused_snapshot(),
            store.outstanding(),
        )

    def test_an_edit_of_the_journal_shows(self, store: Store) -> None:
        """Each line covers the one before; what people wrote can be erased all the same."""
        for n in range(3):
            with store.transaction() as tx:
                line = JournalEntry(
                    START, "", "orders", "noted", f"orders/{n}", "", "Kim", "a word"
                )
                tx.add_journal(line)
        before = store.journal()
        with store.transaction() as tx:
            assert tx.erase_notes("orders/1") == 1
        with store.transaction() as tx:
            assert tx.erase_notes("orders/1") == 0

        assert [entry.note for entry in before] == ["a word"] * 3
        assert [entry.note for entry in store.journal()] == ["a word", "", "a word"]
        assert {entry.note_hash for entry in before} == {before[0].note_hash}
        assert len(before[0].note_hash) == 64
        assert store.broken_line() is None

    def test_payloads_of_settled_orders_are_found(self, store: Store) -> None:
        """Oldest first; what is in doubt keeps its payload, what was erased is not named."""
        entries = [an_entry(number) for number in ("7", "8", "9")]
        with store.transaction() as tx:
            for entry in entries:
                tx.claim(entry, b"personal")
        with store.transaction() as tx:
            tx.put_entry(evolve(entries[1], state=EntryState.ACCEPTED))
            tx.put_entry(evolve(entries[0], state=EntryState.RELEASED))

        late, keys = START + MINUTE * 60, (entries[0].key, entries[1].key)
        assert keys == store.payloads_settled(late, limit=9)
        assert keys[:1] == store.payloads_settled(late, limit=1)
        assert store.payloads_settled(START, limit=9) == ()
        with store.transaction() as tx:
            tx.erase_payload(keys[0])
        assert keys[1:] == store.payloads_settled(late, limit=9)

    def test_the_journal_is_appended(self, store: Store) -> None:
        """In order, and by subject."""
        lines = [
            JournalEntry(START, "run", "orders", f"what {n}", f"orders/{n % 2}", "")
            for n in (1, 2, 3)
        ]
        with store.transaction() as tx:
            for line in lines:
                tx.add_journal(line)

        assert (store.journal_tip(3), JournalTip(4, "")) == (
            store.journal_tip(),
            store.journal_tip(4),
        )
        assert len({store.journal_tip(n).hash for n in range(4)}) == 4
        assert tuple(lines) == store.journal()
        assert (lines[1],) == store.journal(subject="orders/0")

    def test_a_transaction_is_all_or_nothing(self, store: Store) -> None:
        """What raises is undone."""
        with pytest.raises(RuntimeError), store.transaction() as tx:
            tx.put_capture(a_capture("7"))
            tx.claim(an_entry("7"), b"x")
            tx.put_watermark(Watermark(9))
            raise RuntimeError

        assert store.captures_at(Home) == ()
        assert store.entries(EntryState) == ()
        assert store.watermark() is None

    def test_a_lease_is_held_by_one_run(self, store: Store) -> None:
        """Until it ends; then its fencing number is refused."""
        first = store.acquire(Flow.ORDERS, "one", last=MINUTE)
        with pytest.raises(StoreError, match="one"):
            store.acquire(Flow.ORDERS, "two", last=MINUTE)
        store.acquire(Flow.STOCK, "two", last=MINUTE)
        self.clock.now += MINUTE / 2
        first = store.renew(first, last=MINUTE)
        assert store.remaining(first) == MINUTE
        with store.transaction(first) as tx:
            tx.put_watermark(Watermark(1))
        self.clock.now += MINUTE * 2
        second = store.acquire(Flow.ORDERS, "two", last=MINUTE)
        with pytest.raises(StoreError, match="lost"), store.transaction(first) as tx:
            tx.put_watermark(Watermark(2))
        with pytest.raises(StoreError, match="lost"):
            store.renew(first, last=MINUTE)
        store.release(first)

        assert second.fence > first.fence
        assert timedelta(0) == store.remaining(first)
        assert store.remaining(second) == MINUTE
        assert Watermark(1) == store.watermark()

    def test_a_lease_that_was_given_back_is_free(self, store: Store) -> None:
        """And worth nothing to who gave it back."""
        first = store.acquire(Flow.ORDERS, "one", last=MINUTE)
        store.release(first)
        assert timedelta(0) == store.remaining(first)
        with pytest.raises(StoreError, match="lost"), store.transaction(first):
            pass
        assert store.acquire(Flow.ORDERS, "two", last=MINUTE).fence > first.fence
        store.close()
