"""Descriptions like the documented ones, written otherwise: understood, or refused and told why."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from attrs import evolve

from oro_prima.prima.calls.wsdl import ServiceDescription, parse_wsdl
from oro_prima.prima.models.profile import Style
from tests.conformance.shared import shared_folder

WSDL = "http://schemas.xmlsoap.org/wsdl/"
Change = Callable[[str], str | bytes]
PART = r'(<(?:part|element) name="Company"[^>]*/>)(\s*)(<(?:part|element) name="RequestXML"[^>]*/>)'
TAGS = "definitions|message|part|portType|operation|input|output|fault|binding|service|port|types"


def prefixed(text: str) -> str:
    """Write every element of the WSDL under a prefix."""
    own = text.replace(
        'xmlns="http://schemas.xmlsoap.org/wsdl/"', 'xmlns:w="http://schemas.xmlsoap.org/wsdl/"'
    )
    return re.sub(rf"<(/?)({TAGS})\b", r"<\1w:\2", own)


def with_return_value(text: str) -> str:
    """Give a return value before the answer."""
    for kind in ("part", "element"):
        text = re.sub(rf'(<{kind} name=")result("[^>]*/>)', r"\1rv\2\1ResponseXML\2", text)
    return text


def with_ping(text: str) -> str:
    """Offer another operation."""
    return text.replace("<soap:binding", '<operation name="ping"/><soap:binding', 1)


UNDERSTOOD: dict[str, tuple[Change, dict[str, object]]] = {
    "renamed": (
        lambda t: t.replace("RequestXML", "pcIn").replace('"Company"', '"piFirm"'),
        {"xml_part": "pcIn", "company_part": "piFirm"},
    ),
    "swapped": (lambda t: re.sub(PART, r"\3\2\1", t), {"company_first": False}),
    "other prefixes": (prefixed, {}),
    "UTF-16": (
        lambda t: f'<?xml version="1.0" encoding="UTF-16"?>{t.partition("?>")[2]}'.encode("utf-16"),
        {},
    ),
    "a byte order mark": (lambda t: b"\xef\xbb\xbf" + t.encode(), {}),
    "a return value": (with_return_value, {"outputs": ("rv", "ResponseXML")}),
    "another operation": (with_ping, {"others": ("ping",)}),
    "an action": (
        lambda t: t.replace('soapAction=""', 'soapAction="urn:go"'),
        {"soap_action": "urn:go", "company_action": "urn:go"},
    ),
    "no companies": (
        lambda t: re.sub(r'<operation name="comwsomhandler">.*?</operation>', "", t, flags=re.S),
        {"company_part": None, "company_first": None, "company_action": None},
    ),
}
REFUSED: dict[str, tuple[Change, str]] = {
    "two bindings": (
        lambda t: re.sub("(<binding.*</binding>)", r"\1\1", t, flags=re.S),
        "found 2",
    ),
    "a session": (
        lambda t: t.replace("<soap:body", '<soap:header part="ID"/><soap:body', 1),
        "sessions",
    ),
    "a line break in the action": (
        lambda t: t.replace('soapAction=""', 'soapAction="a&#13;&#10;X: y"'),
        "cannot be written",
    ),
    "a document type": (
        lambda t: t.replace("<definitions", '<!DOCTYPE d [<!ENTITY e "x">]><definitions'),
        "document type",
    ),
    "another operation alone": (lambda t: t.replace("wsomhandler", "wsother"), "wsomhandler"),
    "cut off": (lambda t: t[: len(t) // 2], "well-formed"),
}


def sample(style: Style) -> tuple[str, ServiceDescription]:
    path: Path = shared_folder() / "prima" / "samples" / "wsdl" / f"omlink-{style.value}.wsdl"
    text = path.read_text(encoding="utf-8")
    return text, parse_wsdl(text.encode())


def changed(text: str, change: Change) -> bytes:
    found = change(text)
    data = found if isinstance(found, bytes) else found.encode()
    assert data != text.encode()
    return data


@pytest.mark.parametrize("style", list(Style))
@pytest.mark.parametrize("name", UNDERSTOOD)
def test_a_variation_is_understood(style: Style, name: str) -> None:
    """It says what the document says, but for what was changed."""
    text, plain = sample(style)
    change, told = UNDERSTOOD[name]

    assert parse_wsdl(changed(text, change)) == evolve(plain, **told)  # type: ignore[arg-type]


@pytest.mark.parametrize("style", list(Style))
@pytest.mark.parametrize("name", REFUSED)
def test_a_variation_is_refused_with_a_reason(style: Style, name: str) -> None:
    """Nothing is guessed."""
    text, _plain = sample(style)
    change, told = REFUSED[name]

    with pytest.raises(ValueError, match=told):
        parse_wsdl(changed(text, change))
