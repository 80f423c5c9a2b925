"""What the sandbox's Prima answers, held through bytes."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oro_prima.call import HttpRequest, header
from oro_prima.sandbox.prima import PATH, PURGED, PrimaSandbox, StockKey

NOW = datetime(2031, 3, 4, 5, 6, 7, tzinfo=UTC)
ENVELOPE = (
    '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>'
    '<m:wsomhandler xmlns:m="urn:omlink:omlink"><RequestXML>{}</RequestXML></m:wsomhandler>'
    "</e:Body></e:Envelope>"
)


def a_prima(**settings: object) -> PrimaSandbox:
    """Make a Prima with one account and three SKUs."""
    prima = PrimaSandbox(now=lambda: NOW, **settings)  # type: ignore[arg-type]
    prima.add_account("Acme01")
    prima.add_account("GROSS", vat_inclusive=True)
    prima.add_stock("BOOT", "F", "070", quantity=10)
    prima.add_stock("BOOT", "F", "075", quantity=0, available_date="24/11/2031")
    prima.add_stock("Card", quantity=3, available_date="24/11/2031")
    return prima


def letter(inner: str) -> HttpRequest:
    """Put inner XML in an envelope."""
    return HttpRequest("POST", PATH, body=ENVELOPE.format(escape(inner)).encode())


def ask(prima: PrimaSandbox, inner: str, *, fault: str = "") -> str:
    """Return the inner answer, as text, of an enquiry that is no SOAP fault."""
    request = letter(inner)
    response = prima.fault_response(fault, request) if fault else prima.handle(request)
    assert response.status == 200
    found = re.search("<result>(.*)</result>", response.body.decode(), re.DOTALL)
    assert found is not None
    return html.unescape(found[1])


def result(prima: PrimaSandbox, inner: str, *, fault: str = "") -> str:
    """Return the inner answer without its declaration."""
    return ask(prima, inner, fault=fault).split("\n", 1)[1]


BOOTS = '<OrderLineData Product="BOOT" MtrxCode1="f" MtrxCode2="070" Quantity="4" Price="9.50"/>'


def an_order(
    number: str = "30000010",
    *,
    customer: str = "ACME01",
    vat: str = "No",
    lines: str = BOOTS,
    currency: str = "GBP",
    request_type: str = "MultiNewOrder",
    tpguid: str = "ORO-1",
) -> str:
    """Write an order request; attributes that do not matter are left out."""
    data = (
        f'<Data UniqueId="11112222" Customer="{customer}" TPGUID="{tpguid}" OrderNumber="{number}"'
        f' VatInclusive="{vat}" CustomerRef="PO-1">'
    )
    header_data = f'<OrderHeaderData Currency="{currency}"/>'
    return f'<Request RequestType="{request_type}">{data}{header_data}{lines}</Data></Request>'


STATUS = '<Request RequestType="OrderStatus"><Data OrderNumber="{}"/></Request>'
STOCK = (
    '<Request RequestType="ProductAvailableToSell">'
    '<Data ProductFrom="{}" ProductTo="{}"/></Request>'
)


def codes(text: str) -> list[str]:
    """Return the message numbers in an answer, in order."""
    return re.findall(r"\(E:(\d+)\)", text)


def test_accepted_order_answer_is_byte_for_byte_of_the_wires_shape() -> None:
    """Declaration with its space, one line, alphabetical attributes, status on Data only."""
    answer = ask(a_prima(), an_order())

    assert answer == (
        '<?xml version="1.0" encoding="ISO-8859-1" ?>\n'
        '<Result Company="1" RequestType="MultiNewOrder"><Data CustRef="" CustomerCode="Acme01"'
        ' OrderNumber="30000010" RequestStatus="OK" TPGUID="ORO-1" UniqueID="11112222"/></Result>'
    )


def test_full_stock_answer_is_sorted_and_shows_dates_only_with_nothing_free() -> None:
    """Rows are `sku` in lower case with every attribute, blank or not."""
    assert result(a_prima(), STOCK.format("", "")) == (
        '<Result Company="1" RequestStatus="OK" RequestType="ProductAvailableToSell"><Data>'
        '<sku AvailableDate="" AvailableQuantity="10" MtrxCode1="F" MtrxCode2="070" MtrxCode3=""'
        ' MtrxCode4="" Product="BOOT"/>'
        '<sku AvailableDate="24/11/2031" AvailableQuantity="0" MtrxCode1="F" MtrxCode2="075"'
        ' MtrxCode3="" MtrxCode4="" Product="BOOT"/>'
        '<sku AvailableDate="" AvailableQuantity="3" MtrxCode1="" MtrxCode2="" MtrxCode3=""'
        ' MtrxCode4="" Product="Card"/></Data></Result>'
    )


@pytest.mark.parametrize(
    ("first", "last", "rows"),
    [("", "", 3), ("c", "", 1), ("", "BOOT", 2), ("b", "bzzz", 2), ("D", "", 0)],
)
def test_ranges_of_products_hold_both_ends(first: str, last: str, rows: int) -> None:
    """A blank end is open; codes compare without case."""
    assert result(a_prima(), STOCK.format(first, last)).count("<sku ") == rows


def test_multi_answers_known_skus_in_the_order_asked() -> None:
    """Rows are `SKU` in upper case, in the server's spelling; an unknown SKU has none."""
    boot = '<sku Product="boot" MtrxCode1="f" MtrxCode2="070"/>'
    asked = f'<sku Product=" card "/><sku Product="HAT"/>{boot}'
    request = f'<Request RequestType="MultiAvailableToSell"><Data>{asked}</Data></Request>'

    answer = result(a_prima(), request)

    assert re.findall('<SKU .*?Product="(.*?)"', answer) == ["Card", "BOOT"]


