"""Batch operations: what the server says of one, and what that means for what was sent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from attrs import frozen

from oro_prima.ids import OroOperationId

ENDED = frozenset({"success", "failed", "cancelled"})


@frozen
class AsyncOperation:
    """
    A batch that the server works through.

    `status` is `new`, `running`, `success`, `failed` or `cancelled`. `progress` is 0 to 1 and may
    go back. The counts are None until it has ended; `read_count` is how many records the server
    found in what was sent.
    """

    id: OroOperationId
    status: str
    progress: Decimal | None = None
    read_count: int | None = None
    write_count: int | None = None
    error_count: int | None = None

    @property
    def ended(self) -> bool:
        """Whether it will write no more."""
        return self.status in ENDED


@frozen
class OperationError:
    """
    Why one record of a batch was refused.

    `index` counts the records as they were sent, from 0; None where the error names none. `title`
    is the server's name of the constraint, `status` what the record alone would have got.
    """

    index: int | None
    pointer: str
    title: str
    status: int | None = None


class Settlement(StrEnum):
    """What became of a batch."""

    WRITTEN = "written"
    PARTIAL = "partial"
    """Some records were refused and the others written; `success` says it too."""
    CUT_OFF = "cut-off"
    """The server read fewer records than were sent, and says `success`."""
    FAILED = "failed"
    """Nothing of it can be relied on."""
    PENDING = "pending"
    """It may still write."""
    NOT_STARTED = "not-started"
    """Nothing has begun: is the message-queue consumer running? It will write when it does."""
    VANISHED = "vanished"
    """The server has forgotten it (404): whether it wrote is not known."""


@frozen
class Done:
    """An item of a batch that was written; `key` is its record's id where it is known."""

    index: int
    key: str | None = None


@frozen
class Refused:
    """An item that was not written: each reason is the server's title and the caller's field."""

    index: int
    reasons: tuple[tuple[str, str], ...]


@frozen
class InDoubt:
    """An item that may have been written, or will be: read it before it is written again."""

    index: int
    why: str


ItemOutcome: TypeAlias = Done | Refused | InDoubt
ItemReasons: TypeAlias = Mapping[int, tuple[tuple[str, str], ...]]
"""Why items of a batch were refused, by their index from 0."""


def settled(operation: AsyncOperation | None, *, sent: int) -> Settlement:
    """
    Tell what became of a batch of `sent` records.

    Args:
        operation: What the server says now; None where it no longer knows the operation.
        sent: How many records the request held.
    """
    if operation is None:
        return Settlement.VANISHED
    if not operation.ended:
        return Settlement.NOT_STARTED if operation.status == "new" else Settlement.PENDING
    if operation.status != "success":
        return Settlement.FAILED
    if operation.read_count != sent:
        return Settlement.CUT_OFF
    return Settlement.PARTIAL if operation.error_count else Settlement.WRITTEN


def record_index(pointer: str) -> int | None:
    """
    Return which record of the request a pointer leads into; None for any other place.

    >>> record_index("/data/4/attributes/quantity"), record_index("/included/7"), record_index("")
    (4, None, None)
    """
    found = re.match(r"/data/([0-9]{1,9})(?:/|$)", pointer)
    return int(found[1]) if found else None
