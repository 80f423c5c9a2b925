"""
What an answer means: pure functions of status, header fields and what was read.

Success only where the item's own status says OK and nothing contradicts it; a refusal only where
the status says ERROR. Whatever is neither leaves an order in doubt: a claim is released only when
it is certain that Prima did not take it. Codes are classified by any message in the set, and a
follow-on E:194 ranks below every other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from attrs import frozen

from oro_prima.call import Headers, ResponseHead, header
from oro_prima.errors import (
    CallError,
    Effect,
    RejectedError,
    UnauthorizedError,
    UnavailableError,
    UnreadableError,
)
from oro_prima.prima.calls.reading import Item, Reading, SoapFault, attribute
from oro_prima.prima.models.codes import FOLLOW_ON, class_of, told
from oro_prima.prima.models.profile import CodeClass, PrimaProfile

_CODES = re.compile(r"\(E:([0-9]{1,9})\)")
_SAX = re.compile(r"\(([0-9]{4,6})\)")
WRONG_PROFILE = frozenset({"3230", "7211"})
APPSERVER_DOWN = "8234"
OK, ERROR = "OK", "ERROR"


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


def judge_enquiry(asked: Asked, head: ResponseHead, reading: Reading) -> None:
    """
    Return for an enquiry that Prima answered in full.

    An item without a status has the root's.

    Raises:
        RejectedError: An error or another status than OK stands anywhere in the answer.
        UnreadableError: No status says OK, or the answer is not Prima's to this request.
        UnavailableError: A SOAP fault.
    """
    _check_document(asked, head, reading)
    root = status_of(reading.attributes)
    statuses = [status_of(item.attributes) for item in reading.items]
    errors = _errors_of(reading.attributes, reading.errors)
    for item in reading.items:
        errors += _errors_of(item.attributes, item.errors)
    if errors or not {root, *statuses} <= {OK, ""}:
        raise rejected(asked, head, errors)
    if not all(status or root for status in statuses or [root]):
        raise unreadable(asked, head, "the answer states no RequestStatus")


def judge_order(asked: Asked, head: ResponseHead, reading: Reading, item: Item | None) -> Item:
    """
    Return the item of an order that Prima took.

    Args:
        asked: What was asked.
        head: Status and header fields.
        reading: The whole answer.
        item: What it says about this order; None where it does not mention it.

    Raises:
        RejectedError: Prima says ERROR, of this order or of a request without any item.
        UnreadableError: Anything else that is not a plain OK, effect unknown.
        UnavailableError: A SOAP fault.
    """
    _check_document(asked, head, reading)
    root = status_of(reading.attributes)
    errors = _errors_of(reading.attributes, reading.errors)
    if item is None:
        if root == ERROR and not reading.items:
            raise rejected(asked, head, errors)
        raise unreadable(asked, head, "the answer does not mention the order that was sent")
    own = status_of(item.attributes)
    errors = _errors_of(item.attributes, item.errors) + errors
    if own == ERROR or (not own and root == ERROR):
        raise rejected(asked, head, errors)
    if own == OK and root in (OK, "") and not errors:
        return item
    why = "contradicts itself" if own == OK else "states no RequestStatus of OK or ERROR"
    raise unreadable(asked, head, f"the order's answer {why}", codes=codes_of(errors))


def said(item: Item) -> tuple[str, bool]:
    """Return an item's status, and whether an error stands at it."""
    return status_of(item.attributes), bool(_errors_of(item.attributes, item.errors))


def status_of(attributes: Mapping[str, str]) -> str:
    """Return `RequestStatus` in capitals; empty where it is absent or blank."""
    return (attribute(attributes, "RequestStatus") or "").strip().upper()


def rejected(asked: Asked, head: ResponseHead, errors: Iterable[str]) -> RejectedError:
    """Return the refusal with every code of every message, root causes first."""
    codes = codes_of(errors)
    why = told(codes, profile=asked.profile)
    if class_of(codes, profile=asked.profile) is CodeClass.MALFORMED:
        why += " (Prima could not parse the request: please report it)"
    return RejectedError(
        asked.call, f"Prima refused the request: {why}", status=head.status, codes=codes
    )


