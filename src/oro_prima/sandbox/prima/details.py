"""
What the sandbox's Prima knows besides: price books, addresses, products, despatches, invoices.

Nothing of it is evidenced, so all of it is made up: it follows from the codes themselves, the same
code always giving the same data.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from zlib import crc32

from attrs import field, frozen

from oro_prima.sandbox.prima.books import AccountView, Books, OrderView, StockKey

ROUNDINGS = ("line", "document", "unit", "half-even")
"""How an invoice's VAT is rounded: each line, once, each unit, or once to the even penny."""
PRICES = ("book", "unit", "line")
"""How an order's `Price` is read: not at all, as that of one unit, or as that of the whole line."""
VAT = Decimal("0.20")
PENNY = Decimal("0.01")
TERMS = ("30EOM", "30D", "PRO", "7D")


@frozen
class Price:
    """A price of one unit from a quantity on, valid from a day to a day; blank where open."""

    quantity: int
    price: Decimal
    valid_from: str = ""
    valid_to: str = ""


@frozen
class Despatch:
    """One parcel: (order line, SKU, base units) each."""

    number: str
    order_number: str
    day: date
    carrier: str
    service: str
    tracking: str
    lines: tuple[tuple[int, StockKey, int], ...]


@frozen
class InvoiceLine:
    """
    One line of an invoice; `net` is the line's, VAT is the document's business.

    Order line 0 is a charge, which bears none.
    """

    order_line: int
    quantity: int
    price: Decimal
    net: Decimal

    @property
    def vat_rate(self) -> Decimal:
        """A share; goods bear the standard rate."""
        return VAT if self.order_line else Decimal(0)


@frozen
class Invoice:
    """One invoice, or a credit of one."""

    number: str
    order_number: str
    despatch: str
    day: date
    currency: str
    net: Decimal
    vat: Decimal
    credit: bool = False
    lines: tuple[InvoiceLine, ...] = ()


@frozen
class Details:
    """
    Despatches and invoices of one data set, oldest first.

    Where `prices` reads what was sent, that is billed, charges with the first despatch.
    """

    rounding: str = "line"
    prices: str = "line"
    despatches: list[Despatch] = field(factory=list[Despatch])
    invoices: list[Invoice] = field(factory=list[Invoice])

    def move(self, order: OrderView, status: str, *, books: Books, today: date) -> None:
        """Despatch part of an order, or the rest of it, when its status says so."""
        word = status.strip().casefold()
        if word in ("part despatched", "despatched"):
            lines = tuple(self._left(order, whole=word == "despatched"))
            if lines:
                self._send(order, lines, books, today)

    def credit(self, order_number: str, *, today: date) -> None:
        """Credit the last invoice of an order; raises KeyError where there is none."""
        found = [o for o in self.invoices if o.order_number == order_number and not o.credit]
        if not found:
            msg = f"order_number: no invoice of {order_number!r}"
            raise KeyError(msg)
        last, number = found[-1], f"C{800_000 + len(self.invoices)}"
        self.invoices.append(
            Invoice(
                number, order_number, last.despatch, today, last.currency, last.net, last.vat,
                credit=True, lines=last.lines,
            )
        )  # fmt: skip

    def _left(self, order: OrderView, *, whole: bool) -> Iterator[tuple[int, StockKey, int]]:
        for number, line in enumerate(order.lines, start=1):
            sent = self._sent(order.order_number, number)
            left = line.quantity - sent
            goes = left if whole else left - left // 2
            if goes:
                yield number, line.key, goes

    def _sent(self, order_number: str, line: int) -> int:
        return sum(
            quantity
            for despatch in self.despatches
            if despatch.order_number == order_number
            for number, _key, quantity in despatch.lines
            if number == line
        )

    def _send(
        self,
        order: OrderView,
        lines: tuple[tuple[int, StockKey, int], ...],
        books: Books,
        today: date,
    ) -> None:
        n = len(self.despatches) + 1
        number = f"D{900_000 + n}"
        tracking = f"SMP{n:09}GB"
        self.despatches.append(
            Despatch(number, order.order_number, today, "SAMPLE", "24H", tracking, lines)
        )
        account = books.accounts.get(order.account.casefold())
        self.invoices.append(self._invoice(order, number, lines, account, today))

    def _invoice(
        self,
        order: OrderView,
        despatch: str,
        lines: tuple[tuple[int, StockKey, int], ...],
        account: AccountView | None,
        today: date,
    ) -> Invoice:
        goods = [self._billed(order, number, quantity, today) for number, _key, quantity in lines]
        made = (*goods, *self._charged(order))
        currency = account.currency if account else "GBP"
        return Invoice(
            f"I{700_001 + len(self.invoices)}",
            order.order_number,
            despatch,
            today,
            currency,
            sum((line.net for line in made), Decimal(0)),
            vat_of(made, rounding=self.rounding),
            lines=made,
        )

    def _billed(self, order: OrderView, number: int, quantity: int, today: date) -> InvoiceLine:
        """Bill pieces of an order line; parts of a line's price add up to it."""
        line = order.lines[number - 1]
        if self.prices == "book" or not line.price:
            price = price_of(line.key, quantity, today=today)
            return InvoiceLine(number, quantity, price, (price * quantity).quantize(PENNY))
        if self.prices == "unit":
            price = Decimal(line.price)
            return InvoiceLine(number, quantity, price, (price * quantity).quantize(PENNY))
        total, sent = Decimal(line.price), self._sent(order.order_number, number)
        before = (total * (sent - quantity) / line.quantity).quantize(PENNY)
        net = (total * sent / line.quantity).quantize(PENNY) - before
        return InvoiceLine(number, quantity, net / quantity, net)

    def _charged(self, order: OrderView) -> Iterator[InvoiceLine]:
        billed = any(one.order_number == order.order_number for one in self.invoices)
        for _code, value in () if billed or self.prices == "book" else order.charges:
            yield InvoiceLine(0, 1, Decimal(value), Decimal(value))


