"""Closing a period: its reports frozen under a hash that the journal keeps."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from attrs import frozen

from oro_prima.errors import StoreError
from oro_prima.mapping.policy import OrderPolicy
from oro_prima.ports import Ports, Store
from oro_prima.reconcile.closing import Closing, closing, equation_table, equations
from oro_prima.reconcile.frozen import adjustments_table, tables_of
from oro_prima.reconcile.pack import MANIFEST, Pack, pack_files, pack_hash
from oro_prima.reconcile.reports import REPORTS, BillingRules
from oro_prima.reconcile.table import Table
from oro_prima.records import Flow, JournalEntry, JournalTip, Kept
from oro_prima.sync.gather_books import gather_books, with_despatches
from oro_prima.values import LocalDate

FROZEN = "frozen"
"""The word of the journal's line that keeps the hash of a pack."""


@frozen
class Period:
    """The days of a pack, both included, and what the shop's organisation is called."""

    first: LocalDate
    last: LocalDate
    organisation: str = ""

    @property
    def subject(self) -> str:
        """What the journal and the store know its packs by."""
        return f"books/{self.first.isoformat()}_{self.last.isoformat()}"


@frozen
class FrozenPack:
    """A pack that was frozen: its files by name, its hash, and what may be said of the period."""

    files: Mapping[str, bytes]
    hash: str
    closing: Closing
    adjustments: int


def freeze_books(
    ports: Ports,
    policy: OrderPolicy,
    period: Period,
    *,
    by: str,
    note: str = "",
    rules: BillingRules | None = None,
    present: Iterable[Table] = (),
) -> FrozenPack:
    """
    Freeze the reports of a period: as files, in the store, and by their hash in the journal.

    A second pack of the same days names what changed since the one before; that one stays as it is.

    Args:
        ports: What it reads through.
        policy: Where the books are kept.
        period: Which days.
        by: Who closes it.
        note: Why; kept in the journal.
        rules: How both sides compute tax; None where nobody said it.
        present: Reports of how things stand now, to be frozen with it.

    Raises:
        CallError: a system cannot be read.
        StoreError: a run wrote to the store while the books were read: freeze again.
        ValueError: the days are in the wrong order.
    """
    store, tip = ports.store, ports.store.journal_tip()
    books = with_despatches(
        ports,
        gather_books(
            ports,
            policy,
            first=period.first,
            last=period.last,
            organisation=period.organisation,
            rules=rules,
        ),
    )
    _refuse_moved(store, tip)
    days = equations(books)
    said = closing(books, days)
    tables = [equation_table(days, books), *(make(books) for make in REPORTS.values()), *present]
    earlier = last_pack(store, period)
    changed = _changed(earlier, tables)
    before = pack_hash(earlier) if earlier else ""
    every = (*sorted(tables, key=_place), *((changed,) if changed is not None else ()))
    pack = Pack(books.frame, every, said.verdict, tip.line, tip.hash, before)
    files = pack_files(pack)
    _keep(store, period, files, by=by, note=note, at=books.frame.now)
    return FrozenPack(files, pack_hash(files), said, len(changed.rows) if changed else 0)


def _refuse_moved(store: Store, tip: JournalTip) -> None:
    if store.journal_tip() != tip:
        msg = "a run wrote to the store while the books were read: freeze again"
        raise StoreError(msg)


def _place(table: Table) -> tuple[bool, str]:
    """Put the equation first, then the reports by their letters."""
    return table.key != "equation", table.title


def _changed(earlier: Mapping[str, bytes], tables: Sequence[Table]) -> Table | None:
    return adjustments_table(tables_of(earlier), tables) if earlier else None


def _keep(
    store: Store,
    period: Period,
    files: Mapping[str, bytes],
    *,
    by: str,
    note: str,
    at: datetime,
) -> None:
    subject = f"{period.subject}/{len(packs_of(store, period)) + 1:04}"
    detail = f"{subject} sha256 {pack_hash(files)}"
    with store.transaction() as tx:
        tx.put_kept(Kept(Flow.ORDERS, subject, packed(files), at))
        tx.add_journal(
            JournalEntry(at, "", Flow.ORDERS.value, FROZEN, period.subject, detail, by, note)
        )


def packs_of(store: Store, period: Period) -> tuple[Kept, ...]:
    """Return the packs of a period that the store keeps, the oldest first."""
    return store.kept_below(Flow.ORDERS, f"{period.subject}/")


def last_pack(store: Store, period: Period) -> dict[str, bytes]:
    """Return the files of the newest pack of a period, as far as others follow from them."""
    kept = packs_of(store, period)
    return unpacked(kept[-1].body) if kept else {}


def packed(files: Mapping[str, bytes]) -> bytes:
    """Write what a pack follows from: its manifest and its tables."""
    kept = {name: text for name, text in files.items() if name.endswith(".json")}
    parts = [part for name in sorted(kept) for part in (name.encode(), kept[name])]
    return zlib.compress(b"\0".join(parts), 6)


def unpacked(body: bytes) -> dict[str, bytes]:
    """
    Read what `packed` wrote.

    Raises:
        StoreError: it is not what was written.
    """
    try:
        parts = zlib.decompress(body).split(b"\0")
        names = [part.decode("utf-8") for part in parts[::2]]
    except (zlib.error, UnicodeDecodeError):
        raise StoreError("a frozen pack in the store cannot be read: see `verify`") from None
    found = dict(zip(names, parts[1::2], strict=False))
    if MANIFEST not in found:
        raise StoreError("a frozen pack in the store has no manifest: see `verify`")
    return found
