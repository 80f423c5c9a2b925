"""
What an answer means: one pure function of status, header fields and what was read.

Success only where the item's own status says OK; a code is classified by any message in the set,
and a follow-on E:194 ranks below every other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from attrs import frozen

from oro_prima.call import ResponseHead, header
from oro_prima.errors import (
    CallError,
    Effect,
    RejectedError,
    UnauthorizedError,
    UnavailableError,
    UnreadableError,
)
from oro_prima.prima.calls.reading import Item, Reading, SoapFault, attribute
from oro_prima.prima.models.profile import PrimaProfile

_CODES = re.compile(r"\(E:(\d+)\)")
_SAX = re.compile(r"\((\d{4,6})\)")
FOLLOW_ON = "194"
WRONG_PROFILE = frozenset({"3230", "7211"})
APPSERVER_DOWN = "8234"


@frozen
class Asked:
    """What was asked: the call, Prima's request type, and whether the call is safe."""

    call: str
    request_type: str
    safe: bool
    profile: PrimaProfile

    @property
    def unsure(self) -> Effect:
        """The effect of a failure that leaves it open."""
        return Effect.NONE if self.safe else Effect.UNKNOWN


def judge(asked: Asked, head: ResponseHead, reading: Reading) -> Mapping[str, str]:
    """
    Return the root's attributes of an answer that is Prima's and to this request.

    Failures on the root are raised; those of single items are left to `judge_item`.

    Raises:
        CallError: of the class that PROTOCOL's retry table asks for.
    """
    if reading.fault is not None:
        raise _fault(asked, reading.fault, head.status)
    if not reading.is_soap:
        raise failure_of(asked, head, "expected a SOAP answer and got other XML")
    if reading.root != "Result":
        raise _unreadable(asked, head, "expected a Result document in the SOAP answer")
    echoed = attribute(reading.attributes, "RequestType")
    if echoed is not None and echoed.strip().lower() != asked.request_type.lower():
        raise _unreadable(asked, head, "the answer belongs to another request type")
    errors = [*_root_errors(reading.attributes), *(_error(one) for one in reading.errors)]
    status = attribute(reading.attributes, "RequestStatus")
    if errors or (status is not None and status.strip().upper() != "OK"):
        raise rejected(asked, head, errors)
    return reading.attributes


def judge_item(asked: Asked, head: ResponseHead, item: Item) -> None:
    """
    Return for an item whose own status says OK and that holds no error.

    Raises:
        RejectedError: Prima refused it.
        UnreadableError: it has no status: never success.
    """
    status = attribute(item.attributes, "RequestStatus")
    errors = [_error(one) for one in item.errors]
    if errors or (status is not None and status.strip().upper() != "OK"):
        raise rejected(asked, head, errors)
    if status is None:
        raise _unreadable(asked, head, "the order's answer has no status")


def rejected(asked: Asked, head: ResponseHead, errors: Iterable[str]) -> RejectedError:
    """Return the refusal with every code of every message, root causes first."""
    codes = codes_of(errors)
    told = ", ".join(f"E:{code}" for code in codes) or "no code"
    if asked.profile.malformed_codes.intersection(codes):
        told += " (Prima could not parse the request: please report it)"
    return RejectedError(
        asked.call, f"Prima refused the request: {told}", status=head.status, codes=codes
    )


def codes_of(errors: Iterable[str]) -> tuple[str, ...]:
    """
    Return the numbers of error messages, each once, in order, the follow-on E:194 last.

    >>> codes_of(["(E:194) no valid lines (Msg - E:ErrMsg) (E:548) basis (Msg - E:VATINCORD)"])
    ('548', '194')
    """
    found: dict[str, None] = {}
    for text in errors:
        found.update(dict.fromkeys(_CODES.findall(text) or _SAX.findall(text)))
    return tuple(sorted(found, key=lambda code: code == FOLLOW_ON))


def failure_of(asked: Asked, head: ResponseHead, detail: str) -> CallError:
    """Return what an answer that is no SOAP means, by its HTTP status."""
    kind = header(head.headers, "content-type").split(";")[0].strip() or "no content type"
    if head.status in (401, 403):
        why = "the proxy in front of Prima does not accept the credentials"
        return UnauthorizedError(asked.call, why, status=head.status)
    if head.status == 404:
        why = "nothing answers at this address; check prima.url (without /wsdl)"
        return UnavailableError(asked.call, why, status=404, effect=Effect.NONE)
    if head.status in (429, 502, 503, 504) or head.status >= 500:
        why = f"Prima or a proxy in front of it answered {head.status} ({kind})"
        return UnavailableError(asked.call, why, status=head.status, effect=asked.unsure)
    return _unreadable(asked, head, f"{detail} (status {head.status}, {kind})")


def _fault(asked: Asked, fault: SoapFault, status: int) -> CallError:
    numbers = ", ".join(fault.numbers) or "no number"
    told = f"SOAP fault {numbers}, requestID {fault.request_id or 'none'}"
    if WRONG_PROFILE.intersection(fault.numbers):
        why = f"{told}: the profile (style, names) is not this server's"
        return UnavailableError(
            asked.call, why, status=status, codes=fault.numbers, effect=Effect.NONE
        )
    return UnavailableError(
        asked.call, told, status=status, codes=fault.numbers, effect=_fault_effect(asked, fault)
    )


def _fault_effect(asked: Asked, fault: SoapFault) -> Effect:
    numbers = frozenset(fault.numbers)
    if asked.safe or numbers & asked.profile.unavailable_codes:
        return Effect.NONE
    if APPSERVER_DOWN in numbers and not asked.profile.appserver_down_is_unknown:
        return Effect.NONE
    return Effect.UNKNOWN


def _unreadable(asked: Asked, head: ResponseHead, detail: str) -> UnreadableError:
    return UnreadableError(asked.call, detail, status=head.status, effect=asked.unsure)


def _root_errors(attributes: Mapping[str, str]) -> list[str]:
    texts = (attribute(attributes, name) for name in ("Error", "RequestError"))
    return [text for text in texts if text]


def _error(attributes: Mapping[str, str]) -> str:
    return attribute(attributes, "Error") or ""
