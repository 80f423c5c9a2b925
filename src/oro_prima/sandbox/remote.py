"""The control interface from outside, over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import httpx

Tree = Mapping[str, object]
SECONDS = 30.0
NOT_ENOUGH = 409


class ControlClient:
    """
    Sees, breaks and moves a running sandbox.

    Args:
        url: The control address that the sandbox announced.
    """

    def __init__(self, url: str) -> None:
        self._url = url

    def state(self) -> Tree:
        """Return what both systems really hold."""
        return self._tree("GET", "state", None)

    def requests(self) -> Tree:
        """Return how often each operation was asked for, with bytes in and out."""
        return self._tree("GET", "requests", None)

    def fault(
        self, system: str, operation: str, name: str, *, times: int = 1, after: int = 0
    ) -> None:
        """Have something go wrong: `name` on `operation`, `times` times, after `after` requests."""
        wanted = {"system": system, "operation": operation, "fault": name}
        self._tree("POST", "faults", {**wanted, "times": times, "after": after})

    def advance(self, seconds: int) -> None:
        """Move the one clock of both systems."""
        self._tree("POST", "advance", {"seconds": seconds})

    def set_status(self, order_number: str, status: str) -> None:
        """Have Prima say another status text of an order."""
        self._tree("POST", "status", {"order_number": order_number, "status": status})

    def buy(self, customer: str, sku: str, unit: str, quantity: int) -> bool:
        """Buy in the storefront; False where the shop's level refuses."""
        line = {"sku": sku, "unit": unit, "quantity": quantity}
        answer = self._ask("POST", "orders", {"customer": customer, "lines": [line]})
        if answer.status_code == NOT_ENOUGH:
            return False
        answer.raise_for_status()
        return True

    def _tree(self, method: str, name: str, body: object) -> Tree:
        answer = self._ask(method, name, body)
        answer.raise_for_status()
        return cast("Tree", answer.json())

    def _ask(self, method: str, name: str, body: object) -> httpx.Response:
        return httpx.request(method, f"{self._url}/{name}", json=body, timeout=SECONDS)
