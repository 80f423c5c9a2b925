"""Lists in pages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.call import HttpRequest, HttpResponse, each
from oro_prima.errors import UnreadableError
from oro_prima.oro.calls.jsonapi import Tree
from oro_prima.oro.calls.paging import Choice, Listing, list_by_id, list_chosen
from tests.oro.reading import Answering, read
from tests.oro.strategies import NOW, answer, page_of


def _ids(trees: tuple[Tree, ...]) -> tuple[int, ...]:
    return tuple(int(str(tree["id"])) for tree in trees)


def _listing(*, size: int = 3, after: int = 0) -> Listing[int]:
    return Listing("list_things", "things", (), size, _ids, after)


def _store(known: set[int]) -> Answering:
    def app(request: HttpRequest) -> HttpResponse:
        query = dict(request.query)
        after, size = int(query["filter[id][gt]"]), int(query["page[size]"])
        found = sorted(key for key in known if key > after)
        return answer(page_of("things", *found[:size]))

    return Answering(app)


@given(st.sets(st.integers(1, 10**9), max_size=20), st.integers(1, 5))
def test_a_listing_shows_every_record_once_and_in_order(known: set[int], size: int) -> None:
    """Whatever the page size, nothing is missed and nothing comes twice."""
    sender = _store(known)

    assert sorted(known) == list(each(sender, list_by_id(_listing(size=size))))
    assert len(sender.asked) <= len(known) // size + 1


def test_a_page_tells_the_servers_time() -> None:
    """The `Date` header is the only clock that a watermark trusts."""
    page = read(list_by_id(_listing()), answer(page_of("things", 4)))

    assert page.server_now == NOW


def test_a_short_page_that_links_to_more_is_not_the_end() -> None:
    """A server that gives fewer rows than asked loses none of them; its link is not followed."""
    document = page_of("things", 4) | {"links": {"next": "http://elsewhere/things?page=2"}}

    page = read(list_by_id(_listing()), answer(document))

    assert page.next is not None
    assert ("filter[id][gt]", "4") in page.next.request().query
    assert page.next.request().path == "things"


def test_an_empty_page_is_the_end_whatever_it_links_to() -> None:
    """A page size that the server takes for 0 would be a loop without end."""
    document = page_of("things") | {"links": {"next": "http://elsewhere"}}

    assert read(list_by_id(_listing()), answer(document)).next is None


@pytest.mark.parametrize("ids", [(3, 3), (4, 3), (1,), (2,)])
def test_ids_that_do_not_rise_are_refused(ids: tuple[int, ...]) -> None:
    """A filter that was dropped silently would be read for ever."""
    with pytest.raises(UnreadableError, match="do not rise"):
        read(list_by_id(_listing(after=2)), answer(page_of("things", *ids)))


def test_an_id_that_is_no_number_is_refused() -> None:
    """Ids compare as integers."""
    document = {"data": [{"type": "things", "id": "7b"}]}

    with pytest.raises(UnreadableError, match="digits"):
        read(list_by_id(_listing()), answer(document))


@pytest.mark.parametrize(("size", "after"), [(0, 0), (-1, 0), (5, -1)])
def test_a_page_has_a_size(size: int, after: int) -> None:
    """Size 0 loops, -1 is everything at once."""
    with pytest.raises(ValueError, match="page size above 0"):
        list_by_id(_listing(size=size, after=after))


def _choice(*ids: int) -> Choice[int]:
    return Choice("list_things", "things", (), 2, _ids, tuple(map(str, ids)))


def test_chosen_records_are_asked_for_in_parts() -> None:
    """Each part names its ids, with no second operator on the id; who is absent is absent."""

    def app(request: HttpRequest) -> HttpResponse:
        wanted = map(int, dict(request.query)["filter[id]"].split(","))
        return answer(page_of("things", *(key for key in wanted if key != 4)))

    sender = Answering(app)

    assert list(each(sender, list_chosen(_choice(1, 2, 4, 5)))) == [1, 2, 5]
    assert [dict(request.query)["filter[id]"] for request in sender.asked] == ["1,2", "4,5"]
    assert not any("filter[id][gt]" in dict(request.query) for request in sender.asked)


def test_a_record_that_was_not_chosen_is_refused() -> None:
    """It would show that the filter was dropped, and absence would mean nothing."""
    with pytest.raises(UnreadableError, match="not asked for"):
        read(list_chosen(_choice(1)), answer(page_of("things", 1, 9)))


def test_nothing_chosen_is_refused() -> None:
    """An empty filter would be all records, or an error."""
    with pytest.raises(ValueError, match="at least one value"):
        list_chosen(_choice())
