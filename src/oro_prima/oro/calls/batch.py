"""Writing many levels at once: batches, and what became of them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import partial

from oro_prima.call import Page
from oro_prima.ids import OroLevelId, OroOperationId
from oro_prima.oro.calls.jsonapi import Answer, ApiCall, Tree, digits, one_tree
from oro_prima.oro.calls.stock import level_resource
from oro_prima.oro.models.operations import (
    AsyncOperation,
    OperationError,
    Settlement,
    settled,
)
from oro_prima.oro.models.trees import parse_operation, parse_operation_errors

MOST_LEVELS = 1000
MOST_LEVELS_AT_ONCE = 100
ERRORS_PAGE = 100

__all__ = [
    "AsyncOperation",
    "OperationError",
    "Settlement",
    "get_operation",
    "list_operation_errors",
    "set_levels",
    "set_levels_now",
    "settled",
]


def set_levels(levels: Iterable[tuple[OroLevelId, Decimal]]) -> ApiCall[AsyncOperation]:
    """
    Set up to 1,000 levels by an operation that the server works through later.

    A record that it refuses does not stop the others. Never start a second one for a level before
    the first has ended.

    Raises:
        ValueError: None, too many, or a level twice.
    """
    return ApiCall(
        name="set_levels",
        resource="inventorylevels",
        path="inventorylevels",
        method="PATCH",
        sent=_batch(levels, most=MOST_LEVELS),
        read=_operation,
    )


def set_levels_now(
    levels: Iterable[tuple[OroLevelId, Decimal]],
) -> ApiCall[AsyncOperation | None]:
    """
    Set up to 100 levels at once, all or nothing, where the server can (`features.sync_batch`).

    A refusal names the bad records in `CallError.pointers`; `record_index` reads them.

    Returns:
        None where all is written; else an operation: the queue consumer is slow or down, and the
        write still comes later.
    """
    wanted = tuple(levels)
    return ApiCall(
        name="set_levels_now",
        resource="inventorylevels",
        path="inventorylevels",
        method="PATCH",
        sent=_batch(wanted, most=MOST_LEVELS_AT_ONCE),
        extra_headers=(("X-Mode", "sync"),),
        read=partial(_written, sent=len(wanted)),
    )


def get_operation(operation: OroOperationId) -> ApiCall[AsyncOperation]:
    """
    Ask what became of an operation.

    `RejectedError` with status 404 says that the server has forgotten it.
    """
    return ApiCall(
        name="get_operation",
        resource="asyncoperations",
        path=f"asyncoperations/{digits(operation)}",
        read=_operation,
    )


def list_operation_errors(
    operation: OroOperationId, *, page: int | None = 1, size: int | None = ERRORS_PAGE
) -> ApiCall[Page[OperationError]]:
    """
    Read why records of an operation were refused; by page number, their ids are no numbers.

    Without a page or a size nothing is said of it, and the server gives 10 at a time.
    """
    paging = (("page[size]", size), ("page[number]", page))
    return ApiCall(
        name="list_operation_errors",
        resource="asyncoperations",
        path=f"asyncoperations/{digits(operation)}/errors",
        query=tuple((name, str(number)) for name, number in paging if number is not None),
        read=partial(_errors, operation, page or 1, size or 10),
    )


def _batch(levels: Iterable[tuple[OroLevelId, Decimal]], *, most: int) -> Tree:
    wanted = tuple(levels)
    if not 0 < len(wanted) <= most or len({level for level, _ in wanted}) < len(wanted):
        msg = f"expected 1 to {most} levels, each once"
        raise ValueError(msg)
    # without `update` a record with an id still means: create
    update = {"update": True}
    return {"data": [level_resource(level, amount, meta=update) for level, amount in wanted]}


def _operation(answer: Answer) -> AsyncOperation:
    return parse_operation(one_tree(answer))


def _written(answer: Answer, *, sent: int) -> AsyncOperation | None:
    if answer.status == 202:
        return _operation(answer)
    if len(answer.trees) != sent:
        msg = f"{sent} records were sent and {len(answer.trees)} came back"
        raise ValueError(msg)
    return None


def _errors(
    operation: OroOperationId, page: int, size: int, answer: Answer
) -> Page[OperationError]:
    full = len(answer.trees) >= size
    return Page(
        items=parse_operation_errors(answer.trees),
        next=list_operation_errors(operation, page=page + 1, size=size) if full else None,
        server_now=answer.server_now,
    )
