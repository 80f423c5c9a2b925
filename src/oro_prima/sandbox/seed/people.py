"""Made-up customers: organisations with branches, accounts, and addresses that do not exist."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from attrs import frozen

from oro_prima.sandbox.seed.words import (
    BRANCHES,
    FORENAMES,
    PLACES,
    STREETS,
    SURNAMES,
    TOWNS,
    TRADES,
)


@frozen
class Buyer:
    """
    One customer to be.

    `parent` is the place of its organisation in the list; None for one that has none. `account` is
    empty for the one customer without a link.
    """

    name: str
    parent: int | None
    account: str
    vat_inclusive: bool
    address: Mapping[str, str]


def make_buyers(rng: Random, *, count: int) -> tuple[Buyer, ...]:
    """Make `count` buyers; the last two are without a link and with prices that hold VAT."""
    return tuple(_buyer(rng, number, count) for number in range(count))


def _buyer(rng: Random, number: int, count: int) -> Buyer:
    parent = number - number % 5 if number % 5 in (1, 2) else None
    name = f"{PLACES[number // 5 % len(PLACES)]} {TRADES[number // 5 % len(TRADES)]}"
    label = f"{name} {number // 5 + 1}" if parent is None else f"{name} {rng.choice(BRANCHES)}"
    return Buyer(
        name=f"{label} ({number + 1})",
        parent=parent,
        account="" if number == count - 2 else f"TRADE{number + 1:04}",
        vat_inclusive=number == count - 1,
        address=_address(rng, name),
    )


def _address(rng: Random, organization: str) -> Mapping[str, str]:
    return {
        "organization": organization,
        "firstName": rng.choice(FORENAMES),
        "lastName": rng.choice(SURNAMES),
        "street": f"{rng.randint(1, 99)} {rng.choice(STREETS)}",
        "street2": rng.choice(("", "", "Unit 4, Back Yard")),
        "city": rng.choice(TOWNS),
        "postalCode": f"ZZ{rng.randint(1, 9)} {rng.randint(1, 9)}ZZ",
        "phone": f"01632 960{rng.randint(0, 999):03}",
        "country": "GB",
    }
