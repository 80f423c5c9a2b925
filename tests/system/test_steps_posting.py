"""Posting from steps that a host may repeat, against Prima over real HTTP."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from attrs import evolve

from oro_prima.converters import decode_json, encode_json
from oro_prima.errors import CallError, FlowStoppedError, StoreError
from oro_prima.ids import OroOrderId
from oro_prima.oro.calls.resources import write_document
from oro_prima.oro.models.orders import Order
from oro_prima.oro.models.rendering import render_orders
from oro_prima.sandbox import ControlClient, TradingDay, trading_day
from oro_prima.sandbox.bindings import BINDINGS
from oro_prima.steps import StepInputError, post_order

TWICE = {"references": {"duplicates": "hold"}}


@pytest.fixture
def day() -> Iterator[TradingDay]:
    with trading_day(seed=3) as made:
        yield made


def units(day: TradingDay) -> list[dict[str, str]]:
    return [
        {
            "sku": sku, "unit": unit, "count": str(part[5]), "product": part[0],
            "m1": part[1], "m2": part[2], "m3": part[3], "m4": part[4],
        }
        for sku, unit, parts in day.world.seed.units
        for part in parts
    ]  # fmt: skip


def document(day: TradingDay, order: Order | None = None, **changes: Any) -> Any:
    whole: Any = write_document(render_orders([order or day.an_order]))
    links = [{"customer": c, "account": a, "deliv_addr_no": "1"} for c, a in day.world.seed.links]
    policy = {
        "pair": {"id": "shop"},
        "orders": {
            "start_at": day.world.seed.start_at.isoformat(),
            "price_basis": "omit",
            "vat_inclusive": False,
            "post_after": "0 s",
        },
        "prima": {"url": day.places.prima_url, "allow_http": True},
        "units": units(day),
        "charges": dict(day.world.seed.charges),
    }
    given = {"order": {**whole, "data": whole["data"][0]}, "policy": policy, "links": links}
    return decode_json(encode_json(given | changes))


def in_store(day: TradingDay, **changes: Any) -> Any:
    """A document that names the store of the day, in use, with its links."""
    given = document(day, links=[], store=f"sqlite:///{day.config.store.path}")
    given["policy"]["pair"]["id"] = day.config.pair.id
    return given | changes


def taken(day: TradingDay) -> Counter[str]:
    found = Counter[str]()
    for order in day.world.prima.orders():
        found[order.reference] += order.accepted
    return found


def test_with_a_store_a_repeat_does_no_harm(day: TradingDay) -> None:
    """Posted once, however often the host repeats the step."""
    answers = [post_order(in_store(day)) for _ in range(3)]
    order = day.an_order

    assert {answer["home"] for answer in answers} == {"posted"}
    assert len({answer["number"] for answer in answers}) == 1
    assert taken(day) == {f"ORO-{order.id}": 1}
    assert [answer["claim"] for answer in answers] == [None] * 3


@pytest.mark.parametrize("fault", ["reset-after-commit", "truncate"])
def test_a_lost_answer_is_looked_up_by_the_repeat(day: TradingDay, fault: str) -> None:
    """In doubt first, found then."""
    ControlClient(day.places.control_url).fault("prima", "MultiNewOrder", fault)
    first, second = post_order(in_store(day)), post_order(in_store(day))

    assert (first["home"], second["home"]) == ("in_doubt", "posted")
    assert [row["code"] for row in first["reasons"]] == ["in-doubt"]  # type: ignore[attr-defined]
    assert list(taken(day).values()) == [1]


def test_a_prima_that_is_down_is_raised_so_that_the_host_repeats(day: TradingDay) -> None:
    """It certainly did not arrive."""
    ControlClient(day.places.control_url).fault("prima", "MultiNewOrder", "fault-10921", times=1)
    with pytest.raises(CallError, match="10921"):
        post_order(in_store(day))

    assert post_order(in_store(day))["home"] == "posted"
    assert list(taken(day).values()) == [1]


def test_the_platform_keeps_the_claim(day: TradingDay) -> None:
    """The first step sends nothing; the next one sends; later ones know that it is done."""
    claimed = post_order(document(day))
    nothing = sum(taken(day).values())
    sent = post_order(document(day, claim=claimed["claim"], first_try=True))
    again = post_order(document(day, claim=sent["claim"]))
    late = post_order(document(day, claim=claimed["claim"]))

    assert (claimed["home"], nothing) == ("waiting", 0)
    assert [step["home"] for step in (sent, again, late)] == ["posted"] * 3
    assert list(taken(day).values()) == [1]


def test_without_a_word_that_it_is_the_first_try_nothing_is_sent_on_a_guess(
    day: TradingDay,
) -> None:
    """Prima is asked; what it does not know stays in doubt."""
    claim = post_order(document(day))["claim"]
    answer = post_order(document(day, claim=claim))

    assert (answer["home"], sum(taken(day).values())) == ("in_doubt", 0)
    assert answer["claim"]["state"] == "doubt"  # type: ignore[index]


def test_a_lost_answer_to_a_kept_claim_is_looked_up(day: TradingDay) -> None:
    """By the next step, with what this one handed back."""
    claim = post_order(document(day))["claim"]
    ControlClient(day.places.control_url).fault("prima", "MultiNewOrder", "reset-after-commit")
    lost = post_order(document(day, claim=claim, first_try=True))
    found = post_order(document(day, claim=lost["claim"]))

    assert (lost["home"], found["home"]) == ("in_doubt", "posted")
    assert list(taken(day).values()) == [1]


def test_what_cannot_be_mapped_or_is_refused_is_held(day: TradingDay) -> None:
    """With its reasons; a refused claim is claimed afresh under the same number."""
    unlinked = post_order(document(day, links=[]))
    in_queue = post_order(in_store(day) | {"order": strange(day)})
    claim = post_order(document(day))["claim"]
    ControlClient(day.places.control_url).fault("prima", "MultiNewOrder", "fault-10921")
    with pytest.raises(CallError):
        post_order(document(day, claim=claim, first_try=True))

    assert (unlinked["home"], unlinked["claim"]) == ("held", None)
    assert in_queue["home"] == "held"
    assert sum(taken(day).values()) == 0


def test_a_number_that_was_used_before_is_never_left_out(day: TradingDay) -> None:
    """The platform hands over the orders that share it; without them nothing is posted."""
    before = evolve(day.an_order, po_number="PO-1")
    order = evolve(before, id=OroOrderId("90001"))
    given = document(day, order)
    rule = {**given["policy"], **TWICE}
    other = document(day, before)["order"]

    with pytest.raises(StepInputError, match="earlier: required where"):
        post_order({**given, "policy": rule})
    for earlier, home in (([other, given["order"]], "held"), ([given["order"]], "waiting")):
        claimed: Any = post_order({**given, "policy": rule, "earlier": earlier})
        assert claimed["home"] == home
    kept = {**in_store(day), "order": given["order"], "earlier": [other]}
    stored: Any = post_order({**kept, "policy": {**kept["policy"], **TWICE}})
    assert stored["home"] == "held"
    assert [row["code"] for row in stored["reasons"]] == ["po-used-before"]
    assert sum(taken(day).values()) == 0


def test_prima_is_asked_for_its_price_book(day: TradingDay) -> None:
    """As a run asks; with a book that cannot be read the step is repeated later."""
    given = in_store(day)
    policy = given["policy"]
    policy["orders"]["price_check"] = "check-and-hold"
    policy["books"] = {"variants": "product"}
    policy["known_accounts"] = [
        {"account": account, "price_book": "TRADE-GBP"} for _, account in day.world.seed.links
    ]
    bindings = tomllib.loads(BINDINGS)["prima"]["capabilities"]
    policy["prima"]["capabilities"] = {"price_book": bindings["price_book"]}
    control = ControlClient(day.places.control_url)
    control.fault("prima", "XPriceBook", "fault-10921", times=9)
    waits = post_order(given)
    day.world.faults.clear()
    held = post_order(given)
    policy["orders"] |= {"price_check": "check-and-warn"}
    told = post_order(given)

    assert (waits["home"], waits["claim"]) == ("waiting", None)
    assert [row["code"] for row in waits["reasons"]] == ["prices-not-checked"]  # type: ignore[attr-defined]
    assert held["home"] == "held"
    assert {row["code"] for row in held["reasons"]} == {"price-differs"}  # type: ignore[attr-defined]
    assert told["home"] == "posted"
    assert list(taken(day).values()) == [1]


def strange(day: TradingDay) -> Any:
    """An order of a customer that nobody linked."""
    given = document(day)["order"]
    given["data"]["relationships"]["customer"]["data"]["id"] = "999999"
    return given


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"store": "memory:"}, "forgets the claim"),
        ({"store": "sqlite:///"}, "forgets the claim"),
        ({"store": "sqlite:///x.db"}, "links, claim: the store keeps them"),
        ({"claim": {"number": "1", "state": "claimed", "ledger": "x", "payload": ""}}, "ledger"),
    ],
)
def test_what_would_lose_a_claim_is_refused(day: TradingDay, change: Any, fault: str) -> None:
    """Before anything is sent."""
    with pytest.raises(StepInputError, match=fault):
        post_order(document(day, **change))
    assert sum(taken(day).values()) == 0


def test_policy_faults_are_named(day: TradingDay) -> None:
    """Where Prima is, and the pair that is part of every key."""
    given = document(day)
    del given["policy"]["pair"]
    with pytest.raises(StepInputError, match=r"pair\.id"):
        post_order(given)
    given = document(day)
    given["policy"]["prima"] = {"url": "nowhere"}
    with pytest.raises(StepInputError, match=r"prima\.url"):
        post_order(given)


def test_a_store_that_was_never_put_into_use_posts_nothing(day: TradingDay) -> None:
    """Nor does one of another pair."""
    other = day.directory / "other.db"
    with pytest.raises((FlowStoppedError, StoreError)):
        post_order(in_store(day, store=f"sqlite:///{other}"))
    assert sum(taken(day).values()) == 0
