"""The calls of every declared resource, as a user would write them; type checkers read it."""

from __future__ import annotations

from decimal import Decimal

from oro_prima.call import Sender, each
from oro_prima.ids import (
    OroCustomerGroupId,
    OroCustomerId,
    OroLineId,
    OroPriceListId,
    OroProductId,
    OroUnitPrecisionId,
    UnitCode,
)
from oro_prima.oro.calls import (
    addresses,
    codes,
    customers,
    kits,
    order_parts,
    people,
    price_lists,
    products,
    terms,
    units,
    webhooks,
)


def use_customers(sender: Sender) -> None:
    """Customers and their groups."""
    print([one.id for one in each(sender, customers.list_customers(where={"id": ("7", "8")}))])
    print(sender.send(customers.get_customer(OroCustomerId("7"))).id)
    print(sender.send(customers.create_customer({"name": "Made up", "parent": None})).id)
    print(
        sender.send(
            customers.update_customer(
                OroCustomerId("7"), fields={"name": "Made up", "parent": None}
            )
        ).id
    )
    sender.send(customers.delete_customer(OroCustomerId("7")))
    print(
        [one.id for one in each(sender, customers.list_customer_groups(where={"id": ("7", "8")}))]
    )
    print(sender.send(customers.get_customer_group(OroCustomerGroupId("7"))).id)
    print(sender.send(customers.create_customer_group({"name": "Trade"})).id)
    print(
        sender.send(
            customers.update_customer_group(OroCustomerGroupId("7"), fields={"name": "Trade"})
        ).id
    )
    sender.send(customers.delete_customer_group(OroCustomerGroupId("7")))


def use_people(sender: Sender) -> None:
    """The people who buy for customers."""
    print([one.id for one in each(sender, people.list_customer_users(where={"id": ("7", "8")}))])
    print(sender.send(people.get_customer_user("7")).id)
    print(sender.send(people.create_customer_user({"email": "a@b.test", "customer": "7"})).id)
    print(
        sender.send(
            people.update_customer_user("7", fields={"email": "a@b.test", "customer": "7"})
        ).id
    )
    sender.send(people.delete_customer_user("7"))
    print(
        [one.id for one in each(sender, people.list_customer_user_roles(where={"id": ("7", "8")}))]
    )
    print(sender.send(people.get_customer_user_role("7")).id)
    print(sender.send(people.create_customer_user_role({"label": "Buyer"})).id)
    print(sender.send(people.update_customer_user_role("7", fields={"label": "Buyer"})).id)
    sender.send(people.delete_customer_user_role("7"))


def use_addresses(sender: Sender) -> None:
    """Addresses of customers and of the people who buy for them."""
    print(
        [
            one.id
            for one in each(sender, addresses.list_customer_addresses(where={"id": ("7", "8")}))
        ]
    )
    print(sender.send(addresses.get_customer_address("7")).id)
    print(
        sender.send(
            addresses.create_customer_address({"city": "Leeds", "customer": "7", "country": "GB"})
        ).id
    )
    print(
        sender.send(
            addresses.update_customer_address(
                "7", fields={"city": "Leeds", "customer": "7", "country": "GB"}
            )
        ).id
    )
    sender.send(addresses.delete_customer_address("7"))
    print(
        [
            one.id
            for one in each(
                sender, addresses.list_customer_user_addresses(where={"id": ("7", "8")})
            )
        ]
    )
    print(sender.send(addresses.get_customer_user_address("7")).id)
    print(
        sender.send(
            addresses.create_customer_user_address({"city": "Leeds", "customer_user": "7"})
        ).id
    )
    print(
        sender.send(
            addresses.update_customer_user_address(
                "7", fields={"city": "Leeds", "customer_user": "7"}
            )
        ).id
    )
    sender.send(addresses.delete_customer_user_address("7"))


