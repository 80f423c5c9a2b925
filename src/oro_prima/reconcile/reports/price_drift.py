"""Report G: prices that differ between the shop and Prima, and what hangs on them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from attrs import frozen

from oro_prima.ids import OroCustomerId, OroSku, UnitCode
from oro_prima.mapping.prices import OroPrice, PriceSides
from oro_prima.outcome import Mapped, Outcome
from oro_prima.reconcile.table import Cell, Table, columns_of
from oro_prima.values import LocalDate

COLUMNS = columns_of("""
price_list text The shop's list whose tier won; empty where none did.
customer text The shop's customer.
sku text The shop's SKU.
unit text Its product unit.
min_qty quantity The quantity that was asked for, in that unit.
currency text Currency of both prices.
valid_from date From when Prima's price holds; empty for always.
valid_to date The last day of it; empty for no end.
oro_price price What one unit costs in the shop.
prima_price price What one unit costs in Prima.
diff price Prima's less the shop's.
diff_pct percent The same in percent of the shop's.
orders_since_drift count Orders of this line since both differ.
value_at_risk money What the difference came to in those orders.
action text What is to be done.
""")


@frozen
class DriftSales:
    """What was sold of one (customer, SKU, unit) since its prices differ."""

    orders: int
    quantity: Decimal


SalesKey = tuple[OroCustomerId, OroSku, UnitCode]


def price_drift(
    sides: Iterable[PriceSides], *, sales: Mapping[SalesKey, DriftSales] | None = None
) -> Table:
    """
    Return report G: what does not agree, the most value at risk first.

    A price that one side does not state is a row of its own, with the reason as the action.
    `sales` is None where nobody counted them: orders and value at risk are not stated then.
    """
    compared = tuple(sides)
    drifted = [one for one in compared if not one.agrees]
    rows = sorted((_row(one, sales) for one in drifted), key=_rank)
    notes = [f"{len(compared) - len(drifted)} of {len(compared)} prices agree"]
    if sales is None:
        notes.append("orders since drift and value at risk are not stated: no sales were given")
    return Table("price-drift", "G  Price drift", COLUMNS, tuple(rows), tuple(notes))


def _row(one: PriceSides, sales: Mapping[SalesKey, DriftSales] | None) -> tuple[Cell, ...]:
    asked, ours, theirs = one.question, _unit_oro(one), _unit_prima(one)
    diff = None if ours is None or theirs is None else theirs - ours
    first, last = _validity(one)
    return (
        *(_list_of(one.oro), asked.customer, asked.sku, asked.unit, asked.quantity),
        *(asked.currency, first, last, ours, theirs, diff, _percent(diff, ours)),
        *_at_risk(one, diff, sales),
        _action(one),
    )


def _list_of(price: Outcome[OroPrice]) -> str:
    return price.value.row.price_list if isinstance(price, Mapped) else ""


def _unit_oro(one: PriceSides) -> Decimal | None:
    return one.oro.value.value if isinstance(one.oro, Mapped) else None


def _unit_prima(one: PriceSides) -> Decimal | None:
    amount = one.prima_amount
    return None if amount is None else amount / one.question.quantity


def _validity(one: PriceSides) -> tuple[LocalDate | str, LocalDate | str]:
    """Return the narrowest days on which all rows that made Prima's price hold."""
    if not isinstance(one.prima, Mapped):
        return "", ""
    rows = [part.row for part in one.prima.value]
    first = max((row.valid_from for row in rows if row.valid_from is not None), default=None)
    last = min((row.valid_to for row in rows if row.valid_to is not None), default=None)
    return first or "", last or ""


def _percent(diff: Decimal | None, ours: Decimal | None) -> Decimal | None:
    return None if diff is None or not ours else diff * 100 / ours


def _at_risk(
    one: PriceSides, diff: Decimal | None, sales: Mapping[SalesKey, DriftSales] | None
) -> tuple[int | None, Decimal | None]:
    if sales is None:
        return None, None
    asked = one.question
    sold = sales.get((asked.customer, asked.sku, asked.unit), DriftSales(0, Decimal(0)))
    return sold.orders, None if diff is None else abs(diff * sold.quantity)


def _action(one: PriceSides) -> str:
    for side in (one.oro, one.prima):
        if not isinstance(side, Mapped):
            return side.reasons[0].fix
    return one.doubts[0].fix if one.doubts else "sync prices, or correct Prima's price book"


def _rank(row: tuple[Cell, ...]) -> tuple[Decimal, Decimal, str]:
    risk, diff = row[13], row[10]
    return (
        -(risk if isinstance(risk, Decimal) else Decimal(0)),
        -(abs(diff) if isinstance(diff, Decimal) else Decimal(0)),
        "/".join(str(cell) for cell in row[:5]),
    )
