"""The SOAP layer of the sandbox's Prima: styles, faults, description."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest

from oro_prima.call import HttpRequest, HttpResponse, header
from oro_prima.sandbox.prima import PATH, PrimaSandbox

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
INNER = "&lt;Request RequestType='OrderStatus'/&gt;"
XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
BODIES = {
    "rpc-literal": (
        '<m:wsomhandler xmlns:m="urn:omlink:omlink">'
        f"<RequestXML>{INNER}</RequestXML></m:wsomhandler>"
    ),
    "rpc-encoded": (
        f'<m:wsomhandler xmlns:m="urn:omlink:omlink" {XSI}>'
        f'<RequestXML xsi:type="xsd:string">{INNER}</RequestXML></m:wsomhandler>'
    ),
    "doc-literal": (
        f'<wsomhandler xmlns="urn:omlink:omlink"><RequestXML>{INNER}</RequestXML></wsomhandler>'
    ),
}
STYLES = sorted(BODIES)


def a_prima(style: str = "rpc-literal", **settings: str) -> PrimaSandbox:
    """Make an empty Prima."""
    return PrimaSandbox(now=lambda: datetime(2031, 3, 4, tzinfo=UTC), style=style, **settings)  # type: ignore[arg-type]


def a_post(content: str) -> HttpRequest:
    """Put a call in an envelope."""
    body = f'<e:Envelope xmlns:e="{SOAP}"><e:Header/><e:Body>{content}</e:Body></e:Envelope>'
    return HttpRequest("POST", PATH, headers=(("Host", "erp.example"),), body=body.encode())


def content_of(response: HttpResponse) -> ET.Element:
    """Return what the body of an answer holds."""
    body = ET.fromstring(response.body).find(f"{{{SOAP}}}Body")  # our own answer
    assert body is not None
    return body[0]


def fault_text(response: HttpResponse) -> str:
    """Return the errorMessage of a fault."""
    assert response.status == 500
    found = [e.text for e in content_of(response).iter() if e.tag.endswith("errorMessage")]
    return found[0] or ""


@pytest.mark.parametrize("style", STYLES)
def test_each_style_answers_in_its_own_form(style: str) -> None:
    """RPC parts have no namespace, encoded ones a type; document parts have the operation's."""
    response = a_prima(style).handle(a_post(BODIES[style]))
    answer = content_of(response)

    assert header(response.headers, "content-type") == "text/xml; charset=utf-8"
    assert answer.tag == "{urn:omlink:omlink}wsomhandlerResponse"
    prefix = "{urn:omlink:omlink}" if style == "doc-literal" else ""
    assert answer[0].tag == f"{prefix}result"
    assert bool(answer[0].attrib) is (style == "rpc-encoded")


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("sent", STYLES)
def test_a_call_of_another_style_is_a_fault(style: str, sent: str) -> None:
    """Only the deployment's own style is understood."""
    response = a_prima(style).handle(a_post(BODIES[sent]))

    assert response.status == (200 if sent == style else 500)
    if sent != style:
        assert "(3230)" in fault_text(response)


@pytest.mark.parametrize(
    "content",
    [
        BODIES["rpc-literal"].replace("urn:omlink:omlink", "urn:other"),
        BODIES["rpc-literal"].replace("wsomhandler", "nosuch"),
        BODIES["rpc-literal"].replace("RequestXML", "Request"),
        "<wsomhandler/>",
        "",
        BODIES["rpc-literal"] * 2,
    ],
)
def test_calls_that_the_adapter_cannot_place_are_faults(content: str) -> None:
    """Wrong namespace, operation, part, or number of calls."""
    prima = a_prima()
    response = prima.handle(a_post(content))

    assert fault_text(response)
    assert prima.operation(a_post(content)) == "unreadable"


