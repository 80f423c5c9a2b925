"""
What of a business's upkeep was planted, held against what the flows found.

What each planted problem must be found as stands here, by hand: its flow, its reason, who has to
act.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from decimal import Decimal
from pathlib import Path

from attrs import frozen

from oro_prima.call import each
from oro_prima.ids import (
    PrimaPriceBook,
)
from oro_prima.mapping import (
    InvoicePolicy,
)
from oro_prima.oro.calls.product_prices import list_product_prices
from oro_prima.oro.calls.products import list_products
from oro_prima.reasons import Owner, ReasonCode, explain_reason
from oro_prima.records import Flow
from oro_prima.sync import (
    preview_customers,
    preview_fulfilment,
    preview_invoices,
    preview_prices,
    preview_products,
    preview_stock,
)
from tests.month.business import (
    EACH,
    ENFORCED,
    FULFILMENT,
    POLLS,
    PRICES,
    PRODUCTS,
    STOCK,
    Business,
    Found,
)
from tests.month.playing import Score
from tests.month.upkeep_problems import TRADE, Goods, Sale, Upkeep

R, WHO = ReasonCode, Owner
EXPECTED: Mapping[str, tuple[tuple[Flow, ReasonCode, Owner], ...]] = {
    "the account is gone from the ERP": (
        (Flow.CUSTOMERS, R.ACCOUNT_UNKNOWN, WHO.FINANCE),
        (Flow.ORDERS, R.NO_PRICE_BOOK, WHO.FINANCE),
    ),
    "terms that nobody translated": (
        (Flow.CUSTOMERS, R.CUSTOMER_CODE_NOT_MAPPED, WHO.INTEGRATION),
    ),
    "a group that the shop does not have": ((Flow.CUSTOMERS, R.CUSTOMER_REFUSED, WHO.INTEGRATION),),
    "the account is on stop": ((Flow.ORDERS, R.ACCOUNT_STOPPED, WHO.FINANCE),),
    "the account is kept in euro": ((Flow.ORDERS, R.CURRENCY_MISMATCH, WHO.FINANCE),),
    "the link was approved on a code that changed": (
        (Flow.CUSTOMERS, R.LINK_CHANGED, WHO.SALES_OPS),
        (Flow.ORDERS, R.LINK_CHANGED, WHO.SALES_OPS),
    ),
    "sold at another price than the book's": ((Flow.ORDERS, R.PRICE_DIFFERS, WHO.FINANCE),),
    "a status that nobody translated": ((Flow.FULFILMENT, R.STATUS_NOT_MAPPED, WHO.INTEGRATION),),
    "the ERP forgot the order": ((Flow.FULFILMENT, R.STATUS_NOT_GIVEN, WHO.OPERATIONS),),
    "more was sent than ordered": ((Flow.FULFILMENT, R.SHIPPED_TOO_MUCH, WHO.OPERATIONS),),
    "a tracking number that no field holds": (
        (Flow.FULFILMENT, R.TRACKING_TOO_LONG, WHO.OPERATIONS),
    ),
    "cancelled in the ERP": ((Flow.FULFILMENT, R.CANCELLED_IN_PRIMA, WHO.OPERATIONS),),
    "sent after the shop closed the order": (
        (Flow.FULFILMENT, R.STATUS_NOT_WRITABLE, WHO.OPERATIONS),
    ),
    "a promotion changed what is owed": ((Flow.FULFILMENT, R.ORO_TOTAL_CHANGED, WHO.FINANCE),),
    "nobody has a price": ((Flow.PRODUCTS, R.NO_PRICE, WHO.SALES_OPS),),
    "no tax code": ((Flow.PRODUCTS, R.NO_TAX_CODE, WHO.FINANCE),),
    "a code that the ERP does not sell": (
        (Flow.PRODUCTS, R.DEAD_SKU, WHO.DATA),
        (Flow.ORDERS, R.PRIMA_REFUSED, WHO.OPERATIONS),
    ),
    "a unit that nobody told": (
        (Flow.PRODUCTS, R.UNKNOWN_UNIT, WHO.DATA),
        (Flow.PRODUCTS, R.NO_PRICE, WHO.SALES_OPS),
    ),
    "half a piece can be bought": ((Flow.PRODUCTS, R.FRACTIONAL_QUANTITY, WHO.DATA),),
    "nobody holds shoppers to the stock": ((Flow.PRODUCTS, R.LEVEL_NOT_ENFORCED, WHO.OPERATIONS),),
    "ten times dearer overnight": ((Flow.PRICES, R.PRICE_OUTSIDE_BAND, WHO.FINANCE),),
    "a price that the book dropped": ((Flow.PRICES, R.ROWS_NOT_IN_BOOK, WHO.FINANCE),),
    "two prices at once": (
        (Flow.PRICES, R.PRICE_BOOK_AMBIGUOUS, WHO.FINANCE),
        (Flow.PRODUCTS, R.NO_PRICE, WHO.SALES_OPS),
    ),
    "a thousand times as much stock overnight": ((Flow.STOCK, R.RISE_OUTSIDE_BAND, WHO.DATA),),
    "hardly any stock overnight": ((Flow.STOCK, R.FALL_OUTSIDE_BAND, WHO.DATA),),
    "one invoice twice, and not the same": ((Flow.INVOICES, R.INVOICE_CONTRADICTS, WHO.FINANCE),),
    "an invoice in another currency": ((Flow.INVOICES, R.INVOICE_CURRENCY_DIFFERS, WHO.FINANCE),),
    "an invoice that does not add up": ((Flow.INVOICES, R.INVOICE_NOT_ADDED, WHO.FINANCE),),
    "an invoice with a line of nobody's": ((Flow.INVOICES, R.INVOICE_LINE_UNKNOWN, WHO.FINANCE),),
    "more was invoiced than ordered": ((Flow.INVOICES, R.INVOICED_TOO_MUCH, WHO.FINANCE),),
    "more was credited than invoiced": ((Flow.INVOICES, R.CREDITED_TOO_MUCH, WHO.FINANCE),),
}
"""What each problem must be found as, and by whom it is mended; what follows from it as well."""


@frozen
class Result:
    """
    What the flows made of it.

    Attributes:
        reasons: By flow and reason code.
        owners_wrong: Found problems that would have gone to somebody else.
        written_again: Commands that a further run of each flow would still have; none should be.
        wrong: What the shop shows in the end, and should not: statuses, parcels, prices, levels.
        runs: Runs of flows, and how many of them stopped.
    """

    reasons: Mapping[str, Score]
    owners_wrong: int
    written_again: Mapping[str, int]
    wrong: tuple[str, ...]
    runs: int
    stopped: int

    @property
    def sound(self) -> bool:
        """Whether everything planted was found, nothing was made up, and nothing is left to do."""
        exact = all(one.found == one.planted and not one.invented for one in self.reasons.values())
        left = any(self.written_again.values())
        return exact and not (self.owners_wrong or self.stopped or left or self.wrong)


@frozen
class Judge:
    """Knows what was planted in a business, and what its systems show."""

    business: Business

    def expected(self) -> set[Found]:
        """Return every record that there must be: of what was planted, and what follows from it."""
        some: set[Found] = set()
        for key, account in zip(
            self.business.customers, self.business.upkeep.accounts, strict=True
        ):
            for flow, code, _owner in EXPECTED.get(account.problem, ()):
                if flow is Flow.CUSTOMERS:
                    some.add((flow, f"customers/{key}", code))
        for goods in self.business.upkeep.goods:
            for flow, code, _owner in EXPECTED.get(goods.problem, ()):
                if flow is not Flow.ORDERS:
                    some.add((flow, self._path_of(goods, flow, code), code))
        for sale in self.business.upkeep.sales:
            for flow, code, _owner in EXPECTED.get(sale.problem, ()):
                if flow not in (Flow.CUSTOMERS, Flow.PRODUCTS):
                    some.add((flow, self._path_of_sale(sale, code), code))
        return some

    def _path_of(self, goods: Goods, flow: Flow, code: ReasonCode) -> str:
        unit = goods.unmapped[0] if goods.unmapped else EACH
        if code is R.ROWS_NOT_IN_BOOK:
            return f"pricelists/{self.business.lists[PrimaPriceBook(TRADE)]}"
        ways = {
            Flow.PRICES: f"prices/{TRADE}/{goods.sku}/{unit}",
            Flow.STOCK: f"stock/{goods.sku}/{unit}",
        }
        return ways.get(flow, f"{goods.sku}/{unit}")

    def _path_of_sale(self, sale: Sale, code: ReasonCode) -> str:
        if sale.bills:
            return f"invoices/{self.business.number_of(sale)}"
        if code is R.STATUS_NOT_MAPPED:
            return f"statuses/{sale.status}"
        return f"orders/{self.business.ids[sale.number]}"

    def judged(self) -> set[Found]:
        """Return what the gate says of single product units; its records tell causes alone."""
        with self.business.ports() as ports:
            plan = preview_products(ports, PRODUCTS, lists=self.business.lists, defaults=ENFORCED)
        return {
            (Flow.PRODUCTS, f"{verdict.sku}/{verdict.unit}", reason.code)
            for verdict in plan.against
            for reason in verdict.reasons
        }

    def left(self) -> dict[str, int]:
        """Count what a further run of each flow would still write; the shop refuses some."""
        refused = {
            subject.partition("/")[2]
            for _flow, subject, code in self.business.found
            if code is R.CUSTOMER_REFUSED
        }
        with self.business.ports() as ports:
            customers = preview_customers(ports, self.business.accounts).commands
            return {
                "customers": sum(one.customer not in refused for one in customers),
                "fulfilment": sum(
                    len(plan.commands)
                    for plan in preview_fulfilment(ports, self.business.orders, FULFILMENT, POLLS)
                ),
                "prices": sum(
                    len(plan.commands)
                    for plan in preview_prices(ports, self.business.lists, PRICES)
                ),
                "stock": len(preview_stock(ports, STOCK).commands),
                "invoices": sum(
                    plan.new_invoices
                    for plan in preview_invoices(
                        ports, self.business.orders, InvoicePolicy(), POLLS
                    )
                ),
            }

    def wrong(self) -> Iterator[str]:
        """Name what the shop shows in the end and should not, by what was planted."""
        shown = {order.id: order for order in self.business.world.oro.orders()}
        for sale in self.business.upkeep.sales:
            order = shown[self.business.ids[sale.number]]
            parcels = sorted({one.tracking for one in sale.parcels})
            if sale.shown and order.shipping_status != sale.shown:
                yield f"order {order.id}: {order.shipping_status}, not {sale.shown}"
            if sale.shown and sorted(order.trackings) != parcels:
                yield f"order {order.id}: parcels {order.trackings}, not {parcels}"
        yield from self._wrong_prices()
        yield from self._oversold()

    def _wrong_prices(self) -> Iterator[str]:
        (price_list,) = self.business.lists.values()
        with self.business.ports() as ports:
            products = {one.id: one.sku for one in each(ports.shop, list_products())}
            rows = {
                (products[row.product], row.quantity): row.value
                for row in each(ports.shop, list_product_prices(price_list=price_list))
                if row.unit == EACH and row.product is not None
            }
        for one in self.business.upkeep.goods:
            for quantity, price in () if one.problem else one.later:
                found = rows.get((one.sku, Decimal(quantity)))
                if found != Decimal(price):
                    yield f"{one.sku} from {quantity}: {found}, not {price}"

    def _oversold(self) -> Iterator[str]:
        pieces = {(one.sku, unit): n for one in self.business.upkeep.goods for unit, n in one.units}
        free = {one.key.product: one.free for one in self.business.world.prima.stock()}
        promised: dict[str, Decimal] = {}
        for level in self.business.world.oro.levels():
            count = level.quantity * pieces[level.sku, level.unit]
            promised[level.sku] = promised.get(level.sku, Decimal(0)) + count
        for sku, count in promised.items():
            if count > free.get(sku, 0):
                yield f"{sku}: {count} promised of {free.get(sku, 0)}"


def play_upkeep(upkeep: Upkeep, folder: Path, *, days: int) -> Result:
    """Play so many days, and hold what was found against what was planted."""
    business = Business(upkeep, folder)
    for day in range(days):
        business.day(day)
    judge = Judge(business)
    actual = {
        (flow, _short(subject), code)
        for flow, subject, code in business.found
        if flow is not Flow.PRODUCTS
    } | judge.judged()
    wanted = judge.expected()
    owners = {code: owner for some in EXPECTED.values() for _flow, code, owner in some}
    astray = sum(explain_reason(code).owner is not owners[code] for *_rest, code in actual & wanted)
    result = Result(
        reasons=score(wanted, actual),
        owners_wrong=astray,
        written_again=judge.left(),
        wrong=tuple(judge.wrong()),
        runs=business.runs,
        stopped=business.stopped,
    )
    business.store.close()
    return result


def _short(subject: str) -> str:
    """Leave out which document or line of an order's invoices a reason is about."""
    parts = subject.split("/")
    return "/".join(parts[:2]) if parts[0] == "invoices" else subject


def score(wanted: Set[Found], actual: Set[Found]) -> dict[str, Score]:
    """Compare by flow and code: what was planted, what of it was found, what was invented."""

    def of(some: Set[Found]) -> dict[str, set[Found]]:
        found: dict[str, set[Found]] = {}
        for one in some:
            found.setdefault(f"{one[0].value}: {one[2].value}", set()).add(one)
        return found

    planted, told = of(wanted), of(actual)
    return {
        name: Score(
            len(planted.get(name, ())),
            len(planted.get(name, set()) & told.get(name, set())),
            len(told.get(name, set()) - planted.get(name, set())),
        )
        for name in sorted({*planted, *told})
    }
