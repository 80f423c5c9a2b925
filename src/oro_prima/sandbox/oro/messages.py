"""Requests and documents as JSON:API has them: media types, bodies, what is refused at once."""

from __future__ import annotations

import json
from collections.abc import Mapping

from oro_prima.call import HttpRequest, HttpResponse, header
from oro_prima.converters import is_list, is_object
from oro_prima.sandbox.oro.lists import Listed
from oro_prima.sandbox.oro.problems import JSON_API, Problem, RefusedError, filter_problem
from oro_prima.sandbox.oro.schema import Version

_ACCEPT = (
    'The "Accept" request header should contains at least one instance of JSON:API media type'
    " without any parameters."
)
_CONTENT = (
    'The "Content-Type" request header should contain JSON:API media type without any parameters.'
)


def is_plain(request: HttpRequest) -> bool:
    """Tell whether a request is in the plain dialect: neither header says JSON:API."""
    accept = header(request.headers, "accept")
    return JSON_API not in accept and not (
        request.method != "GET" and JSON_API in header(request.headers, "content-type")
    )


def check_media(request: HttpRequest) -> None:
    """Refuse media types that the server does not speak, or that have parameters."""
    accept, content = header(request.headers, "accept"), header(request.headers, "content-type")
    if accept and not any(word in accept for word in ("json", "*/*")):
        detail = "Only JSON representation of the requested resource is supported."
        raise RefusedError(Problem(406, "not acceptable http exception", detail))
    if accept.startswith(f"{JSON_API};"):
        raise RefusedError(Problem(406, "not acceptable http exception", _ACCEPT))
    if request.method in ("POST", "PATCH") and content.startswith(f"{JSON_API};"):
        raise RefusedError(Problem(415, "unsupported media type http exception", _CONTENT))


def refuse_plain(request: HttpRequest) -> None:
    """Refuse what is no filter in the plain dialect."""
    for key, _value in request.query:
        if key.startswith("page["):
            raise RefusedError(filter_problem(key))


def refuse_empty(request: HttpRequest, version: Version) -> None:
    """Refuse a request without a body."""
    if not request.body:
        detail = "The request data should not be empty" + ("." if version == "6.1" else "")
        raise RefusedError(Problem(400, "request data constraint", detail))


def body(request: HttpRequest, version: Version) -> dict[str, object]:
    """Return the JSON object that was sent."""
    refuse_empty(request, version)
    try:
        tree = json.loads(request.body)
    except ValueError:
        detail = "Invalid json message received."
        raise RefusedError(Problem(400, "bad request http exception", detail)) from None
    if not is_object(tree):
        raise RefusedError(Problem(400, "request data constraint"))
    return tree


def sent(
    request: HttpRequest, kind: str, version: Version
) -> tuple[dict[str, object], list[dict[str, object]]]:
    """Return the primary record that was sent, and what was included with it."""
    tree = body(request, version)
    data = _primary(tree)
    if tree.get("included") == []:
        raise _misshapen("The 'included' property should not be empty", "/included")
    if data.get("type") != kind:
        detail = (
            "The 'type' property of the primary data object should match the requested resource"
        )
        raise RefusedError(Problem(409, "conflict constraint", detail, "/data/type"))
    included = tree.get("included")
    parts = included if is_list(included) else []
    return data, [one for one in parts if is_object(one)]


def _primary(tree: dict[str, object]) -> dict[str, object]:
    data = tree.get("data")
    if "data" not in tree:
        raise _misshapen("The primary data object should exist", "/data")
    if not data and not is_list(data):
        raise _misshapen("The primary data object should not be empty", "/data")
    if not is_object(data) or "type" not in data:
        raise _misshapen("The 'type' property is required", "/data/type")
    return data


def refuse_other_id(data: dict[str, object], key: str) -> None:
    """Refuse a record whose id is not the one in the address."""
    given = data.get("id")
    if given is None:
        raise _misshapen("The 'id' property is required", "/data/id")
    if not isinstance(given, str):
        raise _misshapen("The 'id' property should be a string", "/data/id")
    if given != key:
        detail = (
            "The 'id' property of the primary data object"
            " should match 'id' parameter of the query string"
        )
        raise RefusedError(Problem(409, "conflict constraint", detail, "/data/id"))


def _misshapen(detail: str, pointer: str) -> RefusedError:
    return RefusedError(Problem(400, "request data constraint", detail, pointer))


def asks_to_validate(data: Mapping[str, object]) -> bool:
    """Tell whether a new record is only to be checked; raises where the type does not offer it."""
    meta = data.get("meta")
    if not is_object(meta) or not meta.get("validate"):
        return False
    if data.get("type") != "orders":
        detail = "The validate operation is not allowed."
        raise RefusedError(Problem(400, "value constraint", detail, "/meta/validate"))
    return True


def document(status: int, found: Listed) -> HttpResponse:
    """Return the answer that holds a document."""
    text = json.dumps(found.document, ensure_ascii=True).encode()
    return HttpResponse(status, (*found.headers, ("Content-Type", JSON_API)), text)
