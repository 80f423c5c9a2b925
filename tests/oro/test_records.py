"""Any declared resource against the sandbox: read, written, found, related, refused."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from oro_prima.call import each
from oro_prima.converters import decode_json
from oro_prima.errors import RejectedError, UnauthorizedError
from oro_prima.ids import OroCustomerId, OroOrderId, OroPriceListId, OroProductId, OroSku
from oro_prima.oro.calls.customers import (
    create_customer,
    create_customer_group,
    delete_customer,
    get_customer,
    list_customers,
    update_customer,
)
from oro_prima.oro.calls.features import OroFeatures
from oro_prima.oro.calls.order_parts import list_line_records
from oro_prima.oro.calls.order_writing import (
    clear_shipping_status,
    create_order,
    create_order_tracking,
    delete_order,
    delete_order_tracking,
    find_order,
    get_order_record,
    list_order_records,
    list_order_trackings,
    list_trackings_of,
    set_shipping_status,
    set_shipping_status_without_promotions,
    update_order,
    update_order_tracking,
    upsert_order,
)
from oro_prima.oro.calls.orders import get_order, list_order_subtotals
from oro_prima.oro.calls.people import create_customer_user
from oro_prima.oro.calls.price_lists import create_price_list
from oro_prima.oro.calls.product_prices import (
    create_product_price,
    delete_product_price,
    find_product_prices,
    list_customer_prices,
    list_kit_prices,
    list_product_prices,
    set_product_price,
    update_product_price,
)
from oro_prima.oro.calls.products import create_product, get_product, list_products
from oro_prima.oro.calls.records import (
    Question,
    ask_records,
    get_record,
    list_beside,
    list_records,
    may_be_cut,
    path_part,
)
from oro_prima.oro.calls.writing import (
    add_relations,
    delete_records,
    remove_relations,
    replace_relations,
    set_relation,
    validate_record,
)
from oro_prima.oro.models.customers import CUSTOMERS, Customer, CustomerFields
from oro_prima.oro.models.filters import Between, Exists
from oro_prima.oro.models.order_parts import OrderAddressFields, OrderKitLineFields
from oro_prima.oro.models.order_records import ORDERS, OrderFields
from oro_prima.oro.models.resource import Paging, declare, extend, one
from oro_prima.oro.models.units import UnitPrecisionFields
from tests.oro.resources import DECLARED
from tests.oro.shop import START, Release, Shop, Version, a_shop, versions

OLD = OroFeatures(line_order_field="order", subtotals=False, statuses=False)
NEW = OroFeatures()
PRICES = {"productprices": {"price_list": "1"}}
NEEDED = ("customerprices", "productkitprices", "ordersubtotals")


def features(version: Version) -> OroFeatures:
    return NEW if version == "6.1" else OLD


def furnished(version: Release) -> Shop:
    shop = a_shop(version)
    shop.order()
    shop.sandbox.furnish()
    return shop


LATER = frozenset({"webhooks", "webhooktopics", "webhookformats"})
SINCE_6 = LATER | {"orderinternalstatuses", "ordershippingstatuses", "orderstatuses"}
LACKED = {"5.1": SINCE_6, "6.1": LATER, "6.1.10": frozenset[str]()}
LISTED = [
    (version, name)
    for version in LACKED
    for name in sorted(DECLARED)
    if name not in NEEDED and name not in LACKED[version]
]


@pytest.mark.parametrize(("version", "name"), LISTED)
def test_every_resource_can_be_listed_and_read(version: Release, name: str) -> None:
    """One by one they are what the list said."""
    shop, resource = furnished(version), DECLARED[name]

    found = list(each(shop.sender, list_records(resource, where=PRICES.get(name))))

    for record in found[:2]:
        assert record == shop.sender.send(get_record(resource, key=record.id))


@pytest.mark.parametrize("name", sorted(SINCE_6))
def test_a_type_that_a_version_lacks_is_refused(name: str) -> None:
    """With 404 and a reason, unlike an API that is switched off."""
    with pytest.raises(RejectedError) as caught:
        a_shop("5.1").sender.send(list_records(DECLARED[name]))

    assert caught.value.status == 404


def a_line(**more: Any) -> dict[str, Any]:
    return {
        "product_sku": "S1",
        "product_unit": "each",
        "quantity": 2,
        "value": Decimal("1.2500"),
        "currency": "GBP",
        **more,
    }


def an_order(shop: Shop, **more: Any) -> OrderFields:
    made: Any = {"customer": shop.customer, "currency": "GBP", "line_items": [a_line()], **more}
    fields: OrderFields = made
    return fields


@versions
def test_an_order_is_made_changed_and_deleted(version: Version) -> None:
    """With its lines and addresses in one request."""
    shop = a_shop(version)
    address = {
        "organization": "Made-up", "street": "1 Way", "city": "Leeds", "postal_code": "L1",
        "country": "GB",
    }  # fmt: skip
    made = shop.sender.send(create_order(an_order(shop, shipping_address=address)))
    order = OroOrderId(made.id)

    changed = shop.sender.send(update_order(order, fields={"po_number": "P-1"}))
    read = shop.sender.send(get_order(features(version), order=order))

    assert ("P-1", made.line_items) == (changed.po_number, changed.line_items)
    assert [read.shipping_address.city] == ["Leeds"] if read.shipping_address else []
    assert [Decimal(2)] == [line.quantity for line in read.lines]
    assert [order] == [one.id for one in each(shop.sender, list_order_records())]
    assert changed.po_number == shop.sender.send(get_order_record(order)).po_number
    shop.sender.send(delete_order(order))
    assert list(each(shop.sender, list_order_records())) == []


@versions
def test_an_upsert_may_be_sent_twice(version: Version) -> None:
    """The second finds what the first made: a 302 with a body from 5.1, a 200 from 6.1."""
    shop = a_shop(version)
    call = upsert_order(an_order(shop, identifier="ERP-1"))

    first, second = shop.sender.send(call), shop.sender.send(call)

    assert call.safe
    assert first.id == second.id
    assert [first.id] == [one.id for one in shop.sender.send(find_order(identifier="erp-1")).items]
    with pytest.raises(ValueError, match="identifier"):
        upsert_order(an_order(shop))


def test_a_refusal_names_the_callers_fields() -> None:
    """In the exception and in its message."""
    shop = a_shop("6.1")
    lines = [a_line(), a_line(quantity=0)]

    with pytest.raises(RejectedError) as caught:
        shop.sender.send(create_order(an_order(shop, line_items=lines, customer=None)))

    assert {"customer", "line_items[1].quantity"} == set(caught.value.fields)
    assert "at line_items[1].quantity" in str(caught.value)


def test_a_field_that_the_server_lacks_is_named() -> None:
    """Its refusal has no pointer: the name stands in the text alone."""
    shop = a_shop("6.1")

    with pytest.raises(RejectedError) as caught:
        shop.sender.send(create_customer({"name": "x", "external_id": "E1"}))

    assert caught.value.fields == ("external_id",)


def test_a_dry_run_asks_for_validation() -> None:
    """The request says so, and is no creation that may be repeated."""
    shop = a_shop("6.1")
    call = validate_record(ORDERS, fields=an_order(shop))

    assert b'"meta":{"validate":true}' in call.request().body
    assert not call.safe


@versions
def test_trackings_take_the_shape_of_the_version(version: Version) -> None:
    """Made, listed by their order, changed, deleted."""
    shop, known = a_shop(version), features(version)
    order = shop.order()

    made = shop.sender.send(create_order_tracking(known, order=order, method="UPS", number="1Z"))
    changed = shop.sender.send(update_order_tracking(made.id, fields={"number": "2Z"}))
    listed = list(each(shop.sender, list_order_trackings(known, order=order)))

    assert [(one.method, one.number) for one in listed] == [("UPS", "2Z")]
    assert changed in listed
    shop.sender.send(delete_order_tracking(made.id))
    assert list(each(shop.sender, list_order_trackings(known, order=order))) == []


@versions
def test_trackings_of_several_orders_say_whose_they_are(version: Version) -> None:
    """One list for as many orders as are asked about; those of others do not come along."""
    shop, known = a_shop(version), features(version)
    orders = [shop.order() for _ in range(3)]
    for order in orders:
        number = f"{order}Z"
        shop.sender.send(create_order_tracking(known, order=order, method="UPS", number=number))

    listed = list(each(shop.sender, list_trackings_of(known, orders=orders[:2])))

    of = [one.orders or (one.order,) for one in listed]
    assert [(*ids, one.number) for ids, one in zip(of, listed, strict=True)] == [
        (order, f"{order}Z") for order in orders[:2]
    ]


@pytest.mark.parametrize(("method", "number"), [("", "1"), ("UPS", " "), ("UPS", "9" * 256)])
def test_a_tracking_that_would_break_the_server_is_not_sent(method: str, number: str) -> None:
    """An overlong number is a 500 for ever."""
    with pytest.raises(ValueError, match="expected"):
        create_order_tracking(NEW, order=OroOrderId("1"), method=method, number=number)


def test_a_shipping_status_is_set_and_emptied() -> None:
    """With promotions left as they are, or switched off in the same write."""
    shop = a_shop("6.1")
    order = shop.order()

    plain = shop.sender.send(set_shipping_status(order, status="shipped"))
    guarded = shop.sender.send(
        set_shipping_status_without_promotions(order, status="partially_shipped")
    )
    shop.sender.send(clear_shipping_status(order))

    assert (plain.shipping_status, plain.disable_promotions) == ("shipped", False)
    assert (guarded.shipping_status, guarded.disable_promotions) == ("partially_shipped", True)
    assert shop.sender.send(get_order_record(order)).shipping_status is None
    shop.sandbox.set_internal_status(order, "closed")
    with pytest.raises(UnauthorizedError):
        shop.sender.send(set_shipping_status(order, status="shipped"))


def test_totals_are_read_for_one_order() -> None:
    """As rows, from 6.1 on."""
    shop = a_shop("6.1")

    rows = shop.sender.send(list_order_subtotals(order=shop.order()))

    assert "subtotal" in {row.order_subtotal_type for row in rows}


@versions
def test_customers_are_found_by_what_they_lead_to(version: Version) -> None:
    """By group, parent, name, ids; of a window and by whether something is there."""
    shop = a_shop(version)
    group = shop.sender.send(create_customer_group({"name": "Trade"})).id
    fields: CustomerFields = {"name": "A", "group": group, "parent": shop.customer}
    made = shop.sender.send(create_customer(fields))

    def ids(**where: Any) -> list[str]:
        asked: Any = where
        return [one.id for one in each(shop.sender, list_customers(where=asked, size=1))]

    assert ids(group=group) == ids(parent=shop.customer) == ids(name="A") == [made.id]
    assert ids(id=(made.id, "999", made.id)) == [made.id]
    assert ids(parent=Exists.NO) == [shop.customer]
    assert ids(updated_at=Between(START, START)) == [shop.customer, made.id]
    children = list_beside(
        CUSTOMERS, owner="customers", key=shop.customer, relation="children", size=1
    )
    assert [made.id] == [one.id for one in each(shop.sender, children)]
    renamed = shop.sender.send(update_customer(made.id, fields={"name": "B", "parent": None}))
    assert (renamed.name, renamed.parent) == ("B", None)
    assert renamed.group == shop.sender.send(get_customer(made.id)).group == group
    shop.sender.send(delete_customer(made.id))
    with pytest.raises(RejectedError) as caught:
        shop.sender.send(get_customer(made.id))
    assert caught.value.status == 404


def test_an_enumeration_is_always_among_the_fields() -> None:
    """Left out, 6.1 answers a filter on it with no rows at all, and says 200."""
    narrow = Question({"internalStatus": "open"}, fields=("identifier",), size=5)
    shop = a_shop("6.1")
    shop.order()

    asked = dict(ask_records(ORDERS, narrow).request().query)

    assert asked["fields[orders]"] == "identifier,internalStatus"
    assert len(list(each(shop.sender, ask_records(ORDERS, narrow)))) == 1
    assert len(list(each(shop.sender, list_order_records(where={"internal_status": "open"})))) == 1


def test_a_relationship_of_ones_own_is_among_the_fields_when_it_is_filtered() -> None:
    """It may be an enumeration, whatever its type is called; so may one that nobody declared."""
    declared = extend(CUSTOMERS, Customer, relations={"tradeKind": one("tradekinds")})
    own = declare("visits", Customer, attributes=("name",), relations={"kind": one("kinds")})

    def asked(resource: Any, *names: str) -> str:
        narrow = Question(dict.fromkeys(names, "7"), fields=("name",))
        return dict(ask_records(resource, narrow).request().query)[f"fields[{resource.kind.name}]"]

    assert asked(declared, "trade_kind") == "name,tradeKind"
    assert asked(own, "kind.id", "id", "name") == "name,kind"
    assert asked(CUSTOMERS, "tradeKind", "parent", "externalId") == "name,tradeKind"


def test_a_question_says_what_it_is_asked_to() -> None:
    """Sorting, inclusion, no fields, a page."""
    question = Question(
        {"customer.name": "x"}, sort=("-id",), include=("lineItems",), fields=None, number=2
    )

    assert ask_records(ORDERS, question).request().query == (
        ("filter[customer.name]", "x"),
        ("sort", "-id"),
        ("include", "lineItems"),
        ("page[size]", "100"),
        ("page[number]", "2"),
    )


def test_products_are_all_found_although_no_link_says_so() -> None:
    """By id, and by number until a page is short."""
    shop = a_shop("6.1")
    for number in range(2, 6):
        shop.sandbox.add_product(f"S{number}", units=[("each", 0, Decimal(1))])

    swept = list(each(shop.sender, list_products(size=2)))
    paged = list(each(shop.sender, ask_records(DECLARED["products"], Question({}, size=2))))

    assert [one.sku for one in swept] == ["S1", "S2", "S3", "S4", "S5"]
    assert swept == paged


@versions
def test_a_product_is_made_with_its_names_and_units(version: Version) -> None:
    """The primary unit is one of its units: one mapping, named twice."""
    shop = furnished(version)
    known = next(iter(each(shop.sender, list_products())))
    unit: Any = {"unit": "each", "precision": 0, "conversion_rate": 1, "sell": True}
    fields: Any = {
        "sku": "N1",
        "names": [{"string": "Made up"}],
        "attribute_family": known.attribute_family or "1",
        "inventory_status": "in_stock",
        "primary_unit_precision": unit,
        "unit_precisions": [unit],
        "manage_inventory": {"scalar_value": "1"},
    }

    made = shop.sender.send(create_product(fields))

    read = shop.sender.send(get_product(OroProductId(made.id)))
    assert (read.sku, read.inventory_status) == ("N1", "in_stock")
    assert read.primary_unit_precision in (read.unit_precisions or ())


@versions
def test_prices_are_made_found_and_set(version: Version) -> None:
    """In one list, by SKU; the id stays when the value changes."""
    shop = furnished(version)
    product = next(one.id for one in each(shop.sender, list_products()) if one.sku == "S1")
    new = create_price_list({"name": "L", "price_list_currencies": ("GBP",)})
    price_list = OroPriceListId(shop.sender.send(new).id)
    fields: Any = {
        "price_list": price_list, "product": product, "unit": "each", "quantity": 1,
        "currency": "GBP", "value": Decimal("2.5"),
    }  # fmt: skip
    made = shop.sender.send(create_product_price(fields))

    changed = shop.sender.send(set_product_price(made.id, value=Decimal("3.1250")))
    tier = shop.sender.send(update_product_price(made.id, fields={"quantity": Decimal(5)}))

    wanted = find_product_prices(price_list=price_list, skus=[OroSku("S1")])
    assert [tier] == list(each(shop.sender, wanted))
    assert (Decimal("3.1250"), Decimal(5)) == (changed.value, tier.quantity)
    shop.sender.send(delete_product_price(made.id))
    assert list(each(shop.sender, list_product_prices(price_list=price_list))) == []


def test_what_a_customer_pays_comes_whole() -> None:
    """No page is asked for: the list would refuse it."""
    customer, product = OroCustomerId("0"), OroProductId("1")
    website: Any = "1"
    prices = list_customer_prices(customer=customer, website=website, products=(product,))
    kits = list_kit_prices(
        customer=customer, website=website, product=product, unit=website, quantity=Decimal(1)
    )

    assert not any(name.startswith("page") for name, _ in prices.request().query)
    assert dict(kits.request().query)["filter[quantity]"] == "1"
    assert [product] * 3 == [price.product for price in shop_answers(prices)]


def shop_answers(call: Any) -> list[Any]:
    return list(each(furnished("6.1").sender, call))


GROUP = b'{"type":"customergroups","id":"2"}'
MANY = b'[{"type":"customerusers","id":"2"}]'


@pytest.mark.parametrize(
    ("call", "method", "data"),
    [
        (set_relation(CUSTOMERS, key="7", relation="group", to="2"), "PATCH", GROUP),
        (set_relation(CUSTOMERS, key="7", relation="group", to=None), "PATCH", b"null"),
        (replace_relations(CUSTOMERS, key="7", relation="users", to=[]), "PATCH", b"[]"),
        (add_relations(CUSTOMERS, key="7", relation="users", to=["2"]), "POST", MANY),
        (remove_relations(CUSTOMERS, key="7", relation="users", to=["2"]), "DELETE", MANY),
    ],
)  # fmt: skip
def test_a_relationship_has_four_verbs(call: Any, method: str, data: bytes) -> None:
    """Set, replace, add, remove: what is lost is in the name."""
    request = call.request()

    assert (method, b'{"data":' + data + b"}") == (request.method, request.body)
    assert request.path.startswith("customers/7/relationships/")
    assert not call.safe


@pytest.mark.parametrize("relation", ["users", "nothing"])
def test_a_relationship_of_another_kind_is_refused(relation: str) -> None:
    """To many is not to one."""
    with pytest.raises(ValueError, match="no relationship"):
        set_relation(CUSTOMERS, key="7", relation=relation, to="1")


def test_deleting_by_filter_needs_one() -> None:
    """Without it everything would go."""
    shop = a_shop("6.1")
    shop.sender.send(create_customer({"name": "Gone"}))

    shop.sender.send(delete_records(CUSTOMERS, where={"name": "Gone"}))

    assert [shop.customer] == [one.id for one in each(shop.sender, list_customers())]
    with pytest.raises(ValueError, match="without one all"):
        delete_records(CUSTOMERS, where={})


def test_lines_are_read_from_their_own_list() -> None:
    """Where an order's relations may have been cut."""
    shop = a_shop("6.1")
    order = shop.order(count=3)

    lines = list(each(shop.sender, list_line_records(where={"orders": order}, size=2)))

    assert len(lines) == 3
    assert may_be_cut([*lines], cap=3)
    assert not may_be_cut([*lines], cap=4)
    assert not may_be_cut(None, cap=1)


