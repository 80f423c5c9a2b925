"""The least that any implementation must do; what we measure against."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape
from xml.etree import ElementTree as ET
from xml.parsers import expat

CHUNK = 64 * 1024
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><SOAP-ENV:Envelope xmlns:SOAP-ENV='
    '"http://schemas.xmlsoap.org/soap/envelope/"><SOAP-ENV:Body><m:wsomhandlerResponse '
    'xmlns:m="urn:omlink:omlink"><result>'
)
TAIL = "</result></m:wsomhandlerResponse></SOAP-ENV:Body></SOAP-ENV:Envelope>"


def stock_answer(rows: int) -> bytes:
    """Return a made-up full stock answer of so many rows."""
    parts = [
        '<?xml version="1.0" encoding="ISO-8859-1" ?>\n<Result Company="1" RequestStatus="OK" '
        'RequestType="ProductAvailableToSell"><Data>'
    ]
    parts += [
        f'<sku AvailableDate="{"24/11/2031" if n % 5 == 0 else ""}" '
        f'AvailableQuantity="{0 if n % 5 == 0 else n % 97}" MtrxCode1="{"EFGH"[n % 4]}" '
        f'MtrxCode2="{n % 30:03}" MtrxCode3="" MtrxCode4="" Product="P{n // 30:05}"/>'
        for n in range(rows)
    ]
    return (HEAD + escape("".join(parts) + "</Data></Result>", quote=False) + TAIL).encode()


def stock_stream(rows: int) -> Iterator[bytes]:
    """Yield a made-up full stock answer in pieces, so that it is never in memory whole."""
    first, last = stock_answer(0).split(b"&lt;/Data&gt;")
    yield first
    row = stock_answer(300).removeprefix(first).split(b"&lt;/Data&gt;")[0]
    for _ in range(rows // 300):
        yield row
    yield b"&lt;/Data&gt;" + last


def count_starts(body: bytes) -> int:
    """Feed outer into inner expat, and count the start tags of the inner document."""
    count, begun = 0, False
    inner = expat.ParserCreate("utf-8")
    outer = expat.ParserCreate()
    outer.buffer_text, outer.buffer_size = True, CHUNK

    def start(_name: str, _attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1

    def text(data: str) -> None:
        nonlocal begun
        part = data if begun else data.lstrip()
        begun = begun or bool(part)
        inner.Parse(part, False)

    inner.StartElementHandler = start
    outer.CharacterDataHandler = text
    for at in range(0, len(body), CHUNK):
        outer.Parse(body[at : at + CHUNK], False)
    outer.Parse(b"", True)
    return count


def load_and_write(page: bytes, written: list[ET.Element]) -> int:
    """Load a page of orders, and write the documents that Prima is sent, rules left out."""
    json.loads(page)
    return sum(len(ET.tostring(element, encoding="us-ascii")) for element in written)
