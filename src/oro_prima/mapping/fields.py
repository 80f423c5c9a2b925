"""The last look at an order before it may be posted: does every field of this Prima hold it?"""

from __future__ import annotations

from oro_prima.prima.models.fields import (
    FAULTS,
    FieldReport,
    Fit,
    fit_fields,
    has_field_rules,
    unwritable,
)
from oro_prima.prima.models.orders import PrimaOrder
from oro_prima.prima.models.profile import PrimaProfile
from oro_prima.prima.models.rendering import render_order
from oro_prima.reasons import Reason, ReasonCode

_ANY_ATTEMPT = "00000000"
_CODES = {
    Fit.TOO_LONG: ReasonCode.TEXT_TOO_LONG,
    Fit.NOT_WRITABLE: ReasonCode.TEXT_NOT_WRITABLE,
    Fit.MISSING: ReasonCode.FIELD_MISSING,
    Fit.NOT_IN_TABLE: ReasonCode.CODE_NOT_MAPPED,
}


def field_reports(order: PrimaOrder, *, profile: PrimaProfile) -> tuple[FieldReport, ...]:
    """Report every attribute that would be sent: its length, its field, and what becomes of it."""
    tree = render_order(order, unique_id=_ANY_ATTEMPT, profile=profile)
    return fit_fields(tree, profile=profile)[1]


def field_reasons(order: PrimaOrder, *, subject: str, profile: PrimaProfile) -> tuple[Reason, ...]:
    """
    Return why fields of this Prima cannot hold an order; empty where they can.

    Names and addresses were fitted before. Without rules of the profile only what comes from tables
    is looked at: codes that cannot be written.
    """
    if not has_field_rules(profile):
        return _code_reasons(order, subject)
    return tuple(
        Reason(_CODES[one.fit], f"{subject}/{one.place}", _detail(one))
        for one in field_reports(order, profile=profile)
        if one.fit in FAULTS
    )


def _detail(one: FieldReport) -> str:
    if one.fit is Fit.TOO_LONG:
        return f"{one.length} characters; the field takes {one.width}"
    return one.detail or "blank"


def _code_reasons(order: PrimaOrder, subject: str) -> tuple[Reason, ...]:
    codes = [order.account, order.currency, order.channel, order.carrier, order.carrier_service]
    codes += [order.deliv_addr_no, order.invc_addr_no]
    codes += [charge.code for charge in order.charges]
    for line in order.lines:
        codes += [*line.sku.codes, line.warehouse]
    wrong = unwritable("".join(codes))
    if not wrong:
        return ()
    detail = f"a code of an account, a product or a table: {', '.join(wrong[:5])}"
    return (Reason(ReasonCode.TEXT_NOT_WRITABLE, subject, detail),)
