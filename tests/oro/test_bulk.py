"""Many records at once: whatever the way, each ends as done, refused or in doubt."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar

import pytest
from attrs import define, evolve, field
from hypothesis import given, settings
from hypothesis import strategies as st

from oro_prima.call import Call, Sender, each
from oro_prima.errors import CallError, Effect, NoAnswerError, RejectedError, UnavailableError
from oro_prima.ids import OroOperationId
from oro_prima.oro.calls.bulk import (
    CONSUMER,
    Bulk,
    Way,
    choose_way,
    write_all,
    write_records,
    write_records_now,
)
from oro_prima.oro.calls.customers import list_customers
from oro_prima.oro.calls.drafts import Entry
from oro_prima.oro.calls.operations import MemoryBook, Patience, add_reason, await_operation
from oro_prima.oro.calls.stock import list_levels
from oro_prima.oro.models.customers import CUSTOMER_GROUPS, CUSTOMERS, CustomerFields
from oro_prima.oro.models.features import OroFeatures
from oro_prima.oro.models.level_records import LEVELS, LevelFields
from oro_prima.oro.models.operations import AsyncOperation, Done, InDoubt, ItemOutcome, Refused
from oro_prima.oro.models.order_records import ORDERS
from tests.oro.shop import Shop, Version, a_shop, versions

R = TypeVar("R")
OLD = OroFeatures(sync_batch=False)
NEW = OroFeatures()


def bulk_of(shop: Shop, features: OroFeatures = NEW) -> Bulk:
    return Bulk(features, sleep=shop.clock.wait)


def customers(count: int, *bad: int) -> list[Entry[CustomerFields]]:
    """New customers; those at `bad` lead to a group that is not there."""
    return [
        Entry(CustomerFields(name=f"C{n}", **({"group": "999"} if n in bad else {})))
        for n in range(count)
    ]


def shop_of(version: Version) -> Shop:
    shop = a_shop(version)
    shop.sandbox.furnish()
    return shop


def outcomes(shop: Shop, entries: Any, bulk: Bulk, resource: Any = CUSTOMERS) -> list[ItemOutcome]:
    return list(write_all(shop.sender, resource, entries=entries, bulk=bulk))


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from([("5.1", 20), ("6.1", 20), ("6.1", 3), ("5.1", 2), ("6.1", 120)]),
    st.sets(st.integers(0, 19), max_size=5),
)
def test_each_record_has_one_end_and_it_is_true(
    asked: tuple[Version, int], wrong: set[int]
) -> None:
    """By every way: what is done is there, what is refused is not, with the caller's field."""
    version, count = asked
    shop, bad = shop_of(version), {n for n in wrong if n < count}
    features = NEW if version == "6.1" else OLD

    ends = outcomes(shop, customers(count, *bad), bulk_of(shop, features))

    assert sorted(one.index for one in ends) == list(range(count))
    assert {one.index for one in ends if isinstance(one, Refused)} == bad
    assert {one.index for one in ends if isinstance(one, Done)} == set(range(count)) - bad
    fields = {name for one in ends if isinstance(one, Refused) for _, name in one.reasons}
    assert fields <= {"group"}
    there = {one.name for one in each(shop.sender, list_customers())}
    assert {f"C{n}" for n in set(range(count)) - bad} <= there
    assert not {f"C{n}" for n in bad} & there


@pytest.mark.parametrize(
    ("features", "count", "way"),
    [
        (NEW, 1, Way.SINGLE),
        (NEW, 15, Way.SINGLE),
        (NEW, 16, Way.NOW),
        (NEW, 100, Way.NOW),
        (NEW, 101, Way.LATER),
        (OLD, 16, Way.LATER),
    ],
)
def test_the_way_fits_the_number(features: OroFeatures, count: int, way: Way) -> None:
    """A batch waits in the queue first; one at once is limited."""
    assert way == choose_way(CUSTOMERS, count, features)
    assert choose_way(CUSTOMER_GROUPS, count, features) is Way.SINGLE


