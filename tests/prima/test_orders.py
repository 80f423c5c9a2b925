"""Answers about orders."""

from __future__ import annotations

import pytest
from attrs import evolve

from oro_prima.errors import Effect, RejectedError, UnreadableError
from oro_prima.prima.calls.orders import post_order
from oro_prima.prima.models.orders import OrderAnswer, OrderStatusAnswer
from tests.prima.documents import (
    COMPANY,
    NUMBER,
    ORDER,
    PROFILE,
    UNIQUE,
    asking,
    element,
    item,
    posting,
    read,
    result,
    soap,
)

OTHER = {"TPGUID": "SHOP-1", "OrderNumber": "30000010", "UniqueID": "1"}


def _status(inside: str, **root: str) -> bytes:
    return soap(result(inside, request_type="OrderStatus", **({"RequestStatus": "OK"} | root)))


def test_an_accepted_order_names_its_account() -> None:
    """Number and reference are those that were sent."""
    answer = read(posting(), soap(result(item())))

    assert answer == OrderAnswer(NUMBER, "SHOP-42", ORDER.account)


@pytest.mark.parametrize(("code", "account"), [("NEW0000001", "NEW0000001"), (" ", "")])
def test_another_account_is_told_not_refused(code: str, account: str) -> None:
    """The order stands; who asked compares."""
    assert read(posting(), soap(result(item(CustomerCode=code)))).account == account


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"OrderNumber": "", "UniqueID": ""},
        {"TPGUID": "", "UniqueID": ""},
        {"TPGUID": "", "OrderNumber": ""},
    ],
)
def test_an_order_is_found_by_any_of_its_identifiers(changed: dict[str, str]) -> None:
    """TPGUID first, then the order number, then the unique id; others stand beside it."""
    body = soap(result(item("ERROR", "(E:9) x", **OTHER) + item(**changed)))

    assert read(posting(), body).account == "KETTLE1"


@pytest.mark.parametrize(
    "second",
    [
        item("ERROR", TPGUID="", UniqueID=""),
        item("HELD"),
        item(None),
        item("OK", "(E:9) x"),
        item(CustomerCode="KETTLE2"),
    ],
)
def test_two_answers_about_one_order_leave_it_in_doubt(second: str) -> None:
    """Whichever comes first: only one request was sent, so one of the two is not about it."""
    for inside in (item() + second, second + item()):
        with pytest.raises(UnreadableError, match="in two ways") as caught:
            read(posting(), soap(result(inside)))

        assert caught.value.effect is Effect.UNKNOWN


def test_one_answer_twice_is_one_answer() -> None:
    """Every item says OK, and none is about another order."""
    assert read(posting(), soap(result(item() + item()))).account == "KETTLE1"


@pytest.mark.parametrize("inside", ["", item(**OTHER), "<Data/>"])
def test_an_order_that_is_not_mentioned_is_in_doubt(inside: str) -> None:
    """An answer about others says nothing about ours."""
    with pytest.raises(UnreadableError, match="does not mention the order") as caught:
        read(posting(), soap(result(inside)))

    assert caught.value.effect is Effect.UNKNOWN


def test_a_refusal_of_others_does_not_refuse_ours() -> None:
    """The root says ERROR, but the answer is about another order: ours may have been taken."""
    with pytest.raises(UnreadableError, match="does not mention the order"):
        read(posting(), soap(result(item("ERROR", **OTHER), RequestStatus="ERROR")))


def test_a_blank_identifier_finds_nothing() -> None:
    """Without a unique id of ours, an item without one is still somebody else's."""
    call = post_order(ORDER, unique_id="", profile=PROFILE, company=COMPANY)

    with pytest.raises(UnreadableError, match="does not mention the order"):
        read(call, soap(result(item(**(OTHER | {"UniqueID": ""})))))


@pytest.mark.parametrize("status", ["OK", "ERROR"])
@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"OrderNumber": "30000429"}, "another number"),
        ({"TPGUID": "SHOP-43"}, "another reference"),
    ],
)
def test_what_is_echoed_otherwise_is_in_doubt(
    status: str, changed: dict[str, str], told: str
) -> None:
    """Identifiers come back unchanged: else it is about another order."""
    with pytest.raises(UnreadableError, match=told) as caught:
        read(posting(), soap(result(item(status, **changed))))

    assert caught.value.effect is Effect.UNKNOWN


@pytest.mark.parametrize("changed", [{}, {"TPGUID": ""}, {"OrderNumber": ""}])
def test_the_unique_id_of_another_attempt_is_still_about_the_order(changed: dict[str, str]) -> None:
    """What Prima says of a number counts, whichever sending it answers."""
    body = soap(result(item("ERROR", "(E:21) x", UniqueID="55512346", **changed)))

    with pytest.raises(RejectedError) as caught:
        read(posting(), body)
    assert caught.value.codes == ("21",)


def test_identifiers_compare_as_codes_do() -> None:
    """An echo in capitals, or with spaces around, is the same."""
    order = evolve(ORDER, reference="shop-42")
    call = post_order(order, unique_id=UNIQUE, profile=PROFILE, company=COMPANY)

    assert read(call, soap(result(item(TPGUID=" SHOP-42 ")))).reference == "shop-42"


@pytest.mark.parametrize(
    "body",
    [
        _status('<Data OrderStatus="Part Despatched"/>'),
        _status('<Data OrderStatus=" Part Despatched " OrderNumber="30000420"/>'),
        _status("", OrderStatus="Part Despatched"),
        soap(
            result(
                '<Data RequestStatus="OK" OrderStatus="Part Despatched"/>',
                request_type="OrderStatus",
            )
        ),
    ],
)
def test_a_status_is_read_from_either_place(body: bytes) -> None:
    """On the item or on the root; spelled as Prima spells it."""
    assert read(asking(), body) == OrderStatusAnswer(NUMBER, "Part Despatched")


@pytest.mark.parametrize("inside", ["", "<Data/>", element("Data", OrderStatus=" ")])
def test_ok_without_a_status_is_no_sign_of_an_order(inside: str) -> None:
    """Nobody may settle a doubt by it; no code says that the order is absent either."""
    with pytest.raises(RejectedError, match="states no status of order 30000420") as caught:
        read(asking(), _status(inside))

    assert caught.value.codes == ()


def test_the_status_of_another_order_is_not_ours() -> None:
    """An echoed number is compared."""
    with pytest.raises(UnreadableError, match="another order than 30000420"):
        read(asking(), _status('<Data OrderNumber="30000010" OrderStatus="Entered"/>'))


def test_an_unknown_order_is_refused_with_its_codes() -> None:
    """What the codes mean is the profile's to say."""
    body = _status("", RequestStatus="ERROR", Error="(E:4711) none")

    with pytest.raises(RejectedError) as caught:
        read(asking(), body)

    assert caught.value.codes == ("4711",)
