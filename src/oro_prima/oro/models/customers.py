"""Customers: companies that buy, their groups."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict

from attrs import frozen

from oro_prima.ids import OroCustomerGroupId, OroCustomerId
from oro_prima.oro.models.filters import IdFilter, InstantFilter, TextFilter
from oro_prima.oro.models.resource import Resource, ResourceType, many, one


@frozen
class CustomerGroup:
    """A group of customers; tax code and payment term of a customer without its own."""

    id: OroCustomerGroupId
    name: str | None = None
    organization: str | None = None
    owner: str | None = None
    payment_term: str | None = None
    tax_code: str | None = None


class CustomerGroupFields(TypedDict, total=False):
    """What can be written of a customer group; a name left out is left as it is."""

    name: str | None
    organization: str | None
    owner: str | None
    payment_term: str | None
    tax_code: str | None


class CustomerGroupFilter(TypedDict, total=False):
    """What customer groups can be found by."""

    id: IdFilter
    name: TextFilter
    organization: IdFilter
    owner: IdFilter
    payment_term: IdFilter
    tax_code: IdFilter


CUSTOMER_GROUPS: Resource[CustomerGroup, CustomerGroupFields, CustomerGroupFilter] = Resource(
    ResourceType(
        "customergroups",
        ("name",),
        {
            "organization": one("organizations"),
            "owner": one("users"),
            "paymentTerm": one("paymentterms"),
            "taxCode": one("customertaxcodes"),
        },
        lengths={"name": 255},
    ),
    CustomerGroup,
)


@frozen
class Customer:
    """A customer: a company, not a person. Its name is not unique; there is no VAT number."""

    id: OroCustomerId
    created_at: datetime | None = None
    external_id: str | None = None
    name: str | None = None
    updated_at: datetime | None = None
    addresses: tuple[str, ...] | None = None
    children: tuple[OroCustomerId, ...] | None = None
    group: OroCustomerGroupId | None = None
    internal_rating: str | None = None
    organization: str | None = None
    owner: str | None = None
    parent: OroCustomerId | None = None
    payment_term: str | None = None
    sales_representatives: tuple[str, ...] | None = None
    tax_code: str | None = None
    users: tuple[str, ...] | None = None


class CustomerFields(TypedDict, total=False):
    """What can be written of a customer; a name left out is left as it is."""

    created_at: datetime | None
    external_id: str | None
    name: str | None
    addresses: Sequence[str]
    children: Sequence[str]
    group: str | None
    internal_rating: str | None
    organization: str | None
    owner: str | None
    parent: str | None
    payment_term: str | None
    sales_representatives: Sequence[str]
    tax_code: str | None
    users: Sequence[str]


class CustomerFilter(TypedDict, total=False):
    """What customers can be found by."""

    id: IdFilter
    addresses: IdFilter
    children: IdFilter
    created_at: InstantFilter
    group: IdFilter
    internal_rating: IdFilter
    name: TextFilter
    organization: IdFilter
    owner: IdFilter
    parent: IdFilter
    payment_term: IdFilter
    sales_representatives: IdFilter
    tax_code: IdFilter
    updated_at: InstantFilter
    users: IdFilter
    external_id: TextFilter


CUSTOMERS: Resource[Customer, CustomerFields, CustomerFilter] = Resource(
    ResourceType(
        "customers",
        ("createdAt", "externalId", "name", "updatedAt"),
        {
            "addresses": many("customeraddresses"),
            "children": many("customers"),
            "group": one("customergroups"),
            "internal_rating": one("customerratings"),
            "organization": one("organizations"),
            "owner": one("users"),
            "parent": one("customers"),
            "paymentTerm": one("paymentterms"),
            "salesRepresentatives": many("users"),
            "taxCode": one("customertaxcodes"),
            "users": many("customerusers"),
        },
        lengths={"externalId": 36, "name": 255},
    ),
    Customer,
)
