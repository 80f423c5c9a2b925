"""The line between the engine and both systems, and what goes wrong on it."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from attrs import define, field

from oro_prima.call import HttpRequest
from oro_prima.sandbox.faults import Reply
from oro_prima.sandbox.world import World
from oro_prima.testing.simulate.pairs import ANSWER_DROPPED, KILLED, Pair, faults_of


class Killed(BaseException):
    """The engine's process ends here; no error, so that nothing catches it."""


@define
class Line:
    """
    Carries requests to a world; each may be hit by a fault.

    Attributes:
        risk: How likely a request is hit, 0 to 1 in hundredths.
        kill: What makes the engine's process end: it raises.
        met: Every pair of request and fault so far.
        down: How many more requests each system refuses.
        theme: What happens for certain, once, where it can.
    """

    world: World
    rng: Random
    kill: Callable[[], None]
    tell: Callable[[str], None]
    theme: Pair = ("", "")
    risk: int = 0
    met: set[Pair] = field(factory=set[Pair])
    down: dict[str, int] = field(factory=dict[str, int])

    def reply(self, system: str, request: HttpRequest) -> Reply:
        """Carry out one request, or what becomes of it."""
        operation = self._operation(system, request)
        fault = self._fault(system, operation)
        if not fault:
            return self.world.reply(system, request)
        self.met.add((f"{system} {operation}", fault))
        self.tell(f"{fault} at {system} {operation}")
        if fault == KILLED:
            self.kill()
        if fault == ANSWER_DROPPED:
            self.world.reply(system, request)
            self.kill()
        self.world.faults.add(system, "*", fault)
        return self.world.reply(system, request)

    def _operation(self, system: str, request: HttpRequest) -> str:
        side = self.world.oro if system == "oro" else self.world.prima
        return side.operation(request)

    def _fault(self, system: str, operation: str) -> str:
        names = faults_of(system, operation)
        if not names:
            return ""
        if self.down.get(system, 0):
            self.down[system] -= 1
            return "refuse"
        step, fault = self.theme
        if self.risk and step == f"{system} {operation}" and self.theme not in self.met:
            return fault
        return self.rng.choice(names) if self.rng.randrange(100) < self.risk else ""
