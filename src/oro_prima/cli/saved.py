"""A plan kept in a file: a line each command, compared again before it is carried out."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path

from attrs import frozen

from oro_prima.cli.asked import Asked, plans_of
from oro_prima.cli.plan_lines import lines_of
from oro_prima.cli.scoping import OPTIONS
from oro_prima.config import Config
from oro_prima.converters import decode_json, is_list, is_object
from oro_prima.errors import ConfigError
from oro_prima.ids import OroCustomerId, OroOrderId, OroSku
from oro_prima.mapping.schedule import Task
from oro_prima.plans import OfCustomers, OfDays, OfOrders, OfProducts, Scope
from oro_prima.ports import Ports
from oro_prima.records import Flow
from oro_prima.values import LocalDate

VERSION = 2


@frozen
class SavedPlan:
    """What a run would have done when it was looked at; ids, codes and figures alone."""

    asked: Asked
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


def plan_lines(asked: Asked, config: Config, ports: Ports) -> tuple[str, ...]:
    """
    Read both systems and return a line for each command that a run would carry out.

    Raises:
        OroPrimaError: a system cannot be read, or a capability is unbound.
    """
    plans = plans_of(asked, config, ports)
    return tuple(line for plan in plans for line in lines_of(plan))


def save_plan(path: Path, plan: SavedPlan) -> None:
    """Write a plan; the file is the old or the new one, never a part."""
    tree = {
        "version": VERSION, "flow": plan.asked.flow.value, "scope": scope_json(plan.asked),
        "pair": plan.pair, "at": plan.at, "lines": list(plan.lines),
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
    if not is_object(tree) or not _is_known(tree) or not is_list(tree.get("lines")):
        raise ConfigError((f"{path.name}: expected a plan that `preview --save` wrote",))
    flow, pair, at = (str(tree.get(name)) for name in ("flow", "pair", "at"))
    if flow not in list(Flow):
        raise ConfigError((f"{path.name}: {flow} is no flow",))
    asked = read_scope(Flow(flow), tree.get("scope", {}))
    if asked is None:
        raise ConfigError((f"{path.name}: what it is of cannot be read",))
    return SavedPlan(asked, pair, at, tuple(_texts(tree["lines"])))


def _is_known(tree: Mapping[str, object]) -> bool:
    """Tell whether a plan is of this release's form, or of the one before, that knew no scopes."""
    return tree.get("version") in (1, VERSION) and ("scope" in tree) == (tree["version"] != 1)


def scope_json(asked: Asked) -> dict[str, object]:
    """Return what a plan is of as a tree; empty for everything."""
    match asked.scope:
        case OfOrders(orders):
            return {"orders": list(orders)}
        case OfCustomers(customers):
            return {"customers": list(customers)}
        case OfProducts(skus):
            return {"skus": list(skus)}
        case OfDays(first, last):
            return {"from": first.isoformat(), "to": last.isoformat()}
        case _:
            return {"small": True} if asked.task is Task.SMALL_STOCK else {}


def read_scope(flow: Flow, tree: object) -> Asked | None:
    """Read what `scope_json` wrote; None where it is no scope of the flow."""
    task, names = Task(flow.value), tuple(tree) if is_object(tree) else ("",)
    match names:
        case ():
            return Asked(task)
        case ("small",) if flow is Flow.STOCK:
            return Asked(Task.SMALL_STOCK)
        case _:
            scope = _scope(flow, tree)
            return None if scope is None else Asked(task, scope)


def _scope(flow: Flow, tree: object) -> Scope | None:
    if not is_object(tree):
        return None
    wanted = OPTIONS[flow]
    match dict(tree):
        case {"orders": orders} if wanted == "--order" and is_list(orders):
            return OfOrders(tuple(OroOrderId(str(one)) for one in orders))
        case {"customers": customers} if wanted == "--customer" and is_list(customers):
            return OfCustomers(tuple(OroCustomerId(str(one)) for one in customers))
        case {"skus": skus} if wanted == "--sku" and is_list(skus):
            return OfProducts(tuple(OroSku(str(one)) for one in skus))
        case {"from": str(first), "to": str(last)} if wanted == "--order":
            return _days(first, last)
        case _:
            return None


def _days(first: str, last: str) -> OfDays | None:
    try:
        return OfDays(LocalDate(date.fromisoformat(first)), LocalDate(date.fromisoformat(last)))
    except ValueError:
        return None


def _texts(lines: object) -> Iterator[str]:
    if is_list(lines):
        yield from map(str, lines)


def drift_of(plan: SavedPlan, now: tuple[str, ...]) -> Drift:
    """
    Compare a saved plan with what a run would do now; a line that stands twice counts twice.

    >>> plan = SavedPlan(Asked(Task.STOCK), "pair", "", ("a", "b"))
    >>> drift_of(plan, ("b", "c"))
    Drift(gone=('a',), new=('c',))
    >>> drift_of(plan, ("a", "b", "b"))
    Drift(gone=(), new=('b',))
    """
    before, after = Counter(plan.lines), Counter(now)
    return Drift(tuple((before - after).elements()), tuple((after - before).elements()))


def saved_now(asked: Asked, config: Config, ports: Ports, *, at: datetime) -> SavedPlan:
    """Return the plan of a run now, to be saved."""
    lines = plan_lines(asked, config, ports)
    return SavedPlan(asked, str(config.pair.id), at.isoformat(timespec="seconds"), lines)
