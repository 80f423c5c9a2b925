"""What a person at a terminal sees, and what a pipe gets."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from oro_prima.sandbox import TradingDay, trading_day

pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals")


@pytest.fixture
def day() -> Iterator[TradingDay]:
    with trading_day(seed=3) as made:
        yield made


def command(day: TradingDay, *arguments: str) -> list[str]:
    config = str(day.directory / "oro-prima.toml")
    return [sys.executable, "-m", "oro_prima", "--config", config, *arguments]


def on_a_terminal(words: list[str], columns: int) -> tuple[str, str]:
    """Run with a terminal for errors and a pipe for results; return both texts."""
    ours, theirs = pty.openpty()
    env = {**os.environ, "COLUMNS": str(columns)}
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=theirs, env=env) as process:
        os.close(theirs)
        assert process.stdout is not None
        result = process.stdout.read().decode()
    return result, _all_of(ours)


def piped(words: list[str]) -> subprocess.CompletedProcess[str]:
    """Run with pipes alone."""
    env = {**os.environ, "COLUMNS": "60"}
    return subprocess.run(words, capture_output=True, text=True, env=env, check=False)


def _all_of(terminal: int) -> str:
    parts: list[bytes] = []
    try:
        while part := os.read(terminal, 4096):
            parts.append(part)
    except OSError:  # Linux says so where the other end is closed
        pass
    finally:
        os.close(terminal)
    return b"".join(parts).decode()


def test_a_terminal_shows_a_bar_and_a_pipe_none(day: TradingDay) -> None:
    """The bar fills up, is no wider than the terminal, and is gone at the end."""
    result, shown = on_a_terminal(command(day, "sync", "orders"), 60)
    steps = [step for step in shown.split("\r") if step.strip()]
    again = piped(command(day, "sync", "orders"))

    assert any(step.startswith("orders: posting [") and "#" in step for step in steps)
    assert all(len(step) < 60 for step in steps)
    assert shown.endswith("\r")
    assert "\r" not in result
    assert (again.stderr, "\r" in again.stdout) == ("", False)


@pytest.mark.parametrize("verb", ["held", "status", "reconcile", "link list"])
def test_a_narrow_terminal_is_enough(day: TradingDay, verb: str) -> None:
    """Nothing is wider than 60 columns, but for what has no blank to break at."""
    piped(command(day, "sync", "orders"))
    done = piped(command(day, *verb.split()))

    assert done.returncode == 0
    assert [line for line in done.stdout.splitlines() if len(line) > 60] == []
