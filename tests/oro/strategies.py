"""Made-up orders, levels and answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import strategies as st

from oro_prima.call import HttpResponse, ResponseHead
from oro_prima.converters import encode_json
from oro_prima.ids import (
    OroCategoryId,
    OroCustomerId,
    OroLevelId,
    OroLineId,
    OroOperationId,
    OroOrderId,
    OroProductId,
    OroSku,
    UnitCode,
)
from oro_prima.oro.models.operations import AsyncOperation
from oro_prima.oro.models.orders import (
    Order,
    OrderAddress,
    OrderDiscount,
    OrderLine,
    OrderSubtotal,
)
from oro_prima.oro.models.stock import InventoryLevel, StockSettings

JSONAPI = (("Content-Type", "application/vnd.api+json"),)
DATE = ("Date", "Tue, 06 May 2031 07:08:09 GMT")
NOW = datetime(2031, 5, 6, 7, 8, 9, tzinfo=UTC)

texts = st.text(st.characters(codec="utf-8"), max_size=12)
maybe_texts = st.none() | texts
money = st.none() | st.decimals(min_value=0, max_value=1_000_000, places=4)
keys = st.integers(1, 2_147_483_647).map(str)
instants = st.datetimes(
    min_value=datetime(2020, 1, 1),
    max_value=datetime(2040, 1, 1),
    timezones=st.just(UTC),
).map(lambda instant: instant.replace(microsecond=0))
days = st.none() | st.dates(date(2020, 1, 1), date(2040, 1, 1))

lines = st.builds(
    OrderLine,
    id=keys.map(OroLineId),
    product_sku=st.none() | texts.map(OroSku),
    product_unit_code=st.none() | st.sampled_from(["each", "pallet"]).map(UnitCode),
    quantity=st.decimals(min_value=-10, max_value=1_000_000, places=3),
    value=money,
    currency=st.none() | st.just("GBP"),
    product=st.none() | keys.map(OroProductId),
    free_form_product=maybe_texts,
    comment=maybe_texts,
    ship_by=days,
    kit_lines=st.integers(0, 3),
)
addresses = st.builds(
    OrderAddress, id=st.just("1"), organization=maybe_texts, street=maybe_texts, city=maybe_texts
)
discounts = st.builds(OrderDiscount, id=keys, amount=money, percent=money, description=maybe_texts)
subtotals = st.builds(
    OrderSubtotal,
    id=keys,
    order_subtotal_type=st.sampled_from(["subtotal", "tax"]),
    amount=money,
    visible=st.booleans(),
    tax_amount=money,
)


@st.composite
def orders(draw: st.DrawFn) -> Order:
    """Return an order whose lines are all there, with one address for both uses."""
    some = tuple(draw(st.lists(lines, max_size=3, unique_by=lambda line: line.id)))
    address = draw(st.none() | addresses)
    return Order(
        id=OroOrderId(draw(keys)),
        created_at=draw(instants),
        updated_at=draw(instants),
        currency=draw(st.none() | st.just("GBP")),
        customer=draw(st.none() | keys.map(OroCustomerId)),
        identifier=draw(maybe_texts),
        customer_notes=draw(maybe_texts),
        ship_until=draw(days),
        external=draw(st.none() | st.booleans()),
        internal_status=draw(st.none() | st.just("open")),
        total_value=draw(money),
        parent=draw(st.none() | keys.map(OroOrderId)),
        sub_orders=tuple(draw(st.lists(keys.map(OroOrderId), max_size=2))),
        line_ids=tuple(line.id for line in some),
        lines=some,
        discounts=tuple(draw(st.lists(discounts, max_size=2, unique_by=lambda one: one.id))),
        subtotals=draw(
            st.none() | st.lists(subtotals, max_size=2, unique_by=lambda one: one.id).map(tuple)
        ),
        billing_address=address,
        shipping_address=address,
    )


levels = st.builds(
    InventoryLevel,
    id=keys.map(OroLevelId),
    quantity=st.decimals(min_value=-10, max_value=1_000_000, places=4),
    product=keys.map(OroProductId),
    sku=texts.map(OroSku),
    unit=st.sampled_from(["each", "pallet"]).map(UnitCode),
    conversion_rate=st.none() | st.decimals(min_value=0, max_value=1000, places=3),
    inventory_status=st.none() | st.just("in_stock"),
    settings=st.builds(
        StockSettings,
        manage_inventory=st.none() | st.booleans(),
        decrement_quantity=st.none() | st.booleans(),
        back_order=st.none() | st.booleans(),
    ),
    category=st.none() | keys.map(OroCategoryId),
)
counts = st.none() | st.integers(0, 1000)
operations = st.builds(
    AsyncOperation,
    id=keys.map(OroOperationId),
    status=st.sampled_from(["new", "running", "success", "failed"]),
    progress=st.none() | st.just(Decimal("0.4")),
    read_count=counts,
    write_count=counts,
    error_count=counts,
)


def an_order(**members: object) -> dict[str, object]:
    """Return the smallest order resource, with some attributes changed."""
    attributes: dict[str, object] = {
        "createdAt": "2031-05-06T07:08:09Z",
        "updatedAt": "2031-05-06T07:08:09Z",
        "currency": "GBP",
    }
    return {
        "type": "orders",
        "id": "7",
        "attributes": {**attributes, **members},
        "relationships": {"customer": {"data": {"type": "customers", "id": "3"}}},
    }


def answer(document: Mapping[str, object], *, status: int = 200) -> HttpResponse:
    """Return a JSON:API answer with this document."""
    return HttpResponse(status, (*JSONAPI, DATE), encode_json(document))


def refusal(status: int, *titles: str, pointer: str = "") -> HttpResponse:
    """Return an errors document; its `detail` is what must never be repeated."""
    source = {"source": {"pointer": pointer}} if pointer else {}
    errors = [
        {"status": str(status), "title": title, "detail": "Ms Secret", **source} for title in titles
    ]
    return answer({"errors": errors}, status=status)


def page_of(kind: str, *keys: int) -> dict[str, object]:
    """Return a document of bare resources."""
    return {"data": [{"type": kind, "id": str(key)} for key in keys]}


def head(response: HttpResponse) -> ResponseHead:
    """Return what a decoder is made from."""
    return response.head
