"""OAuth tokens of OroCommerce (client credentials), one for all calls of a client."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Callable, Generator

import httpx
from attrs import frozen

from oro_prima.converters import decode_json, is_object
from oro_prima.errors import CallError, UnauthorizedError, UnavailableError, UnreadableError
from oro_prima.values import Secret

CALL = "get_token"
LONGEST_MARGIN = 60.0
"""Seconds before its end at which a token is no longer used; a quarter of a short life."""


@frozen
class _Token:
    text: Secret
    use_until: float


class OroAuth(httpx.Auth):
    """
    Gets a token when there is none, renews it before it ends, and once when a 401 says it ended.

    A 401 means that nothing was done, so sending again after it is no second sending. Two threads
    may each get a token at the same time; both are good.

    Args:
        token_url: Where tokens are given.
        client_id: Of the OAuth application.
        client_secret: Of the same; it is shown nowhere.
        clock: Seconds that only ever rise.
    """

    def __init__(
        self,
        token_url: str,
        *,
        client_id: str,
        client_secret: Secret,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._token_url, self._client_id, self._secret = token_url, client_id, client_secret
        self._clock = clock
        self._token: _Token | None = None

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Yield the requests to send, in order; answers to a request for a token come read."""
        token = self._token
        fresh = token is None or self._clock() >= token.use_until
        if token is None or fresh:
            token = self._read((yield self._ask(request)))
        request.headers["Authorization"] = f"Bearer {token.text.reveal()}"
        response = yield request
        if response.status_code == 401 and not fresh:
            token = self._read((yield self._ask(request)))
            request.headers["Authorization"] = f"Bearer {token.text.reveal()}"
            yield request

    def sync_auth_flow(
        self, request: httpx.Request
    ) -> Generator[httpx.Request, httpx.Response, None]:
        """Run `auth_flow`; read the answers to requests for a token, and no other."""
        flow = self.auth_flow(request)
        asked: httpx.Request | None = next(flow)
        while asked is not None:
            response = yield asked
            if asked is not request:
                response.read()
            asked = _go_on(flow, response)

    async def async_auth_flow(
        self, request: httpx.Request
    ) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """Run `auth_flow` as `sync_auth_flow` does."""
        flow = self.auth_flow(request)
        asked: httpx.Request | None = next(flow)
        while asked is not None:
            response = yield asked
            if asked is not request:
                await response.aread()
            asked = _go_on(flow, response)

    def _ask(self, request: httpx.Request) -> httpx.Request:
        return httpx.Request(
            "POST",
            self._token_url,
            data={
                "grant_type": "client_credentials",
                "client_id": self._client_id,
                "client_secret": self._secret.reveal(),
            },
            headers={
                "Accept": "application/json",
                "User-Agent": request.headers.get("User-Agent", CALL),
            },
            extensions=request.extensions,
        )

    def _read(self, response: httpx.Response) -> _Token:
        self._token = None
        text, life = read_token(response.status_code, response.content)
        margin = min(LONGEST_MARGIN, life / 4)
        self._token = _Token(text, self._clock() + life - margin)
        return self._token


def read_token(status: int, body: bytes) -> tuple[Secret, int]:
    """
    Read the answer to a request for a token.

    Returns:
        The token, and how many seconds it is good for.

    Raises:
        UnauthorizedError: The application or its secret is not accepted.
        UnavailableError: The shop cannot serve now.
        UnreadableError: Something other than a token came.
    """
    if status != 200:
        raise _refusal(status)
    members = _members(body)
    text, life = members.get("access_token"), members.get("expires_in")
    if not isinstance(text, str) or not text.isascii() or not isinstance(life, int) or life < 1:
        raise UnreadableError(CALL, _NO_TOKEN, status=status)
    return Secret(text), life


def _members(body: bytes) -> dict[str, object]:
    try:
        tree = decode_json(body)
    except ValueError:
        return {}
    return tree if is_object(tree) else {}


def _refusal(status: int) -> CallError:
    if status in (400, 401, 403):
        return UnauthorizedError(CALL, _NOT_ACCEPTED, status=status)
    if status == 404:
        return UnauthorizedError(CALL, _NOT_THERE, status=status)
    detail = _DOWN.get(status, f"the shop gives no token, status {status}")
    return UnavailableError(CALL, detail, status=status)


def _go_on(
    flow: Generator[httpx.Request, httpx.Response, None], response: httpx.Response
) -> httpx.Request | None:
    try:
        return flow.send(response)
    except StopIteration:
        return None


_NO_TOKEN = "expected a token and got something else; check url and token_path"  # noqa: S105
_NOT_ACCEPTED = (
    "client_id or client_secret is not accepted, the OAuth application is inactive or not for "
    "client credentials, or the API feature is switched off"
)
_NOT_THERE = "no tokens are given at token_path; check url and token_path"
_DOWN = {
    302: "the shop's database is down or the shop is not installed",
    502: "the proxy gets no answer from the shop; PHP is down or overloaded",
    503: "the shop is in maintenance mode, or its database is down",
}
