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
    be written becomes `?` in a note, and is listed in any other text.

    >>> fit_text("Łódź – “Zażółć”", charset=CharsetPolicy.TRANSLITERATE).text
    'Lódz - "Zazólc"'
    """
    parts: list[str] = []
    unwritable: dict[str, None] = {}
    for char in unicodedata.normalize("NFC", _SPACES.sub(" ", _legal(text)).strip()):
        written = _write(char, charset)
        if written is None:
            unwritable[f"U+{ord(char):04X}"] = None
            parts.append("?" if note else char)
        else:
            parts.append(written)
    fitted = _SPACES.sub(" ", "".join(parts)).strip()
    return Fitted(fitted, replaced=note and bool(unwritable), unwritable=_listed(unwritable, note))


def _listed(unwritable: dict[str, None], note: bool) -> tuple[str, ...]:
    return () if note else tuple(unwritable)


def _legal(text: str) -> str:
    return _ILLEGAL.sub("", text)


def _write(char: str, charset: CharsetPolicy) -> str | None:
    if ord(char) < 0x100:
        return char
    if charset is CharsetPolicy.REJECT:
        return None
    if char in _TABLE:
        return _TABLE[char]
    if unicodedata.category(char) in _INVISIBLE:
        return ""
    return _decomposed(char)


def _decomposed(char: str) -> str | None:
    kept = "".join(c for c in unicodedata.normalize("NFKD", char) if not unicodedata.combining(c))
    text = "".join(_TABLE.get(c, c) for c in kept)
    usable = bool(text) and all(0x20 <= ord(c) < 0x100 and not 0x7F <= ord(c) < 0xA0 for c in text)
    return text if usable and len(text) <= LONGEST else None


LONGEST = 4
"""A character that would become longer than this is unwritable: it is no letter any more."""

_SPACES = re.compile(r"[\s\x85\u200b\u2028\u2029]+")
_ILLEGAL = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_INVISIBLE = frozenset({"Cf", "Mn", "Me"})
_TABLE = {
    "‘": "'", "’": "'", "‚": "'", "‛": "'", "“": '"', "”": '"', "„": '"', "‟": '"',
    "‹": "<", "›": ">", "′": "'", "″": '"', "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-",
    "―": "-", "−": "-", "…": "...", "•": "*", "·": "·", "€": "EUR", "™": "TM", "№": "No",
    "Œ": "OE", "œ": "oe", "Ÿ": "Y", "Š": "S", "š": "s", "Ž": "Z", "ž": "z", "ƒ": "f",
    "Ł": "L", "ł": "l", "Đ": "D", "đ": "d", "Ħ": "H", "ħ": "h", "ı": "i", "ĸ": "k", "Ŋ": "N",
    "ŋ": "n", "Ŧ": "T", "ŧ": "t", "ẞ": "SS", "ſ": "s", "Ǝ": "E", "ǝ": "e", "Ə": "A", "ə": "a",
    "⁄": "/", "∕": "/",
}  # fmt: skip
