"""`oro-prima sandbox`: both systems on loopback, until interrupted."""

from __future__ import annotations

import json
import signal
import sys
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from types import FrameType

import click

from oro_prima.cli.context import App, pass_app
from oro_prima.errors import ConfigError
from oro_prima.sandbox import World, serve
from oro_prima.sandbox.day import set_up
from oro_prima.sandbox.oro.schema import Release

RELEASES: Mapping[str, Release] = {"5.1": "5.1", "6.1": "6.1", "6.1.10": "6.1.10"}
STYLES = ("rpc-literal", "rpc-encoded", "doc-literal")


@click.command()
@click.option("--oro-version", type=click.Choice(list(RELEASES)), default="6.1", show_default=True)
@click.option("--prima-style", type=click.Choice(STYLES), default=STYLES[0], show_default=True)
@click.option("--seed", type=int, default=7, show_default=True, help="All data follows from it.")
@click.option("--size", default="small", show_default=True, help="small, demo or so many orders.")
@click.option("--write-config", type=click.Path(path_type=Path), help="Write a configuration here.")
@click.option("--tls-cert", type=click.Path(path_type=Path), help="Certificate (PEM).")
@click.option("--tls-key", type=click.Path(path_type=Path), help="Its key (PEM).")
@click.option("--json", "own_json", is_flag=True, help="Print one JSON line, then run.")
@pass_app
def sandbox(
    app: App,
    oro_version: str,
    prima_style: str,
    seed: int,
    size: str,
    write_config: Path | None,
    tls_cert: Path | None,
    tls_key: Path | None,
    own_json: bool,
) -> None:
    """
    Run OroCommerce and Prima as they behave, with made-up data, until interrupted.

    Example: oro-prima sandbox --write-config try
    """
    try:
        world = World(
            oro_version=RELEASES[oro_version],
            prima_style=prima_style,
            seed=seed,
            size=size,
        )
        directory = write_config or Path(tempfile.mkdtemp(prefix="oro-prima-sandbox-"))
        with serve(world, tls_cert=tls_cert, tls_key=tls_key) as places:
            set_up(directory, world, places, style=prima_style)
            tree = {
                "oro": {
                    "url": places.oro_url,
                    "api": places.oro_api,
                    "token_url": places.token_url,
                    "client_id": places.client_id,
                    "client_secret": places.client_secret,
                },
                "prima": {"url": places.prima_url},
                "control": places.control_url,
                "config": str(directory / "oro-prima.toml"),
            }
            _announce(tree, as_json=app.as_json or own_json)
            _wait()
    except ValueError as error:
        raise ConfigError((str(error),)) from error


def _announce(tree: Mapping[str, object], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(tree))
    else:
        click.echo(f"Configuration: {tree['config']}")
        click.echo(f"Try: oro-prima --config {tree['config']} sync orders")
        click.echo(f"Control: {tree['control']}/state   (Ctrl-C ends it)")
    sys.stdout.flush()


def _wait() -> None:
    """Wait for Ctrl-C or SIGTERM."""
    ended = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        ended.set()

    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, end)
    while not ended.wait(3600):
        pass
