"""Reading through the API: lists, single records, sub-resources and relationships."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar
from urllib.parse import quote

from attrs import frozen

from oro_prima.call import Headers
from oro_prima.sandbox.oro.batch import Operation
from oro_prima.sandbox.oro.db import Ref, Row
from oro_prima.sandbox.oro.document import Writer
from oro_prima.sandbox.oro.effective import computed_rows
from oro_prima.sandbox.oro.matching import matches, sorted_rows
from oro_prima.sandbox.oro.problems import (
    Problem,
    RefusedError,
    not_found,
)
from oro_prima.sandbox.oro.query import COMPUTED, Query, read_query
from oro_prima.sandbox.oro.schema import Schema
from oro_prima.sandbox.oro.shop import Shop

NEEDED: Mapping[str, tuple[str, ...]] = {
    "ordersubtotals": ("order",),
    "productprices": ("priceList",),
    "customerprices": ("customer", "website", "product"),
    "productkitprices": ("customer", "website", "product", "unit", "quantity"),
}
"""Filters without which a list is not given."""

T = TypeVar("T")
Pairs = Iterable[tuple[str, str]]


@frozen
class Listed:
    """The document of an answer, and header fields beside it."""

    document: dict[str, object]
    headers: Headers = ()


class Reading:
    """What GET does on the records of one shop."""

    def __init__(self, shop: Shop, schemas: Mapping[str, Schema], *, base: str) -> None:
        self._shop, self._schemas, self.base = shop, schemas, base

    def list(self, kind: str, pairs: Pairs, include: frozenset[str]) -> Listed:
        """Return a page of a list."""
        schema = self._schemas[kind]
        pairs = tuple(pairs)
        query = read_query(pairs, schema, self._schemas, version=self._shop.version)
        given = {condition.path[0] for condition in query.conditions}
        lacking = [name for name in NEEDED.get(kind, ()) if name not in given]
        if lacking:
            details = (f'The "{name}" filter is required.' for name in lacking)
            raise RefusedError(*(Problem(400, "filter constraint", text) for text in details))
        if kind in COMPUTED:
            rows = computed_rows(kind, pairs, self._shop.db, now=self._shop.now())
        else:
            rows = [row for row in self._shop.db.rows(kind) if self._meets(row, query)]
        ordered = sorted_rows(rows, query) if schema.paged else rows
        return self._page(kind, ordered, query, include, f"/{kind}", pairs)

    def chosen(self, kind: str, pairs: Pairs) -> tuple[str, ...]:
        """Return the ids that a deletion by filter names; a filter there must be."""
        query = read_query(pairs, self._schemas[kind], self._schemas, version=self._shop.version)
        if not query.conditions:
            detail = "At least one filter must be provided."
            raise RefusedError(Problem(400, "filter constraint", detail))
        return tuple(row.id for row in self._shop.db.rows(kind) if self._meets(row, query))

    def _meets(self, row: Row, query: Query) -> bool:
        version, db = self._shop.version, self._shop.db
        return all(matches(row, c, db, query, version) for c in query.conditions)

    def one(self, kind: str, key: str, pairs: Pairs, include: frozenset[str]) -> Listed:
        """Return one record."""
        row = self.row(kind, key)
        query = self.shape(kind, pairs)
        return self._alone(self.writer(query, include).one(row), f"/{kind}", include)

    def _alone(self, document: dict[str, object], path: str, include: frozenset[str]) -> Listed:
        links = {} if "noHateoas" in include else {"links": {"self": f"{self.base}{path}"}}
        return Listed({**document, **links})

    def row(self, kind: str, key: str) -> Row:
        """Return a record that exists; raises `RefusedError`."""
        if self._schemas[kind].numbered and not key.isdigit():
            detail = f'Expected integer value. Given "{key}".'
            raise RefusedError(Problem(400, "entity identifier constraint", detail))
        row = self._shop.db.get(kind, key)
        if row is None:
            raise RefusedError(not_found())
        return row

    def shape(self, kind: str, pairs: Pairs) -> Query:
        """Read a query that only shapes the answer."""
        schema, version = self._schemas[kind], self._shop.version
        return read_query(pairs, schema, self._schemas, version=version, single=True)

    def related(
        self, kind: str, key: str, name: str, pairs: Pairs, include: frozenset[str]
    ) -> Listed:
        """Return a sub-resource."""
        row, target, many = self.relation(kind, key, name)
        if not many:
            ref = row.one(name)
            found = self._shop.db.get(*ref) if ref else None
            query = self.shape(target, pairs) if target in self._schemas else Query()
            writer = self.writer(query, include)
            document: dict[str, object] = writer.one(found) if found else {"data": None}
            return self._alone(document, f"/{kind}/{key}/{name}", include)
        pairs = tuple(pairs)
        query = read_query(pairs, self._schemas[target], self._schemas, version=self._shop.version)
        self._refuse_total(include)
        rows = [self._shop.db.need(ref) for ref in row.many(name)]
        rows = [one for one in rows if self._meets(one, query)]
        return self._page(target, rows, query, include, f"/{kind}/{key}/{name}", pairs)

    def relationship(
        self, kind: str, key: str, name: str, pairs: Pairs, include: frozenset[str]
    ) -> Listed:
        """Return a relationship: ten identifiers unless asked otherwise, and no `next`."""
        row, target, many = self.relation(kind, key, name)
        if not many:
            ref = row.one(name)
            data = self._identifier(ref, include) if ref else None
            return self._related_to({"data": data}, f"/{kind}/{key}", name, include)
        self._refuse_total(include)
        schema = self._schemas.get(target, Schema(target))
        query = read_query(pairs, schema, self._schemas, version=self._shop.version)
        chosen = _slice(row.many(name), query)
        total = (("X-Include-Total-Count", str(len(row.many(name)))),)
        rows = [self._identifier(ref, include) for ref in chosen]
        place = f"/{kind}/{key}"
        found = self._related_to({"data": rows}, place, name, include, query, tuple(pairs))
        return Listed(found.document, total if "totalCount" in include else ())

    def _identifier(self, ref: Ref, include: frozenset[str]) -> dict[str, object]:
        tree: dict[str, object] = {"type": ref[0], "id": ref[1]}
        schema = self._schemas.get(ref[0])
        if "noHateoas" in include or schema is None or not schema.has_items:
            return tree
        return {**tree, "links": {"self": f"{self.base}/{ref[0]}/{ref[1]}"}}

    def _related_to(
        self,
        document: dict[str, object],
        path: str,
        name: str,
        include: frozenset[str],
        query: Query | None = None,
        pairs: Sequence[tuple[str, str]] = (),
    ) -> Listed:
        url = f"{self.base}{path}"
        before = _links(f"{url}/relationships/{name}", query, pairs, more=False) if query else {}
        links = {
            "self": f"{url}/relationships/{name}",
            "related": f"{url}/{name}",
            **{word: link for word, link in before.items() if word != "self"},
        }
        return Listed(document if "noHateoas" in include else {**document, "links": links})

    def _refuse_total(self, include: frozenset[str]) -> None:
        if "totalCount" in include and not self._shop.new:
            raise RefusedError(Problem(500, "error exception"))

    def relation(self, kind: str, key: str, name: str) -> tuple[Row, str, bool]:
        """Return a record, the type that it leads to there, and whether to many."""
        row = self.row(kind, key)
        relation = self._schemas[kind].relations.get(name)
        if relation is None:
            detail = "Unsupported subresource."
            raise RefusedError(Problem(404, "relationship constraint", detail))
        return row, relation[0], relation[1]

    def writer(self, query: Query, include: frozenset[str], *, whole: bool = False) -> Writer:
        """Return a writer of documents."""
        links, version = "noHateoas" not in include, self._shop.version
        return Writer(self._shop.db, self._schemas, version, query, self.base, links, whole)

    def _page(
        self,
        kind: str,
        rows: Sequence[Row],
        query: Query,
        include: frozenset[str],
        path: str,
        pairs: Sequence[tuple[str, str]],
    ) -> Listed:
        page = list(_slice(rows, query)) if self._schemas[kind].paged else list(rows)
        document = self.writer(query, include).several(page)
        if "noHateoas" not in include:
            more = self._has_next(kind, len(rows), query, len(page))
            document = {
                **document,
                "links": _links(f"{self.base}{path}", query, pairs, more=more),
            }
        if "totalCount" not in include:
            return Listed(document)
        total = len(page) if kind == "products" and page else len(rows)
        return Listed(document, (("X-Include-Total-Count", str(total)),))

    def _has_next(self, kind: str, total: int, query: Query, shown: int) -> bool:
        """Tell whether `next` is shown: products never show it; a page size of 0 always."""
        if kind == "products" or query.size == -1 or not self._schemas[kind].paged:
            return False
        return query.size == 0 or (query.number - 1) * query.size + shown < total

    def operation_errors(
        self, operation: Operation, pairs: Pairs, include: frozenset[str]
    ) -> Listed:
        """Return a page of an operation's errors."""
        query = read_query(
            pairs, Schema("asyncoperationerrors"), self._schemas, version=self._shop.version
        )
        trees = list(_slice(operation.error_trees(), query))
        path = f"{self.base}/asyncoperations/{operation.id}/errors"
        more = query.size > 0 and query.number * query.size < len(operation.errors)
        links = _links(path, query, tuple(pairs), more=more)
        total = (("X-Include-Total-Count", str(len(operation.errors))),)
        shown = total if "totalCount" in include else ()
        return Listed({"data": trees, "links": links}, shown)


def _slice(items: Sequence[T], query: Query) -> Sequence[T]:
    if query.size == -1:
        return items
    start = (query.number - 1) * query.size
    return items[start : start + query.size]


def _links(
    url: str, query: Query, pairs: Sequence[tuple[str, str]], *, more: bool
) -> dict[str, str]:
    links = {"self": url}
    if query.number > 1:
        links["first"] = _with_page(url, pairs, 1)
        links["prev"] = _with_page(url, pairs, query.number - 1)
    if more:
        links["next"] = _with_page(url, pairs, query.number + 1)
    return links


def _with_page(url: str, pairs: Sequence[tuple[str, str]], number: int) -> str:
    kept = [(key, value) for key, value in pairs if key != "page[number]"]
    if number > 1:
        kept.append(("page[number]", str(number)))
    text = "&".join(f"{quote(key)}={quote(value)}" for key, value in kept)
    return f"{url}?{text}" if text else url
