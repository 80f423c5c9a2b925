"""Scheduled faults: which request to which system goes wrong, when, how often, and in what way."""

from __future__ import annotations

import re
import threading
from enum import StrEnum

from attrs import field, frozen

from oro_prima.call import HttpResponse


class Act(StrEnum):
    """What a server does on the socket once it knows its answer."""

    ANSWER = "answer"
    REFUSE = "refuse"
    HANG = "hang"
    RESET = "reset"
    TRUNCATE = "truncate"
    SLOW = "slow"


@frozen
class Reply:
    """What happens to one request: an answer, and how it is (or is not) put on the wire."""

    act: Act
    response: HttpResponse = field(factory=lambda: HttpResponse(0))


@frozen
class Fault:
    """
    One scheduled fault.

    Attributes:
        system: `oro` or `prima`.
        operation: The operation it waits for, or `*` for any.
        name: What goes wrong.
        times: How many requests it still hits.
        after: How many matching requests it still lets pass.
    """

    system: str
    operation: str
    name: str
    times: int
    after: int


BEFORE_COMMIT = {
    "refuse": Act.REFUSE,
    "hang": Act.HANG,
    "reset-before-commit": Act.RESET,
}
"""Faults after which the system has done nothing."""

AFTER_COMMIT = {
    "reset-after-commit": Act.RESET,
    "truncate": Act.TRUNCATE,
    "slow": Act.SLOW,
}
"""Faults of a request that was carried out."""

_COMMON = frozenset({*BEFORE_COMMIT, *AFTER_COMMIT, "bad-gateway", "unauthorized", "unavailable"})
NAMES = {
    "oro": _COMMON | {"maintenance", "database-down"},
    "prima": _COMMON | {"fault-10921", "fault-8234", "partial-snapshot", "purge", "other-data"},
}
"""The faults of each system, by the names that the control interface takes."""

PRIMA_OPERATIONS = (
    "MultiAvailableToSell",
    "MultiNewOrder",
    "NewOrder",
    "OrderStatus",
    "ProductAvailableToSell",
    "XCustomer",
    "XDespatch",
    "XInvoice",
    "XPriceBook",
    "XProduct",
    "XStock",
    "wsdl",
)
_ORO_OPERATION = re.compile(r"token|(list|get|create|update|delete|batch)_[a-z]+(_[A-Za-z]+)*")


class Faults:
    """The faults still to come; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []

    def add(
        self, system: str, operation: str, fault: str, *, times: int = 1, after: int = 0
    ) -> Fault:
        """
        Schedule `fault` for the next `times` matching requests after letting `after` pass.

        Raises:
            ValueError: a system, operation or fault that does not exist, or a bad number; the
                message names what there is.
        """
        made = Fault(system, operation, fault, times, after)
        _check(made)
        with self._lock:
            self._faults.append(made)
        return made

    def take(self, system: str, operation: str) -> str:
        """
        Count a request and return the fault that hits it; empty where none does.

        Every scheduled fault that matches counts the request; the oldest that is due is used up.
        """
        with self._lock:
            hit = ""
            kept: list[Fault] = []
            for fault in self._faults:
                left, name = _count(fault, system, operation, taken=bool(hit))
                hit = hit or name
                kept.extend(left)
            self._faults = kept
            return hit

    def take_refusal(self, system: str) -> bool:
        """Use up a due `refuse` for any operation: the connection is refused before it is read."""
        with self._lock:
            wanted = (system, "*", "refuse", 0)
            due = [f for f in self._faults if (f.system, f.operation, f.name, f.after) == wanted]
        return bool(due) and self.take(system, "*") == "refuse"

    def pending(self) -> tuple[Fault, ...]:
        """Return the faults still to come, oldest first."""
        with self._lock:
            return tuple(self._faults)

    def clear(self) -> None:
        """Forget every fault still to come."""
        with self._lock:
            self._faults.clear()


def _count(
    fault: Fault, system: str, operation: str, *, taken: bool
) -> tuple[tuple[Fault, ...], str]:
    """Return what is left of `fault` after one request, and its name where it hits."""
    if fault.system != system or fault.operation not in ("*", operation):
        return (fault,), ""
    if fault.after:
        return (_less(fault, after=1),), ""
    if taken:
        return (fault,), ""
    return ((_less(fault, times=1),) if fault.times > 1 else ()), fault.name


def _less(fault: Fault, *, times: int = 0, after: int = 0) -> Fault:
    return Fault(
        fault.system, fault.operation, fault.name, fault.times - times, fault.after - after
    )


def _check(fault: Fault) -> None:
    if fault.system not in NAMES:
        raise ValueError(_expected("system", sorted(NAMES), fault.system))
    if fault.name not in NAMES[fault.system]:
        wanted = sorted(NAMES[fault.system])
        raise ValueError(_expected(f"fault of {fault.system}", wanted, fault.name))
    _check_operation(fault)
    if fault.times < 1:
        msg = f"times: expected 1 or more, got {fault.times}"
        raise ValueError(msg)
    if fault.after < 0:
        msg = f"after: expected 0 or more, got {fault.after}"
        raise ValueError(msg)


def _check_operation(fault: Fault) -> None:
    if fault.operation == "*":
        return
    if fault.system == "prima" and fault.operation not in PRIMA_OPERATIONS:
        raise ValueError(_expected("operation", ["*", *PRIMA_OPERATIONS], fault.operation))
    if fault.system == "oro" and _ORO_OPERATION.fullmatch(fault.operation) is None:
        wanted = ["*", "token", "list_orders", "update_inventorylevels", "batch_inventorylevels"]
        raise ValueError(_expected("operation", [*wanted, "… ({verb}_{type})"], fault.operation))


def _expected(what: str, names: list[str], got: str) -> str:
    return f"{what}: expected one of {', '.join(names)}, got {got!r}"
