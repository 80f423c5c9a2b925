"""Every public name, used as a user would: never run, only type-checked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from attrs import evolve

from oro_prima import (
    CallError,
    Config,
    ConfigError,
    FlowStoppedError,
    OroPrimaError,
    RunReport,
    StockReport,
    StoreError,
    __version__,
    connect,
    load_config,
    preview_orders,
    preview_stock,
    reconcile_orders,
    sync_orders,
    sync_stock,
)
from oro_prima.ids import (
    CommandKey,
    OroCustomerId,
    OroOrderId,
    OroPriceListId,
    OroSku,
    OroWebsiteId,
    PrimaAccount,
    PrimaCompany,
    PrimaOrderNumber,
    PrimaPriceBook,
    UnitCode,
)
from oro_prima.mapping import (
    SILENT,
    AccountCard,
    AccountFacts,
    AccountPolicy,
    AccountState,
    AddressPolicy,
    BarcodeUse,
    BaseQuantity,
    BlastRadius,
    BookPolicy,
    Carrier,
    CheckedLine,
    CheckedPrices,
    Component,
    DiscountOwner,
    Duplicates,
    Eligibility,
    Enforcement,
    EvidenceKind,
    Explanation,
    Followed,
    FulfilmentPolicy,
    FulfilmentWrite,
    GateFacts,
    Guarded,
    HoldAction,
    HoldRule,
    Holds,
    Inexact,
    InFlight,
    Inherit,
    LinkEvidence,
    LinkProposal,
    Mapped,
    NumberedAddress,
    OrderPolicy,
    OrderTest,
    Organisation,
    Outcome,
    Overflow,
    PollPolicy,
    PoolMode,
    PriceBasis,
    PriceCatalogue,
    PriceCheck,
    PricePolicy,
    PriceQuestion,
    PriceTables,
    PrimaReserves,
    Progress,
    PromotionGuard,
    PublishedFigure,
    QuantityRule,
    ReadBook,
    Recorder,
    ReferencePolicy,
    Refused,
    ResolvedAccount,
    ResolvedUnits,
    Route,
    RouteRule,
    SharedAccounts,
    ShippingStatus,
    ShopSide,
    ShopUnit,
    StockMode,
    StockPolicy,
    StoppedAccount,
    TableRow,
    Tables,
    TrackingRecord,
    Tree,
    UnitCatalogue,
    UnitMode,
    UnitPolicy,
    UnitShare,
    UnitTable,
    UnknownShipTo,
    Unmapped,
    Variant,
    Verdict,
    WriteBack,
    Writes,
    allocate,
    approve_proposal,
    base_quantities,
    captured_gross,
    captured_vat,
    changed_links,
    check_prices,
    compare_prices,
    customer_reference,
    delivery_number,
    duplicate_reasons,
    eligible,
    enforcement,
    explain_account,
    explain_order,
    explain_price,
    explanation_text,
    explanation_tree,
    fall_reasons,
    hold_reasons,
    in_flight,
    intent_hash,
    line_changes,
    line_prices,
    link_faults,
    map_charges,
    map_fulfilment,
    map_order,
    next_available,
    number_use,
    order_number,
    order_warnings,
    part_of,
    polls_due,
    pool,
    price_index,
    propose_links,
    publication_gate,
    quantity_reasons,
    reference_key,
    resolve_account,
    resolve_components,
    resolve_holds,
    resolve_price,
    resolve_route,
    resolve_unit,
    resolve_units,
    rise_reasons,
    route_faults,
    sales_rates,
    share_faults,
    skus_by_barcode,
    stale_reasons,
    stated_discount,
    total_changed,
    unique_id,
    unknown_facts,
    version_of,
    whole_step,
)
from oro_prima.mapping.coverage import (
    CoverageFacts,
    CoveragePolicy,
    CoverageReport,
    Entity,
    ErpCatalogue,
    Gap,
    Problem,
    Sale,
    ShopCatalogue,
    ShopCustomer,
    SmallestOrder,
    SoldUnit,
    check_coverage,
    revenue_of,
    sales_of,
    smallest_order,
)
from oro_prima.mapping.prices import (
    GUEST,
    AssignedList,
    BelowSmallest,
    BookIndex,
    BookLinks,
    BookPart,
    BookRule,
    Chain,
    ChainLink,
    CustomerBook,
    KitChoice,
    KitItems,
    Level,
    ListedPrices,
    OroPrice,
    Overlap,
    PriceIndex,
    PriceRule,
    PriceSides,
    PriceStorage,
    PriceStrategy,
    VariantRows,
    WebsitePrices,
    book_index,
    combined_tiers,
    customer_books,
    customers_by_lists,
    differing_prices,
    lists_of,
    map_book_prices,
    missing_price,
    price_faults,
    priced_units,
    resolve_book_parts,
    resolve_book_price,
    resolve_kit_price,
)
from oro_prima.observers import log_events, tell_all, unharmed
from oro_prima.oro.models import Order
from oro_prima.plans import (
    AddTracking,
    Command,
    ExpectedUnit,
    FulfilmentDecision,
    FulfilmentPlan,
    FulfilmentSnapshot,
    OrderDecision,
    OrderOnBothSides,
    OrderPlan,
    OrderSnapshot,
    OtherShop,
    PostOrder,
    SetInventoryStatus,
    SetLevel,
    SetOrderStatus,
    StockPlan,
    StockSnapshot,
    UnreadOrder,
    UnreadShop,
    WholePools,
    explain_stock,
    level_facts,
    plan_fulfilment,
    plan_orders,
    plan_pools,
    plan_stock,
    whole_pools,
)
from oro_prima.plans.flow_recording import (
    QUESTIONS,
    FlowPlan,
    Question,
    answer,
    decode_question,
    encode_question,
    hash_of_answer,
    holds_order,
)
from oro_prima.plans.recording import (
    Recording,
    bytes_of_plan,
    decode_recording,
    encode_recording,
    hash_of_plan,
    replan,
    replay_under,
)
from oro_prima.ports import Observer, Ports, Recordings, Seen, Store
from oro_prima.prima.models import PriceBook, PriceBookRow, PrimaOrder
from oro_prima.prima.models.fulfilment import CancelledLine, Despatch, DespatchLine, PrimaFulfilment
from oro_prima.reconcile import (
    Cause,
    Cell,
    Column,
    DayEquation,
    EquationLine,
    Kind,
    OrderNow,
    Revaluation,
    Table,
    Term,
    add_days,
    causes,
    equation_json,
    equation_text,
    reconcile_day,
    table_csv,
    table_html,
    table_json,
    table_text,
)
from oro_prima.reconcile.closing import Closing, closing, equation_table, equations
from oro_prima.reconcile.derive import (
    Derived,
    Proof,
    StoreFault,
    captured_detail,
    derive_orders,
    prove_store,
)
from oro_prima.reconcile.frozen import (
    adjustments_table,
    form_faults,
    table_of,
    tables_of,
)
from oro_prima.reconcile.pack import (
    Adjustment,
    Pack,
    PackFault,
    adjustments,
    pack_faults,
    pack_files,
    pack_hash,
    pack_of_manifest,
)
from oro_prima.reconcile.render.story import story_html, story_json, story_text
from oro_prima.reconcile.reports import (
    REPORTS,
    Bill,
    BillingRules,
    BookedOrder,
    Books,
    CutOffFacts,
    DriftSales,
    Frame,
    LevelFact,
    OrderLife,
    PrimaOnly,
    QueueFacts,
    bills,
    coverage_table,
    cut_off,
    exceptions_report,
    order_match,
    order_to_invoice,
    price_drift,
    stock_drift,
    unmatched,
    vat_by_rate,
)
from oro_prima.reconcile.story import OrderStory, StoryEvent, StoryFacts, order_story
from oro_prima.records import (
    Adoption,
    Capture,
    ExceptionRecord,
    Flow,
    Link,
    RefusedSnapshot,
    Unread,
    frozen_totals,
)
from oro_prima.sandbox import ControlClient, World, in_process, serve, trading_day
from oro_prima.steps import (
    StepInputError,
    handler,
    map_stock,
    run_step,
    schema,
)
from oro_prima.steps import (
    map_order as map_order_step,
)
from oro_prima.steps import (
    post_order as post_order_step,
)
from oro_prima.stores import MemoryStore, SqliteStore
from oro_prima.sync import (
    Catalogues,
    FlowReplayed,
    FrozenPack,
    FulfilmentReport,
    Period,
    Replay,
    Replayed,
    Stopped,
    Verification,
    accept_snapshot,
    adopt_orders,
    ask_prima,
    ask_why,
    assign_held,
    decide_has,
    decide_send,
    dismiss_held,
    find_order,
    find_order_anywhere,
    fix_link,
    forget_order,
    forget_recordings,
    freeze_books,
    gather_books,
    gather_catalogues,
    import_links,
    note_held,
    preview_fulfilment,
    record_cut_over,
    reopen_held,
    replay_flows,
    replay_orders,
    report_coverage,
    report_prices,
    report_stock,
    repost_order,
    retry_held,
    revoke_link,
    sync_fulfilment,
    sync_small_stock,
    tell_order,
    verify_pack,
    verify_store,
    with_despatches,
)
from oro_prima.testing.simulate import (
    ALL_PAIRS,
    BrokenPromiseError,
    Pair,
    Played,
    simulate,
)
from oro_prima.values import LocalDate, SkuKey

NOW = datetime(2031, 5, 4, tzinfo=UTC)
DAY = LocalDate(date(2031, 5, 4))


def flows(path: Path) -> None:
    """A configuration in, reports out."""
    config: Config = load_config(path)
    with connect(config) as ports:
        plans: Iterator[OrderPlan] = preview_orders(ports, config.orders)
        commands: list[tuple[PostOrder, ...]] = [plan.commands for plan in plans]
        report: RunReport = sync_orders(ports, config.orders)
        held: tuple[ExceptionRecord, ...] = report.held
        stopped: Stopped | None = report.stopped
        stock_plan: StockPlan = preview_stock(ports, config.stock)
        stock: StockReport = sync_stock(ports, config.stock)
        small: StockReport = sync_small_stock(ports, config.stock)
        catalogues: Catalogues = gather_catalogues(ports)
        print(catalogues.facts, catalogues.sales)
        equation: DayEquation = reconcile_orders(ports, config.orders, day=DAY)
    print(
        __version__, commands, held, stopped, stock_plan.summary(), stock.ok, equation.ties, small
    )


def rules(order: Order, tables: Tables) -> PrimaOrder | None:
    """The rules alone."""
    policy = OrderPolicy(start_at=NOW, price_basis=PriceBasis.LINE, vat_inclusive=False)
    policy = OrderPolicy(NOW, PriceBasis.OMIT, True, inexact=Inexact.HOLD)
    home: Eligibility = eligible(order, now=NOW, policy=policy)
    outcome: Outcome[PrimaOrder] = map_order(order, tables, policy)
    share = number_use(order.id, policy=policy)
    print(home.home, share, order_number(order.id, policy=policy), DiscountOwner.PRIMA)
    print(captured_gross(order), captured_vat(order), order_warnings(order, policy=policy))
    print(unique_id(CommandKey("pair/orders/7/0"), 1))
    print(intent_hash(order), line_changes((), ()))
    match outcome:
        case Mapped(prima_order):
            return prima_order
        case Unmapped(reasons):
            print([reason.code for reason in reasons])
            return None


def accounts(order: Order, tables: Tables) -> None:
    """Who pays, where it goes, and who may be who."""
    rule = AccountPolicy(
        inherit=Inherit.PARENT,
        shared=SharedAccounts.ALLOW,
        stopped=StoppedAccount.HOLD_IN_PRIMA,
        unknown_ship_to=UnknownShipTo.HOLD,
    )
    found: Outcome[ResolvedAccount] = resolve_account(
        order.customer, tables, rule, currency="GBP", vat_inclusive=False, subject="orders/7"
    )
    here = NumberedAddress("1", "ZZ1 1ZZ")
    if isinstance(found, Mapped) and order.customer is not None:
        number: Outcome[str] = delivery_number(
            order.customer, order.shipping_address, found.value, tables, rule, subject="orders/7"
        )
        print(number, here, unknown_facts(found.value.link, AccountFacts(AccountState.OPEN)))
    one, card = Organisation(OroCustomerId("3")), AccountCard(PrimaAccount("A"))
    proposals: tuple[LinkProposal, ...] = propose_links([one], [card], tables.links)
    for proposal in proposals:
        evidence: tuple[LinkEvidence, ...] = proposal.evidence
        link = approve_proposal(proposal, company=tables.company, by="Kim", at=NOW)
        print(EvidenceKind.CODE, evidence, changed_links([link], [one]), link_faults([link], rule))
    policy = OrderPolicy(NOW, PriceBasis.OMIT, False, accounts=rule)
    why: Explanation = explain_account(one.customer, tables, policy, currency="GBP")
    print(explanation_text(why))


def guards(snapshot: StockSnapshot, table: UnitTable) -> None:
    """How far levels move, how old figures are, when there is more, and why."""
    policy = StockPolicy(buffer_days=Decimal(3), unit_order=(UnitCode("pallet"),))
    key = (OroSku("B"), UnitCode("case"))
    print(rise_reasons(*key, shown=Decimal(1), wanted=9, policy=policy))
    print(fall_reasons(*key, shown=Decimal(9), wanted=1, policy=policy))
    print(stale_reasons(None, now=NOW, policy=policy), sales_rates((), table, days=7))
    day: LocalDate | None = next_available(table[key], {}, {}, today=DAY)
    plan: StockPlan = plan_stock(snapshot, policy)
    expected: tuple[ExpectedUnit, ...] = plan.expected
    asked: WholePools = whole_pools(plan.low, table)
    unread = (UnreadShop("two", "no answer"),)
    near = evolve(snapshot, unread=unread, share_before=Fraction(1, 2))
    part: StockPlan = plan_pools(near, policy, asked=asked)
    print(part.summary(), asked.skus, asked.units)
    print(day, expected, explanation_text(explain_stock(key, snapshot, policy)))


def headers(order: Order, tables: Tables) -> None:
    """An order apart from its lines."""
    test = OrderTest(countries=frozenset({"GB"}), value_above=Decimal(500))
    routes = (RouteRule(test, channel="WEB"),)
    hold = HoldRule(test, HoldAction.APPROVAL, "large", first_order=True)
    references = ReferencePolicy(required=True, duplicates=Duplicates.WARN)
    policy = OrderPolicy(
        NOW,
        PriceBasis.OMIT,
        False,
        addresses=AddressPolicy(overflow=Overflow.JOIN),
        references=references,
        routes=routes,
        holds=(hold,),
    )
    way: Outcome[Route] = resolve_route(order, tables, routes, Route(carrier="DPD"))
    waits: Holds = resolve_holds(order, PrimaAccount("A"), [hold], None)
    number: Outcome[str] = customer_reference(order, references, profile=policy.profile)
    used = {key: [order]} if (key := reference_key(order)) is not None else {}
    print(way, waits, number, duplicate_reasons(order, used), route_faults(routes))
    print(hold_reasons(order, PrimaAccount("A"), [hold], frozenset()), Carrier("DPD"))
    print(map_charges(order, tables, policy), stated_discount(order))
    print(explanation_text(explain_order(order, tables, policy)))


def fulfilment(order: PrimaOrder, key: OroOrderId) -> None:
    """What Prima says, and what the shop can be told of it."""
    rule = FulfilmentPolicy(
        {"Picked": Progress.OPEN}, Writes.TRACKINGS, promotion_guard=PromotionGuard.OFF
    )
    line = DespatchLine(1, order.lines[0].sku, Decimal(2))
    erp = PrimaFulfilment(order.number, "Picked", (Despatch("D1", lines=(line,)),))
    left = (CancelledLine(1, Decimal(0)),)
    shop = ShopSide(key, "not_shipped", trackings=(TrackingRecord("DPD", "1"),))
    write: FulfilmentWrite = map_fulfilment(order, erp, shop, rule)
    status: ShippingStatus | None = write.shipping_status
    print(status, write.guard is Guarded.READ_BACK, write.is_nothing, left)
    print(total_changed(key, before=Decimal(1), after=None))
    print(polls_due([Followed(key, NOW)], now=NOW, policy=PollPolicy(budget=5)))


def units(order: Order) -> None:
    """Product units, prices, free stock."""
    part = Component(SkuKey("BOOT", "F", "070"), Fraction(6))
    table: UnitTable = {(OroSku("B"), UnitCode("case")): (part,)}
    found = resolve_components(OroSku("B"), UnitCode("case"), table, subject="orders/7")
    parts: Outcome[tuple[BaseQuantity, ...]] = base_quantities(Decimal(2), (part,), subject="x")
    policy = OrderPolicy(NOW, PriceBasis.UNIT, False, write_back=WriteBack.EXTERNAL_ID)
    if isinstance(parts, Mapped):
        print(line_prices(order.lines[0], parts.value, policy=policy, subject="x"), found)
    share = UnitShare(OroSku("B"), UnitCode("case"), Decimal("0.5"))
    stock = StockPolicy(
        mode=StockMode.STRICT,
        shares=(share,),
        buffer=Decimal(2),
        pool_share=Decimal("0.5"),
        pool_mode=PoolMode.STRICT,
    )
    print(part_of(9, before=Fraction(1, 2), share=stock.pool_share))
    taken: InFlight = in_flight((), table, {})
    print(allocate(table, {part.sku: pool(Decimal(9), Fraction(0), stock)}, stock), taken.unsure)
    print(share_faults(stock, table), PrimaReserves.ACCEPTANCE, PublishedFigure.FREE)


def coverage(order: Order, tables: Tables) -> None:
    """Whether every order that the catalogues can generate is mapped."""
    unit = SoldUnit(OroSku("B"), UnitCode("case"), prices=(Decimal("12.00"),))
    shop = ShopCatalogue((ShopCustomer(OroCustomerId("7")),), (unit,), ("GBP",))
    facts = CoverageFacts(shop, ErpCatalogue(accounts={"TRADE1"}), tables, {Entity.TAX_CODE: {}})
    policy = CoveragePolicy(OrderPolicy(NOW, PriceBasis.UNIT, False), shared=frozenset(Entity))
    sales: list[Sale] = list(sales_of([order], since=NOW))
    report: CoverageReport = check_coverage(facts, policy, sales=sales)
    gaps: tuple[Gap, ...] = report.gaps
    dead = [gap for gap in gaps if gap.problem is Problem.DEAD_TARGET]
    small: list[SmallestOrder] = [gap.order for gap in dead if gap.order is not None]
    print([smallest_order(one, policy.orders) for one in small], revenue_of(sales))
    print(table_csv(coverage_table(report, sales_given=True)), report.passed)


def prices(order: Order, table: UnitTable, rows: tuple[PriceBookRow, ...]) -> None:
    """What a line sends, and what it costs on each side."""
    lists = (AssignedList(OroPriceListId("1")),)
    policy = PricePolicy(
        frozenset({"GBP"}),
        storage=PriceStorage.COMBINED,
        strategy=PriceStrategy.MINIMAL,
        default_lists=lists,
        websites={OroWebsiteId("1"): WebsitePrices(lists)},
        below_smallest=frozenset({BelowSmallest.WHOLE}),
    )
    faults: tuple[str, ...] = price_faults(PriceCatalogue(), policy)
    index: PriceIndex = price_index(PriceCatalogue(), policy)
    question = PriceQuestion(GUEST, OroSku("B"), UnitCode("each"), Decimal(1), "GBP", NOW)
    found: Outcome[OroPrice] = resolve_price(question, index)
    choice = KitChoice(OroSku("L"), UnitCode("each"), Decimal(1), optional=True)
    print(KitItems.ANY)
    kit: Outcome[Decimal] = resolve_kit_price(question, [choice], index)
    chain: Chain = lists_of(GUEST, question.website, index, at=NOW)
    links: list[tuple[ChainLink, Level]] = [(link, link.level) for link in chain]
    tiers = combined_tiers((question.sku, question.unit, "GBP"), chain, index)
    rules: list[PriceRule] = [one.rule for one in tiers]
    code = PrimaPriceBook("A")
    books: BookIndex = book_index([PriceBook(code, "GBP", vat_inclusive=False)], rows)
    reading = BookPolicy(False, variants=VariantRows.EXACT, overlap=Overlap.REFUSE)
    tables = PriceTables(index, books, BookLinks({GUEST: code}), table)
    row: Outcome[PriceBookRow] = resolve_book_price(
        SkuKey("B"), Decimal(1), book=code, day=DAY, index=books, policy=reading, subject="x"
    )
    listed: ListedPrices = map_book_prices(
        table, book=code, price_list=OroPriceListId("1"), day=DAY, index=books, units=table,
        policy=reading,
    )  # fmt: skip
    print(listed.prices)
    sides: PriceSides = compare_prices(question, tables, reading)
    parts: Outcome[tuple[BookPart, ...]] = sides.prima
    print(faults, found, kit, links, rules, row, parts, sides.difference, BookRule.SKU)
    print(list(differing_prices([question], tables, reading)))
    checked: list[CustomerBook] = list(customer_books([GUEST], tables, at=NOW))
    print(checked, customers_by_lists([GUEST], index, at=NOW))
    print(
        missing_price(order.lines[0], policy=OrderPolicy(NOW, PriceBasis.UNIT, False), subject="")
    )
    print(explain_price(question, tables, reading).result)
    priced = base_quantities(Decimal(1), (Component(SkuKey("B"), Fraction(1)),), subject="x")
    if isinstance(priced, Mapped):
        print(
            resolve_book_parts(
                priced.value, book=code, day=DAY, index=books, policy=reading, subject="x"
            )
        )


def checked(order: Order, tables: Tables, rows: tuple[PriceBookRow, ...]) -> None:
    """An order's prices held against the price book before it is posted."""
    policy = OrderPolicy(NOW, PriceBasis.OMIT, False, price_check=PriceCheck.CHECK_AND_HOLD)
    code = PrimaPriceBook("A")
    book = ReadBook((PriceBook(code, "GBP", vat_inclusive=False),), rows)
    found: CheckedPrices = check_prices(
        order, PrimaAccount("A"), tables, policy, books={code: book}
    )
    lines: tuple[CheckedLine, ...] = found.lines
    print([(one.agreed, one.booked, one.reasons) for one in lines], found.reasons, found.unread)
    print(OrderSnapshot(NOW, (order,), tables, books={code: book}))


