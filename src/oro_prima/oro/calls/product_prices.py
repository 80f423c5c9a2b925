"""
Prices: those of a list, and what a customer pays.

A write of prices makes the server build its combined lists anew, by the queue: shoppers see it
seconds later. Write many at once, one list at a time (`oro_prima.oro.calls.bulk`).
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from attrs import evolve, frozen

from oro_prima.call import Page
from oro_prima.ids import (
    OroCustomerId,
    OroPriceListId,
    OroProductId,
    OroSku,
    OroWebsiteId,
    UnitCode,
)
from oro_prima.oro.calls.jsonapi import ApiCall, digits
from oro_prima.oro.calls.records import PAGE, Question, ask_records, list_records
from oro_prima.oro.calls.writing import create_record, delete_record, update_record
from oro_prima.oro.models.price_records import (
    CUSTOMER_PRICES,
    KIT_PRICES,
    PRODUCT_PRICES,
    CustomerPrice,
    KitPrice,
    ProductPriceFields,
    ProductPriceFilter,
    ProductPriceRecord,
)
from oro_prima.values import to_decimal


@frozen
class KitChoice:
    """What goes into a kit for one of its items; None leaves the unit out."""

    item: str
    product: OroProductId
    quantity: Decimal = Decimal(1)
    unit: UnitCode | None = None


GUEST = OroCustomerId("0")
"""The customer whose prices a guest pays."""


def list_product_prices(
    *,
    price_list: OroPriceListId,
    where: ProductPriceFilter | None = None,
    size: int = PAGE,
) -> ApiCall[Page[ProductPriceRecord]]:
    """
    Read the prices of one list, page by page; the API knows no list of all prices.

    Pages go by number, for ids are no numbers: prices made meanwhile may be missed. Currencies
    cannot be filtered.
    """
    asked: ProductPriceFilter = {**(where or {}), "price_list": price_list}
    return list_records(PRODUCT_PRICES, where=asked, size=size)


def find_product_prices(
    *, price_list: OroPriceListId, skus: Sequence[OroSku], size: int = 1000
) -> ApiCall[Page[ProductPriceRecord]]:
    """
    Find every price of these products in a list, to see which to change and which to make.

    Raises:
        ValueError: A SKU is empty or holds a comma.
    """
    where = {"price_list": price_list, "product_sku": tuple(skus)}
    return ask_records(PRODUCT_PRICES, Question(where, size=size, number=1))


def create_product_price(fields: ProductPriceFields) -> ApiCall[ProductPriceRecord]:
    """
    Make a price; needs list, product, unit, `quantity`, `currency`, `value`.

    One that is there already (same list, product, unit, quantity, currency) is refused with 400:
    find it and change its value. More than 4 decimals are rounded by the server.
    """
    return create_record(PRODUCT_PRICES, fields=fields)


def set_product_price(price: str, *, value: Decimal) -> ApiCall[ProductPriceRecord]:
    """Change what a price is; it is cut loose from the rule that made it."""
    return update_record(PRODUCT_PRICES, key=price, fields={"value": value})


def update_product_price(price: str, *, fields: ProductPriceFields) -> ApiCall[ProductPriceRecord]:
    """Change a price; its list is fixed, its id stays."""
    return update_record(PRODUCT_PRICES, key=price, fields=fields)


def delete_product_price(price: str) -> ApiCall[None]:
    """Delete a price."""
    return delete_record(PRODUCT_PRICES, key=price)


def list_customer_prices(
    *, customer: OroCustomerId, website: OroWebsiteId, products: Sequence[OroProductId]
) -> ApiCall[Page[CustomerPrice]]:
    """
    Read what a customer pays for products, all tiers and currencies (6.1+).

    The list comes whole: ask for as many products as an address holds. An unknown product or
    customer gives no row. A change of prices shows when the queue has run.
    """
    where = {"customer": customer, "website": website, "product": tuple(products)}
    return ask_records(CUSTOMER_PRICES, Question(where, size=None))


def list_kit_prices(
    *,
    customer: OroCustomerId,
    website: OroWebsiteId,
    product: OroProductId,
    unit: UnitCode,
    quantity: Decimal,
    chosen: Sequence[KitChoice] = (),
) -> ApiCall[Page[KitPrice]]:
    """
    Read what a customer pays for a quantity of a kit (6.1+), as it was put together.

    `chosen` says what goes into the kit for each of its items; no answer without it was recorded.
    """
    where = {
        "customer": customer,
        "website": website,
        "product": product,
        "unit": unit,
        "quantity": quantity,
    }
    call = ask_records(KIT_PRICES, Question(where, size=None))
    beside = tuple(pair for one in chosen for pair in _choice(one))
    return evolve(call, query=(*call.query, *beside))


def _choice(one: KitChoice) -> tuple[tuple[str, str], ...]:
    """Write what was chosen for an item of a kit, as filters of its own."""
    name = f"filter[kitItems][{digits(one.item)}]"
    pairs = (
        (f"{name}[product]", digits(one.product)),
        (f"{name}[quantity]", format(to_decimal(one.quantity), "f")),
    )
    return pairs if one.unit is None else (*pairs, (f"{name}[unit]", one.unit))
