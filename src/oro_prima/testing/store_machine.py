"""
A store against the oracle: any sequence of writes, undone ones among them, and every reading equal.

Subclass `StoreMachine`, give it a way to open an empty store, and run it with Hypothesis.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

from attrs import evolve
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from oro_prima.errors import StoreError
from oro_prima.ids import CommandKey, OroCustomerId, OroOrderId, PrimaAccount, PrimaCompany
from oro_prima.ports import Clock, Store, Transaction
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.records import (
    CutOver,
    EntryState,
    ExceptionRecord,
    Flow,
    Home,
    JournalEntry,
    Kept,
    Lease,
    LedgerEntry,
    Link,
    RecordState,
    Watermark,
)
from oro_prima.stores import MemoryStore
from oro_prima.testing.store_facts import (
    MINUTE,
    PAIR,
    START,
    TestClock,
    a_capture,
    an_entry,
)

orders = st.sampled_from(["7", "8", "10", "100"])
states = st.sampled_from(EntryState)
homes = st.sampled_from(Home)
minutes = st.integers(0, 3).map(lambda n: START + MINUTE * n)
Act = Callable[[Transaction], object]


class UndoneError(Exception):
    """Raised in a transaction on purpose."""


class StoreMachine(RuleBasedStateMachine):
    """Does the same to a store and to the oracle; both must say the same, also by refusing."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = TestClock()
        self.store = self.open_store(self.clock)
        self.oracle: Store = MemoryStore(PAIR, clock=self.clock)
        self.leases: dict[Flow, list[tuple[Lease, Lease]]] = {flow: [] for flow in Flow}

    def open_store(self, clock: Clock) -> Store:
        """Open an empty store of the pair `pair`."""
        raise AssertionError("a subclass says how")

    def teardown(self) -> None:
        """Close the store."""
        self.store.close()

    def _both(self, act: Callable[[Store], object]) -> tuple[object, object]:
        """Do something to both; a refusal is an answer like any other."""
        found = tuple(_said(act, store) for store in (self.store, self.oracle))
        assert found[0] == found[1]
        return found[0], found[1]

    def _write(self, act: Act, lease: tuple[Lease | None, Lease | None] = (None, None)) -> None:
        by = {id(self.store): lease[0], id(self.oracle): lease[1]}

        def write(store: Store) -> object:
            with store.transaction(by[id(store)]) as tx:
                return act(tx)

        self._both(write)

    @initialize()
    def empty(self) -> None:
        """Both begin empty."""
        assert self.store.entries(EntryState) == ()

    @rule(order=orders, at=minutes, suffix=st.integers(0, 2), payload=st.binary(max_size=4))
    def claim(self, order: str, at: datetime, suffix: int, payload: bytes) -> None:
        """Claim an order, or a repost of it."""
        entry = evolve(_entry(order, suffix), claimed_at=at, changed_at=at)
        self._write(lambda tx: tx.claim(entry, payload))

    @rule(order=orders, suffix=st.integers(0, 2), state=states, at=minutes)
    def change(self, order: str, suffix: int, state: EntryState, at: datetime) -> None:
        """Change an entry, as far as that is allowed."""
        entry = evolve(_entry(order, suffix), state=state, changed_at=at)
        self._write(lambda tx: tx.put_entry(entry))

    @rule(order=orders, home=homes, gross=st.none() | st.integers(0, 9), readable=st.booleans())
    def capture(self, order: str, home: Home, gross: int | None, readable: bool) -> None:
        """Capture an order."""
        amount = None if gross is None else Decimal(gross)
        found = evolve(a_capture(order, home), gross=amount, readable=readable)
        self._write(lambda tx: tx.put_capture(found))

    @rule(order=st.integers(0, 9), at=st.none() | minutes)
    def watermark(self, order: int, at: datetime | None) -> None:
        """Move the watermark, or try to move it back."""
        self._write(lambda tx: tx.put_watermark(Watermark(order, at)))

    @rule(order=orders, state=st.sampled_from(RecordState), at=minutes)
    def hold(self, order: str, state: RecordState, at: datetime) -> None:
        """Put or change a record of the queue."""
        subject = f"orders/{order}"
        reason = Reason(ReasonCode.NO_LINES, subject, "none")
        record = ExceptionRecord(Flow.ORDERS, subject, (reason,), state, START, START, 1)
        self._write(lambda tx: tx.put_exception(evolve(record, first_seen=at)))

    @rule(subject=st.sampled_from(["a", "a/1", "b"]), body=st.binary(max_size=2))
    def keep(self, subject: str, body: bytes) -> None:
        """Keep something, or forget it."""
        kept = Kept(Flow.PRICES, subject, body, START)
        self._write(lambda tx: tx.put_kept(kept) if body else tx.drop_kept(Flow.PRICES, subject))

    @rule(order=orders, note=st.sampled_from(["", "a word"]))
    def journal(self, order: str, note: str) -> None:
        """Write a line."""
        line = JournalEntry(START, "", "orders", "what", f"orders/{order}", "", "Kim", note)
        self._write(lambda tx: tx.add_journal(line))

    @rule(order=orders, suffix=st.integers(0, 2))
    def forget(self, order: str, suffix: int) -> None:
        """Erase what is personal."""
        key = _entry(order, suffix).key
        self._write(lambda tx: (tx.erase_payload(key), tx.erase_notes(f"orders/{order}")))

    @rule(customer=st.sampled_from(["3", "4"]), account=st.sampled_from(["A", "B", ""]))
    def link(self, customer: str, account: str) -> None:
        """Pin a link, or take it away."""
        who = OroCustomerId(customer)
        link = Link(who, PrimaAccount(account), PrimaCompany("1"), "Kim", START, "hash")
        self._write(lambda tx: tx.put_link(link) if account else tx.revoke_link(who))

    @rule(by=st.sampled_from(["Kim", "Lee"]))
    def cut_over(self, by: str) -> None:
        """Put into use; once."""
        self._write(lambda tx: tx.put_cut_over(CutOver(by, START, START, "epoch")))

    @rule(order=orders, home=homes)
    def undone(self, order: str, home: Home) -> None:
        """Write a lot and raise."""

        def act(tx: Transaction) -> None:
            tx.put_capture(a_capture(order, home))
            tx.claim(_entry(order, 0), b"x")
            tx.put_watermark(Watermark(99))
            tx.put_kept(Kept(Flow.PRICES, "undone", b"x", START))
            tx.add_journal(JournalEntry(START, "", "orders", "undone", "store", ""))
            raise UndoneError

        self._write(act)

    @rule(flow=st.sampled_from(Flow), holder=st.sampled_from(["one", "two"]))
    def acquire(self, flow: Flow, holder: str) -> None:
        """Take the lease of a flow, or be refused."""
        found = self._both(lambda store: store.acquire(flow, holder, last=MINUTE))
        if isinstance(found[0], Lease) and isinstance(found[1], Lease):
            self.leases[flow].append((found[0], found[1]))

    @rule(seconds=st.integers(1, 90))
    def wait(self, seconds: int) -> None:
        """Let time pass."""
        self.clock.now += timedelta(seconds=seconds)

    @precondition(lambda self: any(self.leases.values()))
    @rule(data=st.data(), what=st.sampled_from(["renew", "release", "remaining", "write"]))
    def use(self, data: st.DataObject, what: str) -> None:
        """Use a lease, be it the newest or a lost one."""
        known = [pair for pairs in self.leases.values() for pair in pairs]
        pair = data.draw(st.sampled_from(known))
        if what == "write":
            self._write(lambda tx: tx.put_watermark(Watermark(1)), pair)
            return
        of = {id(self.store): pair[0], id(self.oracle): pair[1]}
        acts: dict[str, Callable[[Store], object]] = {
            "renew": lambda store: store.renew(of[id(store)], last=MINUTE),
            "release": lambda store: store.release(of[id(store)]),
            "remaining": lambda store: store.remaining(of[id(store)]),
        }
        self._both(acts[what])

    @rule(order=orders, at=minutes, limit=st.integers(0, 3))
    def read_by_part(self, order: str, at: datetime, limit: int) -> None:
        """Read a part of a queue behind a place, whether or not anything is there."""
        behind = evolve(_entry(order, 0), claimed_at=at)
        self._both(lambda store: store.entries(EntryState, after=behind, limit=limit))
        self._both(lambda store: store.captures_at(Home, after=OroOrderId(order), limit=limit))
        self._both(lambda store: store.payloads_settled(START + MINUTE * 2, limit=limit))

    @invariant()
    def every_reading_is_equal(self) -> None:
        """Whatever is asked."""
        wanted = [OroOrderId(order) for order in ("7", "8", "10", "100", "1")]
        for ask in _READINGS:
            self._both(ask)
        self._both(lambda store: store.captures(wanted))
        self._both(lambda store: store.newest_entries(wanted))


