"""The story of an order: every line in order of time, and what is to be done now."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.ids import CommandKey, PrimaOrderNumber
from oro_prima.prima.models.invoice import Invoice
from oro_prima.reasons import ReasonCode
from oro_prima.reconcile.render.story import story_html, story_json, story_text
from oro_prima.reconcile.story import StoryFacts, order_story
from oro_prima.records import EntryState, Home, JournalEntry, RecordState
from oro_prima.values import LocalDate
from tests.rules.making import EARLIER, NOW, a_capture
from tests.rules.test_books_reports import a_record, an_entry

LINE = JournalEntry(NOW, "r1", "orders", "in doubt", "orders/7", "no answer came")


def test_a_posted_order_says_where_it_is() -> None:
    """With Prima's own word, and the acceptance that no line of the journal tells."""
    facts = StoryFacts(
        a_capture("7", Home.POSTED, identifier="SO-7"),
        (an_entry(settled_account="TRADE9"),),
        prima_says="Despatched",
    )
    story = order_story(facts)

    assert story.now == "Posted: Prima has it as 300000070; Prima says: Despatched."
    assert (story.account, story.numbers) == ("TRADE9", ("300000070",))
    assert (story.owner, story.next_action) == ("", "")
    assert [event.what for event in story.events] == [
        "placed in the shop", "captured", "claimed", "accepted",
    ]  # fmt: skip


def test_what_the_journal_tells_is_told_once() -> None:
    """An acceptance with a line of its own."""
    entry = an_entry()
    line = evolve(LINE, at=entry.changed_at, what="accepted", detail="number 300000070")
    story = order_story(StoryFacts(a_capture("7", Home.POSTED), (entry,), journal=(line,)))

    assert [event.what for event in story.events].count("accepted") == 1


def test_a_held_order_says_who_does_what() -> None:
    """The person it was given to; each fix once."""
    record = a_record(assigned_to="Kim")
    held = order_story(StoryFacts(a_capture("7", Home.HELD, reason="unknown-unit"), record=record))
    closed = order_story(
        StoryFacts(
            a_capture("7", Home.DISMISSED, reason="dismissed"),
            record=evolve(record, state=RecordState.DISMISSED),
        )
    )

    assert held.owner == "Kim"
    assert held.next_action
    assert held.now.startswith("Held: ")
    assert held.account is None
    assert closed.now == "Dismissed: dismissed."
    assert closed.next_action == ""


@pytest.mark.parametrize(
    ("home", "reason", "expected"),
    [
        (Home.WAITING, "", "Waiting."),
        (Home.IN_DOUBT, "in-doubt", "In doubt: 300000070 was sent and nobody knows"),
        (Home.IGNORED, ReasonCode.BEFORE_START.value, "Ignored: "),
    ],
)
def test_every_home_has_its_sentence(home: Home, reason: str, expected: str) -> None:
    """In words, not in codes."""
    entry = an_entry(state=EntryState.DOUBT)
    story = order_story(StoryFacts(a_capture("7", home, reason=reason), (entry,)))

    assert story.now.startswith(expected)


@given(st.permutations(range(4)), st.text(max_size=30))
def test_it_is_told_in_order_of_time(places: list[int], note: str) -> None:
    """The journal in its own order; in every form the same events."""
    lines = tuple(
        evolve(LINE, at=EARLIER + timedelta(minutes=n), detail=f"d{n}", note=note, by="Kim")
        for n in places
    )
    second = an_entry(
        key=CommandKey("post_order:7:1"), suffix=1, number=PrimaOrderNumber("300000071")
    )
    facts = StoryFacts(
        a_capture("7", Home.POSTED, gross=None),
        (second, an_entry(state=EntryState.RELEASED)),
        journal=lines,
        why=("rule a = 1", "rule b = 2"),
    )
    story = order_story(facts)
    tree = json.loads(json.dumps(story_json(story)))
    text, html = story_text(story), story_html(story)

    told = [e.detail for e in story.events if e.by == "Kim"]
    others = [e.at for e in story.events if e.by != "Kim"]
    ordered = order_story(evolve(facts, journal=tuple(sorted(lines, key=lambda one: one.at))))

    assert told == [f"d{n}" for n in places]
    assert others == sorted(others)
    assert [e.at for e in ordered.events] == sorted(e.at for e in ordered.events)
    assert story.numbers == ("300000070", "300000071")
    assert [event["what"] for event in tree["events"]] == [e.what for e in story.events]
    assert tree["gross"] is None
    assert "not stated" in text
    assert "rule b = 2" in text
    assert html.count("<tr>") == len(story.events) + 1
    assert "rule a = 1\nrule b = 2" in html


def test_an_invoice_is_of_a_day_and_told_at_its_end() -> None:
    """Prima states no instant, so none is shown; credits are told apart."""
    plain = Invoice(
        "I1", LocalDate(EARLIER.date()), PrimaOrderNumber("300000070"), "GBP", Decimal(20),
        Decimal(4), Decimal(24),
    )  # fmt: skip
    facts = StoryFacts(
        a_capture("7", Home.POSTED), (an_entry(),),
        journal=(evolve(LINE, what="captured"), LINE),
        invoices=(plain, evolve(plain, number="C1", credit=True)),
        zone=ZoneInfo("Europe/London"),
    )  # fmt: skip
    story = order_story(facts)
    first = story_json(story)

    assert "; invoiced: I1." in story.now
    assert [event.what for event in story.events][-2:] == ["invoiced", "credited"]
    assert story.events[-1].at.isoformat() == "2031-05-04T22:59:59.999999+00:00"
    assert "2031-05-04  invoiced: I1, 24.00 GBP, 4.00 of it VAT" in story_text(story)
    assert json.loads(json.dumps(first))["events"][-1]["at"] == "2031-05-04"
    assert [event.what for event in story.events].count("captured") == 1


def test_a_narrow_terminal_is_kept_to() -> None:
    """Events wrap; the title names the shop's own number where it is another."""
    record = a_record()
    facts = StoryFacts(
        a_capture("7", Home.HELD, identifier="SO-7", gross=Decimal("24.005")),
        record=record,
        journal=(evolve(LINE, detail="word " * 30),),
    )
    story = order_story(facts)
    text = story_text(story, width=50)

    assert text.splitlines()[0] == "Order 7 (SO-7), 24.01 GBP"
    assert all(len(line) <= 50 for line in text.splitlines())
    assert f"{story.owner}: " in story_html(story)
