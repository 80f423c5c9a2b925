"""
What an answer that is no data means: which exception it is, and what mends it.

Read in this order: status, content type, empty or not, document or plain array. Of the server's
own words only titles and pointers are kept; its `detail` may hold what a person typed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NoReturn

from attrs import frozen

from oro_prima.call import Headers, HttpResponse, header
from oro_prima.converters import decode_json, is_list, is_object
from oro_prima.errors import (
    CallError,
    Effect,
    RejectedError,
    UnauthorizedError,
    UnavailableError,
    UnreadableError,
)

MOST_ERRORS = 100
LONGEST_TITLE = 100


@frozen
class Asked:
    """
    What was asked: the call, the resource type it is about, and whether it is safe.

    `places` are JSON pointers into what was sent, with the caller's names; `permission` is what the
    role needs for it. A write that finds its record by a key is safe and writes all the same.
    """

    call: str
    resource: str
    safe: bool
    places: Mapping[str, str] = {}
    permission: str = "a permission"
    method: str = "GET"

    @property
    def writes(self) -> bool:
        """Whether it was to change something."""
        return not self.safe or self.method not in ("GET", "OPTIONS")

    @property
    def unsure(self) -> Effect:
        """The effect of a failure that leaves it open."""
        return Effect.NONE if self.safe else Effect.UNKNOWN


@frozen
class _Problem:
    title: str
    pointer: str
    has_detail: bool
    field: str


def raise_failure(asked: Asked, response: HttpResponse) -> None:
    """
    Return for an answer that holds data; raise the `CallError` that any other one means.

    A 302 with a JSON:API body is an answer: so 5.1 tells of an upsert that found its record.
    """
    status = response.status
    if 200 <= status < 400 and _is_document(response):
        return
    if (status == 204 and not asked.safe) or (status == 200 and asked.method == "OPTIONS"):
        return
    if 300 <= status < 400:
        raise UnavailableError(asked.call, _REDIRECTED, status=status)
    if 200 <= status < 300:
        raise UnreadableError(asked.call, _NO_DATA, status=status, effect=asked.unsure)
    if status >= 500:
        _raise_server_failure(asked, response)
    _raise_refusal(asked, response)


def retry_after(headers: Headers) -> int | None:
    """
    Return the seconds that `Retry-After` asks for, from a number or a date.

    A date is compared with the server's own `Date`; None without either.
    """
    text = header(headers, "retry-after").strip()
    if text.isascii() and text.isdigit():
        return int(text[:9])
    then, now = _instant(text), _instant(header(headers, "date"))
    return None if then is None or now is None else max(0, int((then - now).total_seconds()))


def _raise_server_failure(asked: Asked, response: HttpResponse) -> NoReturn:
    problems = _problems(asked, response)
    status, codes = response.status, tuple(problem.title for problem in problems)
    if status == 500 and problems and asked.writes:
        # such a 500 depends on the record, not on the moment: the same request fails again
        detail = f"the server failed on this record ({', '.join(codes)}); do not send it again"
        raise RejectedError(asked.call, detail, status=status, codes=codes, effect=asked.unsure)
    detail = _SERVER.get(status, f"the server failed with status {status}; try again later")
    raise UnavailableError(
        asked.call,
        detail,
        status=status,
        codes=codes,
        effect=asked.unsure,
        retry_after=retry_after(response.headers),
    )


def _raise_refusal(asked: Asked, response: HttpResponse) -> NoReturn:
    status, problems = response.status, _problems(asked, response)
    codes = tuple(problem.title for problem in problems)
    pointers = tuple(problem.pointer for problem in problems)
    kind, detail = _refusal(asked, response, problems)
    raise kind(
        asked.call,
        detail,
        status=status,
        codes=codes,
        pointers=pointers,
        fields=tuple(problem.field for problem in problems),
        effect=Effect.NONE,
        retry_after=retry_after(response.headers),
    )


def _refusal(
    asked: Asked, response: HttpResponse, problems: tuple[_Problem, ...]
) -> tuple[type[CallError], str]:
    match response.status:
        case 401:
            return UnauthorizedError, _STOREFRONT if _is_storefront(response) else _UNPROVEN
        case 403:
            return UnauthorizedError, _forbidden(asked)
        case 404 if not any(problem.has_detail for problem in problems):
            return UnavailableError, _WRONG_PATH if _is_page(response) else _SWITCHED_OFF
        case 406 | 415:
            return UnavailableError, _MAINTENANCE if _is_page(response) else _MEDIA
        case 400 if problems and not _is_document(response):
            return UnavailableError, _MEDIA
        case 429:
            return UnavailableError, _TOO_MANY
        case 414:
            return RejectedError, _TOO_LONG
        case status:
            return RejectedError, _refused(asked, status, problems)


def _forbidden(asked: Asked) -> str:
    told = _PERMISSION.format(permission=asked.permission, resource=asked.resource)
    frozen = asked.resource == "orders" and asked.permission in ("EDIT", "a permission")
    return told + (_CLOSED if frozen and not asked.safe else "")


def _refused(asked: Asked, status: int, problems: tuple[_Problem, ...]) -> str:
    told = "; ".join(
        f"{problem.title} at {problem.field}" if problem.field else problem.title
        for problem in problems[:5]
    )
    more = f" and {len(problems) - 5} more" if len(problems) > 5 else ""
    return f"{asked.resource} refused with status {status}: {told or 'no reason given'}{more}"


def _problems(asked: Asked, response: HttpResponse) -> tuple[_Problem, ...]:
    if "json" not in header(response.headers, "content-type").lower() or not response.body:
        return ()
    try:
        tree = decode_json(response.body)
    except ValueError:
        return ()
    listed = tree.get("errors") if is_object(tree) else tree
    rows = listed[:MOST_ERRORS] if is_list(listed) else []
    return tuple(_problem(asked, row) for row in rows if is_object(row))


def _problem(asked: Asked, row: Mapping[str, object]) -> _Problem:
    source = row.get("source")
    if is_object(source):
        source = source.get("pointer") or source.get("parameter")
    pointer, title, detail = _short(source), _short(row.get("title")), row.get("detail")
    known = name_of_place(asked.places, pointer) if pointer else _extra(asked, title, detail)
    return _Problem(title, pointer, bool(detail), known)


def name_of_place(places: Mapping[str, str], pointer: str) -> str:
    """
    Return what the caller calls a place; the pointer itself where it is none of the document.

    >>> name_of_place({"/data/attributes/poNumber": "po_number"}, "/data/attributes/poNumber")
    'po_number'
    """
    place = pointer
    while place and place not in places:
        place = place.rpartition("/")[0]
    return places[place] if place else pointer


def _extra(asked: Asked, title: str, detail: object) -> str:
    """Return the field that the server does not have: it stands in the text, and only there."""
    if title != "extra fields constraint" or not isinstance(detail, str):
        return ""
    told = set(re.findall(r'"(\w{1,60})"', detail))
    named = (name for place, name in asked.places.items() if place.rpartition("/")[2] in told)
    return ", ".join(named)


def _short(value: object) -> str:
    return value[:LONGEST_TITLE] if isinstance(value, str) else ""


def _is_document(response: HttpResponse) -> bool:
    content_type = header(response.headers, "content-type").lower()
    return content_type.startswith("application/vnd.api+json") and bool(response.body)


def _is_page(response: HttpResponse) -> bool:
    return header(response.headers, "content-type").lower().startswith("text/html")


def _is_storefront(response: HttpResponse) -> bool:
    """Tell whether the storefront's API answered; 6.1 no longer says so."""
    return "frontend api" in header(response.headers, "www-authenticate").lower()


