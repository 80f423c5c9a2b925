"""The bytes of one file, read into the texts of records."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO

from oro_prima.errors import UnreadableError
from oro_prima.prima.calls.reading import BadAnswerError
from oro_prima.prima.calls.trees import parse_tree, raw_records
from oro_prima.prima.models.binding import FileBinding, RecordMap
from oro_prima.prima.models.bound import Raw

Row = dict[str, str]


def read_file(data: bytes, *, binding: FileBinding, name: str) -> list[Raw]:
    """
    Read one file whole.

    In a CSV file rows whose item fields are equal are one record with several lines, wherever they
    stand. A last row that breaks off, or a row of another length than the head, refuses the file.

    Args:
        data: All its bytes.
        binding: How they are read.
        name: The file's name, for messages.

    Raises:
        UnreadableError: It is not what the binding says; nothing of it was read.
    """
    try:
        if binding.xml:
            return list(raw_records(parse_tree(data).children[0], binding.mapping))
        return _grouped(_rows(data, binding), binding.mapping)
    except (BadAnswerError, ValueError, csv.Error) as exc:
        raise UnreadableError("read_file", f"{name}: {exc}") from exc


def _rows(data: bytes, binding: FileBinding) -> Iterator[Row]:
    try:
        text = data.decode(binding.encoding)
    except UnicodeDecodeError:
        raise ValueError(f"no text in {binding.encoding}") from None
    if not text.endswith(("\n", "\r")):
        raise ValueError("the last row breaks off: is it still being written?")
    reader = csv.reader(StringIO(text), delimiter=binding.delimiter, strict=True)
    first: list[str] = next(reader, list[str]())
    head = [name.strip() for name in first]
    _check_head(head, binding.mapping)
    for number, row in enumerate(reader, start=2):
        if len(row) != len(head) and row:
            raise ValueError(f"row {number} has {len(row)} columns; expected {len(head)}")
        if any(cell.strip() for cell in row):
            yield dict(zip(head, row, strict=True))


def _check_head(head: list[str], mapping: RecordMap) -> None:
    places = (place for _name, place in (*mapping.fields, *mapping.lines))
    wanted = dict.fromkeys(place for place in places if not place.startswith("="))
    missing = [place for place in wanted if place not in head]
    if missing:
        raise ValueError(f"no column {', '.join(missing)}")
    if len(set(head)) != len(head):
        raise ValueError("two columns have one name")


def _grouped(rows: Iterator[Row], mapping: RecordMap) -> list[Raw]:
    if not mapping.lines:
        return [(_texts(row, mapping.fields), ()) for row in rows]
    groups: dict[tuple[str, ...], tuple[Row, list[Row]]] = {}
    for row in rows:
        item = _texts(row, mapping.fields)
        known = groups.setdefault(tuple(item.values()), (item, []))
        known[1].append(_texts(row, mapping.lines))
    return [(item, tuple(lines)) for item, lines in groups.values()]


def _texts(row: Row, places: tuple[tuple[str, str], ...]) -> Row:
    return {name: place[1:] if place.startswith("=") else row[place] for name, place in places}
