"""
Exceptions of oro_prima: every one of a call answers two questions.

Did it take effect (`effect`), and whose fault was it (`fault`)? Nothing else decides whether a
call is sent again, its record held, or the run stopped.

::

    OroPrimaError
    ├── ConfigError              a setting is missing or contradicts another; all faults at once
    ├── StoreError               the store failed, is leased to another run, or is not this pair's
    ├── FlowStoppedError         a guard stopped the flow before it could do harm
    └── CallError                one call to one system failed       effect           fault
        ├── UnreachableError     it did not leave                    none             system
        ├── NoAnswerError        it left, no answer came             unknown*         system
        ├── UnavailableError     429 / 5xx / maintenance             none / unknown*  system
        ├── UnauthorizedError    401, 403                            none             system
        ├── RejectedError        4xx, a Prima business error         none             record
        └── UnreadableError      the answer makes no sense           unknown*         system

    * only if the call is not safe to send twice; a safe call has no effect to be unsure of
"""

from __future__ import annotations

from enum import StrEnum


class Effect(StrEnum):
    """Whether a failed call may have changed anything."""

    NONE = "none"
    UNKNOWN = "unknown"


class Fault(StrEnum):
    """Who has to act on a failed call: whoever owns the record, or whoever runs the system."""

    RECORD = "record"
    SYSTEM = "system"


class OroPrimaError(Exception):
    """Base class of everything that oro_prima raises on purpose."""


class ConfigError(OroPrimaError):
    """
    The configuration cannot be used.

    `faults` holds every fault found, each with the setting and the fix, so that they are mended in
    one go.
    """

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__(faults)
        self.faults = faults

    def __str__(self) -> str:
        return "\n".join(self.faults)


class StoreError(OroPrimaError):
    """The store failed, is held by another run, or does not belong to this pair."""


class FlowStoppedError(OroPrimaError):
    """
    A guard stopped the flow before it could do harm; nothing is lost by stopping.

    The message says what was seen and what a person does next.
    """


class CallError(OroPrimaError):
    """
    One call to one system failed.

    Attributes:
        call: Name of the call, such as `post_order`.
        effect: Whether it may have changed anything.
        fault: Who has to act.
        status: HTTP status of the answer, 0 where there was none.
        codes: The system's own error codes or titles, in the order they were given.
        detail: What was expected, what came, and the fix; ids and codes only, no payload.
        retry_after: Seconds after which the system asks to be tried again, None where it does not.
        pointers: The places in the request that the system names, one for each code; empty texts
            where it names none. In a batch `/data/3/…` is the fourth record.
        fields: The same places as the caller called them, such as `line_items[1].value`; the
            pointer where the caller has no name for it.
    """

    effect: Effect = Effect.NONE
    fault: Fault = Fault.SYSTEM

    def __init__(
        self,
        call: str,
        detail: str,
        *,
        status: int = 0,
        codes: tuple[str, ...] = (),
        effect: Effect | None = None,
        retry_after: int | None = None,
        pointers: tuple[str, ...] = (),
        fields: tuple[str, ...] = (),
    ) -> None:
        super().__init__(call, detail)
        self.call, self.detail, self.status, self.codes = call, detail, status, codes
        self.retry_after, self.pointers, self.fields = retry_after, pointers, fields
        if effect is not None:
            self.effect = effect

    def __str__(self) -> str:
        return f"{self.call}: {self.detail}"


class UnreachableError(CallError):
    """The request did not leave: name not found, connection refused, TLS refused."""


class NoAnswerError(CallError):
    """The request left and no complete answer came: time-out, reset, cut-off body."""

    effect = Effect.UNKNOWN


class UnavailableError(CallError):
    """The system says that it cannot serve now: 429, 5xx, maintenance, database down."""


class UnauthorizedError(CallError):
    """The system does not accept the credentials, or their role lacks a permission: 401, 403."""


class RejectedError(CallError):
    """The system refuses this record: a 4xx, or a business error of Prima."""

    fault = Fault.RECORD


class UnreadableError(CallError):
    """The answer makes no sense: not the expected format, too large, or cut off."""

    effect = Effect.UNKNOWN
