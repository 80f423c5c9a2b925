"""States that recorded servers were in, told by the names of the recordings, and made here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from oro_prima.sandbox import World

TROUBLE = {
    "maintenance-mode": "maintenance",
    "database-down": "database-down",
    "php-fpm-down": "bad-gateway",
}
MANAGED = ("extstatus-on", "extstatus-order", "extstatus-patch", "extstatus-filter")
CODES = {"cancelled-order": "cancelled", "closed-order": "closed", "extstatus-closed": "closed"}
OWN_PARENT = ("suborder-parent-null", "suborder-parent-set", "suborder-delete-main")
"""Looks at an order that was made its own parent."""
FORBIDDEN = {
    "auth-limited-user": ("users", "inventorylevels", "products"),
    "asyncoperation-of-other-user": ("asyncoperations",),
}


class Asks(Protocol):
    """Can ask a sandbox."""

    world: World
    version: Any

    def ids(self, kind: str) -> list[str]:
        """Return ids of a type."""
        ...

    def send(self, method: str, path: str, query: Any = (), sent: object = None) -> Any:
        """Return the document of an answer."""
        ...


def trouble_of(name: str) -> str:
    """Name the trouble that the server was in; empty where it was well."""
    names = (fault for start, fault in TROUBLE.items() if name.startswith(start))
    return next(names, "")


@contextmanager
def state_of(name: str, asking: Asks) -> Iterator[None]:
    """Bring the sandbox into the state that the recorded server was in, and back."""
    oro = asking.world.oro
    oro.feature_enabled = not name.startswith("api-feature-disabled")
    oro.consumer_running = not (name.startswith("consumer-stopped") or name.endswith("-new"))
    oro.work_seconds = 60.0 if name.endswith("-running") else 0.0
    oro.forbid(
        *(kind for start, kinds in FORBIDDEN.items() if name.startswith(start) for kind in kinds)
    )
    if name.startswith(MANAGED):
        oro.manage_statuses("open", "processing", "closed", "wms_new", "wms_done")
    _bring_orders_there(name, asking)
    try:
        yield
    finally:
        oro.feature_enabled = oro.consumer_running = True
        oro.work_seconds = 0.0
        oro.forbid()


def _bring_orders_there(name: str, asking: Asks) -> None:
    for start, code in CODES.items():
        if name.startswith(start) and not name.endswith(("-create", "-get")):
            for order in asking.world.oro.orders():
                asking.world.oro.set_internal_status(order.id, code)
    if name in OWN_PARENT and asking.version == "6.1":
        for order in asking.world.oro.orders():
            ref = {"type": "orders", "id": order.id}
            change = {**ref, "relationships": {"parent": {"data": ref}}}
            asking.send("PATCH", f"orders/{order.id}", sent={"data": change})
