"""How many requests each operation had, and how many bytes of body went in and out."""

from __future__ import annotations

import threading

from attrs import evolve, frozen


@frozen
class Count:
    """Requests of one operation and the bytes of their bodies and answers."""

    count: int = 0
    received: int = 0
    sent: int = 0


class Counters:
    """Counts by system and operation; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[str, dict[str, Count]] = {"oro": {}, "prima": {}}

    def add(self, system: str, operation: str, *, received: int, sent: int) -> None:
        """Count one request."""
        with self._lock:
            known = self._counts[system].get(operation, Count())
            self._counts[system][operation] = evolve(
                known,
                count=known.count + 1,
                received=known.received + received,
                sent=known.sent + sent,
            )

    def of(self, system: str, operation: str) -> Count:
        """Return the count of one operation."""
        with self._lock:
            return self._counts[system].get(operation, Count())

    def total(self, system: str) -> int:
        """Return all requests to one system."""
        with self._lock:
            return sum(count.count for count in self._counts[system].values())

    def table(self) -> dict[str, dict[str, dict[str, int]]]:
        """Return everything as plain JSON: system, operation, `count`, `in`, `out`."""
        with self._lock:
            return {
                system: {name: _row(counts[name]) for name in sorted(counts)}
                for system, counts in self._counts.items()
            }


def _row(count: Count) -> dict[str, int]:
    return {"count": count.count, "in": count.received, "out": count.sent}
