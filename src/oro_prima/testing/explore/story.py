"""A way through the states, told in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import define, field

from oro_prima.errors import OroPrimaError
from oro_prima.testing.explore import erp
from oro_prima.testing.explore.erp import Fate
from oro_prima.testing.explore.machine import Machine
from oro_prima.testing.explore.moves import Act, Move
from oro_prima.testing.explore.tape import Ask, Kind
from oro_prima.testing.explore.worlds import State, World


def tell(machine: Machine, moves: Sequence[Move]) -> tuple[str, ...]:
    """Return what happened on the way, one sentence each; what only reads is left out."""
    teller = _Teller(machine, machine.first)
    return tuple(sentence for move in moves for sentence in teller.next(move))


@define
class _Teller:
    machine: Machine
    state: State
    names: list[str] = field(factory=lambda: ["", ""])
    begun: int = 0

    def next(self, move: Move) -> Iterator[str]:
        before = self.state
        self.state, _ = self.machine.after(before, move)
        if move.act is Act.START:
            yield self._started(before)
        elif move.act is Act.GO:
            yield from self._gone(before, move)
        elif move.act is Act.CRASH:
            yield f"Run {self.names[move.place]} ends where it stands, as at a power cut."
            self.names = [self.names[1 - move.place], ""]
        else:
            yield _told(self.machine, before, move)

    def _started(self, before: State) -> str:
        self.begun += 1
        name = chr(ord("A") + (self.begun - 1) % 26)
        if before.runs == self.state.runs:
            return f"Run {name} starts and is refused: another run has the lease."
        number = next(n for n in self.state.runs if n not in before.runs or not any(before.runs))
        other = self.names[0] or self.names[1]
        self.names = [name, other] if self.state.runs[0] == number else [other, name]
        return f"Run {name} starts and takes the lease."

    def _gone(self, before: State, move: Move) -> Iterator[str]:
        slot, machine = move.place, self.machine
        name, other = self.names[slot], self.names[1 - slot]
        ask = machine.position(before.runs[slot]).ask
        number, world, _ = machine.step(before.runs[slot], before.world, move.fate)
        said = _asked(machine, ask, before.world, world, move.fate)
        if said:
            yield f"Run {name} {said}."
        if not number:
            yield f"Run {name} is over."
            self.names = [other, ""]
        else:
            self.names = [name, other] if self.state.runs[0] == number else [other, name]


def _told(machine: Machine, before: State, move: Move) -> str:
    place = move.place
    book = machine.scene(before.world).book
    match move.act:
        case Act.ARRIVE:
            late = book.on_the_way[place]
            taken = "the number is taken" if book.holds(late.number) else "Prima takes it"
            return f"The request for number {late.number} arrives at last: {taken}."
        case Act.PURGE:
            return f"Prima forgets number {book.taken[place].number}; it is free again."
        case Act.HAS | Act.SEND:
            word = "has" if move.act is Act.HAS else "does not have"
            return f"A person looks and says: Prima {word} order {place}."
        case Act.RETRY:
            return f"A person has order {place} tried again."
        case _:
            text = move.act.value
            return f"{text[0].upper()}{text[1:]}."


def _asked(machine: Machine, ask: Ask, before: World, after: World, fate: Fate) -> str:
    if ask.kind is Kind.ERP:
        return _sent(machine, ask, before, fate)
    if ask.kind is Kind.BEGIN:
        changes = ", ".join(_changes(machine, before, after))
        return f"writes: {changes}" if changes else ""
    if ask.name == "renew":
        return "renews its lease"
    return ""


def _sent(machine: Machine, ask: Ask, before: World, fate: Fate) -> str:
    book, request = machine.scene(before).book, ask.request
    number = erp.number_in(request)
    if not ask.posts:
        known = "found" if book.knows(number) else "not known"
        return f"asks Prima after number {number}: {known if fate is Fate.FINE else 'no answer'}"
    order = erp.reference_in(request).removeprefix("ORO-")
    said = f"sends order {order} under number {number}"
    if fate is not Fate.FINE:
        return f"{said}: {fate.value}"
    if book.elsewhere:
        return f"{said}: refused by the other data set"
    return f"{said}: {'refused, the number is taken' if book.holds(number) else 'Prima takes it'}"


def _changes(machine: Machine, before: World, after: World) -> Iterator[str]:
    old, new = machine.scene(before).shelf, machine.scene(after).shelf
    for key, entry in new.ledger.items():
        if old.ledger.get(key) != entry:
            yield f"order {entry.order} is {entry.state.value} in the ledger"
    for order, capture in new.homes.items():
        was = old.homes.get(order)
        if was is None or was.home is not capture.home:
            yield f"order {order} is at home in {capture.home.value}"
    if new.reached != old.reached:
        yield f"the watermark is {new.reached}"


def ended(result: object) -> str:
    """Return how a run ended where it did not end well."""
    return f"{type(result).__name__}: {result}" if isinstance(result, OroPrimaError) else ""
