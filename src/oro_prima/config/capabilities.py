"""The tables `prima.capabilities.NAME`: bindings by data, every fault of one at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from oro_prima.config import readers as r
from oro_prima.converters import is_list, is_object
from oro_prima.prima.models.binding import (
    Binding,
    Bindings,
    FileBinding,
    Formats,
    RecordMap,
    SoapBinding,
)
from oro_prima.prima.models.capabilities import Capability
from oro_prima.values import fold

T = TypeVar("T")
Table = Mapping[str, object]
UNBOUND, SOAP, FILE = "unbound", "soap", "file"
_COMMON = frozenset({"via", "items", "fields", "lines", "codes", "formats"})
_SOAP = _COMMON | {"operation", "request_type", "request", "each"}
_FILE = _COMMON | {
    "directory", "pattern", "format", "encoding", "delimiter", "latest", "quiet", "marker",
}  # fmt: skip


def read_bindings(value: object, *, folder: Path, faults: list[str]) -> Bindings:
    """Read every capability's table; directories are relative to the configuration's folder."""
    where = "prima.capabilities"
    if not is_object(value):
        faults.append(f"{where}: expected tables such as [prima.capabilities.despatch]")
        return ()
    found: list[tuple[Capability, Binding]] = []
    for name, table in value.items():
        if name not in set(Capability):
            faults.append(f"{where}.{name}: expected one of {', '.join(Capability)}")
        elif not is_object(table):
            faults.append(f"{where}.{name}: expected a table")
        else:
            binding = _Reader(table, f"{where}.{name}", faults).binding(folder)
            if binding is not None:
                found.append((Capability(name), binding))
    return tuple(found)


class _Reader:
    """Reads one table; a fault is noted, and reading goes on with the default."""

    def __init__(self, table: Table, where: str, faults: list[str]) -> None:
        self._table, self._where, self._faults = table, where, faults

    def binding(self, folder: Path) -> Binding | None:
        """Read the whole binding; None where it is unbound."""
        via = self.get("via", r.text, UNBOUND)
        if via == SOAP:
            self.check(_SOAP)
            return self._soap()
        if via == FILE:
            self.check(_FILE)
            return self._file(folder)
        if via != UNBOUND:
            self._faults.append(f"{self._where}.via: expected unbound, soap or file")
        return None

    def _soap(self) -> SoapBinding:
        each = self._inner("each")
        return SoapBinding(
            self.get("request_type", r.text, ""),
            self._map(),
            self.get("request", r.pairs, ()),
            each.get("element", r.text, "") if each else "",
            each.get("attributes", r.pairs, ()) if each else (),
            each.get("size", r.whole(1, 1000), 50) if each else 50,
            self.get("operation", r.text, ""),
        )

    def _file(self, folder: Path) -> FileBinding:
        kind = self.get("format", r.text, "csv")
        if kind not in ("csv", "xml"):
            self._faults.append(f"{self._where}.format: expected csv or xml")
        directory = self.get("directory", r.text, "")
        return FileBinding(
            str(folder / directory) if directory else "",
            self._map(),
            self.get("pattern", r.text, f"*.{kind}"),
            kind == "xml",
            self.get("encoding", _encoding, "utf-8-sig"),
            self.get("delimiter", r.text, ","),
            self.get("latest", r.flag, False),
            self.get("quiet", r.whole(0, 86400), 10),
            self.get("marker", r.text, ""),
        )

    def _map(self) -> RecordMap:
        lines = self._inner("lines")
        return RecordMap(
            self.get("items", r.text, ""),
            self.get("fields", r.pairs, ()),
            lines.get("items", r.text, "") if lines else "",
            lines.get("fields", r.pairs, ()) if lines else (),
            self.get("codes", r.code_tables, ()),
            self._formats(),
        )

    def _formats(self) -> Formats:
        inner, plain = self._inner("formats"), Formats()
        if inner is None:
            return plain
        inner.check(frozenset({"date", "decimal", "yes", "no"}))
        return Formats(
            inner.get("date", r.text, plain.date),
            inner.get("decimal", r.text, plain.decimal),
            inner.get("yes", _words, plain.yes),
            inner.get("no", _words, plain.no),
        )

    def _inner(self, name: str) -> _Reader | None:
        value = self._table.get(name)
        if value is None:
            return None
        if not is_object(value):
            self._faults.append(f"{self._where}.{name}: expected a table")
            return None
        return _Reader(value, f"{self._where}.{name}", self._faults)

    def check(self, names: frozenset[str]) -> None:
        """Note every name that is none of these."""
        unknown = (name for name in self._table if name not in names)
        self._faults += [f"{self._where}.{name}: unknown setting" for name in unknown]

    def get(self, name: str, read: Callable[[object], T], default: T) -> T:
        """Read one setting, or take its default."""
        if name not in self._table:
            return default
        try:
            return read(self._table[name])
        except ValueError as exc:
            self._faults.append(f"{self._where}.{name}: {exc}")
            return default


def _encoding(value: object) -> str:
    text = r.text(value)
    try:
        "x".encode(text)
    except LookupError:
        raise ValueError("expected an encoding such as utf-8 or cp1252") from None
    return text


def _words(value: object) -> frozenset[str]:
    """Read words of a flag; blank may be one of them."""
    if not is_list(value):
        raise ValueError('expected a list of words such as ["Y"]')
    return frozenset(fold(r.text(one)) for one in value)
