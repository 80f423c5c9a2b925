"""Looking a server over: what the user may read, and whether the queue is worked through."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum

from attrs import frozen

from oro_prima.call import Sender
from oro_prima.errors import RejectedError, UnauthorizedError
from oro_prima.oro.calls.jsonapi import Answer, ApiCall, one_tree
from oro_prima.oro.calls.operations import Patience, await_operation
from oro_prima.oro.calls.records import path_part
from oro_prima.oro.models.operations import AsyncOperation
from oro_prima.oro.models.trees import parse_operation

READ = (
    "orders",
    "orderlineitems",
    "orderproductkititemlineitems",
    "orderaddresses",
    "orderdiscounts",
    "ordershippingtrackings",
    "customers",
    "products",
    "productunitprecisions",
    "categories",
    "entityfieldfallbackvalues",
    "inventorylevels",
    "pricelists",
)
"""Types that the flows read; lines and addresses of orders have permissions of their own."""


class Access(StrEnum):
    """What the application's user may do with a type."""

    READABLE = "readable"
    FORBIDDEN = "forbidden"
    ABSENT = "absent"
    """The server has no such type."""


class QueueState(StrEnum):
    """What becomes of a batch."""

    RUNNING = "running"
    STANDING = "standing"
    """It is taken and not begun: is the message-queue consumer running?"""
    FORBIDDEN = "forbidden"
    """The role may not create asynchronous operations."""


@frozen
class Permission:
    """Whether a type can be read. Writing cannot be tried without writing."""

    kind: str
    access: Access


def check_permissions(sender: Sender, *, kinds: Iterable[str] = READ) -> tuple[Permission, ...]:
    """
    Try to read one record of each type, with no member of it.

    Records that the role may not see are missing from lists without a word: this finds only types
    that it may not see at all.

    Raises:
        CallError: The server cannot be reached.
    """
    return tuple(Permission(kind, _access(sender, kind)) for kind in kinds)


def list_methods(kind: str, *, key: str | None = None) -> ApiCall[frozenset[str]]:
    """
    Ask what a type takes: its list (`PATCH` is a batch), or with `key` one record of it.

    It says what the server has, not what the role may do: a type of one's own may lack writing.
    """
    return ApiCall(
        name=f"list_{kind}_methods",
        resource=kind,
        path=path_part(kind) if key is None else f"{path_part(kind)}/{path_part(key)}",
        method="OPTIONS",
        read=_methods,
    )


def check_queue(
    sender: Sender, *, patience: Patience, sleep: Callable[[float], None]
) -> QueueState:
    """
    Send a batch of nothing, and see whether it ends.

    Nothing is written but the operation itself, which the server throws away after a while.

    Raises:
        CallError: The server cannot be reached.
    """
    try:
        operation = sender.send(_nothing())
    except UnauthorizedError:
        return QueueState.FORBIDDEN
    ended = await_operation(sender, operation, patience=patience, sleep=sleep)
    standing = ended is not None and not ended.ended
    return QueueState.STANDING if standing else QueueState.RUNNING


def _access(sender: Sender, kind: str) -> Access:
    call = ApiCall(
        name="check_permissions",
        resource=kind,
        path=kind,
        query=((f"fields[{kind}]", "id"), ("page[size]", "1")),
        read=_ignore,
    )
    try:
        sender.send(call)
    except UnauthorizedError as error:
        if error.status != 403:
            raise
        return Access.FORBIDDEN
    except RejectedError as error:
        if error.status != 404:
            raise
        return Access.ABSENT
    return Access.READABLE


def _nothing() -> ApiCall[AsyncOperation]:
    return ApiCall(
        name="check_queue",
        resource="asyncoperations",
        path="inventorylevels",
        method="PATCH",
        sent={"data": []},
        read=lambda answer: parse_operation(one_tree(answer)),
    )


def _methods(answer: Answer) -> frozenset[str]:
    if not answer.methods:
        msg = "expected the methods that are allowed; a proxy may take them away"
        raise ValueError(msg)
    return answer.methods


def _ignore(answer: Answer) -> None:
    del answer
