"""Everything that can happen next, and what it counts as."""

from __future__ import annotations

from enum import Enum

from attrs import frozen

from oro_prima.testing.explore.erp import Fate


class Act(Enum):
    """Who or what moves."""

    GO = "a run goes on"
    CRASH = "a run ends where it stands"
    START = "a run starts"
    LEASE_OVER = "the clock moves to the end of the lease"
    GRACE_OVER = "the clock moves to the end of a grace"
    CERTAINTY_OVER = "the clock moves past the end of a certainty"
    GROWN = "the clock moves past the age at which an order is posted"
    ARRIVE = "a request on its way arrives"
    PURGE = "Prima forgets an order"
    STRANGER = "another data set answers in Prima's place"
    BACK = "the right data set answers again"
    HAS = "a person says that Prima has an order"
    SEND = "a person says that Prima has not an order and has it sent"
    RETRY = "a person has a held order tried again"
    CHANGE = "the shop shows another order"
    RESTORE = "the store is replaced by its backup"


CLOCK = (Act.LEASE_OVER, Act.GRACE_OVER, Act.CERTAINTY_OVER, Act.GROWN)


@frozen
class Move:
    """
    One thing that happens.

    `place`: which run, request, order of Prima or order of the shop. `fault`: whether it counts
    among the faults; everything else may happen as often as it can.
    """

    act: Act
    place: int = 0
    fate: Fate = Fate.FINE
    fault: bool = False
