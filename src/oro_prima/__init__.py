"""
Orders, stock and the books between OroCommerce and Prima.

Public names are loaded when they are first asked for: importing this package, or the pure rules in
`oro_prima.mapping`, loads no HTTP client, no XML and no database driver.
"""

from __future__ import annotations

TYPE_CHECKING = False  # type checkers know the name; importing `typing` costs twenty times the rest

if TYPE_CHECKING:
    from oro_prima._version import __version__
    from oro_prima.config import Config, load_config
    from oro_prima.errors import (
        CallError,
        ConfigError,
        FlowStoppedError,
        OroPrimaError,
        StoreError,
    )
    from oro_prima.sync import (
        RunReport,
        StockReport,
        preview_orders,
        preview_stock,
        reconcile_orders,
        sync_orders,
        sync_stock,
    )
    from oro_prima.wiring import connect

_HOME = {
    "CallError": "errors",
    "Config": "config",
    "ConfigError": "errors",
    "FlowStoppedError": "errors",
    "OroPrimaError": "errors",
    "RunReport": "sync",
    "StockReport": "sync",
    "StoreError": "errors",
    "__version__": "_version",
    "connect": "wiring",
    "load_config": "config",
    "preview_orders": "sync",
    "preview_stock": "sync",
    "reconcile_orders": "sync",
    "sync_orders": "sync",
    "sync_stock": "sync",
}

__all__ = [
    "CallError",
    "Config",
    "ConfigError",
    "FlowStoppedError",
    "OroPrimaError",
    "RunReport",
    "StockReport",
    "StoreError",
    "__version__",
    "connect",
    "load_config",
    "preview_orders",
    "preview_stock",
    "reconcile_orders",
    "sync_orders",
    "sync_stock",
]


def __getattr__(name: str) -> object:
    """Load a public name when it is first asked for."""
    from importlib import import_module

    if name not in _HOME:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