@pytest.mark.parametrize("key", ["", ".", "..", "a/b", "a?b", "ä"])
def test_an_id_that_leads_away_is_refused(key: str) -> None:
    """Nothing of an address is made of it."""
    with pytest.raises(ValueError, match="expected an id"):
        path_part(key)


def test_pages_by_number_have_no_id_to_go_on_after() -> None:
    """A type whose ids are no numbers."""
    assert DECLARED["productunits"].kind.paging is Paging.NUMBER
    with pytest.raises(ValueError, match="by number"):
        list_records(DECLARED["productunits"], after=1)


def test_a_user_is_made_for_a_customer() -> None:
    """The password is sent and never comes back."""
    shop = a_shop("6.1")
    fields: Any = {
        "email": "a@example.test", "first_name": "A", "last_name": "B",
        "customer": shop.customer, "password": "Made-up-1",
    }  # fmt: skip

    made = shop.sender.send(create_customer_user(fields))

    assert (made.email, made.customer) == ("a@example.test", shop.customer)
    assert not hasattr(made, "password")


def test_a_main_order_becomes_the_sum_of_its_sub_orders() -> None:
    """At its next write, and not before; without promotions it shows no discount."""
    shop = a_shop("6.1")
    main = shop.sender.send(create_order(an_order(shop)))
    for price in (Decimal(3), Decimal(5)):
        lines = [a_line(value=price, quantity=1)]
        shop.sender.send(create_order(an_order(shop, line_items=lines, parent=main.id)))

    before = shop.sender.send(get_order_record(OroOrderId(main.id)))
    fields: OrderFields = {"po_number": "P", "disable_promotions": True}
    after = shop.sender.send(update_order(OroOrderId(main.id), fields=fields))

    assert (before.total_value, after.total_value) == (Decimal("2.5"), Decimal(8))
    assert (before.discount, after.discount) == (Decimal(0), None)
    assert len(after.sub_orders or ()) == 2


