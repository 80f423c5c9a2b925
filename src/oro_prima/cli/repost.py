"""`oro-prima repost`: post an order again that was cancelled in Prima."""

from __future__ import annotations

import click

from oro_prima.cli.context import App, by_person, now, order_of, pass_app
from oro_prima.sync import repost_order


@click.command()
@click.argument("identity", metavar="ID")
@by_person
@pass_app
def repost(app: App, identity: str, by: str, note: str) -> None:
    """
    Order ID was cancelled in Prima by hand: post its present version under the next number.

    For an order that was edited after it was posted. The next run posts it, once.

    Example: oro-prima repost 1042 --by Kim --note "cancelled 300010420, customer changed sizes"
    """
    with app.store() as store:
        order = order_of(identity)
        entry = repost_order(store, app.config().orders, order=order, by=by, note=note, at=now())
    tree = {"order": entry.order, "number": entry.number}
    app.show(tree, f"Order {entry.order} will be posted as {entry.number} in the next run.")