def test_accepted_orders_goods_leave_free_stock_at_once() -> None:
    """Free stock falls by what was ordered, and is never shown below 0."""
    prima = a_prima()

    ask(prima, an_order())
    ask(prima, an_order("30000020"))
    ask(prima, an_order("30000030"))

    assert prima.free(StockKey("boot", "f", "070")) == 0
    assert 'AvailableQuantity="-' not in result(prima, STOCK.format("", ""))


def test_second_order_of_a_number_is_refused_and_says_so_first() -> None:
    """E:21 comes first, E:194 follows, and no account is named."""
    prima = a_prima()
    ask(prima, an_order())

    answer = result(prima, an_order(" 30000010 "))

    assert codes(answer) == ["21", "194"]
    assert 'CustomerCode=""' in answer
    assert 'RequestStatus="ERROR" TPGUID="ORO-1" UniqueID="11112222"><RequestError ' in answer
    assert [order.accepted for order in prima.orders()] == [1]


def test_price_book_of_another_vat_basis_is_refused_with_the_cause_last() -> None:
    """E:194 comes before the E:548 that caused it."""
    assert codes(result(a_prima(), an_order(customer="gross"))) == ["194", "548"]
    assert codes(result(a_prima(), an_order(customer="gross", vat="Yes"))) == []


def a_line(**attributes: str) -> str:
    """Write one order line."""
    text = " ".join(f"{name}={quoteattr(value)}" for name, value in attributes.items())
    return f"<OrderLineData {text}/>"


@pytest.mark.parametrize(
    "order",
    [
        an_order(lines=""),
        an_order(lines=a_line(Product="HAT", Quantity="1")),
        an_order(lines=a_line(Product="BOOT", MtrxCode1="F", MtrxCode2="999", Quantity="1")),
        an_order(lines=a_line(Product="Card", Quantity="0")),
        an_order(lines=a_line(Product="Card", Quantity="1.5")),
        an_order(lines=a_line(Product="Card", Quantity="NaN")),
        an_order(lines=a_line(Product="Card", Quantity="")),
        an_order(lines=a_line(Product="Card", Quantity="1", Price="cheap")),
        an_order(customer="NOBODY"),
        an_order(vat="Perhaps"),
        an_order(currency="EUR"),
        an_order(number=""),
        an_order(number="ABC"),
        an_order(number="2147483648"),
    ],
)
def test_an_order_with_a_fault_is_refused_and_leaves_nothing(order: str) -> None:
    """One E:194 says what is wrong; no order is kept and no stock moves."""
    prima = a_prima()
    before = prima.stock()

    assert codes(result(prima, order)) == ["194"]
    assert prima.orders() == ()
    assert prima.stock() == before


