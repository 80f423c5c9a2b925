"""Recorded exchanges of running OroCommerce servers, and the calls that would have written them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from attrs import frozen

from oro_prima.call import Call, Headers, ResponseHead
from tests.oro.recover import Asked, Recovered, recover

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

    @property
    def asked(self) -> Asked:
        """The request alone, relative to the API."""
        mode = dict(self.request_headers).get("X-Mode", "")
        return Asked(self.method, self.relative, self.query, self.sent, mode)


def recordings(folder: Path) -> Iterator[Recording]:
    """Read every exchange of a folder; files that hold measurements are none."""
    for path in sorted(folder.glob("*.json")):
        if not path.name.startswith(NOT_EXCHANGES):
            yield _recording(json.loads(path.read_text(encoding="utf-8")), path.stem)


def _recording(tree: Mapping[str, Any], name: str) -> Recording:
    asked, answer = tree["request"], tree["response"]
    raw = asked.get("query_raw") or asked.get("query") or ""
    query = tuple(parse_qsl(raw, keep_blank_values=True))
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


def typed(recording: Recording) -> Recovered | None:
    """Return the typed call that could have written this request; None where there is none."""
    return recover(recording.asked, recording.received)
