"""Free stock: full snapshots (`ProductAvailableToSell`), chosen SKUs (`MultiAvailableToSell`)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from xml.etree import ElementTree as ET

from attrs import AttrsInstance, fields

from oro_prima.call import ResponseHead
from oro_prima.ids import PrimaCompany
from oro_prima.prima.calls.base import ANSWER_CAP, PrimaCall
from oro_prima.prima.calls.reading import BadAnswerError, Handler, Reading, attribute, named
from oro_prima.prima.calls.result import Asked, judge_enquiry, unreadable
from oro_prima.prima.models.profile import PrimaProfile
from oro_prima.prima.models.stock import FreeStockRow
from oro_prima.values import LocalDate, SkuKey

FULL_SNAPSHOT_SECONDS = 600.0
Consume = Callable[[FreeStockRow], None]


def free_stock(
    *,
    profile: PrimaProfile,
    company: PrimaCompany,
    today: LocalDate,
    first: str = "",
    last: str = "",
    timeout: float = FULL_SNAPSHOT_SECONDS,
    cap: int = ANSWER_CAP,
) -> PrimaCall[tuple[FreeStockRow, ...]]:
    """
    Read what Prima can sell of every product from `first` to `last`; blank for all.

    A status of OK does not say that the snapshot is whole: 11 % of the rows once came with OK.
    `today` is the day that `profile.horizon_days` counts from.
    """

    def reader() -> tuple[_Rows, Callable[[Asked, ResponseHead, Reading], _AllRows]]:
        kept: list[FreeStockRow] = []
        return _Rows(kept.append, profile, today), partial(_kept, kept)

    return PrimaCall(
        name="free_stock",
        request_type="ProductAvailableToSell",
        profile=profile,
        company=company,
        safe=True,
        write=partial(_range, first, last),
        reader=reader,
        timeout=timeout,
        cap=cap,
    )


def free_stock_rows(
    consume: Consume,
    *,
    profile: PrimaProfile,
    company: PrimaCompany,
    today: LocalDate,
    first: str = "",
    last: str = "",
    timeout: float = FULL_SNAPSHOT_SECONDS,
    cap: int = ANSWER_CAP,
) -> PrimaCall[int]:
    """
    Read as `free_stock` does, handing each row to `consume` while it arrives: memory stays flat.

    Returns:
        How many rows came. What was consumed before a `CallError` is not whole.
    """

    def reader() -> tuple[_Rows, Callable[[Asked, ResponseHead, Reading], int]]:
        rows = _Rows(consume, profile, today)
        return rows, partial(_counted, rows)

    return PrimaCall(
        name="free_stock_rows",
        request_type="ProductAvailableToSell",
        profile=profile,
        company=company,
        safe=True,
        write=partial(_range, first, last),
        reader=reader,
        timeout=timeout,
        cap=cap,
    )


def free_stock_of(
    skus: Sequence[SkuKey],
    *,
    profile: PrimaProfile,
    company: PrimaCompany,
    today: LocalDate,
) -> PrimaCall[tuple[FreeStockRow, ...]]:
    """
    Read what Prima can sell of these SKUs, at most `profile.multi_size` of them.

    Rows are matched by key, never by position, and come in the order asked for; a SKU that the
    answer does not hold is left out: its stock is unknown, not 0.

    Raises:
        ValueError: No SKU, or more than `profile.multi_size`.
    """
    wanted = tuple(dict.fromkeys(skus))
    if not 0 < len(wanted) <= profile.multi_size:
        msg = f"expected 1 to {profile.multi_size} SKUs, got {len(wanted)}"
        raise ValueError(msg)

    def reader() -> tuple[_Rows, Callable[[Asked, ResponseHead, Reading], _AllRows]]:
        kept: list[FreeStockRow] = []
        return _Rows(kept.append, profile, today), partial(_chosen, wanted, kept)

    return PrimaCall(
        name="free_stock_of",
        request_type="MultiAvailableToSell",
        profile=profile,
        company=company,
        safe=True,
        write=partial(_several, wanted),
        reader=reader,
    )


def free_stock_batches(
    skus: Sequence[SkuKey],
    *,
    profile: PrimaProfile,
    company: PrimaCompany,
    today: LocalDate,
) -> tuple[PrimaCall[tuple[FreeStockRow, ...]], ...]:
    """
    Split a question about any number of SKUs into calls of at most `profile.multi_size`.

    Each SKU is asked once, in the order of its first appearance; see `free_stock_of`.
    """
    wanted = tuple(dict.fromkeys(skus))
    size = profile.multi_size
    return tuple(
        free_stock_of(wanted[at : at + size], profile=profile, company=company, today=today)
        for at in range(0, len(wanted), size)
    )


_AllRows = tuple[FreeStockRow, ...]


_NAMES = [
    "AvailableDate",
    "AvailableQuantity",
    "MtrxCode1",
    "MtrxCode2",
    "MtrxCode3",
    "MtrxCode4",
    "Product",
]
_QUANTITY = re.compile(r"-?(?:[0-9]{1,15}(?:\.[0-9]{0,9})?|\.[0-9]{1,9})")
_DATE = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_REMEMBERED = 4096


class _Rows:
    """
    Turns the attributes of `sku` elements into rows as they arrive.

    A snapshot has few different quantities and dates: each text is read once and remembered.
    """

    def __init__(self, consume: Consume, profile: PrimaProfile, today: LocalDate) -> None:
        self.count = 0
        self._consume = consume
        horizon = min(profile.horizon_days, (date.max - today).days)
        self._latest = today + timedelta(days=horizon)
        self._quantities: dict[str, Decimal] = {}
        self._dates: dict[str, LocalDate | None] = {"": None}

    def over(self, other: Handler) -> Handler:
        """Return a handler that takes `sku` elements and leaves the rest to `other`."""
        quantities, dates, consume = self._quantities, self._dates, self._consume
        new = object.__new__
        for_product, for_m1, for_m2, for_m3, for_m4 = _setters(SkuKey)[:5]
        for_sku, for_available, for_next = _setters(FreeStockRow)

        def start(name: str, attributes: list[str]) -> None:
            if name != "sku" and name.lower() != "sku":
                other(name, attributes)
                return
            if attributes[::2] == _NAMES:  # as on the wire, in alphabetical order
                day, text, m1, m2, m3, m4, product = attributes[1::2]
            else:
                day, text, m1, m2, m3, m4, product = _by_name(attributes)
            try:
                quantity, later = quantities[text], dates[day]
            except KeyError:
                quantity, later = self._learn(text, day, product)
            if not product.strip():
                raise BadAnswerError("a stock row has no Product")
            self.count += 1
            sku, row = new(SkuKey), new(FreeStockRow)
            for_product(sku, product)
            for_m1(sku, m1)
            for_m2(sku, m2)
            for_m3(sku, m3)
            for_m4(sku, m4)
            for_sku(row, sku)
            for_available(row, quantity)
            for_next(row, later)
            consume(row)

        return start

    def _learn(self, text: str, day: str, product: str) -> tuple[Decimal, LocalDate | None]:
        if len(self._quantities) + len(self._dates) > _REMEMBERED:
            self._quantities.clear()
            self._dates.clear()
        try:
            quantity, found = read_quantity(text), read_date(day)
        except ValueError as exc:
            raise BadAnswerError(f"stock of {product[:40]!a}: {exc}") from None
        later = None if found is None or found > self._latest else found
        self._quantities[text], self._dates[day] = quantity, later
        return quantity, later


def _setters(cls: type[AttrsInstance]) -> tuple[Callable[[object, object], None], ...]:
    """
    Return what writes each field of a frozen class, in order.

    Half a million rows are made: this way takes a third less time than their own `__init__`. Who
    unpacks the setters by number notices a field that is added.
    """
    return tuple(vars(cls)[field.name].__set__ for field in fields(cls))


def _by_name(attributes: list[str]) -> list[str]:
    by_name = named(attributes)
    found = [attribute(by_name, name) for name in _NAMES]
    if found[1] is None:
        raise BadAnswerError("a stock row has no AvailableQuantity")
    return [text or "" for text in found]


def read_quantity(text: str) -> Decimal:
    """
    Read a quantity: whole as a rule, decimals and a minus accepted; never an exponent.

    >>> read_quantity("12"), read_quantity("-0.5")
    (Decimal('12'), Decimal('-0.5'))

    Raises:
        ValueError: It is no such number.
    """
    stripped = text.strip()
    if not _QUANTITY.fullmatch(stripped):
        raise ValueError("expected AvailableQuantity as a number such as 12")
    return Decimal(stripped)


def read_date(text: str) -> LocalDate | None:
    """
    Read `dd/mm/yyyy`; blank or `?` is no date.

    >>> read_date("24/11/2031"), read_date("?")
    (datetime.date(2031, 11, 24), None)

    Raises:
        ValueError: It is no such date, or no day of the calendar.
    """
    stripped = text.strip()
    if stripped in ("", "?"):
        return None
    parts = _DATE.fullmatch(stripped)
    if parts is None:
        raise ValueError("expected AvailableDate as dd/mm/yyyy")
    day, month, year = (int(part) for part in parts.groups())
    try:
        return LocalDate(date(year, month, day))
    except ValueError:
        raise ValueError("expected AvailableDate as a day of the calendar") from None


def _kept(kept: list[FreeStockRow], asked: Asked, head: ResponseHead, reading: Reading) -> _AllRows:
    judge_enquiry(asked, head, reading)
    return tuple(kept)


def _counted(rows: _Rows, asked: Asked, head: ResponseHead, reading: Reading) -> int:
    judge_enquiry(asked, head, reading)
    return rows.count


def _chosen(
    wanted: tuple[SkuKey, ...],
    kept: list[FreeStockRow],
    asked: Asked,
    head: ResponseHead,
    reading: Reading,
) -> _AllRows:
    judge_enquiry(asked, head, reading)
    by_key: dict[SkuKey, FreeStockRow] = {}
    for row in kept:
        if by_key.setdefault(row.sku, row) != row:
            raise unreadable(asked, head, "the answer holds two different figures of one SKU")
    return tuple(by_key[sku] for sku in wanted if sku in by_key)


def _range(first: str, last: str) -> ET.Element:
    root = ET.Element("Request", {"RequestType": "ProductAvailableToSell"})
    ET.SubElement(root, "Data", {"ProductFrom": first, "ProductTo": last})
    return root


def _several(skus: tuple[SkuKey, ...]) -> ET.Element:
    root = ET.Element("Request", {"RequestType": "MultiAvailableToSell"})
    data = ET.SubElement(root, "Data")
    names = ("Product", "MtrxCode1", "MtrxCode2", "MtrxCode3", "MtrxCode4")
    for sku in skus:
        ET.SubElement(data, "sku", dict(zip(names, sku.codes, strict=True)))
    return root
