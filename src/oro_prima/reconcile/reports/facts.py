"""What the reports look at: an order as everybody knows it, and whose books these are."""

from __future__ import annotations

from datetime import datetime, tzinfo
from decimal import Decimal

from attrs import frozen

from oro_prima.ids import PairId, PrimaCompany
from oro_prima.oro.models.orders import Order
from oro_prima.reasons import ReasonCode, explain_reason
from oro_prima.records import Capture, EntryState, ExceptionRecord, Home, LedgerEntry, RecordState
from oro_prima.values import LocalDate


@frozen
class Frame:
    """
    Whose books, which days, and when they were looked at.

    Attributes:
        first, last: Days of the books, both included, in `zone`.
        now: When the facts were read.
        organisation: What the shop's organisation is called in the configuration.
    """

    pair: PairId
    company: PrimaCompany
    first: LocalDate
    last: LocalDate
    zone: tzinfo
    now: datetime
    organisation: str = ""

    @property
    def period(self) -> str:
        """The days, as a reader says them."""
        first, last = self.first.isoformat(), self.last.isoformat()
        return first if first == last else f"{first} to {last}"


@frozen
class BookedOrder:
    """
    One captured order on all sides.

    Attributes:
        capture: What was captured, and its home.
        order: As the shop shows it now; None where it is gone or could not be read.
        entry: Its newest ledger entry.
        record: Its exception record, in whatever state.
        base_quantity: Base units of all lines; None where a line cannot be computed.
        website: Where it was placed, as the shop calls it; None where that was not read.
        main: It is posted through its sub-orders and stands in no term of the equation.
    """

    capture: Capture
    order: Order | None = None
    entry: LedgerEntry | None = None
    record: ExceptionRecord | None = None
    base_quantity: Decimal | None = None
    website: str | None = None
    main: bool = False

    @property
    def posted_at(self) -> datetime | None:
        """When Prima's acceptance was settled."""
        entry = self.entry
        return entry.changed_at if entry and entry.state is EntryState.ACCEPTED else None

    @property
    def reason(self) -> str:
        """Code of why it is where it is; empty where there is none."""
        if self.record is not None and self.record.state is RecordState.HELD:
            return self.record.reasons[0].code.value
        return self.capture.reason

    @property
    def owner(self) -> str:
        """Who acts, the person it was given to, else the owner of its reason."""
        if self.record is None or self.record.state is not RecordState.HELD:
            return ""
        return self.record.assigned_to or self.record.owner.value

    @property
    def next_action(self) -> str:
        """What is to be done, by the reason; empty where nothing is."""
        settled = (Home.POSTED, Home.CANCELLED, Home.IGNORED, Home.MAIN, Home.DISMISSED)
        open_record = self.record is not None and self.record.state is RecordState.HELD
        if self.capture.home in settled and not open_record:
            return ""
        if not self.reason:
            return "none: the next run reads it again"
        return explain_reason(ReasonCode(self.reason)).fix

    @property
    def net(self) -> Decimal | None:
        """Captured gross less captured VAT; None where one of both is not stated."""
        gross, vat = self.capture.gross, self.capture.vat
        return None if gross is None or vat is None else gross - vat
