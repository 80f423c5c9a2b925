"""
An Oro order -> a Prima order: all lines or none, every fault at once.

Pure: no network, no store, no clock. Prima computes price, tax and discount; this is the intent.
"""

from __future__ import annotations

from decimal import Decimal

from attrs import evolve, frozen

from oro_prima.ids import PrimaOrderNumber, UnitCode
from oro_prima.mapping.charges import map_charges
from oro_prima.mapping.customers import ResolvedAccount, resolve_account
from oro_prima.mapping.deliveries import delivery_number
from oro_prima.mapping.fields import field_reasons
from oro_prima.mapping.holds import Holds, resolve_holds
from oro_prima.mapping.numbers import order_number, unique_id
from oro_prima.mapping.policy import OrderPolicy
from oro_prima.mapping.prices.lines import line_prices, missing_price
from oro_prima.mapping.recorder import SILENT, Recorder
from oro_prima.mapping.recording import record_prices, record_units
from oro_prima.mapping.references import customer_reference
from oro_prima.mapping.routing import Route, resolve_route
from oro_prima.mapping.tables import Component, Tables
from oro_prima.mapping.texts import map_party, not_served, note_text, place
from oro_prima.mapping.totals import captured_gross, captured_vat
from oro_prima.mapping.units import BaseQuantity, base_quantities, resolve_components
from oro_prima.mapping.warnings import order_warnings
from oro_prima.oro.models.orders import Order, OrderLine
from oro_prima.outcome import Mapped, Outcome, Unmapped, both, every, reasons_of, then, unmapped
from oro_prima.prima.models.orders import OrderCharge, Party, PrimaOrder, PrimaOrderLine
from oro_prima.reasons import ReasonCode
from oro_prima.values import LocalDate, local_date

__all__ = [
    "captured_gross",
    "captured_vat",
    "map_order",
    "order_number",
    "order_warnings",
    "unique_id",
]


_Piece = tuple[OrderLine, BaseQuantity, Decimal | None]
"""One component of one line, and its price."""


@frozen
class _Header:
    """What an order says apart from its lines."""

    payer: ResolvedAccount
    delivery: Party
    deliv_addr_no: str
    invoice: Party | None
    customer_ref: str
    charges: tuple[OrderCharge, ...]
    route: Route


def map_order(
    order: Order,
    tables: Tables,
    policy: OrderPolicy,
    *,
    suffix: int = 0,
    to: Recorder = SILENT,
) -> Outcome[PrimaOrder]:
    """
    Map one order.

    Args:
        order: As read, with all its lines.
        tables: Approved links, product units, charge codes.
        policy: What the business decides.
        suffix: 0, or 1 to 9 for a deliberate repost.
        to: Who wants to know why (`explain_order`).

    Returns:
        The order for Prima, or every reason why there is none.

    Source: RULES §1, §2.1, §5, §8.
    """
    number = order_number(order.id, suffix=suffix, policy=policy)
    header = _header(order, tables, policy, to)
    lines = _lines(order, tables, policy, to)
    match number, header, lines:
        case Mapped(found), Mapped(top), Mapped(rows):
            holds = _holds(order, top.payer, tables, policy, to)
            sent = _prima_lines(order, rows, top.route.warehouse, policy)
            made = _order(order, policy, found, top, sent, holds, suffix=suffix)
            return _if_fields_hold(made, subject=f"orders/{order.id}", policy=policy)
        case _:
            return Unmapped(reasons_of(number) + reasons_of(header) + reasons_of(lines))


def _if_fields_hold(order: PrimaOrder, *, subject: str, policy: OrderPolicy) -> Outcome[PrimaOrder]:
    reasons = field_reasons(order, subject=subject, profile=policy.profile)
    return Unmapped(reasons) if reasons else Mapped(order)


def _reference(order: Order, suffix: int) -> str:
    """Name the order to Prima; a deliberate repost is told apart from what it replaces."""
    return f"ORO-{order.id}.{suffix}" if suffix else f"ORO-{order.id}"


