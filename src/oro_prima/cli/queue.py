"""`oro-prima assign`, `note`, `reopen`, `fix`, `forget`, `adopt`: acts of people on the queue."""

from __future__ import annotations

from pathlib import Path

import click

from oro_prima.cli.context import App, by_person, now, order_of, pass_app, subject_of
from oro_prima.cli.tables import record_json
from oro_prima.config import fix_charge, fix_unit, read_adoptions
from oro_prima.files.recordings import FolderRecordings
from oro_prima.ids import OroCustomerId, OroSku, PrimaAccount, UnitCode
from oro_prima.records import ExceptionRecord, Link
from oro_prima.sync import (
    adopt_orders,
    assign_held,
    fix_link,
    forget_order,
    note_held,
    reopen_held,
)
from oro_prima.sync.recordings import forget_recordings


@click.command()
@click.argument("identity", metavar="ID")
@click.argument("to")
@by_person
@pass_app
def assign(app: App, identity: str, to: str, by: str, note: str) -> None:
    """Say that TO, a person or a team, takes care of ID."""
    with app.store() as store:
        subject = subject_of(identity)
        record = assign_held(store, subject=subject, to=to, by=by, note=note, at=now())
    app.show(record_json(record), f"{record.subject} is assigned to {to}.")


@click.command("note")
@click.argument("identity", metavar="ID")
@by_person
@pass_app
def note_(app: App, identity: str, by: str, note: str) -> None:
    """Add a --note to ID; earlier ones stay in the journal."""
    if not note.strip():
        raise click.UsageError("give the note with --note")
    with app.store() as store:
        record = note_held(store, subject=subject_of(identity), by=by, note=note, at=now())
    app.show(record_json(record), f"{record.subject} has a note.")


@click.command()
@click.argument("identity", metavar="ID")
@by_person
@pass_app
def reopen(app: App, identity: str, by: str, note: str) -> None:
    """Put ID, which was dismissed, back into the queue; it is tried in the next run."""
    with app.store() as store:
        record = reopen_held(store, subject=subject_of(identity), by=by, note=note, at=now())
    app.show(record_json(record), f"{record.subject} is held again and will be tried.")


@click.group()
def fix() -> None:
    """Correct a table and have everything that waits for it tried, in one breath."""


@fix.command("link")
@click.argument("customer")
@click.argument("account")
@click.option("--deliv-addr-no", default="", help="Delivery address for orders without one.")
@by_person
@pass_app
def fix_link_(
    app: App, customer: str, account: str, deliv_addr_no: str, by: str, note: str
) -> None:
    """
    CUSTOMER of OroCommerce is billed to ACCOUNT of Prima; approve it with --by.

    Example: oro-prima fix link 77 TRADE12 --by Kim
    """
    if not customer.isdigit():
        raise click.UsageError("CUSTOMER: expected the number of an OroCommerce customer")
    config = app.config()
    link = Link(
        OroCustomerId(customer),
        PrimaAccount(account),
        config.pair.company,
        approved_by=by,
        approved_at=now(),
        source_hash="by hand",
        deliv_addr_no=deliv_addr_no,
    )
    with app.store() as store:
        policy = config.orders.accounts
        _show(app, fix_link(store, link, by=by, note=note, at=now(), policy=policy))


@fix.command("unit")
@click.argument("sku")
@click.argument("unit")
@click.argument("product")
@click.option("--count", default="1", help="Base units in one such unit, such as 12 or 1/2.")
@click.option("--codes", default="", help="Matrix codes m1 to m4, separated by commas.")
@by_person
@pass_app
def fix_unit_(
    app: App, sku: str, unit: str, product: str, count: str, codes: str, by: str, note: str
) -> None:
    """
    One UNIT of SKU is --count of Prima's PRODUCT: add it to the unit file, and retry.

    Example: oro-prima fix unit BOOT pair BOOT --codes F,070 --by Kim
    """
    app.config()
    with app.store() as store:
        found = fix_unit(
            app.config_path,
            store,
            sku=OroSku(sku),
            unit=UnitCode(unit),
            product=product,
            count=count,
            codes=[part.strip() for part in codes.split(",")],
            by=by,
            note=note,
            at=now(),
        )
    _show(app, found)


@fix.command("charge")
@click.argument("method")
@click.argument("code")
@by_person
@pass_app
def fix_charge_(app: App, method: str, code: str, by: str, note: str) -> None:
    """
    Shipping by METHOD is charged as CODE in Prima: add it to the configuration, and retry.

    Example: oro-prima fix charge flat_rate_2 CARR --by Kim
    """
    app.config()
    with app.store() as store:
        path, at = app.config_path, now()
        _show(app, fix_charge(path, store, method=method, code=code, by=by, note=note, at=at))


def _show(app: App, records: tuple[ExceptionRecord, ...]) -> None:
    text = f"Corrected. {len(records)} will be tried in the next run."
    app.show([record_json(record) for record in records], text)


@click.command()
@click.argument("identity", metavar="ORDER")
@by_person
@pass_app
def forget(app: App, identity: str, by: str, note: str) -> None:
    """
    Erase names, addresses and notes of ORDER; the proof that it was posted once stays.

    Example: oro-prima forget 1042 --by Kim
    """
    del note  # a note about an erasure would have to be erased as well
    order, folder = order_of(identity), app.config().store.recordings
    with app.store() as store:
        erased = forget_order(store, order=order, by=by, at=now())
        if folder is not None:
            erased += forget_recordings(store, FolderRecordings(folder), order=order)
    said = f"{erased} payloads, notes and recordings of order {identity} are erased."
    app.show({"erased": erased}, said)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@by_person
@pass_app
def adopt(app: App, file: Path, by: str, note: str) -> None:
    """
    Prima has the orders of FILE already (columns `order,number`): settle them, never send them.

    At cut-over, for orders that were entered by hand; or when a store was lost. A store that was
    not in use is put into use.

    Example: oro-prima adopt open-orders.csv --by Kim
    """
    adoptions = read_adoptions(file)
    start_at = app.config().orders.start_at
    with app.store() as store:
        done = adopt_orders(store, adoptions, start_at=start_at, by=by, note=note, at=now())
    app.show({"adopted": done}, f"{done} orders are adopted; {len(adoptions) - done} were before.")
