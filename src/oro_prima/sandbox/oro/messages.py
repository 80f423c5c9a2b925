"""Requests and documents as JSON:API has them: media types, bodies, what is refused at once."""

from __future__ import annotations

import json

from oro_prima.call import HttpRequest, HttpResponse, header
from oro_prima.converters import is_list, is_object
from oro_prima.sandbox.oro.lists import Listed
from oro_prima.sandbox.oro.problems import JSON_API, Problem, RefusedError, filter_problem


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
        raise RefusedError(Problem(406, "not acceptable http exception"))
    if accept.startswith(f"{JSON_API};"):
        raise RefusedError(Problem(406, "not acceptable http exception"))
    if request.method in ("POST", "PATCH") and content.startswith(f"{JSON_API};"):
        raise RefusedError(Problem(415, "unsupported media type http exception"))


def refuse_plain(request: HttpRequest) -> None:
    """Refuse what is no filter in the plain dialect."""
    for key, _value in request.query:
        if key.startswith("page["):
            raise RefusedError(filter_problem(key))


def body(request: HttpRequest) -> dict[str, object]:
    """Return the JSON object that was sent."""
    if not request.body:
        detail = "The request data should not be empty."
        raise RefusedError(Problem(400, "request data constraint", detail))
    try:
        tree = json.loads(request.body)
    except ValueError:
        raise RefusedError(Problem(400, "bad request http exception", "Invalid json.")) from None
    if not is_object(tree):
        raise RefusedError(Problem(400, "request data constraint"))
    return tree


def sent(request: HttpRequest, kind: str) -> tuple[dict[str, object], list[dict[str, object]]]:
    """Return the primary record that was sent, and what was included with it."""
    tree = body(request)
    data = tree.get("data")
    if not is_object(data):
        detail = "The primary data object should exist."
        raise RefusedError(Problem(400, "request data constraint", detail, "/data"))
    if "type" not in data:
        detail = "The 'type' property is required."
        raise RefusedError(Problem(400, "request data constraint", detail, "/data/type"))
    if tree.get("included") == []:
        detail = "The 'included' property should not be empty."
        raise RefusedError(Problem(400, "request data constraint", detail, "/included"))
    if data.get("type") != kind:
        raise RefusedError(Problem(409, "conflict constraint", pointer="/data/type"))
    included = tree.get("included")
    parts = included if is_list(included) else []
    return data, [one for one in parts if is_object(one)]


def document(status: int, found: Listed) -> HttpResponse:
    """Return the answer that holds a document."""
    text = json.dumps(found.document, ensure_ascii=True).encode()
    return HttpResponse(status, (*found.headers, ("Content-Type", JSON_API)), text)
