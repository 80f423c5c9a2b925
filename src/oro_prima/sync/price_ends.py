"""Rows of price lists that a run removed: kept before, and put back by a person."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from oro_prima.call import each
from oro_prima.errors import CallError, ConfigError, Effect, Fault
from oro_prima.ids import OroPriceListId
from oro_prima.mapping.price_changes import list_subject, price_subject
from oro_prima.oro.calls.bulk import write_all
from oro_prima.oro.calls.drafts import Entry
from oro_prima.oro.calls.product_prices import delete_product_price, list_product_prices
from oro_prima.oro.models.operations import Done
from oro_prima.oro.models.price_records import (
    PRODUCT_PRICES,
    ProductPriceFields,
    ProductPriceRecord,
)
from oro_prima.plans.commands import AddPrice, EndPrice
from oro_prima.plans.prices import PricePlan
from oro_prima.ports import Ports, Store
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.records import Flow
from oro_prima.sync.keeping import keep, recall
from oro_prima.sync.operations import PENDING, bulk_of, look_after
from oro_prima.sync.report import FlowReport
from oro_prima.sync.run import FlowRun
from oro_prima.sync.tally import Tally, reported

ENDED, RESTORED, THERE = "rows ended", "rows put back", "rows that are there"
PREFIX = "ended/"
"""Subjects of what was removed: by run and list."""
PAGE = 1000


@frozen
class EndedPrices:
    """Rows that a run removed from a list, so that a person can put them back."""

    run: str
    price_list: OroPriceListId
    rows: tuple[AddPrice, ...]


def end_prices(run: FlowRun, plan: PricePlan, tally: Tally) -> list[Reason]:
    """
    Keep the rows that end, then remove them one by one.

    A row that is gone already is removed; after a lost answer the next run looks what is there.
    """
    rows = tuple(AddPrice(one.product, one.price) for one in plan.ends)
    kept = EndedPrices(run.id, plan.price_list, rows)
    with run.write() as tx:
        subject = f"{PREFIX}{run.id}/{plan.price_list}"
        tx.put_kept(keep(Flow.PRICES, subject, kept, at=run.now()))
        run.note(tx, "prices end", list_subject(plan.price_list), f"{len(rows)} rows, run {run.id}")
    failed: list[Reason] = []
    for command in plan.ends:
        run.ports.step("before-end")
        failed += _end(run, plan, command, tally)
        run.ports.step("after-end")
        if run.stopped is not None:
            break
    return failed


def _end(run: FlowRun, plan: PricePlan, command: EndPrice, tally: Tally) -> list[Reason]:
    run.keep_lease(run.ports.shop_timeout)
    try:
        run.ports.shop.send(delete_product_price(command.id))
    except CallError as error:
        if error.fault is not Fault.RECORD or error.effect is not Effect.NONE:
            run.stop(str(error), error)
            return []
        if error.status != 404:
            subject = price_subject(plan.book, command.price)
            return [Reason(ReasonCode.PRICE_REFUSED, subject, error.detail)]
    tally.add(ENDED)
    return []


def ended_prices(store: Store) -> tuple[EndedPrices, ...]:
    """Return what runs removed from price lists, by run and list."""
    kept = store.kept_below(Flow.PRICES, PREFIX)
    return tuple(recall(one, EndedPrices) for one in kept)


def restore_prices(ports: Ports, *, run_id: str, by: str, note: str = "") -> FlowReport:
    """
    Put back what a run removed; rows whose slot has a price by now are left alone.

    While its book has no price for them the next run ends them again: choose `pricing.ends` first.
    Nothing is read or written while a batch of an earlier run may still write.

    Raises:
        ConfigError: no run of that id removed anything.
        StoreError: the store failed, or a run of the flow works.
    """
    ended = [one for one in ended_prices(ports.store) if one.run == run_id]
    if not ended:
        raise ConfigError((f"no run {run_id} removed prices; `oro-prima prices ended` lists them",))
    return reported(
        ports, Flow.PRICES, lambda run, tally: _restore(run, tally, ended, by=by, note=note)
    )


def _restore(
    run: FlowRun, tally: Tally, ended: Sequence[EndedPrices], *, by: str, note: str
) -> None:
    if look_after(run):
        run.stop(PENDING)
        return
    for one in ended:
        call = list_product_prices(price_list=one.price_list, size=PAGE)
        there = {_slot(record) for record in each(run.ports.shop, call)}
        missing = [row for row in one.rows if _slot_of(row) not in there]
        tally.add(THERE, len(one.rows) - len(missing))
        entries = [Entry(new_price(row)) for row in missing]
        sent = write_all(run.ports.shop, PRODUCT_PRICES, entries=entries, bulk=bulk_of(run))
        back = sum(isinstance(outcome, Done) for outcome in sent)
        tally.add(RESTORED, back)
        with run.write() as tx:
            subject = f"{PREFIX}{one.run}/{one.price_list}"
            if back == len(missing):
                tx.drop_kept(Flow.PRICES, subject)
            what = f"{back} of {len(one.rows)} rows of run {one.run}, by {by}: {note}"
            run.note(tx, "prices put back", list_subject(one.price_list), what)


def _slot(record: ProductPriceRecord) -> tuple[object, ...]:
    return record.product, record.unit, record.quantity, record.currency


def _slot_of(row: AddPrice) -> tuple[object, ...]:
    return row.product, row.price.unit, row.price.quantity, row.price.currency


def new_price(command: AddPrice) -> ProductPriceFields:
    """Return the fields of a row that is to be made."""
    price = command.price
    return {
        "price_list": price.price_list,
        "product": command.product,
        "unit": price.unit,
        "quantity": price.quantity,
        "currency": price.currency,
        "value": price.value,
    }
