"""Operations: how long they are waited for, what they may still write, whom they refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Protocol

from attrs import define, field, frozen

from oro_prima.call import Sender, each
from oro_prima.errors import RejectedError
from oro_prima.ids import OroOperationId
from oro_prima.oro.calls.batch import get_operation, list_operation_errors
from oro_prima.oro.calls.failures import name_of_place
from oro_prima.oro.models.operations import AsyncOperation, ItemReasons

GROWTH = 3
"""Each pause is so many halves of the one before."""


@frozen
class Patience:
    """
    How long an operation is waited for.

    Attributes:
        first: Before the first look; the queue takes that long to begin.
        longest: No pause is longer; each is half as long again as the one before.
        limit: In all; an operation of a thousand products takes more than a minute.
    """

    first: timedelta = timedelta(seconds=1)
    longest: timedelta = timedelta(seconds=10)
    limit: timedelta = timedelta(minutes=10)


class OperationBook(Protocol):
    """Remembers which records an operation may still write; it should outlive the process."""

    def outstanding(self) -> Mapping[str, OroOperationId]:
        """Return records (`inventorylevels/7`), each with its operation."""
        ...

    def begin(self, operation: OroOperationId, records: Sequence[str]) -> None:
        """Remember before anything else is sent."""
        ...

    def end(self, operation: OroOperationId) -> None:
        """Forget an operation that will write no more."""
        ...


@define
class MemoryBook:
    """A book that dies with the process; `oro_prima.stores.FileBook` does not."""

    _known: dict[str, OroOperationId] = field(factory=dict[str, OroOperationId])

    def outstanding(self) -> Mapping[str, OroOperationId]:
        """Return what is known now."""
        return dict(self._known)

    def begin(self, operation: OroOperationId, records: Sequence[str]) -> None:
        """Remember."""
        self._known |= dict.fromkeys(records, operation)

    def end(self, operation: OroOperationId) -> None:
        """Forget."""
        self._known = {one: known for one, known in self._known.items() if known != operation}


def await_operation(
    sender: Sender,
    operation: AsyncOperation,
    *,
    patience: Patience,
    sleep: Callable[[float], None],
) -> AsyncOperation | None:
    """
    Look at an operation with growing pauses until it ends or patience does.

    Its progress may go back, and is not looked at.

    Returns:
        What was seen last, which may still write; None where the server has forgotten it.
    """
    pause, waited = patience.first, timedelta(0)
    while not operation.ended and waited < patience.limit:
        sleep(pause.total_seconds())
        waited += pause
        pause = min(pause * GROWTH / 2, patience.longest)
        try:
            operation = sender.send(get_operation(operation.id))
        except RejectedError as error:
            if error.status == 404:
                return None
            raise
    return operation


def close_ended(
    sender: Sender, book: OperationBook, records: Iterable[str]
) -> Mapping[str, OroOperationId]:
    """
    Look at each operation that is known to write one of `records`, and forget those that ended.

    One that the server has forgotten writes no more either.

    Returns:
        What is still outstanding, as `OperationBook.outstanding` does.
    """
    known = book.outstanding()
    for operation in sorted({known[record] for record in records if record in known}):
        if _has_ended(sender, operation):
            book.end(operation)
    return book.outstanding()


def _has_ended(sender: Sender, operation: OroOperationId) -> bool:
    try:
        return sender.send(get_operation(operation)).ended
    except RejectedError as error:
        if error.status == 404:
            return True
        raise


def refused_items(
    sender: Sender, operation: OroOperationId, *, places: Mapping[str, str]
) -> ItemReasons:
    """
    Read which items of a batch an operation refused, and why.

    Args:
        sender: Where to ask.
        operation: An operation that has ended.
        places: Of the batch's draft: what the caller calls each place.

    Returns:
        Reasons by item; empty where the server has forgotten them.
    """
    found: dict[int, tuple[tuple[str, str], ...]] = {}
    try:
        for error in each(sender, list_operation_errors(operation)):
            add_reason(found, error.title, error.pointer, places)
    except RejectedError as error:
        if error.status != 404:
            raise
    return found


def add_reason(
    found: dict[int, tuple[tuple[str, str], ...]],
    title: str,
    pointer: str,
    places: Mapping[str, str],
) -> None:
    """Add a reason to the item that a pointer leads into, also by a record within it."""
    named = re.match(r"\[(\d+)\]\.?(.*)$", name_of_place(places, pointer))
    if named is not None:
        index = int(named[1])
        found[index] = (*found.get(index, ()), (title, named[2]))
