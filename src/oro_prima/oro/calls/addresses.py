"""Addresses of customers and of the people who buy for them."""

from __future__ import annotations

from oro_prima.call import Page
from oro_prima.oro.calls.jsonapi import ApiCall
from oro_prima.oro.calls.records import PAGE, get_record, list_records
from oro_prima.oro.calls.writing import create_record, delete_record, update_record
from oro_prima.oro.models.addresses import (
    CUSTOMER_ADDRESSES,
    CUSTOMER_USER_ADDRESSES,
    CustomerAddress,
    CustomerAddressFields,
    CustomerAddressFilter,
    CustomerUserAddress,
    CustomerUserAddressFields,
    CustomerUserAddressFilter,
)


def list_customer_addresses(
    *, where: CustomerAddressFilter | None = None, after: int = 0, size: int = PAGE
) -> ApiCall[Page[CustomerAddress]]:
    """Read customer addresses, page by page; all of them without a filter."""
    return list_records(CUSTOMER_ADDRESSES, where=where, after=after, size=size)


def get_customer_address(address: str) -> ApiCall[CustomerAddress]:
    """Read a customer address by its id."""
    return get_record(CUSTOMER_ADDRESSES, key=address)


def create_customer_address(fields: CustomerAddressFields) -> ApiCall[CustomerAddress]:
    """Make a customer address."""
    return create_record(CUSTOMER_ADDRESSES, fields=fields)


def update_customer_address(
    address: str, *, fields: CustomerAddressFields
) -> ApiCall[CustomerAddress]:
    """Change a customer address; what is not named stays."""
    return update_record(CUSTOMER_ADDRESSES, key=address, fields=fields)


def delete_customer_address(address: str) -> ApiCall[None]:
    """Delete a customer address."""
    return delete_record(CUSTOMER_ADDRESSES, key=address)


def list_customer_user_addresses(
    *, where: CustomerUserAddressFilter | None = None, after: int = 0, size: int = PAGE
) -> ApiCall[Page[CustomerUserAddress]]:
    """Read customer user addresses, page by page; all of them without a filter."""
    return list_records(CUSTOMER_USER_ADDRESSES, where=where, after=after, size=size)


def get_customer_user_address(address: str) -> ApiCall[CustomerUserAddress]:
    """Read a customer user address by its id."""
    return get_record(CUSTOMER_USER_ADDRESSES, key=address)


def create_customer_user_address(fields: CustomerUserAddressFields) -> ApiCall[CustomerUserAddress]:
    """Make a customer user address."""
    return create_record(CUSTOMER_USER_ADDRESSES, fields=fields)


def update_customer_user_address(
    address: str, *, fields: CustomerUserAddressFields
) -> ApiCall[CustomerUserAddress]:
    """Change a customer user address; what is not named stays."""
    return update_record(CUSTOMER_USER_ADDRESSES, key=address, fields=fields)


def delete_customer_user_address(address: str) -> ApiCall[None]:
    """Delete a customer user address."""
    return delete_record(CUSTOMER_USER_ADDRESSES, key=address)