def publication(table: UnitTable) -> None:
    """What units are made of, and what must not be online."""
    key = (OroSku("B"), UnitCode("case"))
    policy = UnitPolicy(UnitMode.CONVERTED, barcodes=BarcodeUse.GTIN)
    catalogue = UnitCatalogue(
        table,
        variants={key[0]: Variant(OroSku("A"), SkuKey("B"))},
        skus=skus_by_barcode([("4006381333931", SkuKey("B"))]),
    )
    found: Outcome[tuple[Component, ...]] = resolve_unit(*key, catalogue, policy, subject="x")
    resolved: ResolvedUnits = resolve_units([key], catalogue, policy)
    rule = QuantityRule(step=Decimal(6))
    step: Fraction = whole_step(table[key])
    print(found, resolved.reasons, quantity_reasons(Decimal(7), rule, subject="x"), step)
    priced = priced_units([GUEST], price_index(PriceCatalogue(), PricePolicy(frozenset())), at=NOW)
    facts = GateFacts(catalogue, live={SkuKey("B")}, priced=priced, tax_codes={"STANDARD"})
    unit = ShopUnit(*key, tax_code="STANDARD", rule=rule)
    verdicts: tuple[Verdict, ...] = publication_gate([unit], facts, policy)
    level: Enforcement = enforcement(unit.settings)
    print([verdict.may_be_online for verdict in verdicts], level)


