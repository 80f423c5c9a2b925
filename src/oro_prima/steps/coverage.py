"""`check_coverage`: is everything that can occur in an order mapped to exactly one live target?"""

from __future__ import annotations

from collections.abc import Mapping

from attrs import evolve

from oro_prima.mapping.coverage import (
    CoverageFacts,
    CoveragePolicy,
    CoverageReport,
    Gap,
    check_coverage,
)
from oro_prima.steps.reading import links_of, policies_of, read_input, reason_rows, write_output
from oro_prima.steps.shapes_goods import CheckCoverageInput, CheckCoverageOutput, GapRow


def check_coverage_step(document: Mapping[str, object]) -> dict[str, object]:
    """
    Check coverage: `CheckCoverageInput` in, `CheckCoverageOutput` out, both as JSON values.

    Raises:
        StepInputError: names every fault of the document.
    """
    given = read_input(document, CheckCoverageInput)
    policies = policies_of(given.policy)
    accounts = policies.orders.accounts
    links = links_of(given.links, company=policies.tables.company, policy=accounts)
    facts = CoverageFacts(given.shop, given.erp, evolve(policies.tables, links=links), given.codes)
    policy = CoveragePolicy(policies.orders, blocking=frozenset(given.blocking))
    if given.shared is not None:
        policy = evolve(policy, shared=frozenset(given.shared))
    return write_output(coverage_output(check_coverage(facts, policy, sales=given.sales)))


def coverage_output(report: CoverageReport) -> CheckCoverageOutput:
    """Give a report in its published shape."""
    return CheckCoverageOutput(
        passed=report.passed,
        gaps=tuple(_row(gap) for gap in report.gaps),
        checked=report.checked,
        not_checked=report.not_checked,
    )


def _row(gap: Gap) -> GapRow:
    return GapRow(
        entity=gap.entity,
        oro_key=gap.key,
        prima_key=gap.target,
        problem=gap.problem,
        detail=gap.detail,
        blocking=gap.blocking,
        smallest_order="" if gap.order is None else str(gap.order),
        revenue=gap.revenue,
        reasons=reason_rows(gap.reasons),
    )
