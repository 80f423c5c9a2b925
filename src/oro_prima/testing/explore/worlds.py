"""Worlds: each kept once, and which of them are one."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from datetime import datetime, timedelta
from functools import cache
from typing import Generic, NamedTuple, TypeVar

from oro_prima.testing.explore import erp
from oro_prima.testing.explore.erp import Book
from oro_prima.testing.explore.memory import Memory, Notebook
from oro_prima.testing.explore.scenario import START, Scenario
from oro_prima.testing.explore.scene import Scene
from oro_prima.testing.explore.shelf import Shelf
from oro_prima.testing.explore.shop import Shop

T = TypeVar("T")
SECOND = timedelta(seconds=1)
FINE = 900
"""Seconds below which an age is taken as it is: the grace."""

COARSE = (90_000, 86_401, 3000, FINE)
"""Least seconds of the other kinds of age: forgotten by Prima, uncertain, some hours, a grace."""


class World(NamedTuple):
    """A moment of everything but the runs: numbers of what is kept once, and seconds."""

    shelf: int
    book: int
    shop: int
    now: int


class State(NamedTuple):
    """Where everything stands; 0 is no run. Runs have no names, so theirs are in order."""

    runs: tuple[int, int]
    world: World
    starts: int


WIDTH = 32
"""Bits of each number when several are kept as one."""
_NUMBERS = 7
_MASK = (1 << WIDTH) - 1


def packed(numbers: Iterable[int]) -> int:
    """
    Keep some numbers as one, in a tenth of the memory; how many they were counts, too.

    >>> packed((1, 0)) == packed((1,)) or packed((1, 0)) == packed((0, 1))
    False
    """
    found = 1
    for number in numbers:
        found = found << WIDTH | number
    return found


def pack(state: State) -> int:
    """Keep a state as one number."""
    return packed((*state.runs, *state.world, state.starts))


def unpack(number: int) -> State:
    """Return the state that `pack` kept."""
    found = [number >> WIDTH * place & _MASK for place in range(_NUMBERS - 1, -1, -1)]
    return State((found[0], found[1]), World(*found[2:6]), found[6])


class Kept(Generic[T]):
    """Each value once, by number."""

    def __init__(self) -> None:
        self.values: list[T] = []
        self._numbers: dict[Hashable, int] = {}

    def number(self, value: T, key: Hashable) -> int:
        """Return the number of a value."""
        found = self._numbers.get(key)
        if found is None:
            found = self._numbers[key] = len(self.values)
            self.values.append(value)
        return found


class Worlds:
    """All worlds of one scenario that were ever reached."""

    def __init__(self, scenario: Scenario) -> None:
        self._run = scenario.run
        self._shelves, self._books, self._shops = Kept[Shelf](), Kept[Book](), Kept[Shop]()
        self._essences = Kept[None]()
        self._notebook = Notebook(ranked=scenario.run.control_order is None)

    def number(self, scene: Scene) -> World:
        """Return a scene as numbers."""
        return World(
            self._shelves.number(scene.shelf, scene.shelf.content()),
            self._books.number(scene.book, scene.book),
            self._shops.number(scene.shop, scene.shop),
            (scene.now - START) // SECOND,
        )

    def scene(self, world: World) -> Scene:
        """Return a world as something that can be changed."""
        return Scene(
            self._shelves.values[world.shelf],
            self._books.values[world.book],
            self._shops.values[world.shop],
            START + world.now * SECOND,
        )

    def shelf(self, number: int) -> Shelf:
        """Return a store; not to be changed."""
        return self._shelves.values[number]

    @cache  # noqa: B019 - as long-lived as the scenario
    def normal(self, world: World) -> World:
        """Return a world without a run as it is when its clock says `START`."""
        scene = self.scene(world)
        shelf = scene.shelf.normal(self._run, now=scene.now)
        book = erp.normal(scene.book, now=scene.now, then=START)
        return self.number(Scene(shelf, book, scene.shop, START))

    def signature(self, world: World) -> Hashable:
        """Return what a world comes to, in values."""
        shelf, book = self._kept_shelf(world.shelf), self._kept_book(world.book)
        ages = _ages((*shelf.instants, *book.instants), world.now)
        return (shelf.shape, book.shape, ages, self._shops.values[world.shop])

    def essence(self, world: World, memories: Iterable[Memory]) -> tuple[int, ...]:
        """
        Return what is equal for worlds of one future, with what runs remember in them.

        Runs have no names: which of two remembers what makes no difference.
        """
        runs = sorted(self._of_run(memory, world.shelf, world.now) for memory in memories)
        shelf = self._of_shelf(world.shelf, world.now)
        return (shelf, self._of_book(world.book, world.now), world.shop, *runs)

    @cache  # noqa: B019 - as long-lived as the scenario
    def _of_run(self, memory: Memory, shelf: int, now: int) -> int:
        homes = self._shelves.values[shelf].homes
        read = tuple(
            order in homes and homes[order].last_read == instant for order, instant in memory.read
        )
        return self._essence(("run", memory.shape, _ages(memory.instants, now), read))

    @cache  # noqa: B019 - as long-lived as the scenario
    def _of_shelf(self, number: int, now: int) -> int:
        memory = self._kept_shelf(number)
        return self._essence(("shelf", memory.shape, _ages(memory.instants, now)))

    @cache  # noqa: B019 - as long-lived as the scenario
    def _of_book(self, number: int, now: int) -> int:
        memory = self._kept_book(number)
        return self._essence(("book", memory.shape, _ages(memory.instants, now)))

    @cache  # noqa: B019 - as long-lived as the scenario
    def _kept_shelf(self, number: int) -> Memory:
        return self._notebook.kept(self._shelves.values[number].essentials())

    @cache  # noqa: B019 - as long-lived as the scenario
    def _kept_book(self, number: int) -> Memory:
        return self._notebook.kept(self._books.values[number])

    def _essence(self, key: Hashable) -> int:
        return self._essences.number(None, key)


def _ages(instants: tuple[datetime, ...], now: int) -> tuple[int, ...]:
    here = START + now * SECOND
    return tuple(_age((here - instant) // SECOND) for instant in instants)


def _age(seconds: int) -> int:
    """Return the least age of the same kind, in seconds: no limit lies between the two."""
    if seconds < FINE:
        return seconds
    return next(least for least in COARSE if seconds >= least)
