"""Writing configurations and the go-live checklist from the table of settings."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from oro_prima.config.lookups import ACCOUNT_COLUMNS, DELIVERY_COLUMNS, SALES_COLUMNS
from oro_prima.config.settings import SECTIONS, SETTINGS, Evidence, Setting, settings_of
from oro_prima.config.tables import LINK_COLUMNS, UNIT_COLUMNS

_HEAD = f"""\
# oro-prima: one OroCommerce organisation, one Prima company.
# Every setting with its default. Uncomment to change it; fill in what is REQUIRED.
# A secret never stands here; one of:
# {{ env = "NAME" }}, {{ file = "path" }}, {{ command = ["program"] }}.

units = "units.csv"   # sku, unit -> Prima codes and a count; links: `oro-prima link import`
# known_accounts = "accounts.csv"   # {", ".join(ACCOUNT_COLUMNS)}
# deliveries = "deliveries.csv"   # {", ".join(DELIVERY_COLUMNS)}
# sales = "sales.csv"   # {", ".join(SALES_COLUMNS)}
"""

_TABLES = """
[charges]   # shipping method -> Prima's charge code; the empty method is the default
# "" = "CARR"

[carriers]   # shipping method, or method:type -> carrier; the empty method is for all others
# "flat_rate_1:express" = { carrier = "DPD", service = "24H" }

[payment_terms]   # payment term -> Prima's code; the empty one is for orders that name none
# "2" = "30EOM"

[surcharges]   # kind of a computed total -> Prima's charge code
# handling = "HAND"

[parents]   # customer -> the customer above it
# "31" = "3"

[statuses]   # Prima's status text -> open, part-despatched, despatched, cancelled
# "Picked" = "open"

[tracking_methods]   # Prima's carrier -> the shop's shipping method
# DPD = "flat_rate_1"

# [[routes]]   # the first that fits and says a channel or a warehouse decides it
# countries = ["IE"]
# warehouse = "DUBLIN"

# [[holds]]   # orders that somebody looks at: here, or in Prima (prima, approval)
# value_above = "5000.00"
# action = "here"
# narrative = "above 5,000"
"""


def new_config() -> str:
    """Return a commented configuration: required settings open, all others as comments."""
    parts = [_HEAD]
    for section in SECTIONS:
        parts.append(f"\n[{section}]")
        parts += [_line(setting) for setting in settings_of(section).values()]
    return "\n".join(parts) + "\n" + _TABLES


def _line(setting: Setting) -> str:
    mark = "" if setting.evidence is Evidence.CHOICE else f" ({setting.evidence.value})"
    comment = f"   # {setting.meaning}{mark}"
    if setting.secret:
        example = f'{{ env = "{setting.key.replace(".", "_").upper()}" }}'
        return f"{'' if setting.required else '# '}{setting.name} = {example}{comment}"
    if setting.required:
        return f"# {setting.name} = REQUIRED{comment}"
    return f"# {setting.name} = {setting.default}{comment}"


def new_units() -> str:
    """Return the first line of a unit table."""
    return ",".join(UNIT_COLUMNS) + "\n"


def new_links() -> str:
    """Return the first line of a file of links."""
    return ",".join(LINK_COLUMNS) + "\n"


def go_live(values: Mapping[str, object] | None = None) -> str:
    """
    Return the checklist: every setting that is inferred or to be asked, with its present value.

    Args:
        values: Present values by key (`orders.price_basis`); None prints the defaults.
    """
    lines = [
        "# Before you go live",
        "",
        "Nothing below is a constant: it was inferred, or has to be asked of whoever runs Prima.",
        "Tick a line when it was checked on the real systems.",
    ]
    for evidence, title in ((Evidence.ASK, "To be asked"), (Evidence.INFERRED, "Inferred")):
        lines += ["", f"## {title}", ""]
        lines += [
            f"- [ ] `{one.key}` is {_present(one, values)}. {one.meaning}"
            for one in SETTINGS
            if one.evidence is evidence
        ]
    lines += ["", "## By hand", "", *_BY_HAND]
    return "\n".join(lines) + "\n"


def _present(setting: Setting, values: Mapping[str, object] | None) -> str:
    if setting.secret:
        return "a secret, not shown"
    if values is not None and setting.key in values:
        return f"`{_shown(values[setting.key])}`"
    return f"`{setting.default}` (default)" if setting.default else "not set"


def _shown(value: object) -> str:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, frozenset):
        texts: list[str] = sorted(map(str, value))  # pyright: ignore[reportUnknownArgumentType]
        return ", ".join(texts) or "none"
    return str(value)


_BY_HAND = (
    "- [ ] The range of order numbers (`orders.order_prefix`) is used by nobody else.",
    "- [ ] One order of quantity 2 was posted and its price looked at in Prima.",
    "- [ ] The VAT basis of every linked account's price book is `orders.vat_inclusive`.",
    "- [ ] OroCommerce enforces stock: manage inventory and decrement are on, back-orders off.",
    "- [ ] The message-queue consumer of OroCommerce runs and is restarted when it ends.",
    "- [ ] The API user may read and write: orders, lines, addresses, products, inventory levels.",
    "- [ ] A backup of the store is made together with its side file.",
    "- [ ] Somebody owns the exception queue for sales, data, finance and operations.",
)
