"""`oro-prima backup`: a copy of the store while it is in use."""

from __future__ import annotations

from pathlib import Path

import click

from oro_prima.cli.context import App, pass_app


@click.command()
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@pass_app
def backup(app: App, target: Path) -> None:
    """
    Copy the store to TARGET, a new file, while runs go on; the copy is checked.

    A copy that is put back posts nothing before `oro-prima adopt` has settled what Prima has.

    Example: oro-prima backup /backups/oro-prima-2031-05-04.db
    """
    with app.store() as store:
        store.backup(target)
    app.show({"backup": str(target)}, f"The store is copied to {target}, whole and checked.")
