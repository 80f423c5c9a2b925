"""The people who buy for customers."""

from __future__ import annotations

from oro_prima.call import Page
from oro_prima.oro.calls.jsonapi import ApiCall
from oro_prima.oro.calls.records import PAGE, get_record, list_records
from oro_prima.oro.calls.writing import create_record, delete_record, update_record
from oro_prima.oro.models.people import (
    CUSTOMER_USER_ROLES,
    CUSTOMER_USERS,
    CustomerUser,
    CustomerUserFields,
    CustomerUserFilter,
    CustomerUserRole,
    CustomerUserRoleFields,
    CustomerUserRoleFilter,
)


def list_customer_users(
    *, where: CustomerUserFilter | None = None, after: int = 0, size: int = PAGE
) -> ApiCall[Page[CustomerUser]]:
    """Read customer users, page by page; all of them without a filter."""
    return list_records(CUSTOMER_USERS, where=where, after=after, size=size)


def get_customer_user(user: str) -> ApiCall[CustomerUser]:
    """Read a customer user by its id."""
    return get_record(CUSTOMER_USERS, key=user)


def create_customer_user(fields: CustomerUserFields) -> ApiCall[CustomerUser]:
    """Make a customer user; a role is needed to enable them, the password is never shown."""
    return create_record(CUSTOMER_USERS, fields=fields)


def update_customer_user(user: str, *, fields: CustomerUserFields) -> ApiCall[CustomerUser]:
    """Change a customer user; what is not named stays, a to-many that is named is replaced."""
    return update_record(CUSTOMER_USERS, key=user, fields=fields)


def delete_customer_user(user: str) -> ApiCall[None]:
    """Delete a customer user."""
    return delete_record(CUSTOMER_USERS, key=user)


def list_customer_user_roles(
    *, where: CustomerUserRoleFilter | None = None, after: int = 0, size: int = PAGE
) -> ApiCall[Page[CustomerUserRole]]:
    """Read customer user roles, page by page; all of them without a filter."""
    return list_records(CUSTOMER_USER_ROLES, where=where, after=after, size=size)


def get_customer_user_role(role: str) -> ApiCall[CustomerUserRole]:
    """Read a customer user role by its id."""
    return get_record(CUSTOMER_USER_ROLES, key=role)


def create_customer_user_role(fields: CustomerUserRoleFields) -> ApiCall[CustomerUserRole]:
    """Make a customer user role."""
    return create_record(CUSTOMER_USER_ROLES, fields=fields)


def update_customer_user_role(
    role: str, *, fields: CustomerUserRoleFields
) -> ApiCall[CustomerUserRole]:
    """Change a customer user role; what is not named stays, a to-many that is named is replaced."""
    return update_record(CUSTOMER_USER_ROLES, key=role, fields=fields)


def delete_customer_user_role(role: str) -> ApiCall[None]:
    """Delete a customer user role."""
    return delete_record(CUSTOMER_USER_ROLES, key=role)
