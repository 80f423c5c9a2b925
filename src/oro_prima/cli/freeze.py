"""`oro-prima freeze`, `oro-prima verify`: a period's books, closed once and proven for ever."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import click

from oro_prima.cli.context import ATTENTION, App, by_person, pass_app
from oro_prima.cli.report import DAY, PRESENT, billing_rules
from oro_prima.reconcile.pack import INDEX, PackFault
from oro_prima.sync.freeze import FrozenPack, Period, freeze_books
from oro_prima.sync.verify import Verification, verify_pack, verify_store
from oro_prima.values import LocalDate

FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.option("--from", "first", type=DAY, required=True, help="First day of the books.")
@click.option("--to", "last", type=DAY, required=True, help="Last day, included.")
@click.option("--out", type=FOLDER, required=True, help="A folder that is empty or new.")
@by_person
@pass_app
def freeze(app: App, first: datetime, last: datetime, out: Path, by: str, note: str) -> None:
    """
    Freeze the reports of a period: text, CSV, JSON and a page each, under one hash.

    The hash is kept in the journal. Freezing the same days again names what changed since. Exit
    code 1 where the equation does not tie.

    Example: oro-prima freeze --from 2031-05-01 --to 2031-05-31 --out books-2031-05 --by Kim
    """
    if last < first:
        raise click.BadParameter("comes before --from", param_hint="--to")
    if out.exists() and any(out.iterdir()):
        raise click.BadParameter("is not empty", param_hint="--out")
    out.mkdir(parents=True, exist_ok=True)
    period = Period(LocalDate(first.date()), LocalDate(last.date()))
    with app.ports() as (config, ports):
        present = [make(ports, config) for make in PRESENT.values()]
        pack = freeze_books(
            ports,
            config.orders,
            period,
            by=by,
            note=note,
            rules=billing_rules(config),
            present=present,
        )
    _write(pack.files, out)
    app.show(_tree(pack, out), _text(pack, out))
    if not pack.closing.ties:
        click.get_current_context().exit(ATTENTION)


def _write(files: Mapping[str, bytes], out: Path) -> None:
    for name, content in files.items():
        (out / name).write_bytes(content)


def _tree(pack: FrozenPack, out: Path) -> dict[str, object]:
    return {
        "hash": pack.hash,
        "folder": str(out),
        "files": sorted(pack.files),
        "ties": pack.closing.ties,
        "closed": pack.closing.closed,
        "verdict": pack.closing.verdict,
        "open": list(pack.closing.open),
        "adjustments": pack.adjustments,
    }


def _text(pack: FrozenPack, out: Path) -> str:
    lines = [pack.closing.verdict, f"{len(pack.files)} files in {out}; begin with {INDEX}"]
    if pack.adjustments:
        lines.append(f"{pack.adjustments} adjustments since the pack before: adjustments.csv")
    return "\n".join([*lines, f"sha256 {pack.hash}"])


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path),
                required=False)  # fmt: skip
@pass_app
def verify(app: App, folder: Path | None) -> None:
    """
    Hold journal, store and frozen packs against each other, and a pack that lies in FOLDER.

    Everything that was frozen is made again from the store. Exit code 1 where anything differs.

    Example: oro-prima verify books-2031-05
    """
    with app.store() as store:
        found = verify_store(store)
        files = {} if folder is None else _read(folder)
        faults = found.faults + (() if folder is None else verify_pack(store, files))
    app.show(_verified(found, faults), _said(found, faults))
    if faults:
        click.get_current_context().exit(ATTENTION)


def _read(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def _verified(found: Verification, faults: tuple[PackFault, ...]) -> dict[str, object]:
    return {
        "holds": not faults,
        "journal_lines": found.journal_lines,
        "orders": found.orders,
        "packs": found.packs,
        "unproven": len(found.unproven),
        "faults": [{"place": one.file, "what": one.what} for one in faults],
    }


def _said(found: Verification, faults: tuple[PackFault, ...]) -> str:
    lines = [f"{one.file}: {one.what}" for one in faults]
    lines.append(
        f"{found.journal_lines} lines of the journal, {found.orders} orders and {found.packs} "
        f"frozen packs: {'something was edited' if faults else 'nothing was edited'}"
    )
    if found.unproven:
        lines.append(f"{len(found.unproven)} orders were captured before the journal kept totals")
    return "\n".join(lines)
