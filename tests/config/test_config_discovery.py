"""A profile from a WSDL: every setting says where it is from, and what is written loads."""

from __future__ import annotations

import tomllib

import pytest
from attrs import evolve

from oro_prima.config.discovery import (
    Source,
    discovered,
    remarks_on,
    toml_value,
    write_discovered,
)
from oro_prima.config.loading import build_prima
from oro_prima.config.settings import settings_of
from oro_prima.prima.calls.wsdl import ServiceDescription
from oro_prima.prima.models.profile import Style

URL = "https://erp.example/wsa/live"
TOLD = ServiceDescription(
    Style.DOC_LITERAL, "urn:x:y", "pcIn", "go", "pcCompany", False, "http://inside:8080/wsa",
    ("rv", "out"), ("Connect_omlink",),
)  # fmt: skip


def sources(own: dict[str, object]) -> dict[str, tuple[str, str, str]]:
    found = discovered(TOLD, own=own, url=URL)
    return {one.setting.name: (one.value, one.source.value, one.offered) for one in found}


def test_every_setting_has_a_value_and_a_source() -> None:
    """From the WSDL what it says, the rest by default."""
    found = sources({"url": URL})

    assert list(found) == [*settings_of("prima"), *settings_of("prima.profile")]
    assert found["style"] == ('"doc-literal"', "WSDL", "")
    assert found["company_first"] == ("false", "WSDL", "")
    assert found["url"] == (f'"{URL}"', "you", "")
    assert found["multi_size"] == ("50", "default", "")


def test_yours_wins_and_the_difference_is_told() -> None:
    """An explicit setting is kept."""
    own: dict[str, object] = {"profile": {"xml_part": "Mine", "soap_action": "go"}, "company": "7"}
    found = sources(own)

    assert found["xml_part"] == ('"Mine"', "you", '"pcIn"')
    assert found["soap_action"] == ('"go"', "you", "")
    assert found["company"] == ('"7"', "you", "")
    assert found["url"] == (f'"{URL}"', "WSDL", "")


def test_the_action_of_the_operation_that_is_called_is_taken() -> None:
    """The one with the company has its own."""
    told = evolve(TOLD, company_action="come")
    for own, action in (({}, '"go"'), ({"profile": {"with_company": True}}, '"come"')):
        found = discovered(told, own=own, url=URL)
        assert [one.value for one in found if one.setting.name == "soap_action"] == [action]


def test_what_is_written_loads() -> None:
    """As tables of a configuration, with the values that were said."""
    own: dict[str, object] = {
        "url": URL,
        "headers": {"X-Key": "1"},
        "password": {"env": "NAME"},
        "profile": {"extras": [["Data", "Season", 'A"W']], "absent_codes": ["5"]},
    }
    text = write_discovered(discovered(TOLD, own=own, url=URL), remarks=remarks_on(TOLD, url=URL))
    tree = tomllib.loads(text)
    assert tree["prima"].pop("password") == {"env": "NAME"}
    config = build_prima(tree)

    assert config.url == URL
    assert config.headers == (("X-Key", "1"),)
    assert (config.profile.style, config.profile.xml_part) == (Style.DOC_LITERAL, "pcIn")
    assert config.profile.extras == (("Data", "Season", 'A"W'),)
    assert "   # WSDL. Wrapping" in text
    assert "   # you. Attributes to add" in text


def test_a_secret_is_never_written() -> None:
    """Even one that was put into the file by mistake."""
    text = write_discovered(discovered(TOLD, own={"password": "hush"}, url=URL))

    assert "hush" not in text
    assert 'password = { env = "PRIMA_PASSWORD" }' in text


def test_remarks_say_what_is_no_setting() -> None:
    """Another address, operations and parts that are not used, no company."""
    bare = ServiceDescription(Style.RPC_LITERAL, "urn:x", "in", "", address="a\u202eb")

    assert [remark.split()[0] for remark in remarks_on(TOLD, url=URL)] == [
        "The",
        "Operations",
        "The",
    ]
    assert remarks_on(TOLD, url=TOLD.address)[0].startswith("Operations")
    assert "a?b" in remarks_on(bare, url=URL)[0]
    assert "only the default company" in remarks_on(bare, url=URL)[1]


@pytest.mark.parametrize(
    "value", ["a", 'q"\\', "é\n", 3, True, False, [], ["a", 1], {}, {"a b": ["x"]}]
)
def test_values_are_written_as_toml_reads_them(value: object) -> None:
    """Texts, numbers, flags, lists and tables."""
    assert tomllib.loads(f"x = {toml_value(value)}") == {"x": value}


def test_sources_are_few() -> None:
    """Words that people read."""
    assert [one.value for one in Source] == ["WSDL", "default", "you"]
