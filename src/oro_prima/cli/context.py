"""What every verb shares: options, configuration, printing, exit codes."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from shutil import get_terminal_size
from typing import Concatenate, ParamSpec, TypeVar

import click
from attrs import frozen

from oro_prima.config import Config, load_config
from oro_prima.errors import ConfigError
from oro_prima.ids import OroOrderId
from oro_prima.ports import Event, Ports
from oro_prima.stores import SqliteStore
from oro_prima.wiring import connect, open_store

F = TypeVar("F", bound=Callable[..., object])
P = ParamSpec("P")
R = TypeVar("R")

DONE, ATTENTION, USAGE, DOWN = 0, 1, 2, 3
"""Exit codes: done; something waits for a person; usage or configuration; a system is down."""


@frozen
class App:
    """The global options."""

    config_path: str
    as_json: bool
    quiet: bool

    def config(self) -> Config:
        """Load the configuration; raises `ConfigError` that names the fix."""
        if not self.config_path:
            raise ConfigError(
                (
                    "no configuration: give --config PATH, set ORO_PRIMA_CONFIG, or make one with "
                    "`oro-prima init`",
                )
            )
        return load_config(Path(self.config_path))

    def configs(self) -> list[tuple[str, Config]]:
        """
        Load the configuration, or each TOML file of a directory, by its name without the ending.

        Raises:
            ConfigError: naming the file and every fault of it.
        """
        place = Path(self.config_path)
        if not self.config_path or not place.is_dir():
            return [(place.stem, self.config())]
        found: list[tuple[str, Config]] = []
        faults: list[str] = []
        for path in sorted(place.glob("*.toml")):
            try:
                found.append((path.stem, load_config(path)))
            except ConfigError as error:
                faults += [f"{path.name}: {fault}" for fault in error.faults]
        if not found and not faults:
            faults.append(f"{place.name}: a directory without a TOML file")
        stores = [config.store.path.resolve() for _name, config in found]
        if len(set(stores)) < len(stores):
            faults.append(f"{place.name}: two pairs have one store; give each a store.path")
        if faults:
            raise ConfigError(tuple(faults))
        return found

    def line(self, tree: dict[str, object], text: str) -> None:
        """Print a line as it happens: a JSON document with --json, else the text."""
        if self.as_json:
            click.echo(json.dumps(tree, default=str))
        elif not self.quiet:
            click.echo(text)

    @contextmanager
    def store(self) -> Generator[SqliteStore, None, None]:
        """Open the store alone, for a person's act."""
        with closing(open_store(self.config())) as store:
            yield store

    @contextmanager
    def ports(self) -> Generator[tuple[Config, Ports], None, None]:
        """Open everything, with a progress line on a terminal."""
        config = self.config()
        with connect(config, observer=self._progress()) as ports:
            yield config, ports

    def _progress(self) -> Callable[[Event], None]:
        if self.as_json or self.quiet or not sys.stderr.isatty():
            return lambda _event: None
        return show_progress

    def say(self, text: str) -> None:
        """Print a line for people; nothing with --json or --quiet."""
        if not self.as_json and not self.quiet:
            click.echo(text)

    def show(self, tree: object, text: str) -> None:
        """Print a result: one JSON document with --json, else the text."""
        if self.as_json:
            click.echo(json.dumps(tree, default=str))
        elif not self.quiet:
            click.echo(text)


def show_progress(event: Event) -> None:
    """Keep one line on the terminal that says what is being done, and how far it is."""
    if event.flow is None or event.outcome or event.what.startswith("run "):
        return
    width = max(20, min(get_terminal_size().columns, 100) - 1)
    click.echo(f"\r{progress_line(event, width):<{width}}", nl=False, err=True)
    if event.total and event.done == event.total:
        click.echo(f"\r{'':<{width}}\r", nl=False, err=True)


def progress_line(event: Event, width: int) -> str:
    """
    Return the line of an event: with a bar where it is known how much there is to do.

    >>> from oro_prima.records import Flow
    >>> progress_line(Event(Flow.ORDERS, "posting", done=3, total=12), 40)
    'orders: posting [####............]  3/12'
    """
    what = f"{event.flow}: {event.what}"
    if not event.total:
        return what[:width]
    counted = f"{event.done:>{len(str(event.total))}}/{event.total}"
    room = width - len(what) - len(counted) - 4
    full = room * event.done // event.total
    bar = f" [{'#' * full}{'.' * (room - full)}] " if room > 0 else " "
    return f"{what}{bar}{counted}"[:width]


def pass_app(command: Callable[Concatenate[App, P], R]) -> Callable[P, R]:
    """Hand the global options to a verb as its first argument."""

    @wraps(command)
    def called(*arguments: P.args, **options: P.kwargs) -> R:
        app = click.get_current_context().find_object(App)
        if app is None:
            raise click.UsageError("run it as a verb of oro-prima")
        return command(app, *arguments, **options)

    return called


def by_person(command: F) -> F:
    """Add `--by NAME` (required) and `--note TEXT` to an act of a person."""
    note = click.option("--note", default="", help="Why; kept in the journal.")
    by = click.option("--by", required=True, help="Your name; kept in the journal.")
    return by(note(command))


def now() -> datetime:
    """Return the instant of a person's act."""
    return datetime.now(UTC)


def subject_of(text: str) -> str:
    """Return the full subject of an id that a person gave: `1042` is `orders/1042`."""
    return text if "/" in text else f"orders/{text}"


def order_of(text: str) -> OroOrderId:
    """Return the order id of what a person gave."""
    return OroOrderId(text.removeprefix("orders/"))
