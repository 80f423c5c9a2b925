"""The rest of the OroCommerce client, as a user would write it; type checkers read it."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from attrs import frozen

from oro_prima.call import Sender, each
from oro_prima.ids import (
    OroCustomerId,
    OroLevelId,
    OroOperationId,
    OroOrderId,
    OroPriceListId,
    OroProductId,
    OroSku,
    OroWebsiteId,
    UnitCode,
)
from oro_prima.oro.calls import batch, features, order_writing, orders, product_prices, stock
from oro_prima.oro.calls.bulk import (
    Bulk,
    choose_way,
    write_all,
    write_records,
    write_records_now,
)
from oro_prima.oro.calls.checks import check_permissions, check_queue, list_methods
from oro_prima.oro.calls.drafts import Entry
from oro_prima.oro.calls.events import WebhookEvent, read_event, receive_event, sign
from oro_prima.oro.calls.operations import MemoryBook, Patience, await_operation
from oro_prima.oro.calls.records import (
    Question,
    ask_beside,
    ask_record,
    ask_records,
    ask_relations,
    get_record,
    list_beside,
    list_records,
    may_be_cut,
)
from oro_prima.oro.calls.writing import (
    add_relations,
    create_record,
    delete_record,
    delete_records,
    remove_relations,
    replace_relations,
    set_relation,
    update_record,
    upsert_record,
    validate_record,
)
from oro_prima.oro.models.customers import CUSTOMERS, CustomerFields
from oro_prima.oro.models.features import KnownFeatures, parse_features, render_features, with_known
from oro_prima.oro.models.filters import Between, Bound, Exists, Not
from oro_prima.oro.models.operations import Done, InDoubt, Refused
from oro_prima.oro.models.order_records import OrderFields, OrderFilter
from oro_prima.oro.models.resource import declare, extend, many, one
from oro_prima.oro.models.stock import StockSettings, settings_chain
from oro_prima.stores import FileBook
from oro_prima.values import Secret

T = datetime(2031, 5, 6, tzinfo=UTC)
ORDER, LEVEL = OroOrderId("7"), OroLevelId("7")


def use_orders(sender: Sender) -> None:
    """Reading and writing orders."""
    known = features.probe_features(sender)
    first = sender.send(orders.sweep_orders(known, after=0))
    sender.send(orders.list_orders_created(known, first=T, last=T))
    sender.send(orders.list_orders_updated(known, first=T, last=T))
    sender.send(orders.list_orders_by_id(known, ids=[order.id for order in first.items]))
    sender.send(orders.list_orders_by_po_number(known, numbers=["PO-1"]))
    print(sender.send(orders.newest_order()))
    print(sender.send(orders.order_ids(after=0, size=500)))
    print(sender.send(orders.get_order(known, order=ORDER)).lines_complete)
    print([line.value for line in each(sender, orders.list_order_lines(known, order=ORDER))])
    print([row.tax_amount for row in sender.send(orders.list_order_subtotals(order=ORDER))])
    fields: OrderFields = {
        "identifier": "ERP-1",
        "customer": "7",
        "currency": "GBP",
        "line_items": [{"product_sku": "S1", "product_unit": "each", "quantity": Decimal(2)}],
        "shipping_address": {"organization": "Made up", "country": "GB"},
    }
    sender.send(order_writing.create_order(fields))
    sender.send(order_writing.upsert_order(fields))
    sender.send(order_writing.validate_order(fields))
    sender.send(order_writing.update_order(ORDER, fields={"po_number": None}))
    sender.send(order_writing.delete_order(ORDER))
    where: OrderFilter = {"updated_at": Between(T, T), "internal_status": "open"}
    print([one.total_value for one in each(sender, order_writing.list_order_records(where=where))])
    print(sender.send(order_writing.get_order_record(ORDER)).total_value)
    print(sender.send(order_writing.find_order(identifier="ERP-1")).items)
    sender.send(order_writing.set_shipping_status(ORDER, status="shipped"))
    sender.send(order_writing.set_shipping_status_without_promotions(ORDER, status="shipped"))
    sender.send(order_writing.clear_shipping_status(ORDER))
    sender.send(order_writing.set_external_status(ORDER, status="open"))
    made = order_writing.create_order_tracking(known, order=ORDER, method="UPS", number="1Z")
    tracking = sender.send(made).id
    sender.send(order_writing.update_order_tracking(tracking, fields={"number": "2Z"}))
    sender.send(order_writing.delete_order_tracking(tracking))
    print(list(each(sender, order_writing.list_order_trackings(known, order=ORDER))))
    print(list(each(sender, order_writing.list_trackings_of(known, orders=(ORDER,)))))


def use_stock(sender: Sender) -> None:
    """Levels, one by one and many at once."""
    print([level.quantity for level in each(sender, stock.list_levels())])
    print([level.quantity for level in each(sender, stock.list_quantities())])
    categories = {one.id: one for one in each(sender, stock.list_category_stock())}
    for level in each(sender, stock.list_levels(size=10)):
        print(settings_chain(level, categories=categories, system=StockSettings()))
    print(sender.send(stock.list_levels_by_sku(skus=[OroSku("S1")])).items)
    print(sender.send(stock.list_levels_by_id(levels=[LEVEL])).items)
    print(sender.send(stock.set_level(LEVEL, quantity=Decimal(5))))
    print(sender.send(stock.set_inventory_status(OroProductId("7"), status="in_stock")))
    operation = sender.send(batch.set_levels([(LEVEL, Decimal(5))]))
    sender.send(batch.set_levels_now([(LEVEL, Decimal(5))]))
    print(batch.settled(sender.send(batch.get_operation(operation.id)), sent=1))
    print(sender.send(batch.list_operation_errors(OroOperationId("7"), page=1)).items)


def use_prices(sender: Sender) -> None:
    """Prices of a list, and what a customer pays."""
    price_list, product = OroPriceListId("7"), OroProductId("7")
    customer, website = OroCustomerId("7"), OroWebsiteId("1")
    print(list(each(sender, product_prices.list_product_prices(price_list=price_list))))
    skus = [OroSku("S1")]
    print(sender.send(product_prices.find_product_prices(price_list=price_list, skus=skus)).items)
    made = sender.send(product_prices.create_product_price({"value": Decimal("1.25")}))
    sender.send(product_prices.set_product_price(made.id, value=Decimal("1.5")))
    sender.send(product_prices.update_product_price(made.id, fields={"quantity": Decimal(5)}))
    sender.send(product_prices.delete_product_price(made.id))
    prices = product_prices.list_customer_prices(
        customer=customer, website=website, products=[product]
    )
    print([price.value for price in sender.send(prices).items])
    kit = product_prices.list_kit_prices(
        customer=product_prices.GUEST,
        website=website,
        product=product,
        unit=UnitCode("each"),
        quantity=Decimal(1),
        chosen=[product_prices.KitChoice("1", product, quantity=Decimal(2))],
    )
    print([price.value for price in sender.send(kit).items])


@frozen
class Branch:
    """A customer with a field that the shop's administrator added."""

    id: str
    name: str | None = None
    erp_id: str | None = None


