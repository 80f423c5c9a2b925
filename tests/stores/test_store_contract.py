"""Both stores meet one contract; the SQLite one also meets files that went wrong."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from attrs import evolve

from oro_prima.errors import StoreError
from oro_prima.ids import PairId
from oro_prima.ports import Store
from oro_prima.records import CutOver, EntryState
from oro_prima.stores import MemoryStore, SqliteStore
from oro_prima.stores.rows import instant_text
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
    store.backup(path.with_name("copy.db"))
    store.close()
    copy = opened(path.with_name("copy.db"))
    assert len(copy.entries([EntryState.CLAIMED])) == 1
    copy.close()


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


def test_a_database_that_was_rolled_back_is_refused(path: Path) -> None:
    """Its side file knows a higher number."""
    used(path)
    before = path.read_bytes()
    store = opened(path)
    with store.transaction() as tx:
        tx.claim(an_entry("8"), b"y")
    store.close()
    path.write_bytes(before)

    with pytest.raises(StoreError, match="rolled back"):
        opened(path)
    path.unlink()
    with pytest.raises(StoreError, match="rolled back"):
        opened(path)


def test_a_side_file_of_another_pair_or_none_is_no_witness(path: Path) -> None:
    """It says nothing of this one."""
    used(path)
    side = path.with_name("store.db.epoch")
    tree = json.loads(side.read_text(encoding="utf-8"))
    side.write_text(json.dumps(tree | {"pair": "other", "highest": 10**9}), encoding="utf-8")
    opened(path).close()
    side.write_text("{", encoding="utf-8")
    with pytest.raises(StoreError, match="cannot be read"):
        opened(path)


def test_a_side_file_that_cannot_be_written_is_said(path: Path) -> None:
    """Before the claim returns."""
    store = opened(path)
    path.with_name("store.db.epoch.new").mkdir()
    with pytest.raises(StoreError, match="cannot be written"), store.transaction() as tx:
        tx.claim(an_entry("7"), b"x")
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
