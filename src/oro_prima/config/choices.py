"""
What the business must choose: where good practice says two things, both are settings.

Each choice has a paragraph for the person who decides, who need not know what a setting is.
"""

from __future__ import annotations

from attrs import frozen


@frozen
class Choice:
    """
    One decision.

    Attributes:
        key: The setting.
        question: What is decided.
        paragraph: What speaks for which, in plain words.
        options: Value -> what follows from it, the default first.
        decides: Who should decide.
    """

    key: str
    question: str
    paragraph: str
    options: tuple[tuple[str, str], ...]
    decides: str


CHOICES = (
    Choice(
        "stock.figure",
        "Which figure of stock does the shop show?",
        "Prima says what it has available, and does not know an order that the shop took a minute "
        "ago. If the shop shows that figure as it is, the goods just sold are offered again until "
        "the order has arrived and been allocated. Free stock takes off what is on its way, and "
        "your buffer; a shopper is promised less, and nobody twice. Choose available only where "
        "selling the same goods twice costs you less than showing a few too few, for instance "
        "because everything is made to order.",
        (
            ("free", "Available, less what is on its way, less the buffer. Nothing is sold twice."),
            ("available", "Prima's figure as it is. What was just sold is offered again."),
        ),
        "operations",
    ),
    Choice(
        "products.mode",
        "Is a pallet an article of its own, or so many pieces?",
        "If every saleable unit is a SKU of its own, Prima counts, prices and picks the pallet as "
        "a pallet, and never breaks one to sell a piece. If units are converted, Prima counts "
        "pieces only, and one stock serves pieces, cases and pallets. Both work; a table in which "
        "a product does a little of each is usually a slip, and a pallet that is picked as one "
        "piece is the dearest slip of all. Say which way your products follow and a row that "
        "breaks it is refused when the table is loaded; single products may differ "
        "(products.modes).",
        (
            ("table", "As each row says; nothing is held against a rule."),
            ("own-sku", "Each unit is one SKU, which no other unit has."),
            ("converted", "Each unit is so many of the one base SKU of its product."),
        ),
        "product data and warehouse",
    ),
    Choice(
        "orders.price_basis",
        "Who prices an order: the shop or Prima?",
        "The shop shows a customer a price and takes an order at it. If the order is sent without "
        "prices, Prima prices it by its own books: one truth, no journals, but the invoice can "
        "differ from what the customer saw unless both sides' prices are kept the same; compare "
        "them before you go live. If prices are sent, the customer is invoiced what was agreed, "
        "and a price that Prima cannot hold exactly keeps the order back. Ask whoever runs Prima "
        "what Price on an order line means there: of one base unit, or of the line. A wrong answer "
        "invoices a multiple.",
        (
            ("omit", "Intent only; Prima prices the order. The prices of both sides must agree."),
            ("unit", "The price agreed for one base unit; one that is not exact holds the order."),
            ("line", "The price agreed for the whole line, to the penny."),
        ),
        "finance",
    ),
    Choice(
        "orders.price_check",
        "Who looks whether the shop's price is Prima's before an order is posted?",
        "Prima computes the price that is invoiced, whatever the customer saw. Where Prima's price "
        "book can be read, each line that was agreed in the shop can be held against it first, on "
        "the order's own day. Warning tells finance and posts; nobody waits, and a difference is "
        "put right before the invoice. Holding posts only what agrees: the customer is never "
        "invoiced another price, and an order waits for finance, or for a book that cannot be read "
        "today. Neither changes what is sent. Where no price book can be read there is nothing to "
        "choose: then compare the prices of both sides now and then (report G).",
        (
            ("intent-only", "The book is not looked at; Prima prices the order."),
            ("check-and-warn", "The order is posted; each line that differs is told."),
            ("check-and-hold", "An order with a line that differs waits for finance."),
        ),
        "finance",
    ),
    Choice(
        "stock.mode",
        "May cases and pieces be promised out of the same stock twice?",
        "The shop holds a level for each unit and checks that one alone, so 48 pieces on the shelf "
        "can be shown as 48 pieces and as one pallet, and both can be sold. Strict shares the "
        "stock out: what is shown as pallets is not shown as pieces. You show less and never "
        "oversell. Per unit shows everything everywhere and relies on people to sort out the rest.",
        (
            ("strict", "No piece is promised twice over all units."),
            ("per-unit", "Every unit sees the whole stock; it may be promised twice."),
        ),
        "operations and sales",
    ),
    Choice(
        "orders.inexact",
        "What happens to a price with more decimals than Prima takes?",
        "A case of six at 10.00 is 1.6666... a piece. Rounding it changes the invoice, so it is "
        "never rounded. Hold keeps the order back until somebody decides; omit sends the line "
        "without a price and lets Prima price it.",
        (
            ("hold", "The order waits for finance."),
            ("omit", "The line is sent without a price; Prima's price counts."),
        ),
        "finance",
    ),
    Choice(
        "accounts.shared",
        "May two customers of the shop be billed to one account?",
        "Branches often order by themselves and are billed together. But two customers linked to "
        "one account is also what a slip looks like, and then somebody pays for another's goods. "
        "So it is refused unless you say that you share accounts.",
        (
            ("refuse", "Each account has one customer."),
            ("allow", "Several customers may share an account; each link is approved by a person."),
        ),
        "finance",
    ),
    Choice(
        "fulfilment.writes",
        "Is the shop told an order's status, or its parcels alone?",
        "A shopper wants to see that an order was sent. But whatever is written to an order lets "
        "OroCommerce compute its totals again, with the promotions of that day: an order of 1,000 "
        "became one of 750 when only its shipping status was set. The promotion guard keeps that "
        "from orders without a discount and tells finance of every other total that moved. Parcels "
        "change no total at all; who runs many promotions may leave it at those.",
        (
            ("trackings-and-status", "Parcels, and the status under the promotion guard."),
            ("trackings", "Parcels alone; no total can change, and no status is shown."),
        ),
        "finance and customer service",
    ),
    Choice(
        "pricing.ends",
        "Does a price end in the shop because its price book has it no more?",
        "An old price that stays is one that customers can still buy at; a price that is taken "
        "away by mistake is a product that nobody can buy. A file that arrived half looks just "
        "like a hundred prices that ended. So rows stay and are told, unless you say otherwise; "
        "then they end within a limit, and what was removed can be put back.",
        (
            ("keep", "They stay; finance is told how many."),
            ("remove", "They end, within a limit, and can be put back."),
        ),
        "finance and sales",
    ),
    Choice(
        "publication.disable",
        "Is a product taken off the shop because none of its units is mapped?",
        "Every order of such a product is held until somebody completes the table, so selling it "
        "makes work and no money. Taking it off is seen at once by customers and by whoever looks "
        "after the catalogue, who may have put it there for a reason. It is told in either case.",
        (
            ("never", "It stays online; product data is told."),
            ("unmapped", "It is disabled, within a limit, and can be put back."),
        ),
        "sales and product data",
    ),
)
"""Every decision, in the order in which to take them."""
