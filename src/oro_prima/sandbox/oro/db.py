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


@define
class _Index:
    """Ids of a type's rows by what they lead to, as far as `seen` of the rows that were added."""

    seen: int
    ids: dict[Ref | None, list[str]] = field(factory=dict[Ref | None, list[str]])


class Db:
    """All rows of one shop."""

    def __init__(self) -> None:
        self._tables: dict[str, dict[str, Row]] = {}
        self._next: dict[str, int] = {}
        self._added: list[Ref] = []
        self._indexes: dict[tuple[str, str], _Index] = {}

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

    def leading_to(self, ref: Ref, *, kind: str, name: str) -> list[Row]:
        """Return the rows of a type whose to-one relationship `name` leads to a record."""
        table, index = self._tables.get(kind, {}), self._indexes.get((kind, name))
        fresh = [key for one, key in self._added[index.seen :] if one == kind] if index else table
        index = self._indexes.setdefault((kind, name), _Index(0))
        index.seen = len(self._added)
        for key in fresh:
            if key in table:
                index.ids.setdefault(table[key].one(name), []).append(key)
        found = (table.get(key) for key in index.ids.get(ref, ()))
        return [row for row in found if row is not None and row.one(name) == ref]

    def moved(self, kind: str) -> None:
        """Say that rows of a type may lead elsewhere now."""
        for key in [key for key in self._indexes if key[0] == kind]:
            del self._indexes[key]

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
