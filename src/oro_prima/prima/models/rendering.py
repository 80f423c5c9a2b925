"""Orders as trees: exactly the attributes that are evidenced for trade orders, in their order."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from oro_prima.prima.models.orders import OrderCharge, Party, PrimaOrder, PrimaOrderLine
from oro_prima.prima.models.profile import PrimaProfile
from oro_prima.values import LocalDate

Tree = tuple[str, Mapping[str, str], tuple["Tree", ...]]
"""Element name, attributes in order, children."""


def render_order(order: PrimaOrder, *, unique_id: str, profile: PrimaProfile) -> Tree:
    """Return the `Data` element of an order; unset attributes are present and empty."""
    children: list[Tree] = [_element("OrderHeaderData", _header(order, profile), profile)]
    if order.invoice is not None:
        children.append(_element("OrderInvoiceData", _invoice(order.invoice), profile))
    children.extend(_element("OrderLineData", _line(o, profile), profile) for o in order.lines)
    children.extend(_element("OrderChargeData", _charge(c), profile) for c in order.charges)
    return ("Data", extended("Data", _data(order, unique_id), profile), tuple(children))


def order_faults(order: PrimaOrder, profile: PrimaProfile) -> tuple[str, ...]:
    """Return why an order may not be sent as it is, each with the field; empty where it may."""
    number, lines = str(order.number), order.lines
    parties = (order.delivery, order.invoice or Party())
    amounts = [o.price for o in lines if o.price is not None] + [c.value for c in order.charges]
    checks = (
        (_is_number(number, profile), f"number {number[:20]!a} is not one that Prima takes"),
        (bool(order.reference.strip()), "reference is blank: the answer could not be matched"),
        (bool(lines), "there are no lines"),
        (all(line.quantity >= 1 for line in lines), "a quantity is below 1"),
        (len({o.number for o in lines}) == len(lines), "two lines have one number"),
        (all(len(p.lines) <= ADDRESS_LINES for p in parties), "an address has over 6 lines"),
        (all(amount.is_finite() for amount in amounts), "an amount is not a number"),
    )
    return tuple(fault for fits, fault in checks if not fits)


ADDRESS_LINES = 6


def _is_number(text: str, profile: PrimaProfile) -> bool:
    digits = text.isascii() and text.isdigit() and len(text) <= profile.order_digits
    return digits and 0 < int(text) <= profile.order_ceiling


def _element(name: str, attributes: dict[str, str], profile: PrimaProfile) -> Tree:
    return (name, extended(name, attributes, profile), ())


def extended(name: str, attributes: dict[str, str], profile: PrimaProfile) -> dict[str, str]:
    """Return the attributes of an element with the profile's extras over them."""
    if not profile.extras:
        return attributes
    extras = {key: value for element, key, value in profile.extras if element == name}
    return attributes | extras


def _data(order: PrimaOrder, unique_id: str) -> dict[str, str]:
    to = order.delivery
    return {
        "UniqueId": unique_id,
        "CustDef": "",
        "Customer": str(order.account),
        "TPGUID": order.reference,
        "OrderNumber": str(order.number),
        "HoldOrder": flag(order.on_hold),
        "HoldOrderNarrative": order.hold_narrative,
        "OrderChannel": order.channel,
        "CustomerTitle": "",
        "CustomerForename": to.forename,
        "CustomerSurname": to.surname,
        **_lines("AddrLine", to.lines),
        "PostCode": to.postcode,
        "Country": to.country,
        "CustomerEmail": to.email,
        "CustomerPhone": to.phone,
        **_blank("CustomerMobile", "CustomerFax"),
        "CustomerRef": order.customer_ref,
        "VatInclusive": flag(order.vat_inclusive),
        **_no("ReceiveMail", "ReceiveEmail", "ReceiveText", "ReceivePhone", "ReceiveMobile"),
        "RentDetails": "No",
        "DelivAddrNo": order.deliv_addr_no,
        "DeliveryFAO": order.delivery_fao,
        "InvcAddrNo": order.invc_addr_no,
        "OrderType": "",
        "PaymentTerms": order.payment_terms,
        "Salesman": "",
    }


def _header(order: PrimaOrder, profile: PrimaProfile) -> dict[str, str]:
    contact = f"{order.delivery.forename} {order.delivery.surname}".strip()
    return {
        "B2B": "Yes",
        "Brand": "",
        "SpecialInstructions": order.special_instructions,
        **_blank("ShippingInstructions", "SourceMedia", "OrderCategory", "OrderStatus"),
        "Carrier": order.carrier,
        "CarrServ": order.carrier_service,
        "Currency": order.currency,
        "OrderContact": contact,
        "OrderDate": date_text(order.order_date, profile),
        "OrderEmail": order.delivery.email,
        **_blank("OrderPaid", "PaymentOnOrder", "ProdConv", "Proforma", "Season"),
        "SendToApproval": "Yes" if order.to_approval else "",
    }


def _invoice(party: Party) -> dict[str, str]:
    return {
        "InvoiceTitle": "",
        "InvoiceForename": party.forename,
        "InvoiceSurname": party.surname,
        **_lines("InvoiceAddrLine", party.lines),
        "InvoicePostCode": party.postcode,
        "InvoiceCountry": party.country,
        "InvoiceEmail": party.email,
        "InvoicePhone": party.phone,
        **_blank("InvoiceMobile", "InvoiceFax", "InvoiceFAO"),
    }


def _line(line: PrimaOrderLine, profile: PrimaProfile) -> dict[str, str]:
    product, m1, m2, m3, m4 = line.sku.codes
    return {
        "OrderLine": str(line.number),
        "Product": product,
        "MtrxCode1": m1,
        "MtrxCode2": m2,
        "MtrxCode3": m3,
        "MtrxCode4": m4,
        "Quantity": str(line.quantity),
        "Price": "" if line.price is None else money(line.price),
        "DueDate": date_text(line.due_date, profile),
        "Warehouse": line.warehouse,
        **_blank("TrDisc", "Promotion", "PromotionValue", "WebPrmCode"),
        "LineNarrative": line.narrative,
        "LineReference": line.reference,
        "Voucher": "No",
    }


def _charge(charge: OrderCharge) -> dict[str, str]:
    return {"Charge": charge.code, "ChargeValue": money(charge.value)}


def money(amount: Decimal) -> str:
    """
    Write an amount with a point and at least two decimals, without an exponent; nothing is rounded.

    >>> money(Decimal("62.5")), money(Decimal("1E+2")), money(Decimal("0.125"))
    ('62.50', '100.00', '0.125')
    """
    whole, _, decimals = format(amount, "f").partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"


def _lines(prefix: str, lines: tuple[str, ...]) -> dict[str, str]:
    return {
        f"{prefix}{n}": lines[n - 1] if n <= len(lines) else "" for n in range(1, ADDRESS_LINES + 1)
    }


def _blank(*names: str) -> dict[str, str]:
    return dict.fromkeys(names, "")


def _no(*names: str) -> dict[str, str]:
    return dict.fromkeys(names, "No")


def flag(value: bool) -> str:
    """Write a flag."""
    return "Yes" if value else "No"


def date_text(day: LocalDate | None, profile: PrimaProfile) -> str:
    """Write a day in the profile's form; None is blank."""
    return "" if day is None else day.strftime(profile.date_format)
