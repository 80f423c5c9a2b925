"""
A request is a value: it writes itself, reads its answer, and does no I/O.

`Call[R]` knows its name, whether it may be sent twice, its request, and how the bytes of an answer
become an `R`. A `Sender` is the only thing that moves bytes; one sender serves every call.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from attrs import field, frozen

from oro_prima.errors import Effect, UnreadableError
from oro_prima.records import Unread

R = TypeVar("R")
T = TypeVar("T")
R_co = TypeVar("R_co", covariant=True)

Headers = tuple[tuple[str, str], ...]
"""Header fields in the order they were written; names compare without case."""


def header(headers: Headers, name: str) -> str:
    """Return the first value of `name`, compared without case; empty where it is absent."""
    wanted = name.lower()
    return next((value for key, value in headers if key.lower() == wanted), "")


@frozen
class HttpRequest:
    """
    One HTTP request.

    For a client `path` is relative to the base URL of the system's configuration (`orders/7`, or
    empty for the base itself); for a server it is absolute. `query` is not yet percent-encoded.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: Headers = ()
    body: bytes = field(default=b"", repr=False)


@frozen
class ResponseHead:
    """Status and header fields of an answer, before its body."""

    status: int
    headers: Headers = ()


@frozen
class HttpResponse:
    """One whole HTTP answer."""

    status: int
    headers: Headers = ()
    body: bytes = field(default=b"", repr=False)

    @property
    def head(self) -> ResponseHead:
        """Status and header fields alone."""
        return ResponseHead(self.status, self.headers)


class Decoder(Protocol[R_co]):
    """
    Reads the body of an answer as it arrives.

    `feed` takes bytes in any cut; `close` says that all came, and gives the value or raises a
    `oro_prima.errors.CallError`. What it returns never depends on where the bytes were cut.
    """

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the body."""
        ...

    def close(self) -> R_co:
        """Return the value once the body is complete."""
        ...


class WholeBody(Generic[R]):
    """
    The default decoder: keep the body, up to `limit` bytes, then read it in one go.

    `setting` names where the limit can be raised.
    """

    def __init__(
        self,
        head: ResponseHead,
        read: Callable[[HttpResponse], R],
        *,
        limit: int,
        name: str,
        setting: str = "the cap",
    ) -> None:
        self._head, self._read, self._limit, self._name = head, read, limit, name
        self._setting = setting
        self._parts: list[bytes] = []
        self._size = 0

    def feed(self, data: bytes) -> None:
        """Keep `data`; raises `UnreadableError` once the body is larger than the limit."""
        self._size += len(data)
        if self._size > self._limit:
            size = f"the answer is larger than {self._limit} bytes"
            detail = f"{size}; where it may be, raise {self._setting}"
            raise UnreadableError(self._name, detail, status=self._head.status)
        self._parts.append(data)

    def close(self) -> R:
        """Read the whole body."""
        body = b"".join(self._parts)
        return self._read(HttpResponse(self._head.status, self._head.headers, body))


class Call(Protocol[R_co]):
    """
    One request to one system, as a value.

    `safe` says that sending it twice does no more than sending it once: only such a call is ever
    repeated by a sender.
    """

    @property
    def name(self) -> str:
        """Verb and noun, such as `list_orders`; also the operation in reports and logs."""
        ...

    @property
    def safe(self) -> bool:
        """Whether sending it twice does no more than sending it once."""
        ...

    @property
    def timeout(self) -> float | None:
        """Seconds to wait for the answer's next bytes; None for the sender's default."""
        ...

    def request(self) -> HttpRequest:
        """Write the request; the same call always writes the same bytes."""
        ...

    def decoder(self, head: ResponseHead) -> Decoder[R_co]:
        """Return a fresh reader for the body of an answer with this head."""
        ...


class Sender(Protocol):
    """Moves the bytes of any call to one system and back."""

    def send(self, call: Call[R]) -> R:
        """Send `call` and read its answer; raises `oro_prima.errors.CallError`."""
        ...


class AsyncSender(Protocol):
    """The asynchronous twin of `Sender`: the same calls, awaited."""

    async def send(self, call: Call[R]) -> R:
        """Send `call` and read its answer; raises `oro_prima.errors.CallError`."""
        ...


@frozen
class Page(Generic[T]):
    """
    A part of a list, and the call for the part after it.

    Attributes:
        items: What this page holds; may be empty although more pages follow.
        next: The call for the next page, computed from the own request; None at the end.
        server_now: The server's clock when it answered, None where it did not say.
        unread: Records that came and cannot be read; `each` refuses a page that has any.
    """

    items: tuple[T, ...]
    next: Call[Page[T]] | None = None
    server_now: datetime | None = None
    unread: tuple[Unread, ...] = ()


def each(sender: Sender, call: Call[Page[T]]) -> Iterator[T]:
    """
    Go through a list page by page; the next page is asked for when its first item is.

    Raises:
        UnreadableError: A page holds a record that cannot be read; a caller who wants to go on
            goes from page to page and looks at `Page.unread`.
    """
    upcoming: Call[Page[T]] | None = call
    while upcoming is not None:
        page = sender.send(upcoming)
        _refuse_unread(upcoming.name, page)
        yield from page.items
        upcoming = page.next


async def each_async(sender: AsyncSender, call: Call[Page[T]]) -> AsyncIterator[T]:
    """Go through a list page by page, as `each` does."""
    upcoming: Call[Page[T]] | None = call
    while upcoming is not None:
        page = await sender.send(upcoming)
        _refuse_unread(upcoming.name, page)
        for item in page.items:
            yield item
        upcoming = page.next


def _refuse_unread(name: str, page: Page[T]) -> None:
    if page.unread:
        faults = "; ".join(fault for record in page.unread for fault in record.faults)
        subjects = tuple(record.subject for record in page.unread)
        raise UnreadableError(name, faults, effect=Effect.NONE, codes=subjects)
