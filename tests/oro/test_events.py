"""Webhooks that come in: signed, in time, in both forms; anything else gets its answer."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.call import Headers
from oro_prima.oro.calls.events import (
    LARGEST,
    EventRefusedError,
    Reply,
    WebhookEvent,
    read_event,
    receive_event,
    sign,
)
from oro_prima.values import Secret

SECRET = Secret("made-up")
NOW = datetime(2031, 5, 6, 7, 8, 9, tzinfo=UTC)
WHOLE = {
    "type": "orders",
    "id": "7",
    "attributes": {"poNumber": "a/b ü"},
    "relationships": {"customer": {"data": {"type": "customers", "id": "3"}}},
}
THIN = {"type": "orders", "id": "7"}
PHP = "Oro\\Bundle\\OrderBundle\\Entity\\Order"


def a_body(data: Any = None, **changed: Any) -> bytes:
    tree = {
        "topic": "order.created",
        "eventData": {"data": WHOLE if data is None else data},
        "timestamp": int(NOW.timestamp()),
        "messageId": "m-1",
        **changed,
    }
    return json.dumps(tree).replace("/", "\\/").encode()


def headers(body: bytes, **changed: str) -> Headers:
    told = {
        "Content-Type": "application/json",
        "Webhook-Topic": "order.created",
        "Webhook-Id": "m-1",
        "Webhook-Signature": sign(body, secret=SECRET),
        "Webhook-Signature-Algorithm": "HMAC-SHA256",
        **changed,
    }
    return tuple(told.items())


def read(body: bytes, told: Headers | None = None, now: datetime = NOW) -> WebhookEvent:
    return read_event(body, headers(body) if told is None else told, secret=SECRET, now=now)


def refusal(body: bytes, told: Headers | None = None, now: datetime = NOW) -> Reply:
    with pytest.raises(EventRefusedError) as caught:
        read(body, told, now)
    return caught.value.reply


def test_a_whole_webhook_brings_its_record() -> None:
    """Under names in snake case, as any other record."""
    event = read(a_body())

    assert (event.topic, event.message, event.at) == ("order.created", "m-1", NOW)
    assert (event.kind, event.key) == ("orders", "7")
    assert event.record == {"type": "orders", "id": "7", "po_number": "a/b ü", "customer": "3"}


def test_what_came_along_is_joined() -> None:
    """As `included` of any document."""
    extra = {"type": "customers", "id": "3", "attributes": {"name": "x"}}

    event = read(a_body(eventData={"data": WHOLE, "included": [extra]}))

    assert event.record is not None
    assert event.record["customer"] == {"type": "customers", "id": "3", "name": "x"}


@pytest.mark.parametrize(
    ("data", "kind", "key"),
    [
        (THIN, "orders", "7"),
        ({"type": "orders", "id": 7}, "orders", "7"),
        ({"type": PHP, "id": 7}, PHP, "7"),
    ],
)  # fmt: skip
def test_a_thin_webhook_brings_an_id(data: dict[str, Any], kind: str, key: str) -> None:
    """Also as a number, also of a PHP class where the server failed to write the record."""
    event = read(a_body(data))

    assert (event.kind, event.key, event.record) == (kind, key, None)


@given(st.data())
def test_one_changed_byte_is_refused(data: st.DataObject) -> None:
    """The signature is of the bytes, not of what they mean."""
    body = bytearray(a_body())
    told = headers(bytes(body))
    place = data.draw(st.integers(0, len(body) - 1))
    body[place] ^= data.draw(st.integers(1, 255))

    assert refusal(bytes(body), told) is Reply.FORGED


@pytest.mark.parametrize(
    "changed",
    [
        {"Webhook-Signature": ""},
        {"Webhook-Signature": "é" * 64},
        {"Webhook-Signature-Algorithm": "HMAC-MD5"},
        {"Webhook-Topic": "order.deleted"},
        {"Webhook-Id": "m-2"},
    ],
)
def test_headers_that_do_not_fit_are_refused(changed: dict[str, str]) -> None:
    """No signature, another way of signing, another topic or id."""
    body = a_body()

    assert refusal(body, headers(body, **changed)) is Reply.FORGED


def test_headers_are_named_without_case() -> None:
    """As a framework may give them."""
    body = a_body()

    assert read(body, tuple((name.upper(), value) for name, value in headers(body))).key == "7"


@given(st.integers(-1000, 1000))
def test_a_webhook_is_taken_within_its_window(seconds: int) -> None:
    """Five minutes either way."""
    now = NOW + timedelta(seconds=seconds)

    if abs(seconds) <= 300:
        assert read(a_body(), now=now).at == NOW
    else:
        assert refusal(a_body(), now=now) is Reply.FORGED


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b" " * (LARGEST + 1),
        a_body(timestamp="1"),
        a_body(timestamp=True),
        a_body(timestamp=10**20),
        a_body(topic=""),
        a_body(messageId=None),
        a_body(eventData=None),
        a_body(eventData={"data": []}),
        a_body({"type": "orders", "id": True}),
        a_body({"type": 5, "id": "7"}),
        a_body({**THIN, "attributes": 5}),
    ],
)
def test_what_cannot_be_read_is_dropped(body: bytes) -> None:
    """Sent again it would be no better."""
    assert refusal(body) is Reply.MALFORMED


@given(st.binary(max_size=200))
def test_any_signed_bytes_give_an_event_or_an_answer(body: bytes) -> None:
    """Never another exception."""
    reply = receive_event(body, headers(body), secret=SECRET, now=NOW, handle=lambda _event: True)

    assert reply in (Reply.MALFORMED, Reply.FORGED)


@pytest.mark.parametrize(("done", "reply"), [(True, Reply.TAKEN), (False, Reply.AGAIN)])
def test_the_answer_says_whether_to_come_again(done: bool, reply: Reply) -> None:
    """A record that is not there yet is asked for again; nothing ever ends the webhook."""
    body, seen = a_body(), list[WebhookEvent]()

    def handle(event: WebhookEvent) -> bool:
        seen.append(event)
        return done

    answered = receive_event(body, headers(body), secret=SECRET, now=NOW, handle=handle)

    assert (answered, len(seen)) == (reply, 1)
    assert 410 not in [int(one) for one in Reply]


def test_nothing_of_a_forged_webhook_is_handed_on() -> None:
    """The handler does not see it."""
    body = a_body()
    told, seen = headers(body, **{"Webhook-Signature": "0" * 64}), list[WebhookEvent]()

    def handle(event: WebhookEvent) -> bool:
        seen.append(event)
        return True

    reply = receive_event(body, told, secret=SECRET, now=NOW, handle=handle)

    assert (reply, seen) == (Reply.FORGED, [])
