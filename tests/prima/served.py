"""Calls answered by the sandbox's Prima, through bytes and without a socket."""

from __future__ import annotations

from typing import TypeVar

from attrs import evolve

from oro_prima.call import Call
from oro_prima.sandbox.prima import PATH, PrimaSandbox

R = TypeVar("R")


def served(prima: PrimaSandbox, call: Call[R], *, fault: str = "") -> R:
    """Send a call to the sandbox, as under a fault if one is named."""
    asked = call.request()
    request = evolve(
        asked,
        path=f"{PATH}/{asked.path}".rstrip("/"),
        headers=(("Host", "erp.example"), *asked.headers),
    )
    response = prima.fault_response(fault, request) if fault else prima.handle(request)
    decoder = call.decoder(response.head)
    decoder.feed(response.body)
    return decoder.close()
