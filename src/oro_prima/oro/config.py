"""How to reach an OroCommerce."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

from attrs import field, frozen

from oro_prima.errors import ConfigError
from oro_prima.oro.calls.jsonapi import JSON_CAP
from oro_prima.oro.models.features import KnownFeatures
from oro_prima.oro.models.stock import StockSettings
from oro_prima.values import Secret


@frozen(kw_only=True)
class OroConfig:
    """
    How to reach one organisation of an OroCommerce.

    Attributes:
        url: Address of the shop's site, such as `https://shop.example`. https, unless `allow_http`
            or this machine's own loopback.
        client_id: Of the OAuth application (client credentials, back office).
        client_secret: Of the same application.
        api_path: Where the back-office API is; its prefix can be configured in the shop.
        token_path: Where tokens are given; at the root of the site.
        organization: Name that tells this organisation from others of the same shop.
        allow_http: Send credentials and orders without encryption. For a private network only.
        connect_timeout: How long a connection may take.
        read_timeout: How long the next bytes of an answer may take.
        retries: How often a call that is safe is tried again after a fault of the system; 0 for
            never.
        deadline: From the first sending of a call until no repetition of it begins.
        retry_budget: How many repetitions one connection spends in all.
        at_once: How many calls are under way at a time.
        per_minute: How many calls begin within a minute; 0 for no limit.
        json_cap: Most bytes of one answer.
        inventory_defaults: What the system configuration says of stock, which the API does not
            show: to be asked. Unknown counts as not enforced.
        features: What is known better than a probe finds it; the rest is asked of the server.

    Raises:
        ConfigError: Names every setting at fault, and the fix.
    """

    url: str
    client_id: str
    client_secret: Secret
    api_path: str = "/admin/api"
    token_path: str = "/oauth2-token"  # noqa: S105
    organization: str = ""
    allow_http: bool = False
    connect_timeout: timedelta = timedelta(seconds=10)
    read_timeout: timedelta = timedelta(seconds=60)
    retries: int = 2
    deadline: timedelta = timedelta(seconds=120)
    retry_budget: int = 100
    at_once: int = 4
    per_minute: int = 0
    json_cap: int = JSON_CAP
    inventory_defaults: StockSettings = field(factory=StockSettings)
    features: KnownFeatures = field(factory=KnownFeatures)

    def __attrs_post_init__(self) -> None:
        faults = (*url_faults("oro.url", self.url, allow_http=self.allow_http), *_faults(self))
        if faults:
            raise ConfigError(faults)

    @property
    def api_url(self) -> str:
        """Address of the API, without a slash at its end."""
        return _join(self.url, self.api_path)

    @property
    def token_url(self) -> str:
        """Address that gives tokens."""
        return _join(self.url, self.token_path)


def url_faults(setting: str, url: str, *, allow_http: bool) -> tuple[str, ...]:
    """Tell what is wrong with the address of a system; nothing of its user part is repeated."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return (f"{setting}: expected an address such as https://shop.example",)
    if parts.scheme not in ("http", "https") or not host:
        return (f"{setting}: expected an address such as https://shop.example",)
    faults: list[str] = []
    if parts.username is not None or parts.query or parts.fragment:
        faults.append(f"{setting}: expected no user, query or fragment in the address")
    if parts.scheme == "http" and not allow_http and not is_loopback(host):
        faults.append(f"{setting}: expected https; set allow_http = true for a private network")
    return tuple(faults)


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine itself, by its name or number; no name is looked up."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _faults(config: OroConfig) -> tuple[str, ...]:
    checks = (
        (config.client_id.strip(), "oro.client_id: expected the id of the OAuth application"),
        (config.client_secret.reveal(), "oro.client_secret: expected the application's secret"),
        (config.api_path.startswith("/"), "oro.api_path: expected a path that starts with /"),
        (config.token_path.startswith("/"), "oro.token_path: expected a path that starts with /"),
        (config.connect_timeout > timedelta(0), "oro.connect_timeout: expected seconds above 0"),
        (config.read_timeout > timedelta(0), "oro.read_timeout: expected seconds above 0"),
        (config.json_cap > 0, "oro.json_cap: expected a number of bytes above 0"),
        (0 <= config.retries <= 10, "oro.retries: expected 0 to 10"),
        (config.deadline > timedelta(0), "oro.deadline: expected seconds above 0"),
        (config.retry_budget >= 0, "oro.retry_budget: expected 0 or more"),
        (1 <= config.at_once <= 32, "oro.at_once: expected 1 to 32"),
        (config.per_minute >= 0, "oro.per_minute: expected 0 or more"),
        ((config.features.to_many_cap or 1) > 0, "oro.features: expected a to_many_cap above 0"),
    )
    return tuple(fault for fine, fault in checks if not fine)


def _join(url: str, path: str) -> str:
    return url.rstrip("/") + path.rstrip("/")