def test_ids_of_new_records_are_told_where_the_server_does() -> None:
    """By single writes and at once; never by an operation."""
    shop = shop_of("6.1")
    at_once = outcomes(shop, customers(16), bulk_of(shop))
    later = outcomes(shop, customers(16), bulk_of(shop, OLD))

    assert all(isinstance(one, Done) and one.key for one in at_once)
    assert all(isinstance(one, Done) and one.key is None for one in later)


def test_orders_are_cut_where_their_lines_are_too_many() -> None:
    """Above 50 records within the records a batch at once fails, and its reason is lost."""
    shop = shop_of("6.1")
    line = {
        "product_sku": "S1", "product_unit": "each", "quantity": 1, "value": Decimal(1),
        "currency": "GBP",
    }  # fmt: skip
    order = {"customer": shop.customer, "currency": "GBP"}
    entries: Any = [
        Entry({**order, "line_items": [dict(line) for _ in range(4)]}) for _ in range(20)
    ]

    assert len(outcomes(shop, entries, bulk_of(shop), ORDERS)) == 20
    with pytest.raises(ValueError, match="at most 50"):
        write_records_now(ORDERS, entries=entries)


def levels(shop: Shop) -> list[Entry[LevelFields]]:
    found = list(each(shop.sender, list_levels()))
    return [Entry(LevelFields(quantity=Decimal(5)), key=level.id) for level in found]


@versions
def test_a_record_has_at_most_one_outstanding_operation(version: Version) -> None:
    """While the queue stands, what is on its way is not sent again; then it is."""
    shop = a_shop(version)
    for number in range(2, 20):
        shop.sandbox.add_product(f"S{number}", units=[("each", 0, Decimal(1))])
    bulk = evolve(bulk_of(shop, OLD), patience=Patience())
    shop.sandbox.consumer_running = False

    first = outcomes(shop, levels(shop), bulk, LEVELS)
    second = outcomes(shop, levels(shop), bulk, LEVELS)

    assert {one.why for one in first if isinstance(one, InDoubt)} == {CONSUMER}
    assert len(first) == len(second) == len(bulk.book.outstanding())
    assert all(isinstance(one, InDoubt) and "may still write" in one.why for one in second)
    shop.sandbox.consumer_running = True
    shop.clock.wait(60)
    assert all(isinstance(one, Done) for one in outcomes(shop, levels(shop), bulk, LEVELS))
    assert not bulk.book.outstanding()


@pytest.mark.parametrize(("features", "told"), [(OLD, 1000), (NEW, 50)])
def test_a_queue_that_stands_is_sent_one_batch_and_no_more(
    features: OroFeatures, told: int
) -> None:
    """What is left was not sent, and nobody waits for each batch in vain."""
    shop = shop_of("6.1")
    shop.sandbox.consumer_running = False
    line = {
        "product_sku": "S1", "product_unit": "each", "quantity": 1, "value": Decimal(1),
        "currency": "GBP",
    }  # fmt: skip
    order = {"customer": shop.customer, "currency": "GBP", "line_items": [line]}
    entries: Any = [Entry(order) for _ in range(60)] if features is NEW else customers(1001)
    sender = Breaking(shop.sender, "none", LOST)
    resource: Any = ORDERS if features is NEW else CUSTOMERS
    bulk, ends = bulk_of(shop, features), list[ItemOutcome]()

    with pytest.raises(UnavailableError, match="consumer running"):
        for one in write_all(sender, resource, entries=entries, bulk=bulk):
            ends.append(one)

    assert [type(one) for one in ends] == [InDoubt] * told
    assert len([name for name in sender.sent if name.startswith("write_")]) == 1


def test_a_batch_at_once_that_comes_later_is_waited_for() -> None:
    """A 202 is an operation like any other."""
    shop = a_shop("6.1")
    for number in range(2, 20):
        shop.sandbox.add_product(f"S{number}", units=[("each", 0, Decimal(1))])
    shop.sandbox.consumer_running = False

    ends = outcomes(shop, levels(shop), bulk_of(shop), LEVELS)

    assert {one.why for one in ends if isinstance(one, InDoubt)} == {CONSUMER}


