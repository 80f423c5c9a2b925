"""The sandbox's servers on loopback: faults are what a client sees on its socket."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from oro_prima.call import HttpRequest, HttpResponse, header
from oro_prima.sandbox.faults import Act, Reply
from oro_prima.sandbox.server import SandboxServer

BODY = b"0123456789" * 100


class Echo:
    """Acts as the path says; answers with what it was asked."""

    def __init__(self) -> None:
        self.asked: list[HttpRequest] = []
        self.refuse_next = False

    def reply(self, request: HttpRequest) -> Reply:
        """Act as the path says."""
        self.asked.append(request)
        status = 204 if request.path == "/204" else 200
        body = b"" if request.path in ("/204", "/empty") else BODY
        name = header(request.headers, "X-Act") or "answer"
        return Reply(Act(name), HttpResponse(status, (("X-Own", "1"),), body))

    def refuses(self) -> bool:
        """Refuse one connection."""
        refused, self.refuse_next = self.refuse_next, False
        return refused


@contextmanager
def serving(echo: Echo, *, tls: ssl.SSLContext | None = None) -> Iterator[SandboxServer]:
    """Serve until the block is left; no thread is left behind."""
    before = set(threading.enumerate())
    server = SandboxServer(echo, tls=tls, pause=0.001)
    server.start()
    try:
        yield server
    finally:
        server.stop()
    assert set(threading.enumerate()) <= before


@pytest.fixture
def echo() -> Echo:
    """Remember what was asked."""
    return Echo()


@pytest.fixture
def server(echo: Echo) -> Iterator[SandboxServer]:
    """Serve on plain HTTP."""
    with serving(echo) as server:
        yield server


def act(server: SandboxServer, name: str, path: str = "/x") -> httpx.Response:
    """Ask for one act over a fresh connection."""
    return httpx.post(f"{server.url}{path}", content=b"in", headers={"X-Act": name}, timeout=5)


def test_request_arrives_whole_and_decoded(server: SandboxServer, echo: Echo) -> None:
    """Path and query without percent signs, a blank value kept, the body as sent."""
    url = f"{server.url}/a%20b?filter%5Bid%5D=1%2C2&x="
    response = httpx.request("PATCH", url, content=b"\x00\xff")

    asked = echo.asked[0]
    assert (asked.method, asked.path, asked.body) == ("PATCH", "/a b", b"\x00\xff")
    assert asked.query == (("filter[id]", "1,2"), ("x", ""))
    assert (response.headers["X-Own"], response.content) == ("1", BODY)


def test_chunked_bodies_and_empty_answers_are_spoken(server: SandboxServer, echo: Echo) -> None:
    """One connection carries them all."""
    with httpx.Client() as client:
        client.post(f"{server.url}/x", content=iter((b"abc", b"def")))
        answers = [client.delete(f"{server.url}/{path}").content for path in ("204", "empty")]

    assert echo.asked[0].body == b"abcdef"
    assert answers == [b"", b""]


def test_client_that_asks_before_sending_its_body_is_told_to(
    server: SandboxServer, echo: Echo
) -> None:
    """`Expect: 100-continue` is answered at once."""
    with socket.create_connection(("127.0.0.1", server.server_port), timeout=5) as sock:
        sock.sendall(b"POST /x HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        go_on = sock.recv(100)
        sock.sendall(b"hi")
        answer = sock.recv(100)

    assert go_on.startswith(b"HTTP/1.1 100 ")
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert echo.asked[0].body == b"hi"


@pytest.mark.parametrize("size", [b"-1", b"x"])
def test_a_body_of_no_size_is_a_bad_request(server: SandboxServer, size: bytes) -> None:
    """Nothing is asked of the app."""
    with socket.create_connection(("127.0.0.1", server.server_port), timeout=5) as sock:
        sock.sendall(b"POST /x HTTP/1.1\r\nContent-Length: " + size + b"\r\n\r\n")

        assert sock.recv(100).startswith(b"HTTP/1.1 400 ")


def test_a_line_that_is_no_request_is_a_bad_request(server: SandboxServer) -> None:
    """It is told so in words, as a client without HTTP/1.1 would want, and let go."""
    with socket.create_connection(("127.0.0.1", server.server_port), timeout=5) as sock:
        sock.sendall(b"nonsense in four words\r\n\r\n")

        assert b"Error response" in sock.makefile("rb").read()


def test_refused_connections_are_reset_before_anything_is_asked(
    server: SandboxServer, echo: Echo
) -> None:
    """Where its first bytes meet the reset, httpx tells of a lost server; the next is served."""
    echo.refuse_next = True

    with pytest.raises(httpx.TransportError):
        act(server, "answer")
    assert echo.asked == []
    assert act(server, "answer").status_code == 200


@pytest.mark.parametrize("name", ["refuse", "reset"])
def test_a_reset_is_a_read_error(server: SandboxServer, name: str) -> None:
    """The connection is torn down, not closed."""
    with pytest.raises(httpx.ReadError):
        act(server, name)


def test_a_cut_off_body_is_a_protocol_error(server: SandboxServer) -> None:
    """The head promises more than comes; an answer without a body does not come at all."""
    with pytest.raises(httpx.RemoteProtocolError, match="complete message body"):
        act(server, "truncate")
    with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
        act(server, "truncate", "/empty")


def test_a_slow_answer_is_whole(server: SandboxServer) -> None:
    """It comes in pieces, and the connection can be used again."""
    assert act(server, "slow").content == BODY
    assert act(server, "slow", "/empty").content == b""


def test_a_hang_ends_when_the_client_leaves(server: SandboxServer) -> None:
    """No byte comes; the client's patience decides."""
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(server.url, headers={"X-Act": "hang"}, timeout=0.2)


