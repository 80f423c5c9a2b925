"""Batches: operations that are worked through later, and small ones at once (6.1)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from attrs import define, evolve, field

from oro_prima.converters import is_list, is_object
from oro_prima.sandbox.oro.db import Row
from oro_prima.sandbox.oro.parts import own_parts
from oro_prima.sandbox.oro.problems import Problem, RefusedError
from oro_prima.sandbox.oro.shop import Shop
from oro_prima.sandbox.oro.texts import instant
from oro_prima.sandbox.oro.writing import Tree, Writing

MOST_AT_ONCE, MOST_INCLUDED = 100, 50
COUNTS = (
    "aggregateTime", "readCount", "writeCount", "errorCount", "createCount", "updateCount",
)  # fmt: skip
HALF = 0.5
"""How far an operation is that was split and is worked through."""
UNREADABLE = (
    "Failed to parse the data file. Parsing error in [0:0]."
    " Document must start with a named object that has an array as a value."
)


@define
class Operation:
    """One asynchronous operation; `records` is what could be read of its body."""

    id: str
    kind: str
    records: Sequence[Tree]
    included: Sequence[Tree]
    accepted: datetime
    cut_off: bool = False
    unlisted: bool = False
    status: str = "new"
    progress: float | None = None
    forgotten: bool = False
    summary: dict[str, int] | None = None
    errors: list[tuple[int, Problem]] = field(factory=list[tuple[int, Problem]])

    @property
    def ended(self) -> bool:
        """Whether nothing more comes of it."""
        return self.status in ("success", "failed")

    def tree(self) -> dict[str, object]:
        """Return its resource object."""
        stamp = instant(self.accepted)
        return {
            "type": "asyncoperations",
            "id": self.id,
            "attributes": {
                "status": self.status,
                "progress": 1 if self.status == "success" else self.progress,
                "createdAt": stamp,
                "updatedAt": stamp,
                "elapsedTime": 0,
                "entityType": self.kind,
                "summary": self.summary,
            },
            "relationships": {
                "owner": {"data": {"type": "users", "id": "1"}},
                "organization": {"data": {"type": "organizations", "id": "1"}},
            },
        }

    def error_trees(self) -> list[dict[str, object]]:
        """Return its errors as resource objects, in the order they were found."""
        return [
            {
                "type": "asyncoperationerrors",
                "id": f"{self.id}-{0 if self.status == 'failed' else 1}-{number}",
                "attributes": {
                    "status": problem.status,
                    "title": problem.title,
                    "detail": problem.detail or None,
                    "source": {"pointer": problem.pointer} if problem.pointer else None,
                },
            }
            for number, (_index, problem) in enumerate(self.errors, start=1)
        ]


class Batches:
    """The queue and its consumer; work is done when somebody next looks and it is due."""

    def __init__(
        self, shop: Shop, writing: Writing, *, now: Callable[[], datetime], queue_seconds: float
    ) -> None:
        self._shop, self._writing, self._now = shop, writing, now
        self._queue_seconds = queue_seconds
        self._operations: dict[str, Operation] = {}
        self.work_seconds = 0.0
        self.consumer_running = True

    def state(self) -> Mapping[str, Operation]:
        """Return a copy of the operations there are."""
        return {key: _copy(operation) for key, operation in self._operations.items()}

    def put_back(self, state: Mapping[str, Operation]) -> None:
        """Know again the operations of then."""
        self._operations = {key: _copy(operation) for key, operation in state.items()}

    def accept(self, kind: str, body: bytes) -> Operation:
        """Take a batch; broken JSON is taken too, for as far as it can be read."""
        records, cut_off = _records(body)
        key = str(len(self._operations) + 1)
        operation = Operation(key, kind, records, _included(body), self._now(), cut_off)
        operation.unlisted = _is_no_list(body)
        self._operations[key] = operation
        return operation

    def get(self, key: str) -> Operation | None:
        """Return an operation, worked through if it is due."""
        found = self._operations.get(key)
        return None if found is None or found.forgotten else found

    def work(self) -> None:
        """Work through everything that is due."""
        if not self.consumer_running:
            return
        for operation in self._operations.values():
            waited = (self._now() - operation.accepted).total_seconds()
            if operation.ended or waited < self._queue_seconds:
                continue
            if waited < self._queue_seconds + self.work_seconds:
                operation.status, operation.progress = "running", HALF
            else:
                self._carry_out(operation)

    def _carry_out(self, operation: Operation) -> None:
        counts = {"create": 0, "update": 0}
        for index, record in enumerate(operation.records):
            try:
                counts[self._one(operation, record, index)[0]] += 1
            except RefusedError as refused:
                operation.errors += [(index, problem) for problem in refused.problems]
        failed = len({index for index, _problem in operation.errors})
        operation.status, operation.progress = "success", None
        if operation.unlisted:
            operation.status = "failed"
            operation.errors = [(0, Problem(400, "async operation exception", UNREADABLE))]
            failed = 0
        operation.summary = {
            "aggregateTime": 10 * len(operation.records),
            "readCount": len(operation.records),
            "writeCount": len(operation.records) - failed,
            "errorCount": len(operation.errors),
            "createCount": counts["create"],
            "updateCount": counts["update"],
        }

    def _one(self, operation: Operation, record: Tree, index: int) -> tuple[str, Row]:
        try:
            return self._written(operation, record, index)
        except RefusedError as refused:
            own = own_parts(record, operation.included, operation.kind)
            places = [operation.included.index(part) for part in own]
            raise RefusedError(*(_of_all(p, places) for p in refused.problems)) from refused

    def _written(self, operation: Operation, record: Tree, index: int) -> tuple[str, Row]:
        kind, at = operation.kind, f"/data/{index}"
        parts = own_parts(record, operation.included, kind)
        if record.get("type") != kind:
            detail = (
                f'The entity type "{record.get("type")}" is not supported by this batch operation.'
            )
            raise RefusedError(Problem(400, "entity type constraint", detail, at))
        key = record.get("id")
        meta = record.get("meta")
        if is_object(meta) and meta.get("update"):
            if not isinstance(key, str):
                detail = "The 'id' property should be a string"
                raise RefusedError(Problem(400, "request data constraint", detail, f"{at}/id"))
            try:
                return "update", self._writing.update(kind, key, record, parts, at)
            except RefusedError as refused:
                raise RefusedError(*(_placed(p, at) for p in refused.problems)) from refused
        if kind == "inventorylevels":
            detail = "The action is not allowed."
            raise RefusedError(Problem(405, "action not allowed exception", detail, at))
        known = self._writing.upserted(record)
        if known is not None:  # counted as created all the same
            return "create", self._writing.update(kind, known.id, record, parts, at)
        return "create", self._writing.create(kind, record, parts, at)

    def at_once(self, kind: str, body: bytes) -> list[tuple[str, Row]] | Operation:
        """
        Carry out a batch at once, all or nothing.

        Returns the rows, each with the id that was sent, or an operation: too large (failed, and
        forgotten), or the consumer is not running (written later all the same). Raises
        `RefusedError` with nothing written.
        """
        operation = self.accept(kind, body)
        if len(operation.records) > MOST_AT_ONCE or len(operation.included) > MOST_INCLUDED:
            operation.status, operation.forgotten = "failed", True
            operation.summary = {**dict.fromkeys(COUNTS, 0), "errorCount": 1}
            return operation
        if not self.consumer_running:
            return operation
        operation.status, operation.forgotten = "success", True
        return self._all_or_nothing(operation)

    def _all_or_nothing(self, operation: Operation) -> list[tuple[str, Row]]:
        before = self._shop.state()
        rows: dict[str, tuple[str, Row]] = {}
        problems: list[Problem] = []
        for index, record in enumerate(operation.records):
            try:
                row = self._one(operation, record, index)[1]
                rows[row.id] = (str(record.get("id") or ""), row)
            except RefusedError as refused:
                problems += refused.problems
        if problems:
            self._shop.put_back(before)
            raise RefusedError(*problems)
        return list(rows.values())


def _of_all(problem: Problem, places: Sequence[int]) -> Problem:
    """Let a place among a record's own parts lead to the place among all that were sent."""
    found = re.fullmatch(r"/included/(\d+)(.*)", problem.pointer)
    if found is None:
        return problem
    return evolve(problem, pointer=f"/included/{places[int(found[1])]}{found[2]}")


