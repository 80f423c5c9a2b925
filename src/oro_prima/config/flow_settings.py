"""The settings of flows that bindings make possible: invoices, customers and the like."""

from __future__ import annotations

from oro_prima.config import readers as r
from oro_prima.config.setting import Setting
from oro_prima.config.setting import setting as _s
from oro_prima.mapping.account_fields import CustomerField
from oro_prima.mapping.price_changes import Ends
from oro_prima.mapping.publication import DisableProducts

FLOWS: tuple[Setting, ...] = (
    _s("invoices.ask_for", r.duration, '"90 d"',
       "How long after acceptance an order's invoices are asked for."),
    _s("invoices.credits_every", r.duration, '"7 d"',
       "How often an order that is invoiced whole is asked after, for credits."),
    _s("customers.writes", r.several(CustomerField),
       '["group", "payment-term", "price-list", "tax-code"]',
       "What of a customer is kept as Prima says, where its table says how."),
    _s("customers.sort_order", r.whole(0), "10", "Of a price list that is assigned."),
    _s("customers.min_share", r.amount, '"0.9"', "Share of linked accounts an answer must hold."),
    _s("customers.most", r.whole(0), "50", "So many customers may always change in one run."),
    _s("customers.most_share", r.amount, '"0.1"',
       "Or this share of the linked ones where that is more, 0 to 1."),
    _s("customers.trust_for", r.duration, '"1 d"',
       "How long what Prima said of stops and currencies counts for orders."),
    _s("pricing.ends", r.choice(Ends), '"keep"',
       "Rows of a list that its book has no price for: keep and tell, or remove."),
    _s("pricing.most_ends", r.whole(0), "100", "No more rows of a list end in one run; 0: none."),
    _s("pricing.most_ends_share", r.amount, '"0.02"',
       "Nor more than this share of its rows, 0 to 1; above 0 it always allows one."),
    _s("pricing.max_change_percent", r.amount, "50",
       "How far a price may change before a person is asked, in percent; 0: any."),
    _s("pricing.stage_days", r.whole(0, 3660), "31",
       "So many days ahead changes of a book are staged, and written first thing on their day."),
    _s("publication.disable", r.choice(DisableProducts), '"never"',
       "Products that runs take off the shop: never, or those none of whose units is mapped."),
    _s("publication.most", r.whole(0), "20", "No more products are disabled in one run; 0: none."),
    _s("publication.most_share", r.amount, '"0.02"',
       "Nor more than this share of the enabled ones, 0 to 1; above 0 it always allows one."),
    _s("schedule.orders", r.duration, '"1 min"', "How often `run` runs orders; 0 s: never."),
    _s("schedule.stock", r.duration, '"5 min"', "How often it runs stock."),
    _s("schedule.fulfilment", r.duration, '"10 min"', "How often it asks after posted orders."),
    _s("schedule.customers", r.duration, '"1 h"', "How often it keeps customers, where bound."),
    _s("schedule.prices", r.duration, '"1 h"', "How often it keeps price lists, where bound."),
    _s("schedule.products", r.duration, '"6 h"', "How often it judges what is online."),
    _s("schedule.invoices", r.duration, '"1 h"', "How often it reads invoices, where bound."),
    _s("schedule.small_stock", r.duration, '"1 min"',
       "How often it runs stock of changed, sold and low SKUs alone, between the others."),
    _s("schedule.full_stock_at", r.time_of_day, '""',
       "A time of day, by the clock of the books, at which stock runs besides; empty: none."),
    _s("schedule.priority", r.listed, "[]", "Flows that go first when several are due."),
    _s("schedule.jitter_percent", r.whole(0, 50), "10",
       "So much of its interval a run comes later, at most."),
    _s("schedule.slowest", r.duration, '"15 min"',
       "A flow that stops is tried again after pauses that double up to this."),
    _s("schedule.at_once", r.whole(1, 8), "2", "Runs under way at a time; never two of a flow."),
    _s("schedule.drain", r.duration, '"30 s"', "How long runs may take to end at SIGTERM."),
    _s("schedule.late", r.whole(1), "5",
       "A flow is late when it has not ended well for so many of its intervals."),
)  # fmt: skip
