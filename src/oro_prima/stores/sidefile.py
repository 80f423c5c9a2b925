"""
A second witness beside the database: the epoch and the highest order number ever claimed.

A database that was rolled back shows fewer numbers than the side file, and one that was carried to
another place has none: nothing is posted from either before a person adopted what Prima has. Both
restored together is what neither shows: then Prima's own refusal of the number stops the flow.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from pathlib import Path

from attrs import field, frozen

from oro_prima.errors import StoreError
from oro_prima.ids import PairId
from oro_prima.stores.chain import Head


@frozen
class Witness:
    """
    What was true at the last claim; of the journal, when a run last took its lease.

    Attributes:
        pair: Whose it is.
        epoch: Of the cut-over.
        highest: The highest order number ever claimed; -1 for none.
        head: The newest line of the journal.
    """

    pair: str
    epoch: str
    highest: int
    head: Head = field(factory=Head)


def side_path(database: Path, pair: PairId) -> Path:
    """Return where the side file of a pair is; each pair of a database has its own."""
    plain = re.fullmatch(r"[A-Za-z0-9_-]{1,64}", pair) is not None
    name = pair if plain else hashlib.sha256(pair.encode()).hexdigest()[:16]
    return database.with_name(f"{database.name}.{name}.epoch")


def read_witness(database: Path, pair: PairId) -> Witness | None:
    """Read the side file; None where there is none, or it is another pair's."""
    path = side_path(database, pair)
    try:
        tree = json.loads(path.read_text(encoding="utf-8"))
        head = Head(int(tree.get("lines", 0)), str(tree.get("line", "")))
        found = Witness(str(tree["pair"]), str(tree["epoch"]), int(tree["highest"]), head)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as exc:
        msg = f"{path.name} beside the store cannot be read; restore it or remove it on purpose"
        raise StoreError(msg) from exc
    return found if found.pair == pair else None


def write_witness(database: Path, witness: Witness) -> None:
    """Write the side file: the old or the new one, never a part, and on the disk on return."""
    path = side_path(database, PairId(witness.pair))
    fresh = path.with_name(path.name + ".new")
    text = {
        "pair": witness.pair,
        "epoch": witness.epoch,
        "highest": witness.highest,
        "lines": witness.head.seq,
        "line": witness.head.hash,
    }
    try:
        with fresh.open("w", encoding="utf-8") as file:
            file.write(json.dumps(text) + "\n")
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
        _keep_name(path.parent)
    except OSError as exc:
        msg = f"{path.name} beside the store cannot be written: {exc.strerror}"
        raise StoreError(msg) from exc


def _keep_name(folder: Path) -> None:
    """Have the folder on the disk as well: a new name is lost with it at a power loss."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    place = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(place)
    finally:
        os.close(place)


def distrust(database: Path, *, witness: Witness | None, epoch: str, highest: int) -> str:
    """
    Say why nothing may be posted from a database; empty where its witness confirms it.

    Args:
        database: The file, for the message.
        witness: What the side file says; None where there is none.
        epoch: The epoch of the database's cut-over; empty where it has none.
        highest: The highest order number the database knows; -1 for none.
    """
    if witness is None:
        return _MISSING.format(name=database.name) if highest >= 0 else ""
    if witness.epoch == epoch and witness.highest <= highest:
        return ""
    mine = str(highest) if highest >= 0 else "none"
    return _ROLLED_BACK.format(
        name=database.name,
        mine=mine,
        witness=witness.highest,
        epoch=witness.epoch[:8] or "none",
    )


_FIX = (
    "Restore the newest store; if there is none, list the orders that Prima has already and run "
    "`oro-prima adopt FILE --by NAME`"
)
_MISSING = (
    "{name} has claimed orders, and no side file is beside it: it may be an old copy, and posting "
    f"could double orders. {_FIX}"
)
_ROLLED_BACK = (
    "{name} knows order numbers up to {mine}, its side file up to {witness} (epoch {epoch}): the "
    f"store may have been rolled back, and posting could double orders. {_FIX}"
)
