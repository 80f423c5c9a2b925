"""`oro-prima reconcile`: the control equation of a day."""

from __future__ import annotations

from datetime import datetime

import click

from oro_prima.cli.context import ATTENTION, App, now, pass_app
from oro_prima.reconcile import equation_json, equation_text
from oro_prima.sync import reconcile_orders
from oro_prima.values import LocalDate, local_date


@click.command()
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="Day of the books; default today.")
@pass_app
def reconcile(app: App, day: datetime | None) -> None:
    """
    Show the control equation of a day: what was captured against what became of it.

    Example: oro-prima reconcile --day 2031-05-04
    """
    with app.ports() as (config, ports):
        chosen = LocalDate(day.date()) if day else local_date(now(), config.orders.zone)
        equation = reconcile_orders(ports, config.orders, day=chosen)
    app.show(equation_json(equation), equation_text(equation))
    if not equation.ties:
        click.get_current_context().exit(ATTENTION)
