"""Reading linked customers, their own price lists, and Prima's accounts. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from oro_prima.call import each
from oro_prima.ids import OroCustomerId
from oro_prima.mapping.account_fields import CustomerNow, CustomerPolicy, terms_by_prima
from oro_prima.mapping.proposals import AccountCard, EvidenceKind, LinkProposal, Organisation
from oro_prima.mapping.proposals import propose_links as _propose
from oro_prima.oro.calls.addresses import list_customer_addresses
from oro_prima.oro.calls.customers import list_customers
from oro_prima.oro.calls.price_lists import list_customer_price_lists
from oro_prima.oro.models.customers import Customer, CustomerFilter
from oro_prima.oro.models.price_assignments import CustomerPriceList
from oro_prima.plans.customers import LIMIT, CustomerSnapshot
from oro_prima.plans.scopes import EVERYTHING, CustomerScope, OfCustomers
from oro_prima.ports import Ports
from oro_prima.prima.models.account import Account
from oro_prima.prima.models.bound import Bound
from oro_prima.prima.models.capabilities import Capability
from oro_prima.records import Flow, Link, RecordState
from oro_prima.sync.capabilities import gather_capability
from oro_prima.sync.run import FlowRun, look

CHUNK = 100


def gather_customers(
    run: FlowRun,
    found: Bound[Account],
    policy: CustomerPolicy,
    *,
    scope: CustomerScope = EVERYTHING,
) -> CustomerSnapshot:
    """
    Read linked customers by id; their own assignments only where lists are kept.

    All of them, whatever the scope: how many would change is judged by all.

    Raises:
        CallError: OroCommerce cannot be read.
    """
    store = run.ports.store
    links = store.links()
    customers = list(_customers(run, tuple(links)))
    run.keep_lease()
    lists = _lists(run) if policy.keeps_lists else {}
    record = store.exception(Flow.CUSTOMERS, LIMIT)
    return CustomerSnapshot(
        now=run.now(),
        links=links,
        customers=tuple(_now(one, lists.get(one.id, ())) for one in customers),
        organisations=_organisations(run, customers, links),
        accounts=found.records,
        numbers={
            customer: tuple(one.number for one in rows)
            for customer, rows in run.ports.tables.deliveries.items()
        },
        terms=terms_by_prima(run.ports.tables.payment_terms),
        faults=found.faults,
        let_go=record is not None and record.state is RecordState.HELD and record.retry,
        only=frozenset(scope.customers) if isinstance(scope, OfCustomers) else None,
    )


def _customers(run: FlowRun, ids: tuple[OroCustomerId, ...]) -> Iterator[Customer]:
    if ids:
        where: CustomerFilter = {"id": ids}
        yield from each(run.ports.shop, list_customers(where=where))


def _lists(run: FlowRun) -> dict[OroCustomerId, tuple[CustomerPriceList, ...]]:
    found: dict[OroCustomerId, tuple[CustomerPriceList, ...]] = {}
    for one in each(run.ports.shop, list_customer_price_lists()):
        if one.customer is not None:
            found[one.customer] = (*found.get(one.customer, ()), one)
    return found


def _now(one: Customer, lists: tuple[CustomerPriceList, ...]) -> CustomerNow:
    return CustomerNow(one.id, one.group, one.payment_term, one.tax_code, lists)


def _organisations(
    run: FlowRun, customers: Sequence[Customer], links: Mapping[OroCustomerId, Link]
) -> tuple[Organisation, ...]:
    """Return what links were approved on; postcodes are read only where one was."""
    by_postcode = [
        link.customer
        for link in links.values()
        if link.pinned.startswith(EvidenceKind.POSTCODE_AND_NAME)
    ]
    postcodes = _postcodes(run, by_postcode) if by_postcode else {}
    return tuple(_organisation(one, postcodes.get(one.id, ())) for one in customers)


def _organisation(one: Customer, postcodes: tuple[str, ...]) -> Organisation:
    return Organisation(one.id, one.name or "", one.external_id or "", "", postcodes)


def _postcodes(
    run: FlowRun, customers: Sequence[OroCustomerId]
) -> dict[OroCustomerId, tuple[str, ...]]:
    found: dict[OroCustomerId, tuple[str, ...]] = {}
    for start in range(0, len(customers), CHUNK):
        chunk = tuple(customers[start : start + CHUNK])
        for one in each(run.ports.shop, list_customer_addresses(where={"customer": chunk})):
            if one.customer is not None and one.postal_code:
                found[one.customer] = (*found.get(one.customer, ()), one.postal_code)
    return found


def propose_customer_links(ports: Ports) -> tuple[LinkProposal, ...]:
    """
    Propose accounts for customers without a link, by exact evidence, for a person to approve.

    Every customer and its addresses are read, and every account. Nothing is linked.

    Raises:
        ConfigError: `not available: account is unbound`.
        CallError: a system cannot be read.
    """
    run = look(ports, Flow.CUSTOMERS)
    links = ports.store.links()
    with gather_capability(run.ports, Capability.ACCOUNT, Account) as found:
        cards = [
            AccountCard(one.code, one.name, postcodes=tuple(a.postcode for a in one.addresses))
            for one in found.records
        ]
    customers = [one for one in each(ports.shop, list_customers()) if one.id not in links]
    postcodes = _postcodes(run, [one.id for one in customers])
    shop = [_organisation(one, postcodes.get(one.id, ())) for one in customers]
    return _propose(shop, cards, links)


def numbered_addresses(ports: Ports) -> list[tuple[OroCustomerId, str, str, str]]:
    """
    Return what Prima knows of delivery addresses: customer, number, postcode, first line.

    It is what the table of deliveries holds, for a person to look at and put in place.

    Raises:
        ConfigError: `not available: account is unbound`.
        CallError: Prima cannot be read.
    """
    run = look(ports, Flow.CUSTOMERS)
    with gather_capability(run.ports, Capability.ACCOUNT, Account) as found:
        accounts = {one.code: one for one in found.records}
    return [
        (customer, address.number, address.postcode, next(iter(address.lines), ""))
        for customer, link in ports.store.links().items()
        if link.account in accounts
        for address in accounts[link.account].addresses
    ]
