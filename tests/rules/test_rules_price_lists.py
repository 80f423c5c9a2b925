"""Price lists: equal to the slow reference for every storage and strategy; every table of the rules."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.ids import (
    OroCustomerGroupId,
    OroCustomerId,
    OroPriceListId,
    OroSku,
    OroWebsiteId,
    UnitCode,
)
from oro_prima.mapping.prices import (
    GUEST,
    AssignedList,
    BelowSmallest,
    KitChoice,
    Level,
    PriceCatalogue,
    PricePolicy,
    PriceQuestion,
    PriceRule,
    PriceStorage,
    PriceStrategy,
    WebsitePrices,
    combined_tiers,
    lists_of,
    price_faults,
    price_index,
    resolve_kit_price,
    resolve_price,
)
from oro_prima.oro.models import (
    PriceList,
    PriceListCustomerFallback,
    PriceListCustomerGroupFallback,
    PriceListSchedule,
    PriceListToCustomer,
    PriceListToCustomerGroup,
    ProductPrice,
)
from oro_prima.outcome import Mapped, Unmapped
from oro_prima.reasons import ReasonCode
from tests.rules.slow_prices import slow_price

NOW = datetime(2031, 5, 4, 12, tzinfo=UTC)
DAY = timedelta(days=1)
SITE, OTHER_SITE = OroWebsiteId("1"), OroWebsiteId("2")
BUYER, LONER = OroCustomerId("3"), OroCustomerId("4")
TRADE = OroCustomerGroupId("8")
BOOT, KIT = OroSku("BOOT"), OroSku("KIT")
EACH, CASE = UnitCode("each"), UnitCode("case")

GBP = frozenset({"GBP"})
MINIMAL = PricePolicy(currencies=frozenset({"GBP", "EUR", "USD"}))
PRIORITY = evolve(MINIMAL, strategy=PriceStrategy.PRIORITY)
FLAT = evolve(MINIMAL, storage=PriceStorage.FLAT)


def key(number: int) -> OroPriceListId:
    return OroPriceListId(str(number))


def rows(number: int, tiers: Mapping[int, int | str], **changes: Any) -> list[ProductPrice]:
    return [
        evolve(
            ProductPrice(key(number), BOOT, EACH, Decimal(quantity), "GBP", Decimal(value)),
            **changes,
        )
        for quantity, value in tiers.items()
    ]


def own(
    number: int,
    order: int = 0,
    *,
    merge: bool = True,
    customer: OroCustomerId = BUYER,
    website: OroWebsiteId = SITE,
) -> PriceListToCustomer:
    return PriceListToCustomer(customer, website, key(number), order, merge)


def catalogue(
    *prices: list[ProductPrice], assigned: tuple[PriceListToCustomer, ...] = (), **changes: Any
) -> PriceCatalogue:
    every = [row for some in prices for row in some]
    currencies = ("GBP", "EUR", "USD")
    lists = tuple(
        PriceList(one, currencies=currencies) for one in sorted({row.price_list for row in every})
    )
    return evolve(PriceCatalogue(lists, tuple(every), assigned, groups={BUYER: TRADE}), **changes)


def asked(quantity: int | str = 1, **changes: Any) -> PriceQuestion:
    return evolve(PriceQuestion(BUYER, BOOT, EACH, Decimal(quantity), "GBP", NOW), **changes)


def price(
    found: PriceCatalogue, policy: PricePolicy, question: PriceQuestion
) -> Decimal | ReasonCode:
    match resolve_price(question, price_index(found, policy)):
        case Mapped(answer):
            return answer.value
        case Unmapped(reasons):
            return reasons[0].code


def tiers(found: PriceCatalogue, policy: PricePolicy, **changes: Any) -> dict[int, str]:
    index = price_index(found, policy)
    links = lists_of(BUYER, SITE, index, at=NOW)
    slot = (changes.get("sku", BOOT), changes.get("unit", EACH), changes.get("currency", "GBP"))
    return {int(one.row.quantity): str(one.value) for one in combined_tiers(slot, links, index)}


# the law: whatever is assigned, whatever the policy

numbers = st.integers(1, 5)
websites = st.sampled_from([SITE, OTHER_SITE])
customers = st.sampled_from([BUYER, LONER, GUEST])
groups = st.sampled_from([TRADE, OroCustomerGroupId("9")])
instants = st.sampled_from([NOW + n * DAY for n in range(-2, 3)])
windows = st.builds(PriceListSchedule, st.none() | instants, st.none() | instants)
some_lists = st.sets(numbers, min_size=1).flatmap(
    lambda some: st.tuples(
        *(
            st.builds(
                PriceList,
                id=st.just(key(number)),
                active=st.sampled_from([True, True, True, False]),
                currencies=st.sampled_from([("GBP",), ("GBP", "EUR"), ("EUR",)]),
                schedules=st.lists(windows, max_size=2).map(tuple) | st.just(()),
            )
            for number in sorted(some)
        )
    )
)
some_prices = st.lists(
    st.builds(
        ProductPrice,
        price_list=numbers.map(key),
        sku=st.sampled_from([BOOT, KIT]),
        unit=st.sampled_from([EACH, CASE]),
        quantity=st.sampled_from([Decimal(1), Decimal("2.5"), Decimal(10)]),
        currency=st.sampled_from(["GBP", "EUR", "USD"]),
        value=st.sampled_from([Decimal("9.9999"), Decimal(8), Decimal("0"), Decimal("12.5")]),
    ),
    max_size=25,
    unique_by=lambda row: (row.price_list, row.sku, row.unit, row.quantity, row.currency),
)
orders = st.integers(0, 2)
assigned_lists = st.lists(
    st.builds(AssignedList, numbers.map(key), orders, st.booleans()), max_size=3
).map(tuple)
catalogues = st.builds(
    PriceCatalogue,
    lists=some_lists,
    prices=some_prices.map(tuple),
    customer_lists=st.lists(
        st.builds(
            PriceListToCustomer, customers, websites, numbers.map(key), orders, st.booleans()
        ),
        max_size=5,
    ).map(tuple),
    group_lists=st.lists(
        st.builds(
            PriceListToCustomerGroup, groups, websites, numbers.map(key), orders, st.booleans()
        ),
        max_size=4,
    ).map(tuple),
    customer_fallbacks=st.lists(
        st.builds(PriceListCustomerFallback, customers, websites, st.integers(0, 1)), max_size=2
    ).map(tuple),
    group_fallbacks=st.lists(
        st.builds(PriceListCustomerGroupFallback, groups, websites, st.integers(0, 1)), max_size=2
    ).map(tuple),
    groups=st.dictionaries(st.sampled_from([BUYER, LONER]), groups),
)
policies = st.builds(
    PricePolicy,
    currencies=st.sampled_from([frozenset({"GBP"}), frozenset({"GBP", "EUR"})]),
    storage=st.sampled_from(PriceStorage),
    strategy=st.sampled_from(PriceStrategy),
    default_lists=assigned_lists,
    default_list=st.none() | numbers.map(key),
    websites=st.dictionaries(
        websites,
        st.builds(WebsitePrices, assigned_lists, st.booleans(), st.none() | numbers.map(key)),
    ),
    anonymous_group=st.none() | groups,
)
questions = st.builds(
    PriceQuestion,
    customers,
    st.sampled_from([BOOT, KIT]),
    st.sampled_from([EACH, CASE]),
    st.sampled_from([Decimal("0.5"), Decimal(1), Decimal(3), Decimal(100)]),
    st.sampled_from(["GBP", "EUR"]),
    instants,
    websites,
)


@given(catalogues, policies, st.lists(questions, min_size=1, max_size=8))
def test_prices_are_those_of_the_reference(
    found: PriceCatalogue, policy: PricePolicy, some: list[PriceQuestion]
) -> None:
    """For every storage and strategy, chain, fallback, schedule, unit, currency and tier."""
    index = price_index(found, policy)
    for question in some:
        answer = resolve_price(question, index)
        value = answer.value.value if isinstance(answer, Mapped) else None

        assert value == slow_price(question, found, policy)


@given(catalogues, policies, questions, st.randoms())
def test_the_order_of_rows_does_not_matter(
    found: PriceCatalogue, policy: PricePolicy, question: PriceQuestion, random: Any
) -> None:
    """Not of lists, prices, assignments or fallbacks."""
    mixed = found
    changes: Any
    for name in (
        "lists",
        "prices",
        "customer_lists",
        "group_lists",
        "customer_fallbacks",
        "group_fallbacks",
    ):
        some = list(getattr(found, name))
        random.shuffle(some)
        changes = {name: tuple(some)}
        mixed = evolve(mixed, **changes)

    if not any("sort order" in fault for fault in price_faults(found, policy)):
        assert resolve_price(question, price_index(found, policy)) == resolve_price(
            question, price_index(mixed, policy)
        )


@given(catalogues, policies, questions)
def test_what_won_is_a_row_of_a_list_of_the_chain(
    found: PriceCatalogue, policy: PricePolicy, question: PriceQuestion
) -> None:
    """Unit and currency survive; the tier is reached; the list takes part."""
    index = price_index(found, policy)
    answer = resolve_price(question, index)
    if isinstance(answer, Mapped):
        row = answer.value.row

        assert row in found.prices
        assert (row.sku, row.unit, row.currency) == (question.sku, question.unit, question.currency)
        assert row.quantity <= question.quantity
        assert answer.value.link in lists_of(
            question.customer, question.website, index, at=question.at
        )


# the tables of the rules

P = {1: 9, 2: 8, 5: 6}
Q = {1: 8, 2: 7, 4: 7}


@pytest.mark.parametrize(
    ("policy", "lists", "merges", "expected"),
    [
        (PRIORITY, [P, Q], [True, True], {1: "9", 2: "8", 4: "7", 5: "6"}),
        (PRIORITY, [P, Q], [False, True], {1: "9", 2: "8", 5: "6"}),
        (
            PRIORITY,
            [P, Q, {10: 5, 100: 4}],
            [True, False, True],
            {1: "9", 2: "8", 5: "6", 10: "5", 100: "4"},
        ),
        (MINIMAL, [{1: 9, 2: 8, 4: 6}, Q], [True, True], {1: "8", 2: "7", 4: "6"}),
        (MINIMAL, [{1: 9, 2: 8, 4: 6}, Q], [False, False], {1: "8", 2: "7", 4: "6"}),
        (PRIORITY, [{1: 8}, {1: 12, 10: 11}], [True, True], {1: "8", 10: "11"}),
        (MINIMAL, [{1: 8}, {1: 10, 10: 9}], [True, True], {1: "8", 10: "9"}),
        (PRIORITY, [Q, P], [True, True], {1: "8", 2: "7", 4: "7", 5: "6"}),
        (
            MINIMAL,
            [P, Q, {10: "72.20", 20: "68.40"}],
            [True] * 3,
            {1: "8", 2: "7", 4: "7", 5: "6", 10: "72.20", 20: "68.40"},
        ),
    ],
)
def test_combined_tables(
    policy: PricePolicy,
    lists: list[dict[int, int | str]],
    merges: list[bool],
    expected: dict[int, str],
) -> None:
    """Minimal prices and merging by priority; merged tiers may rise."""
    found = catalogue(
        *(rows(n, some) for n, some in enumerate(lists)),
        assigned=tuple(own(n, n, merge=merge) for n, merge in enumerate(merges)),
    )

    assert tiers(found, policy) == expected


def test_a_sealed_product_is_sealed_in_every_unit_and_currency() -> None:
    """And the list behind it still supplies the products that the first one lacks."""
    found = catalogue(
        rows(1, {1: 9}, currency="EUR"),
        rows(2, {1: 10}, currency="USD"),
        rows(2, {1: 50}, unit=CASE),
        rows(2, {1: 4}, sku=KIT),
        assigned=(own(1, 1, merge=False), own(2, 2)),
    )

    assert tiers(found, PRIORITY, currency="EUR") == {1: "9"}
    assert tiers(found, PRIORITY, currency="USD") == {}
    assert tiers(found, PRIORITY, unit=CASE) == {}
    assert tiers(found, PRIORITY, sku=KIT) == {1: "4"}


def test_a_rise_with_the_quantity_is_what_a_buyer_pays() -> None:
    """Nine cost 8 each, ten cost 11 each."""
    found = catalogue(rows(1, {1: 8}), rows(2, {1: 12, 10: 11}), assigned=(own(1, 1), own(2, 2)))

    assert price(found, PRIORITY, asked(9)) == 8
    assert price(found, PRIORITY, asked(10)) == 11


def test_nothing_is_converted_and_nothing_is_below_the_smallest_tier() -> None:
    """No unit, no currency, no tier: no price, and the reason says which."""
    found = catalogue(rows(1, {5: 9}), assigned=(own(1),))

    assert price(found, MINIMAL, asked(4)) is ReasonCode.BELOW_SMALLEST_TIER
    assert price(found, MINIMAL, asked(5)) == 9
    assert price(found, MINIMAL, asked(5, unit=CASE)) is ReasonCode.NO_PRICE
    assert price(found, MINIMAL, asked(5, currency="EUR")) is ReasonCode.NO_PRICE
    assert price(found, MINIMAL, asked(5, customer=LONER)) is ReasonCode.NO_PRICE_LIST


def test_a_currency_is_the_systems_and_the_chains() -> None:
    """Declared by any list of the chain is enough; by none, or not by the system, is not."""
    found = catalogue(rows(1, {1: 9}), rows(2, {1: 7}, sku=KIT), assigned=(own(1, 1), own(2, 2)))
    first, second = found.lists
    found = evolve(found, lists=(evolve(first, currencies=()), second))

    assert price(found, MINIMAL, asked()) == 9
    assert (
        price(found, evolve(MINIMAL, currencies=frozenset({"EUR"})), asked()) is ReasonCode.NO_PRICE
    )
    none = evolve(found, lists=(evolve(first, currencies=()), evolve(second, currencies=())))
    assert price(none, MINIMAL, asked()) is ReasonCode.NO_PRICE


@pytest.mark.parametrize(
    ("precision", "quantity", "switches", "applies"),
    [
        (2, "0.5", {BelowSmallest.PART_OF_UNIT}, BelowSmallest.PART_OF_UNIT),
        (2, "0.5", {BelowSmallest.FRACTIONAL}, BelowSmallest.FRACTIONAL),
        (
            2,
            "1.5",
            {BelowSmallest.FRACTIONAL, BelowSmallest.PART_OF_UNIT},
            BelowSmallest.FRACTIONAL,
        ),
        (0, "1", {BelowSmallest.WHOLE}, BelowSmallest.WHOLE),
        (2, "1.5", {BelowSmallest.PART_OF_UNIT, BelowSmallest.WHOLE}, None),
        (0, "1", {BelowSmallest.FRACTIONAL, BelowSmallest.PART_OF_UNIT}, None),
        (0, "0", {BelowSmallest.WHOLE}, None),
        (None, "1", set(BelowSmallest), None),
        (0, "1", set(), None),
    ],
)
def test_switches_for_less_than_the_smallest_tier(
    precision: int | None,
    quantity: str,
    switches: set[BelowSmallest],
    applies: BelowSmallest | None,
) -> None:
    """By the precision of the primary unit; an unknown one has none."""
    known = {} if precision is None else {BOOT: precision}
    found = catalogue(rows(1, {2: 9, 5: 8}), assigned=(own(1),), precisions=known)
    policy = evolve(MINIMAL, below_smallest=frozenset(switches))
    answer = resolve_price(asked(quantity), price_index(found, policy))

    if applies is None:
        assert isinstance(answer, Unmapped)
    else:
        assert isinstance(answer, Mapped)
        assert (answer.value.switch, answer.value.value) == (applies, Decimal(9))


# chains

LEVELS = (
    PriceListToCustomerGroup(TRADE, SITE, key(2), 0),
    evolve(
        MINIMAL,
        websites={SITE: WebsitePrices((AssignedList(key(3)),))},
        default_lists=(AssignedList(key(4)),),
    ),
)


def chain_of(
    found: PriceCatalogue,
    policy: PricePolicy,
    customer: OroCustomerId = BUYER,
    website: OroWebsiteId = SITE,
) -> list[str]:
    return [x.price_list for x in lists_of(customer, website, price_index(found, policy), at=NOW)]


def four(**changes: Any) -> PriceCatalogue:
    found = catalogue(
        *(rows(n, {1: n}) for n in (1, 2, 3, 4)), assigned=(own(1),), group_lists=(LEVELS[0],)
    )
    return evolve(found, **changes)


def test_levels_follow_one_another_and_never_mix() -> None:
    """Customer, group, website, system; a customer without a group jumps to the website."""
    assert chain_of(four(), LEVELS[1]) == ["1", "2", "3", "4"]
    assert chain_of(four(groups={}), LEVELS[1]) == ["1", "3", "4"]
    assert chain_of(four(), LEVELS[1], LONER) == ["3", "4"]
    assert chain_of(four(), LEVELS[1], website=OTHER_SITE) == ["4"]
    orders = four(customer_lists=(own(1, 9),), group_lists=(evolve(LEVELS[0], sort_order=-1),))
    assert chain_of(orders, LEVELS[1]) == ["1", "2", "3", "4"]


def test_a_fallback_ends_the_chain() -> None:
    """Of the customer, the group, the website; 0 and no record go on."""
    alone = PriceListCustomerFallback(BUYER, SITE, 1)
    group = PriceListCustomerGroupFallback(TRADE, SITE, 1)
    site = evolve(LEVELS[1], websites={SITE: WebsitePrices((AssignedList(key(3)),), only=True)})

    assert chain_of(four(customer_fallbacks=(alone,)), LEVELS[1]) == ["1"]
    assert chain_of(four(customer_fallbacks=(evolve(alone, fallback=0),)), LEVELS[1]) == [
        "1",
        "2",
        "3",
        "4",
    ]
    assert chain_of(four(group_fallbacks=(group,)), LEVELS[1]) == ["1", "2"]
    assert chain_of(four(), site) == ["1", "2", "3"]
    nothing = four(customer_lists=(), customer_fallbacks=(alone,))
    assert chain_of(nothing, LEVELS[1]) == []
    assert price(nothing, LEVELS[1], asked()) is ReasonCode.NO_PRICE_LIST


def test_guests_are_in_the_anonymous_group() -> None:
    """As customer 0."""
    policy = evolve(LEVELS[1], anonymous_group=TRADE)

    assert chain_of(four(), policy, GUEST) == ["2", "3", "4"]
    assert chain_of(four(), LEVELS[1], GUEST) == ["3", "4"]


def test_lists_that_take_no_part() -> None:
    """Inactive, empty, unknown, outside every window; a window holds its beginning, not its end."""
    one, two, three, four_ = four().lists
    empty = PriceList(key(5), currencies=("GBP",))
    found = four(
        lists=(evolve(one, active=False), two, three, four_, empty),
        customer_lists=(own(1), own(5, 1), own(6, 2)),
    )
    assert chain_of(found, LEVELS[1]) == ["2", "3", "4"]
    for begin, end, part in [
        (0, 1, True),
        (1, 2, False),
        (-1, 0, False),
        (-9, 9, True),
        (None, 0, False),
        (None, None, True),
        (0, None, True),
    ]:
        window = PriceListSchedule(
            None if begin is None else NOW + begin * DAY, None if end is None else NOW + end * DAY
        )
        timed = four(lists=(evolve(one, schedules=(window,)), two, three, four_))
        assert ("1" in chain_of(timed, LEVELS[1])) is part
        both = evolve(one, schedules=(window, PriceListSchedule(NOW, None)))
        assert "1" in chain_of(four(lists=(both, two, three, four_)), LEVELS[1])


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [(True, True, 1), (True, False, 1), (False, False, 1), (False, True, 2)],
)
def test_a_repeat_is_dropped_unless_it_may_merge_now(first: bool, second: bool, kept: int) -> None:
    """And then it gives what it could not give before."""
    found = catalogue(
        rows(1, P),
        rows(2, {1: 5, 100: 4}),
        assigned=(own(1), own(2, 1, merge=first), own(2, 2, merge=second)),
    )

    assert chain_of(found, PRIORITY).count("2") == kept
    assert (100 in tiers(found, PRIORITY)) is (first or second)


def test_lists_of_one_sort_order_come_by_age() -> None:
    """The catalogue's faults name them."""
    found = catalogue(rows(10, {1: 9}), rows(9, {1: 8}), assigned=(own(10), own(9)))

    assert chain_of(found, PRIORITY) == ["9", "10"]
    assert any("sort order 0" in fault for fault in price_faults(found, PRIORITY))


