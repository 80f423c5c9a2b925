"""
A pytest plugin: both systems in your own tests, for one line.

::

    pytest_plugins = ["oro_prima.testing.plugin"]          # in your conftest.py

    def test_orders_go_in(trading_day):
        with connect(trading_day.config) as ports:
            assert sync_orders(ports, trading_day.config.orders).posted

`trading_day` serves OroCommerce and Prima on free ports of this machine, with made-up data and a
complete configuration. `sandbox_world` is the same without sockets, for tests that block them.
Either takes `@pytest.mark.sandbox(seed=3, size=20, oro_version="5.1", prima_style="doc-literal")`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from oro_prima.sandbox import World
    from oro_prima.sandbox.day import TradingDay


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    words = "seed, size, oro_version, prima_style: what the sandboxes of this test are like"
    config.addinivalue_line("markers", f"sandbox(**options): {words}")


@pytest.fixture
def trading_day(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[TradingDay]:
    """Serve both systems; a configuration of yours can be loaded from `trading_day.directory`."""
    from oro_prima.sandbox import serve
    from oro_prima.sandbox.day import TradingDay, set_up

    options = _options(request)
    world = _world(options)
    style = options.get("prima_style", "rpc-literal")
    with serve(world) as places:
        yield TradingDay(world, places, tmp_path, set_up(tmp_path, world, places, style=style))


@pytest.fixture
def sandbox_world(request: pytest.FixtureRequest) -> World:
    """Give both systems in memory; `oro_prima.sandbox.in_process` makes a transport of them."""
    return _world(_options(request))


def _options(request: pytest.FixtureRequest) -> dict[str, Any]:
    marker = request.node.get_closest_marker("sandbox")
    return {"seed": 7, "size": "small"} | (dict(marker.kwargs) if marker is not None else {})


def _world(options: dict[str, Any]) -> World:
    from oro_prima.sandbox import World

    return World(**options)
