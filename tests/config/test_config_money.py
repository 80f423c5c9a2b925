"""Prices, tax and coverage in a file: presets by name, and what contradicts itself."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve

from oro_prima.config import Policies, build_policies, policies_tree
from oro_prima.errors import ConfigError
from oro_prima.mapping.coverage import Entity
from oro_prima.mapping.prices import PriceStorage, VariantRows
from oro_prima.mapping.tax import UK_PRESETS, VatLevel, uk_rate_table
from oro_prima.values import Rounding

ORDERS = {"start_at": "2031-05-04T00:00:00Z", "price_basis": "unit", "vat_inclusive": False}
OTHER = '[tax.oro]\nrelease = "6.1.0"\n'
PRIMA = '[tax.prima]\nlevel = "line"\n'


def read(text: str, **orders: object) -> Policies:
    """Return the policies of a file's text beside the least that orders need."""
    return build_policies({"orders": {**ORDERS, **orders}, **tomllib.loads(text)})


def faults(text: str, **others: object) -> list[str]:
    """Return what is wrong with a file's text."""
    with pytest.raises(ConfigError) as caught:
        build_policies({"orders": ORDERS, **tomllib.loads(text), **others})
    return list(caught.value.faults)


def test_what_is_not_stated_is_not_there() -> None:
    """Neither prices nor tax are guessed; books and coverage follow orders."""
    found = read("")

    assert (found.prices, found.tax) == (None, None)
    assert (found.books.vat_inclusive, found.books.zone) == (False, found.orders.zone)
    assert found.coverage.orders == found.orders
    assert Entity.CUSTOMER not in found.coverage.shared


@pytest.mark.parametrize("preset", UK_PRESETS, ids=lambda one: one.name)
@pytest.mark.parametrize("inclusive", [True, False])
def test_a_preset_is_had_by_its_name(preset: Any, inclusive: bool) -> None:
    """Whether prices hold VAT is said once, by the policy of orders."""
    text = f'{OTHER}[tax.prima]\npreset = "{preset.name}"\n'
    found = read(text, vat_inclusive=inclusive)

    assert found.tax is not None
    assert found.tax.prima == evolve(preset.policy, prices_include_vat=inclusive)
    assert found.tax.oro.prices_include_tax is inclusive


def test_what_is_said_beside_a_preset_changes_it() -> None:
    """What is not said stays the preset's."""
    found = read(f'{OTHER}[tax.prima]\npreset = "uk-line-tenth-down"\nvat_decimals = 4\n')
    other = read(f'{OTHER}[tax.prima]\npreset = "uk-line-tenth-down"\nlevel = "rate"\n')

    assert found.tax is not None
    assert other.tax is not None
    assert (found.tax.prima.vat_decimals, found.tax.prima.total_rounding) == (4, Rounding.DOWN)
    assert (other.tax.prima.vat_decimals, other.tax.prima.level) == (3, VatLevel.RATE)


def test_rates_of_the_united_kingdom_are_named_by_tax_code() -> None:
    """They stand for the rate table that is made of them."""
    text = f'{OTHER}{PRIMA}uk_rates = {{ standard = ["STD"], reverse_charge_classes = ["RC"] }}\n'
    found = read(text)

    assert found.tax is not None
    rows = uk_rate_table(standard=frozenset({"STD"}), reverse_charge_classes=frozenset({"RC"}))
    assert found.tax.prima.rates == rows
    assert build_policies(policies_tree(found)) == found