def use_order_parts(sender: Sender) -> None:
    """What belongs to an order: addresses, discounts, lines, lines of kits."""
    print([one.id for one in each(sender, order_parts.list_line_records(where={"id": ("7", "8")}))])
    print(sender.send(order_parts.get_order_line(OroLineId("7"))).id)
    print(sender.send(order_parts.create_order_line({"quantity": Decimal(1), "orders": ["7"]})).id)
    print(
        sender.send(
            order_parts.update_order_line(
                OroLineId("7"), fields={"quantity": Decimal(1), "orders": ["7"]}
            )
        ).id
    )
    sender.send(order_parts.delete_order_line(OroLineId("7")))
    print(
        [one.id for one in each(sender, order_parts.list_order_kit_lines(where={"id": ("7", "8")}))]
    )
    print(sender.send(order_parts.get_order_kit_line("7")).id)
    print(
        sender.send(
            order_parts.create_order_kit_line({"quantity": Decimal(1), "line_item": "7"})
        ).id
    )
    print(
        sender.send(
            order_parts.update_order_kit_line(
                "7", fields={"quantity": Decimal(1), "line_item": "7"}
            )
        ).id
    )
    sender.send(order_parts.delete_order_kit_line("7"))
    print(
        [one.id for one in each(sender, order_parts.list_order_addresses(where={"id": ("7", "8")}))]
    )
    print(sender.send(order_parts.get_order_address("7")).id)
    print(sender.send(order_parts.create_order_address({"city": "Leeds", "country": "GB"})).id)
    print(
        sender.send(
            order_parts.update_order_address("7", fields={"city": "Leeds", "country": "GB"})
        ).id
    )
    sender.send(order_parts.delete_order_address("7"))
    print(
        [one.id for one in each(sender, order_parts.list_order_discounts(where={"id": ("7", "8")}))]
    )
    print(sender.send(order_parts.get_order_discount("7")).id)
    print(sender.send(order_parts.create_order_discount({"amount": Decimal(5), "order": "7"})).id)
    print(
        sender.send(
            order_parts.update_order_discount("7", fields={"amount": Decimal(5), "order": "7"})
        ).id
    )
    sender.send(order_parts.delete_order_discount("7"))


def use_products(sender: Sender) -> None:
    """Products, their names and settings."""
    print([one.id for one in each(sender, products.list_products(where={"id": ("7", "8")}))])
    print(sender.send(products.get_product(OroProductId("7"))).id)
    print(sender.send(products.create_product({"sku": "S1", "names": [{"string": "Made up"}]})).id)
    print(
        sender.send(
            products.update_product(
                OroProductId("7"), fields={"sku": "S1", "names": [{"string": "Made up"}]}
            )
        ).id
    )
    sender.send(products.delete_product(OroProductId("7")))
    print([one.id for one in each(sender, products.list_product_names(where={"id": ("7", "8")}))])
    print(sender.send(products.get_product_name("7")).id)
    print(sender.send(products.create_product_name({"string": "Made up"})).id)
    print(sender.send(products.update_product_name("7", fields={"string": "Made up"})).id)
    print([one.id for one in each(sender, products.list_fallback_values(where={"id": ("7", "8")}))])
    print(sender.send(products.get_fallback_value("7")).id)
    print(sender.send(products.update_fallback_value("7", fields={"scalar_value": "1"})).id)


def use_units(sender: Sender) -> None:
    """Units, and the units of products."""
    print([one.id for one in each(sender, units.list_product_units(where={"id": ("7", "8")}))])
    print(sender.send(units.get_product_unit(UnitCode("7"))).id)
    print(sender.send(units.create_product_unit({"default_precision": 0})).id)
    print(sender.send(units.update_product_unit(UnitCode("7"), fields={"default_precision": 0})).id)
    sender.send(units.delete_product_unit(UnitCode("7")))
    print([one.id for one in each(sender, units.list_unit_precisions(where={"id": ("7", "8")}))])
    print(sender.send(units.get_unit_precision(OroUnitPrecisionId("7"))).id)
    print(sender.send(units.create_unit_precision({"precision": 0, "product": "7"})).id)
    print(
        sender.send(
            units.update_unit_precision(
                OroUnitPrecisionId("7"), fields={"precision": 0, "product": "7"}
            )
        ).id
    )
    sender.send(units.delete_unit_precision(OroUnitPrecisionId("7")))


