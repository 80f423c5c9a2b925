"""What the head of an order holds: its customer, its shipping method, its payment term."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from oro_prima.ids import PrimaAccount
from oro_prima.mapping.coverage.catalogues import CoverageFacts, Entity, ShopCustomer
from oro_prima.mapping.coverage.findings import Gap, Problem, grouped, problem_of
from oro_prima.mapping.coverage.probes import Probes, SmallestOrder
from oro_prima.outcome import Mapped, Unmapped
from oro_prima.prima.models.orders import PrimaOrder


def customer_gaps(facts: CoverageFacts, probing: Probes, *, shared: bool) -> Iterator[Gap]:
    """Yield customers whose orders are held, whose account is dead, or who share one."""
    accounts: dict[PrimaAccount, list[ShopCustomer]] = {}
    for customer in facts.shop.customers:
        outcomes = [(small, probing.of_header(small)) for small in _asked(customer, facts)]
        yield from grouped(
            _held(Entity.CUSTOMER, customer.id, small, one)
            for small, one in outcomes
            if isinstance(one, Unmapped)
        )
        used = {one.value.account for _small, one in outcomes if isinstance(one, Mapped)}
        for account in sorted(used):
            accounts.setdefault(account, []).append(customer)
            if not is_alive(account, facts.erp.accounts):
                detail = f"account {account} is none that Prima has open"
                yield _dead(Entity.CUSTOMER, customer.id, account, detail, outcomes[0][0])
    for account, customers in () if shared else accounts.items():
        for customer in customers if len(customers) > 1 else ():
            others = ", ".join(one.id for one in customers if one.id != customer.id)
            yield Gap(
                entity=Entity.CUSTOMER,
                key=customer.id,
                target=account,
                problem=Problem.MANY_TO_ONE,
                detail=f"account {account} is that of customers {others}, too",
                blocking=True,
            )


def _asked(customer: ShopCustomer, facts: CoverageFacts) -> Iterator[SmallestOrder]:
    for currency in customer.currencies or facts.shop.currencies:
        for ship_to in customer.ship_to:
            yield SmallestOrder(customer.id, currency, ship_to)


def code_gaps_of_heads(facts: CoverageFacts, probing: Probes) -> Iterator[Gap]:
    """Yield shipping methods and payment terms for which orders are held, or sent to dead codes."""
    shop = facts.shop
    methods = dict.fromkeys(shop.shipping_methods)
    terms = dict.fromkeys(shop.payment_terms)
    asked = [(Entity.CARRIER, one, SmallestOrder(shipping_method=one)) for one in methods]
    asked += [(Entity.PAYMENT_TERM, one, SmallestOrder(payment_term=one)) for one in terms]
    for entity, key, small in asked:
        outcome = probing.of_header(small)
        if isinstance(outcome, Unmapped):
            yield _held(entity, key, small, outcome)
        elif entity is Entity.CARRIER:
            yield from _dead_carriers(key, outcome.value, facts, small)


def _dead_carriers(
    method: str, order: PrimaOrder, facts: CoverageFacts, small: SmallestOrder
) -> Iterator[Gap]:
    for charge in order.charges:
        if not is_alive(charge.code, facts.erp.charges):
            detail = f"charge {charge.code} is none of Prima's"
            yield _dead(Entity.CARRIER, method, charge.code, detail, small)
    if order.carrier and not is_alive(order.carrier, facts.erp.carriers):
        detail = f"carrier {order.carrier} is none of Prima's"
        yield _dead(Entity.CARRIER, method, order.carrier, detail, small)


def _held(entity: Entity, key: str, small: SmallestOrder, outcome: Unmapped) -> Gap:
    return Gap(
        entity=entity,
        key=key,
        problem=problem_of(outcome.reasons),
        detail="; ".join(reason.detail for reason in outcome.reasons),
        blocking=True,
        reasons=outcome.reasons,
        order=small,
    )


def _dead(entity: Entity, key: str, target: str, detail: str, small: SmallestOrder) -> Gap:
    return Gap(
        entity=entity,
        key=key,
        target=target,
        problem=Problem.DEAD_TARGET,
        detail=detail,
        blocking=True,
        order=small,
    )


def is_alive(code: str, live: Iterable[str] | None) -> bool:
    """Tell whether a code is alive; where nobody can say which are, every one is."""
    return live is None or code in live
