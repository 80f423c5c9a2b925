"""Filters: said in the one form that all versions apply, or refused."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.oro.models.filters import Between, Bound, Exists, Not, filter_pair

T = datetime(2031, 5, 6, 7, 8, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "pair"),
    [
        ("x", ("filter[f]", "x")),
        (("x", "y"), ("filter[f]", "x,y")),
        ((T, 7), ("filter[f]", "2031-05-06T07:08:09Z,7")),
        (Decimal("1E+3"), ("filter[f]", "1000")),
        (True, ("filter[f]", "yes")),
        (False, ("filter[f]", "no")),
        (7, ("filter[f]", "7")),
        (Decimal("1.50"), ("filter[f]", "1.50")),
        (date(2031, 5, 6), ("filter[f]", "2031-05-06")),
        (Between(T, T), ("filter[f]", "2031-05-06T07:08:09Z..2031-05-06T07:08:09Z")),
        (Between(1, 20), ("filter[f]", "1..20")),
        (Bound("gte", T), ("filter[f][gte]", "2031-05-06T07:08:09Z")),
        (Not(("a", "b")), ("filter[f][neq]", "a,b")),
        (Exists.NO, ("filter[f][exists]", "no")),
    ],
)
def test_a_filter_is_written(value: object, pair: tuple[str, str]) -> None:
    """Each kind of value in its own spelling."""
    assert pair == filter_pair("f", value)


@given(st.text(), st.text())
def test_a_comma_is_never_sent_as_part_of_a_value(before: str, after: str) -> None:
    """The API would read two values; nothing escapes it."""
    with pytest.raises(ValueError, match="comma"):
        filter_pair("sku", f"{before},{after}")
    with pytest.raises(ValueError, match="comma"):
        filter_pair("sku", Bound("gt", f"{before},{after}"))
    with pytest.raises(ValueError, match="comma"):
        filter_pair("sku", Between("a", f"{before},{after}"))


@pytest.mark.parametrize(
    "value",
    [
        (), "", " ", Not(()), Bound("gt", " "), Between("", "x"), Decimal("NaN"),
        T.replace(tzinfo=None), T + timedelta(microseconds=1), None,
    ],
)  # fmt: skip
def test_what_no_filter_can_say_is_refused(value: object) -> None:
    """Empty values, instants of no zone or with a fraction."""
    with pytest.raises(ValueError, match="expected"):
        filter_pair("f", value)


@pytest.mark.parametrize("later", [T + timedelta(seconds=1), date(2031, 5, 7)])
def test_a_reversed_range_is_refused(later: datetime | date) -> None:
    """The server would answer 200 and nothing."""
    first = T if isinstance(later, datetime) else date(2031, 5, 6)
    with pytest.raises(ValueError, match="not after"):
        Between(later, first)


@pytest.mark.parametrize(("first", "last"), [(2, 1), (Decimal("1.5"), 1), (10, 9)])
def test_a_reversed_range_of_numbers_is_refused(first: Decimal | int, last: int) -> None:
    """By what they are worth, not by how they are spelled."""
    with pytest.raises(ValueError, match="not after"):
        Between(first, last)
    assert Between(last, first).first == last
