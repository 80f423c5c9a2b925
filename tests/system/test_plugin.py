"""The pytest plugin, as somebody else would use it: in a project of his own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

TESTS = """
import pytest
from oro_prima import connect, sync_orders

def test_orders_go_in(trading_day):
    with connect(trading_day.config) as ports:
        assert sync_orders(ports, trading_day.config.orders).posted
    assert (trading_day.directory / "oro-prima.toml").exists()

@pytest.mark.sandbox(seed=3, size=4, oro_version="5.1", prima_style="doc-literal")
def test_options_are_taken(trading_day, sandbox_world):
    assert trading_day.world.prima.style == "doc-literal"
    assert trading_day.config.prima.profile.style.value == "doc-literal"
    assert len(sandbox_world.seed.orders) == 4
"""


def test_both_systems_for_one_line(tmp_path: Path) -> None:
    """A conftest of one line, and the marker is known."""
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["oro_prima.testing.plugin"]\n')
    (tmp_path / "test_mine.py").write_text(TESTS)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--strict-markers"]
    done = subprocess.run([*command, str(tmp_path)], capture_output=True, text=True, check=False)

    assert "2 passed" in done.stdout, done.stdout + done.stderr
