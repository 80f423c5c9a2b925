"""The least that any implementation must do; what we measure against."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from html import escape
from xml.etree import ElementTree as ET
from xml.parsers import expat

Written = tuple[ET.Element, ET.Element, ET.Element]
"""The business request, its envelope, and the element of the envelope that holds it as text."""

Codes = tuple[str, str, str, str, str]
Figure = tuple[Codes, Decimal]

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
    """Yield a made-up full stock answer in pieces of 250 rows: it is never in memory whole."""
    first, last = stock_answer(0).split(b"&lt;/Data&gt;")
    yield first
    row = stock_answer(250).removeprefix(first).split(b"&lt;/Data&gt;")[0]
    for _ in range(rows // 250):
        yield row
    yield b"&lt;/Data&gt;" + last


def pieces(body: bytes) -> list[bytes]:
    """Cut a body as it arrives."""
    return [body[at : at + CHUNK] for at in range(0, len(body), CHUNK)]


def count_starts(body: Iterable[bytes]) -> int:
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
    for data in body:
        outer.Parse(data, False)
    outer.Parse(b"", True)
    return count


def load_and_write(page: bytes, written: list[Written]) -> int:
    """Load a page of orders, and write both layers of what Prima is sent; rules left out."""
    json.loads(page)
    return write(written)


def write(written: list[Written]) -> int:
    """Write both layers of what Prima is sent, from elements that are made already."""
    size = 0
    for inner, envelope, text in written:
        text.text = ET.tostring(inner, encoding="us-ascii").decode("ascii")
        size += len(ET.tostring(envelope, encoding="us-ascii"))
    return size


def elements(body: bytes) -> Written:
    """Return the elements of a request that is to be written again."""
    envelope = ET.fromstring(body)
    text = next(element for element in envelope.iter() if element.text)
    return ET.fromstring((text.text or "").encode("ascii")), envelope, text


def compare_figures(figures: list[Figure], shown: list[Figure]) -> list[Codes]:
    """Index what one side says, and name where the other differs: SKUs as tuples of five codes."""
    index = dict(figures)
    return [codes for codes, quantity in shown if index[codes] != quantity]
