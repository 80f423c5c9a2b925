"""One call by our sender against the same request by the HTTP client itself, of both systems."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import httpx
from attrs import frozen

from benchmarks.measuring import Row, Work, medians
from oro_prima.call import Decoder, HttpRequest, ResponseHead, WholeBody
from oro_prima.converters import decode_json
from oro_prima.http.sender import Endpoint, HttpSender, open_client, prepare
from oro_prima.ids import OroOrderId, PrimaCompany, PrimaOrderNumber
from oro_prima.oro.calls.orders import list_orders_by_id
from oro_prima.oro.models.features import OroFeatures
from oro_prima.prima.calls import order_status
from oro_prima.prima.models import PrimaProfile

CALLS = 100
FLOOR = "the same request by httpx.Client"
DECODED = "the same request by httpx.Client, its JSON decoded"


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


@frozen
class Ready:
    """A request that is written already, whose answer is kept as bytes: what is left is sending."""

    asked: HttpRequest
    name: str = "ready"
    safe: bool = True
    timeout: float | None = None

    def request(self) -> HttpRequest:
        """Return the request."""
        return self.asked

    def decoder(self, head: ResponseHead) -> Decoder[bytes]:
        """Return a reader of the whole body."""
        return WholeBody(head, lambda response: response.body, limit=10**6, name=self.name)


def rows() -> dict[str, Row]:
    """Measure sending alone, and an enquiry: written, sent, its answer read and judged."""
    enquiry = order_status(
        PrimaOrderNumber("300000010"), profile=PrimaProfile(), company=PrimaCompany("1")
    )
    with server() as url, open_client() as client:
        endpoint = Endpoint(url)
        sender, asked = HttpSender(client, endpoint), prepare(endpoint, enquiry)
        headers, body = list(asked.headers.multi_items()), asked.content
        floor = partial(often, lambda: client.post(url, headers=headers, content=body).content)
        bare = partial(often, partial(sender.send, Ready(enquiry.request())))
        whole = partial(often, partial(sender.send, enquiry))
        found = against("call: send", floor, bare) | against(
            "call: send, an enquiry written and read", floor, whole
        )
        return found | _of_the_shop(client, url)


def _of_the_shop(client: httpx.Client, url: str) -> dict[str, Row]:
    """Read one order with its lines: the same request, its JSON decoded and no more."""
    order = list_orders_by_id(OroFeatures(), ids=(OroOrderId("7"),))
    endpoint = Endpoint(url)
    asked = prepare(endpoint, order)
    headers = list(asked.headers.multi_items())
    floor = partial(often, lambda: decode_json(client.get(asked.url, headers=headers).content))
    typed = partial(often, partial(HttpSender(client, endpoint).send, order))
    return against("call: an order with lines, typed", floor, typed, DECODED)


def against(name: str, floor: Work, subject: Work, bare: str = FLOOR) -> dict[str, Row]:
    """Hold calls against bare ones: how many times as long, and how much longer one is."""
    least, took, spread = medians(floor, subject, time.perf_counter)
    more = (took - least) / CALLS * 1_000_000
    return {
        name: Row(took / least, bare, spread),
        f"{name}, more than it": Row(more, bare, unit="us"),
    }


def often(work: Work) -> None:
    """Do it `CALLS` times."""
    for _ in range(CALLS):
        work()
