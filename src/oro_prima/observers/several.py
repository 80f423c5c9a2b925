"""Telling several observers."""

from __future__ import annotations

from oro_prima.ports import Event, Observer


def tell_all(*observers: Observer) -> Observer:
    """Return an observer that tells each of these, in their order."""

    def observe(event: Event) -> None:
        for observer in observers:
            observer(event)

    return observe
