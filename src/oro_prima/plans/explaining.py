"""Why a level shows what it shows: the plan's own rules, run with a recorder."""

from __future__ import annotations

from attrs import evolve

from oro_prima.mapping.explain import Explanation, Tree, Versions
from oro_prima.mapping.policy import StockPolicy
from oro_prima.mapping.stock import NOTHING
from oro_prima.mapping.tables import UnitKey, UnitTable
from oro_prima.plans.shelves import figures_of, flight_of, shelf_of
from oro_prima.plans.snapshots import StockSnapshot
from oro_prima.plans.stock import StockPlan, gone_skus, plan_stock


def explain_stock(
    key: UnitKey,
    snapshot: StockSnapshot,
    policy: StockPolicy,
    *,
    versions: Versions | None = None,
) -> Explanation:
    """
    Say why a product unit is published as it is.

    Args:
        key: Product SKU and unit.
        snapshot: What the plan looks at, whole.
        policy: How free stock is published.
        versions: Versions of the tables (`version_of`), by name: `units`, `sales`.
    """
    tree = Tree("stock.plan_stock", dict(versions or {}), inputs={"unit": "/".join(key)})
    plan = plan_stock(snapshot, policy)
    parts = snapshot.tables.units.get(key)
    if parts is None:
        tree.row("units", "/".join(key))
    else:
        tree.row("units", "/".join(key), components=parts)
        _record_figures(key, snapshot, policy, plan, tree)
    tree.gave(_outcome(key, snapshot, plan))
    return tree.explanation()


def _record_figures(
    key: UnitKey, snapshot: StockSnapshot, policy: StockPolicy, plan: StockPlan, tree: Tree
) -> None:
    """Run the rules on all product units that share stock with this one, and on no other."""
    family = sharing_units(key, snapshot.tables.units)
    units = {one: parts for one, parts in snapshot.tables.units.items() if one in family}
    near = evolve(
        snapshot,
        levels=tuple(level for level in snapshot.levels if (level.sku, level.unit) in family),
        tables=evolve(snapshot.tables, units=units),
    )
    skus = near.tables.skus
    free = {row.sku: row.available for row in snapshot.rows if row.sku in skus}
    gone = () if plan.accepted is None else gone_skus(plan.marks, snapshot, policy)
    free |= {sku: NOTHING for sku in gone if sku in skus}
    shelf = shelf_of(near, absent=skus.difference(free))
    figures_of(near, policy, free, shelf, flight_of(snapshot), to=tree)


def sharing_units(key: UnitKey, units: UnitTable) -> frozenset[UnitKey]:
    """Return the product units that share stock with one, directly or through others."""
    found: set[UnitKey] = {key}
    skus = {part.sku for part in units.get(key, ())}
    while True:
        more = {
            one
            for one, parts in units.items()
            if one not in found and any(part.sku in skus for part in parts)
        }
        if not more:
            return frozenset(found)
        found |= more
        skus |= {part.sku for one in more for part in units[one]}


def _outcome(key: UnitKey, snapshot: StockSnapshot, plan: StockPlan) -> str:
    if plan.refused is not None:
        return f"the snapshot is refused: linked share {plan.refused.linked_share}"
    subjects = ("stock/snapshot", f"stock/{key[0]}/{key[1]}")
    said = [reason for reason in plan.reasons if reason.subject in subjects]
    why = "".join(f"; {reason.code}: {reason.detail}" for reason in said)
    for command in plan.commands:
        if (command.sku, command.unit) == key:
            return f"{command.previous} becomes {command.quantity}{why}"
    shown = [level.quantity for level in snapshot.levels if (level.sku, level.unit) == key]
    stays = ", ".join(f"{quantity} stays" for quantity in shown)
    return f"{stays or 'the shop has no such level'}{why}"
