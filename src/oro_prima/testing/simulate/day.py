"""A day from a seed: acts, faults, and a look at every promise after each of them."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from typing import Literal, TypeAlias

from attrs import frozen

from oro_prima.errors import StoreError
from oro_prima.mapping import StockPolicy
from oro_prima.ports import Ports
from oro_prima.records import EntryState, LedgerEntry
from oro_prima.sandbox.invariants import Finding, check
from oro_prima.sync import (
    FulfilmentReport,
    RunReport,
    StockReport,
    reconcile_orders,
    sync_fulfilment,
    sync_orders,
    sync_stock,
)
from oro_prima.testing.killing import FULFILMENT_STEPS, STOCK_STEPS
from oro_prima.testing.simulate.line import Killed, Line
from oro_prima.testing.simulate.pairs import EVENTS, KILLED, Pair, theme_of, version_of
from oro_prima.testing.simulate.people import People
from oro_prima.testing.simulate.stage import Stage
from oro_prima.values import local_date

AT_REST = frozenset({"I2", "I5"})
"""What holds once both flows ran through; before, new orders and sales are still on their way."""

LEASE_SECONDS = 13
"""By then a lease is over, also one that was held while Prima's whole stock was read."""
ROUNDS = 4
TRIES = 8
"""So often a day tries to come to its theme."""
SINGLES = StockPolicy(single_writes=1000)
BATCHES = StockPolicy(single_writes=0, batch_size=40)
BATCHED = frozenset({"oro batch_inventorylevels", "oro get_asyncoperations"})
STOCKING = BATCHED | {
    *STOCK_STEPS,
    "oro list_inventorylevels",
    "oro update_inventorylevels",
    "oro update_products",
    "prima ProductAvailableToSell",
}
FULFILLING = frozenset(
    {
        *FULFILMENT_STEPS,
        "oro create_ordershippingtrackings",
        "oro list_ordershippingtrackings",
        "oro update_orders",
        "prima OrderStatus",
        "prima XDespatch",
    }
)
Report: TypeAlias = RunReport | StockReport | FulfilmentReport


class BrokenPromiseError(AssertionError):
    """A promise was broken; the message tells the day, and the seed that gives it again."""


@frozen
class Played:
    """
    What a day came to.

    Attributes:
        posted: Orders that Prima has.
        kills: How often the engine's process ended in the middle.
        undecided: Orders in doubt at the end: sent again on a person's word and then refused by
            Prima, which says nothing of the first sending.
        pairs: Every pair of step and fault that was met.
        digest: Hash over story, Prima's books and the shop's levels: equal for equal seeds.
        story: What happened, a line an act.
    """

    seed: int
    posted: int
    kills: int
    undecided: tuple[str, ...]
    pairs: frozenset[Pair]
    digest: str
    story: tuple[str, ...]


def simulate(
    seed: int,
    *,
    acts: int = 30,
    size: int = 6,
    oro_version: Literal["5.1", "6.1"] | None = None,
    risk: int = 6,
) -> Played:
    """
    Play the day of a seed to its end.

    Args:
        seed: Everything follows from it and from the other arguments.
        acts: How many acts before the evening, in which faults stop and people tell the truth.
        size: Orders that are there in the morning.
        oro_version: Which OroCommerce to be; None for one that the seed chooses.
        risk: How many of a hundred requests go wrong, and of a hundred steps are disturbed.

    Raises:
        BrokenPromiseError: a promise was broken; the message is the story of it.
    """
    with tempfile.TemporaryDirectory(prefix="oro-prima-day-") as folder:
        version = oro_version or version_of(seed)
        stage = Stage(Path(folder), seed=seed, size=size, version=version)
        try:
            return _Day(stage, seed=seed, risk=risk).play(acts)
        finally:
            stage.store.close()


