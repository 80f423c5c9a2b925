"""Holding a store, its journal and frozen packs against each other: whatever was edited shows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from attrs import field, frozen

from oro_prima.errors import StoreError
from oro_prima.ids import OroOrderId
from oro_prima.ports import Store
from oro_prima.reconcile.derive import derive_orders, prove_store
from oro_prima.reconcile.frozen import form_faults, tables_of
from oro_prima.reconcile.pack import (
    MANIFEST,
    PackFault,
    pack_faults,
    pack_files,
    pack_hash,
    pack_of_manifest,
)
from oro_prima.records import EntryState, Flow, Home, JournalEntry, JournalTip
from oro_prima.sync.freeze import FROZEN, unpacked

STORED = "the store"


@frozen
class Verification:
    """
    What was held against what, and every place where it differs.

    Attributes:
        journal_lines: Lines of the journal, each covering the one before.
        orders: Orders of the store that were held against the journal.
        packs: Frozen packs that were made again from the store, and hold.
        faults: Where something is not what it was: a place, and what is wrong with it.
        unproven: Orders captured before the journal kept what was captured.
    """

    journal_lines: int
    orders: int
    packs: int
    faults: tuple[PackFault, ...]
    unproven: tuple[OroOrderId, ...] = field(default=())

    @property
    def holds(self) -> bool:
        """Whether nothing was edited."""
        return not self.faults


def verify_store(store: Store) -> Verification:
    """
    Hold the journal against its chain, the store against the journal, packs against their hashes.

    Every frozen pack is made again, byte by byte, from the tables that the store keeps.
    """
    broken, journal = store.broken_line(), store.journal()
    faults: list[PackFault] = []
    if broken is not None:
        faults.append(PackFault("the journal", f"line {broken} is not what was written"))
    proof = prove_store(
        derive_orders(journal), store.captures_at(Home), store.entries((EntryState.ACCEPTED,))
    )
    faults += [PackFault(f"orders/{one.order}", one.what) for one in proof.faults]
    named = _frozen_lines(journal)
    found = {subject: tuple(_of_store(store, subject, digest)) for subject, digest in named.items()}
    faults += [fault for some in found.values() for fault in some]
    whole = sum(not some for some in found.values())
    return Verification(len(journal), proof.orders, whole, tuple(faults), proof.unproven)


def verify_pack(store: Store, files: Mapping[str, bytes]) -> tuple[PackFault, ...]:
    """
    Return what is wrong with a pack as it lies in a folder; nothing where it is as it was frozen.

    Its hash must be one that the journal keeps, every form must follow from its tables, and the
    line of the journal that it stands on must be there.
    """
    if MANIFEST not in files:
        return (PackFault(MANIFEST, "is missing"),)
    hashes = set(_frozen_lines(store.journal()).values())
    digest = pack_hash(files)
    found = list(pack_faults(files, frozen_hash=digest))
    if digest not in hashes:
        found.append(PackFault(MANIFEST, "is none that was frozen from this store"))
    found += _basis_faults(store, files)
    return tuple(dict.fromkeys((*found, *form_faults(files))))


def _frozen_lines(journal: tuple[JournalEntry, ...]) -> dict[str, str]:
    """Return the hash of every pack by the subject under which the store keeps it."""
    found: dict[str, str] = {}
    for line in journal:
        if line.what == FROZEN:
            subject, _word, digest = line.detail.split(" ")
            found[subject] = digest
    return found


def _of_store(store: Store, subject: str, digest: str) -> Iterator[PackFault]:
    kept = store.kept(Flow.ORDERS, (subject,)).get(subject)
    if kept is None:
        yield PackFault(subject, f"was frozen, and {STORED} has it no more")
        return
    try:
        files = unpacked(kept.body)
        tree = json.loads(files[MANIFEST])
        again = pack_files(pack_of_manifest(tree, tables_of(files)))
    except (StoreError, ValueError, KeyError, TypeError):
        yield PackFault(subject, f"cannot be made again from what {STORED} keeps")
        return
    if pack_hash(again) != digest:
        yield PackFault(subject, f"what {STORED} keeps of it is not what was frozen")
    for fault in _basis_faults(store, files):
        yield PackFault(subject, fault.what)


def _basis_faults(store: Store, files: Mapping[str, bytes]) -> Iterator[PackFault]:
    """Yield a fault where the journal no longer has the line that a pack stands on."""
    try:
        journal = json.loads(files[MANIFEST])["journal"]
        tip = JournalTip(int(journal["line"]), str(journal["hash"]))
    except (ValueError, KeyError, TypeError):
        yield PackFault(MANIFEST, "names no line of the journal")
        return
    if store.journal_tip(tip.line) != tip:
        yield PackFault(MANIFEST, f"stands on line {tip.line} of a journal that is not this one")
