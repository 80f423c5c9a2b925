"""States of the world and what leads from one to the next."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from functools import cache
from typing import NamedTuple

from oro_prima.records import EntryState, LedgerEntry
from oro_prima.sync.people import import_links, record_cut_over
from oro_prima.testing.explore import erp, laws, people, shop
from oro_prima.testing.explore.erp import ARRIVES, DAY, KEPT, Book, Fate
from oro_prima.testing.explore.laws import Breach, Law
from oro_prima.testing.explore.moves import CLOCK, Act, Move
from oro_prima.testing.explore.runs import Flow, Position, Runs
from oro_prima.testing.explore.scenario import LINK, START, Look, Scenario
from oro_prima.testing.explore.scene import Scene
from oro_prima.testing.explore.shelf import MOMENT, Shelf
from oro_prima.testing.explore.tape import Kind
from oro_prima.testing.explore.worlds import SECOND, State, World, Worlds, pack, packed


class _Step(NamedTuple):
    """What a step of a run does: where it stands then, what it leaves, whether it saw the time."""

    there: int
    shelf: int | None
    book: int | None
    breaches: tuple[Breach, ...]
    timed: bool

    @property
    def changes(self) -> bool:
        """Whether anything but the run is another afterwards."""
        return self.shelf is not None or self.book is not None


STARTS = 3
"""Runs that start before the world is without a run again; from there any number."""


class Machine:
    """All states of one scenario, made when they are asked for."""

    def __init__(self, scenario: Scenario, flow: Flow) -> None:
        self.scenario = scenario
        self.runs = Runs(scenario, flow)
        self._worlds = Worlds(scenario)
        self._steps: dict[Hashable, _Step] = {}
        self.changes: set[tuple[str, str]] = set()
        self.first = self._first()

    def _first(self) -> State:
        shelf = Shelf()
        start = self.scenario.policy.start_at
        record_cut_over(shelf, start_at=start, by="Kim", at=START)
        import_links(shelf, links=(LINK,), by="Kim", at=START)
        fresh = shelf.normal(self.scenario.run, now=START)
        return State(
            (0, 0), self._worlds.number(Scene(fresh, Book(), self.scenario.shop, START)), 0
        )

    def scene(self, world: World) -> Scene:
        """Return a world as something that can be changed."""
        return self._worlds.scene(world)

    def position(self, number: int) -> Position:
        """Return where a run stands."""
        return self.runs.positions[number]

    def essence(self, state: State) -> int:
        """Return what is equal for states of one future."""
        if self.scenario.look is Look.CLOSE:
            return pack(state)
        memories = (self.position(number).memory for number in state.runs if number)
        return packed((state.starts, *self._worlds.essence(state.world, memories)))

    def signature(self, world: World) -> Hashable:
        """Return what a world without a run comes to; equal ones of two machines are equal."""
        return self._worlds.signature(world)

    # What can happen

    def moves(self, state: State) -> Iterator[Move]:
        """
        Return everything that can happen next and could make a difference there.

        What changes nothing that the call ahead of a run sees is left to a call that sees it.
        """
        scene = self.scene(state.world)
        ahead = [self.position(number) for number in state.runs if number]
        kinds = {one.ask.kind for one in ahead}
        steps = [self._ahead(one, state.world) for one in ahead]
        for slot in range(len(ahead)):
            yield from self._run_moves(slot, ahead[slot], steps[slot])
        if len(ahead) < self.scenario.runners and state.starts < STARTS and not _leased(scene):
            yield Move(Act.START)
        if not ahead or self._is_time(ahead, steps):
            yield from self._clock_moves(scene, ahead)
        near = not ahead or Kind.ERP in kinds
        asked = not ahead or any(map(self._reads_people, ahead, steps))
        decisions = tuple(people.moves(scene)) if asked else ()
        if near or decisions:
            yield from self._arrivals(scene)
        if near:
            yield from self._erp_moves(scene)
        yield from decisions
        if shop.can_change(scene.shop) and (not ahead or Kind.SHOP in kinds):
            yield Move(Act.CHANGE)
        if self.scenario.restores and not ahead and state.world.shelf != self.first.world.shelf:
            yield Move(Act.RESTORE, fault=True)

    def _reads_people(self, here: Position, step: _Step) -> bool:
        """Tell whether what a person decides just here could be seen, or written over."""
        if self.scenario.look is Look.CLOSE:
            return True
        return here.ask.reads_people and (here.ask.kind is not Kind.BEGIN or step.changes)

    def _ahead(self, here: Position, world: World) -> _Step:
        """Return what a run does next if nothing goes wrong."""
        key = (here.number, Fate.FINE, *_seen(here, world))
        found = self._steps.get(key)
        if found is None:
            found = self._steps[key] = self._step(here, world, Fate.FINE)
        return found

    def _run_moves(self, slot: int, here: Position, step: _Step) -> Iterator[Move]:
        """A run may end before all that it changes: what it did since is seen by nobody."""
        yield Move(Act.GO, slot)
        if here.ask.kind is Kind.ERP:
            fates = self.scenario.fates if here.ask.posts else (Fate.LOST_ANSWER,)
            yield from (Move(Act.GO, slot, fate, fault=True) for fate in fates)
        matters = step.changes or here.ask.posts or self.scenario.look is Look.CLOSE
        if self.scenario.crashes and matters:
            yield Move(Act.CRASH, slot, fault=True)

    def _is_time(self, ahead: list[Position], steps: list[_Step]) -> bool:
        """
        Tell whether it matters that time passes just here, while runs are alive.

        It does before a run sees the time, and before it writes where another run can have started
        meanwhile; everywhere else it may as well pass a little later. Not within a send.
        """
        if not self.scenario.pauses:
            return False
        if any(one.ask.posts for one in ahead) and not self.scenario.long_pauses:
            return False
        others = self.scenario.runners > 1
        if self.scenario.look is Look.CLOSE:
            return True
        return any(step.timed or (others and step.changes) for step in steps)

    def _clock_moves(self, scene: Scene, ahead: list[Position]) -> Iterator[Move]:
        for act in CLOCK:
            if self._moment(act, scene) is not None:
                yield Move(act, fault=bool(ahead))

    def _moment(self, act: Act, scene: Scene) -> int | None:
        """Return the seconds of the next instant of a kind; None where there is none ahead."""
        run, shelf = self.scenario.run, scene.shelf
        if act is Act.LEASE_OVER:
            instants = [] if shelf.leased_until is None else [shelf.leased_until]
        elif act is Act.GRACE_OVER:
            instants = [e.first_absent + run.grace for e in _open(shelf) if e.first_absent]
        elif act is Act.GROWN:
            young = any(order.young for order in scene.shop.orders)
            instants = [scene.now + self.scenario.policy.post_after] if young else []
        else:
            return self._next_day(scene)
        ahead = [instant for instant in instants if instant > scene.now]
        return (max(ahead) - START) // SECOND if ahead else None

    def _next_day(self, scene: Scene) -> int | None:
        """
        Return when what is certain no longer is, or, where nothing is, when Prima may forget.

        What is a day old already is old before anything else is a day old.
        """
        entries = _open(scene.shelf)
        certain = [entry.claimed_at for entry in entries]
        certain += [entry.changed_at for entry in entries if entry.may_resend]
        kept = [one.at for one in scene.book.taken if not one.purged]
        kept += [one.sent for one in scene.book.on_the_way]
        kept = [at for at in kept if scene.now - at < KEPT]
        between = [at for at in kept if scene.now - at > DAY]
        young = [at for at in certain if scene.now - at <= DAY]
        if young and not between:
            return (max(young) + DAY + MOMENT - START) // SECOND
        return (max(between or kept) + KEPT - START) // SECOND if kept else None

    def _arrivals(self, scene: Scene) -> Iterator[Move]:
        """Requests arrive before Prima is asked, and before a person looks."""
        if scene.book.elsewhere:
            return
        for place, late in enumerate(scene.book.on_the_way):
            if scene.now - late.sent < ARRIVES:
                yield Move(Act.ARRIVE, place)

    def _erp_moves(self, scene: Scene) -> Iterator[Move]:
        if self.scenario.purges:
            for place, one in enumerate(scene.book.taken):
                if not one.purged and scene.now - one.at >= KEPT:
                    yield Move(Act.PURGE, place, fault=True)
        if scene.book.elsewhere:
            yield Move(Act.BACK)
        elif self.scenario.strangers:
            yield Move(Act.STRANGER, fault=True)

    # What it leads to

    def after(self, state: State, move: Move) -> tuple[State, tuple[Breach, ...]]:
        """Return the state that a move leads to, and the laws that it breaks."""
        if move.act is Act.GO:
            return self._gone(state, move)
        if move.act is Act.START:
            return self._started(state)
        if move.act is Act.CRASH:
            runs = (state.runs[1 - move.place], 0)
            return self._settled(runs, state.world, state.starts), ()
        scene = self.scene(state.world)
        self._moved(scene, move)
        world = self._worlds.number(scene)
        breaches = () if move.act is Act.RESTORE else self._checked(state.world, world)
        return self._settled(state.runs, world, state.starts), breaches

    def _gone(self, state: State, move: Move) -> tuple[State, tuple[Breach, ...]]:
        number, world, breaches = self.step(state.runs[move.place], state.world, move.fate)
        runs = (number, state.runs[1 - move.place])
        return self._settled(runs, world, state.starts), breaches

    def _started(self, state: State) -> tuple[State, tuple[Breach, ...]]:
        """Start a run and let it ask for the lease: before that it sees and does nothing."""
        number, world, breaches = self.step(self.runs.begin().number, state.world, Fate.FINE)
        while number and self.position(number).ask.name == "acquire":
            number, world, more = self.step(number, world, Fate.FINE)
            breaches += more
        other = state.runs[0] or state.runs[1]
        if number and other and not self.scenario.sleepers:
            other, world, more = self._awake(other, world)
            breaches += more
        return self._settled((number, other), world, state.starts + bool(number)), breaches

    def _awake(self, number: int, world: World) -> tuple[int, World, tuple[Breach, ...]]:
        """
        Let a run whose lease went to another go on: to its end, or to where an order would leave.

        What it does on the way it would do whenever it woke: a lease that is lost stays lost.
        """
        breaches: tuple[Breach, ...] = ()
        while number and not self.position(number).ask.posts:
            number, after, more = self.step(number, world, Fate.FINE)
            breaches += more
            if after != world:
                breaches += (Breach(Law.FENCE, "a run without a lease changed something"),)
            world = after
        return number, world, breaches

    def step(self, number: int, world: World, fate: Fate) -> tuple[int, World, tuple[Breach, ...]]:
        """Let a run do what it stands before; 0 is a run that has ended."""
        here = self.position(number)
        key = (number, fate, *_seen(here, world))
        found = self._steps.get(key)
        if found is None:
            found = self._steps[key] = self._step(here, world, fate)
        there, shelf, book, breaches, _ = found
        after = World(
            world.shelf if shelf is None else shelf,
            world.book if book is None else book,
            world.shop,
            world.now,
        )
        if here.ask.posts:
            breaches += _before(here, self.scene(world))
        return there, after, breaches + self._checked(world, after)

    def _step(self, here: Position, world: World, fate: Fate) -> _Step:
        scene = self.scene(world)
        there, timed = self.runs.step(here, scene, fate)
        after = self._worlds.number(scene)
        shelf = after.shelf if after.shelf != world.shelf else None
        book = after.book if after.book != world.book else None
        breaches: tuple[Breach, ...] = ()
        if here.ask.kind is Kind.BEGIN and shelf is not None:
            lease = scene.shelf.lease
            if lease is None or lease.fence != here.fence:
                breaches += (Breach(Law.FENCE, "a run wrote after its lease had gone to another"),)
        if there.ask.kind is not Kind.END:
            return _Step(there.number, shelf, book, breaches, timed)
        result = there.ask.args[0]
        if isinstance(result, AssertionError):
            breaches += (Breach(Law.SOUND, f"the run broke: {result}"),)
        return _Step(0, shelf, book, breaches, timed)

    def _checked(self, before: World, after: World) -> tuple[Breach, ...]:
        if before[:3] == after[:3]:
            return ()
        return self._check(before.shelf, after)

    @cache  # noqa: B019 - as long-lived as the machine
    def _check(self, before: int, after: World) -> tuple[Breach, ...]:
        scene = self.scene(after)
        found = laws.of_books(scene.book, scene.shop)
        found += laws.of_store(scene.shelf, scene.book)
        if before != after.shelf:
            old = self._worlds.shelf(before)
            found += laws.of_change(old, scene.shelf, scene.shop, now=scene.now)
            self.changes.update(_changes(old, scene.shelf))
        return found

    def _moved(self, scene: Scene, move: Move) -> None:
        match move.act:
            case Act.LEASE_OVER | Act.GRACE_OVER | Act.CERTAINTY_OVER | Act.GROWN:
                self._pass(scene, self._moment(move.act, scene) or 0)
            case Act.ARRIVE:
                scene.book = erp.arrive(scene.book, move.place, now=scene.now)
            case Act.PURGE:
                scene.book = erp.purge(scene.book, move.place)
            case Act.STRANGER | Act.BACK:
                scene.book = erp.turned(scene.book)
            case Act.CHANGE:
                scene.shop = shop.change(scene.shop)
            case Act.RESTORE:
                scene.shelf = self._worlds.shelf(self.first.world.shelf)
            case _:
                people.act(scene, move)

    def _pass(self, scene: Scene, seconds: int) -> None:
        scene.now = START + seconds * SECOND
        scene.shop = shop.aged(scene.shop)
        scene.book = erp.dropped(scene.book, now=scene.now)

    def _settled(self, runs: tuple[int, int], world: World, starts: int) -> State:
        """Bring a state to its one form: runs in order, and a world without any to its normal."""
        if any(runs):
            return State((max(runs), min(runs)), world, starts)
        return State((0, 0), self._worlds.normal(world), 0)


UNSETTLED = (EntryState.CLAIMED, EntryState.RESENT, EntryState.DOUBT)


def _seen(here: Position, world: World) -> tuple[int, int]:
    """Return what the call ahead of a run, and all after it that nobody else sees, depends on."""
    if here.ask.kind is Kind.ERP:
        return (world.book, world.now)
    if here.ask.kind is Kind.SHOP:
        return (world.shop, world.now)
    return (world.shelf, world.now)


def _open(shelf: Shelf) -> list[LedgerEntry]:
    return [entry for entry in shelf.ledger.values() if entry.state in UNSETTLED]


def _changes(before: Shelf, after: Shelf) -> Iterator[tuple[str, str]]:
    """Yield how entries of the ledger changed their state; one that is new had none."""
    for key, entry in after.ledger.items():
        old = before.ledger.get(key)
        state = "" if old is None else old.state.value
        if state != entry.state.value:
            yield state, entry.state.value


def _leased(scene: Scene) -> bool:
    until = scene.shelf.leased_until
    return until is not None and until > scene.now


def _before(here: Position, scene: Scene) -> tuple[Breach, ...]:
    if not here.ask.posts:
        return ()
    number = erp.number_in(here.ask.request)
    return laws.of_send(scene.shelf, number, fence=here.fence, warned=here.warned, now=scene.now)
