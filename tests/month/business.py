"""
A business in both sandboxes, kept up day by day and run through every flow.

Accounts, prices, despatches and invoices come as files, the rest by the systems themselves.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from attrs import evolve

from oro_prima.call import each
from oro_prima.files import DropReader
from oro_prima.http.erp import open_prima
from oro_prima.http.shop import open_oro
from oro_prima.ids import (
    OroCustomerGroupId,
    OroCustomerId,
    OroOrderId,
    OroPriceListId,
    OroSku,
    PairId,
    PrimaAccount,
    PrimaCompany,
    PrimaPriceBook,
    UnitCode,
)
from oro_prima.mapping import (
    BookPolicy,
    Component,
    CustomerPolicy,
    FulfilmentPolicy,
    InvoicePolicy,
    OrderPolicy,
    PollPolicy,
    PriceBasis,
    PriceCheck,
    PriceWritePolicy,
    PublicationPolicy,
    StockPolicy,
    Tables,
    UnitPolicy,
)
from oro_prima.mapping.policy import VariantRows
from oro_prima.mapping.statuses import EVIDENCED, Progress
from oro_prima.oro.calls.customers import create_customer_group
from oro_prima.oro.calls.price_lists import create_price_list
from oro_prima.oro.calls.products import list_products, update_product
from oro_prima.oro.calls.terms import create_payment_term, create_product_tax_code
from oro_prima.oro.config import OroConfig
from oro_prima.oro.models.stock import StockSettings
from oro_prima.plans import PricePolicies, ProductPolicies
from oro_prima.ports import Ports
from oro_prima.prima.config import PrimaConfig
from oro_prima.prima.models import PrimaProfile
from oro_prima.prima.models.binding import FileBinding, RecordMap
from oro_prima.prima.models.capabilities import Capability
from oro_prima.reasons import ReasonCode
from oro_prima.records import Flow, Link, Pair, RecordState
from oro_prima.sandbox import World, in_process
from oro_prima.sandbox.oro import OrderLine
from oro_prima.stores import SqliteStore
from oro_prima.sync import (
    import_links,
    record_cut_over,
    sync_customers,
    sync_fulfilment,
    sync_invoices,
    sync_orders,
    sync_prices,
    sync_products,
    sync_stock,
)
from oro_prima.sync.despatches import despatch_reader
from oro_prima.values import Secret, SkuKey
from tests.month.playing import BEGIN
from tests.month.upkeep_problems import TRADE, Account, Goods, Sale, Upkeep

Row = Sequence[object]
Found = tuple[Flow, str, ReasonCode]
"""A record: its flow, what it is about, and why."""

PAIR = Pair(PairId("upkeep"), PrimaCompany("1"))
EACH, DAY = UnitCode("each"), timedelta(days=1)
ENFORCED = StockSettings(manage_inventory=True, decrement_quantity=True, back_order=False)
FULFILMENT = FulfilmentPolicy(statuses={**EVIDENCED, "Entered": Progress.OPEN})
POLLS = PollPolicy(budget=100_000)
PRODUCTS = ProductPolicies(UnitPolicy(), PublicationPolicy())
PRICES = PricePolicies(
    BookPolicy(vat_inclusive=False, variants=VariantRows.PRODUCT),
    PriceWritePolicy(max_change_percent=Decimal(200)),
)
FIRST_STOCK = StockPolicy()
STOCK = StockPolicy(max_rise_percent=Decimal(300), max_fall_percent=Decimal(90))
"""The first push has no band, for every level rises from nothing."""

ACCOUNT = (
    "code", "name", "price_book", "vat_inclusive", "currency", "terms", "on_stop", "group",
)  # fmt: skip
PRICE = ("book", "currency", "vat_inclusive", "product", "quantity", "unit", "price",
         "valid_from", "valid_to")  # fmt: skip
DESPATCH = ("number", "date", "carrier", "tracking", "order_number")
INVOICE = ("number", "date", "order_number", "currency", "net", "vat", "gross", "credit")
LINE = (("order_line", "line"), ("quantity", "pieces"))


class Business:
    """Both sandboxes, a store, four directories of files, and the ids of what was planted."""

    def __init__(self, upkeep: Upkeep, folder: Path) -> None:
        self.upkeep, self.folder = upkeep, folder
        self.world = World(seed=None, at=BEGIN)
        self.store = SqliteStore.open(folder / "upkeep.db", pair=PAIR.id, clock=self.world.clock)
        self.orders = OrderPolicy(
            start_at=BEGIN - DAY, price_basis=PriceBasis.UNIT, vat_inclusive=False,
            post_after=timedelta(0), price_check=PriceCheck.CHECK_AND_HOLD,
        )  # fmt: skip
        self.ids: dict[int, OroOrderId] = {}
        self.terms: dict[str, str] = {"": "30EOM"}
        self.customers = [self._customer(one) for one in upkeep.accounts]
        self.units = {
            (OroSku(one.sku), UnitCode(unit)): (Component(SkuKey(one.sku), Fraction(pieces)),)
            for one in upkeep.goods
            for unit, pieces in one.units
            if unit not in one.unmapped
        }
        self._add_goods()
        self.runs = self.stopped = 0
        self.found: set[Found] = set()
        for name in (Capability.ACCOUNT, Capability.PRICE_BOOK):
            (folder / name).mkdir()
        for name in (Capability.DESPATCH, Capability.INVOICE):
            (folder / name).mkdir()
        self._put_into_use()

    def _customer(self, one: Account) -> OroCustomerId:
        if not one.gone:
            self.world.prima.add_account(one.code, name=one.customer)
        return OroCustomerId(self.world.oro.add_customer(one.customer))

    def _add_goods(self) -> None:
        for one in self.upkeep.goods:
            digits = 1 if one.by_halves else 0
            self.world.oro.add_product(
                one.sku,
                units=[(unit, digits, Decimal(pieces)) for unit, pieces in one.units],
                back_order=one.back_orders,
            )
            if one.sold_by_prima:
                self.world.prima.add_stock(one.sku, quantity=one.stock[0])
        self.world.oro.furnish()

    def _put_into_use(self) -> None:
        """Cut over, approve links, and make in the shop what the tables lead to."""
        at = self.world.clock()
        record_cut_over(self.store, start_at=self.orders.start_at, by="Kim", at=at)
        links = [
            Link(key, PrimaAccount(one.code), PAIR.company, "Kim", at, "h", pinned=one.approved_as)
            for key, one in zip(self.customers, self.upkeep.accounts, strict=True)
        ]
        import_links(self.store, links=links, by="Kim", at=at)
        with self.ports() as ports:
            send = ports.shop.send
            groups = {
                name: OroCustomerGroupId(send(create_customer_group({"name": name})).id)
                for name in ("TRADE", "RETAIL")
            }
            for code in ("30EOM", "30D"):
                self.terms[send(create_payment_term({"label": code})).id] = code
            new = create_price_list(
                {"name": "Trade", "price_list_currencies": ("GBP",), "active": True}
            )
            self.lists = {PrimaPriceBook(TRADE): OroPriceListId(send(new).id)}
            self._tax_goods(ports)
        lost = OroCustomerGroupId("999999")
        self.accounts = CustomerPolicy(
            groups={**groups, "LOST": lost}, price_lists=self.lists, most_share=Decimal(1)
        )

    def _tax_goods(self, ports: Ports) -> None:
        """Give products their tax code, as the shop's people did before."""
        code = ports.shop.send(create_product_tax_code({"code": "GOODS"})).id
        untaxed = {one.sku for one in self.upkeep.goods if not one.tax_code}
        for one in list(each(ports.shop, list_products())):
            if one.sku not in untaxed:
                ports.shop.send(update_product(one.id, fields={"tax_code": code}))

    @contextmanager
    def ports(self) -> Iterator[Ports]:
        """Everything that the flows act through, in this process."""
        here = in_process(self.world)
        shop = OroConfig(
            url=here.places.oro_url, client_id=here.places.client_id,
            client_secret=Secret(here.places.client_secret), allow_http=True,
        )  # fmt: skip
        erp = PrimaConfig(url=here.places.prima_url, allow_http=True)
        tables = Tables(PAIR.company, units=self.units, charges={}, payment_terms=self.terms)
        with (
            open_oro(shop, transport=here.transport, sleep=self._sleep) as oro,
            open_prima(erp, transport=here.transport, sleep=self._sleep) as prima,
        ):
            ports = Ports(
                oro, prima, self.store, self.world.clock, self._sleep, PAIR, tables,
                PrimaProfile(), zone=UTC, bindings=tuple(self._bindings()),
                files=DropReader(self.world.clock),
            )  # fmt: skip
            yield evolve(ports, despatches=despatch_reader(ports))

    def _sleep(self, seconds: float) -> None:
        self.world.clock.advance(seconds)

    def _bindings(self) -> Iterator[tuple[Capability, FileBinding]]:
        for kind, fields, latest in (
            (Capability.ACCOUNT, ACCOUNT, True),
            (Capability.PRICE_BOOK, PRICE, True),
            (Capability.DESPATCH, DESPATCH, False),
            (Capability.INVOICE, INVOICE, False),
        ):
            lines = {
                Capability.ACCOUNT: (("number", "address"),),
                Capability.PRICE_BOOK: (),
            }.get(kind, LINE)
            mapping = RecordMap(fields=tuple((name, name) for name in fields), lines=lines)
            yield kind, FileBinding(str(self.folder / kind), mapping, quiet=0, latest=latest)

    def drop(
        self, kind: Capability, day: int, head: Sequence[str], rows: Iterable[Sequence[object]]
    ) -> None:
        """Let a file of the ERP arrive."""
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(head)
        writer.writerows(rows)
        (self.folder / kind / f"day-{day:03}.csv").write_text(text.getvalue(), encoding="utf-8")

    # A day

    def day(self, day: int) -> None:
        """Play a day: the ERP's files, its orders, what came of yesterday's, and every flow."""
        self._export(day)
        if day == 1:
            self.world.oro.start_promotion(Decimal("0.25"))
        for sale in self.upkeep.sales:
            if sale.day == day:
                self._place(sale)
        with self.ports() as ports:
            self._run(sync_customers(ports, self.accounts).stopped)
            self._run(sync_orders(ports, self.orders).stopped)
            self._send_out(day)
            self._run(sync_fulfilment(ports, self.orders, FULFILMENT, POLLS).stopped)
            self._run(sync_invoices(ports, self.orders, InvoicePolicy(), POLLS).stopped)
            self._run(sync_prices(ports, self.lists, PRICES).stopped)
            self._run(sync_stock(ports, STOCK if day else FIRST_STOCK).stopped)
            self._run(sync_products(ports, PRODUCTS, lists=self.lists, defaults=ENFORCED).stopped)
        self.world.clock.freeze(BEGIN + (day + 1) * DAY)

    def _run(self, stopped: object) -> None:
        self.runs += 1
        self.stopped += stopped is not None
        for record in self.store.exceptions((RecordState.HELD,)):
            self.found |= {(record.flow, record.subject, one.code) for one in record.reasons}

    def _export(self, day: int) -> None:
        accounts = [
            (a.code, a.customer, TRADE, "No", a.currency, a.terms, a.on_stop, a.group, "1")
            for a in self.upkeep.accounts
            if not a.gone
        ]
        self.drop(Capability.ACCOUNT, day, (*ACCOUNT, "address"), accounts)
        prices = [
            (TRADE, "GBP", "No", one.sku, quantity, "EA", price, "", "")
            for one in self.upkeep.goods
            for quantity, price in (one.later if day else one.prices)
        ]
        self.drop(Capability.PRICE_BOOK, day, PRICE, prices)
        for one in self.upkeep.goods:
            if one.sold_by_prima:
                free = one.stock[min(day, len(one.stock) - 1)]
                self.world.prima.add_stock(one.sku, quantity=free)

    def _place(self, sale: Sale) -> None:
        goods = self.upkeep.goods[sale.goods]
        address = {
            "firstName": "Sam", "lastName": "Sample", "street": f"{sale.number % 99 + 1} Sample St",
            "city": "Sampleton", "postalCode": "ZZ1 1ZZ", "country": "GB",
        }  # fmt: skip
        key = self.world.oro.place_order(
            self.customers[sale.customer],
            [OrderLine(goods.sku, EACH, Decimal(sale.quantity), _price(goods, sale))],
            discount=sale.discount,
            address=address,
            billing=address,
        )
        self.ids[sale.number] = OroOrderId(key)

    def number_of(self, sale: Sale) -> str:
        """Return the number under which Prima has a sale; empty where it has none."""
        key = self.ids[sale.number]
        entry = self.store.newest_entries((key,)).get(key)
        return entry.number if entry else ""

    def _send_out(self, day: int) -> None:
        """Let the ERP's people pack, bill, cancel and forget; some of it is told twice."""
        parcels: list[tuple[object, ...]] = []
        bills: list[tuple[object, ...]] = []
        sales = self.upkeep.sales
        for sale in sales:
            if sale.day == day - 1:
                self._move(sale)
        told = [one for one in sales if one.day == day - 1]
        told += [one for one in sales if one.day == day - 2 and one.told_again]
        for sale in told:
            number = self.number_of(sale)
            parcels += [
                (one.note, "05/05/2031", "DPD", one.tracking, number, 1, one.pieces)
                for one in sale.parcels
            ]
            bills += [
                (one.number, "05/05/2031", number, one.currency, one.net, one.vat, one.gross,
                 "Yes" if one.credit else "No", one.line, one.pieces)
                for one in sale.bills
            ]  # fmt: skip
        foreign = ("X1", "05/05/2031", "DPD", "OTHER", "77", 1, 1)
        self.drop(Capability.DESPATCH, day, (*DESPATCH, "line", "pieces"), [*parcels, foreign])
        self.drop(Capability.INVOICE, day, (*INVOICE, "line", "pieces"), bills)

    def _move(self, sale: Sale) -> None:
        number = self.number_of(sale)
        if sale.ends == "closed":
            self.world.oro.set_internal_status(self.ids[sale.number], "closed")
        if sale.status:
            self.world.prima.set_status(number, sale.status)
        if sale.ends == "purged":
            self.world.prima.purge(number)


def _price(goods: Goods, sale: Sale) -> Decimal:
    """Return what the shop asks for a piece: the book's price of the day, or beside it."""
    rows = goods.later if sale.day else goods.prices
    return Decimal(max(row for row in rows if row[0] <= sale.quantity)[1]) + sale.off
