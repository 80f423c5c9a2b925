"""Scheduled faults, the clock, the counts: the parts of a world that need no system."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oro_prima.sandbox.clock import SandboxClock
from oro_prima.sandbox.counters import Count, Counters
from oro_prima.sandbox.faults import NAMES, PRIMA_OPERATIONS, Faults


@given(st.integers(1, 5), st.integers(0, 5))
@settings(max_examples=30)
def test_a_fault_hits_exactly_as_often_as_scheduled(times: int, after: int) -> None:
    """It lets `after` requests pass, hits `times`, and is gone."""
    faults = Faults()
    faults.add("prima", "OrderStatus", "hang", times=times, after=after)

    hits = [faults.take("prima", "OrderStatus") for _ in range(times + after + 2)]

    assert hits == [""] * after + ["hang"] * times + ["", ""]
    assert faults.pending() == ()


def test_faults_wait_for_their_system_and_operation() -> None:
    """A star stands for any operation of the system."""
    faults = Faults()
    faults.add("oro", "list_orders", "maintenance")
    faults.add("oro", "*", "slow")

    assert faults.take("prima", "list_orders") == ""
    assert faults.take("oro", "token") == "slow"
    assert faults.take("oro", "get_orders") == ""
    assert faults.take("oro", "list_orders") == "maintenance"


def test_the_oldest_due_fault_is_used_and_the_others_stay() -> None:
    """Only a passed request is counted by several faults."""
    faults = Faults()
    faults.add("prima", "*", "hang", after=1)
    faults.add("prima", "*", "slow")
    faults.add("prima", "*", "truncate")

    assert [faults.take("prima", "wsdl") for _ in range(4)] == ["slow", "hang", "truncate", ""]


def test_a_refusal_of_any_operation_is_known_before_a_request_is_read() -> None:
    """A refusal of one operation, or one that is not due, is not."""
    faults = Faults()
    faults.add("prima", "OrderStatus", "refuse")
    faults.add("prima", "*", "refuse", after=1)

    assert not faults.take_refusal("prima")
    assert faults.take("prima", "wsdl") == ""
    assert not faults.take_refusal("oro")
    assert faults.take_refusal("prima")
    assert not faults.take_refusal("prima")
    faults.clear()
    assert faults.pending() == ()


@pytest.mark.parametrize(
    ("system", "operation", "fault", "times", "after", "named"),
    [
        ("sap", "*", "hang", 1, 0, "system"),
        ("oro", "*", "fault-10921", 1, 0, "fault of oro"),
        ("prima", "*", "maintenance", 1, 0, "fault of prima"),
        ("prima", "list_orders", "hang", 1, 0, "operation"),
        ("oro", "OrderStatus", "hang", 1, 0, "operation"),
        ("oro", "*", "hang", 0, 0, "times"),
        ("oro", "*", "hang", 1, -1, "after"),
    ],
)
def test_what_does_not_exist_is_refused_by_name(
    system: str, operation: str, fault: str, times: int, after: int, named: str
) -> None:
    """A fault that can never happen would look like one that was survived."""
    faults = Faults()

    with pytest.raises(ValueError, match=named):
        faults.add(system, operation, fault, times=times, after=after)
    assert faults.pending() == ()


def test_every_documented_fault_exists() -> None:
    """The control interface promises these names."""
    promised = (
        "refuse hang reset-before-commit reset-after-commit bad-gateway truncate fault-10921"
        " fault-8234 unauthorized maintenance database-down unavailable partial-snapshot purge"
        " slow other-data"
    )

    assert set(promised.split()) == NAMES["oro"] | NAMES["prima"]
    assert "MultiNewOrder" in PRIMA_OPERATIONS


def test_clock_goes_forward_only() -> None:
    """It tells real time, in UTC, plus what it was advanced by."""
    clock = SandboxClock()
    before = clock()

    after = clock.advance(3600)

    assert after - before >= timedelta(hours=1)
    assert clock().tzinfo is UTC
    with pytest.raises(ValueError, match="seconds"):
        clock.advance(-1)


def test_a_frozen_clock_moves_only_when_told() -> None:
    """It stands at the instant given, shown in UTC."""
    clock = SandboxClock()
    clock.freeze(datetime(2031, 3, 4, 1, tzinfo=timezone(timedelta(hours=1))))

    assert clock() == clock() == datetime(2031, 3, 4, tzinfo=UTC)
    assert clock.advance(0.5) == datetime(2031, 3, 4, 0, 0, 0, 500_000, tzinfo=UTC)
    with pytest.raises(ValueError, match="aware"):
        clock.freeze(datetime(2031, 3, 4))


def test_counts_add_up_by_operation() -> None:
    """Bytes of requests are `in`, bytes of answers `out`."""
    counters = Counters()
    counters.add("oro", "token", received=10, sent=20)
    counters.add("oro", "token", received=1, sent=2)

    assert counters.of("oro", "token") == Count(2, 11, 22)
    assert counters.of("prima", "wsdl") == Count()
    assert counters.total("oro") == 2
    assert counters.table() == {"oro": {"token": {"count": 2, "in": 11, "out": 22}}, "prima": {}}
