"""
Bugs planted on purpose: a proof that cannot fail proves nothing.

Each is one small wrong turn in what stands around the engine, and a scenario in which it does harm;
the exploration must find it, and tells it as a story.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from types import TracebackType
from typing import Any, Literal, TypeVar, cast

from attrs import evolve, frozen

from oro_prima.call import Call, Decoder, HttpRequest, Page, ResponseHead, Sender
from oro_prima.oro.models.orders import Order
from oro_prima.ports import Ports, Store, Transaction
from oro_prima.prima.models.profile import PrimaProfile
from oro_prima.records import EntryState, LedgerEntry, RunPolicy, Watermark
from oro_prima.testing.explore.erp import ABSENT_CODE
from oro_prima.testing.explore.laws import Law
from oro_prima.testing.explore.scenario import CONTROL, START, Scenario, one_order, two_orders
from oro_prima.testing.explore.search import Finding, explore
from oro_prima.testing.explore.shop import AGE, Shop, ShopOrder

R = TypeVar("R")

TRUSTING = PrimaProfile(absent_codes=frozenset({ABSENT_CODE}))
"""A profile that believes this Prima when it says that it has not an order."""

CONTROLLED = RunPolicy(control_order=CONTROL)  # type: ignore[arg-type]
"""A policy with a control enquiry that answers."""


@frozen
class SeededBug:
    """
    One bug, where it does harm, and the laws of which one must be found broken.

    `faults` is how many things must go wrong for it to show.
    """

    name: str
    scenario: Scenario
    laws: frozenset[Law]
    faults: int = 1

    def find(self) -> Finding | None:
        """Explore until a law is found broken; None where none is."""
        report = explore(self.scenario, faults=self.faults, only=self.laws)
        return report.findings[0] if report.findings else None


class _Store:
    """A store that leaves everything to another but what a bug changes."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


class _Unfenced(_Store):
    def transaction(self, lease: object = None) -> AbstractContextManager[Transaction]:
        del lease
        return self._store.transaction()


class _Writes:
    """A transaction that leaves everything to another but what a bug changes."""

    def __init__(self, store: Store, lease: Any) -> None:
        self._store, self._lease = store, lease
        self._opened = store.transaction(lease)

    def __enter__(self) -> _Writes:
        self._tx = self._opened.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: Any, trace: TracebackType | None
    ) -> Literal[False]:
        self._opened.__exit__(kind, error, trace)
        return False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tx, name)


class _InTwo(_Writes):
    """Commits an accepted entry by itself, and what belongs to it afterwards."""

    def put_entry(self, entry: LedgerEntry) -> None:
        self._tx.put_entry(entry)
        if entry.state is EntryState.ACCEPTED:
            self._opened.__exit__(None, None, None)
            self._opened = self._store.transaction(self._lease)
            self._tx = self._opened.__enter__()


class _Late(_Writes):
    """Keeps a claim back until the order has left."""

    def __init__(self, store: Store, lease: Any, late: list[tuple[LedgerEntry, bytes]]) -> None:
        super().__init__(store, lease)
        self._late = late

    def claim(self, entry: LedgerEntry, payload: bytes) -> bool:
        self._late.append((entry, payload))
        return True


def _writing(make: Callable[[Store, Any], _Writes]) -> Callable[[Ports], Ports]:
    class Wrapped(_Store):
        def transaction(self, lease: object = None) -> _Writes:
            return make(self._store, lease)

    return lambda ports: evolve(ports, store=cast("Store", Wrapped(ports.store)))


def _unfenced(ports: Ports) -> Ports:
    return evolve(ports, store=cast("Store", _Unfenced(ports.store)))


def _claims_late(ports: Ports) -> Ports:
    late: list[tuple[LedgerEntry, bytes]] = []
    store = ports.store

    class Sends:
        def send(self, call: Call[R]) -> R:
            try:
                return ports.erp.send(call)
            finally:
                while late:
                    with store.transaction() as tx:
                        tx.claim(*late.pop())

    wrapped = _writing(lambda inner, lease: _Late(inner, lease, late))(ports)
    return evolve(wrapped, erp=Sends())


@frozen
class _Shop:
    """A shop whose pages of orders a bug reads in its own way."""

    sender: Sender
    read: Callable[[Page[Order]], Page[Order]]

    def send(self, call: Call[R]) -> R:
        answer = self.sender.send(call)
        if call.name != "sweep_orders":
            return answer
        return cast("R", self.read(cast("Page[Order]", answer)))


