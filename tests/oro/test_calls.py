"""The typed calls: what they ask, and what they make of the answer."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.call import HttpRequest, HttpResponse, each
from oro_prima.converters import decode_json
from oro_prima.errors import UnreadableError
from oro_prima.ids import OroLevelId, OroOperationId, OroOrderId, OroProductId, OroSku
from oro_prima.oro.calls.batch import (
    get_operation,
    list_operation_errors,
    set_levels,
    set_levels_now,
)
from oro_prima.oro.calls.orders import (
    list_order_lines,
    list_orders_by_id,
    list_orders_created,
    list_orders_updated,
    sweep_orders,
)
from oro_prima.oro.calls.stock import (
    list_levels,
    list_levels_by_id,
    list_levels_by_sku,
    set_inventory_status,
    set_level,
)
from oro_prima.oro.models.features import OroFeatures
from oro_prima.oro.models.operations import AsyncOperation
from tests.oro.reading import Answering, read
from tests.oro.strategies import NOW, answer, page_of

NEW = OroFeatures(server_now=NOW)
OLD = OroFeatures(
    line_order_field="order",
    subtotals=False,
    statuses=False,
    updated_filter=False,
    external=False,
    sync_batch=False,
    server_now=NOW,
)
DAY = datetime(2031, 5, 6, tzinfo=UTC)


def _query(request: HttpRequest) -> dict[str, str]:
    return dict(request.query)


def test_a_sweep_names_every_enumeration_that_could_be_filtered() -> None:
    """Leaving one out of `fields` makes a filter on it answer with no rows."""
    asked = _query(sweep_orders(NEW, after=5).request())

    assert {"internalStatus", "shippingStatus"} <= set(asked["fields[orders]"].split(","))
    assert asked["filter[id][gt]"] == "5"
    assert asked["sort"] == "id"


def test_an_old_server_is_not_asked_for_what_it_does_not_know() -> None:
    """A type that it does not know in `fields` would be refused."""
    asked = _query(sweep_orders(OLD, after=0).request())

    assert "fields[ordersubtotals]" not in asked
    assert "orderSubtotals" not in asked["include"]
    assert {"external", "internalStatus"}.isdisjoint(asked["fields[orders]"].split(","))


def test_orders_of_a_day_and_changes_are_ranges() -> None:
    """Both readings go by id within a closed range."""
    created = _query(list_orders_created(NEW, first=DAY, last=DAY, after=9).request())
    updated = _query(list_orders_updated(NEW, first=DAY, last=DAY).request())

    assert created["filter[createdAt]"] == "2031-05-06T00:00:00Z..2031-05-06T00:00:00Z"
    assert created["filter[createdAt]"] == updated["filter[updatedAt]"]
    assert (created["filter[id][gt]"], updated["filter[id][gt]"]) == ("9", "0")


def test_changes_cannot_be_asked_of_a_server_without_the_filter() -> None:
    """5.1 would refuse it."""
    with pytest.raises(ValueError, match="updatedAt"):
        list_orders_updated(OLD, first=DAY, last=DAY)


def test_orders_by_id_are_asked_for_once_each() -> None:
    """A double id is one id."""
    ids = [OroOrderId("7"), OroOrderId("8"), OroOrderId("7")]

    assert _query(list_orders_by_id(NEW, ids=ids).request())["filter[id]"] == "7,8"


@pytest.mark.parametrize(("features", "name"), [(NEW, "orders"), (OLD, "order")])
def test_lines_are_asked_for_by_the_servers_own_name(features: OroFeatures, name: str) -> None:
    """The relationship was renamed between the versions."""
    asked = _query(list_order_lines(features, order=OroOrderId("7")).request())

    assert asked[f"filter[{name}]"] == "7"


def test_levels_come_with_product_unit_and_settings() -> None:
    """One page shows all that a plan looks at."""
    resource = {
        "type": "inventorylevels",
        "id": "1",
        "attributes": {"quantity": "12.5"},
        "relationships": {
            "product": {"data": {"type": "products", "id": "3"}},
            "productUnitPrecision": {"data": {"type": "productunitprecisions", "id": "4"}},
        },
    }
    product = {
        "type": "products",
        "id": "3",
        "attributes": {"sku": "S"},
        "relationships": {
            "manageInventory": {"data": {"type": "entityfieldfallbackvalues", "id": "5"}},
            "backOrder": {"data": {"type": "entityfieldfallbackvalues", "id": "6"}},
        },
    }
    unit = {"data": {"type": "productunits", "id": "each"}}
    precision = {"type": "productunitprecisions", "id": "4", "relationships": {"unit": unit}}
    on = {"type": "entityfieldfallbackvalues", "id": "5", "attributes": {"scalarValue": "1"}}
    off = {"type": "entityfieldfallbackvalues", "id": "6", "attributes": {"fallback": "category"}}

    page = read(
        list_levels(), answer({"data": [resource], "included": [product, precision, on, off]})
    )

    (level,) = page.items
    assert ("S", "each", Decimal("12.5")) == (level.sku, level.unit, level.quantity)
    assert level.settings.manage_inventory is True
    assert level.settings.back_order is None
    assert level.settings.decrement_quantity is None


@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters=","), min_size=1, max_size=60)
        .filter(str.strip)
        .map(OroSku),
        min_size=1,
        max_size=120,
    )
)
def test_skus_are_asked_for_in_addresses_that_servers_take(skus: list[OroSku]) -> None:
    """Each SKU once, no request longer than a server's limit of 8 kB."""
    sender = Answering(lambda _request: answer(page_of("inventorylevels")))

    assert list(each(sender, list_levels_by_sku(skus=skus))) == []

    asked = [_query(request)["filter[product.sku]"] for request in sender.asked]
    assert list(dict.fromkeys(skus)) == ",".join(asked).split(",")
    assert all(len(urlencode(r.query, quote_via=quote)) < 7000 for r in sender.asked)


