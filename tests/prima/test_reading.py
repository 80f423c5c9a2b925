"""Answers as bytes: whatever comes, and however it is cut."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from oro_prima.errors import CallError, Effect, UnreadableError
from oro_prima.prima.calls.stock import free_stock
from oro_prima.prima.models.orders import OrderAnswer
from tests.prima.documents import (
    COMPANY,
    PROFILE,
    TODAY,
    asking,
    in_body,
    item,
    outcome,
    posting,
    read,
    result,
    row,
    soap,
    soap_fault,
    stock,
)

DESPATCHED = result(
    '<Data OrderStatus="Despatched"/>', request_type="OrderStatus", RequestStatus="OK"
)
ANSWERS = (
    soap(result(item())),
    soap(result(item("ERROR", "(E:21) it is there", "(E:194) and so"))),
    soap(DESPATCHED),
    soap(DESPATCHED)[:-40],
    soap(DESPATCHED[:-5]),
    soap("no xml at all"),
    soap('<!DOCTYPE x [<!ENTITY a "b">]><Result>&a;</Result>'),
    soap(result("stray text é", RequestStatus="OK")),
    soap_fault("gone (8234) (10926)"),
    in_body("<a/>"),
    b"<html><body><p>Sign in<br></body></html>",
    b"<!DOCTYPE html><html></html>",
    b'<?xml version="1.0" encoding="bogus"?><a/>',
    b"\x00\xff\xfe",
    b"o\x00\x00\x00\x06\x0e",
    b"o\x01\xe0\xb8\x86",
    b"<A></A>\xfe\xffg]&",
    b"",
    stock(row(), row("LID", "0", "24/11/2031"), row("CUP", "many")),
)
statuses = st.sampled_from([200, 302, 401, 404, 429, 500, 502])


@given(st.sampled_from(ANSWERS), st.lists(st.integers(0, 900), max_size=8), statuses)
def test_cuts_change_nothing(body: bytes, cuts: list[int], status: int) -> None:
    """Wherever an answer is cut, it is the same value or the same error, word for word."""
    stock_call = free_stock(profile=PROFILE, company=COMPANY, today=TODAY)

    for call in (posting(), asking(), stock_call):
        whole = outcome(call, body, status=status)
        assert outcome(call, body, status=status, cuts=cuts) == whole


@pytest.mark.parametrize("body", ANSWERS)
def test_byte_by_byte_is_the_same_too(body: bytes) -> None:
    """Even single bytes give what the whole gives."""
    whole = outcome(posting(), body)

    assert outcome(posting(), body, cuts=range(1, len(body))) == whole


def test_the_first_fault_in_the_order_of_bytes_counts() -> None:
    """The inner document breaks, right after it the envelope does: the inner fault is told."""
    broken = soap("<a></b>").partition(b"</result>")[0] + b"<<"
    found = outcome(asking(), broken)

    assert "mismatched tag" in str(found)
    assert outcome(asking(), broken, cuts=range(1, len(broken))) == found


@given(st.binary(max_size=200) | st.text(max_size=80).map(str.encode), statuses)
@example(b'<?xml version="1.0" encoding="utf-7"?><a/>', 200)
@example(b"\xff\xfe<\x00a\x00\x00\xd8\x00\x00", 200)
def test_arbitrary_bytes_give_an_error_of_the_call(body: bytes, status: int) -> None:
    """Nothing but a `CallError` comes of noise, whatever the status."""
    with pytest.raises(CallError):
        read(posting(), body, status=status)


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=60))
def test_arbitrary_inner_text_gives_an_error_of_the_call(text: str) -> None:
    """A business answer that is none leaves the order in doubt."""
    with pytest.raises(UnreadableError) as caught:
        read(posting(), soap("x" + text))

    assert caught.value.effect is Effect.UNKNOWN


@given(st.integers(0, 2000), st.binary(min_size=1, max_size=3))
@settings(max_examples=100)
def test_a_damaged_answer_is_never_a_refusal_by_accident(at: int, noise: bytes) -> None:
    """Damage gives the same acceptance or an error; an order is never released by it."""
    body = soap(result(item()))
    at %= len(body)
    damaged = body[:at] + noise + body[at + len(noise) :]

    found = outcome(posting(), damaged)

    assert isinstance(found, OrderAnswer) or found[1] is Effect.UNKNOWN


@pytest.mark.parametrize("layer", ["outer", "inner"])
@pytest.mark.parametrize(
    "declaration",
    [
        "<!DOCTYPE Result>",
        '<!DOCTYPE Result SYSTEM "file:///etc/hostname">',
        '<!DOCTYPE Result [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>',
        '<!DOCTYPE Result [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x">%p;]>',
    ],
)
def test_document_types_are_refused_in_both_layers(layer: str, declaration: str) -> None:
    """No answer can name a file, an address, or an entity that grows."""
    whole = soap(declaration + "<Result/>")
    if layer == "outer":
        whole = declaration.encode() + soap("<Result/>").partition(b"?>")[2]

    with pytest.raises(UnreadableError, match="document type or an entity"):
        read(asking(), whole)


def test_the_cap_counts_bytes_as_they_come() -> None:
    """An answer is left as soon as it is larger than the cap, without any length announced."""
    call = free_stock(profile=PROFILE, company=COMPANY, today=TODAY, cap=600)
    within = stock(row())
    beyond = stock(row(), row("LID"), row("CUP"))

    assert len(within) <= 600 < len(beyond)
    assert len(read(call, within)) == 1
    with pytest.raises(UnreadableError, match=r"larger than 600 bytes \(prima.answer_cap\)"):
        read(call, beyond, cuts=range(0, len(beyond), 50))


def test_depth_is_bounded() -> None:
    """An answer of nothing but nesting is refused before it fills the memory."""
    with pytest.raises(UnreadableError, match="nested too deeply"):
        read(asking(), b"<a>" * 5000)


def test_the_first_part_with_text_is_the_answer() -> None:
    """Whatever its name; blank ones before it and anything after it are not looked at."""
    text = DESPATCHED.replace("&", "&amp;").replace("<", "&lt;")
    body = in_body(
        f'<r:wsomhandlerResponse xmlns:r="u"><a/><b> \n </b><r:any>\n {text}</r:any><c>later</c>'
        "</r:wsomhandlerResponse>"
    )

    assert read(asking(), body).status == "Despatched"


def test_cdata_is_text_too() -> None:
    """Escaped or in a CDATA section, an answer is the same."""
    body = in_body(
        f"<wsomhandlerResponse><result><![CDATA[{DESPATCHED}]]></result></wsomhandlerResponse>"
    )

    assert read(asking(), body).status == "Despatched"


def test_the_declared_encoding_of_the_inner_document_is_false() -> None:
    """Letters survive although the text, long decoded, still says ISO-8859-1."""
    inner = result('<Data OrderStatus="Genügt"/>', request_type="OrderStatus", RequestStatus="OK")

    for declared in ("ISO-8859-1", "UTF-16", "bogus"):
        body = soap(inner.replace("ISO-8859-1", declared))
        assert read(asking(), body).status == "Genügt"


def test_attribute_names_match_without_case() -> None:
    """Exactly first; `orderstatus` where `OrderStatus` is absent."""
    data = '<Data ORDERSTATUS=" Part Despatched "/>'
    inner = f'<Result requeststatus="ok" REQUESTTYPE="orderstatus">{data}</Result>'

    assert read(asking(), soap(inner)).status == "Part Despatched"


def test_a_long_answer_is_read_in_one_pass() -> None:
    """Rows beyond the parser's buffer arrive whole."""
    body = stock(*(row(f"P{number}", str(number)) for number in range(3000)))
    call = free_stock(profile=PROFILE, company=COMPANY, today=TODAY)
    rows = read(call, body, cuts=range(0, len(body), 7001))

    assert [one.sku.product for one in rows] == [f"P{number}" for number in range(3000)]
    assert [int(one.available) for one in rows] == list(range(3000))
