"""Rows to JSON:API documents: sparse fields, included records, links, cut lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from attrs import frozen

from oro_prima.sandbox.oro.db import Db, Ref, Relation, Row
from oro_prima.sandbox.oro.query import Query
from oro_prima.sandbox.oro.schema import Schema, Version

TO_MANY_OLD, TO_MANY_NEW = 100, 1000
WITHOUT_ROUTES = frozenset({"orderSubtotals"})
"""Relationships that have no address of their own."""
UNCUT = frozenset({"lineItems", "orderSubtotals"})
"""Lists that 6.1 never cuts."""


@frozen
class Writer:
    """
    Writes documents of one request; without `links` where `noHateoas` was asked for.

    Lists that a version cuts are shown `whole` in the answer to a record's creation.
    """

    db: Db
    schemas: Mapping[str, Schema]
    version: Version
    query: Query
    base: str
    links: bool = True
    whole: bool = False

    def one(self, row: Row) -> dict[str, object]:
        """Return the document of one row."""
        return self._with_included({"data": self.resource(row)}, [row])

    def written(self, row: Row, made: Mapping[Ref, Ref]) -> dict[str, object]:
        """Return the document of a written row; what was made along is under the caller's ids."""
        document = self.one(row)
        if self.query.include and self.version == "6.1":  # read anew: what was sent is forgotten
            return document
        beside = self._beside(made)
        return {**document, "included": beside} if beside else document

    def batch(self, rows: Sequence[tuple[str, Row]], made: Mapping[Ref, Ref]) -> dict[str, object]:
        """Return the document of a batch: each row, with the id that was sent for it."""
        data = [
            {**self.resource(row), **({"meta": {"dataId": key}} if key else {})}
            for key, row in rows
        ]
        beside = self._beside(made)
        return {"data": data, "included": beside} if beside else {"data": data}

    def _beside(self, made: Mapping[Ref, Ref]) -> list[dict[str, object]]:
        return [
            {**self.resource(self.db.need(ref)), "meta": {"includeId": key}}
            for (_kind, key), ref in made.items()
            if self.db.get(*ref) is not None
        ]

    def several(self, rows: Sequence[Row]) -> dict[str, object]:
        """Return the document of a list, without paging links."""
        return self._with_included({"data": [self.resource(row) for row in rows]}, rows)

    def _with_included(self, document: dict[str, object], rows: Sequence[Row]) -> dict[str, object]:
        found: dict[Ref, Row] = {}
        for path in self.query.include:
            self._collect(rows, path.split("."), found)
        main = {(row.type, row.id) for row in rows}
        included = [self.resource(row) for ref, row in found.items() if ref not in main]
        return {**document, "included": included} if included else document

    def _collect(self, rows: Iterable[Row], path: Sequence[str], found: dict[Ref, Row]) -> None:
        targets: list[Row] = []
        for row in rows:
            schema = self.schemas.get(row.type)
            if schema is None or path[0] not in schema.relations or not self._shows(row, path[0]):
                continue
            for kind, key in _refs(self._cut(path[0], row.relations.get(path[0]))):
                target = self.db.get(kind, key)
                if target is not None:
                    found.setdefault((kind, key), target)
                    targets.append(target)
        if len(path) > 1 and targets:
            self._collect(targets, path[1:], found)

    def _shows(self, row: Row, name: str) -> bool:
        asked = self.query.fields.get(row.type)
        return asked is None or name in asked

    def resource(self, row: Row) -> dict[str, object]:
        """Return one resource object."""
        schema = self.schemas.get(row.type) or Schema(row.type, dict.fromkeys(row.attributes, ""))
        tree: dict[str, object] = {"type": row.type, "id": row.id}
        url = f"{self.base}/{row.type}/{row.id}"
        if self.query.titles:
            tree["meta"] = {"title": _title(row)}
        if self.links and schema.has_items:
            tree["links"] = {"self": url}
        attributes = {
            name: row.attributes.get(name) for name in schema.attributes if self._shows(row, name)
        }
        if attributes:
            tree["attributes"] = attributes
        relations = {
            name: self._relation(url, name, row)
            for name in schema.relations
            if self._shows(row, name)
        }
        if relations:
            tree["relationships"] = relations
        return tree

    def _relation(self, url: str, name: str, row: Row) -> dict[str, object]:
        many = self.schemas[row.type].relations[name][1]
        relation = self._cut(name, row.relations.get(name))
        shown = [_linkage(ref) for ref in _refs(relation)]
        data = shown if many else _single(relation)
        if not self.links or name in WITHOUT_ROUTES or not self.schemas[row.type].has_routes:
            return {"data": data}
        links = {"self": f"{url}/relationships/{name}", "related": f"{url}/{name}"}
        if len(shown) < len(row.many(name)):
            links["next"] = f"{links['self']}?page%5Bnumber%5D=2"
        return {"links": links, "data": data}

    def _cut(self, name: str, relation: Relation) -> Relation:
        """Cut a list as the version does; a `next` beside it is the only sign."""
        if not isinstance(relation, list) or self.whole:
            return relation
        if self.version == "6.1":
            return relation if name in UNCUT else relation[:TO_MANY_NEW]
        return relation[:TO_MANY_OLD]


def _refs(relation: Relation) -> list[Ref]:
    if relation is None:
        return []
    return relation if isinstance(relation, list) else [relation]


def _single(relation: Relation) -> dict[str, str] | None:
    return None if relation is None or isinstance(relation, list) else _linkage(relation)


TITLES = ("name", "identifier", "sku", "email", "label", "string", "code")
"""Members that a record may be called by."""


def _title(row: Row) -> str:
    return next((str(row.attributes[name]) for name in TITLES if row.attributes.get(name)), "")


def _linkage(ref: Ref) -> dict[str, str]:
    return {"type": ref[0], "id": ref[1]}
