"""An independent SOAP client reads the sandbox's description and talks to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import httpx
import pytest
import zeep

from oro_prima.call import HttpRequest
from oro_prima.sandbox.faults import Act, Reply
from oro_prima.sandbox.prima import PATH, PrimaSandbox
from oro_prima.sandbox.server import SandboxServer

ASK = (
    '<?xml version="1.0" encoding="ISO-8859-1"?><Request RequestType="MultiAvailableToSell"><Data>'
    '<sku Product="BOTTÉ"/></Data></Request>'
)


class OnlyPrima:
    """Serves one Prima without faults."""

    def __init__(self, prima: PrimaSandbox) -> None:
        self.prima = prima

    def reply(self, request: HttpRequest) -> Reply:
        """Answer as Prima does."""
        return Reply(Act.ANSWER, self.prima.handle(request))

    def refuses(self) -> bool:
        """Let everybody in."""
        return False


@pytest.fixture(params=["rpc-literal", "rpc-encoded", "doc-literal"])
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Serve a Prima of each style."""
    prima = PrimaSandbox(now=lambda: datetime.now(UTC), style=request.param)
    prima.add_stock("Botté", quantity=5)
    server = SandboxServer(OnlyPrima(prima))
    server.start()
    try:
        yield f"{server.url}{PATH}"
    finally:
        server.stop()


def test_zeep_understands_every_style(url: str) -> None:
    """Both operations take and give one string; a fault is a fault."""
    with closing(zeep.Transport().session) as session:
        transport = zeep.Transport(session=session)
        client = zeep.Client(f"{url}/wsdl?targetURI=urn:omlink", transport=transport)

        plain = client.service.wsomhandler(ASK)
        named = client.service.comwsomhandler(Company="1", RequestXML=ASK)

        assert 'AvailableQuantity="5"' in plain
        assert 'Product="Botté"' in plain
        assert plain == named
        with pytest.raises(zeep.exceptions.Fault, match="10893"):
            client.service.comwsomhandler(Company="2", RequestXML=ASK)


def test_httpx_sees_one_kept_connection(url: str) -> None:
    """Answers are sized, so a connection serves many requests."""
    with httpx.Client() as client:
        statuses = {client.get(f"{url}/wsdl").status_code for _ in range(3)}

    assert statuses == {200}
