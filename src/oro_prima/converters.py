"""
Trees to models and back: exact, strict about types, with faults that name their place.

A tree is what JSON, TOML or XML gives: mappings, lists, texts, numbers. Converters are instances;
the global one of cattrs is never used.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Set
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from fractions import Fraction
from types import NoneType, UnionType
from typing import NewType, TypeGuard, Union, get_args, get_origin

from cattrs import BaseConverter, Converter, transform_error
from cattrs.errors import ForbiddenExtraKeysError

from oro_prima.errors import ConfigError
from oro_prima.values import Secret, to_decimal

DECIMAL_DIGITS = 100
"""A number whose first digit is further than this from its point is refused."""


def make_converter(*, forbid_extra_keys: bool = False) -> Converter:
    """
    Return a converter of its own for models, values and identifiers.

    Numbers stay exact: `float` and `bool` are no numbers, `None` is no text. Instants are written
    `YYYY-MM-DDThh:mm:ssZ` and only aware ones are read; dates are ISO; spans of time are seconds.
    A set is written as a sorted list. A `Secret` is read, and never written.

    Args:
        forbid_extra_keys: Refuse names that a class does not have, as a configuration must; an
            answer of a server may hold more than is read.
    """
    converter = Converter(
        detailed_validation=True,
        forbid_extra_keys=forbid_extra_keys,
        unstruct_collection_overrides={Set: _in_order},
    )
    converter.register_structure_hook_func(_is_text_id, _to_id)
    converter.register_structure_hook_factory(_is_optional, _optional)
    for cl, parse in _PARSERS:
        converter.register_structure_hook(cl, parse)
    converter.register_unstructure_hook(Decimal, str)
    converter.register_unstructure_hook(Fraction, str)
    converter.register_unstructure_hook(datetime, instant_text)
    converter.register_unstructure_hook(date, date.isoformat)
    converter.register_unstructure_hook(timedelta, _seconds_text)
    converter.register_unstructure_hook(Secret, repr)
    return converter


def _in_order(parts: Iterable[object]) -> list[object]:
    """Sort what a set was written as: texts as they are, anything else by its JSON."""
    return sorted(parts, key=lambda one: one if isinstance(one, str) else json.dumps(one))


def faults_of(exc: Exception) -> tuple[str, ...]:
    """
    Tell what a converter refused, one line for each fault, with its place in the tree.

    A line reads `required field missing @ $[0].lines[0].quantity`. No line repeats a value of the
    tree, so it may be logged.
    """
    if isinstance(exc, ConfigError):
        return exc.faults
    return tuple(transform_error(exc, format_exception=_describe))


def decode_json(data: bytes) -> object:
    """
    Read JSON; numbers with a point or an exponent become `Decimal`.

    Raises:
        ValueError: Not JSON, or it holds NaN, infinity or a number beyond any use.
    """
    try:
        return json.loads(data, parse_float=_exact, parse_int=_whole, parse_constant=_refuse)
    except RecursionError as exc:
        msg = "the JSON is nested too deeply"
        raise ValueError(msg) from exc
    except (json.JSONDecodeError, UnicodeDecodeError) as exc:
        msg = "expected JSON and got something else, or a part of it"
        raise ValueError(msg) from exc


def encode_json(tree: object) -> bytes:
    """Write JSON in ASCII, without blanks; raises `TypeError` for what is not a plain tree."""
    return json.dumps(tree, allow_nan=False, separators=(",", ":")).encode("ascii")


def is_object(value: object) -> TypeGuard[dict[str, object]]:
    """Tell whether a part of a tree is a mapping; a tree's names are texts."""
    return isinstance(value, dict)


def is_list(value: object) -> TypeGuard[list[object]]:
    """Tell whether a part of a tree is a list."""
    return isinstance(value, list)


def instant_text(instant: datetime) -> str:
    """
    Write an aware instant in UTC as `YYYY-MM-DDThh:mm:ssZ`, with a fraction only where it has one.

    >>> instant_text(datetime(2031, 5, 6, 7, 8, 9, tzinfo=UTC))
    '2031-05-06T07:08:09Z'
    """
    if instant.tzinfo is None:
        msg = "expected an aware datetime"
        raise ValueError(msg)
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def _exact(text: str) -> Decimal:
    number = to_decimal(text)
    if not -DECIMAL_DIGITS <= number.adjusted() <= DECIMAL_DIGITS:
        msg = "a number of the JSON has an exponent beyond any use"
        raise ValueError(msg)
    return number


def _whole(text: str) -> int:
    if len(text) > DECIMAL_DIGITS:
        msg = "a number of the JSON has too many digits"
        raise ValueError(msg)
    return int(text)


def _refuse(text: str) -> object:
    msg = f"{text} is not JSON"
    raise ValueError(msg)


class _ShapeError(ValueError):
    """A fault whose text may be shown: it never repeats the value."""


