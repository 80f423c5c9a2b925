"""
What a run of the orders flow looked at and decided, as bytes: to be planned again, later.

A recording holds names and addresses, as the payload of a claim does: it is kept apart from the
store and erased after a while. The journal keeps its hash alone.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, tzinfo
from typing import NewType, get_args, get_origin
from zoneinfo import ZoneInfo

from attrs import evolve, frozen
from cattrs import BaseConverter, Converter

from oro_prima.converters import decode_json, encode_json, faults_of, is_list, make_converter
from oro_prima.ids import OroOrderId, PrimaAccount
from oro_prima.mapping.blast import BlastRadius, PlannedOrder, planned_radius
from oro_prima.mapping.policy import OrderPolicy
from oro_prima.mapping.tables import AccountFacts, Tables
from oro_prima.oro.models.orders import Order
from oro_prima.plans.orders import OrderPlan, plan_orders
from oro_prima.plans.snapshots import OrderSnapshot
from oro_prima.records import EntryState

VERSION = 1


@frozen
class Recording:
    """One batch of a run: what was looked at, the policy, and what was decided."""

    snapshot: OrderSnapshot
    policy: OrderPolicy
    plan: OrderPlan


@frozen
class _Document:
    version: int
    recording: Recording


def encode_recording(recording: Recording) -> bytes:
    """Write a recording; the same one gives the same bytes."""
    return packed(CONVERTER.unstructure(_Document(VERSION, recording)))


def decode_recording(body: bytes) -> Recording:
    """
    Read what `encode_recording` wrote.

    Raises:
        ValueError: it is not that, or a newer release wrote it.
    """
    tree = unpacked(body)
    try:
        document = CONVERTER.structure(tree, _Document)
    except Exception as exc:
        raise ValueError(f"not a recording: {faults_of(exc)[0]}") from exc
    if document.version != VERSION:
        raise ValueError(f"a recording of version {document.version}: upgrade oro-prima")
    return document.recording


def packed(tree: object) -> bytes:
    """Write a tree as compressed bytes; the same one gives the same."""
    return zlib.compress(encode_json(tree), 6)


def unpacked(body: bytes) -> object:
    """
    Read the tree that `packed` wrote.

    Raises:
        ValueError: it is not that.
    """
    try:
        return decode_json(zlib.decompress(body))
    except zlib.error:
        raise ValueError("not a recording") from None


def bytes_of_plan(plan: OrderPlan) -> bytes:
    """Write a plan; equal plans give equal bytes."""
    return _plain(plan)


def hash_of_plan(plan: OrderPlan) -> str:
    """Return the SHA-256 of a plan's bytes."""
    return hashlib.sha256(bytes_of_plan(plan)).hexdigest()


def replan(recording: Recording) -> OrderPlan:
    """Plan again what was planned: byte for byte the same, or something was not recorded."""
    return plan_orders(recording.snapshot, recording.policy)


def replay_under(
    recordings: Iterable[Recording], *, policy: OrderPolicy, tables: Tables
) -> BlastRadius:
    """
    Plan recorded batches by another policy and other tables, and tell what differs.

    Links are those that held when it was recorded: people approved them in the store, not in a
    policy. So are the price books of accounts, where the tables say none; a run that checked no
    prices read no book, so that under a policy which checks them none is checked. An order that
    stands in several recordings is compared as it was read last before it was sent: from then on
    the ledger decides, and no policy.

    Args:
        recordings: In the order they were made.
        policy: Another policy.
        tables: Product units, charges and the like beside it.
    """
    latest: dict[OroOrderId, tuple[PlannedOrder, PlannedOrder]] = {}
    for one in recordings:
        old = one.snapshot.tables
        fresh = evolve(
            tables,
            accounts=_with_books(tables.accounts, old.accounts),
            links=old.links,
            ordered_before=old.ordered_before,
            links_changed=old.links_changed,
        )
        again = plan_orders(evolve(one.snapshot, tables=fresh), policy)
        orders = {order.id: order for order in one.snapshot.orders}
        before = _planned(one.plan, orders, one.policy)
        after = _planned(again, orders, policy)
        known = one.snapshot.states
        for key, was in before.items():
            if key not in latest or known.get(key, EntryState.RELEASED) is EntryState.RELEASED:
                latest[key] = was, after[key]
    return planned_radius(latest.values())


def _with_books(
    now: Mapping[PrimaAccount, AccountFacts], then: Mapping[PrimaAccount, AccountFacts]
) -> dict[PrimaAccount, AccountFacts]:
    """Return what is known of accounts, each with the price book that it had."""
    found = dict(now)
    for account, facts in then.items():
        known = found.get(account, AccountFacts())
        if facts.price_book and not known.price_book:
            found[account] = evolve(known, price_book=facts.price_book)
    return found


def _planned(
    plan: OrderPlan, orders: Mapping[OroOrderId, Order], policy: OrderPolicy
) -> dict[OroOrderId, PlannedOrder]:
    """Return what was planned of each order that could be read."""
    return {
        one.order: PlannedOrder(
            orders[one.order],
            one.home,
            one.reasons,
            None if one.command is None else one.command.order,
            policy,
        )
        for one in plan.decisions
        if one.order in orders
    }


def _plain(value: object) -> bytes:
    return encode_json(CONVERTER.unstructure(value))


def _is_keyed(cl: object) -> bool:
    """Tell whether a mapping's keys are more than texts: it is written as a list of pairs."""
    if get_origin(cl) not in (Mapping, dict):
        return False
    key = get_args(cl)[0]
    return key is not str and not (isinstance(key, NewType) and key.__supertype__ is str)


def _write_pairs(
    cl: object, converter: BaseConverter
) -> Callable[[Mapping[object, object]], object]:
    key, item = get_args(cl)

    def write(value: Mapping[object, object]) -> object:
        return [
            [
                converter.unstructure(one, unstructure_as=key),
                converter.unstructure(value[one], unstructure_as=item),
            ]
            for one in value
        ]

    return write


def _read_pairs(cl: object, converter: BaseConverter) -> Callable[[object, object], object]:
    key, item = get_args(cl)

    def read(value: object, _cl: object) -> object:
        if not is_list(value):
            raise ValueError("expected a list of pairs")
        found: dict[object, object] = {}
        for pair in value:
            if not is_list(pair) or len(pair) != 2:
                raise ValueError("expected pairs")
            found[converter.structure(pair[0], key)] = converter.structure(pair[1], item)
        return found

    return read


def _to_zone(value: object, _cl: object) -> tzinfo:
    return UTC if value == "UTC" else ZoneInfo(str(value))


def _make_converter() -> Converter:
    converter = make_converter()
    converter.register_unstructure_hook_factory(_is_keyed, _write_pairs)
    converter.register_structure_hook_factory(_is_keyed, _read_pairs)
    converter.register_unstructure_hook(tzinfo, str)
    converter.register_structure_hook(tzinfo, _to_zone)
    return converter


CONVERTER = _make_converter()
"""Writes and reads what is recorded, with exact figures, mappings by any key, zones by name."""
