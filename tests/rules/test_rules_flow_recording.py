"""What a run of any flow looked at is written and read without loss, whatever it was."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from fractions import Fraction

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.ids import OroLevelId, OroOrderId, OroSku, UnitCode
from oro_prima.mapping.tables import UnitTable
from oro_prima.plans import OtherShop, StockSnapshot
from oro_prima.plans.flow_recording import (
    QUESTIONS,
    CustomerQuestion,
    FulfilmentQuestion,
    InvoiceQuestion,
    PriceQuestion,
    ProductQuestion,
    Question,
    StockQuestion,
    answer,
    decode_question,
    encode_question,
    hash_of_answer,
    holds_order,
)
from oro_prima.plans.fulfilment import FulfilmentSnapshot
from oro_prima.plans.pools import whole_pools
from oro_prima.plans.products import ProductSnapshot
from oro_prima.records import Flow, LineDemand, StockMark
from oro_prima.values import SkuKey
from tests.rules import test_rules_customers_plan as customers
from tests.rules import test_rules_fulfilment_plan as fulfilment
from tests.rules import test_rules_invoices_plan as invoices
from tests.rules import test_rules_prices_plan as prices
from tests.rules import test_rules_products_plan as products
from tests.rules import test_rules_stock as stock
from tests.rules.making import NOW, a_capture, a_level, tables
from tests.rules.making import stock as a_stock

NO_UNIT = (OroSku("A"), UnitCode("x"))


@st.composite
def stock_snapshots(draw: st.DrawFn) -> StockSnapshot:
    """Rows, levels, lines in flight, marks, another shop: of whatever units there are."""
    units: UnitTable = draw(stock.units)
    levels = [
        a_level(n, sku, unit, draw(st.integers(0, 99))) for n, (sku, unit) in enumerate(units, 1)
    ]
    marks = draw(st.sets(stock.skus))
    sold: list[LineDemand] = draw(st.lists(stock.demanded, max_size=4))
    return a_stock(
        draw(stock.pools),
        levels,
        tables=evolve(tables(), units=units),
        sold=tuple(sold),
        captures=tuple(draw(st.lists(st.just(a_capture("7")), max_size=1))),
        marks={sku: StockMark(sku, NOW, 1) for sku in marks},
        outstanding=frozenset(draw(st.sets(st.sampled_from("12").map(OroLevelId)))),
        others=tuple(draw(st.lists(st.just(OtherShop(units, sold=tuple(sold))), max_size=1))),
        rows_at=draw(st.none() | st.just(NOW)),
        let_go=frozenset(draw(st.sets(st.sampled_from(sorted(units) or [NO_UNIT])))),
        share_before=draw(st.sampled_from([Fraction(0), Fraction(1, 3)])),
    )


@st.composite
def stock_questions(draw: st.DrawFn) -> StockQuestion:
    """All of the stock, or some whole pools of it."""
    snapshot = draw(stock_snapshots())
    some: set[SkuKey] | None = draw(st.none() | st.sets(stock.skus))
    asked = None if some is None else whole_pools(some, snapshot.tables.units)
    return StockQuestion(snapshot, draw(stock.policies), asked)


sides = st.lists(fulfilment.sides, max_size=4, unique_by=lambda one: one.shop.order).map(tuple)
QUESTIONS_OF: Mapping[Flow, st.SearchStrategy[Question]] = {
    Flow.STOCK: stock_questions(),
    Flow.FULFILMENT: sides.map(
        lambda some: FulfilmentQuestion(FulfilmentSnapshot(NOW, some), fulfilment.POLICY)
    ),
    Flow.CUSTOMERS: st.builds(CustomerQuestion, customers.snapshots(), customers.policies),
    Flow.PRICES: st.builds(PriceQuestion, prices.snapshots, prices.policies),
    Flow.PRODUCTS: st.builds(
        ProductQuestion,
        st.builds(
            ProductSnapshot, st.just(NOW), st.just(products.FACTS), products.products,
            let_go=st.booleans(),
        ),
        products.policies,
    ),
    Flow.INVOICES: st.builds(InvoiceQuestion, invoices.snapshots(), st.just(invoices.POLICY)),
}  # fmt: skip
"""A strategy for the questions of each flow."""


@pytest.mark.parametrize("flow", list(QUESTIONS))
@given(data=st.data())
def test_a_question_is_read_as_it_was_written(flow: Flow, data: st.DataObject) -> None:
    """The same value, the same bytes, the same plan and the same bytes of the plan."""
    question = data.draw(QUESTIONS_OF[flow])
    body = encode_question(question)
    again = decode_question(flow, body)

    assert again == question
    assert encode_question(again) == body
    assert answer(again) == answer(question)
    assert hash_of_answer(answer(again)) == hash_of_answer(answer(question))


@given(QUESTIONS_OF[Flow.PRICES])
def test_prices_hold_no_order(question: Question) -> None:
    """Nor do customers and products: there is nothing of one order in them."""
    assert not holds_order(question, OroOrderId("7"))


@given(QUESTIONS_OF[Flow.FULFILMENT], QUESTIONS_OF[Flow.INVOICES], QUESTIONS_OF[Flow.STOCK])
def test_a_question_tells_whether_it_holds_an_order(
    followed: Question, billed: Question, sold: Question
) -> None:
    """So that whoever is forgotten is forgotten here as well; prices hold nobody."""
    some = (followed, billed, sold)
    held = [{n for n in range(30) if holds_order(one, OroOrderId(str(n)))} for one in some]

    assert isinstance(followed, FulfilmentQuestion)
    assert isinstance(billed, InvoiceQuestion)
    assert isinstance(sold, StockQuestion)
    assert held[0] == {int(one.shop.order) for one in followed.snapshot.orders}
    assert held[1] == {int(one.order) for one in billed.snapshot.posted if int(one.order) < 30}
    assert held[2] == {int(one.order) for one in sold.snapshot.captures}


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"nothing", "not a recording"),
        (zlib.compress(b"[]"), "not a recording"),
        (zlib.compress(b'{"version": 9, "question": {}}'), "of version 9: upgrade"),
        (zlib.compress(b'{"version": 1, "question": {}}'), "not a recording: "),
    ],
)
def test_what_is_no_recording_is_refused(body: bytes, why: str) -> None:
    """Also one that a newer release wrote."""
    with pytest.raises(ValueError, match=why):
        decode_question(Flow.STOCK, body)
