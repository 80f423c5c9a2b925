"""Plans as lines: what is saved, compared and approved. Ids, codes and figures alone."""

from __future__ import annotations

from collections.abc import Iterator

from oro_prima.cli.asked import Plan
from oro_prima.cli.commands import command_text, price_text
from oro_prima.plans import (
    AddPrice,
    AddTracking,
    CustomerPlan,
    EndPrice,
    FulfilmentPlan,
    InvoicePlan,
    KnownInvoices,
    OrderPlan,
    PostOrder,
    PricePlan,
    ProductPlan,
    SetOrderStatus,
    SetPrice,
    StockPlan,
)
from oro_prima.plans.customers import CustomerCommand


def lines_of(plan: Plan) -> Iterator[str]:
    """Yield a line for each command of a plan."""
    match plan:
        case OrderPlan():
            yield from map(order_line, plan.commands)
        case StockPlan():
            yield from stock_lines(plan)
        case FulfilmentPlan():
            yield from map(fulfilment_line, plan.commands)
        case CustomerPlan():
            yield from map(customer_line, plan.commands)
        case PricePlan():
            yield from (price_line(plan, command) for command in plan.commands)
        case ProductPlan():
            yield from (f"disable product {command.sku}" for command in plan.commands)
        case InvoicePlan():
            yield from map(invoice_line, plan.keep)


def order_line(command: PostOrder) -> str:
    """Return what is posted of an order; a hash stands for what it asks for."""
    order = command.order
    return (
        f"post order {command.oro_order} as {order.number} to account {order.account}, "
        f"{len(order.lines)} lines, intent {command.intent_hash}"
    )


def stock_lines(plan: StockPlan) -> Iterator[str]:
    """Yield each level, then each product's status."""
    for command in plan.commands:
        yield f"level {command.sku} {command.unit}: {command.previous} -> {command.quantity}"
    for status in plan.statuses:
        yield f"product {status.sku}: {status.status}"


def fulfilment_line(command: AddTracking | SetOrderStatus) -> str:
    """Return a parcel or a status of an order."""
    if isinstance(command, AddTracking):
        return f"order {command.order}: parcel {command.method} {command.number}"
    status = "/".join(filter(None, (command.shipping_status, command.status)))
    return f"order {command.order}: status {status}"


def customer_line(command: CustomerCommand) -> str:
    """Return what is written of a customer."""
    return f"customer {command.customer}: {command_text(command)}"


def price_line(plan: PricePlan, command: SetPrice | AddPrice | EndPrice) -> str:
    """Return what is done to a row of a list."""
    return f"price list {plan.price_list}: {price_text(command)}"


def invoice_line(one: KnownInvoices) -> str:
    """Return which documents are kept of an order."""
    documents = ", ".join(document.number for document in one.invoices)
    return f"keep invoices of {one.number}: {documents or 'none'}"
