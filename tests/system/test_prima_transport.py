"""Reaching Prima over real sockets: certificates of both sides, one connection, discovery."""

from __future__ import annotations

import ssl
import subprocess
from pathlib import Path

import pytest
from attrs import evolve

from oro_prima.cli.main import run
from oro_prima.errors import ConfigError, UnreachableError
from oro_prima.http.erp import open_prima
from oro_prima.prima.calls import describe_service
from oro_prima.prima.config import PrimaConfig
from oro_prima.sandbox import World, serve
from oro_prima.values import Secret

NEW = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-days", "2", "-subj", "/CN=127.0.0.1"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a certificate for both sides; the client's key has a password."""
    folder = tmp_path_factory.mktemp("tls")
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    names = ["-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([*NEW, "-nodes", *names, *files], check=True, capture_output=True)
    locked = ["openssl", "rsa", "-aes256", "-passout", "pass:hush", "-in", str(folder / "key.pem")]
    subprocess.run([*locked, "-out", str(folder / "locked.pem")], check=True, capture_output=True)
    return folder


def test_certificates_of_both_sides(made: Path) -> None:
    """The server's is checked against `ca_file`; a client's is shown."""
    cert, key = made / "cert.pem", made / "key.pem"
    with serve(World(seed=None), tls_cert=cert, tls_key=key) as places:
        config = PrimaConfig(
            places.prima_url,
            ca_file=str(cert),
            certificate=str(cert),
            certificate_key=str(made / "locked.pem"),
            certificate_password=Secret("hush"),
            retries=0,
        )
        with open_prima(config) as sender:
            assert sender.send(describe_service()).xml_part == "RequestXML"
        bare = PrimaConfig(places.prima_url, retries=0)
        with open_prima(bare) as sender, pytest.raises(UnreachableError, match="certificate"):
            sender.send(describe_service())
        assert isinstance(ssl.create_default_context(cafile=str(cert)), ssl.SSLContext)


@pytest.mark.parametrize("password", [None, Secret("wrong")])
def test_a_certificate_that_cannot_be_used_is_a_fault_of_the_configuration(
    made: Path, password: Secret | None
) -> None:
    """A wrong password, none, or no file; nobody is asked for it on a terminal."""
    config = PrimaConfig(
        "https://127.0.0.1:9/wsa",
        certificate=str(made / "cert.pem"),
        certificate_key=str(made / "locked.pem"),
        certificate_password=password,
    )
    for wrong in (config, evolve(config, ca_file=str(made / "none.pem"))):
        with pytest.raises(ConfigError, match=r"prima\.certificate"), open_prima(wrong):
            pass


def test_a_running_prima_is_discovered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Over the network, the address as a person would copy it."""
    out = tmp_path / "profile.toml"
    with serve(World(seed=None, prima_style="rpc-encoded")) as places:
        address = f"{places.prima_url}/wsdl?targetURI=urn:omlink"
        code = run(["prima", "discover", address, "--allow-http", "--output", str(out)])

    assert code == 0
    assert 'style = "rpc-encoded"   # WSDL.' in out.read_text()
    assert f'url = "{places.prima_url}"   # you.' in out.read_text()
    assert "Wrote" in capsys.readouterr().out


def test_a_proxy_in_front_is_told_who_calls() -> None:
    """HTTP Basic, with a password or without one."""
    with serve(World(seed=None)) as places:
        for password in (Secret("hush"), None):
            config = PrimaConfig(
                places.prima_url, allow_http=True, username="kim", password=password
            )
            with open_prima(config) as sender:
                assert sender.send(describe_service()).xml_part == "RequestXML"