def test_what_an_operation_forgotten_by_the_server_held_is_free() -> None:
    """It will write no more; another trouble of asking stops before anything is sent."""
    book, entry = MemoryBook(), Entry(CustomerFields(name="x"), key="5")
    bulk = Bulk(NEW, book, sleep=lambda _s: None)
    book.begin(OroOperationId("7"), ["customers/5"])

    with pytest.raises(UnavailableError):
        list(write_all(Telling([DOWN]), CUSTOMERS, entries=[entry], bulk=bulk))
    with pytest.raises(RejectedError):
        list(write_all(Telling([PLAIN]), CUSTOMERS, entries=[entry], bulk=bulk))
    assert book.outstanding()
    ends = list(write_all(Telling([GONE, None]), CUSTOMERS, entries=[entry], bulk=bulk))

    assert (ends, book.outstanding()) == ([Done(0)], {})


@pytest.mark.parametrize(
    "last",
    [
        Entry(CustomerFields(name="x" * 256)),
        Entry(CustomerFields(name="x"), key="5"),
        Entry(CustomerFields(name="C0", external_id="e"), upsert=("external_id",)),
        Entry({"name": "x", "nmae": "x"}),
    ],
)
def test_what_cannot_be_sent_is_refused_before_anything_is(last: Any) -> None:
    """Also where it would have been in the second batch."""
    shop = shop_of("5.1")
    first: Any = [
        Entry(CustomerFields(name="x"), key="5"),
        Entry(CustomerFields(name="y", external_id="e"), upsert=("external_id",)),
    ]
    before = len(list(each(shop.sender, list_customers())))

    with pytest.raises(ValueError, match=r"expected|has no field"):
        outcomes(shop, [*first, *customers(1000), last], bulk_of(shop, OLD))

    assert len(list(each(shop.sender, list_customers()))) == before


def test_a_record_is_meant_by_its_id_or_by_its_fields() -> None:
    """Both together would say two things."""
    with pytest.raises(ValueError, match="not both"):
        Entry(CustomerFields(name="x"), key="5", upsert=("name",))


def test_a_record_that_no_batch_at_once_can_hold_is_written_alone() -> None:
    """An order of sixty lines among small ones."""
    shop = shop_of("6.1")
    line = {
        "product_sku": "S1", "product_unit": "each", "quantity": 1, "value": Decimal(1),
        "currency": "GBP",
    }  # fmt: skip
    entries: Any = [
        Entry(
            {
                "customer": shop.customer,
                "currency": "GBP",
                "line_items": [dict(line) for _ in range(60 if number == 7 else 1)],
            }
        )
        for number in range(20)
    ]

    ends = outcomes(shop, entries, bulk_of(shop), ORDERS)

    assert [type(one) for one in ends] == [Done] * 20


@define
class Breaking:
    """Sends until a call's name comes, then fails; `count` calls of that name go through first."""

    inner: Sender
    name: str
    error: CallError
    count: int = 0
    sent: list[str] = field(factory=list[str])

    def send(self, call: Call[R]) -> R:
        """Send, or fail."""
        self.sent.append(call.name)
        if call.name == self.name:
            self.count -= 1
            if self.count < 0:
                raise self.error
        return self.inner.send(call)


LOST = NoAnswerError("x", "lost")
DOWN = UnavailableError("x", "down", status=503)
HARD = RejectedError("x", "hard", status=500, codes=("driver exception",), effect=Effect.UNKNOWN)
PLAIN = RejectedError("x", "refused", status=400, codes=("type constraint",), fields=("",))


def broken(
    error: CallError, name: str, count: int = 0, *, features: OroFeatures = NEW, records: int = 16
) -> tuple[list[ItemOutcome], CallError | None]:
    shop = shop_of("6.1")
    sender = Breaking(shop.sender, name, error, count)
    ends: list[ItemOutcome] = []
    try:
        for one in write_all(
            sender, CUSTOMERS, entries=customers(records), bulk=bulk_of(shop, features)
        ):
            ends.append(one)
    except CallError as caught:
        return ends, caught
    return ends, None


