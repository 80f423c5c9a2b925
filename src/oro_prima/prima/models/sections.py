"""
Every further attribute of an order that is evidenced, in typed sections.

The connector's own orders send exactly the attributes of a trade order. Who posts with the client
alone, or runs workwear, vouchers or card payments through Prima, adds sections. A field that is
None is left as the order has it; a blank text is sent blank. What most of them mean in Prima is
inferred from their names alone: ask before you rely on one.

A field is the attribute's name in snake case: `season_dd_validation` is `SeasonDDValidation`.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from attrs import field, fields, frozen

from oro_prima.values import LocalDate

Value = str | bool | Decimal | LocalDate | int | None


@frozen
class Hold:
    """On `Data`: whether the order is created on hold, and why."""

    hold_order: bool | None = None
    hold_order_narrative: str | None = None


@frozen
class Person:
    """On `Data`: a consumer's details and what may be sent to him."""

    cust_def: str | None = None
    customer_title: str | None = None
    customer_mobile: str | None = None
    customer_fax: str | None = None
    gender: str | None = None
    date_of_birth: LocalDate | None = None
    receive_mail: bool | None = None
    receive_email: bool | None = None
    receive_text: bool | None = None
    receive_phone: bool | None = None
    receive_mobile: bool | None = None
    rent_details: bool | None = None


@frozen
class Terms:
    """On `Data`: how the order is sold, and what Prima checks."""

    order_type: str | None = None
    payment_terms: str | None = None
    salesman: str | None = None
    season_dd_validation: str | None = None
    entitlement_check: str | None = None


@frozen
class Workwear:
    """On `Data`: wardrobe and wearer."""

    wardrobe: str | None = None
    works_no: str | None = None
    wr_emp_code: str | None = None
    wr_emp_dept: str | None = None
    wr_emp_ref1: str | None = None
    wr_emp_ref2: str | None = None
    wr_emp_role: str | None = None
    wr_ord_ref1: str | None = None
    wr_ord_ref2: str | None = None
    wr_ord_ref3: str | None = None
    wr_ord_ref4: str | None = None


@frozen
class Header:
    """On `OrderHeaderData`; `b2b` and `order_contact` replace what an order sends by itself."""

    b2b: bool | None = None
    brand: str | None = None
    shipping_instructions: str | None = None
    source_media: str | None = None
    order_category: str | None = None
    order_status: str | None = None
    order_contact: str | None = None
    order_email: str | None = None
    order_paid: str | None = None
    payment_on_order: str | None = None
    prod_conv: str | None = None
    proforma: str | None = None
    season: str | None = None
    send_to_approval: str | None = None


@frozen
class InvoiceContact:
    """On `OrderInvoiceData`, where the order has an invoice party."""

    invoice_title: str | None = None
    invoice_mobile: str | None = None
    invoice_fax: str | None = None
    invoice_fao: str | None = None


@frozen
class Voucher:
    """On a line that sells a gift voucher."""

    vch_method: str | None = None
    vch_greetcard: str | None = None
    vch_greet_message: str | None = None
    vch_message: str | None = None
    vch_name: str | None = None
    vch_addr_line1: str | None = None
    vch_addr_line2: str | None = None
    vch_addr_line3: str | None = None
    vch_addr_line4: str | None = None
    vch_addr_line5: str | None = None
    vch_addr_line6: str | None = None
    vch_post_code: str | None = None
    vch_cntry: str | None = None
    vch_email: str | None = None


@frozen
class LineTerms:
    """
    On one line: stock options, discount, promotion, taxes of the United States, a voucher.

    `taxes` are up to six FIPS codes with their values.
    """

    reserve: str | None = None
    inventory: str | None = None
    tr_disc: Decimal | None = None
    ext_tax_val: Decimal | None = None
    enhancement_to_line: str | None = None
    line_salesman: str | None = None
    promotion: str | None = None
    promotion_value: Decimal | None = None
    web_prm_code: str | None = None
    works_no: str | None = None
    taxes: tuple[tuple[str, Decimal], ...] = field(default=(), metadata={"apart": True})
    voucher: Voucher | None = field(default=None, metadata={"apart": True})


