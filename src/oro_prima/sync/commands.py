"""
The only place that turns a command into a call, into an enquiry, or into bytes for the ledger.

Ledger bytes carry a version; every version ever written stays readable.
"""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal

from oro_prima.call import Call
from oro_prima.converters import make_converter
from oro_prima.errors import StoreError
from oro_prima.ids import CommandKey, OroOrderId, PairId
from oro_prima.mapping.orders import unique_id
from oro_prima.plans.commands import PostOrder
from oro_prima.prima.calls.orders import order_status, post_order
from oro_prima.prima.models.orders import OrderAnswer, OrderStatusAnswer, PrimaOrder
from oro_prima.prima.models.profile import PrimaProfile
from oro_prima.records import LedgerEntry, Pair

PAYLOAD_VERSION = 1
_CONVERTER = make_converter()


def command_key(pair: PairId, order: OroOrderId, *, suffix: int = 0) -> CommandKey:
    """Return the ledger key of posting an order; `suffix` counts deliberate reposts."""
    return CommandKey(f"{pair}/orders/{order}/{suffix}")


def encode(command: PostOrder) -> bytes:
    """Write a command for the ledger."""
    document = {"version": PAYLOAD_VERSION, "command": _CONVERTER.unstructure(command)}
    return json.dumps(document, sort_keys=True, ensure_ascii=True).encode("ascii")


def decode(payload: bytes) -> PostOrder:
    """
    Read a command back.

    Raises:
        StoreError: the payload is of a version that this release does not know.
    """
    document = json.loads(payload, parse_float=Decimal)
    if document["version"] != PAYLOAD_VERSION:
        msg = (
            f"payload version {document['version']}: written by a newer release; upgrade oro-prima"
        )
        raise StoreError(msg)
    return _CONVERTER.structure(document["command"], PostOrder)


def to_call(
    order: PrimaOrder, *, key: CommandKey, attempt: int, pair: Pair, profile: PrimaProfile
) -> Call[OrderAnswer]:
    """Return the call that posts `order`; its `UniqueId` is new for each attempt."""
    unique = unique_id(key, attempt)
    return post_order(order, unique_id=unique, profile=profile, company=pair.company)


def to_find(entry: LedgerEntry, *, pair: Pair, profile: PrimaProfile) -> Call[OrderStatusAnswer]:
    """Return the enquiry after an order in doubt."""
    return order_status(entry.number, profile=profile, company=pair.company)


def body_hash(call: Call[OrderAnswer]) -> str:
    """Return the SHA-256 of the bytes that will leave."""
    return hashlib.sha256(call.request().body).hexdigest()
