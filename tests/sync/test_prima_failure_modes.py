"""
Each way in which a known connector to Prima failed, and the promise that keeps it from happening.

The seven are proved by the logs of a real client: docs/explanation/what-we-know-about-prima.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given
from tests.prima.documents import (
    COMPANY,
    ORDER,
    PROFILE,
    TODAY,
    UNIQUE,
    item,
    read,
    result,
    soap,
    texts,
)
from tests.prima.requests import read_sent
from tests.prima.served import served
from tests.sync.flows import Bench

from oro_prima.ids import PrimaAccount
from oro_prima.mapping import StockPolicy
from oro_prima.prima.calls import free_stock_of, post_order
from oro_prima.prima.models.charset import fit_text
from oro_prima.reasons import ReasonCode
from oro_prima.records import EntryState, ExceptionRecord, Home, RecordState
from oro_prima.sandbox.prima import PrimaSandbox
from oro_prima.sync import sync_orders, sync_stock
from oro_prima.values import SkuKey


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    made.put_into_use()
    yield made
    made.store.close()


def run(bench: Bench) -> None:
    with bench.ports() as ports:
        sync_orders(ports, bench.policy)


@given(texts)
def test_1_unescaped_text(note: str) -> None:
    """A quote in a note made one order invalid 31 times; here every text is well-formed."""
    order = evolve(ORDER, special_instructions=f'"{note}" & <{note}')
    call = post_order(order, unique_id=UNIQUE, profile=PROFILE, company=COMPANY)
    header = read_sent(call.request().body).request.find("Data/OrderHeaderData")

    assert header is not None
    fitted = fit_text(order.special_instructions, charset=PROFILE.charset, note=True).text
    assert header.attrib["SpecialInstructions"] == fitted
    assert fitted.startswith('"')


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("malformed", ReasonCode.REQUEST_MALFORMED),
        ("account", ReasonCode.ACCOUNT_REFUSED),
        ("goods", ReasonCode.GOODS_REFUSED),
        ("business", ReasonCode.PRIMA_REFUSED),
        ("price-basis", ReasonCode.VAT_BASIS_MISMATCH),
        ("follow-on", ReasonCode.PRIMA_REFUSED),
    ],
)
def test_1_what_prima_refused_is_not_sent_again(bench: Bench, kind: str, code: ReasonCode) -> None:
    """One attempt, then a person, whatever class the code has; nothing loops."""
    bench.profile = evolve(bench.profile, codes=(("548", kind, ""), ("194", "follow-on", "")))
    for _ in range(3):
        run(bench)
        bench.advance(hours=2)
    refused = [r for r in bench.store.exceptions([RecordState.HELD]) if code in codes(r)]
    entries = {f"orders/{one.order}": one for one in bench.store.entries([EntryState.RELEASED])}

    assert refused
    assert [entries[one.subject].attempt for one in refused] == [1 for _ in refused]


def codes(record: ExceptionRecord) -> list[ReasonCode]:
    return [reason.code for reason in record.reasons]


def test_2_silent_loss(bench: Bench) -> None:
    """A refusal on `Data` under a root without a status is never counted as sent."""
    run(bench)
    refused = bench.world.seed.special["vat_inclusive"]
    held = {one.subject for one in bench.store.exceptions([RecordState.HELD])}
    homes = {str(one.order): one.home for one in bench.store.captures_at(Home)}

    assert f"ORO-{refused}" not in bench.taken()
    assert f"orders/{refused}" in held
    assert homes[refused] is Home.HELD


def test_3_resend_of_an_unknown_order(bench: Bench) -> None:
    """Prima forgets every order, and E:21 with them; none is sent again, for ever."""
    run(bench)
    before = bench.taken()
    for order in bench.world.prima.orders():
        bench.world.prima.purge(order.order_number)
    for _ in range(3):
        bench.advance(days=7)
        run(bench)

    assert before == bench.taken()
    assert set(before.values()) == {1}


def test_4_partial_snapshot(bench: Bench) -> None:
    """603 of 5,390 SKUs with status OK: nothing in the shop changes, somebody is told."""
    run(bench)
    with bench.ports() as ports:
        sync_stock(ports, StockPolicy())
    before = bench.world.oro.levels()
    bench.world.faults.add("prima", "ProductAvailableToSell", "partial-snapshot")
    with bench.ports() as ports:
        report = sync_stock(ports, StockPolicy())

    assert before == bench.world.oro.levels()
    assert report.stopped is not None


@pytest.mark.parametrize("account", ["", " ", "\t"])
def test_5_customer_duplication(account: str) -> None:
    """A blank account would make a new customer each time; no such request can be written."""
    with pytest.raises(ValueError, match="account is blank"):
        post_order(
            evolve(ORDER, account=PrimaAccount(account)),
            unique_id=UNIQUE,
            profile=PROFILE,
            company=COMPANY,
        )


def test_6_vat_basis_mismatch(bench: Bench) -> None:
    """The cause is told although E:194 comes first, to finance, and the order is not repeated."""
    run(bench)
    order = f"orders/{bench.world.seed.special['vat_inclusive']}"
    record = next(r for r in bench.store.exceptions([RecordState.HELD]) if r.subject == order)

    assert [one.code for one in record.reasons] == [ReasonCode.VAT_BASIS_MISMATCH]
    assert "E:548, E:194" in record.reasons[0].detail


def test_7_case_differences() -> None:
    """`sku` and `SKU`, `UniqueId` and `UniqueID`, `None` and `NONE` are the same."""
    prima = PrimaSandbox(now=lambda: datetime(2031, 5, 6, tzinfo=UTC))
    prima.add_stock("GIFT", "NONE", quantity=3)
    asked = SkuKey("gift", "None")
    call = free_stock_of((asked,), profile=PROFILE, company=COMPANY, today=TODAY)
    (row,) = served(prima, call)
    found = item(TPGUID="", OrderNumber="").replace("UniqueID", "UNIQUEid")
    posted = post_order(ORDER, unique_id=UNIQUE, profile=PROFILE, company=COMPANY)

    assert (row.sku, row.sku.m1) == (asked, "NONE")
    assert row.available == 3
    assert read(posted, soap(result(found))).account == ORDER.account