def test_every_blank_customer_opens_an_account() -> None:
    """Orders without an account are never matched to one: each makes a ten-digit code."""
    prima = a_prima()

    made = [
        re.findall('CustomerCode="(.*?)"', result(prima, an_order(number, customer=" ")))[0]
        for number in ("30000010", "30000020")
    ]

    assert len(set(made)) == 2
    assert all(code.isdigit() and len(code) == 10 for code in made)
    assert [account.code for account in prima.accounts()][2:] == made


def test_new_order_is_the_same_body_under_another_name() -> None:
    """The request type comes back as it was sent."""
    answer = result(a_prima(), an_order(request_type="NewOrder"))

    assert answer.startswith('<Result Company="1" RequestType="NewOrder"><Data ')


def test_several_orders_in_one_request_have_a_status_each() -> None:
    """One may be taken and the next refused."""
    both = an_order().replace("</Request>", "") + an_order().split(">", 1)[1]

    assert re.findall('RequestStatus="(.*?)"', result(a_prima(), both)) == ["OK", "ERROR"]


def test_order_status_shows_the_status_and_an_unknown_number_is_an_error() -> None:
    """What is not found is a failure of the whole request, with a made-up code."""
    prima = a_prima()
    ask(prima, an_order())
    prima.set_status("30000010", "Part Despatched")

    assert result(prima, STATUS.format("30000010")) == (
        '<Result Company="1" RequestStatus="OK" RequestType="OrderStatus">'
        '<Data OrderStatus="Part Despatched"/></Result>'
    )
    unknown = result(prima, STATUS.format("7"))
    assert codes(unknown) == ["0", "0"]
    assert 'RequestStatus="ERROR" RequestType="OrderStatus"><RequestError Error=' in unknown


@pytest.mark.parametrize(
    "inner",
    [
        '<Request RequestType="MultiNewOrder"><Data Note="a "b""/></Request>',
        '<!DOCTYPE Request><Request RequestType="MultiNewOrder"/>',
        '<!DOCTYPE r [<!ENTITY a "b">]><Request RequestType="MultiNewOrder">&a;</Request>',
        "",
    ],
)
def test_xml_that_cannot_be_read_is_an_answer_too(inner: str) -> None:
    """It carries 14586 on the root and in a child; HTTP says 200."""
    answer = result(a_prima(), inner)

    assert answer.count("(14586)") == 2
    assert answer.startswith('<Result Company="1" Error=')


def test_request_type_survives_text_that_breaks_off() -> None:
    """The root was read before the fault in it."""
    broken = '<Request RequestType="MultiNewOrder"><Data Note="a "b""/></Request>'
    prima = a_prima()

    assert 'RequestType="MultiNewOrder"' in result(prima, broken)
    assert prima.operation(letter(broken)) == "MultiNewOrder"


@pytest.mark.parametrize(
    "inner",
    [
        '<Request RequestType="XDespatch"/>',
        '<Order RequestType="OrderStatus"/>',
        '<Request RequestType="MultiNewOrder"/>',
        "<Request/>",
    ],
)
def test_requests_that_are_not_known_fail_as_a_whole(inner: str) -> None:
    """The root says ERROR."""
    assert 'RequestStatus="ERROR"' in result(a_prima(), inner)


@given(st.text(max_size=200))
@settings(max_examples=100, deadline=None)
def test_any_inner_text_gets_an_answer(text: str) -> None:
    """Whatever stands in the string, the answer is a well-formed Result."""
    legal = re.sub("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", text)

    assert result(a_prima(), legal).startswith("<Result ")


def test_answers_carry_the_sandbox_date() -> None:
    """`Date` follows the clock that was given."""
    response = a_prima().handle(letter(an_order()))

    assert header(response.headers, "date") == "Tue, 04 Mar 2031 05:06:07 GMT"


def test_traces_can_be_left_out_and_letters_beyond_ascii_put_in() -> None:
    """Both are switches of a deployment."""
    plain = result(a_prima(traces=False), an_order(customer="gross"))
    accented = result(a_prima(latin1=True), an_order(customer="gross"))

    assert "DEV MODE" not in plain
    assert "\n" not in plain
    assert "DEV MODE Stack Trace (Msg - E:VATINCORD): " in accented
    assert "é" in accented
    assert "\n(E:548)" in accented


