"""What a linter cannot see."""

from __future__ import annotations

import ast
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from coverage_gate import PURE
from pytest_socket import SocketBlockedError

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "oro_prima"
MODULES = sorted(SOURCE.rglob("*.py"))
LONGEST_FILE, LONGEST_FUNCTION = 400, 45
UNFINISHED = re.compile("TO" + "DO|FIX" + "ME|NotImplemented" + "Error|pragma: no" + " cover")


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_every_module_can_be_read_in_one_sitting(path: Path) -> None:
    """Files and functions stay short, say what they are, and are finished."""
    text = path.read_text(encoding="utf-8")
    tree = parsed(path)

    assert len(text.splitlines()) <= LONGEST_FILE
    assert ast.get_docstring(tree)
    assert not UNFINISHED.search(text)
    for function in functions(tree):
        body = function.body[1:] if ast.get_docstring(function) else function.body
        size = (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
        assert size <= LONGEST_FUNCTION, function.name


def test_pure_rooms_know_no_float() -> None:
    """Money and quantities are exact."""
    for room in PURE:
        place = SOURCE / room
        for path in [place] if place.suffix else place.rglob("*.py"):
            names = {node.id for node in ast.walk(parsed(path)) if isinstance(node, ast.Name)}
            floats = [
                node.value
                for node in ast.walk(parsed(path))
                if isinstance(node, ast.Constant) and isinstance(node.value, float)
            ]
            assert "float" not in names, path
            assert floats == [], path


def test_every_plan_takes_a_snapshot_and_a_policy() -> None:
    """And nothing else."""
    found = [
        [argument.arg for argument in function.args.args]
        for path in (SOURCE / "plans").glob("*.py")
        for function in functions(parsed(path))
        if function.name.startswith("plan_")
    ]

    assert len(found) >= 2
    assert all(arguments == ["snapshot", "policy"] for arguments in found)


@pytest.mark.parametrize("module", ["oro_prima", "oro_prima.mapping", "oro_prima.plans"])
def test_pure_imports_load_no_io(module: str) -> None:
    """No HTTP client, no XML, no database driver, no command line."""
    heavy = ("httpx", "xml.parsers", "sqlite3", "click", "rich", "tenacity", "ssl")
    code = f"import sys, {module}; print(*[m for m in {heavy!r} if m in sys.modules])"
    plain = {key: value for key, value in os.environ.items() if not key.startswith("COV")}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=plain
    )

    assert done.stdout.strip() == ""


@pytest.mark.parametrize(
    "name", ["oro_prima", "oro_prima.mapping", "oro_prima.mapping.prices", "oro_prima.mapping.tax",
             "oro_prima.plans",
             "oro_prima.reconcile", "oro_prima.sandbox", "oro_prima.stores", "oro_prima.sync",
             "oro_prima.config"],
)  # fmt: skip
def test_public_names_exist(name: str) -> None:
    """Each of `__all__` can be had; an unknown one is an AttributeError."""
    module = import_module(name)

    assert [one for one in module.__all__ if getattr(module, one, None) is None] == []
    with pytest.raises(AttributeError):
        module.no_such_name  # noqa: B018
    assert set(module.__all__) <= set(dir(module)) or name == "oro_prima.sandbox"


@pytest.mark.parametrize(
    "name", ["oro_prima.records", "oro_prima.oro.models", "oro_prima.prima.models"]
)
def test_names_that_are_loaded_later_can_be_had(name: str) -> None:
    """Each of `__all__`; an unknown one is an AttributeError."""
    module = import_module(name)

    assert [one for one in module.__all__ if getattr(module, one, None) is None] == []
    with pytest.raises(AttributeError, match="no_such_name"):
        module.no_such_name  # noqa: B018


def test_tests_have_no_network() -> None:
    """Only those that start servers have sockets at all, and theirs reach loopback alone."""
    with pytest.raises((SocketBlockedError, UserWarning), match="tried to use socket"):
        socket.socket(socket.AF_INET)


def test_ci_runs_what_the_readme_says() -> None:
    """One command, one truth."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    commands = re.findall(r"^python3 -m venv .*nox$", readme, re.MULTILINE)

    assert len(commands) == 1
    assert "README.md" in script
    assert ROOT.joinpath(".ci", "run").stat().st_mode & 0o111


def test_every_public_name_is_in_the_typing_test() -> None:
    """New API without a line there does not merge."""
    pages = ("api.py", "tax.py", "flows.py", "proof.py")
    typing = ROOT / "tests" / "typing"
    text = "".join((typing / page).read_text(encoding="utf-8") for page in pages)
    names = [
        name
        for room in (
            "oro_prima",
            "oro_prima.mapping",
            "oro_prima.mapping.coverage",
            "oro_prima.mapping.prices",
            "oro_prima.plans",
            "oro_prima.reconcile",
            "oro_prima.sync",
            "oro_prima.testing.explore",
            "oro_prima.testing.hardship",
            "oro_prima.testing.killing",
            "oro_prima.testing.simulate",
        )
        for name in import_module(room).__all__
    ]

    assert [name for name in names if not re.search(rf"\b{name}\b", text)] == []


def test_every_public_name_of_the_prima_client_is_in_its_typing_test() -> None:
    """Calls, models and files."""
    text = (ROOT / "tests" / "typing" / "prima.py").read_text(encoding="utf-8")
    rooms = ("oro_prima.prima.calls", "oro_prima.prima.models", "oro_prima.files")
    names = [name for room in rooms for name in import_module(room).__all__]

    assert [name for name in names if not re.search(rf"\b{name}\b", text)] == []


def test_every_public_name_of_tax_is_in_its_typing_test() -> None:
    """It is a room of its own."""
    text = (ROOT / "tests" / "typing" / "tax.py").read_text(encoding="utf-8")
    names = import_module("oro_prima.mapping.tax").__all__

    assert [name for name in names if not re.search(rf"\b{name}\b", text)] == []
