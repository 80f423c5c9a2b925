"""Loading one TOML file: every fault named at once, secrets from elsewhere, nothing guessed."""

from __future__ import annotations

import os
import shlex
import subprocess
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from oro_prima.config.capabilities import read_bindings
from oro_prima.config.contradictions import (
    coverage_contradictions,
    lease_contradictions,
    order_contradictions,
    price_contradictions,
    run_contradictions,
    stock_contradictions,
    unit_contradictions,
)
from oro_prima.config.flows import FLOW_SECTIONS, FLOW_TABLES, read_flows
from oro_prima.config.lookups import (
    LOOKUPS,
    read_fulfilment,
    read_lookups,
    read_tax_codes,
    table_rows,
)
from oro_prima.config.neighbours import with_neighbours
from oro_prima.config.orders import ORDER_SECTIONS, build_orders
from oro_prima.config.pricing import build_books, build_prices
from oro_prima.config.setting import Setting
from oro_prima.config.settings import SECTIONS, settings_of
from oro_prima.config.tables import UNIT_COLUMNS, read_text, unit_table
from oro_prima.config.taxing import build_tax
from oro_prima.config.tree import Config, Policies, StoreConfig, pair_of, with_accounts
from oro_prima.config.versions import current_tree
from oro_prima.config.webhooks import WebhookConfig
from oro_prima.converters import is_list, is_object
from oro_prima.errors import ConfigError
from oro_prima.ids import PrimaCompany, PrimaOrderNumber
from oro_prima.mapping.coverage import CoveragePolicy
from oro_prima.mapping.policy import StockPolicy
from oro_prima.mapping.polling import PollPolicy
from oro_prima.mapping.product_units import UnitPolicy
from oro_prima.mapping.stock import share_faults
from oro_prima.mapping.tables import UnitTable
from oro_prima.oro.config import OroConfig
from oro_prima.prima.config import PrimaConfig
from oro_prima.prima.models.profile import PrimaProfile
from oro_prima.records import RunPolicy
from oro_prima.values import Secret

T = TypeVar("T")
Values = dict[str, object]
OTHER_TABLES = ("units", *LOOKUPS, *FLOW_TABLES)
SECRET_SECONDS = 30
TAX_SECTIONS = ("tax.oro", "tax.prima")
RULE_SECTIONS = (
    "prima.profile", *ORDER_SECTIONS, "stock", "fulfilment", "polls", "products", "prices",
    "books", *TAX_SECTIONS, "coverage",
    *FLOW_SECTIONS,
)  # fmt: skip


def load_config(path: Path | str) -> Config:
    """
    Load the configuration of one pair, with the pairs beside it that share its pool of stock.

    Args:
        path: A TOML file; paths in it are relative to it.

    Raises:
        ConfigError: names every setting that is missing, unknown or wrong, with the fix.
    """
    place = Path(path)
    return with_neighbours(_load_alone(place), place, _load_alone)


def _load_alone(place: Path) -> Config:
    text = read_text(place, "config")
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as exc:
        raise ConfigError((f"{place.name}: no valid TOML: {exc}",)) from None
    return build_config(tree, folder=place.parent)


def build_config(tree: Mapping[str, object], *, folder: Path) -> Config:
    """Build the configuration from what a TOML file holds; see `load_config`."""
    tree = current_tree(tree)
    faults: list[str] = _unknown_tables(tree)
    values = {section: _section(tree, section, folder, faults) for section in SECTIONS}
    rules = _policies(tree, values, folder, faults)
    profile = PrimaProfile() if rules is None else rules.profile
    oro = _collected(faults, lambda: OroConfig(**values["oro"]))  # type: ignore[arg-type]
    prima = _prima(tree, values["prima"], profile, folder, faults)
    run = RunPolicy(**_run(values["run"]))  # type: ignore[arg-type]
    webhooks = _collected(faults, lambda: WebhookConfig(**values["webhooks"]))  # type: ignore[arg-type]
    faults += run_contradictions(run)
    codes = read_tax_codes(tree, folder, faults)
    if oro is not None and prima is not None:
        shop, erp = (
            oro.connect_timeout + oro.read_timeout,
            prima.connect_timeout + prima.read_timeout,
        )
        faults += lease_contradictions(run, shop=shop, erp=erp)
    if prima is not None and rules is not None:
        faults += price_contradictions(rules.orders, prima.bindings, rules.tables.accounts)
    if faults or oro is None or prima is None or rules is None or webhooks is None:
        raise ConfigError(tuple(dict.fromkeys(faults)))
    path = _store(values["store"], folder)
    pair = pair_of(str(values["pair"]["id"]), oro, prima)
    return Config(
        oro,
        prima,
        rules.orders,
        rules.stock,
        run,
        path,
        rules.tables,
        pair,
        rules.fulfilment,
        rules.polls,
        rules.products,
        rules.prices,
        rules.books,
        rules.tax,
        rules.coverage,
        rules.flows,
        codes,
        webhooks=webhooks,
    )


