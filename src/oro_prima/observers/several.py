"""Telling several observers, and never being hurt by one."""

from __future__ import annotations

import warnings

from oro_prima.ports import Event, Observer


def tell_all(*observers: Observer) -> Observer:
    """Return an observer that tells each of these, in their order."""

    def observe(event: Event) -> None:
        for observer in observers:
            observer(event)

    return observe


def unharmed(observer: Observer) -> Observer:
    """
    Return an observer that never raises, whatever `observer` does.

    A log that cannot be written must not leave an order in doubt. The first failure is said by a
    warning that names its class alone.
    """
    failed: list[str] = []

    def observe(event: Event) -> None:
        try:
            observer(event)
        except Exception as error:  # noqa: BLE001 - the edge: an observer is anybody's code
            if not failed:
                failed.append(type(error).__name__)
                warnings.warn(f"an observer fails: {failed[0]}; runs go on", stacklevel=2)

    return observe
