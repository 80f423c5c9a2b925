"""The products flow: what should not be online is told, and by choice taken off the shop."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from attrs import evolve, frozen

from oro_prima.errors import CallError, ConfigError, Effect, Fault
from oro_prima.ids import OroSku
from oro_prima.oro.calls.products import update_product
from oro_prima.oro.models.stock import StockSettings
from oro_prima.plans.commands import DisableProduct
from oro_prima.plans.flow_recording import ProductQuestion
from oro_prima.plans.products import ProductPlan, ProductPolicies, ProductSnapshot, plan_products
from oro_prima.plans.scopes import EVERYTHING, ProductScope
from oro_prima.ports import Ports, Store, Transaction
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.records import Flow, RecordState
from oro_prima.sync.approval import as_planned
from oro_prima.sync.gather_prices import Lists
from oro_prima.sync.gather_products import gather_products
from oro_prima.sync.keeping import keep, recall
from oro_prima.sync.readings import note_reading
from oro_prima.sync.recordings import keep_question
from oro_prima.sync.report import FlowReport
from oro_prima.sync.run import FlowRun, look
from oro_prima.sync.tally import Tally, reported

DISABLED, ENABLED, AGAINST = "disabled", "enabled again", "product units that should not be online"
READY = "disabled products that could be online"
PREFIX = "disabled/"
"""Subjects of what was disabled: by run."""
Approve = Callable[[ProductPlan], ProductPlan]


@frozen
class DisabledProducts:
    """Products that a run took off the shop, so that a person can put them back."""

    run: str
    products: tuple[DisableProduct, ...]


def preview_products(
    ports: Ports,
    policy: ProductPolicies,
    *,
    lists: Lists,
    defaults: StockSettings,
    scope: ProductScope = EVERYTHING,
) -> ProductPlan:
    """
    Show what should not be online, and what would be disabled. Writes nothing.

    Raises:
        CallError: a system cannot be read.
    """
    run = look(ports, Flow.PRODUCTS)
    snapshot = gather_products(run, lists=lists, defaults=defaults, scope=scope)
    return plan_products(snapshot, policy)


def sync_products(
    ports: Ports,
    policy: ProductPolicies,
    *,
    lists: Lists,
    defaults: StockSettings,
    scope: ProductScope = EVERYTHING,
    approve: Approve = as_planned,
) -> FlowReport:
    """
    Judge every product unit; tell each fault once; disable what is not mapped where that is chosen.

    Args:
        ports: What it acts through.
        policy: How units are mapped, and what is disabled.
        lists: Price lists that are made of books.
        defaults: What the system configuration says of stock.
        scope: What the run is of. Everything is read all the same: the limit is that of all
            products, and faults are told of all together, by runs of everything alone.
        approve: Given the plan before it is carried out, and gives back what of it is.

    Raises:
        FlowStoppedError: the store has no cut-over record.
        StoreError: the store failed, or another run holds the lease of the flow.
    """

    def act(run: FlowRun, tally: Tally) -> None:
        snapshot = gather_products(run, lists=lists, defaults=defaults, scope=scope)
        _note_reading(run, snapshot)
        planned = plan_products(snapshot, policy)
        keep_question(run, ProductQuestion(snapshot, policy), planned)
        plan = approve(planned)
        tally.add(AGAINST, len(plan.against))
        tally.add(READY, len(plan.ready))
        _settle(run, plan, _disable(run, plan.commands, tally), tally, snapshot)

    return reported(ports, Flow.PRODUCTS, act, scope)


def _note_reading(run: FlowRun, snapshot: ProductSnapshot) -> None:
    """Say in the journal what was read of both sides."""
    live = sorted(map(repr, snapshot.facts.live))
    how_much = f"{len(snapshot.products)} products, {len(live)} SKUs"
    priced = sorted(map(repr, snapshot.facts.priced))
    note_reading(run, "publication", how_much, (*snapshot.products, *live, *priced))


def _disable(run: FlowRun, commands: Sequence[DisableProduct], tally: Tally) -> list[Reason]:
    """Keep what is taken off, then take it off one by one."""
    if not commands:
        return []
    kept = DisabledProducts(run.id, tuple(commands))
    with run.write() as tx:
        tx.put_kept(keep(run.flow, f"{PREFIX}{run.id}", kept, at=run.now()))
        run.note(tx, "products disabled", "publication", f"{len(commands)} products, run {run.id}")
    failed: list[Reason] = []
    for command in commands:
        run.ports.step("before-disable")
        failed += _set(run, command, "disabled", tally, DISABLED)
        run.ports.step("after-disable")
        if run.stopped is not None:
            break
    return failed


def _set(
    run: FlowRun, command: DisableProduct, status: str, tally: Tally, name: str
) -> list[Reason]:
    run.keep_lease(run.ports.shop_timeout)
    try:
        run.ports.shop.send(update_product(command.product, fields={"status": status}))
    except CallError as error:
        if error.fault is not Fault.RECORD or error.effect is not Effect.NONE:
            run.stop(str(error), error)
            return []
        return [Reason(ReasonCode.PRODUCT_REFUSED, _subject_of(command.sku), error.detail)]
    tally.add(name)
    return []


def _subject_of(sku: OroSku) -> str:
    return f"publication/products/{sku}"


def _settle(
    run: FlowRun,
    plan: ProductPlan,
    failed: Sequence[Reason],
    tally: Tally,
    snapshot: ProductSnapshot,
) -> None:
    reasons = {reason.subject: (reason,) for reason in (*plan.reasons, *failed)}
    held = run.ports.store.exceptions((RecordState.HELD,))
    gone = [r.subject for r in held if r.flow is Flow.PRODUCTS and r.subject not in reasons]
    if snapshot.only is not None:
        mine = {_subject_of(sku) for sku in snapshot.only}
        gone = [subject for subject in gone if subject in mine]
    with run.write() as tx:
        for subject, some in sorted(reasons.items()):
            tally.settle(run, tx, subject, some)
        for subject in gone if run.stopped is None else ():
            tally.settle(run, tx, subject, ())


def disabled_products(store: Store) -> tuple[DisabledProducts, ...]:
    """Return what runs took off the shop and nobody put back, by run."""
    return tuple(recall(one, DisabledProducts) for one in store.kept_below(Flow.PRODUCTS, PREFIX))


def restore_products(ports: Ports, *, run_id: str, by: str, note: str = "") -> FlowReport:
    """
    Enable again what a run disabled; what the shop refuses can be tried again later.

    Raises:
        ConfigError: no run of that id disabled anything.
        StoreError: the store failed, or a run of the flow works.
    """
    found = next((one for one in disabled_products(ports.store) if one.run == run_id), None)
    if found is None:
        known = "`oro-prima products disabled` lists them"
        raise ConfigError((f"no run {run_id} disabled products; {known}",))

    def act(run: FlowRun, tally: Tally) -> None:
        left: list[DisableProduct] = []
        failed: list[Reason] = []
        for command in found.products:
            refused = _set(run, command, "enabled", tally, ENABLED)
            if run.stopped is not None:
                return
            left += [command] if refused else []
            failed += refused
        with run.write() as tx:
            for reason in failed:
                tally.settle(run, tx, reason.subject, (reason,))
            _keep_left(run, tx, evolve(found, products=tuple(left)))
            back, wanted = len(found.products) - len(left), len(found.products)
            what = f"{back} of {wanted} products of run {run_id}, by {by}: {note}"
            run.note(tx, "products enabled again", "publication", what)

    return reported(ports, Flow.PRODUCTS, act)


def _keep_left(run: FlowRun, tx: Transaction, left: DisabledProducts) -> None:
    """Keep what the shop refused to enable, so that it can be tried again."""
    subject = f"{PREFIX}{left.run}"
    if left.products:
        tx.put_kept(keep(run.flow, subject, left, at=run.now()))
    else:
        tx.drop_kept(run.flow, subject)