def test_who_has_nothing_of_their_own_shares_a_chain() -> None:
    """One value for all of them."""
    found = price_index(
        four(groups={BUYER: TRADE, LONER: TRADE, OroCustomerId("5"): TRADE}), LEVELS[1]
    )

    assert found.chains.of(LONER, SITE) is found.chains.of(OroCustomerId("5"), SITE)
    assert [link.level for link in found.chains.of(BUYER, SITE)] == list(Level)


# flat storage


def flat(**changes: Any) -> PricePolicy:
    return evolve(
        FLAT, default_list=key(4), websites={SITE: WebsitePrices(default_list=key(3))}, **changes
    )


def test_flat_storage_takes_one_list() -> None:
    """The customer's first active one, else the group's, the website's, the system's; no fallback counts."""
    one, two, three, last = four().lists
    alone = PriceListCustomerFallback(BUYER, SITE, 1)
    group = PriceListCustomerGroupFallback(TRADE, SITE, 1)
    off = four(lists=(evolve(one, active=False), two, three, last), customer_fallbacks=(alone,))
    both_off = evolve(off, group_lists=(), group_fallbacks=(group,))

    assert chain_of(four(), flat()) == ["1"]
    assert chain_of(off, flat()) == ["2"]
    assert chain_of(both_off, flat()) == ["3"]
    assert chain_of(four(), flat(), LONER) == ["3"]
    assert chain_of(four(), flat(), LONER, OTHER_SITE) == ["4"]
    assert chain_of(four(), FLAT, LONER) == []
    assert chain_of(off, evolve(flat(), strategy=PriceStrategy.PRIORITY)) == ["2"]


