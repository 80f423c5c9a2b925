"""Texts of a bound answer read into records and models; every fault named, none of them guessed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Generic, TypeVar

from attrs import frozen

from oro_prima.ids import PrimaAccount, PrimaOrderNumber, PrimaPriceBook
from oro_prima.prima.models.account import Account, AccountAddress
from oro_prima.prima.models.binding import Formats, RecordMap
from oro_prima.prima.models.capabilities import SHAPES, Capability, Kind, Wanted
from oro_prima.prima.models.fulfilment import Despatch, DespatchLine
from oro_prima.prima.models.invoice import Invoice, InvoiceLine
from oro_prima.prima.models.prices import BookPrice, PriceBook, PriceBookRow
from oro_prima.prima.models.product import PrimaProduct
from oro_prima.prima.models.stock_breakdown import StockBreakdown
from oro_prima.values import LocalDate, SkuKey

T = TypeVar("T")
Value = str | Decimal | int | LocalDate | bool | None
Texts = Mapping[str, str]
Raw = tuple[Texts, tuple[Texts, ...]]
"""The texts of a record by field, and those of each of its lines."""


@frozen
class Bound(Generic[T]):
    """What a capability gave: records that were read, and what is wrong with the others."""

    records: tuple[T, ...]
    faults: tuple[str, ...] = ()


def parse_records(
    raw: Iterable[Raw], *, capability: Capability, mapping: RecordMap
) -> Bound[object]:
    """
    Read records of one capability.

    A record with a fault is left out, and its fault tells the record's number and the field; no
    value of it is repeated.
    """
    shape, build = SHAPES[capability], _BUILDERS[capability]
    records: list[object] = []
    faults: list[str] = []
    for number, (texts, lines) in enumerate(raw, start=1):
        wrong: list[str] = []
        top = _values(texts, shape.fields, mapping, wrong)
        below = [_values(line, shape.lines, mapping, wrong) for line in lines]
        if wrong:
            faults += [f"record {number}: {fault}" for fault in wrong]
        else:
            records.append(build(_Read(top), tuple(map(_Read, below))))
    return Bound(tuple(records), tuple(faults))


def typed(bound: Bound[object], kind: type[T]) -> Bound[T]:
    """Return what was read as records of that class; any other is a programming error."""
    records = tuple(one for one in bound.records if isinstance(one, kind))
    if len(records) != len(bound.records):
        raise TypeError(f"expected records of {kind.__name__}")
    return Bound(records, bound.faults)


def _values(
    texts: Texts, wanted: Mapping[str, Wanted], mapping: RecordMap, wrong: list[str]
) -> dict[str, Value]:
    tables = {name: dict(table) for name, table in mapping.codes}
    values: dict[str, Value] = {}
    for name, one in wanted.items():
        text = texts.get(name, "").strip()
        if name in tables and text:
            if text not in tables[name]:
                wrong.append(f"{name}: a code that is not in its table")
                continue
            text = tables[name][text]
        try:
            values[name] = _value(text, one, mapping.formats)
        except ValueError as exc:
            wrong.append(f"{name}: {exc}")
    return values


def _value(text: str, wanted: Wanted, formats: Formats) -> Value:
    text = "" if wanted.kind is Kind.DATE and text == "?" else text
    if not text and (wanted.filled or wanted.kind is not Kind.FLAG):
        if wanted.filled:
            raise ValueError("blank")
        return "" if wanted.kind is Kind.TEXT else None
    match wanted.kind:
        case Kind.TEXT:
            return text
        case Kind.DATE:
            return _date(text, formats)
        case Kind.FLAG:
            return _flag(text, formats)
        case Kind.WHOLE:
            return _whole(_number(text, formats))
        case _:
            return _number(text, formats)


_NUMBER = re.compile(r"[-+]?[0-9]{1,15}(\.[0-9]{1,9})?")


def _number(text: str, formats: Formats) -> Decimal:
    """Read a number; the other sign counts as one of thousands only where three digits follow."""
    thousands = "," if formats.decimal == "." else "."
    plain = re.sub(rf"(?<=[0-9]){re.escape(thousands)}(?=[0-9]{{3}}(?![0-9]))", "", text)
    plain = plain.replace(formats.decimal, ".", 1) if thousands not in plain else "?"
    if not _NUMBER.fullmatch(plain):
        raise ValueError(f"expected a number such as 1234{formats.decimal}50")
    return Decimal(plain)


def _whole(number: Decimal) -> int:
    if number != number.to_integral_value():
        raise ValueError("expected a whole number")
    return int(number)


def _date(text: str, formats: Formats) -> LocalDate:
    try:
        return LocalDate(datetime.strptime(text, formats.date).date())
    except ValueError:
        raise ValueError(f"expected a date in the form {formats.date}") from None


def _flag(text: str, formats: Formats) -> bool:
    word = text.casefold()
    if word in formats.yes:
        return True
    if word in formats.no:
        return False
    raise ValueError("expected a word for yes or no")


class _Read:
    """The values of one record, each asked for by the type that its kind promises."""

    def __init__(self, values: Mapping[str, Value]) -> None:
        self._values = values

    def text(self, name: str) -> str:
        value = self._values[name]
        return value if isinstance(value, str) else ""

    def number(self, name: str) -> Decimal:
        value = self._values[name]
        return value if isinstance(value, Decimal) else Decimal(0)

    def maybe(self, name: str) -> Decimal | None:
        value = self._values[name]
        return value if isinstance(value, Decimal) else None

    def whole(self, name: str) -> int:
        value = self._values[name]
        return value if isinstance(value, int) else 0

    def flag(self, name: str) -> bool:
        return self._values[name] is True

    def day(self, name: str) -> LocalDate | None:
        value = self._values[name]
        return None if value is None or isinstance(value, (str, Decimal, int)) else value

    def sure_day(self, name: str) -> LocalDate:
        return self.day(name) or LocalDate(date.min)

    def sku(self) -> SkuKey:
        return SkuKey(*(self.text(name) for name in ("product", "m1", "m2", "m3", "m4")))


def _account(read: _Read, lines: tuple[_Read, ...]) -> Account:
    return Account(
        PrimaAccount(read.text("code")),
        read.text("name"),
        PrimaPriceBook(read.text("price_book")),
        read.flag("vat_inclusive"),
        read.text("currency"),
        read.text("terms"),
        read.flag("on_stop"),
        tuple(_address(line) for line in lines),
        read.maybe("credit_limit"),
        read.maybe("balance"),
        read.text("group"),
        read.text("tax_code"),
    )


def _address(read: _Read) -> AccountAddress:
    lines = tuple(text for n in range(1, 7) if (text := read.text(f"line{n}")))
    return AccountAddress(
        read.text("number"), read.text("use"), lines, read.text("postcode"), read.text("country")
    )


def _price(read: _Read, _lines: tuple[_Read, ...]) -> BookPrice:
    code = PrimaPriceBook(read.text("book"))
    row = PriceBookRow(
        code,
        read.sku(),
        read.number("quantity"),
        read.number("price"),
        read.day("valid_from"),
        read.day("valid_to"),
    )
    book = PriceBook(code, read.text("currency"), read.flag("vat_inclusive"))
    return BookPrice(book, row, read.text("unit"))


def _product(read: _Read, _lines: tuple[_Read, ...]) -> PrimaProduct:
    return PrimaProduct(
        read.sku(),
        read.text("description"),
        read.text("unit"),
        read.text("vat_code"),
        read.text("barcode"),
        read.flag("discontinued"),
    )


def _despatch(read: _Read, lines: tuple[_Read, ...]) -> Despatch:
    parts = (DespatchLine(o.whole("order_line"), o.sku(), o.number("quantity")) for o in lines)
    return Despatch(
        read.text("number"),
        read.day("date"),
        read.text("carrier"),
        read.text("service"),
        read.text("tracking"),
        tuple(parts),
        PrimaOrderNumber(read.text("order_number")),
    )


def _invoice(read: _Read, lines: tuple[_Read, ...]) -> Invoice:
    return Invoice(
        read.text("number"),
        read.sure_day("date"),
        PrimaOrderNumber(read.text("order_number")),
        read.text("currency"),
        read.number("net"),
        read.number("vat"),
        read.number("gross"),
        read.flag("credit"),
        read.text("despatch"),
        tuple(_invoice_line(line) for line in lines),
    )


def _invoice_line(read: _Read) -> InvoiceLine:
    return InvoiceLine(
        read.whole("order_line"),
        read.number("quantity"),
        read.maybe("price"),
        read.maybe("net"),
        read.text("vat_code"),
        read.maybe("vat_rate"),
    )


def _breakdown(read: _Read, _lines: tuple[_Read, ...]) -> StockBreakdown:
    return StockBreakdown(
        read.sku(),
        read.text("warehouse"),
        read.number("physical"),
        read.number("allocated"),
        read.number("free"),
        read.maybe("on_order"),
        read.day("next_due"),
    )


_BUILDERS: dict[Capability, Callable[[_Read, tuple[_Read, ...]], object]] = {
    Capability.ACCOUNT: _account,
    Capability.PRICE_BOOK: _price,
    Capability.PRODUCT: _product,
    Capability.DESPATCH: _despatch,
    Capability.INVOICE: _invoice,
    Capability.STOCK_BREAKDOWN: _breakdown,
}
