"""
Compressed answers, unpacked piece by piece: no answer takes more memory than its reader allows.

A few bytes can unpack to gigabytes, and a coding inside a coding multiplies that. So at most one
coding is taken, and what it gives comes in pieces, each of which a reader counts against its cap
before the next is made.
"""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator, Iterator

import httpx

PIECE = 64 * 1024
_EITHER = zlib.MAX_WBITS | 32
"""Both headers that `gzip` and `deflate` come with."""
_PLAIN = ("", "identity")
_PACKED = ("gzip", "x-gzip", "deflate")


class Unpacker:
    """
    Unpacks the body of one answer.

    Raises:
        httpx.DecodingError: It is coded in a way that is not taken, or does not unpack.
    """

    def __init__(self, response: httpx.Response) -> None:
        coding = response.headers.get("Content-Encoding", "").strip().lower()
        self._request = response.request
        self._inflater = None
        if coding in _PACKED:
            self._inflater = zlib.decompressobj(_EITHER)
        elif coding not in _PLAIN:
            raise httpx.DecodingError("a coding that is not taken", request=self._request)

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what the next bytes unpack to, at most `PIECE` bytes at a time."""
        inflater = self._inflater
        if inflater is None:
            yield data
            return
        while True:
            try:
                piece = inflater.decompress(data, PIECE)
            except zlib.error as exc:
                raise httpx.DecodingError("it does not unpack", request=self._request) from exc
            if piece:
                yield piece
            data = inflater.unconsumed_tail
            if inflater.unused_data:  # kept by zlib, counted by nobody
                raise httpx.DecodingError("bytes after its end", request=self._request)
            if not data and len(piece) < PIECE:
                return


def body_of(response: httpx.Response) -> Iterator[bytes]:
    """Yield an answer's body as it arrives, unpacked; one that was at hand before, at once."""
    if response.is_stream_consumed:
        if response.content:
            yield response.content
        return
    unpacker = Unpacker(response)
    for raw in response.iter_raw():
        yield from unpacker.feed(raw)


async def async_body_of(response: httpx.Response) -> AsyncIterator[bytes]:
    """Yield an answer's body as `body_of` does."""
    if response.is_stream_consumed:
        if response.content:
            yield response.content
        return
    unpacker = Unpacker(response)
    async for raw in response.aiter_raw():
        for data in unpacker.feed(raw):
            yield data