@pytest.mark.parametrize(
    "body",
    [b"", b"<x/>", b"no xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'],
)
def test_what_is_no_envelope_is_a_fault(body: bytes) -> None:
    """A DTD is refused with the rest."""
    assert fault_text(a_prima().handle(HttpRequest("POST", PATH, body=body)))


def test_company_must_be_the_one_there_is() -> None:
    """`comwsomhandler` names it; the parts may come in any order."""
    parts = f"<RequestXML>{INNER}</RequestXML><Company>{{}}</Company>"
    call = f'<m:comwsomhandler xmlns:m="urn:omlink:omlink">{parts}</m:comwsomhandler>'
    prima = a_prima(company="7")

    assert b'Company="7"' in prima.handle(a_post(call.format(" 7 "))).body
    assert "(10926)" in fault_text(prima.handle(a_post(call.format("1"))))


@pytest.mark.parametrize("style", STYLES)
def test_faults_are_soap_faults_with_a_request_id(style: str) -> None:
    """Encoded ones are typed and in the service's own namespace."""
    prima = a_prima(style)
    request = a_post(BODIES[style])

    off, down = (prima.fault_response(name, request) for name in ("fault-10921", "fault-8234"))

    assert "(10921)" in fault_text(off)
    assert "(8234)" in fault_text(down)
    assert down.body.endswith(b"</SOAP-ENV:Envelope>")
    assert b"-8000#2" in down.body
    assert (f'xmlns:ns1="http://erp.example{PATH}"'.encode() in down.body) is (
        style == "rpc-encoded"
    )


@pytest.mark.parametrize(
    ("name", "status"), [("bad-gateway", 502), ("unavailable", 503), ("unauthorized", 401)]
)
def test_faults_of_a_proxy_are_html(name: str, status: int) -> None:
    """They come from something in front of Prima."""
    response = a_prima().fault_response(name, a_post(""))

    assert response.status == status
    assert header(response.headers, "content-type").startswith("text/html")


def get(prima: PrimaSandbox, *query: tuple[str, str], method: str = "GET") -> HttpResponse:
    """Ask for the description."""
    headers = (("Host", "erp.example"),)
    return prima.handle(HttpRequest(method, f"{PATH}/wsdl", query, headers))


@pytest.mark.parametrize("style", STYLES)
def test_description_names_style_parts_and_address(style: str) -> None:
    """It is what a client discovers a deployment from."""
    prima = a_prima(style)
    text = get(prima, ("targetURI", "urn:omlink")).body.decode()

    assert f'<soap:address location="http://erp.example{PATH}"/>' in text
    assert ('style="document"' in text) is (style == "doc-literal")
    assert ('use="encoded"' in text) is (style == "rpc-encoded")
    assert prima.operation(HttpRequest("GET", f"{PATH}/wsdl")) == "wsdl"


def test_paths_and_methods_outside_the_service_are_refused() -> None:
    """The list of services links to the one there is."""
    prima = a_prima()

    assert b"wsdl?targetURI=urn:omlink" in get(prima).body
    assert get(prima, ("targetURI", "urn:other")).status == 404
    assert get(prima, method="POST").status == 405
    assert prima.handle(HttpRequest("GET", PATH)).status == 405
    assert prima.handle(HttpRequest("POST", "/elsewhere")).status == 404


def test_output_part_can_have_another_name() -> None:
    """Its name is the deployment's choice."""
    prima = a_prima(output_part="ResponseXML")

    assert content_of(prima.handle(a_post(BODIES["rpc-literal"])))[0].tag == "ResponseXML"


def test_a_purge_without_a_readable_request_forgets_everything() -> None:
    """It names no order, so it means all."""
    prima = a_prima()

    assert fault_text(prima.fault_response("purge", HttpRequest("POST", PATH, body=b"x")))
    assert prima.fault_response("purge", a_post(BODIES["rpc-literal"])).status == 200
    broken = a_post(BODIES["rpc-literal"].replace("/&gt;", ""))
    assert b"(14586)" in prima.fault_response("purge", broken).body
