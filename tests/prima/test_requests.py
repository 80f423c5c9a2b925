"""What leaves for Prima."""

from __future__ import annotations

from decimal import Decimal

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from oro_prima.call import header
from oro_prima.ids import PrimaAccount, PrimaCompany, PrimaOrderNumber
from oro_prima.prima.calls.orders import order_status, post_order
from oro_prima.prima.calls.stock import free_stock, free_stock_of, free_stock_rows
from oro_prima.prima.models.orders import OrderCharge, Party, PrimaOrder, PrimaOrderLine
from oro_prima.prima.models.profile import PrimaProfile, Style
from oro_prima.prima.models.rendering import money
from oro_prima.values import SkuKey
from tests.prima.documents import (
    COMPANY,
    LINE,
    NUMBER,
    ORDER,
    PROFILE,
    TODAY,
    UNIQUE,
    amounts,
    asking,
    orders,
    posting,
    skus,
)
from tests.prima.requests import read_order, read_sent

styles = st.sampled_from(Style)


def _sent(order: PrimaOrder, profile: PrimaProfile = PROFILE) -> bytes:
    return post_order(order, unique_id=UNIQUE, profile=profile, company=COMPANY).request().body


@given(orders(), styles, st.booleans())
@settings(max_examples=60)
def test_an_order_is_read_back_as_it_was_meant(
    order: PrimaOrder, style: Style, with_company: bool
) -> None:
    """Whatever is in an order stands in the request, in every style, and all of it is ASCII."""
    body = _sent(order, PrimaProfile(style=style, with_company=with_company))
    sent = read_sent(body, xml_part="RequestXML")
    (data,) = sent.request

    assert body.isascii()
    assert sent.inner.isascii()
    assert read_order(data) == order
    assert data.attrib["UniqueId"] == UNIQUE


@given(st.lists(skus, min_size=1, max_size=5))
def test_skus_are_read_back_as_they_were_asked(asked: list[SkuKey]) -> None:
    """Each SKU is asked for once, as spelled first, in the order given."""
    call = free_stock_of(asked, profile=PROFILE, company=COMPANY, today=TODAY)
    ((*rows,),) = read_sent(call.request().body).request
    names = ("Product", "MtrxCode1", "MtrxCode2", "MtrxCode3", "MtrxCode4")
    read_back = [SkuKey(*(row.attrib[name] for name in names)) for row in rows]

    assert {row.tag for row in rows} == {"sku"}
    assert [sku.codes for sku in read_back] == [sku.codes for sku in dict.fromkeys(asked)]


def test_a_request_names_its_type_and_range() -> None:
    """Blank ends ask for every product."""
    whole = free_stock(profile=PROFILE, company=COMPANY, today=TODAY)
    part = free_stock_rows(
        print, profile=PROFILE, company=COMPANY, today=TODAY, first="T", last="TZ"
    )

    for call, ends in ((whole, ("", "")), (part, ("T", "TZ"))):
        request = read_sent(call.request().body).request
        assert request.attrib == {"RequestType": "ProductAvailableToSell"}
        assert tuple(request[0].attrib.items()) == (
            ("ProductFrom", ends[0]),
            ("ProductTo", ends[1]),
        )


def test_a_status_is_asked_by_number() -> None:
    """One order a request."""
    request = read_sent(asking().request().body).request

    assert request.attrib == {"RequestType": "OrderStatus"}
    assert [(child.tag, child.attrib) for child in request] == [("Data", {"OrderNumber": NUMBER})]


def test_header_fields_are_those_of_soap() -> None:
    """The action is quoted, blank by default; the address is the service's own."""
    request = posting().request()
    other = posting(PrimaProfile(soap_action="om/go")).request()

    assert (request.method, request.path, request.query) == ("POST", "", ())
    assert header(request.headers, "Content-Type") == "text/xml; charset=utf-8"
    assert header(request.headers, "SOAPAction") == '""'
    assert header(other.headers, "SOAPAction") == '"om/go"'


def test_only_an_order_is_unsafe() -> None:
    """Enquiries may be repeated by a sender, an order never."""
    stock = free_stock_of([LINE.sku], profile=PROFILE, company=COMPANY, today=TODAY)

    assert [call.safe for call in (posting(), asking(), stock)] == [False, True, True]


def test_the_same_call_writes_the_same_bytes() -> None:
    """A call's bytes can be hashed before it is sent."""
    assert posting().request() == posting().request()


@pytest.mark.parametrize(
    ("style", "operation", "part"),
    [
        (Style.RPC_LITERAL, b'<m:wsomhandler xmlns:m="urn:omlink:omlink">', b"<RequestXML>"),
        (
            Style.RPC_ENCODED,
            b'<m:wsomhandler xmlns:m="urn:omlink:omlink">',
            b'<RequestXML xsi:type="xsd:string">',
        ),
        (Style.DOC_LITERAL, b'<wsomhandler xmlns="urn:omlink:omlink">', b"<RequestXML>"),
    ],
)
def test_styles_wrap_the_request_each_in_its_way(
    style: Style, operation: bytes, part: bytes
) -> None:
    """The operation is in its namespace; parts are typed in one style alone."""
    body = posting(PrimaProfile(style=style)).request().body

    assert operation + part + b"&lt;?xml version" in body
    assert (b"encodingStyle" in body) == (style is Style.RPC_ENCODED)


