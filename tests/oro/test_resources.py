"""Declared resources: what is read is what was written, for every one of them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.oro.calls.jsonapi import join_trees
from oro_prima.oro.models.customers import CUSTOMERS
from oro_prima.oro.models.products import FallbackValue
from oro_prima.oro.models.resource import (
    Resource,
    declare,
    extend,
    many,
    one,
    plain_value,
    read_records,
    render_record,
    snake_case,
)
from tests.oro.resources import DECLARED, records


@given(st.data(), st.sampled_from(sorted(DECLARED)))
def test_a_record_is_read_as_it_was_rendered(data: st.DataObject, name: str) -> None:
    """Every member of every resource survives the wire."""
    resource: Resource[Any, Any, Any] = DECLARED[name]
    record = data.draw(records(resource.model))

    tree = join_trees([render_record(record, kind=resource.kind)], None)

    assert (record,) == read_records(tree, resource=resource).items


@pytest.mark.parametrize("name", sorted(DECLARED))
def test_a_declaration_is_of_one_piece(name: str) -> None:
    """Each member has its field, each field its member, each longest text its member."""
    resource = DECLARED[name]
    kind = resource.kind
    fields = set(resource.model.__attrs_attrs__)
    names = {field.name for field in fields}

    assert names - {"id"} == {snake_case(member) for member in (*kind.attributes, *kind.relations)}
    assert set(kind.lengths) <= {*kind.attributes, *kind.written}
    assert set(kind.parts) <= set(kind.relations)


@frozen
class Named:
    """A customer with an extended field and its settings."""

    id: str
    erp_id: str | None = None
    name: str | None = None
    score: Decimal | None = None


@frozen
class WithSettings:
    """A product of which two settings came along."""

    id: str
    manage_inventory: FallbackValue | None
    kinds: tuple[FallbackValue, ...] = ()


def test_an_extended_field_is_declared_as_data() -> None:
    """Its name is the database's, whatever the style of the others."""
    resource = extend(CUSTOMERS, Named, attributes=("erp_id", "score"))
    tree = {"type": "customers", "id": "7", "erp_id": "A-1", "name": "x", "score": "1.5"}

    found = read_records([tree], resource=resource)

    assert (Named("7", "A-1", "x", Decimal("1.5")),) == found.items
    assert "erp_id" in resource.kind.sparse()[1].split(",")
    assert "erp_id" not in CUSTOMERS.kind.sparse()[1]


def test_a_class_for_a_relationship_needs_the_record_itself() -> None:
    """A bare id where a record is expected is a fault, not an empty record."""
    relations = {"manageInventory": one("entityfieldfallbackvalues"), "kinds": many("x")}
    resource = declare("products", WithSettings, attributes=(), relations=relations)
    setting = {"type": "entityfieldfallbackvalues", "id": "3", "scalar_value": "1"}
    whole = {"type": "products", "id": "1", "manage_inventory": setting, "kinds": [setting]}

    found = read_records([whole, {**whole, "manage_inventory": "3"}], resource=resource)

    value = FallbackValue("3", scalar_value="1")
    assert (WithSettings("1", value, (value,)),) == found.items
    assert [record.subject for record in found.unread] == ["products/1"]


def test_a_record_within_a_record_is_rendered_as_its_id() -> None:
    """A document of one's own holds relations, not copies."""
    relations = {"manageInventory": one("entityfieldfallbackvalues")}
    resource = declare("products", WithSettings, attributes=(), relations=relations)
    record = WithSettings("1", FallbackValue("3"))

    tree = render_record(record, kind=resource.kind)

    wanted = {"manageInventory": {"data": {"type": "entityfieldfallbackvalues", "id": "3"}}}
    assert wanted == tree["relationships"]


def test_a_mapping_is_written_under_the_names_of_the_api() -> None:
    """As an address's kinds are."""
    assert plain_value([{"address_type": "billing", "default": True}]) == [
        {"addressType": "billing", "default": True}
    ]
