"""A table is corrected and what waits for it is tried, in one breath; who and why is journalled."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import pytest

from oro_prima.config import fix_charge, fix_unit, load_config
from oro_prima.errors import ConfigError
from oro_prima.ids import OroSku, PairId, UnitCode
from oro_prima.ports import Store
from oro_prima.reasons import Reason, ReasonCode
from oro_prima.records import ExceptionRecord, Flow, RecordState
from oro_prima.stores import MemoryStore
from oro_prima.values import SkuKey

NOW = datetime(2031, 5, 4, 12, tzinfo=UTC)
UNIT = (OroSku("B"), UnitCode("case"))
MADE = """
units = "units.csv"
[oro]
url = "https://shop.example"
client_id = "client"
client_secret = { file = "secret" }
[prima]
url = "https://prima.example/wsa/live"
[orders]
start_at = 2031-05-04T00:00:00Z
price_basis = "unit"
vat_inclusive = false
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "secret").write_text("hush-hush", encoding="utf-8")
    (tmp_path / "units.csv").write_text("sku,unit,product,m1,m2,count\nB,each,BOOT,,,1\n", "utf-8")
    (tmp_path / "oro-prima.toml").write_text(MADE, encoding="utf-8")
    return tmp_path / "oro-prima.toml"


@pytest.fixture
def store() -> Store:
    """A store in which an order waits for a unit, and another for a charge."""
    made = MemoryStore(PairId("pair"), clock=lambda: NOW)
    waits = {
        "orders/7": Reason(ReasonCode.UNKNOWN_UNIT, "orders/7/lines/1", "", cause="units/B/case"),
        "orders/8": Reason(ReasonCode.CHARGE_NOT_MAPPED, "orders/8", "", cause="charges/flat"),
    }
    with made.transaction() as tx:
        for subject, reason in waits.items():
            tx.put_exception(
                ExceptionRecord(
                    Flow.ORDERS, subject, (reason,), RecordState.HELD, NOW, NOW, 1, None, ""
                )
            )
    return made


def told(store: Store, subject: str) -> list[tuple[str, str, str]]:
    return [(line.what, line.by, line.note) for line in store.journal(subject=subject)]


def test_a_unit_is_added_and_what_waits_for_it_is_tried(path: Path, store: Store) -> None:
    """Only that; who and why stands in the journal of the table's row and of the order."""
    sku, unit = UNIT
    (found,) = fix_unit(
        path, store, sku=sku, unit=unit, product="BOOT", count="12", codes=["F", "070"],
        by="Kim", note="new packing", at=NOW,
    )  # fmt: skip
    ((part,),) = (load_config(path).tables.units[UNIT],)

    assert (found.subject, found.retry) == ("orders/7", True)
    assert (part.sku, part.count) == (SkuKey("BOOT", "F", "070"), Fraction(12))
    assert told(store, "units/B/case") == [("unit added", "Kim", "new packing")]
    assert told(store, "orders/7") == [("retry", "Kim", "new packing")]


def test_a_charge_is_added_and_what_waits_for_it_is_tried(path: Path, store: Store) -> None:
    """The default is the empty method."""
    (found,) = fix_charge(path, store, method="flat", code="CARR", by="Kim", at=NOW)
    none = fix_charge(str(path), store, method="", code="REST", by="Kim", at=NOW)

    assert (found.subject, found.retry, none) == ("orders/8", True, ())
    assert dict(load_config(path).tables.charges) == {"flat": "CARR", "": "REST"}
    assert told(store, "charges/flat") == [("charge added", "Kim", "")]


def test_what_is_at_fault_changes_nothing(path: Path, store: Store) -> None:
    """Neither the table nor the queue; rows within the configuration are added there by hand."""
    sku, unit = OroSku("B"), UnitCode("each")
    with pytest.raises(ConfigError):
        fix_unit(path, store, sku=sku, unit=unit, product="BOOT", count="x", by="Kim", at=NOW)
    with pytest.raises(ConfigError, match="no column m3"):
        fix_unit(path, store, sku=sku, unit=UnitCode("x"), product="BOOT", codes=["", "", "1"],
                 by="Kim", at=NOW)  # fmt: skip
    fix_charge(path, store, method="flat", code="CARR", by="Kim", at=NOW)
    before = path.read_text(encoding="utf-8")
    with pytest.raises(ConfigError):
        fix_charge(path, store, method="flat", code="OTHER", by="Kim", at=NOW)
    assert before == path.read_text(encoding="utf-8")
    path.write_text(before.replace('units = "units.csv"', ""), encoding="utf-8")
    with pytest.raises(ConfigError, match="the rows stand in the configuration"):
        fix_unit(path, store, sku=sku, unit=UnitCode("x"), product="BOOT", by="Kim", at=NOW)

    assert store.journal(subject="units/B/each") == ()
    assert store.exception(Flow.ORDERS, "orders/7") is not None
