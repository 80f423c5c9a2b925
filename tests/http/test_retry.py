"""Trying again."""

from __future__ import annotations

import asyncio
from typing import TypeVar

import pytest
from attrs import define, field
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.call import Call, ResponseHead
from oro_prima.errors import (
    CallError,
    NoAnswerError,
    RejectedError,
    UnauthorizedError,
    UnavailableError,
    UnreachableError,
    UnreadableError,
)
from oro_prima.http.manners import RetryBudget
from oro_prima.http.retry import (
    AsyncRetryingSender,
    Manners,
    Repetition,
    RetryingSender,
    RetryPolicy,
    pause,
    worth_repeating,
)
from tests.http.calls import Echo

R = TypeVar("R")


@define
class Failing:
    """Fails so often, then answers."""

    failures: list[CallError]
    sent: int = 0
    slept: list[float] = field(factory=list[float])

    def send(self, call: Call[R]) -> R:
        """Raise the next failure, or read an empty answer."""
        self.sent += 1
        if self.failures:
            raise self.failures.pop(0)
        decoder = call.decoder(_OK)
        return decoder.close()

    def retrying(self, policy: RetryPolicy) -> RetryingSender:
        """Return a sender that tries again by this one."""
        return RetryingSender(self, policy, sleep=self.slept.append)


@define
class FailingAsync:
    """The same, awaited."""

    inner: Failing

    async def send(self, call: Call[R]) -> R:
        """Do what the inner one does."""
        return self.inner.send(call)


_OK = ResponseHead(200)
DOWN = UnavailableError("x", "down", status=503)


@given(st.lists(st.sampled_from([DOWN, NoAnswerError("x", "y")]), max_size=6), st.integers(0, 4))
def test_a_write_is_sent_once_whatever_happens(failures: list[CallError], retries: int) -> None:
    """Nothing that is not safe is sent twice by the transport."""
    sender = Failing(list(failures))

    if failures:
        with pytest.raises(CallError):
            sender.retrying(RetryPolicy(retries)).send(Echo(safe=False))
    else:
        sender.retrying(RetryPolicy(retries)).send(Echo(safe=False))
    assert sender.sent == 1


@given(st.integers(0, 6), st.integers(0, 4))
def test_a_reading_is_tried_so_often_and_no_more(failures: int, retries: int) -> None:
    """The last failure is what the caller sees; 0 switches it off."""
    sender = Failing([DOWN] * failures)
    retrying = sender.retrying(RetryPolicy(retries))

    if failures > retries:
        with pytest.raises(UnavailableError):
            retrying.send(Echo())
    else:
        assert retrying.send(Echo()) == b""
    assert min(failures, retries) + 1 == sender.sent
    assert min(failures, retries) == len(sender.slept)


@given(st.integers(1, 100), st.none() | st.integers(0, 10**9), st.floats(0, 1, exclude_max=True))
def test_a_pause_is_never_shorter_than_asked(
    attempt: int, asked: int | None, spread: float
) -> None:
    """Ours stays between half of the first and the longest."""
    policy = RetryPolicy()

    seconds = pause(policy, attempt, asked, spread=spread)

    assert seconds >= (asked or 0)
    assert policy.first_pause / 2 <= seconds <= max(policy.longest_pause, asked or 0)
    assert pause(policy, attempt, None) <= pause(policy, attempt + 1, None)


def test_a_server_that_asks_for_too_long_is_not_asked_again() -> None:
    """Knocking earlier than it asked would be worse than failing."""
    sender = Failing([UnavailableError("x", "down", status=429, retry_after=31)])

    with pytest.raises(UnavailableError):
        sender.retrying(RetryPolicy()).send(Echo())
    assert sender.slept == []


def test_a_call_has_a_deadline() -> None:
    """No repetition begins after it."""
    sender = Failing([UnavailableError("x", "down", status=503, retry_after=20)])

    with pytest.raises(UnavailableError):
        sender.retrying(RetryPolicy(deadline=19.0)).send(Echo())
    assert sender.sent == 1


@given(st.integers(0, 5), st.integers(1, 5))
def test_a_run_has_a_budget_of_repetitions(most: int, calls: int) -> None:
    """Shared by all its calls: a system that is down is not knocked at by each of them."""
    budget, told = RetryBudget(most), list[Repetition]()
    sent = 0
    for _ in range(calls):
        sender = Failing([DOWN] * 9)
        manners = Manners(budget, told.append)
        retrying = RetryingSender(
            sender, RetryPolicy(2), sleep=sender.slept.append, manners=manners
        )
        with pytest.raises(UnavailableError):
            retrying.send(Echo())
        sent += sender.sent

    assert sent == calls + min(most, 2 * calls) == calls + len(told)
    assert budget.left == most - len(told)


def test_switched_off_there_is_nothing_between() -> None:
    """No repetition, no pause, no budget spent."""
    budget = RetryBudget(1)
    sender = Failing([DOWN])

    with pytest.raises(UnavailableError):
        RetryingSender(sender, RetryPolicy(0), manners=Manners(budget)).send(Echo())
    assert (sender.sent, budget.left) == (1, 1)


def test_pauses_grow_and_the_server_is_heard() -> None:
    """Each is twice the one before, or as long as asked."""
    asked = UnavailableError("x", "down", status=429, retry_after=9)
    sender = Failing([DOWN, asked, DOWN])

    sender.retrying(RetryPolicy(3)).send(Echo())

    assert sender.slept == [1.0, 9.0, 4.0]


@pytest.mark.parametrize(
    ("error", "worth"),
    [
        (UnreachableError("x", "y"), True),
        (NoAnswerError("x", "y"), True),
        (UnavailableError("x", "y", status=503), True),
        (UnavailableError("x", "y", status=429), True),
        (UnavailableError("x", "y", status=415), False),
        (UnavailableError("x", "y", status=404), False),
        (UnavailableError("x", "y", status=302), False),
        (UnauthorizedError("x", "y", status=401), False),
        (RejectedError("x", "y", status=400), False),
        (UnreadableError("x", "y"), False),
        (KeyboardInterrupt(), False),
    ],
)
def test_only_what_passes_by_itself_is_tried_again(error: BaseException, worth: bool) -> None:
    """Maintenance and a switched-off API wait for a person."""
    assert worth == worth_repeating(error)


def test_the_asynchronous_sender_does_the_same() -> None:
    """Safe calls again, others once."""
    sender = Failing([DOWN, DOWN])
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    async def run() -> bytes:
        retrying = AsyncRetryingSender(FailingAsync(sender), RetryPolicy(2), sleep=sleep)
        with pytest.raises(UnavailableError):
            await retrying.send(Echo(safe=False))
        return await retrying.send(Echo())

    assert asyncio.run(run()) == b""
    assert slept == [1.0]


@pytest.mark.parametrize("changed", [{"retries": -1}, {"first_pause": 0}, {"longest_pause": 0}])
def test_a_policy_that_makes_no_sense_is_refused(changed: dict[str, int]) -> None:
    """No negative number of repetitions, no empty pause."""
    with pytest.raises(ValueError, match="must be"):
        RetryPolicy(**changed)
