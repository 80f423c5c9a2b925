"""Some days of a business at a small size: all that was planted is found, and nothing else."""

from __future__ import annotations

import pytest

from oro_prima.reconcile.reports.invoicing import order_to_invoice
from tests.month.imports import imported_by
from tests.month.playing import CLASSES, EXPECTED, Result, play, table_text
from tests.month.problems import HARMLESS, INVOICES, PROBLEMS, Size, make_month

FEW = Size(customers=30, skus=90, orders=900, share=0.4)
DAYS = 6


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return play(make_month(5, FEW), tmp_path_factory.mktemp("month"), days=DAYS)


def test_every_planted_problem_is_found_and_none_is_invented(result: Result) -> None:
    """Under the right reason and for the right owner; code by code."""
    inexact = {
        name: one
        for name, one in result.reasons.items()
        if one.found != one.planted or one.invented
    }

    assert inexact == {}, table_text(result)
    assert {code.value for code, _owner in EXPECTED.values()} <= result.reasons.keys()
    assert all(one.planted for one in result.reasons.values())
    assert result.owners_wrong == 0
    assert min(one.recall for one in result.reasons.values()) == 1
    assert min(one.precision for one in result.reasons.values()) == 1


def test_every_gap_of_an_invoice_stands_in_its_class(result: Result) -> None:
    """And where nothing is wrong both sides tie to the penny that rounding makes, or to 0.00."""
    bills = [one for one in result.books.bills or () if one.invoices and one.comparison]
    plain = [one for one in bills if set(one.classes) <= {"rounding"}]

    assert all(one.found == one.planted and not one.invented for one in result.classes.values())
    assert set(CLASSES.values()) == result.classes.keys()
    assert all(one.unexplained == 0 and one.unexplained_vat == 0 for one in plain)
    assert all(one.ties for one in plain)
    assert order_to_invoice(bills, result.books.frame).rows
    assert result.sound


def test_no_order_is_lost_or_doubled_and_the_books_tie(result: Result) -> None:
    """Whatever replies were lost; closed is not said while things are open."""
    assert (result.doubled, result.lost) == (0, 0)
    assert result.closing.ties
    assert not result.closing.closed
    assert result.proven
    assert "orders held" in result.closing.verdict


def test_the_generator_knows_none_of_our_rules() -> None:
    """It imports the standard library alone, so that it cannot agree with us by sharing them."""
    assert imported_by("problems.py") == set()


def test_every_kind_is_planted_and_every_expectation_is_of_a_kind() -> None:
    """The same number, the same month."""
    month = make_month(5, FEW)

    assert month == make_month(5, FEW)
    assert month != make_month(6, FEW)
    assert set(month.counts) == {*PROBLEMS, *HARMLESS, *(f"invoice: {one}" for one in INVOICES)}
    assert EXPECTED.keys() == PROBLEMS.keys()
    assert CLASSES.keys() == INVOICES.keys()
