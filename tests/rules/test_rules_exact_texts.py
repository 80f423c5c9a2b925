"""Texts and totals to the letter: where a text fits, where a figure is stated."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve

from oro_prima.mapping.policy import AddressPolicy, OrderPolicy, Overflow
from oro_prima.mapping.texts import fitted, map_party, not_served, note_changed, note_text, place
from oro_prima.mapping.totals import (
    captured_vat,
    has_discount,
    is_discounted,
    shipping_cost,
    stated_discount,
)
from oro_prima.oro.models.orders import OrderAddress, OrderDiscount, OrderSubtotal
from oro_prima.outcome import Mapped, Unmapped
from oro_prima.prima.models import PrimaProfile
from oro_prima.prima.models.orders import Party
from oro_prima.prima.models.profile import CharsetPolicy
from oro_prima.reasons import Reason, ReasonCode
from tests.rules.making import (
    an_address,
    an_order,
    policy,
)


def told(found: object) -> list[tuple[str, str, str, str]]:
    """Return each reason in full."""
    assert isinstance(found, Unmapped)
    return [(r.code.value, r.subject, r.detail, r.cause) for r in found.reasons]


# texts

NARROW = PrimaProfile(text_width=5, note_width=6, address_width=8, address_lines=3,
                      charset=CharsetPolicy.REJECT)  # fmt: skip
JOINING = AddressPolicy(Overflow.JOIN)


def test_a_text_fits_up_to_its_width() -> None:
    """One more is too long; characters that cannot be written are named, five of them."""
    wide = fitted("abcdef", subject="x", profile=NARROW)
    odd = fitted("\u6f21\u6f22\u6f23\u6f24\u6f25\u6f26", subject="x", profile=NARROW)

    assert fitted("abcde", subject="x", profile=NARROW) == Mapped("abcde")
    assert told(wide) == [("text-too-long", "x", "6 characters; the field takes 5", "")]
    assert [one[:2] for one in told(odd)] == [("text-not-writable", "x")]
    assert len(told(odd)[0][2].split(", ")) == 5
    assert fitted(None, subject="x", profile=NARROW) == Mapped("")


def test_a_note_is_cut_behind_its_width_and_somebody_is_told() -> None:
    """One that fits exactly is sent as it is."""
    assert note_text("abcdef", profile=NARROW) == "abcdef"
    assert note_text("abcdefg", profile=NARROW) == "abcdef"
    assert note_text(None, profile=NARROW) == ""
    assert note_changed("abcdef", subject="x", profile=NARROW) == ()
    assert note_changed("abcdefg", subject="x", profile=NARROW) == (
        Reason(ReasonCode.TEXT_CHANGED, "x", "cut at 6"),
    )
    assert note_changed("\u6f22", subject="x", profile=NARROW) == (
        Reason(ReasonCode.TEXT_CHANGED, "x", "characters were replaced by ?"),
    )


def test_a_place_is_what_an_address_says_trimmed() -> None:
    """The region as a person wrote it comes before its code; no address is no place."""
    address = OrderAddress(
        "1", "Org", None, " Zoë", None, "Bell ", None, "Street", "Yard", "City", "ZZ1", "Shire",
        "0123", "label", "GB", "GB-X",
    )  # fmt: skip

    assert place(None) == ()
    assert place(address) == (
        "Org", "Zoë", "Bell", "Street", "Yard", "City", "Shire", "ZZ1", "GB", "0123",
    )  # fmt: skip
    assert place(evolve(address, custom_region=None))[6] == "GB-X"
    assert place(OrderAddress("1")) == ("",) * 10


def lines_of(rules: OrderPolicy, **parts: str) -> object:
    """Return the lines that an address makes, or its faults."""
    found = map_party(OrderAddress("1", **parts), subject="a", policy=rules)
    return found.value.lines if isinstance(found, Mapped) else told(found)


def test_a_line_of_an_address_wraps_between_words() -> None:
    """Up to the width it stands as it is; a word that is wider is refused, a blank is none."""
    rules = policy(profile=NARROW)

    assert lines_of(rules, street="a bcdefg") == ("a bcdefg",)
    assert lines_of(rules, street="ab cdefgh") == ("ab", "cdefgh")
    assert lines_of(rules, street="ab cdefghij") == ("ab", "cdefghij")
    assert lines_of(rules, street="ab-cdefgh") == [
        ("address-too-long", "a/street", "a word longer than 8 characters", "")
    ]
    assert lines_of(rules, street="a bcdefghij") == [
        ("address-too-long", "a/street", "a word longer than 8 characters", "")
    ]
    assert lines_of(rules, street="a", street2=" \t", city="b") == ("a", "b")


def test_lines_are_joined_only_where_there_are_too_many() -> None:
    """As many as there is room for stay as they are; a joint is a comma and a blank."""
    three = {"street": "ab", "street2": "cd", "city": "ef"}
    four = {**three, "organization": "abc"}
    rules, joining = policy(profile=NARROW), policy(profile=NARROW, addresses=JOINING)

    assert lines_of(joining, **three) == ("ab", "cd", "ef")
    assert lines_of(joining, **four) == ("abc, ab", "cd, ef")
    assert lines_of(joining, **{**four, "organization": "abcd"}) == ("abcd, ab", "cd, ef")
    assert lines_of(joining, **{**four, "organization": "abcde"}) == ("abcde", "ab, cd", "ef")
    assert lines_of(rules, **four) == [("address-too-long", "a", "4 lines of 8 characters", "")]


def test_a_contact_is_sent_only_where_that_is_wanted() -> None:
    """Without it names and phone are blank; the address stays."""
    address = an_address(first_name="Zoë", last_name="Bell", phone="0123")
    silent = map_party(address, subject="a", policy=policy(send_contact=False))

    assert silent == Mapped(Party("", "", ("1 Sample Street", "Sampleton"), "ZZ1 1ZZ", "GB"))


def test_a_country_that_needs_a_postcode_is_content_with_one() -> None:
    """None, and a blank one, are missing; another country needs none."""
    rules = policy(addresses=AddressPolicy(postcode_countries=frozenset({"GB"})))
    found = [
        map_party(an_address(postal_code=code, country=country), subject="a", policy=rules)
        for code, country in (("ZZ1", "GB"), (None, "FR"), (None, "GB"), (" ", "GB"))
    ]

    assert [isinstance(one, Mapped) for one in found] == [True, True, False, False]
    assert told(found[2]) == [
        ("postcode-missing", "a/postal_code", "no postcode, and an address in GB needs one", "")
    ]
    assert not_served(an_address(), subject="a", policy=rules.addresses) == ()


def test_six_characters_of_a_street_that_cannot_be_written_are_five_in_the_reason() -> None:
    """Somebody reads it."""
    odd = an_address(street="\u6f21\u6f22\u6f23\u6f24\u6f25\u6f26")
    (reason,) = told(map_party(odd, subject="a", policy=policy()))

    assert reason[2] == "U+6F21, U+6F22, U+6F23, U+6F24, U+6F25"


# totals


def rows(*signed: str | None, tax: str = "1.00", kind: str = "discount") -> tuple[Any, ...]:
    """Return rows of computed totals, the first a subtotal and the rest of one kind."""
    first, *rest = signed
    made = [OrderSubtotal("1", "subtotal", signed_amount=Decimal(first or 0))]
    made += [
        OrderSubtotal(str(n), kind, signed_amount=None if one is None else Decimal(one))
        for n, one in enumerate(rest, 2)
    ]
    return (*made, OrderSubtotal("9", "tax", tax_amount=Decimal(tax)))


@pytest.mark.parametrize(
    ("total", "found", "vat"),
    [
        ("11.00", rows("10.00"), "1.00"),
        ("11.004", rows("10.001"), "1.00"),
        ("11.005", rows("10.00"), None),
        ("11.01", rows("10.005"), "1.00"),
        ("11.00", rows("10.00", None), None),
        ("11.00", None, None),
        ("11.00", (), None),
    ],
)
def test_vat_is_stated_where_the_rows_make_the_total_to_the_penny(
    total: str, found: Any, vat: str | None
) -> None:
    """Half a penny counts as one."""
    order = an_order(total_value=Decimal(total), subtotals=found)

    assert captured_vat(order) == (None if vat is None else Decimal(vat))


@pytest.mark.parametrize(
    ("change", "has", "lowered"),
    [
        ({}, False, False),
        ({"total_discounts_amount": Decimal(1)}, True, True),
        ({"discounts": (OrderDiscount("1", percent=Decimal("0.1")),)}, True, True),
        ({"discounts": (OrderDiscount("1", amount=Decimal(1)),)}, True, True),
        ({"discounts": (OrderDiscount("1", amount=Decimal(0)),)}, False, False),
        ({"subtotals": (OrderSubtotal("1", "discount", Decimal(1)),)}, True, True),
        ({"subtotals": (OrderSubtotal("1", "discount", Decimal(0)),)}, False, False),
        ({"subtotals": (OrderSubtotal("1", "subtotal", Decimal(1)),)}, False, False),
        ({"subtotals": rows("1.00", "-1.00", kind="promo")}, False, True),
        ({"subtotals": rows("1.00", "0.00", kind="promo")}, False, False),
        ({"subtotals": rows("1.00", "0.50", kind="promo")}, False, False),
        ({"subtotals": rows("1.00", None, kind="promo")}, False, False),
    ],
)
def test_what_is_lowered_is_told_by_any_row(
    change: dict[str, Any], has: bool, lowered: bool
) -> None:
    """A discount of the shop's own, and whatever else takes something away."""
    order = an_order(**change)

    assert has_discount(order) is has
    assert is_discounted(order) is lowered


