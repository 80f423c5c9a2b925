"""Where a world can be reached: on loopback by real servers, or in this process by transports."""

from __future__ import annotations

import ssl
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from attrs import field, frozen

from oro_prima.call import HttpRequest
from oro_prima.sandbox.control import PATH as CONTROL_PATH
from oro_prima.sandbox.faults import Reply
from oro_prima.sandbox.prima import PATH as PRIMA_PATH
from oro_prima.sandbox.server import SandboxServer
from oro_prima.sandbox.transport import HOSTS, AsyncSandboxTransport, SandboxTransport
from oro_prima.sandbox.world import World


@frozen
class Places:
    """
    Addresses of one world.

    Attributes:
        oro_url: OroCommerce, without a path.
        oro_api: Its back-office API.
        token_url: Where access tokens are given out.
        prima_url: Prima's web service.
        control_url: The control interface.
        client_id, client_secret: Credentials of the OroCommerce API.
    """

    oro_url: str
    oro_api: str
    token_url: str
    prima_url: str
    control_url: str
    client_id: str = "sandbox-client"
    client_secret: str = field(default="sandbox-secret", repr=False)


@frozen
class InProcess:
    """A world without sockets: addresses that only these transports know."""

    places: Places
    transport: SandboxTransport
    async_transport: AsyncSandboxTransport


def in_process(world: World) -> InProcess:
    """Return addresses and httpx transports over `world`; one transport serves every address."""
    urls = {system: f"http://{host}" for host, system in HOSTS.items()}
    world.oro.serve_at(_places(urls).oro_api)
    return InProcess(_places(urls), SandboxTransport(world), AsyncSandboxTransport(world))


@contextmanager
def serve(
    world: World,
    *,
    tls_cert: Path | None = None,
    tls_key: Path | None = None,
    slow_pause: float = 0.1,
) -> Generator[Places, None, None]:
    """
    Serve `world` on free ports of 127.0.0.1 until the block is left.

    Both systems speak TLS where a certificate and its key (PEM files) are given; control never
    does. `slow_pause` is the time in seconds between the eight pieces of a slow answer.
    """
    tls = _tls(tls_cert, tls_key)
    world.prima.scheme = "https" if tls else "http"
    with ExitStack() as stack:
        urls: dict[str, str] = {}
        for system in HOSTS.values():
            context = None if system == "control" else tls
            server = SandboxServer(_Side(world, system), tls=context, pause=slow_pause)
            server.start()
            stack.callback(server.stop)
            urls[system] = server.url
        world.oro.serve_at(_places(urls).oro_api)
        yield _places(urls)


class _Side:
    """One system of a world, as a server wants it."""

    def __init__(self, world: World, system: str) -> None:
        self._world, self._system = world, system

    def reply(self, request: HttpRequest) -> Reply:
        return self._world.reply(self._system, request)

    def refuses(self) -> bool:
        return self._world.faults.take_refusal(self._system)


def _places(urls: dict[str, str]) -> Places:
    return Places(
        oro_url=urls["oro"],
        oro_api=f"{urls['oro']}/admin/api",
        token_url=f"{urls['oro']}/oauth2-token",
        prima_url=f"{urls['prima']}{PRIMA_PATH}",
        control_url=f"{urls['control']}{CONTROL_PATH}",
    )


def _tls(cert: Path | None, key: Path | None) -> ssl.SSLContext | None:
    if cert is None and key is None:
        return None
    if cert is None or key is None:
        msg = "tls_cert and tls_key: give both or neither"
        raise ValueError(msg)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context
