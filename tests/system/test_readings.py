"""Every flow says in its journal what it read: how much, and a hash that others can check."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from oro_prima.records import Flow
from oro_prima.sandbox import trading_day
from oro_prima.testing.scenes import prepare, run_flow
from oro_prima.wiring import connect

FLOWS = (Flow.PRICES, Flow.CUSTOMERS, Flow.PRODUCTS, Flow.INVOICES)
RUN = """\
import sys
from oro_prima.config import load_config
from oro_prima.records import Flow
from oro_prima.testing.scenes import run_flow
from oro_prima.wiring import connect

config = load_config(sys.argv[1])
with connect(config) as ports:
    run_flow(ports, config, Flow(sys.argv[2]))
"""


@pytest.mark.parametrize("flow", FLOWS)
def test_an_equal_reading_has_an_equal_hash(flow: Flow) -> None:
    """In another process, whatever order its sets have; another reading has another."""
    with trading_day(seed=3) as plain:
        day = prepare(plain, flow, step="")
        with connect(day.config) as ports:
            run_flow(ports, day.config, flow)
        for seed in ("1", "2"):
            config = str(day.directory / "oro-prima.toml")
            again = [sys.executable, "-c", RUN, config, flow.value]
            subprocess.run(again, check=True, env={**os.environ, "PYTHONHASHSEED": seed})
        with connect(day.config) as ports:
            journal = tuple(ports.store.journal())

    read = [line.detail for line in journal if (line.flow, line.what) == (flow.value, "read")]
    assert all("sha256 " in detail for detail in read)
    if flow is Flow.INVOICES:  # an order that is asked after is not due again at once
        assert len(read) == 1
    else:
        first, second, third = read
        assert first != second == third
