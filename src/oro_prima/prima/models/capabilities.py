"""
What each capability has to give, whatever way it is bound.

None of them is evidenced: no public document names a request type for one. So a profile binds them
by data, and what a flow needs is written here once, as fields with a kind.
"""

from __future__ import annotations

from enum import StrEnum

from attrs import field, frozen


class Capability(StrEnum):
    """Something of Prima that a flow could use, and that no evidenced request gives."""

    ACCOUNT = "account"
    PRICE_BOOK = "price_book"
    PRODUCT = "product"
    DESPATCH = "despatch"
    INVOICE = "invoice"
    STOCK_BREAKDOWN = "stock_breakdown"


UNBOUND_MEANS: dict[Capability, str] = {
    Capability.ACCOUNT: "accounts are linked and looked after by hand",
    Capability.PRICE_BOOK: "the shop's prices stay, and none is checked before an order is posted",
    Capability.PRODUCT: "SKUs are known by the stock alone: no units, VAT codes or barcodes",
    Capability.DESPATCH: "the status text alone tells how far an order is; no parcels",
    Capability.INVOICE: "what was billed is not stated",
    Capability.STOCK_BREAKDOWN: "free stock is one figure; physical and allocated are not stated",
}
"""What follows from a capability that a profile does not bind."""


class Kind(StrEnum):
    """How the text of a field is read."""

    TEXT = "text"
    NUMBER = "number"
    WHOLE = "whole number"
    DATE = "date"
    FLAG = "flag"


@frozen
class Wanted:
    """
    One field: whether a binding must give it, and whether a record must fill it.

    A binding that must give what its Prima does not have says so by the text that is always the
    same: `valid_to = "="`.
    """

    kind: Kind = Kind.TEXT
    bound: bool = False
    filled: bool = False


@frozen
class Shape:
    """
    The fields of a record, those of its lines, and what a request can be about.

    `many` names the parameter that holds a list: a request names each of its members once.
    """

    fields: dict[str, Wanted] = field(hash=False)
    lines: dict[str, Wanted] = field(factory=dict[str, Wanted], hash=False)
    parameters: tuple[str, ...] = ()
    many: tuple[str, ...] = ()


_MUST = Wanted(bound=True, filled=True)
_MAY = Wanted()
_SAID = Wanted(bound=True)
_SKU = {"product": _MUST, "m1": _MAY, "m2": _MAY, "m3": _MAY, "m4": _MAY}
_LINE_SKU = dict.fromkeys(("product", "m1", "m2", "m3", "m4"), _MAY)


def _must(kind: Kind) -> Wanted:
    return Wanted(kind, bound=True, filled=True)


SHAPES: dict[Capability, Shape] = {
    Capability.ACCOUNT: Shape(
        {
            "code": _MUST, "name": _MUST, "price_book": _MUST,
            "vat_inclusive": _must(Kind.FLAG), "currency": _MUST, "terms": _SAID,
            "on_stop": _must(Kind.FLAG), "credit_limit": Wanted(Kind.NUMBER),
            "balance": Wanted(Kind.NUMBER), "group": _MAY, "tax_code": _MAY,
        },
        {
            "number": _MUST, "use": _MAY, "line1": _MAY, "line2": _MAY, "line3": _MAY,
            "line4": _MAY, "line5": _MAY, "line6": _MAY, "postcode": _MAY, "country": _MAY,
        },
        ("account",),
    ),
    Capability.PRICE_BOOK: Shape(
        {
            "book": _MUST, "currency": _MUST, "vat_inclusive": _must(Kind.FLAG), **_SKU,
            "quantity": _must(Kind.NUMBER), "price": _must(Kind.NUMBER), "unit": _SAID,
            "valid_from": Wanted(Kind.DATE, bound=True), "valid_to": Wanted(Kind.DATE, bound=True),
        },
        {},
        ("book", "first", "last"),
    ),
    Capability.PRODUCT: Shape(
        {
            **_SKU, "description": _MUST, "unit": _MUST, "vat_code": _MUST, "barcode": _SAID,
            "discontinued": Wanted(Kind.FLAG),
        },
        {},
        ("first", "last"),
    ),
    Capability.DESPATCH: Shape(
        {
            "number": _MUST, "date": Wanted(Kind.DATE, bound=True), "carrier": _SAID,
            "service": _MAY, "tracking": _SAID, "order_number": _MAY,
        },
        {
            "order_line": _must(Kind.WHOLE), "quantity": _must(Kind.NUMBER), **_LINE_SKU,
        },
        ("order_number",),
    ),
    Capability.INVOICE: Shape(
        {
            "number": _MUST, "date": _must(Kind.DATE), "order_number": _MUST,
            "currency": _MUST, "net": _must(Kind.NUMBER), "vat": _must(Kind.NUMBER),
            "gross": _must(Kind.NUMBER), "credit": Wanted(Kind.FLAG), "despatch": _MAY,
        },
        {
            "order_line": _must(Kind.WHOLE), "quantity": _must(Kind.NUMBER),
            "price": Wanted(Kind.NUMBER), "net": Wanted(Kind.NUMBER), "vat_code": _MAY,
            "vat_rate": Wanted(Kind.NUMBER),
        },
        ("order_number",),
    ),
    Capability.STOCK_BREAKDOWN: Shape(
        {
            **_SKU, "warehouse": _SAID, "physical": _must(Kind.NUMBER),
            "allocated": _must(Kind.NUMBER), "free": _must(Kind.NUMBER),
            "on_order": Wanted(Kind.NUMBER, bound=True), "next_due": Wanted(Kind.DATE),
        },
        {},
        ("warehouse",),
        ("product", "m1", "m2", "m3", "m4"),
    ),
}  # fmt: skip
"""Every capability's shape; lines are addresses of an account, lines of a despatch or invoice."""
LINES_NEEDED = frozenset({Capability.ACCOUNT, Capability.DESPATCH, Capability.INVOICE})
