"""
What can be written: texts brought to the code page that Prima's server translates to.

ISO-8859-1 is documented; everything outside it is transliterated by our own table, then by
compatibility decomposition, or is reported. Nothing is ever replaced in a name, an address or a
reference.
"""

from __future__ import annotations

import re
import unicodedata

from attrs import frozen

from oro_prima.prima.models.profile import CharsetPolicy

CODE_PAGE = "iso-8859-1"


@frozen
class Fitted:
    """
    A text as Prima can hold it.

    Attributes:
        text: In NFC, without line breaks, within ISO-8859-1 where `unwritable` is empty.
        replaced: A character of a note became `?`.
        unwritable: Code points that cannot be written, such as `U+4E2D`, each once, in order.
    """

    text: str
    replaced: bool = False
    unwritable: tuple[str, ...] = ()


def fit_text(text: str, *, charset: CharsetPolicy, note: bool = False) -> Fitted:
    """
    Fit `text` to Prima's code page.

    NFC; characters that XML 1.0 forbids are dropped; runs of white space become one space. What
    ISO-8859-1 lacks is transliterated (`TRANSLITERATE`) or left (`REJECT`); what then still cannot
    be written becomes `?` in a note, and is listed in any other text. Fitting
    twice is fitting once.

    >>> fit_text("Łódź – “Zażółć”", charset=CharsetPolicy.TRANSLITERATE).text
    'Lódz - "Zazólc"'
    """
    if _PLAIN.fullmatch(text):
        return Fitted(text)
    replaced = False
    while True:  # what is left out may bring together what composes: until nothing changes
        fitted, unwritable = _once(text, charset, note=note)
        replaced = replaced or (note and bool(unwritable))
        if _PLAIN.fullmatch(fitted):
            return Fitted(fitted, replaced=replaced)
        if fitted == text:
            return Fitted(fitted, replaced=replaced, unwritable=unwritable)
        text = fitted


def _once(text: str, charset: CharsetPolicy, *, note: bool) -> tuple[str, tuple[str, ...]]:
    parts: list[str] = []
    unwritable: dict[str, None] = {}
    for char in unicodedata.normalize("NFC", _ILLEGAL.sub("", text)):
        written = char if char < "\u0100" else _write(char, charset)
        if written is None:
            unwritable[f"U+{ord(char):04X}"] = None
        parts.append(written if written is not None else "?" if note else char)
    return _SPACES.sub(" ", "".join(parts)).strip(), tuple(unwritable)


def _write(char: str, charset: CharsetPolicy) -> str | None:
    if _SPACES.fullmatch(char):
        return char
    if charset is CharsetPolicy.REJECT:
        return None
    if char in _TABLE:
        return _TABLE[char]
    category = unicodedata.category(char)
    if category in _INVISIBLE:
        return ""
    return _number(char) if category == "No" else _decomposed(char)


def _number(char: str) -> str | None:
    """Write a fraction apart from the digits beside it; a raised or circled digit is unwritable."""
    text = _decomposed(char)
    return f" {text}" if text is not None and "/" in text else None


def _decomposed(char: str) -> str | None:
    kept = "".join(c for c in unicodedata.normalize("NFKD", char) if not unicodedata.combining(c))
    text = "".join(_TABLE.get(c, c) for c in kept)
    return text if len(text) <= LONGEST and _PLAIN.fullmatch(text) and text else None


LONGEST = 4
"""A character that would become longer than this is unwritable, for it is no letter any more."""

_SPACES = re.compile(r"[\s\x85\u2028\u2029]+")
_PLAIN = re.compile(r"(?:[!-~\xa1-\xff]+(?: [!-~\xa1-\xff]+)*)?")
_ILLEGAL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]|[\ud800-\udfff]|[\ufffe\uffff]"
)  # one class of all takes a tenth of the import
_INVISIBLE = frozenset({"Cf", "Mn", "Me"})
_TABLE = {
    "‘": "'", "’": "'", "‚": "'", "‛": "'", "ʼ": "'", "ʻ": "'", "ʹ": "'",
    "“": '"', "”": '"', "„": '"', "‟": '"',
    "‹": "<", "›": ">", "′": "'", "″": '"', "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-",
    "―": "-", "−": "-", "…": "...", "•": "*", "€": "EUR", "™": "TM", "№": "No",
    "Œ": "OE", "œ": "oe", "Ÿ": "Y", "Š": "S", "š": "s", "Ž": "Z", "ž": "z", "ƒ": "f",
    "Ł": "L", "ł": "l", "Đ": "D", "đ": "d", "Ħ": "H", "ħ": "h", "ı": "i", "ĸ": "k", "Ŋ": "N",
    "ŋ": "n", "Ŧ": "T", "ŧ": "t", "ẞ": "SS", "ſ": "s", "Ǝ": "E", "ǝ": "e", "Ə": "A", "ə": "a",
    "Ǥ": "G", "ǥ": "g", "Ʒ": "Z", "ʒ": "z", "⁄": "/", "∕": "/",
}  # fmt: skip
