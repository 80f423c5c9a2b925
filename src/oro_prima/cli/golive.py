"""`oro-prima go-live`: what to check before the first real order."""

from __future__ import annotations

from pathlib import Path

import click

from oro_prima.cli.context import App, pass_app
from oro_prima.config.values import present_values
from oro_prima.config.writing import go_live as checklist


@click.command("go-live")
@click.option("--output", type=click.Path(path_type=Path), help="Write it there.")
@pass_app
def go_live(app: App, output: Path | None) -> None:
    """
    Print the go-live checklist: every setting that is inferred or to be asked.

    With a configuration its present values are shown.

    Example: oro-prima go-live --output go-live.md
    """
    values = present_values(app.config()) if app.config_path else None
    text = checklist(values)
    if output is not None:
        output.write_text(text, encoding="utf-8")
        app.say(f"Wrote {output}.")
        return
    app.show({"text": text}, text.rstrip())
