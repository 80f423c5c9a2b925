"""The invoices flow: read where bound, kept once, matched to orders; nothing lost by a crash."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from tests.sync.flows import Bench, sandbox_bindings

from oro_prima.errors import ConfigError, StoreError
from oro_prima.files import DropReader
from oro_prima.ids import OroOrderId
from oro_prima.mapping import InvoicedOrder, InvoicePolicy, Invoicing, PollPolicy
from oro_prima.prima.models.binding import FileBinding, RecordMap
from oro_prima.prima.models.capabilities import Capability
from oro_prima.reasons import ReasonCode
from oro_prima.records import Flow, Home, Kept
from oro_prima.sync import (
    FlowReport,
    invoiced_orders,
    preview_invoices,
    sync_invoices,
    sync_orders,
)
from oro_prima.sync.keeping import recall
from oro_prima.testing.store_facts import START

POLICY, POLLS = InvoicePolicy(), PollPolicy()
BOUND = sandbox_bindings(Capability.INVOICE)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    bench.put_into_use()
    with bench.ports() as ports:
        sync_orders(ports, bench.policy)
    yield bench
    bench.store.close()


def run(bench: Bench, *, polls: PollPolicy = POLLS, **changes: Any) -> FlowReport:
    with bench.ports(**({"bindings": BOUND} | changes)) as ports:
        return sync_invoices(ports, bench.policy, POLICY, polls)


def known(bench: Bench) -> dict[OroOrderId, InvoicedOrder]:
    posted = [capture.order for capture in bench.store.captures_at((Home.POSTED,))]
    return dict(invoiced_orders(bench.store, bench.store.newest_entries(posted)))


def despatch(bench: Bench, place: int = 0, status: str = "Despatched") -> OroOrderId:
    follow = bench.store.follows()[place]
    bench.world.prima.set_status(follow.number, status)
    return follow.order


def test_invoices_are_read_once_and_matched(bench: Bench) -> None:
    """By order and line; what was read before changes nothing; a credit is told later."""
    whole, part = despatch(bench), despatch(bench, 1, "Part Despatched")
    first = run(bench)
    bench.advance(hours=1)
    second = run(bench)
    bench.advance(days=8)
    number = bench.store.newest_entries((whole,))[whole].number
    bench.world.prima.credit(number)
    third = run(bench)

    posted = len(bench.store.captures_at((Home.POSTED,)))
    assert first.counts == {"orders asked after": posted, "new invoices": 2, "new credits": 0}
    assert second.counts["orders asked after"] == posted - 1
    assert (second.counts["new invoices"], third.counts["new credits"]) == (0, 1)
    assert first.ok
    assert "2 new invoices" in first.summary()
    found = known(bench)
    assert found[whole].state is Invoicing.WHOLE
    assert found[part].state is Invoicing.PART
    assert found[whole].credited == found[whole].invoiced != None  # noqa: E711
    assert len(found) == posted
    assert {line.ordered for line in found[whole].lines} != {None}
    lines = [line.what for line in bench.store.journal(subject=f"invoices/{number}")]
    assert lines == ["invoices read", "invoices read"]


def test_what_was_sent_is_known_after_it_was_erased(bench: Bench) -> None:
    """Lines are kept with the first reading, without what is personal."""
    order = despatch(bench, 0, "Part Despatched")
    run(bench)
    (entry,) = bench.store.order_entries(order)
    with bench.store.transaction() as tx:
        tx.erase_payload(entry.key)
    bench.world.prima.set_status(entry.number, "Despatched")
    bench.advance(hours=1)
    run(bench)

    assert known(bench)[order].state is Invoicing.WHOLE
    assert (
        b"Sample"
        not in bench.store.kept(Flow.INVOICES, [f"invoices/{entry.number}"])[
            f"invoices/{entry.number}"
        ].body
    )


def test_a_preview_keeps_nothing(bench: Bench) -> None:
    """And says what would be kept."""
    despatch(bench)
    with bench.ports(bindings=BOUND) as ports:
        (plan,) = preview_invoices(ports, bench.policy, POLICY, POLLS)

    assert plan.new_invoices == 1
    assert "1 new invoices" in plan.summary()
    assert bench.store.kept_below(Flow.INVOICES) == ()


def test_unbound_is_said(bench: Bench) -> None:
    """And nothing is done by halves."""
    with pytest.raises(ConfigError, match="not available: invoice is unbound"):
        run(bench, bindings=())


def test_the_budget_and_the_age_are_kept(bench: Bench) -> None:
    """The rest is asked after in the next run; an old order no more."""
    posted = len(bench.store.captures_at((Home.POSTED,)))
    few = evolve(POLLS, budget=posted - 1)

    assert run(bench, polls=few).counts["orders asked after"] == posted - 1
    assert run(bench, polls=few).counts["orders asked after"] == 1
    bench.advance(days=91)
    assert run(bench).counts == {}


def test_a_system_that_is_down_loses_nothing(bench: Bench) -> None:
    """What was read in parts before stays; the run says that it stopped."""
    despatch(bench)
    bench.world.faults.add("prima", "XInvoice", "bad-gateway", times=9)
    first = run(bench)
    bench.world.faults.clear()
    second = run(bench)

    assert first.stopped is not None
    assert not first.ok
    assert "stopped" in first.summary()
    assert second.counts["new invoices"] == 1


def test_a_crash_before_it_is_kept_is_read_again(bench: Bench) -> None:
    """Nothing is half kept."""
    despatch(bench)

    def crash(step: str) -> None:
        if step == "before-keep":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), bench.ports(crash, bindings=BOUND) as ports:
        sync_invoices(ports, bench.policy, POLICY, POLLS)
    assert bench.store.kept_below(Flow.INVOICES) == ()
    assert run(bench).counts["new invoices"] == 1


MAP = RecordMap(
    fields=tuple(
        (name, name)
        for name in (
            "number", "date", "order_number", "currency", "net", "vat", "gross", "credit",
        )
    ),
    lines=(("order_line", "line"), ("quantity", "quantity")),
)  # fmt: skip
HEAD = "number,date,order_number,currency,net,vat,gross,credit,line,quantity\n"


def by_file(bench: Bench, folder: Path) -> dict[str, Any]:
    binding = FileBinding(str(folder), MAP, quiet=0)
    return {"bindings": ((Capability.INVOICE, binding),), "files": DropReader(bench.world.clock)}


def test_files_are_read_once(bench: Bench, tmp_path: Path) -> None:
    """Of orders of ours, also of one that is not known yet; of others only the count."""
    folder = tmp_path / "drop"
    folder.mkdir()
    order = bench.store.follows()[0]
    row = "04/05/2031,{},GBP,10,2,12,no,1,1\n"
    ours, later = order.number, f"{order.number[:-2]}9{order.number[-1]}"
    rows = [f"I{n}," + row.format(number) for n, number in enumerate((ours, later, "77"))]
    (folder / "a.csv").write_text(HEAD + "".join(rows), encoding="utf-8")
    (folder / "b.csv").write_text(HEAD + "I9,04/05/2031,1,GBP,x,2,12,no,1,1\n", encoding="utf-8")
    with bench.ports(**by_file(bench, folder)) as ports:
        (plan,) = preview_invoices(ports, bench.policy, POLICY, POLLS)
    first = run(bench, **by_file(bench, folder))
    second = run(bench, **by_file(bench, folder))

    assert (plan.new_invoices, plan.foreign) == (2, 1)
    assert first.counts["new invoices"] == 2
    assert first.counts["documents of other orders"] == 1
    assert [r.code for record in first.held for r in record.reasons] == [
        ReasonCode.INVOICE_UNREADABLE
    ]
    assert first.held[0].subject == "invoices/files"
    assert second.counts["new invoices"] == 0
    assert second.ok
    waiting = bench.store.exception(Flow.INVOICES, "invoices/files")
    assert waiting is not None
    assert waiting.state.value == "held"  # the file is put away: a person looks at it
    kept = {one.subject for one in bench.store.kept_below(Flow.INVOICES)}
    assert kept == {f"invoices/{ours}", f"invoices/{later}"}
    assert known(bench)[order.order].invoiced is not None


def test_a_contradiction_waits_for_finance_until_it_is_gone(bench: Bench, tmp_path: Path) -> None:
    """Once; with the next good reading it is settled."""
    folder = tmp_path / "drop"
    folder.mkdir()
    number = bench.store.follows()[0].number
    bad = f"I1,04/05/2031,{number},GBP,10,2,13,no,0,1\n"
    (folder / "a.csv").write_text(HEAD + bad, encoding="utf-8")
    first = run(bench, **by_file(bench, folder))
    (folder / "b.csv").write_text(HEAD + bad.replace(",13,", ",12,"), encoding="utf-8")
    second = run(bench, **by_file(bench, folder))

    (record,) = first.held
    assert record.subject == f"invoices/{number}"
    assert [r.code for r in record.reasons] == [ReasonCode.INVOICE_NOT_ADDED]
    assert second.ok
    held = bench.store.exception(Flow.INVOICES, record.subject)
    assert held is not None
    assert held.state.value == "resolved"


def test_a_newer_release_is_not_read_by_an_older_one() -> None:
    """It is refused, with the way out."""
    kept = Kept(Flow.INVOICES, "invoices/1", b'{"version": 2, "value": {}}', START)
    with pytest.raises(StoreError, match="upgrade"):
        recall(kept, Decimal)
