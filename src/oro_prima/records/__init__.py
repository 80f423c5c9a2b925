"""
Plain data that rules, plans and stores speak of: links, captures, ledger entries, exceptions.

No record here holds a name, an address, a note or a secret: what is personal lives in the payload
of a claim alone, and that can be erased. What the rules look at is loaded at once, what only the
store keeps when it is first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from oro_prima.records.looked_at import Home, LineDemand, Link

if TYPE_CHECKING:
    from oro_prima.records.kept import (
        AcceptedSnapshot,
        Adoption,
        Capture,
        CutOver,
        EntryState,
        ExceptionRecord,
        FindAnswer,
        Flow,
        Follow,
        JournalEntry,
        JournalTip,
        Kept,
        Lease,
        LedgerEntry,
        Outstanding,
        Pair,
        RecordState,
        RefusedSnapshot,
        RunPolicy,
        StockMark,
        Unread,
        Watermark,
        frozen_totals,
    )

__all__ = [
    "AcceptedSnapshot",
    "Adoption",
    "Capture",
    "CutOver",
    "EntryState",
    "ExceptionRecord",
    "FindAnswer",
    "Flow",
    "Follow",
    "Home",
    "JournalEntry",
    "JournalTip",
    "Kept",
    "Lease",
    "LedgerEntry",
    "LineDemand",
    "Link",
    "Outstanding",
    "Pair",
    "RecordState",
    "RefusedSnapshot",
    "RunPolicy",
    "StockMark",
    "Unread",
    "Watermark",
    "frozen_totals",
]


def __getattr__(name: str) -> object:
    """Load what the store keeps when it is first asked for."""
    from importlib import import_module

    if name not in __all__:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(f"{__name__}.kept"), name)
