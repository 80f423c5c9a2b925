"""Where hints of one pair wait: webhooks put them there, the loop takes them from it."""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import quote

from attrs import frozen

from oro_prima.cli.run.web import Answer, Asked, serve
from oro_prima.cli.tasks import tasks_of
from oro_prima.config import Config
from oro_prima.mapping.hints import (
    Hint,
    Hints,
    Noted,
    Waiting,
    due_hints,
    hint_again,
    next_hint,
    note_hint,
    resolve_hint,
    without_hints,
)
from oro_prima.oro.calls.events import LARGEST, EventRefusedError, Reply, WebhookEvent, read_event
from oro_prima.ports import Store
from oro_prima.records import Flow
from oro_prima.sync import HintCounts, keep_hints, kept_hints, note_hint_counts
from oro_prima.values import Secret

PAGE = 100
"""Orders of one run: what the shop shows on one page. Customers are all read anyway."""
REMEMBERED = 10_000
"""Messages that are known again."""
PATH = "/webhooks/"


@frozen
class Taken:
    """Hints that are looked at now, each as it waited."""

    flow: Flow
    waiting: tuple[tuple[Hint, Waiting], ...]

    @property
    def hints(self) -> tuple[Hint, ...]:
        """The hints alone."""
        return tuple(hint for hint, _waiting in self.waiting)


