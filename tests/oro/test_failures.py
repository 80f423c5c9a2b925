"""What an answer that is no data means."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from oro_prima.call import HttpResponse
from oro_prima.errors import (
    CallError,
    Effect,
    Fault,
    RejectedError,
    UnauthorizedError,
    UnavailableError,
    UnreadableError,
)
from oro_prima.ids import OroCustomerId, OroLevelId, OroOrderId
from oro_prima.oro.calls.customers import create_customer, delete_customer
from oro_prima.oro.calls.failures import Asked, raise_failure, retry_after
from oro_prima.oro.calls.jsonapi import ApiCall
from oro_prima.oro.calls.order_writing import update_order
from oro_prima.oro.calls.orders import sweep_orders
from oro_prima.oro.calls.stock import set_level
from oro_prima.oro.models.features import OroFeatures
from oro_prima.values import to_decimal
from tests.oro.reading import read
from tests.oro.strategies import DATE, JSONAPI, answer, refusal

LIST = Asked("sweep_orders", "orders", safe=True)
WRITE = Asked("set_level", "inventorylevels", safe=False)
HTML = (("Content-Type", "text/html; charset=UTF-8"),)
JSON = (("Content-Type", "application/json"),)
FRONTEND = ("WWW-Authenticate", 'WSSE realm="Secured Frontend API", profile="UsernameToken"')
PAGE = b"<!DOCTYPE html><html>Ms Secret</html>"


def _failure(asked: Asked, response: HttpResponse) -> CallError:
    with pytest.raises(CallError) as caught:
        raise_failure(asked, response)
    return caught.value


@pytest.mark.parametrize(
    ("response", "kind", "told"),
    [
        (HttpResponse(302, (*HTML, ("Location", "/x.html")), PAGE), UnavailableError, "database"),
        (HttpResponse(301, JSONAPI), UnavailableError, "https"),
        (HttpResponse(200, HTML, PAGE), UnreadableError, "api_path"),
        (HttpResponse(200, JSONAPI), UnreadableError, "JSON:API document"),
        (HttpResponse(401, JSONAPI), UnauthorizedError, "OAuth application or its user active"),
        (HttpResponse(401, (*JSONAPI, FRONTEND)), UnauthorizedError, "storefront's API"),
        (refusal(403, "access denied exception"), UnauthorizedError, "orders"),
        (HttpResponse(404, JSONAPI), UnavailableError, "switched off"),
        (HttpResponse(404, HTML, PAGE), UnavailableError, "api_path is not this shop's; the back"),
        (refusal(404, "not found http exception"), RejectedError, "not found http exception"),
        (HttpResponse(405, JSONAPI), RejectedError, "no reason given"),
        (HttpResponse(406, JSON, b'[{"title":"x"}]'), UnavailableError, "proxy"),
        (HttpResponse(414, HTML, PAGE), RejectedError, "too long"),
        (HttpResponse(415, HTML, PAGE), UnavailableError, "maintenance"),
        (HttpResponse(415, JSON, b'[{"title":"x"}]'), UnavailableError, "proxy"),
        (HttpResponse(400, JSON, b'[{"title":"x"}]'), UnavailableError, "proxy"),
        (HttpResponse(400, HTML, PAGE), RejectedError, "status 400"),
        (HttpResponse(400, JSON, b"{"), RejectedError, "no reason given"),
        (HttpResponse(429, HTML, PAGE), UnavailableError, "too many requests"),
        (refusal(500, "error exception"), UnavailableError, "its log"),
        (HttpResponse(502, HTML, PAGE), UnavailableError, "proxy"),
        (HttpResponse(503, HTML, PAGE), UnavailableError, "database down"),
        (HttpResponse(599, HTML, PAGE), UnavailableError, "status 599"),
    ],
)
def test_each_answer_has_its_meaning_and_fix(
    response: HttpResponse, kind: type[CallError], told: str
) -> None:
    """The class, the status, and a sentence that says what to do."""
    error = _failure(LIST, response)

    assert kind is type(error)
    assert response.status == error.status
    assert told in error.detail
    assert Effect.NONE is error.effect


def test_a_switched_off_api_says_not_found_without_detail() -> None:
    """The same title as for a missing record, and no `detail`."""
    error = _failure(LIST, answer({"errors": [{"title": "not found http exception"}]}, status=404))

    assert isinstance(error, UnavailableError)


def test_an_upsert_that_found_its_record_is_an_answer() -> None:
    """302 with a document is data; redirects are never followed."""
    raise_failure(WRITE, answer({"data": None}, status=302))


def test_refusals_keep_titles_and_places_and_nothing_that_was_typed() -> None:
    """Of the server's words only the title and the pointer are repeated."""
    error = _failure(WRITE, refusal(400, "form constraint", pointer="/data/1/attributes/quantity"))

    assert error.codes == ("form constraint",)
    assert error.pointers == ("/data/1/attributes/quantity",)
    assert "form constraint at /data/1/attributes/quantity" in error.detail
    assert "Secret" not in repr(error) + error.detail
    assert (error.fault, error.effect) == (Fault.RECORD, Effect.NONE)