def test_a_purged_order_is_unknown_and_its_number_is_free_again() -> None:
    """The sandbox itself keeps the count of how often a number was taken."""
    prima = a_prima()
    ask(prima, an_order())
    prima.purge("30000010")
    prima.purge("never was")

    assert 'RequestStatus="ERROR"' in result(prima, STATUS.format("30000010"))
    assert [order.status for order in prima.orders()] == [PURGED]
    assert codes(result(prima, an_order())) == []
    assert [(order.status, order.accepted) for order in prima.orders()] == [("Entered", 2)]


def test_purge_fault_forgets_the_orders_that_a_request_names() -> None:
    """A request that names none forgets all."""
    prima = a_prima()
    ask(prima, an_order())
    ask(prima, an_order("30000020"))

    assert 'RequestStatus="ERROR"' in result(prima, STATUS.format("30000010"), fault="purge")
    assert 'OrderStatus="Entered"' in result(prima, STATUS.format("30000020"))
    ask(prima, STOCK.format("", ""), fault="purge")
    assert 'RequestStatus="ERROR"' in result(prima, STATUS.format("30000020"))


def test_partial_snapshot_says_ok_over_a_ninth_of_the_rows() -> None:
    """Nothing in the answer shows that rows are missing."""
    prima = a_prima()
    for number in range(97):
        prima.add_stock(f"X{number:03}", quantity=1)

    answer = result(prima, STOCK.format("", ""), fault="partial-snapshot")

    assert 'RequestStatus="OK"' in answer
    assert answer.count("<sku ") == 12


def test_other_data_has_few_of_our_skus_some_of_theirs_and_refuses_orders() -> None:
    """Another data set stands behind the endpoint; ours stays as it was."""
    prima = a_prima()
    for number in range(200):
        prima.add_stock(f"X{number:03}", quantity=1)
    ask(prima, an_order())

    answer = result(prima, STOCK.format("", ""), fault="other-data")
    products = set(re.findall('Product="(.*?)"', answer))

    assert 10 < len(products) < 30
    assert 0 < len([product for product in products if product.startswith("ZZ")]) < 5
    assert 'RequestStatus="ERROR"' in result(prima, STATUS.format("30000010"), fault="other-data")
    for customer in ("ACME01", ""):
        order = an_order("30000020", customer=customer)
        assert codes(result(prima, order, fault="other-data"))[-1] == "548"
    assert len(prima.orders()) == 1


def test_release_mode_takes_goods_off_with_the_first_release() -> None:
    """Accepted is not taken off; a cancelled order gives nothing back that was not taken."""
    prima = a_prima(reserves="release")
    boots = StockKey("BOOT", "F", "070")
    for number, reference in (("30000010", "ORO-1"), ("30000020", "ORO-2")):
        ask(prima, an_order(number, tpguid=reference))

    assert prima.position([boots]) == ({boots: 10}, frozenset())
    prima.set_status("30000010", "Released")
    prima.set_status("30000010", "Despatched")
    prima.set_status("30000020", "Cancelled")
    assert prima.position([boots]) == ({boots: 6}, frozenset({"ORO-1", "ORO-2"}))


def test_cancelling_gives_goods_back_unless_something_was_despatched() -> None:
    """What left the warehouse does not come back by a status."""
    prima = a_prima()
    boots = StockKey("BOOT", "F", "070")
    ask(prima, an_order())
    prima.set_status("30000010", "Cancelled")

    assert prima.free(boots) == 10
    ask(prima, an_order("30000020"))
    prima.set_status("30000020", "Part Despatched")
    prima.set_status("30000020", "cancelled")
    assert prima.free(boots) == 6


def test_bad_input_of_the_sandbox_owner_is_refused() -> None:
    """Each refusal names the field."""
    prima = a_prima()

    with pytest.raises(KeyError, match="order_number"):
        prima.set_status("1", "Despatched")
    with pytest.raises(ValueError, match="status"):
        prima.set_status("1", " ")
    with pytest.raises(ValueError, match="account"):
        prima.add_account(" ACME01 ")
    with pytest.raises(ValueError, match="available_date"):
        prima.add_stock("A", quantity=1, available_date="2031-01-01")
    with pytest.raises(ValueError, match="fault"):
        prima.fault_response("flood", letter(""))
    with pytest.raises(ValueError, match="style"):
        a_prima(style="rest")
    assert prima.free(StockKey("none")) == 0
