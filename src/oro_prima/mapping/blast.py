"""
The blast radius of a change: which past orders would map differently, how, and in money.

Two sets of tables and policies, and a book of orders that were; nothing is sent or kept. Names,
addresses and notes are compared and never repeated: a change of one says only that there is one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TypeGuard

import attrs
from attrs import field, frozen

from oro_prima.ids import OroOrderId
from oro_prima.mapping.eligibility import eligible
from oro_prima.mapping.orders import map_order
from oro_prima.mapping.policy import OrderPolicy, PriceBasis
from oro_prima.mapping.tables import Tables
from oro_prima.mapping.totals import captured_gross
from oro_prima.oro.models.orders import Order
from oro_prima.outcome import Mapped
from oro_prima.prima.models.orders import PrimaOrder, PrimaOrderLine
from oro_prima.reasons import Reason
from oro_prima.records import Home
from oro_prima.values import SkuKey

NOTHING = "none"
HIDDEN = "a text"
_SHOWN = frozenset(
    {"account", "carrier", "carrier_service", "channel", "code", "currency", "deliv_addr_no",
     "invc_addr_no", "number", "payment_terms", "reference", "warehouse"}
)  # fmt: skip
"""Texts that are codes and so may be repeated; every other text may hold something personal."""


@frozen
class MappingRules:
    """What an order is mapped by."""

    tables: Tables
    policy: OrderPolicy


@frozen
class PastOrders:
    """Orders that were, and the instant that they are judged at."""

    orders: tuple[Order, ...]
    now: datetime


@frozen
class PlannedOrder:
    """Where an order belongs by one policy, why, and what is sent of it."""

    order: Order
    home: Home
    reasons: tuple[Reason, ...]
    sent: PrimaOrder | None
    policy: OrderPolicy


class Impact(StrEnum):
    """What a change does to an order; the worst first."""

    HELD = "newly held"
    MOVED = "no longer posted"
    """It is ignored, waits, or is not ours."""
    POSTED = "newly posted"
    CHANGED = "posted otherwise"
    REASONS = "not posted, for other reasons"


@frozen
class FieldChange:
    """One field of what Prima is sent; a line is named by its reference to the Oro line."""

    path: str
    before: str
    after: str

    @property
    def field(self) -> str:
        """The path without the key of its line or charge, which is what fields are counted by."""
        return "/".join(part for part in self.path.split("/") if not part.startswith("["))

    def __str__(self) -> str:
        return f"{self.path}: {self.before} -> {self.after}"


@frozen
class OrderImpact:
    """
    What a change does to one order.

    Attributes:
        currency: Empty where the order names none.
        gross: As captured; None where that is not stated.
        before, after: Its home by each set of rules.
        fields: Of what is sent, where both send it.
        gone, new: Reasons that are no longer given, and that were not given before.
        sent: By how much the prices and charges that are sent add up to more, in the order's
            currency; None where a side sends nothing, or sends blank prices.
    """

    order: OroOrderId
    currency: str
    gross: Decimal | None
    impact: Impact
    before: Home
    after: Home
    fields: tuple[FieldChange, ...] = ()
    gone: tuple[Reason, ...] = ()
    new: tuple[Reason, ...] = ()
    sent: Decimal | None = None


@frozen
class ImpactTotal:
    """
    All orders of one impact in one currency.

    Attributes:
        gross: Captured gross at stake, of those that state it.
        not_stated: How many state none.
        sent: By how much what is sent adds up to more, of those where that is known.
    """

    impact: Impact
    currency: str
    orders: int = 0
    gross: Decimal = Decimal(0)
    not_stated: int = 0
    sent: Decimal = Decimal(0)


@frozen
class BlastRadius:
    """
    What a change would have done to a book of orders.

    Attributes:
        orders: How many were looked at.
        impacts: One for each order that differs, in the book's order.
        totals: By impact, then currency.
        fields: How many orders differ in a field.
        gone, new: How many orders lose or gain a reason.
    """

    orders: int
    impacts: tuple[OrderImpact, ...]
    totals: tuple[ImpactTotal, ...]
    fields: Mapping[str, int] = field(factory=dict[str, int])
    gone: Mapping[str, int] = field(factory=dict[str, int])
    new: Mapping[str, int] = field(factory=dict[str, int])


def blast_radius(before: MappingRules, after: MappingRules, book: PastOrders) -> BlastRadius:
    """
    Map a book of past orders by two sets of rules, and tell what differs.

    One pass over the book. The order of orders does not matter to totals.
    """
    pairs = ((_fate(one, before, book.now), _fate(one, after, book.now)) for one in book.orders)
    return planned_radius(pairs)


def planned_radius(pairs: Iterable[tuple[PlannedOrder, PlannedOrder]]) -> BlastRadius:
    """Tell what differs between what was planned of orders and what would be, pair by pair."""
    several = tuple(pairs)
    found = tuple(one for old, new in several if (one := _impact(old, new)) is not None)
    return BlastRadius(
        orders=len(several),
        impacts=found,
        totals=_totals(found),
        fields=_counted({change.field for change in one.fields} for one in found),
        gone=_counted({reason.code.value for reason in one.gone} for one in found),
        new=_counted({reason.code.value for reason in one.new} for one in found),
    )


def blast_text(radius: BlastRadius, *, most: int = 20) -> str:
    """Return the blast radius in words: totals, fields, reasons, then at most so many orders."""
    lines = [f"{len(radius.impacts)} of {radius.orders} orders would map differently"]
    lines += [_total_text(one) for one in radius.totals]
    lines += [f"field {name}: {times} orders" for name, times in radius.fields.items()]
    lines += [f"reason gone, {code}: {times} orders" for code, times in radius.gone.items()]
    lines += [f"new reason, {code}: {times} orders" for code, times in radius.new.items()]
    for one in radius.impacts[:most]:
        lines.append(f"order {one.order}: {one.impact.value} ({one.before} -> {one.after})")
        lines += [f"  {change}" for change in one.fields]
        lines += [f"  no longer {reason.code}: {reason.detail}" for reason in one.gone]
        lines += [f"  now {reason.code}: {reason.detail}" for reason in one.new]
    left = len(radius.impacts) - most
    return "\n".join([*lines, f"and {left} more"] if left > 0 else lines)


def _fate(order: Order, rules: MappingRules, now: datetime) -> PlannedOrder:
    first = eligible(order, now=now, policy=rules.policy)
    if first.reason is not None:
        return PlannedOrder(order, first.home, (first.reason,), None, rules.policy)
    outcome = map_order(order, rules.tables, rules.policy)
    if isinstance(outcome, Mapped):
        return PlannedOrder(order, Home.POSTED, (), outcome.value, rules.policy)
    return PlannedOrder(order, Home.HELD, outcome.reasons, None, rules.policy)


def _impact(old: PlannedOrder, new: PlannedOrder) -> OrderImpact | None:
    order, before, after = new.order, old.policy, new.policy
    same = (old.home, old.reasons, old.sent) == (new.home, new.reasons, new.sent)
    if same and before.price_basis is after.price_basis:
        return None
    changes: tuple[FieldChange, ...] = ()
    if old.sent is not None and new.sent is not None:
        changes = (*_basis_change(before, after), *_changes(old.sent, new.sent))
    elif same:
        return None
    return OrderImpact(
        order=order.id,
        currency=order.currency or "",
        gross=captured_gross(order),
        impact=_kind(old, new),
        before=old.home,
        after=new.home,
        fields=changes,
        gone=tuple(reason for reason in old.reasons if reason not in new.reasons),
        new=tuple(reason for reason in new.reasons if reason not in old.reasons),
        sent=_more(_money(old.sent, before), _money(new.sent, after)),
    )


def _kind(old: PlannedOrder, new: PlannedOrder) -> Impact:
    if old.sent is not None and new.sent is not None:
        return Impact.CHANGED
    if new.sent is not None:
        return Impact.POSTED
    if old.sent is not None:
        return Impact.HELD if new.home is Home.HELD else Impact.MOVED
    return Impact.REASONS


def _basis_change(before: OrderPolicy, after: OrderPolicy) -> Iterator[FieldChange]:
    """Say that prices mean something else, even where the figure is the same."""
    old, new = before.price_basis, after.price_basis
    if old is not new:
        yield FieldChange("price_basis", old.value, new.value)


def _changes(old: PrimaOrder, new: PrimaOrder) -> Iterator[FieldChange]:
    was, now = dict(_leaves(old, "")), dict(_leaves(new, ""))
    for path in dict.fromkeys((*was, *now)):
        before, after = was.get(path), now.get(path)
        if before != after:
            yield FieldChange(path, _shown(path, before), _shown(path, after))


def _leaves(value: object, path: str) -> Iterator[tuple[str, object]]:
    """Yield every plain value of what is sent, with its path."""
    kind = type(value)
    if isinstance(value, SkuKey):
        yield path, value
    elif _is_many(value):
        for key, one in _keyed(value):
            yield from _leaves(one, f"{path}/[{key}]")
    elif attrs.has(kind):
        for one in attrs.fields(kind):
            inner = f"{path}/{one.name}" if path else one.name
            yield from _leaves(getattr(value, one.name), inner)
    else:
        yield path, value


def _is_many(value: object) -> TypeGuard[Collection[object]]:
    return isinstance(value, tuple)


def _keyed(some: Collection[object]) -> Iterator[tuple[str, object]]:
    """Name each of several by its own reference; one that shares it, or has none, by its place."""
    seen: Counter[str] = Counter()
    for at, one in enumerate(some):
        key = one.reference if isinstance(one, PrimaOrderLine) else str(at)
        seen[key] += 1
        yield (key if seen[key] == 1 else f"{key} {seen[key]}"), one


def _shown(path: str, value: object) -> str:
    if value is None:
        return NOTHING
    if isinstance(value, (bool, int, Decimal, date, SkuKey)):
        return str(value)
    text = str(value)
    if not text:
        return "blank"
    return text if path.rsplit("/", 1)[-1] in _SHOWN else HIDDEN


def _money(order: PrimaOrder | None, policy: OrderPolicy) -> Decimal | None:
    """Return what the prices and charges of an order add up to; None where any is blank."""
    if order is None:
        return None
    total = sum((charge.value for charge in order.charges), Decimal(0))
    for line in order.lines:
        if line.price is None:
            return None
        each = policy.price_basis is PriceBasis.UNIT
        total += line.price * line.quantity if each else line.price
    return total


def _more(before: Decimal | None, after: Decimal | None) -> Decimal | None:
    return None if before is None or after is None else after - before


def _totals(impacts: Iterable[OrderImpact]) -> tuple[ImpactTotal, ...]:
    found: dict[tuple[Impact, str], ImpactTotal] = {}
    for one in impacts:
        key = (one.impact, one.currency)
        old = found.get(key, ImpactTotal(*key))
        found[key] = ImpactTotal(
            *key,
            orders=old.orders + 1,
            gross=old.gross + (one.gross or 0),
            not_stated=old.not_stated + (one.gross is None),
            sent=old.sent + (one.sent or 0),
        )
    rank = list(Impact)
    return tuple(found[key] for key in sorted(found, key=lambda key: (rank.index(key[0]), key[1])))


def _counted(names: Iterable[set[str]]) -> dict[str, int]:
    """Count by name, the most frequent first."""
    counts = Counter(name for some in names for name in some)
    return dict(sorted(counts.items(), key=lambda one: (-one[1], one[0])))


def _total_text(one: ImpactTotal) -> str:
    money = f"{one.gross:f} {one.currency}".strip()
    text = f"{one.impact.value}: {one.orders} orders, {money} captured"
    if one.not_stated:
        text += f", {one.not_stated} not stated"
    return f"{text}, {one.sent:+f} sent" if one.sent else text
