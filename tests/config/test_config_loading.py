"""A configuration is loaded whole, or refused with every fault."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oro_prima.config import Config, build_config, load_config
from oro_prima.config.setting import Setting
from oro_prima.config.settings import SETTINGS
from oro_prima.config.values import present_values
from oro_prima.errors import ConfigError
from oro_prima.ids import OroSku, UnitCode
from oro_prima.mapping.policy import PriceBasis, StockMode, VariantRows

LEAST = """
[oro]
url = "https://shop.example"
client_id = "client"
client_secret = { file = "secret" }
[prima]
url = "https://erp.example/wsa/live/wsdl?targetURI=urn:omlink"
[orders]
start_at = 2031-05-04T00:00:00Z
price_basis = "unit"
vat_inclusive = false
"""


def load(folder: Path, text: str) -> Config:
    (folder / "secret").write_text("hush\n", encoding="utf-8")
    path = folder / "oro-prima.toml"
    path.write_text(text, encoding="utf-8")
    return load_config(path)


def faults(folder: Path, text: str) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        load(folder, text)
    return caught.value.faults


def test_the_least_configuration_has_every_default(tmp_path: Path) -> None:
    """What is left out is what the table of settings says."""
    config = load(tmp_path, LEAST)

    assert config.prima.url == "https://erp.example/wsa/live"
    assert datetime(2031, 5, 4, tzinfo=UTC) == config.orders.start_at
    assert PriceBasis.UNIT is config.orders.price_basis
    assert timedelta(minutes=15) == config.run.grace
    assert Decimal("0.9") == config.stock.min_linked_share
    assert tmp_path / "oro-prima.db" == config.store.path
    assert frozenset() == config.prima.profile.absent_codes
    assert config.oro.client_secret.reveal() == "hush"
    assert len(config.pair.id) == 12


def test_required_settings_are_named_all_at_once(tmp_path: Path) -> None:
    """An empty file says everything that is missing."""
    found = faults(tmp_path, "")

    required = [one.key for one in SETTINGS if one.required]
    assert [key for key in required if not any(f.startswith(f"{key}: ") for f in found)] == []
    assert len(required) == len(found)


def test_price_basis_has_no_default(tmp_path: Path) -> None:
    """Prima reads Price one way, and nobody may guess which."""
    assert any(
        fault.startswith("orders.price_basis: required")
        for fault in faults(tmp_path, LEAST.replace('price_basis = "unit"', ""))
    )


@given(st.sampled_from([one for one in SETTINGS if not one.secret]))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_single_wrong_setting_is_named(tmp_path: Path, setting: Setting) -> None:
    """A value of another kind is refused by the setting's own name."""
    found = faults(tmp_path, LEAST + "\n[broken]\nx = 1\n")

    assert found == ("broken: unknown table or setting",)
    tree: dict[str, object] = {}
    place = tree
    for part in setting.section.split("."):
        place = place.setdefault(part, {})  # type: ignore[assignment]
    place[setting.name] = 1.5
    with pytest.raises(ConfigError) as caught:
        build_config(tree, folder=tmp_path)

    assert any(fault.startswith(f"{setting.key}: expected") for fault in caught.value.faults)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("https://shop.example", "http://shop.example"), "oro.url: expected https"),
        (
            ("https://erp.example", "http://erp.example"),
            "prima.url: http sends orders in the clear",
        ),
        (
            ("https://erp.example/wsa/live/wsdl?targetURI=urn:omlink", "nothing"),
            "prima.url: expected",
        ),
        (("2031-05-04T00:00:00Z", "2031-05-04T00:00:00"), "orders.start_at: expected an instant"),
        (("2031-05-04T00:00:00Z", '"soon"'), "orders.start_at: expected an instant"),
        (('{ file = "secret" }', '"hush"'), "oro.client_secret: expected { env"),
        (
            ('{ file = "secret" }', '{ file = "none" }'),
            "oro.client_secret: file none cannot be read",
        ),
        (
            ('{ file = "secret" }', '{ env = "OP_NO" }'),
            "oro.client_secret: environment variable OP_NO",
        ),
        (
            ('{ file = "secret" }', '{ command = ["no-such-program"] }'),
            "oro.client_secret: command",
        ),
        (('{ file = "secret" }', '{ word = "x" }'), "oro.client_secret: expected one of"),
        (('price_basis = "unit"', 'price_basis = "each"'), "expected one of unit, line, omit"),
        (("[orders]", '[orders]\nzone = "Mars/Crater"'), "orders.zone: expected a time zone"),
        (("[orders]", '[orders]\nerp_identifier_pattern = "("'), "expected a regular expression"),
        (("[orders]", '[orders]\norder_prefix = "A"'), "orders.order_prefix: expected digits"),
        (("[orders]", '[orders]\norder_prefix = "03"'), "orders.order_prefix: expected digits"),
        (("[orders]", "[orders]\norder_width = 9"), "orders.order_width: prefix + width"),
        (("[orders]", "[orders]\nwidth = 9"), "orders.width: unknown setting"),
        (
            ("[orders]", '[run]\nlease_renewal = "1 h"\n[orders]'),
            "run.lease_renewal: expected less",
        ),
        (("[orders]", '[run]\ngrace = "soon"\n[orders]'), "run.grace: expected a duration"),
        (("[orders]", "[stock]\nbuffer = -1\n[orders]"), "stock.buffer: expected 0 or more"),
        (("[orders]", "[charges]\nx = 1\n[orders]"), "charges: expected a table"),
        (("[oro]", "orders2 = 1\n[oro]"), "orders2: unknown table or setting"),
        (("[oro]", "units = 5\n[oro]"), "units: expected a file name"),
        (("[oro]", 'units = "none.csv"\n[oro]'), "units: none.csv is not there"),
        (("[oro]", "run = 5\n[oro]"), "run: expected a table"),
    ],
)
def test_a_fault_says_the_setting_and_the_fix(
    tmp_path: Path, change: tuple[str, str], expected: str
) -> None:
    """Nobody has to read the source."""
    found = faults(tmp_path, LEAST.replace(*change))

    assert any(expected in fault for fault in found), found


