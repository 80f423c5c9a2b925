"""
Mutants of a module: each small change that a test should notice, all of them in one tree.

A mutant inside a function is chosen while the program runs, so a module is compiled and its tests
are collected once for all of them. One that takes effect when the module is loaded (a default, an
attribute of a class) is `early`: it needs a process of its own.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass

ACTIVE, REACHED = "__mutant__", "__reached__"
"""Names in `builtins`: the number of the mutant that is active, and what notes one as reached."""

_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE), ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,), ast.NotIn: (ast.In,),
}  # fmt: skip
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult, ast.Mod: ast.FloorDiv, ast.Pow: ast.Mult,
    ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr,
}  # fmt: skip
_TWINS = {"min": "max", "max": "min", "any": "all", "all": "any"}


@dataclass(frozen=True)
class Mutant:
    """
    One change.

    Attributes:
        number: Its number in the module, from 1.
        line: Where it is.
        where: The function or class it is in; empty at the top of the module.
        before: The code as it is.
        after: The code as the mutant has it.
        early: It takes effect when the module is loaded.
        nth: Which of several that read the same it is, from 1.
    """

    number: int
    line: int
    where: str
    before: str
    after: str
    early: bool
    nth: int = 1

    @property
    def key(self) -> str:
        """What names it as long as the code around it stays."""
        again = f" (no. {self.nth})" if self.nth > 1 else ""
        return f"{self.where}: {self.before} -> {self.after}{again}"


def mutate(
    source: str, *, recording: bool = False, only: int = 0
) -> tuple[ast.Module, list[Mutant]]:
    """
    Return the tree that holds all mutants of a module, and what they are.

    Args:
        source: The module.
        recording: Each place notes that it was reached, and no mutant is ever active.
        only: The number of an early mutant that is built in; all others are left out.
    """
    maker = _Maker(recording, only)
    tree = ast.parse(source)
    maker.visit(tree)
    return ast.fix_missing_locations(tree), maker.mutants


class _Maker(ast.NodeTransformer):
    """Puts beside every expression and statement what a mutant would have there."""

    def __init__(self, recording: bool, only: int) -> None:
        self.mutants: list[Mutant] = []
        self._recording, self._only = recording, only
        self._path: list[str] = []
        self._depth = 0

    def visit(self, node: ast.AST) -> ast.AST:
        """Visit what runs; leave types, patterns and docstrings as they are."""
        if _is_left_alone(node):
            return node
        if isinstance(node, ast.expr) and not isinstance(getattr(node, "ctx", None), _WRITTEN):
            return self._expression(node)
        if isinstance(node, ast.stmt):
            return self._statement(node)
        return self.generic_visit(node)

    def _expression(self, node: ast.expr) -> ast.expr:
        changed = [(self._note(node, other), other) for other in _others(node)]
        inner = node if isinstance(node, ast.JoinedStr) else self._inner(node)
        for number, other in changed:
            inner = self._chosen(number, other, inner)
        return inner

    def _inner(self, node: ast.expr) -> ast.expr:
        visited = self.generic_visit(node)
        return visited if isinstance(visited, ast.expr) else node

    def _chosen(self, number: int, other: ast.expr, node: ast.expr) -> ast.expr:
        if self._only:
            return other if number == self._only else node
        if not self._depth:
            return node
        return ast.copy_location(ast.IfExp(self._test(number), other, node), node)

    def _test(self, number: int) -> ast.expr:
        if self._recording:
            return ast.Call(ast.Name(REACHED, ast.Load()), [ast.Constant(number)], [])
        return ast.Compare(ast.Name(ACTIVE, ast.Load()), [ast.Eq()], [ast.Constant(number)])

    def _statement(self, node: ast.stmt) -> ast.stmt:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            return self._defined(node)
        others = [(self._note(node, other), other) for other in _other_statements(node)]
        kept = self._inside(node)
        for number, other in others:
            if self._only:
                kept = other if number == self._only else kept
            elif self._depth:
                kept = ast.If(self._test(number), [other], [kept])
        return ast.copy_location(kept, node)

    def _inside(self, node: ast.stmt) -> ast.stmt:
        """Visit what a statement is made of; an annotation is for the checkers of types."""
        if not isinstance(node, ast.AnnAssign):
            self.generic_visit(node)
        elif node.value is not None:
            value = self.visit(node.value)
            node.value = value if isinstance(value, ast.expr) else node.value
        return node

    def _defined(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> ast.stmt:
        self._path.append(node.name)
        if isinstance(node, ast.ClassDef):
            node.body = self._body(node.body)
        else:
            node.args.defaults = [self._early(one) for one in node.args.defaults]
            node.args.kw_defaults = [one and self._early(one) for one in node.args.kw_defaults]
            self._depth += 1
            node.body = self._body(node.body)
            self._depth -= 1
        self._path.pop()
        return node

    def _early(self, node: ast.expr) -> ast.expr:
        depth, self._depth = self._depth, 0
        visited = self.visit(node)
        self._depth = depth
        return visited if isinstance(visited, ast.expr) else node

    def _body(self, body: list[ast.stmt]) -> list[ast.stmt]:
        visited = [self.visit(one) for one in body]
        return [one for one in visited if isinstance(one, ast.stmt)]

    def _note(self, node: ast.expr | ast.stmt, other: ast.expr | ast.stmt) -> int:
        number = len(self.mutants) + 1
        where, early = ".".join(self._path), not self._depth
        change = (where, _shown(node), _shown(other))
        nth = 1 + sum((one.where, one.before, one.after) == change for one in self.mutants)
        self.mutants.append(Mutant(number, node.lineno, *change, early, nth))
        ast.copy_location(other, node)
        return number


_WRITTEN = (ast.Store, ast.Del)


def _shown(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 100 else text[:97] + "..."


def _is_left_alone(node: ast.AST) -> bool:
    if isinstance(node, ast.If):
        return isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
    if isinstance(node, ast.Assign):  # what is public is compared elsewhere, for all rooms
        return isinstance(node.targets[0], ast.Name) and node.targets[0].id == "__all__"
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id in ("TypeVar", "NewType")
    docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return docstring or isinstance(node, ast.pattern)


def _others(node: ast.expr) -> Iterator[ast.expr]:
    """Yield what a mutant has instead of an expression."""
    for kind, change in _CHANGES:
        if isinstance(node, kind):
            yield from change(node)


def _compared(node: ast.expr) -> Iterator[ast.expr]:
    assert isinstance(node, ast.Compare)
    for at, sign in enumerate(node.ops):
        for other in _COMPARISONS[type(sign)]:
            changed = deepcopy(node)
            changed.ops[at] = other()
            yield changed


def _both(node: ast.expr) -> Iterator[ast.expr]:
    assert isinstance(node, ast.BoolOp)
    changed = deepcopy(node)
    changed.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    yield changed


def _signed(node: ast.expr) -> Iterator[ast.expr]:
    assert isinstance(node, ast.UnaryOp)
    if isinstance(node.op, (ast.Not, ast.USub)):
        yield deepcopy(node.operand)


def _computed(node: ast.expr) -> Iterator[ast.expr]:
    assert isinstance(node, ast.BinOp)
    other = _ARITHMETIC.get(type(node.op))
    if other is not None:
        changed = deepcopy(node)
        changed.op = other()
        yield changed


def _constant(node: ast.expr) -> Iterator[ast.expr]:
    """A number is one more, a truth its opposite, a word another; prose is left alone."""
    assert isinstance(node, ast.Constant)
    value = node.value
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int):
        yield ast.Constant(value + 1)
    elif isinstance(value, str) and " " not in value:
        yield ast.Constant(f"{value}XX")


def _formatted(node: ast.expr) -> Iterator[ast.expr]:
    """A text that is put together is another, unless it is prose."""
    assert isinstance(node, ast.JoinedStr)
    texts = [one.value for one in node.values if isinstance(one, ast.Constant)]
    if not any(" " in str(text) for text in texts):
        yield ast.Constant("XX")


def _conditional(node: ast.expr) -> Iterator[ast.expr]:
    assert isinstance(node, ast.IfExp)
    yield ast.IfExp(deepcopy(node.test), deepcopy(node.orelse), deepcopy(node.body))


def _called(node: ast.expr) -> Iterator[ast.expr]:
    assert isinstance(node, ast.Call)
    if isinstance(node.func, ast.Name) and node.func.id in _TWINS:
        changed = deepcopy(node)
        changed.func = ast.Name(_TWINS[node.func.id], ast.Load())
        yield changed


def _filtered(node: ast.expr) -> Iterator[ast.expr]:
    """A comprehension takes what its condition keeps out."""
    assert isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp))
    for at, part in enumerate(node.generators):
        if part.ifs:
            changed = deepcopy(node)
            changed.generators[at].ifs = []
            yield changed


_CHANGES: tuple[tuple[type | tuple[type, ...], Callable[[ast.expr], Iterator[ast.expr]]], ...] = (
    (ast.Compare, _compared),
    (ast.BoolOp, _both),
    (ast.UnaryOp, _signed),
    (ast.BinOp, _computed),
    (ast.Constant, _constant),
    (ast.JoinedStr, _formatted),
    (ast.IfExp, _conditional),
    (ast.Call, _called),
    ((ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp), _filtered),
)


def _other_statements(node: ast.stmt) -> Iterator[ast.stmt]:
    """Yield what a mutant has instead of a statement."""
    if isinstance(node, ast.If):
        changed = deepcopy(node)
        changed.test = ast.UnaryOp(ast.Not(), changed.test)
        yield changed
    elif _is_done_for_its_effect(node):
        yield ast.Pass()
    elif isinstance(node, ast.Return) and not isinstance(node.value, (ast.Constant, type(None))):
        yield ast.Return(ast.Constant(None))
    elif isinstance(node, ast.Continue):
        yield ast.Break()


def _is_done_for_its_effect(node: ast.stmt) -> bool:
    """Whether it calls, adds or puts something: without it nothing else breaks by itself."""
    if isinstance(node, ast.Assign):
        return isinstance(node.targets[0], (ast.Subscript, ast.Attribute))
    return isinstance(node, (ast.Expr, ast.AugAssign))