def explaining(table: UnitTable) -> dict[str, object]:
    """The same rule with a recorder."""
    tree = Tree("asked", {"units": version_of(table.items())})
    to: Recorder = SILENT
    for to in (SILENT, tree):
        to.step("rule", units=len(table)).gave(None)
    explanation: Explanation = tree.explanation()
    rows: tuple[TableRow, ...] = explanation.rows
    others: tuple[Refused, ...] = explanation.refused
    print(explanation_text(explanation), rows, others)
    return explanation_tree(explanation)


def plans(order: Order, tables: Tables) -> tuple[Command, ...]:
    """Snapshots in, commands out."""
    policy = OrderPolicy(NOW, PriceBasis.OMIT, False)
    unread = UnreadOrder(order.id, Unread(f"orders/{order.id}", ("no total",)))
    decisions: tuple[OrderDecision, ...] = plan_orders(
        OrderSnapshot(NOW, (order,), tables, unread=(unread,)), policy
    ).decisions
    plan = plan_stock(
        StockSnapshot(NOW, (), (), tables, others=(OtherShop(tables.units),)), StockPolicy()
    )
    levels: tuple[SetLevel, ...] = plan.commands
    statuses: tuple[SetInventoryStatus, ...] = plan.statuses
    posts = tuple(d.command for d in decisions if d.command is not None)
    return (*posts, *levels, *statuses)


