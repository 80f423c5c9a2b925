"""Closing a period and proving it: the pack, the journal, the store; every edit of any shows."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from attrs import evolve
from tests.sync.flows import Bench

from oro_prima.errors import StoreError
from oro_prima.mapping import StockPolicy
from oro_prima.ports import Ports
from oro_prima.reconcile.pack import INDEX, MANIFEST, pack_hash
from oro_prima.records import Flow, Home, JournalEntry, RecordState
from oro_prima.sandbox.seed.words import STREETS, SURNAMES
from oro_prima.stores import MemoryStore
from oro_prima.sync import (
    FrozenPack,
    Period,
    dismiss_held,
    freeze_books,
    report_stock,
    sync_orders,
    verify_pack,
    verify_store,
)
from oro_prima.sync.freeze import packed, unpacked
from oro_prima.values import LocalDate, local_date


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    made.put_into_use()
    with made.ports() as ports:
        sync_orders(ports, made.policy)
    yield made
    made.store.close()


def today(bench: Bench) -> Period:
    day = local_date(bench.world.clock(), bench.policy.zone)
    return Period(day, LocalDate(day + timedelta(days=1)), "Trade")


def freeze(bench: Bench) -> FrozenPack:
    with bench.ports() as ports:
        return freeze_books(ports, bench.policy, today(bench), by="Kim", note="month end")


def edit(bench: Bench, tmp_path: Path, statement: str) -> None:
    """Change the database behind everybody's back, whatever guards its tables."""
    with closing(sqlite3.connect(tmp_path / "store.db")) as db:
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            db.execute(f'DROP TRIGGER "{name}"')
        db.execute(statement)
        db.commit()


def test_a_period_is_frozen_and_proven(bench: Bench) -> None:
    """Its hash is in the journal, its files follow from its tables, it can be made again."""
    tip = bench.store.journal_tip()
    pack = freeze(bench)
    found = verify_store(bench.store)
    manifest = json.loads(pack.files[MANIFEST])
    last = bench.store.journal()[-1]

    assert pack.closing.ties
    assert not pack.closing.closed
    assert "invoice is unbound" in pack.closing.verdict
    assert (last.what, last.by, last.note) == ("frozen", "Kim", "month end")
    assert last.detail.endswith(f"sha256 {pack.hash}")
    assert manifest["journal"] == {"line": tip.line, "hash": tip.hash}
    assert manifest["reports"][0] == "equation"
    assert {INDEX, "equation.html", "order-match.csv", "vat.txt"} <= pack.files.keys()
    assert (found.faults, found.packs, found.unproven) == ((), 1, ())
    assert found.holds
    assert found.orders == len(bench.store.captures_at(Home))
    assert found.journal_lines == bench.store.journal_tip().line
    assert verify_pack(bench.store, pack.files) == ()


def test_nothing_personal_is_in_a_pack(bench: Bench) -> None:
    """Ids and figures alone: it goes to auditors."""
    everything = b"".join(freeze(bench).files.values()).decode()

    for text in (*SURNAMES, *STREETS, "01632 960"):
        assert text not in everything


def test_later_changes_are_adjustments_of_a_second_pack(bench: Bench) -> None:
    """The first one stays as it is; without a change there is none."""
    first = freeze(bench)
    same = freeze(bench)
    record = next(r for r in bench.store.exceptions([RecordState.HELD]) if "/" in r.subject)
    dismiss_held(
        bench.store, subject=record.subject, by="Kim", note="by hand", at=bench.world.clock()
    )
    third = freeze(bench)
    rows = json.loads(third.files["adjustments.json"])["rows"]
    order = record.subject.partition("/")[2]

    assert "adjustments.csv" not in first.files
    assert (same.adjustments, json.loads(same.files["adjustments.json"])["rows"]) == (0, [])
    assert third.adjustments == len(rows) > 0
    assert {"report": "order-match", "row": order, "column": "state", "before": "held",
            "now": "dismissed"} in rows  # fmt: skip
    assert json.loads(third.files[MANIFEST])["before"] == pack_hash(same.files)
    assert verify_store(bench.store).packs == 3
    for pack in (first, same, third):
        assert verify_pack(bench.store, pack.files) == ()


