"""What a rule tells about itself while it runs; `explain` keeps it, `SILENT` forgets it."""

from __future__ import annotations

from typing import Protocol

from attrs import frozen


class Recorder(Protocol):
    """What a rule tells about itself."""

    def step(self, rule: str, /, **inputs: object) -> Recorder:
        """Begin a rule inside this one; what is noted on the answer belongs to it."""
        ...

    def row(self, table: str, key: object, /, **cells: object) -> None:
        """Note a row that was looked up; no cells where there is none of that key."""
        ...

    def refused(self, what: object, why: str, /, *values: object) -> None:
        """Note an alternative that was not taken; `why` has a `{}` for each of `values`."""
        ...

    def gave(self, result: object) -> None:
        """Note what the rule answers."""
        ...


@frozen
class _Silent:
    def step(self, rule: str, /, **inputs: object) -> Recorder:
        del rule, inputs
        return self

    def row(self, table: str, key: object, /, **cells: object) -> None:
        del table, key, cells

    def refused(self, what: object, why: str, /, *values: object) -> None:
        del what, why, values

    def gave(self, result: object) -> None:
        del result


SILENT: Recorder = _Silent()
"""Records nothing: what rules run with when nobody asks."""
