"""`oro-prima prima`, without a system: what it reads from files, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from oro_prima.cli.main import run
from oro_prima.sandbox.prima.wsdl import write_wsdl

ADDRESS = "http://inside.example:8080/wsa/live"


@pytest.fixture
def wsdl(tmp_path: Path) -> str:
    path = tmp_path / "service.wsdl"
    path.write_text(write_wsdl("doc-literal", address=ADDRESS), encoding="utf-8")
    return str(path)


def test_a_file_is_read(wsdl: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Its own address is taken, for there is no other."""
    assert run(["--json", "prima", "discover", wsdl]) == 0
    tree = json.loads(capsys.readouterr().out)
    found = {row["setting"]: (row["value"], row["source"]) for row in tree["settings"]}

    assert found["prima.profile.style"] == ('"doc-literal"', "WSDL")
    assert found["prima.url"] == (f'"{ADDRESS}"', "WSDL")
    assert tree["remarks"] == []
    assert not any("password" in name for name in found)


def test_yours_wins_over_the_file(
    wsdl: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With a configuration; a profile is written once and never over another file."""
    own = tmp_path / "own.toml"
    own.write_text('[prima]\nurl = "https://a.example/b"\n[prima.profile]\nxml_part = "X"\n')
    out = tmp_path / "profile.toml"
    command = ["--config", str(own), "prima", "discover", wsdl, "--output", str(out)]

    assert run(command) == 0
    text = out.read_text()
    assert 'xml_part = "X"   # you; the WSDL says "RequestXML".' in text
    assert f"# The WSDL names the address {ADDRESS}; yours is kept." in text
    assert run(command) == 2
    assert "already there" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (None, "no such file"),
        ("<a/>", "expected a WSDL 1.1"),
        ("<!DOCTYPE a><a/>", "document type"),
    ],
)
def test_a_file_that_is_none_is_refused(
    text: str | None, fault: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the reason."""
    path = tmp_path / "x.wsdl"
    if text is not None:
        path.write_text(text)

    assert run(["prima", "discover", str(path)]) == 2
    assert fault in capsys.readouterr().err


def test_an_address_without_tls_has_to_be_allowed(capsys: pytest.CaptureFixture[str]) -> None:
    """And one is needed at all."""
    assert run(["prima", "discover", "http://127.0.0.1:9/wsa"]) == 2
    assert "allow_http" in capsys.readouterr().err
    assert run(["prima", "discover"]) == 2
    assert "prima.url: required" in capsys.readouterr().err


def test_a_configuration_that_is_no_toml_is_refused(
    wsdl: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before anything is asked."""
    path = tmp_path / "bad.toml"
    path.write_text("[prima")

    assert run(["--config", str(path), "prima", "discover", wsdl]) == 2
    assert "no valid TOML" in capsys.readouterr().err
