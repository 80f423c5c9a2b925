"""One call by our sender against the same request by the HTTP client itself."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import httpx

from benchmarks.measuring import Row, compare
from oro_prima.http.sender import Endpoint, HttpSender, open_client, prepare
from oro_prima.ids import PrimaCompany, PrimaOrderNumber
from oro_prima.prima.calls import order_status
from oro_prima.prima.models import PrimaProfile

CALLS = 100


@contextmanager
def server() -> Generator[str, None, None]:
    """Run a server that gives one answer, in a process of its own."""
    command = [sys.executable, str(Path(__file__).with_name("server.py"))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def rows() -> dict[str, Row]:
    """Measure an enquiry: request written, sent, answer read and judged."""
    call = order_status(
        PrimaOrderNumber("300000010"), profile=PrimaProfile(), company=PrimaCompany("1")
    )
    with server() as url, open_client() as client:
        endpoint = Endpoint(url)
        sender = HttpSender(client, endpoint)
        ready = prepare(endpoint, call)
        headers, body = list(ready.headers.multi_items()), ready.content

        def floor() -> None:
            for _ in range(CALLS):
                _bare(client, url, headers, body)

        def subject() -> None:
            for _ in range(CALLS):
                sender.send(call)

        ratio, spread = compare(floor, subject, time.perf_counter)
    return {"call: send": Row(ratio, "the same request by httpx.Client", spread)}


def _bare(client: httpx.Client, url: str, headers: list[tuple[str, str]], body: bytes) -> bytes:
    return client.post(url, headers=headers, content=body).content