def _instant(text: str) -> datetime | None:
    try:
        instant = parsedate_to_datetime(text)
    except ValueError:
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


_REDIRECTED = (
    "the server sent us to another page, which is not followed: its database is down or the shop "
    "is not installed, or the url lacks https"
)
_NO_DATA = "expected a JSON:API document and got something else; check url and api_path"
_UNPROVEN = (
    "the token is not accepted, although fresh: is the OAuth application or its user active, and "
    "is api_path the back office's? The storefront's API takes no token of the back office"
)
_STOREFRONT = (
    "api_path leads to the storefront's API, which takes no token of the back office; the back "
    "office's is /admin/api unless the shop moved it"
)
_PERMISSION = "the role of the application's user lacks {permission} for {resource}; grant it"
_CLOSED = " (a cancelled or closed order cannot be changed at all)"
_SWITCHED_OFF = (
    "nothing is there: the API feature is switched off (System > Configuration > Integrations), "
    "or api_path is not this shop's"
)
_WRONG_PATH = (
    "a web page says that nothing is there: api_path is not this shop's; the back office's is "
    "/admin/api unless the shop moved it"
)
_MAINTENANCE = "the shop is in maintenance mode; wait until it is over"
_MEDIA = (
    "the server did not see a JSON:API request: a proxy changes Accept or Content-Type; both must "
    "arrive as application/vnd.api+json without parameters"
)
_TOO_MANY = "too many requests; wait as long as the server asks"
_TOO_LONG = "the address is too long for the server; ask for fewer values at once"
_SERVER = {
    500: "the server failed; its log has the reason",
    502: "the proxy gets no answer from the shop; PHP is down or overloaded",
    503: "the shop cannot serve now: database down, maintenance or overload",
    504: "the proxy waited too long for the shop",
}
