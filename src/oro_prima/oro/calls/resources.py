"""The resource types that are read: their members, as the API spells them, and where they lead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import field, frozen

from oro_prima.converters import is_list, is_object
from oro_prima.oro.calls.jsonapi import Tree
from oro_prima.oro.models.resource import snake_case


@frozen
class Shape:
    """A resource type: its attributes, and its relationships with the type each leads to."""

    kind: str
    attributes: tuple[str, ...]
    relations: Mapping[str, str] = field(factory=dict[str, str])

    @property
    def members(self) -> tuple[str, ...]:
        """Every member that is read."""
        return (*self.attributes, *self.relations)

    def sparse(self, *, without: Iterable[str] = ()) -> tuple[str, str]:
        """Ask for exactly these members; a filtered enumeration must be among them."""
        left_out = frozenset(without)
        names = (name for name in self.members if name not in left_out)
        return (f"fields[{self.kind}]", ",".join(names))


def write_document(trees: Iterable[Tree]) -> Tree:
    """
    Write trees as one document; trees within them become `included`, each once.

    The inverse of `oro_prima.oro.calls.jsonapi.join_trees`.
    """
    included: dict[tuple[str, str], Tree] = {}
    data = [_resource(tree, included) for tree in trees]
    return {"data": data, "included": list(included.values())} if included else {"data": data}


def _resource(tree: Mapping[str, object], included: dict[tuple[str, str], Tree]) -> Tree:
    shape = SHAPES[str(tree["type"])]
    return {
        "type": shape.kind,
        "id": tree["id"],
        "attributes": {
            name: tree[snake_case(name)] for name in shape.attributes if snake_case(name) in tree
        },
        "relationships": {
            name: {"data": _linkage(tree[snake_case(name)], kind, included)}
            for name, kind in shape.relations.items()
            if snake_case(name) in tree
        },
    }


def _linkage(value: object, kind: str, included: dict[tuple[str, str], Tree]) -> object:
    if value is None:
        return None
    if is_list(value):
        return [_linkage(one, kind, included) for one in value]
    if not is_object(value):
        return {"type": kind, "id": value}
    key = (kind, str(value["id"]))
    if key not in included:
        included[key] = {}
        included[key] = _resource({**value, "type": kind}, included)
    return {"type": kind, "id": value["id"]}


ORDERS = Shape(
    "orders",
    (
        "identifier",
        "poNumber",
        "customerNotes",
        "shipUntil",
        "currency",
        "subtotalValue",
        "totalValue",
        "totalDiscountsAmount",
        "estimatedShippingCostAmount",
        "overriddenShippingCostAmount",
        "shippingMethod",
        "shippingMethodType",
        "disablePromotions",
        "external",
        "externalId",
        "createdAt",
        "updatedAt",
    ),
    {
        "customer": "customers",
        "customerUser": "customerusers",
        "paymentTerm": "paymentterms",
        "organization": "organizations",
        "parent": "orders",
        "subOrders": "orders",
        "lineItems": "orderlineitems",
        "discounts": "orderdiscounts",
        "billingAddress": "orderaddresses",
        "shippingAddress": "orderaddresses",
        "internalStatus": "orderinternalstatuses",
        "status": "orderstatuses",
        "shippingStatus": "ordershippingstatuses",
        "orderSubtotals": "ordersubtotals",
    },
)
LINES = Shape(
    "orderlineitems",
    (
        "productSku",
        "productUnitCode",
        "quantity",
        "value",
        "currency",
        "freeFormProduct",
        "comment",
        "shipBy",
    ),
    {"product": "products", "kitItemLineItems": "orderproductkititemlineitems"},
)
ADDRESSES = Shape(
    "orderaddresses",
    (
        "organization",
        "namePrefix",
        "firstName",
        "middleName",
        "lastName",
        "nameSuffix",
        "street",
        "street2",
        "city",
        "postalCode",
        "customRegion",
        "phone",
        "label",
    ),
    {"country": "countries", "region": "regions"},
)
DISCOUNTS = Shape("orderdiscounts", ("orderDiscountType", "amount", "percent", "description"))
SUBTOTALS = Shape(
    "ordersubtotals",
    ("orderSubtotalType", "amount", "signedAmount", "currency", "visible", "data"),
)
LEVELS = Shape(
    "inventorylevels",
    ("quantity",),
    {"product": "products", "productUnitPrecision": "productunitprecisions"},
)
PRODUCTS = Shape(
    "products",
    ("sku",),
    {
        "category": "categories",
        "inventory_status": "prodinventorystatuses",
        "manageInventory": "entityfieldfallbackvalues",
        "decrementQuantity": "entityfieldfallbackvalues",
        "backOrder": "entityfieldfallbackvalues",
    },
)
CATEGORIES = Shape(
    "categories",
    (),
    {
        "parentCategory": "categories",
        "manageInventory": "entityfieldfallbackvalues",
        "decrementQuantity": "entityfieldfallbackvalues",
        "backOrder": "entityfieldfallbackvalues",
    },
)
PRECISIONS = Shape("productunitprecisions", ("conversionRate",), {"unit": "productunits"})
FALLBACKS = Shape("entityfieldfallbackvalues", ("fallback", "scalarValue"))
OPERATIONS = Shape("asyncoperations", ("status", "progress", "summary"))
OPERATION_ERRORS = Shape("asyncoperationerrors", ("status", "title", "source"))

SHAPES: Mapping[str, Shape] = {
    shape.kind: shape
    for shape in (
        ORDERS,
        LINES,
        ADDRESSES,
        DISCOUNTS,
        SUBTOTALS,
        LEVELS,
        PRODUCTS,
        CATEGORIES,
        PRECISIONS,
        FALLBACKS,
        OPERATIONS,
        OPERATION_ERRORS,
    )
}
