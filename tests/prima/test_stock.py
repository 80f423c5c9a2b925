"""Free stock as it arrives."""

from __future__ import annotations

import tracemalloc
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.call import ResponseHead
from oro_prima.errors import RejectedError, UnreadableError
from oro_prima.prima.calls.stock import (
    free_stock,
    free_stock_of,
    free_stock_rows,
    read_date,
    read_quantity,
)
from oro_prima.prima.models.profile import PrimaProfile
from oro_prima.prima.models.stock import FreeStockRow
from oro_prima.values import LocalDate, SkuKey
from tests.prima.documents import (
    COMPANY,
    PROFILE,
    TODAY,
    element,
    read,
    result,
    row,
    skus,
    soap,
    stock,
)

WHOLE = free_stock(profile=PROFILE, company=COMPANY, today=TODAY)
POT = SkuKey("TEAPOT")
MULTI = "MultiAvailableToSell"

rows = st.lists(
    st.builds(
        FreeStockRow,
        skus,
        st.integers(-5, 9999).map(Decimal),
        st.none() | st.dates(TODAY, date(2032, 5, 5)).map(LocalDate),
    ),
    max_size=6,
)


def _written(one: FreeStockRow, name: str = "sku") -> str:
    product, *codes = one.sku.codes
    day = one.next_available.strftime("%d/%m/%Y") if one.next_available else ""
    matrix = {f"MtrxCode{n}": code for n, code in enumerate(codes, start=1)}
    known = {"AvailableDate": day, "AvailableQuantity": str(one.available)} | matrix
    return element(name, **known, Product=product)


@given(rows, st.sampled_from(["sku", "SKU", "Sku"]))
def test_rows_are_read_as_they_were_written(written: list[FreeStockRow], name: str) -> None:
    """Codes as spelled, quantities and dates exact, in the order of the answer."""
    found = read(WHOLE, stock(*(_written(one, name) for one in written)))

    assert list(found) == written
    assert [one.sku.codes for one in found] == [one.sku.codes for one in written]


@given(rows)
def test_rows_can_be_taken_while_they_arrive(written: list[FreeStockRow]) -> None:
    """Each goes to the consumer; the answer itself is their number."""
    taken: list[FreeStockRow] = []
    call = free_stock_rows(taken.append, profile=PROFILE, company=COMPANY, today=TODAY)

    assert read(call, stock(*(_written(one) for one in written))) == len(written)
    assert taken == written


@given(st.lists(skus, min_size=1, max_size=6, unique=True))
def test_chosen_skus_match_by_key(asked: list[SkuKey]) -> None:
    """In the order asked, whatever the order of the answer; what is missing stays missing."""
    answered = [FreeStockRow(sku, Decimal(n)) for n, sku in enumerate(asked)][1:]
    body = stock(*(_written(one, "SKU") for one in reversed(answered)), request_type=MULTI)
    call = free_stock_of(asked, profile=PROFILE, company=COMPANY, today=TODAY)

    assert list(read(call, body)) == answered


def test_keys_match_without_case_and_space() -> None:
    """The server's spelling is kept."""
    call = free_stock_of([SkuKey("teapot", "none")], profile=PROFILE, company=COMPANY, today=TODAY)
    (found,) = read(call, stock(row("TEAPOT ", "3", "", "NONE"), row("LID"), request_type=MULTI))

    assert found.sku.codes == ("TEAPOT ", "NONE", "", "", "")


def test_two_figures_of_one_sku_are_none() -> None:
    """A doubled row is read once; one that differs makes the answer unusable."""
    call = free_stock_of([POT], profile=PROFILE, company=COMPANY, today=TODAY)

    assert len(read(call, stock(row(), row(), request_type=MULTI))) == 1
    with pytest.raises(UnreadableError, match="two different figures"):
        read(call, stock(row(), row(quantity="4"), request_type=MULTI))


