"""The blast radius: what a change would have done to orders that were."""

from __future__ import annotations

import pickle
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.ids import OroCustomerId, OroLineId, OroOrderId, OroSku, PrimaAccount, UnitCode
from oro_prima.mapping import (
    BlastRadius,
    Component,
    FieldChange,
    Impact,
    MappingRules,
    OrderPolicy,
    PastOrders,
    PriceBasis,
    Tables,
    blast_radius,
    blast_text,
    eligible,
    map_order,
)
from oro_prima.mapping.blast import PlannedOrder, planned_radius
from oro_prima.oro.models import Order
from oro_prima.outcome import Mapped
from oro_prima.reasons import ReasonCode
from oro_prima.records import Home
from oro_prima.values import SkuKey
from tests.rules.making import (
    BOOT,
    LACE,
    NOW,
    a_line,
    a_link,
    an_address,
    an_order,
    policy,
    tables,
)

D = Decimal
EACH, CASE = (OroSku("B"), UnitCode("each")), (OroSku("B"), UnitCode("case"))
PRICED = policy(price_basis=PriceBasis.UNIT)


def rules(found: OrderPolicy = PRICED, **changes: Any) -> MappingRules:
    return MappingRules(tables(**changes), found)


def radius(before: MappingRules, after: MappingRules, *orders: Order) -> BlastRadius:
    return blast_radius(before, after, PastOrders(orders or (an_order(total_value=D(24)),), NOW))


def test_rules_that_are_the_same_change_nothing() -> None:
    """Held or posted."""
    found = radius(rules(), rules(), an_order(), an_order(id=OroOrderId("8"), customer=None))

    assert (found.orders, found.impacts, found.totals) == (2, (), ())
    assert blast_text(found) == "0 of 2 orders would map differently"


def test_another_account_is_a_change_of_one_field() -> None:
    """With what the order was worth."""
    links = {OroCustomerId("3"): a_link(account=PrimaAccount("OTHER"))}
    found = radius(rules(), rules(links=links))
    old = tables().links[OroCustomerId("3")].account

    assert [one.impact for one in found.impacts] == [Impact.CHANGED]
    assert found.impacts[0].fields == (FieldChange("account", old, "OTHER"),)
    assert found.impacts[0].sent == 0
    assert [(t.orders, t.gross, t.currency) for t in found.totals] == [(1, D(24), "GBP")]
    assert dict(found.fields) == {"account": 1}


def test_another_factor_is_another_sku_quantity_and_price() -> None:
    """A line is named by its reference; what is sent adds up to the same."""
    units = {**tables().units, EACH: (Component(LACE, Fraction(2)),)}
    found = radius(rules(), rules(units=units))
    changed = {change.field: (change.before, change.after) for change in found.impacts[0].fields}

    assert changed == {
        "lines/sku": (str(BOOT), str(LACE)),
        "lines/quantity": ("2", "4"),
        "lines/price": ("10.00", "5.00"),
    }
    assert found.impacts[0].sent == 0
    assert found.impacts[0].fields[0].path.startswith("lines/[")


def test_a_unit_that_is_taken_away_holds_orders() -> None:
    """And one that is added lets them go; each with its reason."""
    none: dict[Any, Any] = {}
    held = radius(rules(), rules(units=none))
    posted = radius(rules(units=none), rules())

    assert (held.impacts[0].impact, held.impacts[0].after) == (Impact.HELD, Home.HELD)
    assert [reason.code for reason in held.impacts[0].new] == [ReasonCode.UNKNOWN_UNIT]
    assert dict(held.new) == {"unknown-unit": 1}
    assert (posted.impacts[0].impact, posted.impacts[0].before) == (Impact.POSTED, Home.HELD)
    assert dict(posted.gone) == {"unknown-unit": 1}
    assert held.impacts[0].sent is None


