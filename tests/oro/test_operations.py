"""What became of a batch."""

from __future__ import annotations

import pytest

from oro_prima.ids import OroOperationId
from oro_prima.oro.models.operations import AsyncOperation, Settlement, record_index, settled


def _operation(status: str, *, read: int | None = None, errors: int | None = None) -> object:
    return settled(
        AsyncOperation(OroOperationId("7"), status, read_count=read, error_count=errors), sent=5
    )


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (_operation("new"), Settlement.NOT_STARTED),
        (_operation("running"), Settlement.PENDING),
        (_operation("failed"), Settlement.FAILED),
        (_operation("cancelled"), Settlement.FAILED),
        (_operation("success", read=5, errors=0), Settlement.WRITTEN),
        (_operation("success", read=5, errors=5), Settlement.PARTIAL),
        (_operation("success", read=3, errors=0), Settlement.CUT_OFF),
        (_operation("success"), Settlement.CUT_OFF),
        (settled(None, sent=5), Settlement.VANISHED),
    ],
)
def test_success_is_believed_only_where_the_counts_agree(
    told: object, expected: Settlement
) -> None:
    """`success` hides refused records, and a body that was cut off."""
    assert expected == told


def test_a_word_that_is_unknown_may_still_write() -> None:
    """A status of a later version is taken for pending, never for ended."""
    assert not AsyncOperation(OroOperationId("7"), "paused").ended
    assert _operation("paused") == Settlement.PENDING


@pytest.mark.parametrize(
    ("pointer", "index"),
    [("/data/4", 4), ("/data/41/attributes/quantity", 41), ("/included/7/x", None), ("", None)],
)
def test_a_pointer_leads_to_its_record(pointer: str, index: int | None) -> None:
    """Only `data` holds what was sent."""
    assert index == record_index(pointer)
