"""Tables beside the product units: in place or as CSV, every fault with its row."""

from __future__ import annotations

from pathlib import Path

import pytest

from oro_prima.config import build_policies
from oro_prima.errors import ConfigError
from oro_prima.ids import OroCustomerId, PrimaAccount
from oro_prima.mapping import (
    AccountFacts,
    AccountState,
    Inherit,
    NumberedAddress,
    Progress,
    Tables,
)
from oro_prima.mapping.statuses import EVIDENCED

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
        "account,state,currency,vat_inclusive\nA1,Stopped,GBP,no\nA2,,,\n", encoding="utf-8"
    )
    (tmp_path / "d.csv").write_text(
        "customer,deliv_addr_no,postcode,street\n3,1,ZZ1 1ZZ,1 Sample Street\n3,9,,\n",
        encoding="utf-8",
    )
    found = tables(tmp_path, known_accounts="a.csv", deliveries="d.csv", parents={"31": "3"})

    assert found.accounts == {
        PrimaAccount("A1"): AccountFacts(AccountState.STOPPED, "GBP", False),
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
