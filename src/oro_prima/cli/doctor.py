"""`oro-prima doctor`: reach both systems and say what they can do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import click

from oro_prima.call import each
from oro_prima.cli.context import ATTENTION, DOWN, App, pass_app
from oro_prima.cli.shops import pool_lines
from oro_prima.cli.webhook_check import check_webhooks
from oro_prima.errors import CallError, RejectedError, UnauthorizedError
from oro_prima.ids import OroCategoryId, OroOrderId, PrimaOrderNumber
from oro_prima.mapping import Enforcement, OrderPolicy, enforcement, number_use
from oro_prima.oro.calls.checks import (
    Access,
    Permission,
    QueueState,
    check_permissions,
    check_queue,
)
from oro_prima.oro.calls.features import OroFeatures, probe_features, probe_more
from oro_prima.oro.calls.operations import Patience
from oro_prima.oro.calls.stock import list_category_stock, list_levels
from oro_prima.oro.config import OroConfig
from oro_prima.oro.models.features import with_known
from oro_prima.oro.models.stock import CategoryStock, StockSettings, settings_chain
from oro_prima.ports import Ports
from oro_prima.prima.calls.orders import order_status
from oro_prima.prima.models.binding import FileBinding, SoapBinding
from oro_prima.prima.models.capabilities import UNBOUND_MEANS, Capability
from oro_prima.stores import SqliteStore

LOOKED_AT = 100
FORBIDDEN = 403
QUEUE_PATIENCE = Patience(limit=timedelta(seconds=15))
QUEUE = {
    QueueState.RUNNING: "the message queue is worked through",
    QueueState.STANDING: "the message queue stands: is its consumer running?",
    QueueState.FORBIDDEN: "may not create asynchronous operations: no batches, grant its role",
}
MOST_OF_THE_RANGE = Fraction(4, 5)


@click.command()
@pass_app
def doctor(app: App) -> None:
    """
    Reach both systems, show what they can do, and name what is wrong.

    Changes nothing: a batch of nothing asks whether the shop's queue runs.
    Example: oro-prima --config oro-prima.toml doctor
    """
    with app.ports() as (config, ports):
        shop, shop_ok = _shop(ports, config.oro)
        erp, erp_ok = _erp(ports)
        bound, bound_ok = _capabilities(ports)
        hooks, hooks_ok = check_webhooks(ports, config.webhooks)
        store, store_ok = _store(ports, config.orders)
        pool, pool_ok = pool_lines(ports, config.stock)
    parts = {
        "OroCommerce": shop, "Prima": erp, "Capabilities": bound, "Webhooks": hooks,
        "Store": store, "Pool of stock": pool,
    }  # fmt: skip
    lines = [line for title, some in parts.items() for line in (title, *some)]
    tree = {
        "oro": shop, "prima": erp, "capabilities": bound, "webhooks": hooks, "store": store,
        "pool": pool,
    }  # fmt: skip
    app.show(tree, "\n".join(lines))
    if not (shop_ok and erp_ok):
        click.get_current_context().exit(DOWN)
    if not (store_ok and bound_ok and hooks_ok and pool_ok):
        click.get_current_context().exit(ATTENTION)


def _store(ports: Ports, policy: OrderPolicy) -> tuple[list[str], bool]:
    """Look at the store itself: use, soundness, journal, and how far the numbers reach."""
    store = ports.store
    if isinstance(store, SqliteStore):
        store.check_integrity()
    cut_over, broken, watermark = store.cut_over(), store.broken_line(), store.watermark()
    highest = OroOrderId(str(watermark.order if watermark else 0))
    share = number_use(highest, policy=policy)
    lines = [
        f"in use since {cut_over.at:%Y-%m-%d}"
        if cut_over
        else "not in use: run oro-prima cut-over",
        "the file is sound",
        "the journal is unbroken"
        if broken is None
        else f"the journal was changed at line {broken}",
        f"order numbers: {share.numerator * 100 // share.denominator} % of the range used",
    ]
    if share >= MOST_OF_THE_RANGE:
        lines.append("choose a wider range soon (order_prefix, order_width), for a new pair")
    fine = cut_over is not None and broken is None and share < MOST_OF_THE_RANGE
    return [f"  {line}" for line in lines], fine


def _capabilities(ports: Ports) -> tuple[list[str], bool]:
    """Say how each capability is reached, and what follows where it is not; asks Prima nothing."""
    bindings, fine = dict(ports.bindings), True
    lines: list[str] = []
    for capability in Capability:
        match bindings.get(capability):
            case SoapBinding(request_type=name):
                told = f"by request {name}"
            case FileBinding(directory=directory, pattern=pattern):
                there = Path(directory).is_dir()
                fine = fine and there
                told = f"by files {pattern}" + ("" if there else ": the directory is not there")
            case _:
                told = f"unbound: {UNBOUND_MEANS[capability]}"
        lines.append(f"  {capability.value}: {told}")
    return [*lines, "  try them: oro-prima prima check"], fine


def _shop(ports: Ports, config: OroConfig) -> tuple[list[str], bool]:
    try:
        found = probe_more(ports.shop, probe_features(ports.shop))
        features = with_known(found, config.features)
        permissions = check_permissions(ports.shop)
        enforced = _enforced(ports, config.inventory_defaults)
        queue = check_queue(ports.shop, patience=QUEUE_PATIENCE, sleep=ports.sleep)
    except CallError as error:
        return [f"  {error}"], False
    lines = (
        *_abilities(features, yours=config.features.named),
        *_permissions(permissions),
        _clock(features),
        *enforced,
        QUEUE[queue],
    )
    return [f"  {line}" for line in lines], queue is QueueState.RUNNING


def _permissions(permissions: Sequence[Permission]) -> tuple[str, ...]:
    """Name what the role may not read; what it may write is seen when it is written."""
    forbidden = [one.kind for one in permissions if one.access is Access.FORBIDDEN]
    readable = sum(one.access is Access.READABLE for one in permissions)
    lines = (f"may read {readable} of the {len(permissions)} types that flows read",)
    return (*lines, *(f"may not read {kind}: grant its role VIEW" for kind in forbidden))


def _enforced(ports: Ports, system: StockSettings) -> tuple[str, ...]:
    """
    Say how many levels the shop holds its shoppers to, by product, categories and system.

    What nobody says counts as not enforced; a role that may not read categories sees the rest.
    """
    levels = ports.shop.send(list_levels(size=LOOKED_AT)).items
    categories, told = _categories(ports)
    chains = (settings_chain(one, categories=categories, system=system) for one in levels)
    found = Counter(enforcement(chain) for chain in chains)
    lines = [
        f"enforces {found[Enforcement.ENFORCED]} of {len(levels)} levels looked at,"
        " by product, category and system"
    ]
    if found[Enforcement.UNKNOWN]:
        lines.append(
            f"{found[Enforcement.UNKNOWN]} of them end in the system configuration, which the API"
            " does not show: set oro.inventory_defaults; until then they count as not enforced"
        )
    return (*lines, *told)


def _categories(ports: Ports) -> tuple[dict[OroCategoryId, CategoryStock], tuple[str, ...]]:
    try:
        return {one.id: one for one in each(ports.shop, list_category_stock())}, ()
    except UnauthorizedError as error:
        if error.status != FORBIDDEN:
            raise
        return {}, ("may not read categories: grant its role VIEW to see what they say of stock",)


def _abilities(features: OroFeatures, *, yours: frozenset[str]) -> tuple[str, ...]:
    """Say what the shop can do; what the configuration says for it is marked as yours."""
    many = features.line_order_field == "orders"
    named = (
        ("line_order_field", "lines lead to several orders (orders, not order)", many),
        ("statuses", "shows internal statuses (cancellations can be seen)", features.statuses),
        ("subtotals", "shows totals and VAT", features.subtotals),
        ("updated_filter", "finds edited orders by updatedAt", features.updated_filter),
        ("external", "tells orders of the ERP (external)", features.external),
        ("sync_batch", "writes small batches at once", features.sync_batch),
        ("shipping_status", "has shipping statuses", features.shipping_status),
        ("external_id", "keeps external ids", features.external_id),
        ("customer_prices", "tells what a customer pays", features.customer_prices),
        ("validate", "checks a new record and throws it away", features.validate),
        ("webhooks", "sends webhooks", features.webhooks),
    )
    lines = (
        f"{'yes' if able else 'no ':<3} {what}{_mark(name, yours)}" for name, what, able in named
    )
    cap = f"cuts long relationships at {features.to_many_cap}{_mark('to_many_cap', yours)}"
    return (*lines, cap)


def _mark(name: str, yours: frozenset[str]) -> str:
    return " (yours)" if name in yours else ""


def _clock(features: OroFeatures) -> str:
    if features.server_now is None:
        return "its clock is not shown"
    seconds = int((features.server_now - datetime.now(UTC)).total_seconds())
    return f"clock: {seconds:+d} s against this machine"


def _erp(ports: Ports) -> tuple[list[str], bool]:
    """Ask for an order that is unlikely to be there: any proper answer will do."""
    number = PrimaOrderNumber("1")
    call = order_status(number, profile=ports.profile, company=ports.pair.company)
    try:
        ports.erp.send(call)
    except RejectedError:
        return ["  answers enquiries"], True
    except CallError as error:
        return [f"  {error}"], False
    return ["  answers enquiries"], True
