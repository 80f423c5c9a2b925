"""
What a Prima says about itself: its WSDL, read into what a profile would have to say.

Only the shapes that the adapter writes are read (RPC literal, RPC encoded, wrapped document
literal); anything else is refused with what was expected. The address in a WSDL often names an
internal host, so it is shown and never used.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar
from xml.parsers import expat

from attrs import define, evolve, frozen

from oro_prima.call import Decoder, HttpRequest, HttpResponse, ResponseHead, WholeBody
from oro_prima.errors import ConfigError
from oro_prima.prima.calls.reading import hardened_parser
from oro_prima.prima.calls.result import Asked, failure_of
from oro_prima.prima.models.profile import PrimaProfile, Style

T = TypeVar("T")
WSDL_CAP = 1024 * 1024
TARGET = "urn:omlink"
_WSDL = "http://schemas.xmlsoap.org/wsdl/}"
_SOAP = "http://schemas.xmlsoap.org/wsdl/soap/}"
_XSD = "http://www.w3.org/2001/XMLSchema}"
_DEEPEST = 32
_STYLES = {
    ("rpc", "literal"): Style.RPC_LITERAL,
    ("rpc", "encoded"): Style.RPC_ENCODED,
    ("document", "literal"): Style.DOC_LITERAL,
}


@frozen
class ServiceDescription:
    """
    What a WSDL says of the two operations.

    `company_part` and `company_first` are None where `comwsomhandler` is not offered. The rest is
    for people to read: `address` is the WSDL's own, `outputs` are the names of the output's parts
    (an answer is found whatever they are called), `others` the operations that are not used.
    `company_action` is the SOAPAction of `comwsomhandler`.
    """

    style: Style
    namespace: str
    xml_part: str
    soap_action: str
    company_part: str | None = None
    company_first: bool | None = None
    address: str = ""
    outputs: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    company_action: str | None = None

    def applied_to(self, profile: PrimaProfile) -> PrimaProfile:
        """
        Return `profile` with what the server says.

        Raises:
            ConfigError: A name in the WSDL cannot be written.
        """
        own = self.company_action if profile.with_company else None
        told = evolve(
            profile,
            style=self.style,
            namespace=self.namespace,
            xml_part=self.xml_part,
            company_part=self.company_part or profile.company_part,
            soap_action=self.soap_action if own is None else own,
        )
        if self.company_first is None:
            return told
        return evolve(told, company_first=self.company_first)

    def differences(self, profile: PrimaProfile) -> tuple[ProfileDifference, ...]:
        """Return each setting of `profile` that differs from what the server says, by name."""
        told = self.applied_to(profile)
        names = ("style", "namespace", "xml_part", "company_part", "company_first", "soap_action")
        pairs = [(name, str(getattr(profile, name)), str(getattr(told, name))) for name in names]
        return tuple(ProfileDifference(*pair) for pair in pairs if pair[1] != pair[2])


@frozen
class ProfileDifference:
    """One setting of a profile that is not what the server's WSDL says."""

    setting: str
    configured: str
    offered: str


@frozen
class DescribeService:
    """The call that reads the WSDL; safe."""

    cap: int = WSDL_CAP
    name: str = "describe_service"
    safe: bool = True
    timeout: float | None = None

    def request(self) -> HttpRequest:
        """Ask for the WSDL of Prima's one service."""
        return HttpRequest("GET", "wsdl", query=(("targetURI", TARGET),))

    def decoder(self, head: ResponseHead) -> Decoder[ServiceDescription]:
        """Return a reader of the whole document."""
        return WholeBody(head, self._read, limit=self.cap, name=self.name)

    def _read(self, response: HttpResponse) -> ServiceDescription:
        asked = Asked(self.name, "", self.safe, PrimaProfile())
        if response.status != 200:
            raise failure_of(asked, response.head, "expected a WSDL")
        try:
            return parse_wsdl(response.body)
        except ValueError as exc:
            raise failure_of(asked, response.head, f"the WSDL cannot be used: {exc}") from exc


def describe_service(*, cap: int = WSDL_CAP) -> DescribeService:
    """Ask Prima how its two operations are to be called; at most `cap` bytes are read."""
    return DescribeService(cap)