def use_kits(sender: Sender) -> None:
    """What kits are made of."""
    print([one.id for one in each(sender, kits.list_kit_items(where={"id": ("7", "8")}))])
    print(sender.send(kits.get_kit_item("7")).id)
    print(sender.send(kits.create_kit_item({"optional": True, "product_kit": "7"})).id)
    print(sender.send(kits.update_kit_item("7", fields={"optional": True, "product_kit": "7"})).id)
    sender.send(kits.delete_kit_item("7"))
    print([one.id for one in each(sender, kits.list_kit_item_products(where={"id": ("7", "8")}))])
    print(sender.send(kits.get_kit_item_product("7")).id)
    print(sender.send(kits.create_kit_item_product({"kit_item": "7"})).id)
    print(sender.send(kits.update_kit_item_product("7", fields={"kit_item": "7"})).id)
    print([one.id for one in each(sender, kits.list_kit_item_labels(where={"id": ("7", "8")}))])
    print(sender.send(kits.get_kit_item_label("7")).id)
    print(sender.send(kits.create_kit_item_label({"string": "Made up"})).id)
    print(sender.send(kits.update_kit_item_label("7", fields={"string": "Made up"})).id)


def use_price_lists(sender: Sender) -> None:
    """Price lists, their windows, who has them."""
    print([one.id for one in each(sender, price_lists.list_price_lists(where={"id": ("7", "8")}))])
    print(sender.send(price_lists.get_price_list(OroPriceListId("7"))).id)
    print(sender.send(price_lists.create_price_list({"name": "L", "active": True})).id)
    print(
        sender.send(
            price_lists.update_price_list(OroPriceListId("7"), fields={"name": "L", "active": True})
        ).id
    )
    sender.send(price_lists.delete_price_list(OroPriceListId("7")))
    print(
        [
            one.id
            for one in each(sender, price_lists.list_price_list_schedules(where={"id": ("7", "8")}))
        ]
    )
    print(sender.send(price_lists.get_price_list_schedule("7")).id)
    print(sender.send(price_lists.create_price_list_schedule({"price_list": "7"})).id)
    print(sender.send(price_lists.update_price_list_schedule("7", fields={"price_list": "7"})).id)
    sender.send(price_lists.delete_price_list_schedule("7"))
    print(
        [
            one.id
            for one in each(sender, price_lists.list_customer_price_lists(where={"id": ("7", "8")}))
        ]
    )
    print(sender.send(price_lists.get_customer_price_list("7")).id)
    print(
        sender.send(price_lists.create_customer_price_list({"sort_order": 1, "customer": "7"})).id
    )
    print(
        sender.send(
            price_lists.update_customer_price_list("7", fields={"sort_order": 1, "customer": "7"})
        ).id
    )
    sender.send(price_lists.delete_customer_price_list("7"))
    print(
        [
            one.id
            for one in each(sender, price_lists.list_group_price_lists(where={"id": ("7", "8")}))
        ]
    )
    print(sender.send(price_lists.get_group_price_list("7")).id)
    print(
        sender.send(
            price_lists.create_group_price_list({"sort_order": 1, "customer_group": "7"})
        ).id
    )
    print(
        sender.send(
            price_lists.update_group_price_list(
                "7", fields={"sort_order": 1, "customer_group": "7"}
            )
        ).id
    )
    sender.send(price_lists.delete_group_price_list("7"))
    print(
        [
            one.id
            for one in each(
                sender, price_lists.list_customer_price_fallbacks(where={"id": ("7", "8")})
            )
        ]
    )
    print(sender.send(price_lists.get_customer_price_fallback("7")).id)
    print(
        sender.send(price_lists.create_customer_price_fallback({"fallback": 1, "customer": "7"})).id
    )
    print(
        sender.send(
            price_lists.update_customer_price_fallback("7", fields={"fallback": 1, "customer": "7"})
        ).id
    )
    sender.send(price_lists.delete_customer_price_fallback("7"))
    print(
        [
            one.id
            for one in each(
                sender, price_lists.list_group_price_fallbacks(where={"id": ("7", "8")})
            )
        ]
    )
    print(sender.send(price_lists.get_group_price_fallback("7")).id)
    print(
        sender.send(
            price_lists.create_group_price_fallback({"fallback": 1, "customer_group": "7"})
        ).id
    )
    print(
        sender.send(
            price_lists.update_group_price_fallback(
                "7", fields={"fallback": 1, "customer_group": "7"}
            )
        ).id
    )
    sender.send(price_lists.delete_group_price_fallback("7"))


