"""Several shops that sell from one Prima, and overselling as an outsider measures it over all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from oro_prima.sandbox.oro import OrderLine
from oro_prima.sandbox.oversold import Promise, measure, promise
from oro_prima.sandbox.world import World


class Mall:
    """
    Worlds that share one Prima and one clock.

    Args:
        worlds: By the first digits of each one's order numbers in Prima, which no other one uses.
            Make the others with `World(beside=first)`.

    Raises:
        ValueError: one of them has a Prima of its own.
    """

    def __init__(self, worlds: Mapping[str, World]) -> None:
        self.worlds = dict(worlds)
        first = next(iter(self.worlds.values()))
        if any(world.prima is not first.prima for world in self.worlds.values()):
            msg = "every world of a mall sells from one Prima: make them with beside=first"
            raise ValueError(msg)
        self.prima = first.prima

    def checkout(
        self, prefix: str, customer: str, lines: Sequence[OrderLine]
    ) -> tuple[str, Decimal]:
        """
        Buy in one shop.

        Returns:
            The order's id, and the base units that it promised beyond what Prima had free then and
            no other checkout of any shop had been promised.

        Raises:
            OutOfStock: that shop's own level does not allow it.
        """
        world = self.worlds[prefix]
        keys = promise("", lines, world.units).base
        free, _settled = self.prima.position(keys)
        before = tuple(self._open_promises())
        order = world.oro.checkout(customer, lines)
        made = promise(order, lines, world.units)
        return order, measure(made, before=before, free=free, overwritten=()).oversold

    def _open_promises(self) -> Iterator[Promise]:
        """Yield what checkouts promised that Prima has not taken off yet, in every shop."""
        for prefix, world in self.worlds.items():
            settled = self._settled(prefix)
            for view in world.oro.orders():
                if view.checkout and view.id not in settled and view.internal_status != "cancelled":
                    yield promise(view.id, view.lines, world.units)

    def _settled(self, prefix: str) -> frozenset[str]:
        """Return the orders of a shop whose goods Prima took, or gave back."""
        return frozenset(
            str(int(view.order_number[len(prefix) : -1]))
            for view in self.prima.orders()
            if view.order_number.startswith(prefix)
            and (view.taken_off or view.status.casefold() == "cancelled")
        )
