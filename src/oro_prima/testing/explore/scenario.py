"""What is explored: two systems, a policy, and what may go wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import Enum
from fractions import Fraction

from attrs import field, frozen

from oro_prima.ids import OroCustomerId, OroSku, PairId, PrimaAccount, PrimaCompany, UnitCode
from oro_prima.mapping.policy import OrderPolicy, PriceBasis
from oro_prima.mapping.tables import Component, Tables
from oro_prima.ports import Ports
from oro_prima.prima.models.profile import PrimaProfile
from oro_prima.records import Link, Pair, RunPolicy
from oro_prima.testing.explore.erp import Fate
from oro_prima.testing.explore.shop import AGE, Shop, ShopOrder
from oro_prima.values import SkuKey

START = datetime(2031, 5, 4, 12, tzinfo=UTC)
"""The instant at which everything begins, and to which a world without a run is brought back."""

PAIR = Pair(PairId("pair"), PrimaCompany("1"))
CUSTOMER = OroCustomerId("3")
LINK = Link(CUSTOMER, PrimaAccount("TRADE1"), PAIR.company, "Kim", START, "hash")
CONTROL = "390000000"
"""A number that Prima is known to have; the control enquiry asks after it."""

POLICY = OrderPolicy(
    start_at=START - AGE * 20,
    price_basis=PriceBasis.OMIT,
    vat_inclusive=False,
    post_after=timedelta(0),
)
TABLES = Tables(
    PAIR.company,
    units={(OroSku("B"), UnitCode("each")): (Component(SkuKey("BOOT"), Fraction(1)),)},
)

FATES = tuple(fate for fate in Fate if fate is not Fate.FINE)


class Look(Enum):
    """How closely a world is looked at; both find the same, one of them much sooner."""

    CLOSE = "at every call, whatever was before"
    FAR = "where it can make a difference, and what has one future is one state"


def unchanged(ports: Ports) -> Ports:
    """Leave the ports as they are."""
    return ports


@frozen
class Scenario:
    """
    One world to explore.

    Attributes:
        name: For reports.
        shop: The orders.
        policy, profile, run: As in production.
        fates: What may become of an order on its way to Prima.
        crashes, pauses, purges, strangers: Whether a run may end anywhere; may stand still while
            the clock moves; whether Prima may forget an old order; whether another data set may
            answer in its place.
        restores: Whether the store may be replaced by its first backup while no run is alive.
        long_pauses: Breaks an assumption on purpose: a run may stand still between its last look
            at its lease and the send for longer than the lease lasts.
        sleepers: Whether a run whose lease went to another may wake at any time; else at once.
        runners: Runs alive at once, 1 or 2.
        look: How closely it is looked at.
        wrap: Changes the ports of every run; a seeded bug comes in here.
    """

    name: str
    shop: Shop
    policy: OrderPolicy = POLICY
    profile: PrimaProfile = field(factory=PrimaProfile)
    run: RunPolicy = field(factory=RunPolicy)
    fates: tuple[Fate, ...] = FATES
    crashes: bool = True
    pauses: bool = True
    purges: bool = True
    strangers: bool = True
    restores: bool = False
    long_pauses: bool = False
    sleepers: bool = False
    runners: int = 2
    look: Look = Look.FAR
    wrap: Callable[[Ports], Ports] = unchanged


def two_orders() -> Shop:
    """Two plain orders, there from the beginning."""
    return Shop((ShopOrder(1001), ShopOrder(1002)))


def one_order() -> Shop:
    """One plain order."""
    return Shop((ShopOrder(1001),))
