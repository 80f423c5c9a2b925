"""Policies of every kind, as a file can hold them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from attrs import evolve
from hypothesis import strategies as st
from tests.rules.making import COMPANY

from oro_prima.config import (
    Policies,
)
from oro_prima.config.tree import with_accounts
from oro_prima.ids import OroCustomerId, OroPriceListId, OroSku, PrimaAccount, PrimaPriceBook
from oro_prima.mapping.conditions import OrderTest
from oro_prima.mapping.coverage import CoveragePolicy, Entity
from oro_prima.mapping.customers import (
    AccountPolicy,
    Inherit,
    SharedAccounts,
    StoppedAccount,
    UnknownShipTo,
)
from oro_prima.mapping.holds import HoldAction, HoldRule
from oro_prima.mapping.policy import (
    AddressPolicy,
    DiscountOwner,
    Duplicates,
    Inexact,
    OrderPolicy,
    Overflow,
    PoolMode,
    PriceBasis,
    PriceCheck,
    PrimaReserves,
    PublishedFigure,
    ReferencePolicy,
    StockMode,
    StockPolicy,
    UnitShare,
)
from oro_prima.mapping.polling import PollPolicy
from oro_prima.mapping.prices import (
    AssignedList,
    BelowSmallest,
    KitItems,
    PricePolicy,
    PriceStorage,
    PriceStrategy,
    VariantRows,
    WebsitePrices,
)
from oro_prima.mapping.prices import Overlap as BookOverlap
from oro_prima.mapping.product_units import BarcodeUse, UnitPolicy
from oro_prima.mapping.routing import RouteRule
from oro_prima.mapping.statuses import FulfilmentPolicy, Progress, PromotionGuard, Writes
from oro_prima.mapping.tables import AccountFacts, AccountState, Carrier, NumberedAddress, Tables
from oro_prima.mapping.tax import (
    UK_PRESETS,
    BaseExclusion,
    CalculateOn,
    CalculateWith,
    Carriage,
    Destination,
    DiscountStage,
    Granularity,
    Jurisdiction,
    KitTax,
    OroRelease,
    OroTaxPolicy,
    PostcodeRange,
    PrimaTaxPolicy,
    RateRow,
    Remainder,
    TaxBase,
    TaxPlace,
    TaxPolicies,
    TaxRate,
    TaxRule,
    VatKind,
    VatLevel,
)
from oro_prima.prima.models import PrimaProfile
from oro_prima.prima.models.profile import CharsetPolicy, Style
from oro_prima.testing import strategies as some
from oro_prima.values import Rounding, SkuKey

words = st.text("abcXYZ0123 =\"\\'#[]{}.é🥾", min_size=1, max_size=8).map(lambda text: f"x{text}x")
maybe = st.just("") | words
sets = st.frozensets(words, max_size=3)
spans = st.integers(1, 10**6).map(lambda seconds: timedelta(seconds=seconds))
numbers = st.integers(1, 9)
amounts = st.integers(0, 10**4).map(lambda number: Decimal(number).scaleb(-2))
profiles = st.builds(
    PrimaProfile,
    style=st.sampled_from(Style),
    company_first=st.booleans(),
    with_company=st.booleans(),
    address_lines=st.integers(1, 6),
    address_width=numbers,
    charset=st.sampled_from(CharsetPolicy),
    absent_codes=sets,
    duplicate_codes=sets,
    multi_size=numbers,
    widths=st.just(()) | st.just((("PostCode", 8), ("Data/Name", 30))),
    values=st.just(()) | st.just((("Country", (("GB", "UK"), ("FR", "F"))),)),
    extras=st.just(()) | st.just((("Data", "Season", "AW"),)),
)
accounts = st.builds(
    AccountPolicy,
    st.sampled_from(Inherit),
    st.sampled_from(SharedAccounts),
    st.sampled_from(StoppedAccount),
    st.sampled_from(UnknownShipTo),
)
tests = st.builds(OrderTest, sets, sets, sets, sets, sets, st.none() | amounts, st.booleans())
orders = st.builds(
    OrderPolicy,
    start_at=st.datetimes(datetime(2030, 1, 1), timezones=st.just(UTC)),
    price_basis=st.sampled_from(PriceBasis),
    vat_inclusive=st.booleans(),
    order_prefix=st.sampled_from(["1", "3", "20"]),
    order_width=st.integers(1, 6),
    zone=st.sampled_from(["Europe/London", "Asia/Kolkata"]).map(ZoneInfo),
    statuses=st.frozensets(st.sampled_from(["open", "pending"]), min_size=1),
    cancelled_statuses=st.frozensets(st.sampled_from(["cancelled", "closed"])),
    post_after=spans,
    erp_identifier_pattern=st.sampled_from(["", "E[0-9]+\\\\d"]),
    post_main=st.booleans(),
    price_decimals=st.integers(0, 6),
    inexact=st.sampled_from(Inexact),
    discount_owner=st.sampled_from(DiscountOwner),
    price_check=st.sampled_from([PriceCheck.CHECK_AND_WARN, PriceCheck.CHECK_AND_HOLD]),
    price_tolerance=amounts,
    price_tolerance_percent=amounts,
    channel=maybe,
    carrier=words,
    carrier_service=maybe,
    warehouse=maybe,
    send_contact=st.booleans(),
    payment_terms=maybe,
    discount_code=words,
    accounts=accounts,
    addresses=st.builds(AddressPolicy, st.sampled_from(Overflow), sets, sets),
    references=st.builds(
        ReferencePolicy,
        st.booleans(),
        sets,
        st.sampled_from(["", "PO-[0-9]+"]),
        numbers,
        st.sampled_from(Duplicates),
    ),
    routes=st.just(()) | st.builds(RouteRule, tests, words, maybe).map(lambda rule: (rule,)),
    holds=st.lists(
        st.builds(HoldRule, tests, st.sampled_from(HoldAction), words, st.booleans()), max_size=2
    ).map(tuple),
)
shares = st.builds(UnitShare, st.just(OroSku("B")), st.just("case"), st.just(Decimal("0.5")))
stocks = st.builds(
    StockPolicy,
    mode=st.sampled_from(StockMode),
    figure=st.just(PublishedFigure.FREE),
    buffer=amounts,
    buffer_percent=st.integers(0, 100).map(Decimal),
    pool=words | maybe,
    pool_share=st.sampled_from([Decimal(0), Decimal("0.25"), Decimal(1)]),
    pool_mode=st.sampled_from(PoolMode),
    zero_after=numbers,
    zero_apart=spans,
    prima_reserves=st.just(PrimaReserves.RELEASE),
    released_statuses=st.frozensets(words, min_size=1),
    single_writes=numbers,
    batch_size=numbers,
    write_inventory_status=st.booleans(),
    buffer_days=amounts,
    unit_order=st.lists(words, unique=True, max_size=3).map(tuple),
    max_rise_percent=amounts,
    max_fall_percent=amounts,
    band_from=amounts,
    max_age=spans,
) | st.builds(
    StockPolicy,
    figure=st.just(PublishedFigure.AVAILABLE),
    mode=st.sampled_from(StockMode),
)
fulfilments = st.builds(
    FulfilmentPolicy,
    statuses=st.dictionaries(words, st.sampled_from(Progress), max_size=2).map(
        lambda more: {**FulfilmentPolicy().statuses, **more}
    ),
    writes=st.sampled_from(Writes),
    promotion_guard=st.sampled_from(PromotionGuard),
    methods=st.dictionaries(words, words, max_size=2),
    no_carrier=words,
    tracking_width=numbers,
    cancelled_status=maybe,
)
polls = st.builds(PollPolicy, hot_for=spans, hot_every=spans, budget=numbers)
facts = st.builds(
    AccountFacts,
    st.none() | st.sampled_from(AccountState),
    st.sampled_from(["", "GBP"]),
    st.none() | st.booleans(),
    st.sampled_from(["", "TRADE"]).map(PrimaPriceBook),
)
addresses = st.builds(NumberedAddress, st.sampled_from("123"), st.just("ZZ1 1ZZ"), maybe)
customers = st.integers(1, 99).map(lambda number: OroCustomerId(str(number)))
tables = st.builds(
    Tables,
    st.just(COMPANY),
    units=some.unit_tables(),
    charges=st.dictionaries(maybe, words, max_size=3),
    parents=st.dictionaries(customers, customers, max_size=2),
    accounts=st.dictionaries(words.map(PrimaAccount), facts, max_size=3),
    carriers=st.dictionaries(maybe, st.builds(Carrier, words, maybe), max_size=2),
    payment_terms=st.dictionaries(maybe, words, max_size=2),
    surcharges=st.dictionaries(words, words, max_size=2),
    sales=st.dictionaries(st.builds(SkuKey, words, maybe), amounts, max_size=2),
    deliveries=st.dictionaries(
        customers, st.lists(addresses, min_size=1, max_size=2).map(tuple), max_size=2
    ),
)


codes = st.frozensets(st.sampled_from(["STD", "ZERO", "LOW"]), max_size=2)
rates = st.integers(0, 100).map(lambda number: Decimal(number).scaleb(-2))
rounding = st.sampled_from(Rounding)
lists = st.sets(st.integers(1, 9).map(str), max_size=3).map(
    lambda ids: tuple(AssignedList(OroPriceListId(one), int(one), one < "5") for one in sorted(ids))
)
combined_prices = st.builds(
    PricePolicy,
    currencies=st.frozensets(st.sampled_from(["GBP", "EUR"]), min_size=1),
    strategy=st.sampled_from(PriceStrategy),
    default_lists=lists,
    websites=st.dictionaries(
        st.sampled_from(["1", "2"]), st.builds(WebsitePrices, lists, st.booleans()), max_size=2
    ),
    anonymous_group=st.none() | words,
    below_smallest=st.frozensets(st.sampled_from(BelowSmallest)),
    precision=numbers,
    rounding=rounding,
    kit_items=st.sampled_from(KitItems),
)
flat_prices = st.builds(
    PricePolicy,
    currencies=st.just(frozenset({"GBP"})),
    storage=st.just(PriceStorage.FLAT),
    default_list=st.none() | words,
    websites=st.dictionaries(words, st.builds(WebsitePrices, default_list=words), max_size=2),
)
jurisdictions = st.builds(
    Jurisdiction,
    st.just("GB"),
    maybe,
    maybe,
    st.just(()) | st.just((PostcodeRange("1", "9"), PostcodeRange("ZZ", "ZZ"))),
)
oro_taxes = st.builds(
    OroTaxPolicy,
    release=st.sampled_from(OroRelease),
    start_with=st.sampled_from(CalculateWith),
    start_on=st.sampled_from(CalculateOn),
    shipping_includes_tax=st.booleans(),
    after_promotions=st.booleans(),
    shipping_codes=st.lists(words, unique=True, max_size=2).map(tuple),
    rules=st.lists(
        st.builds(TaxRule, words, maybe, jurisdictions, st.builds(TaxRate, words, rates)),
        max_size=2,
    ).map(tuple),
    base=st.just(TaxBase.DESTINATION),
    exclusions=st.just(()) | st.just((BaseExclusion("US", TaxBase.ORIGIN, region_text="x"),)),
    destination=st.sampled_from(Destination),
    origin=st.none() | st.builds(TaxPlace, st.just("GB"), postcode=maybe),
    granularity=st.sampled_from(Granularity),
    digital_us=codes,
    digital_eu=codes,
    untaxed_states=st.just(frozenset({"US-CA"})),
    eu_countries=sets,
    precision=numbers,
    rounding=rounding,
) | st.builds(
    OroTaxPolicy,
    st.just(OroRelease.V5_1),
    origin=st.just(TaxPlace("GB")),
    base=st.just(TaxBase.ORIGIN),
)
rows = st.builds(
    RateRow, words, rates, st.just(VatKind.TAXED), codes, st.just(frozenset({"GB"})),
    account_classes=codes,
) | st.builds(RateRow, words, st.just(Decimal(0)), st.sampled_from(VatKind), codes)  # fmt: skip
prima_taxes = st.builds(
    PrimaTaxPolicy,
    prices_include_vat=st.booleans(),
    level=st.sampled_from([VatLevel.UNIT, VatLevel.LINE]),
    rates=st.just(()) | rows.map(lambda row: (row,)),
    start=st.sampled_from(CalculateWith),
    price_decimals=numbers,
    price_rounding=rounding,
    vat_decimals=numbers,
    vat_rounding=rounding,
    total_rounding=rounding,
    least=rates,
    discount=st.sampled_from(DiscountStage),
    manual_discount=st.sampled_from(DiscountStage),
    carriage=st.sampled_from(Carriage),
    carriage_code=maybe,
    carriage_includes_vat=st.booleans(),
    kits=st.sampled_from(KitTax),
    remainder=st.sampled_from(Remainder),
) | st.sampled_from([one.policy for one in UK_PRESETS])
entities = st.frozensets(st.sampled_from(sorted(set(Entity) - {Entity.CUSTOMER})))


@st.composite
def some_taxes(draw: st.DrawFn, vat_inclusive: bool) -> TaxPolicies | None:
    """Whether prices hold VAT is said once, of orders."""
    if draw(st.booleans()):
        return None
    oro = evolve(draw(oro_taxes), prices_include_tax=vat_inclusive)
    return TaxPolicies(oro, evolve(draw(prima_taxes), prices_include_vat=vat_inclusive))


@st.composite
def some_policies(draw: st.DrawFn) -> Policies:
    profile = draw(profiles)
    found = Policies(
        evolve(draw(orders), profile=profile),
        draw(stocks),
        draw(tables),
        profile,
        draw(fulfilments),
        draw(polls),
        UnitPolicy(barcodes=draw(st.sampled_from(BarcodeUse))),
        draw(st.none() | combined_prices | flat_prices),
    )
    variants, overlap = draw(st.sampled_from(VariantRows)), draw(st.sampled_from(BookOverlap))
    priced = evolve(found.orders, book_variants=variants, book_overlap=overlap)
    return evolve(
        found,
        orders=priced,
        books=evolve(found.books, variants=variants, overlap=overlap),
        tax=draw(some_taxes(found.orders.vat_inclusive)),
        coverage=with_accounts(CoveragePolicy(priced, draw(entities), draw(entities))),
    )
