"""The products flow: told once, taken off by choice and within a limit, put back by a person."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from attrs import evolve
from tests.sync.flows import Bench

from oro_prima.call import each
from oro_prima.errors import ConfigError
from oro_prima.ids import OroPriceListId, OroProductId, OroSku, PrimaPriceBook
from oro_prima.mapping import DisableProducts, PublicationPolicy, UnitPolicy
from oro_prima.oro.calls.price_lists import create_price_list
from oro_prima.oro.calls.products import list_products
from oro_prima.oro.models.stock import StockSettings
from oro_prima.plans import DisableProduct, ProductPolicies
from oro_prima.reasons import ReasonCode
from oro_prima.records import Flow, RecordState
from oro_prima.sync import (
    FlowReport,
    disabled_products,
    preview_products,
    restore_products,
    retry_held,
    sync_products,
)
from oro_prima.sync.keeping import keep

ENFORCED = StockSettings(manage_inventory=True, decrement_quantity=True, back_order=False)
TELL = ProductPolicies(UnitPolicy(), PublicationPolicy())
TAKE = evolve(TELL, publication=PublicationPolicy(DisableProducts.UNMAPPED, 50, Decimal(1)))


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    bench.put_into_use()
    yield bench
    bench.store.close()


def run(bench: Bench, policy: ProductPolicies = TELL) -> FlowReport:
    with bench.ports() as ports:
        return sync_products(ports, policy, lists={}, defaults=ENFORCED)


def unmap(bench: Bench) -> str:
    """Take a product out of the table, and return its SKU."""
    with bench.ports() as ports:
        shown = [p.sku for p in each(ports.shop, list_products()) if p.status == "enabled"]
    sku = next(one for one in shown if one and any(key[0] == one for key in bench.units))
    for key in [key for key in bench.units if key[0] == sku]:
        del bench.units[key]
    return sku


def statuses(bench: Bench) -> dict[str, str | None]:
    with bench.ports() as ports:
        return {p.sku or "": p.status for p in each(ports.shop, list_products())}


def test_what_should_not_be_online_is_told_and_left(bench: Bench) -> None:
    """One record a cause; settled when it is mended."""
    before = statuses(bench)
    first = run(bench)
    gone = dict(bench.units)
    sku = unmap(bench)
    second, third = run(bench), run(bench)
    bench.units.update(gone)
    run(bench)

    subjects = {record.subject for record in second.held}
    assert subjects <= {f"publication/{code.value}" for code in ReasonCode}
    assert third.held == ()
    assert statuses(bench) == before
    assert sku in before
    assert first.counts["product units that should not be online"] > 0
    record = bench.store.exception(Flow.PRODUCTS, "publication/unknown-unit")
    assert record is not None
    assert record.owner.value == "product data"


def test_what_is_not_mapped_is_taken_off_and_put_back(bench: Bench) -> None:
    """By choice; kept before; once."""
    run(bench, TAKE)  # those of the seed that nobody mapped
    before = statuses(bench)
    sku = unmap(bench)
    with bench.ports() as ports:
        plan = preview_products(ports, TAKE, lists={}, defaults=ENFORCED)
    done, again = run(bench, TAKE), run(bench, TAKE)
    kept = next(
        one for one in disabled_products(bench.store) if sku in {p.sku for p in one.products}
    )
    off = statuses(bench)
    with bench.ports() as ports:
        back = restore_products(ports, run_id=kept.run, by="Kim", note="a slip")
        with pytest.raises(ConfigError, match="no run"):
            restore_products(ports, run_id=kept.run, by="Kim")

    assert [command.sku for command in plan.commands] == [sku]
    assert (done.counts["disabled"], "disabled" in again.counts) == (1, False)
    assert off == {**before, sku: "disabled"}
    assert back.counts["enabled again"] == 1
    assert statuses(bench) == before


def test_what_cannot_be_put_back_now_can_be_later(bench: Bench) -> None:
    """The shop refuses one of two: the other is back, and that one is kept."""
    run(bench, TAKE)
    sku = unmap(bench)
    run(bench, TAKE)
    (kept,) = disabled_products(bench.store)
    ghost = DisableProduct(OroProductId("999999"), OroSku("GHOST"))
    both = evolve(kept, products=(ghost, *kept.products))
    with bench.store.transaction() as tx:
        subject = f"disabled/{kept.run}"
        tx.put_kept(keep(Flow.PRODUCTS, subject, both, at=bench.world.clock()))
    with bench.ports() as ports:
        first = restore_products(ports, run_id=kept.run, by="Kim")
        (left,) = disabled_products(bench.store)
        second = restore_products(ports, run_id=kept.run, by="Kim")

    assert first.counts["enabled again"] == 1
    assert [r.reasons[0].code for r in first.held] == [ReasonCode.PRODUCT_REFUSED]
    assert left.products == (ghost,)
    assert "enabled again" not in second.counts
    assert statuses(bench)[sku] == "enabled"
    (line,) = [one for one in bench.store.journal() if one.detail.startswith("1 of 2 products")]
    assert line.what == "products enabled again"


def test_too_many_wait_for_a_person(bench: Bench) -> None:
    """And are taken off when they are let go."""
    run(bench, TAKE)
    unmap(bench)
    none = evolve(TELL, publication=PublicationPolicy(DisableProducts.UNMAPPED, 0, Decimal(0)))
    first = run(bench, none)
    retry_held(bench.store, subject="publication/changes", by="Kim", at=bench.world.clock())
    second = run(bench, none)

    assert "publication/changes" in {record.subject for record in first.held}
    assert "disabled" not in first.counts
    assert second.counts["disabled"] == 1


@pytest.mark.parametrize("step", ["before-disable", "after-disable"])
def test_a_crash_is_made_good(bench: Bench, step: str) -> None:
    """What was to be taken off is known, and is off after the next run."""
    run(bench, TAKE)
    sku = unmap(bench)

    def crash(name: str) -> None:
        if name == step:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), bench.ports(crash) as ports:
        sync_products(ports, TAKE, lists={}, defaults=ENFORCED)
    run(bench, TAKE)

    assert statuses(bench)[sku] == "disabled"
    assert any(sku in {p.sku for p in one.products} for one in disabled_products(bench.store))


def test_what_is_refused_or_lost(bench: Bench) -> None:
    """A refusal waits alone; a lost answer stops the run, and the next one finds it done."""
    run(bench, TAKE)
    sku = unmap(bench)
    bench.world.faults.add("oro", "update_products", "reset-after-commit")
    first, second = run(bench, TAKE), run(bench, TAKE)

    assert first.stopped is not None
    assert second.stopped is None
    assert statuses(bench)[sku] == "disabled"


def test_prices_are_judged_where_lists_are_made_of_books(bench: Bench) -> None:
    """Against the rows of those lists."""
    with bench.ports() as ports:
        new = create_price_list({"name": "T", "price_list_currencies": ("GBP",), "active": True})
        lists = {PrimaPriceBook("T"): OroPriceListId(ports.shop.send(new).id)}
        plan = preview_products(ports, TELL, lists=lists, defaults=ENFORCED)
        unknown = preview_products(ports, TELL, lists={}, defaults=ENFORCED)

    assert ReasonCode.NO_PRICE in {r.code for r in plan.reasons}
    assert ReasonCode.NO_PRICE not in {r.code for r in unknown.reasons}
    assert bench.store.exceptions((RecordState.HELD,)) == ()
