"""
Many records of a type in one request, and what became of each of them.

Three ways: an operation that the server works through later, a batch at once (all or nothing), or
single writes. Whatever the way, each record ends as done, refused with its reasons, or in doubt.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import partial
from typing import Generic, TypeVar

from attrs import field, frozen

from oro_prima.call import Sender
from oro_prima.converters import is_list
from oro_prima.errors import CallError, Effect, RejectedError, UnavailableError
from oro_prima.oro.calls.drafts import Draft, Entry, draft_records
from oro_prima.oro.calls.jsonapi import Answer, ApiCall, one_tree
from oro_prima.oro.calls.operations import (
    MemoryBook,
    OperationBook,
    Patience,
    add_reason,
    await_operation,
    close_ended,
    refused_items,
)
from oro_prima.oro.calls.records import read_all_of
from oro_prima.oro.calls.writing import create_record, update_record, upsert_record
from oro_prima.oro.models.features import OroFeatures
from oro_prima.oro.models.operations import (
    AsyncOperation,
    Done,
    InDoubt,
    ItemOutcome,
    ItemReasons,
    Refused,
    Settlement,
    settled,
)
from oro_prima.oro.models.resource import M, Resource
from oro_prima.oro.models.trees import parse_operation

C = TypeVar("C", bound=Mapping[str, object])
F = TypeVar("F", bound=Mapping[str, object])

MOST_LATER = 1000
MOST_NOW = 100
MOST_WITHIN = 50
"""Records within the records of a batch at once; above it fails, and the reason is lost."""
FEW = 15
"""So many single writes are as quick as one batch, which waits in the queue first."""
BATCHED = frozenset(
    {
        "orders", "products", "customers", "customerusers", "customeraddresses",
        "customeruseraddresses", "inventorylevels", "productprices", "pricelists",
        "pricelistschedules",
    }
)  # fmt: skip
"""Types whose list takes a batch, on every version; any other answers 405."""
CONSUMER = "the operation does not end: is the message-queue consumer running?"


class Way(StrEnum):
    """How many records are written."""

    LATER = "later"
    NOW = "now"
    SINGLE = "single"


@frozen
class Bulk:
    """
    How many records are written.

    Attributes:
        features: What the server can do.
        book: Which records an operation may still write.
        patience: How long an operation is waited for.
        sleep: Waits between looks at an operation.
    """

    features: OroFeatures
    book: OperationBook = field(factory=MemoryBook)
    patience: Patience = field(factory=Patience)
    sleep: Callable[[float], None] = time.sleep


def write_records(
    resource: Resource[M, C, F], *, entries: Sequence[Entry[C]]
) -> ApiCall[AsyncOperation]:
    """
    Write up to 1,000 records by an operation that the server works through later.

    In no certain order: a record and what it depends on do not belong in one batch. Ids of new
    records never come back. Errors of the others do not stop a good one.

    Raises:
        ValueError: None, too many, one twice, or as `draft_records` says.
    """
    draft = _draft(resource, entries, most=MOST_LATER)
    return ApiCall(
        name=f"write_{resource.kind.name}",
        resource=resource.kind.name,
        path=resource.kind.name,
        method="PATCH",
        sent=draft.document,
        places=draft.places,
        read=lambda answer: parse_operation(one_tree(answer)),
    )


def write_records_now(
    resource: Resource[M, C, F], *, entries: Sequence[Entry[C]]
) -> ApiCall[tuple[M, ...] | AsyncOperation]:
    """
    Write up to 100 records at once, all or nothing, where the server can (`features.sync_batch`).

    Returns:
        The records in the order sent; or an operation: the queue is slow or down, and the write
        still comes later.

    Raises:
        ValueError: As `write_records`, or above 50 records within the records.
    """
    draft = _draft(resource, entries, most=MOST_NOW)
    if _within(draft) > MOST_WITHIN:
        msg = f"expected at most {MOST_WITHIN} records within the records of one batch"
        raise ValueError(msg)
    return ApiCall(
        name=f"write_{resource.kind.name}_now",
        resource=resource.kind.name,
        path=resource.kind.name,
        method="PATCH",
        sent=draft.document,
        places=draft.places,
        extra_headers=(("X-Mode", "sync"),),
        read=partial(_written, resource),
    )


def write_all(
    sender: Sender, resource: Resource[M, C, F], *, entries: Sequence[Entry[C]], bulk: Bulk
) -> Iterator[ItemOutcome]:
    """
    Write records by the way that fits, and tell of each as soon as it is known.

    A record that an earlier operation may still write is not sent: it is told as in doubt. An
    earlier operation is looked at first, and no longer stands in the way once it has ended.

    Raises:
        CallError: The system is at fault, or its queue stands and more is left to send. What was
            told stands, what was on its way was told as in doubt, what was not told was not sent.
        ValueError: A record twice, or as `draft_records` says; nothing was sent.
    """
    _refuse_twice(resource, entries)
    draft_records(entries, kind=resource.kind)
    subjects = [_subject(resource, entry) for entry in entries]
    busy, free = close_ended(sender, bulk.book, subjects), list[int]()
    for index, subject in enumerate(subjects):
        operation = busy.get(subject)
        if operation is None:
            free.append(index)
        else:
            yield InDoubt(index, f"operation {operation} may still write it")
    work = _Work(sender, resource, entries, bulk)
    match choose_way(resource, len(free), bulk.features):
        case Way.SINGLE:
            for index in free:
                yield from work.single(index)
        case Way.NOW:
            for part in work.parts(free, most=MOST_NOW):
                yield from work.single(part[0]) if len(part) == 1 else work.now(part)
        case Way.LATER:
            for start in range(0, len(free), MOST_LATER):
                yield from work.later(free[start : start + MOST_LATER])


def choose_way(resource: Resource[M, C, F], count: int, features: OroFeatures) -> Way:
    """Choose how so many records of a type are written."""
    if resource.kind.name not in BATCHED or count <= FEW:
        return Way.SINGLE
    return Way.NOW if features.sync_batch and count <= MOST_NOW else Way.LATER


class _Work(Generic[M, C, F]):
    """Writes the records of one `write_all`."""

    def __init__(
        self, sender: Sender, resource: Resource[M, C, F], entries: Sequence[Entry[C]], bulk: Bulk
    ) -> None:
        self._sender, self._resource, self._entries = sender, resource, entries
        self._bulk, self._standing = bulk, False

    def single(self, index: int) -> Iterator[ItemOutcome]:
        """Write one record by a call of its own."""
        try:
            record = self._sender.send(self._call(self._entries[index]))
        except CallError as error:
            yield from self._failed([index], error)
        else:
            yield Done(index, _key(record))

    def now(self, part: Sequence[int]) -> Iterator[ItemOutcome]:
        """Write a batch at once; what is refused is dropped, and the rest sent again."""
        self._refuse_standing()
        left: Sequence[int] = part
        while left:
            call = write_records_now(self._resource, entries=self._chosen(left))
            try:
                written = self._sender.send(call)
            except CallError as error:
                refused = _refused(error, call.places)
                if not refused:
                    yield from self._failed(left, error)
                    return
                yield from (Refused(left[place], why) for place, why in refused.items())
                left = _without(left, refused)
            else:
                yield from self._at_once(left, written, call.places)
                return

    def _at_once(
        self,
        part: Sequence[int],
        written: tuple[M, ...] | AsyncOperation,
        places: Mapping[str, str],
    ) -> Iterator[ItemOutcome]:
        if isinstance(written, AsyncOperation):
            yield from self._awaited(part, written, places)
        elif len(written) == len(part):
            yield from (Done(i, _key(one)) for i, one in zip(part, written, strict=True))
        else:
            why = f"{len(part)} records were sent and {len(written)} came back"
            yield from (InDoubt(index, why) for index in part)

    def later(self, part: Sequence[int]) -> Iterator[ItemOutcome]:
        """Write a batch by an operation, and wait for it."""
        self._refuse_standing()
        call = write_records(self._resource, entries=self._chosen(part))
        try:
            operation = self._sender.send(call)
        except CallError as error:
            yield from self._failed(part, error)
        else:
            yield from self._awaited(part, operation, call.places)

    def parts(self, indexes: Sequence[int], *, most: int) -> Iterator[list[int]]:
        """Cut into batches that stay below both limits of a batch at once."""
        part, within = list[int](), 0
        for index in indexes:
            more = _within(draft_records([self._entries[index]], kind=self._resource.kind))
            if part and (len(part) == most or within + more > MOST_WITHIN):
                yield part
                part, within = [], 0
            part.append(index)
            within += more
        if part:
            yield part

    def _awaited(
        self, part: Sequence[int], operation: AsyncOperation, places: Mapping[str, str]
    ) -> Iterator[ItemOutcome]:
        bulk, subjects = self._bulk, [_subject(self._resource, one) for one in self._chosen(part)]
        bulk.book.begin(operation.id, [subject for subject in subjects if subject])
        try:
            ended = await_operation(
                self._sender, operation, patience=bulk.patience, sleep=bulk.sleep
            )
        except CallError:
            yield from (InDoubt(index, f"operation {operation.id} began") for index in part)
            raise
        outcome = settled(ended, sent=len(part))
        if outcome in (Settlement.PENDING, Settlement.NOT_STARTED):
            yield from (InDoubt(index, CONSUMER) for index in part)
            self._standing = True
            return
        bulk.book.end(operation.id)
        yield from self._settled(part, operation, outcome, ended, places)

    def _settled(
        self,
        part: Sequence[int],
        operation: AsyncOperation,
        outcome: Settlement,
        ended: AsyncOperation | None,
        places: Mapping[str, str],
    ) -> Iterator[ItemOutcome]:
        if outcome is Settlement.WRITTEN:
            yield from (Done(index, self._entries[index].key) for index in part)
            return
        why = f"operation {operation.id} ended as {outcome.value}"
        if outcome is not Settlement.PARTIAL or ended is None:
            yield from (InDoubt(index, why) for index in part)
            return
        bad = refused_items(self._sender, operation.id, places=places)
        told = len(bad) == len(part) - (ended.write_count or 0)
        for place, index in enumerate(part):
            if place in bad:
                yield Refused(index, bad[place])
            elif told:
                yield Done(index, self._entries[index].key)
            else:
                yield InDoubt(index, f"{why}; not all of its errors can be read")

    def _failed(self, part: Sequence[int], error: CallError) -> Iterator[ItemOutcome]:
        """Tell of what was on its way; go on only where the records are at fault."""
        if error.effect is Effect.UNKNOWN:
            yield from (InDoubt(index, str(error)) for index in part)
        elif isinstance(error, RejectedError):
            fields = error.fields or ("",) * len(error.codes)
            reasons = tuple(zip(error.codes, fields, strict=True)) or ((error.detail, ""),)
            yield from (Refused(index, reasons) for index in part)
        if not isinstance(error, RejectedError):
            raise error

    def _refuse_standing(self) -> None:
        """Send no more into a queue that stands: each batch would be waited for in vain."""
        if self._standing:
            raise UnavailableError(f"write_{self._resource.kind.name}", CONSUMER)

    def _chosen(self, part: Sequence[int]) -> list[Entry[C]]:
        return [self._entries[index] for index in part]

    def _call(self, entry: Entry[C]) -> ApiCall[M]:
        if entry.upsert:
            return upsert_record(self._resource, fields=entry.fields, by=entry.upsert)
        if entry.key is not None:
            return update_record(self._resource, key=entry.key, fields=entry.fields)
        return create_record(self._resource, fields=entry.fields)


def _refused(error: CallError, places: Mapping[str, str]) -> ItemReasons:
    """Name the items of a batch at once that are at fault; nothing of it was written then."""
    if error.effect is Effect.UNKNOWN or not isinstance(error, RejectedError):
        return {}
    found: dict[int, tuple[tuple[str, str], ...]] = {}
    for title, pointer in zip(error.codes, error.pointers, strict=False):
        add_reason(found, title, pointer, places)
    return found


def _without(part: Sequence[int], refused: ItemReasons) -> list[int]:
    return [index for place, index in enumerate(part) if place not in refused]


def _draft(resource: Resource[M, C, F], entries: Sequence[Entry[C]], *, most: int) -> Draft:
    if not 0 < len(entries) <= most:
        msg = f"expected 1 to {most} records"
        raise ValueError(msg)
    _refuse_twice(resource, entries)
    return draft_records(entries, kind=resource.kind)


def _refuse_twice(resource: Resource[M, C, F], entries: Sequence[Entry[C]]) -> None:
    subjects = [subject for entry in entries if (subject := _subject(resource, entry))]
    if len(set(subjects)) < len(subjects):
        msg = "expected each record once: of two the server keeps the last"
        raise ValueError(msg)


def _within(draft: Draft) -> int:
    included = draft.document.get("included")
    return len(included) if is_list(included) else 0


def _written(resource: Resource[M, C, F], answer: Answer) -> tuple[M, ...] | AsyncOperation:
    if answer.status == 202:
        return parse_operation(one_tree(answer))
    return read_all_of(resource, answer)


def _subject(resource: Resource[M, C, F], entry: Entry[C]) -> str:
    """Name a record; a new one by what it is found by, else by nothing."""
    kind = resource.kind.name
    if entry.key is not None:
        return f"{kind}/{entry.key}"
    if entry.upsert:
        values = "/".join(str(entry.fields.get(name)) for name in entry.upsert)
        return f"{kind}/{'/'.join(entry.upsert)}={values}"
    return ""


def _key(record: object) -> str | None:
    key: object = getattr(record, "id", None)
    return key if isinstance(key, str) else None
