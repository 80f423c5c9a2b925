"""Opening a SQLite file: settings, migrations, and errors that say what to do."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

from oro_prima.errors import StoreError

BUSY_SECONDS = 10.0


def connect(path: Path, *, create: bool) -> sqlite3.Connection:
    """
    Open the file with the settings that exactly-once needs.

    Raises:
        StoreError: it cannot be opened, or is no SQLite file.
    """
    if not create and not path.exists():
        msg = f"{path.name}: there is no store; run `oro-prima cut-over` first"
        raise StoreError(msg)
    with translated(path):
        connection = sqlite3.connect(
            path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            # WAL lets readers go on; FULL because NORMAL may forget a commit at power loss,
            # and a claim that is forgotten after its order left would be posted twice.
            connection.execute("PRAGMA journal_mode=WAL").fetchone()
            connection.execute("PRAGMA synchronous=FULL")
            # What is erased is overwritten, not only unlinked: names may stand in it.
            connection.execute("PRAGMA secure_delete=ON").fetchone()
        except BaseException:
            connection.close()
            raise
        return connection


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """
    Bring the schema up to date, one numbered file after the other.

    Raises:
        StoreError: the schema is of a newer release.
    """
    scripts = _scripts()
    with translated(path):
        connection.execute("BEGIN IMMEDIATE")
        try:
            version = int(connection.execute("PRAGMA user_version").fetchone()[0])
            if version > len(scripts):
                msg = f"{path.name} was written by a newer release; upgrade oro-prima"
                raise StoreError(msg)
            for script in scripts[version:]:
                for statement in _statements(script):
                    connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {len(scripts)}")
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise


def copy_store(source: Path, target: Path) -> None:
    """
    Copy a store that is in use, in one read transaction that no writer waits for.

    Raises:
        StoreError: the target exists, cannot be written, or the copy is not sound.
    """
    if target.exists():
        msg = f"{target.name} exists; give a new name, so that no older backup is lost"
        raise StoreError(msg)
    fresh = target.with_name(target.name + ".new")
    with translated(target), _opened(source) as original, _opened(fresh) as copy:
        original.backup(copy)
        if copy.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            msg = f"the copy of {source.name} is not sound; run `oro-prima doctor`"
            raise StoreError(msg)
    fresh.replace(target)


@contextmanager
def _opened(path: Path) -> Generator[sqlite3.Connection, None, None]:
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS)
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def translated(path: Path) -> Generator[None, None, None]:
    """Turn what sqlite3 raises into a `StoreError` that names the file and the fix."""
    try:
        yield
    except sqlite3.Error as exc:
        raise StoreError(f"{path.name}: {_fix(exc)}") from exc


def _fix(exc: sqlite3.Error) -> str:
    text = str(exc)
    for pattern, fix in _FIXES:
        if re.search(pattern, text):
            return fix
    return f"the store failed ({type(exc).__name__}: {text})"


def _scripts() -> list[str]:
    folder = files("oro_prima.stores").joinpath("migrations")
    found = sorted(item.name for item in folder.iterdir() if item.name.endswith(".sql"))
    return [folder.joinpath(name).read_text(encoding="utf-8") for name in found]


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.splitlines():
        if not line.startswith("--"):
            statement += f"{line}\n"
        if statement.strip() and sqlite3.complete_statement(statement):
            yield statement
            statement = ""


_FIXES = (
    (r"locked", "another process is writing to the store; try again, or end that process"),
    (r"not a database|malformed", "the file is damaged or no store; restore the newest backup"),
    (r"unable to open|readonly", "the file or its folder cannot be written; check permissions"),
    (r"full", "the disk is full; make room, nothing was lost"),
    (r"the journal is appended to", "the journal is appended to: no line is changed or taken out"),
    (r"closed database", "the store was closed"),
)
