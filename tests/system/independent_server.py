"""
A program of its own: an independent SOAP server library answers our client.

The library changes how modules are found, so it is kept out of the process of the tests.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable
from importlib import import_module
from typing import Any, TypeVar

from tests.system.independent_answers import COMPANY, all_read, answered

from oro_prima.call import Call, HttpResponse
from oro_prima.ids import PrimaCompany, PrimaOrderNumber
from oro_prima.prima.calls import describe_service, order_status
from oro_prima.prima.calls.outcome import outcome_of
from oro_prima.prima.models import PrimaProfile
from oro_prima.prima.models.profile import Style

R = TypeVar("R")

warnings.simplefilter("ignore")
spyne: Any = import_module("spyne")
soap_protocol: Any = import_module("spyne.protocol.soap")
wsgis: Any = import_module("spyne.server.wsgi")


def serve() -> Callable[[Call[R]], Any]:
    """Serve both operations; gives what sends a call to them, through bytes."""

    def wsomhandler(_context: object, RequestXML: str) -> str:  # noqa: N803
        return answered(RequestXML)

    def comwsomhandler(_context: object, Company: str, RequestXML: str) -> str:  # noqa: N803
        if Company != "1":
            raise spyne.Fault("Server", "no such company (7211)")
        return answered(RequestXML)

    told: Any = {"_returns": spyne.Unicode, "_out_variable_name": "anything"}
    operations = {
        "wsomhandler": spyne.rpc(spyne.Unicode, **told)(wsomhandler),
        "comwsomhandler": spyne.rpc(spyne.Unicode, spyne.Unicode, **told)(comwsomhandler),
    }
    omlink = type(spyne.ServiceBase)("Omlink", (spyne.ServiceBase,), operations)
    application = spyne.Application(
        [omlink],
        "urn:omlink:omlink",
        in_protocol=soap_protocol.Soap11(validator="lxml"),
        out_protocol=soap_protocol.Soap11(),
    )
    wsgi = wsgis.WsgiApplication(application)

    def send(call: Call[R]) -> Any:
        asked = call.request()
        head: dict[str, Any] = {}
        environment = {
            "REQUEST_METHOD": asked.method,
            "PATH_INFO": "/",
            "QUERY_STRING": "wsdl" if asked.method == "GET" else "",
            "SERVER_NAME": "erp.example",
            "SERVER_PORT": "443",
            "wsgi.url_scheme": "https",
            "wsgi.input": io.BytesIO(asked.body),
            "CONTENT_LENGTH": str(len(asked.body)),
        }
        environment |= {
            ("" if name == "Content-Type" else "HTTP_") + name.upper().replace("-", "_"): text
            for name, text in asked.headers
        }

        def start(status: str, headers: list[tuple[str, str]], _exc: object = None) -> None:
            head.update(status=int(status[:3]), headers=tuple(headers))

        body = b"".join(wsgi(environment, start))
        return outcome_of(call, HttpResponse(head["status"], head["headers"], body))

    return send


def understood(served: Callable[[Call[Any]], Any]) -> None:
    """Its description is understood, and so is every answer, by the profile that follows."""
    description = served(describe_service())
    assert (description.style, description.xml_part) == (Style.DOC_LITERAL, "RequestXML")
    assert (description.company_part, description.company_first) == ("Company", True)
    assert description.outputs == ("anything",)

    for with_company in (False, True):
        all_read(served, profile=description.applied_to(PrimaProfile(with_company=with_company)))


def faulted(served: Callable[[Call[Any]], Any]) -> None:
    """With the numbers in their text."""
    profile = PrimaProfile(style=Style.DOC_LITERAL, with_company=True)
    number = PrimaOrderNumber("300")
    found = served(order_status(number, profile=profile, company=PrimaCompany("2")))
    wrong = PrimaProfile(style=Style.DOC_LITERAL, xml_part="Other")

    assert found.codes == ("7211",)
    assert "SOAP fault" in str(served(order_status(number, profile=wrong, company=COMPANY)))


if __name__ == "__main__":
    sender = serve()
    understood(sender)
    faulted(sender)
