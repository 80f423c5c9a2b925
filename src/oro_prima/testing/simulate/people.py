"""What shoppers and people at work do in a day; all of it told, none of it made up twice."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from attrs import define

from oro_prima.errors import StoreError
from oro_prima.ids import OroCustomerId, OroOrderId, PrimaAccount
from oro_prima.mapping import AccountPolicy, SharedAccounts
from oro_prima.reasons import ReasonCode
from oro_prima.records import EntryState, Link, RecordState
from oro_prima.sandbox.oro import OrderLine, OutOfStock
from oro_prima.sync import decide_has, decide_send, dismiss_held, fix_link, retry_held
from oro_prima.testing.simulate.stage import Stage

BY = "Kim"
SHARED = AccountPolicy(shared=SharedAccounts.ALLOW)
MOVES = ("Entered", "Released", "Part Despatched", "Despatched")
DONE = ("Despatched", "Purged")
TELLS = (ReasonCode.NUMBER_TAKEN, ReasonCode.IN_DOUBT)


@define
class People:
    """Everybody but the engine."""

    stage: Stage
    rng: Random

    def checkout(self) -> str:
        """Buy one to three units of something that is there; returns what is told of it."""
        world, rng = self.stage.world, self.rng
        customers = [customer for customer, _account in world.seed.links]
        levels = [level for level in world.oro.levels() if (level.sku, level.unit) in world.units]
        level, count = rng.choice(levels), rng.randint(1, 3)
        price = world.price_of(level.sku, level.unit)
        line = OrderLine(level.sku, level.unit, Decimal(count), price)
        what = f"{count} {level.unit} of {level.sku}"
        try:
            order = world.checkout(rng.choice(customers), [line])
        except OutOfStock:
            return f"a shopper wants {what} and is refused"
        self.stage.look_at_totals()
        return f"a shopper buys {what}: order {order}"

    def base_units(self) -> int:
        """Return how many base units were promised at checkout so far."""
        world = self.stage.world
        return sum(
            int(line.quantity) * sum(count for _key, count in world.units[(line.sku, line.unit)])
            for order in world.oro.orders()
            if order.checkout
            for line in order.lines
        )

    def cancel(self) -> str:
        """Cancel any order in the shop."""
        order = self.rng.choice([view.id for view in self.stage.world.oro.orders()])
        self.stage.world.oro.set_internal_status(order, "cancelled")
        self.stage.look_at_totals()
        return f"order {order} is cancelled"

    def edit(self) -> str:
        """Change any order's customer reference in the shop."""
        order = self.rng.choice([view.id for view in self.stage.world.oro.orders()])
        text = f"PO-{self.rng.randint(1, 999)}"
        self.stage.edit(order, text)
        return f"order {order} is edited"

    def decide(self) -> str:
        """Say of every order in doubt what Prima's books really show."""
        store, at = self.stage.store, self.stage.world.clock()
        told: list[str] = []
        for entry in store.entries((EntryState.DOUBT,)):
            if self.taken(entry.order):
                decide_has(store, order=entry.order, number=entry.number, by=BY, at=at)
                told.append(f"{entry.order}: Prima has it")
            else:
                decide_send(store, order=entry.order, by=BY, at=at)
                told.append(f"{entry.order}: Prima does not")
        return "a person decides " + (", ".join(told) or "nothing")

    def taken(self, order: OroOrderId) -> bool:
        """Tell whether Prima ever took the order, whatever it shows now."""
        return any(one.reference == f"ORO-{order}" for one in self.stage.world.prima.orders())

    def retry(self) -> str:
        """Have everything that is held tried again."""
        done = retry_held(self.stage.store, by=BY, at=self.stage.world.clock())
        return f"a person retries {len(done)} held records"

    def dismiss(self) -> str:
        """Dismiss one held record that may be dismissed."""
        held = [
            record.subject
            for record in self.stage.store.exceptions((RecordState.HELD,))
            if all(reason.code not in TELLS for reason in record.reasons)
        ]
        if not held:
            return "nothing to dismiss"
        subject, at = self.rng.choice(held), self.stage.world.clock()
        try:
            dismiss_held(self.stage.store, subject=subject, by=BY, note="by hand", at=at)
        except StoreError:
            return f"{subject} could not be dismissed"
        return f"a person dismisses {subject}"

    def move(self) -> str:
        """Let Prima's warehouse move one of its orders on, never back."""
        waiting = [o for o in self.stage.world.prima.orders() if o.status not in DONE]
        if not waiting:
            return "nothing waits in Prima's warehouse"
        order = self.rng.choice(waiting)
        ahead = MOVES[MOVES.index(order.status) + 1 :] if order.status in MOVES else MOVES
        status = self.rng.choice(ahead)
        self.stage.world.prima.set_status(order.order_number, status)
        return f"Prima's order {order.order_number} is {status}"

    def deliver(self) -> str:
        """Let goods come into Prima's warehouse, often those of which nothing is left."""
        prima = self.stage.world.prima
        sold = {key for parts in self.stage.world.units.values() for key, _count in parts}
        rows = [row for row in prima.stock() if row.key in sold]
        gone = [row for row in rows if row.free <= 0]
        row = self.rng.choice(gone if gone and self.rng.randrange(2) else rows)
        key, more = row.key, self.rng.randint(20, 60)
        quantity = max(0, row.free + more)
        prima.add_stock(key.product, key.m1, key.m2, key.m3, key.m4, quantity=quantity)
        return f"{more} of {key.product} are delivered"

    def link(self) -> str:
        """Link a customer that has no account yet to another branch's account, which it shares."""
        store, at = self.stage.store, self.stage.world.clock()
        known = store.links()
        ordered = sorted({view.customer for view in self.stage.world.oro.orders()})
        free = [customer for customer in ordered if OroCustomerId(customer) not in known]
        if not free:
            return "every customer is linked"
        pattern = known[min(known)]
        link = Link(OroCustomerId(free[0]), PrimaAccount(pattern.account), pattern.company,
                    BY, at, "hash", pattern.deliv_addr_no)  # fmt: skip
        fix_link(store, link, by=BY, at=at, policy=SHARED)
        return f"a person links customer {free[0]}"
