"""Access tokens: client credentials, expiry by the clock, one and the same refusal for all."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from urllib.parse import parse_qsl

from oro_prima.call import HttpRequest, HttpResponse, header
from oro_prima.converters import is_object

JSON = "application/json"
GRANTS = ("client_credentials", "password", "authorization_code", "refresh_token")
"""Grants that a server knows; the application has the first alone."""
UNSUPPORTED = "The authorization grant type is not supported by the authorization server."


class Tokens:
    """Gives out tokens and knows which are good."""

    def __init__(
        self, *, now: Callable[[], datetime], client_id: str, client_secret: str, seconds: int
    ) -> None:
        self._now, self._seconds = now, seconds
        self._client = (client_id, client_secret)
        self._good: dict[str, datetime] = {}
        self._given = 0

    def answer(self, request: HttpRequest, *, feature_enabled: bool) -> HttpResponse:
        """Answer a request for a token."""
        if request.method != "POST":
            refused = _json(405, {"code": 405})
            return HttpResponse(405, (*refused.headers, ("Allow", "POST, OPTIONS")), refused.body)
        members = _members(request)
        if members is None:
            return _json(400, {"code": 400, "message": "Invalid json message received."})
        grant = members.get("grant_type")
        if grant not in GRANTS:
            return _json(
                400,
                {
                    "error": "unsupported_grant_type",
                    "error_description": UNSUPPORTED,
                    "hint": "Check that all required parameters have been provided",
                    "message": UNSUPPORTED,
                },
            )
        given = _basic(request) or (members.get("client_id"), members.get("client_secret"))
        if given != self._client or grant != GRANTS[0] or not feature_enabled:
            text = "Client authentication failed"
            return _json(
                401, {"error": "invalid_client", "error_description": text, "message": text}
            )
        return _json(
            200,
            {"token_type": "Bearer", "expires_in": self._seconds, "access_token": self._issue()},
        )

    def _issue(self) -> str:
        self._given += 1
        token = f"sandbox-token-{self._given}"
        self._good[token] = self._now() + timedelta(seconds=self._seconds)
        return token

    def accepts(self, request: HttpRequest) -> bool:
        """Tell whether a request holds a token that is good now."""
        scheme, _, token = header(request.headers, "authorization").partition(" ")
        until = self._good.get(token)
        return scheme == "Bearer" and until is not None and self._now() < until

    def expire(self) -> None:
        """Make every token given so far useless."""
        self._good.clear()


def _members(request: HttpRequest) -> Mapping[str, object] | None:
    content_type = header(request.headers, "content-type")
    if content_type.startswith("application/x-www-form-urlencoded"):
        return dict(parse_qsl(request.body.decode("utf-8", "replace")))
    if not request.body:
        return {}
    try:
        tree = json.loads(request.body)
    except ValueError:
        return None
    return tree if is_object(tree) else None


def _basic(request: HttpRequest) -> tuple[str, str] | None:
    scheme, _, text = header(request.headers, "authorization").partition(" ")
    if scheme.lower() != "basic":
        return None
    user, _, secret = base64.b64decode(text + "==").decode("utf-8", "replace").partition(":")
    return (user, secret)


def _json(status: int, tree: Mapping[str, object]) -> HttpResponse:
    return HttpResponse(status, (("Content-Type", JSON),), json.dumps(tree).encode())
