"""
Reading answers as they arrive: expat feeding expat, flat in memory, whatever the cut of the bytes.

The outer parser finds the first part with text of `<operation>Response`; its text is a document of
its own, whose declared encoding is false and is overridden. A document type or an entity is refused
in both layers, so no answer can grow beyond the bytes that came.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NoReturn
from xml.parsers import expat

from attrs import define, field, frozen

Attributes = dict[str, str]
Row = Callable[[Attributes], None]

_CHUNK = 64 * 1024
_NUMBERS = re.compile(r"\((\d{3,6})\)")


class RefusedXmlError(ValueError):
    """The document holds what no answer of Prima may hold."""


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


class AnswerReader:
    """
    Reads one SOAP answer.

    Args:
        row: Called with the attributes of every `sku` element; None where there are no rows.
    """

    def __init__(self, row: Row | None = None) -> None:
        self._inner = _Inner(row)
        self._outer = _Outer(self._inner)

    def feed(self, data: bytes) -> None:
        """Take the next bytes; raises `ValueError` for what is no XML or is refused."""
        try:
            self._outer.parser.Parse(data, False)
        except expat.ExpatError as exc:
            raise ValueError(_place(exc)) from None

    def close(self) -> Reading:
        """Return what was read; raises `ValueError` where the answer was cut off."""
        try:
            self._outer.parser.Parse(b"", True)
            self._inner.finish()
        except expat.ExpatError as exc:
            raise ValueError(_place(exc)) from None
        outer, inner = self._outer, self._inner
        return Reading(
            inner.root,
            inner.attributes,
            tuple(inner.items),
            tuple(inner.errors),
            outer.fault(),
            outer.is_soap,
        )


class _Outer:
    """The envelope: hands the text of the output part on, and keeps what a fault says."""

    def __init__(self, inner: _Inner) -> None:
        self.parser = _parser(None)
        self.is_soap = False
        self._inner = inner
        self._path: list[str] = []
        self._fault: dict[str, list[str]] | None = None
        self._chosen = 0
        self._parts = 0
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

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

    def _end(self, _name: str) -> None:
        self._path.pop()

    def _text(self, text: str) -> None:
        if self._fault is not None:
            self._fault.setdefault(self._path[-1], []).append(text)
        elif len(self._path) == 4 and self._path[2].endswith("Response"):
            self._output(text)

    def _output(self, text: str) -> None:
        """Take the first part that has any text; a later one is not looked at."""
        if self._chosen == 0 and text.strip():
            self._chosen = self._parts
        if self._chosen == self._parts:
            self._inner.feed(text)

    def fault(self) -> SoapFault | None:
        """Return the fault, by local names wherever they stand."""
        if self._fault is None:
            return None
        texts = {name: "".join(parts) for name, parts in self._fault.items()}
        message = texts.get("errorMessage", "") + " " + texts.get("faultstring", "")
        return SoapFault(tuple(_NUMBERS.findall(message)), texts.get("requestID", "").strip())


class _Inner:
    """The business answer: root, items, errors, and rows as they come."""

    def __init__(self, row: Row | None) -> None:
        self.root = ""
        self.attributes: Attributes = {}
        self.items: list[Item] = []
        self.errors: list[Attributes] = []
        self._row = row
        self._open: Item | None = None
        self._begun = False
        self._parser = _parser("utf-8")
        self._parser.StartElementHandler = self._first
        if row is None:
            self._parser.EndElementHandler = self._end

    def feed(self, text: str) -> None:
        if not self._begun:
            text = text.lstrip()
            self._begun = bool(text)
        if text:
            self._parser.Parse(text, False)

    def finish(self) -> None:
        if self._begun:
            self._parser.Parse("", True)

    def _first(self, name: str, attributes: Attributes) -> None:
        self.root, self.attributes = name, attributes
        self._parser.StartElementHandler = self._start

    def _start(self, name: str, attributes: Attributes) -> None:
        if self._row is not None and (name == "sku" or name == "SKU"):
            self._row(attributes)
        elif name == "RequestError":
            (self.errors if self._open is None else self._open.errors).append(attributes)
        elif name == "Data":
            item = Item(attributes)
            self.items.append(item)
            self._open = item if self._row is None else None

    def _end(self, name: str) -> None:
        if name == "Data":
            self._open = None


def _parser(encoding: str | None) -> expat.XMLParserType:
    parser = expat.ParserCreate(encoding)
    parser.buffer_text = True
    parser.buffer_size = _CHUNK
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    return parser


def _refuse(*_declaration: object) -> NoReturn:
    msg = "the answer declares a document type or an entity; it is refused"
    raise RefusedXmlError(msg)


def _place(exc: expat.ExpatError) -> str:
    reason = expat.ErrorString(exc.code) or "not well-formed"
    return f"no well-formed XML ({reason}, line {exc.lineno})"