def test_an_order_that_is_no_longer_ours_is_told_apart() -> None:
    """Ignored or waiting is not held; other reasons for not posting are neither."""
    later = policy(price_basis=PriceBasis.UNIT, start_at=NOW)
    moved = radius(rules(), rules(later))
    other = radius(rules(units={}), rules(later))

    assert (moved.impacts[0].impact, moved.impacts[0].after) == (Impact.MOVED, Home.IGNORED)
    assert other.impacts[0].impact is Impact.REASONS
    assert [reason.code for reason in other.impacts[0].gone] == [ReasonCode.UNKNOWN_UNIT]
    assert [reason.code for reason in other.impacts[0].new] == [ReasonCode.BEFORE_START]


def test_another_basis_is_a_change_even_of_the_same_figure() -> None:
    """One of an item at 10.00 is sent as 10.00 by both, and means something else."""
    one = an_order(lines=(a_line(quantity=D(1)),))
    found = radius(rules(), rules(policy(price_basis=PriceBasis.LINE)), one)
    blank = radius(rules(), rules(policy(price_basis=PriceBasis.OMIT)), one)
    held = an_order(customer=None)

    assert FieldChange("price_basis", "unit", "line") in found.impacts[0].fields
    assert found.impacts[0].sent == 0
    assert blank.impacts[0].sent is None
    assert ("lines/price", "none") in [(c.field, c.after) for c in blank.impacts[0].fields]
    assert radius(rules(), rules(policy(price_basis=PriceBasis.LINE)), held).impacts == ()


def test_charges_and_lines_that_come_or_go_are_fields() -> None:
    """What only one side sends is `none` on the other."""
    both = (Component(BOOT, Fraction(1), D("6.00")), Component(LACE, Fraction(1), D("4.00")))
    found = radius(rules(), rules(units={**tables().units, EACH: both}))
    changed = [(c.path, c.before) for c in found.impacts[0].fields if c.before == "none"]

    assert len(changed) >= 4
    assert all(" 2]/" in path for path, _before in changed)


def test_what_may_be_personal_is_compared_and_never_repeated() -> None:
    """A text is a text; a blank one is blank."""
    named = an_order(
        shipping_address=an_address(first_name="Ada", phone="0123"), customer_notes="ring Ada"
    )
    quiet = policy(price_basis=PriceBasis.UNIT, send_contact=not PRICED.send_contact)
    found = radius(rules(), rules(quiet), named)
    text = blast_text(found)

    assert found.impacts != ()
    assert "a text" in text
    assert "blank" in text
    assert "Ada" not in text
    assert "0123" not in text


def test_totals_are_by_impact_and_currency() -> None:
    """Never mixed; what is not stated is counted."""
    some = (
        an_order(total_value=D(24)),
        an_order(id=OroOrderId("8"), total_value=D(6)),
        an_order(id=OroOrderId("9"), total_value=None, currency="EUR"),
        an_order(id=OroOrderId("10"), currency=None, total_value=D(1)),
    )
    found = radius(rules(), rules(units={}), *some)

    assert [(t.impact, t.currency, t.orders, t.gross, t.not_stated) for t in found.totals] == [
        (Impact.HELD, "", 1, D(1), 0),
        (Impact.HELD, "EUR", 1, D(0), 1),
        (Impact.HELD, "GBP", 2, D(30), 0),
    ]
    text = blast_text(found, most=1)
    assert text.splitlines()[0] == "4 of 4 orders would map differently"
    assert "newly held: 1 orders, 0 EUR captured, 1 not stated" in text
    assert text.endswith("and 3 more")


def test_money_that_is_sent_is_told_with_its_sign() -> None:
    """A unit's price of its components' shares, or another charge."""
    links = {OroCustomerId("3"): a_link()}
    dear = an_order(estimated_shipping_cost_amount=D("5.00"), shipping_method="flat")
    found = radius(
        rules(links=links, charges={"flat": "CARR"}),
        rules(links=links, charges={"flat": "POST"}),
        dear,
    )

    assert [(c.field, c.before, c.after) for c in found.impacts[0].fields] == [
        ("charges/code", "CARR", "POST")
    ]
    assert found.impacts[0].sent == 0
    line = policy(price_basis=PriceBasis.LINE)
    odd = an_order(lines=(a_line(quantity=D("2"), value=D("0.0025")),))
    wide = policy(price_basis=PriceBasis.UNIT, price_decimals=4)
    more = radius(rules(wide), rules(line), odd)
    assert more.impacts[0].sent == D("0.0050")
    assert "+0.0050 sent" in blast_text(more)


