"""The policy of orders from its sections and rules, and what contradicts itself in it."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import evolve

from oro_prima.config.business_rules import read_holds, read_routes
from oro_prima.mapping.customers import AccountPolicy
from oro_prima.mapping.policy import (
    AddressPolicy,
    DiscountOwner,
    OrderPolicy,
    ReferencePolicy,
)
from oro_prima.prima.models.profile import PrimaProfile

ORDER_SECTIONS = ("orders", "accounts", "addresses", "references")
REQUIRED = frozenset({"start_at", "price_basis", "vat_inclusive"})


def build_orders(
    tree: Mapping[str, object],
    values: Mapping[str, Mapping[str, object]],
    *,
    profile: PrimaProfile,
    faults: list[str],
) -> OrderPolicy | None:
    """Build the policy of orders; None where a required setting is missing."""
    routes = read_routes(tree.get("routes", []), faults)
    holds = read_holds(tree.get("holds", []), faults)
    accounts = AccountPolicy(**values["accounts"])  # type: ignore[arg-type]
    addresses = AddressPolicy(**values["addresses"])  # type: ignore[arg-type]
    references = ReferencePolicy(**values["references"])  # type: ignore[arg-type]
    if not values["orders"].keys() >= REQUIRED:
        return None
    rows = {f"book_{name}": value for name, value in values["books"].items()}
    policy = OrderPolicy(**values["orders"], **rows, profile=profile)  # type: ignore[arg-type]
    faults += _number_faults(policy)
    if policy.discount_owner is DiscountOwner.ORO and not policy.discount_code.strip():
        faults.append("orders.discount_code: required where orders.discount_owner is oro")
    return evolve(
        policy,
        accounts=accounts,
        addresses=addresses,
        references=references,
        routes=routes,
        holds=holds,
    )


def _number_faults(policy: OrderPolicy) -> tuple[str, ...]:
    prefix, profile = policy.order_prefix, policy.profile
    if not (prefix.isascii() and prefix.isdigit()) or prefix.startswith("0"):
        return ("orders.order_prefix: expected digits, the first not 0",)
    width = len(prefix) + policy.order_width + 1
    largest = int(f"{prefix}{'9' * policy.order_width}9")
    if width <= profile.order_digits and largest <= profile.order_ceiling:
        return ()
    return (
        f"orders.order_width: prefix + width + 1 makes {width} digits up to {largest}; "
        f"prima.profile takes {profile.order_digits} digits up to {profile.order_ceiling}",
    )