def test_stopping_lets_go_of_clients_that_wait(echo: Echo) -> None:
    """One hangs, one keeps an idle connection open; both are let go."""
    with serving(echo) as server:
        address = ("127.0.0.1", server.server_port)
        hanging, idle = socket.create_connection(address), socket.create_connection(address)
        hanging.sendall(b"GET / HTTP/1.1\r\nX-Act: hang\r\n\r\n")
        idle.sendall(b"GET / HTTP/1.1\r\n\r\n")
        idle.recv(100)
    with hanging, idle:
        hanging.settimeout(5)

        assert hanging.recv(1) == b""


def test_stopping_interrupts_a_slow_answer(echo: Echo) -> None:
    """It does not wait for the rest of the pieces."""
    server = SandboxServer(echo, pause=60)
    server.start()
    with socket.create_connection(("127.0.0.1", server.server_port), timeout=5) as sock:
        sock.sendall(b"GET / HTTP/1.1\r\nX-Act: slow\r\n\r\n")
        head = sock.recv(100)
        server.stop()

    assert head.startswith(b"HTTP/1.1 200")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Make a certificate for 127.0.0.1 that signs itself."""
    folder = tmp_path_factory.mktemp("tls")
    key, cert = folder / "key.pem", folder / "cert.pem"
    new = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    files = ["-keyout", str(key), "-out", str(cert)]
    subprocess.run([*new, *names, *files], check=True, capture_output=True)
    return cert, key


@pytest.mark.parametrize(
    ("name", "error"),
    [("reset", httpx.TransportError), ("truncate", httpx.RemoteProtocolError)],
)
def test_tls_shows_the_same_faults(
    echo: Echo, certificate: tuple[Path, Path], name: str, error: type[Exception]
) -> None:
    """A client that does not trust the certificate is refused without a word in the log."""
    cert, key = certificate
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(cert, key)
    trust = ssl.create_default_context(cafile=str(cert))

    with serving(echo, tls=tls) as server, httpx.Client(verify=trust) as client:
        assert client.get(server.url).content == BODY
        with pytest.raises(error):
            client.get(server.url, headers={"X-Act": name})
        with pytest.raises(httpx.ConnectError):
            httpx.get(server.url)
