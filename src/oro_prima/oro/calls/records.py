"""
Reading records of any declared type: one, all by id, those that are found, those beside a record.

The calls of each subject are these with their type filled in. Every list is asked by our own
requests, never by a server's link: `GET /products` shows none although more products exist.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TypeVar
from urllib.parse import quote

from attrs import evolve, field, frozen

from oro_prima.call import Page
from oro_prima.oro.calls.jsonapi import Answer, ApiCall, Query
from oro_prima.oro.calls.paging import Choice, Listing, list_by_id, list_chosen
from oro_prima.oro.models.filters import Filters, filter_pair, is_several
from oro_prima.oro.models.resource import M, Paging, Resource, ResourceType, read_records
from oro_prima.oro.models.trees import UnreadableRecordsError

C = TypeVar("C", bound=Mapping[str, object])
F = TypeVar("F", bound=Mapping[str, object])

PAGE = 100


@frozen
class Question:
    """
    What a list is asked, where the calls of a subject do not say it.

    Attributes:
        where: Names in snake case, or paths as the API spells them (`customer.name`), each with a
            value of `oro_prima.oro.models.filters`.
        sort: Names as the API spells them; `-` before one for falling order.
        include: Paths of relationships whose records come along.
        fields: Members in snake case; empty for all that the type declares; None for no `fields`
            at all, which shows everything the server has.
        beside: Members of other types that come along, as the API spells both.
        size: Records a page; None for the server's own 10.
        number: Which page, from 1; None says nothing.
    """

    where: Filters = field(factory=dict[str, object])
    sort: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    fields: tuple[str, ...] | None = ()
    beside: Mapping[str, tuple[str, ...]] = field(factory=dict[str, tuple[str, ...]])
    size: int | None = PAGE
    number: int | None = None


def get_record(resource: Resource[M, C, F], *, key: str) -> ApiCall[M]:
    """
    Read one record by its id.

    `RejectedError` with status 404 says that it is not there, or not to be seen by this user.
    """
    kind = resource.kind
    return ApiCall(
        name=f"get_{kind.name}",
        resource=kind.name,
        path=f"{kind.name}/{path_part(key)}",
        query=(kind.sparse(),),
        read=partial(read_one, resource),
    )


def list_records(
    resource: Resource[M, C, F],
    *,
    where: F | None = None,
    after: int = 0,
    size: int = PAGE,
) -> ApiCall[Page[M]]:
    """
    Read the records that are found, page by page until the last.

    By id where ids are numbers: complete, whatever changes meanwhile. An `id` among the filters
    reads exactly these records, a page's worth in each request.

    Raises:
        ValueError: A value that no filter can say, or `after` where pages go by number.
    """
    kind = resource.kind
    asked: Filters = where if where is not None else {}
    wanted = asked.get("id")
    if is_several(wanted):
        return _chosen(resource, asked, tuple(map(str, wanted)), size)
    if kind.paging is Paging.KEYSET:
        query = (*filter_query(kind, asked), kind.sparse(*_filtered(kind, asked)))
        parse = partial(read_records, resource=resource)
        return list_by_id(Listing(f"list_{kind.name}", kind.name, query, size, parse, after))
    if after:
        msg = f"{kind.name}: pages go by number, there is no id to go on after"
        raise ValueError(msg)
    pages = kind.paging is Paging.NUMBER
    return ask_records(
        resource, Question(asked, size=size if pages else None, number=1 if pages else None)
    )


def ask_records(resource: Resource[M, C, F], question: Question) -> ApiCall[Page[M]]:
    """
    Ask a list anything that the API can answer; the next page is the one after `number`.

    Pages by number over a list that changes may miss records or show one twice: for everything
    use `list_records`. A filtered relationship is always among the `fields`.
    """
    return _asked(resource, resource.kind.name, question)


def ask_record(resource: Resource[M, C, F], *, key: str, question: Question) -> ApiCall[M]:
    """Read one record with the `fields` and what comes along as a question says."""
    kind = resource.kind
    return ApiCall(
        name=f"get_{kind.name}",
        resource=kind.name,
        path=f"{kind.name}/{path_part(key)}",
        query=question_query(kind, question),
        read=partial(read_one, resource),
    )


def list_beside(
    resource: Resource[M, C, F], *, owner: str, key: str, relation: str, size: int = PAGE
) -> ApiCall[Page[M]]:
    """
    Read what a relationship of one record leads to, from its own list, which is never cut.

    Args:
        resource: The type that the relationship leads to.
        owner: The record's type, such as `customers`.
        key: The record's id.
        relation: The relationship as the API spells it, such as `children`.
        size: Records a page.
    """
    question = Question(size=size, number=1)
    return ask_beside(resource, owner=owner, key=key, relation=relation, question=question)


def ask_beside(
    resource: Resource[M, C, F], *, owner: str, key: str, relation: str, question: Question
) -> ApiCall[Page[M]]:
    """Ask the list beside a record anything; also where it leads to one record or none."""
    return _asked(resource, f"{owner}/{path_part(key)}/{path_part(relation)}", question)


def ask_relations(
    resource: Resource[M, C, F], *, key: str, relation: str, question: Question
) -> ApiCall[tuple[str, ...]]:
    """
    Read the ids that a relationship of one record leads to, by the relationship's own route.

    That route gives 10 ids unless it is asked for more, and never says that there are others: of
    `size` -1 it gives all, up to the server's cap. `list_beside` is complete.
    """
    kind = resource.kind
    wire = kind.names.get(relation, relation)
    return ApiCall(
        name=f"list_{kind.name}_relations",
        resource=kind.name,
        path=f"{kind.name}/{path_part(key)}/relationships/{path_part(wire)}",
        query=question_query(kind, question),
        read=lambda answer: tuple(str(tree["id"]) for tree in answer.trees),
    )


def may_be_cut(relations: Sequence[object] | None, *, cap: int) -> bool:
    """
    Tell whether a to-many relationship may have been cut by the server, silently.

    Args:
        relations: What was read; None where it was not shown.
        cap: `features.to_many_cap`: 100, or 1,000 from 6.1.8.
    """
    return relations is not None and len(relations) >= cap


def filter_query(kind: ResourceType, where: Filters) -> Query:
    """Write filters; a name is a member in snake case or a path as the API spells it."""
    return tuple(filter_pair(wire_path(kind, name), value) for name, value in where.items())


def wire_path(kind: ResourceType, name: str) -> str:
    """Return how the API spells a member or a path of members."""
    return kind.paths.get(name) or kind.names.get(name) or name


def read_one(resource: Resource[M, C, F], answer: Answer) -> M:
    """Read the one record of an answer; raises `ValueError`."""
    if len(answer.trees) != 1:
        msg = f"expected one record, got {len(answer.trees)}"
        raise ValueError(msg)
    return read_all_of(resource, answer)[0]


def read_all_of(resource: Resource[M, C, F], answer: Answer) -> tuple[M, ...]:
    """Read every record of an answer; raises `UnreadableRecordsError` naming those it cannot."""
    found = read_records(answer.trees, resource=resource)
    if found.unread:
        faults = tuple(fault for one in found.unread for fault in one.faults)
        raise UnreadableRecordsError(faults, tuple(one.subject for one in found.unread))
    return found.items


def path_part(key: str) -> str:
    """Write an id as a part of an address; raises `ValueError` for one that could lead away."""
    if not key or key in (".", "..") or quote(key, safe="-_.~") != key:
        msg = "expected an id or a name of letters, digits, dashes and dots"
        raise ValueError(msg)
    return key


def _chosen(
    resource: Resource[M, C, F], asked: Filters, ids: tuple[str, ...], size: int
) -> ApiCall[Page[M]]:
    kind = resource.kind
    rest = {name: value for name, value in asked.items() if name != "id"}
    query = (*filter_query(kind, rest), kind.sparse(*_filtered(kind, rest)))
    parse = partial(read_records, resource=resource)
    unique = tuple(dict.fromkeys(ids))
    return list_chosen(Choice(f"list_{kind.name}", kind.name, query, size, parse, unique))


def _filtered(kind: ResourceType, where: Filters) -> tuple[str, ...]:
    """
    Name what filters begin with and may be an enumeration: left out of the fields, 6.1 finds none.

    A name that the type does not declare may be one too; a server ignores a member that it lacks.
    """
    paths = (wire_path(kind, name).partition(".")[0] for name in where)
    return tuple(path for path in paths if path != "id" and kind.may_be_enum(path))


def question_query(kind: ResourceType, question: Question) -> Query:
    """Write what a question asks, in the order of its attributes."""
    query: list[tuple[str, str]] = [*filter_query(kind, question.where)]
    if question.sort:
        query.append(("sort", ",".join(question.sort)))
    if question.include:
        query.append(("include", ",".join(question.include)))
    if question.fields is not None:
        query.append(_fields(kind, question))
    query += [(f"fields[{name}]", ",".join(names)) for name, names in question.beside.items()]
    if question.size is not None:
        query.append(("page[size]", str(question.size)))
    if question.number is not None:
        query.append(("page[number]", str(question.number)))
    return tuple(query)


def _fields(kind: ResourceType, question: Question) -> tuple[str, str]:
    filtered = _filtered(kind, question.where)
    if not question.fields:
        return kind.sparse(*filtered)
    named = [wire_path(kind, name) for name in question.fields]
    return f"fields[{kind.name}]", ",".join(dict.fromkeys((*named, *filtered)))


def _asked(resource: Resource[M, C, F], path: str, question: Question) -> ApiCall[Page[M]]:
    return ApiCall(
        name=f"list_{resource.kind.name}",
        resource=resource.kind.name,
        path=path,
        query=question_query(resource.kind, question),
        read=partial(_page, resource, path, question),
    )


def _page(resource: Resource[M, C, F], path: str, question: Question, answer: Answer) -> Page[M]:
    found = read_records(answer.trees, resource=resource)
    size = question.size if question.size is not None else 0
    more = resource.kind.paging is not Paging.NONE and 0 < size <= len(answer.trees)
    following = evolve(question, number=(question.number or 1) + 1)
    return Page(
        items=found.items,
        next=_asked(resource, path, following) if more else None,
        server_now=answer.server_now,
        unread=found.unread,
    )
