"""What is written is read again: TOML, JSON and CSV, with nothing lost."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.rules.making import COMPANY, EARLIER, a_link

from oro_prima.config import (
    Policies,
    build_policies,
    link_rows,
    links_csv,
    policies_tree,
    toml_text,
    units_csv,
)
from oro_prima.config.rendering import plain
from oro_prima.config.tables import LINK_COLUMNS, UNIT_COLUMNS, csv_rows, unit_table
from oro_prima.config.versions import CURRENT, current_tree
from oro_prima.converters import decode_json, encode_json
from oro_prima.errors import ConfigError
from oro_prima.ids import OroCustomerId, OroSku, PrimaAccount
from oro_prima.mapping.conditions import OrderTest
from oro_prima.mapping.customers import (
    AccountPolicy,
    Inherit,
    SharedAccounts,
    StoppedAccount,
    UnknownShipTo,
)
from oro_prima.mapping.holds import HoldAction, HoldRule
from oro_prima.mapping.policy import (
    AddressPolicy,
    DiscountOwner,
    Duplicates,
    Inexact,
    OrderPolicy,
    Overflow,
    PriceBasis,
    PrimaReserves,
    PublishedFigure,
    ReferencePolicy,
    StockMode,
    StockPolicy,
    UnitShare,
)
from oro_prima.mapping.polling import PollPolicy
from oro_prima.mapping.product_units import UnitMode, UnitPolicy
from oro_prima.mapping.routing import RouteRule
from oro_prima.mapping.statuses import FulfilmentPolicy, Progress, PromotionGuard, Writes
from oro_prima.mapping.tables import AccountFacts, AccountState, Carrier, NumberedAddress, Tables
from oro_prima.prima.models import PrimaProfile
from oro_prima.prima.models.profile import CharsetPolicy, Style
from oro_prima.testing import strategies as some
from oro_prima.values import SkuKey

words = st.text("abcXYZ0123 =\"\\'#[]{}.é🥾", min_size=1, max_size=8).map(lambda text: f"x{text}x")
maybe = st.just("") | words
sets = st.frozensets(words, max_size=3)
spans = st.integers(1, 10**6).map(lambda seconds: timedelta(seconds=seconds))
numbers = st.integers(1, 9)
amounts = st.integers(0, 10**4).map(lambda number: Decimal(number).scaleb(-2))
profiles = st.builds(
    PrimaProfile,
    style=st.sampled_from(Style),
    company_first=st.booleans(),
    with_company=st.booleans(),
    address_lines=st.integers(1, 6),
    address_width=numbers,
    charset=st.sampled_from(CharsetPolicy),
    absent_codes=sets,
    duplicate_codes=sets,
    multi_size=numbers,
    widths=st.just(()) | st.just((("PostCode", 8), ("Data/Name", 30))),
    values=st.just(()) | st.just((("Country", (("GB", "UK"), ("FR", "F"))),)),
    extras=st.just(()) | st.just((("Data", "Season", "AW"),)),
)
accounts = st.builds(
    AccountPolicy,
    st.sampled_from(Inherit),
    st.sampled_from(SharedAccounts),
    st.sampled_from(StoppedAccount),
    st.sampled_from(UnknownShipTo),
)
tests = st.builds(OrderTest, sets, sets, sets, sets, sets, st.none() | amounts, st.booleans())
orders = st.builds(
    OrderPolicy,
    start_at=st.datetimes(datetime(2030, 1, 1), timezones=st.just(UTC)),
    price_basis=st.sampled_from(PriceBasis),
    vat_inclusive=st.booleans(),
    order_prefix=st.sampled_from(["1", "3", "20"]),
    order_width=st.integers(1, 6),
    zone=st.sampled_from(["Europe/London", "Asia/Kolkata"]).map(ZoneInfo),
    statuses=st.frozensets(st.sampled_from(["open", "pending"]), min_size=1),
    cancelled_statuses=st.frozensets(st.sampled_from(["cancelled", "closed"])),
    post_after=spans,
    erp_identifier_pattern=st.sampled_from(["", "E[0-9]+\\\\d"]),
    post_main=st.booleans(),
    price_decimals=st.integers(0, 6),
    inexact=st.sampled_from(Inexact),
    discount_owner=st.sampled_from(DiscountOwner),
    channel=maybe,
    carrier=words,
    carrier_service=maybe,
    warehouse=maybe,
    send_contact=st.booleans(),
    payment_terms=maybe,
    discount_code=words,
    accounts=accounts,
    addresses=st.builds(AddressPolicy, st.sampled_from(Overflow), sets, sets),
    references=st.builds(
        ReferencePolicy,
        st.booleans(),
        sets,
        st.sampled_from(["", "PO-[0-9]+"]),
        numbers,
        st.sampled_from(Duplicates),
    ),
    routes=st.just(()) | st.builds(RouteRule, tests, words, maybe).map(lambda rule: (rule,)),
    holds=st.lists(
        st.builds(HoldRule, tests, st.sampled_from(HoldAction), words, st.booleans()), max_size=2
    ).map(tuple),
)
shares = st.builds(UnitShare, st.just(OroSku("B")), st.just("case"), st.just(Decimal("0.5")))
stocks = st.builds(
    StockPolicy,
    mode=st.sampled_from(StockMode),
    figure=st.just(PublishedFigure.FREE),
    buffer=amounts,
    buffer_percent=st.integers(0, 100).map(Decimal),
    zero_after=numbers,
    zero_apart=spans,
    prima_reserves=st.just(PrimaReserves.RELEASE),
    released_statuses=st.frozensets(words, min_size=1),
    single_writes=numbers,
    batch_size=numbers,
    write_inventory_status=st.booleans(),
    buffer_days=amounts,
    unit_order=st.lists(words, unique=True, max_size=3).map(tuple),
    max_rise_percent=amounts,
    max_fall_percent=amounts,
    band_from=amounts,
    max_age=spans,
) | st.builds(
    StockPolicy,
    figure=st.just(PublishedFigure.AVAILABLE),
    mode=st.sampled_from(StockMode),
)
fulfilments = st.builds(
    FulfilmentPolicy,
    statuses=st.dictionaries(words, st.sampled_from(Progress), max_size=2).map(
        lambda more: {**FulfilmentPolicy().statuses, **more}
    ),
    writes=st.sampled_from(Writes),
    promotion_guard=st.sampled_from(PromotionGuard),
    methods=st.dictionaries(words, words, max_size=2),
    no_carrier=words,
    tracking_width=numbers,
    cancelled_status=maybe,
)
polls = st.builds(PollPolicy, hot_for=spans, hot_every=spans, budget=numbers)
facts = st.builds(
    AccountFacts,
    st.none() | st.sampled_from(AccountState),
    st.sampled_from(["", "GBP"]),
    st.none() | st.booleans(),
)
addresses = st.builds(NumberedAddress, st.sampled_from("123"), st.just("ZZ1 1ZZ"), maybe)
customers = st.integers(1, 99).map(lambda number: OroCustomerId(str(number)))
tables = st.builds(
    Tables,
    st.just(COMPANY),
    units=some.unit_tables(),
    charges=st.dictionaries(maybe, words, max_size=3),
    parents=st.dictionaries(customers, customers, max_size=2),
    accounts=st.dictionaries(words.map(PrimaAccount), facts, max_size=3),
    carriers=st.dictionaries(maybe, st.builds(Carrier, words, maybe), max_size=2),
    payment_terms=st.dictionaries(maybe, words, max_size=2),
    surcharges=st.dictionaries(words, words, max_size=2),
    sales=st.dictionaries(st.builds(SkuKey, words, maybe), amounts, max_size=2),
    deliveries=st.dictionaries(
        customers, st.lists(addresses, min_size=1, max_size=2).map(tuple), max_size=2
    ),
)


@st.composite
def some_policies(draw: st.DrawFn) -> Policies:
    profile = draw(profiles)
    return Policies(
        evolve(draw(orders), profile=profile),
        draw(stocks),
        draw(tables),
        profile,
        draw(fulfilments),
        draw(polls),
    )


busy = settings(suppress_health_check=list(HealthCheck))


@busy
@given(some_policies())
def test_policies_survive_toml_and_json(given_policies: Policies) -> None:
    """Every setting and every table; reading what was written gives the same policies."""
    tree = policies_tree(given_policies)
    read = tomllib.loads(toml_text(tree))

    assert read == tree
    assert build_policies(read) == given_policies
    again: Any = decode_json(encode_json(tree))
    assert build_policies(again) == given_policies


def test_limits_and_modes_survive() -> None:
    """What has a place of its own in the file."""
    text = """
    [orders]
    start_at = 2031-01-01T00:00:00Z
    price_basis = "unit"
    vat_inclusive = false
    [products.modes]
    B = "converted"
    [stock]
    shares = [{ sku = "B", unit = "case", max_share = "0.5" }]
    """
    rows = [{"sku": "B", "unit": unit, "product": "P", "count": n} for unit, n in
            (("each", "1"), ("case", "6"))]  # fmt: skip
    read = build_policies({**tomllib.loads(text), "units": rows})

    assert read.products == UnitPolicy(modes={OroSku("B"): UnitMode.CONVERTED})
    assert [share.max_share for share in read.stock.shares] == [Decimal("0.5")]
    assert build_policies(tomllib.loads(toml_text(policies_tree(read)))) == read


@busy
@given(some.unit_tables())
def test_unit_tables_survive_csv(table: Any) -> None:
    """Counts stay fractions, price shares exact."""
    text = units_csv(table)

    assert unit_table(csv_rows(text, "units.csv", UNIT_COLUMNS)) == table


@given(st.dictionaries(customers, st.tuples(words, maybe, st.none() | st.booleans()), max_size=4))
def test_links_survive_csv(rows: dict[OroCustomerId, tuple[str, str, bool | None]]) -> None:
    """What a person approved; who and when is said by whoever imports them."""
    links = [
        evolve(
            a_link(), customer=key, account=PrimaAccount(account), deliv_addr_no=number,
            vat_inclusive=basis, currency="GBP",
        )
        for key, (account, number, basis) in rows.items()
    ]  # fmt: skip
    read = link_rows(
        csv_rows(links_csv(links), "links.csv", LINK_COLUMNS),
        company=COMPANY, by="Kim", at=EARLIER, digest="hash",
    )  # fmt: skip

    assert list(read) == links


def test_a_file_cannot_hold_what_toml_has_not() -> None:
    """A float, for one; and every text that TOML can hold is escaped."""
    odd = {"a b": 'say "x"\n\x7f', "n": [1, True, {"k": "v"}], "t": {"u": {}}}

    assert tomllib.loads(toml_text(odd)) == odd
    assert plain(None) is None
    with pytest.raises(TypeError, match="holds no float"):
        toml_text({"rate": 0.5})


# the version of the form


def test_a_file_without_a_version_is_of_the_first() -> None:
    """And the version is no setting."""
    assert current_tree({"orders": {}}) == {"orders": {}}
    assert current_tree({"version": CURRENT, "orders": {}}) == {"orders": {}}


def test_older_forms_are_brought_up_step_by_step() -> None:
    """Each step makes a tree of the next version."""
    steps: Any = {
        1: lambda tree: {**tree, "seen": [1]},
        2: lambda tree: {**tree, "seen": [*tree["seen"], 2]},
    }

    assert current_tree({}, migrations=steps, current=3) == {"seen": [1, 2]}
    assert current_tree({"version": 2, "seen": []}, migrations=steps, current=3) == {"seen": [2]}


@pytest.mark.parametrize("version", [2, 0, True, "1", None])
def test_a_newer_or_unreadable_version_is_refused(version: object) -> None:
    """Nothing of it is guessed."""
    with pytest.raises(ConfigError) as caught:
        build_policies({"version": version})

    assert len(caught.value.faults) == 1
    assert caught.value.faults[0].startswith("version: ")
    assert ("update oro-prima" in caught.value.faults[0]) is (version == 2)
