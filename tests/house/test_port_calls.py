"""
What the exploration takes for granted of the engine: a call of a port stands alone.

While a port is asked, all that a run remembers must lie where its frames show it: in names. What an
expression has worked out already lies on Python's stack, which no frame shows. So no statement asks
a port while it keeps another port's answer there, and none within a list, set or dict comprehension
(which newer releases of Python run in the frame around it). Within a generator expression it may:
such a place is told from all others by its whole past.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from oro_prima.ports import Store, Transaction

SOURCE = Path(__file__).parents[2] / "src" / "oro_prima"
FLOW = "orders"
"""The flow that is explored: its module, and every module of `sync` that it needs."""

AROUND = (SOURCE / "call.py", SOURCE / "oro" / "calls" / "features.py")
"""What the engine asks ports through: the first asks page by page, the second before it begins."""


def _methods(port: type) -> frozenset[str]:
    return frozenset(name for name in vars(port) if not name.startswith("_")) - {"pair"}


SHARED = _methods(Store) | {"send"}
"""Methods that ask what others may see or change: there a run may stand still."""

PORTS = SHARED | _methods(Transaction) | {"clock"}
"""Methods that ask a port; the others nobody comes between."""

_BUILT = (ast.ListComp, ast.SetComp, ast.DictComp)
_EITHER = (ast.BoolOp, ast.IfExp)
"""What keeps nothing of one part while it works out the next."""

_LATER = (ast.Lambda, ast.GeneratorExp)
"""What has a frame of its own."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Engine:
    """Which functions ask a port, at once or through others, and which of them may stand still."""

    def __init__(self, trees: list[ast.Module]) -> None:
        self.functions = [f for tree in trees for f in ast.walk(tree) if isinstance(f, Function)]
        self.lazy = {f.name for f in self.functions if any(map(_is_yield, _own(f)))}
        self.asking, self.still = self._all(PORTS), self._all(SHARED)

    def _all(self, names: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
        """Return methods of ports, and the functions that reach one of them."""
        found: frozenset[str] = frozenset()
        while True:
            here = (names, found)
            more = {f.name for f in self.functions if any(_asks(n, here) for n in ast.walk(f))}
            if more == found:
                return here
            found = frozenset(more)

    def faults(self, functions: Iterable[Function]) -> Iterator[str]:
        """Say where a port is asked while another's answer lies on the stack."""
        for function in functions:
            for statement in _own(function):
                if isinstance(statement, ast.stmt):
                    for part in ast.iter_child_nodes(statement):
                        yield from self._within(function.name, part)

    def _within(self, name: str, node: ast.AST) -> Iterator[str]:
        """Look through one expression."""
        if isinstance(node, (*_LATER, ast.stmt)):
            return
        here = f"{name}, line {getattr(node, 'lineno', 0)}"
        if isinstance(node, _BUILT):
            if self._is_asked_while_built(node):
                yield f"{here}: a port is asked within a comprehension that is no generator"
            return
        parts = list(ast.iter_child_nodes(node))
        kept = False
        for part in parts:
            if kept and _reaches(part, self.still) and not isinstance(node, _EITHER):
                yield f"{here}: a port is asked while another's answer is kept"
            kept = kept or _reaches(part, self.asking)
            yield from self._within(name, part)
        if isinstance(node, ast.Call) and self._goes_on(node):
            yield f"{here}: what one port answers goes to another without a name"

    def _goes_on(self, call: ast.Call) -> bool:
        given = any(_reaches(part, self.asking) for part in _given(call))
        return given and _is_method(call, SHARED)

    def _is_asked_while_built(self, node: ast.ListComp | ast.SetComp | ast.DictComp) -> bool:
        first = node.generators[0].iter
        apart = set(ast.walk(first))
        if any(_asks(part, self.still) for part in ast.walk(node) if part not in apart):
            return True
        calls = (part for part in apart if isinstance(part, ast.Call))
        return any(_called(c) in self.lazy and _asks(c, self.still) for c in calls)


def _own(function: Function) -> Iterator[ast.AST]:
    """Return every part of a function but the functions within it."""
    todo: list[ast.AST] = list(function.body)
    while todo:
        node = todo.pop()
        yield node
        todo += [n for n in ast.iter_child_nodes(node) if not isinstance(n, Function)]


def _reaches(node: ast.AST, names: tuple[frozenset[str], frozenset[str]]) -> bool:
    """Tell whether an expression asks a port in the frame that it stands in."""
    if isinstance(node, (*_LATER, ast.stmt)):
        return False
    return _asks(node, names) or any(_reaches(part, names) for part in ast.iter_child_nodes(node))


def _asks(node: ast.AST, names: tuple[frozenset[str], frozenset[str]]) -> bool:
    methods, functions = names
    if not isinstance(node, ast.Call):
        return False
    return _is_method(node, methods) or _called(node) in functions


def _is_method(call: ast.Call, names: frozenset[str]) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr in names


def _given(call: ast.Call) -> list[ast.AST]:
    return [*call.args, *(keyword.value for keyword in call.keywords)]


def _called(call: ast.Call) -> str:
    func = call.func
    return func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")


def _is_yield(node: ast.AST) -> bool:
    return isinstance(node, (ast.Yield, ast.YieldFrom))


def found(*sources: str, around: tuple[str, ...] = ()) -> list[str]:
    """Return the faults of sources; `around` is only called by them."""
    trees = [ast.parse(source) for source in sources]
    engine = Engine([*trees, *map(ast.parse, around)])
    own = [f for tree in trees for f in ast.walk(tree) if isinstance(f, Function)]
    return list(engine.faults(own))


def engine() -> dict[str, str]:
    """Return the modules of `sync` that run under the exploration: what the flow imports."""
    todo, modules = [FLOW], dict[str, str]()
    while todo:
        name = todo.pop()
        if name not in modules:
            modules[name] = (SOURCE / "sync" / f"{name}.py").read_text(encoding="utf-8")
            todo += re.findall(r"^from oro_prima\.sync\.(\w+) import", modules[name], re.MULTILINE)
    return modules


def test_the_engine_is_what_the_explored_flow_needs() -> None:
    """Of the others none runs under the exploration."""
    assert {"gather", "posting", "recover", "run", "settle", "write_back"} < engine().keys()
    assert "stock" not in engine()


def test_a_port_is_asked_in_a_statement_of_its_own() -> None:
    """All over the engine."""
    texts = engine().values()
    around = tuple(path.read_text(encoding="utf-8") for path in AROUND)

    assert found(*texts, around=around) == []


HELPERS = """
def lazy(run):
    yield run.ports.erp.send(1)

def helper(run, now=None):
    return run.ports.store.links()

def now(self):
    return self.ports.clock()
"""


@pytest.mark.parametrize(
    "line",
    [
        "f(run.now(), run.ports.store.links())",
        "f(run.ports.store.links(), helper(run))",
        "x = [store.entry(row) for row in rows]",
        "x = [row for row in lazy(run)]",
        "x = {row: store.entry(row) for row in rows}",
        "x = store.captures(store.accepted_since(now))",
        "x = helper(run) + helper(run)",
        "x = store.links()[helper(run)]",
        "x = store.links().get(helper(run))",
        "x = f'{run.now()} {helper(run)}'",
        "if run.now() > helper(run): pass",
    ],
)
def test_company_is_found(line: str) -> None:
    """Whatever form it has."""
    assert len(found(f"{HELPERS}\ndef flow(run, store, rows):\n    {line}\n")) == 1


@pytest.mark.parametrize(
    "line",
    [
        "x = run.now() or store.links()",
        "x = store.links() if run.now() else store.marks()",
        "x = tuple(store.entry(row) for row in rows)",
        "x = [row for row in store.marks()]",
        "x = evolve(store.links()[3], home=4, at=run.now())",
        "x = helper(run, run.now())",
        "tx.put_entry(evolve(entry, at=run.now()))",
    ],
)
def test_what_stands_alone_is_let_through(line: str) -> None:
    """One after the other, by a name, or where nobody can come between."""
    assert found(f"{HELPERS}\ndef flow(run, store, rows):\n    {line}\n") == []
