"""Recorded exchanges of running OroCommerce servers, and the calls that would have written them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from attrs import frozen

from oro_prima.call import Call, Headers, HttpRequest, ResponseHead
from oro_prima.ids import OroLevelId, OroOperationId, OroProductId
from oro_prima.oro.calls.batch import (
    get_operation,
    list_operation_errors,
    set_levels,
    set_levels_now,
)
from oro_prima.oro.calls.stock import set_inventory_status, set_level

R = TypeVar("R")
API = "/admin/api/"
NOT_EXCHANGES = ("_", "filters_summary_")


@frozen
class Recording:
    """One exchange. `sent` and `received` are trees where they were JSON, else texts or None."""

    name: str
    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    request_headers: Headers
    sent: Any
    status: int
    headers: Headers
    received: Any

    @property
    def resource(self) -> str:
        """The resource type that was asked for; empty outside the API."""
        return self.path.removeprefix(API).split("/")[0] if self.path.startswith(API) else ""

    @property
    def relative(self) -> str:
        """The path as a call writes it."""
        return self.path.removeprefix(API)

    @property
    def body(self) -> bytes:
        """The answer's body as bytes."""
        if self.received is None:
            return b""
        if isinstance(self.received, str):
            return self.received.encode()
        return json.dumps(self.received, default=str).encode()

    def answer_to(self, call: Call[R]) -> R:
        """Let `call` read this answer."""
        decoder = call.decoder(ResponseHead(self.status, self.headers))
        decoder.feed(self.body)
        return decoder.close()


def recordings(folder: Path) -> Iterator[Recording]:
    """Read every exchange of a folder; files that hold measurements are none."""
    for path in sorted(folder.glob("*.json")):
        if not path.name.startswith(NOT_EXCHANGES):
            yield _recording(json.loads(path.read_text(encoding="utf-8")), path.stem)


def _recording(tree: Mapping[str, Any], name: str) -> Recording:
    asked, answer = tree["request"], tree["response"]
    raw = asked.get("query") or ""
    query = tuple((key, value) for key, _, value in (p.partition("=") for p in _parts(raw)))
    headers = answer.get("headers") or []
    return Recording(
        name=name,
        method=asked["method"],
        path=asked["path"],
        query=query,
        request_headers=tuple((asked.get("headers") or {}).items()),
        sent=asked.get("body"),
        status=answer["status"],
        headers=tuple((key, value) for key, value in headers),
        received=answer.get("body"),
    )


def _parts(raw: str) -> list[str]:
    return [part for part in raw.split("&") if part]


@frozen
class Typed:
    """The call that writes a recorded request, and a check of what it read."""

    call: Call[Any]
    agrees: Callable[[Any, Recording], str]


def typed(recording: Recording) -> Typed | None:
    """Return the typed call that could have written this request; None where there is none."""
    for build in (_level, _levels, _status, _operation, _errors):
        found = build(recording)
        if found is not None and _same(found.call.request(), recording):
            return found
    return None


def _same(request: HttpRequest, recording: Recording) -> bool:
    sent = json.loads(request.body) if request.body else None
    return (
        (request.method, request.path) == (recording.method, recording.relative)
        and set(request.query) == set(recording.query)
        and sent == recording.sent
    )


def _level(recording: Recording) -> Typed | None:
    match recording.method, recording.relative.split("/"), recording.sent:
        case (
            "PATCH",
            ["inventorylevels", str(key)],
            {"data": {"attributes": {"quantity": str(text)}}},
        ) if _is_amount(text):
            return Typed(set_level(OroLevelId(key), quantity=Decimal(text)), _same_quantity)
        case _:
            return None


def _levels(recording: Recording) -> Typed | None:
    match recording.method, recording.relative, recording.sent:
        case "PATCH", "inventorylevels", {"data": [*rows]}:
            wanted = [_wanted(row) for row in rows]
        case _:
            return None
    levels = [one for one in wanted if one is not None]
    if not levels or len(levels) < len(wanted) or len({level for level, _ in levels}) < len(levels):
        return None
    now = dict(recording.request_headers).get("X-Mode") == "sync"
    if now and len(levels) <= 100:
        return Typed(set_levels_now(levels), _same_rows)
    return Typed(set_levels(levels), _same_operation) if len(levels) <= 1000 else None


def _wanted(row: Any) -> tuple[OroLevelId, Decimal] | None:
    match row:
        case {"id": str(key), "attributes": {"quantity": str(text)}} if _is_amount(text):
            return OroLevelId(key), Decimal(text)
        case _:
            return None


def _is_amount(text: str) -> bool:
    try:
        return Decimal(text) >= 0 and -Decimal(text).as_tuple().exponent <= 10  # type: ignore[operator]
    except (ArithmeticError, TypeError):
        return False


def _status(recording: Recording) -> Typed | None:
    match recording.method, recording.relative.split("/"), recording.sent:
        case (
            "PATCH",
            ["products", str(key)],
            {"data": {"relationships": {"inventory_status": {"data": {"id": str(code)}}}}},
        ):
            return Typed(set_inventory_status(OroProductId(key), status=code), _same_status)
        case _:
            return None


def _operation(recording: Recording) -> Typed | None:
    match recording.method, recording.relative.split("/"):
        case "GET", ["asyncoperations", str(key)] if key.isdigit():
            return Typed(get_operation(OroOperationId(key)), _same_operation)
        case _:
            return None


def _errors(recording: Recording) -> Typed | None:
    match recording.method, recording.relative.split("/"):
        case "GET", ["asyncoperations", str(key), "errors"] if key.isdigit():
            page = dict(recording.query).get("page[number]", "1")
            call = list_operation_errors(OroOperationId(key), page=int(page))
            return Typed(call, _same_errors)
        case _:
            return None


def _same_quantity(value: Any, recording: Recording) -> str:
    recorded = Decimal(recording.received["data"]["attributes"]["quantity"])
    return "" if value == recorded else "another quantity"


def _same_status(value: Any, recording: Recording) -> str:
    recorded = recording.received["data"]["relationships"]["inventory_status"]["data"]["id"]
    return "" if value == recorded else "another status"


def _same_rows(value: Any, recording: Recording) -> str:
    return _same_operation(value, recording) if recording.status == 202 else ""


def _same_operation(value: Any, recording: Recording) -> str:
    data = recording.received["data"]
    attributes = data["attributes"]
    summary = attributes.get("summary") or {}
    recorded: list[Any] = [data["id"], attributes["status"]]
    recorded += [summary.get(name) for name in ("readCount", "writeCount", "errorCount")]
    read = [value.id, value.status, value.read_count, value.write_count, value.error_count]
    return "" if read == recorded else f"read {read}"


def _same_errors(value: Any, recording: Recording) -> str:
    titles = [row["attributes"]["title"] for row in recording.received["data"]]
    return "" if [error.title for error in value.items] == titles else "other errors"