def _store(values: Values, folder: Path) -> StoreConfig:
    kept = str(values["recordings"])
    return StoreConfig(folder / str(values["path"]), folder / kept if kept else None)


def build_policies(tree: Mapping[str, object], *, folder: Path = Path()) -> Policies:
    """
    Build what the rules need from a tree of the file's form, without addresses and secrets.

    Only the tables of rules and look-ups, `prima.profile` and `prima.company` are looked at.

    Raises:
        ConfigError: names every setting that is missing, unknown or wrong, with the fix.
    """
    tree = current_tree(tree)
    faults = _unknown_tables(tree)
    values = {section: _section(tree, section, folder, faults) for section in RULE_SECTIONS}
    values["prima"] = _company(tree, faults)
    rules = _policies(tree, values, folder, faults)
    if faults or rules is None:
        raise ConfigError(tuple(dict.fromkeys(faults)))
    return rules


def build_prima(tree: Mapping[str, object], *, folder: Path = Path()) -> PrimaConfig:
    """
    Build how to reach Prima from the tables `prima` and `prima.profile` alone.

    Raises:
        ConfigError: names every setting that is missing, unknown or wrong, with the fix.
    """
    faults: list[str] = []
    values = {name: _section(tree, name, folder, faults) for name in ("prima", "prima.profile")}
    named = values["prima.profile"]
    profile = _collected(faults, lambda: PrimaProfile(**named))  # type: ignore[arg-type]
    prima = _prima(tree, values["prima"], profile or PrimaProfile(), folder, faults)
    if faults or prima is None:
        raise ConfigError(tuple(dict.fromkeys(faults)))
    return prima


def _prima(
    tree: Mapping[str, object],
    values: Values,
    profile: PrimaProfile,
    folder: Path,
    faults: list[str],
) -> PrimaConfig | None:
    """Build how to reach Prima; files of certificates are looked for beside the configuration."""
    files = {
        name: str(folder / str(values[name]))
        for name in ("certificate", "certificate_key", "ca_file")
        if values.get(name)
    }
    given = _table(tree, "prima", []).get("capabilities", {})
    own = {"profile": profile, "bindings": read_bindings(given, folder=folder, faults=faults)}
    return _collected(faults, lambda: PrimaConfig(**(values | files | own)))  # type: ignore[arg-type]


def _company(tree: Mapping[str, object], faults: list[str]) -> Values:
    setting, values = settings_of("prima")["company"], Values()
    given = _table(tree, "prima", faults).get("company")
    _placeholder(setting, values)
    try:
        values["company"] = values["company"] if given is None else setting.read(given)
    except ValueError as exc:
        faults.append(f"{setting.key}: {exc}")
    return values


def _policies(
    tree: Mapping[str, object], values: Mapping[str, Values], folder: Path, faults: list[str]
) -> Policies | None:
    units = _collected(faults, lambda: _units(tree.get("units", []), folder)) or {}
    lookups = read_lookups(tree, folder=folder, faults=faults)
    named = values["prima.profile"]
    profile = _collected(faults, lambda: PrimaProfile(**named)) or PrimaProfile()  # type: ignore[arg-type]
    stock = StockPolicy(**values["stock"])  # type: ignore[arg-type]
    orders = build_orders(tree, values, profile=profile, faults=faults)
    products = UnitPolicy(**values["products"])  # type: ignore[arg-type]
    faults += [*share_faults(stock, units), *stock_contradictions(stock)]
    faults += unit_contradictions(units, products)
    if orders is None:
        return None
    faults += order_contradictions(orders)
    company = PrimaCompany(str(values["prima"].get("company", "")))
    fulfilment = read_fulfilment(tree, values["fulfilment"], faults)
    polls = PollPolicy(**values["polls"])  # type: ignore[arg-type]
    tables = lookups.tables(company, units)
    coverage = CoveragePolicy(orders, **values["coverage"])  # type: ignore[arg-type]
    faults += coverage_contradictions(coverage)
    given = {section: _table(tree, section, []) for section in ("prices", *TAX_SECTIONS)}
    prices = build_prices(values["prices"], given.pop("prices"), faults)
    books = build_books(values["books"], orders)
    tax = build_tax(values, given, orders=orders, faults=faults)
    return Policies(
        orders,
        stock,
        tables,
        profile,
        fulfilment,
        polls,
        products,
        prices,
        books,
        tax,
        with_accounts(coverage),
        read_flows(tree, values, faults),
    )


