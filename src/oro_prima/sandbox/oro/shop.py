"""The shop's own doings: catalogue, customers, shoppers. Nothing here goes through the API."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from attrs import frozen

from oro_prima.sandbox.oro.db import Db, Row
from oro_prima.sandbox.oro.schema import Version
from oro_prima.sandbox.oro.texts import as_number, instant, money, quantity_text
from oro_prima.sandbox.oro.totals import AMOUNT_TYPE, write_totals
from oro_prima.sandbox.oro.views import Basket, Event, Level, OrderLine, OrderView, OutOfStock

ORGANIZATION = ("organizations", "1")
STATUSES = {
    "orderinternalstatuses": ("open", "pending", "processing", "cancelled", "closed"),
    "ordershippingstatuses": ("not_shipped", "partially_shipped", "shipped"),
    "prodinventorystatuses": ("in_stock", "out_of_stock", "discontinued"),
}


@frozen
class ShopState:
    """What a shop holds at one moment; `events` is how long its log was."""

    db: Db
    events: int
    checkouts: frozenset[str]
    tax_rates: Mapping[str, Decimal]
    promotion: Decimal


class Shop:
    """Records and what happens to them apart from the API."""

    def __init__(self, *, version: Version, now: Callable[[], datetime]) -> None:
        self.db = Db()
        self.version: Version = version
        self.now = now
        self.log: list[Event] = []
        self._checkouts: set[str] = set()
        self._tax_rates: dict[str, Decimal] = {}
        self.promotion = Decimal(0)  # the share that a promotion of today takes off
        self._level_ids: dict[tuple[str, str], str] = {}
        self._product_ids: dict[str, str] = {}
        for kind, names in STATUSES.items():
            if version == "6.1" or kind == "prodinventorystatuses":
                self._add_statuses(kind, names)

    @property
    def new(self) -> bool:
        """Whether it is a 6.1."""
        return self.version == "6.1"

    def state(self) -> ShopState:
        """Return a copy of what it holds."""
        rates = dict(self._tax_rates)
        return ShopState(
            self.db.copy(), len(self.log), frozenset(self._checkouts), rates, self.promotion
        )

    def put_back(self, state: ShopState) -> None:
        """Hold again what it held."""
        self.db, self.promotion = state.db.copy(), state.promotion
        del self.log[state.events :]
        self._checkouts, self._tax_rates = set(state.checkouts), dict(state.tax_rates)

    def _add_statuses(self, kind: str, names: Sequence[str]) -> None:
        for priority, name in enumerate(names):
            row = self.db.add(kind, key=name)
            label = name.replace("_", " ").capitalize()
            row.attributes.update(name=label, priority=priority, default=priority == 0)

    def manage_statuses(self, codes: Sequence[str]) -> None:
        """Let orders have a status of these codes."""
        self._add_statuses("orderstatuses", codes)

    def note(self, kind: str, ref: str, quantity: Decimal = Decimal(0)) -> None:
        """Append to the log."""
        self.log.append(Event(len(self.log), self.now(), kind, ref, quantity))

    # Customers and catalogue

    def add_customer(
        self, name: str, *, parent: str | None = None, group: str | None = None
    ) -> str:
        """Add a customer organisation; returns its id."""
        row = self.db.add("customers")
        stamp = instant(self.now())
        row.attributes.update(name=name, createdAt=stamp, updatedAt=stamp)
        row.relations.update(
            parent=("customers", parent) if parent else None,
            group=("customergroups", group) if group else None,
            children=[],
        )
        if parent:
            self.db.need(("customers", parent)).many("children").append(("customers", row.id))
        return row.id

    def add_product(
        self,
        sku: str,
        *,
        units: Sequence[tuple[str, int, Decimal]],
        name: str | None = None,
        manage_inventory: bool = True,
        decrement: bool = True,
        back_order: bool = False,
    ) -> str:
        """Add a product with (unit, precision, conversion rate) each; the first is primary."""
        row = self.db.add("products")
        stamp = instant(self.now())
        row.attributes.update(
            sku=sku, status="enabled", variantFields=[], createdAt=stamp, updatedAt=stamp,
            productType="simple", featured=False, newArrival=False,
        )  # fmt: skip
        row.relations["inventory_status"] = ("prodinventorystatuses", "in_stock")
        self._name(row, name or sku)
        for member, value in (
            ("manageInventory", manage_inventory),
            ("decrementQuantity", decrement),
            ("backOrder", back_order),
        ):
            row.relations[member] = self._setting(value)
        precisions = [self._add_unit(row, *unit) for unit in units]
        row.relations["unitPrecisions"] = list(precisions)
        row.relations["primaryUnitPrecision"] = precisions[0]
        return row.id

    def _name(self, product: Row, text: str) -> None:
        name = self.db.add("productnames")
        name.attributes.update(fallback=None, string=text)
        name.relations["product"] = ("products", product.id)
        product.relations["names"] = [("productnames", name.id)]

    def _setting(self, value: bool) -> tuple[str, str]:
        row = self.db.add("entityfieldfallbackvalues")
        scalar = "1" if value else "0"
        row.attributes.update(fallback=None, scalarValue=scalar, arrayValue=None)
        return ("entityfieldfallbackvalues", row.id)

    def _add_unit(self, product: Row, unit: str, precision: int, rate: Decimal) -> tuple[str, str]:
        if self.db.get("productunits", unit) is None:
            self.db.add("productunits", key=unit).attributes["label"] = unit
        row = self.db.add("productunitprecisions")
        row.attributes.update(precision=precision, conversionRate=as_number(rate), sell=True)
        row.relations.update(product=("products", product.id), unit=("productunits", unit))
        level = self.db.add("inventorylevels")
        level.attributes["quantity"] = "0"
        level.relations.update(
            product=("products", product.id),
            productUnitPrecision=("productunitprecisions", row.id),
            organization=ORGANIZATION,
        )
        return ("productunitprecisions", row.id)

    # Stock

    def level_row(self, sku: str, unit: str) -> Row:
        """Return the level of a product unit; `KeyError` names one that is not there."""
        row = self._indexed(sku, unit)
        if row is None:
            rows = self.db.rows("inventorylevels")
            self._level_ids = {self.level_of(row)[:2]: row.id for row in rows}
            row = self._indexed(sku, unit)
        if row is None:
            msg = f"no product {sku} in {unit}"
            raise KeyError(msg)
        return row

    def _indexed(self, sku: str, unit: str) -> Row | None:
        """Return a level by the index, if what stands there is still that product unit's."""
        row = self.db.get("inventorylevels", self._level_ids.get((sku, unit), ""))
        return row if row is not None and self.level_of(row)[:2] == (sku, unit) else None

    def level_of(self, row: Row) -> tuple[str, str, Row]:
        """Return SKU, unit and product of a level."""
        product = self.db.need(row.one("product") or ("products", ""))
        precision = self.db.need(row.one("productUnitPrecision") or ("productunitprecisions", ""))
        unit = precision.one("unit") or ("productunits", "")
        return str(product.attributes["sku"]), unit[1], product

    def set_level(self, sku: str, unit: str, quantity: Decimal) -> None:
        """Set a level by hand, as an administrator would."""
        self.level_row(sku, unit).attributes["quantity"] = quantity_text(quantity)

    def level(self, sku: str, unit: str) -> Level:
        """Return the level of a product unit."""
        return self._level(self.level_row(sku, unit))

    def levels(self) -> tuple[Level, ...]:
        """Return every level."""
        return tuple(self._level(row) for row in self.db.rows("inventorylevels"))

    def _level(self, row: Row) -> Level:
        sku, unit, _product = self.level_of(row)
        return Level(row.id, sku, unit, Decimal(str(row.attributes["quantity"])))

    # Orders

    def checkout(self, customer: str, lines: Sequence[OrderLine], basket: Basket) -> str:
        """Buy in the storefront: every managed level must allow it, and falls by what is bought."""
        rows = [self.level_row(line.sku, line.unit) for line in lines]
        for row, line in zip(rows, lines, strict=True):
            self._refuse_beyond(row, line)
        order = self.place_order(customer, lines, basket)
        for row, line in zip(rows, lines, strict=True):
            if self._setting_of(self.level_of(row)[2], "decrementQuantity"):
                left = Decimal(str(row.attributes["quantity"])) - line.quantity
                row.attributes["quantity"] = quantity_text(left)
        self._checkouts.add(order)
        self.note("checkout", order)
        return order

    def _refuse_beyond(self, row: Row, line: OrderLine) -> None:
        product = self.level_of(row)[2]
        if not self._setting_of(product, "manageInventory"):
            return
        if self._setting_of(product, "backOrder"):
            return
        if Decimal(str(row.attributes["quantity"])) < line.quantity:
            msg = f"{line.sku}: there is not enough quantity in {line.unit}"
            raise OutOfStock(msg)

    def _setting_of(self, product: Row, name: str) -> bool:
        setting = product.one(name)
        row = self.db.get(*setting) if setting else None
        return row is not None and row.attributes.get("scalarValue") == "1"

    def place_order(self, customer: str, lines: Sequence[OrderLine], basket: Basket) -> str:
        """Write an order as the back office does: stock stays as it is."""
        if self.db.get("customers", customer) is None:
            msg = f"no customer {customer}"
            raise KeyError(msg)
        row = self.db.add("orders")
        stamp = instant(basket.created_at or self.now())
        self._fill(row, customer, basket, stamp)
        for line in lines:
            self._add_line(row, line, basket, stamp)
        if basket.discount is not None:
            self._add_discount(row, basket.discount)
        self._tax_rates[row.id] = basket.tax_rate
        self.recompute(row)
        return row.id

    def _fill(self, row: Row, customer: str, basket: Basket, stamp: str) -> None:
        cost = None if basket.shipping_cost is None else money(basket.shipping_cost)
        row.attributes.update(
            identifier=basket.identifier or row.id,
            poNumber=basket.po_number or None,
            customerNotes=basket.customer_notes or None,
            shipUntil=basket.ship_until,
            currency=basket.currency,
            createdAt=stamp,
            updatedAt=stamp,
            disablePromotions=False,
            estimatedShippingCostAmount=cost,
            shippingMethod="flat_rate_1" if cost else None,
            shippingMethodType="primary" if cost else None,
            uuid=f"00000000-0000-4000-8000-{int(row.id):012d}",
        )
        if self.new:
            row.attributes["external"] = basket.external
        self.link_order(row, customer, parent=basket.parent)
        row.relations["shippingAddress"] = self._address(basket.address)
        row.relations["billingAddress"] = self._address(basket.billing)
        if self.new:
            row.relations["internalStatus"] = ("orderinternalstatuses", basket.internal_status)
            row.relations["shippingStatus"] = ("ordershippingstatuses", "not_shipped")

    def link_order(self, row: Row, customer: str, *, parent: str | None) -> None:
        """Give an order its relationships, all that are empty too."""
        row.relations.update(
            lineItems=[], discounts=[], shippingTrackings=[], subOrders=[], orderSubtotals=[],
            parent=("orders", parent) if parent else None,
            organization=ORGANIZATION, customer=("customers", customer), customerUser=None,
            paymentTerm=None, billingAddress=None, shippingAddress=None, status=None,
        )  # fmt: skip
        if parent:
            self.db.need(("orders", parent)).many("subOrders").append(("orders", row.id))

    def _address(self, parts: Mapping[str, str] | None) -> tuple[str, str] | None:
        if parts is None:
            return None
        row = self.db.add("orderaddresses")
        for name, value in parts.items():
            if name == "country":
                row.relations["country"] = ("countries", str(value))
            elif name == "region":
                row.relations["region"] = ("regions", str(value))
            else:
                row.attributes[name] = str(value) or None
        return ("orderaddresses", row.id)

    def _add_line(self, order: Row, line: OrderLine, basket: Basket, stamp: str) -> None:
        row = self.db.add("orderlineitems")
        product = self.product_by_sku(line.sku)
        row.attributes.update(
            productSku=line.sku, productName=line.sku, productVariantFields=[], priceType=10,
            freeFormProduct=line.sku if line.free_form else None, fromExternalSource=False,
            quantity=as_number(line.quantity), productUnitCode=line.unit, value=money(line.price),
            currency=basket.currency, shipBy=line.ship_by, comment=line.comment or None,
            checksum="", createdAt=stamp, updatedAt=stamp,
        )  # fmt: skip
        row.relations.update(
            product=("products", product.id) if product and not line.free_form else None,
            productUnit=("productunits", line.unit), kitItemLineItems=[], parentProduct=None,
        )  # fmt: skip
        self.own_line(order, row)

    def own_line(self, order: Row, line: Row) -> None:
        """Make a line the order's, in the shape of the version."""
        if self.new:
            line.relations["orders"] = [("orders", order.id)]
        else:
            line.relations["order"] = ("orders", order.id)
        order.many("lineItems").append(("orderlineitems", line.id))

    def _add_discount(self, order: Row, amount: Decimal) -> None:
        row = self.db.add("orderdiscounts")
        row.attributes.update(
            description="", percent=0, amount=money(amount), orderDiscountType=AMOUNT_TYPE
        )
        row.relations["order"] = ("orders", order.id)
        order.many("discounts").append(("orderdiscounts", row.id))

    def product_by_sku(self, sku: str) -> Row | None:
        """Return the product of a SKU."""
        known = self.db.get("products", self._product_ids.get(sku, ""))
        if known is None or known.attributes["sku"] != sku:
            self._product_ids = {str(r.attributes["sku"]): r.id for r in self.db.rows("products")}
        return self.db.get("products", self._product_ids.get(sku, ""))

    def recompute(self, order: Row) -> None:
        """Compute an order's totals anew, as every write of it does."""
        rate = self._tax_rates.get(order.id, Decimal(0))
        write_totals(order, self.db, rate, new=self.new, promotion=self.promotion)

    def touch(self, order: Row) -> None:
        """Move `updatedAt`, and compute the totals anew."""
        order.attributes["updatedAt"] = instant(self.now())
        self.recompute(order)

    def set_internal_status(self, order: str, code: str) -> None:
        """Move an order on as a person or a workflow does; 5.1 does not show it."""
        row = self.db.need(("orders", order))
        row.relations["internalStatus"] = ("orderinternalstatuses", code)
        row.attributes["updatedAt"] = instant(self.now())

    def delete_order(self, order: str) -> None:
        """Delete an order, and its sub-orders with it."""
        row = self.db.need(("orders", order))
        for _kind, key in list(row.many("subOrders")):
            self.delete_order(key)
        parent = row.one("parent")
        above = self.db.get(*parent) if parent else None
        if above is not None:
            above.many("subOrders").remove(("orders", order))
        self.db.drop("orders", order)

    def orders(self) -> tuple[OrderView, ...]:
        """Return every order, by id."""
        return tuple(self._view(row) for row in self.db.rows("orders"))

    def _view(self, row: Row) -> OrderView:
        status, parent, customer = row.one("internalStatus"), row.one("parent"), row.one("customer")
        shipped, total = row.one("shippingStatus"), row.attributes.get("totalValue")
        subtotal = Decimal(str(row.attributes.get("subtotalValue") or 0))
        return OrderView(
            id=row.id,
            identifier=str(row.attributes.get("identifier") or ""),
            customer=customer[1] if customer else "",
            created_at=datetime.fromisoformat(str(row.attributes["createdAt"])),
            total=None if total is None else Decimal(str(total)),
            tax=subtotal * self._tax_rates.get(row.id, Decimal(0)),
            currency=str(row.attributes.get("currency") or ""),
            lines=tuple(self._line_view(self.db.need(ref)) for ref in row.many("lineItems")),
            internal_status=status[1] if status else "open",
            external=bool(row.attributes.get("external")),
            sub_orders=tuple(key for _kind, key in row.many("subOrders")),
            parent=parent[1] if parent else None,
            checkout=row.id in self._checkouts,
            trackings=tuple(
                str(self.db.need(ref).attributes["number"]) for ref in row.many("shippingTrackings")
            ),
            shipping_status=shipped[1] if shipped else "",
        )

    def _line_view(self, row: Row) -> OrderLine:
        return OrderLine(
            sku=str(row.attributes["productSku"]),
            unit=str(row.attributes["productUnitCode"]),
            quantity=Decimal(str(row.attributes["quantity"])),
            price=Decimal(str(row.attributes["value"])),
            free_form=row.attributes["freeFormProduct"] is not None,
            comment=str(row.attributes["comment"] or ""),
        )
