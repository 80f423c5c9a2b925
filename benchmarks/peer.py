"""
A general SOAP client (zeep) on the same work, held against the same floors.

It hands over a text; what has to be done with it is done here in the plainest way that gives the
same typed rows. Requests and answers are those of our calls.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree as ET

import zeep
from lxml import etree
from requests import Response

from benchmarks.floors import Written, count_starts, elements, pieces, stock_answer, stock_stream
from benchmarks.floors import write as write_bare
from benchmarks.measuring import Row, Work, added, compare
from benchmarks.orders import make_page, mapped, ready
from benchmarks.sending import against, often, server
from benchmarks.stock import COUNTS, FLOOR
from oro_prima.call import HttpRequest
from oro_prima.http.sender import open_client
from oro_prima.prima.models import FreeStockRow
from oro_prima.sandbox.prima import PATH, PrimaSandbox
from oro_prima.values import LocalDate, SkuKey

ASK = '<?xml version="1.0" encoding="ISO-8859-1"?><Request RequestType="{}"><Data{}/></Request>'
ENQUIRY = ASK.format("OrderStatus", ' OrderNumber="300000010"')
STOCK = ASK.format("ProductAvailableToSell", ' ProductFrom="" ProductTo=""')


class Canned(zeep.Transport):
    """Answers every request with the same bytes; nothing is sent."""

    body: bytes = b""

    def post(self, address: str, message: bytes, headers: object) -> Response:
        """Answer."""
        answer = Response()
        answer.status_code, answer._content = 200, self.body
        answer.headers["Content-Type"] = "text/xml; charset=utf-8"
        return answer


@contextmanager
def description(url: str = "http://erp.example") -> Generator[str, None, None]:
    """Keep the service's description as a file; gives its path."""
    prima = PrimaSandbox(now=lambda: datetime(2031, 5, 4, tzinfo=UTC))
    asked = HttpRequest("GET", f"{PATH}/wsdl", (("targetURI", "urn:omlink"),))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "omlink.wsdl"
        path.write_bytes(prima.handle(asked).body.replace(b"http://127.0.0.1:8080", url.encode()))
        yield str(path)


def client(wsdl: str, transport: zeep.Transport) -> zeep.Client:
    """Open the description; a large text is allowed."""
    return zeep.Client(wsdl, transport=transport, settings=zeep.Settings(xml_huge_tree=True))


def typed(soap: zeep.Client) -> list[FreeStockRow]:
    """Ask for the full stock and read the text that comes into typed rows."""
    text = soap.service.wsomhandler(STOCK).partition("?>")[2]
    root = etree.fromstring(text, etree.XMLParser(huge_tree=True, resolve_entities=False))
    return [_row(sku.attrib) for sku in root.iter("sku")]


def _row(told: Mapping[str, str]) -> FreeStockRow:
    codes = (told["Product"], *(told[f"MtrxCode{level}"] for level in (1, 2, 3, 4)))
    day = told["AvailableDate"]
    later = datetime.strptime(day, "%d/%m/%Y").date() if day else None
    found = None if later is None else LocalDate(date(later.year, later.month, later.day))
    return FreeStockRow(SkuKey(*codes), Decimal(told["AvailableQuantity"]), found)


def written(soap: zeep.Client, orders: list[ET.Element]) -> int:
    """Write both layers of orders whose inner elements are made already; nothing is sent."""
    size = 0
    for order in orders:
        inner = ET.tostring(order, encoding="us-ascii").decode("ascii")
        message = soap.create_message(soap.service, "wsomhandler", inner)
        size += len(etree.tostring(message))
    return size


def consume_stream(rows: int) -> None:
    """Read an answer, forgetting each row as soon as its own text allows."""
    with description() as wsdl:
        transport = Canned()
        transport.body = b"".join(stock_stream(rows))
        typed(client(wsdl, transport))


def rows() -> dict[str, Row]:
    """Measure."""
    found = _stock() | _orders() | _calls()
    for count in COUNTS:
        name = f"zeep: memory, {count} rows"
        megabytes = added("benchmarks.peer", "consume_stream", first=250, count=count)
        found[name] = Row(megabytes, "0", unit="MB")
    return found


def _stock() -> dict[str, Row]:
    body = stock_answer(5400)
    with description() as wsdl:
        transport = Canned()
        transport.body = body
        subject = partial(typed, client(wsdl, transport))
        ratio, spread = compare(partial(count_starts, pieces(body)), subject)
    return {"zeep: SOAP bytes to typed rows": Row(ratio, FLOOR, spread)}


def _orders() -> dict[str, Row]:
    parts: list[Written] = [elements(ready(order)) for order in mapped(make_page(100))]
    inner = [element for element, _envelope, _text in parts]
    with description() as wsdl:
        subject = partial(written, client(wsdl, Canned()), inner)
        ratio, spread = compare(partial(write_bare, parts), subject)
    return {"zeep: order, written": Row(ratio, "bare write of both layers", spread)}


def _calls() -> dict[str, Row]:
    with server() as url, open_client() as http, description(url) as wsdl:
        soap = client(wsdl, zeep.Transport())
        message = etree.tostring(soap.create_message(soap.service, "wsomhandler", ENQUIRY))
        headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '""'}
        floor = partial(often, lambda: http.post(url, headers=headers, content=message).content)
        return against("zeep: an enquiry written and read", floor, partial(often, _enquiry(soap)))


def _enquiry(soap: zeep.Client) -> Work:
    def ask() -> None:
        root = etree.fromstring(soap.service.wsomhandler(ENQUIRY).partition("?>")[2])
        assert root.get("RequestStatus") == "OK"

    return ask
