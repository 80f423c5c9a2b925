"""Each capability, written as its binding says and read back: by request, and from a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from oro_prima.files.reading import read_file
from oro_prima.ids import PrimaAccount, PrimaOrderNumber, PrimaPriceBook
from oro_prima.prima.calls.bound import read_capability
from oro_prima.prima.models.account import Account, AccountAddress
from oro_prima.prima.models.binding import FileBinding, Formats, RecordMap, SoapBinding
from oro_prima.prima.models.bound import Bound, parse_records
from oro_prima.prima.models.capabilities import SHAPES, Capability
from oro_prima.prima.models.fulfilment import Despatch, DespatchLine
from oro_prima.prima.models.invoice import Invoice, InvoiceLine
from oro_prima.prima.models.prices import BookPrice, PriceBook, PriceBookRow
from oro_prima.prima.models.product import PrimaProduct
from oro_prima.prima.models.stock_breakdown import StockBreakdown
from oro_prima.values import LocalDate, SkuKey
from tests.prima.documents import COMPANY, PROFILE, read, soap

Texts = dict[str, str]
Written = tuple[Texts, tuple[Texts, ...]]

may = st.text(st.sampled_from("abcXYZ019 -ëß“中<&\"'"), max_size=8).map(lambda text: text.strip())
must = may.filter(bool)
figures = st.decimals(min_value=-99999, max_value=99999, places=2)
some = st.none() | figures
days = st.dates(date(2000, 1, 1), date(2099, 12, 31)).map(LocalDate)
wholes = st.integers(1, 99)
skus = st.builds(SkuKey, must, may, may, may, may)
addresses = st.builds(AccountAddress, must, may, st.lists(must, max_size=6).map(tuple), may, may)
despatch_lines = st.builds(DespatchLine, wholes, skus, figures)
invoice_lines = st.builds(InvoiceLine, wholes, figures, some, some, may, some)
books = st.builds(PriceBook, must.map(PrimaPriceBook), must, st.booleans())


def listed(lines: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(lines, min_size=1, max_size=3).map(tuple)


@st.composite
def prices(draw: st.DrawFn) -> BookPrice:
    """Return a row and its book."""
    book, opened = draw(books), st.none() | days
    row = PriceBookRow(
        book.code, draw(skus), draw(figures), draw(figures), draw(opened), draw(opened)
    )
    return BookPrice(book, row, draw(may))


RECORDS: dict[Capability, st.SearchStrategy[Any]] = {
    Capability.ACCOUNT: st.builds(
        Account, must.map(PrimaAccount), must, must.map(PrimaPriceBook), st.booleans(), must, may,
        st.booleans(), listed(addresses), some, some, may, may,
    ),
    Capability.PRICE_BOOK: prices(),
    Capability.PRODUCT: st.builds(PrimaProduct, skus, must, must, must, may, st.booleans()),
    Capability.DESPATCH: st.builds(
        Despatch, must, st.none() | days, may, may, may, listed(despatch_lines),
        must.map(PrimaOrderNumber),
    ),
    Capability.INVOICE: st.builds(
        Invoice, must, days, must.map(PrimaOrderNumber), must, figures, figures, figures,
        st.booleans(), may, listed(invoice_lines),
    ),
    Capability.STOCK_BREAKDOWN: st.builds(
        StockBreakdown, skus, may, figures, figures, figures, some, st.none() | days
    ),
}  # fmt: skip


def text(value: object) -> str:
    """Write a value as Prima's answers have it."""
    match value:
        case None:
            return ""
        case bool():
            return "Yes" if value else "No"
        case date():
            return f"{value:%d/%m/%Y}"
        case _:
            return str(value)


def codes(sku: SkuKey) -> Texts:
    return dict(zip(("product", "m1", "m2", "m3", "m4"), sku.codes, strict=True))


def texts(record: object, **renamed: str) -> Texts:
    """Return the plain fields of a record by the names that a binding has for them."""
    plain = {name: getattr(record, name) for name in record.__slots__ if name[:2] != "__"}  # type: ignore[attr-defined]
    kept = {name: one for name, one in plain.items() if not isinstance(one, (tuple, SkuKey))}
    return {renamed.get(name, name): text(one) for name, one in kept.items()}


def an_address(one: AccountAddress) -> Texts:
    return texts(one) | {f"line{n}": line for n, line in enumerate(one.lines, 1)}


