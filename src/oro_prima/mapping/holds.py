"""Orders that somebody looks at first: held here, or posted on hold for somebody in Prima."""

from __future__ import annotations

from collections.abc import Sequence, Set
from enum import StrEnum

from attrs import frozen

from oro_prima.ids import PrimaAccount
from oro_prima.mapping.conditions import OrderTest
from oro_prima.mapping.recorder import SILENT, Recorder
from oro_prima.oro.models.orders import Order
from oro_prima.reasons import Reason, ReasonCode


class HoldAction(StrEnum):
    """Where an order waits for somebody to look at it."""

    HERE = "here"
    """In the exception queue, before it is posted; a person's retry lets it go."""
    PRIMA = "prima"
    """In Prima, posted on hold (`HoldOrder`) with the narrative."""
    APPROVAL = "approval"
    """In Prima, sent to approval (`SendToApproval`)."""


@frozen
class HoldRule:
    """
    One kind of order that somebody looks at first.

    Attributes:
        when: Which orders.
        action: Where they wait.
        narrative: Why, for whoever looks; goes to Prima as `HoldOrderNarrative`.
        first_order: Only the first order of an account; where nobody knows, every one is.
    """

    when: OrderTest
    action: HoldAction
    narrative: str
    first_order: bool = False


@frozen
class Holds:
    """How one order is posted: on hold with a narrative, or to approval; neither usually."""

    narrative: str = ""
    approval: bool = False


NO_HOLDS = Holds()


def resolve_holds(
    order: Order,
    account: PrimaAccount,
    rules: Sequence[HoldRule],
    known: Set[PrimaAccount] | None,
    *,
    to: Recorder = SILENT,
) -> Holds:
    """
    Find how an order is posted; the narratives of all rules that fit stand together.

    Args:
        order: The order.
        account: Its account.
        rules: What the business wants looked at.
        known: Accounts that ordered before; None where nobody knows.
        to: Who wants to know why.
    """
    if not rules:
        return NO_HOLDS
    fitting = _fitting(order, account, rules, known, to)
    on_hold = [rule.narrative for rule in fitting if rule.action is HoldAction.PRIMA]
    approval = any(rule.action is HoldAction.APPROVAL for rule in fitting)
    return Holds("; ".join(dict.fromkeys(on_hold)), approval)


def hold_reasons(
    order: Order,
    account: PrimaAccount,
    rules: Sequence[HoldRule],
    known: Set[PrimaAccount] | None,
) -> tuple[Reason, ...]:
    """Return why an order waits here for a person; empty where it does not."""
    fitting = _fitting(order, account, rules, known, SILENT)
    return tuple(
        Reason(ReasonCode.HELD_BY_RULE, f"orders/{order.id}", rule.narrative)
        for rule in fitting
        if rule.action is HoldAction.HERE
    )


def _fitting(
    order: Order,
    account: PrimaAccount,
    rules: Sequence[HoldRule],
    known: Set[PrimaAccount] | None,
    to: Recorder,
) -> list[HoldRule]:
    is_first = known is None or account not in known
    found: list[HoldRule] = []
    for number, rule in enumerate(rules, start=1):
        if rule.when.fits(order) and (is_first or not rule.first_order):
            to.row("holds", number, action=rule.action.value, narrative=rule.narrative)
            found.append(rule)
        else:
            to.refused(f"hold: {rule.narrative}", "holds row {} is about other orders", number)
    return found
