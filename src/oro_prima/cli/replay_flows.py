"""Recorded runs of the other flows planned again: the same, or what another policy does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from attrs import evolve, frozen

from oro_prima.cli.plan_lines import lines_of
from oro_prima.config import Policies
from oro_prima.plans import PricePolicies, ProductPolicies
from oro_prima.plans.flow_recording import (
    CustomerQuestion,
    FulfilmentQuestion,
    InvoiceQuestion,
    PriceQuestion,
    ProductQuestion,
    Question,
    StockQuestion,
    answer,
)
from oro_prima.records import Flow
from oro_prima.sync.recordings import FlowReplayed, Replay


@frozen
class FlowChange:
    """What another policy would not have done any more in a recorded run, and what it would."""

    name: str
    flow: Flow
    gone: tuple[str, ...]
    new: tuple[str, ...]


def changes_under(found: Iterable[FlowReplayed], policies: Policies) -> Iterator[FlowChange]:
    """Plan recorded runs by another policy; yield those that differ, line by line."""
    for one in found:
        if one.question is not None:
            before = Counter(lines_of(answer(one.question)))
            after = Counter(lines_of(answer(asked_under(one.question, policies))))
            gone, new = before - after, after - before
            if gone or new:
                yield FlowChange(one.name, one.flow, tuple(gone.elements()), tuple(new.elements()))


def asked_under(question: Question, policies: Policies) -> Question:
    """Ask the same of another policy and, where units play a part, of another unit table."""
    units = policies.tables.units
    match question:
        case StockQuestion(snapshot):
            tables = evolve(snapshot.tables, units=units)
            asked = evolve(snapshot, tables=tables)
            return evolve(question, snapshot=asked, policy=policies.stock)
        case FulfilmentQuestion():
            return evolve(question, policy=policies.fulfilment)
        case CustomerQuestion():
            return evolve(question, policy=policies.flows.customers)
        case PriceQuestion(snapshot):
            policy = PricePolicies(policies.books, policies.flows.pricing)
            return PriceQuestion(evolve(snapshot, units=units), policy)
        case ProductQuestion():
            rules = ProductPolicies(policies.products, policies.flows.publication)
            return evolve(question, policy=rules)
        case InvoiceQuestion():
            return evolve(question, policy=policies.orders)


def flows_tree(found: Sequence[FlowReplayed], changes: Sequence[FlowChange]) -> dict[str, object]:
    """Return what became of each recorded run, as plain JSON."""
    return {
        "flows": [
            {
                "name": one.name, "run": one.run, "flow": one.flow.value,
                "outcome": one.outcome.value,
            }
            for one in found
        ],
        "flows_under": [
            {"name": one.name, "flow": one.flow.value, "gone": one.gone, "new": one.new}
            for one in changes
        ],
    }  # fmt: skip


def flows_text(found: Sequence[FlowReplayed], changes: Sequence[FlowChange]) -> str:
    """Return a line a flow, then what would be otherwise; empty where nothing is recorded."""
    lines = [
        f"{flow.value}: {_counted([one.outcome for one in found if one.flow is flow])}"
        for flow in Flow
        if any(one.flow is flow for one in found)
    ]
    lines += [f"  {one.name}: {one.outcome.value}" for one in found if one.question is None]
    for change in changes:
        lines.append(f"{change.flow.value}, {change.name}:")
        lines += [*(f"  - {line}" for line in change.gone), *(f"  + {line}" for line in change.new)]
    return "\n".join(lines)


def _counted(outcomes: Sequence[Replay]) -> str:
    counts = Counter(outcomes)
    return ", ".join(f"{counts[kind]} {kind.value}" for kind in Replay if counts[kind])
