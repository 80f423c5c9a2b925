"""Codes of refusals: all of them are looked at, a profile can add to them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.call import HttpResponse
from oro_prima.errors import ConfigError, RejectedError, UnreadableError
from oro_prima.prima.calls.outcome import outcome_of
from oro_prima.prima.models.codes import class_of, class_of_code, told
from oro_prima.prima.models.orders import OrderAnswer
from oro_prima.prima.models.profile import CodeClass, PrimaProfile
from tests.prima.documents import XML, item, posting, result, soap

PROFILE = PrimaProfile(
    busy_codes=frozenset({"90"}),
    codes=(("731", "account", "on stop"), ("732", "goods", ""), ("733", "busy", "locked")),
)
LISTED = ("14586", "21", "548", "731", "732", "7", "90", "733", "194")


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("14586", "malformed"),
        ("21", "duplicate"),
        ("548", "price-basis"),
        ("731", "account"),
        ("732", "goods"),
        ("7", "business"),
        ("90", "busy"),
        ("733", "busy"),
        ("194", "follow-on"),
    ],
)
def test_each_code_has_one_class(code: str, kind: str) -> None:
    """By default or by the profile."""
    assert (
        CodeClass(kind)
        is class_of_code(code, profile=PROFILE)
        is class_of((code,), profile=PROFILE)
    )


@given(st.lists(st.sampled_from(LISTED), min_size=1).flatmap(st.permutations))
def test_the_first_class_decides_whatever_the_order(codes: list[str]) -> None:
    """A follow-on never hides a cause, and what must be mended hides what may pass."""
    order = list(CodeClass)
    found = class_of(codes, profile=PROFILE)

    assert found is min((class_of_code(c, profile=PROFILE) for c in codes), key=order.index)
    assert found is class_of(sorted(codes), profile=PROFILE)


def test_no_code_is_a_refusal_like_any_other() -> None:
    """A text without a number still refuses."""
    assert CodeClass.BUSINESS is class_of((), profile=PROFILE)
    assert told((), profile=PROFILE) == "no code"


def test_what_the_profile_names_comes_first() -> None:
    """A known code can be moved to another class, and its meaning is told."""
    profile = PrimaProfile(codes=(("548", "account", "basis"),))

    assert CodeClass.ACCOUNT is class_of_code("548", profile=profile)
    assert told(("548", "194"), profile=profile) == "E:548 (basis), E:194"


@pytest.mark.parametrize(
    ("code", "kind", "fault"),
    [("x", "busy", "digits"), ("²", "busy", "digits"), ("7", "odd", "one of the classes")],
)
def test_codes_of_a_profile_are_checked(code: str, kind: str, fault: str) -> None:
    """When it is made."""
    with pytest.raises(ConfigError, match=fault):
        PrimaProfile(codes=((code, kind, ""),))


def test_an_answer_that_was_kept_can_be_judged_again() -> None:
    """One pure function of status, header fields and bytes."""
    taken = outcome_of(posting(), HttpResponse(200, XML, soap(result(item()))))
    refused = outcome_of(
        posting(PROFILE), HttpResponse(200, XML, soap(result(item("ERROR", "(E:731) x"))))
    )
    nothing = outcome_of(posting(), HttpResponse(200, XML, b""))
    large = outcome_of(posting(), HttpResponse(200, XML, b" " * (64 * 1024 * 1024 + 1)))

    assert isinstance(taken, OrderAnswer)
    assert isinstance(refused, RejectedError)
    assert "E:731 (on stop)" in str(refused)
    assert isinstance(nothing, UnreadableError)
    assert isinstance(large, UnreadableError)