def test_many_refusals_are_counted() -> None:
    """Five are told, all are in the codes."""
    error = _failure(WRITE, refusal(400, *(f"title {number}" for number in range(7))))

    assert len(error.codes) == 7
    assert error.detail.endswith("title 4 and 2 more")


def test_a_500_on_a_write_is_the_records_and_of_open_effect() -> None:
    """It depends on the request, not on the moment; whether it wrote is not known."""
    error = _failure(WRITE, refusal(500, "driver exception"))

    assert isinstance(error, RejectedError)
    assert (error.fault, error.effect) == (Fault.RECORD, Effect.UNKNOWN)


def test_a_500_on_an_upsert_is_the_records_too() -> None:
    """It may be sent again without harm, and fails for ever: it must not stop a run."""
    error = _failure(
        Asked("upsert_orders", "orders", safe=True, method="POST"), refusal(500, "driver exception")
    )

    assert isinstance(error, RejectedError)
    assert (error.fault, error.effect) == (Fault.RECORD, Effect.NONE)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_page_in_answer_to_a_write_leaves_its_effect_open(status: int) -> None:
    """Nobody knows how far the request got."""
    error = _failure(WRITE, HttpResponse(status, HTML, PAGE))

    assert isinstance(error, UnavailableError)
    assert Effect.UNKNOWN is error.effect


@pytest.mark.parametrize("status", [200, 202])
def test_a_page_instead_of_data_leaves_the_effect_of_a_write_open(status: int) -> None:
    """An answer that makes no sense does not say that nothing was done."""
    assert Effect.UNKNOWN is _failure(WRITE, HttpResponse(status, HTML, PAGE)).effect


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("", None),
        ("5", 5),
        (" 120 ", 120),
        ("Tue, 06 May 2031 07:08:39 GMT", 30),
        ("Tue, 06 May 2031 07:08:39 -0000", 30),
        ("Tue, 06 May 2031 07:00:00 GMT", 0),
        ("soon", None),
        ("9" * 40, 999_999_999),
    ],
)
def test_retry_after_is_seconds_or_a_date(text: str, seconds: int | None) -> None:
    """A date is compared with the server's own clock."""
    assert seconds == retry_after((("Retry-After", text), DATE))


def test_a_date_without_the_servers_clock_says_nothing() -> None:
    """Our clock is not asked."""
    assert retry_after((("Retry-After", "Tue, 06 May 2031 07:08:39 GMT"),)) is None


def test_the_server_is_heard_on_when_to_come_back() -> None:
    """`Retry-After` is kept on the error."""
    response = HttpResponse(503, (*HTML, ("Retry-After", "7")), PAGE)

    assert _failure(LIST, response).retry_after == 7


@given(
    st.integers(200, 599),
    st.sampled_from([JSONAPI, JSON, HTML, ()]),
    st.binary(max_size=40)
    | st.sampled_from([b"null", b"[]", b'{"errors":5}', b'{"errors":[{"title":5,"source":[]},3]}']),
)
@example(200, JSONAPI, b'{"data":[[]]}')
@example(200, JSONAPI, b'{"data":{"type":1,"id":"1"}}')
@example(200, JSONAPI, b'{"data":{"type":"orders","id":"x"}}')
@example(200, JSONAPI, b'{"data":[],"links":3}')
@example(200, JSONAPI, b'{"data":[],"included":[{"type":"a","id":"1","attributes":{"id":[]}}]}')
@example(200, JSONAPI, b'{"data":{"type":"a","id":"1","relationships":{"id":{"data":[]},"b":3}}}')
def test_any_answer_gives_a_value_or_a_call_error(
    status: int, headers: tuple[tuple[str, str], ...], body: bytes
) -> None:
    """No answer whatever raises anything but `CallError`."""
    response = HttpResponse(status, headers, body)
    for call in (
        sweep_orders(OroFeatures(), after=0),
        set_level(OroLevelId("1"), quantity=to_decimal(1)),
    ):
        try:
            read(call, response)
        except CallError as error:
            told = error
            assert told.status == status


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (sweep_orders(OroFeatures(), after=0), "lacks VIEW for orders; grant it"),
        (update_order(OroOrderId("7"), fields={}), "EDIT for orders; grant it (a cancelled or"),
        (create_customer({"name": "x"}), "lacks CREATE for customers; grant it"),
        (delete_customer(OroCustomerId("7")), "lacks DELETE for customers; grant it"),
    ],
)
def test_the_missing_permission_is_named(call: ApiCall[object], told: str) -> None:
    """By what was asked; an order may be frozen instead."""
    with pytest.raises(UnauthorizedError, match=re.escape(told)):
        read(call, refusal(403, "access denied exception"))
