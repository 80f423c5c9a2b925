"""A plan kept in a file: a line each command, compared again before it is carried out."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from attrs import frozen

from oro_prima.cli.commands import (
    command_text,
    price_policies,
    price_text,
    product_policies,
)
from oro_prima.config import Config
from oro_prima.converters import decode_json, is_list, is_object
from oro_prima.errors import ConfigError
from oro_prima.plans import AddTracking
from oro_prima.ports import Ports
from oro_prima.records import Flow
from oro_prima.sync import (
    preview_customers,
    preview_fulfilment,
    preview_invoices,
    preview_orders,
    preview_prices,
    preview_products,
    preview_stock,
)

VERSION = 1


@frozen
class SavedPlan:
    """What a run would have done when it was looked at; ids, codes and figures alone."""

    flow: Flow
    pair: str
    at: str
    lines: tuple[str, ...]


@frozen
class Drift:
    """How what a run would do now differs from what was approved; empty where it does not."""

    gone: tuple[str, ...]
    new: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.gone or self.new)


def plan_lines(flow: Flow, config: Config, ports: Ports) -> tuple[str, ...]:
    """
    Read both systems and return a line for each command that a run would carry out.

    Raises:
        OroPrimaError: a system cannot be read, or a capability is unbound.
    """
    return tuple(_LINES[flow](config, ports))


def save_plan(path: Path, plan: SavedPlan) -> None:
    """Write a plan; the file is the old or the new one, never a part."""
    tree = {
        "version": VERSION, "flow": plan.flow.value, "pair": plan.pair, "at": plan.at,
        "lines": list(plan.lines),
    }  # fmt: skip
    fresh = path.with_name(path.name + ".new")
    fresh.write_text(json.dumps(tree, indent=1, ensure_ascii=True) + "\n", encoding="utf-8")
    fresh.replace(path)


def load_plan(path: Path) -> SavedPlan:
    """
    Read a plan that `save_plan` wrote.

    Raises:
        ConfigError: it is none, or of another release.
    """
    try:
        tree = decode_json(path.read_bytes())
    except (OSError, ValueError) as exc:
        raise ConfigError((f"{path.name}: cannot be read as a saved plan",)) from exc
    if not is_object(tree) or tree.get("version") != VERSION or not is_list(tree.get("lines")):
        raise ConfigError((f"{path.name}: expected a plan that `preview --save` wrote",))
    flow, pair, at = (str(tree.get(name)) for name in ("flow", "pair", "at"))
    if flow not in list(Flow):
        raise ConfigError((f"{path.name}: {flow} is no flow",))
    return SavedPlan(Flow(flow), pair, at, tuple(_texts(tree["lines"])))


def _texts(lines: object) -> Iterator[str]:
    if is_list(lines):
        yield from map(str, lines)


def drift_of(plan: SavedPlan, now: tuple[str, ...]) -> Drift:
    """
    Compare a saved plan with what a run would do now; a line that stands twice counts twice.

    >>> plan = SavedPlan(Flow.STOCK, "pair", "", ("a", "b"))
    >>> drift_of(plan, ("b", "c"))
    Drift(gone=('a',), new=('c',))
    >>> drift_of(plan, ("a", "b", "b"))
    Drift(gone=(), new=('b',))
    """
    before, after = Counter(plan.lines), Counter(now)
    return Drift(tuple((before - after).elements()), tuple((after - before).elements()))


def saved_now(flow: Flow, config: Config, ports: Ports, *, at: datetime) -> SavedPlan:
    """Return the plan of a run now, to be saved."""
    lines = plan_lines(flow, config, ports)
    return SavedPlan(flow, str(config.pair.id), at.isoformat(timespec="seconds"), lines)


def _orders(config: Config, ports: Ports) -> Iterator[str]:
    for plan in preview_orders(ports, config.orders):
        for command in plan.commands:
            order = command.order
            yield (
                f"post order {command.oro_order} as {order.number} to account {order.account}, "
                f"{len(order.lines)} lines, intent {command.intent_hash}"
            )


def _stock(config: Config, ports: Ports) -> Iterator[str]:
    plan = preview_stock(ports, config.stock)
    for command in plan.commands:
        yield f"level {command.sku} {command.unit}: {command.previous} -> {command.quantity}"
    for status in plan.statuses:
        yield f"product {status.sku}: {status.status}"


def _fulfilment(config: Config, ports: Ports) -> Iterator[str]:
    for plan in preview_fulfilment(ports, config.orders, config.fulfilment, config.polls):
        for command in plan.commands:
            if isinstance(command, AddTracking):
                yield f"order {command.order}: parcel {command.method} {command.number}"
            else:
                status = "/".join(filter(None, (command.shipping_status, command.status)))
                yield f"order {command.order}: status {status}"


def _customers(config: Config, ports: Ports) -> Iterator[str]:
    for command in preview_customers(ports, config.flows.customers).commands:
        yield f"customer {command.customer}: {command_text(command)}"


def _prices(config: Config, ports: Ports) -> Iterator[str]:
    lists = config.flows.customers.price_lists
    for plan in preview_prices(ports, lists, price_policies(config)):
        for command in plan.commands:
            yield f"price list {plan.price_list}: {price_text(command)}"


def _products(config: Config, ports: Ports) -> Iterator[str]:
    plan = preview_products(
        ports,
        product_policies(config),
        lists=config.flows.customers.price_lists,
        defaults=config.oro.inventory_defaults,
    )
    for command in plan.commands:
        yield f"disable product {command.sku}"


def _invoices(config: Config, ports: Ports) -> Iterator[str]:
    policy = config.flows.invoices
    for plan in preview_invoices(ports, config.orders, policy, config.polls):
        for one in plan.keep:
            documents = ", ".join(document.number for document in one.invoices)
            yield f"keep invoices of {one.number}: {documents or 'none'}"


_LINES: dict[Flow, Callable[[Config, Ports], Iterator[str]]] = {
    Flow.ORDERS: _orders,
    Flow.STOCK: _stock,
    Flow.FULFILMENT: _fulfilment,
    Flow.CUSTOMERS: _customers,
    Flow.PRICES: _prices,
    Flow.PRODUCTS: _products,
    Flow.INVOICES: _invoices,
}
