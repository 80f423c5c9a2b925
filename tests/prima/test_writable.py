"""No order leaves whose letters Prima would turn into question marks."""

from __future__ import annotations

import pytest
from attrs import evolve
from hypothesis import example, given
from hypothesis import strategies as st

from oro_prima.ids import PrimaAccount
from oro_prima.prima.calls import post_order
from oro_prima.prima.models.orders import Party, PrimaOrder
from oro_prima.prima.models.profile import CharsetPolicy, PrimaProfile
from oro_prima.prima.models.sections import LineTerms, OrderSections, Voucher
from oro_prima.prima.models.writable import is_free_text, writable
from oro_prima.values import SkuKey
from tests.prima.documents import COMPANY, LINE, ORDER, UNIQUE, orders
from tests.prima.requests import read_sent

anything = st.text(st.characters() | st.sampled_from("\t\n\u2028“”…Łé中€½\x00\ufeff"), max_size=20)


def sent(order: PrimaOrder, charset: CharsetPolicy = CharsetPolicy.TRANSLITERATE) -> list[str]:
    """Return every text of what is sent."""
    call = post_order(
        order, unique_id=UNIQUE, profile=PrimaProfile(charset=charset), company=COMPANY
    )
    request = read_sent(call.request().body).request
    return [text for element in request.iter() for text in element.attrib.values()]


def attempted(order: PrimaOrder, charset: CharsetPolicy) -> tuple[list[str], str]:
    """Return what is sent, or why nothing is."""
    try:
        return sent(order, charset), ""
    except ValueError as error:
        return [], str(error)


@given(anything, st.sampled_from(CharsetPolicy))
@example("a\nb", CharsetPolicy.REJECT)
@example("“Łódź”", CharsetPolicy.REJECT)
@example("中", CharsetPolicy.TRANSLITERATE)
def test_every_text_fits_the_code_page_or_is_refused(text: str, charset: CharsetPolicy) -> None:
    """Of any text of Unicode, wherever it stands; the message never repeats it."""
    party = Party(forename=text, lines=(f"x{text}",))
    note = evolve(ORDER, special_instructions=text, hold_narrative=text)
    for order in (
        evolve(ORDER, delivery=party, invoice=party, customer_ref=text),
        evolve(ORDER, account=PrimaAccount(f"A{text}")),
        evolve(ORDER, lines=(evolve(LINE, sku=SkuKey("P", text), reference=text),)),
        note,
    ):
        texts, told = attempted(order, charset)
        assert not (told and order is note)
        assert not told or "cannot be written" in told
        assert len(text) < 3 or text not in told
        for written in texts:
            assert written.encode("iso-8859-1").decode("iso-8859-1") == written
            assert not any(char < " " or "\x7f" <= char < "\xa0" for char in written)


@given(orders(), st.sampled_from(CharsetPolicy))
def test_what_fits_is_not_touched(order: PrimaOrder, charset: CharsetPolicy) -> None:
    """So what the mapping fitted leaves as it was meant."""
    assert sent(order, charset) == sent(order, CharsetPolicy.TRANSLITERATE)


@given(anything, st.sampled_from(CharsetPolicy))
def test_twice_is_once(text: str, charset: CharsetPolicy) -> None:
    """What was brought to the page stays as it is."""
    tree = ("Data", {"CustomerSurname": text, "Customer": text, "LineNarrative": text}, ())
    once, _faults = writable(tree, charset=charset)

    assert writable(once, charset=charset)[0] == once


def test_words_are_transliterated_and_codes_never() -> None:
    """Another code is another account; a note may lose a character, a name may not."""
    named = evolve(ORDER, delivery=Party(surname="Łukasz", lines=("Żórawia 7",)))
    noted = evolve(ORDER, special_instructions="Ring 中")

    assert {"Lukasz", "Zórawia 7"} <= set(sent(named))
    assert "Ring ?" in sent(noted)
    for order, told in (
        (evolve(ORDER, account=PrimaAccount("Łódź")), "Data Customer: U\\+0141, U\\+017A"),
        (evolve(ORDER, delivery=Party(surname="中")), "Data CustomerSurname: U\\+4E2D"),
        (evolve(ORDER, currency="GBP\n"), "OrderHeaderData Currency: U\\+000A"),
    ):
        with pytest.raises(ValueError, match=f"{told} cannot be written"):
            sent(order)
    with pytest.raises(ValueError, match="CustomerSurname: U\\+0141"):
        sent(named, CharsetPolicy.REJECT)


def test_sections_are_looked_at_too() -> None:
    """A card to go with a voucher is words; its method is a code."""
    said = OrderSections(lines={1: LineTerms(voucher=Voucher(vch_message="für “Dich”"))})
    call = post_order(
        ORDER, unique_id=UNIQUE, profile=PrimaProfile(), company=COMPANY, sections=said
    )
    (data,) = read_sent(call.request().body).request

    assert data[-1].attrib["VchMessage"] == 'für "Dich"'
    assert not is_free_text("VchMethod")
