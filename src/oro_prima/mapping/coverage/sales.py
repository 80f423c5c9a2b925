"""What was sold of each thing: what is at risk where it cannot be ordered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal

from attrs import frozen

from oro_prima.ids import OroCustomerId, OroSku, UnitCode
from oro_prima.mapping.coverage.catalogues import Entity
from oro_prima.oro.models.orders import Order

Revenue = Mapping[tuple[Entity, str], Mapping[str, Decimal]]
"""(what, its key) -> currency -> amount."""


@frozen
class Sale:
    """One line that was sold; `amount` is before tax and promotions. What is not known is empty."""

    customer: OroCustomerId
    sku: OroSku
    unit: UnitCode
    currency: str
    amount: Decimal
    shipping_method: str = ""
    payment_term: str = ""
    price_list: str = ""
    tax_code: str = ""
    warehouse: str = ""


def unit_key(sku: str, unit: str) -> str:
    """
    Return the key by which a product unit is named.

    >>> unit_key("BOOT", "pair")
    'BOOT/pair'
    """
    return f"{sku}/{unit}"


def sales_of(orders: Iterable[Order], *, since: datetime) -> Iterator[Sale]:
    """Yield the lines of orders created since an instant; a line without a price is worth 0."""
    for order in orders:
        if order.created_at < since or order.customer is None:
            continue
        for line in order.lines:
            if line.product_sku is None or line.product_unit_code is None:
                continue
            yield Sale(
                order.customer,
                line.product_sku,
                line.product_unit_code,
                order.currency or "",
                (line.value or Decimal(0)) * line.quantity,
                order.shipping_method or "",
                order.payment_term or "",
            )


def revenue_of(sales: Iterable[Sale]) -> Revenue:
    """Add up what was sold of each thing, currency by currency, in one pass."""
    found: dict[tuple[Entity, str], dict[str, Decimal]] = {}
    for sale in sales:
        for key in _keys(sale):
            by_currency = found.setdefault(key, {})
            known = by_currency.get(sale.currency, Decimal(0))
            by_currency[sale.currency] = known + sale.amount
    return found


def _keys(sale: Sale) -> Iterator[tuple[Entity, str]]:
    yield Entity.CUSTOMER, sale.customer
    yield Entity.PRODUCT_UNIT, unit_key(sale.sku, sale.unit)
    yield Entity.CARRIER, sale.shipping_method
    for entity, key in (
        (Entity.PAYMENT_TERM, sale.payment_term),
        (Entity.PRICE_LIST, sale.price_list),
        (Entity.TAX_CODE, sale.tax_code),
        (Entity.WAREHOUSE, sale.warehouse),
    ):
        if key:
            yield entity, key
