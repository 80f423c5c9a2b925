"""Product units and the gate's verdicts -> drift, and the products to disable. Pure."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from datetime import datetime

from attrs import field, frozen

from oro_prima.ids import OroProductId, OroSku
from oro_prima.mapping.product_units import UnitPolicy
from oro_prima.mapping.publication import (
    DisableProducts,
    GateFacts,
    PublicationPolicy,
    ShopUnit,
    Verdict,
    publication_gate,
)
from oro_prima.plans.commands import DisableProduct
from oro_prima.reasons import Reason, ReasonCode

SHOWN = 5
LIMIT = "publication/changes"
UNMAPPED = frozenset(
    {
        ReasonCode.UNKNOWN_UNIT,
        ReasonCode.KIT_NOT_MAPPED,
        ReasonCode.UNIT_MODE_BROKEN,
        ReasonCode.BARCODE_INVALID,
        ReasonCode.BARCODE_AMBIGUOUS,
        ReasonCode.BARCODE_DIFFERS,
    }
)
"""Reasons that an order of the unit would be held for, whatever else is right."""


@frozen
class ProductPolicies:
    """How units are mapped, and what happens to products that are not."""

    units: UnitPolicy
    publication: PublicationPolicy


@frozen
class ShopProduct:
    """A product of the shop: whether it is enabled, and the units that it is sold in."""

    id: OroProductId
    sku: OroSku
    enabled: bool
    units: tuple[ShopUnit, ...]


@frozen
class ProductSnapshot:
    """
    All that a plan looks at, read once; `now` is the shop's.

    Attributes:
        facts: What the gate looks things up in.
        judged: What could be judged at all; the others say nothing for or against a unit.
        let_go: A person lets more products be disabled than the limit.
        only: Products that the run is of; None for all. The limit is judged by all.
    """

    now: datetime
    facts: GateFacts
    products: tuple[ShopProduct, ...] = ()
    judged: frozenset[ReasonCode] = field(factory=lambda: frozenset(ReasonCode))
    let_go: bool = False
    only: frozenset[OroSku] | None = None


@frozen
class ProductPlan:
    """
    What differs from what the gate says, and what is disabled.

    Attributes:
        commands: Enabled products none of whose units is mapped; empty unless the policy says so.
        against: Units of enabled products with something against them.
        ready: Disabled products with nothing against any unit; a person may enable them.
        reasons: One for each code, with the units that it is said of.
    """

    commands: tuple[DisableProduct, ...]
    against: tuple[Verdict, ...]
    ready: tuple[OroSku, ...]
    reasons: tuple[Reason, ...]
    enabled: int

    def summary(self) -> str:
        """Return one line a person reads at a glance."""
        return (
            f"products: {self.enabled} enabled, {len(self.against)} of their units should not be "
            f"online, {len(self.ready)} disabled products could be, "
            f"{len(self.commands)} to disable"
        )


def plan_products(snapshot: ProductSnapshot, policy: ProductPolicies) -> ProductPlan:
    """
    Judge every product unit, and decide which products are disabled.

    Only a product none of whose units is mapped is ever disabled: every order of it would be held.
    Nothing is ever enabled; a person does that.
    """
    ordered = sorted(snapshot.products, key=lambda one: (len(one.id), one.id))
    verdicts = _verdicts(snapshot, ordered, policy.units)
    enabled = [one for one in ordered if one.enabled]
    against = tuple(v for one in enabled for v in verdicts[one.id] if v.reasons)
    wrong = [one for one in enabled if _is_unmapped(verdicts[one.id])]
    commands, over = _commands(wrong, len(enabled), snapshot, policy.publication)
    plan = ProductPlan(
        commands=commands,
        against=against,
        ready=tuple(
            one.sku
            for one in ordered
            if not one.enabled and one.units and not any(v.reasons for v in verdicts[one.id])
        ),
        reasons=(*_by_code(against), *over),
        enabled=len(enabled),
    )
    return plan if snapshot.only is None else _of_scope(plan, wrong, snapshot, snapshot.only)


def _of_scope(
    plan: ProductPlan,
    wrong: Iterable[ShopProduct],
    snapshot: ProductSnapshot,
    only: Container[OroSku],
) -> ProductPlan:
    """Take out what is said of other products, and of how many something is said."""
    stopped = any(one.sku in only for one in wrong)
    return ProductPlan(
        commands=tuple(one for one in plan.commands if one.sku in only),
        against=tuple(one for one in plan.against if one.sku in only),
        ready=tuple(sku for sku in plan.ready if sku in only),
        reasons=tuple(one for one in plan.reasons if one.subject == LIMIT and stopped),
        enabled=sum(one.enabled and one.sku in only for one in snapshot.products),
    )


def _verdicts(
    snapshot: ProductSnapshot, products: Iterable[ShopProduct], policy: UnitPolicy
) -> Mapping[OroProductId, list[Verdict]]:
    some = tuple(products)
    units = [(one.id, unit) for one in some for unit in one.units]
    found: dict[OroProductId, list[Verdict]] = {one.id: [] for one in some}
    verdicts = publication_gate((unit for _id, unit in units), snapshot.facts, policy)
    for (product, _unit), verdict in zip(units, verdicts, strict=True):
        reasons = tuple(r for r in verdict.reasons if r.code in snapshot.judged)
        found[product].append(Verdict(verdict.sku, verdict.unit, reasons))
    return found


def _is_unmapped(verdicts: Iterable[Verdict]) -> bool:
    """Tell whether a product has units, and none of them is mapped."""
    some = list(verdicts)
    return bool(some) and all(any(r.code in UNMAPPED for r in v.reasons) for v in some)


def _commands(
    wrong: list[ShopProduct], enabled: int, snapshot: ProductSnapshot, policy: PublicationPolicy
) -> tuple[tuple[DisableProduct, ...], tuple[Reason, ...]]:
    if policy.disable is DisableProducts.NEVER or not wrong:
        return (), ()
    if not snapshot.let_go and not policy.limit.allows(len(wrong), of=enabled):
        detail = policy.limit.told(len(wrong), of=enabled)
        return (), (Reason(ReasonCode.CHANGES_OUTSIDE_LIMIT, LIMIT, detail),)
    return tuple(DisableProduct(one.id, one.sku) for one in wrong), ()


def _by_code(against: Iterable[Verdict]) -> Iterable[Reason]:
    """Tell each code once, with how many units it is said of, and the first of them."""
    found: dict[ReasonCode, list[str]] = {}
    for verdict in against:
        for code in dict.fromkeys(reason.code for reason in verdict.reasons):
            found.setdefault(code, []).append(f"{verdict.sku}/{verdict.unit}")
    for code, units in sorted(found.items()):
        more = f" and {len(units) - SHOWN} more" if len(units) > SHOWN else ""
        detail = f"{len(units)} product units online: {', '.join(units[:SHOWN])}{more}"
        yield Reason(code, f"publication/{code.value}", detail)
