"""Reading for fulfilment: Prima's word on posted orders, and the shop's side. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import evolve, frozen

from oro_prima.call import each
from oro_prima.errors import CallError, Fault, UnreadableError
from oro_prima.ids import OroOrderId, PrimaAccount
from oro_prima.mapping.fulfilment import ShopSide, TrackingRecord
from oro_prima.mapping.orders import map_order
from oro_prima.mapping.policy import OrderPolicy
from oro_prima.mapping.polling import Followed, PollPolicy, polls_due
from oro_prima.oro.calls.order_writing import list_trackings_of
from oro_prima.oro.calls.orders import list_orders_by_id
from oro_prima.oro.models.order_parts import OrderTracking
from oro_prima.oro.models.orders import Order
from oro_prima.outcome import Mapped
from oro_prima.plans.fulfilment import FulfilmentSnapshot, OrderOnBothSides
from oro_prima.plans.scopes import EVERYTHING, Everything, OrderScope
from oro_prima.prima.calls.orders import order_status
from oro_prima.prima.models.fulfilment import Despatch, PrimaFulfilment
from oro_prima.prima.models.orders import PrimaOrder
from oro_prima.records import Capture, Flow, Follow, LedgerEntry, RecordState
from oro_prima.sync.commands import decode
from oro_prima.sync.gather import current_tables, with_all_lines
from oro_prima.sync.gather_scoped import captures_of
from oro_prima.sync.run import FlowRun
from oro_prima.values import fold, local_date

PAGE = 100
TEXTS = "statuses/"
"""Subjects of status texts that nobody mapped."""
NOT_KNOWN = PrimaAccount("?")
"""Of an order that was adopted; it has no lines, so nobody can post it."""


@frozen
class FulfilmentBatch:
    """A snapshot of at most a hundred orders, and what is known of following each."""

    snapshot: FulfilmentSnapshot
    follows: Mapping[OroOrderId, Follow]


def due_orders(
    run: FlowRun,
    polls: PollPolicy,
    arrived: Iterable[Follow] = (),
    *,
    scope: OrderScope = EVERYTHING,
) -> tuple[Follow, ...]:
    """
    Return the orders to ask about now: those with news, what a person wants tried again, by age.

    The budget is for the last. Of a scope every order that is followed or has news is due, and no
    other.
    """
    fresh = {follow.order: follow for follow in arrived}
    known = {follow.order: follow for follow in run.ports.store.follows()} | fresh
    if not isinstance(scope, Everything):
        return tuple(known[order] for order in captures_of(run, scope) if order in known)
    followed = [Followed(f.order, f.accepted_at, f.asked_at) for f in known.values()]
    wanted = [order for order in _to_retry(run, known.values()) if order in known]
    due = polls_due(followed, now=run.now(), policy=polls)
    return tuple(known[order] for order in dict.fromkeys((*fresh, *wanted, *due)))


def _to_retry(run: FlowRun, known: Iterable[Follow]) -> Iterator[OroOrderId]:
    """Yield the orders whose records a person wants tried again; of a text, all that show it."""
    texts: set[str] = set()
    for record in run.ports.store.exceptions((RecordState.HELD,)):
        if record.flow is Flow.FULFILMENT and record.retry:
            texts.add(fold(record.subject.removeprefix(TEXTS)))
            yield OroOrderId(record.subject.removeprefix("orders/"))
    yield from (one.order for one in known if fold(one.said) in texts)


def gather_fulfilment(
    run: FlowRun, policy: OrderPolicy, due: Sequence[Follow]
) -> Iterator[FulfilmentBatch]:
    """
    Read both sides of followed orders, batch by batch: one question to Prima an order.

    An order that the shop does not show any more is left out; the orders flow holds it.

    Raises:
        CallError: a system cannot be asked.
    """
    for start in range(0, len(due), PAGE):
        chunk = {follow.order: follow for follow in due[start : start + PAGE]}
        page = run.ports.shop.send(list_orders_by_id(run.features, ids=tuple(chunk)))
        captures = run.ports.store.captures(chunk)
        entries = run.ports.store.newest_entries(chunk)
        asked = [_ask(run, policy, one, captures[one.id], entries[one.id]) for one in page.items]
        parcels = _trackings(run, [one.order.id for one in asked if one.has_parcels])
        sides = tuple(
            OrderOnBothSides(
                one.posted,
                one.erp,
                _shop_side(run, one.order, captures[one.order.id], parcels.get(one.order.id, ())),
                one.order.total_value,
            )
            for one in asked
        )
        yield FulfilmentBatch(FulfilmentSnapshot(run.now(), sides), chunk)


@frozen
class _Asked:
    """An order, what was posted of it, and what Prima said."""

    order: Order
    posted: PrimaOrder
    erp: PrimaFulfilment

    @property
    def has_parcels(self) -> bool:
        """Whether there is a parcel to compare with those of the shop."""
        return any(one.tracking.strip() for one in self.erp.despatches or ())


def _ask(
    run: FlowRun, policy: OrderPolicy, order: Order, capture: Capture, entry: LedgerEntry
) -> _Asked:
    run.keep_lease(run.ports.erp_timeout)
    posted = _posted(run, policy, order, entry)
    erp = ask_prima_about(run, entry)
    if posted is None:
        return _Asked(order, _bare(run, capture, entry), _without_lines(erp))
    return _Asked(order, posted, erp)


def _posted(
    run: FlowRun, policy: OrderPolicy, order: Order, entry: LedgerEntry
) -> PrimaOrder | None:
    """Return what was posted: as kept, else mapped again; None where it cannot be mapped now."""
    payload = run.ports.store.payload(entry.key)
    if payload is not None:
        return decode(payload).order
    if run.ports.despatches is None:
        return None
    whole = with_all_lines(run, order)
    match map_order(whole, current_tables(run), policy, suffix=entry.suffix):
        case Mapped(found):
            return found
        case _:
            return None


def _bare(run: FlowRun, capture: Capture, entry: LedgerEntry) -> PrimaOrder:
    """Return an order of which only the number is known any more."""
    day = local_date(capture.created_at, run.ports.zone)
    account = entry.account or NOT_KNOWN
    return PrimaOrder(entry.number, entry.key, account, capture.currency, False, day, ())


def _without_lines(erp: PrimaFulfilment) -> PrimaFulfilment:
    """Leave out what cannot be compared with what was posted; parcels and texts stay."""
    if erp.despatches is None:
        return erp
    return evolve(erp, despatches=tuple(evolve(one, lines=()) for one in erp.despatches))


def ask_prima_about(run: FlowRun, entry: LedgerEntry) -> PrimaFulfilment:
    """
    Ask Prima how far an accepted order is.

    An answer that is not OK states nothing: the order was accepted, for ever.

    Raises:
        CallError: Prima cannot be asked.
    """
    ports = run.ports
    call = order_status(entry.known_as, profile=ports.profile, company=ports.pair.company)
    try:
        said: str | None = ports.erp.send(call).status
    except CallError as error:
        if error.fault is Fault.SYSTEM:
            raise
        said = None
    despatches, unread = _despatches(run, entry)
    return PrimaFulfilment(entry.known_as, said, despatches, unread=unread)


def _despatches(run: FlowRun, entry: LedgerEntry) -> tuple[tuple[Despatch, ...] | None, str]:
    """
    Read the despatches of an order; None where they are not bound, or it is not known (now).

    What of this order's cannot be read is said beside, and keeps no other order waiting.
    """
    read = run.ports.despatches
    if read is None:
        return None, ""
    try:
        return read(entry.known_as), ""
    except CallError as error:
        if error.fault is Fault.SYSTEM:
            raise
        return None, error.detail if isinstance(error, UnreadableError) else ""


def _shop_side(
    run: FlowRun, order: Order, capture: Capture, trackings: tuple[TrackingRecord, ...]
) -> ShopSide:
    return ShopSide(
        order=order.id,
        shipping_status=order.shipping_status,
        status=order.status,
        internal_status=order.internal_status,
        trackings=trackings,
        disable_promotions=order.disable_promotions,
        captured_discount=capture.discounted,
        writes_shipping_status=run.features.statuses,
    )


def _trackings(
    run: FlowRun, orders: Sequence[OroOrderId]
) -> Mapping[OroOrderId, tuple[TrackingRecord, ...]]:
    """Read the parcels that are there, in one list for all orders with one to compare."""
    found: dict[OroOrderId, tuple[TrackingRecord, ...]] = {}
    if orders:
        for one in each(run.ports.shop, list_trackings_of(run.features, orders=orders)):
            record = TrackingRecord(one.method or "", one.number or "")
            for order in _orders_of(one):
                found[order] = (*found.get(order, ()), record)
    return found


def _orders_of(one: OrderTracking) -> tuple[OroOrderId, ...]:
    return (one.order,) if one.order is not None else one.orders or ()
