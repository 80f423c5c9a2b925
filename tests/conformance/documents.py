"""Documents of Prima in an envelope, the request of a call, and the types that were made up."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from attrs import frozen

from oro_prima.call import Call, ResponseHead
from oro_prima.config.loading import build_prima
from oro_prima.ids import PrimaCompany
from oro_prima.prima.calls.bound import read_capability
from oro_prima.prima.models import PrimaProfile
from oro_prima.prima.models.binding import SoapBinding
from oro_prima.prima.models.bound import Bound
from oro_prima.prima.models.capabilities import Capability
from oro_prima.sandbox.bindings import BINDINGS
from oro_prima.values import SkuKey

COMPANY, PROFILE = PrimaCompany("1"), PrimaProfile()
OK = ResponseHead(200, (("Content-Type", "text/xml"),))
ENVELOPE = (
    '<?xml version="1.0" encoding="UTF-8"?><SOAP-ENV:Envelope xmlns:SOAP-ENV='
    '"http://schemas.xmlsoap.org/soap/envelope/"><SOAP-ENV:Body><m:wsomhandlerResponse '
    'xmlns:m="urn:omlink:omlink"><result>{}</result></m:wsomhandlerResponse></SOAP-ENV:Body>'
    "</SOAP-ENV:Envelope>"
)


def wrapped(inner: str) -> bytes:
    return ENVELOPE.format(escape(inner)).encode()


def answer(call: Call[Any], body: bytes) -> Any:
    decoder = call.decoder(OK)
    for start in range(0, len(body), 4096):
        decoder.feed(body[start : start + 4096])
    return decoder.close()


def inner_of(call: Call[Any]) -> ET.Element:
    """Return the business request of a call; what leaves is ASCII."""
    body = call.request().body
    body.decode("ascii")
    part = next(
        e for e in ET.fromstring(body).iter() if (e.text or "").lstrip().startswith("<?xml")
    )
    text = part.text or ""
    text.encode("ascii")
    return ET.fromstring(text.encode("ascii"))


def tree(element: ET.Element) -> object:
    return (element.tag, sorted(element.attrib.items()), [tree(child) for child in element])


@frozen
class MadeUp:
    """A request type that nobody has evidence of: documents, what it is about, what is not read."""

    name: str
    about: dict[str, str]
    left_out: frozenset[str] = frozenset()


MADE_UP = {
    Capability.ACCOUNT: MadeUp(
        "customer", {"account": "ACME01"}, frozenset({"VatNumber", "Salesman"})
    ),
    Capability.PRICE_BOOK: MadeUp("pricebook", {"book": "TRADE-GBP"}),
    Capability.PRODUCT: MadeUp("product", {}, frozenset({"Brand", "Season"})),
    Capability.DESPATCH: MadeUp(
        "despatch", {"order_number": "30100017"}, frozenset({"OrderStatus"})
    ),
    Capability.INVOICE: MadeUp("invoice", {"order_number": "30100017"}),
    Capability.STOCK_BREAKDOWN: MadeUp("stock", {}),
}


def binding_of(capability: Capability) -> SoapBinding:
    """Return the worked example of a capability."""
    config = build_prima(tomllib.loads('[prima]\nurl = "https://erp.example/wsa"\n' + BINDINGS))
    binding = dict(config.bindings)[capability]
    assert isinstance(binding, SoapBinding)
    return binding


def enquiry(capability: Capability) -> Call[Bound[object]]:
    """Return the call of a capability as the worked example binds it."""
    binding = binding_of(capability)
    about, skus = MADE_UP[capability].about, (SkuKey("ROVER", "F", "070"),)
    return read_capability(
        capability,
        binding,
        profile=PROFILE,
        company=COMPANY,
        about=about,
        skus=skus if binding.each else (),
    )


def left_out(capability: Capability, text: str) -> frozenset[str]:
    """Return the attributes below the root that the worked example does not read."""
    mapping = binding_of(capability).mapping
    read = {place.rpartition("@")[2] for _name, place in (*mapping.fields, *mapping.lines)}
    root = ET.fromstring(text.split("?>", 1)[1])
    there = {name for child in root for element in child.iter() for name in element.attrib}
    return frozenset(there - read)


def same(call: Call[Any]) -> Callable[[str], str]:
    """Hold a request document against what a call writes."""

    def compare(text: str) -> str:
        # the sample declares an encoding; its text is already decoded
        wanted = ET.fromstring(text.split("?>", 1)[1])
        return "" if tree(wanted) == tree(inner_of(call)) else "another tree"

    return compare


def made_up_checks() -> dict[str, Callable[[str], str]]:
    """Requests as trees; answers give one record or more, without a fault."""

    def read(capability: Capability) -> Callable[[str], str]:
        def check(text: str) -> str:
            found = answer(enquiry(capability), wrapped(text))
            left = left_out(capability, text)
            right = left == MADE_UP[capability].left_out and found.records and not found.faults
            return "" if right else f"{found.faults} {left}"

        return check

    return {
        f"unevidenced/{made.name}-{part}.xml": check
        for capability, made in MADE_UP.items()
        for part, check in (
            ("request", same(enquiry(capability))),
            ("response", read(capability)),
        )
    }
