"""Bindings by data: what they must give, what they may hold, and what is read by them."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.config.loading import build_prima
from oro_prima.errors import ConfigError, RejectedError, UnreadableError
from oro_prima.ids import PrimaAccount, PrimaOrderNumber, PrimaPriceBook
from oro_prima.prima.calls import post_order
from oro_prima.prima.calls.bound import read_capability
from oro_prima.prima.calls.reading import BadAnswerError
from oro_prima.prima.calls.trees import parse_tree, text_at
from oro_prima.prima.config import PrimaConfig
from oro_prima.prima.models.account import Account
from oro_prima.prima.models.binding import (
    FileBinding,
    Formats,
    RecordMap,
    SoapBinding,
    binding_faults,
    binding_of,
    filled,
)
from oro_prima.prima.models.bound import Bound, parse_records, typed
from oro_prima.prima.models.capabilities import SHAPES, Capability, Kind
from oro_prima.prima.models.fulfilment import Despatch
from oro_prima.prima.models.invoice import Invoice
from oro_prima.prima.models.prices import BookPrice, PriceBook
from oro_prima.prima.models.product import PrimaProduct
from oro_prima.prima.models.stock_breakdown import StockBreakdown
from oro_prima.sandbox.bindings import BINDINGS
from oro_prima.sandbox.prima import PrimaSandbox
from oro_prima.sandbox.prima.details import ROUNDINGS
from oro_prima.values import LocalDate, SkuKey
from tests.prima.documents import COMPANY, LINE, ORDER, PROFILE, read, result, soap
from tests.prima.requests import read_sent
from tests.prima.served import served

HEAD = '[prima]\nurl = "https://erp.example/wsa"\n'
CONFIG = build_prima(tomllib.loads(HEAD + BINDINGS))
KINDS: dict[Capability, type] = {
    Capability.ACCOUNT: Account,
    Capability.PRICE_BOOK: BookPrice,
    Capability.PRODUCT: PrimaProduct,
    Capability.DESPATCH: Despatch,
    Capability.INVOICE: Invoice,
    Capability.STOCK_BREAKDOWN: StockBreakdown,
}
SKU = SkuKey("TEAPOT", "BLUE")


def sandbox(**options: str) -> PrimaSandbox:
    prima = PrimaSandbox(now=lambda: datetime(2031, 5, 6, tzinfo=UTC), **options)  # type: ignore[arg-type]
    prima.add_account("KETTLE1", name="Kettle & Söhne")
    prima.add_stock("TEAPOT", "BLUE", quantity=20)
    prima.add_stock("LID", quantity=0, available_date="24/11/2031")
    order = evolve(ORDER, lines=(LINE,))
    served(prima, post_order(order, unique_id="1", profile=PROFILE, company=COMPANY))
    return prima


def asked(
    prima: PrimaSandbox, capability: Capability, *skus: SkuKey, **about: str
) -> Bound[object]:
    binding = binding_of(CONFIG.bindings, capability)
    assert isinstance(binding, SoapBinding)
    return served(
        prima,
        read_capability(
            capability, binding, profile=PROFILE, company=COMPANY, about=about, skus=skus
        ),
    )


def test_every_capability_is_bound_by_the_worked_examples() -> None:
    """And each gives records of its own class, without a fault."""
    prima = sandbox()
    prima.set_status(str(ORDER.number), "Despatched")

    assert {one for one, _ in CONFIG.bindings} == set(Capability) == set(KINDS)
    for capability, kind in KINDS.items():
        about = (
            {"order_number": str(ORDER.number)}
            if "order_number" in SHAPES[capability].parameters
            else {}
        )
        found = asked(prima, capability, **about)
        assert found.faults == ()
        assert typed(found, kind).records


def test_an_account_has_its_price_book_and_numbered_addresses() -> None:
    """By code, without case."""
    (found,) = typed(asked(sandbox(), Capability.ACCOUNT, account="kettle1"), Account).records

    assert (found.code, found.name) == (PrimaAccount("KETTLE1"), "Kettle & Söhne")
    assert (found.price_book, found.vat_inclusive) == (PrimaPriceBook("TRADE-GBP"), False)
    assert [one.number for one in found.addresses] == ["1", "2"]
    assert all(len(one.lines) == 2 for one in found.addresses)
    with pytest.raises(RejectedError):
        asked(sandbox(), Capability.ACCOUNT, account="NOBODY")


def test_price_rows_have_breaks_dates_and_their_book() -> None:
    """What stands on the book's element is read from each row."""
    found = asked(sandbox(), Capability.PRICE_BOOK, book="TRADE-GBP", first="T", last="TZ")
    rows = typed(found, BookPrice).records

    assert {one.book for one in rows} == {PriceBook(PrimaPriceBook("TRADE-GBP"), "GBP", False)}
    assert {one.row.sku for one in rows} == {SkuKey("TEAPOT")}
    assert [one.row.quantity for one in rows] == [1, 12, 1]
    assert [one.row.valid_from for one in rows] == [None, None, date(2031, 8, 4)]


