"""Resource types: their members by version, what can be filtered and sorted, who leads where."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from attrs import frozen

Version = Literal["5.1", "6.1"]
Kind = Literal["string", "number", "instant", "flag", "one", "many", "enum"]

ENUMS = frozenset({"internalStatus", "shippingStatus", "status", "inventory_status"})


@frozen
class Schema:
    """
    One resource type.

    Attributes:
        attributes: Members in the order they are shown.
        relations: Relationships: the type each leads to, and whether it leads to many.
        filters: What can be filtered, with the kind of its values.
        sorts: What can be sorted by, besides `id`.
        paged: Whether `page[...]` is known.
        methods: Methods on the list and on one record.
    """

    kind: str
    attributes: tuple[str, ...] = ()
    relations: Mapping[str, tuple[str, bool]] = {}
    filters: Mapping[str, Kind] = {}
    sorts: tuple[str, ...] = ()
    paged: bool = True
    list_methods: tuple[str, ...] = ("GET",)
    item_methods: tuple[str, ...] = ("GET",)
    batch: bool = False


def schemas(version: Version) -> dict[str, Schema]:
    """Return every resource type of a version, by name."""
    new = version == "6.1"
    found = [
        _orders(new=new),
        _lines(new=new),
        _trackings(new=new),
        *_ORDER_PARTS,
        *_CATALOGUE,
        *_CUSTOMERS,
        *(_NEW if new else ()),
    ]
    return {schema.kind: schema for schema in found}


def _orders(*, new: bool) -> Schema:
    money = ("subtotalWithDiscountsValue",) if new else ()
    attributes = (
        "identifier", "poNumber", "customerNotes", "shipUntil", "currency", *money,
        "subtotalWithDiscounts", "subtotalValue", "totalValue", "shippingMethod",
        "shippingMethodType", "estimatedShippingCostAmount", "overriddenShippingCostAmount",
        "sourceEntityIdentifier", "totalDiscountsAmount", *(("external",) if new else ("uuid",)),
        "createdAt", "updatedAt", "disablePromotions", "discount", "shippingDiscount",
    )  # fmt: skip
    relations = {
        "billingAddress": ("orderaddresses", False),
        "shippingAddress": ("orderaddresses", False),
        "lineItems": ("orderlineitems", True),
        "discounts": ("orderdiscounts", True),
        "shippingTrackings": ("ordershippingtrackings", True),
        "parent": ("orders", False),
        "subOrders": ("orders", True),
        "organization": ("organizations", False),
        "customerUser": ("customerusers", False),
        "customer": ("customers", False),
        "paymentTerm": ("paymentterms", False),
    }
    filters: dict[str, Kind] = {
        "id": "number", "identifier": "string", "poNumber": "string", "createdAt": "instant",
        "customer": "one", "parent": "one", "subOrders": "many", "lineItems": "many",
    }  # fmt: skip
    if new:
        relations |= {
            "internalStatus": ("orderinternalstatuses", False),
            "status": ("orderstatuses", False),
            "shippingStatus": ("ordershippingstatuses", False),
            "orderSubtotals": ("ordersubtotals", True),
        }
        filters |= {
            "updatedAt": "instant", "external": "flag", "internalStatus": "enum",
            "shippingStatus": "enum", "status": "enum",
        }  # fmt: skip
    else:
        filters["uuid"] = "string"
    sorts = ("createdAt", "identifier", *(("updatedAt",) if new else ()))
    return Schema(
        "orders", attributes, relations, filters, sorts,
        list_methods=("GET", "POST", "PATCH"), item_methods=("GET", "PATCH", "DELETE"), batch=True,
    )  # fmt: skip


def _lines(*, new: bool) -> Schema:
    owner = "orders" if new else "order"
    rows = ("rowTotalAfterDiscount", "createdAt", "updatedAt") if new else ()
    return Schema(
        "orderlineitems",
        (
            "productSku", "productName", "productVariantFields", "freeFormProduct", "quantity",
            "productUnitCode", "value", "currency", "priceType", "shipBy", "fromExternalSource",
            "comment", "shippingMethod", "shippingMethodType", "shippingEstimateAmount",
            "checksum", *rows,
        ),
        {
            owner: ("orders", new),
            "product": ("products", False),
            "parentProduct": ("products", False),
            "productUnit": ("productunits", False),
            "kitItemLineItems": ("orderproductkititemlineitems", True),
        },
        {"id": "number", owner: "many" if new else "one", "product": "one"},
        list_methods=("GET", "POST"),
        item_methods=("GET", "PATCH", "DELETE"),
    )  # fmt: skip


def _trackings(*, new: bool) -> Schema:
    owner = "orders" if new else "order"
    return Schema(
        "ordershippingtrackings",
        ("method", "number"),
        {owner: ("orders", new)},
        {"id": "number", owner: "many" if new else "one"},
        list_methods=("GET", "POST"),
        item_methods=("GET", "PATCH", "DELETE"),
    )


_ORDER_PARTS = (
    Schema(
        "orderaddresses",
        (
            "phone", "fromExternalSource", "label", "street", "street2", "city", "postalCode",
            "organization", "customRegion", "namePrefix", "firstName", "middleName", "lastName",
            "nameSuffix", "createdAt", "updatedAt",
        ),
        {"country": ("countries", False), "region": ("regions", False)},
        {"id": "number"},
        item_methods=("GET", "PATCH"),
    ),
    Schema(
        "orderdiscounts",
        ("description", "percent", "amount", "orderDiscountType"),
        {"order": ("orders", False)},
        {"id": "number", "order": "one"},
        list_methods=("GET", "POST"),
        item_methods=("GET", "PATCH", "DELETE"),
    ),
    Schema(
        "orderproductkititemlineitems",
        ("quantity", "value", "productSku", "sortOrder"),
        {"lineItem": ("orderlineitems", False)},
        {"id": "number"},
    ),
)  # fmt: skip

_CATALOGUE = (
    Schema(
        "products",
        (
            "sku", "status", "variantFields", "createdAt", "updatedAt", "productType", "featured",
            "newArrival",
        ),
        {
            "names": ("productnames", True),
            "unitPrecisions": ("productunitprecisions", True),
            "primaryUnitPrecision": ("productunitprecisions", False),
            "inventory_status": ("prodinventorystatuses", False),
            "manageInventory": ("entityfieldfallbackvalues", False),
            "decrementQuantity": ("entityfieldfallbackvalues", False),
            "backOrder": ("entityfieldfallbackvalues", False),
            "inventoryThreshold": ("entityfieldfallbackvalues", False),
        },
        {
            "id": "number", "sku": "string", "status": "string", "createdAt": "instant",
            "updatedAt": "instant", "inventory_status": "enum",
        },
        ("sku", "createdAt", "updatedAt"),
        list_methods=("GET", "POST", "PATCH"),
        item_methods=("GET", "PATCH"),
        batch=True,
    ),
    Schema("productnames", ("fallback", "string"), {"product": ("products", False)}),
    Schema("productunits", ("label",), {}, {"id": "string"}),
    Schema(
        "productunitprecisions",
        ("precision", "conversionRate", "sell"),
        {"product": ("products", False), "unit": ("productunits", False)},
        {"id": "number", "product": "one", "unit": "one"},
    ),
    Schema(
        "inventorylevels",
        ("quantity",),
        {
            "product": ("products", False),
            "productUnitPrecision": ("productunitprecisions", False),
            "organization": ("organizations", False),
        },
        {"id": "number", "product": "one", "productUnitPrecision": "one"},
        list_methods=("GET", "PATCH"),
        item_methods=("GET", "PATCH"),
        batch=True,
    ),
    Schema("entityfieldfallbackvalues", ("fallback", "scalarValue", "arrayValue")),
    Schema("prodinventorystatuses", ("name", "priority", "default"), filters={"id": "string"}),
)  # fmt: skip

_CUSTOMERS = (
    Schema(
        "customers",
        ("name", "createdAt", "updatedAt", "vat_id"),
        {
            "parent": ("customers", False),
            "children": ("customers", True),
            "group": ("customergroups", False),
        },
        {
            "id": "number", "name": "string", "createdAt": "instant", "updatedAt": "instant",
            "parent": "one", "group": "one",
        },
        ("name", "createdAt", "updatedAt"),
        list_methods=("GET", "POST", "PATCH"),
        item_methods=("GET", "PATCH"),
        batch=True,
    ),
    Schema("customergroups", ("name",), {}, {"id": "number", "name": "string"}),
    Schema(
        "customerusers",
        ("email", "firstName", "lastName", "enabled"),
        {"customer": ("customers", False)},
        {"id": "number", "email": "string", "customer": "one"},
    ),
)  # fmt: skip

_ENUM = ("name", "priority", "default")
_NEW = (
    Schema("orderinternalstatuses", _ENUM, paged=False, filters={"id": "string"}),
    Schema("orderstatuses", _ENUM, paged=False, filters={"id": "string"}),
    Schema("ordershippingstatuses", _ENUM, paged=False, filters={"id": "string"}),
    Schema(
        "ordersubtotals",
        ("orderSubtotalType", "label", "amount", "signedAmount", "currency", "visible", "data"),
        {"order": ("orders", False)},
        {"order": "one"},
        paged=False,
    ),
)
