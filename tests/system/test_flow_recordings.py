"""Runs of every flow beside orders are recorded and planned again: the same, byte for byte."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from attrs import evolve

from oro_prima.cli.main import run as command
from oro_prima.config import load_config
from oro_prima.files.recordings import FolderRecordings
from oro_prima.ids import OroOrderId
from oro_prima.plans.flow_recording import (
    QUESTIONS,
    answer,
    decode_question,
    encode_question,
    hash_of_answer,
    holds_order,
)
from oro_prima.records import Flow, Home
from oro_prima.sandbox import TradingDay, trading_day
from oro_prima.sync.recordings import Replay, forget_recordings, replay_flows, replay_orders
from oro_prima.testing.scenes import CONFIG, prepare, run_flow
from oro_prima.wiring import connect

UNDER = {
    Flow.STOCK: ("[orders]", '[stock]\nbuffer = "3"\n[orders]'),
    Flow.FULFILMENT: ("[orders]", '[fulfilment]\nwrites = "trackings"\n[orders]'),
    Flow.CUSTOMERS: ("[customer_groups]\nTRADE-GBP", "[customer_groups]\nANOTHER"),
    Flow.PRICES: ('ends = "remove"', 'ends = "keep"'),
    Flow.PRODUCTS: ('disable = "unmapped"', 'disable = "never"'),
}
"""For each flow, a change of its configuration that its recorded run would have shown."""


@pytest.fixture(scope="module", params=list(QUESTIONS))
def recorded(request: pytest.FixtureRequest) -> Iterator[tuple[Flow, TradingDay, FolderRecordings]]:
    """Give a day on which a flow ran while runs were recorded."""
    flow: Flow = request.param
    with trading_day(seed=3) as plain:
        day = prepare(plain, flow, step="")
        folder = day.directory / "recordings"
        path = day.directory / CONFIG
        text = path.read_text("utf-8")
        path.write_text(text.replace("[store]", f'[store]\nrecordings = "{folder}"', 1), "utf-8")
        day = evolve(day, config=load_config(path))
        for _ in range(2):
            with connect(day.config) as ports:
                run_flow(ports, day.config, flow)
        yield flow, day, FolderRecordings(folder)


Recorded = tuple[Flow, TradingDay, FolderRecordings]


def test_a_recorded_run_is_planned_again_byte_for_byte(recorded: Recorded) -> None:
    """One recording of the run that wrote, none of the one that had nothing to write."""
    flow, day, folder = recorded
    with connect(day.config) as ports:
        found = list(replay_flows(ports.store, folder))
        orders = list(replay_orders(ports.store, folder))
        none = list(replay_flows(ports.store, folder, run="another"))

    assert [(one.flow, one.outcome) for one in found] == [(flow, Replay.SAME)]
    assert (orders, none) == ([], [])


def test_a_question_is_written_and_read_as_it_was(recorded: Recorded) -> None:
    """And gives the same bytes again, and the same plan."""
    flow, day, folder = recorded
    with connect(day.config) as ports:
        (one,) = replay_flows(ports.store, folder)
    assert one.question is not None
    body = encode_question(one.question)
    again = decode_question(flow, body)

    assert again == one.question
    assert encode_question(again) == body == folder.get(one.name)
    assert hash_of_answer(answer(again)) == hash_of_answer(answer(one.question))
    assert answer(again) == answer(one.question)


def test_another_policy_names_what_would_differ(
    recorded: Recorded, capsys: pytest.CaptureFixture[str]
) -> None:
    """Under the same one nothing does; under another one each command that goes or comes."""
    flow, day, _folder = recorded
    config = day.directory / CONFIG
    other = day.directory / "other.toml"
    before, after = UNDER.get(flow, ("", ""))
    other.write_text(config.read_text("utf-8").replace(before, after, 1), "utf-8")
    shown = []
    for path in (config, other):
        code = command(["--config", str(config), "--json", "replay", "--under", str(path)])
        shown.append((code, json.loads(capsys.readouterr().out)))
    (same_code, same), (other_code, changed) = shown
    assert command(["--config", str(config), "replay", "--under", str(other)]) == 0
    text = capsys.readouterr().out

    assert (same_code, other_code) == (0, 0)
    assert [one["outcome"] for one in same["flows"]] == ["same"]
    assert same["flows_under"] == []
    assert f"{flow.value}: 1 same" in text
    assert bool(changed["flows_under"]) is (flow in UNDER)
    for one in changed["flows_under"]:
        assert one["flow"] == flow.value
        assert one["gone"] or one["new"]
        assert all(f"  - {line}" in text for line in one["gone"])


def test_what_belongs_to_an_order_is_erased_with_it(recorded: Recorded) -> None:
    """Of fulfilment and invoices; another order's stays, and so does what is of no order."""
    flow, day, folder = recorded
    with connect(day.config) as ports:
        (one,) = replay_flows(ports.store, folder)
        assert one.question is not None
        posted = [c.order for c in ports.store.captures_at(list(Home))]
        held = [order for order in posted if holds_order(one.question, order)]
        body = folder.get(one.name)
        assert forget_recordings(ports.store, folder, order=OroOrderId("999999")) == 0
        erased = sum(forget_recordings(ports.store, folder, order=order) for order in held[:1])
        (after,) = replay_flows(ports.store, folder)
        assert body is not None
        folder.put(one.name, body + b"x")
        (changed,) = replay_flows(ports.store, folder)
        folder.put(one.name, body)

    assert bool(held) is (flow in (Flow.FULFILMENT, Flow.INVOICES))
    assert erased == bool(held)
    assert after.outcome is (Replay.ERASED if held else Replay.SAME)
    assert changed.outcome is Replay.CHANGED
