"""Batches: operations that are worked through later, and small ones at once (6.1)."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from copy import deepcopy
from datetime import datetime

from attrs import define, field

from oro_prima.converters import is_list, is_object
from oro_prima.sandbox.oro.db import Row
from oro_prima.sandbox.oro.parts import own_parts
from oro_prima.sandbox.oro.problems import Problem, RefusedError
from oro_prima.sandbox.oro.shop import Shop, instant
from oro_prima.sandbox.oro.writing import Tree, Writing

MOST_AT_ONCE, MOST_INCLUDED = 100, 50


@define
class Operation:
    """One asynchronous operation; `records` is what could be read of its body."""

    id: str
    kind: str
    records: Sequence[Tree]
    included: Sequence[Tree]
    accepted: datetime
    cut_off: bool = False
    status: str = "new"
    forgotten: bool = False
    summary: dict[str, int] | None = None
    errors: list[tuple[int, Problem]] = field(factory=list[tuple[int, Problem]])

    def tree(self) -> dict[str, object]:
        """Return its resource object."""
        stamp = instant(self.accepted)
        return {
            "type": "asyncoperations",
            "id": self.id,
            "attributes": {
                "status": self.status,
                "progress": 1 if self.status == "success" else None,
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
                "id": f"{self.id}-1-{number}",
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
        self.consumer_running = True

    def accept(self, kind: str, body: bytes) -> Operation:
        """Take a batch; broken JSON is taken too, for as far as it can be read."""
        records, cut_off = _records(body)
        key = str(len(self._operations) + 1)
        operation = Operation(key, kind, records, _included(body), self._now(), cut_off)
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
            if operation.status == "new" and waited >= self._queue_seconds:
                self._carry_out(operation)

    def _carry_out(self, operation: Operation) -> None:
        counts = {"create": 0, "update": 0}
        for index, record in enumerate(operation.records):
            try:
                counts[self._one(operation, record, index)[0]] += 1
            except RefusedError as refused:
                operation.errors += [(index, problem) for problem in refused.problems]
        failed = len({index for index, _problem in operation.errors})
        operation.status = "success"
        operation.summary = {
            "aggregateTime": 10 * len(operation.records),
            "readCount": len(operation.records),
            "writeCount": len(operation.records) - failed,
            "errorCount": len(operation.errors),
            "createCount": counts["create"],
            "updateCount": counts["update"],
        }

    def _one(self, operation: Operation, record: Tree, index: int) -> tuple[str, Row]:
        kind, at = operation.kind, f"/data/{index}"
        parts = own_parts(record, operation.included, kind)
        if record.get("type") != kind:
            raise RefusedError(Problem(400, "request data constraint", pointer=f"{at}/type"))
        key = record.get("id")
        meta = record.get("meta")
        if is_object(meta) and meta.get("update"):
            if not isinstance(key, str):
                raise RefusedError(Problem(400, "request data constraint", pointer=f"{at}/id"))
            try:
                return "update", self._writing.update(kind, key, record, parts, at)
            except RefusedError as refused:
                raise RefusedError(*(_placed(p, at) for p in refused.problems)) from refused
        if kind == "inventorylevels":
            detail = "The action is not allowed."
            raise RefusedError(Problem(405, "action not allowed exception", detail, at))
        known = self._writing.upserted(record)
        if known is not None:
            return "update", self._writing.update(kind, known.id, record, parts, at)
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
            return operation
        if not self.consumer_running:
            return operation
        operation.status, operation.forgotten = "success", True
        return self._all_or_nothing(operation)

    def _all_or_nothing(self, operation: Operation) -> list[tuple[str, Row]]:
        before, log = deepcopy(self._shop.db), len(self._shop.log)
        rows: dict[str, tuple[str, Row]] = {}
        problems: list[Problem] = []
        for index, record in enumerate(operation.records):
            try:
                row = self._one(operation, record, index)[1]
                rows[row.id] = (str(record.get("id") or ""), row)
            except RefusedError as refused:
                problems += refused.problems
        if problems:
            self._shop.db = before
            del self._shop.log[log:]
            raise RefusedError(*problems)
        return list(rows.values())


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
