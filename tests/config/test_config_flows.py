"""Policies of flows that bindings make possible: read from their sections and tables."""

from __future__ import annotations

import tomllib

import pytest

from oro_prima.config import build_policies, policies_tree
from oro_prima.errors import ConfigError

RULES = """
[orders]
start_at = 2031-05-04T00:00:00Z
price_basis = "omit"
vat_inclusive = false
"""
SAID = (
    RULES
    + """
[invoices]
ask_for = "30 d"
[customers]
writes = ["group"]
most_share = "0.2"
[schedule]
full_stock_at = ""
priority = ["stock"]
[customer_groups]
TRADE = "3"
[customer_tax_codes]
UK = "1"
[price_lists]
TRADE-GBP = "4"
"""
)


def test_what_is_said_is_read_and_written_again() -> None:
    """Sections and tables."""
    policies = build_policies(tomllib.loads(SAID))

    assert policies.flows.customers.groups == {"TRADE": "3"}
    assert policies.flows.customers.price_lists == {"TRADE-GBP": "4"}
    assert policies.flows.invoices.ask_for.days == 30
    assert build_policies(policies_tree(policies)) == policies


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('[customer_groups]\nT = "x"', "customer_groups.T: expected an id"),
        ('[customer_tax_codes]\nT = ""', "customer_tax_codes.T: expected an id"),
        ('[price_lists]\nT = "x"', "price_lists.T: expected an id"),
        ('[price_lists]\nT = "4"\nU = "4"', "price_lists: list 4 is made of more than one book"),
        ('[schedule]\nfull_stock_at = "25:00"', "schedule.full_stock_at: expected a time"),
        ("customer_groups = 1", "customer_groups: expected a table such as"),
        ('[customers]\nwrites = ["names"]', "customers.writes: expected"),
    ],
)
def test_what_is_wrong_is_named(text: str, fault: str) -> None:
    """With its place."""
    with pytest.raises(ConfigError) as caught:
        build_policies(tomllib.loads(text + "\n" + RULES if "=" in text[:18] else RULES + text))

    assert any(one.startswith(fault) for one in caught.value.faults)
