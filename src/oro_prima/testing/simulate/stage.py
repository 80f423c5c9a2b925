"""Where a day plays: a world that stands still, a store on disk, and ports over both."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Literal, cast

from attrs import evolve

from oro_prima.call import HttpRequest
from oro_prima.http.erp import open_prima
from oro_prima.http.retry import evenly
from oro_prima.http.shop import open_oro
from oro_prima.ports import Ports
from oro_prima.sandbox import World, in_process
from oro_prima.sandbox.day import set_up
from oro_prima.sandbox.evidence import gather_facts
from oro_prima.sandbox.invariants import Facts, ShopOrder
from oro_prima.sandbox.transport import SandboxTransport
from oro_prima.stores import SqliteStore
from oro_prima.sync.despatches import despatch_reader
from oro_prima.testing.simulate.line import Line

PURGED = "Purged"
BEGIN = datetime(2025, 3, 3, 8, 0, tzinfo=UTC)
_JSON_API = "application/vnd.api+json"


class Stage:
    """
    One world, one store file, and what the day needs to look at them from outside.

    Attributes:
        store: The store as it is open now; a killed engine leaves it closed.
        totals: Every total an order ever had: what was captured is one of them.
        sold_in_runs: Base units sold while a stock run was at work: the window's bound.
    """

    def __init__(
        self, folder: Path, *, seed: int, size: int, version: Literal["5.1", "6.1"]
    ) -> None:
        self.world = World(seed=seed, size=size, oro_version=version, at=BEGIN)
        self.folder = folder
        self.places = in_process(self.world).places
        self.config = set_up(folder, self.world, self.places)
        self.store = self._open()
        self.totals: dict[str, set[Decimal | None]] = {}
        self.sold_in_runs = 0
        self.look_at_totals()

    def _open(self) -> SqliteStore:
        path = self.config.store.path
        return SqliteStore.open(path, pair=self.config.pair.id, clock=self.world.clock)

    def reopen(self) -> None:
        """Open the store anew, as a new process does."""
        self.store.close()
        self.store = self._open()

    def sleep(self, seconds: float) -> None:
        """Let the day's clock move on; nothing waits."""
        self.world.clock.advance(seconds)

    @contextmanager
    def ports(self, line: Line, step: Callable[[str], None]) -> Generator[Ports, None, None]:
        """Open ports whose requests go over `line`."""
        config, transport = self.config, SandboxTransport(line)
        with (
            open_oro(config.oro, transport=transport, sleep=self.sleep, spread=evenly) as shop,
            open_prima(config.prima, transport=transport, sleep=self.sleep) as erp,
        ):
            ports = Ports(
                shop=shop,
                erp=erp,
                store=self.store,
                clock=self.world.clock,
                sleep=self.sleep,
                pair=config.pair,
                tables=config.tables,
                profile=config.prima.profile,
                zone=config.orders.zone,
                run=config.run,
                erp_timeout=config.prima.connect_timeout + config.prima.read_timeout,
                shop_timeout=config.oro.connect_timeout + config.oro.read_timeout,
                snapshot_timeout=config.prima.snapshot_timeout,
                step=step,
                bindings=config.prima.bindings,
            )
            yield evolve(ports, despatches=despatch_reader(ports))

    def look_at_totals(self) -> None:
        """Remember what the totals are now."""
        for order in self.world.oro.orders():
            self.totals.setdefault(order.id, set()).add(order.total)

    def shipped_wrongly(self, *, untold: bool) -> Iterator[str]:
        """
        Say where the shop tells a shopper more, or something else, than Prima did.

        `untold`: also parcels that it does not tell of, though Prima still knows their order.
        """
        sent = {one.tracking: one.order_number for one in self.world.prima.despatched()}
        orders = self.world.prima.orders()
        references = {one.order_number: one.reference for one in orders}
        known = {one.order_number for one in orders if one.status != PURGED}
        seen = Counter[str]()
        for order in self.world.oro.orders():
            seen.update(order.trackings)
            for tracking in order.trackings:
                if references.get(sent.get(tracking, "")) != f"ORO-{order.id}":
                    yield f"I6 is broken: order {order.id} shows parcel {tracking} of another"
        yield from (f"I6 is broken: parcel {one} is told twice" for one in seen if seen[one] > 1)
        if untold:
            left = [one for one, number in sent.items() if number in known and one not in seen]
            yield from (f"parcel {one} is not told" for one in left)

    def edit(self, order: str, text: str) -> None:
        """Change an order's customer reference, as somebody with access to the API does."""
        places = self.places
        wanted = {
            "grant_type": "client_credentials",
            "client_id": places.client_id,
            "client_secret": places.client_secret,
        }
        token = self._ask("POST", "/oauth2-token", wanted)
        data = {"type": "orders", "id": order, "attributes": {"poNumber": text}}
        path = f"/admin/api/orders/{order}"
        self._ask("PATCH", path, {"data": data}, f"Bearer {token['access_token']}")
        self.look_at_totals()

    def _ask(
        self, method: str, path: str, tree: object, authorization: str = ""
    ) -> dict[str, object]:
        media = _JSON_API if authorization else "application/json"
        headers = (("Content-Type", media), ("Accept", media), ("Authorization", authorization))
        request = HttpRequest(method, path, (), headers, json.dumps(tree).encode())
        return cast("dict[str, object]", json.loads(self.world.oro.handle(request).body))

    def facts(self) -> Facts:
        """Return what an outsider sees now; totals as they were when they were captured."""
        request = HttpRequest("GET", "/_sandbox/state", (), (), b"")
        state = cast("dict[str, object]", json.loads(self._control(request)))
        found = gather_facts(
            state,
            store=self.config.store.path,
            units=self.folder / "units.csv",
            logs=(),
            secret=self.places.client_secret,
            window_bound=self.sold_in_runs,
        )
        shop = tuple(self._as_captured(order, found) for order in found.shop)
        return evolve(found, shop=shop)

    def _control(self, request: HttpRequest) -> bytes:
        return self.world.reply("control", request).response.body

    def _as_captured(self, order: ShopOrder, facts: Facts) -> ShopOrder:
        captured = facts.gross.get(order.id)
        known = captured in self.totals.get(order.id, set())
        return evolve(order, total=captured) if known else order
