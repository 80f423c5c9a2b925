"""A small HTTP server in threads of its own: what it is asked is answered by a function."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import socket

from attrs import field, frozen

from oro_prima.call import Headers
from oro_prima.config.webhooks import is_place
from oro_prima.errors import ConfigError

PATIENCE = 10.0
"""Seconds that a caller may keep a connection without asking, and take over a body."""
AT_ONCE = 32
"""Requests that are answered at a time; another is asked to come again."""
BUSY, NO_LENGTH, TOO_LARGE = 503, 411, 413


@frozen
class Asked:
    """One request: its path without a query, and the bytes of its body as they came."""

    method: str
    path: str
    headers: Headers = ()
    body: bytes = field(default=b"", repr=False)


@frozen
class Answer:
    """What is answered; without a body nothing is said but the status."""

    status: int
    body: bytes = b""


Answers = Callable[[Asked], Answer]


@contextmanager
def serve(place: str, answers: Answers, *, named: str, cap: int) -> Generator[str, None, None]:
    """
    Answer GET and POST at HOST:PORT; port 0 takes a free one.

    Nothing of a request is logged. A caller that hangs up is none of our errors.

    Args:
        place: Where.
        answers: Called in the thread of the request, several at a time.
        named: The option or setting that says the place, for messages.
        cap: Most bytes of a body.

    Raises:
        ConfigError: the place is none, or cannot be listened at.
    """
    if not is_place(place):
        raise ConfigError((f"{named}: expected HOST:PORT such as 127.0.0.1:8080, got {place}",))
    host, _, port = place.rpartition(":")
    try:
        server = _Server((host, int(port)), _handler(answers, cap))
    except OSError as exc:
        raise ConfigError((f"{named}: {place} cannot be listened at ({exc.strerror})",)) from exc
    thread = threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True)
    thread.start()
    try:
        yield f"{host}:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: socket | tuple[bytes, socket], client_address: object) -> None:
        """Say one line of a mistake of ours, and nothing of a caller that hung up."""
        del request, client_address
        error = sys.exc_info()[1]
        if not isinstance(error, (ConnectionError, TimeoutError)):
            sys.stderr.write(f"a request could not be answered: {type(error).__name__}\n")


def _handler(answers: Answers, cap: int) -> type[BaseHTTPRequestHandler]:
    room = threading.BoundedSemaphore(AT_ONCE)

    class Handler(BaseHTTPRequestHandler):
        timeout = PATIENCE

        def do_GET(self) -> None:
            self._reply(self._answer(b""))

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if not (length.isascii() and length.isdigit()):
                self._reply(Answer(NO_LENGTH))
            elif int(length) > cap:
                self._reply(Answer(TOO_LARGE))
            else:
                self._reply(self._answer(self.rfile.read(int(length))))

        def _answer(self, body: bytes) -> Answer:
            if not room.acquire(blocking=False):
                return Answer(BUSY)
            try:
                path = self.path.partition("?")[0]
                return answers(Asked(self.command, path, tuple(self.headers.items()), body))
            finally:
                room.release()

        def _reply(self, answer: Answer) -> None:
            self.close_connection = True
            self.send_response(answer.status)
            if answer.body:
                self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer.body)))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
            """Write no line a request."""

    return Handler