@versions
def test_discounts_and_trackings_come_with_their_order(version: Version) -> None:
    """New ones are under the ids of the answer; those left out of a change are detached."""
    shop = a_shop(version)
    discount = {
        "amount": Decimal("0.50"),
        "order_discount_type": "oro_order_discount_item_type_amount",
    }
    tracking = {"method": "UPS", "number": "1Z"}
    fields = an_order(shop, discounts=[discount], shipping_trackings=[tracking])
    made = shop.sender.send(create_order(fields))
    order = OroOrderId(made.id)

    read = shop.sender.send(get_order(features(version), order=order))
    listed = list(each(shop.sender, list_order_trackings(features(version), order=order)))
    shop.sender.send(update_order(order, fields={"shipping_trackings": []}))

    assert (made.total_value, [one.amount for one in read.discounts]) == (
        Decimal(2),
        [Decimal("0.5")],
    )
    assert [one.number for one in listed] == ["1Z"]
    assert shop.sender.send(get_order_record(order)).shipping_trackings == ()


def test_an_answer_names_what_was_made_along() -> None:
    """Under the ids of the request; a batch at once under those of its records."""
    shop = a_shop("6.1")
    call = create_order(an_order(shop, shipping_address={"organization": "x", **PLACE}))
    request = call.request()
    sent: Any = decode_json(request.body)

    told: Any = decode_json(shop.raw("POST", "orders", sent).body)
    level = {"type": "inventorylevels", "id": "1", "attributes": {"quantity": "5"}}
    batch = {"data": [{**level, "meta": {"update": True}}]}
    written: Any = decode_json(shop.raw("PATCH", "inventorylevels", batch, mode="sync").body)

    assert [one["meta"]["includeId"] for one in told["included"]] == ["new-0", "new-1"]
    assert told["links"]["self"].endswith("/orders")
    assert written["data"][0]["meta"] == {"dataId": "1"}


