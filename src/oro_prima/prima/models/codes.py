"""Which kind of refusal codes are: never by wording, and every code is looked at."""

from __future__ import annotations

from collections.abc import Sequence

from oro_prima.prima.models.profile import CodeClass, PrimaProfile

FOLLOW_ON = "194"


def class_of(codes: Sequence[str], *, profile: PrimaProfile) -> CodeClass:
    """
    Return the class of a refusal: the first of `CodeClass` that any of its codes has.

    `BUSY` needs every code but follow-ons to say so, for any other has to be mended first. Without
    codes it is `BUSINESS`.

    >>> class_of(("194", "548"), profile=PrimaProfile()).value
    'price-basis'
    """
    classes = {class_of_code(code, profile=profile) for code in codes} or {CodeClass.BUSINESS}
    return next(one for one in CodeClass if one in classes)


def class_of_code(code: str, *, profile: PrimaProfile) -> CodeClass:
    """Return the class of one code; what the profile names itself comes first."""
    for known, kind, _meaning in profile.codes:
        if known == code:
            return CodeClass(kind)
    listed = (
        (profile.malformed_codes, CodeClass.MALFORMED),
        (profile.duplicate_codes, CodeClass.DUPLICATE),
        (profile.price_basis_codes, CodeClass.PRICE_BASIS),
        (profile.busy_codes, CodeClass.BUSY),
        ((FOLLOW_ON,), CodeClass.FOLLOW_ON),
    )
    return next((kind for members, kind in listed if code in members), CodeClass.BUSINESS)


def told(codes: Sequence[str], *, profile: PrimaProfile) -> str:
    """
    Name codes for people, each with what the profile says of it.

    >>> told(("731", "194"), profile=PrimaProfile(codes=(("731", "account", "on stop"),)))
    'E:731 (on stop), E:194'
    """
    meanings = {code: f" ({meaning})" for code, _kind, meaning in profile.codes if meaning}
    return ", ".join(f"E:{code}{meanings.get(code, '')}" for code in codes) or "no code"
