"""Reading products and their units for the publication gate. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from oro_prima.call import Call, Page, each
from oro_prima.ids import OroProductId, OroSku, UnitCode
from oro_prima.mapping.product_units import UnitCatalogue
from oro_prima.mapping.publication import GateFacts, ShopUnit
from oro_prima.mapping.quantities import QuantityRule
from oro_prima.mapping.tables import UnitKey
from oro_prima.oro.calls.product_prices import list_product_prices
from oro_prima.oro.calls.records import Question, ask_records
from oro_prima.oro.calls.stock import list_category_stock, list_levels
from oro_prima.oro.calls.units import list_unit_precisions
from oro_prima.oro.models.products import PRODUCTS, Product
from oro_prima.oro.models.stock import InventoryLevel, StockSettings, settings_chain
from oro_prima.plans.products import LIMIT, ProductSnapshot, ShopProduct
from oro_prima.plans.scopes import EVERYTHING, OfProducts, ProductScope
from oro_prima.reasons import ReasonCode
from oro_prima.records import Flow, RecordState
from oro_prima.sync.free_stock import all_free_stock
from oro_prima.sync.gather_prices import Lists
from oro_prima.sync.run import FlowRun
from oro_prima.values import SkuKey

PAGE = 1000
FIELDS = ("sku", "status", "tax_code", "product_type")
NOT_JUDGED = frozenset({ReasonCode.TAX_CODE_NOT_MAPPED})
"""Which of Prima's codes a tax code means is a matter of orders, and checked by coverage."""


def gather_products(
    run: FlowRun, *, lists: Lists, defaults: StockSettings, scope: ProductScope = EVERYTHING
) -> ProductSnapshot:
    """
    Read every product with its units, what Prima sells, and what has a price.

    All of them, whatever the scope: how many would be disabled is judged by all.

    Args:
        run: Who reads.
        lists: Price lists that are made of books; without any, prices are not judged.
        defaults: What the system configuration says of stock, which the API does not show.
        scope: What the run is of.

    Raises:
        CallError: a system cannot be read.
    """
    shop = run.ports.shop
    live = _live(run)
    levels = list(each(shop, list_levels()))
    run.keep_lease()
    units = _units(run, levels, defaults)
    products = tuple(_products(run, units))
    run.keep_lease()
    judged = frozenset(ReasonCode) - NOT_JUDGED - ({ReasonCode.NO_PRICE} if not lists else set())
    record = run.ports.store.exception(Flow.PRODUCTS, LIMIT)
    return ProductSnapshot(
        now=run.now(),
        facts=GateFacts(
            units=UnitCatalogue(table=run.ports.tables.units),
            live=live,
            priced=frozenset(_priced(run, lists, levels)),
            tax_codes=frozenset[str](),
        ),
        products=products,
        judged=judged,
        let_go=record is not None and record.state is RecordState.HELD and record.retry,
        only=frozenset(scope.skus) if isinstance(scope, OfProducts) else None,
    )


def _live(run: FlowRun) -> frozenset[SkuKey]:
    ports = run.ports
    call = all_free_stock(ports, at=run.now())
    with run.patient(ports.snapshot_timeout):
        return frozenset(row.sku for row in ports.erp.send(call))


def _units(
    run: FlowRun, levels: list[InventoryLevel], defaults: StockSettings
) -> Mapping[OroProductId, list[ShopUnit]]:
    shop = run.ports.shop
    categories = {one.id: one for one in each(shop, list_category_stock())}
    decimals = {
        (one.product, one.unit): one.precision or 0
        for one in each(shop, list_unit_precisions(size=PAGE))
    }
    found: dict[OroProductId, list[ShopUnit]] = {}
    for level in levels:
        chain = settings_chain(level, categories=categories, system=defaults)
        rule = QuantityRule(precision=decimals.get((level.product, level.unit), 0))
        unit = ShopUnit(level.sku, level.unit, settings=chain, rule=rule)
        found.setdefault(level.product, []).append(unit)
    return found


def _products(run: FlowRun, units: Mapping[OroProductId, list[ShopUnit]]) -> Iterator[ShopProduct]:
    """Yield every product that is sold itself; a configurable one is only chosen from."""
    question = Question(sort=("id",), fields=FIELDS, size=PAGE, number=1)
    call: Call[Page[Product]] | None = ask_records(PRODUCTS, question)
    while call is not None:
        page = run.ports.shop.send(call)
        for one in page.items:
            if one.product_type != "configurable" and one.sku:
                yield _product(one, units.get(one.id, []))
        call = page.next


def _product(one: Product, units: list[ShopUnit]) -> ShopProduct:
    code = one.tax_code or ""
    coded = tuple(ShopUnit(u.sku, u.unit, code, u.settings, u.rule) for u in units)
    return ShopProduct(one.id, OroSku(one.sku or ""), one.status == "enabled", coded)


def _priced(run: FlowRun, lists: Lists, levels: list[InventoryLevel]) -> Iterator[UnitKey]:
    skus = {level.product: level.sku for level in levels}
    for price_list in lists.values():
        for row in each(run.ports.shop, list_product_prices(price_list=price_list, size=PAGE)):
            sku = skus.get(row.product or OroProductId(""))
            if sku is not None:
                yield sku, row.unit or UnitCode("")