@frozen
class Payment:
    """`OrderPaymentData`: a payment that was taken in the shop; account orders have none."""

    pay_method: str
    tran_amount: Decimal
    sub_pay_method: str = ""
    auth_ref: str = ""
    auth_date: LocalDate | None = None
    auth_time: str = ""
    bank_sort: str = ""
    bank_account: str = ""
    cheque_num: str = ""
    pay_provider: str = "NONE"
    pay_provider_status: str = ""
    pay_auth_ref: str = ""
    pay_auth_id: str = ""
    line_ref: str = ""
    token_id: str = field(default="", repr=False)
    cavv: str = field(default="", repr=False)
    eci: str = ""
    ats_data: str = field(default="", repr=False)
    transaction_id: str = ""
    authentication_status: str = ""
    vch_number: str = ""
    failure_count: int = 0
    exch_credit_no: str = ""


@frozen
class OrderSections:
    """
    What an order says beyond a plain trade order.

    `lines` is by the line's number; one that the order does not have is an error.
    """

    hold: Hold | None = None
    person: Person | None = None
    terms: Terms | None = None
    workwear: Workwear | None = None
    header: Header | None = None
    invoice: InvoiceContact | None = None
    lines: Mapping[int, LineTerms] = field(factory=dict[int, LineTerms])
    payment: Payment | None = None


Section = Hold | Person | Terms | Workwear | Header | InvoiceContact | LineTerms | Voucher | Payment
MOST_TAXES = 6
_SPECIAL = {
    "b2b": "B2B",
    "season_dd_validation": "SeasonDDValidation",
    "wr_emp_code": "WREmpCode",
    "wr_emp_dept": "WREmpDept",
    "wr_emp_ref1": "WREmpRef1",
    "wr_emp_ref2": "WREmpRef2",
    "wr_emp_role": "WREmpRole",
    "wr_ord_ref1": "WROrdRef1",
    "wr_ord_ref2": "WROrdRef2",
    "wr_ord_ref3": "WROrdRef3",
    "wr_ord_ref4": "WROrdRef4",
    "invoice_fao": "InvoiceFAO",
    "token_id": "TokenID",
    "cavv": "CAVV",
    "eci": "ECI",
    "ats_data": "ATSData",
    "transaction_id": "TransactionID",
}


def wire_name(name: str) -> str:
    """
    Return the attribute's name of a field.

    >>> wire_name("hold_order_narrative"), wire_name("eci")
    ('HoldOrderNarrative', 'ECI')
    """
    return _SPECIAL.get(name) or "".join(part[:1].upper() + part[1:] for part in name.split("_"))


def section_values(section: Section | None) -> dict[str, Value]:
    """Return what a section says by the attribute's name; what is None is left out."""
    if section is None:
        return {}
    values: dict[str, Value] = {}
    for one in fields(type(section)):
        value: Value = None if one.metadata.get("apart") else getattr(section, one.name)
        if value is not None:
            values[wire_name(one.name)] = value
    if isinstance(section, LineTerms):
        for number, (code, amount) in enumerate(section.taxes, start=1):
            values |= {f"FIPSCode{number}": code, f"FIPSValue{number}": amount}
        if section.voucher is not None:
            values |= {"Voucher": True} | section_values(section.voucher)
    return values


def section_faults(sections: OrderSections, *, lines: frozenset[int]) -> tuple[str, ...]:
    """Return what is wrong with sections of an order that has these lines."""
    faults = [f"sections of line {n}, which there is not" for n in sections.lines if n not in lines]
    for number, terms in sections.lines.items():
        if len(terms.taxes) > MOST_TAXES:
            faults.append(f"line {number} has over {MOST_TAXES} FIPS codes")
    every = (sections.payment, *sections.lines.values())
    amounts = [v for one in every for v in section_values(one).values() if isinstance(v, Decimal)]
    if not all(amount.is_finite() for amount in amounts):
        faults.append("an amount of a section is not a number")
    return tuple(faults)
