"""
Reading answers as they arrive: expat feeding expat, flat in memory, whatever the cut of the bytes.

The outer parser finds the first part with text of `<operation>Response`; its text is a document of
its own, whose declared encoding is false and is overridden. A document type or an entity is refused
in both layers, so no answer can grow beyond the bytes that came.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NoReturn, Protocol, runtime_checkable
from xml.parsers import expat

from attrs import define, field, frozen

from oro_prima.prima.calls.encodings import Utf8Stream

Attributes = dict[str, str]
Handler = Callable[[str, list[str]], None]
"""Takes the start of an element: its name, and its attributes as name, value, name, value, …"""

_CHUNK = 64 * 1024
_DEEPEST = 64
_BLANK = " \t\r\n\ufeff"
_ENCODINGS = frozenset({"utf-8", "utf-16", "iso-8859-1", "us-ascii", "windows-1252"})
_INVALID_TOKEN = expat.errors.codes[expat.errors.XML_ERROR_INVALID_TOKEN]
_STRAY = frozenset(
    expat.errors.codes[name]
    for name in (expat.errors.XML_ERROR_SYNTAX, expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT)
)
_NUMBERS = re.compile(r"\(([0-9]{3,6})\)")
_REQUEST_ID = re.compile(r"[0-9A-Za-z:#._-]{1,80}")


class BadAnswerError(ValueError):
    """The bytes are no answer of Prima; the message quotes nothing of them."""


@frozen
class SoapFault:
    """A SOAP fault: the numbers in its message, and the id under which the server logged it."""

    numbers: tuple[str, ...]
    request_id: str


@define
class Item:
    """One `Data` element of an answer, and the errors inside it."""

    attributes: Attributes
    errors: list[Attributes] = field(factory=list[Attributes])


@frozen
class Reading:
    """What an answer said, before anybody judges it."""

    root: str = ""
    attributes: Mapping[str, str] = field(factory=dict[str, str])
    items: tuple[Item, ...] = ()
    errors: tuple[Attributes, ...] = ()
    fault: SoapFault | None = None
    is_soap: bool = False


def attribute(attributes: Mapping[str, str], name: str) -> str | None:
    """Return an attribute by its exact name, else without case; None where it is absent."""
    value = attributes.get(name)
    if value is not None:
        return value
    wanted = name.lower()
    return next((text for key, text in attributes.items() if key.lower() == wanted), None)


def named(attributes: list[str]) -> Attributes:
    """Return attributes in document order by their names."""
    return dict(zip(attributes[::2], attributes[1::2], strict=True))


class Rows(Protocol):
    """Takes rows out of an answer while it arrives."""

    def over(self, other: Handler) -> Handler:
        """Return a handler that takes the elements of rows and leaves the rest to `other`."""
        ...


@runtime_checkable
class WholeRows(Rows, Protocol):
    """Takes the whole document: besides the elements its root, texts and ends of elements."""

    def begin(self, name: str, attributes: Attributes) -> None:
        """Take the root."""
        ...

    def text(self, text: str) -> None:
        """Take a piece of text."""
        ...

    def end(self, name: str) -> None:
        """Take the end of an element."""
        ...


class AnswerReader:
    """
    Reads one SOAP answer.

    Args:
        rows: What takes the rows; None where the answer has none.
    """

    def __init__(self, rows: Rows | None = None) -> None:
        self._inner = _Inner(rows)
        self._outer = _Outer(self._inner)

    def feed(self, data: bytes) -> None:
        """Take the next bytes; raises `BadAnswerError` for what is no XML or is refused."""
        try:
            self._outer.feed(data)
        except expat.ExpatError as exc:
            raise self._broken(exc) from None

    def close(self) -> Reading:
        """Return what was read; raises `BadAnswerError` where the answer was cut off."""
        outer, inner = self._outer, self._inner
        try:
            outer.finish()
            inner.finish()
        except expat.ExpatError as exc:
            raise self._broken(exc) from None
        return Reading(
            inner.root,
            inner.attributes,
            tuple(inner.items),
            tuple(inner.errors),
            outer.fault(),
            outer.is_soap,
        )

    def _broken(self, exc: expat.ExpatError) -> BadAnswerError:
        """Name the first fault in the order of the bytes, wherever those were cut."""
        self._outer.give_what_waits()
        return _not_well_formed(exc)


def _not_well_formed(exc: expat.ExpatError) -> BadAnswerError:
    why = f"no well-formed XML ({_reason(exc.code)})"
    return BadAnswerError(f"{why}: cut off, or something else answers at prima.url")


class _Outer:
    """The envelope: hands the text of the output part on, and keeps what a fault says."""

    def __init__(self, inner: _Inner) -> None:
        self.is_soap = False
        self._inner = inner
        self._path: list[str] = []
        self._fault: dict[str, list[str]] | None = None
        self._parts = self._chosen = self._passed_over = 0
        self._bytes = Utf8Stream()
        self._parser = parser = hardened_parser("utf-8")
        parser.XmlDeclHandler = _known_encoding
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text

    def feed(self, data: bytes) -> None:
        self._parser.Parse(self._bytes.feed(data), False)

    def finish(self) -> None:
        self._parser.Parse(self._bytes.close(), False)
        self._parser.Parse(b"", True)

    def give_what_waits(self) -> None:
        """Hand on the text that the parser still keeps, so that its faults come first."""
        try:
            self._parser.buffer_text = False
        except expat.ExpatError as exc:
            raise _not_well_formed(exc) from None

    def _start(self, name: str, _attributes: Attributes) -> None:
        local = name.rpartition(":")[2]
        self._path.append(local)
        depth = len(self._path)
        if depth == 2 and self._path == ["Envelope", "Body"]:
            self.is_soap = True
        elif depth == 3 and local == "Fault" and self.is_soap:
            self._fault = {}
        elif depth == 4 and self.is_soap and self._path[2].endswith("Response"):
            self._parts += 1
        elif depth > _DEEPEST:
            raise BadAnswerError("elements are nested too deeply")

    def _end(self, _name: str) -> None:
        self._path.pop()

    def _text(self, text: str) -> None:
        if self._fault is not None and self._path[2:3] == ["Fault"]:
            self._fault.setdefault(self._path[-1], []).append(text)
        elif self._parts and len(self._path) == 4:
            self._output(text)

    def _output(self, text: str) -> None:
        """Take the first part whose text is a document; a return value before it is none."""
        if not self._chosen and self._passed_over != self._parts and text.strip(_BLANK):
            if text.lstrip(_BLANK).startswith("<"):
                self._chosen = self._parts
            else:
                self._passed_over = self._parts
        if self._chosen == self._parts:
            self._inner.feed(text)

    def fault(self) -> SoapFault | None:
        """Return the fault, by local names wherever they stand."""
        if self._fault is None:
            return None
        texts = {name: "".join(parts).strip() for name, parts in self._fault.items()}
        message = texts.get("errorMessage") or texts.get("faultstring", "")
        request_id = texts.get("requestID", "")
        shown = request_id if _REQUEST_ID.fullmatch(request_id) else ""
        return SoapFault(tuple(dict.fromkeys(_NUMBERS.findall(message))), shown)


class _Inner:
    """The business answer: root, items, errors, and rows as they come."""

    def __init__(self, rows: Rows | None) -> None:
        self.root = ""
        self.attributes: Attributes = {}
        self.items: list[Item] = []
        self.errors: list[Attributes] = []
        self._rows = rows
        self._open: Item | None = None
        self._begun = False
        self._parser = hardened_parser("utf-8")
        self._parser.ordered_attributes = True
        self._parser.StartElementHandler = self._first
        if rows is None:
            self._parser.EndElementHandler = self._end
        elif isinstance(rows, WholeRows):
            self._parser.EndElementHandler = rows.end
            self._parser.CharacterDataHandler = rows.text

    def feed(self, text: str) -> None:
        if not self._begun:
            text = text.lstrip(_BLANK)
            self._begun = True
        self._parser.Parse(text, False)

    def finish(self) -> None:
        if self._begun:
            self._parser.Parse("", True)

    def _first(self, name: str, attributes: list[str]) -> None:
        self.root, self.attributes = name, named(attributes)
        rows, rest = self._rows, self._other
        self._parser.StartElementHandler = rest if rows is None else rows.over(rest)
        if isinstance(rows, WholeRows):
            rows.begin(name, self.attributes)

    def _other(self, name: str, attributes: list[str]) -> None:
        if name == "RequestError":
            (self.errors if self._open is None else self._open.errors).append(named(attributes))
        elif name == "Data" and (attributes or self._rows is None):
            item = Item(named(attributes))
            self.items.append(item)
            self._open = item if self._rows is None else None

    def _end(self, name: str) -> None:
        if name == "Data":
            self._open = None


def hardened_parser(
    encoding: str | None = None, *, namespaces: bool = False
) -> expat.XMLParserType:
    """Return a parser that refuses document types, entities and encodings beyond the usual."""
    parser = expat.ParserCreate(encoding, "}" if namespaces else None)
    parser.buffer_text = True
    parser.buffer_size = _CHUNK
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    if encoding is None:
        parser.XmlDeclHandler = _known_encoding
    return parser


def _reason(code: int) -> str:
    """Name a fault; which of three names a stray character gets depends on the cut of the bytes."""
    return expat.ErrorString(_INVALID_TOKEN if code in _STRAY else code)


def _refuse(*_declaration: object) -> NoReturn:
    raise BadAnswerError("the answer declares a document type or an entity; it is refused")


def _known_encoding(_version: str, encoding: str | None, _standalone: int) -> None:
    if encoding is not None and encoding.lower() not in _ENCODINGS:
        raise BadAnswerError("the answer declares an encoding that SOAP does not use")