def test_despatches_and_invoices_follow_the_status() -> None:
    """Half, then the rest; each invoiced; a credit names what it credits."""
    prima, number = sandbox(), str(ORDER.number)
    prima.set_status(number, "Part Despatched")
    prima.set_status(number, "Despatched")
    prima.set_status(number, "Despatched")
    prima.credit(number)
    sent = typed(asked(prima, Capability.DESPATCH, order_number=number), Despatch).records
    invoices = typed(asked(prima, Capability.INVOICE, order_number=number), Invoice).records

    assert [one.lines[0].quantity for one in sent] == [3, 3]
    assert [one.lines[0].sku for one in sent] == [SKU, SKU]
    assert [one.despatch for one in invoices] == [sent[0].number, sent[1].number, sent[1].number]
    assert [one.credit for one in invoices] == [False, False, True]
    assert all(one.net + one.vat == one.gross for one in invoices)
    assert {one.order for one in invoices} == {PrimaOrderNumber(number)}
    with pytest.raises(KeyError):
        prima.credit("9")
    assert asked(prima, Capability.INVOICE, order_number="9").records == ()
    with pytest.raises(RejectedError):
        asked(prima, Capability.DESPATCH, order_number="9")


@pytest.mark.parametrize("rounding", ROUNDINGS)
def test_vat_is_rounded_by_the_policy_that_was_chosen(rounding: str) -> None:
    """All of them within half a penny a unit of each other."""
    prima, number = sandbox(rounding=rounding), str(ORDER.number)
    prima.set_status(number, "Despatched")
    (one,) = typed(asked(prima, Capability.INVOICE, order_number=number), Invoice).records

    assert abs(one.vat - one.net / 5) <= Decimal("0.005") * 6


def test_stock_by_warehouse_is_never_computed() -> None:
    """Only the SKUs that were asked for; allocated is what open orders hold."""
    (found,) = typed(asked(sandbox(), Capability.STOCK_BREAKDOWN, SKU), StockBreakdown).records
    lid = SkuKey("LID")
    (other,) = typed(asked(sandbox(), Capability.STOCK_BREAKDOWN, lid), StockBreakdown).records

    assert [found.physical, found.allocated, found.free] == [20, 6, 14]
    assert other.next_due == date(2031, 11, 24)


def test_a_request_is_about_what_the_capability_knows() -> None:
    """Another parameter, or more SKUs than one request takes, is an error of the caller."""
    for about, skus in (({"x": "1"}, ()), ({}, (SKU,) * 51)):
        with pytest.raises(ValueError, match="expected no parameters but"):
            asked(sandbox(), Capability.STOCK_BREAKDOWN, *skus, **about)


def test_unbound_is_said_in_the_words_of_reports() -> None:
    """Nothing half-runs."""
    with pytest.raises(ConfigError, match="not available: price_book is unbound"):
        binding_of((), Capability.PRICE_BOOK)


