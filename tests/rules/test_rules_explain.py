"""Explaining: the same rule with a recorder; a tree to print and as JSON."""

from __future__ import annotations

import json
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from oro_prima.mapping import (
    SILENT,
    Recorder,
    Tree,
    explanation_text,
    explanation_tree,
    version_of,
)
from oro_prima.mapping.explain import said
from oro_prima.outcome import Mapped, Outcome, unmapped
from oro_prima.reasons import ReasonCode
from tests.rules.making import BOOT, a_line


def smallest(amounts: tuple[int, ...], *, to: Recorder = SILENT) -> Outcome[int]:
    """Return the smallest amount: a rule to try the recorder on."""
    step = to.step("smallest", amounts=amounts)
    found: Outcome[int] = (
        Mapped(min(amounts)) if amounts else unmapped(ReasonCode.NO_LINES, "x", "no amounts")
    )
    for amount in sorted(set(amounts))[1:]:
        step.refused(amount, "{} is smaller", min(amounts))
    step.row("amounts", "first", value=amounts[0]) if amounts else step.row("amounts", "first")
    step.gave(found)
    return found


@given(st.lists(st.integers()).map(tuple))
def test_a_rule_answers_the_same_whether_or_not_it_is_recorded(amounts: tuple[int, ...]) -> None:
    """The recorder only listens."""
    assert smallest(amounts) == smallest(amounts, to=Tree("asked"))


def test_an_explanation_prints_as_a_tree() -> None:
    """A line a rule; rows, their version and refused alternatives below it."""
    tree = Tree("asked", {"amounts": "7f"})
    smallest((3, 2), to=tree)
    smallest((), to=tree)

    assert explanation_text(tree.explanation()).splitlines() == [
        "asked",
        "  smallest (amounts 3, 2) = 2",
        "    row amounts @7f[first]: value 3",
        "    not 3: 2 is smaller",
        "  smallest (amounts none) = no-lines: no amounts",
        "    row amounts @7f[first]: no such row",
    ]


def test_a_row_of_an_unknown_version_has_none() -> None:
    """Nothing is made up."""
    tree = Tree("asked")
    tree.row("units", BOOT, count=Decimal(6))

    assert "  row units[BOOT-F-070]: count 6" in explanation_text(tree.explanation())


def test_an_explanation_is_json() -> None:
    """Empty parts are left out; a row that is not there has no cells."""
    tree = Tree("asked")
    smallest((3, 2), to=tree)
    smallest((), to=tree)
    read = json.loads(json.dumps(explanation_tree(tree.explanation())))

    assert read["rule"] == "asked"
    first, second = read["steps"]
    assert first == {
        "rule": "smallest",
        "inputs": {"amounts": "3, 2"},
        "rows": [{"table": "amounts", "key": "first", "version": "", "cells": {"value": "3"}}],
        "refused": [{"what": "3", "why": "2 is smaller"}],
        "result": "2",
    }
    assert second["rows"][0]["cells"] is None
    assert explanation_tree(Tree("bare").explanation()) == {"rule": "bare"}


def test_sets_are_said_in_order() -> None:
    """So the same explanation is the same text."""
    assert said(frozenset("cab")) == "a, b, c"
    assert said(["b", "a"]) == "b, a"


@given(st.lists(st.integers()), st.randoms())
def test_a_version_is_of_the_rows_not_of_their_order(rows: list[int], random: object) -> None:
    """Any other row gives another version."""
    mixed = list(rows)
    random.shuffle(mixed)  # type: ignore[attr-defined]

    assert version_of(rows) == version_of(mixed)
    assert version_of(rows) != version_of([*rows, a_line()])
