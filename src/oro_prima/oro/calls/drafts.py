"""
Documents to send: fields in snake case become JSON:API, records in a field become `included`.

Each place of the document is remembered under the name the caller gave it, so that a refusal's
pointer (`/included/1/attributes/value`) comes back as `line_items[1].value`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Generic

from attrs import field, frozen

from oro_prima.converters import is_object
from oro_prima.oro.calls.jsonapi import Tree
from oro_prima.oro.models.filters import is_several
from oro_prima.oro.models.resource import C_co, Fields, Relation, ResourceType, plain_value

Places = Mapping[str, str]
"""JSON pointers into a document, each with the caller's name of what stands there."""

UPDATE: Tree = {"update": True}


@frozen
class Draft:
    """A document to send, and what the caller calls its places."""

    document: Tree
    places: Places


@frozen
class Entry(Generic[C_co]):
    """
    A record of a batch: what is written, of which record; a new one without `key`.

    `upsert` names the fields that it is found by, where the server can; it excludes `key`.
    """

    fields: C_co
    key: str | None = None
    upsert: tuple[str, ...] = ()

    def __attrs_post_init__(self) -> None:
        if self.upsert and self.key is not None:
            msg = "expected a key, or fields that the record is found by, not both"
            raise ValueError(msg)


def draft_record(
    fields: Fields, *, kind: ResourceType, key: str | None = None, meta: Tree | None = None
) -> Draft:
    """
    Write one record as a document.

    A relationship's value is an id, None, or the fields of a record that is written along with
    its owner; the same mapping named twice is one record. A record in a field that has an `id` is
    changed, any other is made.

    Raises:
        ValueError: A name that the type does not have, or a text that is too long: the server
            would fail for ever on it.
    """
    book = _Book()
    data = book.record("/data", "", fields, kind, key, meta)
    return book.draft(data)


def draft_records(entries: Iterable[Entry[Fields]], *, kind: ResourceType) -> Draft:
    """Write records as the document of a batch; raises `ValueError` as `draft_record` does."""
    book = _Book()
    data = [
        book.record(f"/data/{number}", f"[{number}]", one.fields, kind, one.key, _meta(one, kind))
        for number, one in enumerate(entries)
    ]
    return book.draft(data)


def check_lengths(fields: Fields, *, kind: ResourceType) -> None:
    """Raise `ValueError` for a text that is longer than the server can keep."""
    for name, value in fields.items():
        longest = kind.lengths.get(kind.names.get(name, ""), 0)
        if longest and isinstance(value, str) and len(value) > longest:
            msg = f"{kind.name}: {name}: expected at most {longest} characters, got {len(value)}"
            raise ValueError(msg)


def linkage(value: object, relation: Relation) -> object:
    """Write ids as what a relationship leads to."""
    if value is None:
        return None
    if isinstance(value, str):
        return {"type": relation.kind, "id": value}
    if is_several(value) and all(isinstance(one, str) for one in value):
        return [{"type": relation.kind, "id": one} for one in value]
    msg = f"expected an id of {relation.kind}, several, or None"
    raise ValueError(msg)


def _meta(entry: Entry[Fields], kind: ResourceType) -> Tree | None:
    if entry.upsert:
        return {"upsert": [kind.names.get(name, name) for name in entry.upsert]}
    return UPDATE if entry.key is not None else None


@frozen
class _Book:
    """What one document is made of, while it is made."""

    included: list[Tree | None] = field(factory=list["Tree | None"])
    places: dict[str, str] = field(factory=dict[str, str])
    made: dict[int, Tree] = field(factory=dict[int, "Tree"])

    def draft(self, data: object) -> Draft:
        document: Tree = {"data": data}
        if self.included:
            document["included"] = list(self.included)
        return Draft(document, self.places)

    def record(
        self,
        at: str,
        name: str,
        fields: Fields,
        kind: ResourceType,
        key: str | None,
        meta: Tree | None,
    ) -> Tree:
        """Write one record, and what it brings along."""
        check_lengths(fields, kind=kind)
        self.places[at] = name or kind.name
        tree: Tree = {"type": kind.name}
        tree |= {} if key is None else {"id": key}
        tree |= {} if meta is None else {"meta": meta}
        attributes: Tree = {}
        relations: Tree = {}
        for inner, value in fields.items():
            wire = _wire(kind, inner)
            called = f"{name}.{inner}" if name else inner
            if wire in kind.relations:
                self.places[f"{at}/relationships/{wire}"] = called
                relations[wire] = {"data": self._linked(at, called, wire, value, kind)}
            else:
                self.places[f"{at}/attributes/{wire}"] = called
                attributes[wire] = plain_value(value)
        tree |= {"attributes": attributes} if attributes else {}
        return tree | ({"relationships": relations} if relations else {})

    def _linked(self, at: str, name: str, wire: str, value: object, kind: ResourceType) -> object:
        relation = kind.relations[wire]
        if not relation.many:
            return self._target(name, value, wire, kind)
        if not is_several(value):
            msg = f"{name}: expected several ids or records"
            raise ValueError(msg)
        targets: list[object] = []
        for number, one in enumerate(value):
            called = f"{name}[{number}]"
            self.places[f"{at}/relationships/{wire}/data/{number}"] = called
            targets.append(self._target(called, one, wire, kind))
        return targets

    def _target(self, name: str, value: object, wire: str, kind: ResourceType) -> object:
        if not is_object(value):
            return linkage(value, kind.relations[wire])
        part = kind.parts.get(wire)
        if part is None:
            msg = f"{name}: expected an id; its record is written by a call of its own"
            raise ValueError(msg)
        if id(value) not in self.made:
            self.made[id(value)] = self._include(name, value, part)
        return self.made[id(value)]

    def _include(self, name: str, value: Fields, kind: ResourceType) -> Tree:
        number = len(self.included)
        self.included.append(None)
        known = value.get("id")
        key = known if isinstance(known, str) else f"new-{number}"
        told = {inner: one for inner, one in value.items() if inner != "id"}
        meta = None if known is None else UPDATE
        self.included[number] = self.record(f"/included/{number}", name, told, kind, key, meta)
        return {"type": kind.name, "id": key}


def _wire(kind: ResourceType, name: str) -> str:
    wire = kind.names.get(name)
    if wire is None:
        msg = f"{kind.name} has no field {name}; it has {', '.join(sorted(kind.names))}"
        raise ValueError(msg)
    return wire
