"""Report I: the exception queue by reason, as its owners are asked about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from attrs import field, frozen

from oro_prima.reasons import ReasonCode, explain_reason
from oro_prima.reconcile.ageing import hours, median
from oro_prima.reconcile.table import Cell, Table, columns_of
from oro_prima.records import ExceptionRecord, RecordState

COLUMNS = columns_of("""
reason_code text The first reason of each record.
owner text Who acts.
currency text Currency of the value; empty where none is known.
open_count count Records that are held now.
open_value money Captured gross of those.
oldest_age hours Hours since the oldest was first seen.
median_age hours Hours of the middle one.
sla_breaches count Held for longer than its owner promised.
auto_closed count Resolved without a person.
reopened count Opened again after they were closed.
""")


@frozen
class QueueFacts:
    """
    The queue and what was promised of it.

    Attributes:
        records: In every state.
        reopened: How often records of a code were opened again, from the journal.
        promised: How long a record of a code may be held; codes that are missing have no promise.
    """

    records: Sequence[ExceptionRecord]
    reopened: Mapping[ReasonCode, int] = field(factory=dict[ReasonCode, int])
    promised: Mapping[ReasonCode, timedelta] = field(factory=dict[ReasonCode, timedelta])


def exceptions_report(facts: QueueFacts, *, now: datetime) -> Table:
    """
    Return report I, the most value first, then the most records.

    A record counts under its first reason and its own currency; values are never converted. Codes
    that only were reopened stand in it too.
    """
    groups: dict[tuple[ReasonCode, str], list[ExceptionRecord]] = {}
    for record in facts.records:
        groups.setdefault((record.reasons[0].code, record.currency), []).append(record)
    for code in facts.reopened:
        if not any(group == code for group, _currency in groups):
            groups[(code, "")] = []
    ordered = sorted(groups.items(), key=lambda item: (-_value(item[1]), -_open(item[1]), item[0]))
    first = _first_groups(groups)
    rows = tuple(_row(key, found, facts, now, first) for key, found in ordered)
    return Table("exceptions", "I  Exceptions", COLUMNS, rows)


def _first_groups(groups: Iterable[tuple[ReasonCode, str]]) -> frozenset[tuple[ReasonCode, str]]:
    """Return one group a code: what is known by code alone is counted there once."""
    return frozenset(
        {code: (code, currency) for code, currency in sorted(groups, reverse=True)}.values()
    )


def _row(
    key: tuple[ReasonCode, str],
    found: Sequence[ExceptionRecord],
    facts: QueueFacts,
    now: datetime,
    first: frozenset[tuple[ReasonCode, str]],
) -> tuple[Cell, ...]:
    code, currency = key
    ages = [hours(one.first_seen, now) for one in found if one.state is RecordState.HELD]
    limit = facts.promised.get(code)
    late = sum(limit is not None and age > hours(now - limit, now) for age in ages)
    closed = sum(one.state is RecordState.RESOLVED and not one.changed_by for one in found)
    return (
        *(code.value, explain_reason(code).owner.value, currency, len(ages), _worth(found)),
        *(max(ages, default="") if ages else "", median(ages) if ages else ""),
        *(late, closed, facts.reopened.get(code, 0) if key in first else 0),
    )


def _held(found: Iterable[ExceptionRecord]) -> list[ExceptionRecord]:
    return [one for one in found if one.state is RecordState.HELD]


def _open(found: Iterable[ExceptionRecord]) -> int:
    return len(_held(found))


def _value(found: Iterable[ExceptionRecord]) -> Decimal:
    return sum((one.value for one in _held(found) if one.value is not None), Decimal(0))


def _worth(found: Sequence[ExceptionRecord]) -> Decimal | None:
    held = _held(found)
    unknown = held and all(one.value is None for one in held)
    return None if unknown else _value(found)
