"""People who buy for a customer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TypedDict

from attrs import frozen

from oro_prima.ids import OroCustomerId
from oro_prima.oro.models.filters import IdFilter, TextFilter
from oro_prima.oro.models.resource import Resource, ResourceType, many, one


@frozen
class CustomerUserRole:
    """A role of customer users."""

    id: str
    label: str | None = None
    public: bool | None = None
    role: str | None = None
    self_managed: bool | None = None
    customer: OroCustomerId | None = None
    customer_users: tuple[str, ...] | None = None
    organization: str | None = None


class CustomerUserRoleFields(TypedDict, total=False):
    """What can be written of a customer user role; a name left out is left as it is."""

    label: str | None
    public: bool | None
    role: str | None
    self_managed: bool | None
    customer: str | None
    customer_users: Sequence[str]
    organization: str | None


class CustomerUserRoleFilter(TypedDict, total=False):
    """What customer user roles can be found by."""

    id: IdFilter
    customer: IdFilter
    customer_users: IdFilter
    organization: IdFilter
    role: TextFilter


CUSTOMER_USER_ROLES: Resource[CustomerUserRole, CustomerUserRoleFields, CustomerUserRoleFilter] = (
    Resource(
        ResourceType(
            "customeruserroles",
            ("label", "public", "role", "selfManaged"),
            {
                "customer": one("customers"),
                "customerUsers": many("customerusers"),
                "organization": one("organizations"),
            },
            lengths={"label": 255, "role": 255},
        ),
        CustomerUserRole,
    )
)


@frozen
class CustomerUser:
    """A person who buys for a customer. `password` is taken on creation and never shown."""

    id: str
    birthday: date | None = None
    confirmed: bool | None = None
    created_at: datetime | None = None
    email: str | None = None
    enabled: bool | None = None
    external_id: str | None = None
    first_name: str | None = None
    is_guest: bool | None = None
    last_login: datetime | None = None
    last_name: str | None = None
    login_count: int | None = None
    middle_name: str | None = None
    name_prefix: str | None = None
    name_suffix: str | None = None
    password_changed_at: datetime | None = None
    password_requested_at: datetime | None = None
    updated_at: datetime | None = None
    addresses: tuple[str, ...] | None = None
    auth_status: str | None = None
    customer: OroCustomerId | None = None
    organization: str | None = None
    owner: str | None = None
    sales_representatives: tuple[str, ...] | None = None
    user_roles: tuple[str, ...] | None = None


class CustomerUserFields(TypedDict, total=False):
    """What can be written of a customer user; a name left out is left as it is."""

    birthday: date | None
    confirmed: bool | None
    created_at: datetime | None
    email: str | None
    enabled: bool | None
    external_id: str | None
    first_name: str | None
    is_guest: bool | None
    last_name: str | None
    middle_name: str | None
    name_prefix: str | None
    name_suffix: str | None
    password: str | None
    addresses: Sequence[str]
    auth_status: str | None
    customer: str | None
    organization: str | None
    owner: str | None
    sales_representatives: Sequence[str]
    user_roles: Sequence[str]


class CustomerUserFilter(TypedDict, total=False):
    """What customer users can be found by."""

    id: IdFilter
    addresses: IdFilter
    auth_status: IdFilter
    customer: IdFilter
    email: TextFilter
    organization: IdFilter
    owner: IdFilter
    sales_representatives: IdFilter
    user_roles: IdFilter
    external_id: TextFilter


CUSTOMER_USERS: Resource[CustomerUser, CustomerUserFields, CustomerUserFilter] = Resource(
    ResourceType(
        "customerusers",
        (
            "birthday",
            "confirmed",
            "createdAt",
            "email",
            "enabled",
            "externalId",
            "firstName",
            "isGuest",
            "lastLogin",
            "lastName",
            "loginCount",
            "middleName",
            "namePrefix",
            "nameSuffix",
            "passwordChangedAt",
            "passwordRequestedAt",
            "updatedAt",
        ),
        {
            "addresses": many("customeruseraddresses"),
            "auth_status": one("customeruserauthstatuses"),
            "customer": one("customers"),
            "organization": one("organizations"),
            "owner": one("users"),
            "salesRepresentatives": many("users"),
            "userRoles": many("customeruserroles"),
        },
        written=("password",),
        lengths={
            "email": 255,
            "externalId": 36,
            "firstName": 255,
            "lastName": 255,
            "middleName": 255,
            "namePrefix": 255,
            "nameSuffix": 255,
        },
    ),
    CustomerUser,
)
