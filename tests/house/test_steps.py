"""
Every named step is one that the proof kills at: none is forgotten.

A step is announced by `ports.step("name")` with a name that stands there, in a module of one flow.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from oro_prima.records import Flow
from oro_prima.testing.killing import ALL_STEPS, APPLY_STEPS, RUN_STEPS

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "oro_prima"

FLOWS: dict[str, Flow | str] = {
    "apply": "apply",
    "customers": Flow.CUSTOMERS,
    "fulfilment": Flow.FULFILMENT,
    "invoices": Flow.INVOICES,
    "orders": Flow.ORDERS,
    "posting": Flow.ORDERS,
    "price_ends": Flow.PRICES,
    "prices": Flow.PRICES,
    "products": Flow.PRODUCTS,
    "recover": Flow.ORDERS,
    "stock": Flow.STOCK,
    "tasks": "run",
    "write_back": Flow.ORDERS,
    "writing": Flow.STOCK,
}
"""Modules that announce steps, and the flow or the verb that each is of."""


def announced(text: str) -> Iterator[str]:
    """Yield the steps that a module announces; one without a name of its own is `?`."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("ports.step"):
            match node.args:
                case [ast.Constant(value=str(name))]:
                    yield name
                case _:
                    yield "?"


def everywhere() -> set[tuple[Flow | str, str]]:
    """Return (flow, step) of every announcement; a module of no known flow is named itself."""
    return {
        (FLOWS.get(path.stem, str(path.relative_to(SOURCE))), name)
        for path in SOURCE.rglob("*.py")
        for name in announced(path.read_text(encoding="utf-8"))
    }


def test_every_step_that_is_announced_is_killed_at() -> None:
    """And nothing else: a step that nobody announces proves nothing."""
    known: set[tuple[Flow | str, str]] = {
        (f, step) for f, some in ALL_STEPS.items() for step in some
    }
    known |= {("run", step) for step in RUN_STEPS}
    known |= {("apply", step) for step in APPLY_STEPS}
    assert everywhere() == known


def test_the_proof_kills_at_all_of_them() -> None:
    """And the page says which."""
    prove = (ROOT / "tools" / "prove.py").read_text(encoding="utf-8")
    page = (ROOT / "docs" / "explanation" / "exactly-once.md").read_text(encoding="utf-8")

    assert "for flow, steps in ALL_STEPS.items() for step in steps" in " ".join(prove.split())
    assert "kill_run(step" in prove
    assert "kill_apply(step" in prove
    for step in (step for steps in (*ALL_STEPS.values(), RUN_STEPS, APPLY_STEPS) for step in steps):
        assert f"`{step}`" in page


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('run.ports.step("a")', ["a"]),
        ("run.ports.step(name)", ["?"]),
        ("run.ports.step()", ["?"]),
        ('self.ports.step("a")', ["a"]),
        ('trail.step("a")', []),
        ('run.stop("a")', []),
    ],
)
def test_announcements_are_found(text: str, found: list[str]) -> None:
    """A name that is made up on the way is no name."""
    assert list(announced(text)) == found
