"""What every store must know of an order by its references; a part of the store contract."""

from __future__ import annotations

from attrs import evolve

from oro_prima.ids import CommandKey, OroOrderId, PrimaOrderNumber
from oro_prima.ports import Store
from oro_prima.records import EntryState, Flow, Kept
from oro_prima.testing.store_facts import START, a_capture, an_entry


class FindingContract:
    """Facts of finding and following orders that hold of every store."""

    def test_an_order_is_found_by_what_people_call_it(self, store: Store) -> None:
        """Its id and its number in the shop, its numbers in Prima, also of earlier reposts."""
        repost = evolve(
            an_entry("7"), key=CommandKey("again"), suffix=1, number=PrimaOrderNumber("7001")
        )
        with store.transaction() as tx:
            tx.put_capture(evolve(a_capture("7"), identifier="SO-1"))
            tx.put_capture(evolve(a_capture("10"), identifier="7"))
            tx.put_capture(a_capture("11"))
            tx.claim(repost, b"")
            tx.claim(an_entry("7"), b"")
        number = an_entry("7").number

        assert store.find_orders("7") == ("7", "10")
        assert store.find_orders("SO-1") == ("7",)
        assert store.find_orders(number) == store.find_orders("7001") == ("7",)
        assert store.find_orders("so-1") == store.find_orders("") == ()
        assert [e.suffix for e in store.order_entries(OroOrderId("7"))] == [0, 1]
        assert store.order_entries(OroOrderId("10")) == ()
        with store.transaction() as tx:
            tx.put_capture(evolve(a_capture("10"), identifier="SO-2"))
        assert store.find_orders("SO-2") == ("10",)

    def test_accepted_orders_are_followed_until_they_are_finished(self, store: Store) -> None:
        """From their acceptance on; a repost is followed anew, under its own number."""
        repost = evolve(
            an_entry("7"), key=CommandKey("again"), suffix=1, number=PrimaOrderNumber("30000091")
        )
        with store.transaction() as tx:
            for entry in (an_entry("10"), an_entry("7"), an_entry("8"), repost):
                tx.claim(entry, b"")
        with store.transaction() as tx:
            for number in ("10", "7"):
                tx.put_entry(an_entry(number, EntryState.ACCEPTED))
        first, second = store.follows()
        with store.transaction() as tx:
            tx.put_follow(evolve(first, asked_at=START, said="Entered"))
            tx.put_follow(evolve(second, finished=True))

        assert [first.order, second.order] == ["7", "10"]
        assert (first.asked_at, first.accepted_at) == (None, an_entry("7").changed_at)
        assert [f.said for f in store.follows()] == ["Entered"]
        with store.transaction() as tx:
            tx.put_entry(evolve(repost, state=EntryState.ACCEPTED))
        (anew,) = store.follows()
        assert (anew.number, anew.asked_at) == (repost.number, None)

    def test_the_newest_entry_of_an_order_is_its_last_repost(self, store: Store) -> None:
        """Whatever the order in which they were claimed."""
        first, second = an_entry("7"), evolve(an_entry("7"), key=CommandKey("later"), suffix=1)
        with store.transaction() as tx:
            tx.claim(second, b"")
            tx.claim(first, b"")

        assert {"7": second} == store.newest_entries([OroOrderId("7")])

    def test_what_a_flow_keeps_is_found_again(self, store: Store) -> None:
        """By its subject or by what that begins with, the last word of each; other flows apart."""
        names = ("run/1", "run/2", "run_3", "old")
        with store.transaction() as tx:
            for name in reversed(names):
                tx.put_kept(Kept(Flow.PRICES, name, name.encode(), START))
            tx.put_kept(Kept(Flow.STOCK, "run/1", b"\x00other", START))
            tx.put_kept(Kept(Flow.PRICES, "run/2", b"new", START))
        found = store.kept(Flow.PRICES, ("run/2", "run/2", "none"))

        assert found == {"run/2": Kept(Flow.PRICES, "run/2", b"new", START)}
        assert [one.subject for one in store.kept_below(Flow.PRICES)] == sorted(names)
        assert [one.body for one in store.kept_below(Flow.PRICES, "run/")] == [b"run/1", b"new"]
        (second,) = store.kept_below(Flow.PRICES, "run/", after="run/1", limit=1)
        assert second.subject == "run/2"
        assert [one.subject for one in store.kept_below(Flow.PRICES, limit=1)] == ["old"]
        assert [one.body for one in store.kept_below(Flow.STOCK)] == [b"\x00other"]
        with store.transaction() as tx:
            assert tx.drop_kept(Flow.PRICES, "run/1")
            assert not tx.drop_kept(Flow.PRICES, "run/1")
        assert [one.subject for one in store.kept_below(Flow.PRICES, "run/")] == ["run/2"]
