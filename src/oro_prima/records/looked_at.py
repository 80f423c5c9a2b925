"""What the rules look at: links, what lines ask for, and the homes of orders."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from attrs import frozen

from oro_prima.ids import OroCustomerId, OroSku, PrimaAccount, PrimaCompany, UnitCode


class Home(StrEnum):
    """Where an order that was read is now: each has exactly one home."""

    POSTED = "posted"
    WAITING = "waiting"
    IGNORED = "ignored"
    CANCELLED = "cancelled"
    HELD = "held"
    DISMISSED = "dismissed"
    IN_DOUBT = "in_doubt"
    MAIN = "main"
    """A main order that is posted through its sub-orders; in no term of the equation."""


@frozen
class Link:
    """
    An Oro customer and the Prima account it is billed to, approved by a person.

    `vat_inclusive` and `currency` say what the account's price book is like where that is known;
    an order that disagrees is held before it is posted. `deliv_addr_no` serves orders without a
    ship-to address. `pinned` is what of the customer it was approved on, such as `code ACME01`;
    empty where it was approved by hand.
    """

    customer: OroCustomerId
    account: PrimaAccount
    company: PrimaCompany
    approved_by: str
    approved_at: datetime
    source_hash: str
    deliv_addr_no: str = ""
    invc_addr_no: str = ""
    currency: str = ""
    vat_inclusive: bool | None = None
    pinned: str = ""


@frozen
class LineDemand:
    """
    What one order line asks for, without anything personal; lets stock in flight be computed.

    `price` is of one unit, as agreed in the shop; None where none is stated, or was not kept.
    """

    sku: OroSku
    unit: UnitCode
    quantity: Decimal
    price: Decimal | None = None
