"""Both stores meet one contract; the SQLite one also meets files that went wrong."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from attrs import evolve

from oro_prima.errors import StoreError
from oro_prima.ids import PairId
from oro_prima.ports import Store
from oro_prima.records import CutOver, EntryState, Flow, JournalEntry, Watermark
from oro_prima.stores import MemoryStore, SqliteStore
from oro_prima.stores.rows import instant_text
from oro_prima.stores.sidefile import side_path
from oro_prima.testing.store_contract import StoreContract
from oro_prima.testing.store_facts import PAIR, START, TestClock, a_capture, an_entry


class TestMemoryStore(StoreContract):
    """The oracle."""

    def open_store(self) -> Store:
        return MemoryStore(PAIR, clock=self.clock)


class TestSqliteStore(StoreContract):
    """The default."""

    @pytest.fixture(autouse=True)
    def _place(self, tmp_path: Path) -> Iterator[None]:
        self.path = tmp_path / "store.db"
        self.opened: list[SqliteStore] = []
        yield
        for store in self.opened:
            store.close()

    def open_store(self) -> Store:
        store = SqliteStore.open(self.path, pair=PAIR, clock=self.clock)
        self.opened.append(store)
        return store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


def opened(path: Path, **options: bool) -> SqliteStore:
    return SqliteStore.open(path, pair=PAIR, clock=TestClock(), **options)


def used(path: Path) -> None:
    """Make a store that has claimed an order."""
    store = opened(path)
    with store.transaction() as tx:
        tx.put_cut_over(CutOver("Kim", START, START, "epoch"))
    with store.transaction() as tx:
        tx.put_capture(a_capture("7"))
        tx.claim(an_entry("7"), b"x")
    store.close()


def test_everything_is_there_after_opening_again(path: Path) -> None:
    """From the file alone."""
    used(path)
    store = opened(path, create=False)

    assert [entry.order for entry in store.entries([EntryState.CLAIMED])] == ["7"]
    assert list(store.captures(["7"])) == ["7"]  # type: ignore[list-item]
    store.check_integrity()
    store.close()


def test_a_store_that_is_not_there_is_not_made_by_accident(path: Path) -> None:
    """When asked not to."""
    with pytest.raises(StoreError, match="there is no store"):
        opened(path, create=False)


def test_pairs_do_not_see_each_other(path: Path) -> None:
    """The pair is part of every key."""
    used(path)
    other = SqliteStore.open(path, pair=PairId("other"), clock=TestClock())

    assert other.entries(EntryState) == ()
    assert other.cut_over() is None
    other.close()


def refuses_a_claim(store: SqliteStore, order: str = "9") -> None:
    with pytest.raises(StoreError, match="adopt FILE"), store.transaction() as tx:
        tx.claim(an_entry(order), b"y")


def rolled_back(path: Path) -> SqliteStore:
    """Open a copy of before order 8 was claimed, beside the side file of after."""
    used(path)
    before = path.read_bytes()
    store = opened(path)
    with store.transaction() as tx:
        tx.claim(an_entry("8"), b"y")
    store.close()
    path.write_bytes(before)
    return opened(path)


def test_a_database_that_was_rolled_back_posts_nothing(path: Path) -> None:
    """Its side file knows a higher number; what it holds can still be looked at."""
    store = rolled_back(path)

    assert "rolled back" in store.distrust()
    assert [entry.order for entry in store.entries(EntryState)] == ["7"]
    with pytest.raises(StoreError, match="adopt FILE"):
        store.acquire(Flow.ORDERS, "one", last=timedelta(minutes=1))
    refuses_a_claim(store)
    store.close()
    path.unlink()
    empty = opened(path)
    assert "knows order numbers up to none" in empty.distrust()
    empty.close()


def test_a_store_without_its_side_file_posts_nothing(path: Path) -> None:
    """It was carried here from somewhere, nobody knows how old; a fresh one needs none."""
    opened(path).close()
    used(path)
    store = opened(path)
    assert store.distrust() == ""
    store.close()
    side_path(path, PAIR).unlink()
    store = opened(path)

    assert "no side file" in store.distrust()
    refuses_a_claim(store)
    store.close()


def test_a_person_has_the_store_trusted_again(path: Path) -> None:
    """Its side file is written afresh; from then on it is a witness as before."""
    store = rolled_back(path)
    with store.transaction() as tx:
        tx.claim(an_entry("8", EntryState.ACCEPTED), b"")
        tx.readmit()
    assert store.distrust() == ""
    with store.transaction() as tx:
        assert tx.claim(an_entry("9"), b"y")
    store.close()

    again = opened(path)
    assert again.distrust() == ""
    again.close()


def test_pairs_of_one_file_have_witnesses_of_their_own(path: Path) -> None:
    """Whatever they are called; one that is rolled back is found out beside the other."""
    names = (PAIR, PairId("shop/2 & co"))
    assert len({side_path(path, pair) for pair in names}) == 2
    for pair, order in zip(names, ("7", "900"), strict=True):
        store = SqliteStore.open(path, pair=pair, clock=TestClock())
        with store.transaction() as tx:
            tx.put_cut_over(CutOver("Kim", START, START, "epoch"))
            tx.claim(an_entry(order), b"x")
        store.close()
    for pair in names:
        store = SqliteStore.open(path, pair=pair, clock=TestClock())
        assert store.distrust() == ""
        store.close()


def test_a_side_file_of_another_pair_or_none_is_no_witness(path: Path) -> None:
    """It says nothing of this one."""
    used(path)
    side = side_path(path, PAIR)
    tree = json.loads(side.read_text(encoding="utf-8"))
    side.write_text(json.dumps(tree | {"pair": "other", "highest": 10**9}), encoding="utf-8")
    store = opened(path)
    assert "no side file" in store.distrust()
    store.close()
    side.write_text("{", encoding="utf-8")
    with pytest.raises(StoreError, match="cannot be read"):
        opened(path)


def test_a_side_file_that_cannot_be_written_is_said_before_anything_is_sent(path: Path) -> None:
    """When a run begins, and again when it claims."""
    store = opened(path)
    side = side_path(path, PAIR)
    side.with_name(side.name + ".new").mkdir()
    with pytest.raises(StoreError, match="cannot be written"):
        store.acquire(Flow.ORDERS, "one", last=timedelta(minutes=1))
    with pytest.raises(StoreError, match="cannot be written"), store.transaction() as tx:
        tx.claim(an_entry("7"), b"x")
    store.close()


def test_a_backup_is_whole_never_replaces_one_and_posts_nothing(path: Path) -> None:
    """Taken while the store is in use; a copy is for restoring, not for running beside it."""
    used(path)
    store, copy = opened(path), path.with_name("copy.db")
    with store.transaction() as tx:
        tx.put_capture(a_capture("8"))
        store.backup(copy)
    with pytest.raises(StoreError, match="exists"):
        store.backup(copy)
    with pytest.raises(StoreError, match="cannot be written"):
        store.backup(path.parent / "no" / "copy.db")
    store.close()

    restored = opened(copy, create=False)
    assert list(restored.captures(["7", "8"])) == ["7"]  # type: ignore[list-item]
    assert "no side file" in restored.distrust()
    restored.check_integrity()
    restored.close()
    assert not copy.with_name("copy.db.new").exists()


def test_what_is_erased_is_gone_from_the_files(path: Path) -> None:
    """Not only unlinked: neither the database nor its log holds the bytes any more."""
    store = opened(path)
    name = b"Canary Birdwhistle " * 40
    with store.transaction() as tx:
        tx.claim(an_entry("7"), name)
        tx.add_journal(JournalEntry(START, "", "orders", "note", "orders/7", "", "Kim", "Peregrin"))
    written = [path.read_bytes() + path.with_name("store.db-wal").read_bytes()]
    with store.transaction() as tx:
        tx.erase_payload(an_entry("7").key)
        tx.erase_notes("orders/7")
    written.append(path.read_bytes() + path.with_name("store.db-wal").read_bytes())
    store.close()

    found = [(b"Birdwhistle" in files, b"Peregrin" in files) for files in written]
    assert found == [(True, True), (False, False)]


def test_a_writer_waits_its_turn_and_then_says_who_is_in_the_way(path: Path) -> None:
    """Busy for a moment is waited for; for ever is said."""
    used(path)
    store = opened(path)
    store._db.execute("PRAGMA busy_timeout = 50")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="another process is writing"), store.transaction():
        pass
    assert store.entries(EntryState) != ()
    other.execute("COMMIT")
    other.close()
    with store.transaction() as tx:
        tx.put_watermark(Watermark(1))
    store.close()


@pytest.mark.parametrize("content", [b"not a database, but long enough to be looked at" * 20])
def test_a_file_that_is_no_store_is_refused(path: Path, content: bytes) -> None:
    """By its name, with the fix."""
    path.write_bytes(content)
    with pytest.raises(StoreError, match=r"store\.db: the file is damaged or no store"):
        opened(path)


def test_a_cut_off_file_is_refused(path: Path) -> None:
    """What was read is not guessed."""
    used(path)
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(StoreError, match="damaged"):
        store = opened(path)
        store.check_integrity()


def test_a_newer_schema_is_refused(path: Path) -> None:
    """Upgrade, rather than guess."""
    used(path)
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(StoreError, match="newer release"):
        opened(path)


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    """Check permissions."""
    with pytest.raises(StoreError, match="cannot be written"):
        opened(tmp_path / "no" / "store.db")


def test_a_closed_store_says_so(path: Path) -> None:
    """And nothing else."""
    store = opened(path)
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.watermark()


def test_damage_found_later_is_said(path: Path) -> None:
    """An index that lost its rows is no sound file."""
    used(path)
    store = opened(path)
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA writable_schema = ON")
        db.execute("UPDATE sqlite_master SET rootpage = 3 WHERE name = 'captures_by_home'")
    db.close()
    store.close()
    again = opened(path)
    with pytest.raises(StoreError):
        again.check_integrity()
    again.close()


def test_instants_without_a_zone_are_refused() -> None:
    """They would not sort."""
    with pytest.raises(ValueError, match="aware"):
        instant_text(datetime(2031, 5, 4))


def test_an_unknown_failure_is_passed_on_by_its_name(path: Path) -> None:
    """A table that somebody dropped."""
    store = opened(path)
    with sqlite3.connect(path) as db:
        db.execute("DROP TABLE marks")
    db.close()
    with pytest.raises(StoreError, match="OperationalError"):
        store.marks()
    store.close()
    assert evolve(an_entry("7"), attempt=2) != an_entry("7")
