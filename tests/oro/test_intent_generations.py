"""The intent of an order is one on every server generation, read through the bytes of both."""

from __future__ import annotations

import json
from typing import Literal

from oro_prima.call import HttpRequest, ResponseHead
from oro_prima.mapping import intent_hash
from oro_prima.oro.calls.orders import sweep_orders
from oro_prima.oro.models import Order
from oro_prima.oro.models.features import OroFeatures
from oro_prima.sandbox import World

OLD = OroFeatures(
    line_order_field="order",
    subtotals=False,
    statuses=False,
    updated_filter=False,
    external=False,
    sync_batch=False,
)
ANSWER = ResponseHead(200, (("Content-Type", "application/vnd.api+json"),))
SECRETS = {
    "grant_type": "client_credentials",
    "client_id": "sandbox-client",
    "client_secret": "sandbox-secret",
}


def read(version: Literal["5.1", "6.1"], features: OroFeatures) -> dict[str, Order]:
    """Read the orders of one seed from a server of that generation."""
    world = World(seed=5, size=40, oro_version=version)
    form = (("Content-Type", "application/json"),)
    body = json.dumps(SECRETS).encode()
    token = world.oro.handle(HttpRequest("POST", "/oauth2-token", headers=form, body=body))
    bearer = ("Authorization", f"Bearer {json.loads(token.body)['access_token']}")
    call = sweep_orders(features, after=0, size=100)
    asked = call.request()
    answer = world.oro.handle(
        HttpRequest("GET", f"/admin/api/{asked.path}", asked.query, (*asked.headers, bearer))
    )
    decoder = call.decoder(ANSWER)
    decoder.feed(answer.body)
    return {order.id: order for order in decoder.close().items}


def test_an_upgrade_of_the_shop_edits_no_order() -> None:
    """What one generation shows and another does not is in no intent."""
    old, new = read("5.1", OLD), read("6.1", OroFeatures())
    common = old.keys() & new.keys()
    differ = [key for key in common if intent_hash(old[key]) != intent_hash(new[key])]

    assert len(common) >= 40
    assert any(order.subtotals for order in new.values())
    assert all(order.internal_status is None for order in old.values())
    assert differ == []
