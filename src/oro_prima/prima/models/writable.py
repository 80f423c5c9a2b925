"""
The texts of an order brought to Prima's code page, element by element, or refused.

The mapping does so before an order is meant; here it is done for whoever posts with the client
alone, so that no order can leave whose letters Prima would turn into question marks. Free text
follows the profile's policy; a code is never altered, for another code is another account or SKU.
"""

from __future__ import annotations

import re

from oro_prima.prima.models.charset import fit_text
from oro_prima.prima.models.fields import NOTES, unwritable
from oro_prima.prima.models.profile import CharsetPolicy
from oro_prima.prima.models.rendering import Tree

_FREE = re.compile(
    "(?:Customer|Invoice)(?:Title|Forename|Surname|FAO)|DeliveryFAO|OrderContact|CustomerRef"
    "|(?:|Invoice|Vch)AddrLine[1-6]|VchName"
)


def is_free_text(attribute: str) -> bool:
    """
    Tell whether an attribute holds words, which may be transliterated, and no code.

    >>> is_free_text("InvoiceAddrLine2"), is_free_text("Customer"), is_free_text("LineNarrative")
    (True, False, True)
    """
    return attribute in NOTES or _FREE.fullmatch(attribute) is not None


def writable(tree: Tree, *, charset: CharsetPolicy) -> tuple[Tree, tuple[str, ...]]:
    """
    Return an element whose texts Prima can hold, and what of it cannot be written.

    Bringing it there twice is bringing it there once. A fault names element, attribute and code
    points, never a text.
    """
    if _fits_already(tree):
        return tree, ()
    name, attributes, children = tree
    kept: dict[str, str] = {}
    faults: list[str] = []
    for attribute, text in attributes.items():
        kept[attribute], wrong = _one(attribute, text, charset) if text else (text, ())
        if wrong:
            faults.append(f"{name} {attribute}: {', '.join(wrong[:5])} cannot be written")
    inside = [writable(child, charset=charset) for child in children]
    faults += [fault for _child, found in inside for fault in found]
    return (name, kept, tuple(child for child, _found in inside)), tuple(faults)


def _fits_already(tree: Tree) -> bool:
    """Look at all texts at once, as those of the mapping are: nothing then is to be done."""
    texts: list[str] = []
    _collect(tree, texts)
    together = "\n".join(texts)
    return (
        _CLEAN.fullmatch(together) is not None
        and together.count("\n") == len(texts) - 1
        and not any(gap in together for gap in _GAPS)
        and together == together.strip(" ")
    )


def _collect(tree: Tree, texts: list[str]) -> None:
    _name, attributes, children = tree
    texts.extend(attributes.values())
    for child in children:
        _collect(child, texts)


_CLEAN = re.compile(r"[\n -~\xa1-\xff]*")
_GAPS = ("  ", "\n ", " \n")


def _one(attribute: str, text: str, charset: CharsetPolicy) -> tuple[str, tuple[str, ...]]:
    if is_free_text(attribute):
        fit = fit_text(text, charset=charset, note=attribute in NOTES)
        return fit.text, fit.unwritable
    return text, unwritable(text)