@given(st.text(max_size=12), st.text(max_size=12))
def test_what_is_put_into_a_template_is_not_looked_at_again(first: str, last: str) -> None:
    """Whatever a parameter holds, braces included, is text."""
    assert f"<{first}|{last}|>" == filled("<{a}|{b}|{c}>", {"a": first, "b": last})


@pytest.mark.parametrize(
    ("operation", "with_company", "parts"),
    [
        ("", False, ["RequestXML"]),
        ("", True, ["Company", "RequestXML"]),
        ("wsomhandler", True, ["RequestXML"]),
        ("comwsomhandler", False, ["Company", "RequestXML"]),
        ("wspricehandler", True, ["RequestXML"]),
    ],
)
def test_a_binding_may_name_its_operation(
    operation: str, with_company: bool, parts: list[str]
) -> None:
    """The profile's own where it names none; the company goes with one alone."""
    plain = binding_of(CONFIG.bindings, Capability.PRODUCT)
    assert isinstance(plain, SoapBinding)
    binding = evolve(plain, operation=operation)
    profile = evolve(PROFILE, with_company=with_company)
    call = read_capability(Capability.PRODUCT, binding, profile=profile, company=COMPANY, about={})
    sent = read_sent(call.request().body)

    called = operation or ("comwsomhandler" if with_company else "wsomhandler")
    assert sent.operation == f"{{urn:omlink:omlink}}{called}"
    assert [name for name, _text in sent.parts] == parts
    assert binding_faults(Capability.PRODUCT, evolve(binding, operation="a b"))


SOAP = SoapBinding("X", RecordMap("Data", (("a", "@A"),)))
DESPATCH = dict(CONFIG.bindings)[Capability.DESPATCH]
PRICES = dict(CONFIG.bindings)[Capability.PRICE_BOOK]
FILE = FileBinding("drop", evolve(PRICES.mapping, items=""))


def soapy(**changes: object) -> SoapBinding:
    assert isinstance(PRICES, SoapBinding)
    return evolve(PRICES, **changes)  # type: ignore[arg-type]


