"""Lists in pages by id: every next page is asked by our own request, never by a server's link."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from attrs import evolve, field, frozen

from oro_prima.call import Page
from oro_prima.oro.calls.jsonapi import Answer, ApiCall, Query, Tree, digits, value_list
from oro_prima.oro.models.trees import Parsed

T = TypeVar("T")

ParseAll = Callable[[tuple[Tree, ...]], tuple[T, ...] | Parsed[T]]
"""Reads the records of a page: all or a `ValueError`, or those that can be read and the others."""


@frozen
class Listing(Generic[T]):
    """
    A list in pages, sorted by id: each page holds ids above the last one of the page before.

    `query` is all but sort and paging. `rest` are the queries of the parts after this one, for a
    list that is asked for in several.
    """

    name: str
    resource: str
    query: Query
    size: int
    parse: ParseAll[T] = field(eq=False, repr=False)
    after: int = 0
    rest: tuple[Query, ...] = ()


def list_by_id(listing: Listing[T]) -> ApiCall[Page[T]]:
    """Ask for the page of a listing that begins above its `after`."""
    if listing.size < 1 or listing.after < 0:
        msg = "expected a page size above 0 and a first id not below 0"
        raise ValueError(msg)
    return ApiCall(
        name=listing.name,
        resource=listing.resource,
        path=listing.resource,
        query=(
            ("filter[id][gt]", str(listing.after)),
            *listing.query,
            ("sort", "id"),
            ("page[size]", str(listing.size)),
        ),
        read=lambda answer: _page(listing, answer),
    )


def _page(listing: Listing[T], answer: Answer) -> Page[T]:
    last = _last_id(listing.after, answer.trees)
    following: Listing[T] | None = None
    if len(answer.trees) >= listing.size or (answer.has_next and answer.trees):
        following = evolve(listing, after=last)
    elif listing.rest:
        following = evolve(listing, after=0, query=listing.rest[0], rest=listing.rest[1:])
    parsed = _parsed(listing.parse, answer)
    return Page(
        items=parsed.items,
        next=None if following is None else list_by_id(following),
        server_now=answer.server_now,
        unread=parsed.unread,
    )


def _parsed(parse: ParseAll[T], answer: Answer) -> Parsed[T]:
    found = parse(answer.trees)
    return found if isinstance(found, Parsed) else Parsed(found)


def _last_id(after: int, trees: tuple[Tree, ...]) -> int:
    """Return the highest id; raises where ids do not rise: a filter or sort was not applied."""
    for tree in trees:
        key = int(digits(str(tree["id"])))
        if key <= after:
            msg = "the ids of the page do not rise: the server did not apply the filter or the sort"
            raise ValueError(msg)
        after = key
    return after


@frozen
class Choice(Generic[T]):
    """Records chosen by ids, asked for in parts of at most `size`; an unknown id is absent."""

    name: str
    resource: str
    query: Query
    size: int
    parse: ParseAll[T] = field(eq=False, repr=False)
    ids: tuple[str, ...] = ()


def list_chosen(choice: Choice[T]) -> ApiCall[Page[T]]:
    """Ask for the first part of a choice. No second operator on the id: 5.1 applies only one."""
    wanted = choice.ids[: choice.size]
    return ApiCall(
        name=choice.name,
        resource=choice.resource,
        path=choice.resource,
        query=(
            ("filter[id]", value_list(map(digits, wanted))),
            *choice.query,
            ("sort", "id"),
            ("page[size]", str(choice.size)),
        ),
        read=lambda answer: _chosen_page(choice, frozenset(wanted), answer),
    )


def _chosen_page(choice: Choice[T], wanted: frozenset[str], answer: Answer) -> Page[T]:
    if not wanted.issuperset(str(tree["id"]) for tree in answer.trees):
        msg = "a record came that was not asked for: the server did not apply the filter"
        raise ValueError(msg)
    rest = choice.ids[choice.size :]
    parsed = _parsed(choice.parse, answer)
    return Page(
        items=parsed.items,
        next=list_chosen(evolve(choice, ids=rest)) if rest else None,
        server_now=answer.server_now,
        unread=parsed.unread,
    )