def _watermark_first(ports: Ports) -> Ports:
    def read(page: Page[Order]) -> Page[Order]:
        with ports.store.transaction() as tx:
            tx.put_watermark(Watermark(max((int(order.id) for order in page.items), default=0)))
        return page

    return evolve(ports, shop=_Shop(ports.shop, read))


def _blind_to_families(ports: Ports) -> Ports:
    def read(page: Page[Order]) -> Page[Order]:
        return evolve(page, items=tuple(evolve(one, sub_orders=()) for one in page.items))

    return evolve(ports, shop=_Shop(ports.shop, read))


def _by_time(ports: Ports) -> Ports:
    def read(page: Page[Order]) -> Page[Order]:
        since = START - AGE * 10
        return evolve(page, items=tuple(one for one in page.items if one.created_at >= since))

    return evolve(ports, shop=_Shop(ports.shop, read))


@frozen
class _OneNumber:
    """A post whose number is cut so that two orders have one."""

    call: Call[Any]

    @property
    def name(self) -> str:
        return self.call.name

    @property
    def safe(self) -> bool:
        return self.call.safe

    @property
    def timeout(self) -> float | None:
        return self.call.timeout

    def request(self) -> HttpRequest:
        request = self.call.request()
        return evolve(request, body=_cut(request.body))

    def decoder(self, head: ResponseHead) -> Decoder[Any]:
        return self.call.decoder(head)


def _cut(body: bytes) -> bytes:
    for number in (b"300010020", b"300010010"):
        body = body.replace(number, b"300010000")
    return body


def _not_injective(ports: Ports) -> Ports:
    class Sends:
        def send(self, call: Call[R]) -> R:
            return cast("R", ports.erp.send(_OneNumber(call)))

    return evolve(ports, erp=Sends())


def _family() -> Shop:
    return Shop((ShopOrder(1001, sub_orders=(1002,)), ShopOrder(1002, parent=1001)))


def _dated_back() -> Shop:
    return Shop((ShopOrder(1001), ShopOrder(1002, back_dated=True)))


def _with(name: str, shop: Shop, **words: Any) -> Scenario:
    plain = Scenario(name, shop, profile=TRUSTING, run=CONTROLLED, runners=1)
    return evolve(plain, **words)


_IMPATIENT = evolve(CONTROLLED, grace=timedelta(0))
_DEAF = evolve(TRUSTING, duplicate_codes=frozenset())

SEEDED: tuple[SeededBug, ...] = (
    SeededBug(
        "claim after send",
        _with("claim after send", one_order(), wrap=_claims_late),
        frozenset({Law.CLAIM, Law.TWICE}),
    ),
    SeededBug(
        "watermark before home",
        _with("watermark before home", one_order(), wrap=_watermark_first),
        frozenset({Law.WATERMARK}),
    ),
    SeededBug(
        "settle in two transactions",
        _with("settle in two transactions", one_order(), wrap=_writing(_InTwo)),
        frozenset({Law.HOME}),
    ),
    SeededBug(
        "lease without fencing",
        _with("lease without fencing", one_order(), wrap=_unfenced, runners=2, sleepers=True),
        frozenset({Law.FENCE}),
        faults=2,
    ),
    SeededBug(
        "resend on not OK",
        _with("resend on not OK", one_order(), run=_IMPATIENT),
        frozenset({Law.AGAIN, Law.TWICE}),
        faults=2,
    ),
    SeededBug(
        "number that is not injective",
        _with("number that is not injective", two_orders(), wrap=_not_injective),
        frozenset({Law.LOST, Law.UNTRUE}),
    ),
    SeededBug(
        "rolled-back store without the stop on a taken number",
        _with("no stop on a taken number", two_orders(), profile=_DEAF, restores=True),
        frozenset({Law.STOP}),
    ),
    SeededBug(
        "sub-order posted with its main order",
        _with("sub-order with its main order", _family(), wrap=_blind_to_families),
        frozenset({Law.FAMILY}),
    ),
    SeededBug(
        "watermark by time that loses a back-dated order",
        _with("watermark by time", _dated_back(), wrap=_by_time),
        frozenset({Law.LOST, Law.WATERMARK}),
    ),
)
"""Every bug that the proof must find."""

LONG_PAUSE = SeededBug(
    "a pause between the last look at the lease and the send that is longer than assumed",
    _with(
        "long pause before a send",
        one_order(),
        runners=2,
        long_pauses=True,
        crashes=False,
        strangers=False,
        fates=(),
    ),
    frozenset({Law.TWICE}),
    faults=3,
)
"""The assumption that remains, broken on purpose: then an order is there twice. Takes a minute."""