def unreadable(
    asked: Asked, head: ResponseHead, detail: str, *, codes: tuple[str, ...] = ()
) -> UnreadableError:
    """Return the error of an answer that makes no sense; open for a call that is not safe."""
    return UnreadableError(asked.call, detail, status=head.status, codes=codes, effect=asked.unsure)


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
    """Return what an answer that is no SOAP means: by its HTTP status, then by `detail`."""
    kind = _media_type(head.headers)
    status = head.status
    if status in (401, 403, 407):
        why = "the proxy in front of Prima does not accept the credentials (prima.username)"
        return UnauthorizedError(asked.call, why, status=status)
    if status in _NOT_SERVED:
        why = f"no Prima serves this address ({status}); check prima.url (without /wsdl)"
        return UnavailableError(asked.call, why, status=status, effect=Effect.NONE)
    if status == 429 or status >= 500:
        why = f"Prima or a proxy in front of it answered {status} ({kind})"
        effect = Effect.NONE if status == 429 else asked.unsure
        pause = _pause(head.headers)
        return UnavailableError(asked.call, why, status=status, effect=effect, retry_after=pause)
    if 300 <= status < 400:
        detail = "the server sent us to another page, which is not followed; check prima.url"
    elif kind == "text/html":
        detail = "a web page came instead of SOAP: is a proxy or a login in front of Prima?"
    return unreadable(asked, head, f"{detail} (status {status}, {kind})")


_NOT_SERVED = frozenset({404, 405, 413, 415})


def _media_type(headers: Headers) -> str:
    kind = header(headers, "content-type").split(";")[0].strip().lower()
    return kind if _MEDIA_TYPE.fullmatch(kind) else "no content type"


_MEDIA_TYPE = re.compile(r"[a-z0-9.+-]{1,40}/[a-z0-9.+-]{1,60}")


def _pause(headers: Headers) -> int | None:
    text = header(headers, "retry-after").strip()
    return int(text) if re.fullmatch(r"[0-9]{1,6}", text) else None


def _check_document(asked: Asked, head: ResponseHead, reading: Reading) -> None:
    """Return for a `Result` that answers this request type."""
    if reading.fault is not None and reading.root:
        raise unreadable(asked, head, "a SOAP fault stands beside an answer")
    if reading.fault is not None:
        raise _fault(asked, reading.fault, head.status)
    if not reading.is_soap:
        raise failure_of(asked, head, "expected a SOAP answer and got other XML")
    if reading.root != "Result":
        raise failure_of(asked, head, "expected a Result document in the SOAP answer")
    echoed = attribute(reading.attributes, "RequestType")
    if echoed is not None and echoed.strip().lower() != asked.request_type.lower():
        raise unreadable(asked, head, "the answer belongs to another request type")


def _fault(asked: Asked, fault: SoapFault, status: int) -> CallError:
    numbers = ", ".join(fault.numbers) or "without a number"
    told = f"SOAP fault {numbers}, requestID {fault.request_id or 'not given'}"
    if WRONG_PROFILE.intersection(fault.numbers):
        told += ": the profile is wrong; compare prima.profile with this server's WSDL"
    return UnavailableError(
        asked.call, told, status=status, codes=fault.numbers, effect=_fault_effect(asked, fault)
    )


def _fault_effect(asked: Asked, fault: SoapFault) -> Effect:
    nothing_done = asked.profile.unavailable_codes | WRONG_PROFILE
    if not asked.profile.appserver_down_is_unknown:
        nothing_done |= {APPSERVER_DOWN}
    return asked.unsure if nothing_done.isdisjoint(fault.numbers) else Effect.NONE


def _errors_of(attributes: Mapping[str, str], inside: Iterable[Mapping[str, str]]) -> list[str]:
    """Return the failures of an element: its own attributes, and every `RequestError` inside."""
    own = [attribute(attributes, name) for name in ("Error", "RequestError")]
    texts = [text for text in own if text]
    return texts + [attribute(one, "Error") or "" for one in inside]