def _entry(order: str, suffix: int) -> LedgerEntry:
    key = CommandKey(f"{PAIR}/orders/{order}/{suffix}")
    return evolve(an_entry(order), key=key, suffix=suffix)


def _said(act: Callable[[Store], object], store: Store) -> object:
    try:
        return act(store)
    except (StoreError, UndoneError) as error:
        return type(error)


_READINGS: tuple[Callable[[Store], object], ...] = (
    lambda store: store.entries(EntryState),
    lambda store: store.entries((EntryState.CLAIMED, EntryState.DOUBT)),
    lambda store: store.count_entries((EntryState.ACCEPTED, EntryState.DOUBT)),
    lambda store: store.captures_at(Home),
    lambda store: store.captures_at((Home.WAITING, Home.HELD)),
    lambda store: store.count_homes(),
    lambda store: store.captures_created(START, START + MINUTE),
    lambda store: store.newest_accepted(),
    lambda store: store.accepted_since(START + MINUTE),
    lambda store: store.exceptions(RecordState),
    lambda store: store.exceptions((RecordState.HELD,)),
    lambda store: store.kept_below(Flow.PRICES),
    lambda store: store.kept_below(Flow.PRICES, "a", after="a", limit=1),
    lambda store: store.kept(Flow.PRICES, ("a", "b")),
    lambda store: store.watermark(),
    lambda store: store.cut_over(),
    lambda store: store.links(),
    lambda store: store.journal(),
    lambda store: store.journal(subject="orders/7"),
    lambda store: store.broken_line(),
    lambda store: [store.payload(entry.key) for entry in store.entries(EntryState)],
)
