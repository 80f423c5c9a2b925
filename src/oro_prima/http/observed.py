"""A sender that tells an observer of every call: its name, how it ended and how long it took."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

from oro_prima.call import Call, R, Sender
from oro_prima.errors import CallError
from oro_prima.http.retry import Repetition
from oro_prima.ports import Event, Observer


def told_repetitions(observer: Observer, *, system: str) -> Callable[[Repetition], None]:
    """Return what tells an observer of repetitions: the call, why, how often it was sent."""

    def tell(repetition: Repetition) -> None:
        why, subject = type(repetition.error).__name__, f"{system}/{repetition.call}"
        pause = timedelta(seconds=repetition.seconds)
        observer(Event(None, "retry", subject, repetition.sendings, outcome=why, took=pause))

    return tell


class ObservedSender:
    """Sends by another sender and tells of each call; nothing of requests or answers is told."""

    def __init__(
        self,
        sender: Sender,
        observer: Observer,
        *,
        system: str,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sender, self._observer, self._system = sender, observer, system
        self._seconds = seconds

    def send(self, call: Call[R]) -> R:
        """Send `call`, and tell how it went."""
        began = self._seconds()
        outcome = "ok"
        try:
            return self._sender.send(call)
        except CallError as error:
            outcome = type(error).__name__
            raise
        finally:
            took = timedelta(seconds=self._seconds() - began)
            subject = f"{self._system}/{call.name}"
            self._observer(Event(None, "call", subject, outcome=outcome, took=took))
