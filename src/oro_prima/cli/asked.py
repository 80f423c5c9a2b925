"""What is asked of a flow, by its configuration: its plans, and one run of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from attrs import field, frozen

from oro_prima.cli.commands import price_policies, product_policies
from oro_prima.cli.tables import Report
from oro_prima.config import Config
from oro_prima.mapping.schedule import Task, flow_of
from oro_prima.plans import (
    EVERYTHING,
    CustomerPlan,
    CustomerScope,
    Everything,
    FulfilmentPlan,
    InvoicePlan,
    OfCustomers,
    OfDays,
    OfOrders,
    OfProducts,
    OrderPlan,
    OrderScope,
    PricePlan,
    ProductPlan,
    ProductScope,
    Scope,
    StockPlan,
)
from oro_prima.ports import Ports
from oro_prima.records import Flow
from oro_prima.sync import (
    preview_customers,
    preview_fulfilment,
    preview_invoices,
    preview_orders,
    preview_prices,
    preview_products,
    preview_small_stock,
    preview_stock,
    sync_customers,
    sync_fulfilment,
    sync_invoices,
    sync_orders,
    sync_prices,
    sync_products,
    sync_small_stock,
    sync_stock,
)

P = TypeVar("P")
Plan = OrderPlan | StockPlan | FulfilmentPlan | CustomerPlan | PricePlan | ProductPlan | InvoicePlan


@frozen
class Asked:
    """A task, and what it is of: everything that is due, or what a person named."""

    task: Task
    scope: Scope = EVERYTHING

    @property
    def flow(self) -> Flow:
        """The flow that the task is a run of."""
        return Flow(flow_of(self.task))

    @property
    def whole(self) -> bool:
        """Whether it is of everything that is due."""
        return isinstance(self.scope, Everything)

    @property
    def orders(self) -> OrderScope:
        """The scope, where it is one of orders."""
        if isinstance(self.scope, (Everything, OfOrders, OfDays)):
            return self.scope
        raise _misfit(self)

    @property
    def customers(self) -> CustomerScope:
        """The scope, where it is one of customers."""
        if isinstance(self.scope, (Everything, OfCustomers)):
            return self.scope
        raise _misfit(self)

    @property
    def products(self) -> ProductScope:
        """The scope, where it is one of products."""
        if isinstance(self.scope, (Everything, OfProducts)):
            return self.scope
        raise _misfit(self)


def _misfit(asked: Asked) -> ValueError:
    return ValueError(f"{asked.flow.value} has no scope of {type(asked.scope).__name__}")


@frozen
class Approval:
    """What of each plan is carried out, flow by flow; all of it where nobody says another thing."""

    orders: Callable[[OrderPlan], OrderPlan] = field(default=lambda plan: plan)
    stock: Callable[[StockPlan], StockPlan] = field(default=lambda plan: plan)
    fulfilment: Callable[[FulfilmentPlan], FulfilmentPlan] = field(default=lambda plan: plan)
    customers: Callable[[CustomerPlan], CustomerPlan] = field(default=lambda plan: plan)
    prices: Callable[[PricePlan], PricePlan] = field(default=lambda plan: plan)
    products: Callable[[ProductPlan], ProductPlan] = field(default=lambda plan: plan)
    invoices: Callable[[InvoicePlan], InvoicePlan] = field(default=lambda plan: plan)


ALL_OF_IT = Approval()


def plans_of(asked: Asked, config: Config, ports: Ports) -> Iterator[Plan]:
    """
    Read both systems and yield what a run would do, part by part.

    Raises:
        OroPrimaError: a system cannot be read, or a capability is unbound.
    """
    flows, polls = config.flows, config.polls
    match asked.task:
        case Task.ORDERS:
            yield from preview_orders(ports, config.orders, scope=asked.orders)
        case Task.STOCK | Task.FULL_STOCK:
            yield preview_stock(ports, config.stock, scope=asked.products)
        case Task.SMALL_STOCK:
            yield preview_small_stock(ports, config.stock)
        case Task.FULFILMENT:
            yield from preview_fulfilment(
                ports, config.orders, config.fulfilment, polls, scope=asked.orders
            )
        case Task.CUSTOMERS:
            yield preview_customers(ports, flows.customers, scope=asked.customers)
        case Task.PRICES:
            yield from preview_prices(
                ports, flows.customers.price_lists, price_policies(config), scope=asked.products
            )
        case Task.PRODUCTS:
            yield preview_products(
                ports,
                product_policies(config),
                lists=flows.customers.price_lists,
                defaults=config.oro.inventory_defaults,
                scope=asked.products,
            )
        case Task.INVOICES:
            yield from preview_invoices(
                ports, config.orders, flows.invoices, polls, scope=asked.orders
            )


def run_asked(asked: Asked, config: Config, ports: Ports, approval: Approval = ALL_OF_IT) -> Report:
    """
    Run a flow once by its configuration.

    Raises:
        OroPrimaError: it cannot be run.
    """
    match asked.task:
        case Task.ORDERS:
            return sync_orders(ports, config.orders, scope=asked.orders, approve=approval.orders)
        case Task.STOCK | Task.FULL_STOCK:
            return sync_stock(ports, config.stock, scope=asked.products, approve=approval.stock)
        case Task.SMALL_STOCK:
            return sync_small_stock(ports, config.stock, approve=approval.stock)
        case Task.FULFILMENT | Task.INVOICES:
            return _after_posting(asked, config, ports, approval)
        case Task.CUSTOMERS:
            policy = config.flows.customers
            return sync_customers(ports, policy, scope=asked.customers, approve=approval.customers)
        case Task.PRICES | Task.PRODUCTS:
            return _goods(asked, config, ports, approval)


def _after_posting(asked: Asked, config: Config, ports: Ports, approval: Approval) -> Report:
    if asked.task is Task.INVOICES:
        return sync_invoices(
            ports, config.orders, config.flows.invoices, config.polls,
            scope=asked.orders, approve=approval.invoices,
        )  # fmt: skip
    return sync_fulfilment(
        ports, config.orders, config.fulfilment, config.polls,
        scope=asked.orders, approve=approval.fulfilment,
    )  # fmt: skip


def _goods(asked: Asked, config: Config, ports: Ports, approval: Approval) -> Report:
    lists = config.flows.customers.price_lists
    if asked.task is Task.PRICES:
        return sync_prices(
            ports, lists, price_policies(config), scope=asked.products, approve=approval.prices
        )
    return sync_products(
        ports, product_policies(config),
        lists=lists, defaults=config.oro.inventory_defaults,
        scope=asked.products, approve=approval.products,
    )  # fmt: skip