@pytest.mark.parametrize(
    ("name", "features", "records", "doubt"),
    [
        ("create_customers", NEW, 3, 1),
        ("write_customers_now", NEW, 16, 16),
        ("write_customers", OLD, 16, 16),
        ("get_operation", OLD, 16, 16),
    ],
)
def test_a_lost_answer_leaves_a_doubt_and_stops(
    name: str, features: OroFeatures, records: int, doubt: int
) -> None:
    """What was on its way is told; what was not told was not sent."""
    ends, error = broken(LOST, name, features=features, records=records)

    assert error is LOST
    assert [type(one) for one in ends] == [InDoubt] * doubt


@pytest.mark.parametrize("name", ["write_customers_now", "write_customers"])
def test_a_system_that_is_down_stops_without_a_doubt(name: str) -> None:
    """Nothing was sent, nothing is told."""
    ends, error = broken(DOWN, name, features=NEW if name.endswith("now") else OLD)

    assert (ends, error) == ([], DOWN)


@pytest.mark.parametrize(("error", "end"), [(HARD, InDoubt), (PLAIN, Refused)])
@pytest.mark.parametrize("name", ["write_customers_now", "write_customers"])
def test_a_batch_that_is_refused_as_a_whole_is_told_record_by_record(
    error: CallError, end: type[ItemOutcome], name: str
) -> None:
    """Without a pointer all share the reason; after a 500 nobody knows."""
    ends, caught = broken(error, name, features=NEW if name.endswith("now") else OLD)

    assert caught is None
    assert [type(one) for one in ends] == [end] * 16


def test_single_writes_go_on_after_a_refusal() -> None:
    """The record is at fault, not the system."""
    ends, caught = broken(PLAIN, "create_customers", count=1, records=3)

    assert caught is None
    assert [type(one) for one in ends] == [Done, Refused, Refused]


def operation(status: str, **counts: int) -> AsyncOperation:
    return AsyncOperation(OroOperationId("7"), status, None, **counts)


@define
class Telling:
    """Answers a batch with an operation, its looks with others, its errors with none."""

    answers: list[Any]

    def send(self, call: Call[R]) -> R:
        """Give or raise the next answer."""
        answer = self.answers.pop(0)
        if isinstance(answer, CallError):
            raise answer
        given: R = answer
        return given


GONE = RejectedError("x", "gone", status=404)
ENDED = {"read_count": 2, "write_count": 2, "error_count": 0}


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ([operation("new"), GONE], "vanished"),
        ([operation("failed")], "failed"),
        ([operation("success", **{**ENDED, "read_count": 1})], "cut-off"),
        ([operation("success", **{**ENDED, "error_count": 1}), GONE], "not all of its errors"),
    ],
)
def test_what_an_operation_leaves_open_is_in_doubt(answers: list[Any], why: str) -> None:
    """Vanished, failed, cut off, its errors forgotten."""
    book = MemoryBook()
    entries = [Entry(CustomerFields(name="x"), key=str(n)) for n in range(16)]
    told = [answers[0], *answers[1:]]
    for one in told:
        if isinstance(one, AsyncOperation) and one.read_count == 2:
            told[told.index(one)] = evolve(one, read_count=16)
    bulk = Bulk(OLD, book, sleep=lambda _s: None)

    ends = list(write_all(Telling(told), CUSTOMERS, entries=entries, bulk=bulk))

    assert all(isinstance(one, InDoubt) and why in one.why for one in ends)
    assert (len(ends), book.outstanding()) == (16, {})


def test_records_that_did_not_come_back_are_in_doubt() -> None:
    """A batch at once answers with all that it wrote."""
    bulk = Bulk(NEW, sleep=lambda _s: None)

    ends = list(write_all(Telling([()]), CUSTOMERS, entries=customers(16), bulk=bulk))

    assert all(isinstance(one, InDoubt) and "0 came back" in one.why for one in ends)


