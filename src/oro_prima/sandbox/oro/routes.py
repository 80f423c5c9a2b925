"""Where a shop's API is, and what a request asks for."""

from __future__ import annotations

from oro_prima.call import HttpRequest

PREFIX = "/admin/api/"
STOREFRONT = "/api/"
TOKEN_PATH = "/oauth2-token"  # noqa: S105
VERBS = {"POST": "create", "PATCH": "update", "DELETE": "delete"}


def operation_name(request: HttpRequest) -> str:
    """Name what a request asks for, such as `list_orders` or `batch_inventorylevels`."""
    if request.path == TOKEN_PATH:
        return "token"
    parts = [part for part in request.path.removeprefix(PREFIX).split("/") if part]
    if not parts:
        return "root"
    if request.method == "PATCH" and len(parts) == 1:
        return f"batch_{parts[0]}"
    verb = VERBS.get(request.method, "list" if len(parts) in (1, 3) else "get")
    tail = f"_{parts[-1]}" if len(parts) > 2 else ""
    return f"{verb}_{parts[0]}{tail}"
