"""Recordings of runs as files in a folder: each whole or not there, read by its owner alone."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from attrs import frozen

from oro_prima.errors import ConfigError

SUFFIX = ".recording"
STAMP = "%Y%m%dT%H%M%SZ"


@frozen
class FolderRecordings:
    """
    Keeps recordings in a folder; their names begin with an instant, so that they sort by age.

    They hold names and addresses: the folder is made for its owner alone, and so is each file.
    """

    folder: Path

    def put(self, name: str, body: bytes) -> None:
        """
        Write a recording: the whole of it, or nothing.

        Raises:
            ConfigError: the folder cannot be written to.
        """
        fresh = self.folder / f".{name}.part"
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with os.fdopen(
                os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb"
            ) as file:
                file.write(body)
            fresh.replace(self.folder / f"{name}{SUFFIX}")
        except OSError as exc:
            raise ConfigError((f"store.recordings: cannot be written to: {exc.strerror}",)) from exc

    def get(self, name: str) -> bytes | None:
        """Read a recording; None where it was erased."""
        try:
            return (self.folder / f"{name}{SUFFIX}").read_bytes()
        except FileNotFoundError:
            return None

    def drop(self, name: str) -> bool:
        """Erase one recording; False where it was erased before."""
        path = self.folder / f"{name}{SUFFIX}"
        there = path.exists()
        path.unlink(missing_ok=True)
        return there

    def erase(self, *, before: datetime) -> int:
        """Erase the recordings of before an instant; returns how many it were."""
        limit, erased = before.astimezone(UTC).strftime(STAMP), 0
        for path in self.folder.glob(f"*{SUFFIX}"):
            if path.name[: len(limit)] < limit:
                path.unlink(missing_ok=True)
                erased += 1
        return erased