def books() -> None:
    """The control equation."""
    now = OrderNow(OroOrderId("7"), NOW, "GBP", Decimal(24))
    equation = reconcile_day([now], [], day=DAY, zone=UTC)
    lines: tuple[EquationLine, ...] = add_days([equation])
    terms: list[Term] = [line.captured for line in lines]
    rows: tuple[Revaluation, ...] = equation.revaluations
    print(equation_text(equation), equation_json(equation), terms, rows)


def reports(frame: Frame, capture: Capture, records: tuple[ExceptionRecord, ...]) -> None:
    """Reports are tables; a table is written in four forms; a pack of them can be frozen."""
    level = LevelFact(
        OroSku("B"), UnitCode("each"), Decimal(1), Decimal(1), Decimal(0), Decimal(0), Decimal(1)
    )
    strays: tuple[PrimaOnly, ...] = ()
    lives: tuple[OrderLife, ...] = ()
    capture = frozen_totals(capture, capture)
    tables: tuple[Table, ...] = (
        order_match([BookedOrder(capture)], frame),
        unmatched([BookedOrder(capture)], frame, prima_only=strays),
        cut_off(CutOffFacts(lives, despatch_bound=False, invoice_bound=False), at=NOW),
        exceptions_report(QueueFacts(records), now=NOW),
        stock_drift([level], read_at=NOW, now=NOW),
        price_drift(
            [],
            sales={(OroCustomerId("3"), OroSku("B"), UnitCode("each")): DriftSales(1, Decimal(2))},
        ),
    )
    column: Column = tables[0].columns[0]
    cell: Cell = tables[0].rows[0][0]
    files: dict[str, bytes] = pack_files(Pack(frame, tables, "orders tie"))
    faults: tuple[PackFault, ...] = pack_faults(files, frozen_hash=pack_hash(files))
    later: tuple[Adjustment, ...] = adjustments(tables, tables, keys={"unmatched": ("reference",)})
    print(column.kind is Kind.TEXT, cell, faults, later)
    print([(table_text(t), table_csv(t), table_json(t), table_html(t)) for t in tables])


