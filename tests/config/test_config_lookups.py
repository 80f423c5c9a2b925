"""Tables beside the product units: in place or as CSV, every fault with its row."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from oro_prima.config import build_policies
from oro_prima.config.lookups import read_tax_codes
from oro_prima.errors import ConfigError
from oro_prima.ids import OroCustomerId, OroSku, PrimaAccount, PrimaPriceBook
from oro_prima.mapping import (
    AccountFacts,
    AccountState,
    Carrier,
    Duplicates,
    HoldAction,
    HoldRule,
    Inherit,
    NumberedAddress,
    OrderTest,
    Overflow,
    Progress,
    RouteRule,
    Tables,
)
from oro_prima.mapping.statuses import EVIDENCED
from oro_prima.mapping.tax import TaxTables

LEAST: dict[str, object] = {
    "orders": {"start_at": "2031-05-04T00:00:00Z", "price_basis": "unit", "vat_inclusive": False}
}


def tables(folder: Path, **given: object) -> Tables:
    return build_policies(LEAST | given, folder=folder).tables


def faults(folder: Path, **given: object) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        tables(folder, **given)
    return caught.value.faults


def test_nothing_is_known_unless_it_is_said(tmp_path: Path) -> None:
    """Every table may be left out."""
    found = tables(tmp_path)

    assert (found.parents, found.accounts, found.deliveries) == ({}, {}, {})


def test_accounts_and_addresses_are_read_from_files(tmp_path: Path) -> None:
    """An empty cell means that nobody knows."""
    (tmp_path / "a.csv").write_text(
        "account,state,currency,vat_inclusive,price_book\nA1,Stopped,GBP,no, TRADE\nA2,,,,\n",
        encoding="utf-8",
    )
    (tmp_path / "d.csv").write_text(
        "customer,deliv_addr_no,postcode,street\n3,1,ZZ1 1ZZ,1 Sample Street\n3,9,,\n",
        encoding="utf-8",
    )
    found = tables(tmp_path, known_accounts="a.csv", deliveries="d.csv", parents={"31": "3"})

    assert found.accounts == {
        PrimaAccount("A1"): AccountFacts(
            AccountState.STOPPED, "GBP", False, PrimaPriceBook("TRADE")
        ),
        PrimaAccount("A2"): AccountFacts(),
    }
    assert found.deliveries == {
        OroCustomerId("3"): (
            NumberedAddress("1", "ZZ1 1ZZ", "1 Sample Street"),
            NumberedAddress("9"),
        )
    }
    assert found.parents == {OroCustomerId("31"): OroCustomerId("3")}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"known_accounts": [{"account": "A1", "state": "asleep"}]}, "known_accounts row 1: state: expected one of open, stopped, closed"),
        ({"known_accounts": [{"account": "A1"}, {"account": "A1"}]}, "known_accounts row 2: expected an account that stands once"),
        ({"known_accounts": [{"state": "open"}]}, "known_accounts row 1: expected an account"),
        ({"known_accounts": [{"account": "A", "vat_inclusive": "maybe"}]}, "vat_inclusive: expected yes, no or nothing"),
        ({"known_accounts": 7}, 'known_accounts: expected a file name such as "known_accounts.csv"'),
        ({"deliveries": [{"customer": "x", "deliv_addr_no": "1"}]}, "deliveries row 1: expected the number of a customer"),
        ({"deliveries": [{"customer": "3"}]}, "deliveries row 1: expected the number of a customer"),
        ({"deliveries": [{"customer": "3", "deliv_addr_no": "1", "street": "x"}]}, "a street says nothing without its postcode"),
        ({"deliveries": "none.csv"}, "deliveries: none.csv is not there"),
        ({"statuses": {"Picked": "gone"}}, "statuses.Picked: expected one of open, part-despatched"),
        ({"statuses": ["Picked"]}, "statuses: expected a table"),
        ({"parents": {"31": 3}}, "parents: expected a table"),
    ],
)  # fmt: skip
def test_a_row_at_fault_is_named(tmp_path: Path, given: dict[str, object], expected: str) -> None:
    """With the table it stands in."""
    assert any(expected in fault for fault in faults(tmp_path, **given)), faults(tmp_path, **given)


def test_status_texts_are_added_to_the_known_ones(tmp_path: Path) -> None:
    """And a carrier has the method that the shop knows."""
    tree = LEAST | {"statuses": {"Picked": "open"}, "tracking_methods": {"DPD": "flat_rate_1"}}
    found = build_policies(tree, folder=tmp_path).fulfilment

    assert found.statuses == {**EVIDENCED, "Picked": Progress.OPEN}
    assert found.methods == {"DPD": "flat_rate_1"}


def test_the_policy_of_accounts_is_read(tmp_path: Path) -> None:
    """As any other setting."""
    tree = LEAST | {"accounts": {"inherit": "parent"}}

    assert build_policies(tree, folder=tmp_path).orders.accounts.inherit is Inherit.PARENT


ROUTE = {"countries": ["GB"], "channel": "WEB", "warehouse": "LEEDS"}
HOLD = {"value_above": "500.00", "first_order": True, "action": "prima", "narrative": "large"}


def test_rules_of_the_business_are_read(tmp_path: Path) -> None:
    """Where orders go, who carries them, on which terms, and which somebody looks at."""
    tree = LEAST | {
        "routes": [ROUTE],
        "holds": [HOLD],
        "carriers": {"flat_rate_1": "DPD", "": {"carrier": "POST", "service": "2ND"}},
        "payment_terms": {"2": "30EOM"},
        "surcharges": {"handling": "HAND"},
        "addresses": {"overflow": "join"},
        "references": {"duplicates": "hold"},
    }
    found = build_policies(tree, folder=tmp_path)

    (route,), (hold,) = found.orders.routes, found.orders.holds
    assert route == RouteRule(OrderTest(countries=frozenset({"GB"})), "WEB", "LEEDS")
    assert hold == HoldRule(
        OrderTest(value_above=Decimal("500.00")), HoldAction.PRIMA, "large", first_order=True
    )
    assert found.tables.carriers == {"flat_rate_1": Carrier("DPD"), "": Carrier("POST", "2ND")}
    assert found.tables.payment_terms == {"2": "30EOM"}
    assert found.tables.surcharges == {"handling": "HAND"}
    assert Overflow.JOIN is found.orders.addresses.overflow
    assert Duplicates.HOLD is found.orders.references.duplicates


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"routes": {"x": 1}}, "routes: expected [[routes]] rows"),
        ({"routes": [7]}, "routes row 1: expected a table"),
        ({"routes": [{"website": ["1"]}]}, "routes row 1: unknown website"),
        ({"routes": [{"countries": "GB", "channel": "W"}]}, "routes row 1: countries: expected a list of texts"),
        ({"routes": [{"countries": ["GB"]}]}, "routes row 1: expected a channel or a warehouse"),
        ({"routes": [{"channel": "A"}, ROUTE | {"warehouse": ""}]}, "routes row 2: never reached, because of row 1"),
        ({"holds": [{"action": "never", "narrative": "x"}]}, "holds row 1: action: expected one of here, prima, approval"),
        ({"holds": [{"action": "here"}]}, "holds row 1: expected a text in quotes"),
        ({"holds": [HOLD | {"value_above": "dear"}]}, "holds row 1: expected a number"),
        ({"carriers": ["DPD"]}, "carriers: expected a table"),
        ({"carriers": {"": 7}}, 'carriers.(all others): expected "CARRIER"'),
        ({"carriers": {"x": {"code": "7"}}}, 'carriers.x: expected "CARRIER"'),
        ({"sales": [{"product": "BOOT", "per_day": "-1"}]}, "sales row 1: expected a Prima product that stands once"),
        ({"sales": [{"product": "BOOT", "per_day": "many"}]}, "sales row 1: expected a number"),
        ({"payment_terms": {"2": 30}}, "payment_terms: expected a table"),
        ({"surcharges": []}, "surcharges: expected a table"),
        ({"orders": {"start_at": "2031-05-04T00:00:00Z", "price_basis": "unit", "vat_inclusive": False, "discount_owner": "oro"}}, "orders.discount_code: required where orders.discount_owner is oro"),
    ],
)  # fmt: skip
def test_a_rule_at_fault_is_named(tmp_path: Path, given: dict[str, object], expected: str) -> None:
    """With its row and what was expected."""
    assert any(expected in fault for fault in faults(tmp_path, **given)), faults(tmp_path, **given)


def test_tax_codes_are_read_row_by_row(tmp_path: Path) -> None:
    """Of products and customers, and Prima's classes of accounts; each stands once."""
    (tmp_path / "t.csv").write_text(
        "of,key,code\nproduct,B,STD\ncustomer,3,TRADE\nclass,3,EXPORT\n", encoding="utf-8"
    )
    wrong: list[str] = []
    found = read_tax_codes({"tax_codes": "t.csv"}, tmp_path, wrong)
    rows = [
        {"of": "product", "key": "B", "code": "STD"},
        {"of": "product", "key": "B", "code": "LOW"},
        {"of": "order", "key": "B", "code": "LOW"},
    ]

    assert (found.products, found.customers) == (
        {OroSku("B"): "STD"},
        {OroCustomerId("3"): "TRADE"},
    )
    assert found.classes == {OroCustomerId("3"): "EXPORT"}
    assert wrong == []
    assert read_tax_codes({"tax_codes": rows}, tmp_path, wrong) == TaxTables()
    assert wrong == [
        "tax_codes row 2: product B stands twice",
        "tax_codes row 3: expected one of product, customer, class, then a key and a code",
    ]
    assert read_tax_codes({}, tmp_path, wrong) == TaxTables()
