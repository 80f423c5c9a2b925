"""The group of all verbs, and the one place where errors become messages and exit codes."""

from __future__ import annotations

import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path

import click

from oro_prima._version import __version__
from oro_prima.cli.apply import apply
from oro_prima.cli.backup import backup
from oro_prima.cli.check import check
from oro_prima.cli.context import DOWN, USAGE, App
from oro_prima.cli.cutover import cut_over
from oro_prima.cli.demo import demo
from oro_prima.cli.doctor import doctor
from oro_prima.cli.doubt import doubt
from oro_prima.cli.everywhere import take_options
from oro_prima.cli.explain import explain
from oro_prima.cli.freeze import freeze, verify
from oro_prima.cli.golive import go_live
from oro_prima.cli.held import dismiss, held, retry
from oro_prima.cli.init import init
from oro_prima.cli.link import link
from oro_prima.cli.mapping import map_
from oro_prima.cli.order import order
from oro_prima.cli.pause import pause, resume
from oro_prima.cli.preview import preview
from oro_prima.cli.prices import prices
from oro_prima.cli.prima import prima
from oro_prima.cli.products import products
from oro_prima.cli.queue import adopt, assign, fix, forget, note_, reopen
from oro_prima.cli.reconcile import reconcile
from oro_prima.cli.replay import replay
from oro_prima.cli.report import report
from oro_prima.cli.repost import repost
from oro_prima.cli.run import run_verb
from oro_prima.cli.sandbox import sandbox
from oro_prima.cli.status import status
from oro_prima.cli.stock import stock
from oro_prima.cli.sync import sync
from oro_prima.errors import ConfigError, OroPrimaError


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 96},
    epilog="Exit codes: 0 done; 1 something waits for a person; 2 usage or configuration; "
    "3 a system is down or the flow stopped.",
)
@click.option(
    "--config", "config_path", envvar="ORO_PRIMA_CONFIG", default="", metavar="PATH",
    help="The configuration of the pair (or ORO_PRIMA_CONFIG).",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document instead of text.")
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
@click.version_option(__version__, prog_name="oro-prima")
@click.pass_context
def cli(context: click.Context, config_path: str, as_json: bool, quiet: bool) -> None:
    """
    Orders and stock between OroCommerce and Prima: exactly once, never oversold.

    Try it: oro-prima demo. Begin for real: oro-prima init.
    """
    context.obj = App(config_path, as_json, quiet)


VERBS = (
    init,
    doctor,
    check,
    explain,
    go_live,
    cut_over,
    link,
    preview,
    sync,
    apply,
    run_verb,
    pause,
    resume,
    status,
    held,
    retry,
    dismiss,
    doubt,
    assign,
    note_,
    reopen,
    fix,
    forget,
    adopt,
    repost,
    backup,
    map_,
    stock,
    reconcile,
    report,
    freeze,
    verify,
    replay,
    order,
    prices,
    products,
    prima,
    sandbox,
    demo,
)

for _verb in VERBS:
    take_options(_verb)
    cli.add_command(_verb)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code; one clear message for every error."""
    try:
        code = cli.main(args=arguments, prog_name="oro-prima", standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("stopped", err=True)
        return USAGE
    except click.ClickException as error:
        error.show()
        return USAGE
    except ConfigError as error:
        click.echo("The configuration cannot be used:", err=True)
        for fault in error.faults:
            click.echo(f"  {fault}", err=True)
        return USAGE
    except OroPrimaError as error:
        click.echo(str(error), err=True)
        return DOWN
    except OSError as error:
        if error.filename is None:
            return _bug(error)
        click.echo(f"{error.filename}: {error.strerror}", err=True)
        return USAGE
    except Exception as error:  # noqa: BLE001 - the edge: an unexpected bug becomes a file
        return _bug(error)
    return code if isinstance(code, int) else 0


def _bug(error: Exception) -> int:
    """Write what happened to a file, and say so; a traceback may hold personal data."""
    with tempfile.NamedTemporaryFile(
        "w", prefix="oro-prima-", suffix=".txt", delete=False, encoding="utf-8"
    ) as file:
        traceback.print_exception(error, file=file)
    name = Path(file.name)
    click.echo(
        f"Unexpected: {type(error).__name__}. This is a bug; what happened is in {name}. "
        "Look through it before you pass it on: it may hold names.",
        err=True,
    )
    return DOWN
