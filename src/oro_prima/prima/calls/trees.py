"""Small documents kept whole: a tree that paths of a binding are looked up in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.parsers import expat

from attrs import define, field

from oro_prima.prima.calls.encodings import Utf8Stream
from oro_prima.prima.calls.reading import (
    Attributes,
    BadAnswerError,
    Handler,
    attribute,
    hardened_parser,
    named,
)
from oro_prima.prima.models.binding import RecordMap, Texts
from oro_prima.prima.models.bound import Raw

DEEPEST = 64


@define(eq=False)
class Node:
    """One element; names are compared without case and without a prefix."""

    name: str
    attributes: Attributes
    parent: Node | None = None
    children: list[Node] = field(factory=list["Node"])
    texts: list[str] = field(factory=list[str])


class Tree:
    """Builds a tree while a document arrives."""

    def __init__(self) -> None:
        self.top = Node("", {})
        self._open = self.top
        self._depth = 0

    def over(self, other: Handler) -> Handler:
        """Return a handler that adds every element, and hands it on as well."""

        def start(name: str, attributes: list[str]) -> None:
            self.begin(name, named(attributes))
            other(name, attributes)

        return start

    def begin(self, name: str, attributes: Attributes) -> None:
        """Add an element."""
        self._depth += 1
        if self._depth > DEEPEST:
            raise BadAnswerError("elements are nested too deeply")
        node = Node(_local(name), attributes, self._open)
        self._open.children.append(node)
        self._open = node

    def text(self, text: str) -> None:
        """Add a piece of text."""
        self._open.texts.append(text)

    def end(self, _name: str) -> None:
        """Close an element."""
        self._depth -= 1
        self._open = self._open.parent or self.top


def parse_tree(data: bytes) -> Node:
    """
    Read a whole document; its root is the one child of what is returned.

    Raises:
        BadAnswerError: It is no well-formed XML, or declares a document type or an entity.
    """
    tree, stream = Tree(), Utf8Stream()
    parser = hardened_parser("utf-8")
    parser.StartElementHandler = tree.begin
    parser.EndElementHandler = tree.end
    parser.CharacterDataHandler = tree.text
    try:
        parser.Parse(stream.feed(data) + stream.close(), True)
    except expat.ExpatError as exc:
        raise BadAnswerError(f"no well-formed XML ({expat.ErrorString(exc.code)})") from None
    return tree.top


def raw_records(root: Node, mapping: RecordMap) -> Iterator[Raw]:
    """Return the texts of every record below a document's root."""
    for item in _found([root], mapping.items):
        lines = _found([item], mapping.line_items) if mapping.lines else ()
        yield _texts(item, mapping.fields), tuple(_texts(line, mapping.lines) for line in lines)


def _texts(node: Node, places: Texts) -> dict[str, str]:
    return {name: text_at(node, place) for name, place in places}


def text_at(node: Node, place: str) -> str:
    """Return the text at a place as seen from an element; empty where nothing is there."""
    if place.startswith("="):
        return place[1:]
    path, _, last = place.rpartition("/")
    holders = _found([node], path)
    if last.startswith("@"):
        values = (attribute(one.attributes, last[1:]) for one in holders)
    else:
        values = ("".join(one.texts) for one in _found(holders, "" if last == "." else last))
    return next((value for value in values if value is not None), "")


def _found(nodes: Iterable[Node], path: str) -> list[Node]:
    found = list(nodes)
    for step in path.split("/") if path else ():
        if step == "..":
            found = [node.parent for node in found if node.parent is not None]
        else:
            wanted = step.lower()
            found = [c for node in found for c in node.children if c.name.lower() == wanted]
    return found


def _local(name: str) -> str:
    return name.rpartition(":")[2]
