"""Words: values that refuse to be mixed, outcomes that keep every reason."""

from __future__ import annotations

import copy
import pickle
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.outcome import Mapped, Outcome, Unmapped, both, every, reasons_of, then, unmapped
from oro_prima.reasons import Owner, Reason, ReasonCode
from oro_prima.records import ExceptionRecord, Flow, RecordState, RunPolicy
from oro_prima.values import (
    Money,
    Rounding,
    Secret,
    SkuKey,
    fits,
    local_date,
    round_to,
    to_decimal,
)
from tests.rules.making import EARLIER

BAD = unmapped(ReasonCode.NO_LINES, "orders/7", "none")
WORSE = unmapped(ReasonCode.NO_CUSTOMER, "orders/7", "none")


@pytest.mark.parametrize("value", [1.5, True, None, "x", "NaN", "Infinity", Decimal("NaN"), ""])
def test_only_exact_finite_numbers_are_decimals(value: object) -> None:
    """A float is refused, however round it looks."""
    with pytest.raises(ValueError, match="expected"):
        to_decimal(value)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4))
def test_decimals_are_read_as_they_are(value: Decimal) -> None:
    """From text and from a decimal alike."""
    assert value == to_decimal(value) == to_decimal(f" {value} ")
    assert fits(value, 4)
    assert fits(value, 2) == (round_to(value, 2, Rounding.HALF_EVEN) == value)


def test_currencies_are_not_mixed() -> None:
    """Adding them is an error, not a guess."""
    assert Money(Decimal(3), "GBP") == Money(Decimal(1), "GBP") + Money(Decimal(2), "GBP")
    with pytest.raises(ValueError, match="cannot add EUR to GBP"):
        _ = Money(Decimal(1), "GBP") + Money(Decimal(1), "EUR")


def test_a_day_needs_a_zone() -> None:
    """An instant without one is no instant."""
    at = datetime(2031, 7, 1, 23, 30, tzinfo=UTC)

    assert date(2031, 7, 2) == local_date(at, ZoneInfo("Europe/London"))
    with pytest.raises(ValueError, match="aware"):
        local_date(datetime(2031, 7, 1), UTC)


def test_skus_compare_folded_and_keep_their_spelling() -> None:
    """`None` is accepted where stock lists `NONE`."""
    one, two = SkuKey("Boot ", "None"), SkuKey("BOOT", "NONE")

    assert one == two
    assert hash(one) == hash(two)
    assert one.folded == two.folded
    assert (str(one), str(two)) == ("Boot -None", "BOOT-NONE")
    assert SkuKey("A", "B") != SkuKey("A", "", "B")


def test_a_secret_never_shows_itself() -> None:
    """In no form of text."""
    secret = Secret("hush")

    assert secret.reveal() == "hush"
    assert "hush" not in f"{secret} {secret!r} {[secret]}"


def test_outcomes_keep_every_reason() -> None:
    """Of all that failed, in their order."""
    good: Outcome[int] = Mapped(1)
    codes = [ReasonCode.NO_LINES, ReasonCode.NO_CUSTOMER]

    assert Mapped((1, 1)) == every([good, good])
    assert codes == [r.code for r in reasons_of(every([BAD, good, WORSE]))]
    assert Mapped((1, 1)) == both(good, good)
    assert codes == [r.code for r in reasons_of(both(BAD, WORSE))]
    assert codes[:1] == [r.code for r in reasons_of(both(good, BAD))]
    assert Mapped(2) == then(good, lambda value: Mapped(value + 1))
    assert then(BAD, Mapped) == BAD
    with pytest.raises(ValueError, match="at least one reason"):
        Unmapped(())


def test_the_first_reason_owns_a_record() -> None:
    """And says what to do."""
    reason = Reason(ReasonCode.UNKNOWN_UNIT, "orders/7/lines/1", "no row")
    record = ExceptionRecord(
        Flow.ORDERS, "orders/7", (reason,), RecordState.HELD, EARLIER, EARLIER, 1
    )

    assert Owner.DATA is record.owner
    assert "Add the row" in reason.fix


def test_a_run_stops_after_at_least_one_lost_answer() -> None:
    """Never is no choice."""
    with pytest.raises(ValueError, match="stop_after_unknown"):
        RunPolicy(stop_after_unknown=0)


@given(st.lists(st.text(max_size=5), min_size=5, max_size=5))
def test_a_key_is_copied_whether_or_not_it_was_compared(codes: list[str]) -> None:
    """By pickle and by copy, on both sides of its first comparison; it keeps its spelling."""
    fresh, compared = SkuKey(*codes), SkuKey(*codes)
    hash(compared)

    for key in (fresh, compared):
        for made in (pickle.loads(pickle.dumps(key)), copy.copy(key), evolve(key)):
            assert made == key
            assert made.codes == tuple(codes)
    assert fresh != "other"