@frozen
class Quote:
    """A type that this library does not declare."""

    id: str
    po_number: str | None = None
    customer: str | None = None


def use_declarations(sender: Sender) -> None:
    """Extended fields and types of one's own."""
    branches = extend(
        CUSTOMERS, Branch, attributes=("erp_id",), relations={"depots": many("depots")}
    )
    quotes = declare(
        "quotes", Quote, attributes=("poNumber",), relations={"customer": one("customers")}
    )
    print([branch.erp_id for branch in each(sender, list_records(branches))])
    print(sender.send(create_record(branches, fields={"erp_id": "A1"})).erp_id)
    print(sender.send(get_record(quotes, key="7")).po_number)


def use_generic(sender: Sender) -> None:
    """Calls of any resource."""
    made = sender.send(create_record(CUSTOMERS, fields=CustomerFields(name="x")))
    sender.send(update_record(CUSTOMERS, key=made.id, fields=CustomerFields(group=None)))
    sender.send(upsert_record(CUSTOMERS, fields=CustomerFields(name="x"), by=("name",)))
    sender.send(validate_record(CUSTOMERS, fields=CustomerFields(name="x")))
    sender.send(delete_record(CUSTOMERS, key=made.id))
    sender.send(delete_records(CUSTOMERS, where={"name": Not(("a", "b"))}))
    sender.send(set_relation(CUSTOMERS, key=made.id, relation="group", to=None))
    for change in (replace_relations, add_relations, remove_relations):
        sender.send(change(CUSTOMERS, key=made.id, relation="users", to=["1"]))
    question = Question({"customer.name": "x", "id": Bound("gt", 5), "parent": Exists.NO})
    page = sender.send(ask_records(CUSTOMERS, question))
    print([may_be_cut(customer.children, cap=100) for customer in page.items])
    whole = Question(fields=None, include=("users",), beside={"customerusers": ("email",)})
    print(sender.send(ask_record(CUSTOMERS, key="7", question=whole)).users)
    beside = ask_beside(CUSTOMERS, owner="customers", key="7", relation="parent", question=whole)
    print(sender.send(beside).items)
    print(
        sender.send(ask_relations(CUSTOMERS, key="7", relation="users", question=Question(size=-1)))
    )
    print(
        list(each(sender, list_beside(CUSTOMERS, owner="customers", key="7", relation="children")))
    )


def use_batches(sender: Sender) -> None:
    """Many records at once."""
    known = features.probe_more(sender, features.probe_features(sender))
    print(parse_features(render_features(known)) == known)
    print(features.probe_external_id(sender, known).external_id)
    yours = KnownFeatures(to_many_cap=500, webhooks=True)
    print(with_known(known, yours).to_many_cap, sorted(yours.named))
    entries = [Entry(CustomerFields(name="x")), Entry(CustomerFields(group=None), key="7")]
    bulk = Bulk(known, FileBook(Path("operations.json")), Patience())
    for end in write_all(sender, CUSTOMERS, entries=entries, bulk=bulk):
        match end:
            case Done(index, key):
                print(index, key)
            case Refused(index, reasons):
                print(index, [field for _title, field in reasons])
            case InDoubt(index, why):
                print(index, why)
    print(choose_way(CUSTOMERS, 20, known), MemoryBook().outstanding())
    operation = sender.send(write_records(CUSTOMERS, entries=entries))
    print(await_operation(sender, operation, patience=Patience(), sleep=print))
    print(sender.send(write_records_now(CUSTOMERS, entries=entries)))


def use_methods(sender: Sender) -> None:
    """Ask what a type takes."""
    methods: frozenset[str] = sender.send(list_methods("orders", key="7"))
    _ = methods


def use_checks(sender: Sender) -> None:
    """What may be read, and whether the queue runs."""
    print([one.access for one in check_permissions(sender, kinds=("orders",))])
    print(check_queue(sender, patience=Patience(), sleep=print))


def use_events(body: bytes) -> None:
    """Webhooks that come in."""
    secret, headers = Secret("x"), (("Webhook-Signature", sign(body, secret=Secret("x"))),)

    def handle(event: WebhookEvent) -> bool:
        return event.record is not None

    print(read_event(body, headers, secret=secret, now=T).key)
    print(receive_event(body, headers, secret=secret, now=T, handle=handle).value)
