"""Orders as Prima takes them (request type `MultiNewOrder`) and what it answers."""

from __future__ import annotations

from decimal import Decimal

from attrs import frozen

from oro_prima.ids import PrimaAccount, PrimaOrderNumber
from oro_prima.values import LocalDate, SkuKey


@frozen
class Party:
    """A name and an address of six lines; texts already fit Prima's fields and code page."""

    forename: str = ""
    surname: str = ""
    lines: tuple[str, ...] = ()
    postcode: str = ""
    country: str = ""
    email: str = ""
    phone: str = ""


@frozen
class PrimaOrderLine:
    """
    One line: whole base units of one SKU.

    `price` is what `price_basis` says: of one unit, of the line, or None for Prima's own.
    `reference` leads back to the Oro line.
    """

    number: int
    sku: SkuKey
    quantity: int
    price: Decimal | None
    reference: str
    due_date: LocalDate | None = None
    narrative: str = ""
    warehouse: str = ""


@frozen
class OrderCharge:
    """A charge such as carriage, by Prima's code; `value` has 2 decimals."""

    code: str
    value: Decimal


@frozen
class PrimaOrder:
    """
    The intent of one order: what Prima is asked to take. Prima computes price, tax and discount.

    `reference` is the stable Oro key (`TPGUID`), `number` a pure function of the Oro id. An order
    `on_hold` waits in Prima for somebody to release it, one `to_approval` for credit control.

    Raises:
        ValueError: The account is blank: Prima would make a new customer, each time.
    """

    number: PrimaOrderNumber
    reference: str
    account: PrimaAccount
    currency: str
    vat_inclusive: bool
    order_date: LocalDate
    lines: tuple[PrimaOrderLine, ...]
    customer_ref: str = ""
    delivery: Party = Party()
    deliv_addr_no: str = ""
    delivery_fao: str = ""
    invoice: Party | None = None
    invc_addr_no: str = ""
    channel: str = ""
    carrier: str = ""
    carrier_service: str = ""
    special_instructions: str = ""
    charges: tuple[OrderCharge, ...] = ()
    payment_terms: str = ""
    on_hold: bool = False
    hold_narrative: str = ""
    to_approval: bool = False

    def __attrs_post_init__(self) -> None:
        if not self.account.strip():
            msg = f"order {self.number}: account is blank, and Prima would make a new customer"
            raise ValueError(msg)


@frozen
class OrderAnswer:
    """
    Prima took the order.

    `account` is the account it says it booked it on; where it differs from the one sent the order
    stands, and somebody has to know.
    """

    number: PrimaOrderNumber
    reference: str
    account: PrimaAccount


@frozen
class OrderStatusAnswer:
    """The status text of an order that Prima knows, as Prima spells it."""

    number: PrimaOrderNumber
    status: str
