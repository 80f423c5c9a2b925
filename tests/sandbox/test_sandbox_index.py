"""Rows are found by what they lead to as a look at each of them would find them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from oro_prima.sandbox.oro.db import Db

acts = st.lists(
    st.tuples(st.sampled_from(["add", "drop", "move", "ask", "copy"]), st.integers(1, 3)),
    max_size=30,
)


@given(acts)
def test_an_index_finds_what_a_scan_finds(acts: list[tuple[str, int]]) -> None:
    """Whatever was added, dropped or moved in between, in a copy too."""
    db = Db()
    for act, number in acts:
        ref, rows = ("products", str(number)), list(db.rows("productprices"))
        if act == "add":
            db.add("productprices").relations["product"] = ref
            db.add("pricelists").relations["product"] = ref
        elif act == "copy":
            db = db.copy()
        elif act == "drop" and rows:
            db.drop("productprices", rows[number % len(rows)].id)
        elif act == "move" and rows:
            rows[number % len(rows)].relations["product"] = ref
            db.moved("productprices")
        found = db.leading_to(ref, kind="productprices", name="product")

        assert {one.id for one in found} == {
            one.id for one in db.rows("productprices") if one.one("product") == ref
        }
