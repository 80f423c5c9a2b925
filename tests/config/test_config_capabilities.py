"""Capabilities in a configuration: bound by data, every fault at once."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from oro_prima.config.loading import build_prima
from oro_prima.errors import ConfigError
from oro_prima.prima.models.binding import FileBinding, SoapBinding
from oro_prima.prima.models.capabilities import Capability
from oro_prima.sandbox.bindings import BINDINGS

HEAD = '[prima]\nurl = "https://erp.example/wsa"\n'
FILE = """
[prima.capabilities.price_book]
via = "file"
directory = "drop"
pattern = "p-*.csv"
encoding = "cp1252"
delimiter = ";"
latest = true
quiet = 30
marker = ".ok"
fields = { book = "Book", currency = "=GBP", vat_inclusive = "=No", product = "P", \
quantity = "Q", unit = "=EA", price = "Price", valid_from = "=", valid_to = "=" }
codes = { unit = { EA = "each" } }
formats = { date = "%Y%m%d", decimal = ",", yes = ["J", "x"], no = ["N", ""] }
"""


def faults(text: str) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        build_prima(tomllib.loads(HEAD + text))
    return caught.value.faults


def test_the_worked_examples_load() -> None:
    """Every capability, by request."""
    config = build_prima(tomllib.loads(HEAD + BINDINGS))

    assert [one for one, _ in config.bindings] == list(Capability)
    stock = dict(config.bindings)[Capability.STOCK_BREAKDOWN]
    assert isinstance(stock, SoapBinding)
    assert (stock.each_element, stock.each_size, stock.operation) == ("sku", 50, "")
    named = BINDINGS.replace('via = "soap"', 'via = "soap"\noperation = "comwsomhandler"', 1)
    (_, account), *_rest = build_prima(tomllib.loads(HEAD + named)).bindings
    assert isinstance(account, SoapBinding)
    assert account.operation == "comwsomhandler"


def test_a_file_binding_has_its_formats(tmp_path: Path) -> None:
    """Directories are relative to the configuration."""
    config = build_prima(tomllib.loads(HEAD + FILE), folder=tmp_path)
    ((capability, binding),) = config.bindings

    assert capability is Capability.PRICE_BOOK
    assert isinstance(binding, FileBinding)
    assert binding.directory == str(tmp_path / "drop")
    assert (binding.latest, binding.quiet, binding.marker) == (True, 30, ".ok")
    assert binding.mapping.codes == (("unit", (("EA", "each"),)),)
    assert binding.mapping.formats.yes == frozenset({"j", "x"})


def test_unbound_is_the_default() -> None:
    """Said or not."""
    assert build_prima(tomllib.loads(HEAD)).bindings == ()
    said = '[prima.capabilities.product]\nvia = "unbound"\n'
    assert build_prima(tomllib.loads(HEAD + said)).bindings == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("capabilities = 3", "prima.capabilities: expected tables"),
        ("[prima.capabilities]\nproduct = 3", "product: expected a table"),
        ("[prima.capabilities.odd]", "prima.capabilities.odd: expected one of account,"),
        ('[prima.capabilities.product]\nvia = "ftp"', "via: expected unbound, soap or file"),
        ('[prima.capabilities.product]\nvia = "soap"\ncode = "x"', "code: unknown setting"),
        ('[prima.capabilities.product]\nvia = "file"\nlines = 3', "lines: expected a table"),
        ('[prima.capabilities.product]\nvia = "file"\nformat = "pdf"', "expected csv or xml"),
        ('[prima.capabilities.product]\nvia = "file"\nencoding = "x"', "expected an encoding"),
        ('[prima.capabilities.product]\nvia = "file"\nlatest = 1', "latest: expected true or"),
        ('[prima.capabilities.product]\nvia = "file"\nformats = { yes = 1 }', "a list of words"),
        ('[prima.capabilities.product]\nvia = "file"\nformats = { odd = 1 }', "odd: unknown"),
        ('[prima.capabilities.product]\nvia = "file"', "product.directory: required"),
    ],
)
def test_faults_say_where_they_are(text: str, told: str) -> None:
    """With what was expected."""
    assert any(told in fault for fault in faults(text))
