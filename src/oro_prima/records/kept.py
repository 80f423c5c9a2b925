"""What the store keeps: captures, ledger entries, exceptions, leases, the journal."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from attrs import evolve, field, frozen
from attrs.validators import ge

from oro_prima.ids import (
    CommandKey,
    OroLevelId,
    OroOperationId,
    OroOrderId,
    PairId,
    PrimaAccount,
    PrimaCompany,
    PrimaOrderNumber,
)
from oro_prima.reasons import Owner, Reason
from oro_prima.records.looked_at import Home, LineDemand
from oro_prima.values import SkuKey


class Flow(StrEnum):
    """One subject in one direction."""

    ORDERS = "orders"
    STOCK = "stock"
    FULFILMENT = "fulfilment"
    CUSTOMERS = "customers"
    PRICES = "prices"
    PRODUCTS = "products"
    INVOICES = "invoices"


class EntryState(StrEnum):
    """State of a ledger entry; `ACCEPTED` is for ever."""

    CLAIMED = "claimed"
    RESENT = "resent"
    DOUBT = "doubt"
    ACCEPTED = "accepted"
    RELEASED = "released"


class FindAnswer(StrEnum):
    """What an enquiry after an order says of one in doubt."""

    FOUND = "found"
    ABSENT = "absent"
    UNCLEAR = "unclear"
    FAILED = "failed"


class RecordState(StrEnum):
    """State of an exception record."""

    HELD = "held"
    RESOLVED = "resolved"
    DISMISSED = "dismissed"


@frozen
class Unread:
    """
    A record that came and cannot be read: which one, and each fault; never a value of it.

    `created_at` is None where that cannot be read either.
    """

    subject: str
    faults: tuple[str, ...]
    created_at: datetime | None = None


@frozen
class Capture:
    """
    What was captured of an order when it was first read, and where it is now.

    `gross` and `vat` are the totals of the first reading, in `currency`, and are frozen; None means
    that OroCommerce did not state them. `readable` is False until a reading could be read: what is
    frozen is frozen from then on. `discounted` is frozen too: a discount or a promotion was there,
    or nobody looked.
    """

    order: OroOrderId
    created_at: datetime
    currency: str
    gross: Decimal | None
    vat: Decimal | None
    home: Home
    reason: str
    first_read: datetime
    last_read: datetime
    intent_hash: str
    lines: tuple[LineDemand, ...] = ()
    identifier: str = ""
    readable: bool = True
    discounted: bool = True


def frozen_totals(before: Capture, capture: Capture) -> Capture:
    """Return a capture with the totals, the instant and the currency of its first reading."""
    if not before.readable:
        return capture
    return evolve(
        capture,
        created_at=before.created_at,
        currency=before.currency,
        gross=before.gross,
        vat=before.vat,
        first_read=before.first_read,
        discounted=before.discounted,
    )


@frozen
class LedgerEntry:
    """
    One command that was started, and how it ended.

    `attempt` counts sendings; `sent_hash` is the SHA-256 of the bytes of the last one. `fence` is
    the fencing number of the lease it was claimed under. `first_absent` is when an enquiry first
    said, with a code the profile trusts, that Prima does not have it. `may_resend` is a person's
    word that Prima does not have it; the next run uses it up. `suffix` counts deliberate reposts:
    each is an entry of its own, and the newest one decides. `settled_number` is the number under
    which a person says that Prima has it; empty for the one that was sent.
    """

    key: CommandKey
    order: OroOrderId
    number: PrimaOrderNumber
    account: PrimaAccount
    state: EntryState
    attempt: int
    intent_hash: str
    sent_hash: str
    claimed_at: datetime
    changed_at: datetime
    fence: int
    kind: str = "post_order"
    version: int = 1
    settled_account: str = ""
    first_absent: datetime | None = None
    resent: bool = False
    may_resend: bool = False
    decided_by: str = ""
    note: str = ""
    suffix: int = 0
    settled_number: str = ""

    @property
    def known_as(self) -> PrimaOrderNumber:
        """The number under which Prima has it, if it has it."""
        return PrimaOrderNumber(self.settled_number or self.number)


@frozen
class Follow:
    """
    An accepted order that Prima is asked after until it is finished.

    `asked_at` is None before the first time; `said` is the status text of the last time.
    """

    order: OroOrderId
    number: PrimaOrderNumber
    accepted_at: datetime
    asked_at: datetime | None = None
    said: str = ""
    finished: bool = False


@frozen
class Kept:
    """
    Something that a flow wants to know again, under a name of its own; nothing personal.

    The store never looks into `body`; whoever wrote it gives it a version.
    """

    flow: Flow
    subject: str
    body: bytes
    at: datetime


@frozen
class ExceptionRecord:
    """
    One thing that waits for a person; key is (pair, flow, subject).

    `value` and `currency` are the captured gross at stake, empty where it is not known. `retry` is
    set by a person and cleared by the run that tries. `assigned_to` is who takes care of it;
    `next_try` when it is tried again by itself, None where only a change or a person helps.
    """

    flow: Flow
    subject: str
    reasons: tuple[Reason, ...]
    state: RecordState
    first_seen: datetime
    last_seen: datetime
    attempts: int
    value: Decimal | None = None
    currency: str = ""
    retry: bool = False
    changed_by: str = ""
    note: str = ""
    assigned_to: str = ""
    next_try: datetime | None = None

    @property
    def owner(self) -> Owner:
        """Owner of the first reason, who acts first."""
        return self.reasons[0].owner


@frozen
class Watermark:
    """
    How far the orders flow has come: every order up to this id has a home.

    `updated_at` is the instant up to which changes were read; `written_at` the one up to which
    every accepted order was looked at that its number be written back.
    """

    order: int
    updated_at: datetime | None = None
    written_at: datetime | None = None


@frozen
class CutOver:
    """The act that allowed this store to post; without it nothing is ever sent."""

    by: str
    at: datetime
    start_at: datetime
    epoch: str
    note: str = ""


@frozen
class Adoption:
    """An order of the shop that Prima has already, and its number there."""

    order: OroOrderId
    number: PrimaOrderNumber


@frozen
class Lease:
    """The right of one run to work on a flow until `expires_at`, by the store's clock."""

    flow: Flow
    holder: str
    fence: int
    expires_at: datetime


