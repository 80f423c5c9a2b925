"""
Why a rule decided as it did: the same rule, run again with a recorder.

A rule takes a keyword `to: Recorder = SILENT` and notes what it looked at; `SILENT` forgets it all,
so that values stay plain and nothing is kept when nobody asks. `explain_*` runs the rule with a
`Tree` and returns its `Explanation`, to print (`explanation_text`) or as JSON (`explanation_tree`).
Texts are made when they are read, never when they are noted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TypeGuard

from attrs import define, field, frozen

from oro_prima.mapping.recorder import SILENT, Recorder
from oro_prima.outcome import Mapped, Unmapped

__all__ = [
    "SILENT",
    "Explanation",
    "Recorder",
    "Refused",
    "TableRow",
    "Tree",
    "explanation_text",
    "explanation_tree",
    "said",
    "version_of",
]

Versions = Mapping[str, str]
"""Name of a table -> its version, such as `version_of` gives."""


@frozen
class TableRow:
    """A row that was looked up, in that version of its table; `cells` is empty for no such row."""

    table: str
    key: str
    version: str
    cells: tuple[tuple[str, str], ...]


@frozen
class Refused:
    """An alternative that was not taken, and why."""

    what: str
    why: str


@frozen
class Explanation:
    """One rule as it ran: what went in, what it looked up, what it refused, what came out."""

    rule: str
    inputs: tuple[tuple[str, str], ...] = ()
    rows: tuple[TableRow, ...] = ()
    refused: tuple[Refused, ...] = ()
    result: str = ""
    steps: tuple[Explanation, ...] = ()


@define
class Tree:
    """
    A recorder that keeps what it is told.

    Args:
        rule: The rule that runs.
        versions: Versions of the tables it looks things up in.
    """

    rule: str
    versions: Versions = field(factory=dict[str, str])
    _inputs: Mapping[str, object] = field(factory=dict[str, object], alias="inputs")
    _rows: list[TableRow] = field(factory=list[TableRow], init=False)
    _refused: list[Refused] = field(factory=list[Refused], init=False)
    _steps: list[Tree] = field(factory=list["Tree"], init=False)
    _result: object = field(default="", init=False)

    def step(self, rule: str, /, **inputs: object) -> Recorder:
        """Begin a rule inside this one."""
        inner = Tree(rule, self.versions, inputs=inputs)
        self._steps.append(inner)
        return inner

    def row(self, table: str, key: object, /, **cells: object) -> None:
        """Note a row with the version of its table; an unknown version is empty."""
        version = self.versions.get(table, "")
        self._rows.append(TableRow(table, said(key), version, _pairs(cells)))

    def refused(self, what: object, why: str, /, *values: object) -> None:
        """Note an alternative that was not taken."""
        self._refused.append(Refused(said(what), why.format(*map(said, values))))

    def gave(self, result: object) -> None:
        """Note what the rule answers."""
        self._result = result

    def explanation(self) -> Explanation:
        """Return what was recorded."""
        return Explanation(
            rule=self.rule,
            inputs=_pairs(self._inputs),
            rows=tuple(self._rows),
            refused=tuple(self._refused),
            result=said(self._result),
            steps=tuple(step.explanation() for step in self._steps),
        )


def _pairs(named: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    return tuple((name, said(value)) for name, value in named.items())


def said(value: object) -> str:
    """
    Say a value in words: outcomes by value or reasons, rows as a list, nothing as `none`.

    >>> said(("case", None)), said(Mapped(7))
    ('case, none', '7')
    """
    if value is None:
        return "none"
    if _is_mapped(value):
        return said(value.value)
    if isinstance(value, Unmapped):
        return "; ".join(f"{reason.code}: {reason.detail}" for reason in value.reasons)
    if _is_many(value):
        return ", ".join(said(one) for one in _listed(value)) or "none"
    return str(value)


def _is_mapped(value: object) -> TypeGuard[Mapped[object]]:
    return isinstance(value, Mapped)


def _is_many(value: object) -> TypeGuard[Collection[object]]:
    return isinstance(value, (tuple, list, set, frozenset))


def _listed(value: Collection[object]) -> Iterable[object]:
    return sorted(value, key=str) if isinstance(value, (set, frozenset)) else value


def version_of(rows: Iterable[object]) -> str:
    """
    Return the version of a table: 12 hex digits of its rows, in whatever order they come.

    Rows must say what they hold in `repr`, as frozen values do.
    """
    import hashlib

    digest = hashlib.sha256()
    for text in sorted(map(repr, rows)):
        digest.update(text.encode())
        digest.update(b"\n")
    return digest.hexdigest()[:12]


def explanation_text(explanation: Explanation) -> str:
    """
    Return the explanation as a tree to print: a line a rule, what it saw below it.

    >>> print(explanation_text(Explanation("stock.pool", (("free", "9"),), result="9")))
    stock.pool (free 9) = 9
    """
    return "\n".join(_lines(explanation, ""))


def _lines(step: Explanation, indent: str) -> Iterable[str]:
    inputs = ", ".join(f"{name} {value}" for name, value in step.inputs)
    result = f" = {step.result}" if step.result else ""
    yield f"{indent}{step.rule}{f' ({inputs})' if inputs else ''}{result}"
    deeper = f"{indent}  "
    for row in step.rows:
        cells = ", ".join(f"{name} {value}" for name, value in row.cells) or "no such row"
        version = f" @{row.version}" if row.version else ""
        yield f"{deeper}row {row.table}{version}[{row.key}]: {cells}"
    for one in step.refused:
        yield f"{deeper}not {one.what}: {one.why}"
    for inner in step.steps:
        yield from _lines(inner, deeper)


def explanation_tree(explanation: Explanation) -> dict[str, object]:
    """Return the explanation as plain values for JSON; empty parts are left out."""
    tree: dict[str, object] = {"rule": explanation.rule}
    if explanation.inputs:
        tree["inputs"] = dict(explanation.inputs)
    if explanation.rows:
        tree["rows"] = [_row_tree(row) for row in explanation.rows]
    if explanation.refused:
        tree["refused"] = [{"what": one.what, "why": one.why} for one in explanation.refused]
    if explanation.result:
        tree["result"] = explanation.result
    if explanation.steps:
        tree["steps"] = [explanation_tree(step) for step in explanation.steps]
    return tree


def _row_tree(row: TableRow) -> dict[str, object]:
    cells = dict(row.cells) if row.cells else None
    return {"table": row.table, "key": row.key, "version": row.version, "cells": cells}
