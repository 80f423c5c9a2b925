"""A run that carries out what a person approved, and nothing else that came up meanwhile."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from attrs import evolve

from oro_prima.cli.asked import Approval
from oro_prima.cli.plan_lines import (
    customer_line,
    fulfilment_line,
    invoice_line,
    lines_of,
    order_line,
    price_line,
)
from oro_prima.plans import (
    CustomerPlan,
    FulfilmentPlan,
    InvoicePlan,
    OrderPlan,
    PostOrder,
    PricePlan,
    ProductPlan,
    StockPlan,
)


class Approved:
    """
    Takes out of each plan what was not approved; each line counts as often as it was approved.

    Attributes:
        left_alone: Lines that came up after the approval; they were not carried out.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        self._open = Counter(lines)
        self._posted: set[str] = set()
        self.left_alone: list[str] = []

    @property
    def approval(self) -> Approval:
        """What a run asks of each plan."""
        return Approval(
            self._orders,
            self._stock,
            self._fulfilment,
            self._customers,
            self._prices,
            self._products,
            self._invoices,
        )

    def gone(self) -> tuple[str, ...]:
        """Return what was approved and was not to be done any more when the run looked."""
        return tuple(self._open.elements())

    def told(self) -> str:
        """Say what changed between the approval and the run; empty where nothing did."""
        lines = [f"  - {line}" for line in self.gone()]
        lines += [f"  + {line}" for line in self.left_alone]
        return "\n".join(["Changed meanwhile, and left alone:", *lines]) if lines else ""

    def _takes(self, lines: Iterable[str]) -> bool:
        """Take lines that belong together: all of them, or none."""
        some = Counter(lines)
        if some - self._open:
            self.left_alone += some.elements()
            return False
        self._open -= some
        return True

    def _orders(self, plan: OrderPlan) -> OrderPlan:
        return OrderPlan(tuple(one for one in plan.decisions if self._goes(one.command)))

    def _goes(self, command: PostOrder | None) -> bool:
        """Tell whether an order goes; one that is read again before it is posted goes still."""
        if command is None:
            return True
        line = order_line(command)
        if line not in self._posted and self._takes([line]):
            self._posted.add(line)
        return line in self._posted

    def _stock(self, plan: StockPlan) -> StockPlan:
        """All of it or nothing: levels that share stock rise and fall together."""
        if self._takes(lines_of(plan)):
            return plan
        return evolve(plan, decreases=(), increases=(), statuses=())

    def _fulfilment(self, plan: FulfilmentPlan) -> FulfilmentPlan:
        kept = (d for d in plan.decisions if self._takes(map(fulfilment_line, d.commands)))
        return FulfilmentPlan(tuple(kept))

    def _customers(self, plan: CustomerPlan) -> CustomerPlan:
        kept = (one for one in plan.commands if self._takes([customer_line(one)]))
        return evolve(plan, commands=tuple(kept))

    def _prices(self, plan: PricePlan) -> PricePlan:
        """Of a product unit all rows or none: its tiers are right together."""
        units: dict[tuple[str, str], list[str]] = {}
        for command in plan.commands:
            price = command.price
            units.setdefault((price.sku, price.unit), []).append(price_line(plan, command))
        kept = {key for key, lines in units.items() if self._takes(lines)}
        return evolve(
            plan,
            changes=tuple(c for c in plan.changes if (c.price.sku, c.price.unit) in kept),
            adds=tuple(c for c in plan.adds if (c.price.sku, c.price.unit) in kept),
            ends=tuple(c for c in plan.ends if (c.price.sku, c.price.unit) in kept),
        )

    def _products(self, plan: ProductPlan) -> ProductPlan:
        kept = (one for one in plan.commands if self._takes([f"disable product {one.sku}"]))
        return evolve(plan, commands=tuple(kept))

    def _invoices(self, plan: InvoicePlan) -> InvoicePlan:
        keep = tuple(one for one in plan.keep if self._takes([invoice_line(one)]))
        numbers = {one.number for one in keep}
        matched = tuple(one for one in plan.matched if one.number in numbers)
        return evolve(plan, keep=keep, matched=matched)
