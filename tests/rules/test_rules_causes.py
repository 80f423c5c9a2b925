"""Root causes: every reason counted once, the best fix first."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from oro_prima.reasons import Reason, ReasonCode
from oro_prima.reconcile import Cause, causes
from oro_prima.records import ExceptionRecord, Flow, RecordState
from tests.rules.making import NOW

CODES = [ReasonCode.CUSTOMER_NOT_LINKED, ReasonCode.UNKNOWN_UNIT, ReasonCode.TEXT_TOO_LONG]
reasons = st.builds(
    Reason,
    st.sampled_from(CODES),
    st.just("orders/1"),
    st.just(""),
    st.sampled_from(["", "customers/1", "units/B/each"]),
)


@st.composite
def queues(draw: st.DrawFn) -> list[ExceptionRecord]:
    """Records with one to three reasons, some with a value."""
    rows = draw(st.lists(st.lists(reasons, min_size=1, max_size=3, unique=True), max_size=8))
    return [
        ExceptionRecord(
            Flow.ORDERS,
            f"orders/{number}",
            tuple(row),
            RecordState.HELD,
            NOW + timedelta(minutes=number),
            NOW,
            1,
            draw(st.none() | st.decimals(0, 1000, places=2)),
            draw(st.sampled_from(["GBP", "EUR"])),
        )
        for number, row in enumerate(rows)
    ]


@given(queues(), st.randoms())
def test_every_cause_is_there_once_with_all_that_has_it(
    queue: list[ExceptionRecord], random: object
) -> None:
    """In whatever order the records come; values are never added up across currencies."""
    found = causes(queue)
    random.shuffle(queue)  # type: ignore[attr-defined]

    keys = {(reason.code, reason.cause) for record in queue for reason in record.reasons}
    assert found == causes(queue)
    assert sorted(keys) == sorted((cause.code, cause.cause) for cause in found)
    for cause in found:
        having = [r for r in queue if (cause.code, cause.cause) in _keys(r)]
        alone = [r for r in having if len(_keys(r)) == 1]
        assert {r.subject for r in having} == set(cause.records)
        assert {r.subject for r in alone} == set(cause.closes)
        for currency, value in cause.value.items():
            stated = [r.value for r in alone if r.currency == currency and r.value is not None]
            assert sum(stated, Decimal(0)) == value
        assert cause.owner
        assert cause.fix


def _keys(record: ExceptionRecord) -> set[tuple[ReasonCode, str]]:
    return {(reason.code, reason.cause) for reason in record.reasons}


@given(queues())
def test_the_fix_that_closes_the_most_value_comes_first(queue: list[ExceptionRecord]) -> None:
    """Then the one that closes the most records."""
    ranks = [_rank(cause) for cause in causes(queue)]

    assert ranks == sorted(ranks, reverse=True)


def _rank(cause: Cause) -> tuple[Decimal, int, int]:
    most = max(cause.value.values(), default=Decimal(0))
    return (most, len(cause.closes), len(cause.records))