def test_malformed_toml_says_where(tmp_path: Path) -> None:
    """Line and column are in the message."""
    (fault,) = faults(tmp_path, "[oro\n")

    assert "no valid TOML" in fault
    assert "line 1" in fault


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """So is a file of bytes that are no text."""
    with pytest.raises(ConfigError, match=r"no\.toml is not there"):
        load_config(tmp_path / "no.toml")
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="cannot be read as UTF-8"):
        load_config(tmp_path / "bytes.toml")


def test_a_secret_comes_from_a_command(tmp_path: Path) -> None:
    """What the program prints, without the line's end."""
    program = f'{{ command = [{sys.executable!r}, "-c", "print(\'told-to-nobody\')"] }}'
    config = load(tmp_path, LEAST.replace('{ file = "secret" }', program))

    assert config.oro.client_secret.reveal() == "told-to-nobody"
    assert "told-to-nobody" not in repr(config)


def test_units_stand_in_place_or_in_a_file(tmp_path: Path) -> None:
    """Both give the same table; several rows of one unit are its components."""
    rows = "sku,unit,product,m1,count,price_share\nB,case,BOOT,F,6,\nB,case,LACE,,1/2,\n"
    (tmp_path / "u.csv").write_text("\ufeff" + rows + "\n", encoding="utf-8")
    config = load(tmp_path, 'units = "u.csv"\n' + LEAST)
    boot, lace = config.tables.units[(OroSku("B"), UnitCode("case"))]

    assert (Fraction(6), Fraction(1, 2)) == (boot.count, lace.count)
    inline = LEAST + '[[units]]\nsku = "B"\nunit = "each"\nproduct = "BOOT"\ncount = 1\n'
    assert len(load(tmp_path, inline).tables.units) == 1


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("B,case,,F,6,", "expected a Prima product code"),
        (",case,BOOT,F,6,", "expected sku and unit"),
        ("B,case,BOOT,F,0,", "count: expected more than 0"),
        ("B,case,BOOT,F,six,", "count: expected a number"),
        ("B,case,BOOT,F,1/0,", "count: expected a number"),
        ("B,case,BOOT,F,6,dear", "expected a number such as 12.50"),
        ("B,case,BOOT,F,6,\nB,case,boot,f,2,", "stands twice"),
    ],
)
def test_a_bad_unit_row_is_named_with_its_line(tmp_path: Path, row: str, expected: str) -> None:
    """The file, the line and the fix."""
    rows = f"sku,unit,product,m1,count,price_share\n{row}\n"
    (tmp_path / "u.csv").write_text(rows, encoding="utf-8")
    found = faults(tmp_path, 'units = "u.csv"\n' + LEAST)

    assert any("u.csv line " in fault and expected in fault for fault in found), found


