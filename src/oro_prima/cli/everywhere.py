"""The global options behind a verb: `oro-prima map order FILE --config PATH --json`."""

from __future__ import annotations

import click
from attrs import evolve

from oro_prima.cli.context import App


def take_options(command: click.Command) -> None:
    """Let a verb, and every verb inside it, take the global options that it does not define."""
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            take_options(inner)
        return
    known = {option for one in command.params for option in one.opts}
    command.params += [one for one in _options() if known.isdisjoint(one.opts)]


def _options() -> list[click.Option]:
    return [
        click.Option(["--config"], callback=_config, expose_value=False, metavar="PATH",
                     help="As before the verb."),
        click.Option(["--json"], is_flag=True, callback=_json, expose_value=False,
                     help="As before the verb."),
        click.Option(["--quiet"], is_flag=True, callback=_quiet, expose_value=False,
                     help="As before the verb."),
    ]  # fmt: skip


def _config(context: click.Context, _option: click.Parameter, value: str | None) -> None:
    app = context.find_object(App)
    if value and app is not None:
        context.obj = evolve(app, config_path=value)


def _json(context: click.Context, _option: click.Parameter, value: bool) -> None:
    app = context.find_object(App)
    if value and app is not None:
        context.obj = evolve(app, as_json=True)


def _quiet(context: click.Context, _option: click.Parameter, value: bool) -> None:
    app = context.find_object(App)
    if value and app is not None:
        context.obj = evolve(app, quiet=True)
