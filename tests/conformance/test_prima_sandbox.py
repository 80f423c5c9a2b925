"""The sandbox's Prima answers in the shape of the real one, and of the documents made up for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from oro_prima.call import HttpRequest, HttpResponse
from oro_prima.prima.calls.soap import soap_request
from oro_prima.prima.models import PrimaProfile
from oro_prima.prima.models.capabilities import Capability
from oro_prima.prima.models.profile import Style
from oro_prima.sandbox.prima import PATH, PrimaSandbox
from tests.conformance.documents import (
    COMPANY,
    MADE_UP,
    answer,
    enquiry,
    inner_of,
    tree,
    wrapped,
)
from tests.conformance.shared import shared_folder

DECLARATION = '<?xml version="1.0" encoding="ISO-8859-1" ?>\n<Result '
Shape = tuple[str, tuple[str, ...]]
"""An element by its path and the names of its attributes, in their order."""
MORE = {("Result/Data/Invoice", "Credit")}
"""What the sandbox says beyond the made-up documents: credits stand beside invoices."""


@pytest.fixture
def samples() -> Path:
    return shared_folder() / "prima" / "samples"


def a_prima(style: Style = Style.RPC_LITERAL) -> PrimaSandbox:
    """Make a Prima that holds what the documents speak of."""
    prima = PrimaSandbox(now=lambda: datetime(2031, 11, 5, tzinfo=UTC), style=style.value)
    prima.add_account("ACME01", name="Acme Footwear Ltd")
    prima.add_stock("ROVER", "F", "070", quantity=32)
    prima.add_stock("ROVER", "F", "075", quantity=0, available_date="24/11/2031")
    prima.add_stock("ROVER", "F", "080", quantity=0)
    prima.add_stock("POLISH", "NONE", "ONE", quantity=1040)
    prima.add_stock("GIFTCARD", quantity=0)
    return prima


def asked(
    prima: PrimaSandbox, inner: str, *, style: Style = Style.RPC_LITERAL, fault: str = ""
) -> HttpResponse:
    """Send a business request as our envelope carries it."""
    request = soap_request(inner, profile=PrimaProfile(style=style), company=COMPANY)
    posted = HttpRequest("POST", PATH, headers=request.headers, body=request.body)
    return prima.fault_response(fault, posted) if fault else prima.handle(posted)


def text_of(response: HttpResponse) -> str:
    """Return the business answer as it stands in the envelope."""
    texts = (element.text or "" for element in ET.fromstring(response.body).iter())
    return next(text for text in texts if text.startswith("<?xml"))


def shapes(text: str) -> list[Shape]:
    """Return the elements of a document, each shape once, in the order of their first coming."""
    root = ET.fromstring(text.partition("?>")[2] if text.startswith("<?xml") else text)

    def walk(element: ET.Element, path: str) -> Iterator[Shape]:
        here = f"{path}/{element.tag}".lstrip("/")
        yield here, tuple(element.attrib)
        for child in element:
            yield from walk(child, here)

    return list(dict.fromkeys(walk(root, "")))


def request_of(samples: Path, name: str) -> str:
    return (samples / "inner" / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("request_name", "answer_name"),
    [
        ("orderstatus-request.xml", "orderstatus-response-ok.xml"),
        ("productavailabletosell-request.xml", "productavailabletosell-response.xml"),
        ("multiavailabletosell-request.xml", "multiavailabletosell-response.xml"),
    ],
)
def test_answers_to_enquiries_have_their_shape(
    samples: Path, request_name: str, answer_name: str
) -> None:
    """Names, order, case and declaration; the real order of rows and what a row holds."""
    prima = a_prima()
    asked(prima, request_of(samples, "multineworder-b2b-request.xml"))
    text = text_of(asked(prima, request_of(samples, request_name)))
    wanted = (samples / "inner" / answer_name).read_text(encoding="utf-8")

    assert text.startswith(DECLARATION)
    assert "\n" not in text.removeprefix(DECLARATION)
    assert shapes(text) == shapes(wanted)


def test_answers_to_orders_have_their_shape(samples: Path) -> None:
    """Taken, there already, another VAT basis, several at once, not to be parsed, not known."""
    prima = a_prima()
    order = request_of(samples, "multineworder-b2b-request.xml")
    inner = samples / "inner"
    other = order.replace("30100017", "30100019").replace('VatInclusive="No"', 'VatInclusive="Yes"')
    head, data = order.partition("<Data")[0], "<Data" + order.partition("<Data")[2]
    both = head + data.replace("30100017", "30100022").replace("</Request>", data)
    status = request_of(samples, "orderstatus-request.xml").replace("30100017", "999")
    cases = {
        "multineworder-response-ok.xml": order,
        "multineworder-response-error-duplicate.xml": order,
        "multineworder-response-error-vat.xml": other,
        "multineworder-response-mixed.xml": both,
        "multineworder-response-error-malformed.xml": order.replace("</Request>", ""),
        "orderstatus-response-error.xml": status,
    }

    for name, text in cases.items():
        answer = text_of(asked(prima, text))
        assert answer.startswith(DECLARATION), name
        assert shapes(answer) == shapes((inner / name).read_text(encoding="utf-8")), name


def test_stock_is_as_on_the_wire() -> None:
    """A live answer and the sandbox's, of the same SKUs, are the same bytes."""
    wire = shared_folder() / "prima" / "wire"
    for name in ("multiavailabletosell", "productavailabletosell-full"):
        recorded = (wire / f"{name}.xml").read_text(encoding="iso-8859-1")
        prima = PrimaSandbox(now=lambda: datetime(2019, 12, 2, tzinfo=UTC))
        for sku in ET.fromstring(recorded.partition("?>")[2])[0]:
            codes = (sku.get(f"MtrxCode{level}", "") for level in (1, 2, 3, 4))
            day, quantity = sku.get("AvailableDate", ""), int(sku.get("AvailableQuantity", ""))
            prima.add_stock(sku.get("Product", ""), *codes, quantity=quantity, available_date=day)
        request = (wire / f"{name}.request.xml").read_text(encoding="iso-8859-1")

        assert text_of(asked(prima, request)).split("<") == recorded.rstrip().split("<")