def test_many_skus_take_several_requests() -> None:
    """A hundred at most in one, and fewer where they are long; each part begins anew by id."""
    sender = Answering(lambda _request: answer(page_of("inventorylevels")))
    short = [OroSku(f"S{number}") for number in range(150)]
    long = [OroSku("X" * 900 + str(number)) for number in range(2)]

    assert list(each(sender, list_levels_by_sku(skus=[*short, *long]))) == []

    asked = [_query(request) for request in sender.asked]
    assert [len(query["filter[product.sku]"].split(",")) for query in asked] == [100, 51, 1]
    assert {"0"} == {query["filter[id][gt]"] for query in asked}


@pytest.mark.parametrize("skus", [[], ["A,B"], [""]])
def test_skus_that_no_filter_can_name_are_refused(skus: list[str]) -> None:
    """A comma would split it, and nothing would be everything."""
    with pytest.raises(ValueError, match="comma"):
        list_levels_by_sku(skus=[OroSku(sku) for sku in skus])


def test_levels_are_asked_for_by_their_ids() -> None:
    """Each once, a hundred in a request; none would be all of them."""
    sender = Answering(lambda _request: answer(page_of("inventorylevels")))
    ids = [OroLevelId(str(number)) for number in (*range(1, 121), 7)]

    assert list(each(sender, list_levels_by_id(levels=ids))) == []

    asked = [_query(request)["filter[id]"].split(",") for request in sender.asked]
    assert [ids[:100], ids[100:120]] == asked
    assert "product" in _query(sender.asked[0])["include"]
    with pytest.raises(ValueError, match="expected"):
        list_levels_by_id(levels=[])


@pytest.mark.parametrize(
    ("quantity", "text"), [("5", "5"), ("5.50", "5.5"), ("0.00", "0"), ("1E+3", "1000")]
)
def test_a_level_is_set_to_a_plain_number(quantity: str, text: str) -> None:
    """The document holds the level and its quantity, nothing else."""
    request = set_level(OroLevelId("8"), quantity=Decimal(quantity)).request()

    assert (request.method, request.path) == ("PATCH", "inventorylevels/8")
    data = {"type": "inventorylevels", "id": "8", "attributes": {"quantity": text}}
    assert {"data": data} == decode_json(request.body)


@pytest.mark.parametrize("quantity", ["-1", "0.12345678901", "NaN"])
def test_a_level_takes_no_other_quantity(quantity: str) -> None:
    """Negative is never promised, and more decimals would be cut."""
    with pytest.raises(ValueError, match="expected"):
        set_level(OroLevelId("8"), quantity=Decimal(quantity))


