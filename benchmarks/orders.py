"""A page of orders from JSON to what Prima is sent, all rules on."""

from __future__ import annotations

import json
from fractions import Fraction
from functools import partial

from attrs import frozen

from benchmarks.floors import elements, load_and_write, write
from benchmarks.measuring import Row, compare, growth
from oro_prima.call import HttpRequest, ResponseHead
from oro_prima.ids import OroCustomerId, OroSku, PrimaAccount, PrimaCompany, UnitCode
from oro_prima.mapping import Component, Mapped, OrderPolicy, PriceBasis, Tables, map_order
from oro_prima.oro.calls.orders import sweep_orders
from oro_prima.oro.models.features import OroFeatures
from oro_prima.prima.calls import post_order
from oro_prima.prima.models import PrimaOrder, PrimaProfile
from oro_prima.records import Link
from oro_prima.sandbox import World
from oro_prima.values import SkuKey

COMPANY, PROFILE = PrimaCompany("1"), PrimaProfile()
PAGE = ResponseHead(200, (("Content-Type", "application/vnd.api+json"),))


@frozen
class Page:
    """The bytes of one page of orders, and what they are mapped by."""

    body: bytes
    orders: int
    tables: Tables
    policy: OrderPolicy


def translate(page: Page) -> list[bytes]:
    """Read a page, apply all rules, and write what Prima is sent."""
    return [ready(order) for order in mapped(page)]


def mapped(page: Page) -> list[PrimaOrder]:
    """Read a page and apply all rules."""
    decoder = sweep_orders(OroFeatures(), after=0, size=page.orders).decoder(PAGE)
    decoder.feed(page.body)
    outcomes = [map_order(order, page.tables, page.policy) for order in decoder.close().items]
    return [outcome.value for outcome in outcomes if isinstance(outcome, Mapped)]


def ready(order: PrimaOrder) -> bytes:
    """Check an order and write what Prima is sent."""
    call = post_order(order, unique_id="12345678", profile=PROFILE, company=COMPANY)
    return call.request().body


def write_all(orders: list[PrimaOrder]) -> list[bytes]:
    """Write what Prima is sent of every order."""
    return [ready(order) for order in orders]


def make_page(orders: int) -> Page:
    """Return a page of orders as the sandbox's shop answers, and tables that link everything."""
    world = World(seed=3, size=orders)
    at = world.clock()
    links = {
        OroCustomerId(customer): Link(
            OroCustomerId(customer), PrimaAccount(account), COMPANY, "Kim", at, "", "1"
        )
        for customer, account in world.seed.links
    }
    units = {
        (OroSku(sku), UnitCode(unit)): tuple(
            Component(SkuKey(*part[:5]), Fraction(part[5])) for part in parts
        )
        for sku, unit, parts in world.seed.units
    }
    tables = Tables(COMPANY, links, units, dict(world.seed.charges))
    policy = OrderPolicy(world.seed.start_at, PriceBasis.OMIT, vat_inclusive=False)
    return Page(_answer(world, orders), orders, tables, policy)


def _answer(world: World, orders: int) -> bytes:
    token = world.oro.handle(
        HttpRequest(
            "POST", "/oauth2-token", headers=(("Content-Type", "application/json"),),
            body=json.dumps({"grant_type": "client_credentials", "client_id": "sandbox-client",
                             "client_secret": "sandbox-secret"}).encode(),
        )
    )  # fmt: skip
    bearer = ("Authorization", f"Bearer {json.loads(token.body)['access_token']}")
    asked = sweep_orders(OroFeatures(), after=0, size=orders).request()
    path = f"/admin/api/{asked.path}"
    return world.oro.handle(
        HttpRequest("GET", path, asked.query, (*asked.headers, bearer))
    ).body  # fmt: skip


def rows() -> dict[str, Row]:
    """Measure."""
    small, large = make_page(100), make_page(1000)
    written = [elements(body) for body in translate(small)]
    floor = partial(load_and_write, small.body, written)
    ratio, spread = compare(floor, partial(translate, small))
    grown = growth(partial(translate, small), partial(translate, large))
    few, many = mapped(small), mapped(large)
    written_ratio, written_spread = compare(partial(write, written), partial(write_all, few))
    written_growth = growth(partial(write_all, few), partial(write_all, many))
    return {
        "order: JSON page to Prima SOAP": Row(
            ratio, "json.loads, bare write of both layers", spread, growth=grown
        ),
        "order: checked, fitted and written": Row(
            written_ratio, "bare write of both layers", written_spread, growth=written_growth
        ),
    }
