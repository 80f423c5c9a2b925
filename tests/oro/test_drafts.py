"""Documents to send: what the caller named, where it stands, and what is refused before."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.oro.calls.drafts import Entry, draft_record, draft_records
from oro_prima.oro.calls.failures import name_of_place
from oro_prima.oro.models.customers import CUSTOMERS
from oro_prima.oro.models.order_records import ORDERS
from oro_prima.oro.models.products import PRODUCTS
from tests.oro.resources import DECLARED

LINE = {"product_sku": "S1", "product_unit": "each", "quantity": Decimal(2), "currency": "GBP"}
ORDER: dict[str, Any] = {
    "customer": "7",
    "po_number": "P1",
    "ship_until": None,
    "line_items": [LINE, {"id": "9", "comment": "x"}, "10"],
    "shipping_address": {"city": "Leeds", "country": "GB"},
}


def test_records_within_fields_come_along() -> None:
    """A new one under an id of its own, a known one as an update, an id as a relation."""
    draft = draft_record(ORDER, kind=ORDERS.kind)

    document: Any = draft.document
    first, second, third = document["included"]
    relations = document["data"]["relationships"]
    assert relations["lineItems"]["data"] == [
        {"type": "orderlineitems", "id": "new-0"},
        {"type": "orderlineitems", "id": "9"},
        {"type": "orderlineitems", "id": "10"},
    ]
    assert first["attributes"] == {"productSku": "S1", "quantity": "2", "currency": "GBP"}
    assert first["relationships"] == {
        "productUnit": {"data": {"type": "productunits", "id": "each"}}
    }
    assert second["meta"] == {"update": True}
    assert third["relationships"]["country"]["data"] == {"type": "countries", "id": "GB"}


@pytest.mark.parametrize(
    ("pointer", "name"),
    [
        ("/data/attributes/poNumber", "po_number"),
        ("/data/relationships/customer/data", "customer"),
        ("/data/relationships/lineItems/data/2", "line_items[2]"),
        ("/included/0/attributes/quantity", "line_items[0].quantity"),
        ("/included/2/attributes/city", "shipping_address.city"),
        ("/included/2/attributes/street", "shipping_address"),
        ("/elsewhere", "/elsewhere"),
    ],
)
def test_a_pointer_leads_back_to_the_callers_name(pointer: str, name: str) -> None:
    """Also into a record that came along."""
    assert name == name_of_place(draft_record(ORDER, kind=ORDERS.kind).places, pointer)


def test_a_batch_counts_its_records() -> None:
    """An entry with a key is an update, one with a key to upsert by says so."""
    entries: tuple[Entry[Any], ...] = (
        Entry({"name": "a"}),
        Entry({"group": "1"}, key="7"),
        Entry({}, upsert=("id",)),
    )

    draft = draft_records(entries, kind=CUSTOMERS.kind)

    rows: Any = draft.document["data"]
    assert [row.get("meta") for row in rows] == [None, {"update": True}, {"upsert": ["id"]}]
    assert name_of_place(draft.places, "/data/1/relationships/group/data") == "[1].group"


def test_one_mapping_named_twice_is_one_record() -> None:
    """As a product's primary unit is among its units."""
    unit = {"unit": "each", "precision": 0}
    fields = {"sku": "S1", "primary_unit_precision": unit, "unit_precisions": [unit]}

    document: Any = draft_record(fields, kind=PRODUCTS.kind).document

    assert len(document["included"]) == 1


@given(
    st.sampled_from([(k, n) for k, r in DECLARED.items() for n in r.kind.lengths]),
    st.integers(-2, 2),
)
def test_a_text_is_sent_up_to_its_longest(place: tuple[str, str], more: int) -> None:
    """One character more is refused before anything is sent."""
    kind = DECLARED[place[0]].kind
    name = next(snake for snake, wire in kind.names.items() if wire == place[1])
    text = "x" * (kind.lengths[place[1]] + more)

    if more > 0:
        with pytest.raises(ValueError, match=f"{name}: expected at most"):
            draft_record({name: text}, kind=kind)
    else:
        document: Any = draft_record({name: text}, kind=kind).document
        assert document["data"]["attributes"][place[1]] == text


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"nmae": "x"}, "has no field nmae"),
        ({"children": "7"}, "children: expected several"),
        ({"children": [7]}, "expected an id of customers"),
        ({"parent": 7}, "expected an id of customers"),
        ({"parent": {"name": "x"}}, "parent: expected an id; its record"),
    ],
)
def test_what_cannot_be_written_is_refused(fields: dict[str, Any], fault: str) -> None:
    """By the caller's name for it."""
    with pytest.raises(ValueError, match=fault):
        draft_record(fields, kind=CUSTOMERS.kind)


def test_values_are_written_as_the_api_takes_them() -> None:
    """Exact numbers as text, instants in UTC."""
    fields = {"created_at": datetime(2031, 5, 6, 7, 8, 9, tzinfo=UTC), "name": "x"}

    document: Any = draft_record(fields, kind=CUSTOMERS.kind, key="7").document

    assert document["data"]["attributes"] == {"createdAt": "2031-05-06T07:08:09Z", "name": "x"}
    assert document["data"]["id"] == "7"
