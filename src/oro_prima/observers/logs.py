"""Events into the standard logging: one line each, with its parts as fields of the record."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from oro_prima.ports import Event, Observer

LEVELS: Mapping[str, int] = {"stopped": logging.WARNING, "call": logging.DEBUG}
"""Levels of events by what they say; every other one is `INFO`."""


def log_events(logger: logging.Logger | None = None) -> Observer:
    """
    Return an observer that writes each event to a logger (`oro_prima` where none is given).

    A record carries `flow`, `what`, `subject`, `outcome`, `done`, `total` and `took` (in
    milliseconds) as attributes, for handlers that write structured logs. No event holds a name, an
    address, a note or a secret.
    """
    target = logger or logging.getLogger("oro_prima")

    def observe(event: Event) -> None:
        level = logging.WARNING if event.outcome not in ("", "ok") else LEVELS.get(event.what)
        level = logging.INFO if level is None else level
        if target.isEnabledFor(level):
            target.log(level, "%s", event_text(event), extra=_fields(event))

    return observe


def event_text(event: Event) -> str:
    """
    Write an event as one line.

    >>> event_text(Event(None, "call", "prima/order_status", outcome="ok"))
    'call prima/order_status: ok'
    """
    flow = f"{event.flow.value}: " if event.flow else ""
    subject = f" {event.subject}" if event.subject else ""
    count = f" {event.done}/{event.total}" if event.total else ""
    outcome = f": {event.outcome}" if event.outcome else ""
    return f"{flow}{event.what}{subject}{count}{outcome}"


def _fields(event: Event) -> dict[str, object]:
    return {
        "flow": event.flow.value if event.flow else "",
        "what": event.what,
        "subject": event.subject,
        "outcome": event.outcome,
        "done": event.done,
        "total": event.total,
        "took": None if event.took is None else event.took.total_seconds() * 1000,
    }
