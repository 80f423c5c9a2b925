"""Probes on a test company: what is seen of a Prima that behaves, and of one that does not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

import pytest
from attrs import evolve
from tests.prima.served import served

from oro_prima.call import Call
from oro_prima.errors import UnavailableError
from oro_prima.ids import PrimaAccount, PrimaCompany
from oro_prima.prima.models import PrimaProfile
from oro_prima.prima.models.profile import Style
from oro_prima.sandbox.prima import PrimaSandbox
from oro_prima.sync.probes import POSTING, PROBES, READING, Bench, Verdict, run_probe
from oro_prima.values import SkuKey

R = TypeVar("R")
NOW = datetime(2031, 5, 6, tzinfo=UTC)


class Direct:
    """Sends to a sandbox's Prima, after something was done to it."""

    def __init__(self, prima: PrimaSandbox, before: Callable[[str], None]) -> None:
        self.prima, self.before, self.sent = prima, before, 0

    def send(self, call: Call[R]) -> R:
        """Send through bytes."""
        self.sent += 1
        self.before(call.name)
        return served(self.prima, call)


def bench(
    before: Callable[[str, PrimaSandbox], None] = lambda _name, _prima: None, **options: str
) -> Bench:
    prima = PrimaSandbox(now=lambda: NOW, **options)  # type: ignore[arg-type]
    prima.add_account("ACME01")
    prima.add_stock("ROVER", "F", quantity=40)
    return Bench(
        erp=Direct(prima, lambda name: before(name, prima)),
        profile=PrimaProfile(),
        company=PrimaCompany("1"),
        account=PrimaAccount("ACME01"),
        currency="GBP",
        sku=SkuKey("ROVER", "F"),
        first=900_000_010,
        vat_inclusive=False,
        reserves_on_acceptance=True,
        stamp=NOW,
    )


def seen(name: str, on: Bench) -> tuple[str, str]:
    found = run_probe(name, on)
    return found.verdict.value, found.what


def test_a_prima_that_behaves_settles_or_shows() -> None:
    """Every probe comes to something, and none sends more orders than it says."""
    on = bench()
    found = {name: run_probe(name, on).verdict for name in PROBES}
    look = {"absent", "order", "encoding"}

    assert found == {n: Verdict.LOOK if n in look else Verdict.SETTLED for n in PROBES}
    assert isinstance(on.erp, Direct)
    orders = on.erp.prima.orders()
    assert {one.order_number for one in orders} == {str(900_000_010 + n) for n in (0, 1, 2, 3, 5)}
    assert all(one.accepted == 1 for one in orders)
    assert set(READING) | set(POSTING) == set(PROBES)


def test_letters_that_come_back_otherwise_differ() -> None:
    """A server of another code page echoes question marks."""
    verdict, what = seen("encoding", bench(code_page="ascii"))

    assert verdict == "differs"
    assert "another reference" in what


def test_stock_that_does_not_move_is_reserved_on_release() -> None:
    """Two pieces less, none, or something else."""
    on = bench(reserves="release")
    assert seen("reservation", on)[0] == "differs"
    assert (
        seen("reservation", evolve(bench(reserves="release"), reserves_on_acceptance=False))[0]
        == "settled"
    )

    def sell(name: str, prima: PrimaSandbox) -> None:
        if name == "post_order":
            prima.add_stock("ROVER", "F", quantity=30)

    verdict, what = seen("reservation", bench(sell))
    assert (verdict, what.rpartition(": ")[2]) == ("look", "somebody else sold as well?")
    assert seen("reservation", evolve(bench(), sku=SkuKey("NONE")))[0] == "failed"


def test_a_guard_that_is_none_is_told() -> None:
    """A number that is taken twice, another VAT basis that is taken."""

    def forget(name: str, prima: PrimaSandbox) -> None:
        if name == "post_order":
            prima.purge("900000012")

    assert seen("duplicate", bench(forget)) == (
        "differs",
        "900000012 was taken twice: Prima does not guard against it",
    )
    other = evolve(bench(), profile=PrimaProfile(duplicate_codes=frozenset({"9"})))
    assert seen("duplicate", other) == ("differs", "refused: 21, 194")
    basis = evolve(bench(), profile=PrimaProfile(price_basis_codes=frozenset({"9"})))
    assert seen("vat-basis", basis)[0] == "differs"
    assert seen("vat-basis", evolve(bench(), vat_inclusive=True))[0] == "differs"


def test_what_should_not_be_there_is_told() -> None:
    """An order that nobody posted, a SKU that nobody has."""
    on = bench()
    run_probe("order", evolve(on, first=900_000_019))
    assert seen("absent", on) == ("differs", "900000019 was never posted and is found")
    assert seen("snapshot", evolve(on, sku=SkuKey("OTHER")))[0] == "differs"
    verdict, what = seen("snapshot", evolve(on, sku=SkuKey("")))
    assert (verdict, what.partition(":")[0]) == ("look", "1 SKUs came, such as ROVER-F")

    def stock(name: str, prima: PrimaSandbox) -> None:
        prima.add_stock("ROVER-NONE", quantity=9)

    assert seen("unknown-sku", bench(stock)) == ("differs", "900000016 was taken")


def test_another_account_is_no_test_order() -> None:
    """Prima booked it somewhere else."""
    on = evolve(bench(), account=PrimaAccount("acme01"))
    verdict, what = seen("order", on)

    assert (verdict, what) == (
        "differs",
        "900000010 was taken on account ACME01, sent acme01",
    )


def test_a_profile_that_is_wrong_shows() -> None:
    """By the WSDL; every other probe fails and says why."""
    on = evolve(bench(), profile=PrimaProfile(style=Style.DOC_LITERAL))

    assert seen("wsdl", on) == ("differs", "style is 'rpc-literal' there")
    verdict, what = seen("control", on)
    assert verdict == "failed"
    assert "3230" in what


def test_a_system_that_is_down_is_a_failure_of_the_probe() -> None:
    """With what it said."""

    def down(name: str, _prima: PrimaSandbox) -> None:
        raise UnavailableError(name, "closed")

    assert seen("wsdl", bench(down)) == ("failed", "describe_service: closed")


@pytest.mark.parametrize("name", sorted(POSTING))
def test_probes_that_post_send_each_order_once(name: str) -> None:
    """Two at most, the second for the duplicate."""
    posted: list[str] = []
    run_probe(name, bench(lambda call, _prima: posted.append(call)))

    assert posted.count("post_order") == (2 if name == "duplicate" else 1)
