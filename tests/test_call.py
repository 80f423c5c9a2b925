"""Calls as values: bodies, header fields, pages."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import pairwise
from typing import TypeVar

import pytest
from attrs import field, frozen
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.call import (
    Call,
    Decoder,
    HttpRequest,
    HttpResponse,
    Page,
    ResponseHead,
    WholeBody,
    each,
    each_async,
    header,
)
from oro_prima.errors import UnreadableError

R = TypeVar("R")


@frozen
class Part:
    """A call for one part of a list; its answer is the page itself."""

    page: Callable[[], Page[int]] = field(eq=False)
    name: str = "list_numbers"
    safe: bool = True
    timeout: float | None = None

    def request(self) -> HttpRequest:
        """Ask for anything."""
        return HttpRequest("GET", "numbers")

    def decoder(self, head: ResponseHead) -> Decoder[Page[int]]:
        """Return the page, whatever comes."""
        return WholeBody(head, lambda _response: self.page(), limit=0, name=self.name)


class Sending:
    """Counts what it sends."""

    def __init__(self) -> None:
        self.sent = 0

    def send(self, call: Call[R]) -> R:
        """Read an empty answer."""
        self.sent += 1
        return call.decoder(ResponseHead(200)).close()


class SendingAsync:
    """Counts what it sends, awaited."""

    async def send(self, call: Call[R]) -> R:
        """Read an empty answer."""
        return call.decoder(ResponseHead(200)).close()


def _chain(parts: list[tuple[int, ...]]) -> Part:
    first, *rest = parts
    following = _chain(rest) if rest else None
    return Part(lambda: Page(first, following))


parts = st.lists(st.lists(st.integers(), max_size=3).map(tuple), min_size=1, max_size=5)


@given(parts)
def test_each_goes_through_every_page(pages: list[tuple[int, ...]]) -> None:
    """Also through empty ones, each asked for once, sent or awaited."""
    sender = Sending()
    expected = [item for page in pages for item in page]

    async def awaited() -> list[int]:
        return [item async for item in each_async(SendingAsync(), _chain(pages))]

    assert expected == list(each(sender, _chain(pages)))
    assert len(pages) == sender.sent
    assert expected == asyncio.run(awaited())


def test_a_page_is_asked_for_when_its_first_item_is() -> None:
    """Who stops early sends no more."""
    sender = Sending()

    assert next(each(sender, _chain([(1,), (2,)]))) == 1
    assert sender.sent == 1


@given(st.binary(max_size=20), st.lists(st.integers(0, 20), max_size=4))
def test_a_whole_body_does_not_depend_on_its_cuts(data: bytes, cuts: list[int]) -> None:
    """The value is that of all bytes, with the head of the answer."""
    head = ResponseHead(200, (("a", "b"),))
    decoder: WholeBody[HttpResponse] = WholeBody(head, lambda whole: whole, limit=20, name="x")

    edges = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    for start, end in pairwise(edges):
        decoder.feed(data[start:end])

    assert HttpResponse(200, head.headers, data) == decoder.close()
    assert head == decoder.close().head


def test_a_body_above_its_limit_is_refused_as_it_comes() -> None:
    """The call and the status are named."""
    decoder = WholeBody(ResponseHead(200), lambda whole: whole, limit=3, name="x")
    decoder.feed(b"abc")

    with pytest.raises(UnreadableError, match="larger than 3 bytes") as caught:
        decoder.feed(b"d")
    assert (caught.value.call, caught.value.status) == ("x", 200)


def test_header_fields_compare_without_case() -> None:
    """The first of several counts; an absent one is empty."""
    headers = (("Retry-After", "1"), ("retry-after", "2"))

    assert (header(headers, "RETRY-AFTER"), header(headers, "date")) == ("1", "")
