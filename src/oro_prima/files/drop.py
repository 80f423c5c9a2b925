"""
A directory that files arrive in: whole ones alone, each taken once, and put away.

A file counts as whole when nobody wrote to it for a while, and where the binding says so when a
second file marks it. It is taken by renaming it into `taken/`, so no other run can have it as well;
it goes to `done/` when what was read of it was used, and to `failed/` with a reason when it cannot
be read. A run that ends in between leaves it in `taken/`: the next one begins with it.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from pathlib import Path

from attrs import frozen

from oro_prima.errors import ConfigError, UnreadableError
from oro_prima.files.reading import read_file
from oro_prima.ports import Clock
from oro_prima.prima.models.binding import FileBinding
from oro_prima.prima.models.bound import Bound, parse_records
from oro_prima.prima.models.capabilities import Capability

TAKEN, DONE, FAILED = "taken", "done", "failed"
LARGEST = 512 * 1024 * 1024
_PARTIAL = (".tmp", ".part", ".filepart", ".partial", ".writing")


@frozen
class DropReader:
    """
    Reads the files of bound capabilities.

    Attributes:
        clock: Tells how long a file was left alone.
        cap: Most bytes of one file.
    """

    clock: Clock
    cap: int = LARGEST

    @contextmanager
    def read(
        self, capability: Capability, binding: FileBinding
    ) -> Generator[Bound[object], None, None]:
        """
        Give the records of every whole file, oldest name first.

        At the end of the block what was taken is done; when the block raises it stays taken, and
        is given again. A file that cannot be read is a fault beside the records of the others.

        Raises:
            ConfigError: The directory is not there or cannot be written to.
        """
        folder = _folder(binding)
        if binding.latest:
            yield self._all(self._latest(folder, binding), capability, binding).bound
            return
        found = self._all(self._take(folder, binding), capability, binding)
        for path, why in found.unreadable:
            _put_away(path, folder / FAILED, why=why)
        yield found.bound
        for path in found.used:
            _put_away(path, folder / DONE)

    def look(self, capability: Capability, binding: FileBinding) -> Bound[object]:
        """
        Give the records of the files that `read` would take, and leave them where they are.

        Raises:
            ConfigError: The directory is not there.
        """
        folder = _folder(binding)
        whole = self._latest(folder, binding) if binding.latest else self._whole(folder, binding)
        taken = [] if binding.latest else _left_over(folder / TAKEN, binding)
        return self._all([*taken, *whole], capability, binding).bound

    def _all(self, paths: list[Path], capability: Capability, binding: FileBinding) -> _Found:
        """Read files; one that cannot be read is a fault beside the records of the others."""
        records: list[object] = []
        faults: list[str] = []
        used: list[Path] = []
        unreadable: list[tuple[Path, str]] = []
        for path in paths:
            try:
                found = self._one(path, capability, binding)
            except UnreadableError as error:
                faults.append(error.detail)
                unreadable.append((path, error.detail))
                continue
            records += found.records
            faults += [f"{path.name}: {fault}" for fault in found.faults]
            used.append(path)
        return _Found(Bound(tuple(records), tuple(faults)), tuple(used), tuple(unreadable))

    def peek(self, capability: Capability, binding: FileBinding) -> Bound[object]:
        """Read the last whole file by name and leave it where it is."""
        folder = _folder(binding)
        records: list[object] = []
        faults: list[str] = []
        for path in self._latest(folder, binding):
            found = self._one(path, capability, binding)
            records += found.records
            faults += found.faults
        return Bound(tuple(records), tuple(faults))

    def _one(self, path: Path, capability: Capability, binding: FileBinding) -> Bound[object]:
        if path.stat().st_size > self.cap:
            raise UnreadableError("read_file", f"{path.name}: larger than {self.cap} bytes")
        raw = read_file(path.read_bytes(), binding=binding, name=path.name)
        return parse_records(raw, capability=capability, mapping=binding.mapping)

    def _latest(self, folder: Path, binding: FileBinding) -> list[Path]:
        return self._whole(folder, binding)[-1:]

    def _take(self, folder: Path, binding: FileBinding) -> list[Path]:
        """Rename every whole file into `taken/`, beside what an earlier run left there."""
        taken = folder / TAKEN
        try:
            for place in (taken, folder / DONE, folder / FAILED):
                place.mkdir(exist_ok=True)
            for path in self._whole(folder, binding):
                _claim(path, taken, binding)
        except OSError as exc:
            raise _unusable(folder, exc) from exc
        return _left_over(taken, binding)

    def _whole(self, folder: Path, binding: FileBinding) -> list[Path]:
        paths = (path for path in folder.iterdir() if _matches(path, binding))
        return sorted(path for path in paths if self._is_whole(path, binding))

    def _is_whole(self, path: Path, binding: FileBinding) -> bool:
        if binding.marker and not path.with_name(path.name + binding.marker).exists():
            return False
        age = self.clock().timestamp() - path.stat().st_mtime
        return age >= binding.quiet or bool(binding.marker)


@frozen
class _Found:
    """What files held, which of them could be read, and which not, with the reason."""

    bound: Bound[object]
    used: tuple[Path, ...]
    unreadable: tuple[tuple[Path, str], ...]


def _left_over(taken: Path, binding: FileBinding) -> list[Path]:
    """Return the files in `taken/`, which need not be there."""
    if not taken.is_dir():
        return []
    return sorted(path for path in taken.iterdir() if _matches(path, binding))


def _folder(binding: FileBinding) -> Path:
    folder = Path(binding.directory)
    if not folder.is_dir():
        raise ConfigError((f"{folder.name}: no such directory, for files of a capability",))
    return folder


def _matches(path: Path, binding: FileBinding) -> bool:
    name = path.name
    hidden = name.startswith((".", "~")) or name.endswith(_PARTIAL)
    return not hidden and fnmatchcase(name, binding.pattern) and path.is_file()


def _move(path: Path, target: Path) -> None:
    """Rename within the directory; a file of that name there is never written over."""
    number = 1
    free = target
    while free.exists():
        number += 1
        free = target.with_name(f"{target.stem}-{number}{target.suffix}")
    path.rename(free)


def _claim(path: Path, taken: Path, binding: FileBinding) -> None:
    """Take a file and its marker; one that another run took in between is that run's."""
    try:
        _move(path, taken / path.name)
    except FileNotFoundError:
        return
    if binding.marker:
        path.with_name(path.name + binding.marker).unlink(missing_ok=True)


def _put_away(path: Path, folder: Path, *, why: str = "") -> None:
    name = path.name
    _move(path, folder / name)
    if why:
        (folder / f"{name}.why.txt").write_text(why + "\n", encoding="utf-8")


def _unusable(folder: Path, exc: OSError) -> ConfigError:
    fault = f"{folder.name}: files cannot be taken from there ({type(exc).__name__})"
    return ConfigError((fault,))
