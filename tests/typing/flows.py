"""Every public name of the flows that bindings make possible, used as its types say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from oro_prima.call import Headers
from oro_prima.config import Config, WebhookConfig
from oro_prima.ids import OroCustomerId, OroOrderId, PrimaAccount, PrimaOrderNumber
from oro_prima.mapping import (
    ChangedPrice,
    CustomerField,
    CustomerNow,
    CustomerPolicy,
    CustomerShould,
    DisableProducts,
    Ends,
    Hint,
    HintPolicy,
    Hints,
    InvoicedLine,
    InvoicedOrder,
    InvoiceMatches,
    InvoicePolicy,
    Invoicing,
    LastRun,
    Leeway,
    Limit,
    LinkProposal,
    ListedPrice,
    Noted,
    OrderPolicy,
    PostedLine,
    PostedOrder,
    PriceChanges,
    PriceWritePolicy,
    PublicationPolicy,
    SchedulePolicy,
    ScheduleSnapshot,
    StagedDay,
    StagedPrice,
    Task,
    Waiting,
    compare_listed,
    delivery_drift,
    due_hints,
    due_tasks,
    hint_again,
    invoices_subject,
    late_tasks,
    map_account,
    match_invoices,
    merged_invoices,
    next_due,
    next_hint,
    note_hint,
    order_of_number,
    posted_lines,
    resolve_hint,
    terms_by_prima,
    upcoming_days,
    without_hints,
)
from oro_prima.plans import (
    EVERYTHING,
    AddPrice,
    AssignPriceList,
    ChangedLinks,
    CustomerPlan,
    CustomerScope,
    CustomerSnapshot,
    DisableProduct,
    EndPrice,
    Everything,
    InvoicePlan,
    InvoiceSnapshot,
    KnownAccounts,
    KnownInvoices,
    MovePriceList,
    OfCustomers,
    OfDays,
    OfOrders,
    OfProducts,
    OrderScope,
    PricePlan,
    PricePolicies,
    PriceSnapshot,
    ProductPlan,
    ProductPolicies,
    ProductScope,
    ProductSnapshot,
    Scope,
    SeenAccount,
    SetCustomer,
    SetPrice,
    ShopProduct,
    StockPlan,
    plan_customers,
    plan_invoices,
    plan_prices,
    plan_products,
    scope_text,
)
from oro_prima.ports import Ports
from oro_prima.prima.models import PrimaOrder
from oro_prima.prima.models.account import Account
from oro_prima.prima.models.invoice import Invoice
from oro_prima.reasons import Reason
from oro_prima.records import Flow, LedgerEntry, Link
from oro_prima.sync import (
    DisabledProducts,
    EndedPrices,
    FlowReport,
    HintCounts,
    HintReport,
    Paused,
    RunReport,
    StagedList,
    customers_named,
    disabled_products,
    ended_prices,
    hint_counts,
    invoiced_orders,
    keep_hints,
    kept_hints,
    known_accounts,
    last_runs,
    next_turn,
    note_hint_counts,
    note_run,
    numbered_addresses,
    orders_named,
    pause_flow,
    paused_flows,
    preview_customers,
    preview_invoices,
    preview_orders,
    preview_prices,
    preview_products,
    preview_small_stock,
    products_named,
    propose_customer_links,
    read_hint,
    refuse_paused,
    restore_prices,
    restore_products,
    resume_flow,
    staged_counts,
    staged_prices,
    sync_customers,
    sync_hints,
    sync_invoices,
    sync_orders,
    sync_prices,
    sync_products,
    sync_stock,
)
from oro_prima.values import LocalDate, Secret


def invoices(ports: Ports, config: Config, entries: Mapping[OroOrderId, LedgerEntry]) -> None:
    """Read, kept, and matched again without asking anybody."""
    policy: InvoicePolicy = config.flows.invoices
    plans: list[InvoicePlan] = list(preview_invoices(ports, config.orders, policy, config.polls))
    report: FlowReport = sync_invoices(ports, config.orders, policy, config.polls)
    counts: Mapping[str, int] = report.counts
    found: Mapping[OroOrderId, InvoicedOrder] = invoiced_orders(ports.store, entries)
    print([plan.summary() for plan in plans], report.ok, report.held, counts, found)


def matching(
    now: datetime, order: PrimaOrder, documents: tuple[Invoice, ...], policy: OrderPolicy
) -> None:
    """The rules alone."""
    lines: tuple[PostedLine, ...] = posted_lines(order)
    number = PrimaOrderNumber("300000170")
    posted = PostedOrder(OroOrderId("17"), number, "GBP", lines)
    matches: InvoiceMatches = match_invoices([posted], merged_invoices((), documents))
    for one in matches.orders:
        state: Invoicing = one.state
        billed: tuple[InvoicedLine, ...] = one.lines
        print(state, billed, one.invoiced, one.credited, invoices_subject(one.number))
    owner: OroOrderId | None = order_of_number(number, policy=policy)
    known = KnownInvoices(number, "GBP", lines, documents)
    snapshot = InvoiceSnapshot(now, posted=(posted,), known={number: known})
    plan: InvoicePlan = plan_invoices(snapshot, policy)
    print(owner, plan.keep, InvoicePolicy(ask_for=timedelta(days=30)))


def customers(ports: Ports, config: Config) -> None:
    """Kept as Prima says."""
    policy: CustomerPolicy = config.flows.customers
    plan: CustomerPlan = preview_customers(ports, policy)
    for command in plan.commands:
        match command:
            case SetCustomer(customer=customer, group=group):
                print(customer, group, command.payment_term, command.tax_code)
            case AssignPriceList(price_list=price_list):
                print(price_list, command.sort_order)
            case MovePriceList(assignment=assignment):
                print(assignment)
    report: FlowReport = sync_customers(ports, policy)
    known: dict[PrimaAccount, SeenAccount] = known_accounts(ports.store)
    proposals: tuple[LinkProposal, ...] = propose_customer_links(ports)
    print(report.ok, known, [one.pinned for one in proposals], numbered_addresses(ports))


def accounts_alone(now: datetime, account: Account, link: Link, customer: OroCustomerId) -> None:
    """The rules alone."""
    limit: Leeway = CustomerPolicy(writes=frozenset({CustomerField.GROUP})).limit
    terms: Mapping[str, tuple[str, ...]] = terms_by_prima({"2": "30EOM"})
    shown = CustomerNow(customer)
    should: CustomerShould = map_account(shown, account, CustomerPolicy(), terms=terms)
    drift: Iterator[Reason] = delivery_drift([(customer, account)], {customer: ("1",)})
    snapshot = CustomerSnapshot(now, {customer: link}, (shown,), accounts=(account,), terms=terms)
    plan: CustomerPlan = plan_customers(snapshot, CustomerPolicy(most_share=Decimal(1)))
    known = KnownAccounts(now, plan.seen)
    print(limit.allows(1, of=2), should.changes, list(drift), known.accounts, ChangedLinks(()))


def prices(ports: Ports, config: Config) -> None:
    """Made what the books say, ended and put back."""
    policies = PricePolicies(config.books, config.flows.pricing)
    ends: Limit = config.flows.pricing.limit
    print(ends.allows(1, of=2), ends.most(2))
    lists = config.flows.customers.price_lists
    plans: list[PricePlan] = list(preview_prices(ports, lists, policies))
    for command in (command for plan in plans for command in plan.commands):
        match command:
            case SetPrice(id=key, previous=previous):
                print(key, previous)
            case AddPrice(product=product):
                print(product, command.price)
            case EndPrice(product=product):
                print(product, command.id)
    report: FlowReport = sync_prices(ports, lists, policies)
    ended: tuple[EndedPrices, ...] = ended_prices(ports.store)
    back: FlowReport = restore_prices(ports, run_id=ended[0].run, by="Kim", note="a slip")
    coming: tuple[StagedList, ...] = (*staged_prices(ports.store), *staged_counts(ports.store))
    print([one.days for one in coming], next_turn(ports.store, lists.values()))
    print(report.ok, back.counts, Ends.REMOVE, PriceWritePolicy().limit)


def prices_alone(snapshot: PriceSnapshot, policies: PricePolicies, row: ListedPrice) -> None:
    """The rules alone."""
    plan: PricePlan = plan_prices(snapshot, policies)
    found: PriceChanges = compare_listed([row.price], [row], currency="GBP", sure=frozenset())
    changed: tuple[ChangedPrice, ...] = found.changed
    later = upcoming_days([one.row for one in snapshot.rows], after=snapshot.day)
    staged: tuple[StagedDay, ...] = plan.staged
    rows: list[StagedPrice] = [row for day in staged for row in day.rows]
    print(plan.summary(), plan.ends, changed, later, plan.made, rows)


def running(ports: Ports, now: datetime) -> None:
    """What is due, who paused what, and how runs ended."""
    store = ports.store
    last: Mapping[Task, LastRun] = last_runs(store)
    snapshot = ScheduleSnapshot(now, frozenset(Task), ports.zone, last)
    policy = SchedulePolicy(orders=timedelta(minutes=2), priority=("orders",))
    due: tuple[Task, ...] = due_tasks(snapshot, policy)
    at: datetime | None = next_due(snapshot, policy)
    done: bool = pause_flow(store, flow=Flow.ORDERS, by="Kim", at=now, note="a count")
    paused: Mapping[Flow, Paused] = paused_flows(store)
    refuse_paused(store, Flow.STOCK)
    back: bool = resume_flow(store, flow=Flow.ORDERS, by="Kim", at=now)
    one = note_run(store, Task.ORDERS, started=now, finished=now, stopped=False, summary="")
    print(due, at, done, paused, back, one.ended_well, late_tasks(snapshot, policy))


def products(ports: Ports, config: Config, now: datetime) -> None:
    """What should not be online, taken off and put back."""
    policy = ProductPolicies(config.products, PublicationPolicy(DisableProducts.UNMAPPED))
    lists, defaults = config.flows.customers.price_lists, config.oro.inventory_defaults
    plan: ProductPlan = preview_products(ports, policy, lists=lists, defaults=defaults)
    off: tuple[DisableProduct, ...] = plan.commands
    report: FlowReport = sync_products(ports, policy, lists=lists, defaults=defaults)
    found: tuple[DisabledProducts, ...] = disabled_products(ports.store)
    back: FlowReport = restore_products(ports, run_id=found[0].run, by="Kim")
    print(plan.summary(), plan.ready, off, report.ok, back.counts)


def products_alone(snapshot: ProductSnapshot, policy: ProductPolicies) -> None:
    """The rule alone."""
    some: tuple[ShopProduct, ...] = snapshot.products
    print(some, plan_products(snapshot, policy).against)


def scopes(ports: Ports, config: Config, today: LocalDate) -> None:
    """What a run is of."""
    orders: OfOrders = orders_named(ports, ["1042"], flow=Flow.ORDERS)
    customers: OfCustomers = customers_named(ports, ["7"])
    goods: OfProducts = products_named(ports, ["BOOT"], flow=Flow.STOCK)
    days = OfDays(today, today)
    begin, end = days.instants(ports.zone)
    several: tuple[OrderScope, ...] = (EVERYTHING, orders, days)
    everything: Everything = EVERYTHING
    who: CustomerScope = customers
    what: ProductScope = goods
    text: str = scope_text(days)
    for scope in several:
        posted: RunReport = sync_orders(
            ports, config.orders, scope=scope, approve=lambda plan: plan
        )
        print(posted.missing, list(preview_orders(ports, config.orders, scope=scope)))
    kept = sync_customers(ports, config.flows.customers, scope=who)
    plan: StockPlan = preview_small_stock(ports, config.stock)
    stock = sync_stock(ports, config.stock, scope=what)
    any_scope: Scope = what
    print(kept.ok, plan.commands, stock.ok, any_scope, everything, text, begin, end)


def webhooks(ports: Ports, config: Config, body: bytes, headers: Headers, now: datetime) -> None:
    """What a webhook hints at, how hints wait, and what a look comes to."""
    place: WebhookConfig = config.webhooks
    secret, kinds = place.secret or Secret(""), place.kinds
    hint: Hint | None = read_hint(body, headers, secret=secret, now=now, kinds=kinds)
    same: Hint | None = resolve_hint("order.created", key="7")
    policy: HintPolicy = config.webhooks.policy
    order = hint or same or Hint(Flow.ORDERS, "7")
    hints, noted = note_hint(Hints(), order, now=now, policy=policy)
    due: tuple[Hint, ...] = due_hints(hints, now=now, flow=Flow.ORDERS, most=9)
    waiting: Waiting = hints.waiting[order]
    left, given_up = hint_again(hints, [(order, waiting)], now=now, policy=policy)
    at: datetime | None = next_hint(without_hints(left, {order}))
    reports: tuple[HintReport, ...] = sync_hints(
        ports, due, orders=config.orders, customers=config.flows.customers
    )
    keep_hints(ports.store, kept_hints(ports.store, at=now), at=now)
    note_hint_counts(ports.store, HintCounts(1, {"taken": 1}), at=now)
    counts: HintCounts | None = hint_counts(ports.store)
    print(noted is Noted.FULL, given_up, at, [one.missing for one in reports], counts)
