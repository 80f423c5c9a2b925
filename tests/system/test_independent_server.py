"""An independent SOAP server library answers our client: same operations, its own envelope."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(find_spec("spyne") is None, reason="no independent SOAP server library")
def test_our_client_speaks_with_an_independent_server() -> None:
    """Its description is understood, every answer read, and its faults are faults."""
    program = str(ROOT / "tests" / "system" / "independent_server.py")
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, program], capture_output=True, text=True, env=environment, check=False
    )

    assert done.returncode == 0, done.stderr
