"""`World`: OroCommerce and Prima in one place, with one clock, faults, counts and a measure."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from attrs import evolve

from oro_prima.call import HttpRequest
from oro_prima.sandbox.clock import SandboxClock
from oro_prima.sandbox.control import Control
from oro_prima.sandbox.counters import Counters
from oro_prima.sandbox.faults import AFTER_COMMIT, BEFORE_COMMIT, Act, Faults, Reply
from oro_prima.sandbox.oro import OrderLine, OroSandbox
from oro_prima.sandbox.oro.schema import Release
from oro_prima.sandbox.oversold import (
    Promise,
    Units,
    Verdict,
    measure,
    overwritten_sale,
    promise,
)
from oro_prima.sandbox.prima import PrimaSandbox, StockKey
from oro_prima.sandbox.seed import Seed, plant

_NOT_SOLD = frozenset({"cancelled"})


class World:
    """
    Both systems as they behave, in memory; every method is safe to use from any thread.

    Args:
        oro_version: Which OroCommerce to be.
        prima_style: Which style Prima's web service has.
        seed: Number that all made-up data follows from; None for an empty world.
        size: `small`, `demo` or how many orders.
        reserves: `acceptance` or `release`: when Prima takes an order's goods off.
        rounding: How Prima rounds the VAT of an invoice: `line`, `document`, `unit`, `half-even`.
        prices: How Prima reads `Price`: `unit`, `line`, or not at all (`book`).
        queue_seconds: How long OroCommerce's queue waits before it works.
        token_seconds: How long an access token lasts.
        at: The instant at which the clock stands until it is moved; None for real time.
        beside: A world whose Prima, and whose clock, this shop sells from too.

    Attributes:
        clock: The one clock; `Date`, `createdAt` and token expiry follow it.
        oro, prima: The two systems.
        faults: What will go wrong.
        requests: What was asked so far.
        seed: The made-up data it started with.
    """

    def __init__(
        self,
        *,
        oro_version: Release = "6.1",
        prima_style: str = "rpc-literal",
        seed: int | None = 7,
        size: str | int = "small",
        reserves: str = "acceptance",
        rounding: str = "line",
        prices: str = "line",
        queue_seconds: float = 0.0,
        token_seconds: int = 3600,
        at: datetime | None = None,
        beside: World | None = None,
    ) -> None:
        self.clock: SandboxClock = SandboxClock() if beside is None else beside.clock
        if at is not None:
            self.clock.freeze(at)
        self.oro = OroSandbox(
            version=oro_version,
            now=self.clock,
            queue_seconds=queue_seconds,
            token_seconds=token_seconds,
        )
        prima = PrimaSandbox(
            now=self.clock, style=prima_style, reserves=reserves, rounding=rounding, prices=prices
        )
        self.prima: PrimaSandbox = prima if beside is None else beside.prima
        self.faults = Faults()
        self.requests = Counters()
        self.verdict = Verdict()
        self.checkouts = 0
        self._control = Control(self)
        self._lock = threading.Lock()
        self._units: dict[tuple[str, str], tuple[tuple[StockKey, int], ...]] = {}
        self.seed = Seed()
        if seed is not None:
            made = plant(
                self.oro, prima, number=seed, size=size, now=self.clock(), version=oro_version
            )
            self.oro.furnish()
            self.seed = made
            for sku, unit, components in made.units:
                self.learn_unit(sku, unit, *components)

    # What the systems answer

    def reply(self, system: str, request: HttpRequest) -> Reply:
        """Carry out one request to `oro`, `prima` or `control`, due faults included."""
        if system == "control":
            return Reply(Act.ANSWER, self._control.handle(request))
        side = self.oro if system == "oro" else self.prima
        operation = side.operation(request)
        fault = self.faults.take(system, operation)
        reply = _act(side, fault, request)
        sent = len(reply.response.body)
        self.requests.add(system, operation, received=len(request.body), sent=sent)
        return reply

    # What shoppers do, and what it cost

    @property
    def units(self) -> Units:
        """(Oro SKU, unit) -> the Prima SKUs it is made of, as the sandbox itself knows them."""
        return self._units

    def learn_unit(
        self, sku: str, unit: str, *components: tuple[str, str, str, str, str, int]
    ) -> None:
        """Say what one product unit is made of: product, four matrix codes and a count, each."""
        self._units[(sku, unit)] = tuple(
            (StockKey(product, m1, m2, m3, m4), count)
            for product, m1, m2, m3, m4, count in components
        )

    def price_of(self, sku: str, unit: str) -> Decimal:
        """Return what the made-up shop asks for one unit; 1.00 where it names no price."""
        return self.seed.prices.get((sku, unit), Decimal("1.00"))

    def checkout(self, customer: str, lines: Sequence[OrderLine]) -> str:
        """
        Buy in the storefront, and measure whether it was oversold; returns the order's id.

        Raises:
            OutOfStock: OroCommerce's own level does not allow it.
        """
        with self._lock:
            keys = promise("", lines, self._units).base
            free, settled = self.prima.position(keys)
            before = self._open_promises(settled)
            order = self.oro.checkout(customer, lines)
            made = promise(order, lines, self._units)
            found = measure(made, before=before, free=free, overwritten=())
            if found.oversold:
                known = self._overwritten(made)
                found = measure(made, before=before, free=free, overwritten=known)
            self.checkouts += 1
            self.verdict = evolve(
                self.verdict,
                oversold=self.verdict.oversold + found.oversold,
                in_window=self.verdict.in_window + found.in_window,
            )
            return order

    def _open_promises(self, settled: frozenset[str]) -> list[Promise]:
        """Return what checkouts promised that Prima has not taken off yet."""
        done = {order_of(reference) for reference in settled}
        return [
            promise(view.id, view.lines, self._units)
            for view in self.oro.orders()
            if view.checkout and view.id not in done and view.internal_status not in _NOT_SOLD
        ]

    def _overwritten(self, made: Promise) -> list[StockKey]:
        """Return the SKUs whose stock was last written over a sale, before this checkout."""
        events = [event for event in self.oro.log if event.ref != made.order]
        return [
            key
            for key in made.base
            if overwritten_sale(
                events, levels=self._levels_of(key), checkouts=self._checkouts_of(key)
            )
        ]

    def _levels_of(self, key: StockKey) -> frozenset[str]:
        return frozenset(
            level.id for level in self.oro.levels() if self._holds(level.sku, level.unit, key)
        )

    def _checkouts_of(self, key: StockKey) -> frozenset[str]:
        return frozenset(
            view.id
            for view in self.oro.orders()
            if view.checkout and any(self._holds(line.sku, line.unit, key) for line in view.lines)
        )

    def _holds(self, sku: str, unit: str, key: StockKey) -> bool:
        return any(own == key for own, _ in self._units.get((sku, unit), ()))


def order_of(reference: str) -> str:
    """
    Return the OroCommerce order id that a TPGUID ends in; empty where it ends in no digits.

    >>> order_of("ORO-1042")
    '1042'
    """
    head = reference.rstrip("0123456789")
    return reference[len(head) :].lstrip("0")


def _act(side: OroSandbox | PrimaSandbox, fault: str, request: HttpRequest) -> Reply:
    if fault in BEFORE_COMMIT:
        return Reply(BEFORE_COMMIT[fault])
    if fault in AFTER_COMMIT:
        return Reply(AFTER_COMMIT[fault], side.handle(request))
    if fault:
        return Reply(Act.ANSWER, side.fault_response(fault, request))
    return Reply(Act.ANSWER, side.handle(request))
