"""The in-process transports show what a socket would show."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from oro_prima import sandbox
from oro_prima.call import HttpRequest, HttpResponse
from oro_prima.sandbox.faults import Act, Reply
from oro_prima.sandbox.transport import AsyncSandboxTransport, SandboxTransport

BODY = b"x" * 3000


class Echo:
    """Acts as the path says."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, HttpRequest]] = []

    def reply(self, system: str, request: HttpRequest) -> Reply:
        """Remember what was asked, and act as the path says."""
        self.asked.append((system, request))
        act, _, rest = request.path.strip("/").partition("/")
        return Reply(Act(act), HttpResponse(201, (("X-Own", "1"),), b"" if rest else BODY))


@pytest.fixture
def echo() -> Echo:
    """Remember what was asked."""
    return Echo()


def ask(echo: Echo, path: str, *, host: str = "oro.sandbox.test") -> httpx.Response:
    """Ask through the transport."""
    with httpx.Client(transport=SandboxTransport(echo)) as client:
        return client.post(f"http://{host}/{path}", content=b"in", params={"a[b]": "1 2"})


def test_request_arrives_as_a_server_would_see_it(echo: Echo) -> None:
    """Absolute path, decoded pairs, header fields and body."""
    response = ask(echo, "answer", host="prima.sandbox.test")

    system, request = echo.asked[0]
    assert (system, request.method, request.path) == ("prima", "POST", "/answer")
    assert (request.query, request.body) == ((("a[b]", "1 2"),), b"in")
    assert ("host", "prima.sandbox.test") in request.headers
    assert (response.status_code, response.headers["X-Own"], response.content) == (201, "1", BODY)


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("refuse", httpx.ConnectError),
        ("hang", httpx.ReadTimeout),
        ("reset", httpx.ReadError),
        ("truncate", httpx.RemoteProtocolError),
        ("truncate/empty", httpx.RemoteProtocolError),
    ],
)
def test_faults_raise_what_a_socket_would(echo: Echo, path: str, error: type[Exception]) -> None:
    """The async twin raises the same."""

    async def ask_async() -> None:
        async with httpx.AsyncClient(transport=AsyncSandboxTransport(echo)) as client:
            await client.post(f"http://oro.sandbox.test/{path}", content=b"in")

    with pytest.raises(error):
        ask(echo, path)
    with pytest.raises(error):
        asyncio.run(ask_async())


def test_a_slow_answer_is_whole_and_comes_in_pieces(echo: Echo) -> None:
    """No time passes in this process."""

    async def ask_async() -> bytes:
        async with httpx.AsyncClient(transport=AsyncSandboxTransport(echo)) as client:
            return (await client.get("http://control.sandbox.test/slow")).content

    with (
        httpx.Client(transport=SandboxTransport(echo)) as client,
        client.stream("GET", "http://oro.sandbox.test/slow") as response,
    ):
        pieces = list(response.iter_raw())

    assert b"".join(pieces) == BODY == asyncio.run(ask_async())
    assert len(pieces) > 1


def test_other_hosts_do_not_exist(echo: Echo) -> None:
    """Nothing leaves the process."""
    with pytest.raises(httpx.ConnectError, match=r"oro\.sandbox\.test"):
        ask(echo, "answer", host="example.com")
    assert echo.asked == []


def test_public_names_are_loaded_when_asked_for() -> None:
    """And no other name exists."""
    assert set(sandbox.__all__) == {name for name in sandbox.__all__ if getattr(sandbox, name)}
    with pytest.raises(AttributeError, match="nothing"):
        _ = sandbox.nothing