@frozen
class StockMark:
    """Since when a linked SKU has been missing from accepted snapshots, and how often."""

    sku: SkuKey
    missing_since: datetime
    times: int


@frozen
class AcceptedSnapshot:
    """The last stock snapshot that was let through, and who let it through where a person did."""

    at: datetime
    rows: int
    linked_share: Decimal
    by: str = ""


@frozen
class RefusedSnapshot:
    """A snapshot that the guard refused; a person may accept one of about this size."""

    at: datetime
    rows: int
    linked_share: Decimal
    accepted_by: str = ""


@frozen
class Outstanding:
    """A batch operation that may still write: no level of it is sent again until it has ended."""

    operation: OroOperationId
    levels: tuple[OroLevelId, ...]
    started_at: datetime


@frozen
class JournalEntry:
    """
    One line of the append-only journal: who did what, when, to which subject; ids only.

    `note` is what a person wrote in their own words; it can be erased, and `note_hash` stays.
    """

    at: datetime
    run: str
    flow: str
    what: str
    subject: str
    detail: str
    by: str = ""
    note: str = ""
    note_hash: str = ""


@frozen
class JournalTip:
    """How long the journal is, and the hash of its last line, which covers all before it."""

    line: int
    hash: str


@frozen
class RunPolicy:
    """
    How a run behaves, whatever the flow.

    Attributes:
        grace: Least time between two enquiries that say an order is absent.
        certainty: How long after the claim an absence may still be believed.
        lease: How long a lease lasts unless renewed.
        lease_renewal: How often it is renewed.
        stop_after_unknown: Unknown outcomes in a row that stop the flow; at least 1.
        id_overlap: How many ids below the watermark are read again.
        time_overlap: How far before its watermark the window of changed orders begins.
        lag: How far before the server's now it ends.
        fresh_for: How old the reading of an order may be when it is posted; an older one is read
            again first.
        keep_payload: How long the payload of a settled order is kept.
        retry_first, retry_longest: Pause before a held record that may heal by itself is tried
            again; it doubles from the first to the longest.
        first_poll: Pause before the first look at a batch operation; later ones grow.
        poll_limit: How long a batch operation is waited for.
        control_order: A number that Prima is known to have, asked as a control; None for the
            newest accepted one.
    """

    grace: timedelta = timedelta(minutes=15)
    certainty: timedelta = timedelta(hours=24)
    lease: timedelta = timedelta(minutes=5)
    lease_renewal: timedelta = timedelta(minutes=1)
    stop_after_unknown: int = field(default=2, validator=ge(1))
    id_overlap: int = 500
    time_overlap: timedelta = timedelta(minutes=10)
    lag: timedelta = timedelta(seconds=30)
    fresh_for: timedelta = timedelta(seconds=60)
    keep_payload: timedelta = timedelta(days=30)
    retry_first: timedelta = timedelta(minutes=1)
    retry_longest: timedelta = timedelta(hours=1)
    first_poll: timedelta = timedelta(seconds=1)
    poll_limit: timedelta = timedelta(minutes=5)
    control_order: PrimaOrderNumber | None = None


@frozen
class Pair:
    """One Oro organisation and one Prima company."""

    id: PairId
    company: PrimaCompany
