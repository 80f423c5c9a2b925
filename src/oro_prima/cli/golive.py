"""`oro-prima go-live`: what to check before the first real order, and what was seen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
from attrs import frozen

from oro_prima.cli.context import ATTENTION, App, now, pass_app
from oro_prima.config import Config
from oro_prima.config.checklist import go_live as checklist
from oro_prima.config.checklist import open_settings
from oro_prima.config.settings import SETTINGS
from oro_prima.config.sightings import (
    BY_HAND,
    SETTLED,
    Sighting,
    add_sightings,
    read_sightings,
    sightings_place,
)
from oro_prima.config.values import present_values
from oro_prima.errors import ConfigError
from oro_prima.http.erp import open_prima
from oro_prima.ids import PrimaAccount, PrimaCompany
from oro_prima.mapping import PrimaReserves
from oro_prima.prima.config import service_url
from oro_prima.sync.probes import POSTING, PROBES, Bench, Seen, Verdict, run_probe
from oro_prima.values import SkuKey


@click.command("go-live")
@click.option("--output", type=click.Path(path_type=Path), help="Write it there.")
@click.option("--probe", "probes", multiple=True, type=click.Choice(["all", *PROBES]))
@click.option("--test-company", default="", help="The company that may be posted to.")
@click.option("--test-address", default="", help="Or the address of a Prima that is for tests.")
@click.option("--account", default="", help="An account of the test company.")
@click.option("--sku", default="", help="A SKU in stock, codes with commas: PRODUCT,m1,m2.")
@click.option("--number", type=int, default=0, help="First of ten order numbers nobody uses.")
@click.option("--currency", default="GBP", show_default=True, help="Of the account.")
@click.option("--saw", multiple=True, metavar="KEY=TEXT", help="What you saw of a setting.")
@click.option("--by", default="", help="Your name; kept with what was seen.")
@pass_app
def go_live(
    app: App,
    output: Path | None,
    probes: tuple[str, ...],
    test_company: str,
    test_address: str,
    account: str,
    sku: str,
    number: int,
    currency: str,
    saw: tuple[str, ...],
    by: str,
) -> None:
    """
    Print the go-live checklist: what is inferred or to be asked, how to test it, what was seen.

    With a configuration its present values are shown. Probes test a setting on a test company and
    keep what was seen beside the configuration; a report of it is signed. Nothing is posted unless
    you name the configuration's company, or its address, as one that is for tests.

    Example: oro-prima --config test.toml go-live --probe all --test-company 9 --account ACME01
    --sku ROVER,F,070 --number 900000010 --by Kim
    """
    seen: tuple[Sighting, ...] = ()
    added: list[Sighting] = []
    values = None
    if probes or saw or app.config_path:
        config = app.config()
        values, place = present_values(config), sightings_place(Path(app.config_path))
        if probes:
            wanted = tuple(PROBES) if "all" in probes else probes
            given = Given(test_company, test_address, account, sku, number, currency)
            added += _probed(config, wanted, given, _name(by))
        added += [_saw(text, _name(by)) for text in saw]
        add_sightings(place, added)
        seen = read_sightings(place)
    text = checklist(values, sightings=seen)
    _print(app, text, output, seen)
    if any(one.verdict in _WRONG for one in added):
        click.get_current_context().exit(ATTENTION)


_WRONG = frozenset({Verdict.DIFFERS.value, Verdict.FAILED.value})


@frozen
class Given:
    """What a person gave for probes."""

    company: str
    address: str
    account: str
    sku: str
    number: int
    currency: str


def _print(app: App, text: str, output: Path | None, seen: Sequence[Sighting]) -> None:
    if output is not None:
        output.write_text(text, encoding="utf-8")
        app.say(f"Wrote {output}.")
        return
    tree = {
        "text": text,
        "open": list(open_settings(seen)),
        "seen": [{"source": o.source, "verdict": o.verdict, "what": o.what} for o in seen],
    }
    app.show(tree, text.rstrip())


def _name(by: str) -> str:
    if not by.strip():
        raise click.UsageError("--by NAME: whoever looks is kept with what was seen")
    return by.strip()


def _saw(text: str, by: str) -> Sighting:
    key, found, what = text.partition("=")
    if not found or key not in {one.key for one in SETTINGS} or not what.strip():
        raise click.UsageError(f"--saw {key}: expected SETTING=WHAT YOU SAW, a setting by its key")
    return Sighting(BY_HAND, (key,), SETTLED, what.strip(), by, now())


def _probed(config: Config, names: Sequence[str], given: Given, by: str) -> list[Sighting]:
    faults = _faults(config, given) if any(name in POSTING for name in names) else ()
    if faults:
        raise ConfigError(faults)
    with open_prima(config.prima) as erp:
        bench = Bench(
            erp=erp,
            profile=config.prima.profile,
            company=PrimaCompany(config.prima.company),
            account=PrimaAccount(given.account),
            currency=given.currency,
            sku=SkuKey(*given.sku.split(",")[:5]),
            first=given.number,
            vat_inclusive=config.orders.vat_inclusive,
            reserves_on_acceptance=config.stock.prima_reserves is PrimaReserves.ACCEPTANCE,
            stamp=now(),
        )
        return [_sighting(run_probe(name, bench), by) for name in names]


def _sighting(seen: Seen, by: str) -> Sighting:
    return Sighting(seen.probe, seen.settings, seen.verdict.value, seen.what, by, now())


def _faults(config: Config, given: Given) -> tuple[str, ...]:
    """Return why probes may not post."""
    profile, last = config.prima.profile, given.number + 9
    by_company = profile.with_company and given.company == config.prima.company
    by_address = bool(given.address) and service_url(given.address) == config.prima.url
    in_range = given.number > 0 and last <= profile.order_ceiling
    checks = (
        (
            by_company or by_address,
            "--test-company or --test-address: name the configuration's own as one for tests "
            "(a company only counts where prima.profile.with_company sends it)",
        ),
        (not config.store.path.exists(), "store.path: there is a store; probe with a pair apart"),
        (bool(given.account.strip()), "--account: an account of the test company"),
        (bool(given.sku.strip()), "--sku: a SKU that is in stock"),
        (
            in_range and len(str(last)) <= profile.order_digits,
            "--number: ten numbers within the profile's range",
        ),
    )
    return tuple(fault for fine, fault in checks if not fine)
