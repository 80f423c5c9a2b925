"""What a filter can say beyond "equals": a closed range, one bound, not, is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Literal, TypeAlias, TypeGuard

from attrs import frozen

Comparable: TypeAlias = datetime | date | Decimal | int | str


@frozen
class Between:
    """
    From `first` to `last`, both included: the only form of a range that every version applies.

    Two operators on one field are one too many for 5.1, which silently keeps the upper alone; an
    open range is refused by 6.1. Raises `ValueError` where the ends are reversed.
    """

    first: Comparable
    last: Comparable

    def __attrs_post_init__(self) -> None:
        if _reversed(self.first, self.last):
            msg = "expected a range whose first value is not after its last"
            raise ValueError(msg)


@frozen
class Bound:
    """One bound alone: `gt`, `gte`, `lt` or `lte` a value."""

    operator: Literal["gt", "gte", "lt", "lte"]
    value: Comparable


@frozen
class Not:
    """Any value but these; a record without a value is not among what is found."""

    values: tuple[str, ...]


class Exists(StrEnum):
    """Whether there is any value at all."""

    YES = "yes"
    NO = "no"


TextFilter: TypeAlias = str | tuple[str, ...] | Not | Exists
"""A text, or any of several; several only where the server takes a list for that field."""
IdFilter: TypeAlias = str | tuple[str, ...] | Between | Bound | Not | Exists
"""An id, any of several, or a range of ids."""
InstantFilter: TypeAlias = datetime | date | Between | Bound
"""An instant, a range or one bound; whole seconds."""
FlagFilter: TypeAlias = bool
"""Yes or no."""
FilterValue: TypeAlias = (
    str | bool | int | Decimal | datetime | date | tuple[str, ...] | Between | Bound | Not | Exists
)
Filters: TypeAlias = Mapping[str, object]
"""What is looked for: names in snake case, each with one of the values of this module."""


def filter_pair(path: str, value: object) -> tuple[str, str]:
    """
    Write one filter of a query.

    Raises:
        ValueError: A text is empty or holds a comma (nothing escapes it: keep the record's id, or
            find it in a sweep), or an instant is not aware or holds a fraction of a second.

    >>> filter_pair("updatedAt", Between(datetime(2031, 5, 6, tzinfo=UTC), "2031-05-07T00:00:00Z"))
    ('filter[updatedAt]', '2031-05-06T00:00:00Z..2031-05-07T00:00:00Z')
    """
    match value:
        case Between():
            return f"filter[{path}]", f"{filter_text(value.first)}..{filter_text(value.last)}"
        case Bound():
            return f"filter[{path}][{value.operator}]", filter_text(value.value)
        case Not():
            return f"filter[{path}][neq]", _joined(path, value.values)
        case Exists():
            return f"filter[{path}][exists]", value.value
        case _ if is_several(value):
            return f"filter[{path}]", _joined(path, tuple(map(_plain, value)))
        case _:
            return f"filter[{path}]", _joined(path, (_plain(value),))


def is_several(value: object) -> TypeGuard[Sequence[object]]:
    """Tell a list or a tuple from one value."""
    return isinstance(value, (list, tuple))


def filter_text(value: object) -> str:
    """Write one value of a filter; raises `ValueError` for what no filter can say."""
    match value:
        case bool():
            return "yes" if value else "no"
        case datetime():
            if value.tzinfo is None or value.microsecond:
                msg = "expected an aware instant without a fraction of a second"
                raise ValueError(msg)
            return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        case date():
            return value.isoformat()
        case str():
            return _one(value)
        case int():
            return str(value)
        case Decimal() if value.is_finite():
            return format(value, "f")
        case _:
            msg = f"expected a value that a filter can say, got {type(value).__name__}"
            raise ValueError(msg)


def _plain(value: object) -> str:
    return value if isinstance(value, str) else filter_text(value)


def _reversed(first: Comparable, last: Comparable) -> bool:
    if isinstance(first, date) and isinstance(last, date):
        return filter_text(first) > filter_text(last)
    if isinstance(first, int | Decimal) and isinstance(last, int | Decimal):
        return first > last
    return False


def _one(text: str) -> str:
    if "," in text or not text.strip():
        msg = f"expected one value, not empty and without a comma; {_NO_ESCAPE}"
        raise ValueError(msg)
    return text


def _joined(path: str, values: tuple[str, ...]) -> str:
    if not values or any("," in text or not text.strip() for text in values):
        msg = (
            f"filter of {path}: expected at least one value, none empty and none with a comma; "
            f"{_NO_ESCAPE}"
        )
        raise ValueError(msg)
    return ",".join(values)


_NO_ESCAPE = "the API knows no way to escape one"
