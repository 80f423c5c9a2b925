"""The smallest valid records, and a clock, for tests of stores."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from oro_prima.ids import (
    CommandKey,
    OroOrderId,
    OroSku,
    PairId,
    PrimaAccount,
    PrimaOrderNumber,
    UnitCode,
)
from oro_prima.records import Capture, EntryState, Home, LedgerEntry, LineDemand

PAIR = PairId("pair")
START = datetime(2031, 5, 4, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class TestClock:
    """A clock that moves when it is told to."""

    __test__ = False

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        """Return the present instant."""
        return self.now


def a_capture(order: str, home: Home = Home.WAITING) -> Capture:
    """Return a capture of an order."""
    return Capture(
        order=OroOrderId(order),
        created_at=START,
        currency="GBP",
        gross=Decimal("24.0000"),
        vat=None,
        home=home,
        reason="",
        first_read=START,
        last_read=START,
        intent_hash="",
        lines=(LineDemand(OroSku("B"), UnitCode("each"), Decimal("0.5")),),
    )


def an_entry(order: str, state: EntryState = EntryState.CLAIMED) -> LedgerEntry:
    """Return a ledger entry of an order."""
    return LedgerEntry(
        key=CommandKey(f"{PAIR}/orders/{order}/0"),
        order=OroOrderId(order),
        number=PrimaOrderNumber(f"3{order.zfill(7)}0"),
        account=PrimaAccount("TRADE1"),
        state=state,
        attempt=1,
        intent_hash="intent",
        sent_hash="sent",
        claimed_at=START + MINUTE * int(order),
        changed_at=START + MINUTE * int(order),
        fence=1,
    )
