"""Every public name of the Prima client, used as a user would; checked by mypy and pyright."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from oro_prima.call import Call, HttpResponse, Sender
from oro_prima.config.discovery import Sourced, discovered, remarks_on, write_discovered
from oro_prima.errors import CallError
from oro_prima.files import DropReader, read_file
from oro_prima.http.erp import open_prima
from oro_prima.ids import PrimaAccount, PrimaCompany, PrimaOrderNumber, PrimaPriceBook
from oro_prima.mapping.fields import field_reports
from oro_prima.ports import Ports
from oro_prima.prima.calls import (
    describe_service,
    free_stock,
    free_stock_batches,
    free_stock_of,
    free_stock_rows,
    order_status,
    post_order,
)
from oro_prima.prima.calls.bound import read_capability
from oro_prima.prima.calls.outcome import outcome_of
from oro_prima.prima.calls.wsdl import ProfileDifference, ServiceDescription, parse_wsdl
from oro_prima.prima.config import PrimaConfig, service_url
from oro_prima.prima.models import (
    FreeStockRow,
    OrderAnswer,
    OrderCharge,
    OrderStatusAnswer,
    Party,
    PriceBook,
    PriceBookRow,
    PrimaOrder,
    PrimaOrderLine,
    PrimaProfile,
)
from oro_prima.prima.models.account import Account, AccountAddress
from oro_prima.prima.models.binding import FileBinding, Formats, RecordMap, SoapBinding, binding_of
from oro_prima.prima.models.bound import Bound
from oro_prima.prima.models.capabilities import SHAPES, UNBOUND_MEANS, Capability, Kind, Wanted
from oro_prima.prima.models.charset import Fitted, fit_text
from oro_prima.prima.models.codes import class_of, told
from oro_prima.prima.models.fields import FieldReport, Fit, unwritable
from oro_prima.prima.models.fulfilment import Despatch, DespatchLine
from oro_prima.prima.models.invoice import Invoice, InvoiceLine
from oro_prima.prima.models.prices import BookPrice
from oro_prima.prima.models.product import PrimaProduct
from oro_prima.prima.models.profile import CharsetPolicy, CodeClass, OrderRequest, Style
from oro_prima.prima.models.sections import (
    Header,
    Hold,
    InvoiceContact,
    LineTerms,
    OrderSections,
    Payment,
    Person,
    Terms,
    Voucher,
    Workwear,
)
from oro_prima.prima.models.stock_breakdown import StockBreakdown
from oro_prima.sync.capabilities import gather_capability, is_bound
from oro_prima.sync.despatches import despatch_reader
from oro_prima.values import LocalDate, Secret, SkuKey

DAY = LocalDate(date(2031, 5, 6))
NUMBER, COMPANY = PrimaOrderNumber("300000420"), PrimaCompany("1")
PROFILE = PrimaProfile(
    style=Style.RPC_ENCODED,
    charset=CharsetPolicy.REJECT,
    order_request=OrderRequest.MULTI_NEW_ORDER,
    codes=(("731", CodeClass.ACCOUNT.value, "on stop"),),
    widths=(("CustomerRef", 20),),
)
ORDER = PrimaOrder(
    number=NUMBER,
    reference="SHOP-42",
    account=PrimaAccount("ACME01"),
    currency="GBP",
    vat_inclusive=False,
    order_date=DAY,
    lines=(PrimaOrderLine(1, SkuKey("ROVER", "F", "070"), 6, Decimal("62.50"), "SHOP-42-1"),),
    delivery=Party("Jo", "Sample", ("Unit 1",), "ZZ1 1ZZ", "GB"),
    charges=(OrderCharge("STD", Decimal("7.50")),),
)


def connect_to_it() -> None:
    """Reaching a Prima, and what its description says."""
    config = PrimaConfig(
        service_url("https://erp.example/wsa/wsa/wsdl"),
        username="proxy",
        password=Secret("x"),
        read_timeout=timedelta(seconds=60),
        profile=PROFILE,
    )
    with open_prima(config) as sender:
        said: ServiceDescription = sender.send(describe_service())
        differences: tuple[ProfileDifference, ...] = said.differences(PROFILE)
        profile: PrimaProfile = parse_wsdl(b"<definitions/>").applied_to(PROFILE)
        settings: tuple[Sourced, ...] = discovered(said, own={}, url=config.url)
        print(differences, write_discovered(settings, remarks=remarks_on(said, url=config.url)))
        use_orders(sender, profile)
        use_stock(sender, profile)


def use_orders(sender: Sender, profile: PrimaProfile) -> None:
    """Posting one order, and asking after it."""
    sections = OrderSections(
        hold=Hold(hold_order=True, hold_order_narrative="credit"),
        person=Person(receive_email=False),
        terms=Terms(season_dd_validation="Yes"),
        workwear=Workwear(wr_emp_code="7"),
        header=Header(season="AW"),
        invoice=InvoiceContact(invoice_fao="Accounts"),
        lines={1: LineTerms(voucher=Voucher(vch_message="Thank you"))},
        payment=Payment("CSH", Decimal("9.00")),
    )
    call: Call[OrderAnswer] = post_order(
        ORDER, unique_id="12345678", profile=profile, company=COMPANY, sections=sections
    )
    answer: OrderAnswer = sender.send(call)
    asked: OrderStatusAnswer = sender.send(order_status(NUMBER, profile=profile, company=COMPANY))
    judged: OrderAnswer | CallError = outcome_of(call, HttpResponse(502))
    reports: tuple[FieldReport, ...] = field_reports(ORDER, profile=profile)
    print(answer.account, asked.status, judged, [one.fit is Fit.CUT for one in reports])
    fitted: Fitted = fit_text("Łódź", charset=profile.charset)
    kind: CodeClass = class_of(("548", "194"), profile=profile)
    print(fitted.text, unwritable("€"), kind, told(("731",), profile=profile))


def use_stock(sender: Sender, profile: PrimaProfile) -> None:
    """All of it, row by row, or some of it."""
    rows: tuple[FreeStockRow, ...] = sender.send(
        free_stock(profile=profile, company=COMPANY, today=DAY, first="R", last="RZ")
    )
    count: int = sender.send(
        free_stock_rows(lambda row: print(row.sku), profile=profile, company=COMPANY, today=DAY)
    )
    wanted = [row.sku for row in rows]
    some = sender.send(free_stock_of(wanted[:9], profile=profile, company=COMPANY, today=DAY))
    batches = free_stock_batches(wanted, profile=profile, company=COMPANY, today=DAY)
    print(count, [row.available for row in some], [sender.send(batch) for batch in batches])


def use_capabilities(sender: Sender, ports: Ports) -> None:
    """By request, by files, and in a flow."""
    mapping = RecordMap("Data/Despatch", (("number", "@No"),), formats=Formats(decimal=","))
    soap = SoapBinding("XDespatch", mapping, request=(("OrderNumber", "{order_number}"),))
    file = FileBinding("drop", mapping, pattern="*.csv")
    bindings = ((Capability.DESPATCH, soap), (Capability.INVOICE, file))
    about: Mapping[str, str] = {"order_number": str(NUMBER)}
    call = read_capability(Capability.DESPATCH, soap, profile=PROFILE, company=COMPANY, about=about)
    found: Bound[object] = sender.send(call)
    print(found.faults, binding_of(bindings, Capability.INVOICE), UNBOUND_MEANS)
    reader = DropReader(lambda: datetime.now(UTC))
    with reader.read(Capability.INVOICE, file) as records:
        print(records.records, reader.peek(Capability.INVOICE, file).records)
    print(reader.look(Capability.INVOICE, file), read_file(b"No\n1\n", binding=file, name="a.csv"))
    wanted: Wanted = SHAPES[Capability.ACCOUNT].fields["code"]
    assert wanted.kind is Kind.TEXT
    if is_bound(ports, Capability.ACCOUNT):
        with gather_capability(ports, Capability.ACCOUNT, Account, about={}) as accounts:
            for account in accounts.records:
                addresses: tuple[AccountAddress, ...] = account.addresses
                print(account.price_book, addresses)
    despatches = despatch_reader(ports)
    if despatches is not None:
        parcels: tuple[Despatch, ...] = despatches(NUMBER)
        lines: list[DespatchLine] = [line for parcel in parcels for line in parcel.lines]
        print(lines)


def use_records(
    price: BookPrice, product: PrimaProduct, invoice: Invoice, stock: StockBreakdown
) -> None:
    """What capabilities give."""
    book: PriceBook = price.book
    row: PriceBookRow = price.row
    code: PrimaPriceBook = book.code
    net: Decimal = invoice.net
    billed: tuple[InvoiceLine, ...] = invoice.lines
    print(code, row.price, product.barcode, net, billed, stock.physical)
