"""The chain of the journal: no line is changed, taken out or moved unnoticed."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.errors import StoreError
from oro_prima.ids import PairId
from oro_prima.records import CutOver, Flow, JournalEntry
from oro_prima.stores import SqliteStore
from oro_prima.stores.chain import Head, chained, first_break, journal_body
from oro_prima.stores.rows import from_body

AT = datetime(2031, 5, 4, tzinfo=UTC)
words = st.text(max_size=8)
entries = st.builds(JournalEntry, st.just(AT), words, words, words, words, words, words, note=words)
Lines = list[tuple[int, str, str]]


def written(some: list[JournalEntry]) -> Lines:
    lines: Lines = []
    before = ""
    for number, entry in enumerate(some, start=1):
        body = journal_body(entry)
        before = chained(before, body)
        lines.append((number, body, before))
    return lines


@given(st.lists(entries, min_size=1, max_size=6), st.data())
def test_every_edit_is_found_where_it_was_made(
    some: list[JournalEntry], data: st.DataObject
) -> None:
    """A changed line, a missing one, two that changed places."""
    lines = written(some)
    at = data.draw(st.integers(0, len(lines) - 1))
    number, body, digest = lines[at]
    changed = [*lines[:at], (number, body + " ", digest), *lines[at + 1 :]]
    missing = [*lines[:at], *lines[at + 1 :]]

    assert first_break(lines) is None
    assert first_break(changed) == number
    assert (first_break(missing) is None) == (at == len(lines) - 1)
    erased = [*lines[:at], (number, body, ""), *lines[at + 1 :]]
    assert (first_break(erased) is None) == (len(lines) == 1)


@given(entries)
def test_a_note_can_go_and_its_hash_stays(entry: JournalEntry) -> None:
    """So the body is the same with and without, and another note would show."""
    body = journal_body(entry)

    assert from_body(body, JournalEntry).note == ""
    if entry.note:
        assert body != journal_body(evolve(entry, note=entry.note + "x"))


def opened(path: Path) -> SqliteStore:
    return SqliteStore.open(path, pair=PairId("pair"), clock=lambda: AT)


def written_to(path: Path, *, note: str = "") -> None:
    """Make a store whose journal has three lines, of which a run has told the side file."""
    store = opened(path)
    with store.transaction() as tx:
        tx.put_cut_over(CutOver("Kim", AT, AT, "epoch"))
    for n in range(3):
        with store.transaction() as tx:
            tx.add_journal(JournalEntry(AT, "", "orders", f"what {n}", "orders/7", "", "Kim", note))
    store.release(store.acquire(Flow.ORDERS, "one", last=timedelta(minutes=1)))
    assert store.broken_line() is None
    store.close()


def tampered(path: Path, *statements: str) -> int | None:
    """Do to the file what somebody does who has taken its guards away, and look at it."""
    with sqlite3.connect(path) as edit:
        for guard in GUARDS:
            edit.execute(f"DROP TRIGGER {guard}")
        for statement in statements:
            edit.execute(statement)
    edit.close()
    store = opened(path)
    found = store.broken_line()
    store.close()
    return found


GUARDS = ("journal_is_not_changed", "journal_is_not_cut", "journal_is_not_replaced")
EDIT = "UPDATE journal SET body = replace(body, 'Kim', 'Lee') WHERE seq = 2"
CUT = "DELETE FROM journal WHERE seq > 1"
NO_HEAD = "DELETE FROM facts WHERE name = 'journal_head'"


@pytest.mark.parametrize(
    "statement",
    [
        EDIT,
        CUT,
        "DELETE FROM journal",
        "INSERT OR REPLACE INTO journal SELECT pair, seq, at, subject, 'x', hash FROM journal",
    ],
)
def test_a_line_is_neither_changed_nor_taken_out(tmp_path: Path, statement: str) -> None:
    """The file itself refuses it, whatever program asks; also through the store's connection."""
    written_to(tmp_path / "store.db")
    with (
        sqlite3.connect(tmp_path / "store.db") as edit,
        pytest.raises(sqlite3.IntegrityError, match="the journal is appended to"),
    ):
        edit.execute(statement)
    edit.close()
    store = opened(tmp_path / "store.db")
    with pytest.raises(StoreError, match="no line is changed"), store.transaction() as tx:
        tx._db.execute(statement)

    assert store.broken_line() is None
    store.close()