def mapped(**changes: object) -> SoapBinding:
    return soapy(mapping=evolve(PRICES.mapping, **changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("binding", "told"),
    [
        (mapped(fields=PRICES.mapping.fields[1:]), "fields.book: required"),
        (mapped(fields=(*PRICES.mapping.fields, ("odd", "@A"))), "fields.odd: unknown field"),
        (mapped(fields=(*PRICES.mapping.fields, ("m3", " "))), "fields.m3: blank"),
        (mapped(fields=(*PRICES.mapping.fields, ("m3", "a//b"))), "expected a place such as"),
        (mapped(items=""), "items: expected a path"),
        (mapped(items="Data/@A"), "items: expected a path"),
        (mapped(codes=(("odd", ()),)), "codes.odd: unknown field"),
        (mapped(formats=Formats(decimal=";")), "decimal: expected . or ,"),
        (mapped(formats=Formats(date="%Y")), "date: expected a form"),
        (mapped(formats=Formats(yes=frozenset({"no"}))), "both yes and no"),
        (soapy(request_type="a b"), "is no name of XML"),
        (soapy(request=(("A b", "x"),)), "is no name of XML"),
        (soapy(request=(("A", "{order_number}"),)), "only {book}, {first}, {last} can be put in"),
        (soapy(request=(("A", "{book.x}"),)), "can be put in"),
        (soapy(request=(("A", "{{book}}"),)), "can be put in"),
        (soapy(each=(("A", "x"),)), "is no name of XML"),
        (evolve(FILE, directory=" "), "directory: required"),
        (evolve(FILE, pattern="../*.csv"), "pattern: expected names"),
        (evolve(FILE, pattern=" "), "pattern: expected names"),
        (evolve(FILE, delimiter=""), "delimiter: expected one character"),
        (evolve(FILE, marker="/x"), "marker: expected an ending"),
        (evolve(FILE, xml=True), "items: expected a path"),
    ],
)
def test_a_binding_is_held_against_what_the_flows_need(
    binding: SoapBinding | FileBinding, told: str
) -> None:
    """When it is loaded, not when a flow runs."""
    assert any(told in fault for fault in binding_faults(Capability.PRICE_BOOK, binding))
    with pytest.raises(ConfigError):
        PrimaConfig("https://a.example/b", bindings=((Capability.PRICE_BOOK, binding),))


def test_lines_are_needed_where_a_record_is_nothing_without_them() -> None:
    """A despatch without lines could not be booked."""
    bare = evolve(DESPATCH, mapping=evolve(DESPATCH.mapping, lines=()))
    nowhere = evolve(DESPATCH, mapping=evolve(DESPATCH.mapping, line_items="a/"))
    part = evolve(DESPATCH, mapping=evolve(DESPATCH.mapping, lines=(("product", "@P"),)))

    faults = binding_faults(Capability.DESPATCH, FILE)
    assert any(fault.endswith("despatch.lines: required") for fault in faults)
    assert faults[-1].endswith("fields.order_number: required, for a file names many orders")
    assert "prima.capabilities.despatch.lines: required" in binding_faults(
        Capability.DESPATCH, bare
    )
    assert "lines.items: expected a path" in binding_faults(Capability.DESPATCH, nowhere)[0]
    assert len(binding_faults(Capability.DESPATCH, part)) == 2
    assert binding_faults(Capability.PRICE_BOOK, FILE) == ()
    assert len(binding_faults(Capability.DESPATCH, SOAP)) >= 4


def record(texts: dict[str, str], formats: Formats | None = None, **codes: str) -> Bound[object]:
    """Read one product-like record of every kind."""
    tables = tuple((name, ((code, "mapped"),)) for name, code in codes.items())
    mapping = RecordMap(codes=tables, formats=formats or Formats())
    top = {
        "product": "P", "warehouse": "W", "physical": "1", "allocated": "0", "free": "1",
    } | texts  # fmt: skip
    return parse_records([(top, ())], capability=Capability.STOCK_BREAKDOWN, mapping=mapping)


@pytest.mark.parametrize(
    ("text", "decimal", "number"),
    [
        ("1", ".", "1"), ("-1.50", ".", "-1.50"), ("1,234.5", ".", "1234.5"), ("+3", ".", "3"),
        ("1.234,5", ",", "1234.5"), ("12,5", ",", "12.5"), ("1,234,567", ".", "1234567"),
        ("1,23", ".", None), ("1e5", ".", None), ("1.2.3", ".", None), ("x", ".", None),
        ("1234,5,6", ",", None), ("", ".", None), ("NaN", ".", None), ("12 5", ".", None),
    ],
)  # fmt: skip
def test_numbers_are_read_exactly_or_not_at_all(
    text: str, decimal: str, number: str | None
) -> None:
    """By the profile's signs; nothing is guessed."""
    found = record({"free": text}, Formats(decimal=decimal))

    if number is None:
        assert found.records == ()
        assert found.faults[0].startswith("record 1: free: ")
    else:
        (one,) = typed(found, StockBreakdown).records
        assert one.free == Decimal(number)


def test_each_fault_is_named_without_its_value() -> None:
    """A record with one is left out, the others are read."""
    found = record({"product": " ", "physical": "Ann Other", "next_due": "31/02/2031"})

    assert found.records == ()
    assert [fault.split(": ")[1] for fault in found.faults] == ["product", "physical", "next_due"]
    assert "Ann" not in str(found)


def test_codes_are_mapped_or_a_fault() -> None:
    """A code that is not in its table is not passed on."""
    (one,) = typed(record({"warehouse": "W"}, warehouse="W"), StockBreakdown).records

    assert one.warehouse == "mapped"
    assert "not in its table" in record({"warehouse": "Z"}, warehouse="W").faults[0]
    assert record({"warehouse": ""}, warehouse="W").faults == ()


@pytest.mark.parametrize("text", ["?", ""])
def test_no_date_is_none(text: str) -> None:
    """As elsewhere in Prima; where one is needed it is a fault."""
    (one,) = typed(record({"next_due": text}), StockBreakdown).records
    invoice = parse_records(
        [({"date": text}, ())], capability=Capability.INVOICE, mapping=RecordMap()
    )

    assert one.next_due is None
    assert "record 1: date: blank" in invoice.faults


def test_flags_are_words() -> None:
    """A blank one is no, unless the flow must know."""
    top = {"code": "A", "name": "N", "price_book": "B", "currency": "GBP", "on_stop": "NO"}
    for text, fault in (("Y", ""), ("", "vat_inclusive: blank"), ("odd", "a word for yes or no")):
        found = parse_records(
            [(top | {"vat_inclusive": text}, ())],
            capability=Capability.ACCOUNT,
            mapping=RecordMap(),
        )
        assert fault in "".join(found.faults)
        assert bool(found.records) is not bool(fault)


def test_whole_numbers_are_whole() -> None:
    """An order line has no half."""
    lines = ({"order_line": "1.5", "quantity": "1"},)
    found = parse_records(
        [({"number": "D"}, lines)], capability=Capability.DESPATCH, mapping=RecordMap()
    )

    assert found.faults == ("record 1: order_line: expected a whole number",)


def test_another_class_is_an_error_of_the_programmer() -> None:
    """A flow says what it expects."""
    with pytest.raises(TypeError, match="expected records of Account"):
        typed(record({}), Account)


def test_every_kind_is_used() -> None:
    """No word of the table is without a meaning."""
    used = {
        one.kind
        for shape in SHAPES.values()
        for one in (*shape.fields.values(), *shape.lines.values())
    }

    assert used == set(Kind)
    assert LocalDate(date(2031, 5, 6)) == date(2031, 5, 6)


TREE = parse_tree(
    b'<x:A xmlns:x="u" Code="1"><b n="2"><C>t<d/>u</C></b><B N="3"/><b/></x:A>'
).children[0]


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("@code", "1"), ("b/@n", "2"), ("B/c", "tu"), ("b/C/.", "tu"), (".", ""),
        ("b/../@Code", "1"),
        ("@no", ""), ("no/@n", ""), ("../../@x", ""), ("=@x", "@x"), ("=", ""), ("b/@N", "2"),
    ],
)  # fmt: skip
def test_places_are_found_without_case_or_prefix(place: str, text: str) -> None:
    """The first that is there; nothing is blank."""
    assert text == text_at(TREE, place)


@pytest.mark.parametrize("data", [b"", b"<a>", b"<!DOCTYPE a><a/>", b"<a>" * 70])
def test_a_document_that_is_none_is_refused(data: bytes) -> None:
    """As an answer is."""
    with pytest.raises(BadAnswerError):
        parse_tree(data)


def test_a_bound_answer_is_judged_like_any_enquiry() -> None:
    """By status and errors, wherever they stand; then by depth."""
    binding = dict(CONFIG.bindings)[Capability.DESPATCH]
    assert isinstance(binding, SoapBinding)
    call = read_capability(Capability.DESPATCH, binding, profile=PROFILE, company=COMPANY, about={})
    error = '<Data RequestStatus="OK"><a><RequestError Error="(E:7) x"/></a></Data>'

    with pytest.raises(RejectedError):
        read(call, soap(result(error, request_type="XDespatch", RequestStatus="OK")))
    with pytest.raises(UnreadableError, match="states no RequestStatus"):
        read(call, soap(result("<Data/>", request_type="XDespatch")))
    deep = result("<a>" * 70 + "</a>" * 70, request_type="XDespatch", RequestStatus="OK")
    with pytest.raises(UnreadableError, match="too deeply"):
        read(call, soap(deep))
