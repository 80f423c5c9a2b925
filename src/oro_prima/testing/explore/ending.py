"""A fair ending: faults stop, runs go on, people tell the truth about what is in doubt."""

from __future__ import annotations

from oro_prima.testing.explore import laws, people, shop
from oro_prima.testing.explore.laws import Breach, Law
from oro_prima.testing.explore.machine import Machine
from oro_prima.testing.explore.moves import Act, Move
from oro_prima.testing.explore.worlds import State

ROUNDS = 8
"""Runs with people in between; by then nothing may change any more."""

Path = list[tuple[Move, State]]


class Endings:
    """Fair endings of a machine's states; what ended well once is not tried again."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self.well: set[State] = set()

    def try_from(self, state: State) -> tuple[Path, tuple[Breach, ...]]:
        """
        Go on from a state without a run until nothing changes.

        Returns the way there and the laws broken on it, none where all ended well.
        """
        path: Path = []
        passed = [state]
        while passed[-1] not in self.well and len(passed) <= ROUNDS:
            breaches = self._round(passed[-1], path)
            here = path[-1][1] if path else state
            if breaches:
                return path, breaches
            if here == passed[-1]:
                found = self._judge(here, path)
                if not found:
                    self.well.update(passed)
                return path, found
            passed.append(here)
        if passed[-1] in self.well:
            self.well.update(passed)
            return path, ()
        return path, (Breach(Law.LOST, f"after {ROUNDS} runs it is still not settled"),)

    def _round(self, state: State, path: Path) -> tuple[Breach, ...]:
        """One run from begin to end, with all that may go before it, then the people."""
        machine, here = self._machine, state
        for move in self._before(here):
            here, breaches = machine.after(here, move)
            path.append((move, here))
            if breaches:
                return breaches
        move = Move(Act.START)
        while True:
            here, breaches = machine.after(here, move)
            path.append((move, here))
            if breaches:
                return breaches
            if not here.runs[0]:
                break
            move = Move(Act.GO)
        for move in tuple(people.moves(machine.scene(here.world))):
            here, breaches = machine.after(here, move)
            path.append((move, here))
            if breaches:
                return breaches
        return ()

    def _before(self, state: State) -> list[Move]:
        scene = self._machine.scene(state.world)
        moves = [Move(Act.BACK)] if scene.book.elsewhere else []
        if shop.can_change(scene.shop):
            moves.append(Move(Act.CHANGE))
        if scene.shelf.leased_until is not None:
            moves.append(Move(Act.LEASE_OVER))
        if any(order.young for order in scene.shop.orders):
            moves.append(Move(Act.GROWN))
        return moves

    def _judge(self, state: State, path: Path) -> tuple[Breach, ...]:
        """Check the end, and once more after what was on its way has arrived."""
        machine = self._machine
        scene, here = machine.scene(state.world), state
        found = laws.of_ending(scene.shelf, scene.book, scene.shop)
        for _ in scene.book.on_the_way:
            move = Move(Act.ARRIVE)
            here, breaches = machine.after(here, move)
            path.append((move, here))
            found += breaches
        return found
