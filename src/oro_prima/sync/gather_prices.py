"""Reading price books and the price lists that are made of them. Writes nothing."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal

from attrs import evolve, frozen

from oro_prima.call import each
from oro_prima.ids import OroPriceListId, OroProductId, OroSku, PrimaPriceBook, UnitCode
from oro_prima.mapping.price_changes import ListedPrice
from oro_prima.mapping.quantities import QuantityRule
from oro_prima.mapping.tables import UnitKey
from oro_prima.oro.calls.price_lists import list_price_lists
from oro_prima.oro.calls.product_prices import list_product_prices
from oro_prima.oro.calls.records import list_records
from oro_prima.oro.calls.units import list_unit_precisions
from oro_prima.oro.models.price_records import ProductPriceRecord
from oro_prima.oro.models.prices import ProductPrice
from oro_prima.oro.models.resource import declare
from oro_prima.plans.prices import PriceSnapshot
from oro_prima.plans.scopes import EVERYTHING, OfProducts, ProductScope
from oro_prima.prima.models.bound import Bound
from oro_prima.prima.models.capabilities import Capability
from oro_prima.prima.models.files import Unmoved
from oro_prima.prima.models.prices import BookPrice
from oro_prima.records import Flow, RecordState
from oro_prima.sync.capabilities import gather_capability
from oro_prima.sync.price_books import ask_book, by_request
from oro_prima.sync.run import FlowRun
from oro_prima.values import local_date

PAGE = 1000
Lists = Mapping[PrimaPriceBook, OroPriceListId]
"""Price book -> the list that is made of it."""


@frozen
class _Named:
    """A product and its SKU, and nothing else of it."""

    id: OroProductId
    sku: OroSku | None = None


_NAMES = declare("products", _Named, attributes=("sku",))


@frozen
class ShopGoods:
    """What of the shop every list needs: read once a run."""

    products: Mapping[OroSku, OroProductId]
    skus: Mapping[OroProductId, OroSku]
    rules: Mapping[UnitKey, QuantityRule]
    currencies: Mapping[OroPriceListId, tuple[str, ...]]


def gather_goods(run: FlowRun) -> ShopGoods:
    """
    Read products with their units, which quantities can be bought, and every list's currencies.

    Raises:
        CallError: OroCommerce cannot be read.
    """
    shop = run.ports.shop
    named = each(shop, list_records(_NAMES, size=PAGE))
    products = {one.sku: one.id for one in named if one.sku}
    run.keep_lease()
    skus = {product: sku for sku, product in products.items()}
    rules: dict[UnitKey, QuantityRule] = {}
    for one in each(shop, list_unit_precisions(size=PAGE)):
        sku = skus.get(one.product or OroProductId(""))
        if sku is not None and one.unit is not None and one.precision:
            rules[sku, one.unit] = QuantityRule(precision=one.precision)
    currencies = {
        one.id: one.price_list_currencies or () for one in each(shop, list_price_lists(size=PAGE))
    }
    run.keep_lease()
    return ShopGoods(products, skus, rules, currencies)


@contextmanager
def gather_prices(
    run: FlowRun, lists: Lists, goods: ShopGoods, *, scope: ProductScope = EVERYTHING
) -> Generator[Iterator[PriceSnapshot], None, None]:
    """
    Give a snapshot a list, one after the other; each book is asked for alone.

    Bound to files, all books are read at once, and the files are done with at the end of the block;
    those of a scope stay where they are. Lists and books are read whole, whatever the scope: how
    many rows would end is judged by all.

    Raises:
        ConfigError: `not available: price_book is unbound`.
        CallError: a system cannot be read.
    """
    only = frozenset(scope.skus) if isinstance(scope, OfProducts) else None
    if by_request(run):
        asked = (_snapshot(run, *pair, ask_book(run, pair[0]), goods) for pair in lists.items())
        yield (evolve(one, only=only) for one in asked)
        return
    whole = only is None
    ports = run.ports if whole else evolve(run.ports, files=Unmoved(run.ports.files))
    with gather_capability(ports, Capability.PRICE_BOOK, BookPrice) as found:
        read = (_snapshot(run, *pair, found, goods) for pair in lists.items())
        yield (evolve(one, only=only) for one in read)


def _snapshot(
    run: FlowRun,
    book: PrimaPriceBook,
    price_list: OroPriceListId,
    found: Bound[BookPrice],
    goods: ShopGoods,
) -> PriceSnapshot:
    now = run.now()
    currencies = goods.currencies.get(price_list)
    return PriceSnapshot(
        now=now,
        day=local_date(now, run.ports.zone),
        book=book,
        price_list=price_list,
        rows=tuple(one for one in found.records if one.book.code == book),
        faults=found.faults,
        currencies=currencies,
        listed=tuple(_listed(run, price_list, goods)) if currencies is not None else (),
        products=goods.products,
        units=run.ports.tables.units,
        rules=goods.rules,
        let_go=_let_go(run),
    )


def _listed(run: FlowRun, price_list: OroPriceListId, goods: ShopGoods) -> Iterator[ListedPrice]:
    """Yield the rows of a list; one whose product is not shown is not of a product unit of ours."""
    call = list_product_prices(price_list=price_list, size=PAGE)
    for record in each(run.ports.shop, call):
        price = _price(record, price_list, goods)
        if price is not None:
            yield ListedPrice(record.id, price)
    run.keep_lease()


def _price(
    record: ProductPriceRecord, price_list: OroPriceListId, goods: ShopGoods
) -> ProductPrice | None:
    sku = goods.skus.get(record.product or OroProductId(""))
    if sku is None or record.value is None:
        return None
    return ProductPrice(
        price_list,
        sku,
        record.unit or UnitCode(""),
        record.quantity or Decimal(0),
        record.currency or "",
        record.value,
    )


def _let_go(run: FlowRun) -> frozenset[str]:
    held = run.ports.store.exceptions((RecordState.HELD,))
    return frozenset(r.subject for r in held if r.flow is Flow.PRICES and r.retry)
