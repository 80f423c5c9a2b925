"""Running mutants: a module is loaded from a tree, and each mutant has a process of its own."""

from __future__ import annotations

import ast
import builtins
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import resource
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import CodeType, ModuleType

import pytest
from hypothesis import HealthCheck, Phase, settings
from mutants import ACTIVE, REACHED, Mutant, mutate

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "oro_prima"
SIDE_BY_SIDE = 2
LEAST_SECONDS, TIMES_SLOWER, MEMORY = 20.0, 10.0, 3 * 2**30

Reached = dict[str, tuple[float, list[int]]]
"""Test -> its seconds, and the numbers of the mutants it reaches."""


class Loader(importlib.machinery.SourceFileLoader):
    """Loads one module from a tree instead of its file."""

    def __init__(self, name: str, path: str, tree: ast.Module) -> None:
        super().__init__(name, path)
        self._tree = tree

    def get_code(self, fullname: str) -> CodeType:
        """Compile the tree; nothing is read from or written to a cache."""
        del fullname
        return compile(self._tree, self.path, "exec", dont_inherit=True)


@dataclass
class Finder(importlib.abc.MetaPathFinder):
    """Finds one module, and leaves all others to the rest."""

    name: str
    path: Path
    tree: ast.Module

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Return the module's own loader."""
        del path, target
        if fullname != self.name:
            return None
        loader = Loader(fullname, str(self.path), self.tree)
        return importlib.util.spec_from_file_location(fullname, self.path, loader=loader)


def place_of(module: str) -> Path:
    """Return the file of a module."""
    return SOURCE / f"{module}.py"


def install(module: str, tree: ast.Module) -> None:
    """Let the module be loaded from a tree from now on."""
    name = "oro_prima." + module.replace("/", ".")
    sys.meta_path.insert(0, Finder(name, place_of(module), tree))


def in_fork(work: Callable[[], int], *, quiet: bool = True) -> int:
    """Start `work` in a child process and return its id; what it returns is its exit code."""
    child = os.fork()
    if child:
        return child
    code = 70
    try:
        if quiet:
            nothing = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nothing, 1)
            os.dup2(nothing, 2)
        code = work()
    finally:
        os._exit(code)


def exit_code(status: int) -> int:
    """Return how a child ended; ended by a signal counts as a failure."""
    return os.WEXITSTATUS(status) if os.WIFEXITED(status) else 1


def options(tests: Sequence[str]) -> list[str]:
    """Return how pytest is called."""
    there = [test for test in tests if (ROOT / test).exists()]
    return ["-q", "-n", "0", "-x", "-p", "no:cacheprovider", "-p", "no:terminalreporter",
            "-o", "testpaths=", "-W", "ignore", *there]  # fmt: skip


def steady() -> None:
    """Let Hypothesis try the same examples each time, and not look for smaller ones."""
    settings.register_profile(
        "mutate", deadline=None, database=None, derandomize=True, max_examples=60,
        suppress_health_check=list(HealthCheck), phases=(Phase.explicit, Phase.generate),
    )  # fmt: skip
    settings.load_profile("mutate")


class Recording:
    """A plugin that notes which mutants each test reaches, and how long it takes."""

    def __init__(self) -> None:
        self.reached: Reached = {}

    def pytest_collection_finish(self) -> None:
        """Set the profile after the tests have set theirs."""
        steady()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> object:  # noqa: D102
        seen: set[int] = set()
        setattr(builtins, REACHED, _noting(seen))
        start = time.perf_counter()
        done = yield
        self.reached[item.nodeid] = (time.perf_counter() - start, sorted(seen))
        return done


def _noting(seen: set[int]) -> Callable[[int], bool]:
    def reached(number: int) -> bool:
        seen.add(number)
        return False

    return reached


def record(module: str, tests: Sequence[str], to: Path) -> int:
    """Run all tests once, write what each reaches, and return pytest's exit code."""
    setattr(builtins, REACHED, _noting(set()))
    install(module, mutate(place_of(module).read_text(), recording=True)[0])
    plugin = Recording()
    code = pytest.main(options(tests), plugins=[plugin])
    to.write_text(json.dumps(plugin.reached))
    return int(code)


class Trials:
    """A plugin that runs, instead of all tests once, each mutant in a fork."""

    def __init__(self, mutants: Sequence[Mutant], reached: Reached, to: Path) -> None:
        self._mutants, self._reached, self._to = mutants, reached, to
        self.killed: dict[int, str] = {}
        self._kills = Counter[str]()

    def pytest_collection_finish(self) -> None:
        """Set the profile after the tests have set theirs."""
        steady()

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run every mutant, two side by side, and write which were killed by which test."""
        items = {item.nodeid: item for item in session.items}
        running: dict[int, tuple[Mutant, float, Path]] = {}
        waiting = list(self._mutants)
        while waiting or running:
            while waiting and len(running) < SIDE_BY_SIDE:
                mutant = waiting.pop(0)
                names = self._tests_of(mutant.number)
                limit = time.monotonic() + self._seconds(names)
                note = self._to.with_suffix(f".{mutant.number}")
                child = in_fork(partial(_trial, mutant, names, items, note))
                running[child] = (mutant, limit, note)
            self._ended(running)
        self._to.write_text(json.dumps(self.killed))
        return True

    def _ended(self, running: dict[int, tuple[Mutant, float, Path]]) -> None:
        time.sleep(0.005)
        for child, (mutant, limit, note) in list(running.items()):
            if time.monotonic() > limit:
                os.kill(child, signal.SIGKILL)
            done, status = os.waitpid(child, os.WNOHANG)
            if not done:
                continue
            if exit_code(status):
                self.killed[mutant.number] = note.read_text() if note.exists() else "time or memory"
                self._kills[self.killed[mutant.number]] += 1
            note.unlink(missing_ok=True)
            del running[child]

    def _tests_of(self, number: int) -> list[str]:
        """Return the tests that reach a mutant: those that are fast and have killed many first."""
        found = [name for name, (_took, seen) in self._reached.items() if number in seen]
        return sorted(found, key=lambda name: self._reached[name][0] / (1 + self._kills[name]) ** 2)

    def _seconds(self, names: Sequence[str]) -> float:
        return LEAST_SECONDS + TIMES_SLOWER * sum(self._reached[name][0] for name in names)


def _trial(mutant: Mutant, names: Sequence[str], items: dict[str, pytest.Item], to: Path) -> int:
    """Run tests with one mutant active until one fails; return 1 if one did."""
    from _pytest.runner import runtestprotocol

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    setattr(builtins, ACTIVE, mutant.number)
    for name in names:
        to.write_text(name)
        if any(report.failed for report in runtestprotocol(items[name], log=False)):
            return 1
    return 0


def try_all(
    module: str, tests: Sequence[str], mutants: Sequence[Mutant], reached: Reached, to: Path
) -> int:
    """Run mutants that are chosen while the program runs."""
    setattr(builtins, ACTIVE, 0)
    install(module, mutate(place_of(module).read_text())[0])
    return int(pytest.main(options(tests), plugins=[Trials(mutants, reached, to)]))


def try_early(module: str, tests: Sequence[str], number: int) -> int:
    """Run all tests with one mutant built in; return 0 if none failed."""
    install(module, mutate(place_of(module).read_text(), only=number)[0])
    plugin = Recording()
    return int(pytest.main(options(tests), plugins=[plugin]))