def test_flat_storage_outside_its_schedule_tries_the_next_level() -> None:
    """Not the second list of the same level."""
    one, two, three, last = four().lists
    later = evolve(one, schedules=(PriceListSchedule(NOW + DAY, None),))
    found = four(lists=(later, two, three, last), customer_lists=(own(1, 1), own(4, 2)))

    assert chain_of(found, flat()) == ["2"]


def test_flat_storage_falls_to_no_other_list() -> None:
    """Where the one list lacks the product there is no price, even where it holds none at all."""
    found = four(prices=tuple(rows(2, {1: 7})))

    assert chain_of(found, flat()) == ["1"]
    assert price(found, flat(), asked()) is ReasonCode.NO_PRICE


# which rule won


def test_the_rule_that_won_is_named() -> None:
    """And a tie goes to the first list of the chain."""
    found = catalogue(rows(1, {1: 9}), rows(2, {1: 9}), assigned=(own(1, 1), own(2, 2)))
    for policy, rule in (
        (MINIMAL, PriceRule.LOWEST),
        (PRIORITY, PriceRule.FIRST),
        (FLAT, PriceRule.ONLY),
    ):
        answer = resolve_price(asked(), price_index(found, policy))

        assert isinstance(answer, Mapped)
        assert (answer.value.rule, answer.value.link.price_list, answer.value.link.level) == (
            rule,
            "1",
            Level.CUSTOMER,
        )


