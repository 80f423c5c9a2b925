"""What a run read, in the journal: how much it was, and a hash over it, never the thing itself."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from oro_prima.sync.run import FlowRun


def note_reading(run: FlowRun, subject: str, how_much: str, read: Iterable[object]) -> None:
    """
    Say in the journal what was read, before anything is decided from it.

    Args:
        run: Who reads.
        subject: What it is of.
        how_much: Counts, as a person reads them.
        read: Values that say the same in every process; whoever knows them can check the hash.
    """
    digest = hashlib.sha256()
    for one in read:
        digest.update(repr(one).encode())
    with run.write() as tx:
        run.note(tx, "read", subject, f"{how_much}, sha256 {digest.hexdigest()}")