def people(path: Path, link: Link) -> None:
    """Every act says who, when and why."""
    with trading_day() as day:
        store = SqliteStore.open(path, pair=day.config.pair.id, clock=lambda: NOW)
    memory = MemoryStore(store.pair, clock=lambda: NOW)
    record_cut_over(memory, start_at=NOW, by="Kim", at=NOW)
    import_links(store, links=[link], by="Kim", at=NOW)
    revoke_link(store, customer=OroCustomerId("3"), by="Kim", at=NOW)
    retry_held(store, by="Kim", at=NOW)
    dismiss_held(store, subject="orders/7", by="Kim", note="by hand", at=NOW)
    entry = decide_send(store, order=OroOrderId("7"), by="Kim", at=NOW)
    policy = OrderPolicy(NOW, PriceBasis.OMIT, True)
    entry = repost_order(store, policy, order=OroOrderId("7"), by="Kim", note="why", at=NOW)
    decide_has(store, order=entry.order, number=entry.number, by="Kim", at=NOW)
    refused: RefusedSnapshot = accept_snapshot(store, by="Kim", at=NOW)
    print(refused.rows, Tables(PrimaCompany("1")))


def fulfilment_flow(ports: Ports, orders: OrderPolicy) -> None:
    """What Prima says of posted orders, told in the shop."""
    policy, polls = FulfilmentPolicy(), PollPolicy()
    for plan in preview_fulfilment(ports, orders, policy, polls):
        decisions: tuple[FulfilmentDecision, ...] = plan.decisions
        print(plan.summary(), [c for d in decisions for c in d.commands])
    report: FulfilmentReport = sync_fulfilment(ports, orders, policy, polls)
    same: FulfilmentPlan = plan_fulfilment(FulfilmentSnapshot(NOW, ()), policy)
    sides: tuple[OrderOnBothSides, ...] = ()
    commands: tuple[AddTracking | SetOrderStatus, ...] = same.commands
    print(report.trackings, sides, commands)


