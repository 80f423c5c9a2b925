"""
A program of its own: an independent SOAP library answers our client over a socket, in rpc styles.

It reads our envelope by its own parser and writes its own: typed parts for the encoded style, bare
ones for the literal one. It describes nothing, so the sandbox's description says what is served.
The library brings old modules that warn, so it is kept out of the process of the tests.
"""

from __future__ import annotations

import sys
import threading
import warnings
from collections.abc import Generator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import pytest
from attrs import evolve
from tests.system.independent_answers import all_read, answered

from oro_prima.call import HttpRequest
from oro_prima.errors import UnavailableError
from oro_prima.http.erp import open_prima
from oro_prima.ids import PrimaCompany, PrimaOrderNumber
from oro_prima.prima.calls import order_status
from oro_prima.prima.calls.wsdl import ServiceDescription, parse_wsdl
from oro_prima.prima.config import PrimaConfig
from oro_prima.prima.models import PrimaProfile
from oro_prima.prima.models.profile import Style
from oro_prima.sandbox import World
from oro_prima.sandbox.prima import PATH

warnings.simplefilter("ignore")
SOAPpy: Any = import_module("SOAPpy")

NAMESPACE = "urn:omlink:omlink"
SEEN: list[str] = []


def wsomhandler(RequestXML: str) -> str:  # noqa: N803
    SEEN.append(RequestXML)
    return answered(RequestXML)


def comwsomhandler(Company: str, RequestXML: str) -> str:  # noqa: N803
    if Company != "1":
        raise SOAPpy.faultType("SOAP-ENV:Server", "no such company (7211)")
    return answered(RequestXML)


@contextmanager
def served(style: Style) -> Generator[str, None, None]:
    """Serve both operations on a free port of loopback; gives the address."""
    SOAPpy.Config.typed = style is Style.RPC_ENCODED
    SOAPpy.Config.dumpFaultInfo = 0
    server = SOAPpy.SOAPServer(("127.0.0.1", 0), log=0, encoding="UTF-8", config=SOAPpy.Config)
    for function in (wsomhandler, comwsomhandler):
        server.registerKWFunction(function, NAMESPACE)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def described(style: Style) -> ServiceDescription:
    world = World(seed=3, size=1, prima_style=style.value)
    asked = HttpRequest("GET", f"{PATH}/wsdl", (("targetURI", "urn:omlink"),))
    return parse_wsdl(world.prima.handle(asked).body)


def understood(style: Style) -> None:
    """Every answer is read, with the company and without; its faults are faults."""
    profile = described(style).applied_to(PrimaProfile())
    assert profile.style is style
    with served(style) as url, open_prima(PrimaConfig(url, allow_http=True, retries=0)) as prima:
        for with_company in (False, True):
            all_read(prima.send, profile=evolve(profile, with_company=with_company))
        other = evolve(profile, with_company=True)
        call = order_status(PrimaOrderNumber("3"), profile=other, company=PrimaCompany("2"))
        with pytest.raises(UnavailableError, match="SOAP fault 7211"):
            prima.send(call)
    assert SEEN[0].startswith('<?xml version="1.0" encoding="ISO-8859-1"?><Request')


if __name__ == "__main__":
    understood(Style(sys.argv[1]))