class Desk:
    """
    Takes webhooks of one pair and hands out hints; used by several threads.

    Args:
        name: The pair's; the last part of the path.
        config: Where webhooks are said.
        clock: Ours.
        wake: Called when something is to be looked at.
    """

    def __init__(
        self, name: str, config: Config, *, clock: Callable[[], datetime], wake: Callable[[], None]
    ) -> None:
        self.name, self._config, self._clock, self._wake = name, config, clock, wake
        self._policy = config.webhooks.policy
        self._secret = config.webhooks.secret or Secret("")
        flows = {task.value for task in tasks_of(config)}
        self._kinds = {k: f for k, f in config.webhooks.kinds.items() if f.value in flows}
        self._lock = threading.Lock()
        self._hints, self._seen = Hints(), OrderedDict[str, None]()
        self._counts, self._told = Counter[str](), HintCounts()
        self._closed = False

    @property
    def listen(self) -> str:
        """The place at which webhooks come in."""
        return self._config.webhooks.listen

    @property
    def path(self) -> str:
        """Where webhooks of the pair come in."""
        return PATH + quote(self.name)

    def answer(self, asked: Asked) -> Answer:
        """Check a webhook and note what it hints at; the answer says what the shop does next."""
        if asked.method != "POST":
            return Answer(404)
        if self._closed:
            return self._count("turned away", Reply.AGAIN)
        try:
            event = read_event(
                asked.body,
                asked.headers,
                secret=self._secret,
                now=self._clock(),
                window=self._config.webhooks.window,
            )
        except EventRefusedError as error:
            return self._count("refused", error.reply)
        return self._note(event)

    def _note(self, event: WebhookEvent) -> Answer:
        hint = resolve_hint(event.topic, key=event.key, kinds=self._kinds)
        if hint is None:
            return self._count("no concern", Reply.TAKEN)
        with self._lock:
            if event.message in self._seen:
                noted = Noted.KNOWN
            else:
                now = self._clock()
                self._hints, noted = note_hint(self._hints, hint, now=now, policy=self._policy)
            if noted is not Noted.FULL:
                self._remember(event.message)
        if noted is Noted.FULL:
            return self._count("turned away", Reply.AGAIN)
        self._wake()
        return self._count("taken" if noted is Noted.NOTED else "known already", Reply.TAKEN)

    def _remember(self, message: str) -> None:
        self._seen[message] = None
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)

    def _count(self, name: str, reply: Reply, by: int = 1) -> Answer:
        with self._lock:
            self._counts[name] += by
        return Answer(int(reply))

    def take(self, flow: Flow) -> Taken:
        """Hand out the hints of a flow that are to be looked at now; they wait no more."""
        with self._lock:
            most = PAGE if flow is Flow.ORDERS else self._policy.most
            due = due_hints(self._hints, now=self._clock(), flow=flow, most=most)
            taken = tuple((hint, self._hints.waiting[hint]) for hint in due)
            self._hints = without_hints(self._hints, frozenset(due))
        return Taken(flow, taken)

    def flows_due(self) -> tuple[Flow, ...]:
        """Return the flows with a hint to look at now."""
        with self._lock:
            now, hints = self._clock(), self._hints
        flows = dict.fromkeys(self._kinds.values())
        return tuple(one for one in flows if due_hints(hints, now=now, flow=one, most=1))

    def next_due(self) -> datetime | None:
        """Return when a hint is to be looked at next."""
        with self._lock:
            return next_hint(self._hints)

    def give_back(
        self, taken: Taken, missed: Iterable[Hint], young: Mapping[Hint, timedelta]
    ) -> None:
        """
        Let those be looked at again whose records were not there, or could not be read.

        Those of `young` are looked at once they are old enough, whatever was tried before.
        """
        some, now = frozenset(missed), self._clock()
        again = [(hint, waiting) for hint, waiting in taken.waiting if hint in some]
        with self._lock:
            for hint, pause in young.items():
                self._hints, _noted = note_hint(
                    self._hints, hint, now=now + pause, policy=self._policy
                )
            self._hints, left = hint_again(self._hints, again, now=now, policy=self._policy)
            self._counts["looked at"] += len(taken.waiting) - len(again)
            self._counts["left to the flow"] += len(left)

    def leave(self, flow: Flow) -> None:
        """Leave the hints of a flow to its own run: it is paused, and finds them later."""
        taken = self.take(flow)
        with self._lock:
            self._counts["left to the flow"] += len(taken.waiting)

    def close(self) -> None:
        """Take no more: the shop sends again what comes in from here on."""
        self._closed = True

    def keep(self, store: Store) -> None:
        """Keep what waits for the next process."""
        with self._lock:
            waiting = tuple(self._hints.waiting)
        keep_hints(store, waiting, at=self._clock())
        self.tell(store)

    def open(self, store: Store) -> None:
        """Go on with what a process before kept; it is looked at now."""
        kept = kept_hints(store, at=self._clock())
        with self._lock:
            for hint in kept:
                self._hints, _noted = note_hint(
                    self._hints, hint, now=self._clock(), policy=self._policy
                )

    def counts(self) -> HintCounts:
        """Return what came in since the process began, and what waits."""
        with self._lock:
            counts, waiting = dict(self._counts), len(self._hints.waiting)
        return HintCounts(waiting=waiting, counts=counts)

    def tell(self, store: Store) -> None:
        """Keep the counts for `status`, where they have changed."""
        counts = self.counts()
        if counts != self._told:
            note_hint_counts(store, counts, at=self._clock())
            self._told = counts


@contextmanager
def serve_desks(desks: Iterable[Desk]) -> Generator[tuple[str, ...], None, None]:
    """
    Take webhooks at each place that a configuration names; several pairs may share one.

    Yields:
        The addresses, one a pair.

    Raises:
        ConfigError: a place cannot be listened at.
    """
    places: dict[str, list[Desk]] = {}
    for desk in desks:
        places.setdefault(desk.listen, []).append(desk)
    with ExitStack() as stack:
        found: list[str] = []
        for place, some in places.items():
            where = stack.enter_context(
                serve(place, partial(_answer, some), named="webhooks.listen", cap=LARGEST)
            )
            found += [f"http://{where}{desk.path}" for desk in some]
        yield tuple(found)


def _answer(desks: Iterable[Desk], asked: Asked) -> Answer:
    """Let the desk answer whose path it is; any other is 404."""
    for desk in desks:
        if asked.path == desk.path:
            return desk.answer(asked)
    return Answer(404)
