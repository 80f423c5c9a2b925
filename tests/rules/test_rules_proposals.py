"""Proposals of links: exact evidence, scored against rivals, approved by a person or not at all."""

from __future__ import annotations

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.ids import OroCustomerId, PrimaAccount
from oro_prima.mapping import (
    AccountCard,
    EvidenceKind,
    LinkProposal,
    Organisation,
    approve_proposal,
    changed_links,
    propose_links,
)
from oro_prima.reasons import ReasonCode
from tests.rules.making import COMPANY, EARLIER, a_link

texts = st.sampled_from(["", "ACME", "acme ", "Bell & Co", "bell co", "123456789", "GB123456789"])
postcodes = st.lists(st.sampled_from(["ZZ1 1ZZ", "zz11zz", "ZZ2 2ZZ", ""]), max_size=2).map(tuple)
shops = st.lists(
    st.builds(
        Organisation,
        st.integers(1, 9).map(lambda n: OroCustomerId(str(n))),
        texts,
        texts,
        texts,
        postcodes,
    ),
    max_size=5,
    unique_by=lambda one: one.customer,
)
books = st.lists(
    st.builds(
        AccountCard,
        st.sampled_from(["ACME", "A2", "A3"]).map(PrimaAccount),
        texts,
        texts,
        postcodes,
    ),
    max_size=3,
    unique_by=lambda one: one.account,
)
ACME = Organisation(OroCustomerId("3"), "Acme Footwear Ltd", "acme", "123456789", ("ZZ1 1ZZ",))
CARD = AccountCard(PrimaAccount("ACME"), "ACME FOOTWEAR LTD.", "GB 123 4567 89", ("zz1 1zz",))


def the_only(found: tuple[LinkProposal, ...]) -> LinkProposal:
    (one,) = found
    return one


@given(shops, books)
def test_nothing_is_proposed_without_evidence(
    some: list[Organisation], cards: list[AccountCard]
) -> None:
    """Nor for an organisation that is linked; a score is 0 to 100 and 0 where rivals are as good."""
    found = propose_links(some, cards, {})
    pairs = [(one.customer, one.account) for one in found]

    assert len(pairs) == len(set(pairs))
    assert all(one.evidence and 0 <= one.score <= 100 for one in found)
    assert propose_links(some, cards, {one.customer: a_link() for one in some}) == ()
    for one in found:
        others = [x for x in found if (x.customer == one.customer) != (x.account == one.account)]
        assert bool(one.rivals) == bool(others)
        assert one.score == 0 or all(x.score == 0 for x in others)


@given(shops, books, st.randoms())
def test_the_order_of_records_does_not_matter(
    some: list[Organisation], cards: list[AccountCard], random: object
) -> None:
    """The same records give the same proposals."""
    mixed, shuffled = list(some), list(cards)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert propose_links(some, cards, {}) == propose_links(mixed, shuffled, {})


def test_all_three_kinds_of_evidence_are_certain() -> None:
    """Code, VAT number, postcode and name: spelling does not matter, likeness does not count."""
    found = the_only(propose_links([ACME], [CARD], {}))

    assert found.score == 100
    assert [one.kind for one in found.evidence] == list(EvidenceKind)
    assert [one.text for one in found.evidence] == [
        "acme",
        "123456789",
        "ZZ1 1ZZ Acme Footwear Ltd",
    ]
    alike = evolve(CARD, account=PrimaAccount("X"), vat_number="", name="Acme Footware Ltd")
    assert propose_links([evolve(ACME, code="")], [alike], {}) == ()


def test_each_evidence_counts_for_itself() -> None:
    """A postcode without the name is none, and nor is the name without the postcode."""
    bare = Organisation(ACME.customer, name=ACME.name)

    def score(one: Organisation) -> int:
        return sum(found.score for found in propose_links([one], [CARD], {}))

    assert score(evolve(bare, code="Acme ")) == 50
    assert score(evolve(bare, vat_number="123456789")) == 30
    assert score(evolve(bare, vat_number="IE123456789")) == 0
    assert score(evolve(bare, postcodes=("ZZ1 1ZZ",))) == 20
    assert score(evolve(bare, name="", postcodes=("ZZ1 1ZZ",))) == 0
    assert score(bare) == 0


def test_a_number_without_its_country_is_of_the_country_that_is_said() -> None:
    """GB unless told otherwise."""
    one = Organisation(ACME.customer, vat_number="123456789")

    assert propose_links([one], [CARD], {}, vat_prefix="IE") == ()


def test_rivals_take_off_the_score() -> None:
    """What speaks for another account of the same firm, or another firm of the same account."""
    twin = AccountCard(PrimaAccount("OLD"), "", "GB123456789")
    first, second = propose_links([ACME], [CARD, twin], {})

    assert (first.account, first.score, first.rivals) == ("ACME", 70, ("account OLD",))
    assert (second.account, second.score, second.rivals) == ("OLD", 0, ("account ACME",))
    branch = Organisation(OroCustomerId("4"), vat_number="123456789")
    head, other = propose_links([ACME, branch], [CARD], {})
    assert (head.score, head.rivals) == (70, ("customer 4",))
    assert (other.score, other.rivals) == (0, ("customer 3",))


def test_a_person_approves_and_what_it_was_approved_on_is_pinned() -> None:
    """Nobody approves nothing."""
    found = the_only(propose_links([ACME], [CARD], {}))
    link = approve_proposal(found, company=COMPANY, by="Kim", at=EARLIER, source_hash="f")

    assert (link.account, link.approved_by, link.pinned) == ("ACME", "Kim", "code acme")
    with pytest.raises(ValueError, match="who approves"):
        approve_proposal(found, company=COMPANY, by=" ", at=EARLIER)


def test_a_pinned_field_that_changes_is_told_never_followed() -> None:
    """A link by hand, and one whose customer is not shown, say nothing."""
    found = the_only(propose_links([ACME], [CARD], {}))
    link = approve_proposal(found, company=COMPANY, by="Kim", at=EARLIER)
    moved = evolve(ACME, code="BELL")
    (reason,) = changed_links([link], [moved])

    assert reason.code is ReasonCode.LINK_CHANGED
    assert reason.detail == "the code that the link to ACME was approved on has changed"
    assert reason.cause == "customers/3"
    assert changed_links([link], [ACME]) == ()
    assert changed_links([link], []) == ()
    assert changed_links([evolve(link, pinned="")], [moved]) == ()
    odd = evolve(link, pinned="Group A")
    assert "the field" in changed_links([odd], [moved])[0].detail
