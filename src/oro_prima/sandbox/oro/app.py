"""`OroSandbox`: an OroCommerce back office as it behaves, in memory."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from email.utils import format_datetime

from typing_extensions import Unpack

from oro_prima.call import HttpRequest, HttpResponse
from oro_prima.sandbox.oro.answers import fault_answer
from oro_prima.sandbox.oro.api import Api, Kept
from oro_prima.sandbox.oro.furnish import furnish
from oro_prima.sandbox.oro.headers import with_headers, with_token_headers
from oro_prima.sandbox.oro.routes import PREFIX, TOKEN_PATH, operation_name
from oro_prima.sandbox.oro.schema import Release, Version, schemas, shape_of
from oro_prima.sandbox.oro.shop import Shop
from oro_prima.sandbox.oro.tokens import Tokens
from oro_prima.sandbox.oro.views import Basket, BasketWords, Event, Level, OrderLine, OrderView

BROKEN = b'"title": "bad request http exception"'
"""In the refusal of a body that is no JSON: it reached no route."""


class OroSandbox:
    """
    An OroCommerce 5.1 or 6.1 as it behaves; every method is safe to use from any thread.

    Args:
        version: Whose shapes and quirks it has; 6.1.10 is read in source, never recorded.
        now: The clock that `Date`, `createdAt` and token expiry follow.
        client_id, client_secret: The one OAuth application.
        token_seconds: How long a token lasts.
        queue_seconds: How long the message queue waits before a batch is worked through.
    """

    def __init__(
        self,
        *,
        version: Release = "6.1",
        now: Callable[[], datetime],
        client_id: str = "sandbox-client",
        client_secret: str = "sandbox-secret",  # noqa: S107
        token_seconds: int = 3600,
        queue_seconds: float = 0.0,
        base: str = "http://oro.sandbox/admin/api",
    ) -> None:
        self.release: Release = version
        self.version: Version = shape_of(version)
        self._now = now
        self._shop = Shop(version=self.version, now=now)
        self._tokens = Tokens(
            now=now, client_id=client_id, client_secret=client_secret, seconds=token_seconds
        )
        self._api = Api(
            self._shop,
            self._tokens,
            schemas(version),
            now=now,
            queue_seconds=queue_seconds,
            base=base,
        )
        self._lock = threading.RLock()

    def furnish(self) -> None:
        """Add a record of every resource type that has none."""
        with self._lock:
            furnish(self._shop, self._api.schemas)

    def keep(self) -> Kept:
        """Return a copy of all that the shop holds; what was given out stays good."""
        with self._lock:
            return self._api.keep()

    def put_back(self, kept: Kept) -> None:
        """Be again as when `kept` was taken: many tests share one seeded shop."""
        with self._lock:
            self._api.put_back(kept)

    def serve_at(self, base: str) -> None:
        """Say where the API is reached: links in answers start with it."""
        with self._lock:
            self._api.reading.base = base

    # The server

    def handle(self, request: HttpRequest) -> HttpResponse:
        """Answer one request."""
        with self._lock:
            self._api.batches.work()
            answer = self._api.answer(request)
        if request.path == TOKEN_PATH:
            answer = with_token_headers(answer, version=self.version)
        else:
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

    def expire_tokens(self) -> None:
        """Make every token given so far useless."""
        self._tokens.expire()

    @property
    def feature_enabled(self) -> bool:
        """Whether the API is switched on."""
        return self._api.feature_enabled

    @feature_enabled.setter
    def feature_enabled(self, enabled: bool) -> None:
        self._api.feature_enabled = enabled

    @property
    def consumer_running(self) -> bool:
        """Whether the message-queue consumer runs; without it batches stay `new`."""
        return self._api.batches.consumer_running

    @consumer_running.setter
    def consumer_running(self, running: bool) -> None:
        self._api.batches.consumer_running = running

    @property
    def work_seconds(self) -> float:
        """How long a batch is `running` before it ends, once the queue has come to it."""
        return self._api.batches.work_seconds

    @work_seconds.setter
    def work_seconds(self, seconds: float) -> None:
        self._api.batches.work_seconds = seconds

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

    def manage_statuses(self, *codes: str) -> None:
        """Switch external status management on: orders get a `status` of these codes."""
        with self._lock:
            self._shop.manage_statuses(codes)

    def forbid(self, *kinds: str) -> None:
        """Take these types out of the role of the application's user, and give back all others."""
        self._api.forbidden = frozenset(kinds)

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
