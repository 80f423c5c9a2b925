"""Recordings: what was planned is planned again, byte for byte, and under other rules compared."""

from __future__ import annotations

import zlib
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.ids import (
    OroCustomerId,
    OroOrderId,
    OroSku,
    PrimaAccount,
    PrimaPriceBook,
    UnitCode,
)
from oro_prima.mapping import (
    Carrier,
    HoldAction,
    HoldRule,
    OrderTest,
    PriceBasis,
    PriceCheck,
    ReadBook,
    RouteRule,
    Tables,
)
from oro_prima.mapping.blast import MappingRules, PastOrders, blast_radius
from oro_prima.mapping.tables import AccountFacts, AccountState, NumberedAddress
from oro_prima.plans import UnreadOrder, plan_orders
from oro_prima.plans.recording import (
    Recording,
    bytes_of_plan,
    decode_recording,
    encode_recording,
    hash_of_plan,
    replan,
    replay_under,
)
from oro_prima.prima.models import PriceBook, PriceBookRow
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.records import EntryState, ExceptionRecord, Flow, Home, RecordState, Unread
from oro_prima.values import LocalDate
from tests.rules.making import (
    BOOT,
    EARLIER,
    NOW,
    a_capture,
    a_line,
    an_address,
    an_order,
    policy,
    snapshot,
    tables,
)

SKUS = st.sampled_from(["B", "L", "X"]).map(OroSku)
UNITS = st.sampled_from(["each", "case", "pack"]).map(UnitCode)
LINES = st.lists(
    st.builds(
        a_line,
        product_sku=SKUS,
        product_unit_code=UNITS,
        quantity=st.sampled_from(["1", "0.5", "12"]).map(Decimal),
        value=st.none() | st.decimals("0", "99", places=4),
    ),
    min_size=1,
    max_size=3,
).map(tuple)
ORDERS = st.lists(
    st.builds(
        an_order,
        id=st.integers(1, 99).map(lambda n: OroOrderId(str(n))),
        customer=st.sampled_from(["3", "4"]).map(OroCustomerId),
        lines=LINES,
        internal_status=st.sampled_from(["open", "cancelled", None]),
        customer_notes=st.none() | st.text(max_size=8),
        shipping_address=st.none() | st.builds(an_address, street=st.text(max_size=8)),
        external=st.sampled_from([True, False, None]),
    ),
    max_size=4,
)
RICH = tables(
    accounts={PrimaAccount("TRADE1"): AccountFacts(AccountState.STOPPED, "GBP", None)},
    deliveries={OroCustomerId("3"): (NumberedAddress("1", "ZZ1 1ZZ"),)},
    carriers={"": Carrier("DPD", "24H")},
    sales={BOOT: Decimal("1.5")},
    ordered_before=frozenset({PrimaAccount("TRADE1")}),
)
TRADE = PrimaPriceBook("TRADE")
BOOKS = {
    TRADE: ReadBook(
        (PriceBook(TRADE, "GBP", vat_inclusive=False),),
        (PriceBookRow(TRADE, BOOT, Decimal(1), Decimal("9.99"), None, LocalDate(NOW.date())),),
    ),
    PrimaPriceBook("B"): ReadBook(unread="Prima is down"),
}
RECORD = ExceptionRecord(
    Flow.ORDERS, "orders/7", (Reason(ReasonCode.UNKNOWN_UNIT, "orders/7", "x"),),
    RecordState.HELD, EARLIER, NOW, 1,
)  # fmt: skip
POLICY = policy(
    zone=ZoneInfo("Europe/London"),
    routes=(RouteRule(OrderTest(countries=frozenset({"GB"})), "WEB", ""),),
    holds=(HoldRule(OrderTest(value_above=Decimal(5000)), HoldAction.HERE, "big", True),),
)


def a_recording(*orders: object, **changes: object) -> Recording:
    some = snapshot(*orders, tables=RICH, **changes)  # type: ignore[arg-type]
    return Recording(some, POLICY, plan_orders(some, POLICY))


