"""The journal as a chain: each line's hash covers the line before, so that no edit is silent."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from attrs import evolve

from oro_prima.records import JournalEntry
from oro_prima.stores.rows import to_body

FIRST = "0" * 64


def journal_body(entry: JournalEntry) -> str:
    """
    Write a line without its note; the note's own hash stands in its place.

    So the note can be erased, and an edit of it shows.
    """
    digest = hashlib.sha256(entry.note.encode()).hexdigest() if entry.note else ""
    return to_body(evolve(entry, note="", note_hash=digest))


def chained(before: str, body: str) -> str:
    """Return the hash of a line that follows one of hash `before`."""
    return hashlib.sha256(f"{before or FIRST}\n{body}".encode()).hexdigest()


def first_break(lines: Iterable[tuple[int, str, str]]) -> int | None:
    """
    Return the number of the first line that is not what was written; None where all are.

    Args:
        lines: (number, body, hash) in the order they were written. Lines of before there was a
            chain have no hash and are passed over.
    """
    before, expected = "", 1
    for number, body, found in lines:
        if number != expected or (found and found != chained(before, body)):
            return number
        if before and not found:
            return number
        before, expected = found, number + 1
    return None