def replayed(ports: Ports, policy: OrderPolicy, recordings: Recordings) -> None:
    """What runs looked at is planned again, and under other rules."""
    found: list[Replayed] = list(replay_orders(ports.store, recordings, run="run"))
    known: list[Recording] = [one.recording for one in found if one.recording is not None]
    radius: BlastRadius = replay_under(known, policy=policy, tables=ports.tables)
    same = [one.outcome is Replay.SAME for one in found]
    body: bytes = encode_recording(known[0])
    once: OrderPlan = replan(decode_recording(body))
    print(radius.impacts, same, bytes_of_plan(once), hash_of_plan(once))
    print(forget_recordings(ports.store, recordings, order=OroOrderId("7")))
    others: list[FlowReplayed] = list(replay_flows(ports.store, recordings))
    asked: list[Question] = [one.question for one in others if one.question is not None]
    again: FlowPlan = answer(decode_question(Flow.STOCK, encode_question(asked[0])))
    print(QUESTIONS, hash_of_answer(again), holds_order(asked[0], OroOrderId("7")))


def closed(ports: Ports, policy: OrderPolicy, books: Books) -> None:
    """A period is frozen once, and whatever is edited afterwards shows."""
    pack: FrozenPack = freeze_books(ports, policy, Period(DAY, DAY, "Trade"), by="Kim")
    found: Verification = verify_store(ports.store)
    seen: Seen = ports.seen
    print(seen.features)
    faults: tuple[PackFault, ...] = verify_pack(ports.store, pack.files) + form_faults(pack.files)
    days = equations(books)
    said: Closing = closing(books, days)
    table: Table = equation_table(days, books)
    before: tuple[Table, ...] = tables_of(pack.files)
    derived: dict[OroOrderId, Derived] = dict(derive_orders(ports.store.journal()))
    proof: Proof = prove_store(derived, (), ())
    edits: tuple[StoreFault, ...] = proof.faults
    print(found.holds, faults, said.verdict, adjustments_table(before, [table]), edits)
    print([captured_detail(one.capture) for one in books.orders], ports.store.journal_tip())
    print(table_of(table_json(table)), pack_of_manifest({}, before))


