"""
Measure ratios: subject against floor, alternating in one process, medians, growth at ten times.

`python benchmarks/run.py` prints a table and writes build/bench.json. Machines are shared and
noisy: ratios and growth are what counts.
"""

from __future__ import annotations

import gc
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.floors import (  # noqa: E402
    CHUNK,
    count_starts,
    load_and_write,
    stock_answer,
    stock_stream,
)
from oro_prima.call import HttpRequest, ResponseHead  # noqa: E402
from oro_prima.ids import OroLevelId, OroProductId, OroSku, PrimaCompany, UnitCode  # noqa: E402
from oro_prima.mapping import (  # noqa: E402
    Component,
    Mapped,
    OrderPolicy,
    PriceBasis,
    StockPolicy,
    Tables,
    map_order,
)
from oro_prima.oro.calls.orders import sweep_orders  # noqa: E402
from oro_prima.oro.models import InventoryLevel  # noqa: E402
from oro_prima.oro.models.features import OroFeatures  # noqa: E402
from oro_prima.plans import StockSnapshot, plan_stock  # noqa: E402
from oro_prima.prima.calls import free_stock, free_stock_rows, post_order  # noqa: E402
from oro_prima.prima.models import FreeStockRow, PrimaProfile  # noqa: E402
from oro_prima.records import Link  # noqa: E402
from oro_prima.sandbox import World  # noqa: E402
from oro_prima.values import LocalDate, SkuKey  # noqa: E402

ROUNDS = 9
COMPANY, PROFILE = PrimaCompany("1"), PrimaProfile()
TODAY = LocalDate(date(2031, 5, 4))
OK = ResponseHead(200)
Work = Callable[[], object]


def seconds(work: Work) -> float:
    """Run once, garbage collected before, and return how long it took."""
    gc.collect()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def compare(floor: Work, subject: Work) -> tuple[float, float]:
    """Return the ratio of medians, and the spread of single ratios."""
    pairs = [(seconds(floor), seconds(subject)) for _ in range(ROUNDS)]
    ratios = sorted(b / a for a, b in pairs)
    ratio = statistics.median(b for _a, b in pairs) / statistics.median(a for a, _b in pairs)
    return ratio, ratios[-2] - ratios[1]


def parse(body: bytes) -> object:
    """Parse a stock answer into typed rows."""
    decoder = free_stock(profile=PROFILE, company=COMPANY, today=TODAY).decoder(OK)
    for at in range(0, len(body), CHUNK):
        decoder.feed(body[at : at + CHUNK])
    return decoder.close()


def consume_stream(rows: int) -> None:
    """Read an answer that arrives in pieces, forgetting each row."""
    call = free_stock_rows(lambda _row: None, profile=PROFILE, company=COMPANY, today=TODAY)
    decoder = call.decoder(OK)
    for data in stock_stream(rows):
        decoder.feed(data)
    decoder.close()


def stock_parse(rows: int) -> tuple[float, float, float]:
    """Return ratio, spread and growth of parsing to typed rows."""
    small, large = stock_answer(rows), stock_answer(rows * 10)
    ratio, spread = compare(lambda: count_starts(small), lambda: parse(small))
    return ratio, spread, growth(lambda: parse(small), lambda: parse(large))


def growth(small: Work, large: Work) -> float:
    """Return how much longer ten times the data takes."""
    times = [(seconds(small), seconds(large)) for _ in range(3)]
    return min(b for _a, b in times) / min(a for a, _b in times)


def order_page(orders: int) -> tuple[bytes, OroFeatures, World]:
    """Return the bytes of one page of orders as the sandbox's shop answers."""
    world = World(seed=3, size=orders)
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
    answer = world.oro.handle(HttpRequest("GET", path, asked.query, (*asked.headers, bearer)))
    return answer.body, OroFeatures(), world


def translate(page: bytes, tables: Tables, policy: OrderPolicy, size: int) -> list[bytes]:
    """Read a page, apply all rules, and write what Prima is sent."""
    head = ResponseHead(200, (("Content-Type", "application/vnd.api+json"),))
    decoder = sweep_orders(OroFeatures(), after=0, size=size).decoder(head)
    decoder.feed(page)
    sent: list[bytes] = []
    for order in decoder.close().items:
        outcome = map_order(order, tables, policy)
        if isinstance(outcome, Mapped):
            call = post_order(outcome.value, unique_id="12345678", profile=PROFILE, company=COMPANY)
            sent.append(call.request().body)
    return sent


def order_translation(orders: int) -> tuple[float, float, float]:
    """Return ratio, spread and growth of orders from JSON to SOAP, all rules on."""
    small, large = _orders(orders), _orders(orders * 10)
    page, tables, policy = small
    written = [ET.fromstring(body) for body in translate(page, tables, policy, orders)]
    ratio, spread = compare(
        lambda: load_and_write(page, written), lambda: translate(page, tables, policy, orders)
    )
    return (
        ratio,
        spread,
        growth(lambda: translate(*small, orders), lambda: translate(*large, orders * 10)),
    )


