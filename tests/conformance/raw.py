"""Answers that were read raw, held against what was recorded, member by member."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from oro_prima.oro.models.resource import snake_case


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
