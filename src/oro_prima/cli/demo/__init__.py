"""`oro-prima demo`: a trading day on both sandboxes, with everything that goes wrong."""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path
from typing import Literal

import click

from oro_prima.cli.context import App, pass_app, show_progress
from oro_prima.cli.demo.stage import Stage
from oro_prima.cli.demo.story import play
from oro_prima.cli.demo.summary import as_text, exit_code, find_out, last_line
from oro_prima.errors import ConfigError
from oro_prima.ports import ignore
from oro_prima.sandbox.day import trading_day

MARK = "demo.log"


@click.command()
@click.option("--oro-version", type=click.Choice(["5.1", "6.1"]), default="6.1", show_default=True)
@click.option("--seed", type=int, default=7, show_default=True, help="All data follows from it.")
@click.option("--size", default="demo", show_default=True, help="small, demo or so many orders.")
@click.option(
    "--directory", type=click.Path(path_type=Path), default="oro-prima-demo", show_default=True,
    help="Where configuration, store and log go; an earlier demo's is replaced.",
)  # fmt: skip
@click.option("--json", "own_json", is_flag=True, help="Print one JSON line at the end.")
@pass_app
def demo(app: App, oro_version: str, seed: int, size: str, directory: Path, own_json: bool) -> None:
    """
    Play a trading day on both sandboxes over real HTTP, and check every promise from outside.

    Under a minute. Example: oro-prima demo
    """
    as_json = app.as_json or own_json
    _clear(directory)
    started = time.monotonic()
    talk = not as_json and not app.quiet
    say = click.echo if talk else _say_nothing
    version: Literal["5.1", "6.1"] = "5.1" if oro_version == "5.1" else "6.1"
    say(f"Starting OroCommerce {version} and Prima on this machine, with made-up data …")
    try:
        with trading_day(seed=seed, size=size, oro_version=version, directory=directory) as day:
            observer = show_progress if talk and _is_terminal() else ignore
            stage = Stage(day, say, directory / MARK, observer)
            stage.log.touch()
            play(stage)
            result = find_out(stage, int(time.monotonic() - started))
            click.echo(last_line(result) if as_json else as_text(result, stage))
    except ValueError as error:
        raise ConfigError((str(error),)) from error
    code = exit_code(result, fine=all(told.fine for told in stage.told))
    click.get_current_context().exit(code)


def _clear(directory: Path) -> None:
    """Remove an earlier demo's folder, and nothing else."""
    if (directory / MARK).exists():
        shutil.rmtree(directory)
    elif directory.exists() and any(directory.iterdir()):
        raise ConfigError((f"--directory: {directory} holds something that is no demo",))


def _say_nothing(_text: str) -> None:
    return


def _is_terminal() -> bool:
    return sys.stderr.isatty()
