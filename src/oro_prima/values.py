"""
Values that both systems share, exact decimals, and the one rounding function.

Nothing here knows a system, a clock or a file.
"""

from __future__ import annotations

import decimal
from datetime import date, datetime, tzinfo
from decimal import Decimal
from enum import StrEnum
from typing import NewType, final

from attrs import field, frozen

from oro_prima.ids import UnitCode

LocalDate = NewType("LocalDate", date)
"""A calendar day where the books are kept (London by default); never an instant."""


_WIDE = decimal.Context(prec=60)
_STEPS = {places: Decimal(1).scaleb(-places) for places in range(60)}


class Rounding(StrEnum):
    """How a figure that does not fit its decimals is brought to them."""

    HALF_UP = decimal.ROUND_HALF_UP
    HALF_EVEN = decimal.ROUND_HALF_EVEN
    DOWN = decimal.ROUND_DOWN
    UP = decimal.ROUND_UP


def to_decimal(value: object) -> Decimal:
    """
    Read an exact decimal from `str`, `int` or `Decimal`.

    Raises:
        ValueError: not a finite number, or a type that is not exact (`float`, `bool`).

    >>> to_decimal(" 12.50 ")
    Decimal('12.50')
    """
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
        msg = f"expected an exact number, got {type(value).__name__}"
        raise ValueError(msg)
    try:
        number = Decimal(value)
    except decimal.InvalidOperation as exc:
        msg = "expected a number such as 12.50"
        raise ValueError(msg) from exc
    if not number.is_finite():
        msg = "expected a finite number"
        raise ValueError(msg)
    return number


def round_to(value: Decimal, places: int, mode: Rounding) -> Decimal:
    """
    Round `value` to `places` decimals, 0 to 59; the only rounding in the library.

    >>> round_to(Decimal("2.345"), 2, Rounding.HALF_UP)
    Decimal('2.35')
    """
    return value.quantize(_STEPS[places], rounding=mode, context=_WIDE)


def fits(value: Decimal, places: int) -> bool:
    """
    Tell whether `value` is exact at `places` decimals.

    >>> fits(Decimal("1.2500"), 2), fits(Decimal("1.255"), 2)
    (True, False)
    """
    return round_to(value, places, Rounding.DOWN) == value


def local_date(instant: datetime, zone: tzinfo) -> LocalDate:
    """Return the calendar day of an aware `instant` in `zone`."""
    if instant.tzinfo is None:
        msg = "expected an aware datetime"
        raise ValueError(msg)
    return LocalDate(instant.astimezone(zone).date())


def fold(code: str) -> str:
    """Bring a Prima code to the form in which codes compare: trimmed, without case."""
    return code.strip().casefold()


@final
@frozen(eq=False)
class SkuKey:
    """
    A Prima SKU: product and four matrix codes.

    Compares folded (trimmed, without case) and keeps the spelling it was given. The joined text is
    for display only: different keys can share it.
    """

    product: str
    m1: str = ""
    m2: str = ""
    m3: str = ""
    m4: str = ""
    _folded: tuple[str, str, str, str, str] = field(init=False, repr=False)
    _hash: int = field(init=False, repr=False)

    @property
    def codes(self) -> tuple[str, str, str, str, str]:
        """The five codes as spelled."""
        return (self.product, self.m1, self.m2, self.m3, self.m4)

    @property
    def folded(self) -> tuple[str, str, str, str, str]:
        """The five codes in the form in which they compare; also the order of plans."""
        try:
            return self._folded  # found once: a catalogue's keys are compared many times
        except AttributeError:
            product, m1, m2, m3, m4 = map(str.casefold, map(str.strip, self.codes))
            found = (product, m1, m2, m3, m4)
            object.__setattr__(self, "_folded", found)
            return found

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SkuKey):
            return NotImplemented
        try:
            return self._folded == other._folded  # as `folded` does, in a third of the time
        except AttributeError:
            return self.folded == other.folded

    def __hash__(self) -> int:
        try:
            return self._hash
        except AttributeError:
            found = hash(self.folded)
            object.__setattr__(self, "_hash", found)
            return found

    def __reduce__(self) -> tuple[type[SkuKey], tuple[str, str, str, str, str]]:
        return SkuKey, self.codes

    def __str__(self) -> str:
        return "-".join(code for code in self.codes if code)


@frozen
class Quantity:
    """An amount of one product unit."""

    amount: Decimal
    unit: UnitCode


@frozen
class Money:
    """An amount in one currency (ISO 4217 code); sums refuse to mix currencies."""

    amount: Decimal
    currency: str

    def __add__(self, other: Money) -> Money:
        if self.currency != other.currency:
            msg = f"cannot add {other.currency} to {self.currency}"
            raise ValueError(msg)
        return Money(self.amount + other.amount, self.currency)


@frozen
class Address:
    """A postal address; blank parts are empty. `country` is an ISO 3166 alpha-2 code."""

    organisation: str = ""
    forename: str = ""
    surname: str = ""
    street: str = ""
    street2: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""
    phone: str = ""


@frozen(repr=False)
class Secret:
    """A text that never shows itself; `reveal` is called where it is sent and nowhere else."""

    _text: str = field(alias="text")

    def reveal(self) -> str:
        """Return the text itself."""
        return self._text

    def __repr__(self) -> str:
        return "Secret('…')"

    __str__ = __repr__
