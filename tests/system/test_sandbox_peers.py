"""
Independent SOAP toolkits between our client and the sandbox's Prima, in every style.

A toolkit's client carries our business request to the sandbox, and a toolkit writes the answer that
our client reads, both from the same description.
"""

from __future__ import annotations

import io
import tomllib
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import zeep
from attrs import evolve, frozen
from lxml import etree
from tests.prima.documents import COMPANY, NUMBER, ORDER, TODAY, UNIQUE
from tests.prima.served import served
from tests.system.toolkits import TYPE, OnlyPrima, Typed

from oro_prima.call import Call, HttpRequest, HttpResponse
from oro_prima.config.loading import build_prima
from oro_prima.ids import PrimaOrderNumber
from oro_prima.prima.calls import free_stock, free_stock_of, order_status, post_order
from oro_prima.prima.calls.bound import read_capability
from oro_prima.prima.calls.outcome import outcome_of
from oro_prima.prima.calls.wsdl import parse_wsdl
from oro_prima.prima.models import PrimaProfile
from oro_prima.prima.models.binding import SoapBinding
from oro_prima.prima.models.bound import Bound
from oro_prima.prima.models.capabilities import Capability
from oro_prima.prima.models.orders import OrderAnswer
from oro_prima.prima.models.profile import Style
from oro_prima.sandbox.bindings import BINDINGS
from oro_prima.sandbox.prima import PATH, PrimaSandbox
from oro_prima.sandbox.server import SandboxServer
from oro_prima.values import SkuKey

BOUND = build_prima(tomllib.loads('[prima]\nurl = "https://erp.example/wsa"\n' + BINDINGS)).bindings
SKU = SkuKey("TEAPOT", "BLUE")


@frozen
class Place:
    """A Prima of one style: itself, where it is served, and what is known of it."""

    prima: PrimaSandbox
    url: str
    profile: PrimaProfile

    @property
    def description(self) -> bytes:
        """Return the WSDL."""
        asked = HttpRequest("GET", f"{PATH}/wsdl", (("targetURI", "urn:omlink"),))
        host = self.url.split("/")[2]
        return self.prima.handle(evolve(asked, headers=(("Host", host),))).body


@pytest.fixture(params=list(Style))
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    """Serve a Prima of each style with an order that was despatched."""
    prima = PrimaSandbox(now=lambda: datetime(2031, 5, 6, tzinfo=UTC), style=request.param.value)
    prima.add_account("KETTLE1", name="Kettle & Söhne <Wien>")
    prima.add_stock("TEAPOT", "BLUE", quantity=20)
    server = SandboxServer(OnlyPrima(prima))
    server.start()
    try:
        found = Place(prima, f"{server.url}{PATH}", PrimaProfile())
        told = parse_wsdl(found.description).applied_to(found.profile)
        served(prima, post_order(ORDER, unique_id=UNIQUE, profile=told, company=COMPANY))
        prima.set_status(str(NUMBER), "Despatched")
        yield evolve(found, profile=told)
    finally:
        server.stop()


def calls(profile: PrimaProfile) -> dict[str, Call[Any]]:
    """Return an enquiry of each request type, those with an X included."""
    known: dict[str, Any] = {"profile": profile, "company": COMPANY}
    about = {"despatch": "order_number", "invoice": "order_number"}
    bound = {
        capability.value: read_capability(
            capability,
            binding,
            about={about[capability]: str(NUMBER)} if capability in about else {},
            skus=(SKU,) if capability is Capability.STOCK_BREAKDOWN else (),
            **known,
        )
        for capability, binding in BOUND
        if isinstance(binding, SoapBinding)
    }
    assert set(bound) == set(Capability)
    return {
        "status": order_status(NUMBER, **known),
        "stock": free_stock(today=TODAY, **known),
        "some stock": free_stock_of([SKU], today=TODAY, **known),
        **bound,
    }


def business_request(call: Call[Any]) -> str:
    """Return the text that a call puts into its envelope."""
    texts = (element.text or "" for element in ET.fromstring(call.request().body).iter())
    return next(text for text in texts if text.startswith("<?xml"))


def relayed(place: Place, ask: Callable[[str], str], write: Callable[[str], bytes]) -> None:
    """Send each call's text by a toolkit, write the answer by one; read as from the sandbox."""
    for name, call in calls(place.profile).items():
        answer = write(ask(business_request(call)))
        found = outcome_of(call, HttpResponse(200, (("Content-Type", "text/xml"),), answer))

        assert found == served(place.prima, call), name
        assert not isinstance(found, Bound) or (found.records and not found.faults), name
    order = evolve(ORDER, number=PrimaOrderNumber("30000510"), reference="SHOP-51")
    posting = post_order(order, unique_id=UNIQUE, profile=place.profile, company=COMPANY)
    taken = outcome_of(posting, HttpResponse(200, body=write(ask(business_request(posting)))))

    assert taken == OrderAnswer(order.number, order.reference, order.account)
    assert [one.accepted for one in place.prima.orders()] == [1, 1]


def written_by_zeep(place: Place) -> Callable[[str], bytes]:
    """Return what writes an answer as the description says; typed where it is encoded."""
    client: Any = zeep.Client(io.BytesIO(place.description))  # type: ignore[no-untyped-call]
    operation = next(iter(client.wsdl.bindings.values())).get("wsomhandler")

    def write(text: str) -> bytes:
        envelope = operation.output.serialize(result=text).content
        if place.profile.style is Style.RPC_ENCODED:
            envelope[0][0][0].set(TYPE, "xsd:string")
        return bytes(etree.tostring(envelope, encoding="utf-8", xml_declaration=True))

    return write


def test_zeep_carries_every_request_type(place: Place) -> None:
    """Each enquiry, those of capabilities too, there and back through another toolkit."""
    plugins = [Typed()] if place.profile.style is Style.RPC_ENCODED else []
    transport = zeep.Transport()  # type: ignore[no-untyped-call]
    with closing(transport.session):
        client: Any = zeep.Client(  # type: ignore[no-untyped-call]
            f"{place.url}/wsdl?targetURI=urn:omlink", transport=transport, plugins=plugins
        )
        relayed(place, client.service.wsomhandler, written_by_zeep(place))


@pytest.mark.skipif(find_spec("suds") is None, reason="no second SOAP toolkit")
def test_a_toolkit_that_knows_encoded_styles_carries_every_request_type(
    place: Place, tmp_path: Path
) -> None:
    """It types what the description calls encoded by itself; the company goes along."""
    path = tmp_path / "omlink.wsdl"
    path.write_bytes(place.description)
    suds: Any = import_module("suds.client")
    client = suds.Client(path.as_uri(), cache=None, location=place.url)

    def ask(text: str) -> str:
        return str(client.service.comwsomhandler("1", text))

    relayed(place, ask, written_by_zeep(place))
