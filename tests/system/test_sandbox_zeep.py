"""An independent SOAP client reads the sandbox's description and talks to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import httpx
import pytest
import zeep
from tests.system.toolkits import OnlyPrima, Typed

from oro_prima.sandbox.prima import PATH, PrimaSandbox
from oro_prima.sandbox.server import SandboxServer

ASK = (
    '<?xml version="1.0" encoding="ISO-8859-1"?><Request RequestType="MultiAvailableToSell"><Data>'
    '<sku Product="BOTTÉ"/></Data></Request>'
)


@pytest.fixture(params=["rpc-literal", "rpc-encoded", "doc-literal"])
def served(request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    """Serve a Prima of each style; gives style and address."""
    prima = PrimaSandbox(now=lambda: datetime.now(UTC), style=request.param)
    prima.add_stock("Botté", quantity=5)
    server = SandboxServer(OnlyPrima(prima))
    server.start()
    try:
        yield request.param, f"{server.url}{PATH}"
    finally:
        server.stop()


def test_zeep_understands_every_style(served: tuple[str, str]) -> None:
    """Both operations take and give one string; a fault is a fault."""
    style, url = served
    plugins = [Typed()] if style == "rpc-encoded" else []
    transport = zeep.Transport()  # type: ignore[no-untyped-call]
    with closing(transport.session):
        description = f"{url}/wsdl?targetURI=urn:omlink"
        client = zeep.Client(description, transport=transport, plugins=plugins)  # type: ignore[no-untyped-call]

        plain = client.service.wsomhandler(ASK)
        named = client.service.comwsomhandler(Company="1", RequestXML=ASK)

        assert 'AvailableQuantity="5"' in plain
        assert 'Product="Botté"' in plain
        assert plain == named
        with pytest.raises(zeep.exceptions.Fault, match="10893"):
            client.service.comwsomhandler(Company="2", RequestXML=ASK)


def test_httpx_sees_one_kept_connection(served: tuple[str, str]) -> None:
    """Answers are sized, so a connection serves many requests."""
    _, url = served
    with httpx.Client() as client:
        statuses = {client.get(f"{url}/wsdl").status_code for _ in range(3)}

    assert statuses == {200}
