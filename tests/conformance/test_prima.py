"""A live Prima's answers, and every evidenced document, both ways."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from attrs import evolve

from oro_prima.call import Call
from oro_prima.errors import CallError, Effect, RejectedError, UnavailableError
from oro_prima.ids import (
    OroLevelId,
    OroProductId,
    OroSku,
    PrimaAccount,
    PrimaOrderNumber,
    UnitCode,
)
from oro_prima.mapping import Component, StockPolicy, Tables
from oro_prima.oro.models import InventoryLevel
from oro_prima.plans import StockPlan, StockSnapshot, plan_stock
from oro_prima.prima.calls import free_stock, free_stock_of, order_status, post_order
from oro_prima.prima.calls.wsdl import parse_wsdl
from oro_prima.prima.models import (
    FreeStockRow,
    OrderCharge,
    Party,
    PrimaOrder,
    PrimaOrderLine,
    PrimaProfile,
)
from oro_prima.prima.models.profile import OrderRequest, Style
from oro_prima.values import LocalDate, SkuKey
from tests.conformance.documents import (
    COMPANY,
    PROFILE,
    answer,
    inner_of,
    made_up_checks,
    same,
    tree,
    wrapped,
)
from tests.conformance.shared import Judged, Score, shared_folder, write_results
from tests.rules.making import NOW

TODAY = LocalDate(date(2019, 12, 2))
NUMBER = PrimaOrderNumber("30100017")


def test_the_full_snapshot_is_read_and_planned() -> None:
    """Every SKU is accounted for, in one pass over the bytes of a live answer."""
    folder = shared_folder() / "prima" / "wire"
    inner = (folder / "productavailabletosell-full.xml").read_text(encoding="iso-8859-1")
    rows = answer(free_stock(profile=PROFILE, company=COMPANY, today=TODAY), wrapped(inner))
    plan = planned(rows)
    total = plan.skus_planned + plan.skus_unchanged + plan.skus_unlinked + plan.skus_missing
    figures = [
        (e.get("Product"), e.get("MtrxCode1"), e.get("MtrxCode2"), e.get("AvailableQuantity"))
        for e in ET.fromstring(inner.split("?>", 1)[1]).iter("sku")
    ]

    assert 5391 == len(rows) == total
    assert figures == [(r.sku.product, r.sku.m1, r.sku.m2, str(r.available)) for r in rows]
    assert all(row.available == 0 for row in rows if row.next_available)
    assert plan.refused is None
    assert plan.skus_unlinked == 5391 // 20 + 1
    write_results(
        "snapshot",
        {
            "rows": len(rows),
            "planned": plan.skus_planned,
            "unchanged": plan.skus_unchanged,
            "unlinked": plan.skus_unlinked,
            "missing": plan.skus_missing,
        },
    )


def planned(rows: tuple[FreeStockRow, ...]) -> StockPlan:
    """Plan against a made-up shop: a level a SKU, a tenth also in sixes, a twentieth unlinked."""
    units: dict[tuple[OroSku, UnitCode], tuple[Component, ...]] = {}
    levels: list[InventoryLevel] = []
    for n, row in enumerate(rows):
        sku = OroSku(f"S{n}")
        for unit, factor in (("each", 1), *((("six", 6),) if n % 10 == 0 else ())):
            if n % 20:
                units[(sku, UnitCode(unit))] = (Component(row.sku, Fraction(factor)),)
            level = OroLevelId(str(len(levels) + 1))
            shown = row.available if n % 3 else Decimal(1)
            levels.append(InventoryLevel(level, shown, OroProductId(str(n)), sku, UnitCode(unit)))
    tables = Tables(COMPANY, units=units)
    plan = plan_stock(StockSnapshot(NOW, rows, tuple(levels), tables), StockPolicy())
    assert_never_twice(plan, rows, units, levels)
    return plan


def assert_never_twice(
    plan: StockPlan,
    rows: tuple[FreeStockRow, ...],
    units: dict[tuple[OroSku, UnitCode], tuple[Component, ...]],
    levels: list[InventoryLevel],
) -> None:
    shown = {level.id: level.quantity for level in levels}
    shown |= {command.level: command.quantity for command in plan.commands}
    used: dict[SkuKey, Fraction] = {}
    for level in levels:
        for part in units.get((level.sku, level.unit), ()):
            used[part.sku] = (
                used.get(part.sku, Fraction(0)) + Fraction(shown[level.id]) * part.count
            )
    assert all(used.get(row.sku, 0) <= row.available for row in rows)


def test_the_multi_sku_exchange_is_ours() -> None:
    """The request equals the recorded one as a tree; every answer row is matched by key."""
    folder = shared_folder() / "prima" / "wire"
    recorded = ET.fromstring((folder / "multiavailabletosell.request.xml").read_bytes())
    names = ("Product", "MtrxCode1", "MtrxCode2", "MtrxCode3", "MtrxCode4")
    skus = [SkuKey(*(e.get(name, "") for name in names)) for e in recorded.iter("sku")]
    call = free_stock_of(skus, profile=PROFILE, company=COMPANY, today=TODAY)
    inner = (folder / "multiavailabletosell.xml").read_text(encoding="iso-8859-1")
    rows = answer(call, wrapped(inner))

    assert tree(recorded) == tree(inner_of(call))
    assert skus == [row.sku for row in rows]
    full = ET.fromstring((folder / "productavailabletosell-full.request.xml").read_bytes())
    assert tree(full) == tree(inner_of(free_stock(profile=PROFILE, company=COMPANY, today=TODAY)))


def sample_order() -> PrimaOrder:
    """Return the order that the sample document asks for."""
    lines = (
        PrimaOrderLine(1, SkuKey("ROVER", "F", "070"), 6, Decimal("62.50"), "ORO-17-1"),
        PrimaOrderLine(2, SkuKey("POLISH", "NONE", "ONE"), 12, Decimal("3.10"), "ORO-17-2"),
    )
    delivery = Party(
        "Jo", "Sample", ("Unit 1 Sample Park", "Sampleton"), "ZZ1 1ZZ", "GB",
        "buyer@example.com", "01000000000",
    )  # fmt: skip
    invoice = Party(
        "Accounts", "Payable", ("1 Sample Street", "Sampleton"), "ZZ1 1ZZ", "GB", "ap@example.com"
    )
    return PrimaOrder(
        number=NUMBER,
        reference="ORO-17",
        account=PrimaAccount("ACME01"),
        currency="GBP",
        vat_inclusive=False,
        order_date=LocalDate(date(2031, 11, 3)),
        lines=lines,
        customer_ref="PO-7781",
        delivery=delivery,
        deliv_addr_no="2",
        delivery_fao="Goods In",
        invoice=invoice,
        invc_addr_no="1",
        channel="B2BWeb",
        special_instructions='Leave at goods-in - ask for Jérôme & "ring twice"',
        charges=(OrderCharge("STD", Decimal("7.50")),),
    )


def posting(order: PrimaOrder | None = None) -> Call[Any]:
    return post_order(
        order or sample_order(), unique_id="88100017", profile=PROFILE, company=COMPANY
    )


def posting_one() -> Call[Any]:
    """Return the call of the sample that uses the other request type: a line of one piece."""
    order = sample_order()
    line = evolve(order.lines[0], quantity=1, reference="ORO-18-1")
    number = PrimaOrderNumber("30100018")
    order = evolve(order, number=number, reference="ORO-18", lines=(line,), special_instructions="")
    profile = PrimaProfile(order_request=OrderRequest.NEW_ORDER)
    return post_order(order, unique_id="88100018", profile=profile, company=COMPANY)


def _order_answer(text: str) -> str:
    return f"{answer(posting(), wrapped(text)).account}"


def _refused(*codes: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        try:
            answer(posting(), wrapped(text))
        except RejectedError as error:
            return "" if error.codes == codes else f"codes {error.codes}"
        return "read as accepted"

    return read


def _status(text: str) -> str:
    call = order_status(NUMBER, profile=PROFILE, company=COMPANY)
    try:
        return "" if answer(call, wrapped(text)).status == "Part Despatched" else "another status"
    except RejectedError as error:
        return "" if error.codes == ("0",) else f"codes {error.codes}"


def _stock(text: str) -> str:
    rows = answer(free_stock(profile=PROFILE, company=COMPANY, today=TODAY), wrapped(text))
    return "" if len(rows) in (3, 4) else f"{len(rows)} rows"


def _multi(skus: list[SkuKey]) -> Callable[[str], str]:
    def read(text: str) -> str:
        call = free_stock_of(skus, profile=PROFILE, company=COMPANY, today=TODAY)
        found = [row.sku for row in answer(call, wrapped(text))]
        return "" if found == skus else "other rows"

    return read


def _vat_refused(text: str) -> str:
    order = evolve(sample_order(), reference="ORO-19", number=PrimaOrderNumber("30100019"))
    try:
        answer(posting(order), wrapped(text))
    except RejectedError as error:
        return "" if error.codes == ("548", "194") else f"codes {error.codes}"
    return "read as accepted"


def _fault(numbers: set[str], effect: Effect) -> Callable[[str], str]:
    def read(text: str) -> str:
        try:
            answer(posting(), text.encode())
        except UnavailableError as error:
            right = numbers <= set(error.codes) and error.effect is effect
            return "" if right else f"{error.codes} {error.effect}"
        except CallError as error:
            return type(error).__name__
        return "read as an answer"

    return read


def checks() -> dict[str, Callable[[str], str]]:
    """How each document is held: a check returns what is wrong, or nothing."""
    skus = [SkuKey("ROVER", "F", size) for size in ("070", "075", "080")]
    status = order_status(NUMBER, profile=PROFILE, company=COMPANY)
    return {
        "inner/multineworder-b2b-request.xml": same(posting()),
        "inner/neworder-b2b-request.xml": same(posting_one()),
        "inner/multineworder-response-ok.xml": lambda t: (
            "" if _order_answer(t) == "ACME01" else "account"
        ),
        "inner/multineworder-response-error-duplicate.xml": _refused("21", "194"),
        "inner/multineworder-response-error-malformed.xml": _refused("14586"),
        "inner/multineworder-response-error-vat.xml": _vat_refused,
        "inner/multineworder-response-mixed.xml": _refused("21", "194"),
        "inner/orderstatus-request.xml": same(status),
        "inner/orderstatus-response-ok.xml": _status,
        "inner/orderstatus-response-error.xml": _status,
        "inner/productavailabletosell-request.xml": same(
            free_stock(profile=PROFILE, company=COMPANY, today=TODAY)
        ),
        "inner/productavailabletosell-range-request.xml": same(
            free_stock(profile=PROFILE, company=COMPANY, today=TODAY, first="R", last="RZZZ")
        ),
        "inner/productavailabletosell-response.xml": _stock,
        "inner/multiavailabletosell-request.xml": same(
            free_stock_of(skus, profile=PROFILE, company=COMPANY, today=TODAY)
        ),
        "inner/multiavailabletosell-response.xml": _multi(skus),
        "soap/fault-service-disabled.xml": _fault({"10921"}, Effect.NONE),
        "soap/fault-appserver-down-rpc-encoded.xml": _fault({"8234"}, Effect.UNKNOWN),
        "soap/fault-parameter-mismatch.xml": _fault({"3230", "7211"}, Effect.NONE),
        "soap/rpc-literal-wsomhandler-response.xml": _soap_status,
        "soap/rpc-encoded-wsomhandler-response.xml": _soap_status,
        "soap/doc-literal-wsomhandler-response.xml": _soap_status,
        **{
            f"soap/{style}-{operation}-request.xml": _soap_request(
                order_status(
                    NUMBER,
                    profile=PrimaProfile(
                        style=Style(style), with_company=operation == "comwsomhandler"
                    ),
                    company=COMPANY,
                )
            )
            for style in Style
            for operation in ("wsomhandler", "comwsomhandler")
        },
        **{f"wsdl/omlink-{style}.wsdl": _description(style) for style in Style},
        **made_up_checks(),
    }


def _soap_status(text: str) -> str:
    call = order_status(NUMBER, profile=PROFILE, company=COMPANY)
    return "" if answer(call, text.encode()).status == "Part Despatched" else "another status"


def _soap_request(call: Call[Any]) -> Callable[[str], str]:
    def compare(text: str) -> str:
        wanted, ours = ET.fromstring(text.encode()), ET.fromstring(call.request().body)
        names = [(e.tag, sorted(e.attrib.items())) for e in wanted.iter()] == [
            (e.tag, sorted(e.attrib.items())) for e in ours.iter()
        ]
        part = next(e for e in wanted.iter() if (e.text or "").lstrip().startswith("<?xml"))
        inner = ET.fromstring((part.text or "").split("?>", 1)[1])
        return "" if names and tree(inner) == tree(inner_of(call)) else "another request"

    return compare


def _description(style: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        found = parse_wsdl(text.encode())
        told = found.applied_to(PROFILE)
        right = told == evolve(PROFILE, style=Style(style)) and found.outputs == ("result",)
        return "" if right else f"{found}"

    return read


def documents(folder: Path) -> Iterator[Path]:
    yield from sorted([*folder.rglob("*.xml"), *folder.rglob("*.wsdl")])


def test_every_evidenced_document_is_ours() -> None:
    """Requests as trees, answers and faults by what they mean; the rest is named."""
    folder = shared_folder() / "prima" / "samples"
    known = checks()
    score = Score()
    for path in documents(folder):
        name = path.relative_to(folder).as_posix()
        text = path.read_text(encoding="utf-8")
        if name in known:
            why = known[name](text)
            score.judged.append(Judged(name, "misread" if why else "matched", why))
        else:
            score.judged.append(Judged(name, "not_covered"))
    write_results("prima", score.as_json())

    assert list(score.named("misread")) == []
    assert list(score.named("not_covered")) == []
    assert len(known) == score.count("matched")
