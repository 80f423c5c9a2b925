"""
Probes of a test company: small, safe questions whose answers settle what nobody has documented.

Each is a few calls and says what was seen; none of them touches the store. Those that post use an
account, a SKU and order numbers that a person gave for it, and every order is sent once.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from attrs import evolve, frozen

from oro_prima.call import Sender
from oro_prima.errors import CallError, RejectedError, UnreadableError
from oro_prima.ids import PrimaAccount, PrimaCompany, PrimaOrderNumber
from oro_prima.prima.calls import (
    describe_service,
    free_stock_of,
    free_stock_rows,
    order_status,
    post_order,
)
from oro_prima.prima.models.orders import OrderAnswer, PrimaOrder, PrimaOrderLine
from oro_prima.prima.models.profile import PrimaProfile
from oro_prima.values import LocalDate, SkuKey

PRICE = Decimal("10.00")
LETTERS = "Zoë £½ Ørsted"


class Verdict(StrEnum):
    """What a probe came to."""

    SETTLED = "settled"
    """What the settings say was seen."""
    LOOK = "look"
    """Done; a person has to look into Prima and say what is there."""
    DIFFERS = "differs"
    """Something else was seen than the settings say."""
    FAILED = "failed"
    """No usable answer came."""


@frozen
class Seen:
    """What one probe saw; `settings` are the keys that it is about."""

    probe: str
    settings: tuple[str, ...]
    verdict: Verdict
    what: str


@frozen
class Bench:
    """
    What probes may use.

    Attributes:
        erp: Sends to Prima.
        first: The first of ten order numbers that nobody else uses.
        vat_inclusive: What the settings say of the account's price book.
        reserves_on_acceptance: What the settings say of free stock.
        stamp: The moment, for references that are new.
    """

    erp: Sender
    profile: PrimaProfile
    company: PrimaCompany
    account: PrimaAccount
    currency: str
    sku: SkuKey
    first: int
    vat_inclusive: bool
    reserves_on_acceptance: bool
    stamp: datetime

    def order(self, place: int) -> PrimaOrder:
        """Return a made-up order: two pieces at 10.00 each, under the number at that place."""
        number = PrimaOrderNumber(str(self.first + place))
        line = PrimaOrderLine(1, self.sku, 2, PRICE, f"GO-LIVE-{number}-1")
        return PrimaOrder(
            number=number,
            reference=f"GO-LIVE-{self.stamp:%Y%m%d%H%M%S}-{place}",
            account=self.account,
            currency=self.currency,
            vat_inclusive=self.vat_inclusive,
            order_date=LocalDate(self.stamp.date()),
            lines=(line,),
            customer_ref="GO-LIVE TEST",
        )

    def post(self, order: PrimaOrder, *, attempt: int = 0) -> OrderAnswer:
        """Send an order once."""
        unique = f"{(int(order.number) + attempt) % 10**8:08}"
        call = post_order(order, unique_id=unique, profile=self.profile, company=self.company)
        return self.erp.send(call)

    def free(self) -> Decimal | None:
        """Return what is free of the SKU; None where Prima does not say."""
        call = free_stock_of(
            (self.sku,),
            profile=self.profile,
            company=self.company,
            today=LocalDate(self.stamp.date()),
        )
        rows = self.erp.send(call)
        return rows[0].available if rows else None


def probe_wsdl(bench: Bench) -> Seen:
    """Compare the profile with the WSDL."""
    found = bench.erp.send(describe_service()).differences(bench.profile)
    settings = tuple(
        f"prima.profile.{name}"
        for name in ("style", "namespace", "xml_part", "company_part", "company_first")
    )
    told = ", ".join(f"{one.setting} is {one.offered!a} there" for one in found)
    verdict = Verdict.DIFFERS if found else Verdict.SETTLED
    return Seen("wsdl", settings, verdict, told or "the WSDL says the same")


def probe_snapshot(bench: Bench) -> Seen:
    """Read the full stock once and count."""
    seen: list[SkuKey] = []
    call = free_stock_rows(
        lambda row: seen.append(row.sku),
        profile=bench.profile,
        company=bench.company,
        today=LocalDate(bench.stamp.date()),
    )
    rows = bench.erp.send(call)
    settings = ("prima.snapshot_timeout", "prima.company")
    if not bench.sku.product.strip():
        shown = ", ".join(str(sku) for sku in seen[:3])
        told = f"{rows} SKUs came, such as {shown}: are they the company's? Name one (--sku)"
        return Seen("snapshot", settings, Verdict.LOOK, told)
    known = bench.sku in seen
    told = f"{rows} SKUs came; {bench.sku} is {'one' if known else 'none'} of them"
    verdict = Verdict.SETTLED if known else Verdict.DIFFERS
    return Seen("snapshot", settings, verdict, told)


def probe_absent(bench: Bench) -> Seen:
    """Ask for an order that cannot be there: which code, if any, says so."""
    number = PrimaOrderNumber(str(bench.first + 9))
    settings = ("prima.profile.absent_codes",)
    try:
        bench.erp.send(order_status(number, profile=bench.profile, company=bench.company))
    except RejectedError as error:
        codes = ", ".join(error.codes) or "no code"
        told = f"an order that was never posted: {codes}; ask in writing before you list it"
        return Seen("absent", settings, Verdict.LOOK, told)
    return Seen("absent", settings, Verdict.DIFFERS, f"{number} was never posted and is found")


def probe_order(bench: Bench) -> Seen:
    """Post two pieces at 10.00; a person sees what Prima made of the price and the account."""
    order = bench.order(0)
    answer = bench.post(order)
    settings = ("orders.price_basis", "orders.channel", "orders.warehouse", "orders.carrier")
    if answer.account != order.account:
        told = f"{order.number} was taken on account {answer.account}, sent {order.account}"
        return Seen("order", settings, Verdict.DIFFERS, told)
    told = (
        f"{order.number}: quantity 2, Price 10.00. A total of 20.00 means unit, 10.00 line, "
        "another one that Prima prices: omit"
    )
    return Seen("order", settings, Verdict.LOOK, told)


def probe_control(bench: Bench) -> Seen:
    """Ask after an order that was just posted: the control enquiry."""
    order = bench.order(1)
    bench.post(order)
    call = order_status(order.number, profile=bench.profile, company=bench.company)
    found = bench.erp.send(call)
    told = f"{order.number} has the status {found.status[:40]!a}"
    return Seen("control", ("run.control_order",), Verdict.SETTLED, told)


def _refused(
    name: str, settings: tuple[str, ...], error: RejectedError, *, known: frozenset[str]
) -> Seen:
    """Tell which codes came, and whether one of them is known to mean what was asked."""
    verdict = Verdict.DIFFERS if known.isdisjoint(error.codes) else Verdict.SETTLED
    return Seen(name, settings, verdict, f"refused: {', '.join(error.codes)}")


def probe_duplicate(bench: Bench) -> Seen:
    """Post one number twice: the second must be refused by a code that means so."""
    order, settings = bench.order(2), ("prima.profile.duplicate_codes",)
    bench.post(order)
    try:
        bench.post(order, attempt=1)
    except RejectedError as error:
        return _refused("duplicate", settings, error, known=bench.profile.duplicate_codes)
    told = f"{order.number} was taken twice: Prima does not guard against it"
    return Seen("duplicate", settings, Verdict.DIFFERS, told)


def probe_reservation(bench: Bench) -> Seen:
    """Look at free stock before and after an order of two pieces."""
    before = bench.free()
    bench.post(bench.order(3))
    after = bench.free()
    settings = ("stock.prima_reserves",)
    if before is None or after is None:
        return Seen("reservation", settings, Verdict.FAILED, "Prima does not show the SKU's stock")
    moved = before - after
    told = f"free stock went from {before} to {after} with an order of 2"
    if moved not in (0, 2):
        return Seen("reservation", settings, Verdict.LOOK, f"{told}: somebody else sold as well?")
    right = (moved == 2) is bench.reserves_on_acceptance
    return Seen("reservation", settings, Verdict.SETTLED if right else Verdict.DIFFERS, told)


def probe_vat_basis(bench: Bench) -> Seen:
    """Post with the other VAT basis: it must be refused."""
    order = evolve(bench.order(4), vat_inclusive=not bench.vat_inclusive)
    settings = ("orders.vat_inclusive", "prima.profile.price_basis_codes")
    try:
        bench.post(order)
    except RejectedError as error:
        return _refused("vat-basis", settings, error, known=bench.profile.price_basis_codes)
    told = f"{order.number} was taken with the other VAT basis: is the setting right?"
    return Seen("vat-basis", settings, Verdict.DIFFERS, told)


def probe_encoding(bench: Bench) -> Seen:
    """Post letters beyond ASCII in a reference; they come back, and a person sees them stored."""
    order = evolve(bench.order(5), customer_ref=LETTERS, special_instructions=LETTERS)
    reference = f"{order.reference}-{LETTERS[:3]}"
    settings = ("prima.profile.charset",)
    try:
        bench.post(evolve(order, reference=reference))
    except UnreadableError as error:
        told = f"{order.number}: sent with {LETTERS}; {error.detail}"
        return Seen("encoding", settings, Verdict.DIFFERS, told)
    told = f"{order.number}: CustomerRef and SpecialInstructions must read {LETTERS}"
    return Seen("encoding", settings, Verdict.LOOK, told)


def probe_unknown_sku(bench: Bench) -> Seen:
    """Post a SKU that is not there: refused, and not there afterwards."""
    order = bench.order(6)
    line = evolve(order.lines[0], sku=SkuKey(f"{bench.sku.product[:8]}-NONE"))
    settings = ("prima.profile.codes",)
    try:
        bench.post(evolve(order, lines=(line,)))
    except RejectedError as error:
        told = f"refused: {', '.join(error.codes)}; name a code of goods in prima.profile.codes"
        return Seen("unknown-sku", settings, Verdict.SETTLED, told)
    return Seen("unknown-sku", settings, Verdict.DIFFERS, f"{order.number} was taken")


Probe = Callable[[Bench], Seen]
READING: dict[str, Probe] = {
    "wsdl": probe_wsdl,
    "snapshot": probe_snapshot,
    "absent": probe_absent,
}
"""Probes that change nothing."""
POSTING: dict[str, Probe] = {
    "order": probe_order,
    "control": probe_control,
    "duplicate": probe_duplicate,
    "reservation": probe_reservation,
    "vat-basis": probe_vat_basis,
    "encoding": probe_encoding,
    "unknown-sku": probe_unknown_sku,
}
"""Probes that post an order of their own; only for a test company."""
PROBES: dict[str, Probe] = READING | POSTING


def run_probe(name: str, bench: Bench) -> Seen:
    """Run one probe; what keeps it from an answer is what was seen."""
    try:
        return PROBES[name](bench)
    except CallError as error:
        codes = f" ({', '.join(error.codes)})" if error.codes else ""
        return Seen(name, (), Verdict.FAILED, f"{error}{codes}")