def test_pauses_grow_up_to_the_longest() -> None:
    """And end when patience does; the operation may still write."""
    slept: list[float] = []
    still = operation("running")

    last = await_operation(Telling([still] * 99), still, patience=Patience(), sleep=slept.append)

    assert last == still
    assert slept[:4] == [1.0, 1.5, 2.25, 3.375]
    assert max(slept) == 10.0
    assert 600 <= sum(slept) < 610


@pytest.mark.parametrize("sender", [lambda: Telling([DOWN]), lambda: Telling([HARD])])
def test_a_failure_of_waiting_is_the_callers(sender: Callable[[], Telling]) -> None:
    """Only a 404 says that the operation is forgotten."""
    with pytest.raises(CallError):
        await_operation(
            sender(), operation("new"), patience=Patience(), sleep=lambda _seconds: None
        )


def test_errors_that_cannot_be_asked_for_are_the_callers() -> None:
    """No record is told as done then."""
    ended = operation("success", read_count=16, write_count=15, error_count=1)
    told = Telling([ended, HARD])
    bulk = Bulk(OLD, sleep=lambda _s: None)

    with pytest.raises(RejectedError):
        list(write_all(told, CUSTOMERS, entries=customers(16), bulk=bulk))


@pytest.mark.parametrize("entries", [[], customers(1001)])
def test_a_batch_has_its_bounds(entries: list[Entry[CustomerFields]]) -> None:
    """And each record once."""
    with pytest.raises(ValueError, match="expected 1 to 1000"):
        write_records(CUSTOMERS, entries=entries)
    twice = [Entry(CustomerFields(name="x"), key="7")] * 2
    with pytest.raises(ValueError, match="each record once"):
        write_records(CUSTOMERS, entries=twice)


@pytest.mark.parametrize(
    ("entry", "path", "method"),
    [
        (Entry(CustomerFields(name="x")), "customers", "POST"),
        (Entry(CustomerFields(name="x"), key="7"), "customers/7", "PATCH"),
        (Entry(CustomerFields(name="x"), upsert=("name",)), "customers", "POST"),
    ],
)
def test_a_single_write_is_what_the_entry_says(
    entry: Entry[CustomerFields], path: str, method: str
) -> None:
    """Made, changed, or found by a key."""
    asked: list[Any] = []

    @define
    class Asked:
        def send(self, call: Call[R]) -> R:
            asked.append(call.request())
            raise PLAIN

    ends = list(write_all(Asked(), CUSTOMERS, entries=[entry], bulk=Bulk(NEW)))

    assert [(path, method)] == [(one.path, one.method) for one in asked]
    assert [Refused(0, (("type constraint", ""),))] == ends
    assert (b"upsert" in asked[0].body) == bool(entry.upsert)


def test_an_upsert_is_outstanding_by_what_it_is_found_by() -> None:
    """It has no id yet."""
    book = MemoryBook()
    entries = [Entry(CustomerFields(name=f"n{n}"), upsert=("name",)) for n in range(16)]
    bulk = Bulk(OLD, book, Patience(), lambda _s: None)

    list(write_all(Telling([operation("new")] * 99), CUSTOMERS, entries=entries, bulk=bulk))

    assert "customers/name=n3" in book.outstanding()


def test_a_reason_belongs_to_the_item_it_leads_into() -> None:
    """Also from a record within it; one that leads nowhere belongs to none."""
    found: dict[int, tuple[tuple[str, str], ...]] = {}
    places = {"/data/1": "[1]", "/included/0/attributes/value": "[1].line_items[0].value"}

    add_reason(found, "a", "/included/0/attributes/value", places)
    add_reason(found, "b", "/data/1/attributes/x", places)
    add_reason(found, "c", "/elsewhere", places)

    assert found == {1: (("a", "line_items[0].value"), ("b", ""))}
