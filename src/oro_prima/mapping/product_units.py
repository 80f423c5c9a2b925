"""
What every product unit of a catalogue is made of: by its row, its product's row, or its barcode.

Two ways of working are usual, and one shop may use both, product by product: each unit is a SKU of
its own in Prima, or units are multiples of one base SKU. Which one a product follows is policy;
a row that contradicts it is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Set
from enum import StrEnum
from fractions import Fraction

from attrs import field, frozen

from oro_prima.ids import OroSku, UnitCode
from oro_prima.mapping.explain import SILENT, Recorder
from oro_prima.mapping.tables import Component, UnitKey, UnitTable
from oro_prima.outcome import Mapped, Outcome, Unmapped, unmapped
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.values import SkuKey

ONE = Fraction(1)


class UnitMode(StrEnum):
    """How the units of a product reach Prima's SKUs."""

    TABLE = "table"
    """As the rows say, own SKUs, factors, packs and kits side by side."""
    OWN_SKU = "own-sku"
    """Each unit is one SKU of its own, which no other unit has."""
    CONVERTED = "converted"
    """Each unit is so many of the one base SKU that all units of the product share."""


class BarcodeUse(StrEnum):
    """Whether a product unit without a row is found by its barcode."""

    IGNORE = "ignore"
    GTIN = "gtin"
    """By a barcode of 8, 12, 13 or 14 digits whose check digit is right."""
    ANY = "any"
    """By any barcode, also one of the house."""


@frozen
class UnitPolicy:
    """
    How product units are mapped.

    Attributes:
        mode: Of every product that `modes` does not name.
        modes: Of single products; of a variant, its configurable product may be named.
        barcodes: Whether barcodes find what no row names.
    """

    mode: UnitMode = UnitMode.TABLE
    modes: Mapping[OroSku, UnitMode] = field(factory=dict[OroSku, UnitMode])
    barcodes: BarcodeUse = BarcodeUse.IGNORE


@frozen
class Variant:
    """A simple product behind a configurable one, and its base SKU in Prima."""

    parent: OroSku
    sku: SkuKey


@frozen
class UnitCatalogue:
    """
    All that is known of product units.

    Attributes:
        table: Rows of single product units; they come first.
        variants: The variants of configurable products.
        factors: Base units in a unit of a configurable product, said once for all its variants.
        configurable: Products that are only chosen from; they are never bought themselves.
        barcodes: Barcode of a product unit, as the shop has it.
        skus: Prima's SKUs by barcode, as `skus_by_barcode` makes it.
    """

    table: UnitTable = field(factory=dict[UnitKey, tuple[Component, ...]])
    variants: Mapping[OroSku, Variant] = field(factory=dict[OroSku, Variant])
    factors: Mapping[UnitKey, Fraction] = field(factory=dict[UnitKey, Fraction])
    configurable: Set[OroSku] = frozenset()
    barcodes: Mapping[UnitKey, str] = field(factory=dict[UnitKey, str])
    skus: Mapping[str, tuple[SkuKey, ...]] = field(factory=dict[str, tuple[SkuKey, ...]])


@frozen
class ResolvedUnits:
    """The product units that are mapped, and every reason why others are not."""

    table: UnitTable
    reasons: tuple[Reason, ...]


def resolve_units(
    keys: Iterable[UnitKey], catalogue: UnitCatalogue, policy: UnitPolicy
) -> ResolvedUnits:
    """
    Make the unit table of these product units; one that is refused has no row in it.

    What only shows when units are seen together is checked too: a SKU that two units call their
    own, and units of one product that are multiples of different SKUs.
    """
    table: dict[UnitKey, tuple[Component, ...]] = {}
    reasons: list[Reason] = []
    for key in dict.fromkeys(keys):
        found = resolve_unit(*key, catalogue, policy, subject=subject_of(key))
        if isinstance(found, Mapped):
            table[key] = found.value
        else:
            reasons += found.reasons
    together = _seen_together(table, catalogue, policy)
    kept = {key: parts for key, parts in table.items() if key not in together}
    return ResolvedUnits(kept, (*reasons, *together.values()))


def subject_of(key: UnitKey) -> str:
    """Return the path that reasons name."""
    return f"products/{key[0]}/{key[1]}"


def resolve_unit(
    sku: OroSku,
    unit: UnitCode,
    catalogue: UnitCatalogue,
    policy: UnitPolicy,
    *,
    subject: str,
    to: Recorder = SILENT,
) -> Outcome[tuple[Component, ...]]:
    """
    Find what one product unit is made of.

    By its own row, else by the factor of its configurable product, else by its barcode where the
    policy allows that. A barcode that names another SKU than a row of one piece is refused.

    Source: RULES §1.
    """
    key = (sku, unit)
    step = to.step("product unit", sku=sku, unit=unit, mode=mode_of(sku, catalogue, policy))
    if sku in catalogue.configurable:
        detail = f"{sku} is configurable; its variants are bought"
        return unmapped(ReasonCode.CONFIGURABLE_PRODUCT, subject, detail)
    parts = catalogue.table.get(key) or _of_variant(key, catalogue, step)
    step.row("units", key, components=parts)
    coded = _by_barcode(key, catalogue, policy, subject)
    step.row("barcodes", catalogue.barcodes.get(key), found=coded)
    found = _chosen(key, parts, coded, subject)
    if isinstance(found, Mapped):
        found = _fitting(found.value, mode_of(sku, catalogue, policy), subject)
    step.gave(found)
    return found


