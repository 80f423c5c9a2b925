"""`oro-prima prima check`: run each bound capability once and show what was read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

import click
from attrs import asdict, field, frozen, has

from oro_prima.call import Sender
from oro_prima.cli.context import ATTENTION, App, pass_app
from oro_prima.config.loading import build_prima
from oro_prima.config.reach import prima_tree
from oro_prima.errors import CallError, ConfigError
from oro_prima.files import DropReader
from oro_prima.http.erp import open_prima
from oro_prima.ids import PrimaCompany
from oro_prima.prima.calls import describe_service
from oro_prima.prima.calls.bound import read_capability
from oro_prima.prima.config import PrimaConfig
from oro_prima.prima.models.binding import Binding, SoapBinding
from oro_prima.prima.models.bound import Bound
from oro_prima.prima.models.capabilities import SHAPES, Capability
from oro_prima.values import SkuKey

SHOWN = 3
"""Records of each capability that are shown."""


@frozen
class Checked:
    """What came of one capability: `unbound`, or how many records, or why there are none."""

    capability: Capability
    via: str
    found: Bound[object] = field(factory=lambda: Bound[object](()))
    error: str = ""

    @property
    def fine(self) -> bool:
        """Whether it is unbound, or gave records without a fault."""
        read = bool(self.found.records) and not self.found.faults
        return self.via == "unbound" or (not self.error and read)


@click.command("check")
@click.argument("names", nargs=-1, type=click.Choice([one.value for one in Capability]))
@click.option("--order", default="", help="An order number that has despatches and invoices.")
@click.option("--account", default="", help="An account code.")
@click.option("--book", default="", help="A price book.")
@click.option("--sku", "skus", multiple=True, help="Codes with commas: PRODUCT,m1,m2. Repeatable.")
@pass_app
def check(
    app: App, names: tuple[str, ...], order: str, account: str, book: str, skus: tuple[str, ...]
) -> None:
    """
    Compare the profile with the WSDL, run each bound capability once, show what was read.

    Reads only: a file is read and left where it is. Exit code 1 when something is not right.

    Example: oro-prima --config oro-prima.toml prima check --order 300010420 --account ACME01
    """
    config = _config(app)
    about = {"order_number": order, "account": account, "book": book}
    keys = tuple(SkuKey(*text.split(",")[:5]) for text in skus)
    wanted = [one for one in Capability if not names or one.value in names]
    with open_prima(config) as sender:
        differences = _differences(config, sender)
        checked = [_check(one, config, sender, about, keys) for one in wanted]
    lines = [*differences, *(line for one in checked for line in _lines(one))]
    app.show(
        {"profile": differences, "capabilities": [_tree(one) for one in checked]}, "\n".join(lines)
    )
    if len(differences) > 1 or not all(one.fine for one in checked):
        click.get_current_context().exit(ATTENTION)


def _config(app: App) -> PrimaConfig:
    tree, folder = prima_tree(app.config_path)
    return build_prima(tree, folder=folder)


def _differences(config: PrimaConfig, sender: Sender) -> list[str]:
    try:
        found = sender.send(describe_service()).differences(config.profile)
    except (CallError, ConfigError) as error:
        return ["Profile: the WSDL cannot be compared", f"  {error}"]
    if not found:
        return ["Profile: as the WSDL says"]
    rows = (
        f"  {one.setting} is {one.configured!a}, the WSDL says {one.offered!a}" for one in found
    )
    return ["Profile: differs from the WSDL", *rows]


def _check(
    capability: Capability,
    config: PrimaConfig,
    sender: Sender,
    about: Mapping[str, str],
    skus: tuple[SkuKey, ...],
) -> Checked:
    binding = dict(config.bindings).get(capability)
    if binding is None:
        return Checked(capability, "unbound")
    via = "soap" if isinstance(binding, SoapBinding) else "file"
    try:
        found = _read(capability, binding, config, sender, about, skus)
    except (CallError, ConfigError) as error:
        return Checked(capability, via, error=str(error))
    return Checked(capability, via, found)


def _read(
    capability: Capability,
    binding: Binding,
    config: PrimaConfig,
    sender: Sender,
    about: Mapping[str, str],
    skus: tuple[SkuKey, ...],
) -> Bound[object]:
    if not isinstance(binding, SoapBinding):
        return DropReader(lambda: datetime.now(UTC)).peek(capability, binding)
    known = {name: text for name, text in about.items() if name in SHAPES[capability].parameters}
    call = read_capability(
        capability,
        binding,
        profile=config.profile,
        company=PrimaCompany(config.company),
        about=known,
        skus=skus if SHAPES[capability].many else (),
    )
    return sender.send(call)


def _lines(one: Checked) -> list[str]:
    name = one.capability.value
    if one.via == "unbound":
        return [f"{name}: unbound; flows that need it say so"]
    if one.error:
        return [f"{name}: not read", f"  {one.error}"]
    head = f"{name}: {len(one.found.records)} records by {one.via}, {len(one.found.faults)} faults"
    faults = [f"  {fault}" for fault in one.found.faults[:10]]
    records = [f"  {_plain(record)}" for record in one.found.records[:SHOWN]]
    hint = [] if one.found.records else ["  nothing came: name an --order, --account or --book"]
    return [head, *faults, *records, *hint]


def _tree(one: Checked) -> dict[str, object]:
    return {
        "capability": one.capability.value,
        "via": one.via,
        "records": len(one.found.records),
        "faults": list(one.found.faults),
        "error": one.error,
        "first": [_plain(record) for record in one.found.records[:SHOWN]],
    }


def _plain(record: object) -> dict[str, object]:
    """Return a record's fields that say something."""
    if not has(type(record)):
        return {}
    tree: dict[str, object] = asdict(record, value_serializer=_text)  # type: ignore[arg-type]
    return {name: value for name, value in tree.items() if value not in ("", None, [], ())}


def _text(_record: object, _field: object, value: object) -> object:
    """Write what JSON has no word for as text; models and their parts are gone into."""
    if isinstance(value, (Decimal, date, SkuKey)):
        return str(value)
    return value
