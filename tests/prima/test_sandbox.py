"""Every call against Prima as it behaves."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from attrs import evolve

from oro_prima.errors import CallError, Effect, RejectedError, UnauthorizedError, UnavailableError
from oro_prima.ids import PrimaCompany
from oro_prima.prima.calls.orders import order_status, post_order
from oro_prima.prima.calls.stock import free_stock, free_stock_of
from oro_prima.prima.models.orders import OrderAnswer, OrderStatusAnswer, PrimaOrder
from oro_prima.prima.models.profile import PrimaProfile, Style
from oro_prima.sandbox.prima import PrimaSandbox
from oro_prima.values import SkuKey
from tests.prima.documents import COMPANY, LINE, NUMBER, ORDER, TODAY, UNIQUE, asking, posting
from tests.prima.served import served


def _sandbox(style: Style = Style.RPC_LITERAL, *, part: str = "result") -> PrimaSandbox:
    prima = PrimaSandbox(
        now=lambda: datetime(2031, 5, 6, tzinfo=UTC),
        style=style.value,
        latin1=True,
        output_part=part,
    )
    prima.add_account("KETTLE1")
    prima.add_stock("TEAPOT", "BLUE", quantity=100)
    prima.add_stock("TEAPOT", "RED", quantity=0, available_date="01/06/2031")
    return prima


def _post(order: PrimaOrder, prima: PrimaSandbox) -> OrderAnswer:
    return served(
        prima,
        post_order(order, unique_id=UNIQUE, profile=PrimaProfile(), company=COMPANY),
    )


@pytest.mark.parametrize("style", list(Style))
@pytest.mark.parametrize("with_company", [True, False])
def test_each_style_takes_an_order_and_shows_it(style: Style, with_company: bool) -> None:
    """The order is taken once, its status is shown, and its goods leave free stock."""
    prima = _sandbox(style, part="AnyName")
    profile = PrimaProfile(style=style, with_company=with_company)
    skus = [SkuKey("teapot", "red"), SkuKey("CUP"), SkuKey("TEAPOT", "BLUE")]

    assert served(prima, posting(profile)) == OrderAnswer(NUMBER, "SHOP-42", ORDER.account)
    prima.set_status(NUMBER, "Part Despatched")
    assert served(prima, asking(profile)) == OrderStatusAnswer(NUMBER, "Part Despatched")
    whole = served(prima, free_stock(profile=profile, company=COMPANY, today=TODAY))
    some = served(prima, free_stock_of(skus, profile=profile, company=COMPANY, today=TODAY))
    assert {row.sku: row.available for row in whole} == {
        SkuKey("TEAPOT", "BLUE"): Decimal(94),
        SkuKey("TEAPOT", "RED"): Decimal(0),
    }
    assert [row.sku for row in some] == [SkuKey("TEAPOT", "RED"), SkuKey("TEAPOT", "BLUE")]
    assert some[0].next_available is not None


def test_a_number_is_taken_once() -> None:
    """The second time Prima says that it has it."""
    prima = _sandbox()
    _post(ORDER, prima)

    with pytest.raises(RejectedError) as caught:
        _post(ORDER, prima)

    assert caught.value.codes[0] == "21"
    assert [order.accepted for order in prima.orders()] == [1]


@pytest.mark.parametrize(
    ("order", "code"),
    [
        (evolve(ORDER, vat_inclusive=True), "548"),
        (evolve(ORDER, lines=(evolve(LINE, sku=SkuKey("CUP")),)), "194"),
    ],
)
def test_refusals_carry_their_code(order: PrimaOrder, code: str) -> None:
    """The cause comes before what follows from it; nothing was taken."""
    prima = _sandbox()

    with pytest.raises(RejectedError) as caught:
        _post(order, prima)

    assert (caught.value.codes[0], caught.value.effect) == (code, Effect.NONE)
    assert prima.orders() == ()


def test_an_order_that_is_not_there_is_refused() -> None:
    """Nothing is concluded from it here."""
    with pytest.raises(RejectedError):
        served(_sandbox(), asking())


@pytest.mark.parametrize(
    ("fault", "kind", "effect"),
    [
        ("fault-10921", UnavailableError, Effect.NONE),
        ("fault-8234", UnavailableError, Effect.UNKNOWN),
        ("bad-gateway", UnavailableError, Effect.UNKNOWN),
        ("unavailable", UnavailableError, Effect.UNKNOWN),
        ("unauthorized", UnauthorizedError, Effect.NONE),
    ],
)
def test_faults_have_their_class(fault: str, kind: type[CallError], effect: Effect) -> None:
    """What may have been taken is unknown, what cannot have been is not."""
    with pytest.raises(kind) as caught:
        served(_sandbox(), posting(), fault=fault)

    assert caught.value.effect is effect


@pytest.mark.parametrize(
    "profile",
    [PrimaProfile(style=Style.DOC_LITERAL), PrimaProfile(xml_part="Doc")],
)
def test_a_wrong_profile_is_found_out_at_once(profile: PrimaProfile) -> None:
    """By any call, and nothing was done."""
    with pytest.raises(UnavailableError, match="the profile is wrong") as caught:
        served(_sandbox(), posting(profile))

    assert caught.value.effect is Effect.NONE


def test_a_company_that_is_not_there_is_a_fault() -> None:
    """The number says nothing more, so an order stays open."""
    call = order_status(NUMBER, profile=PrimaProfile(with_company=True), company=PrimaCompany("9"))

    with pytest.raises(UnavailableError) as caught:
        served(_sandbox(), call)

    assert caught.value.codes == ("10926",)
