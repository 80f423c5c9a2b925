"""Values to the bytes that a store keeps for a flow, and back; each with a version."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from oro_prima.converters import make_converter
from oro_prima.errors import StoreError
from oro_prima.records import Flow, Kept

T = TypeVar("T")

KEPT_VERSION = 1
_CONVERTER = make_converter()


def keep(flow: Flow, subject: str, value: object, *, at: datetime) -> Kept:
    """Write a frozen value for the store; it must hold nothing personal."""
    document = {"version": KEPT_VERSION, "value": _CONVERTER.unstructure(value)}
    body = json.dumps(document, ensure_ascii=True, separators=(",", ":")).encode("ascii")
    return Kept(flow, subject, body, at)


def recall(kept: Kept, kind: type[T]) -> T:
    """
    Read a value that `keep` wrote.

    Raises:
        StoreError: it is of a version that this release does not know.
    """
    document = json.loads(kept.body, parse_float=Decimal)
    if document["version"] != KEPT_VERSION:
        msg = (
            f"{kept.flow.value} {kept.subject}: version {document['version']} was written by a "
            "newer release; upgrade oro-prima"
        )
        raise StoreError(msg)
    return _CONVERTER.structure(document["value"], kind)
