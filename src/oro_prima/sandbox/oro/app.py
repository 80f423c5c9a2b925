"""`OroSandbox`: an OroCommerce back office as it behaves, in memory."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from email.utils import format_datetime

from typing_extensions import Unpack

from oro_prima.call import Headers, HttpRequest, HttpResponse, header
from oro_prima.converters import is_object
from oro_prima.sandbox.oro.answers import fault_answer
from oro_prima.sandbox.oro.batch import Batches, Operation
from oro_prima.sandbox.oro.db import Row
from oro_prima.sandbox.oro.furnish import furnish
from oro_prima.sandbox.oro.headers import with_headers
from oro_prima.sandbox.oro.lists import Listed, Reading
from oro_prima.sandbox.oro.messages import (
    body,
    check_media,
    document,
    is_plain,
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
from oro_prima.sandbox.oro.routes import PREFIX, TOKEN_PATH, operation_name
from oro_prima.sandbox.oro.schema import Version, schemas
from oro_prima.sandbox.oro.shop import Shop
from oro_prima.sandbox.oro.tokens import Tokens
from oro_prima.sandbox.oro.views import Basket, BasketWords, Event, Level, OrderLine, OrderView
from oro_prima.sandbox.oro.writing import Writing

LONGEST_QUERY = 8000
BROKEN = b'"title": "bad request http exception"'
"""In the refusal of a body that is no JSON: it reached no route."""
JSON_TYPE = ("Content-Type", JSON_API)


class OroSandbox:
    """
    An OroCommerce 5.1 or 6.1 as it behaves; every method is safe to use from any thread.

    Args:
        version: Whose shapes and quirks it has.
        now: The clock that `Date`, `createdAt` and token expiry follow.
        client_id, client_secret: The one OAuth application.
        token_seconds: How long a token lasts.
        queue_seconds: How long the message queue waits before a batch is worked through.

    Attributes:
        feature_enabled: Whether the API is switched on.
    """

    def __init__(
        self,
        *,
        version: Version = "6.1",
        now: Callable[[], datetime],
        client_id: str = "sandbox-client",
        client_secret: str = "sandbox-secret",  # noqa: S107
        token_seconds: int = 3600,
        queue_seconds: float = 0.0,
        base: str = "http://oro.sandbox/admin/api",
    ) -> None:
        self.version: Version = version
        self._now = now
        self.feature_enabled = True
        self._schemas = dict(schemas(version))
        self._shop = Shop(version=version, now=now)
        self._writing = Writing(self._shop, self._schemas)
        self._reading = Reading(self._shop, self._schemas, base=base)
        self._batches = Batches(self._shop, self._writing, now=now, queue_seconds=queue_seconds)
        self._tokens = Tokens(
            now=now, client_id=client_id, client_secret=client_secret, seconds=token_seconds
        )
        self._lock = threading.RLock()

    def furnish(self) -> None:
        """Add a record of every resource type that has none."""
        with self._lock:
            furnish(self._shop, self._schemas)

    def serve_at(self, base: str) -> None:
        """Say where the API is reached: links in answers start with it."""
        with self._lock:
            self._reading.base = base

    # The server

    def handle(self, request: HttpRequest) -> HttpResponse:
        """Answer one request."""
        with self._lock:
            self._batches.work()
            answer = self._answer(request)
        if request.path != TOKEN_PATH:
            routed = request.path.startswith(PREFIX) and self.feature_enabled
            routed = routed and BROKEN not in answer.body
            answer = with_headers(
                answer, version=self.version, method=request.method, routed=routed
            )
        date = format_datetime(self._now().replace(microsecond=0), usegmt=True)
        return HttpResponse(answer.status, (*answer.headers, ("Date", date)), answer.body)

    def operation(self, request: HttpRequest) -> str:
        """Name what a request asks for, such as `list_orders` or `batch_inventorylevels`."""
        return operation_name(request)

    def fault_response(self, name: str, request: HttpRequest) -> HttpResponse:
        """Return what a server in trouble answers."""
        token = request.path == TOKEN_PATH
        return fault_answer(name, token=token, version=self.version)

    def _answer(self, request: HttpRequest) -> HttpResponse:
        if request.path == TOKEN_PATH:
            return self._tokens.answer(request, feature_enabled=self.feature_enabled)
        if not request.path.startswith(PREFIX) or not self.feature_enabled:
            problem = Problem(404, "not found http exception")
            return errors_answer((problem,), plain=False, headers=())
        if sum(len(key) + len(value) + 2 for key, value in request.query) > LONGEST_QUERY:
            return HttpResponse(414, (("Content-Type", "text/html"),), b"<html>414</html>")
        if not self._tokens.accepts(request):
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
        if self.version == "5.1":
            return (("WWW-Authenticate", 'WSSE realm="Secured API", profile="UsernameToken"'),)
        return () if header(request.headers, "authorization") else (("WWW-Authenticate", "Bearer"),)

    def _route(self, request: HttpRequest) -> HttpResponse:
        parts = [part for part in request.path.removeprefix(PREFIX).split("/") if part]
        kind = parts[0] if parts else ""
        if kind == "asyncoperations":
            return self._operations(parts, request)
        schema = self._schemas.get(kind)
        if schema is None:
            raise RefusedError(unknown_type() if kind else not_found("No route."))
        methods = schema.list_methods if len(parts) == 1 else schema.item_methods
        if len(parts) > 2:
            methods = ("GET", "PATCH") if len(parts) == 4 else ("GET",)
        if request.method == "OPTIONS":
            allowed = ("Allow", ", ".join(("OPTIONS", *methods)))
            return HttpResponse(200, (allowed, ("Content-Type", JSON_API)))
        if request.method not in methods:
            raise EmptyAnswerError(405, (("Allow", ", ".join(methods)), JSON_TYPE))
        match request.method:
            case "GET":
                return self._get(parts, request)
            case "POST":
                return self._post(kind, request)
            case "PATCH" if len(parts) == 1:
                return self._batch(kind, request)
            case "PATCH" if len(parts) == 4:
                return self._patch_relation(parts, request)
            case "PATCH":
                return self._patch(kind, parts[1], request)
            case "DELETE" if len(parts) == 1:
                return self._delete_list(kind, request)
            case _:
                self._reading.row(kind, parts[1])
                self._shop.db.drop(kind, parts[1])
                return HttpResponse(204)

    def _delete_list(self, kind: str, request: HttpRequest) -> HttpResponse:
        keys = self._reading.chosen(kind, request.query)
        for key in keys:
            self._shop.db.drop(kind, key)
        asked = header(request.headers, "x-include").split(";")
        counts = (("totalCount", "Total"), ("deletedCount", "Deleted"))
        shown = ((f"X-Include-{word}-Count", str(len(keys))) for n, word in counts if n in asked)
        return HttpResponse(204, tuple(shown))

    def _get(self, parts: Sequence[str], request: HttpRequest) -> HttpResponse:
        include = frozenset(header(request.headers, "x-include").split(";"))
        kind, pairs = parts[0], request.query
        if kind == "orders":
            self._shop.note("orders_read", parts[1] if len(parts) > 1 else "")
        match parts:
            case [_]:
                found = self._reading.list(kind, pairs, include)
            case [_, key]:
                found = self._reading.one(kind, key, pairs, include)
            case [_, key, name]:
                found = self._reading.related(kind, key, name, pairs, include)
            case [_, key, "relationships", name]:
                found = self._reading.relationship(kind, key, name, pairs, include)
            case _:
                raise RefusedError(not_found("No route."))
        return document(200, found)

    def _post(self, kind: str, request: HttpRequest) -> HttpResponse:
        data, included = sent(request, kind)
        known = self._writing.upserted(data)
        if known is not None:
            row = self._writing.update(kind, known.id, data, included)
            return self._written(row, request, 200 if self.version == "6.1" else 302)
        row = self._writing.create(kind, data, included)
        return self._written(row, request, 201)

    def _written(self, row: Row, request: HttpRequest, status: int) -> HttpResponse:
        pairs = request.query
        if self.version == "5.1" and request.method == "PATCH":  # sparse fields have no effect
            pairs = tuple(pair for pair in pairs if not pair[0].startswith("fields["))
        query = self._reading.shape(row.type, pairs)
        writer = self._reading.writer(query, frozenset())
        tree = writer.written(row, self._writing.take_made())
        tree["links"] = {"self": f"{self._reading.base}/{row.type}"}
        location = f"http://oro.sandbox{PREFIX}{row.type}/{row.id}"
        headers: Headers = () if status == 200 else (("Location", location),)
        return document(status, Listed(tree, headers))

    def _patch(self, kind: str, key: str, request: HttpRequest) -> HttpResponse:
        data, included = sent(request, kind)
        if data.get("id") != key:
            if not isinstance(data.get("id"), str):
                detail = 'The "id" property should be a string.'
                raise RefusedError(Problem(400, "request data constraint", detail, "/data/id"))
            raise RefusedError(Problem(409, "conflict constraint", pointer="/data/id"))
        self._reading.row(kind, key)
        row = self._writing.update(kind, key, data, included)
        return self._written(row, request, 200)

    def _patch_relation(self, parts: Sequence[str], request: HttpRequest) -> HttpResponse:
        kind, key, _word, name = parts
        if name == "internalStatus":
            raise EmptyAnswerError(405, (("Allow", "GET"), JSON_TYPE))
        data = body(request).get("data")
        ref = (str(data["type"]), str(data["id"])) if is_object(data) else None
        self._writing.set_relation(kind, key, name, ref)
        return HttpResponse(204)

    def _batch(self, kind: str, request: HttpRequest) -> HttpResponse:
        if not request.body:
            detail = "The request data should not be empty."
            raise RefusedError(Problem(400, "request data constraint", detail))
        mode = header(request.headers, "x-mode") if self.version == "6.1" else ""
        if mode not in ("", "sync", "async"):
            detail = "The accepted values for the X-Mode header are: sync, async."
            raise RefusedError(Problem(400, "invalid header value exception", detail))
        if mode != "sync":
            return self._accepted(self._batches.accept(kind, request.body))
        done = self._batches.at_once(kind, request.body)
        if isinstance(done, Operation):
            return self._accepted(done)
        if not done:  # a list that is empty comes alone
            return HttpResponse(200, (JSON_TYPE,), b"[]")
        writer = self._reading.writer(self._reading.shape(kind, ()), frozenset())
        tree = writer.batch(done, self._writing.take_made())
        return document(200, Listed({**tree, "links": {"self": f"{self._reading.base}/{kind}"}}))

    def _accepted(self, operation: Operation) -> HttpResponse:
        place = f"http://oro.sandbox{PREFIX}asyncoperations/{operation.id}"
        return document(202, Listed(self._told(operation), (("Content-Location", place),)))

    def _told(self, operation: Operation) -> dict[str, object]:
        links = {"self": f"{self._reading.base}/asyncoperations/{operation.id}"}
        return {"data": {**operation.tree(), "links": links}}

    def _operations(self, parts: Sequence[str], request: HttpRequest) -> HttpResponse:
        if len(parts) == 1 or (len(parts) == 4 and parts[2] == "relationships"):
            raise EmptyAnswerError(404)
        operation = self._batches.get(parts[1])
        if operation is None:
            raise RefusedError(not_found())
        if len(parts) == 2:
            return document(200, Listed(self._told(operation)))
        if header(request.headers, "x-include") and self.version == "5.1":
            raise RefusedError(Problem(500, "error exception"))
        return document(200, self._reading.operation_errors(operation, request.query))

    def expire_tokens(self) -> None:
        """Make every token given so far useless."""
        self._tokens.expire()

    @property
    def consumer_running(self) -> bool:
        """Whether the message-queue consumer runs; without it batches stay `new`."""
        return self._batches.consumer_running

    @consumer_running.setter
    def consumer_running(self, running: bool) -> None:
        self._batches.consumer_running = running

    # Shoppers, administrators, tests

    def add_customer(
        self, name: str, *, parent: str | None = None, group: str | None = None
    ) -> str:
        """Add a customer organisation; returns its id."""
        with self._lock:
            return self._shop.add_customer(name, parent=parent, group=group)

    def add_product(
        self,
        sku: str,
        *,
        units: Sequence[tuple[str, int, Decimal]],
        name: str | None = None,
        manage_inventory: bool = True,
        decrement: bool = True,
        back_order: bool = False,
    ) -> str:
        """Add a product with (unit, precision, conversion rate) each; the first is primary."""
        with self._lock:
            return self._shop.add_product(
                sku,
                units=units,
                name=name,
                manage_inventory=manage_inventory,
                decrement=decrement,
                back_order=back_order,
            )

    def set_level(self, sku: str, unit: str, quantity: Decimal) -> None:
        """Set a level by hand, as an administrator would."""
        with self._lock:
            self._shop.set_level(sku, unit, quantity)

    def level(self, sku: str, unit: str) -> Level:
        """Return the level of a product unit."""
        with self._lock:
            return self._shop.level(sku, unit)

    def levels(self) -> tuple[Level, ...]:
        """Return every level."""
        with self._lock:
            return self._shop.levels()

    def checkout(
        self, customer: str, lines: Sequence[OrderLine], **words: Unpack[BasketWords]
    ) -> str:
        """
        Buy in the storefront; returns the order's id.

        Raises:
            OutOfStock: a managed level does not allow it.
        """
        with self._lock:
            return self._shop.checkout(customer, lines, Basket(**words))

    def place_order(
        self, customer: str, lines: Sequence[OrderLine], **words: Unpack[BasketWords]
    ) -> str:
        """Write an order as the back office does: stock stays as it is; returns its id."""
        with self._lock:
            return self._shop.place_order(customer, lines, Basket(**words))

    def set_internal_status(self, order: str, code: str) -> None:
        """Move an order on as a person or a workflow does."""
        with self._lock:
            self._shop.set_internal_status(order, code)

    def start_promotion(self, share: Decimal) -> None:
        """
        Start a promotion that takes a share off the subtotal; 0 ends it.

        As on 6.1, also of orders older than it, with their next write, unless they take none.
        """
        with self._lock:
            self._shop.promotion = share

    def delete_order(self, order: str) -> None:
        """Delete an order, and its sub-orders with it."""
        with self._lock:
            self._shop.delete_order(order)

    def orders(self) -> tuple[OrderView, ...]:
        """Return every order, by id."""
        with self._lock:
            return self._shop.orders()

    @property
    def log(self) -> list[Event]:
        """What happened, in order: API writes of levels, readings of orders, checkouts."""
        return self._shop.log