EDITS: dict[str, tuple[str, str]] = {
    "a captured total": (
        "UPDATE captures SET body = replace(body, '\"gross\":\"', '\"gross\":\"9')",
        "captured as",
    ),
    "an acceptance taken away": (
        "UPDATE ledger SET state = 'released', body = replace(body, 'accepted', 'released')",
        "the ledger does not",
    ),
    "a number of Prima": (
        "UPDATE ledger SET body = replace(body, '\"number\":\"3', '\"number\":\"4')",
        "accepted as",
    ),
    "an order let go": (
        "UPDATE captures SET home = 'ignored', body = replace(body, '\"home\":\"held\"',"
        " '\"home\":\"ignored\"')",
        "the store says ignored",
    ),
    "an order that is gone": ("DELETE FROM captures", "knows nothing of it"),
    "a line of the journal": (
        "UPDATE journal SET body = replace(body, 'number 3', 'number 4') WHERE seq ="
        " (SELECT min(seq) FROM journal WHERE body LIKE '%number 3%')",
        "is not what was written",
    ),
    "a line taken away": (
        "DELETE FROM journal WHERE seq = (SELECT max(seq) - 1 FROM journal)",
        "is not what was written",
    ),
    "a pack in the store": ("UPDATE kept SET body = x'00' WHERE subject LIKE 'books/%'",
                            "cannot be made again"),
    "a pack taken away": ("DELETE FROM kept WHERE subject LIKE 'books/%'", "has it no more"),
}  # fmt: skip


@pytest.mark.parametrize("what", EDITS)
def test_every_edit_of_the_store_shows(bench: Bench, tmp_path: Path, what: str) -> None:
    """Behind everybody's back, with the tools of the database."""
    freeze(bench)
    statement, said = EDITS[what]
    edit(bench, tmp_path, statement)
    found = verify_store(bench.store)

    assert not found.holds
    assert any(said in fault.what for fault in found.faults)


FILES: dict[str, Callable[[dict[str, bytes]], object]] = {
    "a figure": lambda files: files.update(
        {"order-match.csv": files["order-match.csv"].replace(b"GBP", b"EUR")}
    ),
    "a page": lambda files: files.update({INDEX: files[INDEX] + b" "}),
    "a table": lambda files: files.update({"vat.json": files["vat.json"].replace(b"VAT", b"TAX")}),
    "a file gone": lambda files: files.pop("unmatched.txt"),
    "a file added": lambda files: files.update({"more.csv": b"x"}),
    "the manifest": lambda files: files.update(
        {MANIFEST: files[MANIFEST].replace(b'"orders tie', b'"everything ties')}
    ),
    "no manifest": lambda files: files.pop(MANIFEST),
    "a manifest of nothing": lambda files: files.update({MANIFEST: b'{"files": {}}'}),
}


@pytest.mark.parametrize("what", FILES)
def test_every_edit_of_a_pack_shows(bench: Bench, what: str) -> None:
    """Also one that made all hashes anew: the journal keeps the hash of the manifest."""
    files = dict(freeze(bench).files)
    FILES[what](files)

    assert verify_pack(bench.store, files)


def test_a_pack_of_another_journal_is_none_of_this_store(bench: Bench) -> None:
    """Its hash and its line are elsewhere."""
    pack = freeze(bench)
    other = MemoryStore(bench.store.pair, clock=bench.world.clock)
    whats = [fault.what for fault in verify_pack(other, pack.files)]

    assert any("none that was frozen" in what for what in whats)
    assert any("a journal that is not this one" in what for what in whats)


def test_a_kept_pack_that_was_exchanged_shows(bench: Bench) -> None:
    """For a well-formed one with other figures."""
    pack = freeze(bench)
    (kept,) = bench.store.kept_below(Flow.ORDERS, "books/")
    files = unpacked(kept.body)
    files["vat.json"] = files["vat.json"].replace(b"D  VAT", b"D  TAX")
    with bench.store.transaction() as tx:
        tx.put_kept(evolve(kept, body=packed(files)))
    whats = [fault.what for fault in verify_store(bench.store).faults]

    assert whats == ["what the store keeps of it is not what was frozen"]
    assert unpacked(packed(pack.files))[MANIFEST] == pack.files[MANIFEST]
    for body in (b"no", packed({"vat.json": b"{}"})):
        with pytest.raises(StoreError):
            unpacked(body)


def test_books_that_moved_while_they_were_read_are_not_frozen(bench: Bench) -> None:
    """A run wrote meanwhile: they would be of no single moment."""

    def write(ports: Ports) -> None:
        at = bench.world.clock()
        with ports.store.transaction() as tx:
            tx.add_journal(JournalEntry(at, "", "orders", "noted", "store", ""))

    with bench.ports() as ports, pytest.raises(StoreError, match="freeze again"):
        sender = ports.shop

        class Meddling:
            def send(self, call: object) -> object:
                write(ports)
                return sender.send(call)  # type: ignore[arg-type]

        freeze_books(
            evolve(ports, shop=Meddling()),  # type: ignore[arg-type]
            bench.policy,
            today(bench),
            by="Kim",
        )
    assert bench.store.kept_below(Flow.ORDERS, "books/") == ()


def test_reports_of_now_are_frozen_with_it(bench: Bench) -> None:
    """They have no adjustments: they are of another moment."""
    with bench.ports() as ports:
        drift = report_stock(ports, StockPolicy())
        days = today(bench)
        pack = freeze_books(ports, bench.policy, days, by="Kim", present=[drift])
        again = freeze_books(ports, bench.policy, days, by="Kim")

    assert "stock-drift.csv" in pack.files
    assert again.adjustments == 0
