"""Trees to models and models to trees."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oro_prima.call import HttpResponse
from oro_prima.converters import encode_json
from oro_prima.oro.calls.jsonapi import read_document
from oro_prima.oro.calls.resources import write_document
from oro_prima.oro.models.operations import AsyncOperation, OperationError
from oro_prima.oro.models.orders import Order, OrderLine
from oro_prima.oro.models.rendering import (
    render_levels,
    render_operation,
    render_operation_error,
    render_order_lines,
    render_orders,
)
from oro_prima.oro.models.stock import InventoryLevel
from oro_prima.oro.models.trees import (
    UnreadableRecordsError,
    parse_levels,
    parse_operation,
    parse_operation_errors,
    parse_order_lines,
    parse_orders,
)
from tests.oro.strategies import JSONAPI, an_order, levels, lines, operations, orders


def _through_bytes(trees: list[dict[str, object]]) -> tuple[dict[str, object], ...]:
    body = encode_json(write_document(trees))
    return read_document(HttpResponse(200, JSONAPI, body)).trees


def _order(resource: dict[str, object], *included: Mapping[str, object]) -> Order:
    body = encode_json({"data": resource, "included": list(included)})
    return parse_orders(read_document(HttpResponse(200, JSONAPI, body)).trees)[0]


def _linked(resource: dict[str, object], **relations: object) -> dict[str, object]:
    linked = {name: {"data": data} for name, data in relations.items()}
    return {**resource, "relationships": linked}


@settings(max_examples=50)
@given(orders())
def test_an_order_survives_the_way_through_bytes(order: Order) -> None:
    """What is written of an order is read back, lines, addresses and totals too."""
    assert (order,) == parse_orders(_through_bytes(render_orders([order])))


@given(lines)
def test_a_line_survives_the_way_through_bytes(line: OrderLine) -> None:
    """What is written of a line is read back."""
    assert (line,) == parse_order_lines(_through_bytes(render_order_lines([line])))


@given(levels)
def test_a_level_survives_the_way_through_bytes(level: InventoryLevel) -> None:
    """What is written of a level is read back, its product's settings too."""
    assert (level,) == parse_levels(_through_bytes(render_levels([level])))


@given(operations)
def test_an_operation_survives_the_way_through_bytes(operation: AsyncOperation) -> None:
    """What is written of an operation is read back; without any count there is no summary."""
    assert operation == parse_operation(_through_bytes([render_operation(operation)])[0])


@given(
    st.builds(
        OperationError,
        index=st.just(4),
        pointer=st.just("/data/4/attributes/quantity"),
        title=st.text(max_size=5),
        status=st.none() | st.integers(400, 599),
    )
    | st.just(OperationError(None, "", "async operation exception"))
)
def test_an_operation_error_survives_the_way_through_bytes(error: OperationError) -> None:
    """What is written of an error is read back; the index is read from the pointer."""
    tree = render_operation_error(error, key="7-1-2")

    assert (error,) == parse_operation_errors(_through_bytes([tree]))


def test_an_order_that_cannot_be_read_is_named_with_every_fault() -> None:
    """The faults of all orders are told at once, by record and field, without a value."""
    trees = ({"type": "orders", "id": "7"}, {"type": "orders", "id": "8", "created_at": "Ms"})

    with pytest.raises(UnreadableRecordsError) as caught:
        parse_orders(trees)

    assert caught.value.subjects == ("orders/7", "orders/8")
    assert "orders/7: required field missing @ $.created_at" in caught.value.faults
    assert "Ms" not in str(caught.value)


def test_lines_that_did_not_come_are_told() -> None:
    """Fewer lines than links: the order is not complete, and its links are kept."""
    link = {"type": "orderlineitems", "id": "1"}
    line = {"type": "orderlineitems", "id": "1", "attributes": {"quantity": 2}}
    resource = _linked(an_order(), lineItems=[link, {"type": "orderlineitems", "id": "2"}])

    order = _order(resource, line | {"attributes": _line_attributes()})

    assert order.line_ids == ("1", "2")
    assert [line.id for line in order.lines] == ["1"]
    assert not order.lines_complete


def _line_attributes() -> dict[str, object]:
    return {"quantity": 2, "productSku": "S", "productUnitCode": "each"}


def _with_lines(count: int) -> Order:
    kind = "orderlineitems"
    keys = [str(key) for key in range(1, count + 1)]
    lines = [{"type": kind, "id": key, "attributes": _line_attributes()} for key in keys]
    links = [{"type": kind, "id": key} for key in keys]
    return _order(_linked(an_order(), lineItems=links), *lines)


@pytest.mark.parametrize(("count", "complete"), [(0, True), (99, True), (100, False)])
def test_a_hundred_links_may_be_a_list_that_was_cut(count: int, complete: bool) -> None:
    """A server cuts a relationship at a hundred and does not say so."""
    assert complete == _with_lines(count).lines_complete


@pytest.mark.parametrize(
    ("relation", "link"),
    [
        ("billingAddress", {"type": "orderaddresses", "id": "1"}),
        ("discounts", [{"type": "orderdiscounts", "id": "1"}]),
        ("orderSubtotals", [{"type": "ordersubtotals", "id": "1"}]),
    ],
)
def test_what_is_linked_and_did_not_come_is_a_fault(relation: str, link: object) -> None:
    """An address that may not be seen is not an order without address."""
    with pytest.raises(UnreadableRecordsError, match="orders/7"):
        _order(_linked(an_order(), **{relation: link}))


def test_no_tax_is_read_where_a_row_says_none() -> None:
    """The empty object of a row arrives as a list and holds no tax."""
    row: dict[str, object] = {"orderSubtotalType": "tax", "amount": "0.0000", "data": []}
    link = {"type": "ordersubtotals", "id": "7-tax-1"}

    order = _order(_linked(an_order(), orderSubtotals=[link]), {**link, "attributes": row})

    assert order.subtotals is not None
    assert order.subtotals[0].tax_amount is None


def test_an_order_without_subtotals_says_so() -> None:
    """A server that has none does not have an empty list of them."""
    assert _order(an_order()).subtotals is None


def test_a_level_without_its_product_cannot_be_read() -> None:
    """A product that may not be seen is no product without SKU."""
    with pytest.raises(UnreadableRecordsError, match="inventorylevels/1"):
        parse_levels([{"type": "inventorylevels", "id": "1", "quantity": "5", "product": "3"}])