def test_rows_of_goods_are_read_as_they_are_written() -> None:
    """Tables within tables, exact rates, and ids that are numbers."""
    text = """
    [prices]
    currencies = ["GBP"]
    default_lists = [{ price_list = 4, merge_allowed = false }]
    websites.2 = { lists = [{ price_list = "7", sort_order = 1 }], only = true }
    [books]
    variants = "product"
    [tax.oro]
    release = "6.1.11"
    origin = { country = "GB" }
    [[tax.oro.rules]]
    product_code = "STD"
    customer_code = "TRADE"
    jurisdiction = { country = "GB", postcodes = [{ first = "1", last = "9" }] }
    tax = { code = "S", rate = "0.175" }
    [tax.prima]
    level = "order"
    [[tax.prima.rates]]
    code = "S"
    rate = "0.175"
    tax_codes = ["STD"]
    [coverage]
    blocking = ["tax code"]
    """
    found = read(text)

    assert found.prices is not None
    assert found.tax is not None
    (assigned,) = found.prices.default_lists
    assert (assigned.price_list, assigned.merge_allowed) == ("4", False)
    assert found.prices.websites["2"].only is True  # type: ignore[index]
    assert found.tax.oro.rules[0].tax.rate == Decimal("0.175")
    assert found.tax.oro.rules[0].jurisdiction.postcodes[0].last == "9"
    assert found.tax.prima.rates[0].tax_codes == {"STD"}
    assert found.books.variants is VariantRows.PRODUCT
    assert found.coverage.blocking == {Entity.TAX_CODE}
    assert build_policies(policies_tree(found)) == found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[prices]\nstorage = "flat"', "prices.currencies: required"),
        (
            '[prices]\ncurrencies = ["GBP"]\nstorage = "flat"\n'
            'default_lists = [{ price_list = "1" }]',
            "prices.default_lists: say nothing where prices.storage is flat",
        ),
        ('[prices]\ncurrencies = ["GBP"]\ndefault_list = "1"', "prices.default_list: says nothing"),
        (
            '[prices]\ncurrencies = ["GBP"]\nwebsites.3 = { default_list = "1" }',
            "prices.websites.3.default_list: says nothing",
        ),
        (
            '[prices]\ncurrencies = ["GBP"]\n'
            'default_lists = [{ price_list = "1" }, { price_list = "1" }]',
            "prices.default_lists: expected each price list once",
        ),
        (PRIMA, "tax.oro: required"),
        (OTHER, "tax.prima: required"),
        (f"{PRIMA}[tax.oro]\nprecision = 2", "tax.oro.release: required"),
        (f"{OTHER}[tax.prima]\nleast = 1", "tax.prima.level: required"),
        (f'{OTHER}[tax.prima]\npreset = "uk"', "tax.prima.preset: expected one of uk-invoice"),
        (
            f"{OTHER}{PRIMA}uk_rates = {{ zero = ['A'] }}\nrates = [{{ code = 'A', rate = 0 }}]",
            "tax.prima.uk_rates: says the same as tax.prima.rates",
        ),
        (f'{OTHER}[tax.prima]\nlevel = "rate"\nleast = "0.01"', "tax.prima.least: says nothing"),
        (
            f"{OTHER}{PRIMA}rates = [{{ code = 'S', rate = '20' }}]",
            "tax.prima.rates row 1: expected a rate of 0 to 1",
        ),
        (
            f"{OTHER}{PRIMA}rates = [{{ code = 'Z', rate = '0.2', kind = 'zero-rated' }}]",
            "tax.prima.rates row 1: zero-rated bears no VAT",
        ),
        (
            f"{PRIMA}[tax.oro]\nrelease = '5.1'\nrules = [{{ product_code = 'A', "
            "customer_code = 'B', jurisdiction = { country = 'GB' }, "
            "tax = { code = 'S', rate = '0.2' } }]",
            "tax.oro.origin: required",
        ),
        (
            f"{PRIMA}[tax.oro]\nrelease = '5.1'\nbase = 'destination'\nrules = [{{ "
            "product_code = 'A', customer_code = 'B', tax = { code = 'S', rate = 2 }, "
            "jurisdiction = { country = 'GB', postcodes = [{ first = 'B', last = 'A' }] } }]",
            "tax.oro.rules row 1: expected a rate of 0 to 1",
        ),
        (f"{OTHER}digital_us = ['A']\n{PRIMA}", "tax.oro.untaxed_states: required"),
        ("[tax]\nuk = 1", "tax.uk: unknown table or setting"),
        ('[coverage]\nshared = ["customer"]', "coverage.shared: customers share no account"),
        ('[coverage]\nblocking = ["tax"]', "coverage.blocking: expected one of customer"),
        (f"{OTHER}rules = [{{ product = 'A' }}]\n{PRIMA}", "tax.oro.rules: row 1: "),
        (f"{OTHER}rules = 1\n{PRIMA}", "tax.oro.rules: expected a list of { product_code"),
        (f"{OTHER}rules = [1]\n{PRIMA}", "tax.oro.rules: row 1: expected a table such as"),
        ("[prices]\nwebsites = 1", "prices.websites: expected tables such as"),
    ],
)
def test_what_contradicts_itself_is_found_when_it_is_loaded(text: str, expected: str) -> None:
    """Each by the key to look at."""
    assert any(fault.startswith(expected) for fault in faults(text))


