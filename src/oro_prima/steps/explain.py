"""`explain`: why a rule decided as it did, by the same rule run again with a recorder."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from attrs import evolve

from oro_prima.config import Policies
from oro_prima.mapping.explain import Explanation, explanation_text, explanation_tree, said
from oro_prima.mapping.explaining import explain_account, explain_order, table_versions
from oro_prima.mapping.prices import BookLinks, PriceTables, explain_price, price_index
from oro_prima.mapping.tables import Tables
from oro_prima.mapping.tax.predict import explain_totals
from oro_prima.mapping.tax.reading import TaxTables, tax_order
from oro_prima.oro.models.orders import Order
from oro_prima.outcome import Unmapped
from oro_prima.plans.explaining import explain_stock
from oro_prima.steps.orders import read_books
from oro_prima.steps.prices import books_of, reading_of
from oro_prima.steps.reading import (
    StepInputError,
    links_of,
    order_of,
    policies_of,
    read_input,
    write_output,
)
from oro_prima.steps.shapes_goods import Explained, ExplainInput, ExplainOutput
from oro_prima.steps.stock import snapshot_of


def explain(document: Mapping[str, object]) -> dict[str, object]:
    """
    Explain a decision: `ExplainInput` in, `ExplainOutput` out, both as JSON values.

    Raises:
        StepInputError: names every fault of the document.
    """
    given = read_input(document, ExplainInput)
    found = _EXPLAINS[given.what](given, policies_of(given.policy))
    return write_output(explain_output(found))


def explain_output(found: Explanation) -> ExplainOutput:
    """Give an explanation in its published shape."""
    return ExplainOutput(found.result, explanation_tree(found), explanation_text(found))


def totals_of(order: Order, policies: Policies, taxes: TaxTables) -> Explanation:
    """
    Explain what an order comes to on each side, or why that cannot be said.

    Raises:
        StepInputError: the policy does not say how both sides compute tax.
    """
    if policies.tax is None:
        raise StepInputError(("policy: tax.oro, tax.prima: required to explain totals",))
    read = tax_order(order, taxes)
    if isinstance(read, Unmapped):
        return Explanation("totals of an order", (("order", order.id),), result=said(read))
    return explain_totals(read.value, policies.tax)


def _order(given: ExplainInput, policies: Policies) -> Explanation:
    if given.order is None:
        raise StepInputError(("order: required to explain an order",))
    tables = _linked(given, policies)
    return explain_order(
        order_of(given.order),
        tables,
        policies.orders,
        suffix=given.suffix,
        now=given.now,
        versions=table_versions(tables),
        books=read_books(given.price_books, policies),
    )


def _price(given: ExplainInput, policies: Policies) -> Explanation:
    prices = given.prices or policies.prices
    if given.question is None or prices is None or given.source is None:
        raise StepInputError(("question, prices, source: required to explain a price",))
    source = given.source
    tables = PriceTables(
        price_index(given.catalogue, prices),
        books_of(source),
        BookLinks(source.accounts, source.lists),
        policies.tables.units,
    )
    return explain_price(given.question, tables, reading_of(source))


def _stock(given: ExplainInput, policies: Policies) -> Explanation:
    if given.unit is None or given.stock is None:
        raise StepInputError(("unit, stock: required to explain stock",))
    snapshot = snapshot_of(given.stock, policies.tables)
    key, versions = (given.unit.sku, given.unit.unit), table_versions(policies.tables)
    return explain_stock(key, snapshot, policies.stock, versions=versions)


def _account(given: ExplainInput, policies: Policies) -> Explanation:
    if given.customer is None:
        raise StepInputError(("customer: required to explain an account",))
    tables = _linked(given, policies)
    return explain_account(
        given.customer,
        tables,
        policies.orders,
        currency=given.currency,
        versions=table_versions(tables),
    )


def _totals(given: ExplainInput, policies: Policies) -> Explanation:
    if given.order is None:
        raise StepInputError(("order: required to explain totals",))
    return totals_of(order_of(given.order), policies, given.taxes)


def _linked(given: ExplainInput, policies: Policies) -> Tables:
    accounts = policies.orders.accounts
    links = links_of(given.links, company=policies.tables.company, policy=accounts)
    return evolve(policies.tables, links=links)


_EXPLAINS: Mapping[Explained, Callable[[ExplainInput, Policies], Explanation]] = {
    Explained.ORDER: _order,
    Explained.PRICE: _price,
    Explained.STOCK: _stock,
    Explained.ACCOUNT: _account,
    Explained.TOTALS: _totals,
}