def _unknown_tables(tree: Mapping[str, object]) -> list[str]:
    known = {section.split(".")[0] for section in SECTIONS} | set(OTHER_TABLES)
    taxing = {section.removeprefix("tax.") for section in TAX_SECTIONS}
    names = [name for name in tree if name not in known]
    names += [f"tax.{name}" for name in _table(tree, "tax", []) if name not in taxing]
    return [f"{name}: unknown table or setting" for name in names]


def _section(tree: Mapping[str, object], section: str, folder: Path, faults: list[str]) -> Values:
    """Read one table: its values, or the defaults of what it leaves out."""
    found = _table(tree, section, faults)
    known = settings_of(section)
    tables = (*SECTIONS, "prima.capabilities")
    inner = {name.removeprefix(f"{section}.") for name in tables if name.startswith(section)}
    unknown = [name for name in found if name not in known and name not in inner]
    faults += [f"{section}.{name}: unknown setting" for name in unknown]
    values: Values = {}
    for name, setting in known.items():
        if name not in found:
            _default(setting, values, faults)
            continue
        try:
            values[name] = _value(setting, found[name], folder)
        except ValueError as exc:
            faults.append(f"{setting.key}: {exc}")
            _placeholder(setting, values)
    return values


def _table(tree: Mapping[str, object], section: str, faults: list[str]) -> Mapping[str, object]:
    found: object = tree
    for part in section.split("."):
        found = found.get(part, {}) if is_object(found) else {}
    if is_object(found):
        return found
    faults.append(f"{section}: expected a table")
    return {}


def _default(setting: Setting, values: Values, faults: list[str]) -> None:
    if setting.required:
        faults.append(f"{setting.key}: required. {setting.meaning}")
    elif setting.secret:
        values[setting.name] = None
    else:
        _placeholder(setting, values)


def _placeholder(setting: Setting, values: Values) -> None:
    """Go on with the default, so that one fault does not hide the next."""
    if setting.default and not setting.secret:
        values[setting.name] = setting.read(tomllib.loads(f"x = {setting.default}")["x"])


def _value(setting: Setting, value: object, folder: Path) -> object:
    return _secret(value, folder) if setting.secret else setting.read(value)


def _secret(value: object, folder: Path) -> Secret:
    """Read a secret from where the file says it is: environment, file or command."""
    if not is_object(value) or len(value) != 1:
        raise ValueError(
            'expected { env = "NAME" }, { file = "path" } or { command = ["program"] }: '
            "a secret does not stand in the file"
        )
    ((kind, where),) = value.items()
    if kind == "env" and isinstance(where, str):
        return _not_empty(os.environ.get(where, ""), f"environment variable {where}")
    if kind == "file" and isinstance(where, str):
        return _not_empty(_secret_file(folder / where), f"file {where}")
    if kind == "command" and is_list(where):
        return _not_empty(_secret_command([str(part) for part in where]), "the command")
    raise ValueError("expected one of env, file, command")


def _secret_file(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise ValueError(f"file {path.name} cannot be read") from None


def _secret_command(command: list[str]) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - the owner of the configuration names the program
            command, capture_output=True, text=True, check=True, timeout=SECRET_SECONDS
        )
    except (OSError, subprocess.SubprocessError):
        raise ValueError(f"command {shlex.quote(command[0])} failed") from None
    return done.stdout


def _not_empty(text: str, where: str) -> Secret:
    if not text.strip():
        raise ValueError(f"{where} is empty or not set")
    return Secret(text.strip())


def _units(value: object, folder: Path) -> UnitTable:
    """Read the unit table: a CSV file's name, or rows in place."""
    return unit_table(table_rows(value, folder, "units", UNIT_COLUMNS))


def _run(values: Values) -> Values:
    number = str(values.get("control_order") or "")
    return {**values, "control_order": PrimaOrderNumber(number) if number else None}


def _collected(faults: list[str], make: Callable[[], T]) -> T | None:
    """Make something, or add what is wrong with it to the faults."""
    try:
        return make()
    except ConfigError as error:
        faults.extend(error.faults)
    except TypeError:
        return None
    return None
