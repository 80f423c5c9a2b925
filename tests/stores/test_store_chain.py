"""The chain of the journal: no line is changed, taken out or moved unnoticed."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.ids import PairId
from oro_prima.records import JournalEntry
from oro_prima.stores import SqliteStore
from oro_prima.stores.chain import chained, first_break, journal_body
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


def test_an_edited_file_is_found_out(tmp_path: Path) -> None:
    """Whoever has the file can change a line, not unnoticed."""
    path = tmp_path / "store.db"
    store = SqliteStore.open(path, pair=PairId("pair"), clock=lambda: AT)
    for n in range(3):
        with store.transaction() as tx:
            tx.add_journal(JournalEntry(AT, "", "orders", f"what {n}", "orders/7", "", "Kim"))
    assert store.broken_line() is None
    store.close()
    with sqlite3.connect(path) as edit:
        edit.execute("UPDATE journal SET body = replace(body, 'Kim', 'Lee') WHERE seq = 2")
    edit.close()
    store = SqliteStore.open(path, pair=PairId("pair"), clock=lambda: AT)

    assert store.broken_line() == 2
    store.close()


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
