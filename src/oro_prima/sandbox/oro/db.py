"""The shop's records in memory: rows of a type, found by id."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from attrs import define, field

Ref: TypeAlias = tuple[str, str]
"""Resource type and id."""

Relation: TypeAlias = Ref | list[Ref] | None


@define
class Row:
    """One record: attributes as they go over the wire, relationships by type and id."""

    type: str
    id: str
    attributes: dict[str, object] = field(factory=dict[str, object])
    relations: dict[str, Relation] = field(factory=dict[str, Relation])

    def one(self, name: str) -> Ref | None:
        """Return a to-one relationship."""
        relation = self.relations.get(name)
        return relation if isinstance(relation, tuple) else None

    def many(self, name: str) -> list[Ref]:
        """Return a to-many relationship."""
        relation = self.relations.get(name)
        return relation if isinstance(relation, list) else []

    def copy(self) -> Row:
        """Return the same record once more."""
        relations = {
            name: list(relation) if isinstance(relation, list) else relation
            for name, relation in self.relations.items()
        }
        return Row(self.type, self.id, dict(self.attributes), relations)

    def forget(self, ref: Ref) -> None:
        """Lead to a record no longer."""
        for name, relation in self.relations.items():
            if relation == ref:
                self.relations[name] = None
            elif isinstance(relation, list) and ref in relation:
                relation.remove(ref)


class Db:
    """All rows of one shop."""

    def __init__(self) -> None:
        self._tables: dict[str, dict[str, Row]] = {}
        self._next: dict[str, int] = {}
        self._added: list[Ref] = []

    def add(self, kind: str, *, key: str = "") -> Row:
        """Add a row with the next number of its type, or with an id of its own."""
        if not key:
            number = self._next.get(kind, 1)
            self._next[kind] = number + 1
            key = str(number)
        row = Row(kind, key)
        self._tables.setdefault(kind, {})[key] = row
        self._added.append((kind, key))
        return row

    @property
    def added(self) -> int:
        """How many rows were ever added."""
        return len(self._added)

    def drop_since(self, added: int) -> None:
        """Remove the rows that were added since so many had been."""
        for kind, key in self._added[added:]:
            self.drop(kind, key)

    def get(self, kind: str, key: str) -> Row | None:
        """Return a row."""
        return self._tables.get(kind, {}).get(key)

    def need(self, ref: Ref) -> Row:
        """Return a row that is known to be there."""
        return self._tables[ref[0]][ref[1]]

    def rows(self, kind: str) -> Iterator[Row]:
        """Return the rows of a type in the order they were added."""
        return iter(list(self._tables.get(kind, {}).values()))

    def copy(self) -> Db:
        """Return the same rows once more; values are never changed in place, lists of links are."""
        other = Db()
        other._next = dict(self._next)
        other._tables = {
            kind: {key: row.copy() for key, row in table.items()}
            for kind, table in self._tables.items()
        }
        return other

    def drop(self, kind: str, key: str) -> None:
        """Remove a row, and what leads to it."""
        self._tables.get(kind, {}).pop(key, None)
        ref = (kind, key)
        for table in self._tables.values():
            for row in table.values():
                row.forget(ref)