def test_setting_a_level_tells_what_the_server_shows() -> None:
    """It may be another writer's."""
    row = {"type": "inventorylevels", "id": "8", "attributes": {"quantity": "4"}}
    call = set_level(OroLevelId("8"), quantity=Decimal(5))

    assert Decimal(4) == read(call, answer({"data": row}))
    assert not call.safe


def test_an_inventory_status_is_a_relationship() -> None:
    """The answer shows it; one that does not is not believed."""
    call = set_inventory_status(OroProductId("3"), status="in_stock")
    link = {"data": {"type": "prodinventorystatuses", "id": "in_stock"}}
    row = {"type": "products", "id": "3", "relationships": {"inventory_status": link}}

    assert {"data": row} == decode_json(call.request().body)
    assert read(call, answer({"data": row})) == "in_stock"
    with pytest.raises(UnreadableError, match="inventory_status"):
        read(call, answer({"data": {"type": "products", "id": "3"}}))


SOME = ((OroLevelId("1"), Decimal(5)), (OroLevelId("2"), Decimal(0)))
OPERATION = {"type": "asyncoperations", "id": "9", "attributes": {"status": "new", "summary": None}}


def test_a_batch_says_update_for_each_record() -> None:
    """Without it a record with an id still means: create."""
    call = set_levels(SOME)

    document = decode_json(call.request().body)
    assert '{"update":true}' in call.request().body.decode()
    assert isinstance(document, dict)
    assert len(document["data"]) == 2
    assert AsyncOperation(OroOperationId("9"), "new") == read(
        call, answer({"data": OPERATION}, status=202)
    )


@pytest.mark.parametrize("levels", [(), (*SOME, SOME[0]), tuple((str(n), 1) for n in range(1001))])
def test_a_batch_holds_each_level_once(levels: tuple[tuple[OroLevelId, Decimal], ...]) -> None:
    """And at most a thousand of them."""
    with pytest.raises(ValueError, match="1 to 1000 levels, each once"):
        set_levels(levels)


def test_a_batch_at_once_is_written_or_still_to_come() -> None:
    """202 means that the write comes later."""
    call = set_levels_now(SOME)

    assert ("X-Mode", "sync") in call.request().headers
    assert read(call, answer(page_of("inventorylevels", 1, 2))) is None
    assert getattr(read(call, answer({"data": OPERATION}, status=202)), "id", None) == "9"
    with pytest.raises(UnreadableError, match="2 records were sent and 1 came back"):
        read(call, answer(page_of("inventorylevels", 1)))


def test_a_batch_at_once_is_small() -> None:
    """Above a hundred it fails and the reason is lost."""
    with pytest.raises(ValueError, match="1 to 100 levels"):
        set_levels_now((OroLevelId(str(n)), Decimal(1)) for n in range(101))


def test_an_operation_shows_its_counts() -> None:
    """They are there once it has ended."""
    summary = {"readCount": 5, "writeCount": 3, "errorCount": 2, "aggregateTime": 1}
    row = OPERATION | {"attributes": {"status": "success", "progress": 1, "summary": summary}}

    operation = read(get_operation(OroOperationId("9")), answer({"data": row}))

    assert (operation.read_count, operation.write_count, operation.error_count) == (5, 3, 2)
    assert operation.ended


def test_errors_of_an_operation_are_read_page_by_page() -> None:
    """Their ids are no numbers, so by page number until a page is short."""

    def app(request: HttpRequest) -> HttpResponse:
        first = _query(request)["page[number]"] == "1"
        return answer({"data": [_error(number) for number in range(100 if first else 1)]})

    sender = Answering(app)

    errors = list(each(sender, list_operation_errors(OroOperationId("9"))))

    assert len(errors) == 101
    assert (errors[3].title, errors[3].index, errors[3].status) == ("form constraint", 3, 400)
    assert len(sender.asked) == 2


def _error(number: int) -> dict[str, object]:
    return {
        "type": "asyncoperationerrors",
        "id": f"9-1-{number}",
        "attributes": {
            "status": 400,
            "title": "form constraint",
            "source": {"pointer": f"/data/{number}"},
        },
    }
