"""Answers of servers in trouble: what a proxy, a maintenance page or a dead database says."""

from __future__ import annotations

from oro_prima.call import HttpResponse
from oro_prima.sandbox.oro.headers import CACHING, safety
from oro_prima.sandbox.oro.schema import Version

FAULTS = ("unauthorized", "maintenance", "database-down", "unavailable", "bad-gateway")
_HTML = (("Content-Type", "text/html; charset=UTF-8"),)
_JSON = (("Content-Type", "application/json"),)


def fault_answer(name: str, *, token: bool, version: Version) -> HttpResponse:
    """Return what a server in this trouble answers, on the token address or anywhere else."""
    if name == "unauthorized":
        return HttpResponse(401)
    told = (*CACHING, *safety(version))
    if name == "maintenance" and token:
        return HttpResponse(503, (*_JSON, ("Vary", "Accept"), *told), b'{"code":503}')
    if name == "maintenance":
        return HttpResponse(415, _HTML, _page("An error occurred: unsupported media type"))
    if name == "database-down" and version == "5.1":
        place = ("Location", "/notinstalled.html")
        return HttpResponse(302, (*_HTML, *CACHING, place), _page("Redirecting"))
    if name == "bad-gateway":
        return HttpResponse(502, (("Content-Type", "text/html"),), _page("502 Bad Gateway"))
    return HttpResponse(503, (*_HTML, *told), _page("Service unavailable"))


def _page(title: str) -> bytes:
    return f"<!DOCTYPE html><html><head><title>{title}</title></head></html>".encode()
