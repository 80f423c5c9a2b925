"""Reading an answer by a call, through bytes in any cut, and a sender that answers from a list."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from attrs import define, field

from oro_prima.call import Call, HttpRequest, HttpResponse

R = TypeVar("R")


def read(call: Call[R], response: HttpResponse, cuts: Iterable[int] = ()) -> R:
    """Feed the body to the call's decoder, cut at these places."""
    decoder = call.decoder(response.head)
    rest, taken = response.body, 0
    for cut in sorted(cuts):
        decoder.feed(rest[: cut - taken])
        rest, taken = rest[max(0, cut - taken) :], max(cut, taken)
    decoder.feed(rest)
    return decoder.close()


@define
class Answering:
    """A sender that answers every request by a function and remembers the requests."""

    app: Callable[[HttpRequest], HttpResponse]
    asked: list[HttpRequest] = field(factory=list[HttpRequest])

    def send(self, call: Call[R]) -> R:
        """Write the request, ask the function, read its answer."""
        request = call.request()
        self.asked.append(request)
        return read(call, self.app(request))
