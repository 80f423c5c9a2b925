"""How much one run may take away, and how much it may put right, before a person is asked."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.mapping import Leeway, Limit

counts = st.integers(0, 40)
shares = st.integers(0, 100).map(lambda n: Decimal(n).scaleb(-2))
sizes = st.integers(0, 300)


@given(counts, shares, sizes, sizes)
def test_a_limit_holds_both_the_number_and_the_share(
    count: int, share: Decimal, changes: int, of: int
) -> None:
    """One record is always within a share that is not 0."""
    within = changes <= max(Fraction(share) * of, 1 if share else 0)

    assert Limit(count, share).allows(changes, of=of) == (changes <= count and within)


@given(counts, shares, sizes, sizes)
def test_a_leeway_is_the_greater_of_both(count: int, share: Decimal, changes: int, of: int) -> None:
    """A small shop may correct everybody, a large one its share."""
    within = changes <= count or changes <= Fraction(share) * of

    assert Leeway(count, share).allows(changes, of=of) == within


@given(counts, shares, sizes, sizes)
def test_what_is_told_is_what_is_allowed(count: int, share: Decimal, changes: int, of: int) -> None:
    """Exactly so many, and not one more."""
    for one in (Limit(count, share), Leeway(count, share)):
        most = one.most(of)

        assert one.allows(most, of=of)
        assert not one.allows(most + 1, of=of)
        assert one.told(changes, of=of) == f"{changes} of {of} would change; {most} may at once"


@given(counts, shares, sizes, sizes, st.integers(0, 50))
def test_more_room_forbids_nothing(
    count: int, share: Decimal, changes: int, of: int, more: int
) -> None:
    """A higher number, a larger share, more records, fewer changes: what went still goes."""
    larger = min(Decimal(1), share + Decimal(more).scaleb(-2))
    for kind in (Limit, Leeway):
        if kind(count, share).allows(changes, of=of):
            assert kind(count + more, share).allows(changes, of=of)
            assert kind(count, larger).allows(changes, of=of)
            assert kind(count, share).allows(changes, of=of + more)
            assert kind(count, share).allows(max(0, changes - more), of=of)


@pytest.mark.parametrize(
    ("count", "share", "of", "most"),
    [
        (100, "0.02", 20_000, 100),
        (100, "0.02", 1000, 20),
        (100, "0.02", 3, 1),
        (100, "0.02", 0, 1),
        (1, "1", 3, 1),
        (0, "1", 1000, 0),
        (100, "0", 1000, 0),
    ],
)
def test_what_ends_of_a_list(count: int, share: str, of: int, most: int) -> None:
    """The number bounds a large list, the share a small one; 0 of either is none."""
    assert Limit(count, Decimal(share)).most(of) == most