def test_a_unit_table_with_other_columns_is_refused(tmp_path: Path) -> None:
    """The columns that are expected are named."""
    (tmp_path / "u.csv").write_text("sku,unit,weight\nB,case,1\n", encoding="utf-8")

    assert any("columns sku, unit" in f for f in faults(tmp_path, 'units = "u.csv"\n' + LEAST))


def test_values_of_a_configuration_are_shown_without_secrets(tmp_path: Path) -> None:
    """Every setting but the secrets, as it would be written."""
    config = load(tmp_path, LEAST + '[stock]\nmode = "per-unit"\n[prima.headers]\nX = "1"\n')
    values = present_values(config)

    assert values["run.grace"] == "15 min"
    assert StockMode.PER_UNIT is values["stock.mode"]
    assert values["prima.headers"] == (("X", "1"),)
    assert "oro.client_secret" not in values


def test_fields_of_a_deployment_are_tables(tmp_path: Path) -> None:
    """Widths and codes by attribute."""
    text = LEAST + (
        '[prima.profile]\nwidths = { PostCode = 8 }\nrequired = ["Carrier"]\ncut = ["OrderContact"]\n'
        '[prima.profile.values.Country]\nGB = "UK"\n'
    )
    profile = load(tmp_path, text).prima.profile

    assert profile.widths == (("PostCode", 8),)
    assert profile.values == (("Country", (("GB", "UK"),)),)
    assert (profile.required, profile.cut) == (frozenset({"Carrier"}), frozenset({"OrderContact"}))
    wrong = "[prima.profile]\nwidths = {line}\nvalues = 3\n"
    for line, told in (
        ("3", "a table such as"),
        ("{ A = 0 }", "A: expected a whole"),
        ("{ A = true }", "A: "),
    ):
        found = faults(tmp_path, LEAST + wrong.replace("{line}", line))
        assert told in found[0]
        assert "expected tables such as" in found[1]


UNITS = """
[[units]]
sku = "B"
unit = "each"
product = "P"
[[units]]
sku = "B"
unit = "case"
product = "P"
count = "6"
"""


@pytest.mark.parametrize(
    ("tables", "fault"),
    [
        ('[stock]\nprima_reserves = "release"', "stock.prima_reserves: release needs"),
        ('[stock]\nreleased_statuses = ["Open"]', "stock.released_statuses: say nothing"),
        ('[stock]\nfigure = "available"\nbuffer = 2', "stock.buffer: nothing is taken off"),
        ('[stock]\nfigure = "available"\nbuffer_percent = 2', "stock.buffer: nothing is taken"),
        ("[stock]\nbuffer_percent = 101", "stock.buffer_percent: expected 0 to 100"),
        ('[stock]\nmin_linked_share = "1.1"', "stock.min_linked_share: expected a share"),
        ('[stock]\nshares = [{ sku = "B" }]', "stock.shares: expected sku, unit and max_share"),
        ("[stock]\nshares = 5", "stock.shares: expected a list of"),
        ('[products]\nmode = "own-sku"' + UNITS, "products.mode: products/B/case: own-sku"),
        ('[products.modes]\nB = "own-sku"' + UNITS, "products.mode: products/B/case: own-sku"),
        ("[products]\nmodes = 5", "products.modes: expected a table whose values are one of"),
        ('[run]\nlease_renewal = "5 min"', "run.lease_renewal: expected less than run.lease"),
        ('[run]\nlease = "70 s"', "run.lease: expected more than prima.connect_timeout"),
        ('[run]\nlease = "61 s"', "run.lease: expected more than oro.connect_timeout"),
        ('[run]\ngrace = "24 h"', "run.grace: expected less than run.certainty"),
        ('[run]\nfirst_poll = "1 h"', "run.first_poll: expected less than run.poll_limit"),
        ('[run]\nretry_first = "2 h"', "run.retry_first: expected at most run.retry_longest"),
    ],
)
def test_settings_that_contradict_each_other_are_refused(
    tmp_path: Path, tables: str, fault: str
) -> None:
    """Each is right by itself."""
    found = faults(tmp_path, f"{LEAST}\n{tables}\n")

    assert [one for one in found if one.startswith(fault)], found


