"""A complete configuration for a running sandbox: files that a person could have written."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from decimal import ROUND_DOWN, Decimal
from io import StringIO
from pathlib import Path

from oro_prima.sandbox.bindings import BINDINGS
from oro_prima.sandbox.oro.schema import Release
from oro_prima.sandbox.places import Places
from oro_prima.sandbox.seed import Seed

CONFIG_NAME = "oro-prima.toml"
STORE_NAME = "oro-prima.db"
SECRET_NAME = "oro-client-secret"  # noqa: S105 - a file's name

_TEMPLATE = """\
# Made for a sandbox: everything in it is made up.
units = "units.csv"
tax_codes = "tax_codes.csv"

[oro]
url = "{oro_url}"
client_id = "{client_id}"
client_secret = {{ file = "{secret}" }}
allow_http = true
connect_timeout = "1 s"
read_timeout = "6 s"

[prima]
url = "{prima_url}"
allow_http = true
connect_timeout = "1 s"
read_timeout = "4 s"
snapshot_timeout = "4 s"
retries = 1

[prima.profile]
style = "{style}"

[orders]
start_at = {start_at}
price_basis = "line"
vat_inclusive = false
post_after = "0 s"

[accounts]
shared = "allow"

[run]
lease = "8 s"
lease_renewal = "2 s"

[store]
path = "{store}"

[charges]
{charges}

[statuses]
"Entered" = "open"
"Released" = "open"

[tax.oro]
release = "{release}"
start_with = "row_total"
start_on = "item"
base = "destination"
granularity = "country"

[[tax.oro.rules]]
product_code = "GOODS"
customer_code = "TRADE"
jurisdiction = {{ country = "GB" }}
tax = {{ code = "UK", rate = "0.2" }}

[tax.prima]
level = "line"

[[tax.prima.rates]]
code = "S"
rate = "0.2"
tax_codes = ["GOODS"]

[[tax.prima.rates]]
code = "Z"
rate = "0"

{bindings}"""


def write_files(
    directory: Path, seed: Seed, places: Places, *, style: str, version: Release = "6.1"
) -> Path:
    """
    Write configuration, tables, links and the secret (mode 600) into `directory`.

    Returns:
        The configuration's path.
    """
    directory.mkdir(parents=True, exist_ok=True)
    secret = directory / SECRET_NAME
    secret.touch(mode=0o600)
    secret.chmod(0o600)
    secret.write_text(places.client_secret + "\n", encoding="utf-8")
    _write_csv(directory / "units.csv", _unit_rows(seed))
    links = [(customer, account, "1") for customer, account in seed.links]
    _write_csv(directory / "links.csv", [("customer", "account", "deliv_addr_no"), *links])
    goods = [("product", sku, "GOODS") for sku in sorted({sku for sku, *_rest in seed.units})]
    buyers = [("customer", customer, "TRADE") for customer, _account in seed.links]
    _write_csv(directory / "tax_codes.csv", [("of", "key", "code"), *goods, *buyers])
    path = directory / CONFIG_NAME
    path.write_text(
        _TEMPLATE.format(
            oro_url=places.oro_url,
            client_id=places.client_id,
            secret=SECRET_NAME,
            prima_url=places.prima_url,
            style=style,
            release="5.1" if version == "5.1" else "6.1.11",
            start_at=seed.start_at.isoformat(timespec="seconds"),
            store=STORE_NAME,
            bindings=BINDINGS,
            charges="\n".join(f'"{method}" = "{code}"' for method, code in seed.charges),
        ),
        encoding="utf-8",
    )
    return path


def _write_csv(path: Path, rows: Iterable[tuple[str, ...]]) -> None:
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")


def _unit_rows(seed: Seed) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [
        ("sku", "unit", "product", "m1", "m2", "m3", "m4", "count", "price_share")
    ]
    for sku, unit, components in seed.units:
        counts = [component[5] for component in components]
        shares = price_shares(seed.prices.get((sku, unit)), counts)
        for (product, m1, m2, m3, m4, count), share in zip(components, shares, strict=True):
            rows.append((sku, unit, product, m1, m2, m3, m4, str(count), share))
    return rows


def price_shares(price: Decimal | None, counts: list[int]) -> list[str]:
    """
    Split a price over components by their counts, exactly; the first takes what is left over.

    >>> price_shares(Decimal("10.00"), [1, 2])
    ['3.34', '6.66']
    """
    if price is None or len(counts) == 1:
        return ["" for _ in counts]
    step = Decimal(1).scaleb(min(-2, int(price.as_tuple().exponent)))
    total = sum(counts)
    shares = [(price * n / total).quantize(step, rounding=ROUND_DOWN) for n in counts]
    shares[0] += price - sum(shares)
    return [str(share) for share in shares]
