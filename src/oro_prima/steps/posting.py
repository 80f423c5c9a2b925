"""
`post_order`: one order to Prima exactly once, from a step that its host may repeat.

Either a store that survives the step keeps the claim, or the platform does: the first step hands
the claim back and sends nothing, the next one is given it. A repeat asks Prima before anything
else, so it never makes a second order.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from attrs import evolve

from oro_prima.call import Call, R
from oro_prima.config import Policies, build_prima
from oro_prima.converters import is_object
from oro_prima.errors import ConfigError, UnreachableError
from oro_prima.http.erp import open_prima
from oro_prima.ids import PairId, PrimaCompany
from oro_prima.mapping.policy import Duplicates
from oro_prima.mapping.tables import Tables
from oro_prima.oro.models.orders import Order
from oro_prima.plans.captures import capture_order
from oro_prima.plans.snapshots import OrderSnapshot
from oro_prima.ports import Ports, Store
from oro_prima.prima.config import PrimaConfig
from oro_prima.records import EntryState, Home, LedgerEntry, Pair
from oro_prima.steps.reading import (
    StepInputError,
    links_of,
    order_of,
    orders_of,
    policies_of,
    read_input,
    reason_rows,
    write_output,
)
from oro_prima.steps.shapes import ClaimRow, PostOrderInput, PostOrderOutput
from oro_prima.stores import MemoryStore, SqliteStore
from oro_prima.stores.rows import from_body, to_body
from oro_prima.sync import import_links, record_cut_over
from oro_prima.sync.single import OrderPosting, claim_order, send_claimed
from oro_prima.sync.single import post_order as post_one
from oro_prima.wiring import system_clock

SQLITE = "sqlite:///"


def post_order(
    document: Mapping[str, object],
    *,
    clock: Callable[[], datetime] = system_clock,
    sleep: Callable[[float], None] = time.sleep,
) -> dict[str, object]:
    """
    Post one order: `PostOrderInput` in, `PostOrderOutput` out, both as JSON values.

    Raises:
        StepInputError: names every fault of the document; nothing was sent.
        CallError: Prima could not be used and the order certainly did not arrive: a repeat is
            harmless.
        StoreError: the store failed or another step holds its lease: a repeat is harmless.
        FlowStoppedError: the store was never put into use.
    """
    given = read_input(document, PostOrderInput)
    policies, order = policies_of(given.policy), order_of(given.order)
    earlier = _earlier(given, policies)
    prima, pair = _prima(given), _pair(given, policies)
    with (
        _store(given, policies, order, pair, clock) as store,
        open_prima(prima, sleep=sleep) as erp,
    ):
        ports = Ports(
            shop=_NoShop(),
            erp=erp,
            store=store,
            clock=clock,
            sleep=sleep,
            pair=pair,
            tables=policies.tables,
            profile=policies.profile,
            zone=policies.orders.zone,
            erp_timeout=prima.connect_timeout + prima.read_timeout,
            answer_cap=prima.answer_cap,
            snapshot_timeout=prima.snapshot_timeout,
            bindings=prima.bindings,
        )
        posting = _post(given, policies, order, ports, earlier)
        if posting.stopped is not None and posting.stopped.error is not None and _unsent(posting):
            raise posting.stopped.error
        return write_output(_output(given, order, posting, store))


def _unsent(posting: OrderPosting) -> bool:
    return posting.home is Home.WAITING


def _post(
    given: PostOrderInput,
    policies: Policies,
    order: Order,
    ports: Ports,
    earlier: tuple[Order, ...],
) -> OrderPosting:
    policy = policies.orders
    if given.store:
        return post_one(ports, policy, order, suffix=given.suffix, earlier=earlier)
    if given.claim is None or given.claim.state is EntryState.RELEASED:
        return claim_order(ports, policy, order, suffix=given.suffix, earlier=earlier)
    entry = _entry(given.claim)
    if given.first_try and entry.state is EntryState.CLAIMED:
        return send_claimed(ports, order, entry)
    return post_one(ports, policy, order, suffix=entry.suffix, earlier=earlier)


def _earlier(given: PostOrderInput, policies: Policies) -> tuple[Order, ...]:
    """Return orders with the same purchase order number; a rule about them is never left out."""
    if given.earlier is None:
        if policies.orders.references.duplicates is Duplicates.ALLOW:
            return ()
        fault = "earlier: required where policy.references.duplicates is not allow"
        raise StepInputError((fault,))
    return orders_of(given.earlier, "earlier")


@contextmanager
def _store(
    given: PostOrderInput,
    policies: Policies,
    order: Order,
    pair: Pair,
    clock: Callable[[], datetime],
) -> Generator[Store, None, None]:
    if given.store:
        with closing(_kept_store(given, pair, clock)) as kept:
            yield kept
        return
    store = MemoryStore(pair.id, clock=clock)
    at = clock()
    record_cut_over(store, start_at=policies.orders.start_at, by="platform", at=at)
    accounts = policies.orders.accounts
    links = links_of(given.links, company=pair.company, policy=accounts)
    import_links(store, links=links.values(), by="platform", at=at, policy=accounts)
    if given.claim is not None:
        _put_claim(store, order, given.claim, at)
    yield store


def _kept_store(given: PostOrderInput, pair: Pair, clock: Callable[[], datetime]) -> SqliteStore:
    if not given.store.startswith(SQLITE) or len(given.store) == len(SQLITE):
        raise StepInputError(
            (
                "store: expected sqlite:/// and the path of a file that survives the step; a store "
                "in memory forgets the claim, and the next step would post the order again",
            )
        )
    if given.links or given.claim is not None:
        raise StepInputError(
            ("links, claim: the store keeps them; approve links with `oro-prima link import`",)
        )
    return SqliteStore.open(Path(given.store.removeprefix(SQLITE)), pair=pair.id, clock=clock)


def _put_claim(store: Store, order: Order, row: ClaimRow, at: datetime) -> None:
    """Put back what the platform kept: the claim, its payload, and where the order was."""
    entry = _entry(row)
    empty = OrderSnapshot(at, (), Tables(PrimaCompany("")))
    home = Home.POSTED if entry.state is EntryState.ACCEPTED else Home.IN_DOUBT
    with store.transaction() as tx:
        tx.claim(entry, row.payload.encode("ascii"))
        tx.put_capture(evolve(capture_order(order, empty, home), intent_hash=entry.intent_hash))


def _entry(row: ClaimRow) -> LedgerEntry:
    try:
        return from_body(row.ledger, LedgerEntry)
    except ValueError:
        raise StepInputError(("claim.ledger: expected what an earlier step handed back",)) from None


def _output(
    given: PostOrderInput, order: Order, posting: OrderPosting, store: Store
) -> PostOrderOutput:
    entry = store.newest_entries((order.id,)).get(order.id)
    keep = entry is not None and not given.store
    return PostOrderOutput(
        oro_order=order.id,
        home=posting.home,
        number=posting.number,
        reasons=reason_rows(posting.reasons),
        claim=_claim_row(store, entry) if keep and entry is not None else None,
    )


def _claim_row(store: Store, entry: LedgerEntry) -> ClaimRow:
    payload = store.payload(entry.key) or b""
    return ClaimRow(entry.number, entry.state, to_body(entry), payload.decode("ascii"))


def _prima(given: PostOrderInput) -> PrimaConfig:
    try:
        return build_prima(given.policy)
    except ConfigError as error:
        raise StepInputError(f"policy: {fault}" for fault in error.faults) from None


def _pair(given: PostOrderInput, policies: Policies) -> Pair:
    pair = given.policy.get("pair")
    name = pair.get("id") if is_object(pair) else None
    if not isinstance(name, str) or not name:
        raise StepInputError(("policy: pair.id: required: it is part of every claim's key",))
    return Pair(PairId(name), policies.tables.company)


class _NoShop:
    """A step is given the order: it reads nothing from OroCommerce."""

    def send(self, call: Call[R]) -> R:
        raise UnreachableError(call.name, "this step is not connected to OroCommerce")
