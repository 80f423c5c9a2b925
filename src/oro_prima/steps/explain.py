"""`explain`: why a rule decided as it did, by the same rule run again with a recorder."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import evolve

from oro_prima.config import Policies
from oro_prima.mapping.explain import Explanation, explanation_text, explanation_tree
from oro_prima.mapping.explaining import explain_account
from oro_prima.mapping.prices import BookLinks, PriceTables, explain_price, price_index
from oro_prima.steps.prices import books_of, reading_of
from oro_prima.steps.reading import (
    StepInputError,
    links_of,
    policies_of,
    read_input,
    write_output,
)
from oro_prima.steps.shapes_goods import Explained, ExplainInput, ExplainOutput


def explain(document: Mapping[str, object]) -> dict[str, object]:
    """
    Explain a decision: `ExplainInput` in, `ExplainOutput` out, both as JSON values.

    Raises:
        StepInputError: names every fault of the document.
    """
    given = read_input(document, ExplainInput)
    policies = policies_of(given.policy)
    found = _price(given, policies) if given.what is Explained.PRICE else _account(given, policies)
    return write_output(
        ExplainOutput(found.result, explanation_tree(found), explanation_text(found))
    )


def _price(given: ExplainInput, policies: Policies) -> Explanation:
    if given.question is None or given.prices is None or given.source is None:
        raise StepInputError(("question, prices, source: required to explain a price",))
    source = given.source
    tables = PriceTables(
        price_index(given.catalogue, given.prices),
        books_of(source),
        BookLinks(source.accounts, source.lists),
        policies.tables.units,
    )
    return explain_price(given.question, tables, reading_of(source))


def _account(given: ExplainInput, policies: Policies) -> Explanation:
    if given.customer is None:
        raise StepInputError(("customer: required to explain an account",))
    accounts = policies.orders.accounts
    links = links_of(given.links, company=policies.tables.company, policy=accounts)
    tables = evolve(policies.tables, links=links)
    return explain_account(given.customer, tables, policies.orders, currency=given.currency)
