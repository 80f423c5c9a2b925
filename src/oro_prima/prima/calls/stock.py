"""Free stock: full snapshots (`ProductAvailableToSell`), chosen SKUs (`MultiAvailableToSell`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from xml.etree import ElementTree as ET

from oro_prima.call import ResponseHead
from oro_prima.ids import PrimaCompany
from oro_prima.prima.calls.base import ANSWER_CAP, PrimaCall
from oro_prima.prima.calls.reading import Attributes, Reading, attribute
from oro_prima.prima.calls.result import Asked, judge
from oro_prima.prima.models.profile import PrimaProfile
from oro_prima.prima.models.stock import FreeStockRow
from oro_prima.values import LocalDate, SkuKey, to_decimal

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


_AllRows = tuple[FreeStockRow, ...]


class _Rows:
    """Turns the attributes of `sku` elements into rows as they arrive."""

    def __init__(self, consume: Consume, profile: PrimaProfile, today: LocalDate) -> None:
        self.count = 0
        self._consume = consume
        self._latest = today + timedelta(days=profile.horizon_days)
        self._quantities: dict[str, Decimal] = {}

    def __call__(self, attributes: Attributes) -> None:
        self.count += 1
        try:
            sku = SkuKey(
                attributes["Product"],
                attributes["MtrxCode1"],
                attributes["MtrxCode2"],
                attributes["MtrxCode3"],
                attributes["MtrxCode4"],
            )
            text = attributes["AvailableQuantity"]
            day = attributes["AvailableDate"]
        except KeyError:
            sku, text, day = _tolerant(attributes)
        quantity = self._quantities.get(text)
        if quantity is None:
            quantity = self._quantities[text] = to_decimal(text)
        self._consume(FreeStockRow(sku, quantity, self._date(day) if day else None))

    def _date(self, text: str) -> LocalDate | None:
        day = read_date(text)
        return None if day is None or day > self._latest else day


def _tolerant(attributes: Attributes) -> tuple[SkuKey, str, str]:
    codes = [attribute(attributes, f"MtrxCode{level}") or "" for level in (1, 2, 3, 4)]
    product = attribute(attributes, "Product")
    quantity = attribute(attributes, "AvailableQuantity")
    if not product or quantity is None:
        msg = "expected a stock row with Product and AvailableQuantity"
        raise ValueError(msg)
    return SkuKey(product, *codes), quantity, attribute(attributes, "AvailableDate") or ""


def read_date(text: str) -> LocalDate | None:
    """
    Read `dd/mm/yyyy`; blank or `?` is no date.

    >>> read_date("24/11/2031"), read_date("?")
    (datetime.date(2031, 11, 24), None)
    """
    parts = text.strip().split("/")
    if parts in ([""], ["?"]):
        return None
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):
        msg = "expected a date as dd/mm/yyyy"
        raise ValueError(msg)
    day, month, year = (int(part) for part in parts)
    return LocalDate(date(year, month, day))


def _kept(kept: list[FreeStockRow], asked: Asked, head: ResponseHead, reading: Reading) -> _AllRows:
    judge(asked, head, reading)
    return tuple(kept)


def _counted(rows: _Rows, asked: Asked, head: ResponseHead, reading: Reading) -> int:
    judge(asked, head, reading)
    return rows.count


def _chosen(
    wanted: tuple[SkuKey, ...],
    kept: list[FreeStockRow],
    asked: Asked,
    head: ResponseHead,
    reading: Reading,
) -> _AllRows:
    judge(asked, head, reading)
    by_key = {row.sku: row for row in kept}
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
