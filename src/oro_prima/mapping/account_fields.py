"""
An account of Prima -> what its customer in the shop should have: group, term, tax code, list.

The customer is the one that an approved link names; nothing is created in Prima, and nothing is
derived from a code that is in no table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum

from attrs import field, frozen

from oro_prima.ids import OroCustomerGroupId, OroCustomerId, OroPriceListId, PrimaPriceBook
from oro_prima.mapping.limits import Leeway
from oro_prima.oro.models.price_assignments import CustomerPriceList
from oro_prima.prima.models.account import Account
from oro_prima.reasons import Reason, ReasonCode

Terms = Mapping[str, tuple[str, ...]]
"""Prima's payment terms -> the ids of the shop's that mean them; several cannot be chosen from."""


class CustomerField(StrEnum):
    """What of a customer is kept as Prima says."""

    GROUP = "group"
    PAYMENT_TERM = "payment-term"
    TAX_CODE = "tax-code"
    PRICE_LIST = "price-list"


@frozen
class CustomerPolicy:
    """
    What of customers is written, by which tables.

    Attributes:
        writes: What is kept as Prima says; of anything else nothing is written.
        groups: Prima's customer group -> the shop's.
        tax_codes: Prima's tax code of an account -> the shop's customer tax code, by its id.
        price_lists: Price book -> the price list that is made of it.
        sort_order: Of an assignment that is made; the smallest comes first.
        min_share: Share of the linked accounts that an answer must hold, 0 to 1.
        most, most_share: So many customers, or that share of the linked ones if it is more, change
            at once.
        trust_for: How long what Prima said of stops and currencies counts for orders.
    """

    writes: frozenset[str] = frozenset(CustomerField)
    groups: Mapping[str, OroCustomerGroupId] = field(factory=dict[str, OroCustomerGroupId])
    tax_codes: Mapping[str, str] = field(factory=dict[str, str])
    price_lists: Mapping[PrimaPriceBook, OroPriceListId] = field(
        factory=dict[PrimaPriceBook, OroPriceListId]
    )
    sort_order: int = 10
    min_share: Decimal = Decimal("0.9")
    most: int = 50
    most_share: Decimal = Decimal("0.1")
    trust_for: timedelta = timedelta(days=1)

    @property
    def keeps_lists(self) -> bool:
        """Whether assignments of price lists are kept as Prima says."""
        return bool(self.price_lists) and CustomerField.PRICE_LIST in self.writes

    @property
    def limit(self) -> Leeway:
        """How many customers change at once."""
        return Leeway(self.most, self.most_share)


@frozen
class CustomerNow:
    """What the shop shows of a customer; `lists` are its own assignments."""

    customer: OroCustomerId
    group: OroCustomerGroupId | None = None
    payment_term: str | None = None
    tax_code: str | None = None
    lists: tuple[CustomerPriceList, ...] = ()


@frozen
class CustomerShould:
    """
    What a customer should have where it has something else; None where nothing is to be written.

    Attributes:
        assign: A list to assign to it.
        move: The assignment that is to lead to another list, and which.
        reasons: Codes in no table, and lists that nobody may take away.
    """

    customer: OroCustomerId
    group: OroCustomerGroupId | None = None
    payment_term: str | None = None
    tax_code: str | None = None
    assign: OroPriceListId | None = None
    move: tuple[str, OroPriceListId] | None = None
    reasons: tuple[Reason, ...] = ()

    @property
    def changes(self) -> bool:
        """Whether anything is to be written."""
        fields = (self.group, self.payment_term, self.tax_code, self.assign, self.move)
        return any(one is not None for one in fields)


def map_account(
    now: CustomerNow, account: Account, policy: CustomerPolicy, *, terms: Terms
) -> CustomerShould:
    """
    Say what a customer should have, every code that is in no table at once.

    A field whose table is empty is not kept: nothing is said of it. An assignment of a list that
    is made of no book, such as a campaign's, is nobody's business here.
    """
    found = _Found(now, account, policy, terms, [])
    group = found.code(CustomerField.GROUP, account.group, policy.groups, now.group)
    tax = found.code(CustomerField.TAX_CODE, account.tax_code, policy.tax_codes, now.tax_code)
    term = found.term()
    assign, move = found.price_list()
    return CustomerShould(now.customer, group, term, tax, assign, move, tuple(found.reasons))


@frozen
class _Found:
    """One customer on its way; reasons gather."""

    now: CustomerNow
    account: Account
    policy: CustomerPolicy
    terms: Terms
    reasons: list[Reason]

    def code(
        self, name: CustomerField, code: str, table: Mapping[str, str], shown: str | None
    ) -> OroCustomerGroupId | None:
        """Return what a code means where the shop shows something else."""
        if name not in self.policy.writes or not table or not code:
            return None
        wanted = table.get(code)
        if wanted is None:
            self._unmapped(name, code)
        return OroCustomerGroupId(wanted) if wanted is not None and wanted != shown else None

    def term(self) -> str | None:
        """Return the payment term that the account has, where the shop shows another."""
        table, code = self.terms, self.account.terms
        if CustomerField.PAYMENT_TERM not in self.policy.writes or not table or not code:
            return None
        meant = table.get(code, ())
        if self.now.payment_term in meant:
            return None
        if len(meant) != 1:
            self._unmapped(CustomerField.PAYMENT_TERM, code)
            return None
        return meant[0]

    def price_list(self) -> tuple[OroPriceListId | None, tuple[str, OroPriceListId] | None]:
        """Return the list to assign, or the assignment that is to lead to it."""
        table, book = self.policy.price_lists, self.account.price_book
        if not self.policy.keeps_lists:
            return None, None
        wanted = table.get(book)
        if wanted is None:
            self._unmapped(CustomerField.PRICE_LIST, book)
            return None, None
        made = set(table.values())
        ours = [one for one in self.now.lists if one.price_list in made]
        others = [one for one in ours if one.price_list != wanted]
        if len(others) < len(ours):
            self._too_many(others)
            return None, None
        if len(others) > 1:
            self._too_many(others)
        return (wanted, None) if len(others) != 1 else (None, (others[0].id, wanted))

    def _unmapped(self, name: CustomerField, code: str) -> None:
        subject = f"customers/{self.now.customer}"
        detail = f"{name} {code} of account {self.account.code}"
        cause = f"{name}s/{code}"
        self.reasons.append(Reason(ReasonCode.CUSTOMER_CODE_NOT_MAPPED, subject, detail, cause))

    def _too_many(self, others: Iterable[CustomerPriceList]) -> None:
        """Say which lists of other books a customer has; nobody takes them away by itself."""
        for one in others:
            subject = f"customers/{self.now.customer}"
            detail = (
                f"price list {one.price_list} is of another book than {self.account.price_book}, "
                f"which account {self.account.code} has"
            )
            self.reasons.append(Reason(ReasonCode.PRICE_BOOK_DIFFERS, subject, detail))


def terms_by_prima(payment_terms: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """
    Turn the table of payment terms round: Prima's terms -> every term of the shop that means them.

    >>> terms_by_prima({"1": "30EOM", "2": "30EOM", "": "PRO"})
    {'30EOM': ('1', '2')}
    """
    found: dict[str, tuple[str, ...]] = {}
    for term, code in payment_terms.items():
        if term:
            found[code] = (*found.get(code, ()), term)
    return found


def delivery_drift(
    accounts: Iterable[tuple[OroCustomerId, Account]],
    numbers: Mapping[OroCustomerId, Iterable[str]],
) -> Iterator[Reason]:
    """
    Yield a reason for each numbered address of the table that its account does not have.

    Args:
        accounts: Linked customers, each with its account.
        numbers: The numbers that the table of deliveries gives a customer.
    """
    for customer, account in accounts:
        known = {address.number for address in account.addresses}
        for number in sorted(set(numbers.get(customer, ())) - known):
            subject = f"customers/{customer}"
            detail = f"account {account.code} has no address {number}"
            yield Reason(ReasonCode.DELIVERY_UNKNOWN, subject, detail, subject)
