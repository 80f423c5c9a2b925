"""A server that answers every request with one document; its address is its first line."""

from __future__ import annotations

import sys
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.floors import HEAD, TAIL
from benchmarks.shop import page

STATUS = (
    '<?xml version="1.0" encoding="ISO-8859-1" ?>\n<Result Company="1" RequestStatus="OK" '
    'RequestType="OrderStatus"><Data OrderNumber="300000010" OrderStatus="Awaiting"/></Result>'
)
ORDER = page("orders", [7])
ANSWER = (HEAD + escape(STATUS, quote=False) + TAIL).encode()


class Handler(BaseHTTPRequestHandler):
    """Reads the body and answers, keeping the connection."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Answer with one order and its lines."""
        self.send_response(200)
        self.send_header("Content-Type", "application/vnd.api+json")
        self.send_header("Content-Length", str(len(ORDER)))
        self.end_headers()
        self.wfile.write(ORDER)

    def do_POST(self) -> None:
        """Answer."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Type", "text/xml; charset=utf-8")
        self.send_header("Content-Length", str(len(ANSWER)))
        self.end_headers()
        self.wfile.write(ANSWER)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


if __name__ == "__main__":
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)
        server.serve_forever()
