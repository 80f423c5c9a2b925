"""A small HTTP server that says whether flows run: for whatever watches the process."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from oro_prima.errors import ConfigError, StoreError

HIGHEST_PORT = 65535
PATIENCE = 10.0
"""Seconds that a caller may keep a connection without asking."""
Health = Callable[[], tuple[bool, dict[str, object]]]


@contextmanager
def serve_health(place: str, health: Health) -> Generator[str, None, None]:
    """
    Answer `GET /health` at HOST:PORT from a thread of its own: 200 where all is well, else 503.

    Any other path is 404. Nothing personal is told, and nothing can be changed.

    Raises:
        ConfigError: the place is none, or cannot be listened at.
    """
    host, _, port = place.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or int(port) > HIGHEST_PORT:
        raise ConfigError((f"--health: expected HOST:PORT such as 127.0.0.1:8080, got {place}",))

    class Handler(BaseHTTPRequestHandler):
        timeout = PATIENCE

        def do_GET(self) -> None:
            _answer(self, health)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
            """Write no line a request."""

    try:
        server = ThreadingHTTPServer((host, int(port)), Handler)
    except OSError as exc:
        raise ConfigError((f"--health: {place} cannot be listened at ({exc.strerror})",)) from exc
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True)
    thread.start()
    try:
        yield f"{host}:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def _answer(handler: BaseHTTPRequestHandler, health: Health) -> None:
    if handler.path != "/health":
        handler.send_error(404)
        return
    try:
        well, tree = health()
    except StoreError as error:
        well, tree = False, {"ok": False, "error": str(error)}
    body = json.dumps(tree, default=str).encode()
    handler.send_response(200 if well else 503)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)