def _is_no_list(body: bytes) -> bool:
    """Tell whether a body can be read and holds no list of records."""
    try:
        tree = json.loads(body)
    except ValueError:
        return False
    return is_object(tree) and is_object(tree.get("data"))


def _copy(operation: Operation) -> Operation:
    return evolve(operation, errors=list(operation.errors))


def _placed(problem: Problem, at: str) -> Problem:
    if problem.pointer:
        return problem
    return Problem(problem.status, problem.title, problem.detail, at)


def _records(body: bytes) -> tuple[list[Tree], bool]:
    """Read the records of a body, as many as can be read of one that is cut off."""
    text = body.decode("utf-8", "replace")
    try:
        tree = json.loads(text)
    except ValueError:
        return _readable(text), True
    data = tree.get("data") if is_object(tree) else None
    return [one for one in data if is_object(one)] if is_list(data) else [], False


def _readable(text: str) -> list[Tree]:
    start = text.find("[")
    decoder, found = json.JSONDecoder(), list[Tree]()
    position = start + 1
    while 0 < position < len(text):
        while position < len(text) and text[position] in " \n\r\t,":
            position += 1
        try:
            record, position = decoder.raw_decode(text, position)
        except ValueError:
            break
        if is_object(record):
            found.append(record)
    return found


def _included(body: bytes) -> list[Tree]:
    try:
        tree = json.loads(body)
    except ValueError:
        return []
    included = tree.get("included") if is_object(tree) else None
    return [one for one in included if is_object(one)] if is_list(included) else []
