"""One moment of the world in which a call of a port is carried out."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, cast

from attrs import define, field

from oro_prima.call import Call, HttpResponse
from oro_prima.errors import CallError, Effect, NoAnswerError, StoreError, UnreachableError
from oro_prima.ports import Transaction
from oro_prima.testing.explore import erp, shop
from oro_prima.testing.explore.erp import Book, Fate
from oro_prima.testing.explore.scenario import CONTROL, START
from oro_prima.testing.explore.shelf import Shelf
from oro_prima.testing.explore.shop import Shop
from oro_prima.testing.explore.tape import STAMP, Answer, Ask, Kind

HOLDER = "run"
"""Every run has the same name: which is which, the fencing number says."""


@define
class Scene:
    """The store, Prima's book, the shop and the clock, all of which a call may change."""

    shelf: Shelf
    book: Book
    shop: Shop
    now: datetime
    own: bool = False
    tx: Transaction | None = None
    opened: AbstractContextManager[Transaction] | None = field(default=None)

    def copied(self) -> Scene:
        """Return a scene of its own; only between transactions."""
        return Scene(self.shelf, self.book, self.shop, self.now)

    def writable(self) -> Shelf:
        """Return the store to be changed: a copy, for others look at the one there was."""
        if not self.own:
            self.shelf, self.own = self.shelf.copied(), True
        return self.read()

    def read(self) -> Shelf:
        """Return the store to be read at this scene's instant."""
        self.shelf.now = self.now
        return self.shelf


def perform(scene: Scene, ask: Ask, fate: Fate = Fate.FINE) -> Answer:
    """Carry out one call; `fate` is what becomes of it on its way to Prima."""
    try:
        match ask.kind:
            case Kind.CLOCK:
                return Answer(STAMP if ask.name == STAMP else scene.now, scene.now)
            case Kind.SHOP:
                return _asked_shop(scene, ask.call)
            case Kind.ERP:
                return _asked_erp(scene, ask, fate)
            case Kind.BEGIN | Kind.COMMIT | Kind.UNDO:
                return _transaction(scene, ask)
            case _:
                return _stored(scene, ask)
    except StoreError as error:
        return Answer(("refused", str(error)), error=error)


def _asked_shop(scene: Scene, call: Call[object]) -> Answer:
    response = shop.answer(scene.shop, call.request(), now=scene.now, start=START)
    return _decoded(call, response, response)


def _asked_erp(scene: Scene, ask: Ask, fate: Fate) -> Answer:
    call, request = ask.call, ask.request
    number = erp.number_in(request)
    if call.safe:
        if fate is not Fate.FINE:
            return _no_answer(call, fate)
        if number == CONTROL and not scene.book.elsewhere:
            known = Book((erp.Taken(number, "known", START),))
            return _decoded(call, erp.status_answer(known, number), (fate, number))
        response = erp.status_answer(scene.book, number)
        return _decoded(call, response, (fate, response))
    return _posted(scene, call, number, erp.reference_in(request), fate)


def _posted(scene: Scene, call: Call[object], number: str, reference: str, fate: Fate) -> Answer:
    before = scene.book
    if fate in (Fate.FINE, Fate.LOST_ANSWER, Fate.TWICE):
        scene.book = erp.take(before, number, reference, now=scene.now)
    if fate in (Fate.SLOW, Fate.TWICE):
        scene.book = erp.send_off(scene.book, number, reference, now=scene.now)
    if fate in (Fate.FINE, Fate.TWICE):
        response = erp.order_answer(before, number, reference)
        return _decoded(call, response, response)
    return _no_answer(call, fate)


def _no_answer(call: Call[object], fate: Fate) -> Answer:
    if fate is Fate.UNREACHABLE:
        return Answer("unreachable", error=UnreachableError(call.name, "connection refused"))
    effect = Effect.NONE if call.safe else Effect.UNKNOWN
    return Answer("silence", error=NoAnswerError(call.name, "no answer came", effect=effect))


def _decoded(call: Call[object], response: HttpResponse, key: Hashable) -> Answer:
    decoder = call.decoder(response.head)
    try:
        decoder.feed(response.body)
        return Answer(key, decoder.close())
    except CallError as error:
        return Answer(key, error=error)


def _transaction(scene: Scene, ask: Ask) -> Answer:
    if ask.kind is Kind.BEGIN:
        opened = scene.writable().transaction(ask.args[0])
        scene.tx, scene.opened = opened.__enter__(), opened
        return Answer("open")
    assert scene.opened is not None
    ending, scene.tx, scene.opened = scene.opened, None, None
    if ask.kind is Kind.COMMIT:
        ending.__exit__(None, None, None)
        return Answer("done")
    ending.__exit__(StoreError, StoreError("undone"), None)
    return Answer("undone")


def _stored(scene: Scene, ask: Ask) -> Answer:
    if ask.name.startswith("tx."):
        value = getattr(scene.tx, ask.name.removeprefix("tx."))(*ask.args, **ask.words)
    elif ask.name == "acquire":
        value = scene.writable().acquire(ask.args[0], HOLDER, **ask.words)
    elif ask.changes:
        value = getattr(scene.writable(), ask.name)(*ask.args, **ask.words)
    else:
        value = getattr(scene.read(), ask.name)(*ask.args, **ask.words)
    return Answer(_key(value), value)


def _key(value: Any) -> Hashable:
    if isinstance(value, Mapping):
        found = cast("Mapping[object, Hashable]", value)
        return tuple(sorted(found.items(), key=lambda item: str(item[0])))
    return cast("Hashable", value)