def test_attributes_are_found_without_case_and_order() -> None:
    """Exactly first; a missing matrix code or date is blank."""
    odd = '<sku product="TEAPOT" availablequantity=" 7 " MTRXCODE1="BLUE" Extra="x"/>'

    assert read(WHOLE, stock(odd)) == (FreeStockRow(SkuKey("TEAPOT", "BLUE"), Decimal(7)),)


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        ('<sku Product="TEAPOT"/>', "no AvailableQuantity"),
        ('<sku AvailableQuantity="1"/>', "no Product"),
        (row(" "), "no Product"),
        (row(quantity=""), "stock of 'TEAPOT': expected AvailableQuantity"),
        (row(quantity="1E5"), "AvailableQuantity as a number"),
        (row(quantity="1_000"), "AvailableQuantity as a number"),
        (row(quantity="1,000"), "AvailableQuantity as a number"),
        (row(quantity="NaN"), "AvailableQuantity as a number"),
        (row(quantity="٣"), "AvailableQuantity as a number"),
        (row(quantity="9" * 16), "AvailableQuantity as a number"),
        (row(day="2031-05-06"), "AvailableDate as dd/mm/yyyy"),
        (row(day="31/02/2031"), "a day of the calendar"),
        (row(day="1/1/99999999999999999999"), "AvailableDate as dd/mm/yyyy"),
    ],
)
def test_a_row_that_makes_no_sense_refuses_the_answer(broken: str, told: str) -> None:
    """A snapshot is whole or it is none; the message names product and field."""
    with pytest.raises(UnreadableError, match=told):
        read(WHOLE, stock(row("LID"), broken))


@pytest.mark.parametrize(
    ("text", "number"), [("0", "0"), ("-12", "-12"), (" 5. ", "5"), (".5", "0.5"), ("2.50", "2.50")]
)
def test_quantities_are_exact(text: str, number: str) -> None:
    """Whole as a rule; decimals and a minus are accepted."""
    assert read_quantity(text) == Decimal(number)


def test_blank_dates_are_none() -> None:
    """Blank, or the question mark of an unknown value."""
    assert [read_date(text) for text in ("", " ", "?", " 6/5/2031 ")] == [None, None, None, TODAY]


def test_dates_beyond_the_horizon_are_none() -> None:
    """The last day of the horizon still counts; a horizon may be longer than the calendar."""
    body = stock(row("A", "0", "07/05/2031"), row("B", "0", "08/05/2031"))
    near = PrimaProfile(horizon_days=1)
    far = PrimaProfile(horizon_days=10**9)

    found = read(free_stock(profile=near, company=COMPANY, today=TODAY), body)
    assert [one.next_available for one in found] == [date(2031, 5, 7), None]
    found = read(free_stock(profile=far, company=COMPANY, today=TODAY), body)
    assert [one.next_available for one in found] == [date(2031, 5, 7), date(2031, 5, 8)]


def test_no_rows_are_an_answer() -> None:
    """Whether a snapshot is whole is judged elsewhere."""
    assert read(WHOLE, stock()) == ()


@pytest.mark.parametrize(
    "body",
    [
        stock(row(), RequestStatus="ERROR"),
        stock(row(), Error="(E:9) x"),
        stock(row(), element("RequestError", Error="(E:9) x")),
        soap(
            result(
                '<Data RequestStatus="ERROR"/>',
                request_type="ProductAvailableToSell",
                RequestStatus="OK",
            )
        ),
    ],
)
def test_rows_beside_a_failure_are_not_stock(body: bytes) -> None:
    """However many rows came, a failure anywhere refuses them all."""
    with pytest.raises(RejectedError):
        read(WHOLE, body)


def test_rows_without_a_status_are_not_stock() -> None:
    """Success is stated, never assumed."""
    with pytest.raises(UnreadableError, match="states no RequestStatus"):
        read(WHOLE, stock(row(), RequestStatus=""))


def test_a_consumer_that_fails_is_heard() -> None:
    """Its error is its own, not the answer's."""

    def refuse(_row: FreeStockRow) -> None:
        raise ValueError("mine")

    call = free_stock_rows(refuse, profile=PROFILE, company=COMPANY, today=TODAY)

    with pytest.raises(ValueError, match="mine"):
        read(call, stock(row()))


def test_memory_stays_flat_however_many_different_figures_come() -> None:
    """Fifty times the rows take no more memory, even where no text repeats."""
    peaks = [_peak(count) for count in (1_000, 50_000)]

    assert peaks[1] < peaks[0] + 1_500_000


def _peak(count: int) -> int:
    call = free_stock_rows(lambda _row: None, profile=PROFILE, company=COMPANY, today=TODAY)
    decoder = call.decoder(ResponseHead(200))
    head, tail = stock("|").split(b"|")
    tracemalloc.start()
    decoder.feed(head)
    for number in range(count):
        text = row(f"P{number}", str(number)).replace("<", "&lt;").replace(">", "&gt;")
        decoder.feed(text.encode())
    decoder.feed(tail)
    assert decoder.close() == count
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak
