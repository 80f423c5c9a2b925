"""What a generator imports beyond the standard library: nothing, so it cannot agree with us."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path


def imported_by(name: str) -> set[str]:
    """Return what a module of this directory imports, the standard library left out."""
    source = Path(__file__).with_name(name).read_text(encoding="utf-8")
    return {one.split(".")[0] for one in _names(ast.parse(source))} - set(sys.stdlib_module_names)


def _names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "."
