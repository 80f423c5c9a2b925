"""Every state that can be reached, those with fewer faults first, each looked at once."""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Callable, Hashable, Iterator

from attrs import define, field, frozen

from oro_prima.ports import Ports
from oro_prima.sync import sync_orders
from oro_prima.testing.explore.ending import Endings
from oro_prima.testing.explore.laws import Breach, Law
from oro_prima.testing.explore.machine import Machine
from oro_prima.testing.explore.moves import CLOCK, Act, Move
from oro_prima.testing.explore.scenario import Scenario
from oro_prima.testing.explore.story import tell
from oro_prima.testing.explore.worlds import State, pack, unpack

NOWHERE = -1
"""Where the first state came from."""


@frozen
class Finding:
    """A law that was broken, and a shortest way there in sentences."""

    law: Law
    how: str
    story: tuple[str, ...]

    def __str__(self) -> str:
        lines = [f"Broken: {self.law.value}."]
        lines += [f"{number}. {line}" for number, line in enumerate(self.story, start=1)]
        return "\n".join([*lines, f"So {self.how}."])


@frozen
class Report:
    """
    What one exploration reached.

    Attributes:
        faults: Most faults on one way.
        states: Distinct states of the world and its runs.
        moves: Moves that were tried from them.
        endings: Those without a run; each was brought to a fair ending.
        by_faults: States that need 0, 1, 2 … faults.
        engine_runs: How often the engine was run; every other step follows from those.
        pairs: What a run stood before, and what went wrong there.
        idle: What those without a run came to.
        changes: How the ledger's entries changed: state before, empty for none, and after.
        complete: Whether every state within the bounds was looked at.
        findings: One for each law that was broken.
    """

    scenario: str
    faults: int
    states: int
    moves: int
    endings: int
    by_faults: tuple[int, ...]
    engine_runs: int
    pairs: frozenset[tuple[str, str]]
    idle: frozenset[Hashable]
    changes: frozenset[tuple[str, str]]
    complete: bool
    findings: tuple[Finding, ...]

    def broke(self, law: Law) -> Finding | None:
        """Return how a law was broken; None where it was not."""
        return next((one for one in self.findings if one.law is law), None)


def orders_flow(ports: Ports, scenario: Scenario) -> object:
    """Run the orders flow of the engine, as it is."""
    return sync_orders(ports, scenario.policy)


def explore(
    scenario: Scenario,
    *,
    faults: int,
    stop_after: int = 1,
    only: frozenset[Law] = frozenset(Law),
    limit: int = 10_000_000,
    flow: Callable[[Ports, Scenario], object] = orders_flow,
    told: Callable[[int, int], None] = lambda _faults, _states: None,
) -> Report:
    """
    Look at every state of a scenario that can be reached with up to `faults` faults.

    Args:
        scenario: The world and its bounds.
        faults: Most faults on one way; what counts as one, `Move.fault` says.
        stop_after: Laws found broken after which it stops.
        only: The laws that are looked at.
        limit: States after which it gives up; the report is then not complete.
        flow: What a run does.
        told: Told the number of faults and of states whenever a number of faults is done.
    """
    machine = Machine(scenario, flow)
    search = _Search(machine, Endings(machine), only)
    complete = search.go(faults, stop_after, limit, told)
    return Report(
        scenario=scenario.name,
        faults=faults,
        states=search.states,
        moves=search.tried,
        endings=search.ended,
        by_faults=tuple(search.by_faults),
        engine_runs=machine.runs.engine_runs,
        pairs=frozenset(search.pairs),
        idle=frozenset(search.idle),
        changes=frozenset(machine.changes),
        complete=complete,
        findings=tuple(search.findings.values()),
    )


@define
class _Waiting:
    """States that need one fault more, each once, by its essence; kept as numbers."""

    states: dict[int, int] = field(factory=dict[int, int])
    origins: array[int] = field(factory=lambda: array("q"))
    moves: array[int] = field(factory=lambda: array("q"))

    def add(self, essence: int, state: State, origin: int, move: int) -> None:
        if essence not in self.states:
            self.states[essence] = pack(state)
            self.origins.append(origin)
            self.moves.append(move)

    def each(self) -> Iterator[tuple[int, int, int, int]]:
        """Yield essence, state, origin and move of each."""
        for place, (essence, state) in enumerate(self.states.items()):
            yield essence, state, self.origins[place], self.moves[place]


