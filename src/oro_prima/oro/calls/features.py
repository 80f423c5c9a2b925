"""Finding out what a server can do: real requests that change nothing, never a version number."""

from __future__ import annotations

from datetime import datetime

from attrs import evolve

from oro_prima.call import Headers, Sender
from oro_prima.errors import RejectedError, UnauthorizedError
from oro_prima.oro.calls.jsonapi import Answer, ApiCall, Query
from oro_prima.oro.models.features import OroFeatures, still_seen

__all__ = ["OroFeatures", "probe_features", "probe_more"]

LATER_CAP = 1000

_ONE: Query = (("page[size]", "1"),)
_NOTHING = OroFeatures(
    line_order_field="order",
    subtotals=False,
    statuses=False,
    updated_filter=False,
    external=False,
    sync_batch=False,
)
"""Of a server that was not asked yet."""
_NEVER = "2000-01-01T00:00:00Z..2000-01-01T00:00:01Z"


def probe_features(sender: Sender, *, seen: OroFeatures | None = None) -> OroFeatures:
    """
    Ask a server what it can do, in at most seven small requests.

    A filter or type that it does not have it refuses with 400; what it refuses, it cannot do.

    Args:
        sender: Sends to the server.
        seen: What was found within the hour: what the server could do then is not asked again,
            for an update takes nothing away; what it could not do is.

    Raises:
        CallError: The server cannot be reached, or orders may not be read.
    """
    now = sender.send(_look("orders", (("fields[orders]", "identifier"),)))
    known = still_seen(seen, now=now) or _NOTHING
    updated = known.updated_filter or _can(
        sender, _look("orders", (("filter[updatedAt]", _NEVER),))
    )
    many = known.line_order_field == "orders" or _can(
        sender, _look("orderlineitems", (("filter[orders]", "1"),))
    )
    return evolve(
        known,
        line_order_field="orders" if many else "order",
        subtotals=known.subtotals or _shows(sender, ("fields[ordersubtotals]", "amount")),
        statuses=known.statuses or _shows(sender, ("filter[internalStatus]", "open")),
        updated_filter=updated,
        external=known.external or _shows(sender, ("filter[external]", "yes")),
        sync_batch=known.sync_batch or (updated and _can_write_at_once(sender)),
        server_now=now,
    )


def probe_external_id(sender: Sender, features: OroFeatures) -> OroFeatures:
    """Ask whether orders can keep a foreign key (6.1.10+, 7.0.2+), unless it is known."""
    known = features.external_id or _shows(sender, ("filter[externalId]", "none"))
    return evolve(features, external_id=known)


def probe_more(sender: Sender, features: OroFeatures) -> OroFeatures:
    """
    Ask what flows seldom need, in four more requests; a doctor does, and who writes a client.

    A server that knows external ids came after 6.1.8, so that it cuts relationships at 1,000.
    """
    features = probe_external_id(sender, features)
    external = features.external_id
    prices = _exists(sender, _look("customerprices", ()))
    return evolve(
        features,
        shipping_status=_can(sender, _look("orders", (("filter[shippingStatus]", "shipped"),))),
        webhooks=_exists(sender, _look("webhooks", ())),
        customer_prices=prices,
        validate=prices,
        to_many_cap=LATER_CAP if external else features.to_many_cap,
    )


def _exists(sender: Sender, call: ApiCall[datetime | None]) -> bool:
    """Tell whether a type is there: one that is there may lack a filter, or be forbidden."""
    try:
        sender.send(call)
    except RejectedError as error:
        return error.status != 404
    except UnauthorizedError:
        return True
    return True


def _can(sender: Sender, call: ApiCall[datetime | None]) -> bool:
    try:
        sender.send(call)
    except RejectedError as error:
        if error.status in (400, 404):
            return False
        raise
    return True


def _shows(sender: Sender, asked: tuple[str, str]) -> bool:
    return _can(sender, _look("orders", (asked,)))


def _can_write_at_once(sender: Sender) -> bool:
    """Offer an empty batch in a mode that does not exist: who knows modes refuses it at once."""
    mode: Headers = (("X-Mode", "probe"),)
    call = ApiCall(
        name="probe_features",
        resource="inventorylevels",
        path="inventorylevels",
        method="PATCH",
        sent={"data": []},
        extra_headers=mode,
        read=_server_now,
    )
    try:
        return not _can(sender, call)
    except UnauthorizedError:
        return False


def _look(kind: str, query: Query) -> ApiCall[datetime | None]:
    return ApiCall(
        name="probe_features",
        resource=kind,
        path=kind,
        query=(*query, *_ONE),
        read=_server_now,
    )


def _server_now(answer: Answer) -> datetime | None:
    return answer.server_now
