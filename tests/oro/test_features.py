"""What a server can do is found out by asking it."""

from __future__ import annotations

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.call import HttpRequest, HttpResponse
from oro_prima.errors import UnauthorizedError, UnavailableError
from oro_prima.oro.calls.features import probe_features
from oro_prima.oro.models.features import OroFeatures
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


@given(
    st.builds(
        OroFeatures,
        line_order_field=st.sampled_from(["order", "orders"]),
        subtotals=st.booleans(),
        statuses=st.booleans(),
        updated_filter=st.booleans(),
        external=st.booleans(),
        sync_batch=st.booleans(),
        server_now=st.just(NOW),
    )
)
def test_features_are_what_the_server_accepts(features: OroFeatures) -> None:
    """Each one is found out by itself; no batch is offered to a server of before its time."""
    expected = evolve(features, sync_batch=features.sync_batch and features.updated_filter)

    assert expected == probe_features(_server(features))


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
