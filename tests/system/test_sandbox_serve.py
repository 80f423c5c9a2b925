"""A whole world on loopback."""

from __future__ import annotations

import ssl
import subprocess
from pathlib import Path

import httpx
import pytest

from oro_prima.sandbox import World, serve


def test_every_address_answers_and_faults_come_over_the_socket() -> None:
    """Both systems and control are told apart by port; control has no faults."""
    world = World()
    with serve(world, slow_pause=0) as places, httpx.Client() as client:
        description = f"{places.prima_url}/wsdl?targetURI=urn:omlink"
        fault = {"system": "prima", "operation": "wsdl", "fault": "reset-after-commit"}
        client.post(f"{places.control_url}/faults", json=fault).raise_for_status()

        with pytest.raises(httpx.ReadError):
            client.get(description)
        assert places.prima_url in client.get(description).text
        assert client.get(f"{places.oro_api}/orders").status_code == 401
        assert client.get(f"{places.control_url}/requests").json()["prima"]["wsdl"]["count"] == 2


def test_a_refusal_of_everything_is_a_reset_before_reading() -> None:
    """It is used up by one connection, and counts as no request."""
    world = World(seed=None)
    with serve(world) as places:
        world.faults.add("oro", "*", "refuse")

        with pytest.raises(httpx.TransportError):
            httpx.get(places.oro_url)
        assert httpx.get(places.oro_url).status_code >= 400
        assert world.requests.total("oro") == 1


def test_both_systems_speak_tls_where_a_certificate_is_given(tmp_path: Path) -> None:
    """Control does not; Prima's description names the address it is reached at."""
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    new = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    files = ["-keyout", str(key), "-out", str(cert)]
    subprocess.run([*new, *names, *files], check=True, capture_output=True)
    trust = ssl.create_default_context(cafile=str(cert))

    with (
        serve(World(seed=None), tls_cert=cert, tls_key=key) as places,
        httpx.Client(verify=trust) as client,
    ):
        description = f"{places.prima_url}/wsdl?targetURI=urn:omlink"

        assert places.oro_url.startswith("https://")
        assert f'location="{places.prima_url}"' in client.get(description).text
        assert places.control_url.startswith("http://")


def test_a_certificate_without_a_key_is_refused() -> None:
    """Both or neither."""
    world = World(seed=None)

    with pytest.raises(ValueError, match="tls_key"), serve(world, tls_cert=Path("cert.pem")):
        pass
