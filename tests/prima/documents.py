"""Made-up answers of Prima as bytes, made-up orders, and ways to feed them to a call."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import TypeVar
from xml.sax.saxutils import escape, quoteattr

from hypothesis import strategies as st

from oro_prima.call import Call, ResponseHead
from oro_prima.errors import CallError
from oro_prima.ids import PrimaAccount, PrimaCompany, PrimaOrderNumber
from oro_prima.prima.calls.base import PrimaCall
from oro_prima.prima.calls.orders import order_status, post_order
from oro_prima.prima.models.orders import (
    OrderAnswer,
    OrderCharge,
    OrderStatusAnswer,
    Party,
    PrimaOrder,
    PrimaOrderLine,
)
from oro_prima.prima.models.profile import PrimaProfile
from oro_prima.values import LocalDate, SkuKey

R = TypeVar("R")

PROFILE = PrimaProfile()
COMPANY = PrimaCompany("1")
TODAY = LocalDate(date(2031, 5, 6))
NUMBER = PrimaOrderNumber("30000420")
UNIQUE = "55512345"
XML = (("Content-Type", "text/xml; charset=utf-8"),)
HTML = (("Content-Type", "text/html"),)
ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
LINE = PrimaOrderLine(1, SkuKey("TEAPOT", "BLUE"), 6, Decimal("12.5"), "SHOP-42-1")
ORDER = PrimaOrder(
    NUMBER, "SHOP-42", PrimaAccount("KETTLE1"), "GBP", False, TODAY, (LINE,), customer_ref="PO 9"
)


def element(name: str, inside: str = "", **attributes: str) -> str:
    """Return an element as text."""
    written = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<{name}{written}>{inside}</{name}>" if inside else f"<{name}{written}/>"


def result(inside: str = "", *, request_type: str = "MultiNewOrder", **attributes: str) -> str:
    """Return a business answer, declared as Prima declares it."""
    root = element("Result", inside, Company="1", RequestType=request_type, **attributes)
    return '<?xml version="1.0" encoding="ISO-8859-1" ?>\n' + root


def soap(inner: str, *, part: str = "result") -> bytes:
    """Wrap a business answer as the adapter does."""
    return in_body(
        f'<m:wsomhandlerResponse xmlns:m="urn:omlink:omlink"><{part}>{escape(inner)}</{part}>'
        "</m:wsomhandlerResponse>"
    )


def in_body(text: str) -> bytes:
    """Return an envelope with this body."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><E:Envelope xmlns:E="{ENVELOPE}"><E:Body>{text}'
        "</E:Body></E:Envelope>"
    ).encode()


def soap_fault(message: str, *, request_id: str = "ab:-1#7", prefix: str = "") -> bytes:
    """Return a SOAP fault; `prefix` puts its details into a namespace of their own."""
    names = f' xmlns:{prefix[:-1]}="urn:x"' if prefix else ""
    return in_body(
        "<E:Fault><faultcode>E:Server</faultcode><faultstring>it failed (10893)</faultstring>"
        f"<detail><{prefix}FaultDetail{names}><{prefix}errorMessage>{escape(message)}"
        f"</{prefix}errorMessage><{prefix}requestID>{escape(request_id)}</{prefix}requestID>"
        f"</{prefix}FaultDetail></detail></E:Fault>"
    )


def item(status: str | None = "OK", *errors: str, **changed: str) -> str:
    """Return the answer about the made-up order; `changed` replaces its identifiers."""
    names = {
        "CustRef": "",
        "CustomerCode": "KETTLE1" if status == "OK" else "",
        "OrderNumber": str(NUMBER),
        "TPGUID": "SHOP-42",
        "UniqueID": UNIQUE,
    } | changed
    if status is not None:
        names["RequestStatus"] = status
    inside = "".join(element("RequestError", Error=text, UniqueID=UNIQUE) for text in errors)
    return element("Data", inside, **names)


def row(product: str = "TEAPOT", quantity: str = "3", day: str = "", *codes: str) -> str:
    """Return a stock row, attributes in alphabetical order as on the wire."""
    levels = (*codes, "", "", "", "")[:4]
    matrix = {f"MtrxCode{n}": code for n, code in enumerate(levels, start=1)}
    names = {"AvailableDate": day, "AvailableQuantity": quantity} | matrix
    return element("sku", **names, Product=product)


