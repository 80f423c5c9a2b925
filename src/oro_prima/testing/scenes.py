"""
What a killed run works on: for each flow, a scene with something to write at each of its steps.

What is counted in the end is read anew from both systems: what a fresh run would still change, what
a person could not put back, and what is there twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from decimal import Decimal

from attrs import evolve

from oro_prima.call import each
from oro_prima.config import Config, load_config
from oro_prima.oro.calls.customers import create_customer_group
from oro_prima.oro.calls.features import probe_external_id, probe_features
from oro_prima.oro.calls.orders import list_orders_by_id
from oro_prima.oro.calls.price_lists import create_price_list, list_customer_price_lists
from oro_prima.oro.calls.product_prices import create_product_price, list_product_prices
from oro_prima.oro.calls.products import list_products
from oro_prima.plans import PricePolicies, ProductPolicies
from oro_prima.ports import Ports
from oro_prima.prima.models.invoice import Invoice
from oro_prima.records import Flow, Home, RecordState
from oro_prima.sandbox import TradingDay
from oro_prima.sync import (
    disabled_products,
    ended_prices,
    preview_customers,
    preview_fulfilment,
    preview_prices,
    preview_products,
    preview_stock,
    sync_customers,
    sync_fulfilment,
    sync_invoices,
    sync_orders,
    sync_prices,
    sync_products,
    sync_stock,
)
from oro_prima.sync.gather_invoices import known_invoices
from oro_prima.wiring import connect

CONFIG = "oro-prima.toml"
WRITTEN_BACK = "after-write-back"
"""The step that needs a shop which keeps foreign keys, and the setting."""
WRITE_BACK = 'write_back = "external-id"'
FAR = Decimal(7777)
"""A quantity from which no book has a price: rows of it end."""
ENDING_ROWS = 2
UNMAPPED = ("KILL-1", "KILL-2")
"""Products that nobody mapped: they are taken off the shop."""


def prepare(day: TradingDay, flow: Flow, *, step: str) -> TradingDay:
    """Give a flow something to write at a step."""
    match flow:
        case Flow.ORDERS if step == WRITTEN_BACK:
            return _configured(day, WRITE_BACK, below="[orders]")
        case Flow.FULFILMENT:
            return _sent(day, "Part Despatched")
        case Flow.INVOICES:
            return _sent(day, "Despatched")
        case Flow.PRICES:
            return _priced(day)
        case Flow.CUSTOMERS:
            return _grouped(day)
        case Flow.PRODUCTS:
            return _unmapped(day)
        case _:
            return day


def _configured(day: TradingDay, text: str, *, below: str = "") -> TradingDay:
    """Add settings at the end, or below the head of a table."""
    path = day.directory / CONFIG
    before = path.read_text("utf-8")
    after = before.replace(below, f"{below}\n{text}", 1) if below else f"{before}\n{text}\n"
    path.write_text(after, "utf-8")
    return evolve(day, config=load_config(path))


def _sent(day: TradingDay, status: str) -> TradingDay:
    """Let every order be posted, and goods leave Prima."""
    with connect(day.config) as ports:
        sync_orders(ports, day.config.orders)
    for order in day.world.prima.orders():
        day.world.prima.set_status(order.order_number, status)
    return day


def _priced(day: TradingDay) -> TradingDay:
    """Make a list of a book, with rows that the book does not have."""
    units = dict(day.world.units)
    with connect(day.config) as ports:
        made = _made_list(ports, "Trade")
        products = {one.sku: one.id for one in each(ports.shop, list_products())}
        chosen = [key for key in units if key[0] in products][:ENDING_ROWS]
        for sku, unit in chosen:
            ports.shop.send(
                create_product_price(
                    {
                        "price_list": made,
                        "product": products[sku],
                        "unit": unit,
                        "quantity": FAR,
                        "currency": "GBP",
                        "value": Decimal("9.99"),
                    }
                )
            )
    tables = f'[price_lists]\nTRADE-GBP = "{made}"\n[books]\nvariants = "product"\n'
    return _configured(day, f'{tables}[pricing]\nends = "remove"')


def _made_list(ports: Ports, name: str) -> str:
    call = create_price_list({"name": name, "price_list_currencies": ("GBP",), "active": True})
    return ports.shop.send(call).id


def _grouped(day: TradingDay) -> TradingDay:
    """Make a group and a list for each of two books."""
    groups, lists = ["[customer_groups]"], ["[price_lists]"]
    with connect(day.config) as ports:
        for name in ("TRADE-GBP", "RETAIL-GBP"):
            made = ports.shop.send(create_customer_group({"name": name})).id
            groups.append(f'{name} = "{made}"')
            lists.append(f'{name} = "{_made_list(ports, name)}"')
    return _configured(day, "\n".join((*groups, *lists)))


def _unmapped(day: TradingDay) -> TradingDay:
    for sku in UNMAPPED:
        day.world.oro.add_product(sku, units=[("each", 0, Decimal(1))])
    return _configured(day, '[publication]\ndisable = "unmapped"\nmost_share = "0.5"')


def run_flow(ports: Ports, config: Config, flow: Flow) -> None:
    """Run a flow once by its configuration."""
    lists = config.flows.customers.price_lists
    match flow:
        case Flow.ORDERS:
            sync_orders(ports, config.orders)
        case Flow.STOCK:
            sync_stock(ports, config.stock)
        case Flow.FULFILMENT:
            sync_fulfilment(ports, config.orders, config.fulfilment, config.polls)
        case Flow.PRICES:
            sync_prices(ports, lists, _prices(config))
        case Flow.CUSTOMERS:
            sync_customers(ports, config.flows.customers)
        case Flow.PRODUCTS:
            defaults = config.oro.inventory_defaults
            sync_products(ports, _products(config), lists=lists, defaults=defaults)
        case Flow.INVOICES:
            sync_invoices(ports, config.orders, config.flows.invoices, config.polls)


def _prices(config: Config) -> PricePolicies:
    return PricePolicies(config.books, config.flows.pricing)


def _products(config: Config) -> ProductPolicies:
    return ProductPolicies(config.products, config.flows.publication)


def left_over(ports: Ports, day: TradingDay, flow: Flow) -> int:
    """Count what a fresh run would still change, and what a person could not put back."""
    config = day.config
    lists = config.flows.customers.price_lists
    match flow:
        case Flow.ORDERS:
            return len(list(_not_written_back(ports))) if _writes_back(day) else 0
        case Flow.STOCK:
            plan = preview_stock(ports, config.stock)
            return len(plan.decreases) + len(plan.increases)
        case Flow.FULFILMENT:
            plans = preview_fulfilment(ports, config.orders, config.fulfilment, config.polls)
            return sum(len(plan.commands) for plan in plans)
        case Flow.PRICES:
            planned = preview_prices(ports, lists, _prices(config))
            todo = sum(len(one.changes) + len(one.adds) + len(one.ends) for one in planned)
            return todo + ENDING_ROWS - len(set(_kept_rows(ports)))
        case Flow.CUSTOMERS:
            return len(preview_customers(ports, config.flows.customers).commands)
        case Flow.PRODUCTS:
            defaults = config.oro.inventory_defaults
            judged = preview_products(ports, _products(config), lists=lists, defaults=defaults)
            kept = {p.sku for one in disabled_products(ports.store) for p in one.products}
            return len(judged.commands) + len(set(UNMAPPED) - kept)
        case Flow.INVOICES:
            return sum(not invoices for invoices in _invoices(ports, day))


def _writes_back(day: TradingDay) -> bool:
    return WRITE_BACK in (day.directory / CONFIG).read_text("utf-8")


def _not_written_back(ports: Ports) -> Iterator[str]:
    """Yield posted orders without their number and without a record that says why."""
    features = probe_external_id(ports.shop, probe_features(ports.shop))
    posted = [one.order for one in ports.store.captures_at((Home.POSTED,))]
    entries = ports.store.newest_entries(posted)
    refused = {one.subject for one in ports.store.exceptions((RecordState.HELD,))}
    page = ports.shop.send(list_orders_by_id(features, ids=tuple(posted)))
    for order in page.items:
        right = order.external_id == entries[order.id].known_as
        if not right and f"orders/{order.id}" not in refused:
            yield order.id


def _kept_rows(ports: Ports) -> Iterator[Hashable]:
    for ended in ended_prices(ports.store):
        for row in ended.rows:
            if row.price.quantity == FAR:
                yield row.product, row.price.unit


def _invoices(ports: Ports, day: TradingDay) -> Iterator[tuple[Invoice, ...]]:
    """Yield what is kept of each order whose goods have all left Prima."""
    posted = [one.order for one in ports.store.captures_at((Home.POSTED,))]
    numbers = {one.known_as for one in ports.store.newest_entries(posted).values()}
    known = known_invoices(ports.store, numbers)
    for order in day.world.prima.orders():
        found = [one for number, one in known.items() if number == order.order_number]
        if order.status == "Despatched":
            yield tuple(invoice for one in found for invoice in one.invoices)


def twice(ports: Ports, day: TradingDay, flow: Flow) -> int:
    """Count what is there twice: rows of a slot, lists of a customer, documents of an order."""
    match flow:
        case Flow.PRICES:
            return sum(
                _repeated(
                    (row.product, row.unit, row.quantity, row.currency)
                    for row in each(ports.shop, list_product_prices(price_list=price_list))
                )
                for price_list in day.config.flows.customers.price_lists.values()
            )
        case Flow.CUSTOMERS:
            ours = day.config.flows.customers.price_lists.values()
            found = each(ports.shop, list_customer_price_lists())
            return _repeated(
                (one.customer, one.price_list) for one in found if one.price_list in ours
            )
        case Flow.INVOICES:
            return sum(_repeated(one.number for one in some) for some in _invoices(ports, day))
        case _:
            return 0


def _repeated(things: Iterable[Hashable]) -> int:
    return sum(times > 1 for times in Counter(things).values())
