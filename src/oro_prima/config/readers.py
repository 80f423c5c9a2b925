"""One reader a kind of setting: a TOML value in, a typed value out, or what was expected."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

from oro_prima.converters import faults_of, is_list, is_object, make_converter
from oro_prima.ids import OroSku, UnitCode
from oro_prima.mapping.policy import UnitShare
from oro_prima.values import to_decimal

Reader = Callable[[object], object]
E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")

_UNITS = {"s": 1, "sec": 1, "min": 60, "h": 3600, "d": 86400}
_CONVERTER = make_converter(forbid_extra_keys=True)
_DURATION = re.compile(r"\s*(\d+)\s*(s|sec|min|h|d)\s*")


def text(value: object) -> str:
    """Read a text."""
    if not isinstance(value, str):
        raise ValueError("expected a text in quotes")
    return value


def filled(value: object) -> str:
    """Read a text that is not blank."""
    found = text(value)
    if not found.strip():
        raise ValueError("expected a text that is not blank")
    return found


def flag(value: object) -> bool:
    """Read true or false."""
    if not isinstance(value, bool):
        raise ValueError("expected true or false")
    return value


def whole(least: int = 0, most: int = 10**12) -> Callable[[object], int]:
    """Return a reader of whole numbers within bounds."""

    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise ValueError(f"expected a whole number from {least} to {most}")
        return value

    return read


def amount(value: object) -> Decimal:
    """Read an exact number of 0 or more, written as a text or a whole number."""
    try:
        found = to_decimal(value)
    except ValueError:
        raise ValueError('expected a number in quotes such as "0.90"') from None
    if found < 0:
        raise ValueError("expected 0 or more")
    return found


def duration(value: object) -> timedelta:
    """
    Read a duration such as `30 s`, `15 min`, `24 h` or `7 d`.

    >>> duration("15 min")
    datetime.timedelta(seconds=900)
    """
    found = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError('expected a duration such as "30 s", "15 min", "24 h" or "7 d"')
    return timedelta(seconds=int(found[1]) * _UNITS[found[2]])


def duration_text(value: timedelta) -> str:
    """Write a duration as it is read."""
    seconds = int(value.total_seconds())
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds and seconds % size == 0:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def time_of_day(value: object) -> str:
    """Read a time such as 02:15, or nothing."""
    word = text(value).strip()
    if word and not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", word):
        raise ValueError("expected a time such as 02:15, or nothing")
    return word


def instant(value: object) -> datetime:
    """Read an instant with its zone, as TOML writes one or as a text."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            value = None
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise ValueError("expected an instant with its zone, such as 2031-05-04T00:00:00Z")
    return value.astimezone(UTC)


def zone(value: object) -> tzinfo:
    """Read a time zone by name."""
    try:
        return ZoneInfo(text(value))
    except (OSError, ValueError, KeyError):
        raise ValueError(
            "expected a time zone such as Europe/London (install the package tzdata where the "
            "system has no zones)"
        ) from None


def choice(kind: type[E]) -> Reader:
    """Return a reader of one of a few words."""

    def read(value: object) -> E:
        try:
            return kind(text(value))
        except ValueError:
            raise ValueError(f"expected one of {', '.join(kind)}") from None

    return read


def listed(value: object) -> tuple[str, ...]:
    """Read a list of texts whose order counts; none stands twice."""
    if not is_list(value):
        raise ValueError('expected a list of texts such as ["pallet", "case"]')
    found = tuple(filled(one) for one in value)
    if len(set(found)) < len(found):
        raise ValueError("expected each text once")
    return found


def words(value: object) -> frozenset[str]:
    """Read a list of texts."""
    if not is_list(value):
        raise ValueError('expected a list of texts such as ["open"]')
    return frozenset(filled(one) for one in value)


def triples(value: object) -> tuple[tuple[str, str, str], ...]:
    """Read a list of three texts each: element, attribute, value."""
    if not is_list(value):
        raise ValueError('expected a list such as [["Data", "Season", "AW"]]')
    return tuple(_three(row) for row in value)