@define
class _Search:
    """
    What was seen so far.

    A state has a number; kept of it are its essence, the number that it came from and the number of
    the move that led to it: memory is what bounds an exploration.
    """

    machine: Machine
    endings: Endings
    only: frozenset[Law]
    seen: set[int] = field(factory=set[int])
    origins: array[int] = field(factory=lambda: array("q"))
    came_by: array[int] = field(factory=lambda: array("q"))
    moves: dict[Move, int] = field(factory=dict[Move, int])
    tried: int = 0
    ended: int = 0
    by_faults: list[int] = field(factory=list[int])
    pairs: set[tuple[str, str]] = field(factory=set[tuple[str, str]])
    idle: set[Hashable] = field(factory=set[Hashable])
    findings: dict[Law, Finding] = field(factory=dict[Law, Finding])

    @property
    def states(self) -> int:
        """How many there are."""
        return len(self.origins)

    def go(self, faults: int, enough: int, limit: int, told: Callable[[int, int], None]) -> bool:
        """Look at everything with up to `faults` faults; True where nothing is left."""
        waiting = _Waiting()
        first = self.machine.first
        waiting.add(self.machine.essence(first), first, NOWHERE, NOWHERE)
        for used in range(faults + 1):
            before, level = self.states, deque[tuple[int, int]]()
            for essence, state, origin, move in waiting.each():
                self._come(essence, state, (origin, move), level)
            waiting = _Waiting()
            while level:
                self._look(*level.popleft(), level, waiting if used < faults else None)
                if len(self.findings) >= enough or self.states > limit:
                    return False
            self.by_faults.append(self.states - before)
            told(used, self.states)
        return True

    def _come(
        self, essence: int, state: int, came: tuple[int, int], level: deque[tuple[int, int]]
    ) -> None:
        """Have a state looked at, unless one like it was."""
        if essence not in self.seen:
            self.seen.add(essence)
            level.append((self.states, state))
            self.origins.append(came[0])
            self.came_by.append(came[1])

    def _look(
        self,
        number: int,
        kept: int,
        level: deque[tuple[int, int]],
        waiting: _Waiting | None,
    ) -> None:
        """Try every move from a state; one that breaks a law is not followed further."""
        state = unpack(kept)
        if not any(state.runs):
            self._end(number, state)
        for move in self.machine.moves(state):
            if move.fault and waiting is None:
                continue
            self.tried += 1
            there, breaches = self.machine.after(state, move)
            if move.fault:
                self.pairs.add(_pair(self.machine, state, move))
            if self._found(breaches, [*self._way(number), move] if breaches else []):
                continue
            essence = self.machine.essence(there)
            if essence in self.seen:
                continue
            by = self.moves.setdefault(move, len(self.moves))
            if move.fault and waiting is not None:
                waiting.add(essence, there, number, by)
            else:
                self._come(essence, pack(there), (number, by), level)

    def _end(self, number: int, state: State) -> None:
        self.ended += 1
        self.idle.add(self.machine.signature(state.world))
        path, breaches = self.endings.try_from(state)
        if breaches:
            self._found(breaches, [*self._way(number), *(move for move, _ in path)])

    def _found(self, breaches: tuple[Breach, ...], way: list[Move]) -> bool:
        for breach in breaches:
            if breach.law in self.only and breach.law not in self.findings:
                story = tell(self.machine, way)
                self.findings[breach.law] = Finding(breach.law, breach.how, story)
        return any(breach.law in self.only for breach in breaches)

    def _way(self, number: int) -> list[Move]:
        """Return the moves that led to a state."""
        known, way = list(self.moves), list[Move]()
        while self.origins[number] != NOWHERE:
            way.append(known[self.came_by[number]])
            number = self.origins[number]
        return way[::-1]


def _pair(machine: Machine, state: State, move: Move) -> tuple[str, str]:
    if move.act in (Act.GO, Act.CRASH):
        name = machine.position(state.runs[move.place]).ask.name
        return (name, move.fate.name if move.act is Act.GO else move.act.name)
    if move.act in CLOCK:
        names = (machine.position(number).ask.name for number in state.runs if number)
        return ("/".join(sorted(names)), "PAUSE")
    return ("", move.act.name)
