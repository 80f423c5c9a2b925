"""The customers flow: written once, a stop counts at once, nothing lost by a crash."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import pytest
from attrs import evolve
from tests.sync.flows import Bench, sandbox_bindings

from oro_prima.call import each
from oro_prima.errors import ConfigError
from oro_prima.ids import (
    OroCustomerGroupId,
    OroCustomerId,
    OroPriceListId,
    PrimaAccount,
    PrimaPriceBook,
)
from oro_prima.mapping import CustomerPolicy
from oro_prima.mapping.tables import AccountFacts, AccountState
from oro_prima.oro.calls.customers import create_customer_group, get_customer, list_customers
from oro_prima.oro.calls.price_lists import (
    create_customer_price_list,
    create_price_list,
    list_customer_price_lists,
)
from oro_prima.oro.calls.terms import create_customer_tax_code, create_payment_term
from oro_prima.oro.models.price_assignments import CustomerPriceList
from oro_prima.oro.models.price_records import PriceListFields
from oro_prima.plans.customers import SeenAccount
from oro_prima.prima.models.capabilities import Capability
from oro_prima.reasons import ReasonCode
from oro_prima.records import ExceptionRecord, Flow, Home, RecordState
from oro_prima.sync import (
    FlowReport,
    import_links,
    known_accounts,
    numbered_addresses,
    preview_customers,
    propose_customer_links,
    retry_held,
    sync_customers,
    sync_orders,
)
from oro_prima.sync.keeping import keep
from oro_prima.sync.known_accounts import facts_of

LIST: PriceListFields = {"price_list_currencies": ("GBP",), "active": True}
BOUND = sandbox_bindings(Capability.ACCOUNT)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    bench.put_into_use()
    yield bench
    bench.store.close()


@pytest.fixture
def policy(bench: Bench) -> CustomerPolicy:
    """Tables that lead to a group, terms, and a list a book, all made in the shop."""
    with bench.ports() as ports:
        send = ports.shop.send
        trade = send(create_customer_group({"name": "Trade"})).id
        retail = send(create_customer_group({"name": "Retail"})).id
        for code in ("30EOM", "30D", "PRO", "7D"):
            bench.terms[send(create_payment_term({"label": code})).id] = code
        lists = [
            send(
                create_price_list({"name": name, "price_list_currencies": ("GBP",), "active": True})
            ).id
            for name in ("Trade", "Retail")
        ]
    return CustomerPolicy(
        groups={"TRADE-GBP": OroCustomerGroupId(trade), "RETAIL-GBP": OroCustomerGroupId(retail)},
        price_lists={
            PrimaPriceBook("TRADE-GBP"): OroPriceListId(lists[0]),
            PrimaPriceBook("RETAIL-GBP"): OroPriceListId(lists[1]),
        },
    )


def run(bench: Bench, policy: CustomerPolicy, **changes: Any) -> FlowReport:
    with bench.ports(**({"bindings": BOUND} | changes)) as ports:
        return sync_customers(ports, policy)


def ours(bench: Bench, policy: CustomerPolicy) -> list[CustomerPriceList]:
    """Assignments of lists that are made of books."""
    with bench.ports() as ports:
        found = list(each(ports.shop, list_customer_price_lists()))
    return [one for one in found if one.price_list in policy.price_lists.values()]


def test_linked_customers_are_kept_as_prima_says(bench: Bench, policy: CustomerPolicy) -> None:
    """Once; the second run finds nothing to do; those without a link are left alone."""
    with bench.ports(bindings=BOUND) as ports:
        plan = preview_customers(ports, policy)
        before = {one.id: one for one in each(ports.shop, list_customers())}
    first = run(bench, policy)
    second = run(bench, policy)
    with bench.ports() as ports:
        after = {one.id: one for one in each(ports.shop, list_customers())}
    lists = ours(bench, policy)

    links = bench.store.links()
    assert first.ok
    assert first.counts["changed"] == len(plan.commands) == 2 * len(links)
    assert second.counts["changed"] == 0
    assert {one.group for key, one in after.items() if key in links} <= set(policy.groups.values())
    others = after.keys() - links.keys()
    assert {key: after[key] for key in others} == {key: before[key] for key in others}
    assert {one.customer for one in lists} == set(links)
    assert len(lists) == len(links)
    notes = [line.what for line in bench.store.journal() if line.flow == "customers"]
    assert notes.count("customer set") == len(links)


def test_a_preview_writes_nothing(bench: Bench, policy: CustomerPolicy) -> None:
    """Neither to the shop nor to the store."""
    with bench.ports(bindings=BOUND) as ports:
        assert preview_customers(ports, policy).commands

    assert bench.store.kept_below(Flow.CUSTOMERS) == ()
    with bench.ports(bindings=()) as ports, pytest.raises(ConfigError, match="account is unbound"):
        preview_customers(ports, policy)


@pytest.mark.parametrize("version", ["5.1", "6.1"])
def test_many_are_written_by_a_batch(tmp_path: Path, version: Literal["5.1", "6.1"]) -> None:
    """One request for all; what does not end is in doubt, and looked after by the next run."""
    bench = Bench(tmp_path, version, size=60)
    bench.put_into_use()
    with bench.ports() as ports:
        group = ports.shop.send(create_customer_group({"name": "Trade"})).id
    books = ("TRADE-GBP", "RETAIL-GBP")
    policy = CustomerPolicy(
        groups=dict.fromkeys(books, OroCustomerGroupId(group)), most_share=Decimal(1)
    )
    count = len(bench.store.links())
    assert count > 15
    bench.world.oro.consumer_running = False
    first, second = run(bench, policy), run(bench, policy)
    left = bench.store.kept_below(Flow.CUSTOMERS, "operations/")
    bench.world.oro.consumer_running = True
    bench.advance(minutes=5)
    third, fourth = run(bench, policy), run(bench, policy)

    assert first.counts["in doubt"] == count
    assert second.stopped is not None
    assert len(left) == 1
    assert third.counts["changed"] + fourth.counts["changed"] <= count
    assert fourth.ok
    assert bench.store.kept_below(Flow.CUSTOMERS, "operations/") == ()
    with bench.ports() as ports:
        shown = {one.id: one.group for one in each(ports.shop, list_customers())}
    assert {shown[one] for one in bench.store.links()} == {group}
    bench.store.close()


def test_a_forgotten_operation_is_over(bench: Bench) -> None:
    """The server knows nothing of it: it will write no more."""
    with bench.store.transaction() as tx:
        at = bench.world.clock()
        tx.put_kept(keep(Flow.CUSTOMERS, "operations/999", ("customers/1",), at=at))

    assert run(bench, CustomerPolicy()).ok
    assert bench.store.kept_below(Flow.CUSTOMERS, "operations/") == ()


def test_a_stop_in_prima_holds_orders(bench: Bench) -> None:
    """From the run on, as long as it is fresh; a table that says closed stays more careful."""
    seen = SeenAccount(next(iter(bench.store.links().values())).account, True, "GBP", False)
    stopped = facts_of(seen, None)
    closed = facts_of(evolve(seen, on_stop=False), AccountFacts(AccountState.CLOSED))
    run(bench, CustomerPolicy())
    known = known_accounts(bench.store)
    link = next(iter(bench.store.links().values()))

    assert stopped == AccountFacts(AccountState.STOPPED, "GBP", False)
    assert closed.state is AccountState.CLOSED
    assert {one.account for one in bench.store.links().values()} == set(known)
    assert isinstance(known[link.account].credit_limit, Decimal)


def test_orders_of_a_stopped_account_are_held(bench: Bench) -> None:
    """What Prima says of the account counts for the next run of orders."""
    binding = dict(BOUND)[Capability.ACCOUNT]
    fields = tuple(
        (name, "=Yes" if name == "on_stop" else place) for name, place in binding.mapping.fields
    )
    all_stopped = evolve(binding, mapping=evolve(binding.mapping, fields=fields))
    report = run(bench, CustomerPolicy(), bindings=((Capability.ACCOUNT, all_stopped),))
    with bench.ports() as ports:
        held = sync_orders(ports, bench.policy).held

    assert report.counts["accounts on stop"] == len(bench.store.links())
    codes = [reason.code for record in held for reason in record.reasons]
    assert ReasonCode.ACCOUNT_STOPPED in codes
    assert bench.store.count_homes().get(Home.POSTED, 0) == 0


def test_what_is_old_is_not_believed(bench: Bench) -> None:
    """A stop that nobody read again for days holds no order."""
    binding = dict(BOUND)[Capability.ACCOUNT]
    fields = tuple(
        (name, "=Yes" if name == "on_stop" else place) for name, place in binding.mapping.fields
    )
    all_stopped = evolve(binding, mapping=evolve(binding.mapping, fields=fields))
    run(bench, CustomerPolicy(), bindings=((Capability.ACCOUNT, all_stopped),))
    bench.advance(days=2)
    with bench.ports() as ports:
        sync_orders(ports, bench.policy)

    assert bench.store.count_homes()[Home.POSTED] > 0


def changed(held: tuple[ExceptionRecord, ...]) -> list[ExceptionRecord]:
    """Orders that are held because their link changed."""
    orders = [one for one in held if one.flow is Flow.ORDERS]
    return [one for one in orders if ReasonCode.LINK_CHANGED in {r.code for r in one.reasons}]


def test_a_link_that_changed_holds_orders_until_it_is_approved_again(bench: Bench) -> None:
    """And it is never linked anew by itself."""
    at = bench.world.clock()
    customer, link = next(iter(bench.store.links().items()))
    pinned = evolve(link, pinned="code NO-LONGER", approved_at=at)
    import_links(bench.store, links=(pinned,), by="Kim", at=at)
    report = run(bench, CustomerPolicy())
    with bench.ports() as ports:
        sync_orders(ports, bench.policy)
    held = bench.store.exceptions((RecordState.HELD,))
    waiting = changed(held)
    bench.advance(seconds=5)
    again = evolve(pinned, pinned="", approved_at=bench.world.clock())
    import_links(bench.store, links=(again,), by="Kim", at=bench.world.clock())
    for record in waiting:
        retry_held(bench.store, subject=record.subject, by="Kim", at=bench.world.clock())
    with bench.ports() as ports:
        second = sync_orders(ports, bench.policy)

    assert [r.subject for r in report.held] == [f"customers/{customer}"]
    assert waiting
    assert changed(bench.store.exceptions((RecordState.HELD,))) == []
    assert second.posted
    assert run(bench, CustomerPolicy()).ok
    settled = bench.store.exception(Flow.CUSTOMERS, f"customers/{customer}")
    assert settled is not None
    assert settled.state is RecordState.RESOLVED


def test_too_many_changes_are_let_go_by_a_person(bench: Bench, policy: CustomerPolicy) -> None:
    """One record for all; then everything is written."""
    few = evolve(policy, most=1, most_share=Decimal(0))
    first = run(bench, few)
    retry_held(bench.store, subject="customers/changes", by="Kim", at=bench.world.clock())
    second = run(bench, few)

    assert [r.subject for r in first.held] == ["customers/changes"]
    assert first.counts["changed"] == 0
    assert second.counts["changed"] > 1
    assert second.ok
    assert run(bench, few).ok


def test_an_answer_that_is_not_whole_changes_nothing(bench: Bench, policy: CustomerPolicy) -> None:
    """Nor what was known before."""
    run(bench, policy)
    before = known_accounts(bench.store)
    extra = [
        evolve(link, customer=OroCustomerId(str(n)), account=PrimaAccount(f"GONE{n}"))
        for n, link in enumerate(bench.store.links().values(), start=9000)
    ]
    import_links(bench.store, links=extra, by="Kim", at=bench.world.clock())
    report = run(bench, policy)

    assert [r.subject for r in report.held] == ["customers/accounts"]
    assert known_accounts(bench.store) == before


def test_what_the_shop_refuses_waits(bench: Bench, policy: CustomerPolicy) -> None:
    """A group that is not there."""
    groups = {**policy.groups, "TRADE-GBP": OroCustomerGroupId("999999")}
    wrong = evolve(policy, groups=groups, price_lists={})
    report = run(bench, wrong)

    assert report.counts["refused"] > 0
    assert {r.reasons[0].code for r in report.held} == {ReasonCode.CUSTOMER_REFUSED}
    assert run(bench, policy).ok


@pytest.mark.parametrize("operation", ["update_customers", "create_pricelisttocustomers"])
def test_a_lost_answer_is_looked_at(bench: Bench, policy: CustomerPolicy, operation: str) -> None:
    """The run stops or doubts; the next one finds what is there, and writes nothing twice."""
    bench.world.faults.add("oro", operation, "reset-after-commit")
    first = run(bench, policy)
    bench.world.faults.clear()
    run(bench, policy)
    third = run(bench, policy)
    lists = [one.customer for one in ours(bench, policy)]

    assert not first.ok
    assert third.counts["changed"] == 0
    assert third.ok
    assert len(lists) == len(set(lists)) == len(bench.store.links())


@pytest.mark.parametrize(
    "step", ["before-keep", "before-write", "after-write", "before-assign", "after-assign"]
)
def test_a_crash_at_any_step_is_made_good(bench: Bench, policy: CustomerPolicy, step: str) -> None:
    """The next runs end where a run without a crash would have."""

    def crash(name: str) -> None:
        if name == step:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), bench.ports(crash, bindings=BOUND) as ports:
        sync_customers(ports, policy)
    assert run(bench, policy).ok
    assert run(bench, policy).counts["changed"] == 0
    lists = [one.customer for one in ours(bench, policy)]
    assert len(lists) == len(set(lists)) == len(bench.store.links())


def test_an_assignment_of_another_book_is_moved(bench: Bench, policy: CustomerPolicy) -> None:
    """It leads to the right list afterwards; a campaign's list stays."""
    trade, retail = policy.price_lists.values()
    customer = next(iter(bench.store.links()))
    with bench.ports() as ports:
        made = ports.shop.send(
            create_customer_price_list(
                {"customer": customer, "price_list": retail, "sort_order": 1, "merge_allowed": True}
            )
        )
    run(bench, policy)
    with bench.ports() as ports:
        found = {one.id: one.price_list for one in each(ports.shop, list_customer_price_lists())}
    assert found[made.id] == trade