@pytest.mark.parametrize("first", [True, False])
def test_the_company_stands_where_the_profile_says(first: bool) -> None:
    """With a company the other operation is called."""
    profile = PrimaProfile(
        with_company=True, company_first=first, company_part="Comp", xml_part="Xml", namespace="u:x"
    )
    call = order_status(NUMBER, profile=profile, company=PrimaCompany("7"))
    sent = read_sent(call.request().body, xml_part="Xml")

    assert sent.operation == "{u:x}comwsomhandler"
    assert [name for name, _ in sent.parts] == (["Comp", "Xml"] if first else ["Xml", "Comp"])
    assert dict(sent.parts)["Comp"] == "7"


def test_the_inner_document_is_declared_and_escaped_once() -> None:
    """Letters are numeric references of the inner document, whatever encoding is assumed."""
    sent = read_sent(_sent(evolve(ORDER, customer_ref='Zoë & "Co"\n2')))

    assert sent.inner.startswith('<?xml version="1.0" encoding="ISO-8859-1"?><Request ')
    assert 'CustomerRef="Zo&#235; &amp; &quot;Co&quot; 2"' in sent.inner


def test_unset_attributes_are_present_and_empty() -> None:
    """A line without price, date and warehouse says so by blanks; dates follow the profile."""
    line = PrimaOrderLine(1, SkuKey("TEAPOT"), 2, None, "r")
    order = evolve(ORDER, lines=(line, evolve(line, number=2, due_date=TODAY)))
    (data,) = read_sent(_sent(order, PrimaProfile(date_format="%Y%m%d"))).request
    blank, dated = data.findall("OrderLineData")

    assert [blank.attrib[name] for name in ("Price", "DueDate", "Warehouse")] == ["", "", ""]
    assert dated.attrib["DueDate"] == "20310506"
    assert data.find("OrderInvoiceData") is None


def test_elements_stand_in_their_order() -> None:
    """Header, invoice, lines, charges; a payment is never sent."""
    order = evolve(ORDER, invoice=Party(), charges=(OrderCharge("CARR", Decimal("7.5")),))
    (data,) = read_sent(_sent(order)).request

    assert [child.tag for child in data] == [
        "OrderHeaderData",
        "OrderInvoiceData",
        "OrderLineData",
        "OrderChargeData",
    ]
    assert data[-1].attrib == {"Charge": "CARR", "ChargeValue": "7.50"}


def test_extras_are_added_to_their_element() -> None:
    """A profile may add an attribute, or fill one that is blank."""
    extras = (("Data", "HoldOrder", "Yes"), ("OrderHeaderData", "Season", "AW"))
    (data,) = read_sent(_sent(ORDER, PrimaProfile(extras=extras))).request

    assert (data.attrib["HoldOrder"], data[0].attrib["Season"]) == ("Yes", "AW")
    assert "Season" not in data[1].attrib


@given(amounts | st.integers(0, 10**9).map(Decimal))
def test_money_is_written_exactly(amount: Decimal) -> None:
    """Two decimals or more, a point, no exponent, nothing rounded."""
    text = money(amount)

    assert Decimal(text) == amount
    assert len(text.partition(".")[2]) >= 2
    assert set(text) <= set("0123456789.")


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"number": PrimaOrderNumber("0")}, "number '0'"),
        ({"number": PrimaOrderNumber("3000000000")}, "number '3000000000'"),
        ({"number": PrimaOrderNumber("2147483648")}, "number '2147483648'"),
        ({"number": PrimaOrderNumber("S-1")}, "number 'S-1'"),
        ({"number": PrimaOrderNumber("٣")}, r"number '\u0663'"),
        ({"reference": ""}, "reference is blank"),
        ({"lines": ()}, "no lines"),
        ({"lines": (evolve(LINE, quantity=0),)}, "quantity is below 1"),
        ({"lines": (LINE, LINE)}, "two lines have one number"),
        ({"lines": (evolve(LINE, price=Decimal("NaN")),)}, "not a number"),
        ({"charges": (OrderCharge("C", Decimal("Infinity")),)}, "not a number"),
        ({"delivery": Party(lines=("a",) * 7)}, "over 6 lines"),
        ({"invoice": Party(lines=("a",) * 7)}, "over 6 lines"),
    ],
)
def test_an_order_that_cannot_be_meant_is_not_written(
    changed: dict[str, object], told: str
) -> None:
    """A fault names the order and the field; a blank account would make a new customer."""
    order = evolve(ORDER, **changed)  # type: ignore[arg-type]
    profile = PrimaProfile(order_digits=10)

    with pytest.raises(ValueError, match="order ") as caught:
        post_order(order, unique_id=UNIQUE, profile=profile, company=COMPANY)

    assert told in str(caught.value)


@pytest.mark.parametrize("account", ["", " ", "\t\n"])
def test_an_order_without_an_account_cannot_be(account: str) -> None:
    """Not even as a value: nobody can post what does not exist."""
    with pytest.raises(ValueError, match="order 30000420: account is blank"):
        evolve(ORDER, account=PrimaAccount(account))


@pytest.mark.parametrize("text", ["a\x00", "a\x1b", "\ud800", "\uffff"])
def test_a_character_that_xml_cannot_hold_is_refused(text: str) -> None:
    """It would make the whole request unreadable; the message names the field and not the text."""
    call = free_stock(profile=PROFILE, company=COMPANY, today=TODAY, first=text)

    with pytest.raises(ValueError, match="Data ProductFrom: a character"):
        call.request()


@pytest.mark.parametrize("count", [0, 51])
def test_a_question_has_a_limited_number_of_skus(count: int) -> None:
    """None, or more than the profile allows, is the programmer's fault."""
    asked = [SkuKey(f"P{number}") for number in range(count)]

    with pytest.raises(ValueError, match="1 to 50"):
        free_stock_of(asked, profile=PROFILE, company=COMPANY, today=TODAY)
