"""The go-live checklist: every setting that is not evidenced, how to test it, what was seen."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from oro_prima.config.rendering import plain
from oro_prima.config.setting import Evidence, Setting
from oro_prima.config.settings import SETTINGS
from oro_prima.config.sightings import SETTLED, Sighting, latest_by_setting

HOW: dict[str, str] = {
    "orders.price_basis": "Probe `order`: two pieces at 10.00; look at the order's total.",
    "orders.vat_inclusive": "Probe `vat-basis`: the other basis must be refused (E:548).",
    "orders.order_prefix": "Ask who else numbers orders, and look at the highest in Prima.",
    "orders.price_check": "Ask whether and how price books can be read; then `explain order REF`.",
    "orders.channel": "Ask for the code table; look at the order of probe `order`.",
    "orders.carrier": "Ask for the code table; look at the order of probe `order`.",
    "orders.warehouse": "Ask for the code table; look at the order of probe `order`.",
    "stock.prima_reserves": "Probe `reservation`: free stock before and after an order of two.",
    "stock.pool": "Ask which shops sell from the company's stock, and whether it is one stock.",
    "run.control_order": "Probe `control`: an order that was just posted is found.",
    "prima.company": "Probe `snapshot`: do its SKUs belong to the right company?",
    "prima.snapshot_timeout": "Probe `snapshot`: how long did the full stock take?",
    "prima.profile.style": "Probe `wsdl`, or `oro-prima prima discover`.",
    "prima.profile.namespace": "Probe `wsdl`, or `oro-prima prima discover`.",
    "prima.profile.xml_part": "Probe `wsdl`, or `oro-prima prima discover`.",
    "prima.profile.company_part": "Probe `wsdl`, or `oro-prima prima discover`.",
    "prima.profile.company_first": "Probe `wsdl`, or `oro-prima prima discover`.",
    "prima.profile.absent_codes": "Probe `absent` shows a code; list it only on a written word.",
    "prima.profile.charset": "Probe `encoding`: the letters must be stored as they were sent.",
    "prima.profile.codes": "Probe `unknown-sku` shows one; ask for the table of errors.",
    "prima.profile.address_width": "Ask for the schema; post the longest address that there is.",
    "prima.profile.note_width": "Ask for the schema.",
    "prima.profile.text_width": "Ask for the schema; `oro-prima map order FILE --fields`.",
}
"""How a setting is tested safely; the others are asked."""
_ASK = "Ask whoever runs Prima."
_WHOM = {
    "oro": "Ask whoever runs OroCommerce.",
    "prices": "Look under System > Configuration > Commerce > Pricing in OroCommerce.",
    "tax.oro": "Look under System > Configuration > Commerce > Taxation in OroCommerce.",
    "tax.prima": "Ask finance; hold ten invoices against `oro-prima explain totals`.",
}
"""Who answers what has no test of its own, by section; else whoever runs Prima."""

BY_HAND = (
    "The range of order numbers (`orders.order_prefix`) is used by nobody else.",
    "One order of quantity 2 was posted and its price looked at in Prima.",
    "The VAT basis of every linked account's price book is `orders.vat_inclusive`.",
    "OroCommerce enforces stock: manage inventory and decrement are on, back-orders off.",
    "The message-queue consumer of OroCommerce runs and is restarted when it ends.",
    "The API user may read and write: orders, lines, addresses, products, inventory levels.",
    "A backup of the store is made together with its side file.",
    "Somebody owns the exception queue for sales, data, finance and operations.",
)


def go_live(
    values: Mapping[str, object] | None = None,
    *,
    sightings: Iterable[Sighting] = (),
    missing: Iterable[str] = (),
) -> str:
    """
    Return the checklist, to be signed: settings, how to test each, what was seen, when, by whom.

    Args:
        values: Present values by key (`orders.price_basis`); None prints the defaults.
        sightings: What was seen so far, oldest first; a settled one ticks its settings.
        missing: What keeps the configuration from being loaded, each with the fix.
    """
    seen = tuple(sightings)
    latest = latest_by_setting(seen)
    lines = [
        "# Before you go live",
        "",
        "Nothing below is a constant: it was inferred, or has to be asked of whoever runs Prima.",
        "A line is ticked when what was seen settles it.",
    ]
    lines += _missing(tuple(missing))
    for evidence, title in ((Evidence.ASK, "To be asked"), (Evidence.INFERRED, "Inferred")):
        wanted = [one for one in SETTINGS if one.evidence is evidence]
        lines += ["", f"## {title}", ""]
        lines += [line for one in wanted for line in _setting(one, values, latest.get(one.key))]
    lines += ["", "## By hand", "", *(f"- [ ] {text}" for text in BY_HAND)]
    lines += ["", "## Seen", "", *_history(seen)]
    lines += ["", "## Signed", "", "For the shop: ________________  Date: __________", ""]
    lines += ["For Prima: ________________  Date: __________"]
    return "\n".join(lines) + "\n"


def _missing(faults: tuple[str, ...]) -> tuple[str, ...]:
    if not faults:
        return ()
    return ("", "## Missing in the configuration", "", *(f"- [ ] {fault}" for fault in faults))


def open_settings(sightings: Iterable[Sighting]) -> tuple[str, ...]:
    """Return the keys that are not evidenced and not settled."""
    latest = latest_by_setting(sightings)
    wanted = (one.key for one in SETTINGS if one.evidence in (Evidence.ASK, Evidence.INFERRED))
    return tuple(key for key in wanted if key not in latest or latest[key].verdict != SETTLED)


def _setting(
    one: Setting, values: Mapping[str, object] | None, seen: Sighting | None
) -> Iterator[str]:
    tick = "x" if seen is not None and seen.verdict == SETTLED else " "
    yield f"- [{tick}] `{one.key}` is {_present(one, values)}. {one.meaning}"
    if seen is None:
        yield f"  - How: {HOW.get(one.key) or _WHOM.get(one.section, _ASK)}"
    else:
        yield f"  - {_told(seen)}"


def _history(sightings: tuple[Sighting, ...]) -> list[str]:
    return [f"- {one.source}: {_told(one)}" for one in sightings] or ["Nothing yet."]


def _told(one: Sighting) -> str:
    what = " ".join(one.what.split())
    return f"{one.verdict}: {what} ({one.by}, {one.at:%Y-%m-%d %H:%M} UTC)"


def _present(setting: Setting, values: Mapping[str, object] | None) -> str:
    if setting.secret:
        return "a secret, not shown"
    if values is not None and setting.key in values:
        return f"`{_shown(values[setting.key])}`"
    return f"`{setting.default}` (default)" if setting.default else "not set"


def _shown(value: object) -> str:
    """Return a value in one line, as a file would hold it; nothing is none."""
    held = plain(value)
    if isinstance(held, str):
        return held or "none"
    return json.dumps(held, ensure_ascii=False, default=str) if held or held == 0 else "none"
