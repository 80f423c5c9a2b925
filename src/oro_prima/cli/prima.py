"""`oro-prima prima`: get to know a Prima, from its WSDL to its capabilities."""

from __future__ import annotations

from pathlib import Path

import click

from oro_prima.cli.context import App, pass_app
from oro_prima.cli.prima_check import check
from oro_prima.config.discovery import Sourced, discovered, remarks_on, write_discovered
from oro_prima.config.loading import build_prima
from oro_prima.config.reach import prima_tree
from oro_prima.converters import is_object
from oro_prima.errors import ConfigError
from oro_prima.http.erp import open_prima
from oro_prima.prima.calls.wsdl import ServiceDescription, describe_service, parse_wsdl
from oro_prima.prima.config import service_url


@click.group()
def prima() -> None:
    """Get to know a Prima: what its WSDL says, what its capabilities answer."""


@prima.command()
@click.argument("source", default="", metavar="[URL|FILE]")
@click.option("--output", type=click.Path(path_type=Path), help="Write the profile there.")
@click.option("--allow-http", is_flag=True, help="Accept an address without TLS.")
@pass_app
def discover(app: App, source: str, output: Path | None, allow_http: bool) -> None:
    """
    Read a WSDL and write a profile in which every setting says where it is from.

    With --config your settings win over the WSDL, and its address, proxy and certificate are used.
    A FILE is a WSDL that somebody sent you.

    Example: oro-prima prima discover https://erp.example.com:8080/wsalive/wsalive
    """
    own = _own_table(app)
    file = Path(source) if source and "://" not in source else None
    if file is not None:
        description = _from_file(file)
        url = str(own.get("url") or description.address)
    else:
        own = _given(own, source, allow_http)
        url, description = _asked(own, app)
    settings = discovered(description, own=own, url=url)
    remarks = remarks_on(description, url=url)
    text = write_discovered(settings, remarks=remarks)
    if output is not None:
        _write_new(output, text)
        text = f"Wrote {output}."
    app.show(_tree(settings, remarks), text.rstrip())


def _own_table(app: App) -> dict[str, object]:
    table: object = prima_tree(app.config_path)[0]["prima"] if app.config_path else {}
    return dict(table) if is_object(table) else {}


def _given(own: dict[str, object], source: str, allow_http: bool) -> dict[str, object]:
    """Add what the command line says: an address of its own, and whether http will do."""
    added: dict[str, object] = {"url": service_url(source)} if source else {}
    if allow_http:
        added["allow_http"] = True
    return own | added


def _asked(own: dict[str, object], app: App) -> tuple[str, ServiceDescription]:
    reach = {name: value for name, value in own.items() if name != "profile"}
    config = build_prima({"prima": reach}, folder=Path(app.config_path or ".").parent)
    with open_prima(config) as sender:
        return config.url, sender.send(describe_service())


def _from_file(file: Path) -> ServiceDescription:
    try:
        return parse_wsdl(file.read_bytes())
    except OSError:
        fault = f"{file.name}: no such file; an address begins with https://"
        raise ConfigError((fault,)) from None
    except ValueError as exc:
        raise ConfigError((f"{file.name}: the WSDL cannot be used: {exc}",)) from None


def _write_new(path: Path, text: str) -> None:
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise ConfigError((f"{path.name}: already there; nothing was written",)) from None


def _tree(settings: tuple[Sourced, ...], remarks: tuple[str, ...]) -> dict[str, object]:
    rows = [
        {"setting": one.setting.key, "value": one.value, "source": one.source.value}
        | ({"offered": one.offered} if one.offered else {})
        for one in settings
        if not one.setting.secret
    ]
    return {"settings": rows, "remarks": list(remarks)}


prima.add_command(check)
