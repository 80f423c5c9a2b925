"""`oro-prima init`: a commented configuration."""

from __future__ import annotations

from pathlib import Path

import click

from oro_prima.cli.context import App, pass_app
from oro_prima.config.writing import new_config, new_links, new_units
from oro_prima.errors import ConfigError


@click.command()
@click.argument("directory", default=".", type=click.Path(path_type=Path))
@pass_app
def init(app: App, directory: Path) -> None:
    """
    Write a commented configuration and empty tables into DIRECTORY.

    Nothing is overwritten. Example: oro-prima init shop
    """
    texts = {
        "oro-prima.toml": new_config(),
        "units.csv": new_units(),
        "links.csv": new_links(),
    }
    there = [name for name in texts if (directory / name).exists()]
    if there:
        faults = tuple(f"{name}: already there; nothing was written" for name in there)
        raise ConfigError(faults)
    directory.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (directory / name).write_text(text, encoding="utf-8")
    path = directory / "oro-prima.toml"
    text = (
        f"Wrote {path}, units.csv and links.csv.\n"
        "Next: fill in what is REQUIRED, then `oro-prima --config "
        f"{path} doctor`, `link import links.csv --by NAME`, `cut-over --by NAME`."
    )
    app.show({"config": str(path)}, text)
