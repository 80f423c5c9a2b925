"""The API of a shop: which route a request takes, and what is answered there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from attrs import frozen

from oro_prima.call import Headers, HttpRequest, HttpResponse, header
from oro_prima.sandbox.oro.batch import Batches, Operation
from oro_prima.sandbox.oro.checks import refs_of
from oro_prima.sandbox.oro.db import Row
from oro_prima.sandbox.oro.lists import Listed, Reading
from oro_prima.sandbox.oro.messages import (
    asks_to_validate,
    body,
    check_media,
    document,
    is_plain,
    refuse_empty,
    refuse_other_id,
    refuse_plain,
    sent,
)
from oro_prima.sandbox.oro.problems import (
    JSON_API,
    EmptyAnswerError,
    Problem,
    RefusedError,
    errors_answer,
    not_found,
    unknown_type,
)
from oro_prima.sandbox.oro.routes import PREFIX, STOREFRONT, TOKEN_PATH
from oro_prima.sandbox.oro.schema import Schema
from oro_prima.sandbox.oro.shop import Shop, ShopState
from oro_prima.sandbox.oro.tokens import Tokens
from oro_prima.sandbox.oro.writing import Tree, Writing

LONGEST_QUERY = 8000
READ_ONLY = frozenset({"createdBy", "internalStatus", "orderSubtotals"})
"""Relationships that the shop sees to itself."""
JSON_TYPE = ("Content-Type", JSON_API)


@frozen
class Kept:
    """All that a shop held at one moment."""

    shop: ShopState
    batches: Mapping[str, Operation]


class Api:
    """
    Answers requests to one shop.

    Attributes:
        feature_enabled: Whether the API is switched on.
        forbidden: Types that the role of the application's user does not cover.
    """

    def __init__(
        self,
        shop: Shop,
        tokens: Tokens,
        types: Mapping[str, Schema],
        *,
        now: Callable[[], datetime],
        queue_seconds: float,
        base: str,
    ) -> None:
        self.feature_enabled = True
        self.forbidden: frozenset[str] = frozenset()
        self.shop, self.tokens = shop, tokens
        self.schemas = types
        self.writing = Writing(shop, self.schemas)
        self.reading = Reading(shop, self.schemas, base=base)
        self.batches = Batches(shop, self.writing, now=now, queue_seconds=queue_seconds)

    def keep(self) -> Kept:
        """Return a copy of all records and operations."""
        return Kept(self.shop.state(), self.batches.state())

    def put_back(self, kept: Kept) -> None:
        """Hold again what was kept."""
        self.shop.put_back(kept.shop)
        self.batches.put_back(kept.batches)

    def answer(self, request: HttpRequest) -> HttpResponse:
        """Answer one request; the caller holds the lock."""
        if request.path == TOKEN_PATH:
            return self.tokens.answer(request, feature_enabled=self.feature_enabled)
        if request.path.startswith(STOREFRONT) and self.feature_enabled:
            return HttpResponse(401, (JSON_TYPE, *self._storefront_challenge()))
        if not request.path.startswith(PREFIX) or not self.feature_enabled:
            problem = Problem(404, "not found http exception")
            return errors_answer((problem,), plain=False, headers=())
        if sum(len(key) + len(value) + 2 for key, value in request.query) > LONGEST_QUERY:
            return HttpResponse(414, (("Content-Type", "text/html"),), b"<html>414</html>")
        if not self.tokens.accepts(request):
            return HttpResponse(401, self._challenge(request))
        plain = is_plain(request)
        try:
            check_media(request)
        except RefusedError as refused:
            return errors_answer(refused.problems, plain=True, headers=refused.headers)
        try:
            if plain:
                refuse_plain(request)
            return self._route(request)
        except RefusedError as refused:
            return errors_answer(refused.problems, plain=plain, headers=refused.headers)
        except EmptyAnswerError as empty:
            return HttpResponse(empty.status, empty.headers)

    def _challenge(self, request: HttpRequest) -> Headers:
        if self.shop.version == "5.1":
            return (("WWW-Authenticate", 'WSSE realm="Secured API", profile="UsernameToken"'),)
        given = header(request.headers, "authorization").startswith("Bearer ")
        return () if given else (("WWW-Authenticate", "Bearer"),)

    def _storefront_challenge(self) -> Headers:
        """The storefront's API takes no token of the back office; only 5.1 says whose API it is."""
        if self.shop.version != "5.1":
            return ()
        realm = 'WSSE realm="Secured Frontend API", profile="UsernameToken"'
        return (("WWW-Authenticate", realm),)

    def _route(self, request: HttpRequest) -> HttpResponse:
        parts = [part for part in request.path.removeprefix(PREFIX).split("/") if part]
        kind = parts[0] if parts else ""
        if kind == "asyncoperations":
            self._refuse_forbidden(kind, "this type of entities")
            return self._operations(parts, request)
        schema = self.schemas.get(kind)
        if schema is None:
            url = f"{self.reading.base}/"
            no_route = not_found(f'No route found for "{request.method} {url}".')
            raise unknown_type(kind) if kind else RefusedError(no_route)
        methods = schema.list_methods if len(parts) == 1 else schema.item_methods
        if len(parts) > 2:
            methods = self._methods_of(schema, parts)
        if request.method == "OPTIONS":
            return HttpResponse(200, (_allow(methods), JSON_TYPE))
        if request.method not in methods:
            raise EmptyAnswerError(405, (_allow(methods), JSON_TYPE))
        queued = request.method == "PATCH" and len(parts) == 1
        what = "create the asynchronous operation" if queued else "this type of entities"
        self._refuse_forbidden(kind, what)
        if len(parts) == 4 and request.method != "GET":
            return self._change_relation(parts, request)
        match request.method:
            case "GET":
                return self._get(parts, request)
            case "POST":
                return self._post(kind, request)
            case "PATCH" if len(parts) == 1:
                return self._batch(kind, request)
            case "PATCH":
                return self._patch(kind, parts[1], request)
            case "DELETE" if len(parts) == 1:
                return self._delete_list(kind, request)
            case _:
                self.writing.delete(self.reading.row(kind, parts[1]))
                return HttpResponse(204)

    def _methods_of(self, schema: Schema, parts: Sequence[str]) -> tuple[str, ...]:
        """Return what can be done with a relationship; a sub-resource can be read alone."""
        if len(parts) != 4 or parts[3] in READ_ONLY:
            return ("GET",)
        many = schema.relations.get(parts[3], ("", False))[1]
        return ("GET", "PATCH", "POST", "DELETE") if many else ("GET", "PATCH")

    def _refuse_forbidden(self, kind: str, what: str) -> None:
        if kind in self.forbidden:
            detail = f"No access to {what}."
            raise RefusedError(Problem(403, "access denied exception", detail))

    def _delete_list(self, kind: str, request: HttpRequest) -> HttpResponse:
        keys = self.reading.chosen(kind, request.query)
        for key in keys:
            self.writing.delete(self.reading.row(kind, key))
        asked = header(request.headers, "x-include").split(";")
        counts = (("totalCount", "Total"), ("deletedCount", "Deleted"))
        shown = ((f"X-Include-{word}-Count", str(len(keys))) for n, word in counts if n in asked)
        return HttpResponse(204, tuple(shown))

    def _get(self, parts: Sequence[str], request: HttpRequest) -> HttpResponse:
        include = frozenset(header(request.headers, "x-include").split(";"))
        kind, pairs = parts[0], request.query
        if kind == "orders":
            self.shop.note("orders_read", parts[1] if len(parts) > 1 else "")
        match parts:
            case [_]:
                found = self.reading.list(kind, pairs, include)
            case [_, key]:
                found = self.reading.one(kind, key, pairs, include)
            case [_, key, name]:
                found = self.reading.related(kind, key, name, pairs, include)
            case [_, key, "relationships", name]:
                found = self.reading.relationship(kind, key, name, pairs, include)
            case _:
                raise RefusedError(not_found("No route."))
        return document(200, found)

    def _post(self, kind: str, request: HttpRequest) -> HttpResponse:
        data, included = sent(request, kind, self.shop.version)
        if self.shop.new and asks_to_validate(data):
            return self._validated(kind, data, included, request)
        known = self.writing.upserted(data)
        if known is not None:
            row = self.writing.update(kind, known.id, data, included)
            return self._written(row, request, 200 if self.shop.version == "6.1" else 302)
        row = self.writing.create(kind, data, included)
        answer = self._written(row, request, 201)
        if kind == "orders":  # 5.1 fills these in when its answer is out
            row.attributes["identifier"] = row.attributes["identifier"] or row.id
            row.attributes["disablePromotions"] = bool(row.attributes["disablePromotions"])
        return answer

    def _validated(
        self, kind: str, data: Tree, included: Sequence[Tree], request: HttpRequest
    ) -> HttpResponse:
        """Answer as if the record were kept, and keep nothing."""
        before = self.shop.state()
        row = self.writing.create(kind, data, included)
        row.relations.pop("internalStatus", None)
        answer = self._written(row, request, 201)
        self.shop.put_back(before)
        return answer

    def _written(self, row: Row, request: HttpRequest, status: int) -> HttpResponse:
        pairs = request.query
        if self.shop.version == "5.1" and request.method == "PATCH":  # sparse fields have no effect
            pairs = tuple(pair for pair in pairs if not pair[0].startswith("fields["))
        query = self.reading.shape(row.type, pairs)
        writer = self.reading.writer(query, frozenset(), whole=status == 201)
        tree = writer.written(row, self.writing.take_made())
        tree["links"] = {"self": f"{self.reading.base}/{row.type}"}
        location = f"http://oro.sandbox{PREFIX}{row.type}/{row.id}"
        headers: Headers = () if status == 200 else (("Location", location),)
        return document(status, Listed(tree, headers))

    def _patch(self, kind: str, key: str, request: HttpRequest) -> HttpResponse:
        data, included = sent(request, kind, self.shop.version)
        refuse_other_id(data, key)
        self.reading.row(kind, key)
        row = self.writing.update(kind, key, data, included)
        return self._written(row, request, 200)

    def _change_relation(self, parts: Sequence[str], request: HttpRequest) -> HttpResponse:
        kind, key, _word, name = parts
        self.reading.relation(kind, key, name)
        data = body(request, self.shop.version).get("data")
        self.writing.change_links(kind, key, name, refs_of(data), request.method)
        return HttpResponse(204)

    def _batch(self, kind: str, request: HttpRequest) -> HttpResponse:
        refuse_empty(request, self.shop.version)
        mode = header(request.headers, "x-mode") if self.shop.version == "6.1" else ""
        if mode not in ("", "sync", "async"):
            detail = 'The accepted values for the "X-Mode" are "sync" or "async".'
            raise RefusedError(Problem(400, "invalid header value exception", detail))
        if mode != "sync":
            return self._accepted(self.batches.accept(kind, request.body))
        done = self.batches.at_once(kind, request.body)
        if isinstance(done, Operation):
            return self._accepted(done)
        if not done:  # a list that is empty comes alone
            return HttpResponse(200, (JSON_TYPE,), b"[]")
        writer = self.reading.writer(self.reading.shape(kind, ()), frozenset())
        tree = writer.batch(done, self.writing.take_made())
        return document(200, Listed({**tree, "links": {"self": f"{self.reading.base}/{kind}"}}))

    def _accepted(self, operation: Operation) -> HttpResponse:
        place = f"http://oro.sandbox{PREFIX}asyncoperations/{operation.id}"
        return document(202, Listed(self._told(operation), (("Content-Location", place),)))

    def _told(self, operation: Operation) -> dict[str, object]:
        links = {"self": f"{self.reading.base}/asyncoperations/{operation.id}"}
        return {"data": {**operation.tree(), "links": links}}

    def _operations(self, parts: Sequence[str], request: HttpRequest) -> HttpResponse:
        if len(parts) == 1 or (len(parts) == 4 and parts[2] == "relationships"):
            raise EmptyAnswerError(404, (JSON_TYPE,))
        operation = self.batches.get(parts[1])
        if operation is None:
            gone = ("The asynchronous operation does not exist.",) if len(parts) > 2 else ()
            raise RefusedError(not_found(*gone))
        if len(parts) == 2:
            return document(200, Listed(self._told(operation)))
        include = frozenset(header(request.headers, "x-include").split(";"))
        if "totalCount" in include and self.shop.version == "5.1":
            raise RefusedError(Problem(500, "error exception"))
        return document(200, self.reading.operation_errors(operation, request.query, include))


def _allow(methods: Sequence[str]) -> tuple[str, str]:
    """Name the methods of an address in the order of the server."""
    ordered = [one for one in ("GET", "PATCH", "POST", "DELETE") if one in methods]
    return ("Allow", ", ".join(("OPTIONS", *ordered)))