def use_terms(sender: Sender) -> None:
    """Tax codes, taxes, payment terms."""
    print([one.id for one in each(sender, terms.list_customer_tax_codes(where={"id": ("7", "8")}))])
    print(sender.send(terms.get_customer_tax_code("7")).id)
    print(sender.send(terms.create_customer_tax_code({"code": "C"})).id)
    print(sender.send(terms.update_customer_tax_code("7", fields={"code": "C"})).id)
    sender.send(terms.delete_customer_tax_code("7"))
    print([one.id for one in each(sender, terms.list_product_tax_codes(where={"id": ("7", "8")}))])
    print(sender.send(terms.get_product_tax_code("7")).id)
    print(sender.send(terms.create_product_tax_code({"code": "C"})).id)
    print(sender.send(terms.update_product_tax_code("7", fields={"code": "C"})).id)
    sender.send(terms.delete_product_tax_code("7"))
    print([one.id for one in each(sender, terms.list_taxes(where={"id": ("7", "8")}))])
    print(sender.send(terms.get_tax("7")).id)
    print(sender.send(terms.create_tax({"code": "C", "rate": Decimal("0.2")})).id)
    print(sender.send(terms.update_tax("7", fields={"code": "C", "rate": Decimal("0.2")})).id)
    sender.send(terms.delete_tax("7"))
    print([one.id for one in each(sender, terms.list_tax_jurisdictions(where={"id": ("7", "8")}))])
    print(sender.send(terms.get_tax_jurisdiction("7")).id)
    print(sender.send(terms.create_tax_jurisdiction({"code": "C"})).id)
    print(sender.send(terms.update_tax_jurisdiction("7", fields={"code": "C"})).id)
    sender.send(terms.delete_tax_jurisdiction("7"))
    print([one.id for one in each(sender, terms.list_tax_rules(where={"id": ("7", "8")}))])
    print(sender.send(terms.get_tax_rule("7")).id)
    print(sender.send(terms.create_tax_rule({"tax": "7"})).id)
    print(sender.send(terms.update_tax_rule("7", fields={"tax": "7"})).id)
    sender.send(terms.delete_tax_rule("7"))
    print([one.id for one in each(sender, terms.list_payment_terms(where={"id": ("7", "8")}))])
    print(sender.send(terms.get_payment_term("7")).id)
    print(sender.send(terms.create_payment_term({"label": "30 days"})).id)
    print(sender.send(terms.update_payment_term("7", fields={"label": "30 days"})).id)
    sender.send(terms.delete_payment_term("7"))


def use_codes(sender: Sender) -> None:
    """Codes that records lead to: statuses, countries, regions."""
    print(
        [
            one.id
            for one in each(sender, codes.list_order_internal_statuses(where={"id": ("7", "8")}))
        ]
    )
    print(sender.send(codes.get_order_internal_status("7")).id)
    print(
        [
            one.id
            for one in each(sender, codes.list_order_shipping_statuses(where={"id": ("7", "8")}))
        ]
    )
    print(sender.send(codes.get_order_shipping_status("7")).id)
    print([one.id for one in each(sender, codes.list_order_statuses(where={"id": ("7", "8")}))])
    print(sender.send(codes.get_order_status("7")).id)
    print([one.id for one in each(sender, codes.list_inventory_statuses(where={"id": ("7", "8")}))])
    print(sender.send(codes.get_inventory_status("7")).id)
    print([one.id for one in each(sender, codes.list_countries(where={"id": ("7", "8")}))])
    print(sender.send(codes.get_country("7")).id)
    print([one.id for one in each(sender, codes.list_regions(where={"id": ("7", "8")}))])
    print(sender.send(codes.get_region("7")).id)


def use_webhooks(sender: Sender) -> None:
    """Webhooks that a server sends (6.1.10+, 7.0.2+: read in source, not recorded)."""
    print([one.id for one in each(sender, webhooks.list_webhooks(where={"id": ("7", "8")}))])
    print(sender.send(webhooks.get_webhook("7")).id)
    print(
        sender.send(
            webhooks.create_webhook(
                {"notification_url": "https://a.test", "topic": "order.created"}
            )
        ).id
    )
    print(
        sender.send(
            webhooks.update_webhook(
                "7", fields={"notification_url": "https://a.test", "topic": "order.created"}
            )
        ).id
    )
    sender.send(webhooks.delete_webhook("7"))
    print([one.id for one in each(sender, webhooks.list_webhook_topics(where={"id": ("7", "8")}))])
    print(sender.send(webhooks.get_webhook_topic("7")).id)
    print([one.id for one in each(sender, webhooks.list_webhook_formats(where={"id": ("7", "8")}))])
    print(sender.send(webhooks.get_webhook_format("7")).id)
