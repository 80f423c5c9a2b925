"""`oro-prima link`: which customer is billed to which account."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import click
from attrs import asdict

from oro_prima.cli.commands import seen_json
from oro_prima.cli.context import App, by_person, now, pass_app
from oro_prima.config import read_links
from oro_prima.config.cards import proposals_csv, read_cards, read_organisations
from oro_prima.ids import OroCustomerId
from oro_prima.mapping.proposals import LinkProposal, propose_links
from oro_prima.plans import SeenAccount
from oro_prima.sync import (
    import_links,
    known_accounts,
    numbered_addresses,
    propose_customer_links,
    revoke_link,
)


@click.group()
def link() -> None:
    """Links between customers and Prima accounts, approved by people."""


@link.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@by_person
@pass_app
def import_file(app: App, file: Path, by: str, note: str) -> None:
    """
    Pin the links of FILE: a CSV with customer and account.

    Further columns: deliv_addr_no, invc_addr_no, currency, vat_inclusive (yes or no).

    Example: oro-prima link import links.csv --by "Kim"
    """
    config = app.config()
    links = read_links(file, company=config.pair.company, by=by, at=now())
    with app.store() as store:
        count = import_links(
            store, links=links, by=by, note=note, at=now(), policy=config.orders.accounts
        )
    app.show({"read": len(links), "changed": count}, f"{len(links)} links read, {count} changed.")


@link.command("list")
@pass_app
def list_links(app: App) -> None:
    """List the approved links."""
    with app.store() as store:
        links, known = store.links().values(), known_accounts(store)
    tree = [
        {"customer": one.customer, "account": one.account, "by": one.approved_by}
        | {"prima": seen_json(known[one.account]) if one.account in known else None}
        for one in links
    ]
    text = "\n".join(
        f"customer {one.customer} -> account {one.account}  ({one.approved_by}, "
        f"{one.approved_at:%Y-%m-%d}){_credit(known.get(one.account))}"
        for one in links
    )
    app.show(tree, text or "No links.")


def _credit(seen: SeenAccount | None) -> str:
    """Say what Prima said of an account when it was read last."""
    if seen is None:
        return ""
    limit = f", {seen.balance} of {seen.credit_limit} {seen.currency}" if seen.credit_limit else ""
    return f"  {'ON STOP' if seen.on_stop else 'open'}{limit}"


@link.command("propose")
@click.argument("organisations", type=click.Path(path_type=Path), required=False)
@click.argument("accounts", type=click.Path(path_type=Path), required=False)
@click.option("--vat-prefix", default="GB", show_default=True,
              help="Country of a VAT number that is written without one.")  # fmt: skip
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path),
              help="Write them as a file of links, to choose from and import.")  # fmt: skip
@pass_app
def propose(
    app: App,
    organisations: Path | None,
    accounts: Path | None,
    vat_prefix: str,
    output: Path | None,
) -> None:
    """
    Propose accounts for organisations without a link, with the evidence. Nothing is linked.

    ORGANISATIONS: a CSV with customer, name, code, vat_number, postcodes (with semicolons).
    ACCOUNTS: account, name, vat_number, postcodes.
    Without files both systems are asked, where accounts are bound.

    Example: oro-prima link propose customers.csv accounts.csv --output proposed.csv
    """
    if (organisations is None) != (accounts is None):
        raise click.UsageError("give both files or none")
    if organisations is None or accounts is None:
        with app.ports() as (_config, ports):
            found = propose_customer_links(ports)
    else:
        with app.store() as store:
            links = store.links()
        found = propose_links(
            read_organisations(organisations), read_cards(accounts), links, vat_prefix=vat_prefix
        )
    if output is not None:
        output.write_text(proposals_csv(found), encoding="utf-8", newline="")
    app.show([asdict(one) for one in found], "\n".join(map(_told, found)) or "No proposals.")


def _told(one: LinkProposal) -> str:
    evidence = ", ".join(f"{part.kind.value} {part.text}" for part in one.evidence)
    rivals = f"; but also: {', '.join(one.rivals)}" if one.rivals else ""
    return f"{one.score:>3}  customer {one.customer} -> account {one.account}  {evidence}{rivals}"


@link.command("deliveries")
@click.argument("file", type=click.Path(path_type=Path))
@pass_app
def deliveries(app: App, file: Path) -> None:
    """
    Write FILE: the numbered addresses that Prima has of linked customers.

    It is the table `deliveries` of the configuration; look through it, then name it there.

    Example: oro-prima link deliveries deliveries.csv
    """
    with app.ports() as (_config, ports):
        rows = numbered_addresses(ports)
    _write_csv(file, [("customer", "deliv_addr_no", "postcode", "street"), *rows])
    app.show({"rows": len(rows)}, f"{len(rows)} rows written to {file.name}.")


def _write_csv(path: Path, rows: Sequence[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


@link.command("revoke")
@click.argument("customer")
@by_person
@pass_app
def revoke(app: App, customer: str, by: str, note: str) -> None:
    """Take the link of CUSTOMER away; its orders are held from now on."""
    with app.store() as store:
        there = revoke_link(store, customer=OroCustomerId(customer), by=by, note=note, at=now())
    text = (
        f"The link of customer {customer} is gone." if there else f"Customer {customer} has none."
    )
    app.show({"revoked": there}, text)
