"""Answers that were read raw, held against what was recorded, member by member."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from attrs import frozen

from oro_prima.call import Decoder, HttpRequest, ResponseHead
from oro_prima.oro.calls.jsonapi import MEDIA_TYPE, Answer, ApiCall
from oro_prima.oro.models.resource import snake_case


@frozen
class BytesCall:
    """A write whose body is any bytes; its answer is read as that of any call is."""

    method: str
    path: str
    body: bytes

    @property
    def name(self) -> str:
        """What it is told by."""
        return "raw"

    @property
    def safe(self) -> bool:
        """A write is not."""
        return False

    @property
    def timeout(self) -> None:
        """None of its own."""

    def request(self) -> HttpRequest:
        """Write the request."""
        headers = (("Accept", MEDIA_TYPE), ("Content-Type", MEDIA_TYPE))
        return HttpRequest(self.method, self.path, (), headers, self.body)

    def decoder(self, head: ResponseHead) -> Decoder[Answer]:
        """Read the answer as the document of a write."""
        call = ApiCall("raw", "any", self.path, lambda answer: answer, method=self.method)
        return call.decoder(head)


def raw_difference(trees: Sequence[Mapping[str, object]], received: Any) -> str:
    """Name the first member that a raw reading does not show as it was recorded; empty for none."""
    data = json.loads(json.dumps(received), parse_float=Decimal)["data"] if received else []
    rows = data if isinstance(data, list) else [data]
    if len(rows) != len(trees):
        return f"{len(trees)} records, not {len(rows)}"
    found = (_apart(tree, row) for tree, row in zip(trees, rows, strict=True))
    return next((name for name in found if name), "")


def _apart(tree: Mapping[str, object], row: Any) -> str:
    if (tree.get("type"), tree.get("id")) != (row["type"], row["id"]):
        return "type and id"
    for name, value in (row.get("attributes") or {}).items():
        if tree.get(snake_case(name)) != value:
            return str(name)
    for name, value in (row.get("relationships") or {}).items():
        if _ids(tree.get(snake_case(name))) != _ids(value["data"]):
            return str(name)
    return ""


def _ids(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_ids(one) for one in value]
    return value.get("id") if isinstance(value, Mapping) else value
