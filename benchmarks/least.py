"""The fewest requests that both APIs allow a run of a flow, as formulas of what is there."""

from __future__ import annotations

from attrs import frozen

from oro_prima.mapping.schedule import Task

RECORDS, ORDER_PAGE, NAMED = 1000, 100, 100
"""Records of a list, orders with lines and totals, and records named in a filter, a request."""
NOW, BATCH = 100, 1000
"""Records of a batch that is written at once, and of one that is written later and asked after."""
SKUS = 50
"""SKUs in one question to Prima."""


@frozen
class There:
    """
    How much there is when a run begins.

    Attributes:
        levels, products, customers, rows: Of the shop; rows are those of the list of a book.
        due: Orders that Prima is to be asked about.
        alone: Records of which no batch is taken: parcels, lists assigned, rows that end.
        changes: Records that are to be written, or orders to be posted.
        status: Products whose stock status changes with a level.
        skus: That a small run looks at: sold lately, low, let go by a person.
    """

    levels: int = 0
    products: int = 0
    customers: int = 0
    rows: int = 0
    due: int = 0
    alone: int = 0
    changes: int = 0
    status: int = 0
    skus: int = 0


@frozen
class Least:
    """The fewest requests to both systems; `of` says how they add up."""

    oro: int
    prima: int
    of: str


def pages(count: int, size: int) -> int:
    """Return how many requests show so many records; none are shown by one request, too."""
    return max(1, -(-count // size))


def parts(count: int, size: int) -> int:
    """Return how many requests carry so many records; none need none."""
    return -(-count // size)


def writes(count: int) -> int:
    """Return how many requests write records of a type that takes batches."""
    return min(parts(count, NOW), 2 * parts(count, BATCH))


def least(task: Task, there: There) -> Least:
    """
    Return the fewest requests of a run.

    Sources: what Oro allows is in `docs/explanation/what-oro-does.md` (a page of a thousand was
    answered whole; a hundred in a batch at once; no batch of trackings or of assignments); Prima
    takes one order a request, tells of one order's status a request, and of fifty SKUs.
    """
    t, n = there, there.changes
    match task:
        case Task.ORDERS:
            of = "a page per 100 new orders, one of what changed; a post an order"
            return Least(pages(n, ORDER_PAGE) + 1, n, of)
        case Task.SMALL_STOCK:
            of = "new orders before and after; levels by 100 SKUs; 50 SKUs a question; writes"
            asked = 2 + parts(t.skus, NAMED)
            return Least(asked + writes(n) + writes(t.status), parts(t.skus, SKUS), of)
        case Task.STOCK | Task.FULL_STOCK:
            of = "new orders; levels by 1,000; one answer of Prima; writes by 100 at once"
            asked = 1 + pages(t.levels, RECORDS)
            return Least(asked + writes(n) + writes(t.status), 1, of)
        case Task.FULFILMENT:
            of = "orders and parcels by 100; status and despatch an order; a parcel; a status"
            shown = 2 * parts(t.due, ORDER_PAGE)
            return Least(shown + t.alone + writes(n), 2 * t.due, of)
        case Task.CUSTOMERS:
            of = "customers and assignments by 1,000; one answer of Prima; groups by 100"
            return Least(2 * pages(t.customers, RECORDS) + writes(n) + t.alone, 1, of)
        case Task.PRICES:
            of = "products, units, rows by 1,000; lists; a book; writes by 100 at once"
            shown = pages(t.products, RECORDS) + pages(t.levels, RECORDS) + pages(t.rows, RECORDS)
            return Least(shown + 1 + writes(n), 1, of)
        case Task.PRODUCTS:
            of = "products, units, levels by 1,000; categories; one answer of Prima; writes"
            shown = pages(t.products, RECORDS) + 2 * pages(t.levels, RECORDS)
            return Least(shown + 1 + writes(n), 1, of)
        case Task.INVOICES:
            return Least(0, t.due, "an enquiry an order")
