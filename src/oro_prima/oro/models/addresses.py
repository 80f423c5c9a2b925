"""Addresses of customers and of the people who buy for them."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from attrs import frozen

from oro_prima.ids import OroCustomerId
from oro_prima.oro.models.filters import IdFilter, TextFilter
from oro_prima.oro.models.resource import Resource, ResourceType, one


@frozen
class AddressType:
    """What an address is for: `billing` or `shipping`, and whether it is the default for it."""

    address_type: str
    default: bool = False


@frozen
class CustomerAddress:
    """An address of a customer; its customer is fixed after creation."""

    id: str
    city: str | None = None
    created_at: datetime | None = None
    custom_region: str | None = None
    first_name: str | None = None
    label: str | None = None
    last_name: str | None = None
    middle_name: str | None = None
    name_prefix: str | None = None
    name_suffix: str | None = None
    organization: str | None = None
    phone: str | None = None
    postal_code: str | None = None
    primary: bool | None = None
    street: str | None = None
    street2: str | None = None
    types: tuple[AddressType, ...] | None = None
    updated_at: datetime | None = None
    validated_at: datetime | None = None
    country: str | None = None
    customer: OroCustomerId | None = None
    owner: str | None = None
    region: str | None = None
    system_organization: str | None = None


class CustomerAddressFields(TypedDict, total=False):
    """What can be written of a customer address; a name left out is left as it is."""

    city: str | None
    created_at: datetime | None
    custom_region: str | None
    first_name: str | None
    label: str | None
    last_name: str | None
    middle_name: str | None
    name_prefix: str | None
    name_suffix: str | None
    organization: str | None
    phone: str | None
    postal_code: str | None
    primary: bool | None
    street: str | None
    street2: str | None
    types: tuple[AddressType, ...] | None
    validated_at: datetime | None
    country: str | None
    customer: str | None
    owner: str | None
    region: str | None
    system_organization: str | None


class CustomerAddressFilter(TypedDict, total=False):
    """What customer addresses can be found by."""

    id: IdFilter
    country: IdFilter
    custom_region: TextFilter
    customer: IdFilter
    owner: IdFilter
    region: IdFilter
    system_organization: IdFilter


CUSTOMER_ADDRESSES: Resource[CustomerAddress, CustomerAddressFields, CustomerAddressFilter] = (
    Resource(
        ResourceType(
            "customeraddresses",
            (
                "city",
                "createdAt",
                "customRegion",
                "firstName",
                "label",
                "lastName",
                "middleName",
                "namePrefix",
                "nameSuffix",
                "organization",
                "phone",
                "postalCode",
                "primary",
                "street",
                "street2",
                "types",
                "updatedAt",
                "validatedAt",
            ),
            {
                "country": one("countries"),
                "customer": one("customers"),
                "owner": one("users"),
                "region": one("regions"),
                "systemOrganization": one("organizations"),
            },
            lengths={
                "city": 255,
                "customRegion": 255,
                "firstName": 255,
                "label": 255,
                "lastName": 255,
                "middleName": 255,
                "namePrefix": 255,
                "nameSuffix": 255,
                "organization": 255,
                "phone": 255,
                "postalCode": 255,
                "street": 255,
                "street2": 255,
            },
        ),
        CustomerAddress,
    )
)


@frozen
class CustomerUserAddress:
    """An address of a customer user."""

    id: str
    city: str | None = None
    created_at: datetime | None = None
    custom_region: str | None = None
    first_name: str | None = None
    label: str | None = None
    last_name: str | None = None
    middle_name: str | None = None
    name_prefix: str | None = None
    name_suffix: str | None = None
    organization: str | None = None
    phone: str | None = None
    postal_code: str | None = None
    primary: bool | None = None
    street: str | None = None
    street2: str | None = None
    types: tuple[AddressType, ...] | None = None
    updated_at: datetime | None = None
    validated_at: datetime | None = None
    country: str | None = None
    customer_user: str | None = None
    owner: str | None = None
    region: str | None = None
    system_organization: str | None = None


class CustomerUserAddressFields(TypedDict, total=False):
    """What can be written of a customer user address; a name left out is left as it is."""

    city: str | None
    created_at: datetime | None
    custom_region: str | None
    first_name: str | None
    label: str | None
    last_name: str | None
    middle_name: str | None
    name_prefix: str | None
    name_suffix: str | None
    organization: str | None
    phone: str | None
    postal_code: str | None
    primary: bool | None
    street: str | None
    street2: str | None
    types: tuple[AddressType, ...] | None
    validated_at: datetime | None
    country: str | None
    customer_user: str | None
    owner: str | None
    region: str | None
    system_organization: str | None


class CustomerUserAddressFilter(TypedDict, total=False):
    """What customer user addresses can be found by."""

    id: IdFilter
    country: IdFilter
    custom_region: TextFilter
    customer_user: IdFilter
    owner: IdFilter
    region: IdFilter
    system_organization: IdFilter
    types: TextFilter


CUSTOMER_USER_ADDRESSES: Resource[
    CustomerUserAddress, CustomerUserAddressFields, CustomerUserAddressFilter
] = Resource(
    ResourceType(
        "customeruseraddresses",
        (
            "city",
            "createdAt",
            "customRegion",
            "firstName",
            "label",
            "lastName",
            "middleName",
            "namePrefix",
            "nameSuffix",
            "organization",
            "phone",
            "postalCode",
            "primary",
            "street",
            "street2",
            "types",
            "updatedAt",
            "validatedAt",
        ),
        {
            "country": one("countries"),
            "customerUser": one("customerusers"),
            "owner": one("users"),
            "region": one("regions"),
            "systemOrganization": one("organizations"),
        },
        lengths={
            "city": 255,
            "customRegion": 255,
            "firstName": 255,
            "label": 255,
            "lastName": 255,
            "middleName": 255,
            "namePrefix": 255,
            "nameSuffix": 255,
            "organization": 255,
            "phone": 255,
            "postalCode": 255,
            "street": 255,
            "street2": 255,
        },
    ),
    CustomerUserAddress,
)
