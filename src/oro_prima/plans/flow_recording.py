"""
What runs of the other flows looked at, as bytes: a question holds all that its plan follows from.

Questions of fulfilment hold names and addresses of what was posted, those of customers names: like
recordings of orders they are kept apart from the store and erased after a while.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from attrs import frozen

from oro_prima.converters import encode_json, faults_of, is_object
from oro_prima.ids import OroOrderId
from oro_prima.mapping.account_fields import CustomerPolicy
from oro_prima.mapping.policy import OrderPolicy, StockPolicy
from oro_prima.mapping.statuses import FulfilmentPolicy
from oro_prima.plans.customers import CustomerPlan, CustomerSnapshot, plan_customers
from oro_prima.plans.fulfilment import FulfilmentPlan, FulfilmentSnapshot, plan_fulfilment
from oro_prima.plans.invoices import InvoicePlan, InvoiceSnapshot, plan_invoices
from oro_prima.plans.pools import WholePools
from oro_prima.plans.prices import PricePlan, PricePolicies, PriceSnapshot, plan_prices
from oro_prima.plans.products import ProductPlan, ProductPolicies, ProductSnapshot, plan_products
from oro_prima.plans.recording import CONVERTER, packed, unpacked
from oro_prima.plans.snapshots import StockSnapshot
from oro_prima.plans.stock import StockPlan, plan_pools, plan_stock
from oro_prima.records import Flow

VERSION = 1


@frozen
class StockQuestion:
    """Both sides of stock; `asked` are the pools of a small run, None for all stock."""

    snapshot: StockSnapshot
    policy: StockPolicy
    asked: WholePools | None = None


@frozen
class FulfilmentQuestion:
    """At most a hundred followed orders on both sides."""

    snapshot: FulfilmentSnapshot
    policy: FulfilmentPolicy


@frozen
class CustomerQuestion:
    """Linked customers and their accounts."""

    snapshot: CustomerSnapshot
    policy: CustomerPolicy


@frozen
class PriceQuestion:
    """One list and the book that it is made of."""

    snapshot: PriceSnapshot
    policy: PricePolicies


@frozen
class ProductQuestion:
    """Every product, what Prima sells and what has a price."""

    snapshot: ProductSnapshot
    policy: ProductPolicies


@frozen
class InvoiceQuestion:
    """What Prima says of the invoices of some orders."""

    snapshot: InvoiceSnapshot
    policy: OrderPolicy


Question = (
    StockQuestion
    | FulfilmentQuestion
    | CustomerQuestion
    | PriceQuestion
    | ProductQuestion
    | InvoiceQuestion
)
FlowPlan = StockPlan | FulfilmentPlan | CustomerPlan | PricePlan | ProductPlan | InvoicePlan

QUESTIONS: Mapping[Flow, type[Question]] = {
    Flow.STOCK: StockQuestion,
    Flow.FULFILMENT: FulfilmentQuestion,
    Flow.CUSTOMERS: CustomerQuestion,
    Flow.PRICES: PriceQuestion,
    Flow.PRODUCTS: ProductQuestion,
    Flow.INVOICES: InvoiceQuestion,
}
"""What a run of each flow is recorded as; orders have a recording of their own."""


def answer(question: Question) -> FlowPlan:
    """Plan what was asked; the same question always gives the same plan."""
    match question:
        case StockQuestion(snapshot, policy, asked):
            if asked is None:
                return plan_stock(snapshot, policy)
            return plan_pools(snapshot, policy, asked=asked)
        case FulfilmentQuestion(snapshot, policy):
            return plan_fulfilment(snapshot, policy)
        case CustomerQuestion(snapshot, policy):
            return plan_customers(snapshot, policy)
        case PriceQuestion(snapshot, policy):
            return plan_prices(snapshot, policy)
        case ProductQuestion(snapshot, policy):
            return plan_products(snapshot, policy)
        case _:
            return plan_invoices(question.snapshot, question.policy)


def encode_question(question: Question) -> bytes:
    """Write a question; the same one gives the same bytes."""
    return packed({"version": VERSION, "question": CONVERTER.unstructure(question)})


def decode_question(flow: Flow, body: bytes) -> Question:
    """
    Read what `encode_question` wrote for a flow.

    Raises:
        ValueError: it is not that, or a newer release wrote it.
    """
    tree = unpacked(body)
    if not is_object(tree) or "question" not in tree:
        raise ValueError("not a recording")
    if tree.get("version") != VERSION:
        raise ValueError(f"a recording of version {tree.get('version')}: upgrade oro-prima")
    try:
        return CONVERTER.structure(tree["question"], QUESTIONS[flow])
    except Exception as exc:
        raise ValueError(f"not a recording: {faults_of(exc)[0]}") from exc


def hash_of_answer(plan: FlowPlan) -> str:
    """Return the SHA-256 of a plan's bytes; equal plans have equal bytes."""
    return hashlib.sha256(encode_json(CONVERTER.unstructure(plan))).hexdigest()


def holds_order(question: Question, order: OroOrderId) -> bool:
    """Tell whether a question holds what belongs to one order."""
    match question:
        case FulfilmentQuestion(snapshot):
            return any(one.shop.order == order for one in snapshot.orders)
        case InvoiceQuestion(snapshot):
            return any(one.order == order for one in snapshot.posted)
        case StockQuestion(snapshot):
            orders = {one.id for one in snapshot.orders} | {one.order for one in snapshot.captures}
            return order in orders
        case _:
            return False
