"""`PrimaSandbox`: Prima's order-management web service as a function of requests."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterable
from datetime import datetime
from email.utils import format_datetime

from attrs import evolve

from oro_prima.call import HttpRequest, HttpResponse, header
from oro_prima.sandbox.prima.books import (
    AccountView,
    Books,
    OrderView,
    StockKey,
    StockView,
    day,
)
from oro_prima.sandbox.prima.details import PRICES, ROUNDINGS, Despatch, Details
from oro_prima.sandbox.prima.messages import Wording
from oro_prima.sandbox.prima.requests import Desk, answer, read_inner, request_type
from oro_prima.sandbox.prima.soap import (
    STYLES,
    Refused,
    SoapRequest,
    read_request,
    write_answer,
    write_fault,
)
from oro_prima.sandbox.prima.wsdl import write_wsdl
from oro_prima.sandbox.prima.xml import BadXml

PATH = "/wsadevtest/wsadevtest"

_HTML = {
    "bad-gateway": (502, "Bad Gateway"),
    "unavailable": (503, "Service Unavailable"),
    "unauthorized": (401, "Unauthorized"),
}
_FAULTS = {
    "fault-10921": "the service urn:omlink is switched off (10921)",
    "fault-8234": "no connection to the application server (8234) (10926)",
}


class PrimaSandbox:
    """
    Prima's web service as it behaves, in memory; every method is safe to use from any thread.

    Args:
        now: The clock; answers carry it as `Date`.
        style: `rpc-literal`, `rpc-encoded` or `doc-literal`.
        company: The only company there is; `comwsomhandler` must name it.
        reserves: `acceptance` or `release`: when an order's goods leave free stock.
        traces: Whether rejections carry stack traces.
        latin1: Whether rejections use letters beyond ASCII.
        output_part: Name of the output part.
        code_page: What the server translates incoming texts to.
        rounding: How an invoice's VAT is rounded: by `line`, `document`, `unit` or `half-even`.
        prices: How `Price` is read: as that of one `unit` or of the `line`; with `book` what was
            sent counts nothing, and the price book's own price is billed.
    """

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        style: str = "rpc-literal",
        company: str = "1",
        reserves: str = "acceptance",
        traces: bool = True,
        latin1: bool = False,
        output_part: str = "result",
        code_page: str = "iso-8859-1",
        rounding: str = "line",
        prices: str = "line",
    ) -> None:
        _one_of("style", style, STYLES)
        _one_of("reserves", reserves, ("acceptance", "release"))
        _one_of("rounding", rounding, ROUNDINGS)
        _one_of("prices", prices, PRICES)
        self.style, self.company = style, company
        self.wording = Wording(traces=traces, latin1=latin1)
        self.scheme = "http"
        self._now, self._output_part = now, output_part
        self._lock = threading.RLock()
        self._books = Books(reserves=reserves)
        self._details = Details(rounding, prices)
        self._code_page = code_page
        self._faults = 0

    # The service

    def handle(self, request: HttpRequest) -> HttpResponse:
        """Answer one HTTP request."""
        with self._lock:
            return self._dated(self._route(request, self._desk()))

    def operation(self, request: HttpRequest) -> str:
        """Name a request: its request type, `wsdl`, or `unreadable`."""
        if request.method == "GET" and request.path.rstrip("/") == f"{PATH}/wsdl":
            return "wsdl"
        try:
            soap = read_request(request.body, style=self.style)
        except Refused:
            return "unreadable"
        return request_type(soap.xml).strip() or "unreadable"

    def fault_response(self, name: str, request: HttpRequest) -> HttpResponse:
        """
        Answer a request as under the fault `name`.

        `partial-snapshot` shows 11 % of the stock rows. `purge` forgets the orders that the
        request names (all, where it names none) before it answers. `other-data` answers from a
        data set of somebody else.

        Raises:
            ValueError: there is no such fault.
        """
        with self._lock:
            return self._dated(self._faulty(name, request))

    def _faulty(self, name: str, request: HttpRequest) -> HttpResponse:
        if name in _HTML:
            return _html(*_HTML[name])
        if name in _FAULTS:
            return self._fault(_FAULTS[name], request)
        if name == "partial-snapshot":
            return self._route(request, evolve(self._desk(), partial=True))
        if name == "other-data":
            return self._route(request, evolve(self._desk(), books=_other(self._books)))
        if name != "purge":
            msg = f"fault: prima has none called {name!r}"
            raise ValueError(msg)
        self._purge_named(request)
        return self._route(request, self._desk())

    def _desk(self) -> Desk:
        today = self._now().date()
        return Desk(self.company, self._books, self.wording, self._details, today, self._code_page)

    def _route(self, request: HttpRequest, desk: Desk) -> HttpResponse:
        path = request.path.rstrip("/")
        if path == f"{PATH}/wsdl":
            return self._describe(request)
        if path != PATH:
            return _html(404, "Not Found")
        if request.method != "POST":
            return evolve(_html(405, "Method Not Allowed"), headers=(("Allow", "POST"),))
        return self._post(request, desk)

    def _post(self, request: HttpRequest, desk: Desk) -> HttpResponse:
        try:
            soap = read_request(request.body, style=self.style)
            self._check_company(soap)
        except Refused as exc:
            return self._fault(str(exc), request)
        desk.books.request_hash = hashlib.sha256(request.body).hexdigest()
        text = answer(soap.xml, desk)
        return write_answer(
            text, operation=soap.operation, style=self.style, part=self._output_part
        )

    def _check_company(self, soap: SoapRequest) -> None:
        if soap.operation == "comwsomhandler" and soap.company != self.company:
            raise Refused("the company is not known here (10926)")

    def _describe(self, request: HttpRequest) -> HttpResponse:
        if request.method != "GET":
            return evolve(_html(405, "Method Not Allowed"), headers=(("Allow", "GET"),))
        target = dict(request.query).get("targetURI")
        if target is None:
            link = f"{self._address(request)}/wsdl?targetURI=urn:omlink"
            return _html(200, "Services", f'<a href="{link}">urn:omlink</a>')
        if target != "urn:omlink":
            return _html(404, "Not Found")
        text = write_wsdl(self.style, address=self._address(request))
        headers = (("Content-Type", "text/xml; charset=utf-8"),)
        return HttpResponse(200, headers, text.encode("utf-8"))

    def _fault(self, message: str, request: HttpRequest) -> HttpResponse:
        self._faults += 1
        address = self._address(request)
        return write_fault(message, style=self.style, number=self._faults, address=address)

    def _address(self, request: HttpRequest) -> str:
        host = header(request.headers, "Host") or "127.0.0.1:8080"
        return f"{self.scheme}://{host}{PATH}"

    def _dated(self, response: HttpResponse) -> HttpResponse:
        date = format_datetime(self._now(), usegmt=True)
        return evolve(response, headers=(("Date", date), *response.headers))

    def _purge_named(self, request: HttpRequest) -> None:
        numbers = _order_numbers(request, self.style)
        for number in numbers:
            self._books.purge(number)
        if not numbers:
            self._books.purge_all()

    # What the business has, seen and moved from outside

    def add_account(
        self, code: str, *, vat_inclusive: bool = False, currency: str = "GBP", name: str = ""
    ) -> None:
        """Add a customer account; its price book holds prices with VAT or without."""
        with self._lock:
            self._books.add_account(AccountView(code, vat_inclusive, currency, name))

    def add_stock(
        self,
        product: str,
        m1: str = "",
        m2: str = "",
        m3: str = "",
        m4: str = "",
        *,
        quantity: int,
        available_date: str = "",
    ) -> None:
        """
        Add a SKU with `quantity` base units free, or set the figures of one that is there.

        `available_date` (`dd/mm/yyyy`) is shown while nothing is free.
        """
        key = StockKey(product, m1, m2, m3, m4)
        with self._lock:
            self._books.stock[key] = StockView(key, quantity, day(available_date))

    def set_status(self, order_number: str, status: str) -> None:
        """
        Set the status text of an order.

        `Released`, `Part Despatched` and `Despatched` take its goods off where Prima reserves on
        release; `Cancelled` gives them back if nothing was despatched. Any other text is kept as
        it is. `Part Despatched` sends half of what is left of each line, `Despatched` the rest;
        each despatch is invoiced.

        Raises:
            KeyError: there is no such order.
            ValueError: the status is blank.
        """
        if not status.strip():
            msg = "status: expected a text such as Part Despatched"
            raise ValueError(msg)
        with self._lock:
            self._books.set_status(order_number, status.strip())
            order, today = self._books.order(order_number), self._now().date()
            if order is not None:
                self._details.move(order, status, books=self._books, today=today)

    def credit(self, order_number: str) -> None:
        """
        Credit the last invoice of an order.

        Raises:
            KeyError: it has none.
        """
        with self._lock:
            self._details.credit(order_number, today=self._now().date())

    def purge(self, order_number: str) -> None:
        """Forget an order: it is not found any more and its number is free again."""
        with self._lock:
            self._books.purge(order_number)

    def accounts(self) -> tuple[AccountView, ...]:
        """Return every account, those that orders opened included."""
        with self._lock:
            return tuple(self._books.accounts.values())

    def stock(self) -> tuple[StockView, ...]:
        """Return every SKU with what is free of it."""
        with self._lock:
            return tuple(self._books.stock.values())

    def free(self, key: StockKey) -> int:
        """Return the base units of a SKU that are free to sell; 0 for an unknown SKU."""
        with self._lock:
            row = self._books.stock.get(key)
            return max(row.free, 0) if row else 0

    def orders(self) -> tuple[OrderView, ...]:
        """Return every order number ever taken; a purged one under the status `Purged`."""
        with self._lock:
            return tuple(self._books.orders.values())

    def despatched(self) -> tuple[Despatch, ...]:
        """Return every despatch, oldest first."""
        with self._lock:
            return tuple(self._details.despatches)

    def position(self, keys: Iterable[StockKey]) -> tuple[dict[StockKey, int], frozenset[str]]:
        """Return, of one instant, what is free of `keys` and whose goods are settled, by TPGUID."""
        with self._lock:
            return {key: self.free(key) for key in keys}, frozenset(self._books.taken)


def _one_of(what: str, value: str, names: tuple[str, ...]) -> None:
    if value not in names:
        msg = f"{what}: expected one of {', '.join(names)}, got {value!r}"
        raise ValueError(msg)


def _html(status: int, title: str, text: str = "") -> HttpResponse:
    body = f"<html><head><title>{status} {title}</title></head><body>{text or title}</body></html>"
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    return HttpResponse(status, headers, body.encode("utf-8"))


def _order_numbers(request: HttpRequest, style: str) -> tuple[str, ...]:
    """Return the order numbers that a request names, if it can be read."""
    try:
        root = read_inner(read_request(request.body, style=style).xml)
    except (Refused, BadXml):
        return ()
    return tuple(number for data in root.all("Data") if (number := data.get("OrderNumber")))


def _other(books: Books) -> Books:
    """Make somebody else's data set: few of our SKUs, some of theirs, no order, other prices."""
    other = Books(reserves=books.reserves, foreign=True)
    for number, row in enumerate(list(books.stock.values())[4::9]):
        key = evolve(row.key, product=f"ZZ{row.key.product}") if number % 20 == 0 else row.key
        other.stock[key] = evolve(row, key=key)
    for code, account in books.accounts.items():
        other.accounts[code] = evolve(account, vat_inclusive=not account.vat_inclusive)
    return other
