"""A small call, and answers to it."""

from __future__ import annotations

from attrs import field, frozen

from oro_prima.call import Decoder, HttpRequest, HttpResponse, ResponseHead, WholeBody
from oro_prima.errors import UnavailableError


@frozen
class Echo:
    """A call whose value is the body of the answer; any status but 200 is a failure."""

    safe: bool = True
    name: str = "echo"
    timeout: float | None = None
    asked: HttpRequest = field(default=HttpRequest("GET", "things", (("filter[id]", "1,2"),)))

    def request(self) -> HttpRequest:
        """Return what was given."""
        return self.asked

    def decoder(self, head: ResponseHead) -> Decoder[bytes]:
        """Return a reader of at most 100 bytes."""
        return WholeBody(head, self._read, limit=100, name=self.name)

    def _read(self, response: HttpResponse) -> bytes:
        if response.status != 200:
            raise UnavailableError(self.name, "down", status=response.status)
        return response.body
