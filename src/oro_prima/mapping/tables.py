"""The tables that rules look things up in: links, accounts, product units, charges."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

from attrs import field, frozen

from oro_prima.ids import (
    OroCustomerId,
    OroSku,
    PrimaAccount,
    PrimaCompany,
    PrimaPriceBook,
    UnitCode,
)
from oro_prima.records import Link
from oro_prima.values import SkuKey


@frozen
class Component:
    """
    How much of one Prima SKU one product unit holds.

    `count` is in base units and above 0. `price_share` is this component's price for one product
    unit, where the table states it; it must then be exact.
    """

    sku: SkuKey
    count: Fraction
    price_share: Decimal | None = None

    def __str__(self) -> str:
        return f"{self.count} of {self.sku}"


UnitKey = tuple[OroSku, UnitCode]
"""A product unit: product SKU and unit."""

UnitTable = Mapping[UnitKey, tuple[Component, ...]]
"""(product SKU, unit) -> the base SKUs that one such unit is made of."""


NO_BOOK = PrimaPriceBook("")
"""Of an account whose price book nobody has named."""


class AccountState(StrEnum):
    """Whether Prima takes orders on an account."""

    OPEN = "open"
    STOPPED = "stopped"
    CLOSED = "closed"


@frozen
class AccountFacts:
    """
    What is known of an account in Prima; what nobody knows is None, or empty.

    `currency` is the account's only one; `vat_inclusive` whether its price book holds VAT;
    `price_book` its code.
    """

    state: AccountState | None = None
    currency: str = ""
    vat_inclusive: bool | None = None
    price_book: PrimaPriceBook = NO_BOOK


@frozen
class NumberedAddress:
    """
    A delivery address that Prima knows by its number.

    `postcode` and `street` say which ship-to addresses it is; letters and digits alone are
    compared, without case. Without a postcode it serves orders that name no ship-to.
    """

    number: str
    postcode: str = ""
    street: str = ""


@frozen
class Carrier:
    """A carrier and its service, in Prima's codes."""

    carrier: str
    service: str = ""

    def __str__(self) -> str:
        return f"{self.carrier} {self.service}".strip()


@frozen
class Tables:
    """
    Everything that is looked up, never guessed.

    Attributes:
        company: The Prima company that orders go to.
        links: Approved links, by customer.
        units: What product units are made of.
        charges: Oro's shipping method -> Prima's charge code; the empty method is the default for
            orders that name none.
        parents: Customer -> the customer above it, where there is one.
        accounts: What is known of accounts; one that is not here is used as its link says.
        deliveries: Customer -> its delivery addresses that have a number in Prima.
        carriers: Oro's shipping method, or `method:type` -> Prima's carrier; the empty method is
            the row for all others. An empty table leaves it to the policy.
        payment_terms: Oro's payment term -> Prima's; the empty one is for orders that name none.
        surcharges: Kind of a computed total that OroCommerce itself does not know -> charge code.
        sales: Base units of a SKU that are sold a day; a SKU that is not here has no days of cover.
        ordered_before: Accounts that have ordered before; None where nobody knows.
        links_changed: Customers whose link was approved on something that has changed since.
    """

    company: PrimaCompany
    links: Mapping[OroCustomerId, Link] = field(factory=dict[OroCustomerId, Link])
    units: UnitTable = field(factory=dict[tuple[OroSku, UnitCode], tuple[Component, ...]])
    charges: Mapping[str, str] = field(factory=dict[str, str])
    parents: Mapping[OroCustomerId, OroCustomerId] = field(
        factory=dict[OroCustomerId, OroCustomerId]
    )
    accounts: Mapping[PrimaAccount, AccountFacts] = field(factory=dict[PrimaAccount, AccountFacts])
    deliveries: Mapping[OroCustomerId, tuple[NumberedAddress, ...]] = field(
        factory=dict[OroCustomerId, tuple[NumberedAddress, ...]]
    )
    carriers: Mapping[str, Carrier] = field(factory=dict[str, Carrier])
    payment_terms: Mapping[str, str] = field(factory=dict[str, str])
    surcharges: Mapping[str, str] = field(factory=dict[str, str])
    sales: Mapping[SkuKey, Decimal] = field(factory=dict[SkuKey, Decimal])
    ordered_before: frozenset[PrimaAccount] | None = None
    links_changed: frozenset[OroCustomerId] = frozenset()

    @cached_property
    def skus(self) -> frozenset[SkuKey]:
        """Every SKU that a product unit holds; the table is read once and looked at many times."""
        return frozenset(part.sku for parts in self.units.values() for part in parts)