def stories(ports: Ports, policy: OrderPolicy) -> None:
    """An order is found by what people call it; reports follow from a period's facts."""
    books: Books = gather_books(ports, policy, first=DAY, last=DAY, organisation="Trade")
    books = with_despatches(ports, books)
    drift: Table = report_stock(ports, StockPolicy())
    facts: tuple[LevelFact, ...] = level_facts(
        StockSnapshot(NOW, (), (), Tables(PrimaCompany("1"))), StockPolicy()
    )
    print(drift, facts, report_coverage(ports, CoveragePolicy(policy)))
    print(report_prices(ports, {}, BookPolicy(False)))
    period: list[Table] = [make(books) for make in REPORTS.values()]
    rules: BillingRules | None = books.rules
    billed: tuple[Bill, ...] = bills(books.orders, books.invoices or (), rules)
    invoiced = order_to_invoice(billed, books.frame)
    print(period, invoiced, vat_by_rate(billed, books.orders, books.frame, rules))
    order: OroOrderId = find_order(ports.store, reference="SO-7")
    says: str | None = ask_prima(ports, order=order)
    order = find_order_anywhere(ports, reference="PO-7")
    print(ask_why(ports, policy, order=order))
    story: OrderStory = tell_order(ports.store, order=order, prima_says=says)
    told: OrderStory = order_story(StoryFacts(ports.store.captures([order])[order]))
    event: StoryEvent = story.events[0]
    print(story_text(told), story_json(story), story_html(story), event.what)


