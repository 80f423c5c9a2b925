"""`oro-prima go-live`: what to check before the first real order, and what was seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import click
from attrs import field, frozen

from oro_prima.cli.context import ATTENTION, App, now, pass_app
from oro_prima.config import Config
from oro_prima.config.checklist import go_live as checklist
from oro_prima.config.checklist import open_settings
from oro_prima.config.loading import build_prima
from oro_prima.config.reach import written_tree
from oro_prima.config.settings import SETTINGS
from oro_prima.config.sightings import (
    BY_HAND,
    SETTLED,
    Sighting,
    add_sightings,
    read_sightings,
    sightings_place,
)
from oro_prima.config.values import present_values, written_values
from oro_prima.errors import ConfigError
from oro_prima.http.erp import open_prima
from oro_prima.ids import PrimaAccount, PrimaCompany
from oro_prima.mapping import PrimaReserves
from oro_prima.prima.config import PrimaConfig, service_url
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

    With a configuration its present values are shown, and what is missing in it; one that is not
    filled in yet can already ask its Prima (probes wsdl, snapshot, absent). Probes test a setting
    on a test company and keep what was seen beside the configuration; a report of it is signed.
    Nothing is posted unless you name the configuration's company, or its address, as one for tests.

    Example: oro-prima --config test.toml go-live --probe all --test-company 9 --account ACME01
    --sku ROVER,F,070 --number 900000010 --by Kim
    """
    seen: tuple[Sighting, ...] = ()
    added: list[Sighting] = []
    values: Mapping[str, object] | None = None
    missing: tuple[str, ...] = ()
    if probes or saw or app.config_path:
        present = _present(app)
        values, missing = present.values, present.missing
        place = sightings_place(Path(app.config_path))
        if probes:
            wanted = tuple(PROBES) if "all" in probes else probes
            given = Given(test_company, test_address, account, sku, number, currency)
            added += _probed(app, present, wanted, given, _name(by))
        added += [_saw(text, _name(by)) for text in saw]
        add_sightings(place, added)
        seen = read_sightings(place)
    text = checklist(values, sightings=seen, missing=missing)
    _print(app, text, output, seen, missing)
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


@frozen
class Present:
    """A configuration as far as it is filled in: whole, or what is written and what is missing."""

    values: Mapping[str, object]
    config: Config | None = None
    tree: Mapping[str, object] = field(factory=dict[str, object])
    missing: tuple[str, ...] = ()

    def prima(self, folder: Path) -> PrimaConfig:
        """Return how Prima is reached; raises `ConfigError` where that is missing as well."""
        if self.config is not None:
            return self.config.prima
        return build_prima({"prima": self.tree.get("prima", {})}, folder=folder)


def _present(app: App) -> Present:
    try:
        config = app.config()
    except ConfigError as error:
        if not app.config_path:
            raise
        tree = written_tree(Path(app.config_path))
        return Present(written_values(tree), None, tree, error.faults)
    return Present(present_values(config), config)


def _print(
    app: App,
    text: str,
    output: Path | None,
    seen: Sequence[Sighting],
    missing: tuple[str, ...],
) -> None:
    if output is not None:
        output.write_text(text, encoding="utf-8")
        app.say(f"Wrote {output}.")
        return
    tree = {
        "text": text,
        "open": list(open_settings(seen)),
        "missing": list(missing),
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


def _probed(
    app: App, present: Present, names: Sequence[str], given: Given, by: str
) -> list[Sighting]:
    config = present.config
    if any(name in POSTING for name in names):
        faults = present.missing if config is None else _faults(config, given)
        if faults:
            raise ConfigError(faults)
    prima = present.prima(Path(app.config_path).parent)
    with open_prima(prima) as erp:
        bench = Bench(
            erp=erp,
            profile=prima.profile,
            company=PrimaCompany(prima.company),
            account=PrimaAccount(given.account),
            currency=given.currency,
            sku=SkuKey(*given.sku.split(",")[:5]),
            first=given.number,
            vat_inclusive=config is not None and config.orders.vat_inclusive,
            reserves_on_acceptance=config is None
            or config.stock.prima_reserves is PrimaReserves.ACCEPTANCE,
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