FORGED_HEAD = """UPDATE facts SET body = (SELECT '{"seq":' || seq || ',"hash":"' || hash || '"}'
    FROM journal ORDER BY seq DESC LIMIT 1) WHERE name = 'journal_head'"""


@pytest.mark.parametrize(
    ("statements", "line"),
    [
        ((EDIT,), 2),
        (("DELETE FROM journal WHERE seq = 2",), 3),
        ((CUT,), 2),
        (("DELETE FROM journal",), 1),
        ((CUT, FORGED_HEAD), 2),
        ((NO_HEAD,), 4),
        (("UPDATE notes SET body = 'never mind' WHERE seq = 3",), 3),
    ],
    ids=["edit", "gap", "cut", "all", "cut with its head", "head", "note"],
)
def test_who_takes_the_guards_away_is_found_out(
    tmp_path: Path, statements: tuple[str, ...], line: int
) -> None:
    """By the chain, by the newest line kept beside it, or by the side file."""
    written_to(tmp_path / "store.db", note="a word")

    assert tampered(tmp_path / "store.db", *statements) == line


def test_what_is_written_later_hides_nothing(tmp_path: Path) -> None:
    """A tail that was cut off leaves a gap; a head that was taken away does not come back."""
    for statement, line in ((CUT, 4), (NO_HEAD, 5)):
        path = tmp_path / str(line) / "store.db"
        path.parent.mkdir()
        written_to(path)
        tampered(path, statement)
        store = opened(path)
        with store.transaction() as tx:
            tx.add_journal(JournalEntry(AT, "", "orders", "later", "orders/8", ""))
        assert store.broken_line() == line
        store.close()


def test_what_is_erased_breaks_nothing(tmp_path: Path) -> None:
    """Notes and payloads go, every proof still stands; an empty journal is whole."""
    written_to(tmp_path / "store.db", note="a word")
    store = opened(tmp_path / "store.db")
    with store.transaction() as tx:
        assert tx.erase_notes("orders/7") == 3
    other = SqliteStore.open(tmp_path / "store.db", pair=PairId("other"), clock=lambda: AT)

    assert store.broken_line() is None
    assert other.broken_line() is None
    store.close()
    other.close()


def test_a_journal_of_an_earlier_release_gets_its_head(tmp_path: Path) -> None:
    """When the store is opened for the first time."""
    path = tmp_path / "store.db"
    written_to(path)
    tampered(path, NO_HEAD, "PRAGMA user_version = 6")
    store = opened(path)
    head = store.journal_head()

    assert head is not None
    assert (head.seq, store.broken_line()) == (3, None)
    store.close()


@given(st.lists(entries, min_size=1, max_size=6), st.data())
def test_what_was_the_newest_line_once_must_still_be_there(
    some: list[JournalEntry], data: st.DataObject
) -> None:
    """However much of the tail is cut off, and whatever was appended since."""
    lines = written(some)
    head = Head(*lines[data.draw(st.integers(0, len(lines) - 1))][::2])
    left = data.draw(st.integers(0, len(lines)))

    assert first_break(lines, heads=[head, Head()]) is None
    assert (first_break(lines[:left], heads=[head]) is None) == (left >= head.seq)
    assert first_break(lines, heads=[Head(head.seq, "other")]) == head.seq


def test_a_journal_of_before_the_chain_is_passed_over() -> None:
    """Its lines have no hash; from the first that has one all must."""
    old: Lines = [(1, "a", ""), (2, "b", "")]
    new = (3, "c", chained("", "c"))

    assert first_break([*old, new]) is None
    assert first_break([*old, new, (4, "d", "")]) == 4


def test_a_line_that_is_empty_of_notes_has_no_hash_of_one() -> None:
    """Nothing was written, nothing can be missing."""
    assert '"note_hash":""' in journal_body(JournalEntry(AT, "", "", "", "", ""))


@pytest.mark.parametrize("note", ["Grüße", "x" * 5000])
def test_any_text_is_kept(tmp_path: Path, note: str) -> None:
    """As it was written."""
    store = SqliteStore.open(tmp_path / "s.db", pair=PairId("p"), clock=lambda: AT)
    with store.transaction() as tx:
        tx.add_journal(JournalEntry(AT, "", "orders", "note", "orders/7", "", "Kim", note))

    assert [note] == [entry.note for entry in store.journal(subject="orders/7")]
    store.close()
