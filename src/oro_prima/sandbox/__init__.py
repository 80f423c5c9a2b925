"""OroCommerce and Prima as they behave, made up: to try, test, demonstrate and break things on."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from oro_prima.sandbox.clock import SandboxClock
    from oro_prima.sandbox.day import TradingDay, trading_day
    from oro_prima.sandbox.faults import Faults
    from oro_prima.sandbox.mall import Mall
    from oro_prima.sandbox.oro import OroSandbox
    from oro_prima.sandbox.places import InProcess, Places, in_process, serve
    from oro_prima.sandbox.prima import PrimaSandbox
    from oro_prima.sandbox.remote import ControlClient
    from oro_prima.sandbox.seed import Seed
    from oro_prima.sandbox.transport import AsyncSandboxTransport, SandboxTransport
    from oro_prima.sandbox.world import World

_HOME = {
    "AsyncSandboxTransport": "transport",
    "ControlClient": "remote",
    "Faults": "faults",
    "InProcess": "places",
    "Mall": "mall",
    "OroSandbox": "oro",
    "Places": "places",
    "PrimaSandbox": "prima",
    "SandboxClock": "clock",
    "SandboxTransport": "transport",
    "TradingDay": "day",
    "Seed": "seed",
    "World": "world",
    "in_process": "places",
    "serve": "places",
    "trading_day": "day",
}

__all__ = [
    "AsyncSandboxTransport",
    "ControlClient",
    "Faults",
    "InProcess",
    "Mall",
    "OroSandbox",
    "Places",
    "PrimaSandbox",
    "SandboxClock",
    "SandboxTransport",
    "Seed",
    "TradingDay",
    "World",
    "in_process",
    "serve",
    "trading_day",
]


def __getattr__(name: str) -> object:
    """Load a public name when it is first asked for."""
    if name not in _HOME:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
