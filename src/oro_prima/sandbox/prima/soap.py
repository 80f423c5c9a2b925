"""The SOAP layer of the sandbox's Prima: two operations, one string in, one string out."""

from __future__ import annotations

from attrs import frozen

from oro_prima.call import HttpResponse
from oro_prima.sandbox.prima.xml import BadXml, Node, read_xml, write_xml

ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
ENCODING = "http://schemas.xmlsoap.org/soap/encoding/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
XSD = "http://www.w3.org/2001/XMLSchema"
NAMESPACE = "urn:omlink:omlink"
PARTS = {"wsomhandler": ("RequestXML",), "comwsomhandler": ("Company", "RequestXML")}
STYLES = ("rpc-literal", "rpc-encoded", "doc-literal")
REQUEST_ID = "5a6db0c0ffee0011:-3c2b1a:0a1b2c3d4e:-8000"


class Refused(Exception):  # noqa: N818 - it becomes a SOAP fault
    """A request that the adapter does not pass on; the text is the fault's `errorMessage`."""


@frozen
class SoapRequest:
    """Which operation was called, for which company (empty for the default), with what XML."""

    operation: str
    company: str
    xml: str


def read_request(body: bytes, *, style: str) -> SoapRequest:
    """
    Read an envelope of that style.

    Raises:
        Refused: not an envelope, or not of that style, namespace, operation and parts.
    """
    try:
        envelope = read_xml(body, namespaces=True)
    except BadXml as exc:
        raise Refused(f"the envelope could not be read: {exc}") from exc
    call = _body(envelope)
    operation = _operation(call)
    values = _parts(call, operation, style)
    return SoapRequest(operation, values.get("Company", "").strip(), values["RequestXML"])


def _body(envelope: Node) -> Node:
    bodies = [child for child in envelope.children if child.name == f"{ENVELOPE}}}Body"]
    if envelope.name != f"{ENVELOPE}}}Envelope" or len(bodies) != 1:
        raise Refused("no SOAP 1.1 envelope with one body")
    if len(bodies[0].children) != 1:
        raise Refused("the body holds no single operation")
    return bodies[0].children[0]


def _operation(call: Node) -> str:
    namespace, _, name = call.name.rpartition("}")
    if namespace != NAMESPACE or name not in PARTS:
        raise Refused(f"no operation {name} in namespace {namespace or '(none)'}")
    return name


def _parts(call: Node, operation: str, style: str) -> dict[str, str]:
    """Return the parts by name; their order is free, their form is the style's."""
    prefix = f"{NAMESPACE}}}" if style == "doc-literal" else ""
    values = {part.name: part.text for part in call.children}
    typed = {f"{XSI}}}type" in part.attributes for part in call.children}
    wanted = {f"{prefix}{part}" for part in PARTS[operation]}
    if set(values) != wanted or len(call.children) != len(wanted):
        raise _mismatch(operation)
    if typed != {style == "rpc-encoded"}:
        raise _mismatch(operation)
    return {name.removeprefix(prefix): text for name, text in values.items()}


def _mismatch(operation: str) -> Refused:
    text = f"the parameters do not match those of sop/{operation}.p (3230) (7211) (10926)"
    return Refused(text)


def write_answer(text: str, *, operation: str, style: str, part: str = "result") -> HttpResponse:
    """Wrap Prima's answer, escaped one level."""
    response = f"{operation}Response"
    typed = {"xsi:type": "xsd:string"} if style == "rpc-encoded" else {}
    result = Node(part, typed, text=text)
    if style == "doc-literal":
        return _soap(200, Node(response, {"xmlns": NAMESPACE}, (result,)), style)
    return _soap(200, Node(f"m:{response}", {"xmlns:m": NAMESPACE}, (result,)), style)


def write_fault(message: str, *, style: str, number: int, address: str) -> HttpResponse:
    """Write a SOAP fault as the adapter does, with HTTP 500."""
    request_id = f"{REQUEST_ID}#{number}"
    if style == "rpc-encoded":
        typed = {"xsi:type": "xsd:string"}
        name, attributes = "ns1:FaultDetail", {"xmlns:ns1": address}
    else:
        typed, name, attributes = {}, "FaultDetail", {"xmlns": "urn:soap-fault:details"}
    facts = (Node("errorMessage", typed, text=message), Node("requestID", typed, text=request_id))
    fault = Node(
        "SOAP-ENV:Fault",
        children=(
            Node("faultcode", text="SOAP-ENV:Server"),
            Node("faultstring", text="The sandbox could not carry out the request. (10893)"),
            Node("detail", children=(Node(name, attributes, facts),)),
        ),
    )
    return _soap(500, fault, style)


def _soap(status: int, content: Node, style: str) -> HttpResponse:
    encoded = style == "rpc-encoded"
    spaces = {"xmlns:SOAP-ENV": ENVELOPE} | (
        {"xmlns:xsd": XSD, "xmlns:xsi": XSI} if encoded else {}
    )
    coding = {"SOAP-ENV:encodingStyle": ENCODING} if encoded else {}
    body = Node("SOAP-ENV:Body", coding, (content,))
    text = '<?xml version="1.0" encoding="UTF-8"?>\n' + write_xml(
        Node("SOAP-ENV:Envelope", spaces, (body,))
    )
    headers = (("Content-Type", "text/xml; charset=utf-8"),)
    return HttpResponse(status, headers, text.encode("utf-8"))
