"""The settings of flows that bindings make possible: invoices, customers and the like."""

from __future__ import annotations

from oro_prima.config import readers as r
from oro_prima.config.setting import Setting
from oro_prima.config.setting import setting as _s
from oro_prima.mapping.account_fields import CustomerField
from oro_prima.mapping.price_changes import Ends

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
    _s("customers.most_share", r.amount, '"0.1"', "Or this share of the linked ones, 0 to 1."),
    _s("customers.trust_for", r.duration, '"1 d"',
       "How long what Prima said of stops and currencies counts for orders."),
    _s("pricing.ends", r.choice(Ends), '"keep"',
       "Rows of a list that its book has no price for: keep and tell, or remove."),
    _s("pricing.most_ends", r.whole(0), "100", "So many rows of a list may always end in one run."),
    _s("pricing.most_ends_share", r.amount, '"0.02"', "Or this share of its rows, 0 to 1."),
    _s("pricing.max_change_percent", r.amount, "0",
       "How far a price may change before a person is asked, in percent; 0: any."),
)  # fmt: skip
