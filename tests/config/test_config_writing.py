"""What is written by the table of settings can be read, and says everything."""

from __future__ import annotations

import re
import tomllib

import attrs
import pytest

from oro_prima.config import build_policies
from oro_prima.config.checklist import go_live
from oro_prima.config.choices import CHOICES
from oro_prima.config.goods_settings import SHORTHANDS
from oro_prima.config.setting import Evidence
from oro_prima.config.settings import SECTIONS, SETTINGS
from oro_prima.config.webhooks import WebhookConfig
from oro_prima.config.writing import new_config, new_links, new_units
from oro_prima.mapping.account_fields import CustomerPolicy
from oro_prima.mapping.coverage import CoveragePolicy
from oro_prima.mapping.customers import AccountPolicy
from oro_prima.mapping.invoices import InvoicePolicy
from oro_prima.mapping.policy import AddressPolicy, OrderPolicy, ReferencePolicy, StockPolicy
from oro_prima.mapping.polling import PollPolicy
from oro_prima.mapping.price_changes import PriceWritePolicy
from oro_prima.mapping.prices import BookPolicy, PricePolicy
from oro_prima.mapping.product_units import UnitPolicy
from oro_prima.mapping.publication import PublicationPolicy
from oro_prima.mapping.schedule import SchedulePolicy
from oro_prima.mapping.statuses import FulfilmentPolicy
from oro_prima.mapping.tax import OroTaxPolicy, PrimaTaxPolicy
from oro_prima.oro.config import OroConfig
from oro_prima.prima.config import PrimaConfig
from oro_prima.prima.models.profile import PrimaProfile
from oro_prima.records import RunPolicy

LEAST: dict[str, object] = {
    "orders": {"start_at": "2031-05-04T00:00:00Z", "price_basis": "unit", "vat_inclusive": False}
}
ELSEWHERE = {"orders.profile", "prima.profile"}
ELSEWHERE |= {"prima.bindings"}
ELSEWHERE |= {f"orders.{name}" for name in ("accounts", "addresses", "references")}
ELSEWHERE |= {"orders.routes", "orders.holds", "fulfilment.statuses", "fulfilment.methods"}
ELSEWHERE |= {"orders.book_variants", "orders.book_overlap"}
ELSEWHERE |= {"coverage.orders", "books.zone", "books.vat_inclusive"}
ELSEWHERE |= {"tax.oro.prices_include_tax", "tax.prima.prices_include_vat"}
ELSEWHERE |= {f"customers.{name}" for name in ("groups", "tax_codes", "price_lists")}
"""Fields that other tables fill."""


def test_every_field_of_every_policy_is_a_documented_setting() -> None:
    """A new field without a line in the table is noticed here."""
    classes = {
        "oro": OroConfig,
        "prima": PrimaConfig,
        "prima.profile": PrimaProfile,
        "orders": OrderPolicy,
        "accounts": AccountPolicy,
        "addresses": AddressPolicy,
        "references": ReferencePolicy,
        "stock": StockPolicy,
        "fulfilment": FulfilmentPolicy,
        "polls": PollPolicy,
        "products": UnitPolicy,
        "prices": PricePolicy,
        "books": BookPolicy,
        "tax.oro": OroTaxPolicy,
        "tax.prima": PrimaTaxPolicy,
        "coverage": CoveragePolicy,
        "invoices": InvoicePolicy,
        "customers": CustomerPolicy,
        "pricing": PriceWritePolicy,
        "schedule": SchedulePolicy,
        "publication": PublicationPolicy,
        "run": RunPolicy,
        "webhooks": WebhookConfig,
    }
    fields = {f"{s}.{f.name}" for s, kind in classes.items() for f in attrs.fields(kind)}
    known = {setting.key for setting in SETTINGS}

    assert fields - known == ELSEWHERE
    assert {k for k in known if not k.startswith(("pair.", "store."))} <= fields | SHORTHANDS


def test_every_default_can_be_read() -> None:
    """And every setting says what it means."""
    for setting in SETTINGS:
        assert setting.meaning
        if setting.default and not setting.secret:
            setting.read(tomllib.loads(f"x = {setting.default}")["x"])


def test_every_example_of_a_new_configuration_is_one() -> None:
    """Without its comment signs the part with tables loads."""
    text = new_config()
    tables = text[text.index("[charges]") :]
    examples = re.sub(r"^# ", "", tables, flags=re.MULTILINE)
    tree = tomllib.loads(examples)
    found = build_policies({**LEAST, **tree})

    assert {"carriers", "routes", "holds", "statuses"} <= tree.keys()
    assert found.orders.routes[0].warehouse == "DUBLIN"
    assert found.orders.holds[0].narrative == "above 5,000"
    assert "known_accounts" in text[: text.index("[pair]")]


def test_a_new_configuration_is_toml_and_names_every_setting() -> None:
    """Required ones are open, all others are comments with their defaults."""
    text = new_config()
    tree = tomllib.loads(text)

    assert {section.split(".")[0] for section in SECTIONS} <= tree.keys()
    assert [s.key for s in SETTINGS if f"{s.name} = " not in text] == []
    assert text.count("= REQUIRED") == sum(s.required and not s.secret for s in SETTINGS)


def test_new_tables_hold_their_columns_alone() -> None:
    """So that a spreadsheet opens them as they should be filled in."""
    assert new_units().startswith("sku,unit,product,")
    assert new_links().startswith("customer,account,")


def test_go_live_names_every_doubtful_setting() -> None:
    """With its default, or with the value that is set."""
    text = go_live()
    doubtful = [s for s in SETTINGS if s.evidence in (Evidence.ASK, Evidence.INFERRED)]

    assert [s.key for s in doubtful if f"`{s.key}`" not in text] == []
    assert "`orders.price_basis` is not set" in text
    shown = go_live({"orders.price_basis": "unit", "prima.profile.absent_codes": frozenset()})
    assert "`orders.price_basis` is `unit`" in shown
    assert "`prima.profile.absent_codes` is `none`" in shown


def test_every_choice_is_a_setting_and_names_each_value() -> None:
    """A paragraph for who decides; what is not an option is refused."""
    known = {setting.key: setting for setting in SETTINGS}
    for choice in CHOICES:
        setting = known[choice.key]
        values = [value for value, _follows in choice.options]

        assert [str(setting.read(value)) for value in values] == values
        assert not setting.default or setting.default == f'"{values[0]}"'
        assert len(choice.paragraph) > 150
        assert choice.decides
        with pytest.raises(ValueError, match="expected one of"):
            setting.read("neither")
