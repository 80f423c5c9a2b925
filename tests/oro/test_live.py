"""The live check, against sandboxes of both versions in place of somebody's server."""

from __future__ import annotations

from decimal import Decimal

import live
import pytest

from oro_prima.call import each
from oro_prima.oro.calls.customers import list_customers
from tests.oro.shop import Version, a_shop, versions


@versions
def test_facts_hold_as_they_are_told(version: Version) -> None:
    """What 6.1 does otherwise with enumerations is said, and nothing is left behind."""
    shop = a_shop(version)
    shop.sandbox.add_product("S2", units=[("each", 0, Decimal(1))])
    shop.sandbox.add_customer("Another Ltd")
    before = list(each(shop.sender, list_customers()))

    told = dict(live.facts(shop.sender, write=True))

    differing = [said for said, differs in told.items() if differs]
    assert len(told) == 12
    assert [said[:9] for said in differing] == ([] if version == "5.1" else ["A filter "])
    assert list(each(shop.sender, list_customers())) == before


def test_a_report_names_features_and_permissions() -> None:
    """Before the facts; where the server is comes from the environment."""
    lines = list(live.report(a_shop("6.1").sender, write=False))

    assert (True, "feature subtotals: True") in lines
    assert (True, "orders: readable") in lines
    with pytest.raises(KeyError, match="ORO_URL"):
        live.configured({})
    names = {"ORO_URL": "https://shop.example", "ORO_CLIENT_ID": "c", "ORO_CLIENT_SECRET": "s"}
    assert live.configured(names).api_url == "https://shop.example/admin/api"