class _Day:
    def __init__(self, stage: Stage, *, seed: int, risk: int) -> None:
        self.stage, self.seed, self.risk = stage, seed, risk
        self.rng = Random(f"day {seed}")
        self.people = People(stage, self.rng)
        self.story: list[str] = []
        self.kills = 0
        self.dead = False
        self.line = Line(stage.world, self.rng, self._kill, self._note, theme_of(seed))

    def play(self, acts: int) -> Played:
        deeds = self._deeds()
        self._stock()
        for _ in range(acts):
            self._act(self.rng.choice(deeds), self.risk)
        self._come_to_the_theme()
        self._evening()
        return self._outcome()

    def _act(self, deed: Callable[[], None], risk: int) -> None:
        """Let one thing happen, and look at every promise."""
        self.line.risk = risk
        deed()
        self.line.risk = 0
        self._look(at_rest=False)

    def _come_to_the_theme(self) -> None:
        """Lead to what the day is about, where it did not come by it; little else goes wrong."""
        self.line.down.clear()
        for _ in range(TRIES if self.risk else 0):
            if self.line.theme in self.line.met:
                break
            self._note(f"now for {' at '.join(reversed(self.line.theme))}")
            for deed in self._way_to(self.line.theme[0]):
                self._act(deed, 1)

    def _way_to(self, step: str) -> tuple[Callable[[], None], ...]:
        """Return what makes a step happen."""
        if step in FULFILLING:
            return (self._shop, self._orders, partial(self._tell, self.people.move), self._later,
                    self._fulfil)  # fmt: skip
        if step in STOCKING:
            batches = partial(self._stock, BATCHES if step in BATCHED else SINGLES)
            return (self._shop, partial(self._tell, self.people.deliver), batches)
        return (self._shop, self._orders)

    # What happens

    def _deeds(self) -> tuple[Callable[[], None], ...]:
        """Return what can happen; what is there twice happens twice as often."""
        people = self.people
        told = (people.cancel, people.edit, people.retry, people.dismiss, people.link,
                people.move, people.move, people.deliver)  # fmt: skip
        runs = (*[self._orders] * 3, *[self._stock] * 2, *[self._fulfil] * 2)
        rest = (self._shop, self._shop, self._outage, self._wait, self._decide)
        return (*runs, *rest, *(partial(self._tell, deed) for deed in told))

    def _tell(self, deed: Callable[[], str]) -> None:
        self._note(deed())

    def _shop(self) -> None:
        for _ in range(self.rng.randint(1, 3)):
            self._note(self.people.checkout())
        self.stage.sleep(self.rng.randint(1, 90))

    def _orders(self) -> None:
        self._run(lambda ports: sync_orders(ports, self.stage.config.orders))

    def _stock(self, chosen: StockPolicy | None = None) -> None:
        policy = chosen or self.rng.choice((SINGLES, BATCHES))
        self.stage.sleep(3)
        before = self.people.base_units()
        self._run(lambda ports: sync_stock(ports, policy))
        self.stage.sold_in_runs += self.people.base_units() - before

    def _fulfil(self) -> None:
        config = self.stage.config
        self._run(
            lambda ports: sync_fulfilment(ports, config.orders, config.fulfilment, config.polls)
        )
        self.stage.look_at_totals()

    def _later(self) -> None:
        """Let so much time pass that every order is asked after again."""
        self.stage.sleep(self.stage.config.polls.hot_every.total_seconds())

    def _decide(self) -> None:
        self._note(self.people.decide())

    def _outage(self) -> None:
        system, requests = self.rng.choice(("oro", "prima")), self.rng.randint(2, 12)
        self.line.down[system] = requests
        self._note(f"{system} refuses the next {requests} requests")

    def _wait(self) -> None:
        hours = self.rng.choice((0.1, 1, 12, 30))
        self.stage.sleep(hours * 3600)
        self._note(f"{hours} hours pass")

    # One run of a flow, as a process of its own

    def _run(self, flow: Callable[[Ports], Report]) -> None:
        try:
            with self.stage.ports(self.line, self._step) as ports:
                report = flow(ports)
        except Killed:
            self._died()
        except StoreError as error:
            if self.dead:
                self._died()
            else:
                self._note(f"the run ends: {error}")
        else:
            self._note(report.summary())

    def _kill(self) -> None:
        """End the process: the store is closed first, so that nothing is tidied up."""
        self.kills += 1
        self.dead = True
        self.stage.store.close()
        raise Killed

    def _died(self) -> None:
        self._note("the process is gone; a new one begins once its lease is over")
        self.stage.reopen()
        self.dead = False
        self.stage.sleep(LEASE_SECONDS)

    def _step(self, name: str) -> None:
        step, event = self.line.theme
        if not (self.line.risk and step == name and self.line.theme not in self.line.met):
            if self.rng.randrange(100) >= self.line.risk:
                return
            event = self.rng.choice(EVENTS)
        self.line.met.add((name, event))
        self._note(f"{event} at {name}")
        if event == KILLED:
            self._kill()
        elif event == "lease over":
            self.stage.sleep(LEASE_SECONDS)
        else:
            deeds = {"checkout": self.people.checkout, "cancellation": self.people.cancel,
                     "edit": self.people.edit, "person": self.people.decide}  # fmt: skip
            self._note(deeds[event]())

    # The end of the day

    def _evening(self) -> None:
        """Let everything run with no more faults until nothing is in doubt, then look at it all."""
        self.line.down.clear()
        self._note("evening: nothing goes wrong any more")
        for _ in range(ROUNDS):
            self.stage.sleep(60)
            self._orders()
            if not self._open():
                break
            self._decide()
        self._orders()
        for _ in range(3):
            self._stock()
        self._later()
        for _ in range(2):
            self._fulfil()
        self._look(at_rest=True)
        self._books()

    def _books(self) -> None:
        with self.stage.ports(self.line, self._step) as ports:
            policy = self.stage.config.orders
            days = {local_date(o.created_at, policy.zone) for o in self.stage.world.oro.orders()}
            for day in sorted(days):
                if not reconcile_orders(ports, policy, day=day).ties:
                    self._fail(f"the books of {day} do not tie")

    def _look(self, *, at_rest: bool) -> None:
        for finding in check(self.stage.facts()):
            if finding.name in AT_REST and not at_rest:
                continue
            if not finding.kept:
                self._fail(_told(finding))
        for broken in self.stage.shipped_wrongly(untold=at_rest):
            self._fail(broken)
        if self.stage.world.verdict.oversold:
            self._fail(f"{self.stage.world.verdict.oversold} base units oversold")
        if at_rest and any(not entry.resent for entry in self._open()):
            self._fail("orders are still in doubt although a person decided")
        if at_rest and any(self.people.taken(entry.order) for entry in self._open()):
            self._fail("orders that Prima has are still in doubt")

    def _open(self) -> tuple[LedgerEntry, ...]:
        states = (EntryState.CLAIMED, EntryState.RESENT, EntryState.DOUBT)
        return self.stage.store.entries(states)

    def _fail(self, what: str) -> None:
        lines = "\n".join(f"  {number}. {line}" for number, line in enumerate(self.story, 1))
        raise BrokenPromiseError(f"seed {self.seed}: {what}\n{lines}")

    def _note(self, what: str) -> None:
        self.story.append(f"{self.stage.world.clock():%d %H:%M:%S} {what}")

    def _outcome(self) -> Played:
        world = self.stage.world
        books = [(o.order_number, o.reference, o.account, o.accepted) for o in world.prima.orders()]
        levels = [(level.id, str(level.quantity)) for level in world.oro.levels()]
        whole = repr((self.story, books, levels)).encode()
        return Played(
            seed=self.seed,
            posted=len(books),
            kills=self.kills,
            undecided=tuple(str(entry.order) for entry in self._open()),
            pairs=frozenset(self.line.met),
            digest=hashlib.sha256(whole).hexdigest(),
            story=tuple(self.story),
        )


def _told(finding: Finding) -> str:
    return f"{finding.name} is broken ({finding.promise}): {finding.detail}"
