"""Fields of a deployment: nothing is cut that may not be, and every attribute is reported."""

from __future__ import annotations

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.ids import PrimaAccount
from oro_prima.mapping.fields import field_reasons, field_reports
from oro_prima.prima.calls import post_order
from oro_prima.prima.models.fields import (
    FAULTS,
    NOTES,
    Fit,
    fit_fields,
    has_field_rules,
    unwritable,
    width_of,
)
from oro_prima.prima.models.orders import PrimaOrder
from oro_prima.prima.models.profile import PrimaProfile
from oro_prima.prima.models.rendering import Tree, render_order
from oro_prima.reasons import ReasonCode
from tests.prima.documents import COMPANY, LINE, ORDER, orders
from tests.prima.requests import read_sent

NARROW = PrimaProfile(
    widths=(("CustomerRef", 8), ("OrderLineData/LineReference", 4), ("LineNarrative", 5)),
    required=frozenset({"DelivAddrNo", "OrderHeaderData/Season", "Data/Wardrobe"}),
    cut=frozenset({"OrderLineData/LineReference"}),
    values=(("Currency", (("GBP", "UK"),)), ("OrderHeaderData/Carrier", (("a", "b"),))),
)


def fits(order: PrimaOrder, profile: PrimaProfile) -> dict[str, Fit]:
    return {one.place: one.fit for one in field_reports(order, profile=profile)}


def texts(tree: Tree) -> list[tuple[str, str, str]]:
    name, attributes, children = tree
    own = [(name, key, text) for key, text in attributes.items()]
    return own + [row for child in children for row in texts(child)]


def test_each_attribute_is_reported_with_what_became_of_it() -> None:
    """Mapped by a table, cut where allowed, or a fault."""
    order = evolve(
        ORDER,
        customer_ref="123456789",
        carrier="z",
        lines=(evolve(LINE, narrative="seven.."), evolve(LINE, number=2, reference="x")),
    )
    found = fits(order, NARROW)

    assert found["Data/CustomerRef"] is Fit.TOO_LONG
    assert found["Data/DelivAddrNo"] is Fit.MISSING
    assert found["OrderHeaderData/Season"] is Fit.MISSING
    assert found["Data/Wardrobe"] is Fit.MISSING
    assert found["OrderHeaderData/Currency"] is Fit.MAPPED
    assert found["OrderHeaderData/Carrier"] is Fit.NOT_IN_TABLE
    assert found["OrderLineData/LineReference"] is Fit.CUT
    assert found["OrderLineData[2]/LineReference"] is Fit.KEPT
    assert found["OrderLineData/LineNarrative"] is Fit.CUT


@given(orders(), st.sampled_from([PrimaProfile(), NARROW]))
def test_what_is_kept_is_what_was_said(order: PrimaOrder, profile: PrimaProfile) -> None:
    """One report an attribute; every text is kept whole, mapped, cut in its field, or a fault."""
    tree = render_order(order, unique_id="12345678", profile=profile)
    fitted, reports = fit_fields(tree, profile=profile)
    told = [one for one in reports if one.place != "Data/Wardrobe"]

    assert len(told) == len(texts(tree)) == len(texts(fitted))
    assert fit_fields(tree, profile=profile) == (fitted, reports)
    for one, (element, name, before), (_, _, after) in zip(
        told, texts(tree), texts(fitted), strict=True
    ):
        assert (one.element, one.attribute, one.length) == (element, name, len(before))
        if one.fit is Fit.CUT:
            assert name in NOTES or name == "LineReference"
            assert after == before[: one.width]
        elif one.fit is not Fit.MAPPED:
            assert after == before
        if one.fit is Fit.KEPT and before.strip():
            assert len(after) <= one.width
            assert unwritable(after) == ()


@given(orders())
def test_reasons_follow_the_faults(order: PrimaOrder) -> None:
    """Each fault is a reason with its place; without one there is none."""
    faults = [one for one in field_reports(order, profile=NARROW) if one.fit in FAULTS]
    reasons = field_reasons(order, subject="orders/7", profile=NARROW)

    assert [f"orders/7/{one.place}" for one in faults] == [one.subject for one in reasons]


def test_reasons_say_what_people_can_mend() -> None:
    """Lengths, code points and codes; no text of a name."""
    order = evolve(ORDER, customer_ref="123456789", channel="中", carrier="z")
    reasons = field_reasons(order, subject="orders/7", profile=NARROW)
    found = {one.subject.rpartition("/")[2]: (one.code, one.detail) for one in reasons}

    assert found["CustomerRef"] == (ReasonCode.TEXT_TOO_LONG, "9 characters; the field takes 8")
    assert found["OrderChannel"] == (ReasonCode.TEXT_NOT_WRITABLE, "U+4E2D")
    assert found["Carrier"] == (ReasonCode.CODE_NOT_MAPPED, "z")
    assert found["Season"] == (ReasonCode.FIELD_MISSING, "blank")


def test_without_rules_codes_are_looked_at_all_the_same() -> None:
    """What comes from tables was not fitted before."""
    wrong = evolve(ORDER, account=PrimaAccount("Ł1"))
    reasons = field_reasons(wrong, subject="orders/7", profile=PrimaProfile())

    assert [(one.code, one.detail) for one in reasons] == [
        (ReasonCode.TEXT_NOT_WRITABLE, "a code of an account, a product or a table: U+0141")
    ]
    for fine in (ORDER, evolve(ORDER, account=PrimaAccount("É1"))):
        assert field_reasons(fine, subject="orders/7", profile=PrimaProfile()) == ()


def test_what_was_fitted_is_what_leaves() -> None:
    """Codes mapped, notes cut."""
    call = post_order(ORDER, unique_id="12345678", profile=NARROW, company=COMPANY)
    data = read_sent(call.request().body).request[0]

    assert [header.attrib["Currency"] for header in data.iter("OrderHeaderData")] == ["UK"]
    assert [line.attrib["LineReference"] for line in data.iter("OrderLineData")] == ["SHOP"]


def test_widths_are_the_profiles() -> None:
    """By element and name, by name, else by kind."""
    profile = evolve(NARROW, widths=(("A", 1), ("Data/A", 2)), note_width=9, text_width=7)

    assert [
        width_of("Data", "A", profile=profile),
        width_of("X", "A", profile=profile),
        width_of("Data", "SpecialInstructions", profile=profile),
        width_of("Data", "InvoiceAddrLine6", profile=profile),
        width_of("Data", "PostCode", profile=profile),
    ] == [2, 1, 9, 35, 7]
    assert not has_field_rules(PrimaProfile(cut=frozenset({"A"})))
