"""
Webhooks that come in (6.1.10+, 7.0.2+: read in source, not recorded).

A webhook is a hint, sent at most once: read the record again, and keep sweeping. Nobody's
deletions are told. These functions read bytes and headers and do no I/O; a web framework's handler
is three lines around `receive_event`.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from enum import IntEnum

from attrs import frozen

from oro_prima.call import Headers, header
from oro_prima.converters import decode_json, is_object
from oro_prima.oro.calls.jsonapi import Tree, join_trees
from oro_prima.values import Secret

WINDOW = timedelta(minutes=5)
"""How far a webhook's time may be from ours: an older one may be a copy."""
LARGEST = 1024 * 1024
"""Bytes of a body that are read."""


class Reply(IntEnum):
    """What a receiver answers, by what it makes the server do. Never 410: it ends the webhook."""

    TAKEN = 204
    """Delivered."""
    AGAIN = 503
    """Sent again soon, as 423, 425, 429 and 502 are; 500 and 504 are not."""
    MALFORMED = 400
    """Logged by the server and dropped: what cannot be read now cannot be read later."""
    FORGED = 401
    """Logged and dropped: not signed with our secret, or too old."""


class EventRefusedError(ValueError):
    """A webhook that is not acted on; `reply` is the answer to give. No text holds its content."""

    def __init__(self, why: str, reply: Reply) -> None:
        super().__init__(why)
        self.reply = reply


@frozen
class WebhookEvent:
    """
    What a webhook tells.

    Attributes:
        topic: Such as `order.created`; the end says what happened.
        message: Its own id: the same one twice is one event.
        at: When it was sent, by the server's clock.
        kind: The record's type; a PHP class where the server failed to write the record.
        key: The record's id.
        record: The record as it was then, joined with what came along; None in the thin form.
    """

    topic: str
    message: str
    at: datetime
    kind: str
    key: str
    record: Tree | None = None


def read_event(
    body: bytes, headers: Headers, *, secret: Secret, now: datetime, window: timedelta = WINDOW
) -> WebhookEvent:
    """
    Check and read a webhook.

    Args:
        body: The bytes as they came: a parsed and rewritten body has another signature.
        headers: All of them, names without case.
        secret: What the webhook was made with; one without a secret is signed by nobody.
        now: Our clock.
        window: How far its time may be from ours, either way.

    Raises:
        EventRefusedError: Not signed with the secret, out of the window, not of this form.
    """
    _check_signature(body, headers, secret)
    event = _event(_tree(body))
    if abs(now - event.at) > window:
        msg = f"the webhook's time is not within {window} of ours"
        raise EventRefusedError(msg, Reply.FORGED)
    told = (header(headers, "webhook-topic"), header(headers, "webhook-id"))
    if told != (event.topic, event.message):
        msg = "the webhook's headers are not those of its body"
        raise EventRefusedError(msg, Reply.FORGED)
    return event


def receive_event(
    body: bytes,
    headers: Headers,
    *,
    secret: Secret,
    now: datetime,
    handle: Callable[[WebhookEvent], bool],
    window: timedelta = WINDOW,
) -> Reply:
    """
    Check a webhook, hand it on, and say what to answer.

    Args:
        body: The bytes as they came.
        headers: All of them.
        secret: What the webhook was made with.
        now: Our clock.
        handle: Told of the event; True when it is done with, False to be told again: the record
            may not be there yet.
        window: As `read_event`.
    """
    try:
        event = read_event(body, headers, secret=secret, now=now, window=window)
    except EventRefusedError as error:
        return error.reply
    return Reply.TAKEN if handle(event) else Reply.AGAIN


def sign(body: bytes, *, secret: Secret) -> str:
    """Sign a body as the server does: HMAC-SHA256 of its bytes, in hex."""
    return hmac.new(secret.reveal().encode(), body, hashlib.sha256).hexdigest()


def _check_signature(body: bytes, headers: Headers, secret: Secret) -> None:
    algorithm = header(headers, "webhook-signature-algorithm")
    given = header(headers, "webhook-signature").strip().lower().encode("ascii", "replace")
    wanted = sign(body, secret=secret).encode()
    if not hmac.compare_digest(given, wanted) or algorithm.upper() != "HMAC-SHA256":
        msg = "the webhook is not signed with our secret"
        raise EventRefusedError(msg, Reply.FORGED)


def _tree(body: bytes) -> Mapping[str, object]:
    if len(body) > LARGEST:
        msg = f"the webhook is larger than {LARGEST} bytes"
        raise EventRefusedError(msg, Reply.MALFORMED)
    try:
        tree = decode_json(body)
    except ValueError as exc:
        msg = "the webhook is not JSON"
        raise EventRefusedError(msg, Reply.MALFORMED) from exc
    if not is_object(tree):
        msg = "the webhook is no object"
        raise EventRefusedError(msg, Reply.MALFORMED)
    return tree


def _event(tree: Mapping[str, object]) -> WebhookEvent:
    topic, message, sent = tree.get("topic"), tree.get("messageId"), tree.get("timestamp")
    told = tree.get("eventData")
    document = told if is_object(told) else {}
    data = document.get("data")
    row = data if is_object(data) else {}
    kind, key = row.get("type"), row.get("id")
    if isinstance(key, int) and not isinstance(key, bool):  # the payment status has a number
        key = str(key)
    texts = (topic, message, kind, key)
    if not all(isinstance(text, str) and text for text in texts) or type(sent) is not int:
        msg = "the webhook lacks topic, message, time, type or id"
        raise EventRefusedError(msg, Reply.MALFORMED)
    return WebhookEvent(
        topic=str(topic),
        message=str(message),
        at=_instant(sent),
        kind=str(kind),
        key=str(key),
        record=_record({**row, "id": key}, document.get("included")),
    )


def _instant(seconds: int) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError) as exc:
        msg = "the webhook's time is no time"
        raise EventRefusedError(msg, Reply.MALFORMED) from exc


def _record(row: Mapping[str, object], included: object) -> Tree | None:
    if "attributes" not in row and "relationships" not in row:
        return None
    try:
        return join_trees([row], included)[0]
    except ValueError as exc:
        msg = "the webhook's record is not JSON:API"
        raise EventRefusedError(msg, Reply.MALFORMED) from exc
