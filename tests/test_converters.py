"""Trees to models and back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

import pytest
from attrs import frozen
from hypothesis import example, given
from hypothesis import strategies as st

from oro_prima.converters import (
    decode_json,
    encode_json,
    faults_of,
    instant_text,
    is_list,
    is_object,
    make_converter,
)
from oro_prima.errors import ConfigError
from oro_prima.ids import OroOrderId
from oro_prima.values import LocalDate, Secret


class Colour(StrEnum):
    """An enumeration that is a text."""

    RED = "red"


@frozen
class Inner:
    """A model within another."""

    quantity: Decimal
    on: bool = True


@frozen
class Everything:
    """One field of every kind."""

    key: OroOrderId
    text: str
    count: int
    amount: Decimal
    share: Fraction
    at: datetime
    day: LocalDate
    span: timedelta
    colour: Colour
    inner: tuple[Inner, ...]
    perhaps: Decimal | None = None


@frozen
class Strict:
    """A setting that checks itself."""

    url: str

    def __attrs_post_init__(self) -> None:
        if self.url != "good":
            raise ConfigError(("url: expected good",))


everything = st.builds(
    Everything,
    key=st.integers(1).map(str).map(OroOrderId),
    text=st.text(max_size=5),
    count=st.integers(),
    amount=st.decimals(-(10**9), 10**9, places=4),
    share=st.fractions(),
    at=st.datetimes(timezones=st.just(UTC)),
    day=st.dates().map(LocalDate),
    span=st.timedeltas(timedelta(days=-1000), timedelta(days=1000)),
    colour=st.just(Colour.RED),
    inner=st.lists(st.builds(Inner, st.decimals(0, 5, places=1), st.booleans())).map(tuple),
    perhaps=st.none() | st.decimals(0, 5, places=2),
)


@given(everything)
def test_what_is_written_is_read_back(model: Everything) -> None:
    """A model survives the way to a tree, to JSON, and back."""
    converter = make_converter()

    tree = decode_json(encode_json(converter.unstructure(model)))

    assert model == converter.structure(tree, Everything)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists))
def test_any_tree_gives_a_model_or_faults(tree: object) -> None:
    """No tree gets past the converter with a wrong type, and each refusal names its place."""
    faults: tuple[str, ...] = ()
    try:
        make_converter().structure(tree, tuple[Inner, ...])
    except Exception as exc:  # noqa: BLE001 - any refusal is described
        faults = faults_of(exc)

    assert all("@ $" in fault for fault in faults)


@given(st.binary())
@example(b'{"a":1e999999999}')
@example(b'{"a":0e-999999999}')
@example(b'{"a":NaN}')
@example(b'{"a":' + b"9" * 5000 + b"}")
@example(b"[" * 100_000)
@example(b"\xff")
def test_bytes_are_json_or_refused(data: bytes) -> None:
    """Arbitrary bytes give a tree or `ValueError`, never anything else."""
    try:
        decode_json(data)
    except ValueError:
        return


def test_numbers_stay_exact() -> None:
    """A number with a point is a decimal, digit by digit; one without is an integer."""
    assert [Decimal("0.1000"), 7, Decimal("1E+2")] == decode_json(b"[0.1000,7,1e2]")


def test_a_missing_field_is_named_with_its_place() -> None:
    """The place leads through lists and fields."""

    @frozen
    class Order:
        line_items: tuple[Inner, ...]

    with pytest.raises(Exception, match="While structuring") as caught:
        make_converter().structure([{"line_items": [{}]}], tuple[Order, ...])

    assert faults_of(caught.value) == ("required field missing @ $[0].line_items[0].quantity",)


def _fault(value: object, cl: type[object]) -> str:
    with pytest.raises(Exception) as caught:  # noqa: PT011 - cattrs raises what the hook raised
        make_converter().structure(value, cl)
    return faults_of(caught.value)[0]


@pytest.mark.parametrize(
    ("value", "cl", "told"),
    [
        (1, str, "expected a text, got int"),
        (None, str, "expected a text, got nothing"),
        ({}, str, "expected a text, got an object"),
        (True, int, "expected a whole number, got bool"),
        ("1", int, "expected a whole number, got another text"),
        (1, bool, "expected true or false, got int"),
        (0.5, Decimal, "expected an exact number such as 12.50, got float"),
        ("nan", Decimal, "expected an exact number such as 12.50, got another text"),
        ("1e999", Decimal, "expected an exact number such as 12.50, got another text"),
        ("1/0", Fraction, "expected a number such as 12, 0.5 or 1/3, got another text"),
        ("1/2/3", Fraction, "expected a number such as 12, 0.5 or 1/3, got another text"),
        ("2031-05-06", date, ""),
        ("6 May", date, "expected a date such as 2031-05-06, got another text"),
        (
            "2031-05-06T07:08:09",
            datetime,
            "expected an instant such as 2031-05-06T07:08:09Z with its zone, got another text",
        ),
        (
            "0001-01-01T00:00:00+10:00",
            datetime,
            "expected an instant such as 2031-05-06T07:08:09Z, got another text",
        ),
        (
            datetime(2031, 5, 6, tzinfo=UTC),
            date,
            "expected a date such as 2031-05-06, got datetime",
        ),
        ("1e90", timedelta, "expected a number of seconds, got another text"),
        ("blue", Colour, "expected one of red, got another text"),
        ([], tuple[Inner], "not a valid value"),
        (5, Secret, "expected a text, got int"),
    ],
)
def test_a_wrong_value_is_told_without_repeating_it(
    value: object, cl: type[object], told: str
) -> None:
    """Every refusal says what was expected and what kind of thing came."""
    if not told:
        assert date(2031, 5, 6) == make_converter().structure(value, cl)
        return

    assert f"{told} @ $" == _fault(value, cl)


def test_identifiers_are_texts_even_where_the_wire_has_numbers() -> None:
    """An integer becomes an identifier; true and false do not."""
    converter = make_converter()

    assert converter.structure(7, OroOrderId) == "7"
    assert _fault(True, OroOrderId) == "expected a text, got bool @ $"


@pytest.mark.parametrize(
    ("value", "cl"),
    [
        (Fraction(1, 3), Fraction),
        (timedelta(seconds=90), timedelta),
        (datetime(2031, 5, 6, tzinfo=UTC), datetime),
        (date(2031, 5, 6), date),
        (Secret("hush"), Secret),
    ],
)
def test_a_value_that_is_there_already_is_taken(value: object, cl: type[object]) -> None:
    """TOML gives dates and instants by itself; a caller may give any value of the type."""
    assert value == make_converter().structure(value, cl)


@pytest.mark.parametrize(
    ("value", "expected"),
    [("1/3", Fraction(1, 3)), (2, Fraction(2)), ("0.5", Fraction(1, 2))],
)
def test_a_fraction_is_read_from_any_exact_form(value: object, expected: Fraction) -> None:
    """A ratio, a whole number and a decimal are fractions."""
    assert expected == make_converter().structure(value, Fraction)


def test_spans_of_time_are_seconds() -> None:
    """A span is read from seconds with or without decimals."""
    assert timedelta(seconds=1, milliseconds=500) == make_converter().structure("1.5", timedelta)


def test_unknown_names_are_refused_where_asked() -> None:
    """A configuration holds no name that nothing reads."""
    with pytest.raises(Exception, match="While structuring") as caught:
        make_converter(forbid_extra_keys=True).structure({"quantity": 1, "qty": 2}, Inner)

    assert faults_of(caught.value) == ("unknown name: qty @ $",)


def test_faults_of_a_configuration_are_its_own() -> None:
    """`ConfigError` speaks for itself, alone or inside a tree."""
    error = ConfigError(("a", "b"))
    with pytest.raises(Exception, match="While structuring") as caught:
        make_converter().structure([{"url": "bad"}], tuple[Strict, ...])

    assert faults_of(error) == ("a", "b")
    assert faults_of(caught.value) == ("url: expected good @ $[0]",)


def test_a_secret_is_never_written() -> None:
    """Not even a model that holds one gives it away."""
    assert "hush" not in str(make_converter().unstructure({"s": Secret("hush")}))


def test_instants_are_written_in_utc_and_never_naive() -> None:
    """The zone is turned to UTC; a fraction is kept; a naive instant is refused."""
    east = datetime(2031, 5, 6, 9, 0, 0, 500, tzinfo=timezone(timedelta(hours=2)))

    assert instant_text(east) == "2031-05-06T07:00:00.000500Z"
    with pytest.raises(ValueError, match="aware"):
        instant_text(east.replace(tzinfo=None))


@pytest.mark.parametrize(("guard", "value"), [(is_object, {}), (is_list, [])])
def test_parts_of_a_tree_are_told_apart(guard: Callable[[object], bool], value: object) -> None:
    """A mapping is an object, a list is a list."""
    assert guard(value)
    assert not guard("")