def sandboxes() -> None:
    """Both systems, in process or over sockets."""
    world = World(seed=None)
    print(in_process(world).places.oro_api)
    with serve(world) as places:
        ControlClient(places.control_url).advance(60)


def errors(error: OroPrimaError) -> str:
    """What each error says."""
    match error:
        case ConfigError():
            return " ".join(error.faults)
        case CallError():
            return f"{error.call} {error.effect} {error.fault} {error.codes}"
        case StoreError() | FlowStoppedError():
            return str(error)
        case _:
            return ""


def use_steps(document: dict[str, object]) -> dict[str, object]:
    """JSON in, JSON out."""
    try:
        mapped: dict[str, object] = map_order_step(document)
        print(mapped, map_stock(document), post_order_step(document))
    except StepInputError as error:
        print(error.faults)
    print(schema("map_order", "input"), handler({"step": "map_stock"}, None))
    return run_step("map_order", document)


def work_the_queue(store: Store, link: Link) -> tuple[Cause, ...]:
    """Everything people do with what waits."""
    subject, by, note = "orders/7", "Kim", "why"
    first: ExceptionRecord = assign_held(store, subject=subject, to="sales", by=by, at=NOW)
    noted: ExceptionRecord = note_held(store, subject=subject, by=by, note=note, at=NOW)
    again: ExceptionRecord = reopen_held(store, subject=subject, by=by, note=note, at=NOW)
    fixed = fix_link(store, link, by=by, at=NOW)
    erased: int = forget_order(store, order=OroOrderId("7"), by=by, at=NOW)
    adoption = Adoption(OroOrderId("7"), PrimaOrderNumber("1"))
    adopted: int = adopt_orders(store, [adoption], start_at=NOW, by=by, at=NOW)
    print(erased, adopted)
    return causes((first, noted, again, *fixed))


def observe_runs() -> Observer:
    """Events into the logs, and to whoever else wants them."""
    return tell_all(log_events(), unharmed(print))


def play(seed: int) -> frozenset[Pair]:
    """A made-up day."""
    try:
        day: Played = simulate(seed, acts=1, size=1)
    except BrokenPromiseError:
        return ALL_PAIRS
    return day.pairs