def a_price(one: BookPrice) -> Written:
    row = texts(one.row) | codes(one.row.sku) | {"unit": one.unit, "book": one.book.code}
    return row | texts(one.book, code="book"), ()


WRITE: dict[Capability, Callable[[Any], Written]] = {
    Capability.ACCOUNT: lambda o: (texts(o), tuple(map(an_address, o.addresses))),
    Capability.PRICE_BOOK: a_price,
    Capability.PRODUCT: lambda o: (texts(o) | codes(o.sku), ()),
    Capability.DESPATCH: lambda o: (
        texts(o, order="order_number"),
        tuple(texts(line) | codes(line.sku) for line in o.lines),
    ),
    Capability.INVOICE: lambda o: (
        texts(o, order="order_number"),
        tuple(map(texts, o.lines)),
    ),
    Capability.STOCK_BREAKDOWN: lambda o: (texts(o) | codes(o.sku), ()),
}


def answer(capability: Capability, written: Sequence[Written]) -> bytes:
    """Write records as elements, every field an attribute."""
    root = ET.Element("Result", {"RequestStatus": "OK", "RequestType": "XAny"})
    for top, lines in written:
        record = ET.SubElement(root, "Record", top)
        for line in lines:
            ET.SubElement(record, "Line", line)
    assert set().union(*(top for top, _ in written)) <= set(SHAPES[capability].fields)
    return soap(ET.tostring(root, encoding="unicode"))


def by_request(capability: Capability, written: Sequence[Written]) -> Bound[object]:
    shape = SHAPES[capability]
    fields = tuple((name, f"@{name}") for name in shape.fields)
    lines = tuple((name, f"@{name}") for name in shape.lines)
    binding = SoapBinding("XAny", RecordMap("Record", fields, "Line", lines))
    call = read_capability(capability, binding, profile=PROFILE, company=COMPANY, about={})
    return read(call, answer(capability, written))


def by_file(capability: Capability, written: Sequence[Written]) -> Bound[object]:
    """Write a CSV file with a decimal comma: a row for each line of each record."""
    shape = SHAPES[capability]
    fields = tuple((name, name) for name in shape.fields)
    lines = tuple((name, f"line {name}") for name in shape.lines)
    mapping = RecordMap("", fields, "", lines, formats=Formats(decimal=","))
    out = io.StringIO()
    table = csv.DictWriter(out, [place for _name, place in (*fields, *lines)], delimiter=";")
    table.writeheader()
    for top, below in written:
        for line in below or ({},):
            table.writerow(top | {f"line {name}": one for name, one in line.items()})
    binding = FileBinding("drop", mapping, delimiter=";", encoding="utf-8")
    raw = read_file(out.getvalue().encode("utf-8"), binding=binding, name="a.csv")
    return parse_records(raw, capability=capability, mapping=mapping)


def with_commas(written: Sequence[Written], capability: Capability) -> list[Written]:
    """Give every number the other decimal sign."""
    shape = SHAPES[capability]

    def turned(row: Texts, wanted: Any) -> Texts:
        return {
            name: one.replace(".", ",") if wanted[name].kind.value == "number" else one
            for name, one in row.items()
        }

    return [
        (turned(top, shape.fields), tuple(turned(line, shape.lines) for line in lines))
        for top, lines in written
    ]


@given(st.data(), st.sampled_from(Capability))
def test_what_is_written_is_read(data: st.DataObject, capability: Capability) -> None:
    """Every field of every record, and no fault."""
    records = data.draw(st.lists(RECORDS[capability], min_size=1, max_size=4))
    written = [WRITE[capability](one) for one in records]

    assert by_request(capability, written) == Bound(tuple(records))


@given(st.data(), st.sampled_from(Capability))
def test_what_a_file_holds_is_read(data: st.DataObject, capability: Capability) -> None:
    """Records whose own fields are equal are one, with the lines of all."""
    records = data.draw(st.lists(RECORDS[capability], min_size=1, max_size=4))
    written = [WRITE[capability](one) for one in records]
    found = by_file(capability, with_commas(written, capability))

    if len({tuple(sorted(top.items())) for top, _lines in written}) == len(records):
        assert found == Bound(tuple(records))
    assert found.faults == ()


def test_each_capability_has_its_round_trip() -> None:
    """None is left out."""
    assert set(RECORDS) == set(WRITE) == set(Capability)
    assert Decimal("1.50") == Decimal(text(Decimal("1.50")))