def _order(
    order: Order,
    policy: OrderPolicy,
    number: PrimaOrderNumber,
    header: _Header,
    lines: tuple[PrimaOrderLine, ...],
    holds: Holds,
    *,
    suffix: int,
) -> PrimaOrder:
    return PrimaOrder(
        number=number,
        reference=_reference(order, suffix),
        account=header.payer.link.account,
        currency=order.currency or "",
        vat_inclusive=policy.vat_inclusive,
        order_date=local_date(order.created_at, policy.zone),
        lines=lines,
        customer_ref=header.customer_ref,
        delivery=header.delivery,
        deliv_addr_no=header.deliv_addr_no,
        invoice=header.invoice,
        invc_addr_no=header.payer.link.invc_addr_no,
        channel=header.route.channel,
        carrier=header.route.carrier,
        carrier_service=header.route.service,
        special_instructions=note_text(order.customer_notes, profile=policy.profile),
        charges=header.charges,
        payment_terms=header.route.payment_terms,
        on_hold=bool(holds.narrative),
        hold_narrative=note_text(holds.narrative, profile=policy.profile),
        to_approval=holds.approval,
    )


def _route(order: Order, tables: Tables, policy: OrderPolicy, to: Recorder) -> Outcome[Route]:
    if not (tables.carriers or tables.payment_terms or policy.routes):
        return Mapped(policy.default_route)
    step = to.step("routing.resolve_route", method=order.shipping_method)
    found = resolve_route(order, tables, policy.routes, policy.default_route, to=step)
    step.gave(found)
    return found


def _holds(
    order: Order, payer: ResolvedAccount, tables: Tables, policy: OrderPolicy, to: Recorder
) -> Holds:
    """Find whether the order waits in Prima: by a rule, or because its account is stopped."""
    holds = resolve_holds(order, payer.link.account, policy.holds, tables.ordered_before, to=to)
    if not payer.on_stop:
        return holds
    stopped = "the account is stopped"
    return evolve(holds, narrative="; ".join(filter(None, (stopped, holds.narrative))))


def _header(order: Order, tables: Tables, policy: OrderPolicy, to: Recorder) -> Outcome[_Header]:
    account = _account(order, tables, policy, to)
    delivery = _delivery(order, account, tables, policy)
    invoice = _invoice(order, policy)
    ref = customer_reference(order, policy.references, profile=policy.profile)
    charges = map_charges(order, tables, policy, to=to)
    route = _route(order, tables, policy, to)
    match account, delivery, invoice, ref, charges, route:
        case (
            Mapped(payer),
            Mapped((party, number)),
            Mapped(bill),
            Mapped(text),
            Mapped(costs),
            Mapped(way),
        ):
            return Mapped(_Header(payer, party, number, bill, text, costs, way))
        case _:
            outcomes = (account, delivery, invoice, ref, charges, route)
            return Unmapped(tuple(reason for o in outcomes for reason in reasons_of(o)))


def _account(
    order: Order, tables: Tables, policy: OrderPolicy, to: Recorder
) -> Outcome[ResolvedAccount]:
    return resolve_account(
        order.customer,
        tables,
        policy.accounts,
        currency=order.currency,
        vat_inclusive=policy.vat_inclusive,
        subject=f"orders/{order.id}",
        to=to if to is SILENT else to.step("customers.resolve_account", customer=order.customer),
    )


def _delivery(
    order: Order, account: Outcome[ResolvedAccount], tables: Tables, policy: OrderPolicy
) -> Outcome[tuple[Party, str]]:
    """Map the ship-to address and the number that Prima knows it by; one of them there must be."""
    subject = f"orders/{order.id}"
    address = order.shipping_address
    party: Outcome[Party] = Mapped(Party())
    if address is not None:
        where = f"{subject}/shipping_address"
        party = map_party(address, subject=where, policy=policy)
        away = not_served(address, subject=where, policy=policy.addresses)
        if away:
            party = Unmapped(away + reasons_of(party))
    number: Outcome[str] = Mapped("")
    if order.customer is not None and isinstance(account, Mapped):
        number = delivery_number(
            order.customer, address, account.value, tables, policy.accounts, subject=subject
        )
    return both(party, number)


