"""
Why a record is held, waits or is ignored: codes with a meaning, an owner and a fix.

The codes are public API; the reference page and the manual are generated from these tables.
"""

from __future__ import annotations

from attrs import frozen

from oro_prima.reasons.codes import Owner, ReasonCode, ReasonInfo
from oro_prima.reasons.customers import CUSTOMERS
from oro_prima.reasons.fulfilment import FULFILMENT
from oro_prima.reasons.goods import GOODS
from oro_prima.reasons.headers import HEADERS
from oro_prima.reasons.invoices import INVOICES
from oro_prima.reasons.orders import ORDERS
from oro_prima.reasons.prices import PRICES

__all__ = ["Owner", "Reason", "ReasonCode", "ReasonInfo", "explain_reason"]


@frozen
class Reason:
    """
    One fault of one record.

    `subject` is a path such as `orders/1042/lines/3`; `detail` holds codes and figures, never
    names, addresses or notes. `cause` names what is to be corrected where that is known
    (`customers/7`, `units/BOOT/pair`, `charges/flat_rate`): reasons of one cause have one fix.
    """

    code: ReasonCode
    subject: str
    detail: str
    cause: str = ""

    @property
    def owner(self) -> Owner:
        """Who acts."""
        return explain_reason(self.code).owner

    @property
    def fix(self) -> str:
        """What to do about it."""
        return explain_reason(self.code).fix


def explain_reason(code: ReasonCode) -> ReasonInfo:
    """Return meaning, owner and fix of a code."""
    return _INFO[code]


_INFO = {**ORDERS, **CUSTOMERS, **FULFILMENT, **INVOICES, **PRICES, **HEADERS, **GOODS}
