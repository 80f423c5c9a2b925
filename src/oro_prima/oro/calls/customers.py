"""Customers and their groups."""

from __future__ import annotations

from oro_prima.call import Page
from oro_prima.ids import OroCustomerGroupId, OroCustomerId
from oro_prima.oro.calls.jsonapi import ApiCall
from oro_prima.oro.calls.records import PAGE, get_record, list_records
from oro_prima.oro.calls.writing import create_record, delete_record, update_record
from oro_prima.oro.models.customers import (
    CUSTOMER_GROUPS,
    CUSTOMERS,
    Customer,
    CustomerFields,
    CustomerFilter,
    CustomerGroup,
    CustomerGroupFields,
    CustomerGroupFilter,
)


def list_customers(
    *, where: CustomerFilter | None = None, after: int = 0, size: int = PAGE
) -> ApiCall[Page[Customer]]:
    """Read customers; `children` and `users` may be cut at 100 or 1,000: then `list_beside`."""
    return list_records(CUSTOMERS, where=where, after=after, size=size)


def get_customer(customer: OroCustomerId) -> ApiCall[Customer]:
    """Read a customer by its id."""
    return get_record(CUSTOMERS, key=customer)


def create_customer(fields: CustomerFields) -> ApiCall[Customer]:
    """Make a customer."""
    return create_record(CUSTOMERS, fields=fields)


def update_customer(customer: OroCustomerId, *, fields: CustomerFields) -> ApiCall[Customer]:
    """Change a customer; what is not named stays, a to-many that is named is replaced."""
    return update_record(CUSTOMERS, key=customer, fields=fields)


def delete_customer(customer: OroCustomerId) -> ApiCall[None]:
    """Delete a customer."""
    return delete_record(CUSTOMERS, key=customer)


def list_customer_groups(
    *, where: CustomerGroupFilter | None = None, after: int = 0, size: int = PAGE
) -> ApiCall[Page[CustomerGroup]]:
    """Read customer groups, page by page; all of them without a filter."""
    return list_records(CUSTOMER_GROUPS, where=where, after=after, size=size)


def get_customer_group(group: OroCustomerGroupId) -> ApiCall[CustomerGroup]:
    """Read a customer group by its id."""
    return get_record(CUSTOMER_GROUPS, key=group)


def create_customer_group(fields: CustomerGroupFields) -> ApiCall[CustomerGroup]:
    """Make a customer group."""
    return create_record(CUSTOMER_GROUPS, fields=fields)


def update_customer_group(
    group: OroCustomerGroupId, *, fields: CustomerGroupFields
) -> ApiCall[CustomerGroup]:
    """Change a customer group; what is not named stays."""
    return update_record(CUSTOMER_GROUPS, key=group, fields=fields)


def delete_customer_group(group: OroCustomerGroupId) -> ApiCall[None]:
    """Delete a customer group."""
    return delete_record(CUSTOMER_GROUPS, key=group)
