"""Requests, documents, values of filters."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta, timezone
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.call import Call, HttpResponse, each, each_async
from oro_prima.converters import encode_json
from oro_prima.errors import Effect, UnreadableError
from oro_prima.ids import OroLevelId
from oro_prima.oro.calls.jsonapi import (
    JSON_CAP,
    digits,
    join_trees,
    read_document,
    server_time,
    time_range,
    value_list,
)
from oro_prima.oro.calls.orders import sweep_orders
from oro_prima.oro.calls.resources import write_document
from oro_prima.oro.calls.stock import set_level
from oro_prima.oro.models.features import OroFeatures
from oro_prima.oro.models.orders import Order
from oro_prima.oro.models.rendering import render_orders
from oro_prima.values import to_decimal
from tests.oro.reading import Answering, read
from tests.oro.strategies import JSONAPI, an_order, answer, orders

R = TypeVar("R")

SWEEP = sweep_orders(OroFeatures(), after=0)


@given(st.lists(orders(), max_size=1), st.lists(st.integers(0, 3000), max_size=5))
def test_a_page_reads_the_same_in_any_cut(some: list[Order], cuts: list[int]) -> None:
    """Where the bytes were cut never changes what is read."""
    response = answer(write_document(render_orders(some)))

    assert tuple(some) == read(SWEEP, response, cuts).items


def test_the_media_type_is_exact() -> None:
    """One parameter more and the server refuses it."""
    write = set_level(OroLevelId("1"), quantity=to_decimal(1)).request()

    assert SWEEP.request().headers == (("Accept", "application/vnd.api+json"),)
    assert ("Content-Type", "application/vnd.api+json") in write.headers


def test_an_answer_above_the_cap_is_refused_while_it_arrives() -> None:
    """A server cannot fill our memory."""
    decoder = SWEEP.decoder(HttpResponse(200, JSONAPI).head)
    decoder.feed(b" " * JSON_CAP)

    with pytest.raises(UnreadableError, match="larger than"):
        decoder.feed(b" ")


@pytest.mark.parametrize("body", [b"\xff\xfe", b'{"data": [', bytes(range(256)), b"[" * 99_999])
def test_what_is_no_json_is_told_with_where_to_look(body: bytes) -> None:
    """Binary garbage, a part of an answer, a bomb: one message, and nothing of it is shown."""
    decoder = SWEEP.decoder(HttpResponse(200, JSONAPI).head)
    decoder.feed(body)

    with pytest.raises(UnreadableError, match=r"JSON.*; check oro\.url"):
        decoder.close()


class AnsweringLater:
    """A sender whose answers are awaited."""

    def __init__(self, sender: Answering) -> None:
        self.sender = sender

    async def send(self, call: Call[R]) -> R:
        return self.sender.send(call)


def test_an_order_that_cannot_be_read_stands_apart() -> None:
    """It alone is held, with every fault; its neighbours are read."""
    bad = {"type": "orders", "id": "8", "attributes": {"createdAt": "2031-05-04T09:00:00Z"}}
    worse = {"type": "orders", "id": "9"}
    page = read(SWEEP, answer({"data": [an_order(), bad, worse]}))

    assert [order.id for order in page.items] == ["7"]
    assert [record.subject for record in page.unread] == ["orders/8", "orders/9"]
    first, second = page.unread
    assert first.created_at == datetime(2031, 5, 4, 9, tzinfo=UTC)
    assert second.created_at is None
    assert "orders/9: required field missing @ $.created_at" in second.faults


def test_going_through_a_list_refuses_what_cannot_be_read() -> None:
    """Nothing is left out in silence, whether awaited or not."""
    response = answer({"data": [an_order(), {"type": "orders", "id": "8"}]})
    sender = Answering(lambda _request: response)

    async def later() -> list[Order]:
        return [order async for order in each_async(AnsweringLater(sender), SWEEP)]

    def at_once() -> list[Order]:
        return list(each(sender, SWEEP))

    for attempt in (at_once, lambda: asyncio.run(later())):
        with pytest.raises(UnreadableError) as caught:
            attempt()
        assert caught.value.codes == ("orders/8",)
        assert "orders/8: required field missing @ $.created_at" in caught.value.detail
        assert Effect.NONE is caught.value.effect


def test_a_write_whose_answer_makes_no_sense_is_of_open_effect() -> None:
    """It may have been written."""
    with pytest.raises(UnreadableError) as caught:
        read(set_level(OroLevelId("1"), quantity=to_decimal(1)), answer({"data": []}))

    assert Effect.UNKNOWN is caught.value.effect


def test_trees_of_a_cycle_refer_to_each_other() -> None:
    """A line that leads back to its order is no trouble."""
    one = {"type": "a", "id": "1", "relationships": {"next": {"data": {"type": "a", "id": "2"}}}}
    two = {"type": "a", "id": "2", "relationships": {"next": {"data": {"type": "a", "id": "2"}}}}

    (tree,) = join_trees([one], [two])

    inner = tree["next"]
    assert isinstance(inner, dict)
    assert inner["next"] is inner


def test_a_cycle_is_written_once() -> None:
    """A tree that leads back to one above it becomes a link."""
    product: dict[str, object] = {"type": "products", "id": "3", "sku": "S"}
    level: dict[str, object] = {"type": "inventorylevels", "id": "1", "product": product}
    again = {**level, "id": "2"}

    document = write_document([level, again])

    assert len(document["included"]) == 1 if isinstance(document["included"], list) else False


@pytest.mark.parametrize("empty", [[], {}, None])
def test_an_empty_object_may_arrive_as_a_list(empty: object) -> None:
    """PHP writes both the same."""
    resource = {"type": "a", "id": "1", "attributes": empty, "relationships": empty}

    assert join_trees([resource], None) == [{"type": "a", "id": "1"}]


@pytest.mark.parametrize(
    "document",
    [
        "null",
        {"data": [5]},
        {"data": {"type": "a"}},
        {"data": {"type": "a", "id": "1", "attributes": 5}},
        {"data": {"type": "a", "id": "1", "relationships": {"b": {"data": {"id": "1"}}}}},
        {"data": {"type": "a", "id": "1", "relationships": {"b": {"data": 5}}}},
        {"data": [], "included": [{}]},
    ],
)
def test_what_is_no_document_is_refused(document: object) -> None:
    """Every level of it is looked at."""
    with pytest.raises(ValueError, match=r"expected|has no"):
        read_document(HttpResponse(200, JSONAPI, encode_json(document)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tue, 06 May 2031 07:08:09 GMT", datetime(2031, 5, 6, 7, 8, 9, tzinfo=UTC)),
        ("Tue, 06 May 2031 07:08:09 -0000", None),
        ("Fri, 31 Dec 9999 23:59:59 -0100", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_the_servers_time_is_an_instant_or_nothing(text: str, expected: datetime | None) -> None:
    """A `Date` that is none is not guessed."""
    assert expected == server_time((("Date", text),))


def test_a_range_is_closed_and_in_whole_seconds() -> None:
    """Both ends are included; they are written in UTC."""
    first = datetime(2031, 5, 6, 9, 0, tzinfo=timezone(timedelta(hours=2)))

    assert (
        time_range(first, first + timedelta(seconds=1))
        == "2031-05-06T07:00:00Z..2031-05-06T07:00:01Z"
    )


_DAY = datetime(2031, 5, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (_DAY, _DAY.replace(microsecond=1)),
        (_DAY.replace(tzinfo=None), _DAY.replace(tzinfo=None)),
        (_DAY, _DAY - timedelta(seconds=1)),
    ],
)
def test_a_range_that_the_server_would_misread_is_refused(first: datetime, last: datetime) -> None:
    """Fractions are refused by some versions and cut by others; a naive instant is ambiguous."""
    with pytest.raises(ValueError, match="expected"):
        time_range(first, last)


@pytest.mark.parametrize("values", [(), ("a", "b,c"), ("",), (" ",)])
def test_a_value_with_a_comma_cannot_be_asked_for(values: tuple[str, ...]) -> None:
    """The server would split it, and there is no escape."""
    with pytest.raises(ValueError, match="comma"):
        value_list(values)


@pytest.mark.parametrize("key", ["", "7b", "-1", "٣", "7 "])
def test_an_id_is_digits(key: str) -> None:
    """Anything else would be another address."""
    with pytest.raises(ValueError, match="digits"):
        digits(key)
