"""A file that remembers which records an operation of OroCommerce may still write."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from oro_prima.converters import decode_json, is_object
from oro_prima.errors import StoreError
from oro_prima.ids import OroOperationId


class FileBook:
    """
    The outstanding operations of one shop in a small JSON file, written before anything goes on.

    For one process at a time. It fits `oro_prima.oro.calls.operations.OperationBook`.

    Args:
        path: The file; made when it is first needed, in a folder that is there.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def outstanding(self) -> Mapping[str, OroOperationId]:
        """
        Return records, each with its operation.

        Raises:
            StoreError: The file cannot be read.
        """
        try:
            tree = decode_json(self._path.read_bytes())
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as exc:
            raise StoreError(f"{self._path}: the outstanding operations cannot be read") from exc
        if not is_object(tree) or not all(isinstance(one, str) for one in tree.values()):
            raise StoreError(f"{self._path}: expected records, each with its operation")
        return {record: OroOperationId(str(one)) for record, one in tree.items()}

    def begin(self, operation: OroOperationId, records: Sequence[str]) -> None:
        """Remember; the file is on the disk when this returns."""
        self._write({**self.outstanding(), **dict.fromkeys(records, operation)})

    def end(self, operation: OroOperationId) -> None:
        """Forget an operation that will write no more."""
        known = self.outstanding()
        self._write({record: one for record, one in known.items() if one != operation})

    def _write(self, known: Mapping[str, OroOperationId]) -> None:
        beside = self._path.with_name(f"{self._path.name}.new")
        try:
            with beside.open("w", encoding="utf-8") as file:
                json.dump(known, file, indent=1, sort_keys=True)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self._path)
        except OSError as exc:
            raise StoreError(f"{self._path}: the outstanding operations cannot be kept") from exc
