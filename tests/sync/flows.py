"""Both systems in process, and ports over them, for tests of flows."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

from attrs import evolve

from oro_prima.config.capabilities import read_bindings
from oro_prima.http.erp import open_prima
from oro_prima.http.shop import open_oro
from oro_prima.ids import (
    OroCustomerId,
    OroSku,
    PairId,
    PrimaAccount,
    PrimaCompany,
    UnitCode,
)
from oro_prima.mapping import Component, OrderPolicy, PriceBasis, Tables
from oro_prima.oro.config import OroConfig
from oro_prima.ports import Ports, Store
from oro_prima.prima.config import PrimaConfig
from oro_prima.prima.models import PrimaProfile
from oro_prima.prima.models.binding import Bindings
from oro_prima.prima.models.capabilities import Capability
from oro_prima.records import Link, Pair, RunPolicy
from oro_prima.sandbox import World, in_process
from oro_prima.sandbox.bindings import BINDINGS
from oro_prima.sandbox.oro.schema import Release
from oro_prima.stores import SqliteStore
from oro_prima.sync import import_links, record_cut_over
from oro_prima.values import Secret, SkuKey

PAIR = Pair(PairId("pair"), PrimaCompany("1"))
Step = Callable[[str], None]


class Bench:
    """One world, one store, and everything to run flows with."""

    def __init__(
        self,
        folder: Path,
        version: Release = "6.1",
        size: int = 12,
        *,
        world: World | None = None,
        pair: Pair = PAIR,
    ) -> None:
        self.world = world or World(seed=5, size=size, oro_version=version)
        self.pair = pair
        self.store: Store = SqliteStore.open(
            folder / "store.db", pair=pair.id, clock=self.world.clock
        )
        self.profile = PrimaProfile()
        self.run = RunPolicy()
        self.policy = OrderPolicy(
            start_at=self.world.seed.start_at,
            price_basis=PriceBasis.OMIT,
            vat_inclusive=False,
            post_after=timedelta(0),
        )
        self.terms: dict[str, str] = {}
        self.units = {
            (OroSku(sku), UnitCode(unit)): tuple(
                Component(SkuKey(*part[:5]), Fraction(part[5])) for part in parts
            )
            for sku, unit, parts in self.world.seed.units
        }

    def put_into_use(self) -> None:
        at = self.world.clock()
        record_cut_over(self.store, start_at=self.policy.start_at, by="Kim", at=at)
        links = [
            Link(OroCustomerId(c), PrimaAccount(a), PAIR.company, "Kim", at, "hash", "1")
            for c, a in self.world.seed.links
        ]
        import_links(self.store, links=links, by="Kim", at=at)

    @contextmanager
    def ports(self, step: Step = lambda _name: None, **changes: Any) -> Iterator[Ports]:
        here = in_process(self.world)
        secret = Secret(here.places.client_secret)
        shop_config = OroConfig(
            url=here.places.oro_url,
            client_id=here.places.client_id,
            client_secret=secret,
            allow_http=True,
        )
        erp_config = PrimaConfig(url=here.places.prima_url, allow_http=True)
        with (
            open_oro(shop_config, transport=here.transport, sleep=self._sleep) as shop,
            open_prima(erp_config, transport=here.transport, sleep=self._sleep) as erp,
        ):
            tables = Tables(
                PAIR.company,
                units=self.units,
                charges=dict(self.world.seed.charges),
                payment_terms=self.terms,
            )
            ports = Ports(
                shop,
                erp,
                self.store,
                self.world.clock,
                self._sleep,
                self.pair,
                tables,
                self.profile,
            )
            yield evolve(ports, step=step, run=self.run, **changes)

    def _sleep(self, seconds: float) -> None:
        self.world.clock.advance(seconds)

    def advance(self, **words: int) -> None:
        self.world.clock.advance(timedelta(**words).total_seconds())

    def taken(self) -> Counter[str]:
        """How often Prima took each reference, by its own count."""
        found = Counter[str]()
        for order in self.world.prima.orders():
            found[order.reference] += order.accepted
        return found


def sandbox_bindings(*wanted: Capability) -> Bindings:
    """How the sandbox's own requests give these capabilities; all of them where none is named."""
    faults: list[str] = []
    tree = tomllib.loads(BINDINGS)["prima"]["capabilities"]
    bindings = read_bindings(tree, folder=Path(), faults=faults)
    assert faults == []
    return tuple(one for one in bindings if not wanted or one[0] in wanted)
