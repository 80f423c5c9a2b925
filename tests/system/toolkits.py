"""What independent SOAP toolkits need to speak with the sandbox's Prima."""

from __future__ import annotations

from typing import Any

import zeep

from oro_prima.call import HttpRequest
from oro_prima.sandbox.faults import Act, Reply
from oro_prima.sandbox.prima import PrimaSandbox

TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"


class Typed(zeep.Plugin):
    """Types the parts of a call as an encoded style wants it; zeep itself writes all literally."""

    def egress(
        self, envelope: Any, http_headers: Any, operation: Any, binding_options: Any
    ) -> tuple[Any, Any]:
        """Name each part's type."""
        for part in envelope[0][0]:
            part.set(TYPE, "xsd:string")
        return envelope, http_headers


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
