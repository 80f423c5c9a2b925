"""Independent SOAP server libraries answer our client: same operations, envelopes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def _run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "tests" / "system" / program), *arguments]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


@pytest.mark.skipif(find_spec("spyne") is None, reason="no independent SOAP server library")
def test_our_client_speaks_with_an_independent_server() -> None:
    """Document literal: its description is understood, every answer read, its faults are faults."""
    done = _run("independent_server.py")

    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(find_spec("SOAPpy") is None, reason="no independent SOAP server library")
@pytest.mark.parametrize("style", ["rpc-literal", "rpc-encoded"])
def test_our_client_speaks_with_an_independent_rpc_server(style: str) -> None:
    """Its parser reads our envelope and we read its own, over a socket; its faults are faults."""
    done = _run("independent_rpc_server.py", style)

    assert done.returncode == 0, done.stderr
