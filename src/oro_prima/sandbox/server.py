"""Real HTTP servers on loopback over a world; faults happen on the socket."""

from __future__ import annotations

import select
import socket
import ssl
import struct
import sys
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Protocol, cast
from urllib.parse import parse_qsl, unquote, urlsplit

from oro_prima.call import HttpRequest, HttpResponse
from oro_prima.sandbox.faults import Act, Reply

_AT_ONCE = struct.pack("ii", 1, 0)
_PIECES = 8


class App(Protocol):
    """What a server needs: answers, and whether to refuse a connection before it is read."""

    def reply(self, request: HttpRequest) -> Reply:
        """Carry out one request, faults included."""
        ...

    def refuses(self) -> bool:
        """Tell, and use up, a refusal of the next connection."""
        ...


class SandboxServer(ThreadingHTTPServer):
    """
    Serves one system on a free port of 127.0.0.1, from a thread of its own, until `stop`.

    Args:
        app: Answers the requests.
        tls: Server-side TLS settings; None for plain HTTP.
        pause: Seconds between the pieces of a slow answer.
    """

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, app: App, *, tls: ssl.SSLContext | None = None, pause: float = 0.1) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.app, self.pause = app, pause
        self.stopping = threading.Event()
        self._scheme = "https" if tls else "http"
        self._lock = threading.Lock()
        self._open: dict[threading.Thread, socket.socket] = {}
        self._broken: set[int] = set()
        if tls is not None:
            self.socket = tls.wrap_socket(
                self.socket, server_side=True, do_handshake_on_connect=False
            )
        self._loop = threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        """Address of the server, without a path."""
        return f"{self._scheme}://127.0.0.1:{self.server_port}"

    def start(self) -> None:
        """Begin to answer."""
        self._loop.start()

    def stop(self) -> None:
        """Stop answering, let go of every client, and wait for the threads to end."""
        self.stopping.set()
        self.shutdown()
        self._loop.join()
        self.server_close()
        with self._lock:
            left = dict(self._open)
        for thread, connection in left.items():
            _shut(connection)
            thread.join()

    def break_connection(self, connection: socket.socket) -> None:
        """Make closing `connection` a reset: what it holds is thrown away at once."""
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
        with self._lock:
            self._broken.add(id(connection))

    # Hooks of socketserver

    def verify_request(self, request: object, client_address: object) -> bool:
        """Refuse a connection before anything of it is read."""
        if not self.app.refuses():
            return True
        self.break_connection(cast("socket.socket", request))
        return False

    def process_request(self, request: object, client_address: object) -> None:
        """Serve a connection in a thread that `stop` can wait for."""
        connection = cast("socket.socket", request)
        arguments = (request, client_address)
        thread = threading.Thread(target=self._serve, args=arguments, daemon=True)
        with self._lock:
            self._open[thread] = connection
        thread.start()

    def shutdown_request(self, request: object) -> None:
        """Close a connection; a broken one without a farewell."""
        connection = cast("socket.socket", request)
        with self._lock:
            broken = id(connection) in self._broken
            self._broken.discard(id(connection))
        if not broken:
            _shut(connection)
        connection.close()

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that leave; anything else is a fault of the sandbox."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(cast("socket.socket", request), client_address)

    def _serve(self, request: object, client_address: object) -> None:
        try:
            self.process_request_thread(cast("socket.socket", request), client_address)
        finally:
            with self._lock:
                del self._open[threading.current_thread()]


class _Handler(BaseHTTPRequestHandler):
    """Reads requests from one connection and acts out what the app says."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True

    @property
    def _home(self) -> SandboxServer:
        return cast("SandboxServer", self.server)

    def parse_request(self) -> bool:
        """Read the request line and header; every method has the same handler."""
        if not super().parse_request():
            return False
        setattr(self, f"do_{self.command}", self._answer)
        return True

    def handle_expect_100(self) -> bool:
        """Ask for the body at once, although answers are buffered."""
        go_on = super().handle_expect_100()
        self.wfile.flush()
        return go_on

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Keep quiet."""

    def _answer(self) -> None:
        try:
            body = self._body()
        except ValueError:
            self.send_error(HTTPStatus.BAD_REQUEST)
            return
        url = urlsplit(self.path)
        query = tuple(parse_qsl(url.query, keep_blank_values=True))
        headers = tuple(self.headers.items())
        request = HttpRequest(self.command, unquote(url.path), query, headers, body)
        self._act(self._home.app.reply(request))

    def _act(self, reply: Reply) -> None:
        self.close_connection |= reply.act not in (Act.ANSWER, Act.SLOW)
        if reply.act is Act.ANSWER:
            self._send(reply.response)
        elif reply.act is Act.SLOW:
            self._send_slowly(reply.response)
        elif reply.act is Act.HANG:
            self._hang()
        elif reply.act is Act.TRUNCATE:
            self._send_half(reply.response)
        else:
            self._home.break_connection(self.connection)

    def _send(self, response: HttpResponse) -> None:
        self._head(response)
        self.wfile.write(response.body)

    def _head(self, response: HttpResponse) -> None:
        self.send_response_only(response.status)
        for name, value in response.headers:
            self.send_header(name, value)
        if response.status != HTTPStatus.NO_CONTENT:
            self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()

    def _hang(self) -> None:
        """Hold the connection until the client leaves or the server stops."""
        while not self._home.stopping.is_set():
            readable, _, _ = select.select([self.connection], [], [], 0.1)
            if readable:
                return

    def _send_slowly(self, response: HttpResponse) -> None:
        self._head(response)
        size = max(1, -(-len(response.body) // _PIECES))
        for start in range(0, len(response.body), size):
            self.wfile.flush()
            if self._home.stopping.wait(self._home.pause):
                return
            self.wfile.write(response.body[start : start + size])

    def _send_half(self, response: HttpResponse) -> None:
        if response.body:
            self._head(response)
            self.wfile.write(response.body[: len(response.body) // 2])

    def _body(self) -> bytes:
        """Read the body, sized or chunked; raises ValueError where its size makes no sense."""
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            return b"".join(self._chunks())
        size = int(self.headers.get("Content-Length", "0"))
        if size < 0:
            msg = "Content-Length: negative"
            raise ValueError(msg)
        return self.rfile.read(size)

    def _chunks(self) -> list[bytes]:
        chunks: list[bytes] = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass
        return chunks


def _shut(connection: socket.socket) -> None:
    """End a connection both ways under any TLS layer; one that is gone already is fine."""
    try:
        socket.socket.shutdown(connection, socket.SHUT_RDWR)
    except OSError:
        return