def mode_of(sku: OroSku, catalogue: UnitCatalogue, policy: UnitPolicy) -> UnitMode:
    """Return how a product's units are mapped: by its own name, its parent's, or the rule."""
    own = policy.modes.get(sku)
    variant = catalogue.variants.get(sku)
    if own is None and variant is not None:
        own = policy.modes.get(variant.parent)
    return policy.mode if own is None else own


def _of_variant(
    key: UnitKey, catalogue: UnitCatalogue, to: Recorder
) -> tuple[Component, ...] | None:
    variant = catalogue.variants.get(key[0])
    if variant is None:
        return None
    factor = catalogue.factors.get((variant.parent, key[1]))
    to.row("factors", (variant.parent, key[1]), factor=factor)
    return None if factor is None else (Component(variant.sku, factor),)


def _by_barcode(
    key: UnitKey, catalogue: UnitCatalogue, policy: UnitPolicy, subject: str
) -> Outcome[SkuKey | None]:
    """Return the SKU of a unit's barcode; None where it has none, or none that Prima knows."""
    code = catalogue.barcodes.get(key)
    if policy.barcodes is BarcodeUse.IGNORE or not code:
        return Mapped(None)
    if policy.barcodes is BarcodeUse.GTIN and not is_gtin(code):
        return unmapped(ReasonCode.BARCODE_INVALID, subject, f"barcode {code}")
    skus = catalogue.skus.get(barcode_key(code), ())
    if len(skus) > 1:
        detail = f"barcode {code} is on {len(skus)} SKUs"
        return unmapped(ReasonCode.BARCODE_AMBIGUOUS, subject, detail)
    return Mapped(skus[0] if skus else None)


def _chosen(
    key: UnitKey,
    parts: tuple[Component, ...] | None,
    coded: Outcome[SkuKey | None],
    subject: str,
) -> Outcome[tuple[Component, ...]]:
    if not parts and isinstance(coded, Unmapped):
        return coded
    sku = coded.value if isinstance(coded, Mapped) else None
    if not parts and sku is None:
        detail = f"no row for {key[0]} in {key[1]}"
        cause = f"units/{key[0]}/{key[1]}"
        return unmapped(ReasonCode.UNKNOWN_UNIT, subject, detail, cause=cause)
    if parts and sku is not None and _is_one(parts) and parts[0].sku != sku:
        detail = f"the row says {parts[0].sku}, the barcode {sku}"
        return unmapped(ReasonCode.BARCODE_DIFFERS, subject, detail)
    return Mapped(parts or tuple(Component(one, ONE) for one in (sku,) if one is not None))


def _is_one(parts: tuple[Component, ...]) -> bool:
    return len(parts) == 1 and parts[0].count == ONE


def _fitting(
    parts: tuple[Component, ...], mode: UnitMode, subject: str
) -> Outcome[tuple[Component, ...]]:
    """Refuse components that contradict the product's mode."""
    own = mode is not UnitMode.OWN_SKU or _is_one(parts)
    if own and (mode is UnitMode.TABLE or len(parts) == 1):
        return Mapped(parts)
    made_of = ", ".join(map(str, parts))
    return unmapped(ReasonCode.UNIT_MODE_BROKEN, subject, f"{mode.value}, made of {made_of}")


def _seen_together(
    table: UnitTable, catalogue: UnitCatalogue, policy: UnitPolicy
) -> dict[UnitKey, Reason]:
    owners: dict[SkuKey, set[UnitKey]] = {}
    bases: dict[OroSku, set[SkuKey]] = {}
    for key, parts in table.items():
        for part in parts:
            owners.setdefault(part.sku, set()).add(key)
            bases.setdefault(key[0], set()).add(part.sku)
    found: dict[UnitKey, Reason] = {}
    for key, parts in table.items():
        mode = mode_of(key[0], catalogue, policy)
        why = ""
        if mode is UnitMode.OWN_SKU and len(owners[parts[0].sku]) > 1:
            why = f"{len(owners[parts[0].sku])} product units hold {parts[0].sku}"
        if mode is UnitMode.CONVERTED and len(bases[key[0]]) > 1:
            why = f"the units of {key[0]} are multiples of {len(bases[key[0]])} SKUs"
        if why:
            detail = f"{mode.value}, and {why}"
            found[key] = Reason(ReasonCode.UNIT_MODE_BROKEN, subject_of(key), detail)
    return found


def skus_by_barcode(rows: Iterable[tuple[str, SkuKey]]) -> dict[str, tuple[SkuKey, ...]]:
    """Index Prima's SKUs by barcode; one on several SKUs finds none of them."""
    found: dict[str, tuple[SkuKey, ...]] = {}
    for code, sku in rows:
        key = barcode_key(code)
        known = found.get(key, ())
        if key and sku not in known:
            found[key] = (*known, sku)
    return found


def barcode_key(code: str) -> str:
    """
    Bring a barcode to the form in which barcodes compare.

    A GTIN has one value in all its lengths; any other code compares trimmed and without case.

    >>> barcode_key("0036000291452") == barcode_key(" 036000291452 ")
    True
    """
    plain = code.strip().casefold()
    return plain.zfill(14) if is_gtin(plain) else plain


def is_gtin(code: str) -> bool:
    """
    Tell whether a code is a GTIN: 8, 12, 13 or 14 digits, the last of them the check digit.

    >>> is_gtin("4006381333931"), is_gtin("4006381333932")
    (True, False)
    """
    digits = code.strip()
    if not re.fullmatch("[0-9]{8}|[0-9]{12,14}", digits):
        return False
    values = [int(digit) for digit in reversed(digits)]
    return (sum(values[0::2]) + 3 * sum(values[1::2])) % 10 == 0
