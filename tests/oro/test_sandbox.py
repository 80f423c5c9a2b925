"""The calls against OroCommerce as it behaves, both versions, through bytes."""

from __future__ import annotations

from decimal import Decimal

import pytest
from attrs import evolve

from oro_prima.call import HttpRequest, each
from oro_prima.errors import CallError, RejectedError, UnauthorizedError, UnavailableError
from oro_prima.ids import OroLevelId, OroOperationId, OroSku
from oro_prima.oro.calls.batch import (
    Settlement,
    get_operation,
    list_operation_errors,
    set_levels,
    set_levels_now,
    settled,
)
from oro_prima.oro.calls.customers import list_customers
from oro_prima.oro.calls.features import probe_features
from oro_prima.oro.calls.orders import (
    list_order_lines,
    list_orders_by_id,
    list_orders_created,
    list_orders_updated,
    sweep_orders,
)
from oro_prima.oro.calls.stock import (
    list_levels,
    list_levels_by_sku,
    list_quantities,
    set_inventory_status,
    set_level,
)
from oro_prima.oro.models.features import OroFeatures
from oro_prima.oro.models.stock import StockSettings
from tests.oro.shop import START, Shop, Version, a_shop, versions


def _features(shop: Shop) -> OroFeatures:
    return probe_features(shop.sender)


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("5.1", OroFeatures("order", False, False, False, False, False, 100, START)),
        ("6.1", OroFeatures("orders", True, True, True, True, True, 100, START)),
    ],
)
def test_each_version_shows_what_it_can(version: Version, expected: OroFeatures) -> None:
    """By refusing what it cannot."""
    assert _features(a_shop(version)) == expected


@versions
def test_orders_are_swept_with_lines_and_customer(version: Version) -> None:
    """In order of their ids, page by page."""
    shop = a_shop(version)
    placed = [shop.order(2) for _ in range(5)]

    orders = list(each(shop.sender, sweep_orders(_features(shop), after=0, size=2)))

    assert [order.id for order in orders] == placed
    assert all(order.lines_complete and len(order.lines) == 2 for order in orders)
    assert {order.customer for order in orders} == {shop.customer}
    line = orders[0].lines[0]
    assert (line.product_sku, line.product_unit_code) == ("S1", "each")
    assert (line.quantity, line.value) == (Decimal(2), Decimal("1.25"))


@versions
def test_addresses_come_with_the_order(version: Version) -> None:
    """Country and region as codes."""
    shop = a_shop(version)
    address = {"street": "1 Made-up Road", "city": "London", "country": "GB", "postalCode": "N1"}
    shop.order(address=address)

    (order,) = shop.sender.send(sweep_orders(_features(shop), after=0)).items

    assert order.shipping_address is not None
    assert order.shipping_address.street == "1 Made-up Road"
    assert order.shipping_address.country == "GB"


@versions
def test_tax_is_shown_by_the_new_version_alone(version: Version) -> None:
    """5.1 shows no subtotals at all."""
    shop = a_shop(version)
    shop.order()

    (order,) = shop.sender.send(sweep_orders(_features(shop), after=0)).items

    if version == "5.1":
        assert order.subtotals is None
    else:
        taxes = {row.tax_amount for row in order.subtotals or () if row.tax_amount is not None}
        assert taxes == {Decimal("0.5")}


@versions
def test_a_long_order_is_read_from_its_lines(version: Version) -> None:
    """A hundred and twenty lines: the order may be cut, its lines' own list never."""
    shop = a_shop(version)
    key = shop.order(120)
    features = _features(shop)

    (order,) = shop.sender.send(list_orders_by_id(features, ids=[key])).items
    lines = list(each(shop.sender, list_order_lines(features, order=key)))

    assert not order.lines_complete
    assert len(lines) == 120


@versions
def test_a_vanished_order_is_absent(version: Version) -> None:
    """The others come."""
    shop = a_shop(version)
    first, second = shop.order(), shop.order()
    shop.sandbox.delete_order(first)

    page = shop.sender.send(list_orders_by_id(_features(shop), ids=[first, second]))

    assert [order.id for order in page.items] == [second]


@versions
def test_orders_of_a_span_are_those_created_in_it(version: Version) -> None:
    """Both ends are included, and the ids go on above the given one."""
    shop = a_shop(version)
    shop.order()
    shop.clock.wait(10)
    second, third = shop.order(), shop.order()
    features = _features(shop)
    now = shop.clock.now

    both = shop.sender.send(list_orders_created(features, first=now, last=now)).items
    after = list_orders_created(features, first=now, last=now, after=int(second))

    assert [order.id for order in both] == [second, third]
    assert [order.id for order in shop.sender.send(after).items] == [third]


def test_changes_are_found_by_the_new_version() -> None:
    """An edit brings an old order back."""
    shop = a_shop("6.1")
    first = shop.order()
    shop.order()
    shop.clock.wait(60)
    shop.sandbox.set_internal_status(first, "cancelled")
    now = shop.clock.now
    call = list_orders_updated(_features(shop), first=now, last=now)

    found = {order.id: order.internal_status for order in shop.sender.send(call).items}

    assert found.get(first, "cancelled") == "cancelled"


@versions
def test_levels_are_read_and_set(version: Version) -> None:
    """With unit, rate and settings; written, they read as written."""
    shop = a_shop(version)

    levels = {level.unit: level for level in each(shop.sender, list_levels(size=1))}
    each_level = levels[next(unit for unit in levels if unit == "each")]
    shown = shop.sender.send(set_level(each_level.id, quantity=Decimal(7)))
    again = shop.sender.send(list_levels_by_sku(skus=[OroSku("S1")])).items

    assert shown == Decimal(7)
    assert {level.unit: level.quantity for level in again} == {"each": 7, "pallet": 0}
    assert {level.unit: level.conversion_rate for level in again} == {"each": 1, "pallet": 48}
    assert {level.sku for level in again} == {"S1"}


