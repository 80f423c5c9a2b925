"""`oro-prima apply PLAN`: carry out a plan that was saved and approved, unless it has drifted."""

from __future__ import annotations

from pathlib import Path

import click
from attrs import evolve

from oro_prima.cli.approving import Approved
from oro_prima.cli.asked import Asked, Plan, plans_of
from oro_prima.cli.context import ATTENTION, App, by_person, now, pass_app
from oro_prima.cli.plan_lines import lines_of
from oro_prima.cli.saved import SavedPlan, drift_of, load_plan
from oro_prima.cli.sync import show_report
from oro_prima.cli.tasks import run_task
from oro_prima.errors import ConfigError
from oro_prima.plans import OfOrders, OrderPlan, Scope
from oro_prima.ports import Store
from oro_prima.records import Flow, JournalEntry
from oro_prima.sync import refuse_paused


@click.command()
@click.argument("plan", type=click.Path(dir_okay=False, path_type=Path))
@by_person
@pass_app
def apply(app: App, plan: Path, by: str, note: str) -> None:
    """
    Carry out PLAN, which `preview FLOW --save PLAN` wrote, where a run would still do just that.

    Both systems are read and planned again first. A difference is shown and nothing is done: save
    and approve anew. Exit code 1 then. What comes up between that look and the writing is left
    alone, and told.

    Example: oro-prima apply prices.json --by "Kim"
    """
    saved = load_plan(plan)
    with app.ports() as (config, ports):
        if saved.pair != str(config.pair.id):
            raise ConfigError((f"{plan.name}: it was made for pair {saved.pair}",))
        refuse_paused(ports.store, saved.asked.flow)
        plans = list(plans_of(saved.asked, config, ports))
        drift = drift_of(saved, tuple(line for one in plans for line in lines_of(one)))
        if drift:
            _refuse(app, saved, drift.gone, drift.new)
        _note(ports.store, saved, by=by, note=note)
        approved = Approved(saved.lines)
        asked = evolve(saved.asked, scope=_scope_of(saved.asked, plans))
        report = run_task(asked, config, ports, approved.approval)
    changed = approved.told()
    if changed:
        click.echo(changed, err=True)
    show_report(app, report)
    if changed:
        click.get_current_context().exit(ATTENTION)


def _refuse(app: App, saved: SavedPlan, gone: tuple[str, ...], new: tuple[str, ...]) -> None:
    lines = [*(f"  - {line}" for line in gone), *(f"  + {line}" for line in new)]
    text = "\n".join([f"The plan of {saved.at} has drifted; nothing is done.", *lines])
    app.show({"applied": False, "gone": gone, "new": new}, text)
    click.get_current_context().exit(ATTENTION)


def _note(store: Store, saved: SavedPlan, *, by: str, note: str) -> None:
    flow, what = saved.asked.flow.value, f"{len(saved.lines)} commands, made {saved.at}"
    with store.transaction() as tx:
        line = JournalEntry(now(), "", flow, "plan applied", f"flows/{flow}", what, by, note)
        tx.add_journal(line)


def _scope_of(asked: Asked, plans: list[Plan]) -> Scope:
    """Return what the run is of: of orders those that are posted, so that no watermark moves."""
    orders = [one for one in plans if isinstance(one, OrderPlan)]
    if asked.flow is not Flow.ORDERS:
        return asked.scope
    return OfOrders(tuple(command.oro_order for one in orders for command in one.commands))
