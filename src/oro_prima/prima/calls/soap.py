"""
Our own SOAP envelope: two operations of one string each, in three styles.

What leaves is ASCII in both layers: every other character is a numeric reference, so the result is
right under any declared or assumed encoding.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from oro_prima.call import Headers, HttpRequest
from oro_prima.ids import PrimaCompany
from oro_prima.prima.models.profile import PrimaProfile, Style

PLAIN, WITH_COMPANY = "wsomhandler", "comwsomhandler"
ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
ENCODING = "http://schemas.xmlsoap.org/soap/encoding/"
SCHEMA = "http://www.w3.org/2001/XMLSchema"
INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
PROLOGUE = b'<?xml version="1.0" encoding="UTF-8"?>'
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
DECLARATION = '<?xml version="1.0" encoding="ISO-8859-1"?>'


def inner_text(request: ET.Element) -> str:
    """
    Write the business request as ASCII text with the declaration that Prima's partners send.

    Raises:
        ValueError: A text holds a character that XML cannot hold, escaped or not.
    """
    written: str = ET.tostring(request, encoding="unicode")
    if _ILLEGAL.search(written):
        raise ValueError(_where_illegal(request))
    return DECLARATION + written.encode("ascii", "xmlcharrefreplace").decode("ascii")


def _where_illegal(request: ET.Element) -> str:
    places = (
        f"{element.tag} {name}"
        for element in request.iter()
        for name, text in element.attrib.items()
        if _ILLEGAL.search(text)
    )
    return f"{next(places, request.tag)}: a character that XML cannot hold"


def soap_request(
    inner: str, *, profile: PrimaProfile, company: PrimaCompany, operation: str = ""
) -> HttpRequest:
    """
    Wrap the business request: an HTTP request to the service's own address.

    `operation` is blank for the profile's own; the company goes with `comwsomhandler` alone.
    """
    name = operation or (WITH_COMPANY if profile.with_company else PLAIN)
    envelope = ET.Element("SOAP-ENV:Envelope", {"xmlns:SOAP-ENV": ENVELOPE})
    body = ET.SubElement(envelope, "SOAP-ENV:Body")
    if profile.style is Style.RPC_ENCODED:
        envelope.set("xmlns:xsd", SCHEMA)
        envelope.set("xmlns:xsi", INSTANCE)
        body.set("SOAP-ENV:encodingStyle", ENCODING)
    called = _operation(body, name, profile)
    for part_name, text in _parts(inner, name, profile, company):
        part = ET.SubElement(called, part_name)
        part.text = text
        if profile.style is Style.RPC_ENCODED:
            part.set("xsi:type", "xsd:string")
    headers: Headers = (
        ("Content-Type", "text/xml; charset=utf-8"),
        ("SOAPAction", f'"{profile.soap_action}"'),
        ("Accept", "text/xml"),
    )
    body_bytes = PROLOGUE + ET.tostring(envelope, encoding="us-ascii")
    return HttpRequest("POST", "", headers=headers, body=body_bytes)


def _operation(body: ET.Element, name: str, profile: PrimaProfile) -> ET.Element:
    if profile.style is Style.DOC_LITERAL:
        return ET.SubElement(body, name, {"xmlns": profile.namespace})
    return ET.SubElement(body, f"m:{name}", {"xmlns:m": profile.namespace})


def _parts(
    inner: str, operation: str, profile: PrimaProfile, company: PrimaCompany
) -> tuple[tuple[str, str], ...]:
    xml = (profile.xml_part, inner)
    if operation != WITH_COMPANY:
        return (xml,)
    extra = (profile.company_part, str(company))
    return (extra, xml) if profile.company_first else (xml, extra)
