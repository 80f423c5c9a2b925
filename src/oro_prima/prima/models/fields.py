"""
Fitting the attributes of an order to a deployment's fields, with a report for each.

Widths, required attributes and tables of codes are the profile's. What may be cut is named there as
well (notes by default); anything else that does not fit is a fault, and nothing is sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum

from attrs import frozen

from oro_prima.prima.models.profile import PrimaProfile
from oro_prima.prima.models.rendering import Tree

NOTES = frozenset(
    {
        "HoldOrderNarrative",
        "SpecialInstructions",
        "ShippingInstructions",
        "LineNarrative",
        "VchGreetMessage",
        "VchMessage",
    }
)
"""Attributes that are notes, as wide as `note_width`."""
_ADDRESS = "AddrLine"


class Fit(StrEnum):
    """What became of one attribute."""

    KEPT = "kept"
    MAPPED = "mapped"
    CUT = "cut"
    TOO_LONG = "too long"
    NOT_WRITABLE = "not writable"
    MISSING = "missing"
    NOT_IN_TABLE = "not in table"


FAULTS = frozenset({Fit.TOO_LONG, Fit.NOT_WRITABLE, Fit.MISSING, Fit.NOT_IN_TABLE})


@frozen
class FieldReport:
    """
    What became of one attribute; its text is not repeated, for it may be a name.

    Attributes:
        element, number: Where it stands; the number counts elements of that name from 1.
        attribute: Its name.
        length, width: Characters of the text, and how many the field takes.
        fit: What became of it.
        detail: A code or code points, where they say why.
    """

    element: str
    number: int
    attribute: str
    length: int
    width: int
    fit: Fit
    detail: str = ""

    @property
    def place(self) -> str:
        """Where it stands, as a path."""
        many = f"{self.element}[{self.number}]" if self.number > 1 else self.element
        return f"{many}/{self.attribute}"


def fit_fields(tree: Tree, *, profile: PrimaProfile) -> tuple[Tree, tuple[FieldReport, ...]]:
    """
    Return an order's tree as its fields hold it, and a report of every attribute.

    A text that does not fit and may not be cut is left as it is; its report has a fit of `FAULTS`.
    """
    reports: list[FieldReport] = []
    counts: dict[str, int] = {}
    return _fitted(tree, profile, counts, reports), tuple(reports)


def has_field_rules(profile: PrimaProfile) -> bool:
    """Tell whether a profile says more of single fields than the three widths."""
    return bool(profile.widths or profile.required or profile.values)


def width_of(element: str, attribute: str, *, profile: PrimaProfile) -> int:
    """
    Return the characters that an attribute takes.

    >>> width_of("Data", "AddrLine2", profile=PrimaProfile())
    35
    """
    widths = dict(profile.widths)
    own = widths.get(f"{element}/{attribute}", widths.get(attribute))
    if own is not None:
        return own
    if attribute in NOTES:
        return profile.note_width
    return profile.address_width if _ADDRESS in attribute else profile.text_width


def _fitted(
    tree: Tree, profile: PrimaProfile, counts: dict[str, int], reports: list[FieldReport]
) -> Tree:
    name, attributes, children = tree
    number = counts[name] = counts.get(name, 0) + 1
    kept: dict[str, str] = {}
    for attribute, text in attributes.items():
        kept[attribute], fit, detail = _one(name, attribute, text, profile)
        width = width_of(name, attribute, profile=profile)
        reports.append(FieldReport(name, number, attribute, len(text), width, fit, detail))
    reports.extend(_absent(name, number, attributes, profile))
    return (name, kept, tuple(_fitted(child, profile, counts, reports) for child in children))


def _one(element: str, attribute: str, text: str, profile: PrimaProfile) -> tuple[str, Fit, str]:
    names = (f"{element}/{attribute}", attribute)
    if not text.strip():
        missing = not profile.required.isdisjoint(names)
        return (text, Fit.MISSING if missing else Fit.KEPT, "")
    table = next((dict(rows) for name, rows in profile.values if name in names), None)
    if table is not None:
        if text not in table:
            return (text, Fit.NOT_IN_TABLE, text[:20])
        return (table[text], Fit.MAPPED, f"{text[:20]} -> {table[text]}")
    wrong = unwritable(text)
    if wrong:
        return (text, Fit.NOT_WRITABLE, ", ".join(wrong[:5]))
    width = width_of(element, attribute, profile=profile)
    if len(text) <= width:
        return (text, Fit.KEPT, "")
    if attribute in NOTES or not profile.cut.isdisjoint(names):
        return (text[:width], Fit.CUT, "")
    return (text, Fit.TOO_LONG, "")


def unwritable(text: str) -> tuple[str, ...]:
    """
    Return the code points that Prima's code page lacks, and control characters, each once.

    >>> unwritable("Zoë € 5"), unwritable("A" + chr(10))
    (('U+20AC',), ('U+000A',))
    """
    if _WRITABLE.fullmatch(text):
        return ()
    wrong = (char for char in text if not _WRITABLE.fullmatch(char))
    return tuple(dict.fromkeys(f"U+{ord(char):04X}" for char in wrong))


_WRITABLE = re.compile(r"[ -~\xa0-\xff]*")
"""ISO-8859-1 without its control characters, which no attribute keeps."""


def _absent(
    element: str, number: int, there: Mapping[str, str], profile: PrimaProfile
) -> Iterator[FieldReport]:
    """Report required attributes of an element that are not even written."""
    for name in sorted(profile.required):
        place, _, attribute = name.rpartition("/")
        if place == element and attribute not in there:
            width = width_of(element, attribute, profile=profile)
            yield FieldReport(element, number, attribute, 0, width, Fit.MISSING)
