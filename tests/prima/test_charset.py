"""What Prima can hold, and what happens to the rest."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from oro_prima.prima.models.charset import Fitted, fit_text
from oro_prima.prima.models.profile import CharsetPolicy

TRANSLITERATE, REJECT = CharsetPolicy.TRANSLITERATE, CharsetPolicy.REJECT
everything = st.text(st.characters(codec=None), max_size=20)
policies = st.sampled_from(CharsetPolicy)


@given(everything, policies, st.booleans())
@example("\u09c7\u0301\u09be", TRANSLITERATE, False)
@example("\u1100\u200c\u1161", TRANSLITERATE, False)
def test_fitting_twice_is_fitting_once(text: str, charset: CharsetPolicy, note: bool) -> None:
    """A fitted text is left alone, and says the same of what cannot be written."""
    once = fit_text(text, charset=charset, note=note)
    twice = fit_text(once.text, charset=charset, note=note)

    assert (once.text, once.unwritable) == (twice.text, twice.unwritable)


@given(everything, policies, st.booleans())
def test_what_is_writable_is_in_the_code_page(
    text: str, charset: CharsetPolicy, note: bool
) -> None:
    """Nothing is listed exactly where the text encodes to ISO-8859-1, printable and on one line."""
    fitted = fit_text(text, charset=charset, note=note)
    beyond = [char for char in fitted.text if ord(char) > 0xFF]

    assert bool(fitted.unwritable) == bool(beyond)
    assert all(char.isprintable() or char == "\xad" or ord(char) > 0xFF for char in fitted.text)
    assert fitted.text == " ".join(fitted.text.split())


@given(everything, policies)
def test_notes_are_always_written(text: str, charset: CharsetPolicy) -> None:
    """In a note what cannot be written becomes a question mark, and that is said."""
    fitted = fit_text(text, charset=charset, note=True)
    as_name = fit_text(text, charset=charset)

    fitted.text.encode("iso-8859-1")
    assert fitted.unwritable == ()
    if as_name.unwritable:
        assert fitted.replaced
        assert "?" in fitted.text


@given(st.text(st.characters(max_codepoint=0x7F), max_size=30), policies, st.booleans())
def test_ascii_changes_by_white_space_alone(text: str, charset: CharsetPolicy, note: bool) -> None:
    """Printable ASCII stays; white space collapses and control characters vanish."""
    legal = "".join(char for char in text if char.isprintable() or char in "\t\n\r")

    assert fit_text(text, charset=charset, note=note) == Fitted(" ".join(legal.split()))


def test_no_code_point_slips_through() -> None:
    """Every code point there is gives ISO-8859-1 or is listed by its own number."""
    for code in range(0x110000):
        fitted = fit_text(chr(code), charset=TRANSLITERATE)
        if fitted.unwritable:
            assert all(name.startswith("U+") for name in fitted.unwritable)
        else:
            fitted.text.encode("iso-8859-1")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Zoë Brontë-Ørsted", "Zoë Brontë-Ørsted"),
        ("“Teapots” – 5…", '"Teapots" - 5...'),
        ("Żółw Şahin Dvořák Łoś", "Zólw Sahin Dvorák Los"),
        ("Œuvre ﬁn ĳs ẞ", "OEuvre fin ijs SS"),
        ("€ 5 ™", "EUR 5 TM"),
        ("Leo\u0308n", "Leön"),
        ("ｆｕｌｌ １２", "full 12"),
        ("5⅓ Mill Lane", "5 1/3 Mill Lane"),
        ("Oʻahu", "O'ahu"),
        ("Mül\u200bler\ufeff", "Müller"),
        (" a\r\n\tb\xa0 c ", "a b c"),
        ("nul\x00\x85bell\x07", "nul bell"),
    ],
)
def test_letters_of_europe_are_transliterated(text: str, written: str) -> None:
    """Quotes, dashes, ligatures and diacritics find their nearest form; fractions stay apart."""
    assert fit_text(text, charset=TRANSLITERATE) == Fitted(written)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("中文中", ("U+4E2D", "U+6587")),
        ("Οδός", ("U+039F", "U+03B4", "U+03CC", "U+03C2")),
        ("No 12⁴", ("U+2074",)),
        ("①", ("U+2460",)),
        ("˘", ("U+02D8",)),
        ("🫖", ("U+1FAD6",)),
        ("㍿", ("U+337F",)),
    ],
)
def test_what_has_no_form_is_listed(text: str, codes: tuple[str, ...]) -> None:
    """A character without a nearest form, or one that would change a number, is named once."""
    fitted = fit_text(text, charset=TRANSLITERATE)

    assert fitted == Fitted(text, unwritable=codes)
    assert fit_text(text, charset=TRANSLITERATE, note=True).replaced


def test_rejecting_changes_no_letter() -> None:
    """Under `reject` only ISO-8859-1 itself is written."""
    assert fit_text("Zoë", charset=REJECT) == Fitted("Zoë")
    assert fit_text("Łódź", charset=REJECT) == Fitted("Łódź", unwritable=("U+0141", "U+017A"))
    assert fit_text("Łódź", charset=REJECT, note=True) == Fitted("?ód?", replaced=True)