def sent_of(order: Order) -> PlannedOrder:
    outcome = map_order(order, tables(), PRICED)
    assert isinstance(outcome, Mapped)
    return PlannedOrder(order, Home.POSTED, (), outcome.value, PRICED)


CODES = ("carrier", "carrier_service", "channel", "currency", "deliv_addr_no", "invc_addr_no",
         "number", "payment_terms", "reference")  # fmt: skip


@pytest.mark.parametrize("name", CODES)
def test_codes_are_repeated(name: str) -> None:
    """They say where the order goes, and of nobody who they are."""
    old = sent_of(an_order())
    assert old.sent is not None
    changed: dict[str, Any] = {name: "NEW"}
    new = evolve(old, sent=evolve(old.sent, **changed))
    (found,) = planned_radius([(old, new)]).impacts

    assert [(one.path, one.after) for one in found.fields] == [(name, "NEW")]
    assert found.fields[0].before == (getattr(old.sent, name) or "blank")


def test_fields_that_change_as_often_stand_by_name() -> None:
    """So that the same comparison is always the same text."""
    old = sent_of(an_order())
    assert old.sent is not None
    changed: dict[str, Any] = dict.fromkeys(CODES, "NEW")
    new = evolve(old, sent=evolve(old.sent, **changed))

    assert list(planned_radius([(old, new)]).fields) == sorted(CODES)


def test_a_warehouse_is_a_code_and_a_narrative_is_a_text() -> None:
    """By the last part of its path, however deep it stands."""
    old = sent_of(an_order())
    assert old.sent is not None
    line = evolve(old.sent.lines[0], warehouse="W2", narrative="for Ada")
    new = evolve(old, sent=evolve(old.sent, lines=(line, *old.sent.lines[1:])))
    (found,) = planned_radius([(old, new)]).impacts

    assert sorted((one.field, one.before, one.after) for one in found.fields) == [
        ("lines/narrative", "blank", "a text"),
        ("lines/warehouse", "blank", "W2"),
    ]


def test_the_whole_text() -> None:
    """Totals, fields, reasons the most frequent first, then each order with its own."""
    some = (
        an_order(id=OroOrderId("1"), total_value=D(24)),
        an_order(id=OroOrderId("2"), total_value=D(6)),
        an_order(id=OroOrderId("3"), total_value=D(5), customer=None),
    )
    units = {**tables().units, EACH: (Component(LACE, Fraction(1)),)}
    moved = radius(rules(), rules(units=units), *some)
    gone = radius(rules(units={}), rules(), *some)
    new = radius(rules(), rules(units={}, links={}), *some)

    assert blast_text(moved) == (
        "2 of 3 orders would map differently\n"
        "posted otherwise: 2 orders, 30 GBP captured\n"
        "field lines/sku: 2 orders\n"
        "order 1: posted otherwise (posted -> posted)\n"
        "  lines/[ORO-1-1]/sku: BOOT-F-070 -> LACE\n"
        "order 2: posted otherwise (posted -> posted)\n"
        "  lines/[ORO-2-1]/sku: BOOT-F-070 -> LACE"
    )
    assert blast_text(gone, most=1).splitlines()[3:] == [
        "reason gone, unknown-unit: 3 orders",
        "order 1: newly posted (held -> posted)",
        "  no longer unknown-unit: no row for B in each",
        "and 2 more",
    ]
    assert blast_text(new, most=3).splitlines()[3:8] == [
        "new reason, unknown-unit: 3 orders",
        "new reason, customer-not-linked: 2 orders",
        "order 1: newly held (posted -> held)",
        "  now customer-not-linked: customer 3 has no approved link",
        "  now unknown-unit: no row for B in each",
    ]
    assert "more" not in blast_text(new, most=3)


