"""`oro-prima run`: every flow of one or several pairs, in one foreground process."""

from __future__ import annotations

import os
import signal
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from threading import Event
from types import FrameType

import click
from attrs import evolve

from oro_prima.cli.context import DOWN, App, pass_app
from oro_prima.cli.run.desk import serve_desks
from oro_prima.cli.run.health import serve_health
from oro_prima.cli.run.loop import Runner, Running, sharing
from oro_prima.wiring import connect


@click.command("run")
@click.option(
    "--health", default="", metavar="HOST:PORT",
    help="Answer GET /health there: 200 while no flow is late, else 503; port 0 takes a free one.",
)  # fmt: skip
@pass_app
def run_verb(app: App, health: str) -> None:
    """
    Run every flow when it is due, until SIGTERM or Ctrl-C; then runs end within `schedule.drain`.

    Webhooks of the shop are taken at `webhooks.listen`; each has its record's flow look at it soon.

    The configuration may be a directory: each TOML file in it is a pair. Flows whose capability
    is unbound are not run. `oro-prima pause FLOW` and `resume FLOW` count at once.

    Example: oro-prima run --health 127.0.0.1:8080
    """
    stop = Event()
    with ExitStack() as stack:
        pairs = [
            Running(name, config, evolve(ports, stopping=stop.is_set))
            for name, config in app.configs()
            for ports in (stack.enter_context(connect(config)),)
        ]
        runner = Runner(sharing(pairs), stop=stop, tell=app.line)
        stack.enter_context(_ends_at_signals(runner))
        for address in stack.enter_context(serve_desks(runner.desks.values())):
            app.line({"webhooks": address}, f"webhooks: {address}")
        if health:
            place = stack.enter_context(serve_health(health, runner.health))
            app.line({"health": f"http://{place}/health"}, f"health: http://{place}/health")
        left = runner.run()
    if left:
        click.echo(f"still running at the end: {', '.join(left)}", err=True)
        # their threads would keep the process: what they did is in the store, as after a crash
        os._exit(DOWN)


@contextmanager
def _ends_at_signals(runner: Runner) -> Generator[None, None, None]:
    """Have the first SIGTERM or SIGINT end the loop, and the second one the process."""

    def end(_number: int, _frame: FrameType | None) -> None:
        if runner.ending:
            os._exit(DOWN)
        runner.end()

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
