"""The exception queue by root cause: which one fix lets the most go through."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from attrs import frozen

from oro_prima.reasons import Owner, ReasonCode, explain_reason
from oro_prima.records import ExceptionRecord


@frozen
class Cause:
    """
    One thing to be corrected, and what waits for it.

    Attributes:
        cause: What is to be corrected, such as `customers/7`; empty where records of this code
            have nothing in common.
        records: Subjects of the records that have it among their reasons.
        closes: Those that have no other cause: this fix alone lets them go through.
        value: What is at stake in those, by currency; never converted or added up.
    """

    code: ReasonCode
    cause: str
    records: tuple[str, ...]
    closes: tuple[str, ...]
    value: Mapping[str, Decimal]

    @property
    def owner(self) -> Owner:
        """Who acts."""
        return explain_reason(self.code).owner

    @property
    def fix(self) -> str:
        """What mends it."""
        return explain_reason(self.code).fix


def causes(records: Iterable[ExceptionRecord]) -> tuple[Cause, ...]:
    """
    Group records by what is to be corrected; the fix that closes the most value comes first.

    Value is compared by the largest sum in any one currency, then by number of records closed,
    then by number touched.
    """
    having: dict[tuple[ReasonCode, str], list[ExceptionRecord]] = {}
    for record in records:
        for key in {(reason.code, reason.cause) for reason in record.reasons}:
            having.setdefault(key, []).append(record)
    return tuple(sorted((_cause(*key, found) for key, found in having.items()), key=_rank))


def _cause(code: ReasonCode, cause: str, found: Iterable[ExceptionRecord]) -> Cause:
    ordered = sorted(found, key=lambda record: (record.first_seen, record.subject))
    alone = [r for r in ordered if {(x.code, x.cause) for x in r.reasons} == {(code, cause)}]
    value: dict[str, Decimal] = {}
    for record in alone:
        if record.value is not None:
            value[record.currency] = value.get(record.currency, Decimal(0)) + record.value
    return Cause(
        code,
        cause,
        tuple(record.subject for record in ordered),
        tuple(record.subject for record in alone),
        dict(sorted(value.items())),
    )


def _rank(cause: Cause) -> tuple[object, ...]:
    most = max(cause.value.values(), default=Decimal(0))
    return (-most, -len(cause.closes), -len(cause.records), cause.code.value, cause.cause)
