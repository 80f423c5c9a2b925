"""Records to rows and back: one JSON text a record, instants that sort, numbers that compare."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import TypeVar

from oro_prima.converters import make_converter
from oro_prima.records import Flow, Kept, LedgerEntry

T = TypeVar("T")
_CONVERTER = make_converter()


def to_body(record: object) -> str:
    """Write a record."""
    return json.dumps(_CONVERTER.unstructure(record), ensure_ascii=True, separators=(",", ":"))


def from_body(body: str, kind: type[T]) -> T:
    """Read a record that `to_body` wrote."""
    return _CONVERTER.structure(json.loads(body, parse_float=Decimal), kind)


def instant_text(instant: datetime) -> str:
    """
    Write an instant in UTC with a fixed width, so that texts sort as instants do.

    >>> instant_text(datetime(2031, 5, 4, 12, tzinfo=UTC))
    '2031-05-04T12:00:00.000000Z'
    """
    if instant.tzinfo is None:
        msg = "expected an aware datetime"
        raise ValueError(msg)
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def kept_of(row: Sequence[object]) -> Kept:
    """Read a row of what is kept: flow, subject, instant, bytes."""
    flow, subject, at, body = row
    instant = datetime.fromisoformat(str(at))
    return Kept(Flow(str(flow)), str(subject), body if isinstance(body, bytes) else b"", instant)


def number_of(text: str) -> int:
    """Return an id as the integer it is; -1 where it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else -1


def by_number(order: str) -> tuple[int, str]:
    """Return what orders are sorted by: their id as a number, then as it is written."""
    return (number_of(order), order)


def by_claim(entry: LedgerEntry) -> tuple[datetime, str]:
    """Return what ledger entries are sorted by: their claim, then their key."""
    return (entry.claimed_at, entry.key)
