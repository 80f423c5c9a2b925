"""
The promises of a trading day, checked from outside.

Everything here is computed from what the sandboxes' control interface says, from the bytes of the
store file and from files on disk. It imports nothing of the flows, the plans or the stores: what
they believe of themselves is not evidence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from attrs import field, frozen

POSTED = "posted"


@frozen
class ShopOrder:
    """One order as the shop's own books hold it."""

    id: str
    customer: str
    total: Decimal | None
    currency: str
    main: bool
    lines: tuple[tuple[str, str, Decimal], ...]


@frozen
class ErpOrder:
    """
    One order as the ERP's own books hold it.

    `accepted` counts how often it was taken; `sent` is the SHA-256 of the request it came with.
    """

    number: str
    reference: str
    account: str
    accepted: int
    sent: str
    lines: tuple[tuple[tuple[str, ...], int], ...]


@frozen
class Facts:
    """
    All that the checks look at.

    Attributes:
        shop, erp: The books of both systems.
        stock: Prima SKU, what is free, base units published over all product units.
        homes, gross: Of every capture in the store file.
        claimed: Order number to the SHA-256 of the bytes that were claimed, from the store file.
        links: Customer to account, as approved in the store file.
        units: (SKU, unit) to Prima codes and counts, from the unit table's file.
        searched: Bytes in which nothing personal may be, by name.
        canaries: What was planted and is searched for.
    """

    shop: tuple[ShopOrder, ...]
    erp: tuple[ErpOrder, ...]
    stock: tuple[tuple[str, int, Fraction], ...]
    oversold: int
    oversold_in_window: int
    window_bound: int
    homes: Mapping[str, str]
    gross: Mapping[str, Decimal | None]
    claimed: Mapping[str, str]
    links: Mapping[str, str]
    watermark: int
    units: Mapping[tuple[str, str], tuple[tuple[tuple[str, ...], Fraction], ...]]
    searched: Mapping[str, bytes] = field(repr=False)
    canaries: tuple[str, ...] = field(repr=False)


@frozen
class Finding:
    """One promise, whether it was kept, and how that was checked; `detail` names what broke it."""

    name: str
    kept: bool
    promise: str
    how: str
    detail: str = ""


NOT_PLAYED = {"I6": "shipped and cancelled is at most ordered: orders leave whole on this day"}
"""Promises that a trading day can neither keep nor break, and why."""


def check(facts: Facts) -> tuple[Finding, ...]:
    """Check every promise that a trading day can keep or break."""
    return (
        _once(facts),
        _every_order_has_a_home(facts),
        _right_account(facts),
        _all_lines(facts),
        _never_oversold(facts),
        _totals(facts),
        _same_bytes(facts),
        _nothing_personal(facts),
        _watermark(facts),
    )


def _once(facts: Facts) -> Finding:
    taken = Counter[str]()
    for order in facts.erp:
        taken[order.reference] += order.accepted
    doubled = [reference for reference, times in taken.items() if times > 1]
    posted = {_reference(order) for order, home in facts.homes.items() if home == POSTED}
    lost = [reference for reference in posted if not taken[reference]]
    return Finding(
        "I1",
        not doubled and not lost,
        "one confirmed order per key",
        "Prima's own count of each reference it accepted",
        _named("accepted twice", doubled) + _named("posted but unknown to Prima", lost),
    )


def _every_order_has_a_home(facts: Facts) -> Finding:
    homeless = [o.id for o in facts.shop if o.id not in facts.homes]
    strangers = [o for o in facts.homes if o not in {order.id for order in facts.shop}]
    return Finding(
        "I2",
        not homeless and not strangers,
        "every captured order is posted, held, waiting, ignored, cancelled or in doubt",
        "ids of the shop's books against the store file",
        _named("without a home", homeless) + _named("unknown to the shop", strangers),
    )


def _right_account(facts: Facts) -> Finding:
    customers = {_reference(order.id): order.customer for order in facts.shop}
    wrong = [
        order.reference
        for order in facts.erp
        if facts.links.get(customers.get(order.reference, ""), "").lower() != order.account.lower()
    ]
    return Finding(
        "I3",
        not wrong,
        "no order on an account other than its link",
        "account of every order in Prima against the approved links",
        _named("wrong account", wrong),
    )


def _all_lines(facts: Facts) -> Finding:
    wanted = {_reference(order.id): _expected(order, facts) for order in facts.shop}
    wrong = [
        order.reference
        for order in facts.erp
        if Counter(order.lines) != wanted.get(order.reference)
    ]
    return Finding(
        "I4",
        not wrong,
        "all lines or none, in whole base units",
        "lines of every order in Prima against the shop's lines times the unit table",
        _named("lines differ", wrong),
    )


def _expected(order: ShopOrder, facts: Facts) -> Counter[tuple[tuple[str, ...], int]]:
    lines: Counter[tuple[tuple[str, ...], int]] = Counter()
    for sku, unit, quantity in order.lines:
        for key, count in facts.units.get((sku, unit), ()):
            base = Fraction(quantity) * count
            lines[(key, int(base) if base.denominator == 1 else -1)] += 1
    return lines


def _never_oversold(facts: Facts) -> Finding:
    bound_kept = facts.oversold_in_window <= facts.window_bound
    negative = [sku for sku, _free, published in facts.stock if published < 0]
    above = [sku for sku, free, published in facts.stock if published > max(free, 0)]
    return Finding(
        "I5",
        facts.oversold == 0 and bound_kept and not negative and not above,
        "published stock never exceeds the free pool; nothing oversold outside the stated window",
        "the sandbox's own count at every checkout, and levels times factor against free stock",
        ("" if facts.oversold == 0 else f"oversold {facts.oversold}; ")
        + ("" if bound_kept else f"{facts.oversold_in_window} in the window; ")
        + _named("above the pool", above)
        + _named("negative", negative),
    )


def _totals(facts: Facts) -> Finding:
    wrong = [
        order.id
        for order in facts.shop
        if order.id in facts.homes and facts.gross.get(order.id) != order.total
    ]
    return Finding(
        "I7",
        not wrong,
        "captured totals are the shop's totals",
        "gross of every capture in the store file against the shop's books",
        _named("total differs", wrong),
    )


def _same_bytes(facts: Facts) -> Finding:
    other = [o.reference for o in facts.erp if facts.claimed.get(o.number) != o.sent]
    return Finding(
        "I8",
        not other,
        "what Prima took is byte for byte what was claimed before it left",
        "SHA-256 of each request that Prima accepted against the ledger in the store file",
        _named("other bytes", other),
    )


def _nothing_personal(facts: Facts) -> Finding:
    found = [
        name
        for name, data in facts.searched.items()
        if any(canary.encode() in data for canary in facts.canaries)
    ]
    return Finding(
        "I9",
        not found,
        "no secret and nothing personal outside the erasable payloads",
        f"{len(facts.canaries)} planted names, e-mails and secrets searched for in "
        f"{len(facts.searched)} places",
        _named("found in", found),
    )


def _watermark(facts: Facts) -> Finding:
    passed = [
        order.id
        for order in facts.shop
        if int(order.id) <= facts.watermark and order.id not in facts.homes
    ]
    return Finding(
        "I10",
        not passed,
        "the watermark never passes an order that has no home",
        "ids of the shop's books up to the watermark in the store file",
        _named("passed", passed),
    )


def _reference(order: str) -> str:
    return f"ORO-{order}"


def _named(what: str, names: Sequence[str]) -> str:
    shown = ", ".join(names[:5])
    return f"{what}: {shown}{' …' if len(names) > 5 else ''}; " if names else ""