def _invoice(order: Order, policy: OrderPolicy) -> Outcome[Party | None]:
    """Map the billing address only where it differs from the ship-to."""
    billing, shipping = order.billing_address, order.shipping_address
    if billing is None or (shipping is not None and place(billing) == place(shipping)):
        return Mapped(None)
    return map_party(billing, subject=f"orders/{order.id}/billing_address", policy=policy)


def _lines(
    order: Order, tables: Tables, policy: OrderPolicy, to: Recorder
) -> Outcome[tuple[_Piece, ...]]:
    subject = f"orders/{order.id}"
    if not order.lines_complete:
        detail = f"{len(order.lines)} of {len(order.line_ids)} lines"
        return unmapped(ReasonCode.LINES_INCOMPLETE, subject, detail)
    if not order.lines:
        return unmapped(ReasonCode.NO_LINES, subject, "no lines")
    rows = every(_line(order, line, tables, policy, to) for line in order.lines)
    if isinstance(rows, Unmapped):
        return rows
    return Mapped(tuple(piece for pieces in rows.value for piece in pieces))


def _prima_lines(
    order: Order, pieces: tuple[_Piece, ...], warehouse: str, policy: OrderPolicy
) -> tuple[PrimaOrderLine, ...]:
    return tuple(
        _prima_line(order, piece, number, warehouse, policy)
        for number, piece in enumerate(pieces, start=1)
    )


def _line(
    order: Order, line: OrderLine, tables: Tables, policy: OrderPolicy, to: Recorder
) -> Outcome[tuple[_Piece, ...]]:
    """Map one line: a Prima line for each component, each with its reference to the Oro line."""
    subject = f"orders/{order.id}/lines/{line.id}"
    components = _components(line, tables, subject)
    parts = then(components, lambda c: base_quantities(line.quantity, c, subject=subject))
    if to is not SILENT:
        to = record_units(line, components, parts, to=to)
    if isinstance(parts, Unmapped):
        return Unmapped(parts.reasons + missing_price(line, policy=policy, subject=subject))
    quantities = parts.value
    prices = line_prices(line, quantities, policy=policy, subject=subject)
    if to is not SILENT:
        record_prices(line, prices, policy=policy, to=to)
    if isinstance(prices, Unmapped):
        return prices
    pairs = zip(quantities, prices.value, strict=True)
    return Mapped(tuple((line, part, price) for part, price in pairs))


def _components(line: OrderLine, tables: Tables, subject: str) -> Outcome[tuple[Component, ...]]:
    """Find a line's components; a free-form line has none, a kit needs rows of its own."""
    if line.free_form_product or line.product_sku is None:
        return unmapped(ReasonCode.FREE_FORM_LINE, subject, "no product of the catalogue")
    unit = line.product_unit_code or UnitCode("")
    found = resolve_components(line.product_sku, unit, tables.units, subject=subject)
    if line.kit_lines and isinstance(found, Unmapped):
        detail = f"kit {line.product_sku} with {line.kit_lines} items"
        return unmapped(
            ReasonCode.KIT_NOT_MAPPED, subject, detail, cause=f"units/{line.product_sku}/{unit}"
        )
    return found


def _prima_line(
    order: Order, piece: _Piece, number: int, warehouse: str, policy: OrderPolicy
) -> PrimaOrderLine:
    line, part, price = piece
    due = line.ship_by or order.ship_until
    return PrimaOrderLine(
        number=number,
        sku=part.sku,
        quantity=part.quantity,
        price=price,
        reference=f"ORO-{order.id}-{line.id}",
        due_date=None if due is None else LocalDate(due),
        narrative=note_text(line.comment, profile=policy.profile),
        warehouse=warehouse,
    )
