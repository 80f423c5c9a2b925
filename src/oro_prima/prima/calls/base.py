"""The one shape of all calls to Prima: a request tree out, a streamed answer in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar
from xml.etree import ElementTree as ET

from attrs import field, frozen

from oro_prima.call import Decoder, HttpRequest, ResponseHead
from oro_prima.ids import PrimaCompany
from oro_prima.prima.calls.reading import AnswerReader, BadAnswerError, Reading, Rows
from oro_prima.prima.calls.result import Asked, failure_of, unreadable
from oro_prima.prima.calls.soap import inner_text, soap_request
from oro_prima.prima.models.profile import PrimaProfile

R = TypeVar("R")
ANSWER_CAP = 64 * 1024 * 1024
"""Raw bytes of one answer that are read; entities and compression cannot dodge it."""


@frozen
class PrimaCall(Generic[R]):
    """
    One request to Prima.

    `write` makes the business request; `reader` the value of an answer that was read whole, with
    what takes the rows while they arrive. `operation` is blank for the profile's own.
    """

    name: str
    request_type: str
    profile: PrimaProfile
    company: PrimaCompany
    safe: bool
    write: Callable[[], ET.Element] = field(eq=False, repr=False)
    reader: Callable[[], tuple[Rows | None, Callable[[Asked, ResponseHead, Reading], R]]] = field(
        eq=False, repr=False
    )
    timeout: float | None = None
    cap: int = ANSWER_CAP
    operation: str = ""

    def request(self) -> HttpRequest:
        """Write the request; ASCII only, in both layers."""
        inner = inner_text(self.write())
        return soap_request(
            inner, profile=self.profile, company=self.company, operation=self.operation
        )

    def decoder(self, head: ResponseHead) -> Decoder[R]:
        """Return a reader that keeps rows, never the bytes."""
        asked = Asked(self.name, self.request_type, self.safe, self.profile)
        rows, read = self.reader()
        return _AnswerDecoder(asked, head, rows, read, cap=self.cap)


class _AnswerDecoder(Generic[R]):
    def __init__(
        self,
        asked: Asked,
        head: ResponseHead,
        rows: Rows | None,
        read: Callable[[Asked, ResponseHead, Reading], R],
        *,
        cap: int,
    ) -> None:
        self._asked, self._head, self._read, self._cap = asked, head, read, cap
        self._reader = AnswerReader(rows)
        self._size = 0
        self._broken: BadAnswerError | None = None

    def feed(self, data: bytes) -> None:
        self._size += len(data)
        if self._size > self._cap:
            detail = f"the answer is larger than {self._cap} bytes (prima.answer_cap)"
            raise unreadable(self._asked, self._head, detail)
        if self._broken is None:
            try:
                self._reader.feed(data)
            except BadAnswerError as exc:
                self._broken = exc

    def close(self) -> R:
        reading = self._whole()
        return self._read(self._asked, self._head, reading)

    def _whole(self) -> Reading:
        if self._size == 0:
            raise failure_of(self._asked, self._head, "the answer is empty")
        try:
            if self._broken is not None:
                raise self._broken
            return self._reader.close()
        except BadAnswerError as exc:
            raise failure_of(self._asked, self._head, str(exc)) from exc