def _three(row: object) -> tuple[str, str, str]:
    if not is_list(row) or len(row) != 3:
        raise ValueError('expected three texts each, such as ["Data", "Season", "AW"]')
    first, second, third = (text(one) for one in row)
    return first, second, third


def pairs(value: object) -> tuple[tuple[str, str], ...]:
    """Read a table of texts."""
    if not is_object(value):
        raise ValueError("expected a table of texts")
    return tuple((str(key), text(one)) for key, one in value.items())


def numbers(value: object) -> tuple[tuple[str, int], ...]:
    """Read a table of whole numbers above 0."""
    if not is_object(value):
        raise ValueError("expected a table such as { PostCode = 8 }")
    found: list[tuple[str, int]] = []
    for key, number in value.items():
        if isinstance(number, bool) or not isinstance(number, int) or number < 1:
            raise ValueError(f"{key}: expected a whole number above 0")
        found.append((str(key), number))
    return tuple(found)


def code_tables(value: object) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Read a table of tables of texts."""
    if not is_object(value):
        raise ValueError('expected tables such as { Country = { GB = "UK" } }')
    return tuple((str(key), pairs(table)) for key, table in value.items())


def pattern(value: object) -> str:
    """Read a regular expression; empty for none."""
    found = text(value)
    try:
        re.compile(found)
    except re.error as exc:
        raise ValueError(f"expected a regular expression ({exc.msg})") from None
    return found


def choices(kind: type[E]) -> Reader:
    """Return a reader of a table of words."""
    one = choice(kind)

    def read(value: object) -> dict[str, object]:
        if not is_object(value):
            raise ValueError(f"expected a table whose values are one of {', '.join(kind)}")
        return {str(key): one(word) for key, word in value.items()}

    return read


def maybe(read: Reader) -> Reader:
    """Return a reader that takes an empty text for nothing."""
    return lambda value: None if value == "" else read(value)


def several(kind: type[E]) -> Reader:
    """Return a reader of a set of words."""
    one = choice(kind)
    return lambda value: frozenset(one(word) for word in words(value))


def record(kind: type[T], example: str) -> Callable[[object], T]:
    """Return a reader of a table that holds one value; names that it does not have are refused."""

    def read(value: object) -> T:
        if not is_object(value):
            raise ValueError(f"expected a table such as {example}")
        try:
            return _CONVERTER.structure(value, kind)
        except Exception as exc:  # noqa: BLE001 - cattrs raises groups of any kind
            raise ValueError("; ".join(faults_of(exc))) from None

    return read


def records(kind: type[T], example: str) -> Callable[[object], tuple[T, ...]]:
    """Return a reader of a list of such tables."""
    one = record(kind, example)

    def read(value: object) -> tuple[T, ...]:
        if not is_list(value):
            raise ValueError(f"expected a list of {example}")
        return tuple(_placed(one, row, f"row {number}") for number, row in enumerate(value, 1))

    return read


def named(kind: type[T], example: str) -> Callable[[object], dict[str, T]]:
    """Return a reader of a table of such tables."""
    one = record(kind, example)

    def read(value: object) -> dict[str, T]:
        if not is_object(value):
            raise ValueError(f"expected tables such as {example}")
        return {str(key): _placed(one, row, str(key)) for key, row in value.items()}

    return read


def _placed(read: Callable[[object], T], value: object, place: str) -> T:
    try:
        return read(value)
    except ValueError as exc:
        raise ValueError(f"{place}: {exc}") from None


def shares(value: object) -> tuple[UnitShare, ...]:
    """Read limits of single product units."""
    if not is_list(value):
        raise ValueError('expected a list of { sku = "B", unit = "case", max_share = "0.5" }')
    return tuple(_share(row) for row in value)


def _share(row: object) -> UnitShare:
    if not is_object(row) or row.keys() != {"sku", "unit", "max_share"}:
        raise ValueError("expected sku, unit and max_share")
    sku, unit = OroSku(filled(row["sku"])), UnitCode(filled(row["unit"]))
    return UnitShare(sku, unit, amount(row["max_share"]))
