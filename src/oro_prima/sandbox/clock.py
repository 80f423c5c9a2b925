"""One clock for both sandboxes: real time, moved forward on command."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta


class SandboxClock:
    """Tells the time in UTC: real time plus an offset, or one instant once frozen."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._offset = timedelta(0)
        self._frozen: datetime | None = None

    def __call__(self) -> datetime:
        """Return the sandbox's now, aware, in UTC."""
        with self._lock:
            return (self._frozen or datetime.now(UTC)) + self._offset

    def advance(self, seconds: float) -> datetime:
        """
        Move the clock forward by `seconds` and return the new now.

        Raises:
            ValueError: negative: a server's clock does not go back.
        """
        if seconds < 0:
            msg = f"seconds: expected 0 or more, got {seconds}"
            raise ValueError(msg)
        with self._lock:
            self._offset += timedelta(seconds=seconds)
        return self()

    def freeze(self, at: datetime) -> None:
        """
        Stop the clock at the aware instant `at`; only `advance` moves it from there.

        Raises:
            ValueError: `at` has no time zone.
        """
        if at.tzinfo is None:
            msg = "expected an aware datetime"
            raise ValueError(msg)
        with self._lock:
            self._frozen, self._offset = at.astimezone(UTC), timedelta(0)
