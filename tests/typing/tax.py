"""Every public name of tax and of the blast radius, used as its types say."""

from __future__ import annotations

from decimal import Decimal

from oro_prima.mapping import (
    BlastRadius,
    FieldChange,
    Impact,
    ImpactTotal,
    MappingRules,
    OrderImpact,
    OrderPolicy,
    PastOrders,
    Tables,
    blast_radius,
    blast_text,
)
from oro_prima.mapping.explain import Explanation
from oro_prima.mapping.tax import (
    UK_PRESETS,
    Amounts,
    BaseExclusion,
    CalculateOn,
    CalculateWith,
    Carriage,
    CodeTax,
    CurrencyGap,
    Destination,
    Difference,
    DifferenceClass,
    Discounted,
    DiscountedRow,
    DiscountShares,
    DiscountStage,
    Granularity,
    Jurisdiction,
    KitPart,
    KitTax,
    OrderGap,
    OrderRates,
    OroRelease,
    OroTax,
    OroTaxPolicy,
    OroTotals,
    PayableTax,
    PostcodeRange,
    PredictedTotals,
    PrimaTaxPolicy,
    RateRow,
    RateTotal,
    ReleaseRules,
    Remainder,
    RoundingBound,
    RoundingChange,
    RoundingForecast,
    RowTax,
    SameCode,
    SettingChange,
    Side,
    SideTotals,
    Statement,
    TaxBase,
    TaxElement,
    TaxLine,
    TaxOrder,
    TaxPlace,
    TaxPolicies,
    TaxPreset,
    TaxRate,
    TaxRule,
    TaxTables,
    TotalsComparison,
    VatKind,
    VatLevel,
    aligned,
    cent_shares,
    compare_totals,
    currency_gaps,
    discounted,
    exact_shares,
    explain_totals,
    forecast_text,
    oro_bound,
    oro_rates,
    oro_tax,
    oro_totals,
    per_line_bound,
    per_unit_bound,
    predict_totals,
    prima_bound,
    prima_rates,
    prima_totals,
    rates_of,
    rounding_changes,
    rounding_oracle,
    row_tax,
    tax_added,
    tax_inside,
    tax_order,
    taxation_place,
    uk_rate_table,
    wire_bound,
)
from oro_prima.oro.models import Order
from oro_prima.outcome import Mapped, Outcome

ONE = Decimal(1)


def policies() -> TaxPolicies:
    """Both sides' settings, as data."""
    where = Jurisdiction("GB", postcodes=(PostcodeRange("1", "9"),))
    oro = OroTaxPolicy(
        OroRelease.V6_1_11,
        start_with=CalculateWith.UNIT_PRICE,
        start_on=CalculateOn.TOTAL,
        rules=(TaxRule("STANDARD", "TRADE", where, TaxRate("S", Decimal("0.2"))),),
        base=TaxBase.ORIGIN,
        exclusions=(BaseExclusion("US", TaxBase.DESTINATION),),
        destination=Destination.SHIPPING,
        granularity=Granularity.COUNTRY,
    )
    differs: ReleaseRules = oro.differs
    print(differs.kits is KitTax.BY_PART, differs.payable_tax is PayableTax.ITEMS_TOTAL)
    print(DiscountShares.CENTS, DiscountedRow.AMOUNT, SameCode.MERGED)
    rows: tuple[RateRow, ...] = uk_rate_table(standard=frozenset({"STANDARD"}))
    prima = PrimaTaxPolicy(
        False,
        VatLevel.LINE,
        rates=rows,
        discount=DiscountStage.BEFORE_VAT,
        carriage=Carriage.OWN_RATE,
        remainder=Remainder.LAST,
    )
    preset: TaxPreset = UK_PRESETS[0]
    print(preset.policy.level, rows[0].kind is VatKind.TAXED)
    return TaxPolicies(oro, prima)


def sides(order: TaxOrder, both: TaxPolicies) -> None:
    """What an order comes to on each side."""
    ours: OrderRates = oro_rates(order, both.oro)
    place: TaxPlace | None = taxation_place(order, both.oro)
    theirs: Outcome[OrderRates] = prima_rates(order, both.prima)
    left: Discounted = discounted(order, both.oro)
    tax: OroTax = oro_tax(order, ours, both.oro, left=left)
    row: RowTax = row_tax(ONE, ONE, ours.shipping, both.oro)
    element: TaxElement = tax_added(ONE, ONE) + tax_inside(ONE, ONE) + row.row
    code: CodeTax = tax.codes[0]
    totals: OroTotals = oro_totals(order, ours, both.oro)
    side: SideTotals = prima_totals(order, ours, aligned(both.prima, both.oro))
    rate: RateTotal = side.rates[0]
    bound: RoundingBound = oro_bound(order, ours, both.oro) + prima_bound(order, ours, both.prima)
    print(place, theirs, element, code, totals.owed, rate, bound + wire_bound(order, ours))
    print(per_line_bound(3, 1), per_unit_bound(ONE, 1), rates_of(order, both))
    print(cent_shares(ONE, [ONE]), exact_shares(ONE, [ONE]))


def both_sides(order: Order, both: TaxPolicies) -> None:
    """Prediction, comparison, oracle."""
    read: Outcome[TaxOrder] = tax_order(order, TaxTables())
    line = TaxLine("1", ONE, ONE, parts=(KitPart("a", ONE, ONE),))
    taxed = read.value if isinstance(read, Mapped) else TaxOrder("1", "GBP", (line,))
    found: Outcome[PredictedTotals] = predict_totals(taxed, both)
    why: Explanation = explain_totals(taxed, both)
    compared: Outcome[TotalsComparison] = compare_totals(Statement(taxed), Statement(taxed), both)
    if isinstance(compared, Mapped):
        share: Amounts = compared.value.of(DifferenceClass.ROUNDING)
        parts: tuple[Difference, ...] = compared.value.parts
        print(share, parts, compared.value.unexplained)
    forecast: RoundingForecast = rounding_oracle([taxed], both)
    gap: OrderGap = forecast.orders[0]
    money: tuple[CurrencyGap, ...] = currency_gaps([gap])
    advice: SettingChange | None = forecast.advice
    tried: list[RoundingChange] = list(rounding_changes(both))
    print(found, why, money, tried, forecast_text(forecast))
    print(advice is not None and advice.side is Side.ORO)


def change(order: Order, tables: Tables, before: OrderPolicy, after: OrderPolicy) -> None:
    """What a change would have done."""
    book = PastOrders((order,), order.created_at)
    found: BlastRadius = blast_radius(
        MappingRules(tables, before), MappingRules(tables, after), book
    )
    impacts: tuple[OrderImpact, ...] = found.impacts
    totals: tuple[ImpactTotal, ...] = found.totals
    fields: list[FieldChange] = [field for one in impacts for field in one.fields]
    print(blast_text(found), totals, fields, impacts[0].impact is Impact.CHANGED)
