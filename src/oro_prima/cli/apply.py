"""`oro-prima apply PLAN`: carry out a plan that was saved and approved, unless it has drifted."""

from __future__ import annotations

from pathlib import Path

import click

from oro_prima.cli.context import ATTENTION, App, by_person, now, pass_app
from oro_prima.cli.saved import drift_of, load_plan, plan_lines
from oro_prima.cli.sync import show_report
from oro_prima.cli.tasks import run_task
from oro_prima.errors import ConfigError
from oro_prima.mapping.schedule import Task
from oro_prima.records import JournalEntry
from oro_prima.sync import refuse_paused


@click.command()
@click.argument("plan", type=click.Path(dir_okay=False, path_type=Path))
@by_person
@pass_app
def apply(app: App, plan: Path, by: str, note: str) -> None:
    """
    Carry out PLAN, which `preview FLOW --save PLAN` wrote, where a run would still do just that.

    Both systems are read and planned again first. A difference is shown and nothing is done: save
    and approve anew. Exit code 1 then.

    Example: oro-prima apply prices.json --by "Kim"
    """
    saved = load_plan(plan)
    with app.ports() as (config, ports):
        if saved.pair != str(config.pair.id):
            raise ConfigError((f"{plan.name}: it was made for pair {saved.pair}",))
        refuse_paused(ports.store, saved.flow)
        drift = drift_of(saved, plan_lines(saved.flow, config, ports))
        if drift:
            gone = [f"  - {line}" for line in drift.gone]
            new = [f"  + {line}" for line in drift.new]
            text = "\n".join([f"The plan of {saved.at} has drifted; nothing is done.", *gone, *new])
            app.show({"applied": False, "gone": drift.gone, "new": drift.new}, text)
            click.get_current_context().exit(ATTENTION)
        at = now()
        with ports.store.transaction() as tx:
            what = f"{len(saved.lines)} commands, made {saved.at}"
            flow = saved.flow.value
            tx.add_journal(
                JournalEntry(at, "", flow, "plan applied", f"flows/{flow}", what, by, note)
            )
        report = run_task(Task(saved.flow.value), config, ports)
    show_report(app, report)
