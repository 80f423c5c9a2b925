"""People and the queue: every act says who and why; what may heal by itself is tried again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.sync.flows import PAIR, Bench

from oro_prima.errors import ConfigError, StoreError
from oro_prima.ids import OroCustomerId, OroOrderId, PrimaAccount, PrimaOrderNumber
from oro_prima.mapping import AccountPolicy, SharedAccounts
from oro_prima.prima.models import PrimaProfile
from oro_prima.reasons import ReasonCode
from oro_prima.records import Adoption, Flow, Home, Link, RecordState, RunPolicy
from oro_prima.sync import (
    RunReport,
    adopt_orders,
    assign_held,
    dismiss_held,
    fix_link,
    forget_order,
    note_held,
    reopen_held,
    retry_held,
    sync_orders,
)

WHO: dict[str, Any] = {"by": "Kim", "note": "because"}


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    made.put_into_use()
    yield made
    made.store.close()


def run(bench: Bench, **changes: Any) -> RunReport:
    with bench.ports(**changes) as ports:
        return sync_orders(ports, bench.policy)


def state(bench: Bench, order: str) -> RecordState | None:
    record = bench.store.exception(Flow.ORDERS, f"orders/{order}")
    return None if record is None else record.state


def home(bench: Bench, order: str) -> Home:
    return bench.store.captures([OroOrderId(order)])[OroOrderId(order)].home


def test_dismissed_and_reopened(bench: Bench) -> None:
    """A dismissed order stays out until it is reopened; then it is tried."""
    run(bench)
    order = bench.world.seed.special["unlinked_customer"]
    subject, at = f"orders/{order}", bench.world.clock()
    dismiss_held(bench.store, subject=subject, at=at, **WHO)
    run(bench)
    assert (state(bench, order), home(bench, order)) == (RecordState.DISMISSED, Home.DISMISSED)
    with pytest.raises(StoreError, match="is not held"):
        dismiss_held(bench.store, subject=subject, at=at, **WHO)

    reopened = reopen_held(bench.store, subject=subject, at=at, **WHO)
    assert (reopened.state, reopened.retry, home(bench, order)) == (
        RecordState.HELD, True, Home.HELD,
    )  # fmt: skip
    with pytest.raises(StoreError, match="is not dismissed"):
        reopen_held(bench.store, subject=subject, at=at, **WHO)


def test_a_link_is_corrected_and_everything_that_waits_for_it_goes_through(bench: Bench) -> None:
    """In one breath; what waits for something else is not touched."""
    run(bench)
    order = bench.world.seed.special["unlinked_customer"]
    customer = next(o.customer for o in bench.world.oro.orders() if o.id == order)
    at = bench.world.clock()
    link = Link(
        OroCustomerId(customer), PrimaAccount("TRADE0001"), PAIR.company, "Kim", at, "", "1"
    )
    with pytest.raises(ConfigError, match=r"accounts.shared = allow"):
        fix_link(bench.store, link, at=at, **WHO)
    shared = AccountPolicy(shared=SharedAccounts.ALLOW)
    fixed = fix_link(bench.store, link, at=at, policy=shared, **WHO)

    assert [f"orders/{order}"] == [record.subject for record in fixed]
    assert order in run(bench).posted
    assert state(bench, order) is RecordState.RESOLVED


def test_everything_people_do_is_in_the_journal(bench: Bench) -> None:
    """Who, when, why; assignment and note show on the record and survive a run."""
    run(bench)
    order = bench.world.seed.special["unknown_unit"]
    subject, at = f"orders/{order}", bench.world.clock()
    assign_held(bench.store, subject=subject, to="the catalogue team", at=at, **WHO)
    note_held(bench.store, subject=subject, by="Lee", note="asked them", at=at)
    retry_held(bench.store, code=ReasonCode.UNKNOWN_UNIT, at=at, **WHO)
    run(bench)
    record = bench.store.exception(Flow.ORDERS, subject)

    assert record is not None
    assert record.assigned_to == "the catalogue team"
    acts = [(e.what, e.by, e.note) for e in bench.store.journal(subject=subject) if e.by]
    assert acts == [
        ("assigned to the catalogue team", "Kim", "because"),
        ("note", "Lee", "asked them"),
        ("retry", "Kim", "because"),
    ]
    with pytest.raises(StoreError, match="is not held"):
        assign_held(bench.store, subject="orders/1", to="x", at=at, **WHO)
    with pytest.raises(StoreError, match="is not held"):
        note_held(bench.store, subject="orders/1", at=at, **WHO)


def test_what_may_pass_is_tried_again_after_a_pause_that_doubles(bench: Bench) -> None:
    """Only by codes that the profile names; everything else waits for a person."""
    bench.profile = PrimaProfile(busy_codes=frozenset({"194", "548"}))
    bench.run = RunPolicy(retry_first=timedelta(minutes=5), retry_longest=timedelta(minutes=8))
    run(bench)
    order = bench.world.seed.special["vat_inclusive"]
    record = bench.store.exception(Flow.ORDERS, f"orders/{order}")

    assert record is not None
    assert [reason.code for reason in record.reasons] == [ReasonCode.VAT_BASIS_MISMATCH]
    assert record.next_try is None
    codes = frozenset({"194", "548"})
    busy = PrimaProfile(busy_codes=codes, price_basis_codes=frozenset())
    bench.profile = busy
    retry_held(bench.store, subject=f"orders/{order}", at=bench.world.clock(), **WHO)
    tries = [attempts(bench, order)]
    for minutes in (0, 4, 2, 6, 3):
        bench.advance(minutes=minutes)
        run(bench)
        tries.append(attempts(bench, order))

    assert tries == [1, 2, 2, 2, 3, 3]


def attempts(bench: Bench, order: str) -> int:
    record = bench.store.exception(Flow.ORDERS, f"orders/{order}")
    return record.attempts if record else 0


def test_forgetting_an_order_leaves_every_proof(bench: Bench) -> None:
    """Names, addresses and notes go; it is still known as posted, once."""
    (order, *_rest) = run(bench).posted
    at = bench.world.clock()
    key = bench.store.newest_entries([order])[order].key
    assert bench.store.payload(key)
    assert forget_order(bench.store, order=order, by="Kim", at=at) == 1

    assert bench.store.payload(key) is None
    assert bench.store.broken_line() is None
    assert run(bench).posted == ()
    held = bench.world.seed.special["unknown_unit"]
    note_held(bench.store, subject=f"orders/{held}", by="Lee", note="Ms Sample rang", at=at)
    assert forget_order(bench.store, order=OroOrderId(held), by="Kim", at=at) == 1
    assert all("Sample" not in entry.note for entry in bench.store.journal())
    record = bench.store.exception(Flow.ORDERS, f"orders/{held}")
    assert record is not None
    assert record.note == ""
    with pytest.raises(StoreError, match="nothing is known"):
        forget_order(bench.store, order=OroOrderId("999999"), by="Kim", at=at)


def test_an_order_in_doubt_keeps_its_payload(bench: Bench) -> None:
    """It may have to be sent again."""
    bench.world.faults.add("prima", "MultiNewOrder", "reset-before-commit")
    (order,) = run(bench).in_doubt
    with pytest.raises(StoreError, match="in doubt"):
        forget_order(bench.store, order=order, by="Kim", at=bench.world.clock())


def test_payloads_are_erased_by_themselves_once_nobody_needs_them(bench: Bench) -> None:
    """After the days that the setting names."""
    posted = run(bench).posted
    keys = [entry.key for entry in bench.store.newest_entries(posted).values()]
    bench.advance(days=29)
    run(bench)
    kept = [key for key in keys if bench.store.payload(key)]
    bench.advance(days=2)
    run(bench)

    assert kept == keys
    assert [key for key in keys if bench.store.payload(key)] == []


def test_a_run_says_in_the_journal_what_it_read_and_how_it_ended(bench: Bench) -> None:
    """With a hash that is the same for the same reading."""
    report, again = run(bench), run(bench)
    lines = [e for e in bench.store.journal() if e.run in (report.run, again.run)]
    whats = [entry.what for entry in lines if entry.run == report.run]

    assert (whats[0], whats[-1]) == ("run began", "run ended")
    assert "read" in whats
    reads = [entry.detail for entry in lines if entry.what == "read"]
    assert all("sha256" in detail for detail in reads)
    assert len(set(reads)) < len(reads)


def test_what_prima_has_already_is_adopted_and_never_sent(tmp_path: Path) -> None:
    """The list puts a store into use; adopting it again changes nothing."""
    bench = Bench(tmp_path)
    order = OroOrderId(bench.world.seed.special["four_decimals"])
    bench.put_into_use()
    at, adopted = bench.world.clock(), Adoption(order, PrimaOrderNumber("900001"))
    start: dict[str, Any] = {"start_at": bench.policy.start_at, "at": at, **WHO}

    assert adopt_orders(bench.store, [adopted], **start) == 1
    assert adopt_orders(bench.store, [adopted], **start) == 0
    report = run(bench)
    assert order not in report.posted
    assert home(bench, order) is Home.POSTED
    assert f"ORO-{order}" not in bench.taken()
    bench.store.close()


def test_a_list_that_contradicts_is_refused_whole(bench: Bench) -> None:
    """Itself, or what the store knows; nothing of it is adopted."""
    (order, *_rest) = run(bench).posted
    number = bench.store.newest_entries([order])[order].number
    start: dict[str, Any] = {"start_at": bench.policy.start_at, "at": bench.world.clock(), **WHO}
    one, two = OroOrderId("801"), OroOrderId("802")
    for rows, fault in (
        ([(one, "1"), (one, "2")], "two numbers"),
        ([(one, "1"), (two, "1")], "two orders"),
        ([(one, "1"), (order, "1")], "was posted as"),
    ):
        wanted = [Adoption(OroOrderId(o), PrimaOrderNumber(n)) for o, n in rows]
        with pytest.raises(StoreError, match=fault):
            adopt_orders(bench.store, wanted, **start)
    assert bench.store.newest_entries([one, two]) == {}
    assert adopt_orders(bench.store, [Adoption(order, number)], **start) == 0


def test_a_lost_store_is_put_back_into_use_by_the_list(tmp_path: Path) -> None:
    """It posts nothing before; what Prima has is not posted again."""
    bench = Bench(tmp_path)
    bench.put_into_use()
    posted = run(bench).posted
    entries = bench.store.newest_entries(posted)
    (tmp_path / "fresh").mkdir()
    fresh = Bench(tmp_path / "fresh")
    fresh.world = bench.world
    rows = [Adoption(order, entry.number) for order, entry in entries.items()]
    at = bench.world.clock()
    adopt_orders(fresh.store, rows, start_at=bench.policy.start_at, at=at, **WHO)
    report = run(fresh)

    assert fresh.store.cut_over() is not None
    assert set(report.posted).isdisjoint(posted)
    assert all(times == 1 for times in bench.taken().values())
    fresh.store.close()
    bench.store.close()
