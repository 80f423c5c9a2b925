"""Client and sandbox against a plain dictionary: whatever is done, all three say the same."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    rule,
)

from oro_prima.call import each
from oro_prima.errors import RejectedError
from oro_prima.oro.calls.bulk import Bulk, write_all
from oro_prima.oro.calls.customers import (
    create_customer,
    create_customer_group,
    delete_customer,
    get_customer,
    list_customers,
    update_customer,
)
from oro_prima.oro.calls.drafts import Entry
from oro_prima.oro.calls.records import Question, ask_records, ask_relations, list_beside
from oro_prima.oro.calls.writing import set_relation
from oro_prima.oro.models.customers import CUSTOMERS, CustomerFields
from oro_prima.oro.models.features import OroFeatures
from oro_prima.oro.models.filters import Between, Exists
from oro_prima.oro.models.operations import Done, Refused
from tests.oro.shop import Shop, a_shop

NAMES = st.sampled_from(["A", "B", "C & D", "É"])


class Customers(RuleBasedStateMachine):
    """Customers and their parents; a dictionary from id to name and parent is the truth."""

    known = Bundle("known")

    @initialize(version=st.sampled_from(["5.1", "6.1"]))
    def begin(self, version: Any) -> None:
        """An empty shop of either version."""
        self.shop: Shop = a_shop(version)
        self.shop.sender.send(delete_customer(self.shop.customer))  # type: ignore[arg-type]
        self.shop.sender.send(create_customer_group({"name": "Trade"}))
        self.truth: dict[str, dict[str, Any]] = {}
        new = version == "6.1"
        self.bulk = Bulk(OroFeatures(sync_batch=new), sleep=self.shop.clock.wait)

    @rule(target=known, name=NAMES)
    def make(self, name: str) -> str:
        """One customer."""
        made = self.shop.sender.send(create_customer({"name": name}))
        self.truth[made.id] = {"name": name, "parent": None}
        return made.id

    @rule(target=known, parent=known, name=NAMES)
    def make_child(self, parent: str, name: str) -> str:
        """One below another."""
        made = self.shop.sender.send(create_customer({"name": name, "parent": parent}))
        self.truth[made.id] = {"name": name, "parent": parent}
        return made.id

    @rule(key=known, name=NAMES)
    def rename(self, key: Any, name: str) -> None:
        """What is not named stays."""
        self.shop.sender.send(update_customer(key, fields={"name": name}))
        self.truth[key]["name"] = name

    @rule(key=known, parent=st.none() | known)
    def move(self, key: str, parent: str | None) -> None:
        """By the relationship's own route."""
        self.shop.sender.send(set_relation(CUSTOMERS, key=key, relation="parent", to=parent))
        self.truth[key]["parent"] = parent

    @rule(key=consumes(known))
    def drop(self, key: Any) -> None:
        """Those below it are left without a parent."""
        self.shop.sender.send(delete_customer(key))
        del self.truth[key]
        for one in self.truth.values():
            if one["parent"] == key:
                one["parent"] = None
        with pytest.raises(RejectedError):
            self.shop.sender.send(get_customer(key))

    @rule(keys=st.lists(known, unique=True, max_size=25), name=NAMES, bad=st.booleans())
    def rename_many(self, keys: list[str], name: str, bad: bool) -> None:
        """By whatever way; a bad one stops no good one."""
        fields = CustomerFields(name=name)
        entries = [Entry(fields, key=key) for key in keys]
        entries += [Entry(CustomerFields(name="x" * 255, group="999"))] if bad else []
        entries += [Entry(CustomerFields(name=name)) for _ in range(16)] if bad else []
        ends = list(write_all(self.shop.sender, CUSTOMERS, entries=entries, bulk=self.bulk))
        refused = [one.index for one in ends if isinstance(one, Refused)]
        assert refused == ([len(keys)] if bad else [])
        assert len([one for one in ends if isinstance(one, Done)]) == len(entries) - len(refused)
        for key in keys:
            self.truth[key]["name"] = name
        for one in each(self.shop.sender, list_customers()):
            self.truth.setdefault(one.id, {"name": name, "parent": None})

    @rule(size=st.integers(1, 4), name=NAMES)
    def find(self, size: int, name: str) -> None:
        """By name, by parent, by a range of ids: as the dictionary says."""
        sender, truth = self.shop.sender, self.truth
        by_name = [one.id for one in each(sender, list_customers(where={"name": name}, size=size))]
        assert by_name == _sorted(key for key, one in truth.items() if one["name"] == name)
        roots = list_customers(where={"parent": Exists.NO}, size=size)
        assert [one.id for one in each(sender, roots)] == _sorted(
            key for key, one in truth.items() if one["parent"] is None
        )
        ranged = ask_records(CUSTOMERS, Question({"id": Between(1, 3)}, sort=("id",), size=size))
        assert [one.id for one in each(sender, ranged)] == _sorted(
            key for key in truth if 1 <= int(key) <= 3
        )

    @rule(key=known, size=st.integers(1, 3))
    def look_below(self, key: str, size: int) -> None:
        """By the list beside it, and by the relationship."""
        below = _sorted(child for child, one in self.truth.items() if one["parent"] == key)
        beside = list_beside(CUSTOMERS, owner="customers", key=key, relation="children", size=size)
        relations = ask_relations(
            CUSTOMERS, key=key, relation="children", question=Question(fields=None, size=-1)
        )
        assert _sorted(one.id for one in each(self.shop.sender, beside)) == below
        assert _sorted(self.shop.sender.send(relations)) == below

    @invariant()
    def all_of_them_are_there(self) -> None:
        """No more, no less, each as it was last written."""
        if not hasattr(self, "truth"):
            return
        found = {one.id: one for one in each(self.shop.sender, list_customers(size=7))}
        assert {
            key: {"name": one.name, "parent": one.parent} for key, one in found.items()
        } == self.truth


def _sorted(keys: Any) -> list[str]:
    return sorted(keys, key=int)


TestCustomers = Customers.TestCase
# a failing run is short as it is; making it shorter takes minutes
TestCustomers.settings = settings(
    max_examples=25,
    stateful_step_count=20,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
)
