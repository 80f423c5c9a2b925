"""
A second witness beside the database: the epoch and the highest order number ever claimed.

A database that was rolled back shows fewer numbers than the side file; that is refused. Both
restored together is what neither shows: then Prima's own refusal of the number stops the flow.
"""

from __future__ import annotations

import json
from pathlib import Path

from attrs import frozen

from oro_prima.errors import StoreError
from oro_prima.ids import PairId


@frozen
class Witness:
    """What was true at the last claim."""

    pair: str
    epoch: str
    highest: int


def side_path(database: Path) -> Path:
    """Return where the side file of a database is."""
    return database.with_name(database.name + ".epoch")


def read_witness(database: Path, pair: PairId) -> Witness | None:
    """Read the side file; None where there is none, or it is another pair's."""
    path = side_path(database)
    try:
        tree = json.loads(path.read_text(encoding="utf-8"))
        found = Witness(str(tree["pair"]), str(tree["epoch"]), int(tree["highest"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as exc:
        msg = f"{path.name} beside the store cannot be read; restore it or remove it on purpose"
        raise StoreError(msg) from exc
    return found if found.pair == pair else None


def write_witness(database: Path, witness: Witness) -> None:
    """Write the side file so that it is the old or the new one, never a part."""
    path = side_path(database)
    fresh = path.with_name(path.name + ".new")
    text = {"pair": witness.pair, "epoch": witness.epoch, "highest": witness.highest}
    try:
        fresh.write_text(json.dumps(text) + "\n", encoding="utf-8")
        fresh.replace(path)
    except OSError as exc:
        msg = f"{path.name} beside the store cannot be written: {exc.strerror}"
        raise StoreError(msg) from exc


def refuse_rollback(database: Path, *, witness: Witness | None, epoch: str, highest: int) -> None:
    """Refuse a database that is older than its witness."""
    if witness is None or (witness.epoch == epoch and witness.highest <= highest):
        return
    msg = (
        f"{database.name} knows order numbers up to {highest}, its side file up to "
        f"{witness.highest} (epoch {witness.epoch[:8] or 'none'}): the store may have been rolled "
        "back, and posting could double orders. Restore the newest store; if there is none, adopt "
        "what Prima has before you remove the side file"
    )
    raise StoreError(msg)
