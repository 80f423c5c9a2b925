"""XML as the sandbox's Prima reads and writes it: no DTD, alphabetical attributes, one line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from xml.parsers import expat
from xml.sax.saxutils import escape

from attrs import field, frozen


@frozen
class Node:
    """
    One element: name, attributes, children, text.

    `name` is `namespace}local` where it was read with namespaces and has one.
    """

    name: str
    attributes: Mapping[str, str] = field(factory=dict[str, str])
    children: tuple[Node, ...] = ()
    text: str = ""

    def all(self, name: str) -> Iterator[Node]:
        """Return the children of that name, compared without case."""
        wanted = name.casefold()
        return (child for child in self.children if child.name.casefold() == wanted)

    def get(self, name: str) -> str:
        """Return an attribute, its name compared exactly and then without case; else empty."""
        if name in self.attributes:
            return self.attributes[name]
        wanted = name.casefold()
        found = (value for key, value in self.attributes.items() if key.casefold() == wanted)
        return next(found, "")


class BadXml(Exception):  # noqa: N818 - an answer of the sandbox, never an error of its user
    """A document that cannot be read; `root` is the root's start tag if it came that far."""

    def __init__(self, why: str, root: Node | None) -> None:
        super().__init__(why)
        self.root = root


class _Reader:
    """Builds nodes from the parser's events; the outermost is a frame of its own."""

    def __init__(self) -> None:
        self.start_tag: Node | None = None
        self._frames: list[tuple[Node, list[Node], list[str]]] = [(Node(""), [], [])]

    @property
    def root(self) -> Node:
        return self._frames[0][1][0]

    def start(self, name: str, attributes: dict[str, str]) -> None:
        node = Node(name, attributes)
        self.start_tag = self.start_tag or node
        self._frames.append((node, [], []))

    def text(self, data: str) -> None:
        self._frames[-1][2].append(data)

    def end(self, _name: str) -> None:
        node, children, parts = self._frames.pop()
        done = Node(node.name, node.attributes, tuple(children), "".join(parts))
        self._frames[-1][1].append(done)

    def refuse(self, *_args: object) -> None:
        raise BadXml("a DOCTYPE or an entity is declared", self.start_tag)


def read_xml(data: bytes, *, namespaces: bool = False) -> Node:
    """
    Read a document whose bytes are UTF-8 whatever it declares; refuses DOCTYPE and entities.

    Raises:
        BadXml: not well-formed, or with a DTD.
    """
    reader = _Reader()
    parser = expat.ParserCreate("utf-8", "}" if namespaces else None)
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = reader.refuse
    parser.EntityDeclHandler = reader.refuse
    try:
        parser.Parse(data, True)
    except expat.ExpatError as exc:
        raise BadXml(f"line {exc.lineno}", reader.start_tag) from exc
    return reader.root


def write_xml(node: Node) -> str:
    """
    Write an element on one line: attributes in alphabetical order, blanks present.

    A line break inside an attribute stays raw, as in Prima's rejections.
    """
    names = sorted(node.attributes)
    head = " ".join((node.name, *(f"{name}={_quoted(node.attributes[name])}" for name in names)))
    inner = "".join((escape(node.text), *(write_xml(child) for child in node.children)))
    return f"<{head}>{inner}</{node.name}>" if inner else f"<{head}/>"


def _quoted(value: str) -> str:
    return f'"{escape(value, {chr(34): "&quot;"})}"'
