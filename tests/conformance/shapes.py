"""How two answers to one question differ: in all that does not depend on the records' values."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import field, frozen

from oro_prima.call import Headers, HttpResponse
from tests.conformance.recordings import Recording

OF_THE_WIRE = frozenset(
    {"connection", "content-length", "date", "server", "transfer-encoding", "keep-alive"}
)
"""Header fields that the web server makes, not the shop."""
CONFIGURED = frozenset(
    {
        "account", "activityEmails", "activityNotes", "attachments", "lastContactedDate",
        "lastContactedDateIn", "lastContactedDateOut", "timesContacted", "timesContactedIn",
        "timesContactedOut",
    }
)  # fmt: skip
"""Members that come and go with what administrators switch on."""
FORMS = (
    ("instant", re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")),
    ("date", re.compile(r"\d{4}-\d\d-\d\d")),
    ("money", re.compile(r"-?\d+\.\d{4}")),
)
Trees = Mapping[str, Any]


def differences(recording: Recording, answer: HttpResponse) -> Iterator[str]:
    """Name what differs, coarsest first; a status that differs says all."""
    theirs, ours = recording.received, _json(answer.body)
    if recording.status != answer.status:
        yield f"status: {recording.status} there, {answer.status} here"
        return
    yield from _apart("header fields", _headers(recording.headers), _headers(answer.headers))
    yield from _apart("members", _members(theirs), _members(ours))
    yield from _apart("errors", _errors(theirs), _errors(ours))
    yield from _apart("data is", {_data(theirs)}, {_data(ours)})
    yield from _apart("links", _links(theirs), _links(ours))
    yield from _shapes(theirs, ours)


def _apart(what: str, theirs: Iterable[str], ours: Iterable[str]) -> Iterator[str]:
    there, here = set(theirs), set(ours)
    if there != here:
        lacks, more = sorted(there - here), sorted(here - there)
        yield f"{what}: lacks {lacks}, has more {more}"


def _json(body: bytes) -> Any:
    try:
        return json.loads(body) if body else None
    except ValueError:
        return body.decode(errors="replace")


def _headers(headers: Headers) -> Iterator[str]:
    """Name the header fields; of content type and methods allowed the value counts."""
    for name, value in headers:
        low = name.lower()
        if low == "content-type":
            yield f"{low}: {value.partition(';')[0]}"
        elif low == "allow":
            yield f"{low}: {', '.join(sorted(value.split(', ')))}"
        elif low not in OF_THE_WIRE:
            yield low


def _members(tree: Any) -> frozenset[str]:
    """Name the members of the document, apart from what depends on how many records there are."""
    return frozenset(tree) - {"included"} if isinstance(tree, dict) else frozenset()


def _is_plain(tree: Any) -> bool:
    return isinstance(tree, list) and all(isinstance(one, dict) and "title" in one for one in tree)


def _errors(tree: Any) -> Iterator[str]:
    errors = tree.get("errors") if isinstance(tree, dict) else tree if _is_plain(tree) else None
    for error in errors or ():
        members = {name: error.get(name) for name in sorted(error)}
        yield json.dumps(_plain_words(members))


def _plain_words(tree: Any) -> Any:
    """Numbers are the records' own, and so are words in quotes."""
    if isinstance(tree, dict):
        return {key: _plain_words(value) for key, value in tree.items()}
    return re.sub(r'"[^"]*"', '"*"', re.sub(r"\d+", "#", tree)) if isinstance(tree, str) else tree


def _data(tree: Any) -> str:
    if not isinstance(tree, dict) or "data" not in tree:
        return "absent"
    return type(tree["data"]).__name__


def _links(tree: Any) -> Iterator[str]:
    """Name the links of the document; whether there is a `next` is up to how many records are."""
    links = tree.get("links") if isinstance(tree, dict) else None
    for name, url in (links or {}).items():
        if name != "next":
            _head, _sign, query = str(url).partition("?")
            yield f"{name}?{_names(query)}"


def _names(query: str) -> str:
    return "&".join(sorted(part.partition("=")[0] for part in query.split("&") if part))


@frozen
class _Shape:
    """What is common to all records of one type in one document."""

    members: set[str] = field(factory=set[str])
    attributes: dict[str, set[str]] = field(factory=dict[str, set[str]])
    relations: dict[str, set[str]] = field(factory=dict[str, set[str]])


def _shapes(theirs: Any, ours: Any) -> Iterator[str]:
    for part in ("data", "included"):
        there, here = _of_types(theirs, part), _of_types(ours, part)
        if part == "included" and there.keys() - here.keys():
            yield f"included: lacks {sorted(there.keys() - here.keys())}"
        elif part == "data" and there.keys() != here.keys() and there and here:
            yield f"types: {sorted(there)} there, {sorted(here)} here"
        for kind in sorted(there.keys() & here.keys()):
            yield from _shape_apart(f"{part} {kind}", there[kind], here[kind])


def _of_types(tree: Any, part: str) -> dict[str, _Shape]:
    found: dict[str, _Shape] = {}
    rows = tree.get(part) if isinstance(tree, dict) else None
    for row in rows if isinstance(rows, list) else [rows] if rows else []:
        shape = found.setdefault(str(row.get("type")), _Shape())
        shape.members.update(_row_members(row))
        for name, value in (row.get("attributes") or {}).items():
            shape.attributes.setdefault(name, set()).add(_kind(value))
        for name, value in (row.get("relationships") or {}).items():
            shape.relations.setdefault(name, set()).add(_relation(value))
    return found


def _row_members(row: Trees) -> Iterator[str]:
    for name, value in row.items():
        yield name
        if name in ("links", "meta"):
            yield from (f"{name}.{inner}" for inner in value)


def _relation(value: Trees) -> str:
    data = value.get("data")
    many = "many" if isinstance(data, list) else "one"
    return f"{many} {sorted(value)} {sorted(value.get('links') or ())}"


def _kind(value: object) -> str:
    if isinstance(value, str):
        return next((name for name, form in FORMS if form.fullmatch(value)), "text")
    if isinstance(value, bool) or value is None:
        return "null" if value is None else "flag"
    return "number" if isinstance(value, (int, float)) else type(value).__name__


def _shape_apart(where: str, there: _Shape, here: _Shape) -> Iterator[str]:
    yield from _apart(f"{where} members", there.members, here.members)
    for what, one, other in (
        ("attributes", there.attributes, here.attributes),
        ("relationships", there.relations, here.relations),
    ):
        yield from _apart(f"{where} {what}", one.keys() - CONFIGURED, other.keys() - CONFIGURED)
        for name in sorted(one.keys() & other.keys()):
            left, right = one[name] - {"null"}, other[name] - {"null"}
            if left and right and not left & right:
                yield f"{where} {what} {name}: {sorted(left)} there, {sorted(right)} here"
