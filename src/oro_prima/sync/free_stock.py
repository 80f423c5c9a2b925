"""The question for all of Prima's free stock, as a pair asks it."""

from __future__ import annotations

from datetime import datetime

from oro_prima.ports import Ports
from oro_prima.prima.calls.base import PrimaCall
from oro_prima.prima.calls.stock import free_stock
from oro_prima.prima.models.stock import FreeStockRow
from oro_prima.values import local_date


def all_free_stock(ports: Ports, *, at: datetime) -> PrimaCall[tuple[FreeStockRow, ...]]:
    """
    Return the question for the whole snapshot of the pair's company.

    Args:
        ports: Whose profile, company, time-out and cap it bears.
        at: The instant whose day, in the zone of the books, horizons count from.
    """
    return free_stock(
        profile=ports.profile,
        company=ports.pair.company,
        today=local_date(at, ports.zone),
        timeout=ports.snapshot_timeout.total_seconds(),
        cap=ports.answer_cap,
    )