def parse_wsdl(data: bytes) -> ServiceDescription:
    """
    Read a WSDL 1.1 document of the OM service.

    Raises:
        ValueError: It is none, or describes a service that this library does not write to; the
            message says what was expected.
    """
    root = _tree(data)
    if root.name != f"{_WSDL}definitions":
        raise ValueError("expected a WSDL 1.1 document")
    plain = _operation(root, "wsomhandler")
    if len(plain.parts) != 1:
        raise ValueError(f"wsomhandler has {len(plain.parts)} parts; expected one, for the XML")
    found = ServiceDescription(
        plain.style,
        plain.namespace,
        plain.parts[0],
        plain.soap_action,
        address=_address(root),
        outputs=_outputs(root),
        others=_others(root),
    )
    if any(_binding_operations(root, "comwsomhandler")):
        found = _with_company(found, _operation(root, "comwsomhandler"))
    try:
        found.applied_to(PrimaProfile())
    except ConfigError as exc:
        raise ValueError(str(exc)) from exc
    return found


def _with_company(plain: ServiceDescription, other: _Operation) -> ServiceDescription:
    if (other.style, other.namespace) != (plain.style, plain.namespace):
        raise ValueError("the two operations differ in style or namespace")
    if len(other.parts) != 2 or plain.xml_part not in other.parts:
        raise ValueError("comwsomhandler: expected two parts, one named as that of wsomhandler")
    at = 1 - other.parts.index(plain.xml_part)
    return evolve(
        plain,
        company_part=other.parts[at],
        company_first=at == 0,
        company_action=other.soap_action,
    )


@frozen
class _Operation:
    style: Style
    namespace: str
    parts: tuple[str, ...]
    soap_action: str


def _operation(root: _Node, name: str) -> _Operation:
    binding, operation = _one(
        _binding_operations(root, name), f"the operation {name} in one SOAP 1.1 binding"
    )
    action = _one(operation.all(f"{_SOAP}operation"), f"soap:operation of {name}")
    entry = _one(operation.all(f"{_WSDL}input"), f"the input of {name}")
    body = _one(entry.all(f"{_SOAP}body"), f"soap:body of {name}")
    if any(entry.all(f"{_SOAP}header")):
        raise ValueError(f"{name}: wants a SOAP header, as a service with sessions does")
    whole = _one(binding.all(f"{_SOAP}binding"), "one soap:binding")
    kind = action.get("style") or whole.get("style") or "document"
    style = _STYLES.get((kind, body.get("use")))
    if style is None:
        wanted = ", ".join(each.value for each in Style)
        raise ValueError(f"{name}: expected one of the styles {wanted}")
    message = _message(root, name)
    if style is Style.DOC_LITERAL:
        namespace, parts = _wrapped(root, message, name)
    else:
        parts = tuple(part.get("name") for part in message.all(f"{_WSDL}part"))
        namespace = body.get("namespace")
    return _Operation(style, namespace, parts, action.get("soapAction"))


def _binding_operations(root: _Node, name: str) -> Iterator[tuple[_Node, _Node]]:
    for binding in root.all(f"{_WSDL}binding"):
        if any(binding.all(f"{_SOAP}binding")):
            for operation in binding.all(f"{_WSDL}operation"):
                if operation.get("name") == name:
                    yield binding, operation


def _message(root: _Node, name: str) -> _Node:
    ports = (
        operation
        for port in root.all(f"{_WSDL}portType")
        for operation in port.all(f"{_WSDL}operation")
        if operation.get("name") == name
    )
    entry = _one(
        _one(ports, f"{name} in one portType").all(f"{_WSDL}input"), f"the input of {name}"
    )
    wanted = _local(entry.get("message"))
    messages = (m for m in root.all(f"{_WSDL}message") if m.get("name") == wanted)
    return _one(messages, f"the message of {name}")