def test_twenty_orders_are_told_one_by_one() -> None:
    """Unless more are asked for."""
    some = [an_order(id=OroOrderId(str(n))) for n in range(1, 22)]
    text = blast_text(radius(rules(), rules(units={}), *some))

    assert "order 20:" in text
    assert text.endswith("\nand 1 more")
    assert "order 21:" not in text


units = st.fixed_dictionaries(
    {},
    optional={
        EACH: st.sampled_from([(Component(BOOT, Fraction(1)),), (Component(LACE, Fraction(3)),)]),
        CASE: st.sampled_from(
            [(Component(BOOT, Fraction(6)),), (Component(SkuKey("C"), Fraction(1)),)]
        ),
    },
)
setups = st.builds(
    lambda units, basis, linked, carrier: MappingRules(
        tables(units=units, **({} if linked else {"links": {}})),
        policy(price_basis=basis, carrier=carrier),
    ),
    units,
    st.sampled_from(PriceBasis),
    st.booleans(),
    st.sampled_from(["", "DPD"]),
)
books = st.lists(
    st.builds(
        lambda unit, quantity, value, status: an_order(
            lines=(a_line(product_unit_code=unit, quantity=D(quantity), value=value),),
            internal_status=status,
            total_value=value,
        ),
        st.sampled_from([UnitCode("each"), UnitCode("case")]),
        st.integers(1, 9),
        st.none() | st.decimals("0", "50", places=2),
        st.sampled_from(["open", "cancelled", "shipped"]),
    ),
    max_size=6,
).map(
    lambda some: tuple(
        evolve(
            one,
            id=OroOrderId(str(at)),
            lines=tuple(evolve(x, id=OroLineId("1")) for x in one.lines),
        )
        for at, one in enumerate(some)
    )
)


@given(setups, setups, books)
def test_it_is_the_two_mappings_compared(
    before: MappingRules, after: MappingRules, orders: tuple[Order, ...]
) -> None:
    """An order is in it exactly when its home, its reasons or what is sent of it differ."""

    def fate(order: Order, setup: MappingRules) -> object:
        first = eligible(order, now=NOW, policy=setup.policy)
        if first.reason is not None:
            return first
        outcome = map_order(order, setup.tables, setup.policy)
        return (outcome, setup.policy.price_basis) if isinstance(outcome, Mapped) else outcome

    found = (
        radius(before, after, *orders)
        if orders
        else blast_radius(before, after, PastOrders((), NOW))
    )
    differing = [one.id for one in orders if fate(one, before) != fate(one, after)]

    assert [one.order for one in found.impacts] == differing
    assert sum(one.orders for one in found.totals) == len(differing)
    for one in found.impacts:
        assert one.fields or one.gone or one.new
        assert bool(one.fields) is (one.impact is Impact.CHANGED)


@given(setups, setups, books)
def test_back_is_the_mirror_of_forth(
    before: MappingRules, after: MappingRules, orders: tuple[Order, ...]
) -> None:
    """What one gains the other loses; money changes its sign."""
    book = PastOrders(orders, NOW)
    forth, back = blast_radius(before, after, book), blast_radius(after, before, book)

    assert [one.order for one in forth.impacts] == [one.order for one in back.impacts]
    assert (forth.gone, forth.new, forth.fields) == (back.new, back.gone, back.fields)
    for one, other in zip(forth.impacts, back.impacts, strict=True):
        assert (one.before, one.after) == (other.after, other.before)
        assert one.sent == (None if other.sent is None else -other.sent)


@pytest.mark.parametrize("value", [PastOrders((), NOW), radius(rules(), rules(units={}))])
def test_values_pickle(value: object) -> None:
    """As all of the rules' values do."""
    assert pickle.loads(pickle.dumps(value)) == value
    assert isinstance(tables(), Tables)