def _shape(expected: str, value: object) -> _ShapeError:
    return _ShapeError(f"expected {expected}, got {_kind(value)}")


def _kind(value: object) -> str:
    if is_object(value):
        return "an object"
    if isinstance(value, str):
        return "another text"
    return "nothing" if value is None else type(value).__name__


def _is_text_id(cl: object) -> bool:
    return isinstance(cl, NewType) and cl.__supertype__ is str


def _is_optional(cl: object) -> bool:
    inner = get_args(cl)
    return get_origin(cl) in (Union, UnionType) and len(inner) == 2 and NoneType in inner


def _optional(cl: object, converter: BaseConverter) -> Callable[[object, object], object]:
    """Return a hook that knows its inner one: cattrs would look it up for every value."""
    (inner,) = (arg for arg in get_args(cl) if arg is not NoneType)
    parse = converter.get_structure_hook(inner)
    if parse is _to_text:
        return _to_text_or_none

    def hook(value: object, _cl: object) -> object:
        return None if value is None else parse(value, inner)

    return hook


def _to_id(value: object, _cl: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise _shape("a text", value)


def _to_text(value: object, _cl: object) -> str:
    if not isinstance(value, str):
        raise _shape("a text", value)
    return value


def _to_text_or_none(value: object, _cl: object) -> object:
    return value if value is None or isinstance(value, str) else _to_text(value, str)


def _to_member(value: object, cl: type[Enum]) -> Enum:
    try:
        return cl(value)
    except ValueError as exc:
        expected = ", ".join(str(member.value) for member in cl)
        raise _shape(f"one of {expected}", value) from exc


def _to_int(value: object, _cl: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _shape("a whole number", value)
    return value


def _to_bool(value: object, _cl: object) -> bool:
    if not isinstance(value, bool):
        raise _shape("true or false", value)
    return value


def _to_decimal(value: object, _cl: object) -> Decimal:
    try:
        return _exact(value) if isinstance(value, str) else to_decimal(value)
    except ValueError as exc:
        raise _shape("an exact number such as 12.50", value) from exc


def _to_fraction(value: object, _cl: object) -> Fraction:
    try:
        if isinstance(value, Fraction):
            return value
        if isinstance(value, str) and "/" in value:
            above, below = value.split("/")
            return Fraction(int(above), int(below))
        return Fraction(_to_decimal(value, Decimal))
    except (ValueError, ZeroDivisionError) as exc:
        raise _shape("a number such as 12, 0.5 or 1/3", value) from exc


def _to_instant(value: object, _cl: object) -> datetime:
    expected = "an instant such as 2031-05-06T07:08:09Z"
    try:
        instant = value if isinstance(value, datetime) else datetime.fromisoformat(_text(value))
        if instant.tzinfo is None:
            expected += " with its zone"
            raise _shape(expected, value)
        return instant.astimezone(UTC)
    except (ValueError, OverflowError) as exc:
        raise _shape(expected, value) from exc


def _to_date(value: object, _cl: object) -> date:
    try:
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        return date.fromisoformat(_text(value))
    except ValueError as exc:
        raise _shape("a date such as 2031-05-06", value) from exc


def _to_timedelta(value: object, _cl: object) -> timedelta:
    if isinstance(value, timedelta):
        return value
    try:
        seconds = _to_decimal(value, Decimal)
        return timedelta(microseconds=int(seconds.scaleb(6)))
    except (ValueError, OverflowError) as exc:
        raise _shape("a number of seconds", value) from exc


def _seconds_text(value: timedelta) -> str:
    return str(Decimal(value // timedelta(microseconds=1)) / 1_000_000)


def _to_secret(value: object, _cl: object) -> Secret:
    return value if isinstance(value, Secret) else Secret(_to_text(value, str))


def _text(value: object) -> str:
    return _to_text(value, str)


_PARSERS: tuple[tuple[type[object], Callable[[object, type[Enum]], object]], ...] = (
    (str, _to_text),
    (StrEnum, _to_member),  # a text too, so that it needs a hook that is nearer
    (int, _to_int),
    (IntEnum, _to_member),
    (bool, _to_bool),
    (Decimal, _to_decimal),
    (Fraction, _to_fraction),
    (datetime, _to_instant),
    (date, _to_date),
    (timedelta, _to_timedelta),
    (Secret, _to_secret),
)


def _describe(exc: BaseException, cl: type | None) -> str:
    match exc:
        case _ShapeError():
            return str(exc)
        case ConfigError():
            return "; ".join(exc.faults)
        case KeyError():
            return "required field missing"
        case ForbiddenExtraKeysError():
            unknown: set[str] = exc.extra_fields
            return f"unknown name: {', '.join(sorted(unknown))}"
        case _:
            return f"not a valid {getattr(cl, '__name__', 'value')}"
