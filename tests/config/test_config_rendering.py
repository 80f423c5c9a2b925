"""What is written is read again: TOML, JSON and CSV, with nothing lost."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.config.making import customers, maybe, some_policies, words
from tests.rules.making import COMPANY, EARLIER, a_link

from oro_prima.config import (
    Policies,
    build_policies,
    link_rows,
    links_csv,
    policies_tree,
    toml_text,
    units_csv,
)
from oro_prima.config.rendering import plain
from oro_prima.config.tables import LINK_COLUMNS, UNIT_COLUMNS, csv_rows, unit_table
from oro_prima.config.versions import CURRENT, current_tree
from oro_prima.converters import decode_json, encode_json
from oro_prima.errors import ConfigError
from oro_prima.ids import OroCustomerId, OroSku, PrimaAccount
from oro_prima.mapping.product_units import UnitMode, UnitPolicy
from oro_prima.testing import strategies as some

busy = settings(suppress_health_check=list(HealthCheck))


@busy
@given(some_policies())
def test_policies_survive_toml_and_json(given_policies: Policies) -> None:
    """Every setting and every table; reading what was written gives the same policies."""
    tree = policies_tree(given_policies)
    read = tomllib.loads(toml_text(tree))

    assert read == tree
    assert build_policies(read) == given_policies
    again: Any = decode_json(encode_json(tree))
    assert build_policies(again) == given_policies


def test_limits_and_modes_survive() -> None:
    """What has a place of its own in the file."""
    text = """
    [orders]
    start_at = 2031-01-01T00:00:00Z
    price_basis = "unit"
    vat_inclusive = false
    [products.modes]
    B = "converted"
    [stock]
    shares = [{ sku = "B", unit = "case", max_share = "0.5" }]
    """
    rows = [{"sku": "B", "unit": unit, "product": "P", "count": n} for unit, n in
            (("each", "1"), ("case", "6"))]  # fmt: skip
    read = build_policies({**tomllib.loads(text), "units": rows})

    assert read.products == UnitPolicy(modes={OroSku("B"): UnitMode.CONVERTED})
    assert [share.max_share for share in read.stock.shares] == [Decimal("0.5")]
    assert build_policies(tomllib.loads(toml_text(policies_tree(read)))) == read


@busy
@given(some.unit_tables())
def test_unit_tables_survive_csv(table: Any) -> None:
    """Counts stay fractions, price shares exact."""
    text = units_csv(table)

    assert unit_table(csv_rows(text, "units.csv", UNIT_COLUMNS)) == table


@given(st.dictionaries(customers, st.tuples(words, maybe, st.none() | st.booleans()), max_size=4))
def test_links_survive_csv(rows: dict[OroCustomerId, tuple[str, str, bool | None]]) -> None:
    """What a person approved; who and when is said by whoever imports them."""
    links = [
        evolve(
            a_link(), customer=key, account=PrimaAccount(account), deliv_addr_no=number,
            vat_inclusive=basis, currency="GBP",
        )
        for key, (account, number, basis) in rows.items()
    ]  # fmt: skip
    read = link_rows(
        csv_rows(links_csv(links), "links.csv", LINK_COLUMNS),
        company=COMPANY, by="Kim", at=EARLIER, digest="hash",
    )  # fmt: skip

    assert list(read) == links


def test_a_file_cannot_hold_what_toml_has_not() -> None:
    """A float, for one; and every text that TOML can hold is escaped."""
    odd = {"a b": 'say "x"\n\x7f', "n": [1, True, {"k": "v"}], "t": {"u": {}}}

    assert tomllib.loads(toml_text(odd)) == odd
    assert plain(None) is None
    with pytest.raises(TypeError, match="holds no float"):
        toml_text({"rate": 0.5})


# the version of the form


def test_a_file_without_a_version_is_of_the_first() -> None:
    """And the version is no setting."""
    assert current_tree({"orders": {}}) == {"orders": {}}
    assert current_tree({"version": CURRENT, "orders": {}}) == {"orders": {}}


def test_older_forms_are_brought_up_step_by_step() -> None:
    """Each step makes a tree of the next version."""
    steps: Any = {
        1: lambda tree: {**tree, "seen": [1]},
        2: lambda tree: {**tree, "seen": [*tree["seen"], 2]},
    }

    assert current_tree({}, migrations=steps, current=3) == {"seen": [1, 2]}
    assert current_tree({"version": 2, "seen": []}, migrations=steps, current=3) == {"seen": [2]}


@pytest.mark.parametrize("version", [2, 0, True, "1", None])
def test_a_newer_or_unreadable_version_is_refused(version: object) -> None:
    """Nothing of it is guessed."""
    with pytest.raises(ConfigError) as caught:
        build_policies({"version": version})

    assert len(caught.value.faults) == 1
    assert caught.value.faults[0].startswith("version: ")
    assert ("update oro-prima" in caught.value.faults[0]) is (version == 2)
