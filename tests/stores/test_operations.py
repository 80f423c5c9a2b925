"""The file of outstanding operations."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from oro_prima.errors import StoreError
from oro_prima.ids import OroOperationId
from oro_prima.oro.calls.operations import MemoryBook
from oro_prima.stores import FileBook

KEYS = st.sampled_from([f"inventorylevels/{n}" for n in range(5)])
OPERATIONS = st.sampled_from([OroOperationId(str(n)) for n in range(3)])


@st.composite
def acts(draw: DrawFn) -> list[tuple[OroOperationId, tuple[str, ...] | None]]:
    """Begin with some records, or end."""
    act = st.tuples(OPERATIONS, st.none() | st.lists(KEYS, max_size=3).map(tuple))
    return draw(st.lists(act, max_size=8))


@settings(max_examples=40, deadline=None)
@given(acts())
def test_it_remembers_what_memory_does(
    tmp_path_factory: pytest.TempPathFactory,
    done: list[tuple[OroOperationId, tuple[str, ...] | None]],
) -> None:
    """Also in another process: each act opens the file anew."""
    path, memory = tmp_path_factory.mktemp("book") / "operations.json", MemoryBook()

    for operation, records in done:
        for book in (FileBook(path), memory):
            if records is None:
                book.end(operation)
            else:
                book.begin(operation, records)

    assert memory.outstanding() == FileBook(path).outstanding()


@pytest.mark.parametrize("text", ["{", "[]", '{"a": 5}'])
def test_a_file_that_makes_no_sense_is_refused(tmp_path: Path, text: str) -> None:
    """Nothing is sent on a guess."""
    path = tmp_path / "operations.json"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(StoreError):
        FileBook(path).outstanding()


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    """What cannot be kept must not begin."""
    with pytest.raises(StoreError, match="cannot be kept"):
        FileBook(tmp_path / "none" / "operations.json").begin(OroOperationId("7"), ["a"])
