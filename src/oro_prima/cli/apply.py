"""`oro-prima apply PLAN`: carry out a plan that was saved and approved, unless it has drifted."""

from __future__ import annotations

from pathlib import Path

import click
from attrs import evolve, frozen

from oro_prima.cli.approving import Approved
from oro_prima.cli.asked import Asked, Plan, plans_of
from oro_prima.cli.context import ATTENTION, App, by_person, now, pass_app
from oro_prima.cli.plan_lines import lines_of
from oro_prima.cli.saved import Drift, SavedPlan, drift_of, load_plan
from oro_prima.cli.sync import show_report
from oro_prima.cli.tables import Report
from oro_prima.cli.tasks import run_task
from oro_prima.config import Config
from oro_prima.errors import ConfigError
from oro_prima.plans import OfOrders, OrderPlan, Scope
from oro_prima.ports import Ports, Store
from oro_prima.records import Flow, JournalEntry
from oro_prima.sync import refuse_paused

APPLIED = "plan applied"


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
        done = carry_out(saved, config, ports, by=by, note=note)
    if isinstance(done, Drifted):
        _refuse(app, saved, done)
        return
    changed = done.approved.told()
    if changed:
        click.echo(changed, err=True)
    show_report(app, done.report)
    if changed:
        click.get_current_context().exit(ATTENTION)


@frozen
class Drifted:
    """
    A plan that is not carried out: a run would do something else now.

    `begun` is the line of the journal of an earlier try of the same plan, whose process ended
    before its report: what is gone was then carried out by it.
    """

    drift: Drift
    begun: JournalEntry | None


@frozen
class Carried:
    """A plan that was carried out: the report of its run, and what changed meanwhile."""

    report: Report
    approved: Approved


def carry_out(
    saved: SavedPlan, config: Config, ports: Ports, *, by: str, note: str = ""
) -> Drifted | Carried:
    """
    Read and plan again; carry the plan out where it would still be just that.

    Raises:
        FlowStoppedError: a person paused the flow.
        OroPrimaError: it cannot be planned or run.
    """
    refuse_paused(ports.store, saved.asked.flow)
    ports.step("before-compare")
    plans = list(plans_of(saved.asked, config, ports))
    drift = drift_of(saved, tuple(line for one in plans for line in lines_of(one)))
    ports.step("after-compare")
    if drift:
        return Drifted(drift, _begun(ports.store, saved))
    _note(ports.store, saved, by=by, note=note)
    ports.step("after-approval")
    approved = Approved(saved.lines)
    asked = evolve(saved.asked, scope=_scope_of(saved.asked, plans))
    report = run_task(asked, config, ports, approved.approval)
    ports.step("after-carried-out")
    return Carried(report, approved)


def _refuse(app: App, saved: SavedPlan, drifted: Drifted) -> None:
    gone, new, begun = drifted.drift.gone, drifted.drift.new, drifted.begun
    lines = [*(f"  - {line}" for line in gone), *(f"  + {line}" for line in new)]
    if begun is not None:
        lines.append(
            f"It was begun before, by {begun.by} at {begun.at:%Y-%m-%d %H:%M:%S}; what is gone may "
            "have been carried out then. Save what is left and approve that."
        )
    text = "\n".join([f"The plan of {saved.at} has drifted; nothing is done.", *lines])
    tree = {"applied": False, "gone": gone, "new": new, "begun": begun and begun.at.isoformat()}
    app.show(tree, text)
    click.get_current_context().exit(ATTENTION)


def _what(saved: SavedPlan) -> str:
    return f"{len(saved.lines)} commands, made {saved.at}"


def _begun(store: Store, saved: SavedPlan) -> JournalEntry | None:
    """Return the last line of the journal that says this plan was begun."""
    lines = store.journal(subject=f"flows/{saved.asked.flow.value}")
    begun = (one for one in reversed(lines) if (one.what, one.detail) == (APPLIED, _what(saved)))
    return next(begun, None)


def _note(store: Store, saved: SavedPlan, *, by: str, note: str) -> None:
    flow = saved.asked.flow.value
    with store.transaction() as tx:
        line = JournalEntry(now(), "", flow, APPLIED, f"flows/{flow}", _what(saved), by, note)
        tx.add_journal(line)


def _scope_of(asked: Asked, plans: list[Plan]) -> Scope:
    """Return what the run is of: of orders those that are posted, so that no watermark moves."""
    orders = [one for one in plans if isinstance(one, OrderPlan)]
    if asked.flow is not Flow.ORDERS:
        return asked.scope
    return OfOrders(tuple(command.oro_order for one in orders for command in one.commands))
