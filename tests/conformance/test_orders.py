"""Recorded orders of running servers go through the rules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

from oro_prima.errors import CallError
from oro_prima.mapping import (
    Component,
    Mapped,
    OrderPolicy,
    PriceBasis,
    Tables,
    Unmapped,
    map_order,
)
from oro_prima.oro.calls.jsonapi import Answer, ApiCall
from oro_prima.oro.models import Order
from oro_prima.oro.models.trees import parse_orders
from oro_prima.outcome import reasons_of
from oro_prima.prima.models import PrimaProfile
from oro_prima.prima.models.rendering import render_order
from oro_prima.reasons import ReasonCode
from oro_prima.values import SkuKey
from tests.conformance.recordings import Recording, recordings
from tests.conformance.shared import shared_folder, write_results
from tests.rules.making import COMPANY, a_link

POLICY = OrderPolicy(datetime(2020, 1, 1, tzinfo=UTC), PriceBasis.OMIT, vat_inclusive=False)


def orders(folder: Path) -> Iterator[tuple[str, Order]]:
    """Read every recorded order that came with all its lines and addresses."""
    for recording in recordings(folder):
        if recording.resource == "orders" and recording.status in (200, 201) and recording.received:
            yield from ((recording.name, order) for order in _read(recording))


def _read(recording: Recording) -> list[Order]:
    call: ApiCall[Answer] = ApiCall(name="raw", resource="orders", path="orders", read=lambda a: a)
    try:
        trees = recording.answer_to(call).trees
    except CallError:
        return []
    whole = [_asked_for(tree) for tree in trees if "line_items" in tree]
    try:
        found = parse_orders([tree for tree in whole if "created_at" in tree])
    except ValueError:
        return []
    return [order for order in found if order.lines and order.lines_complete]


def _asked_for(tree: dict[str, object]) -> dict[str, object]:
    """Leave out what the recorded request did not ask to be included."""
    parts = ("order_subtotals", "discounts", "billing_address", "shipping_address")
    bare = {name for name in parts if _is_bare(tree.get(name))}
    return {name: value for name, value in tree.items() if name not in bare}


def _is_bare(value: object) -> bool:
    several = value if isinstance(value, list) else [value]
    return any(isinstance(one, str) for one in several)


def linking_everything(order: Order) -> Tables:
    """Return tables in which nothing is missing."""
    customer = order.customer
    links = {} if customer is None else {customer: a_link(customer=customer, deliv_addr_no="1")}
    units = {
        (line.product_sku, line.product_unit_code): (
            Component(SkuKey(line.product_sku or "", "F"), Fraction(1)),
        )
        for line in order.lines
        if line.product_sku and line.product_unit_code
    }
    return Tables(COMPANY, links=links, units=units, charges={"": "CARR"})


def test_recorded_orders_are_mapped_line_by_line() -> None:
    """With a table that links everything: as many lines, the same quantities, writable texts."""
    counted: dict[str, int] = {}
    for version in ("5.1.8", "6.1.8"):
        for name, order in orders(shared_folder() / "oro" / "recordings" / version):
            outcome = map_order(order, linking_everything(order), POLICY)
            free = [line for line in order.lines if line.free_form_product or not line.product_sku]
            fraction = [line for line in order.lines if line.quantity % 1]
            match outcome:
                case Mapped(sent):
                    assert not free, name
                    assert [line.quantity for line in order.lines] == [
                        line.quantity for line in sent.lines
                    ]
                    tree = render_order(sent, unique_id="12345678", profile=PrimaProfile())
                    assert [f"ORO-{order.id}-{line.id}" for line in order.lines] == [
                        attributes["LineReference"]
                        for element, attributes, _children in tree[2]
                        if element == "OrderLineData"
                    ]
                    counted[version] = counted.get(version, 0) + 1
                case Unmapped(reasons):
                    assert len(free) + len(fraction) == len(reasons), (name, reasons)
    write_results("orders", counted)

    assert min(counted.values()) >= 5


def test_with_empty_tables_each_fault_gives_exactly_one_reason() -> None:
    """One for the customer, one a line."""
    empty = Tables(COMPANY)
    for version in ("5.1.8", "6.1.8"):
        for name, order in orders(shared_folder() / "oro" / "recordings" / version):
            codes = [reason.code for reason in reasons_of(map_order(order, empty, POLICY))]
            lines = [code for code in codes if code in LINE_CODES]

            assert codes.count(ReasonCode.CUSTOMER_NOT_LINKED) == 1, name
            assert len(order.lines) == len(lines), name
            rest = [code for code in codes if code not in LINE_CODES]
            assert set(rest) <= {ReasonCode.CUSTOMER_NOT_LINKED, ReasonCode.CHARGE_NOT_MAPPED}, name


LINE_CODES = frozenset(
    {ReasonCode.UNKNOWN_UNIT, ReasonCode.FREE_FORM_LINE, ReasonCode.KIT_NOT_MAPPED}
)
