"""
The bytes of an answer brought to UTF-8, whatever they are declared to be.

A declaration is often false: the adapter writes UTF-8, the document inside says ISO-8859-1, and a
proxy may have changed either. So the bytes themselves are asked. UTF-16 shows by its first two
bytes. In everything else a sequence that is valid UTF-8 is read as such, and any other byte as
windows-1252, which holds all printable letters of ISO-8859-1. What cannot be told apart is a text
in an 8-bit code whose letters happen to spell a valid UTF-8 sequence, such as `Ã©`.
"""

from __future__ import annotations

import codecs

_BY_BYTE = "oro_prima.by_byte"
_UNREADABLE = "\uffff"
"""Written where UTF-16 is broken: no XML parser accepts it."""


def encoding_of(head: bytes) -> str:
    r"""
    Return how bytes are read that begin with these two.

    >>> encoding_of(b"<?"), encoding_of(b"<\0")
    ('utf-8', 'utf-16-le')
    """
    if head[:2] == codecs.BOM_UTF16_LE or head[1:2] == b"\0":
        return "utf-16-le"
    if head[:2] == codecs.BOM_UTF16_BE or head[:1] == b"\0":
        return "utf-16-be"
    return "utf-8"


class Utf8Stream:
    """Brings bytes to UTF-8 as they arrive; where they were cut changes nothing."""

    def __init__(self) -> None:
        self._head: bytes | None = b""
        self._plain = self._waits = False
        self._decoder = _decoder("utf-8")

    def feed(self, data: bytes) -> bytes:
        """Return what can be read so far; an unfinished sequence waits for its next bytes."""
        if self._head is not None:
            data = self._begin(data, enough=2)
        if self._plain and not self._waits and data.isascii():
            return data  # as every evidenced answer is
        text = self._decoder.decode(data)
        self._waits = bool(self._decoder.getstate()[0])
        return text.encode("utf-8")

    def close(self) -> bytes:
        """Return what still waits."""
        rest = b"" if self._head is None else self._begin(b"", enough=0)
        return self._decoder.decode(rest, True).encode("utf-8")

    def _begin(self, data: bytes, *, enough: int) -> bytes:
        """Look at the first bytes once there are enough of them; a byte-order mark is dropped."""
        head = (self._head or b"") + data
        if len(head) < enough:
            self._head = head
            return b""
        self._head, encoding = None, encoding_of(head)
        self._decoder, self._plain = _decoder(encoding), encoding == "utf-8"
        marked = head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
        return head[2:] if marked else head


def _decoder(encoding: str) -> codecs.IncrementalDecoder:
    return codecs.getincrementaldecoder(encoding)(_BY_BYTE)


def _by_byte(error: UnicodeError) -> tuple[str, int]:
    """Read the bytes that are no UTF-8 as windows-1252, the few that it lacks as ISO-8859-1."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    if error.encoding != "utf-8":
        return _UNREADABLE, error.end
    wrong = error.object[error.start : error.end]
    return "".join(_letter(byte) for byte in wrong), error.end


def _letter(byte: int) -> str:
    raw = bytes((byte,))
    try:
        return raw.decode("cp1252")
    except UnicodeDecodeError:
        return raw.decode("iso-8859-1")


codecs.register_error(_BY_BYTE, _by_byte)