def test_links_are_proposed_by_exact_evidence(bench: Bench) -> None:
    """The customer without a link; nothing is linked, and its best evidence would be pinned."""
    with bench.ports(bindings=BOUND) as ports:
        found = propose_customer_links(ports)
        unlinked = {one.id for one in each(ports.shop, list_customers())} - set(bench.store.links())
        rows = numbered_addresses(ports)
        assert ports.shop.send(get_customer(next(iter(unlinked)))).id in unlinked

    assert {one.customer for one in found} <= unlinked
    assert {row[0] for row in rows} == set(bench.store.links())
    assert {row[1] for row in rows} == {"1", "2"}
    with bench.ports() as ports, pytest.raises(ConfigError):
        propose_customer_links(ports)


def test_tax_codes_are_set(bench: Bench) -> None:
    """Where the binding gives one."""
    binding = dict(BOUND)[Capability.ACCOUNT]
    fields = (*binding.mapping.fields, ("tax_code", "=UK"))
    bound = ((Capability.ACCOUNT, evolve(binding, mapping=evolve(binding.mapping, fields=fields))),)
    with bench.ports() as ports:
        code = ports.shop.send(create_customer_tax_code({"code": "UK"})).id
    run(bench, CustomerPolicy(tax_codes={"UK": code}), bindings=bound)
    with bench.ports() as ports:
        shown = ports.shop.send(get_customer(next(iter(bench.store.links()))))
    assert shown.tax_code == code
