"""Webhooks as hints against both systems: the record is read anew, and no other is touched."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from tests.rules.making import NOW
from tests.sync.flows import Bench, sandbox_bindings

from oro_prima.mapping import CustomerPolicy, Hint
from oro_prima.oro.calls.events import EventRefusedError, Reply, sign
from oro_prima.prima.models.capabilities import Capability
from oro_prima.records import Flow, Home
from oro_prima.sandbox.oro import OrderLine
from oro_prima.sync import (
    HintCounts,
    HintReport,
    hint_counts,
    keep_hints,
    kept_hints,
    note_hint_counts,
    read_hint,
    sync_hints,
    sync_orders,
)
from oro_prima.values import Secret

SECRET = Secret("made-up")
Headers = tuple[tuple[str, str], ...]


def webhook(topic: str, key: object, **words: Any) -> tuple[bytes, Headers]:
    """A webhook as the server sends it, signed."""
    tree = {
        "topic": topic,
        "eventData": {"data": {"type": "orders", "id": key, "attributes": {"poNumber": "lie"}}},
        "timestamp": int(words.get("at", NOW).timestamp()),
        "messageId": words.get("message", "m-1"),
    }
    body = json.dumps(tree).encode()
    secret = words.get("secret", SECRET)
    headers = (
        ("Webhook-Topic", topic),
        ("Webhook-Id", str(tree["messageId"])),
        ("Webhook-Signature", sign(body, secret=secret)),
        ("Webhook-Signature-Algorithm", "HMAC-SHA256"),
    )
    return body, headers


def test_a_webhook_is_a_hint_or_no_concern_of_ours() -> None:
    """A number is an id, too; what the message says of the record is not looked at."""
    assert read_hint(*webhook("order.created", "7"), secret=SECRET, now=NOW) == Hint(
        Flow.ORDERS, "7"
    )
    assert read_hint(*webhook("order.payment_status_updated", 7), secret=SECRET, now=NOW) == Hint(
        Flow.ORDERS, "7"
    )
    assert read_hint(*webhook("brand.created", "7"), secret=SECRET, now=NOW) is None


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_a_byte_that_was_changed_is_refused(place: int, by: int) -> None:
    """Wherever it is: in the body, or in the signature."""
    body, headers = webhook("order.created", "7")
    place %= len(body)
    forged = body[:place] + bytes([body[place] ^ by]) + body[place + 1 :]
    with pytest.raises(EventRefusedError) as caught:
        read_hint(forged, headers, secret=SECRET, now=NOW)
    assert caught.value.reply is Reply.FORGED
    with pytest.raises(EventRefusedError):
        read_hint(body, headers, secret=Secret("another"), now=NOW)


@given(st.integers(-1000, 1000))
def test_only_the_time_about_now_is_taken(seconds: int) -> None:
    """A copy from the past or the future is not."""
    then = NOW + timedelta(seconds=seconds)
    body, headers = webhook("order.created", "7", at=then)
    window = timedelta(seconds=300)
    if abs(seconds) <= 300:
        assert read_hint(body, headers, secret=SECRET, now=NOW, window=window)
        return
    with pytest.raises(EventRefusedError) as caught:
        read_hint(body, headers, secret=SECRET, now=NOW, window=window)
    assert caught.value.reply is Reply.FORGED


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    bench.put_into_use()
    yield bench
    bench.store.close()


def look(bench: Bench, *hints: Hint) -> tuple[HintReport, ...]:
    with bench.ports(bindings=sandbox_bindings(Capability.ACCOUNT)) as ports:
        return sync_hints(ports, hints, orders=bench.policy, customers=CustomerPolicy())


def place(bench: Bench) -> str:
    level = bench.world.oro.levels()[0]
    line = OrderLine(level.sku, level.unit, Decimal(1), Decimal(1))
    return bench.world.oro.place_order(bench.world.seed.links[0][0], [line])


def test_an_order_is_posted_by_its_hint_once(bench: Bench) -> None:
    """Whatever is hinted, in whatever order; the flow's own run finds it done."""
    with bench.ports() as ports:
        sync_orders(ports, bench.policy)
    order, other = place(bench), place(bench)
    hint = Hint(Flow.ORDERS, order)
    watermark = bench.store.watermark()
    (first,) = look(bench, hint, hint)
    (second,) = look(bench, hint)

    assert first.summary().endswith("(by webhook)")
    assert (first.missing, second.missing) == ((), ())
    assert bench.taken()[f"ORO-{order}"] == 1
    assert f"ORO-{other}" not in bench.taken()
    assert bench.store.watermark() == watermark
    with bench.ports() as ports:
        assert sync_orders(ports, bench.policy).posted == (other,)
    assert set(bench.taken().values()) == {1}


def test_what_is_not_there_yet_is_missing_and_no_exception(bench: Bench) -> None:
    """Beside one that is there."""
    order = place(bench)
    (report,) = look(bench, Hint(Flow.ORDERS, "999999"), Hint(Flow.ORDERS, order))

    assert report.missing == (Hint(Flow.ORDERS, "999999"),)
    assert [c.order for c in bench.store.captures_at((Home.POSTED,))] == [order]
    assert bench.store.exceptions(()) == ()


def test_an_order_that_is_too_young_is_looked_at_once_it_is_not(bench: Bench) -> None:
    """How long that will be is told; one that waits for another reason is not young."""
    bench.policy = evolve(bench.policy, post_after=timedelta(seconds=30))
    bench.advance(minutes=1)
    order, closed = place(bench), place(bench)
    bench.world.oro.set_internal_status(closed, "shipped")
    hint = Hint(Flow.ORDERS, order)
    (first,) = look(bench, hint)
    bench.world.clock.advance(first.young[hint].total_seconds())
    (second,) = look(bench, hint, Hint(Flow.ORDERS, closed))

    assert timedelta(seconds=29) <= first.young[hint] <= timedelta(seconds=32)
    assert second.report is not None
    assert f"ORO-{order}" in bench.taken()
    assert second.young == {}


def test_a_customer_is_looked_at_where_it_is_linked(bench: Bench) -> None:
    """Another is no record of ours; several flows take their own."""
    linked = sorted(bench.store.links())[0]
    order = place(bench)
    none = look(bench, Hint(Flow.CUSTOMERS, "987654"))
    both = look(bench, Hint(Flow.CUSTOMERS, linked), Hint(Flow.ORDERS, order))

    assert [one.report for one in none] == [None]
    assert "no record of ours" in none[0].summary()
    assert [one.flow for one in both] == [Flow.ORDERS, Flow.CUSTOMERS]
    assert all(one.report is not None for one in both)
    assert look(bench) == ()


def test_hints_that_wait_are_kept_and_taken_once(bench: Bench) -> None:
    """With the counts for `status`."""
    at, hint = bench.world.clock(), Hint(Flow.ORDERS, "7")
    assert (kept_hints(bench.store, at=at), hint_counts(bench.store)) == ((), None)
    keep_hints(bench.store, [hint], at=at)
    counts = HintCounts(1, {"taken": 3})
    note_hint_counts(bench.store, counts, at=at)

    assert kept_hints(bench.store, at=at) == (hint,)
    assert kept_hints(bench.store, at=at) == ()
    assert hint_counts(bench.store) == counts
