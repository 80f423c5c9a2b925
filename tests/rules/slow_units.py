"""Product units, slowly and obviously: one question after the other, every unit looked at anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from oro_prima.ids import OroSku
from oro_prima.mapping import BarcodeUse, Component, UnitCatalogue, UnitMode, UnitPolicy
from oro_prima.mapping.tables import UnitKey
from oro_prima.values import SkuKey

Made = dict[UnitKey, tuple[tuple[SkuKey, Fraction], ...]]


def slow_units(keys: Iterable[UnitKey], known: UnitCatalogue, policy: UnitPolicy) -> Made:
    """Return what each unit is made of; one that is refused is not there."""
    found = {key: made for key in keys if (made := alone(key, known, policy))}
    return {key: made for key, made in found.items() if together(key, found, known, policy)}


def alone(
    key: UnitKey, known: UnitCatalogue, policy: UnitPolicy
) -> tuple[tuple[SkuKey, Fraction], ...]:
    """By its row, else its parent's factor, else its barcode; nothing where one is in the way."""
    sku, unit = key
    if sku in known.configurable:
        return ()
    made = tuple((part.sku, part.count) for part in known.table.get(key, ()))
    if not made and sku in known.variants:
        variant = known.variants[sku]
        if (variant.parent, unit) in known.factors:
            made = ((variant.sku, known.factors[variant.parent, unit]),)
    code = known.barcodes.get(key, "")
    if policy.barcodes is BarcodeUse.IGNORE or not code:
        hits, bad = set[SkuKey](), False
    else:
        hits = {one for text, some in known.skus.items() if same(text, code) for one in some}
        bad = len(hits) > 1 or (policy.barcodes is BarcodeUse.GTIN and not checked(code))
    if not made:
        made = () if bad else tuple((one, Fraction(1)) for one in hits)
    elif not bad and hits and len(made) == 1 and made[0][1] == 1 and made[0][0] not in hits:
        return ()
    mode = mode_of(sku, known, policy)
    if mode is UnitMode.OWN_SKU and not (len(made) == 1 and made[0][1] == 1):
        return ()
    return () if mode is UnitMode.CONVERTED and len(made) != 1 else made


def together(key: UnitKey, found: Made, known: UnitCatalogue, policy: UnitPolicy) -> bool:
    """Whether nobody else holds what is its own, and its product's units share one base."""
    mode = mode_of(key[0], known, policy)
    mine = {sku for sku, _count in found[key]}
    if mode is UnitMode.OWN_SKU:
        others = {sku for one, made in found.items() if one != key for sku, _count in made}
        return not mine & others
    if mode is UnitMode.CONVERTED:
        return len({sku for one, made in found.items() if one[0] == key[0] for sku, _ in made}) == 1
    return True


def mode_of(sku: OroSku, known: UnitCatalogue, policy: UnitPolicy) -> UnitMode:
    """Its own, its parent's, or everybody's."""
    names = [sku, *(known.variants[sku].parent for _once in [0] if sku in known.variants)]
    return next((policy.modes[name] for name in names if name in policy.modes), policy.mode)


def same(one: str, other: str) -> bool:
    """Whether two barcodes are one: as numbers where both are checked, else as texts."""
    if checked(one) and checked(other):
        return int(one) == int(other)
    return one.strip().casefold() == other.strip().casefold()


def checked(code: str) -> bool:
    """Whether a code is a GTIN: its digits, weighted 1 and 3 from the right, make tens."""
    text = code.strip()
    if len(text) not in (8, 12, 13, 14) or not all(one in "0123456789" for one in text):
        return False
    total = 0
    for place, one in enumerate(reversed(text)):
        total += int(one) * (3 if place % 2 else 1)
    return total % 10 == 0


def plain(table: Mapping[UnitKey, tuple[Component, ...]]) -> Made:
    """Return what the rule made, in the form of the reference."""
    return {key: tuple((part.sku, part.count) for part in parts) for key, parts in table.items()}