def _wrapped(root: _Node, message: _Node, name: str) -> tuple[str, tuple[str, ...]]:
    """Return namespace and parts of a wrapped operation, from its schema element."""
    part = _one(message.all(f"{_WSDL}part"), f"one part of {name}")
    if _local(part.get("element")) != name:
        raise ValueError(f"{name}: expected a wrapped element of that name")
    schemas = (
        (schema, element)
        for types in root.all(f"{_WSDL}types")
        for schema in types.all(f"{_XSD}schema")
        for element in schema.all(f"{_XSD}element")
        if element.get("name") == name
    )
    schema, element = _one(schemas, f"the schema element {name}")
    if schema.get("elementFormDefault") != "qualified":
        raise ValueError(f"{name}: expected a schema with elementFormDefault qualified")
    return schema.get("targetNamespace"), _children(_typed(element, schema))


def _address(root: _Node) -> str:
    found = (
        address.get("location")
        for service in root.all(f"{_WSDL}service")
        for port in service.all(f"{_WSDL}port")
        for address in port.all(f"{_SOAP}address")
    )
    return next(found, "")


def _outputs(root: _Node) -> tuple[str, ...]:
    """Return the names of the output's parts, of a wrapped one of its element's children."""
    wanted = {
        _local(entry.get("message"))
        for port in root.all(f"{_WSDL}portType")
        for operation in port.all(f"{_WSDL}operation")
        if operation.get("name") == "wsomhandler"
        for entry in operation.all(f"{_WSDL}output")
    }
    parts = [
        part
        for message in root.all(f"{_WSDL}message")
        if message.get("name") in wanted
        for part in message.all(f"{_WSDL}part")
    ]
    elements = {_local(part.get("element")) for part in parts} - {""}
    plain = [part.get("name") for part in parts if not part.get("element")]
    wrapped = (_children(element) for name, element in _elements(root) if name in elements)
    return (*plain, *(name for names in wrapped for name in names))


def _others(root: _Node) -> tuple[str, ...]:
    names = [
        operation.get("name")
        for binding in root.all(f"{_WSDL}binding")
        for operation in binding.all(f"{_WSDL}operation")
    ]
    return tuple(dict.fromkeys(n for n in names if n not in ("wsomhandler", "comwsomhandler")))


def _elements(root: _Node) -> Iterator[tuple[str, _Node]]:
    for types in root.all(f"{_WSDL}types"):
        for schema in types.all(f"{_XSD}schema"):
            for element in schema.all(f"{_XSD}element"):
                yield element.get("name"), _typed(element, schema)


def _typed(element: _Node, schema: _Node) -> _Node:
    """Return what holds an element's sequence: itself, or a node with its named type inside."""
    wanted = _local(element.get("type"))
    named = [t for t in schema.all(f"{_XSD}complexType") if wanted and t.get("name") == wanted]
    return _Node(element.name, element.attributes, named) if named else element


def _children(element: _Node) -> tuple[str, ...]:
    return tuple(
        child.get("name")
        for complex_type in element.all(f"{_XSD}complexType")
        for sequence in complex_type.all(f"{_XSD}sequence")
        for child in sequence.all(f"{_XSD}element")
    )


def _one(found: Iterable[T], what: str) -> T:
    """Return the only one."""
    several = list(found)
    if len(several) != 1:
        raise ValueError(f"expected {what}, found {len(several)}")
    return several[0]


def _local(name: str) -> str:
    return name.rpartition(":")[2]


@define
class _Node:
    name: str
    attributes: dict[str, str]
    children: list[_Node]

    def get(self, name: str) -> str:
        return self.attributes.get(name, "")

    def all(self, name: str) -> Iterator[_Node]:
        return (child for child in self.children if child.name == name)


def _tree(data: bytes) -> _Node:
    """Read a small document whole; names are `namespace}local`."""
    top = _Node("", {}, [])
    path = [top]

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(path) > _DEEPEST:
            raise ValueError("elements are nested too deeply")
        node = _Node(name, attributes, [])
        path[-1].children.append(node)
        path.append(node)

    def end(_name: str) -> None:
        path.pop()

    parser = hardened_parser(namespaces=True)
    parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        parser.Parse(data, True)
    except expat.ExpatError as exc:
        raise ValueError(f"no well-formed XML ({expat.ErrorString(exc.code)})") from None
    return top.children[0]