# kits


def test_a_kit_costs_its_own_price_and_the_rounded_parts() -> None:
    """A part is priced by its own quantity in one kit; an optional one without a price is left out."""
    found = catalogue(
        rows(1, {1: "1.255", 3: "0.335"}), rows(1, {1: "20"}, sku=KIT), assigned=(own(1),)
    )
    index = price_index(found, MINIMAL)
    asked_kit = asked(5, sku=KIT)
    two, lace = KitChoice(BOOT, EACH, Decimal(1)), KitChoice(OroSku("LACE"), EACH, Decimal(1))

    assert resolve_kit_price(asked_kit, [two], index) == Mapped(Decimal("21.26"))
    assert resolve_kit_price(asked_kit, [evolve(two, quantity=Decimal(3))], index) == Mapped(
        Decimal("21.01")
    )
    assert resolve_kit_price(asked_kit, [evolve(lace, optional=True)], index) == Mapped(Decimal(20))
    assert resolve_kit_price(asked(5, sku=OroSku("BAG")), [two], index) == Mapped(Decimal("1.26"))
    assert isinstance(resolve_kit_price(asked_kit, [two, lace, lace], index), Unmapped)


# faults


def test_faults_of_lists_and_policy_are_named() -> None:
    """Before anybody asks for a price."""
    twice = catalogue(rows(1, {1: 9}), rows(1, {1: 8}))
    window = PriceListSchedule(NOW, NOW)
    found = evolve(
        twice,
        lists=(
            PriceList(
                key(1), schedules=(window, PriceListSchedule(NOW, NOW + DAY), PriceListSchedule())
            ),
        ),
        customer_lists=(own(1), own(7)),
        group_lists=(LEVELS[0], evolve(LEVELS[0], price_list=key(1))),
    )
    sites = {
        SITE: WebsitePrices((AssignedList(key(3)),), default_list=key(5)),
        OTHER_SITE: WebsitePrices(),
    }
    faults = price_faults(found, PricePolicy(frozenset(), default_list=key(6), websites=sites))

    assert "prices: list 1: BOOT in each from 1 in GBP stands twice" in faults
    for part in (
        "currencies",
        "default_lists: expected",
        "group 8",
        "customer 3",
        "website 1",
        "default_list",
        "a window ends",
    ):
        assert any(part in fault for fault in faults), part
    assert price_faults(found, FLAT)[0].startswith("prices.default_list")
    assert price(twice, MINIMAL, asked(customer=LONER)) is ReasonCode.NO_PRICE_LIST


@pytest.mark.parametrize(("first", "second"), list(product((8, 9), repeat=2)))
def test_two_prices_in_one_slot_of_a_list_give_the_lower(first: int, second: int) -> None:
    """So that the order of rows does not matter; the fault is named."""
    found = catalogue(rows(1, {1: first}), rows(1, {1: second}), assigned=(own(1),))
    for policy in (MINIMAL, PRIORITY, FLAT):
        assert price(found, policy, asked()) == min(first, second)