def stock(*rows: str, request_type: str = "ProductAvailableToSell", **changed: str) -> bytes:
    """Return a stock answer."""
    names = {"RequestStatus": "OK"} | changed
    inside = "<Data>" + "".join(rows) + "</Data>"
    return soap(result(inside, request_type=request_type, **names))


def posting(profile: PrimaProfile = PROFILE) -> PrimaCall[OrderAnswer]:
    """Return the call that posts the made-up order."""
    return post_order(ORDER, unique_id=UNIQUE, profile=profile, company=COMPANY)


def asking(profile: PrimaProfile = PROFILE) -> PrimaCall[OrderStatusAnswer]:
    """Return the call that asks after it."""
    return order_status(NUMBER, profile=profile, company=COMPANY)


def read(
    call: Call[R],
    body: bytes,
    *,
    status: int = 200,
    headers: tuple[tuple[str, str], ...] = XML,
    cuts: Iterable[int] = (),
) -> R:
    """Let a call read an answer, its bytes cut at these places."""
    decoder = call.decoder(ResponseHead(status, headers))
    at = [0, *sorted(cut for cut in cuts if cut < len(body)), len(body)]
    for begin, end in pairwise(at):
        decoder.feed(body[begin:end])
    return decoder.close()


def outcome(
    call: Call[R], body: bytes, *, status: int = 200, cuts: Iterable[int] = ()
) -> R | tuple[object, ...]:
    """Return the value that a call reads, or all that its error says."""
    try:
        return read(call, body, status=status, cuts=cuts)
    except CallError as error:
        return (type(error), error.effect, error.status, error.codes, error.detail)


legal = st.characters(
    codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"
)
texts = st.text(legal | st.sampled_from("\t\n\r&<>\"' é"), max_size=12)
filled = texts.filter(lambda text: bool(text.strip()))
words = st.lists(
    st.text(
        st.characters(min_codepoint=33, max_codepoint=126) | st.sampled_from("éß½°æÞÿ"),
        min_size=1,
        max_size=6,
    ),
    max_size=3,
).map(" ".join)
said = words.filter(bool)
amounts = st.decimals(min_value=0, max_value=1_000_000, places=4)
days = st.dates(date(2000, 1, 1), date(2099, 12, 31)).map(LocalDate)
parties = st.builds(
    Party,
    forename=words,
    surname=words,
    lines=st.lists(said, max_size=6).map(tuple),
    postcode=words,
    country=words,
    email=words,
    phone=words,
)
skus = st.builds(SkuKey, filled, texts, texts, texts, texts)
writable_skus = st.builds(SkuKey, said, words, words, words, words)


@st.composite
def orders(draw: st.DrawFn) -> PrimaOrder:
    """Return any order that may be sent as it is: its texts fit already."""
    numbers = draw(st.lists(st.integers(1, 9999), min_size=1, max_size=4, unique=True))
    lines = tuple(
        PrimaOrderLine(
            number,
            draw(writable_skus),
            draw(st.integers(1, 1_000_000)),
            draw(st.none() | amounts),
            draw(words),
            draw(st.none() | days),
            draw(words),
            draw(words),
        )
        for number in numbers
    )
    return PrimaOrder(
        number=PrimaOrderNumber(str(draw(st.integers(1, 999_999_999)))),
        reference=draw(said),
        account=PrimaAccount(draw(said)),
        currency=draw(words),
        vat_inclusive=draw(st.booleans()),
        order_date=draw(days),
        lines=lines,
        customer_ref=draw(words),
        delivery=draw(parties),
        deliv_addr_no=draw(words),
        delivery_fao=draw(words),
        invoice=draw(st.none() | parties),
        invc_addr_no=draw(words),
        channel=draw(words),
        carrier=draw(words),
        carrier_service=draw(words),
        special_instructions=draw(words),
        charges=tuple(draw(st.lists(st.builds(OrderCharge, words, amounts), max_size=2))),
    )
