"""Writing configurations from the table of settings."""

from __future__ import annotations

from oro_prima.config.lookups import ACCOUNT_COLUMNS, DELIVERY_COLUMNS, SALES_COLUMNS, TAX_COLUMNS
from oro_prima.config.setting import Evidence, Setting
from oro_prima.config.settings import SECTIONS, settings_of
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
# tax_codes = "tax_codes.csv"   # {", ".join(TAX_COLUMNS)}; of: product, customer, class
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
