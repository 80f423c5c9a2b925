"""Customers and products of a scope against both systems: nothing outside changes or is settled."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from tests.sync.flows import Bench, sandbox_bindings

from oro_prima.call import each
from oro_prima.errors import StoreError
from oro_prima.files import DropReader
from oro_prima.ids import (
    OroCustomerGroupId,
    OroCustomerId,
    OroPriceListId,
    OroSku,
    PrimaPriceBook,
    UnitCode,
)
from oro_prima.mapping import (
    BookPolicy,
    Component,
    CustomerPolicy,
    DisableProducts,
    Ends,
    PriceWritePolicy,
    PublicationPolicy,
    StockPolicy,
    UnitPolicy,
)
from oro_prima.mapping.policy import VariantRows
from oro_prima.oro.calls.customers import create_customer_group, list_customers
from oro_prima.oro.calls.price_lists import create_price_list
from oro_prima.oro.calls.product_prices import create_product_price, list_product_prices
from oro_prima.oro.calls.products import list_products
from oro_prima.oro.models.price_records import ProductPriceRecord
from oro_prima.oro.models.stock import StockSettings
from oro_prima.plans import (
    EVERYTHING,
    OfCustomers,
    OfProducts,
    PricePolicies,
    ProductPolicies,
    ProductScope,
    whole_pools,
)
from oro_prima.plans.customers import ChangedLinks, KnownAccounts
from oro_prima.plans.pools import skus_of_products
from oro_prima.prima.models.binding import FileBinding, RecordMap
from oro_prima.prima.models.capabilities import Capability
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.records import ExceptionRecord, Flow, Home, RecordState
from oro_prima.sandbox.oro import OrderLine
from oro_prima.sync import (
    FlowReport,
    StockReport,
    disabled_products,
    known_accounts,
    preview_customers,
    preview_prices,
    preview_products,
    preview_small_stock,
    preview_stock,
    products_named,
    sync_customers,
    sync_orders,
    sync_prices,
    sync_products,
    sync_small_stock,
    sync_stock,
)
from oro_prima.sync.gather_prices import Lists
from oro_prima.sync.keeping import keep, recall
from oro_prima.sync.known_accounts import ACCOUNTS_KEPT, LINKS_KEPT
from oro_prima.values import SkuKey

ACCOUNTS = sandbox_bindings(Capability.ACCOUNT)
BOOKS = sandbox_bindings(Capability.PRICE_BOOK)
ENFORCED = StockSettings(manage_inventory=True, decrement_quantity=True, back_order=False)
TAKE = ProductPolicies(UnitPolicy(), PublicationPolicy(DisableProducts.UNMAPPED, 50, Decimal(1)))
PRICES = PricePolicies(BookPolicy(False, variants=VariantRows.PRODUCT), PriceWritePolicy())
REMOVE = evolve(PRICES, writes=PriceWritePolicy(Ends.REMOVE, 9, Decimal(1)))
TRADE = PrimaPriceBook("TRADE-GBP")
STOCK = StockPolicy(low=Decimal(0), recent=timedelta(0))


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    bench.put_into_use()
    yield bench
    bench.store.close()


def hold_for(bench: Bench, flow: Flow, subject: str, code: ReasonCode) -> None:
    reasons, at = (Reason(code, subject, "made up"),), bench.world.clock()
    with bench.store.transaction() as tx:
        tx.put_exception(ExceptionRecord(flow, subject, reasons, RecordState.HELD, at, at, 1))


def state(bench: Bench, flow: Flow, subject: str) -> RecordState | None:
    found = bench.store.exception(flow, subject)
    return found.state if found is not None else None


@pytest.fixture
def policy(bench: Bench) -> CustomerPolicy:
    with bench.ports() as ports:
        group = OroCustomerGroupId(ports.shop.send(create_customer_group({"name": "Trade"})).id)
    return CustomerPolicy(groups={"TRADE-GBP": group, "RETAIL-GBP": group}, most_share=Decimal(1))


def groups(bench: Bench) -> dict[OroCustomerId, str | None]:
    with bench.ports() as ports:
        return {one.id: one.group for one in each(ports.shop, list_customers())}


def keep_customers(bench: Bench, policy: CustomerPolicy, *only: str) -> FlowReport:
    scope = OfCustomers(tuple(map(OroCustomerId, only))) if only else EVERYTHING
    with bench.ports(bindings=ACCOUNTS) as ports:
        return sync_customers(ports, policy, scope=scope)


def test_one_customer_alone_is_kept(bench: Bench, policy: CustomerPolicy) -> None:
    """What is held of it is settled; what is held of another, and of all, is not."""
    one, other = sorted(bench.store.links())[:2]
    for subject in (f"customers/{one}", f"customers/{other}", "customers/accounts"):
        hold_for(bench, Flow.CUSTOMERS, subject, ReasonCode.CUSTOMER_CODE_NOT_MAPPED)
    before = groups(bench)
    with bench.ports(bindings=ACCOUNTS) as ports:
        whole = preview_customers(ports, policy)
        part = preview_customers(ports, policy, scope=OfCustomers((one,)))
    report = keep_customers(bench, policy, one)
    after = groups(bench)

    assert part.commands == tuple(c for c in whole.commands if c.customer == one)
    assert report.counts["changed"] == 1
    assert after == {**before, one: policy.groups["TRADE-GBP"]}
    assert state(bench, Flow.CUSTOMERS, f"customers/{one}") is RecordState.RESOLVED
    assert state(bench, Flow.CUSTOMERS, f"customers/{other}") is RecordState.HELD
    assert state(bench, Flow.CUSTOMERS, "customers/accounts") is RecordState.HELD
    assert keep_customers(bench, policy, one).counts["changed"] == 0
    assert keep_customers(bench, policy).counts["changed"] == len(whole.commands) - 1


def test_what_is_known_of_other_accounts_stays(bench: Bench, policy: CustomerPolicy) -> None:
    """Trusted as long as before; a link that has changed of another customer has changed still."""
    links = bench.store.links()
    one, other = sorted(links)[:2]
    alone = keep_customers(bench, policy, one)
    assert set(known_accounts(bench.store)) == {links[one].account}
    keep_customers(bench, policy)
    before = recall(
        bench.store.kept(Flow.CUSTOMERS, (ACCOUNTS_KEPT,))[ACCOUNTS_KEPT], KnownAccounts
    )
    changed = ChangedLinks(((one, links[one].approved_at), (other, links[other].approved_at)))
    with bench.store.transaction() as tx:
        tx.put_kept(keep(Flow.CUSTOMERS, LINKS_KEPT, changed, at=bench.world.clock()))
    bench.advance(hours=1)
    keep_customers(bench, policy, one)
    kept = bench.store.kept(Flow.CUSTOMERS, (ACCOUNTS_KEPT, LINKS_KEPT))
    bench.advance(days=2)
    keep_customers(bench, policy, one)

    assert alone.ok
    assert recall(kept[ACCOUNTS_KEPT], KnownAccounts) == before
    assert recall(kept[LINKS_KEPT], ChangedLinks).approved == ((other, links[other].approved_at),)
    assert set(known_accounts(bench.store)) == {links[one].account}  # the rest is too old


@pytest.fixture
def lists(bench: Bench) -> Lists:
    """An empty list that is made of the trade book."""
    with bench.ports() as ports:
        new = create_price_list({"name": "T", "price_list_currencies": ("GBP",), "active": True})
        return {TRADE: OroPriceListId(ports.shop.send(new).id)}


def products(*skus: str) -> OfProducts:
    return OfProducts(tuple(map(OroSku, skus)))


def price(
    bench: Bench,
    lists: Lists,
    policy: PricePolicies = PRICES,
    scope: ProductScope = EVERYTHING,
    **changes: Any,
) -> FlowReport:
    bound: dict[str, Any] = {"bindings": BOOKS}
    with bench.ports(**(bound | changes)) as ports:
        return sync_prices(ports, lists, policy, scope=scope)


def rows(bench: Bench, lists: Lists) -> list[ProductPriceRecord]:
    (price_list,) = lists.values()
    with bench.ports() as ports:
        return list(each(ports.shop, list_product_prices(price_list=price_list)))


def stray(bench: Bench, lists: Lists, row: ProductPriceRecord) -> str:
    """Add a row that the book has no price for, and return its id."""
    (price_list,) = lists.values()
    fields: Any = {
        "price_list": price_list, "product": row.product, "unit": row.unit,
        "quantity": Decimal(7777), "currency": "GBP", "value": Decimal("9.99"),
    }  # fmt: skip
    with bench.ports() as ports:
        return ports.shop.send(create_product_price(fields)).id


def ids(bench: Bench) -> dict[str, str]:
    with bench.ports() as ports:
        return {str(one.sku): str(one.id) for one in each(ports.shop, list_products())}


def test_prices_of_one_product_alone_are_written(bench: Bench, lists: Lists) -> None:
    """Its rows; the union of all products is the whole list."""
    with bench.ports(bindings=BOOKS) as ports:
        (whole,) = preview_prices(ports, lists, PRICES)
    some = sorted({command.price.sku for command in whole.commands})
    with bench.ports(bindings=BOOKS) as ports:
        (part,) = preview_prices(ports, lists, PRICES, scope=products(some[0]))
    first = price(bench, lists, scope=products(some[0]))
    written = {str(row.product) for row in rows(bench, lists)}

    assert part.commands == tuple(c for c in whole.commands if c.price.sku == some[0])
    assert first.counts["rows added"] == len(part.commands)
    assert written == {ids(bench)[some[0]]}
    assert price(bench, lists, scope=products(some[0])).counts["rows added"] == 0
    assert price(bench, lists, scope=products()).counts["rows added"] == 0
    price(bench, lists, scope=products(*some[1:]))
    last = price(bench, lists)
    assert (last.counts["rows added"], last.counts["rows right"]) == (0, len(whole.commands))


def test_rows_of_other_products_never_end(bench: Bench, lists: Lists) -> None:
    """And their records stay; what the whole list says of rows that stay is not said of a part."""
    price(bench, lists)
    there = rows(bench, lists)
    mine = there[0]
    other = next(row for row in there if row.product != mine.product)
    one, two = stray(bench, lists, mine), stray(bench, lists, other)
    sku = {key: sku for sku, key in ids(bench).items()}
    kept = price(bench, lists, scope=products(sku[str(mine.product)]))
    subject = f"prices/{TRADE}/{sku[str(other.product)]}/{other.unit}"
    hold_for(bench, Flow.PRICES, subject, ReasonCode.PRICE_REFUSED)
    own = f"prices/{TRADE}/{sku[str(mine.product)]}/{mine.unit}"
    hold_for(bench, Flow.PRICES, own, ReasonCode.PRICE_REFUSED)
    ended = price(bench, lists, REMOVE, products(sku[str(mine.product)]))
    left = {row.id for row in rows(bench, lists)}

    assert kept.ok
    assert ended.counts["rows ended"] == 1
    assert one not in left
    assert two in left
    assert state(bench, Flow.PRICES, subject) is RecordState.HELD
    assert state(bench, Flow.PRICES, own) is RecordState.RESOLVED


def test_a_limit_of_the_list_holds_for_a_part_of_it(bench: Bench, lists: Lists) -> None:
    """Told under the name of the list; no product ends by being named alone."""
    price(bench, lists)
    mine = rows(bench, lists)[0]
    stray(bench, lists, mine)
    none = evolve(PRICES, writes=PriceWritePolicy(Ends.REMOVE, 0, Decimal(0)))
    sku = {key: sku for sku, key in ids(bench).items()}[str(mine.product)]
    before = len(rows(bench, lists))
    report = price(bench, lists, none, products(sku))

    assert [r.code for record in report.held for r in record.reasons] == [
        ReasonCode.CHANGES_OUTSIDE_LIMIT
    ]
    assert len(rows(bench, lists)) == before


def test_files_of_books_stay_for_the_whole_run(bench: Bench, lists: Lists, tmp_path: Path) -> None:
    """A part of them was written; the rest is to come."""
    folder = tmp_path / "drop"
    folder.mkdir()
    key = next(key for key in sorted(bench.units) if key[1] == "each")
    sku = bench.units[key][0].sku
    head = "book,currency,inclusive,product,m1,m2,m3,m4,quantity,price\n"
    codes = ",".join(sku.codes)
    (folder / "a.csv").write_text(f"{head}TRADE-GBP,GBP,no,{codes},1,2.50\n", encoding="utf-8")
    names = {"price_book": "book", "currency": "currency", "vat_inclusive": "inclusive"}
    names |= {n: n for n in ("product", "m1", "m2", "m3", "m4", "quantity", "price")}
    binding = FileBinding(str(folder), RecordMap(fields=tuple(names.items())), quiet=0)
    bound: Any = {
        "bindings": ((Capability.PRICE_BOOK, binding),),
        "files": DropReader(bench.world.clock),
    }
    price(bench, lists, scope=products(key[0]), **bound)
    there = (folder / "a.csv").exists()
    price(bench, lists, **bound)

    assert there
    assert not (folder / "a.csv").exists()


def statuses(bench: Bench) -> dict[str, str | None]:
    with bench.ports() as ports:
        return {p.sku or "": p.status for p in each(ports.shop, list_products())}


def judge(bench: Bench, scope: ProductScope = EVERYTHING, **words: Any) -> FlowReport:
    policy = words.get("policy", TAKE)
    with bench.ports() as ports:
        return sync_products(ports, policy, lists={}, defaults=ENFORCED, scope=scope)


def unmap(bench: Bench, count: int) -> list[str]:
    judge(bench)  # what nobody mapped in the seed
    shown = [sku for sku, status in statuses(bench).items() if status == "enabled"]
    skus = [sku for sku in shown if any(key[0] == sku for key in bench.units)][:count]
    for key in [key for key in bench.units if key[0] in skus]:
        del bench.units[key]
    return skus


def test_one_product_alone_is_taken_off(bench: Bench) -> None:
    """The other, as wrong, stays; faults of all products are told by runs of everything."""
    one, other = unmap(bench, 2)
    before = {r.subject: r for r in bench.store.exceptions((RecordState.HELD,))}
    hold_for(bench, Flow.PRODUCTS, f"publication/products/{one}", ReasonCode.PRODUCT_REFUSED)
    hold_for(bench, Flow.PRODUCTS, f"publication/products/{other}", ReasonCode.PRODUCT_REFUSED)
    with bench.ports() as ports:
        plan = preview_products(ports, TAKE, lists={}, defaults=ENFORCED, scope=products(one))
    report = judge(bench, products(one))
    now = statuses(bench)

    assert [command.sku for command in plan.commands] == [one]
    assert report.counts["disabled"] == 1
    assert (now[one], now[other]) == ("disabled", "enabled")
    assert {p.sku for kept in disabled_products(bench.store) for p in kept.products} >= {one}
    assert state(bench, Flow.PRODUCTS, f"publication/products/{one}") is RecordState.RESOLVED
    assert state(bench, Flow.PRODUCTS, f"publication/products/{other}") is RecordState.HELD
    after = {r.subject: r for r in bench.store.exceptions((RecordState.HELD,))}
    assert {key: after[key] for key in before} == before
    assert judge(bench, products(one)).counts.get("disabled", 0) == 0


def test_the_limit_of_all_products_holds_for_one(bench: Bench) -> None:
    """Two are wrong and one may be: none is taken off by naming one after the other."""
    one, other = unmap(bench, 2)
    tight = evolve(TAKE, publication=PublicationPolicy(DisableProducts.UNMAPPED, 1, Decimal(1)))
    reports = [judge(bench, products(sku), policy=tight) for sku in (one, other)]

    assert [r.code for record in reports[0].held for r in record.reasons] == [
        ReasonCode.CHANGES_OUTSIDE_LIMIT
    ]
    assert statuses(bench)[one] == statuses(bench)[other] == "enabled"


def publish(bench: Bench, scope: ProductScope = EVERYTHING, **changes: Any) -> StockReport:
    with bench.ports(**changes) as ports:
        return sync_stock(ports, STOCK, scope=scope)


def levels(bench: Bench) -> dict[tuple[str, str], Decimal]:
    return {(one.sku, one.unit): one.quantity for one in bench.world.oro.levels()}


@pytest.mark.parametrize("version", ["5.1", "6.1"])
def test_stock_of_one_product_goes_with_what_shares_it(tmp_path: Path, version: Any) -> None:
    """As the whole run would write it, orders that no run has read counted; nothing else."""
    bench = Bench(tmp_path, version)
    bench.put_into_use()
    publish(bench)
    marks, accepted = bench.store.marks(), bench.store.accepted_snapshot()
    for one in bench.world.oro.levels():
        bench.world.oro.set_level(one.sku, one.unit, one.quantity + 7)
    level = max(
        (one for one in bench.world.oro.levels() if (one.sku, one.unit) in bench.units),
        key=lambda one: one.quantity,
    )
    customer = bench.world.seed.links[0][0]
    bench.world.oro.place_order(
        customer, [OrderLine(level.sku, level.unit, Decimal(2), Decimal(1))]
    )
    before = levels(bench)
    pools = whole_pools(skus_of_products([OroSku(level.sku)], bench.units), bench.units)
    with bench.ports() as ports:
        whole = preview_stock(ports, STOCK)
        part = preview_stock(ports, STOCK, scope=products(level.sku))
    report = publish(bench, products(level.sku))
    after = levels(bench)

    mine = tuple(c for c in whole.commands if (c.sku, c.unit) in pools.units)
    assert part.commands == mine
    assert report.levels_changed == len(mine) > 0
    assert {key for key in before if before[key] != after[key]} <= set(pools.units)
    assert publish(bench, products(level.sku)).levels_changed == 0
    assert publish(bench, products()).levels_changed == 0
    assert (bench.store.marks(), bench.store.accepted_snapshot()) == (marks, accepted)
    publish(bench)
    assert all(after[key] == levels(bench)[key] for key in pools.units if key in after)
    bench.store.close()


def test_a_sku_that_prima_does_not_answer_keeps_its_levels(bench: Bench) -> None:
    """A refusal is told, and settles nothing of another run."""
    publish(bench)
    level = next(one for one in bench.world.oro.levels() if (one.sku, one.unit) in bench.units)
    hold_for(bench, Flow.STOCK, "stock/asked", ReasonCode.SNAPSHOT_REFUSED)
    publish(bench, products(level.sku))
    waits = state(bench, Flow.STOCK, "stock/asked")
    bench.world.faults.add("prima", "MultiAvailableToSell", "partial-snapshot", times=9)
    before = levels(bench)
    report = publish(bench, products(level.sku))
    bench.world.faults.clear()

    assert waits is RecordState.HELD
    assert report.stopped is not None or report.levels_changed == 0
    assert levels(bench) == before
    with bench.ports() as ports:
        sync_small_stock(ports, STOCK)


def test_a_line_that_the_table_lacks_is_told_of_its_own_product(bench: Bench) -> None:
    """A run of another product says nothing of it."""
    skus = sorted({one.sku for one in bench.world.oro.levels()})
    mine = skus[0]
    pools = whole_pools(skus_of_products([OroSku(mine)], bench.units), bench.units)
    shared = {sku for sku, _unit in pools.units}
    other = next(
        sku
        for sku in skus
        if sku not in shared and bench.units.keys() & {(OroSku(sku), UnitCode("case"))}
    )
    customer = bench.world.seed.links[0][0]
    publish(bench)
    for key in [key for key in bench.units if key[0] in (mine, other) and key[1] != "each"]:
        del bench.units[key]
    for sku in (mine, other):
        unit = next(x.unit for x in bench.world.oro.levels() if x.sku == sku and x.unit != "each")
        line = OrderLine(sku, unit, Decimal(1), Decimal(1))
        bench.world.oro.place_order(customer, [line])
    before = {r.subject for r in bench.store.exceptions((RecordState.HELD,))}
    report = publish(bench, products(mine))

    assert {r.subject.split("/")[1] for r in report.held} <= {mine}
    assert report.held or any(subject.startswith(f"stock/{mine}/") for subject in before)


def test_a_small_run_can_be_looked_at_first(bench: Bench) -> None:
    """The preview is what the run writes."""
    publish(bench)
    level = max(bench.world.oro.levels(), key=lambda one: one.quantity)
    customer = bench.world.seed.links[0][0]
    bench.world.oro.place_order(
        customer, [OrderLine(level.sku, level.unit, Decimal(2), Decimal(1))]
    )
    before = levels(bench)
    with bench.ports() as ports:
        plan = preview_small_stock(ports, STOCK)
        still = levels(bench)
        report = sync_small_stock(ports, STOCK)

    assert still == before
    assert plan.commands
    assert report.plan is not None
    assert report.plan.commands == plan.commands


def test_orders_are_posted_as_ever_after_runs_of_stock(bench: Bench) -> None:
    """A run of stock by name gives no order a home."""
    level = bench.world.oro.levels()[0]
    publish(bench, products(level.sku))
    assert bench.store.captures_at(Home) == ()
    with bench.ports() as ports:
        assert sync_orders(ports, bench.policy).posted


def test_products_are_named_as_far_as_the_flow_can_look_at_them(bench: Bench) -> None:
    """Mapped and gone from the shop, or with a name that Prima's stock cannot be asked by."""
    level = next(one for one in bench.world.oro.levels() if (one.sku, one.unit) in bench.units)
    parts = bench.units[OroSku(level.sku), UnitCode(level.unit)]
    bench.units[OroSku("GONE"), UnitCode("each")] = (Component(SkuKey("GONE"), Fraction(1)),)
    with bench.ports() as ports:
        assert products_named(ports, [level.sku], flow=Flow.STOCK) == products(level.sku)
        for flow in (Flow.STOCK, Flow.PRICES):
            with pytest.raises(StoreError, match=r"^product GONE is not in the shop$"):
                products_named(ports, [level.sku, "GONE"], flow=flow)
        with pytest.raises(StoreError, match="product A,B is not in the shop"):
            products_named(ports, ["A,B", level.sku], flow=Flow.PRODUCTS)
    bench.units[OroSku("A,B"), UnitCode("each")] = parts
    with bench.ports() as ports:
        assert products_named(ports, [level.sku], flow=Flow.PRICES) == products(level.sku)
        with pytest.raises(StoreError, match="by runs of all stock alone, for a comma"):
            products_named(ports, [level.sku], flow=Flow.STOCK)
