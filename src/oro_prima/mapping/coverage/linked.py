"""What no order is mapped by: price lists, tax codes, and terms and warehouses by code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set

from oro_prima.mapping.coverage.catalogues import CoverageFacts, Entity
from oro_prima.mapping.coverage.findings import Gap, Problem


def code_gaps(facts: CoverageFacts, *, shared: Set[Entity], blocking: Set[Entity]) -> Iterator[Gap]:
    """Yield codes that lead nowhere, to a dead one, or to one that another leads to."""
    shop, erp = facts.shop, facts.erp
    for entity, keys, live in (
        (Entity.PAYMENT_TERM, shop.payment_terms, erp.payment_terms),
        (Entity.PRICE_LIST, shop.price_lists, erp.price_books),
        (Entity.TAX_CODE, shop.tax_codes, erp.tax_codes),
        (Entity.WAREHOUSE, shop.warehouses, erp.warehouses),
    ):
        codes = facts.codes.get(entity)
        if codes is None:
            continue
        for key in dict.fromkeys(keys):
            for problem, detail in _problems(key, codes, live, entity not in shared):
                target = codes.get(key, "")
                yield Gap(entity, key, problem, detail, entity in blocking, target)


def _problems(
    key: str, codes: Mapping[str, str], live: Set[str] | None, alone: bool
) -> Iterator[tuple[Problem, str]]:
    target = codes.get(key, "")
    if not target:
        yield Problem.UNMAPPED, f"{key} leads to no code"
        return
    if live is not None and target not in live:
        yield Problem.DEAD_TARGET, f"{target} is none of Prima's"
    others = [other for other, code in codes.items() if code == target and other != key]
    if alone and others:
        yield Problem.MANY_TO_ONE, f"{', '.join(sorted(others))} lead to {target}, too"
