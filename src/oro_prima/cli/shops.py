"""Other shops that sell from this shop's pool, as the doctor sees them."""

from __future__ import annotations

from decimal import Decimal

from oro_prima.mapping import PoolMode, StockPolicy
from oro_prima.ports import Ports
from oro_prima.sync.neighbours import unread_neighbours


def pool_lines(ports: Ports, policy: StockPolicy) -> tuple[list[str], bool]:
    """Say who shares the pool, how much each may publish, and who cannot be read now."""
    if not ports.neighbours:
        return ["  no other shop of this directory sells from it"], True
    unread = {one.name: one.why for one in unread_neighbours(ports)}
    if policy.pool_mode is PoolMode.PER_SHOP:
        lines = ["each shop publishes all that is left: the last one may be sold twice"]
    else:
        lines = [f"this shop publishes {_percent(policy.pool_share)} at most"]
    for one in ports.neighbours:
        why = unread.get(one.name)
        told = "can be read" if why is None else f"cannot be read, so no level rises: {why}"
        lines.append(f"{one.name}, {_percent(one.share)} at most: {told}")
    return [f"  {line}" for line in lines], not unread


def _percent(share: Decimal) -> str:
    """
    Write a share as people say it.

    >>> _percent(Decimal("0.125")), _percent(Decimal(1))
    ('12.5 %', '100 %')
    """
    return f"{(share * 100).normalize():f} %"
