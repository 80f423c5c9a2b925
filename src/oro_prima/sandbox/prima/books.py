"""What the sandbox's Prima keeps: accounts, stock, orders. No XML, no HTTP, no lock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from attrs import evolve, field, frozen

PURGED = "Purged"
"""Status under which the sandbox itself lists an order that its Prima no longer knows."""

_TAKEN_FROM = frozenset({"released", "part despatched", "despatched"})


def folded(code: str) -> str:
    """Bring a code to the form in which codes compare."""
    return code.strip().casefold()


@frozen
class StockKey:
    """Product and four matrix codes; compares trimmed and without case."""

    product: str = field(eq=folded)
    m1: str = field(default="", eq=folded)
    m2: str = field(default="", eq=folded)
    m3: str = field(default="", eq=folded)
    m4: str = field(default="", eq=folded)


@frozen
class AccountView:
    """One account; prices of its price book hold VAT or not."""

    code: str
    vat_inclusive: bool
    currency: str
    name: str


@frozen
class StockView:
    """
    One SKU: base units free to sell, below 0 where more was ordered than there was.

    `available_date` is the next availability as `dd/mm/yyyy`, shown only when nothing is free.
    """

    key: StockKey
    free: int
    available_date: str

    @property
    def shown(self) -> tuple[str, str]:
        """Quantity and date as an answer shows them."""
        return (str(max(self.free, 0)), "" if self.free > 0 else self.available_date)


@frozen
class OrderLineView:
    """One line as it was accepted; `price` is the text that was sent."""

    product: str
    m1: str
    m2: str
    m3: str
    m4: str
    quantity: int
    price: str

    @property
    def key(self) -> StockKey:
        """The SKU of the line."""
        return StockKey(self.product, self.m1, self.m2, self.m3, self.m4)


Charges = tuple[tuple[str, str], ...]


@frozen
class OrderView:
    """
    One order number.

    `reference` is the TPGUID of the newest acceptance, `accepted` how often the number was taken,
    `sent` the SHA-256 of the request that it came with, `charges` its (code, value) as sent.
    """

    order_number: str
    reference: str
    account: str
    lines: tuple[OrderLineView, ...]
    status: str
    accepted: int
    taken_off: bool
    sent: str = ""
    charges: Charges = ()


class Books:
    """Accounts, stock and orders of one data set; a foreign one belongs to somebody else."""

    def __init__(self, *, reserves: str, foreign: bool = False) -> None:
        self.reserves = reserves
        self.foreign = foreign
        self.accounts: dict[str, AccountView] = {}
        self.stock: dict[StockKey, StockView] = {}
        self.orders: dict[str, OrderView] = {}
        self.taken: set[str] = set()
        self.request_hash = ""
        self._new_accounts = 0

    def add_account(self, account: AccountView) -> None:
        """Add an account; its code must be free."""
        key = folded(account.code)
        if not key or key in self.accounts:
            msg = f"account {account.code!r}: blank or already there"
            raise ValueError(msg)
        self.accounts[key] = account

    def new_account(self, *, currency: str, vat_inclusive: bool, name: str) -> AccountView:
        """Open an account for an order that names none: ten digits, never matched to another."""
        self._new_accounts += 1
        code = f"{9_000_000_000 + self._new_accounts}"
        account = AccountView(code, vat_inclusive, currency, name)
        self.accounts[code] = account
        return account

    def order(self, number: str) -> OrderView | None:
        """Return the order of that number if it is known and not purged."""
        found = self.orders.get(number.strip())
        return None if found is None or found.status == PURGED else found

    def accept(
        self,
        number: str,
        *,
        reference: str,
        account: str,
        lines: Iterable[OrderLineView],
        charges: Charges = (),
    ) -> None:
        """Take an order whose number is free; its goods go now where Prima reserves now."""
        before = self.orders.get(number)
        accepted = before.accepted + 1 if before else 1
        kept, sent = tuple(lines), self.request_hash
        view = OrderView(
            number, reference, account, kept, "Entered", accepted, False, sent, charges
        )
        self.orders[number] = self._take(view) if self.reserves == "acceptance" else view

    def set_status(self, number: str, status: str) -> None:
        """Move an order on; goods not yet taken off go with the release, or come back."""
        known = self.order(number)
        if known is None:
            msg = f"order_number: Prima has no order {number!r}"
            raise KeyError(msg)
        view = evolve(known, status=status)
        if folded(status) in _TAKEN_FROM and not view.taken_off:
            view = self._take(view)
        if folded(status) == "cancelled" and folded(known.status) in ("entered", "released"):
            view = self._give_back(view)
        self.orders[view.order_number] = view

    def purge(self, number: str) -> None:
        """Forget an order: enquiries do not find it and its number is free again."""
        known = self.order(number)
        if known is not None:
            self.orders[known.order_number] = evolve(known, status=PURGED)

    def purge_all(self) -> None:
        """Forget every order."""
        for number in self.orders:
            self.purge(number)

    def _take(self, view: OrderView) -> OrderView:
        self._move(view, sign=-1)
        self.taken.add(view.reference)
        return evolve(view, taken_off=True)

    def _give_back(self, view: OrderView) -> OrderView:
        if view.taken_off:
            self._move(view, sign=1)
        self.taken.add(view.reference)
        return evolve(view, taken_off=False)

    def _move(self, view: OrderView, *, sign: int) -> None:
        for line in view.lines:
            row = self.stock[line.key]
            self.stock[line.key] = evolve(row, free=row.free + sign * line.quantity)


def day(text: str) -> str:
    """Check a `dd/mm/yyyy` date or blank; raises ValueError."""
    if text:
        parts = text.split("/")
        if [len(part) for part in parts] != [2, 2, 4]:
            msg = f"available_date: expected dd/mm/yyyy or blank, got {text!r}"
            raise ValueError(msg)
        date(int(parts[2]), int(parts[1]), int(parts[0]))
    return text
