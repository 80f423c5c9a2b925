"""
Which account an organisation may be: proposals from exact evidence, for a person to approve.

Nothing is linked here. A name that is nearly the same, an e-mail address or a telephone number is
no evidence: two firms can share all three.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from attrs import frozen

from oro_prima.ids import OroCustomerId, PrimaAccount, PrimaCompany
from oro_prima.mapping.deliveries import plain
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.records import Link
from oro_prima.values import fold


class EvidenceKind(StrEnum):
    """What two records have in common."""

    CODE = "code"
    """The organisation's code is the account's."""
    VAT_NUMBER = "VAT number"
    POSTCODE_AND_NAME = "postcode and name"


WEIGHTS: Mapping[EvidenceKind, int] = {
    EvidenceKind.CODE: 50,
    EvidenceKind.VAT_NUMBER: 30,
    EvidenceKind.POSTCODE_AND_NAME: 20,
}
"""What each evidence adds to a score; all three together are 100."""


@frozen
class Organisation:
    """What OroCommerce shows of a customer; what it does not show is empty."""

    customer: OroCustomerId
    name: str = ""
    code: str = ""
    vat_number: str = ""
    postcodes: tuple[str, ...] = ()


@frozen
class AccountCard:
    """What Prima shows of an account; what it does not show is empty."""

    account: PrimaAccount
    name: str = ""
    vat_number: str = ""
    postcodes: tuple[str, ...] = ()


@frozen
class LinkEvidence:
    """One thing that both records say, as the shop spells it."""

    kind: EvidenceKind
    text: str


@frozen
class LinkProposal:
    """
    An account that an organisation may be.

    Attributes:
        customer: The organisation.
        account: The account.
        evidence: What they have in common; never empty.
        score: 0 to 100: the evidence, less the best that speaks for another account of this
            organisation or for another organisation of this account.
        rivals: Those others, as `account X` and `customer N`.
    """

    customer: OroCustomerId
    account: PrimaAccount
    evidence: tuple[LinkEvidence, ...]
    score: int
    rivals: tuple[str, ...] = ()

    @property
    def pinned(self) -> str:
        """The strongest evidence, which a link of this proposal is approved on."""
        strongest = self.evidence[0]
        return f"{strongest.kind.value} {strongest.text}"


Pairing = tuple[OroCustomerId, PrimaAccount]


def propose_links(
    organisations: Iterable[Organisation],
    cards: Iterable[AccountCard],
    links: Mapping[OroCustomerId, Link],
    *,
    vat_prefix: str = "GB",
) -> tuple[LinkProposal, ...]:
    """
    Propose accounts for organisations that have no link; the best proposals come first.

    Args:
        organisations: Those of the shop; linked ones are left out.
        cards: The accounts of one Prima company.
        links: What is approved already.
        vat_prefix: The country of a VAT number that is written without one.
    """
    by_evidence: dict[tuple[EvidenceKind, str], set[PrimaAccount]] = {}
    for card in cards:
        for kind, key, _text in _of_account(card, vat_prefix):
            by_evidence.setdefault((kind, key), set()).add(card.account)
    found: dict[Pairing, dict[EvidenceKind, str]] = {}
    for one in organisations:
        if one.customer not in links:
            for kind, key, text in _of_organisation(one, vat_prefix):
                for account in by_evidence.get((kind, key), ()):
                    found.setdefault((one.customer, account), {})[kind] = text
    return tuple(sorted(_scored(found), key=_best_first))


def _best_first(proposal: LinkProposal) -> tuple[int, int, str, str]:
    return (-proposal.score, len(proposal.customer), proposal.customer, proposal.account)


def _of_organisation(one: Organisation, prefix: str) -> Iterable[tuple[EvidenceKind, str, str]]:
    yield from _evidence(one.code, one.name, one.vat_number, one.postcodes, prefix)


def _of_account(card: AccountCard, prefix: str) -> Iterable[tuple[EvidenceKind, str, str]]:
    yield from _evidence(str(card.account), card.name, card.vat_number, card.postcodes, prefix)


def _evidence(
    code: str, name: str, vat_number: str, postcodes: Iterable[str], prefix: str
) -> Iterable[tuple[EvidenceKind, str, str]]:
    """Yield what a record can be known by: kind, the form that compares, the text itself."""
    if fold(code):
        yield EvidenceKind.CODE, fold(code), code
    vat = plain(vat_number)
    if vat:
        full = plain(prefix) + vat if vat.isdigit() else vat
        yield EvidenceKind.VAT_NUMBER, full, vat_number
    for postcode in postcodes:
        if plain(postcode) and plain(name):
            key = f"{plain(postcode)} {plain(name)}"
            yield EvidenceKind.POSTCODE_AND_NAME, key, f"{postcode} {name}"


def _scored(found: Mapping[Pairing, Mapping[EvidenceKind, str]]) -> Iterable[LinkProposal]:
    weights = {pair: sum(WEIGHTS[kind] for kind in kinds) for pair, kinds in found.items()}
    by_customer: dict[OroCustomerId, list[Pairing]] = {}
    by_account: dict[PrimaAccount, list[Pairing]] = {}
    for pair in sorted(found):
        by_customer.setdefault(pair[0], []).append(pair)
        by_account.setdefault(pair[1], []).append(pair)
    for pair, kinds in found.items():
        accounts = [one for one in by_customer[pair[0]] if one != pair]
        customers = [one for one in by_account[pair[1]] if one != pair]
        best = max((weights[one] for one in (*accounts, *customers)), default=0)
        yield LinkProposal(
            *pair,
            evidence=tuple(LinkEvidence(kind, kinds[kind]) for kind in WEIGHTS if kind in kinds),
            score=max(0, weights[pair] - best),
            rivals=(
                *(f"account {account}" for _customer, account in accounts),
                *(f"customer {customer}" for customer, _account in customers),
            ),
        )


def approve_proposal(
    proposal: LinkProposal, *, company: PrimaCompany, by: str, at: datetime, source_hash: str = ""
) -> Link:
    """
    Make the link of a proposal that a person approved; its strongest evidence is pinned.

    Raises:
        ValueError: nobody is named.
    """
    if not by.strip():
        msg = "expected who approves the link"
        raise ValueError(msg)
    return Link(
        customer=proposal.customer,
        account=proposal.account,
        company=company,
        approved_by=by,
        approved_at=at,
        source_hash=source_hash,
        pinned=proposal.pinned,
    )


def changed_links(
    links: Iterable[Link], organisations: Iterable[Organisation]
) -> tuple[Reason, ...]:
    """
    Return a reason for each link whose pinned evidence the shop no longer shows.

    Its orders are not linked anew by themselves: a person looks, and approves again. A link that
    was approved by hand, and one whose organisation is not among these, says nothing.
    """
    shown = {one.customer: one for one in organisations}
    reasons: list[Reason] = []
    for link in links:
        one = shown.get(link.customer)
        if not link.pinned or one is None or link.pinned in _pins(one):
            continue
        kind = next((kind.value for kind in EvidenceKind if link.pinned.startswith(kind)), "field")
        detail = f"the {kind} that the link to {link.account} was approved on has changed"
        cause = f"customers/{link.customer}"
        reasons.append(Reason(ReasonCode.LINK_CHANGED, cause, detail, cause))
    return tuple(reasons)


def _pins(one: Organisation) -> frozenset[str]:
    return frozenset(f"{kind.value} {text}" for kind, _key, text in _of_organisation(one, ""))
