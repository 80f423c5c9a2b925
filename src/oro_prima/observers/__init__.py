"""Observers: what a run tells of itself, into logs. Ids and counts only, nothing personal."""

from oro_prima.observers.logs import log_events
from oro_prima.observers.several import tell_all, unharmed

__all__ = ["log_events", "tell_all", "unharmed"]
