"""
Ways to round VAT that the United Kingdom's tax authority describes, as policies to begin with.

What a deployment of Prima does is still to be asked. The wording of VAT Notice 700 is to be read at
gov.uk before anybody relies on it; each preset names where its rule is described.
"""

from __future__ import annotations

from decimal import Decimal

from attrs import evolve, frozen

from oro_prima.mapping.tax.prima_policy import PrimaTaxPolicy, RateRow, VatKind, VatLevel
from oro_prima.values import Rounding


@frozen
class TaxPreset:
    """A policy with a name, what it says, and where that is described."""

    name: str
    says: str
    source: str
    policy: PrimaTaxPolicy


_MANUAL = "HMRC internal manual VAT Trader Records, "
_EXCLUSIVE = PrimaTaxPolicy(prices_include_vat=False, level=VatLevel.RATE)

UK_PRESETS: tuple[TaxPreset, ...] = (
    TaxPreset(
        "uk-invoice-half-up",
        "VAT of each rate of an invoice to the nearest penny, half a penny up.",
        f"{_MANUAL}VATREC12030",
        _EXCLUSIVE,
    ),
    TaxPreset(
        "uk-invoice-down",
        "The total VAT of an invoice down to a whole penny: the concession for invoice traders.",
        f"{_MANUAL}VATREC12010, Notice 700 section 17.5",
        evolve(_EXCLUSIVE, level=VatLevel.ORDER, vat_rounding=Rounding.DOWN),
    ),
    TaxPreset(
        "uk-line-penny",
        "VAT of each line to the nearest penny, half a penny up.",
        f"{_MANUAL}VATREC12030, Notice 700 section 17.5.1",
        evolve(_EXCLUSIVE, level=VatLevel.LINE),
    ),
    TaxPreset(
        "uk-line-tenth-down",
        "VAT of each line down to 0.1 of a penny, the total down to a whole penny.",
        f"{_MANUAL}VATREC12010, Notice 700 section 17.5.1",
        evolve(
            _EXCLUSIVE,
            level=VatLevel.LINE,
            vat_decimals=3,
            vat_rounding=Rounding.DOWN,
            total_rounding=Rounding.DOWN,
        ),
    ),
    TaxPreset(
        "uk-unit-penny",
        "VAT of each unit to the nearest penny, never to nothing, times the quantity.",
        "Notice 700 section 17.5.2, as quoted by others",
        evolve(_EXCLUSIVE, level=VatLevel.UNIT, least=Decimal("0.01")),
    ),
    TaxPreset(
        "uk-unit-tenth",
        "VAT of each unit to 0.1 of a penny, times the quantity.",
        "Notice 700 section 17.5.2, as quoted by others",
        evolve(_EXCLUSIVE, level=VatLevel.UNIT, vat_decimals=3),
    ),
)


def uk_rate_table(
    *,
    standard: frozenset[str],
    reduced: frozenset[str] = frozenset(),
    zero: frozenset[str] = frozenset(),
    reverse_charge_classes: frozenset[str] = frozenset(),
) -> tuple[RateRow, ...]:
    """
    Return a rate table to begin with: goods that stay, goods that leave, and customers who pay it.

    Goods that go to another country are exports at 0; accounts of the named classes account for
    the VAT of standard-rated goods themselves. Northern Ireland, services and margin schemes are
    not in it. Whether a code bears a rate is for the accountant to say: a code that is not named is
    in no row, and refused.

    Args:
        standard: Tax codes at 20 %.
        reduced: Tax codes at 5 %.
        zero: Tax codes at 0 %.
        reverse_charge_classes: Classes of accounts that pay the VAT of standard-rated goods.
    """
    home = frozenset({"GB"})
    nothing, some = Decimal(0), standard | reduced | zero
    rows = (
        RateRow(
            "RC", nothing, VatKind.REVERSE_CHARGE, standard, home,
            account_classes=reverse_charge_classes,
        ),
        RateRow("Z", nothing, VatKind.ZERO_RATED, zero, home),
        RateRow("R", Decimal("0.05"), VatKind.TAXED, reduced, home),
        RateRow("S", Decimal("0.2"), VatKind.TAXED, standard, home),
        RateRow("X", nothing, VatKind.EXPORT, some, abroad_of=home),
    )  # fmt: skip
    return tuple(
        row
        for row in rows
        if row.tax_codes and (row.kind is not VatKind.REVERSE_CHARGE or row.account_classes)
    )
