"""Commands, reasons and accounts as people and as JSON read them."""

from __future__ import annotations

from decimal import Decimal

from oro_prima.config import Config
from oro_prima.mapping.price_turns import StagedDay
from oro_prima.plans import (
    AddPrice,
    AssignPriceList,
    EndPrice,
    MovePriceList,
    PricePolicies,
    ProductPolicies,
    SeenAccount,
    SetCustomer,
    SetPrice,
)
from oro_prima.reasons import Reason


def command_text(command: SetCustomer | AssignPriceList | MovePriceList) -> str:
    """
    Return what a command does, in one line.

    >>> from oro_prima.ids import OroCustomerId
    >>> command_text(SetCustomer(OroCustomerId("7"), "3", "", "1"))
    'group 3, tax code 1'
    """
    match command:
        case SetCustomer():
            named = {
                "group": command.group,
                "payment term": command.payment_term,
                "tax code": command.tax_code,
            }
            return ", ".join(f"{name} {value}" for name, value in named.items() if value)
        case AssignPriceList():
            return f"assign price list {command.price_list}"
        case MovePriceList():
            return f"price list {command.price_list} in place of assignment {command.assignment}"


def reason_json(reason: Reason) -> dict[str, str]:
    """Return a reason as a tree."""
    return {"code": reason.code.value, "subject": reason.subject, "detail": reason.detail}


def seen_json(account: SeenAccount) -> dict[str, object]:
    """Return what Prima says of an account as a tree."""
    return {
        "account": account.code,
        "on_stop": account.on_stop,
        "currency": account.currency,
        "vat_inclusive": account.vat_inclusive,
        "price_book": account.price_book,
        "credit_limit": None if account.credit_limit is None else str(account.credit_limit),
        "balance": None if account.balance is None else str(account.balance),
    }


def price_policies(config: Config) -> PricePolicies:
    """Return how books are read and what is written of lists."""
    return PricePolicies(config.books, config.flows.pricing)


def product_policies(config: Config) -> ProductPolicies:
    """Return how units are mapped, and what happens to products that are not."""
    return ProductPolicies(config.products, config.flows.publication)


def price_text(command: SetPrice | AddPrice | EndPrice) -> str:
    """Return what is done to a row of a price list, in one line."""
    price = command.price
    slot = f"{price.sku} {price.unit} from {price.quantity}"
    match command:
        case SetPrice(previous=previous):
            return f"{slot}: {previous} -> {price.value} {price.currency}"
        case AddPrice():
            return f"{slot}: {price.value} {price.currency} is added"
        case EndPrice():
            return f"{slot}: {price.value} {price.currency} ends"


def price_json(command: SetPrice | AddPrice | EndPrice) -> dict[str, object]:
    """Return what is done to a row of a price list as a tree."""
    price = command.price
    was: object = str(command.previous) if isinstance(command, SetPrice) else None
    return {
        "sku": price.sku,
        "unit": price.unit,
        "quantity": str(price.quantity),
        "currency": price.currency,
        "from": str(price.value) if isinstance(command, EndPrice) else was,
        "to": None if isinstance(command, EndPrice) else str(price.value),
    }


def staged_lines(day: StagedDay) -> list[str]:
    """Return what a book changes of its list on a later day, a line a row."""
    more = day.count - len(day.rows)
    unsure = f", {day.unsure} product units cannot be priced" if day.unsure else ""
    lines = [f"  on {day.day.isoformat()}: {day.count} rows{unsure}"]
    lines += [
        f"    {one.sku} {one.unit} from {one.quantity}: "
        f"{_shown(one.previous)} -> {_shown(one.value)} {one.currency}"
        for one in day.rows
    ]
    return [*lines, f"    and {more} more"] if more else lines


def _shown(value: Decimal | None) -> str:
    return "none" if value is None else str(value)


def staged_json(day: StagedDay) -> dict[str, object]:
    """Return what a book changes of its list on a later day as a tree."""
    return {
        "day": day.day.isoformat(),
        "count": day.count,
        "unsure": day.unsure,
        "rows": [
            {
                "sku": one.sku,
                "unit": one.unit,
                "quantity": str(one.quantity),
                "currency": one.currency,
                "from": None if one.previous is None else str(one.previous),
                "to": None if one.value is None else str(one.value),
            }
            for one in day.rows
        ],
    }
