"""The sandbox's own WSDL: as a Progress adapter writes it, for each of the three styles."""

from __future__ import annotations

from oro_prima.sandbox.prima.soap import ENCODING, NAMESPACE, PARTS, XSD
from oro_prima.sandbox.prima.xml import Node, write_xml

WSDL = "http://schemas.xmlsoap.org/wsdl/"
SOAP = "http://schemas.xmlsoap.org/wsdl/soap/"
HTTP = "http://schemas.xmlsoap.org/soap/http"
FAULT = "urn:soap-fault:details"
APP = "omlink"


def write_wsdl(style: str, *, address: str) -> str:
    """Write the description of both operations in `style`, served at `address`."""
    spaces = {
        "xmlns": WSDL,
        "xmlns:tns": f"urn:{APP}",
        "xmlns:S1": FAULT,
        "xmlns:S2": NAMESPACE,
        "xmlns:xsd": XSD,
        "xmlns:soapenc": ENCODING,
        "xmlns:soap": SOAP,
    }
    children = (
        Node("types", children=tuple(_schemas(style))),
        *(message for operation in PARTS for message in _messages(operation, style)),
        Node(
            "message",
            {"name": "FaultDetailMessage"},
            (Node("part", {"name": "FaultDetail", "element": "S1:FaultDetail"}),),
        ),
        Node("portType", {"name": f"{APP}Obj"}, tuple(_port(name) for name in PARTS)),
        _binding(style),
        _service(address),
    )
    root = Node("definitions", spaces | {"name": APP, "targetNamespace": f"urn:{APP}"}, children)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + write_xml(root)


def _schemas(style: str) -> list[Node]:
    detail = _complex(("errorMessage", "requestID"), nillable=False)
    schemas = [
        _schema(
            FAULT,
            Node("complexType", {"name": "FaultDetail"}, detail.children),
            Node("element", {"name": "FaultDetail", "type": "S1:FaultDetail"}),
        )
    ]
    if style == "doc-literal":
        elements = [
            Node("element", {"name": name}, (_complex(parts, nillable=True),))
            for operation, inputs in PARTS.items()
            for name, parts in ((operation, inputs), (f"{operation}Response", ("result",)))
        ]
        schemas.append(_schema(NAMESPACE, *elements))
    return schemas


def _schema(namespace: str, *children: Node) -> Node:
    attributes = {"elementFormDefault": "qualified", "targetNamespace": namespace, "xmlns": XSD}
    return Node("schema", attributes, children)


def _complex(names: tuple[str, ...], *, nillable: bool) -> Node:
    extra = {"nillable": "true"} if nillable else {}
    elements = (Node("element", {"name": name, "type": "xsd:string"} | extra) for name in names)
    return Node("complexType", children=(Node("sequence", children=tuple(elements)),))


def _messages(operation: str, style: str) -> list[Node]:
    made: list[Node] = []
    for name, parts in ((operation, PARTS[operation]), (f"{operation}Response", ("result",))):
        if style == "doc-literal":
            children = [Node("part", {"name": "parameters", "element": f"S2:{name}"})]
        else:
            children = [Node("part", {"name": part, "type": "xsd:string"}) for part in parts]
        made.append(Node("message", {"name": f"{APP}_{name}"}, tuple(children)))
    return made


def _port(operation: str) -> Node:
    return Node(
        "operation",
        {"name": operation},
        (
            Node("input", {"message": f"tns:{APP}_{operation}"}),
            Node("output", {"message": f"tns:{APP}_{operation}Response"}),
            Node("fault", {"name": f"{APP}Fault", "message": "tns:FaultDetailMessage"}),
        ),
    )


def _binding(style: str) -> Node:
    kind = "document" if style == "doc-literal" else "rpc"
    body = {"use": "encoded" if style == "rpc-encoded" else "literal"}
    if kind == "rpc":
        body["namespace"] = NAMESPACE
    if style == "rpc-encoded":
        body["encodingStyle"] = ENCODING
    operations = tuple(_bound(name, kind, Node("soap:body", body)) for name in PARTS)
    soap = Node("soap:binding", {"style": kind, "transport": HTTP})
    return Node("binding", {"name": f"{APP}Obj", "type": f"tns:{APP}Obj"}, (soap, *operations))


def _bound(operation: str, kind: str, body: Node) -> Node:
    fault = Node("soap:fault", {"name": f"{APP}Fault", "use": "literal"})
    return Node(
        "operation",
        {"name": operation},
        (
            Node("soap:operation", {"soapAction": "", "style": kind}),
            Node("input", children=(body,)),
            Node("output", children=(body,)),
            Node("fault", {"name": f"{APP}Fault"}, (fault,)),
        ),
    )


def _service(address: str) -> Node:
    port = Node(
        "port",
        {"name": f"{APP}Obj", "binding": f"tns:{APP}Obj"},
        (Node("soap:address", {"location": address}),),
    )
    return Node("service", {"name": f"{APP}Service"}, (port,))
