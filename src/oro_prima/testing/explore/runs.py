"""The engine as an automaton: for every history of answers, what a run asks for next."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeAlias

from oro_prima.errors import OroPrimaError, RejectedError
from oro_prima.ports import Ports
from oro_prima.records import Lease
from oro_prima.testing.explore.erp import Fate, number_in
from oro_prima.testing.explore.memory import Memory, Notebook
from oro_prima.testing.explore.scenario import Look, Scenario, unchanged
from oro_prima.testing.explore.scene import Scene, perform
from oro_prima.testing.explore.tape import Answer, Ask, Kind, Suspended, Tape, taped_ports

Flow: TypeAlias = Callable[[Ports, Scenario], object]
"""What a run does; the orders flow of the engine, as it is."""


class Position:
    """
    Where a run stands: the answers it has had, and what it asks for next.

    Attributes:
        number: Tells positions apart; equal histories are one position.
        fence: Its fencing number; 0 before it has a lease.
        warned: Prima told this run that a number which it never claimed is taken.
        same: Where a run stands that remembers the very same, instants included: it goes on there.
    """

    __slots__ = ("_ask", "_kept", "_next", "answer", "before", "fence", "number", "same", "warned")

    def __init__(self, number: int, before: Position | None, answer: Answer | None) -> None:
        self.number, self.before, self.answer = number, before, answer
        self._next: dict[Hashable, Position] | tuple[Hashable, Position] | None = None
        self.fence: int = before.fence if before else 0
        self.warned: bool = before.warned if before else False
        self._kept: Memory | None = None
        self.same: Position = self
        self._ask: Ask | None = None

    @property
    def memory(self) -> Memory:
        """What it remembers; where that cannot be said it is its own."""
        return self._kept or Memory(-self.number)

    def remembers(self, memory: Memory) -> None:
        """Say what it remembers."""
        self._kept = memory

    def after(self, key: Hashable) -> Position | None:
        """Return where an answer of this key led; most places ever had one answer."""
        if isinstance(self._next, dict):
            return self._next.get(key)
        return self._next[1] if self._next is not None and self._next[0] == key else None

    def leads(self, key: Hashable, there: Position) -> None:
        """Note where an answer led."""
        if self._next is None:
            self._next = (key, there)
        elif isinstance(self._next, dict):
            self._next[key] = there
        else:
            self._next = {self._next[0]: self._next[1], key: there}

    @property
    def ask(self) -> Ask:
        """What it asks for next."""
        assert self._ask is not None
        return self._ask

    def asks(self, ask: Ask) -> None:
        """Note what it asks for; a run that once asked for something else is no function."""
        if self._ask is not None and (self._ask.kind, self._ask.name) != (ask.kind, ask.name):
            msg = f"asked for {ask.name} after the same answers as for {self._ask.name} before"
            raise AssertionError(msg)
        self._ask = ask

    @property
    def known(self) -> bool:
        """Whether it is known what it asks for."""
        return self._ask is not None

    @property
    def answers(self) -> list[Answer]:
        """Every answer so far."""
        found: list[Answer] = []
        here = self
        while here.before is not None and here.answer is not None:
            found.append(here.answer)
            here = here.before
        return found[::-1]


class Runs:
    """
    All positions of a scenario's runs that were ever reached.

    Where a history is new the engine itself is run: with the answers of before, and then on as if
    nothing went wrong, because that is asked for next, to its end or to where a run of another past
    remembered the very same.
    """

    def __init__(self, scenario: Scenario, flow: Flow) -> None:
        self._scenario, self._flow = scenario, flow
        self._merges = scenario.wrap is unchanged and scenario.look is Look.FAR
        self.positions: list[Position] = [Position(0, None, None)]
        self._memories: dict[Hashable, int] = {}
        self._places: dict[Hashable, Position] = {}
        self.engine_runs = 0

    def begin(self) -> Position:
        """Return where every run begins."""
        first = self.positions[0]
        if not first.known:
            self._record(first, None, Fate.FINE)
        return first

    def step(self, here: Position, scene: Scene, fate: Fate) -> tuple[Position, bool]:
        """
        Carry out what the run at `here` asks for, and all after it that nobody else can see.

        Returns where it stands then, and whether it saw what time it is; `scene` is as it left it.
        """
        start, at, now, timed = scene.copied(), here, fate, False
        while True:
            timed = timed or at.ask.sees_time
            there = self._after(at, perform(scene, at.ask, now), scene)
            if not there.known:
                self._record(here, start.copied(), fate)
            at, now = there, Fate.FINE
            if at.ask.shared:
                return at.same, timed

    def _after(self, here: Position, answer: Answer, scene: Scene) -> Position:
        there = here.after(answer.key)
        if there is None:
            there = Position(len(self.positions), here, answer)
            self.positions.append(there)
            here.leads(answer.key, there)
            _remember(here, there, answer, scene)
        return there

    def _record(self, here: Position, scene: Scene | None, fate: Fate) -> None:
        """Run the engine up to `here` and, while nothing else goes wrong, to its end."""
        self.engine_runs += 1
        at, becomes = here, fate
        book = Notebook(ranked=self._scenario.run.control_order is None)

        def live(ask: Ask) -> Answer:
            nonlocal at, becomes
            if not at.known and ask.shared and self._merges:
                self._keep(at, book.remembered())
            at.asks(ask)
            if scene is None or at.same is not at:
                raise Suspended
            answer = perform(scene, ask, becomes)
            at, becomes = self._after(at, answer, scene), Fate.FINE
            return answer

        tape = Tape(here.answers, live)
        try:
            result: object = self._flow(taped_ports(tape, self._scenario), self._scenario)
        except Suspended:
            return
        except OroPrimaError as error:
            result = error
        except Exception as error:  # noqa: BLE001 - a bug of the engine is a finding
            result = AssertionError(f"{type(error).__name__}: {error}")
        at.asks(Ask(Kind.END, "end", (result,)))

    def _keep(self, here: Position, memory: Memory | None) -> None:
        if memory is not None:
            key = (memory.shape, here.warned)
            number = self._memories.setdefault(key, len(self._memories) + 1)
            kept = Memory(number, memory.instants, memory.read)
            here.remembers(kept)
            here.same = self._places.setdefault((kept, here.fence), here)


def _remember(here: Position, there: Position, answer: Answer, scene: Scene) -> None:
    if here.ask.name == "acquire" and isinstance(answer.value, Lease):
        there.fence = answer.value.fence
    if here.ask.posts and isinstance(answer.error, RejectedError) and "21" in answer.error.codes:
        number = number_in(here.ask.request)
        entries = scene.shelf.ledger.values()
        ours = any(entry.number == number and entry.resent for entry in entries)
        there.warned = there.warned or not ours
