"""Customer accounts of Prima, where the profile binds how they are read."""

from __future__ import annotations

from decimal import Decimal

from attrs import frozen

from oro_prima.ids import PrimaAccount, PrimaPriceBook


@frozen
class AccountAddress:
    """One numbered address of an account; `use` is Prima's word for what it is for."""

    number: str
    use: str = ""
    lines: tuple[str, ...] = ()
    postcode: str = ""
    country: str = ""


@frozen
class Account:
    """
    One account.

    Attributes:
        price_book, vat_inclusive: Its prices, and whether they hold VAT.
        on_stop: Whether Prima takes no orders for it.
        credit_limit, balance: In its currency; None where the binding does not give them.
        group, tax_code: Prima's codes; empty where the binding does not give them.
    """

    code: PrimaAccount
    name: str
    price_book: PrimaPriceBook
    vat_inclusive: bool
    currency: str
    terms: str
    on_stop: bool
    addresses: tuple[AccountAddress, ...] = ()
    credit_limit: Decimal | None = None
    balance: Decimal | None = None
    group: str = ""
    tax_code: str = ""