PLACE = {"street": "1 Way", "city": "Leeds", "postal_code": "L1", "country": "GB"}


@versions
def test_a_whole_order_of_a_kit_is_made_in_one_request(version: Version) -> None:
    """Addresses, lines, what was chosen, a discount; a refusal leads to the caller's own field."""
    shop = furnished(version)
    part = next(iter(each(shop.sender, list_products())))
    unit: UnitPrecisionFields = {"unit": "each", "precision": 0, "conversion_rate": Decimal(1)}
    kit = shop.sender.send(
        create_product(
            {
                "sku": "KIT-1",
                "product_type": "kit",
                "attribute_family": "1",
                "names": [{"string": "Kit"}],
                "unit_precisions": [unit],
                "primary_unit_precision": unit,
                "kit_items": [
                    {
                        "product_unit": "each",
                        "labels": [{"string": "Part"}],
                        "kit_item_products": [{"product": part.id}],
                    }
                ],
            }
        )
    )
    chosen: OrderKitLineFields = {
        "kit_item": (kit.kit_items or ("",))[0],
        "product": part.id,
        "product_unit": "each",
        "quantity": Decimal(1),
        "value": Decimal(5),
        "currency": "GBP",
    }
    address: OrderAddressFields = {
        "organization": "Made-up Ltd", "street": "1 Test Street", "city": "Leeds",
        "postal_code": "LS1 1AA", "country": "GB",
    }  # fmt: skip

    def order(choice: OrderKitLineFields) -> OrderFields:
        return {
            "customer": shop.customer,
            "currency": "GBP",
            "billing_address": address,
            "shipping_address": {**address},
            "line_items": [
                {
                    "product": kit.id,
                    "product_unit": "each",
                    "quantity": Decimal(2),
                    "value": Decimal(5),
                    "currency": "GBP",
                    "kit_item_line_items": [choice],
                }
            ],
            "discounts": [{"percent": Decimal("0.1"), "order_discount_type": "percent"}],
        }

    made = shop.sender.send(create_order(order(chosen)))
    (line,) = each(shop.sender, list_line_records(where={"id": made.line_items or ()}))

    assert len(line.kit_item_line_items or ()) == 1
    assert made.billing_address
    assert made.shipping_address
    with pytest.raises(RejectedError) as caught:
        shop.sender.send(create_order(order({**chosen, "product_unit": "nothing"})))
    assert caught.value.fields == ("line_items[0].kit_item_line_items[0].product_unit",)
