"""
The month in both sandboxes and through the flows: what was planted against what was found.

What each planted problem must be found as stands here, by hand: its reason, and who has to act.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from attrs import evolve, frozen

from oro_prima.http.erp import open_prima
from oro_prima.http.shop import open_oro
from oro_prima.ids import (
    OroCustomerId,
    OroOrderId,
    OroSku,
    PairId,
    PrimaAccount,
    PrimaCompany,
    PrimaOrderNumber,
    UnitCode,
)
from oro_prima.mapping import Component, OrderPolicy, PriceBasis, Tables
from oro_prima.mapping.tax import (
    CalculateOn,
    CalculateWith,
    Granularity,
    Jurisdiction,
    OroRelease,
    OroTaxPolicy,
    PrimaTaxPolicy,
    RateRow,
    TaxBase,
    TaxPolicies,
    TaxRate,
    TaxRule,
    TaxTables,
    VatLevel,
)
from oro_prima.oro.calls.features import probe_features
from oro_prima.oro.calls.order_parts import update_order_line
from oro_prima.oro.calls.orders import get_order
from oro_prima.oro.config import OroConfig
from oro_prima.ports import Ports
from oro_prima.prima.config import PrimaConfig
from oro_prima.prima.models import PrimaProfile
from oro_prima.prima.models.invoice import Invoice, InvoiceLine
from oro_prima.reasons import Owner, ReasonCode, explain_reason
from oro_prima.reconcile.closing import Closing, closing, equations
from oro_prima.reconcile.reports import BillingRules, Books
from oro_prima.reconcile.reports.billing import CHANGED
from oro_prima.records import Home, Link, Pair, RecordState
from oro_prima.sandbox import World, in_process, serve
from oro_prima.sandbox.oro import OrderLine
from oro_prima.sandbox.places import Places
from oro_prima.sandbox.transport import SandboxTransport
from oro_prima.stores import SqliteStore
from oro_prima.sync import gather_books, import_links, record_cut_over, sync_orders, verify_store
from oro_prima.values import LocalDate, Secret, SkuKey
from tests.month.problems import DAYS, PROBLEMS, Customer, Month, Order

R, WHO = ReasonCode, Owner
EXPECTED: Mapping[str, tuple[ReasonCode, Owner]] = {
    "no approved account": (R.CUSTOMER_NOT_LINKED, WHO.SALES_OPS),
    "VAT basis of the account differs": (R.VAT_BASIS_MISMATCH, WHO.FINANCE),
    "a missing product on the last line": (R.UNKNOWN_UNIT, WHO.DATA),
    "a missing product before a good line": (R.UNKNOWN_UNIT, WHO.DATA),
    "typed in by hand": (R.FREE_FORM_LINE, WHO.SALES_OPS),
    "a unit that nobody told": (R.UNKNOWN_UNIT, WHO.DATA),
    "a broken pallet": (R.FRACTIONAL_QUANTITY, WHO.DATA),
    "a price of four decimals": (R.PRICE_NOT_EXACT, WHO.FINANCE),
    "a script that Prima cannot write": (R.TEXT_NOT_WRITABLE, WHO.SALES_OPS),
    "an address that does not fit": (R.ADDRESS_TOO_LONG, WHO.SALES_OPS),
    "nowhere to deliver to": (R.NO_DELIVERY_ADDRESS, WHO.SALES_OPS),
    "no lines at all": (R.NO_LINES, WHO.SALES_OPS),
    "cancelled after it was posted": (R.CANCELLED_AFTER_POSTING, WHO.OPERATIONS),
    "changed after it was posted": (R.EDITED_AFTER_POSTING, WHO.OPERATIONS),
}
"""What each problem of the business must be found as."""

CLASSES: Mapping[str, str] = {
    "dearer": "price",
    "part of it": "part-invoiced",
    "more than ordered": "quantity",
    "a discount nobody agreed": "discount",
    "carriage added": "shipping",
    "another VAT code": "tax code",
    "credited": "credit",
    "three pounds from nowhere": "unknown",
}
"""The class that what an invoice gets wrong must stand in."""

BEGIN = datetime(2031, 5, 1, tzinfo=UTC)
PENNY, VAT = Decimal("0.01"), Decimal("0.2")
PAIR = Pair(PairId("month"), PrimaCompany("1"))
SHOP_TAX = OroTaxPolicy(
    OroRelease.V6_1_11,
    start_with=CalculateWith.ROW_TOTAL,
    start_on=CalculateOn.ITEM,
    rules=(TaxRule("GOODS", "TRADE", Jurisdiction("GB"), TaxRate("UK", VAT)),),
    base=TaxBase.DESTINATION,
    granularity=Granularity.COUNTRY,
)
ERP_TAX = PrimaTaxPolicy(
    prices_include_vat=False,
    level=VatLevel.ORDER,
    rates=(
        RateRow("S", VAT, tax_codes=frozenset({"GOODS"})),
        RateRow("Z", Decimal(0)),
    ),
)
"""The shop rounds each line, Prima each invoice; carriage bears no VAT on either side."""


@frozen
class Score:
    """What was planted of one kind, and what was found of it."""

    planted: int
    found: int
    invented: int

    @property
    def recall(self) -> Decimal:
        """Share of what was planted that was found, 0 to 1."""
        return Decimal(self.found) / self.planted if self.planted else Decimal(1)

    @property
    def precision(self) -> Decimal:
        """Share of what was found that was planted, 0 to 1."""
        every = self.found + self.invented
        return Decimal(self.found) / every if every else Decimal(1)


@frozen
class Result:
    """
    What a month came to.

    Attributes:
        reasons: By reason code, of orders.
        classes: By class, of invoices.
        owners_wrong: Found problems that would have gone to somebody else.
        doubled: Orders that Prima took more than once.
        lost: Orders that should be in Prima and are not.
    """

    orders: int
    posted: int
    reasons: Mapping[str, Score]
    classes: Mapping[str, Score]
    owners_wrong: int
    doubled: int
    lost: int
    closing: Closing
    books: Books
    proven: bool
    seconds: Mapping[str, float]

    @property
    def sound(self) -> bool:
        """Whether everything planted was found, nothing was made up, and the books tie."""
        every = (*self.reasons.values(), *self.classes.values())
        exact = all(one.found == one.planted and not one.invented for one in every)
        nothing = (self.owners_wrong, self.doubled, self.lost) == (0, 0, 0)
        return exact and nothing and self.closing.ties and self.proven


class Playing:
    """Both sandboxes, a store, and the ids of what was planted."""

    def __init__(self, month: Month, folder: Path) -> None:
        self.month = month
        self.world = World(seed=None, at=BEGIN)
        self.store = SqliteStore.open(folder / "month.db", pair=PAIR.id, clock=self.world.clock)
        self.policy = OrderPolicy(
            start_at=BEGIN - timedelta(days=1),
            price_basis=PriceBasis.UNIT,
            vat_inclusive=False,
            post_after=timedelta(0),
        )
        self.ids: dict[int, str] = {}
        self._lines: dict[int, list[str]] = {}
        self.customers = [self._customer(one) for one in month.customers]
        self.units = self._goods()
        self.tables = Tables(PAIR.company, units=self.units, charges={"": "CARR"})
        self._put_into_use()

    def _customer(self, one: Customer) -> str:
        self.world.prima.add_account(one.account, vat_inclusive=one.inclusive, name=one.name)
        return self.world.oro.add_customer(one.name)

    def _goods(self) -> dict[tuple[OroSku, UnitCode], tuple[Component, ...]]:
        units: dict[tuple[OroSku, UnitCode], tuple[Component, ...]] = {}
        for product in self.month.products:
            self.world.oro.add_product(
                product.sku,
                units=[(unit.name, 1, Decimal(unit.pieces)) for unit in product.units],
            )
            self.world.prima.add_stock(product.code, quantity=10**7)
            for unit in product.units:
                if unit.mapped:
                    key = OroSku(product.sku), UnitCode(unit.name)
                    units[key] = (Component(SkuKey(product.code), Fraction(unit.pieces)),)
        self.world.oro.furnish()
        return units

    def _put_into_use(self) -> None:
        at = self.world.clock()
        record_cut_over(self.store, start_at=self.policy.start_at, by="Kim", at=at)
        links = [
            Link(OroCustomerId(key), PrimaAccount(one.account), PAIR.company, "Kim", at, "h")
            for key, one in zip(self.customers, self.month.customers, strict=True)
            if one.approved
        ]
        import_links(self.store, links=links, by="Kim", at=at)

    @contextmanager
    def in_process(self) -> Iterator[Ports]:
        """Everything that the flows act through, in this process."""
        here = in_process(self.world)
        with self._ports(here.places, here.transport) as ports:
            yield ports

    @contextmanager
    def over_http(self) -> Iterator[Ports]:
        """The same over real servers on loopback."""
        with serve(self.world) as places, self._ports(places, None) as ports:
            yield ports

    @contextmanager
    def _ports(self, places: Places, transport: SandboxTransport | None) -> Iterator[Ports]:
        secret = Secret(places.client_secret)
        shop = OroConfig(
            url=places.oro_url, client_id=places.client_id, client_secret=secret,
            allow_http=True,
        )  # fmt: skip
        erp = PrimaConfig(url=places.prima_url, allow_http=True)
        with (
            open_oro(shop, transport=transport, sleep=self._sleep) as oro,
            open_prima(erp, transport=transport, sleep=self._sleep) as prima,
        ):
            yield Ports(
                oro, prima, self.store, self.world.clock, self._sleep, PAIR, self.tables,
                PrimaProfile(), zone=UTC,
            )  # fmt: skip

    def _sleep(self, seconds: float) -> None:
        self.world.clock.advance(seconds)

    def place(self, order: Order) -> None:
        """Let one order come into the shop."""
        address = {
            "firstName": "Sam", "lastName": "Sample", "street": order.street,
            "city": "Sampleton", "postalCode": "ZZ1 1ZZ", "country": "GB",
        } if order.address else None  # fmt: skip
        at = BEGIN + timedelta(days=order.day, minutes=order.minute)
        key = self.world.oro.place_order(
            self.customers[order.customer],
            [
                OrderLine(one.sku, one.unit, one.quantity, one.price, free_form=one.free)
                for one in order.lines
            ],
            created_at=BEGIN - timedelta(days=30) if order.too_old else at,
            external=order.external,
            po_number=order.po,
            customer_notes=order.notes,
            shipping_cost=order.shipping,
            address=address,
            billing=address,
        )
        self.ids[order.number] = key
        if order.cancelled:
            self.world.oro.set_internal_status(key, "cancelled")

    def day(self, ports: Ports, day: int, orders: Sequence[Order], before: Sequence[Order]) -> None:
        """Play a day: its orders, what happens to yesterday's, and an evening's runs."""
        for order in orders:
            self.place(order)
        self.world.clock.freeze(BEGIN + timedelta(days=day, hours=24, minutes=-10))
        self._faults(orders)
        for order in before:
            if order.later:
                self._later(ports, order)
        for _run in range(8):
            report = sync_orders(ports, self.policy)
            if report.stopped is None and not report.newly_in_doubt:
                return
            self.world.clock.advance(60)

    def _faults(self, today: Sequence[Order]) -> None:
        """Let replies and requests be lost; which order it hits is left to chance."""
        names = ["reset-after-commit"] * sum(one.lost_reply for one in today)
        names += ["reset-before-commit"] * sum(one.dropped for one in today)
        for n, name in enumerate(names):
            self.world.faults.add("prima", "MultiNewOrder", name, times=1, after=2 + 3 * n)

    def _later(self, ports: Ports, order: Order) -> None:
        """Cancel or change an order that was posted yesterday."""
        key = OroOrderId(self.ids[order.number])
        if order.later == "cancel":
            self.world.oro.set_internal_status(key, "cancelled")
            return
        line = ports.shop.send(get_order(probe_features(ports.shop), order=key)).lines[0]
        ports.shop.send(update_order_line(line.id, fields={"quantity": line.quantity + 1}))


def play(month: Month, folder: Path, *, days: int = DAYS, served: bool = False) -> Result:
    """
    Play a month, or its first days, and hold what was found against what was planted.

    `served`: over real HTTP on loopback, else in this process.
    """
    seconds: dict[str, float] = {}
    with _timed(seconds, "made"):
        playing = Playing(month, folder)
    by_day: dict[int, list[Order]] = {day: [] for day in range(days)}
    for order in month.orders:
        if order.day < days:
            by_day[order.day].append(order)
    way = playing.over_http if served else playing.in_process
    with way() as ports:
        with _timed(seconds, "played"):
            for day in range(days):
                playing.day(ports, day, by_day[day], by_day.get(day - 1, []))
        with _timed(seconds, "books"):
            books = _books(playing, ports, days)
    with _timed(seconds, "verified"):
        proven = verify_store(playing.store)
    played = [_as_it_went(order, days) for some in by_day.values() for order in some]
    with _timed(seconds, "scored"):
        reasons, wrong = score_reasons(playing, played)
        classes = score_classes(playing, books, played)
        said = closing(books, equations(books))
    taken = Counter(
        one.reference for one in playing.world.prima.orders() for _n in range(one.accepted)
    )
    result = Result(
        orders=len(played),
        posted=sum(one.capture.home is Home.POSTED for one in books.orders),
        reasons=reasons,
        classes=classes,
        owners_wrong=wrong,
        doubled=sum(count > 1 for count in taken.values()),
        lost=_lost(playing, played, taken),
        closing=said,
        books=books,
        proven=proven.holds and not proven.unproven,
        seconds=seconds,
    )
    playing.store.close()
    return result


def _as_it_went(order: Order, days: int) -> Order:
    """Leave out what would have happened after the last day that was played."""
    late = order.later and order.day >= days - 1
    return replace(order, later="", problem="") if late else order


def _lost(playing: Playing, played: Iterable[Order], taken: Mapping[str, int]) -> int:
    """Count orders that nothing is wrong with and that Prima does not have, but for lost ones."""
    held = {one.subject for one in playing.store.exceptions((RecordState.HELD,))}
    fine = [
        one for one in played
        if one.problem not in PROBLEMS and not (one.external or one.too_old or one.cancelled)
    ]  # fmt: skip
    return sum(
        f"ORO-{playing.ids[one.number]}" not in taken
        and f"orders/{playing.ids[one.number]}" not in held
        for one in fine
    )


def score_reasons(playing: Playing, played: Sequence[Order]) -> tuple[dict[str, Score], int]:
    """Compare what was planted in orders with the exception queue, code by code."""
    planted: dict[str, set[str]] = {}
    for order in played:
        if order.problem in EXPECTED:
            code = EXPECTED[order.problem][0].value
            planted.setdefault(code, set()).add(f"orders/{playing.ids[order.number]}")
    actual: dict[str, set[str]] = {}
    wrong = 0
    owners = {code.value: owner for code, owner in EXPECTED.values()}
    for record in playing.store.exceptions((RecordState.HELD,)):
        for reason in record.reasons:
            actual.setdefault(reason.code.value, set()).add(record.subject)
            wrong += explain_reason(reason.code).owner is not owners.get(
                reason.code.value, explain_reason(reason.code).owner
            )
    dropped = sum(one.dropped for one in played)
    doubts = actual.pop(ReasonCode.IN_DOUBT.value, set())
    found = {
        code: Score(
            len(planted.get(code, set())),
            len(planted.get(code, set()) & actual.get(code, set())),
            len(actual.get(code, set()) - planted.get(code, set())),
        )
        for code in sorted({*planted, *actual})
    }
    if dropped or doubts:
        met = min(dropped, len(doubts))
        found[ReasonCode.IN_DOUBT.value] = Score(dropped, met, len(doubts) - met)
    return found, wrong


def score_classes(playing: Playing, books: Books, played: Sequence[Order]) -> dict[str, Score]:
    """Compare what invoices get wrong with the classes of report B; rounding is no fault."""
    planted = {playing.ids[one.number]: CLASSES[one.invoice] for one in played if one.invoice}
    found: Counter[str] = Counter()
    invented: Counter[str] = Counter()
    counted: Counter[str] = Counter()
    for bill in books.bills or ():
        if bill.order is None or not bill.invoices or bill.why == CHANGED:
            continue
        wanted = planted.get(bill.order.capture.order, "")
        counted[wanted] += bool(wanted)
        said = {cause.value for cause in bill.classes} - {"rounding"}
        found[wanted] += bool(wanted) and wanted in said
        for other in said - {wanted}:
            invented[other] += 1
    return {
        name: Score(counted[name], found[name], invented[name])
        for name in sorted({*CLASSES.values(), *invented})
    }


def _books(playing: Playing, ports: Ports, days: int) -> Books:
    """Gather the period's books, with the invoices that Prima's clerks wrote in the meantime."""
    codes = {OroSku(one.sku): "GOODS" for one in playing.month.products}
    classes = {OroCustomerId(key): "TRADE" for key in playing.customers}
    rules = BillingRules(TaxPolicies(SHOP_TAX, ERP_TAX), playing.units, TaxTables(codes, classes))
    first = LocalDate(BEGIN.date())
    last = LocalDate(first + timedelta(days=days - 1))
    books = gather_books(ports, playing.policy, first=first, last=last, rules=rules)
    return evolve(books, invoices=tuple(_invoices(playing, books)))


def _invoices(playing: Playing, books: Books) -> Iterator[Invoice]:
    by_id = {
        playing.ids[one.number]: one for one in playing.month.orders if one.number in playing.ids
    }
    numbers = {
        one.capture.order: one.entry.known_as
        for one in books.orders
        if one.entry is not None and one.capture.home is Home.POSTED
    }
    for n, (order, number) in enumerate(numbers.items(), start=1):
        yield from _billed(playing, by_id[order], number, f"I{n:06}")


def _billed(
    playing: Playing, order: Order, number: PrimaOrderNumber, name: str
) -> Iterator[Invoice]:
    """Write an invoice as a clerk of Prima's would, and get wrong what is planted."""
    lines: list[InvoiceLine] = []
    for at, line in enumerate(order.lines, start=1):
        (part,) = playing.units[OroSku(line.sku), UnitCode(line.unit)]
        pieces = line.quantity * part.count.numerator
        net = (line.quantity * line.price).quantize(PENNY, "ROUND_HALF_UP")
        lines.append(InvoiceLine(at, pieces, None, net, "S", Decimal(20)))
    first, wrong = lines[0], order.invoice
    net = first.net or Decimal(0)
    if wrong == "dearer":
        lines[0] = evolve(first, net=net + 5)
    elif wrong == "part of it":
        lines[0] = evolve(first, quantity=Decimal(0), net=Decimal(0))
    elif wrong == "more than ordered":
        lines[0] = evolve(first, quantity=first.quantity * 2, net=net * 2)
    elif wrong == "a discount nobody agreed":
        each = net / first.quantity
        lines[0] = evolve(first, price=each, net=(net / 2).quantize(PENNY, "ROUND_DOWN"))
    elif wrong == "another VAT code":
        lines[0] = evolve(first, vat_code="Z", vat_rate=Decimal(0))
    goods = sum((one.net or Decimal(0) for one in lines), Decimal(0))
    taxed = sum((one.net or Decimal(0) for one in lines if one.vat_rate), Decimal(0))
    carriage = (order.shipping or Decimal(0)) + (4 if wrong == "carriage added" else 0)
    if carriage:
        lines.append(InvoiceLine(0, Decimal(1), carriage, carriage, "Z", Decimal(0)))
    vat = (taxed * VAT).quantize(PENNY, "ROUND_HALF_UP")
    more = Decimal(3) if wrong == "three pounds from nowhere" else Decimal(0)
    made = Invoice(
        name, LocalDate(date(2031, 5, 31)), number, "GBP", goods + carriage, vat + more,
        goods + carriage + vat + more, lines=tuple(lines),
    )  # fmt: skip
    yield made
    if wrong == "credited":
        yield evolve(made, number=f"C{name}", credit=True)


@contextmanager
def _timed(seconds: dict[str, float], name: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    seconds[name] = round(time.perf_counter() - began, 1)


def table_text(result: Result) -> str:
    """Return precision and recall by reason and by class as a table."""
    parts = (("reasons", result.reasons), ("classes", result.classes))
    return "\n".join(f"{title}\n{scores_text(scores)}" for title, scores in parts)


def scores_text(scores: Mapping[str, Score]) -> str:
    """Return precision and recall as a table, a name a line."""
    head = f"{'':<40}{'planted':>8}{'found':>8}{'invented':>10}{'recall':>8}{'precision':>11}"
    lines = [
        f"  {name:<38}{one.planted:>8}{one.found:>8}{one.invented:>10}"
        f"{one.recall:>8.3f}{one.precision:>11.3f}"
        for name, one in scores.items()
    ]
    return "\n".join((head, *lines))
