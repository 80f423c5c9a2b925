"""`oro-prima doctor`: reach both systems and say what they can do."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from oro_prima.cli.context import ATTENTION, DOWN, App, pass_app
from oro_prima.errors import CallError, RejectedError
from oro_prima.ids import PrimaOrderNumber
from oro_prima.oro.calls.features import OroFeatures, probe_features
from oro_prima.oro.calls.stock import list_levels
from oro_prima.ports import Ports
from oro_prima.prima.calls.orders import order_status


@click.command()
@pass_app
def doctor(app: App) -> None:
    """
    Reach both systems, show what they can do, and name what is wrong.

    Reads only. Example: oro-prima --config oro-prima.toml doctor
    """
    with app.ports() as (_config, ports):
        shop, shop_ok = _shop(ports)
        erp, erp_ok = _erp(ports)
        cut_over = ports.store.cut_over()
    used = f"since {cut_over.at:%Y-%m-%d}" if cut_over else "not in use: run `oro-prima cut-over`"
    lines = ["OroCommerce", *shop, "Prima", *erp, "Store", f"  {used}"]
    app.show({"oro": shop, "prima": erp, "store": used}, "\n".join(lines))
    if not (shop_ok and erp_ok):
        click.get_current_context().exit(DOWN)
    if cut_over is None:
        click.get_current_context().exit(ATTENTION)


def _shop(ports: Ports) -> tuple[list[str], bool]:
    try:
        features = probe_features(ports.shop)
        ports.shop.send(list_levels(size=1))
    except CallError as error:
        return [f"  {error}"], False
    return [f"  {line}" for line in (*_abilities(features), _clock(features))], True


def _abilities(features: OroFeatures) -> tuple[str, ...]:
    named = (
        ("shows internal statuses (cancellations can be seen)", features.statuses),
        ("shows totals and VAT", features.subtotals),
        ("finds edited orders by updatedAt", features.updated_filter),
        ("tells orders of the ERP (external)", features.external),
        ("writes small batches at once", features.sync_batch),
    )
    return tuple(f"{'yes' if able else 'no ':<3} {what}" for what, able in named)


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
