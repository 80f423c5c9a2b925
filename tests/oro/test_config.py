"""How a shop is reached."""

from __future__ import annotations

from datetime import timedelta

import pytest

from oro_prima.errors import ConfigError
from oro_prima.oro.config import OroConfig, url_faults
from oro_prima.values import Secret


def _config(**changed: object) -> OroConfig:
    members: dict[str, object] = {
        "url": "https://shop.example/",
        "client_id": "c",
        "client_secret": Secret("hush"),
    }
    return OroConfig(**{**members, **changed})  # type: ignore[arg-type]


def test_addresses_are_joined_without_doubled_slashes() -> None:
    """The API and the tokens are at their own paths of the site."""
    config = _config(api_path="/backoffice/api/")

    assert config.api_url == "https://shop.example/backoffice/api"
    assert config.token_url == "https://shop.example/oauth2-token"


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://shop.example", "https"),
        ("http://127.0.0.1.example", "https"),
        ("http://10.0.0.1", "https"),
        ("shop.example", "expected an address"),
        ("https://", "expected an address"),
        ("https://shop.example:99999", "expected an address"),
        ("https://[::1", "expected an address"),
        ("ftp://shop.example", "expected an address"),
        ("https://me:hush@shop.example", "no user"),
        ("https://shop.example?x=1", "no user, query"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_without_repeating_it(
    url: str, told: str
) -> None:
    """It could hold a password."""
    (fault,) = url_faults("oro.url", url, allow_http=False)

    assert told in fault
    assert "hush" not in fault


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "[::1]", "localhost"])
def test_the_machine_itself_may_be_reached_by_http(host: str) -> None:
    """Nothing leaves it."""
    assert _config(url=f"http://{host}").url == f"http://{host}"


def test_http_elsewhere_is_allowed_by_its_setting_alone() -> None:
    """A private network is for the customer to vouch for."""
    assert _config(url="http://10.0.0.1", allow_http=True).url == "http://10.0.0.1"


def test_every_fault_is_told_at_once() -> None:
    """What is mended is mended in one go."""
    with pytest.raises(ConfigError) as caught:
        _config(
            url="x",
            client_id=" ",
            client_secret=Secret(""),
            api_path="api",
            token_path="token",
            connect_timeout=timedelta(0),
            read_timeout=timedelta(0),
            retries=-1,
            json_cap=0,
        )

    assert len(caught.value.faults) == 9
    assert len(str(caught.value).splitlines()) == 9


def test_the_secret_is_not_shown() -> None:
    """Not by `repr`, so not in a log."""
    assert "hush" not in repr(_config())
