"""
Orders that appeared late, with an id below the highest one that was read.

A client that takes long to commit shows its order after later ones. So the ids below the watermark
are asked for again, and only orders that nobody captured are read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import frozen

from oro_prima.ids import OroOrderId
from oro_prima.oro.calls.orders import order_ids
from oro_prima.sync.run import FlowRun

PAGE, IDS = 100, 500
"""Orders, and ids alone, that one request asks for."""


@frozen
class Overlap:
    """The ids that are looked at again: above `after`, up to `reached`, the highest one read."""

    after: int
    reached: int

    @property
    def is_small(self) -> bool:
        """Whether its orders fill no more than a page: then they are simply read again."""
        return self.reached - self.after <= PAGE


def overlap_of(run: FlowRun) -> Overlap:
    """Return the overlap of this run; without a watermark everything is above 0."""
    watermark = run.ports.store.watermark()
    reached = watermark.order if watermark else 0
    return Overlap(max(0, reached - run.ports.run.id_overlap), reached)


def late_orders(run: FlowRun, overlap: Overlap) -> Iterator[Sequence[OroOrderId]]:
    """Yield the orders of an overlap that no capture is of, at most a hundred at a time."""
    for ids in _ids_of(run, overlap):
        known = run.ports.store.captures(ids)
        late = [order for order in ids if order not in known]
        for start in range(0, len(late), PAGE):
            yield late[start : start + PAGE]


def _ids_of(run: FlowRun, overlap: Overlap) -> Iterator[Sequence[OroOrderId]]:
    """Yield every id of an overlap, a page at a time: a person may choose a wide one."""
    after = overlap.after
    while after < overlap.reached:
        found = run.ports.shop.send(order_ids(after=after, size=IDS))
        yield [order for order in found if int(order) <= overlap.reached]
        after = int(found[-1]) if len(found) == IDS else overlap.reached
