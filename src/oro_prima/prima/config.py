"""How to reach one Prima: address, time-outs, and what stands in front of it."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from attrs import field, frozen

from oro_prima.errors import ConfigError
from oro_prima.prima.models.binding import Bindings, binding_faults
from oro_prima.prima.models.profile import PrimaProfile
from oro_prima.values import Secret


def service_url(text: str) -> str:
    """
    Bring an address to the one that is posted to: without `/wsdl`, query or a slash at its end.

    >>> service_url("https://erp.example.com:8080/wsalive/wsalive/wsdl?targetURI=urn:omlink")
    'https://erp.example.com:8080/wsalive/wsalive'

    Raises:
        ConfigError: It is no http or https address, or it holds credentials.
    """
    try:
        parts = urlsplit(text.strip())
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        raise ConfigError((_EXPECTED,)) from None
    if not usable or "@" in parts.netloc:
        raise ConfigError((_EXPECTED,))
    path = parts.path.rstrip("/").removesuffix("/wsdl").rstrip("/")
    return f"{parts.scheme}://{parts.netloc}{path}"


_EXPECTED = (
    "prima.url: expected an address such as https://host:8080/app/name; credentials go into "
    "prima.username and prima.password"
)


@frozen
class PrimaConfig:
    """
    How to reach one Prima.

    Attributes:
        url: The service's address; a `/wsdl` at its end is taken off.
        company: Company number; also part of the pair.
        allow_http: Accept an address without TLS; Prima itself has no authentication.
        username, password: HTTP Basic for a proxy in front; blank for none.
        headers: Further header fields for such a proxy.
        certificate, certificate_key, certificate_password: A client certificate (PEM files).
        ca_file: Certificates (PEM) to trust instead of the system's.
        connections: Most connections at a time; one request at a time on each.
        connect_timeout, read_timeout, snapshot_timeout: How long each may take.
        answer_cap: Most raw bytes of one answer.
        retries: How often a safe call is repeated; 0 switches it off.
        profile: What this deployment is like.
        bindings: How each capability that is not evidenced is reached; the others are unbound.

    Raises:
        ConfigError: The address is none, or is http without `allow_http`; a key has no certificate.
    """

    url: str = field(converter=service_url)
    company: str = "1"
    allow_http: bool = False
    username: str = ""
    password: Secret | None = None
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    certificate: str = ""
    certificate_key: str = ""
    certificate_password: Secret | None = None
    ca_file: str = ""
    connections: int = 1
    connect_timeout: timedelta = timedelta(seconds=10)
    read_timeout: timedelta = timedelta(seconds=60)
    snapshot_timeout: timedelta = timedelta(seconds=600)
    answer_cap: int = 64 * 1024 * 1024
    retries: int = 3
    profile: PrimaProfile = field(factory=PrimaProfile)
    bindings: Bindings = ()

    def __attrs_post_init__(self) -> None:
        if self.url.startswith("http://") and not self.allow_http:
            msg = (
                "prima.url: http sends orders in the clear; put TLS in front of Prima, or set "
                "prima.allow_http = true for a private network"
            )
            raise ConfigError((msg,))
        if self.certificate_key and not self.certificate:
            raise ConfigError(("prima.certificate: required beside prima.certificate_key",))
        faults = [f for known in self.bindings for f in binding_faults(*known)]
        if faults:
            raise ConfigError(tuple(faults))