@pytest.mark.parametrize("style", list(Style))
def test_envelopes_have_their_shape(samples: Path, style: Style) -> None:
    """Names with their namespaces and attributes, of an answer in each style."""
    prima = a_prima(style)
    asked(prima, request_of(samples, "multineworder-b2b-request.xml"), style=style)
    response = asked(prima, request_of(samples, "orderstatus-request.xml"), style=style)
    wanted = (samples / "soap" / f"{style.value}-wsomhandler-response.xml").read_text("utf-8")

    assert shapes(response.body.decode()) == shapes(wanted)


@pytest.mark.parametrize(
    ("fault", "style", "name"),
    [
        ("fault-10921", Style.RPC_LITERAL, "fault-service-disabled.xml"),
        ("fault-8234", Style.RPC_ENCODED, "fault-appserver-down-rpc-encoded.xml"),
    ],
)
def test_faults_have_their_shape(samples: Path, fault: str, style: Style, name: str) -> None:
    """In both namespaces that details come in."""
    text = request_of(samples, "orderstatus-request.xml")
    response = asked(a_prima(style), text, style=style, fault=fault)
    wanted = (samples / "soap" / name).read_text("utf-8")
    address = wanted.partition('xmlns:ns1="')[2].partition('"')[0]
    found = response.body.decode()
    own = found.partition('xmlns:ns1="')[2].partition('"')[0]

    assert response.status == 500
    assert shapes(found.replace(own, address) if own else found) == shapes(wanted)


@pytest.mark.parametrize("capability", list(Capability))
def test_made_up_types_are_asked_and_answered_as_written_down(
    samples: Path, capability: Capability
) -> None:
    """Our request is the document; both answers have one shape, and the worked example reads it."""
    name = MADE_UP[capability].name
    folder = samples / "unevidenced"
    prima = a_prima()
    asked(prima, request_of(samples, "multineworder-b2b-request.xml"))
    prima.set_status("30100017", "Part Despatched")
    call = enquiry(capability)
    document = (folder / f"{name}-response.xml").read_text(encoding="utf-8")
    wanted = ET.fromstring((folder / f"{name}-request.xml").read_text("utf-8").partition("?>")[2])
    text = text_of(asked(prima, ET.tostring(inner_of(call), encoding="unicode")))
    found = answer(call, wrapped(document))

    assert tree(wanted) == tree(inner_of(call))
    assert text.startswith(DECLARATION)
    assert names(shapes(text)) - names(shapes(document)) == {
        one for one in MORE if one[0] in dict(shapes(document))
    }
    assert names(shapes(document)) <= names(shapes(text))
    assert all(list(attributes) == sorted(attributes) for _path, attributes in shapes(text))
    assert found.records
    assert found.faults == ()


def names(found: list[Shape]) -> set[tuple[str, str]]:
    return {(path, name) for path, attributes in found for name in (*attributes, "")}
