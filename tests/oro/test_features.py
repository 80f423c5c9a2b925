"""What a server can do is found out by asking it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.call import HttpRequest, HttpResponse
from oro_prima.errors import UnauthorizedError, UnavailableError
from oro_prima.oro.calls.features import probe_features
from oro_prima.oro.models.features import OroFeatures
from oro_prima.ports import Seen
from tests.oro.reading import Answering
from tests.oro.strategies import NOW, answer, refusal

OPERATION = {"type": "asyncoperations", "id": "9", "attributes": {"status": "new", "summary": None}}


def _server(features: OroFeatures) -> Answering:
    refused = {
        "filter[updatedAt]": not features.updated_filter,
        "filter[orders]": features.line_order_field == "order",
        "fields[ordersubtotals]": not features.subtotals,
        "filter[internalStatus]": not features.statuses,
        "filter[external]": not features.external,
    }

    def app(request: HttpRequest) -> HttpResponse:
        if request.method == "PATCH":
            return refusal(400, "x") if features.sync_batch else answer({"data": OPERATION})
        if any(refused.get(name, False) for name, _ in request.query):
            return refusal(400, "filter constraint")
        return answer({"data": []})

    return Answering(app)


def features_at(now: datetime) -> st.SearchStrategy[OroFeatures]:
    """All that a server may be able to do, as it says at an instant."""
    return st.builds(
        OroFeatures,
        line_order_field=st.sampled_from(["order", "orders"]),
        subtotals=st.booleans(),
        statuses=st.booleans(),
        updated_filter=st.booleans(),
        external=st.booleans(),
        sync_batch=st.booleans(),
        server_now=st.just(now),
    )


@given(features_at(NOW))
def test_features_are_what_the_server_accepts(features: OroFeatures) -> None:
    """Each one is found out by itself; no batch is offered to a server of before its time."""
    expected = evolve(features, sync_batch=features.sync_batch and features.updated_filter)

    assert expected == probe_features(_server(features))


NOTHING = OroFeatures("order", False, False, False, False, False)


@given(features_at(NOW - timedelta(minutes=59)))
def test_what_a_server_could_do_is_not_asked_again(seen: OroFeatures) -> None:
    """An update adds and takes nothing away: what was not there is asked, all else still holds."""
    server = _server(NOTHING)
    absent = [seen.line_order_field == "order", not seen.subtotals, not seen.statuses]
    absent += [not seen.updated_filter, not seen.external]
    absent += [not seen.sync_batch and seen.updated_filter]

    assert probe_features(server, seen=seen) == evolve(seen, server_now=NOW)
    assert len(server.asked) == 1 + sum(absent)


@pytest.mark.parametrize("ago", [timedelta(hours=1), timedelta(seconds=-1)])
def test_after_an_hour_everything_is_asked_anew(ago: timedelta) -> None:
    """Also where the server's clock was set back."""
    seen = evolve(OroFeatures(), server_now=NOW - ago)

    assert probe_features(_server(NOTHING), seen=seen) == evolve(NOTHING, server_now=NOW)


def test_what_was_seen_grows_old_although_it_is_asked_for_often() -> None:
    """Its hour runs from when all of it was asked; a run that was refused something forgets it."""
    seen = Seen()
    seen.note(evolve(OroFeatures(), server_now=NOW))
    seen.note(evolve(NOTHING, server_now=NOW + timedelta(minutes=59)))

    assert seen.features == evolve(NOTHING, server_now=NOW)
    seen.note(evolve(NOTHING, server_now=NOW + timedelta(hours=1)))
    assert seen.features == evolve(NOTHING, server_now=NOW + timedelta(hours=1))
    seen.forget()
    assert seen.features is None


def test_a_role_without_stock_can_still_be_probed() -> None:
    """Who only reads orders may not write levels, and need not."""

    def app(request: HttpRequest) -> HttpResponse:
        return refusal(403, "x") if request.method == "PATCH" else answer({"data": []})

    assert not probe_features(Answering(app)).sync_batch


@pytest.mark.parametrize(
    ("response", "kind"),
    [(refusal(403, "x"), UnauthorizedError), (HttpResponse(503), UnavailableError)],
)
def test_a_server_that_cannot_be_asked_is_not_guessed(
    response: HttpResponse, kind: type[Exception]
) -> None:
    """No feature is taken for absent because the server was down."""
    with pytest.raises(kind):
        probe_features(Answering(lambda _request: response))


def test_a_refusal_of_another_kind_is_no_answer_either() -> None:
    """409 does not say that a filter is unknown."""

    def app(request: HttpRequest) -> HttpResponse:
        return (
            refusal(409, "x") if "filter[external]" in dict(request.query) else answer({"data": []})
        )

    with pytest.raises(Exception, match="409"):
        probe_features(Answering(app))