@given(ORDERS)
def test_a_recording_is_planned_again_byte_for_byte(orders: list[object]) -> None:
    """Through bytes and back, whatever was looked at."""
    seven = OroOrderId("7")
    recording = a_recording(
        *orders,
        captures={seven: a_capture("7", Home.HELD)},
        states={seven: EntryState.RELEASED},
        held={seven: RECORD},
        suffixes={seven: 1},
        vanished=(seven,),
        unread=(UnreadOrder(OroOrderId("100"), Unread("orders/100", ("fault",), NOW)),),
        books=BOOKS,
    )
    body = encode_recording(recording)
    again = decode_recording(body)

    assert again == recording
    assert encode_recording(again) == body
    assert bytes_of_plan(replan(again)) == bytes_of_plan(recording.plan)
    assert hash_of_plan(replan(again)) == hash_of_plan(recording.plan)


def test_what_is_no_recording_is_refused() -> None:
    """Other bytes, another form, a newer version; no value is repeated."""
    newer = zlib.decompress(encode_recording(a_recording())).replace(b'"version":1', b'"version":2')
    whats = []
    for body in (b"no", zlib.compress(b"{}"), zlib.compress(b"no JSON"), zlib.compress(newer)):
        with pytest.raises(ValueError, match=r"recording|JSON") as caught:
            decode_recording(body)
        whats.append(str(caught.value))

    assert whats[-1] == "a recording of version 2: upgrade oro-prima"
    pairs = zlib.decompress(encode_recording(a_recording()))
    for bad in (b'"units":{}', b'"units":[[1]]'):
        start = pairs.index(b'"units":[')
        end = pairs.index(b',"charges"')
        with pytest.raises(ValueError, match="not a recording"):
            decode_recording(zlib.compress(pairs[:start] + bad + pairs[end:]))


@given(ORDERS)
def test_under_the_same_rules_nothing_differs(orders: list[object]) -> None:
    """And under others exactly what the blast radius of those orders says."""
    latest = {order.id: order for order in orders}  # type: ignore[attr-defined]
    recording = a_recording(*latest.values())
    same = replay_under([recording], policy=POLICY, tables=RICH)
    other = evolve(POLICY, routes=(), channel="PHONE")
    found = replay_under([recording, recording], policy=other, tables=RICH)
    book = PastOrders(recording.snapshot.orders, recording.snapshot.now)
    expected = blast_radius(MappingRules(RICH, POLICY), MappingRules(RICH, other), book)

    assert same.impacts == ()
    assert same.orders == len(latest)
    assert found.orders == len(latest)
    assert {one.order for one in found.impacts} == {one.order for one in expected.impacts}


def test_an_unreadable_order_has_no_other_fate() -> None:
    """It cannot be mapped by any rules."""
    unread = UnreadOrder(OroOrderId("100"), Unread("orders/100", ("fault",), NOW))
    found = replay_under([a_recording(unread=(unread,))], policy=policy(), tables=tables())

    assert (found.orders, found.impacts) == (0, ())


def test_prices_are_checked_again_by_the_books_that_were_read() -> None:
    """The account's book is that of then, unless the tables name one; a table that does wins."""
    account = PrimaAccount("TRADE1")
    then = tables(accounts={account: AccountFacts(price_book=TRADE)})
    warn = policy(price_basis=PriceBasis.OMIT, price_check=PriceCheck.CHECK_AND_WARN)
    hold = policy(price_basis=PriceBasis.OMIT, price_check=PriceCheck.CHECK_AND_HOLD)
    some = snapshot(an_order(), tables=then, books=BOOKS)
    recording = Recording(some, warn, plan_orders(some, warn))
    other = tables(accounts={account: AccountFacts(AccountState.OPEN, "GBP")})
    named = tables(accounts={account: AccountFacts(price_book=PrimaPriceBook("B"))})
    unbooked = Recording(snapshot(an_order()), warn, plan_orders(snapshot(an_order()), warn))

    def new(one: Recording, by: Tables) -> list[str]:
        return list(replay_under([one], policy=hold, tables=by).new)

    assert new(recording, tables()) == new(recording, other) == ["price-differs"]
    assert new(recording, named) == ["prices-not-checked"]
    assert new(unbooked, tables()) == ["no-price-book"]