def _orders(count: int) -> tuple[bytes, Tables, OrderPolicy]:
    page, _features, world = order_page(count)
    at = world.clock()
    links = {
        customer: Link(customer, account, COMPANY, "Kim", at, "", "1")  # type: ignore[arg-type]
        for customer, account in world.seed.links
    }
    units = {
        (OroSku(sku), UnitCode(unit)): tuple(
            Component(SkuKey(*part[:5]), Fraction(part[5])) for part in parts
        )
        for sku, unit, parts in world.seed.units
    }
    tables = Tables(COMPANY, links, units, dict(world.seed.charges))  # type: ignore[arg-type]
    policy = OrderPolicy(world.seed.start_at, PriceBasis.OMIT, vat_inclusive=False)
    return page, tables, policy


def planning(skus: int) -> tuple[float, float, float]:
    """Return ratio, spread and growth of planning levels against comparing dictionaries."""
    small, large = _stock(skus), _stock(skus * 10)
    before = {level.id: level.quantity for level in small.levels}
    after = {level.id: row.available for level, row in zip(small.levels, small.rows, strict=True)}

    def floor() -> object:
        return [key for key, quantity in before.items() if after[key] != quantity]

    ratio, spread = compare(floor, lambda: plan_stock(small, StockPolicy()))
    return (
        ratio,
        spread,
        growth(lambda: plan_stock(small, StockPolicy()), lambda: plan_stock(large, StockPolicy())),
    )


def _stock(count: int) -> StockSnapshot:
    keys = [SkuKey(f"P{n // 30}", "F", str(n % 30)) for n in range(count)]
    rows = tuple(FreeStockRow(key, Decimal(n % 50)) for n, key in enumerate(keys))
    each = UnitCode("each")
    units = {(OroSku(f"S{n}"), each): (Component(key, Fraction(1)),) for n, key in enumerate(keys)}
    levels = tuple(
        InventoryLevel(
            OroLevelId(str(n)), Decimal(n % 49), OroProductId(str(n)), OroSku(f"S{n}"), each
        )
        for n in range(count)
    )
    now = World(seed=None).clock()
    return StockSnapshot(now, rows, levels, Tables(COMPANY, units=units))


def memory(rows: int) -> float:
    """Return the megabytes that consuming so many rows adds, in a fresh process."""
    code = (
        "import resource, sys; sys.path.insert(0, '.')\n"
        "from benchmarks.run import consume_stream\n"
        "consume_stream(300)\n"
        "base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        f"consume_stream({rows})\n"
        "print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - base) / 1024)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return float(done.stdout)


def imports() -> dict[str, float]:
    """Return milliseconds that an import adds to an interpreter, least of five."""
    found: dict[str, float] = {}
    for name in ("attrs, decimal, datetime", "oro_prima", "oro_prima.mapping"):
        code = (
            f"import time; t = time.perf_counter(); import {name}; print(time.perf_counter() - t)"
        )
        runs = [
            float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True,
                                 check=True).stdout)
            for _ in range(5)
        ]  # fmt: skip
        found[name] = min(runs) * 1000
    return found


def main() -> int:
    """Measure everything, print a table, write build/bench.json."""
    results: dict[str, dict[str, object]] = {}
    for name, floor, measured in (
        ("stock: SOAP bytes to typed rows", "expat feeding expat", stock_parse(5400)),
        ("order: JSON page to Prima SOAP", "json.loads + bare write", order_translation(100)),
        ("plan: levels compared and planned", "dict comparison with Decimals", planning(5400)),
    ):  # fmt: skip
        ratio, spread, grown = measured
        results[name] = _row(ratio, floor, spread, "x", grown)
    small, large = memory(30_000), memory(300_000)
    results["stock: memory of rows consumed in a pass"] = _row(small, "0", 0.0, "MB", large - small)
    took = imports()
    base = took["attrs, decimal, datetime"]
    results["import oro_prima"] = _row(took["oro_prima"], "0", 0.0, "ms", 0.0)
    results["import oro_prima.mapping"] = _row(
        took["oro_prima.mapping"] / base, "import attrs, decimal, datetime", 0.0, "x", 0.0
    )
    machine = {"python": platform.python_version(), "cores": os.cpu_count()}
    Path("build").mkdir(exist_ok=True)
    Path("build/bench.json").write_text(json.dumps({**results, "machine": machine}, indent=1))
    for name, row in results.items():
        sys.stdout.write(
            f"{name:<44}{row['ratio']:>8} {row['unit']:<3} spread {row['spread']:>6}"
            f"  growth {row['growth']:>6}  floor: {row['floor']}\n"
        )
    return 0


def _row(ratio: float, floor: str, spread: float, unit: str, grown: float) -> dict[str, object]:
    return {
        "ratio": round(ratio, 2),
        "floor": floor,
        "spread": round(spread, 2),
        "unit": unit,
        "growth": round(grown, 2),
    }


if __name__ == "__main__":
    sys.exit(main())