def vat_of(lines: tuple[InvoiceLine, ...], *, rounding: str) -> Decimal:
    """
    Return the VAT of an invoice under a policy of rounding.

    >>> line = InvoiceLine(1, 3, Decimal("0.07"), Decimal("0.21"))
    >>> [str(vat_of((line, line), rounding=one)) for one in ROUNDINGS]
    ['0.08', '0.08', '0.06', '0.08']
    """
    if rounding == "line":
        parts = ((line.net * line.vat_rate).quantize(PENNY, ROUND_HALF_UP) for line in lines)
        return sum(parts, Decimal("0.00"))
    if rounding == "unit":
        each = (
            (line.price * line.vat_rate).quantize(PENNY, ROUND_HALF_UP) * line.quantity
            for line in lines
        )
        return sum(each, Decimal("0.00"))
    mode = ROUND_HALF_EVEN if rounding == "half-even" else ROUND_HALF_UP
    return sum((line.net * line.vat_rate for line in lines), Decimal(0)).quantize(PENNY, mode)


def prices_of(key: StockKey, *, today: date) -> tuple[Price, ...]:
    """Return a SKU's prices: from 1, from 12, and a dearer one from the next quarter on."""
    base = Decimal(500 + _number(key.product) % 9500) / 100
    later = today + timedelta(days=90)
    until, from_ = f"{later - timedelta(days=1):%d/%m/%Y}", f"{later:%d/%m/%Y}"
    rows = [Price(1, base, "", until), Price(12, (base * 95 / 100).quantize(PENNY), "", until)]
    return (*rows, Price(1, (base * 103 / 100).quantize(PENNY), from_, ""))


def price_of(key: StockKey, quantity: int, *, today: date) -> Decimal:
    """Return today's price of one unit where so many are bought."""
    first, second, _later = prices_of(key, today=today)
    return second.price if quantity >= second.quantity else first.price


def book_of(account: AccountView) -> str:
    """Return the price book of an account."""
    return f"{'RETAIL' if account.vat_inclusive else 'TRADE'}-{account.currency}"


def terms_of(account: AccountView) -> tuple[str, bool, Decimal]:
    """Return terms, whether the account is on stop, and its credit limit."""
    number = _number(account.code)
    return TERMS[number % 4], number % 23 == 0, Decimal(1000 + number % 90 * 100)


def addresses_of(account: AccountView) -> tuple[dict[str, str], ...]:
    """Return numbered addresses: 1 to be invoiced at, 2 to be delivered to."""
    number = _number(account.code)
    rest = {"PostCode": f"ZZ{number % 9 + 1} {number % 7 + 1}ZZ", "Country": "GB"}
    street = f"{number % 99 + 1} Sample Street"
    return (
        {"AddrNo": "1", "Use": "Invoice", "AddrLine1": street, "AddrLine2": "Sampleton"} | rest,
        {"AddrNo": "2", "Use": "Delivery", "AddrLine1": "Unit 1", "AddrLine2": street} | rest,
    )


def barcode_of(key: StockKey) -> str:
    """Return a made-up barcode with its check digit, of a range that is used within shops alone."""
    text = "20" + f"{_number('|'.join((key.product, key.m1, key.m2, key.m3, key.m4))):010}"[-10:]
    total = sum(int(d) * (3 if n % 2 else 1) for n, d in enumerate(text))
    return f"{text}{-total % 10}"


def _number(code: str) -> int:
    return crc32(code.strip().casefold().encode("utf-8"))