def test_a_discount_is_stated_by_the_rows_or_by_the_order_s_own_figures() -> None:
    """Where they make the total; 0 where nothing was taken off."""
    taken = an_order(total_value=Decimal("9.00"), subtotals=rows("10.00", "-1.50", "-0.50"))
    none = an_order(total_value=Decimal("11.00"), subtotals=rows("10.00"))
    old = an_order(subtotal_value=Decimal(10), total_value=Decimal(9), subtotals=None,
                   total_discounts_amount=Decimal(3),
                   estimated_shipping_cost_amount=Decimal(2))  # fmt: skip
    plain = evolve(old, total_discounts_amount=None, total_value=Decimal(12))

    assert stated_discount(taken) == Decimal("2.00")
    assert stated_discount(none) == 0
    assert stated_discount(evolve(none, subtotals=rows("10.00", "0.00"))) == 0
    assert stated_discount(old) == 3
    assert stated_discount(plain) == 0
    assert stated_discount(evolve(old, total_value=Decimal(10))) is None
    assert stated_discount(evolve(old, subtotal_value=None)) is None


def test_a_cost_that_was_overridden_comes_first() -> None:
    """Also where it is 0."""
    both = an_order(estimated_shipping_cost_amount=Decimal(2))

    assert shipping_cost(both) == 2
    assert shipping_cost(evolve(both, overridden_shipping_cost_amount=Decimal(0))) == 0
    assert shipping_cost(an_order()) == 0
