"""Looking a server over."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, TypeVar

import pytest
from attrs import define, evolve
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.call import Call, HttpResponse, Sender
from oro_prima.errors import CallError, RejectedError, UnauthorizedError, UnreadableError
from oro_prima.oro.calls.checks import (
    READ,
    Access,
    QueueState,
    check_permissions,
    check_queue,
    list_methods,
)
from oro_prima.oro.calls.features import probe_features, probe_more
from oro_prima.oro.calls.operations import Patience
from oro_prima.oro.models.features import OroFeatures, parse_features, render_features
from tests.oro.reading import read
from tests.oro.shop import Release, Version, a_shop, versions

R = TypeVar("R")
SHORT = Patience(limit=timedelta(seconds=3))


@define
class Refusing:
    """Refuses what concerns one type."""

    inner: Sender
    kind: str
    error: CallError

    def send(self, call: Call[R]) -> R:
        """Send, or refuse."""
        if call.request().path == self.kind:
            raise self.error
        return self.inner.send(call)


FORBIDDEN = UnauthorizedError("x", "no", status=403)


@versions
def test_all_that_flows_read_can_be_read(version: Version) -> None:
    """On both versions."""
    found = check_permissions(a_shop(version).sender)

    assert [one.kind for one in found] == list(READ)
    assert {one.access for one in found} == {Access.READABLE}


def test_a_type_that_the_role_may_not_see_is_named() -> None:
    """And one that the server does not have."""
    sender = Refusing(a_shop("6.1").sender, "orderaddresses", FORBIDDEN)

    found = {one.kind: one.access for one in check_permissions(sender)}
    more = check_permissions(sender, kinds=("warehouses",))

    assert [kind for kind, access in found.items() if access is Access.FORBIDDEN] == [
        "orderaddresses"
    ]
    assert [one.access for one in more] == [Access.ABSENT]


@pytest.mark.parametrize(
    "error", [UnauthorizedError("x", "token", status=401), RejectedError("x", "y", status=405)]
)
def test_any_other_failure_is_the_callers(error: CallError) -> None:
    """A token that is not accepted is no missing permission."""
    with pytest.raises(type(error)):
        check_permissions(Refusing(a_shop("6.1").sender, "orders", error))


@versions
@pytest.mark.parametrize(
    ("running", "state"), [(True, QueueState.RUNNING), (False, QueueState.STANDING)]
)
def test_the_queue_is_seen_to_run(version: Version, running: bool, state: QueueState) -> None:
    """By a batch of nothing."""
    shop = a_shop(version)
    shop.sandbox.consumer_running = running

    assert state == check_queue(shop.sender, patience=SHORT, sleep=shop.clock.wait)


def test_a_role_without_batches_is_seen() -> None:
    """It needs CREATE on asynchronous operations."""
    sender = Refusing(a_shop("6.1").sender, "inventorylevels", FORBIDDEN)

    assert check_queue(sender, patience=SHORT, sleep=lambda _s: None) is QueueState.FORBIDDEN


@pytest.mark.parametrize("version", ["5.1", "6.1", "6.1.10"])
def test_features_that_flows_seldom_need_are_asked_for(version: Release) -> None:
    """Each by a request that changes nothing."""
    sender = a_shop(version).sender
    known = probe_features(sender)

    found = probe_more(sender, known)

    new, later = version != "5.1", version == "6.1.10"
    assert (found.shipping_status, found.customer_prices, found.validate) == (new, new, new)
    assert (found.external_id, found.webhooks) == (later, later)
    assert found.to_many_cap == (1000 if later else 100)


def test_a_forbidden_type_is_there() -> None:
    """And a server that knows external ids cuts at 1,000."""
    inner = a_shop("6.1").sender

    @define
    class Newer:
        def send(self, call: Call[R]) -> R:
            request = call.request()
            if dict(request.query).get("filter[externalId]"):
                answered: Any = None
                given: R = answered
                return given
            if request.path == "webhooks":
                raise FORBIDDEN
            return inner.send(call)

    found = probe_more(Newer(), OroFeatures())

    assert (found.external_id, found.to_many_cap, found.webhooks) == (True, 1000, True)


NAMES = st.sampled_from(["order", "orders"])


@given(st.builds(OroFeatures, server_now=st.none(), line_order_field=NAMES))
def test_features_can_be_kept(features: OroFeatures) -> None:
    """And changed by hand."""
    assert features == parse_features(render_features(features))
    assert evolve(features, webhooks=True).webhooks


@pytest.mark.parametrize("tree", [5, {"subtotals": "yes"}, {"nothing": True}])
def test_what_is_no_features_is_refused(tree: object) -> None:
    """With the place of each fault."""
    with pytest.raises(ValueError, match=r"expected|unknown|not a valid"):
        parse_features(tree)


@versions
def test_a_type_says_what_it_takes(version: Version) -> None:
    """A list that takes `PATCH` takes batches; a record is asked by its id."""
    shop = a_shop(version)

    assert "PATCH" in shop.sender.send(list_methods("inventorylevels"))
    assert "PATCH" not in shop.sender.send(list_methods("orderlineitems"))
    assert "DELETE" in shop.sender.send(list_methods("orders", key=shop.order()))
    with pytest.raises(RejectedError):
        shop.sender.send(list_methods("nothings"))


def test_methods_that_a_proxy_took_away_are_missed() -> None:
    """Nothing is not an answer; a call that only asks has no effect and may be repeated."""
    call = list_methods("orders")

    assert call.safe
    for headers in ((), (("Allow", " , "),)):
        with pytest.raises(UnreadableError):
            read(call, HttpResponse(200, headers))
    assert read(call, HttpResponse(200, (("Allow", "get, Patch"),))) == {"GET", "PATCH"}
    with pytest.raises(ValueError, match="expected an id"):
        list_methods("../orders")
