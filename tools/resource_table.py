"""The reference page of resources: which version knows which type, and what can be done with it."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from inspect import getmembers, isfunction

from oro_prima.oro.calls.bulk import BATCHED
from oro_prima.oro.models.resource import Paging, Resource, ResourceType
from oro_prima.sandbox.oro.schema import Release, Schema, schemas

MODELS = (
    "order_records", "order_lines", "order_parts", "codes", "customers", "people", "addresses",
    "products", "units", "kits", "level_records", "price_records", "price_assignments", "terms",
    "webhooks",
)  # fmt: skip
CALLS = (
    "order_writing", "orders", "order_parts", "customers", "people", "addresses", "products",
    "units", "kits", "stock", "product_prices", "price_lists", "terms", "codes", "webhooks",
)  # fmt: skip
NOT_RECORDED = {"webhooks", "webhooktopics", "webhookformats"}
VERSIONS: tuple[Release, ...] = ("5.1", "6.1", "6.1.10")
BY_OWN_CALLS = (
    ("ordersubtotals", "orders.OrderSubtotal", "orders.list_order_subtotals"),
    ("categories", "stock.CategoryStock", "stock.list_category_stock"),
)
"""Types that are read by calls of their own, into models that are no `Resource`."""
VERBS = (("GET", "list"), ("POST", "create"), ("PATCH", "batch"), ("DELETE", "delete by filter"))
ITEM_VERBS = (("GET", "get"), ("PATCH", "update"), ("DELETE", "delete"))
PAGES = {Paging.KEYSET: "by id", Paging.NUMBER: "by number", Paging.NONE: "none"}


def resources() -> str:
    """Return the page of resources."""
    lines = ["# Resources of OroCommerce", "", "Made from the code by `tools/reference.py`."]
    lines += [
        "Each type is a value (`Resource`) in a module of `oro_prima.oro.models`;"
        " its calls are functions in a module of `oro_prima.oro.calls`.",
        "What a version can do is as its servers say of themselves;"
        " 7.0 is as 6.1, and from 7.0.2 on as 6.1.10.",
        "Types marked †, and the column 6.1.10, are read in source, not recorded.",
        "",
        "| type | value | pages | 5.1 | 6.1 | 6.1.10 |",
        "|---|---|---|---|---|---|",
    ]
    for name, resource in _declared():
        lines.append(_row(name, resource.kind))
    lines += [
        "",
        "## Read by calls of their own",
        "",
        "| type | model | call | 5.1 | 6.1 | 6.1.10 |",
    ]
    lines += ["|---|---|---|---|---|---|", *(_own_row(*one) for one in BY_OWN_CALLS)]
    lines += ["", "## Calls", "", "| module | calls |", "|---|---|"]
    lines += [f"| `{room}` | {', '.join(f'`{name}`' for name in _calls(room))} |" for room in CALLS]
    lines += ["", *_BESIDE]
    return "\n".join(lines) + "\n"


def _declared() -> Iterator[tuple[str, Resource[object, dict[str, object], dict[str, object]]]]:
    for room in MODELS:
        module = import_module(f"oro_prima.oro.models.{room}")
        for name, value in vars(module).items():
            if isinstance(value, Resource) and value.model.__module__ == module.__name__:
                yield f"{room}.{name}", value


def _row(name: str, kind: ResourceType) -> str:
    mark = " †" if kind.name in NOT_RECORDED else ""
    return f"| `{kind.name}`{mark} | `{name}` | {PAGES[kind.paging]} | {_able_in(kind.name)} |"


def _own_row(kind: str, model: str, call: str) -> str:
    return f"| `{kind}` | `{model}` | `{call}` | {_able_in(kind)} |"


def _able_in(kind: str) -> str:
    return " | ".join(_able(schemas(version).get(kind), kind) for version in VERSIONS)


def _able(schema: Schema | None, kind: str) -> str:
    if schema is None:
        return "–"
    verbs = [verb for method, verb in ITEM_VERBS if method in schema.item_methods]
    verbs += [
        verb
        for method, verb in VERBS
        if method in schema.list_methods and (verb != "batch" or kind in BATCHED)
    ]
    order = ("list", "get", "create", "update", "delete", "delete by filter", "batch")
    return ", ".join(verb for verb in order if verb in verbs)


def _calls(room: str) -> list[str]:
    name = f"oro_prima.oro.calls.{room}"
    found = getmembers(import_module(name), isfunction)
    return [n for n, f in found if f.__module__ == name and not n.startswith("_")]


_BESIDE = (
    "## Any type",
    "",
    "`records` and `writing` have the same calls for any `Resource`, also for one of your own"
    " ([Use a field or a type of your own](../how-to/custom-fields.md));"
    " `bulk` writes many of them.",
    "",
    "## Not recorded",
    "",
    "`externalId`, webhooks and the EXT ID dialect are newer than the recorded servers,"
    " and a checkout in a browser was not run: what is said of them was read in source.",
)