@versions
def test_quantities_are_the_levels_without_settings(version: Version) -> None:
    """What stock is planned from is the same; what the product says of its stock is left away."""
    shop = a_shop(version)
    whole = list(each(shop.sender, list_levels()))
    bare = list(each(shop.sender, list_quantities()))

    assert bare
    assert bare == [evolve(one, settings=StockSettings(), category=None) for one in whole]


@versions
def test_an_inventory_status_is_set(version: Version) -> None:
    """It shows on the product's levels."""
    shop = a_shop(version)
    level = shop.sender.send(list_levels()).items[0]

    assert shop.sender.send(set_inventory_status(level.product, status="in_stock")) == "in_stock"
    assert shop.sender.send(list_levels()).items[0].inventory_status == "in_stock"


@versions
def test_a_batch_writes_what_it_can_and_names_the_rest(version: Version) -> None:
    """`success` with an error is partial."""
    shop = a_shop(version)
    level = shop.sender.send(list_levels()).items[0]
    wanted = [(level.id, Decimal(5)), (OroLevelId("999999"), Decimal(1))]

    operation = shop.sender.send(set_levels(wanted))
    shop.clock.wait(60)
    ended = shop.sender.send(get_operation(operation.id))
    errors = list(each(shop.sender, list_operation_errors(operation.id)))

    assert settled(ended, sent=2) is Settlement.PARTIAL
    assert [error.index for error in errors] == [1]
    assert shop.sender.send(list_levels()).items[0].quantity == 5


def test_a_batch_at_once_is_all_or_nothing() -> None:
    """The refusal names the bad record, and nothing is written."""
    shop = a_shop("6.1")
    level = shop.sender.send(list_levels()).items[0]

    with pytest.raises(RejectedError) as caught:
        shop.sender.send(
            set_levels_now([(level.id, Decimal(5)), (OroLevelId("999999"), Decimal(1))])
        )
    assert caught.value.pointers == ("/data/1",)
    assert shop.sender.send(list_levels()).items[0].quantity == 0
    assert shop.sender.send(set_levels_now([(level.id, Decimal(5))])) is None
    assert shop.sender.send(list_levels()).items[0].quantity == 5


@versions
def test_a_stopped_consumer_leaves_an_operation_new(version: Version) -> None:
    """And writes later, when it runs again."""
    shop = a_shop(version)
    shop.sandbox.consumer_running = False
    level = shop.sender.send(list_levels()).items[0]

    operation = shop.sender.send(set_levels([(level.id, Decimal(5))]))
    shop.clock.wait(60)
    waiting = shop.sender.send(get_operation(operation.id))
    shop.sandbox.consumer_running = True
    shop.clock.wait(60)
    ended = shop.sender.send(get_operation(operation.id))

    assert settled(waiting, sent=1) is Settlement.NOT_STARTED
    assert settled(ended, sent=1) is Settlement.WRITTEN


@versions
def test_an_operation_that_is_unknown_is_refused(version: Version) -> None:
    """404 with a detail."""
    with pytest.raises(RejectedError) as caught:
        a_shop(version).sender.send(get_operation(OroOperationId("999")))
    assert caught.value.status == 404


@versions
def test_tokens_that_ended_are_renewed(version: Version) -> None:
    """Nobody notices."""
    shop = a_shop(version)
    shop.sender.send(list_levels())
    shop.sandbox.expire_tokens()

    assert shop.sender.send(list_levels()).items


@versions
def test_a_switched_off_api_is_told(version: Version) -> None:
    """By the token when there is none, by its own 404 when there is."""
    shop = a_shop(version)
    shop.sender.send(list_levels())
    shop.sandbox.feature_enabled = False

    with pytest.raises((UnavailableError, UnauthorizedError), match="switched off"):
        shop.sender.send(list_levels())
    fresh = a_shop(version)
    fresh.sandbox.feature_enabled = False
    with pytest.raises(UnauthorizedError, match="switched off"):
        fresh.sender.send(list_levels())


@versions
@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("unauthorized", UnauthorizedError),
        ("maintenance", UnavailableError),
        ("database-down", UnavailableError),
        ("unavailable", UnavailableError),
        ("bad-gateway", UnavailableError),
    ],
)
def test_each_fault_of_the_server_has_its_class(
    version: Version, fault: str, kind: type[CallError]
) -> None:
    """As the server answers it, on a reading."""
    sandbox = a_shop(version).sandbox
    request = HttpRequest("GET", "/admin/api/orders", (), (("Accept", "application/vnd.api+json"),))
    response = sandbox.fault_response(fault, request)
    decoder = sweep_orders(OroFeatures(), after=0).decoder(response.head)
    decoder.feed(response.body)

    with pytest.raises(kind):
        decoder.close()


@versions
def test_the_storefronts_api_takes_no_token_of_the_back_office(version: Version) -> None:
    """5.1 says whose API it is, 6.1 does not; either way the message names `api_path`."""
    shop = a_shop(version, api="/api")

    with pytest.raises(UnauthorizedError) as caught:
        shop.sender.send(list_customers())

    assert caught.value.status == 401
    told = "api_path leads to the storefront" if version == "5.1" else "is api_path the back"
    assert told in caught.value.detail
