"""A frozen pack: the same books give the same bytes, and no edit goes unseen."""

from __future__ import annotations

import json
from datetime import UTC
from decimal import Decimal

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.reconcile import Table
from oro_prima.reconcile.pack import (
    MANIFEST,
    Adjustment,
    Pack,
    PackFault,
    adjustments,
    pack_faults,
    pack_files,
    pack_hash,
)
from oro_prima.reconcile.table import columns_of
from tests.rules.test_books_reports import FRAME

COLUMNS = columns_of("order text Which.\ngross money How much.")
MATCH = Table("order-match", "A  Order match", COLUMNS, (("7", Decimal(24)), ("8", None)))
PACK = Pack(FRAME, (MATCH,), "orders tie; invoices are not available", 12, "ab" * 32, "cd" * 32)


def test_the_same_books_give_the_same_bytes() -> None:
    """And the manifest names every file, the journal line and the pack before."""
    files = pack_files(PACK)
    manifest = json.loads(files[MANIFEST])

    assert files == pack_files(evolve(PACK))
    assert set(manifest["files"]) == set(files) - {MANIFEST}
    assert manifest["journal"] == {"line": 12, "hash": "ab" * 32}
    assert manifest["before"] == "cd" * 32
    assert b"orders tie" in files["index.html"]
    assert FRAME.zone is UTC
    assert pack_faults(files, frozen_hash=pack_hash(files)) == ()


@given(st.data())
def test_any_edit_is_found(data: st.DataObject) -> None:
    """A byte changed, a file taken away, a file added."""
    files = pack_files(PACK)
    frozen = pack_hash(files)
    name = data.draw(st.sampled_from(sorted(files)))
    place = data.draw(st.integers(0, len(files[name]) - 1))
    changed = bytearray(files[name])
    changed[place] ^= data.draw(st.integers(1, 255))
    edited = pack_faults({**files, name: bytes(changed)}, frozen_hash=frozen)
    gone = pack_faults({k: v for k, v in files.items() if k != name}, frozen_hash=frozen)
    added = pack_faults({**files, "more.csv": b""}, frozen_hash=frozen)

    assert [fault.file for fault in edited] == [name]
    assert gone == (PackFault(name, "is missing"),)
    assert added == (PackFault("more.csv", "was added"),)


def test_later_changes_are_adjustments() -> None:
    """A row changed, one added, one gone; reports without a key are left alone."""
    now = evolve(MATCH, rows=(("7", Decimal(20)), ("9", Decimal(1))))
    keys = {"order-match": ("order",), "unknown": ("x",)}
    found = adjustments((MATCH,), (now,), keys=keys)

    assert found == (
        Adjustment(
            "order-match", "7", {"order": "7", "gross": "24.00"}, {"order": "7", "gross": "20.00"}
        ),
        Adjustment("order-match", "8", {"order": "8", "gross": None}, {}),
        Adjustment("order-match", "9", {}, {"order": "9", "gross": "1.00"}),
    )
    assert adjustments((MATCH,), (MATCH,), keys=keys) == ()
