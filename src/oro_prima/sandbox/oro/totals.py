"""An order's totals, computed anew at every write, and the rows that explain them (6.1)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from attrs import frozen

from oro_prima.sandbox.oro.db import Db, Row
from oro_prima.sandbox.oro.texts import money

AMOUNT_TYPE = "oro_order_discount_item_type_amount"
PERCENT_TYPE = "oro_order_discount_item_type_percent"


@frozen
class Totals:
    """What an order comes to."""

    subtotal: Decimal
    discounts: Decimal
    amount_discounts: Decimal
    shipping: Decimal
    tax: Decimal
    promotion: Decimal = Decimal(0)

    @property
    def taken_off(self) -> Decimal:
        """Discounts and promotion."""
        return self.discounts + self.promotion

    @property
    def total(self) -> Decimal:
        """Subtotal less discounts and promotion, with shipping and tax."""
        return self.subtotal - self.discounts - self.promotion + self.shipping + self.tax


def totals_of(order: Row, db: Db, tax_rate: Decimal, promotion: Decimal) -> Totals:
    """
    Compute an order's totals from its lines, discounts and shipping.

    `promotion` is the share of the subtotal that the promotion of today takes off, where the order
    does not say that it takes none.
    """
    lines = [db.need(ref) for ref in order.many("lineItems")]
    subtotal = sum((line_total(line) for line in lines), Decimal(0))
    tax = sum((_cents(line_total(line) * tax_rate) for line in lines), Decimal(0))
    discounts = [db.need(ref) for ref in order.many("discounts")]
    by_amount = sum((_number(d, "amount") for d in discounts if not _is_percent(d)), Decimal(0))
    by_percent = sum(
        (_cents(subtotal * _number(d, "percent")) for d in discounts if _is_percent(d)), Decimal(0)
    )
    share = Decimal(0) if order.attributes.get("disablePromotions") else promotion
    discounts_now = by_amount + by_percent
    taken = _cents(subtotal * share)
    return Totals(subtotal, discounts_now, by_amount, _shipping(order), tax, taken)


def line_total(line: Row) -> Decimal:
    """Return a line's price times its quantity, in cents."""
    return _cents(_number(line, "value") * _number(line, "quantity"))


def write_totals(
    order: Row, db: Db, tax_rate: Decimal, *, new: bool, promotion: Decimal = Decimal(0)
) -> None:
    """Write an order's totals into its row, and on 6.1 the rows that explain them."""
    found = totals_of(order, db, tax_rate, promotion if new else Decimal(0))
    any_discount = bool(order.many("discounts"))
    _write_shares(order, db, found.subtotal)
    promoted = not order.attributes.get("disablePromotions")
    order.attributes.update(
        subtotalValue=money(found.subtotal),
        subtotalWithDiscounts=money(found.subtotal - found.amount_discounts),
        totalValue=money(found.total),
        totalDiscountsAmount=money(found.discounts) if any_discount else None,
        discount=_json_number(found.promotion) if promoted else None,
        shippingDiscount=0 if promoted else None,
    )
    if new:
        _add_up(order, db)
        order.attributes["subtotalWithDiscountsValue"] = order.attributes["subtotalWithDiscounts"]
        _write_rows(order, db, found)
        for ref in order.many("lineItems"):
            _write_row_totals(db.need(ref), tax_rate)


def _write_shares(order: Row, db: Db, subtotal: Decimal) -> None:
    """Tell of each discount by amount what share of the subtotal it is."""
    for discount in (db.need(ref) for ref in order.many("discounts")):
        if not _is_percent(discount) and subtotal:
            share = _number(discount, "amount") / subtotal
            discount.attributes["percent"] = _json_number(share)


def _write_row_totals(line: Row, tax_rate: Decimal) -> None:
    """Write a line's totals: discounts of the order are not spread to it."""
    total = line_total(line)
    plain = _number(line, "value") * _number(line, "quantity")
    line.attributes.update(
        rowTotalDiscountAmount=money(Decimal(0)),
        rowTotalAfterDiscount=money(plain),
        rowTotalAfterDiscountExcludingTax=money(total),
        rowTotalAfterDiscountIncludingTax=money(total + _cents(total * tax_rate)),
    )


def _add_up(order: Row, db: Db) -> None:
    """Give a main order the sum of its sub-orders: so any later write of it does."""
    below = [db.need(ref) for ref in order.many("subOrders")]
    for name in ("subtotalValue", "totalValue") if below else ():
        order.attributes[name] = money(sum((_number(one, name) for one in below), Decimal(0)))


def _json_number(amount: Decimal) -> int | float:
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def _write_rows(order: Row, db: Db, found: Totals) -> None:
    for kind, key in order.many("orderSubtotals"):
        db.drop(kind, key)
    rows = [
        ("subtotal", "Subtotal", found.subtotal, found.subtotal),
        ("discount", "Discount", found.taken_off, -found.taken_off),
        ("shipping_cost", "Shipping", found.shipping, found.shipping),
    ]
    if found.tax:
        rows += [
            ("tax", "Subtotal Tax", found.tax, found.tax),
            ("tax", "Shipping Tax", Decimal(0), Decimal(0)),
            ("tax", "Tax", found.tax, found.tax),
        ]
    refs = [_write_row(order, db, found, number, row) for number, row in enumerate(rows)]
    order.relations["orderSubtotals"] = [(row.type, row.id) for row in refs]


def _write_row(
    order: Row, db: Db, found: Totals, number: int, shown: tuple[str, str, Decimal, Decimal]
) -> Row:
    kind, label, amount, signed = shown
    row = db.add("ordersubtotals", key=f"{order.id}-{kind}-{number}")
    data: object = []
    if kind == "tax":
        net = found.total - found.tax
        data = {
            "total": {
                "includingTax": str(found.total),
                "excludingTax": str(net),
                "taxAmount": str(found.tax),
                "adjustment": "0",
            }
        }
    row.attributes.update(
        orderSubtotalType=kind,
        label=label,
        amount=money(amount),
        signedAmount=money(signed),
        currency=order.attributes.get("currency"),
        visible=amount != 0 or kind == "subtotal",
        data=data,
    )
    row.relations["order"] = ("orders", order.id)
    return row


def _shipping(order: Row) -> Decimal:
    for name in ("overriddenShippingCostAmount", "estimatedShippingCostAmount"):
        if order.attributes.get(name) is not None:
            return Decimal(str(order.attributes[name]))
    return Decimal(0)


def _is_percent(discount: Row) -> bool:
    return discount.attributes.get("orderDiscountType") == PERCENT_TYPE


def _number(row: Row, name: str) -> Decimal:
    value = row.attributes.get(name)
    return Decimal(0) if value is None else Decimal(str(value))


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
