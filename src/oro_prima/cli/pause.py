"""`oro-prima pause` and `resume`: a person's word on whether a flow may run."""

from __future__ import annotations

import click

from oro_prima.cli.context import App, by_person, now, pass_app
from oro_prima.records import Flow
from oro_prima.sync import pause_flow, resume_flow

ANY = click.Choice([flow.value for flow in Flow])


@click.command()
@click.argument("flow", type=ANY)
@by_person
@pass_app
def pause(app: App, flow: str, by: str, note: str) -> None:
    """
    Pause FLOW: no run of it begins, by `run` or by `sync`, until it is resumed.

    Example: oro-prima pause orders --by "Kim" --note "stock count"
    """
    with app.store() as store:
        done = pause_flow(store, flow=Flow(flow), by=by, at=now(), note=note)
    text = f"{flow} is paused." if done else f"{flow} is paused already."
    app.show({"paused": True, "changed": done}, text)


@click.command()
@click.argument("flow", type=ANY)
@by_person
@pass_app
def resume(app: App, flow: str, by: str, note: str) -> None:
    """
    Let a paused FLOW run again.

    Example: oro-prima resume orders --by "Kim"
    """
    with app.store() as store:
        done = resume_flow(store, flow=Flow(flow), by=by, at=now(), note=note)
    text = f"{flow} runs again." if done else f"{flow} is not paused."
    app.show({"paused": False, "changed": done}, text)