def test_a_range_of_postcodes_that_ends_before_it_begins_is_named() -> None:
    """No order would ever fit it."""
    where = {"country": "GB", "postcodes": [{"first": "B", "last": "A"}]}
    rule = {"product_code": "A", "customer_code": "B", "jurisdiction": where,
            "tax": {"code": "S", "rate": "0.2"}}  # fmt: skip
    oro = {"release": "5.1", "base": "destination", "rules": [rule]}
    found = faults("", tax={"oro": oro, "prima": {"level": "line"}})

    assert found == ["tax.oro.rules row 1: a range of postcodes ends before it begins"]


SHADOWED: list[tuple[dict[str, object], dict[str, object], bool]] = [
    ({}, {"tax_codes": ["A"]}, True),
    ({"tax_codes": ["A"]}, {}, False),
    ({"tax_codes": ["A", "B"]}, {"tax_codes": ["A"]}, True),
    ({"tax_codes": ["A"]}, {"tax_codes": ["A", "B"]}, False),
    ({"countries": ["GB"]}, {"countries": ["GB"], "account_classes": ["X"]}, True),
    ({"account_classes": ["X"]}, {"countries": ["GB"]}, False),
    ({"abroad_of": ["GB"]}, {}, False),
    ({"abroad_of": ["GB"]}, {"countries": ["FR"]}, True),
    ({"abroad_of": ["GB"]}, {"countries": ["GB"]}, False),
    ({"abroad_of": ["GB"]}, {"abroad_of": ["GB", "IM"]}, True),
    ({"abroad_of": ["GB", "IM"]}, {"abroad_of": ["GB"]}, False),
]


@pytest.mark.parametrize(("first", "later", "never"), SHADOWED)
def test_a_row_that_never_counts_is_named(
    first: dict[str, object], later: dict[str, object], never: bool
) -> None:
    """The first row that fits counts, so a special row stands first."""
    rows = [{"code": "A", "rate": 0, **first}, {"code": "B", "rate": 0, **later}]
    tree = {"tax": {"oro": {"release": "5.1"}, "prima": {"level": "line", "rates": rows}}}
    fault = "tax.prima.rates row 2: row 1 fits all that it fits, so it never counts"

    if never:
        assert faults("", **tree) == [fault]
    else:
        assert build_policies({"orders": ORDERS, **tree}).tax is not None


def test_customers_that_share_an_account_share_a_target() -> None:
    """What is allowed of accounts is no gap of the check."""
    found = build_policies({"orders": ORDERS, "accounts": {"shared": "allow"}})

    assert Entity.CUSTOMER in found.coverage.shared
    assert build_policies(policies_tree(found)) == found


def test_flat_storage_has_one_list() -> None:
    """Also of single websites."""
    text = """
    [prices]
    currencies = ["GBP"]
    storage = "flat"
    default_list = "1"
    websites = { 2 = { default_list = "4" } }
    """
    found = read(text).prices

    assert found is not None
    assert found.storage is PriceStorage.FLAT
    assert found.default_list == "1"
    assert found.websites["2"].default_list == "4"  # type: ignore[index]
