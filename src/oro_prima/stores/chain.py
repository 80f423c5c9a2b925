"""The journal as a chain: each line's hash covers the line before, so that no edit is silent."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from attrs import evolve, frozen

from oro_prima.records import JournalEntry
from oro_prima.stores.rows import to_body

FIRST = "0" * 64


@frozen
class Head:
    """The newest line of a journal at some time, kept apart from it; `seq` 0 for none."""

    seq: int = 0
    hash: str = ""


def journal_body(entry: JournalEntry) -> str:
    """
    Write a line without its note; the note's own hash stands in its place.

    So the note can be erased, and an edit of it shows.
    """
    return to_body(evolve(entry, note="", note_hash=_digest(entry.note)))


def body_with(body: str, note: str) -> str:
    """Return what the body of a line would be if its note had been this one from the beginning."""
    stands = str(json.loads(body)["note_hash"])
    return body if stands == _digest(note) else f"{body} {_digest(note)}"


def _digest(note: str) -> str:
    return hashlib.sha256(note.encode()).hexdigest() if note else ""


def chained(before: str, body: str) -> str:
    """Return the hash of a line that follows one of hash `before`."""
    return hashlib.sha256(f"{before or FIRST}\n{body}".encode()).hexdigest()


def first_break(lines: Iterable[tuple[int, str, str]], *, heads: Iterable[Head] = ()) -> int | None:
    """
    Return the number of the first line that is not what was written; None where all are.

    Args:
        lines: (number, body, hash) in the order they were written. Lines of before there was a
            chain have no hash and are passed over.
        heads: What were the newest lines once: each must still be there.
    """
    known = {head.seq: head.hash for head in heads}
    before, expected = "", 1
    for number, body, found in lines:
        if number != expected or (found and found != chained(before, body)):
            return number
        if (before and not found) or known.get(number, found) != found:
            return number
        before, expected = found, number + 1
    return expected if expected <= max(known, default=0) else None
