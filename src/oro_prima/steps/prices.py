"""`resolve_price` and `map_prices`: what a customer pays, and a price book as a price list."""

from __future__ import annotations

from collections.abc import Mapping

from oro_prima.mapping.prices import (
    BookIndex,
    BookPolicy,
    book_index,
    map_book_prices,
    price_index,
    resolve_price,
)
from oro_prima.outcome import Unmapped
from oro_prima.steps.reading import policies_of, read_input, reason_rows, write_output
from oro_prima.steps.shapes_goods import (
    BookSource,
    MapPricesInput,
    MapPricesOutput,
    ResolvePriceInput,
    ResolvePriceOutput,
)
from oro_prima.values import LocalDate


def resolve_price_step(document: Mapping[str, object]) -> dict[str, object]:
    """
    Find a price: `ResolvePriceInput` in, `ResolvePriceOutput` out, both as JSON values.

    Raises:
        StepInputError: names every fault of the document.
    """
    given = read_input(document, ResolvePriceInput)
    found = resolve_price(given.question, price_index(given.catalogue, given.prices))
    currency = given.question.currency
    if isinstance(found, Unmapped):
        reasons = reason_rows(found.reasons)
        return write_output(ResolvePriceOutput(None, currency, None, "", "", "", reasons))
    price = found.value
    return write_output(
        ResolvePriceOutput(
            price=price.value,
            currency=currency,
            tier=price.row.quantity,
            price_list=price.link.price_list,
            level=price.link.level.value,
            rule=price.rule.value,
            reasons=(),
        )
    )


def map_prices(document: Mapping[str, object]) -> dict[str, object]:
    """
    Make a price list of a price book: `MapPricesInput` in, `MapPricesOutput` out.

    Raises:
        StepInputError: names every fault of the document.
    """
    given = read_input(document, MapPricesInput)
    units = policies_of(given.policy).tables.units
    found = map_book_prices(
        [(one.sku, one.unit) for one in given.keys] or units,
        book=given.book,
        price_list=given.price_list,
        day=LocalDate(given.day),
        index=books_of(given.source),
        units=units,
        policy=reading_of(given.source),
    )
    return write_output(MapPricesOutput(found.prices, reason_rows(found.reasons)))


def books_of(source: BookSource) -> BookIndex:
    """Index the books of a document."""
    return book_index(source.books, source.rows)


def reading_of(source: BookSource) -> BookPolicy:
    """Return how the books of a document are read."""
    return BookPolicy(source.vat_inclusive, variants=source.variants, overlap=source.overlap)