def test_all_contradictions_are_named_at_once(tmp_path: Path) -> None:
    """Also those of orders."""
    orders = LEAST + 'statuses = ["open", "gone"]\ncancelled_statuses = ["gone"]\n'
    orders += 'carrier_service = "24H"\n'
    found = faults(tmp_path, orders + '[stock]\nprima_reserves = "release"\n')
    never = faults(tmp_path, LEAST + "statuses = []\n")

    assert [one.partition(":")[0] for one in found] == [
        "stock.prima_reserves", "orders.statuses", "orders.carrier_service",
    ]  # fmt: skip
    assert never == ("orders.statuses: expected at least one; else no order is ever posted",)
    assert (
        load(tmp_path, LEAST + UNITS + '[products]\nmode = "converted"\n').products.mode
        == "converted"
    )


BOUND = """
[prima.capabilities.price_book]
via = "file"
directory = "drop"
latest = true
[prima.capabilities.price_book.fields]
book = "book"
currency = "=GBP"
vat_inclusive = "=no"
product = "product"
quantity = "quantity"
unit = "=EA"
price = "price"
valid_from = "="
valid_to = "="
"""
ACCOUNTS = '[[known_accounts]]\naccount = "A1"\nprice_book = "TRADE"\n'


@pytest.mark.parametrize("check", ["check-and-warn", "check-and-hold"])
def test_a_price_check_needs_a_price_book_to_check_against(tmp_path: Path, check: str) -> None:
    """Bound, left where it is, and known of each account; else it is refused, with the fix."""
    (tmp_path / "drop").mkdir()
    orders = LEAST + f'price_check = "{check}"\nprice_tolerance = "0.01"\n'
    unbound = faults(tmp_path, orders + ACCOUNTS)
    nobody = faults(tmp_path, orders + BOUND)
    once = faults(tmp_path, orders + BOUND.replace("latest = true", "") + ACCOUNTS)
    loaded = load(tmp_path, orders + BOUND + ACCOUNTS + '[books]\nvariants = "product"\n')

    assert unbound == (
        f"orders.price_check: {check} needs prima.capabilities.price_book, which is unbound; bind "
        "it, or choose intent-only",
    )
    assert nobody == (
        f"orders.price_check: {check} needs to know the price book of an account: bind "
        "prima.capabilities.account, or fill the column price_book of known_accounts",
    )
    assert once == (
        f"orders.price_check: {check} needs prima.capabilities.price_book.latest = true, for "
        "files stay",
    )
    assert loaded.orders.price_check.value == check
    assert loaded.orders.price_tolerance == Decimal("0.01")
    assert loaded.orders.book_variants is loaded.books.variants is VariantRows.PRODUCT


def test_a_tolerance_says_nothing_where_nothing_is_checked(tmp_path: Path) -> None:
    """A slip that would make somebody feel safe."""
    found = faults(tmp_path, LEAST + 'price_tolerance_percent = "1"\n')

    assert found == (
        "orders.price_tolerance: says nothing where orders.price_check is intent-only",
    )
    assert load(tmp_path, LEAST).orders.price_check.value == "intent-only"
