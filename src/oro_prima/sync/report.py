"""What a run did, as values: nothing personal, safe to print and to keep."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from attrs import field, frozen

from oro_prima.errors import OroPrimaError
from oro_prima.ids import OroOrderId
from oro_prima.plans.stock import StockPlan
from oro_prima.reasons import Reason
from oro_prima.records import ExceptionRecord, Flow, Home


@frozen
class Stopped:
    """Why a flow stopped before its end; nothing is lost, the next run goes on from here."""

    why: str
    error: OroPrimaError | None = None


@frozen
class RunReport:
    """
    One run of the orders flow.

    Attributes:
        read: Orders read from OroCommerce.
        posted: Orders that Prima accepted in this run, recovered ones not among them.
        recovered: Orders in doubt that were settled in this run.
        homes: Where the orders read in this run are now.
        held: Records newly held in this run.
        in_doubt: Orders that are in doubt at the end of the run.
        newly_in_doubt: Those of them that came into doubt in this run.
        blind_spots: What this OroCommerce does not show, so that nobody reads it out of the rest.
        missing: Orders that the run was to be of and that are not there, or not yet.
    """

    run: str
    started: datetime
    finished: datetime
    read: int
    posted: tuple[OroOrderId, ...]
    recovered: tuple[OroOrderId, ...]
    homes: Mapping[Home, int]
    held: tuple[ExceptionRecord, ...]
    in_doubt: tuple[OroOrderId, ...]
    newly_in_doubt: tuple[OroOrderId, ...]
    warnings: tuple[Reason, ...]
    stopped: Stopped | None = None
    blind_spots: tuple[str, ...] = ()
    flow: Flow = Flow.ORDERS
    missing: tuple[OroOrderId, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing waits for a person because of this run."""
        return not (self.stopped or self.held or self.newly_in_doubt)

    def summary(self) -> str:
        """Return one line a person reads at a glance."""
        parts = [f"{len(self.posted)} posted"]
        if self.recovered:
            parts.append(f"{len(self.recovered)} recovered")
        parts.extend(
            f"{self.homes[home]} {home.value.replace('_', ' ')}"
            for home in (Home.WAITING, Home.HELD, Home.CANCELLED, Home.IGNORED, Home.MAIN)
            if self.homes.get(home)
        )
        if self.in_doubt:
            parts.append(f"{len(self.in_doubt)} in doubt")
        if self.missing:
            parts.append(f"not there: {', '.join(self.missing)}")
        text = f"orders: {self.read} read, " + ", ".join(parts)
        return f"{text}; stopped: {self.stopped.why}" if self.stopped else text


@frozen
class StockReport:
    """
    One run of the stock flow.

    Attributes:
        levels_changed: Levels written, corrections among them.
        corrections: Levels written again because an order came in while they were being written.
        window_ms: Time from reading orders to the end of the last correction: what is sold in it on
            a level being written can be sold once more.
        window_bound: Base units sold in that window on SKUs whose levels were written: the most
            that can have been promised twice.
    """

    run: str
    started: datetime
    finished: datetime
    skus_read: int
    levels_changed: int
    levels_refused: int
    levels_in_doubt: int
    statuses_changed: int
    corrections: int
    window_ms: int
    window_bound: int
    plan: StockPlan | None
    held: tuple[ExceptionRecord, ...] = field(default=())
    stopped: Stopped | None = None
    flow: Flow = Flow.STOCK

    @property
    def ok(self) -> bool:
        """Whether nothing waits for a person because of this run."""
        return not (self.stopped or self.held)

    def summary(self) -> str:
        """Return one line a person reads at a glance."""
        text = (
            f"stock: {self.skus_read} SKUs read, {self.levels_changed} levels changed "
            f"({self.corrections} corrected), {self.levels_refused} refused"
        )
        return f"{text}; stopped: {self.stopped.why}" if self.stopped else text


@frozen
class FulfilmentReport:
    """
    One run of the fulfilment flow.

    Attributes:
        asked: Orders that Prima was asked after.
        trackings, statuses: What was written into the shop.
        orders_finished: Orders that are not asked after again.
        held: Records newly held in this run.
        despatches: New ones that came by files.
    """

    run: str
    started: datetime
    finished: datetime
    asked: int
    trackings: int
    statuses: int
    orders_finished: int
    held: tuple[ExceptionRecord, ...] = field(default=())
    stopped: Stopped | None = None
    flow: Flow = Flow.FULFILMENT
    despatches: int = 0

    @property
    def ok(self) -> bool:
        """Whether nothing waits for a person because of this run."""
        return not (self.stopped or self.held)

    def summary(self) -> str:
        """Return one line a person reads at a glance."""
        text = (
            f"fulfilment: {self.asked} orders asked after, {self.trackings} trackings and "
            f"{self.statuses} statuses written, {self.orders_finished} finished"
        )
        if self.despatches:
            text += f"; {self.despatches} despatches by files"
        return f"{text}; stopped: {self.stopped.why}" if self.stopped else text


@frozen
class FlowReport:
    """
    One run of a flow that tells what it did in counts with a name each.

    Attributes:
        counts: What was done, such as `("prices written", 12)`, in an order that reads well.
        held: Records newly held in this run.
    """

    flow: Flow
    run: str
    started: datetime
    finished: datetime
    counts: Mapping[str, int]
    held: tuple[ExceptionRecord, ...] = field(default=())
    stopped: Stopped | None = None

    @property
    def ok(self) -> bool:
        """Whether nothing waits for a person because of this run."""
        return not (self.stopped or self.held)

    def summary(self) -> str:
        """Return one line a person reads at a glance."""
        done = ", ".join(f"{count} {name}" for name, count in self.counts.items())
        nothing = "nothing done" if self.stopped else "nothing to do"
        text = f"{self.flow.value}: {done or nothing}"
        return f"{text}; stopped: {self.stopped.why}" if self.stopped else text
