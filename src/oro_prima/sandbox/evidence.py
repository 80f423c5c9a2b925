"""Where the facts come from: control's state, the store file read as SQL, files on disk."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import cast

from oro_prima.sandbox.invariants import ErpOrder, Facts, ShopOrder
from oro_prima.sandbox.seed.words import FORENAMES, STREETS, SURNAMES

PERSONAL_TABLE = "payloads"
CODES = ("product", "m1", "m2", "m3", "m4")
Tree = Mapping[str, object]


def gather_facts(
    state: Tree, *, store: Path, units: Path, logs: Iterable[Path], secret: str, window_bound: int
) -> Facts:
    """
    Put together what the checks look at.

    Args:
        state: What control answered to `GET state`.
        store: The SQLite file; read as SQL, by nobody's classes.
        units: The unit table's CSV file.
        logs: Files in which nothing personal may be.
        secret: The planted secret.
        window_bound: What the stock run stated as the most that can have been promised twice.
    """
    with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as db:
        captures = list(db.execute("SELECT order_id, home, gross FROM captures"))
        links = dict(db.execute("SELECT customer, account FROM links"))
        found = db.execute("SELECT body FROM facts WHERE name = 'watermark'").fetchone()
        claims = list(db.execute("SELECT number, body FROM ledger"))
        dump = _without_payloads(db)
    searched = {path.name: path.read_bytes() for path in logs}
    return Facts(
        shop=tuple(_shop_order(row) for row in _rows(state, "shop")),
        erp=tuple(_erp_order(row) for row in _rows(state, "orders")),
        stock=tuple(_stock(row) for row in _rows(state, "stock")),
        oversold=_whole(state["oversold"]),
        oversold_in_window=_whole(state["oversold_in_window"]),
        window_bound=window_bound,
        homes={str(order): str(home) for order, home, _gross in captures},
        gross={str(o): None if gross is None else Decimal(gross) for o, _home, gross in captures},
        claimed={str(number): str(json.loads(body)["sent_hash"]) for number, body in claims},
        links={str(customer): str(account) for customer, account in links.items()},
        watermark=int(json.loads(found[0])["order"]) if found else 0,
        units=_units(units),
        searched={**searched, "store without payloads": dump},
        canaries=(*SURNAMES[1:], *FORENAMES[2:5], *STREETS, "01632 960", secret),
    )


def _without_payloads(db: sqlite3.Connection) -> bytes:
    names = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    parts: list[str] = []
    for name in names:
        if name != PERSONAL_TABLE:
            parts += [repr(row) for row in db.execute(f'SELECT * FROM "{name}"')]  # noqa: S608
    return "\n".join(parts).encode()


def _rows(state: Tree, name: str) -> list[Tree]:
    return cast("list[Tree]", state[name])


def _shop_order(row: Tree) -> ShopOrder:
    total = row["total"]
    return ShopOrder(
        id=str(row["id"]),
        customer=str(row["customer"]),
        total=None if total is None else Decimal(str(total)),
        currency=str(row["currency"]),
        main=bool(row["main"]),
        lines=tuple(
            (str(line["sku"]), str(line["unit"]), Decimal(str(line["quantity"])))
            for line in _rows(row, "lines")
        ),
    )


def _erp_order(row: Tree) -> ErpOrder:
    return ErpOrder(
        number=str(row["order_number"]),
        reference=str(row["reference"]),
        account=str(row["account"]),
        accepted=_whole(row["accepted"]),
        sent=str(row["request_sha256"]),
        lines=tuple((_key(line), _whole(line["quantity"])) for line in _rows(row, "lines")),
    )


def _stock(row: Tree) -> tuple[str, int, Fraction]:
    published = [
        Fraction(str(level["quantity"])) * Fraction(str(level["factor"]))
        for level in _rows(row, "levels")
    ]
    sku = cast("Tree", row["sku"])
    return "-".join(_key(sku)), _whole(row["free"]), sum(published, Fraction(0))


def _key(row: Tree) -> tuple[str, ...]:
    return tuple(str(row[name]).strip().upper() for name in CODES)


def _whole(value: object) -> int:
    return int(Decimal(str(value)))


def _units(path: Path) -> dict[tuple[str, str], tuple[tuple[tuple[str, ...], Fraction], ...]]:
    found: dict[tuple[str, str], list[tuple[tuple[str, ...], Fraction]]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            component = (_key(row), Fraction(row["count"]))
            found.setdefault((row["sku"], row["unit"]), []).append(component)
    return {key: tuple(components) for key, components in found.items()}
