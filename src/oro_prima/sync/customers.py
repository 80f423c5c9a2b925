"""The customers flow: accounts of Prima to linked customers; nothing is linked by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from attrs import evolve

from oro_prima.errors import CallError, Effect, Fault
from oro_prima.mapping.account_fields import CustomerPolicy
from oro_prima.oro.calls.bulk import write_all
from oro_prima.oro.calls.drafts import Entry
from oro_prima.oro.calls.price_lists import (
    create_customer_price_list,
    update_customer_price_list,
)
from oro_prima.oro.models.customers import CUSTOMERS, CustomerFields
from oro_prima.oro.models.operations import Done, InDoubt, Refused
from oro_prima.plans.commands import AssignPriceList, MovePriceList, SetCustomer
from oro_prima.plans.customers import (
    ChangedLinks,
    CustomerPlan,
    CustomerSnapshot,
    KnownAccounts,
    plan_customers,
)
from oro_prima.plans.flow_recording import CustomerQuestion
from oro_prima.plans.scopes import EVERYTHING, CustomerScope
from oro_prima.ports import Ports
from oro_prima.prima.models.account import Account
from oro_prima.prima.models.capabilities import Capability
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.records import Flow, RecordState
from oro_prima.sync.approval import as_planned
from oro_prima.sync.capabilities import gather_capability
from oro_prima.sync.gather_customers import gather_customers
from oro_prima.sync.keeping import keep
from oro_prima.sync.known_accounts import (
    ACCOUNTS_KEPT,
    LINKS_KEPT,
    merged_accounts,
    merged_links,
)
from oro_prima.sync.operations import bulk_of, look_after
from oro_prima.sync.readings import note_reading
from oro_prima.sync.recordings import keep_question
from oro_prima.sync.report import FlowReport
from oro_prima.sync.run import FlowRun, look
from oro_prima.sync.tally import Tally, reported

CHANGED, REFUSED, DOUBT = "changed", "refused", "in doubt"
Approve = Callable[[CustomerPlan], CustomerPlan]


def preview_customers(
    ports: Ports, policy: CustomerPolicy, *, scope: CustomerScope = EVERYTHING
) -> CustomerPlan:
    """
    Show what a run would write of customers. Reads both systems, writes nothing.

    Raises:
        ConfigError: `not available: account is unbound`.
        CallError: a system cannot be read.
    """
    run = look(ports, Flow.CUSTOMERS)
    with gather_capability(run.ports, Capability.ACCOUNT, Account) as found:
        return plan_customers(gather_customers(run, found, policy, scope=scope), policy)


def sync_customers(
    ports: Ports,
    policy: CustomerPolicy,
    *,
    scope: CustomerScope = EVERYTHING,
    approve: Approve = as_planned,
) -> FlowReport:
    """
    Keep linked customers as Prima says, and remember what orders depend on.

    A stop in Prima, and a link whose evidence has changed, hold orders from here on. Nothing is
    created in Prima, and no link is made.

    Args:
        ports: What it acts through.
        policy: What of a customer is kept.
        scope: What the run is of. Everything is read all the same: the answer and the limit are
            judged as a whole.
        approve: Given the plan before it is carried out, and gives back what of it is.

    Raises:
        ConfigError: `not available: account is unbound`.
        FlowStoppedError: the store has no cut-over record.
        StoreError: the store failed, or another run holds the lease of the flow.
    """

    def act(run: FlowRun, tally: Tally) -> None:
        _run(run, tally, policy, scope, approve)

    return reported(ports, Flow.CUSTOMERS, act, scope)


def _run(
    run: FlowRun, tally: Tally, policy: CustomerPolicy, scope: CustomerScope, approve: Approve
) -> None:
    if look_after(run):
        run.stop("a batch of an earlier run may still write customers")
        return
    run.tell("reading Prima's accounts")
    with (
        run.patient(run.ports.snapshot_timeout),
        gather_capability(run.ports, Capability.ACCOUNT, Account) as found,
    ):
        snapshot = gather_customers(run, found, policy, scope=scope)
        _note_reading(run, snapshot)
        planned = plan_customers(snapshot, policy)
        keep_question(run, CustomerQuestion(snapshot, policy), planned)
        plan = approve(planned)
        _keep(run, plan, snapshot, policy, tally)
        failed = _apply(run, plan, tally)
    _settle(run, plan, failed, tally, snapshot)


def _note_reading(run: FlowRun, snapshot: CustomerSnapshot) -> None:
    """Say in the journal what was read of both sides; no hash is made of names and addresses."""
    bare = (evolve(one, name="", addresses=()) for one in snapshot.accounts)
    how_much = f"{len(snapshot.accounts)} accounts, {len(snapshot.customers)} customers"
    note_reading(run, "customers", how_much, (*bare, *snapshot.faults, *snapshot.customers))


def _keep(
    run: FlowRun,
    plan: CustomerPlan,
    snapshot: CustomerSnapshot,
    policy: CustomerPolicy,
    tally: Tally,
) -> None:
    """Keep what orders depend on, before anything is written: a stop counts at once."""
    run.ports.step("before-keep")
    approved = tuple((one, snapshot.links[one].approved_at) for one in plan.changed)
    known, changed = (
        KnownAccounts(snapshot.now + policy.trust_for, plan.seen),
        ChangedLinks(approved),
    )
    if snapshot.only is not None:
        kept = run.ports.store.kept(run.flow, (ACCOUNTS_KEPT, LINKS_KEPT))
        known = merged_accounts(kept, known, now=snapshot.now)
        changed = merged_links(kept, changed, of=snapshot.only)
    with run.write() as tx:
        if plan.seen:
            tx.put_kept(keep(run.flow, ACCOUNTS_KEPT, known, at=run.now()))
        tx.put_kept(keep(run.flow, LINKS_KEPT, changed, at=run.now()))
    tally.add("customers read", plan.customers_read)
    tally.add("accounts on stop", sum(one.on_stop for one in plan.seen))


def _apply(run: FlowRun, plan: CustomerPlan, tally: Tally) -> list[Reason]:
    """Write, fields first; what is refused is a reason, and the others go on."""
    tally.add(CHANGED, 0)
    failed = _set_customers(run, [c for c in plan.commands if isinstance(c, SetCustomer)], tally)
    for command in plan.commands:
        if run.stopped is None and not isinstance(command, SetCustomer):
            failed += _assign(run, command, tally)
    return failed


def _set_customers(run: FlowRun, commands: Sequence[SetCustomer], tally: Tally) -> list[Reason]:
    entries = [Entry(_fields(command), key=command.customer) for command in commands]
    failed: list[Reason] = []
    done: list[SetCustomer] = []
    run.keep_lease(run.ports.shop_timeout)
    run.ports.step("before-write")
    try:
        for outcome in write_all(run.ports.shop, CUSTOMERS, entries=entries, bulk=bulk_of(run)):
            run.keep_lease()
            command = commands[outcome.index]
            match outcome:
                case Done():
                    done.append(command)
                case Refused(reasons=reasons):
                    why = ", ".join(f"{title} {field}".strip() for title, field in reasons)
                    failed.append(_reason(command.customer, ReasonCode.CUSTOMER_REFUSED, why))
                    tally.add(REFUSED)
                case InDoubt(why=why):
                    failed.append(_reason(command.customer, ReasonCode.WRITE_IN_DOUBT, why))
                    tally.add(DOUBT)
    except CallError as error:
        run.stop(str(error), error)
    run.ports.step("after-write")
    _note(run, done)
    tally.add(CHANGED, len(done))
    return failed


def _fields(command: SetCustomer) -> CustomerFields:
    fields: CustomerFields = {}
    if command.group:
        fields["group"] = command.group
    if command.payment_term:
        fields["payment_term"] = command.payment_term
    if command.tax_code:
        fields["tax_code"] = command.tax_code
    return fields


def _note(run: FlowRun, commands: Iterable[SetCustomer]) -> None:
    with run.write() as tx:
        for command in commands:
            fields = ", ".join(f"{name} {value}" for name, value in _fields(command).items())
            run.note(tx, "customer set", f"customers/{command.customer}", fields)


def _reason(customer: str, code: ReasonCode, detail: str) -> Reason:
    return Reason(code, f"customers/{customer}", detail)


def _assign(run: FlowRun, command: AssignPriceList | MovePriceList, tally: Tally) -> list[Reason]:
    """Assign a list; after a lost answer the next run looks what is there, and none is sent."""
    run.keep_lease(run.ports.shop_timeout)
    run.ports.step("before-assign")
    try:
        if isinstance(command, MovePriceList):
            run.ports.shop.send(
                update_customer_price_list(
                    command.assignment, fields={"price_list": command.price_list}
                )
            )
        else:
            run.ports.shop.send(
                create_customer_price_list(
                    {
                        "customer": command.customer,
                        "price_list": command.price_list,
                        "sort_order": command.sort_order,
                        "merge_allowed": True,
                    }
                )
            )
    except CallError as error:
        if error.fault is Fault.RECORD and error.effect is Effect.NONE:
            tally.add(REFUSED)
            return [_reason(command.customer, ReasonCode.CUSTOMER_REFUSED, error.detail)]
        run.stop(str(error), error)
        return []
    run.ports.step("after-assign")
    tally.add(CHANGED)
    with run.write() as tx:
        subject = f"customers/{command.customer}"
        run.note(tx, "price list assigned", subject, f"price list {command.price_list}")
    return []


def _settle(
    run: FlowRun,
    plan: CustomerPlan,
    failed: Sequence[Reason],
    tally: Tally,
    snapshot: CustomerSnapshot,
) -> None:
    """Hold what waits for a person, and settle what no longer does."""
    reasons: dict[str, tuple[Reason, ...]] = {}
    for reason in (*plan.reasons, *failed):
        reasons[reason.subject] = (*reasons.get(reason.subject, ()), reason)
    with run.write() as tx:
        for subject, some in sorted(reasons.items()):
            tally.settle(run, tx, subject, some)
        for subject in _gone(run, plan, reasons.keys(), snapshot):
            tally.settle(run, tx, subject, ())


def _gone(
    run: FlowRun, plan: CustomerPlan, named: Iterable[str], snapshot: CustomerSnapshot
) -> list[str]:
    """Return what is held of this flow and no longer true; a stopped run has not seen it all."""
    if run.stopped is not None or (plan.refused and not plan.seen):
        return []
    still = frozenset(named)
    held = run.ports.store.exceptions((RecordState.HELD,))
    gone = [r.subject for r in held if r.flow is Flow.CUSTOMERS and r.subject not in still]
    if snapshot.only is None:
        return gone
    mine = {f"customers/{one}" for one in snapshot.only}
    return [subject for subject in gone if subject in mine]
