"""
JSON:API as OroCommerce speaks it: requests, documents, trees.

A document becomes a *tree*: each resource one mapping of its `id`, `type`, attributes and
relationships under names in snake case, a relationship being the tree of an included resource, or
the bare id of one that was not included. Trees refer to each other, so a cycle stays a cycle.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Generic, TypeAlias, TypeVar

from attrs import evolve, field, frozen

from oro_prima.call import Decoder, Headers, HttpRequest, HttpResponse, ResponseHead, WholeBody
from oro_prima.call import header as header_of
from oro_prima.converters import decode_json, encode_json, is_list, is_object
from oro_prima.errors import Effect, UnreadableError
from oro_prima.oro.calls.failures import Asked, raise_failure
from oro_prima.oro.models.resource import snake_case
from oro_prima.oro.models.trees import UnreadableRecordsError

R = TypeVar("R")

Tree: TypeAlias = dict[str, object]
Query: TypeAlias = tuple[tuple[str, str], ...]

MEDIA_TYPE = "application/vnd.api+json"
PERMISSIONS = {"GET": "VIEW", "POST": "CREATE", "PATCH": "EDIT", "DELETE": "DELETE"}
"""What a role needs; a batch needs CREATE on asynchronous operations besides."""
READING = frozenset({"GET", "OPTIONS"})
JSON_CAP = 32 * 1024 * 1024
"""Bytes of one answer that are read; a larger one is refused."""


@frozen
class Answer:
    """
    A document that was read: its resources as trees, in the server's order.

    `methods` are what the address takes, where the server says it.
    """

    trees: tuple[Tree, ...]
    status: int
    has_next: bool = False
    server_now: datetime | None = None
    methods: frozenset[str] = frozenset()


@frozen
class ApiCall(Generic[R]):
    """
    One request to the back-office API.

    `resource` is the resource type, named where a permission is missing. `sent` is the document of
    a write, `places` what the caller calls the parts of it. `read` makes the value of an answer
    that is no failure; it raises `ValueError`, whose text holds no payload, for one that it cannot
    read.
    """

    name: str
    resource: str
    path: str
    read: Callable[[Answer], R] = field(eq=False, repr=False)
    method: str = "GET"
    query: Query = ()
    sent: Tree | None = field(default=None, repr=False)
    extra_headers: Headers = ()
    timeout: float | None = None
    places: Mapping[str, str] = field(factory=dict[str, str], eq=False, repr=False)
    keyed: bool = False
    cap: int = JSON_CAP

    @property
    def safe(self) -> bool:
        """
        Reading is; a write is not, for a level sent twice may undo a sale in between.

        Unless it is `keyed`: the server finds by a key what the first sending made.
        """
        return self.method in READING or self.keyed

    def request(self) -> HttpRequest:
        """Write the request, with the exact media type: one parameter more and it is refused."""
        headers: Headers = (("Accept", MEDIA_TYPE), *self.extra_headers)
        if self.sent is None:
            return HttpRequest(self.method, self.path, self.query, headers)
        headers = (*headers, ("Content-Type", MEDIA_TYPE))
        return HttpRequest(self.method, self.path, self.query, headers, encode_json(self.sent))

    def decoder(self, head: ResponseHead) -> Decoder[R]:
        """Return a reader of the whole body, up to the cap."""
        return WholeBody(head, self._read, limit=self.cap, name=self.name, setting="oro.json_cap")

    def within(self, cap: int) -> ApiCall[R]:
        """Return the same call, whose answer may have so many bytes."""
        return evolve(self, cap=cap)

    def _read(self, response: HttpResponse) -> R:
        permission = PERMISSIONS.get(self.method, "a permission")
        asked = Asked(self.name, self.resource, self.safe, self.places, permission, self.method)
        raise_failure(asked, response)
        try:
            return self.read(read_document(response))
        except ValueError as exc:
            raise self._unreadable(str(exc), response.status, _subjects(exc)) from exc

    def _unreadable(self, why: str, status: int, codes: tuple[str, ...]) -> UnreadableError:
        effect = Effect.NONE if self.safe else Effect.UNKNOWN
        return UnreadableError(self.name, why, status=status, codes=codes, effect=effect)


def _subjects(exc: ValueError) -> tuple[str, ...]:
    return exc.subjects if isinstance(exc, UnreadableRecordsError) else ()


def read_document(response: HttpResponse) -> Answer:
    """
    Read the document of an answer.

    Raises:
        ValueError: It is no JSON:API document.
    """
    if response.status == 204 or (not response.body and header_of(response.headers, "allow")):
        return _empty(response)
    document = _mapping(_decoded(response.body), "the document")
    data = document.get("data")
    rows = data if is_list(data) else [data]
    links = _mapping(document.get("links"), "links")
    return Answer(
        trees=tuple(join_trees(rows, document.get("included"))),
        status=response.status,
        has_next="next" in links,
        server_now=server_time(response.headers),
    )


def _empty(response: HttpResponse) -> Answer:
    named = (name.strip() for name in header_of(response.headers, "allow").upper().split(","))
    methods = frozenset(name for name in named if name)
    now = server_time(response.headers)
    return Answer((), response.status, server_now=now, methods=methods)


def _decoded(body: bytes) -> object:
    try:
        return decode_json(body)
    except ValueError as exc:
        msg = f"{exc}; check oro.url, and what stands in front of the shop"
        raise ValueError(msg) from exc


def join_trees(rows: Iterable[object], included: object) -> list[Tree]:
    """Turn resources into trees, each relationship joined with what is `included`."""
    extra = [_parts(one, "included") for one in (included if is_list(included) else ())]
    known = {(tree["type"], tree["id"]): tree for tree, _ in extra}
    main = [_parts(row, "data") for row in rows]
    for tree, relations in (*extra, *main):
        for name, relation in relations.items():
            linkage = relation.get("data") if is_object(relation) else None
            tree[snake_case(name)] = None if linkage is None else _joined(linkage, known)
    return [tree for tree, _ in main]


def one_tree(answer: Answer) -> Tree:
    """Return the tree of an answer that holds exactly one resource."""
    if len(answer.trees) != 1:
        msg = f"expected one resource, got {len(answer.trees)}"
        raise ValueError(msg)
    return answer.trees[0]


def server_time(headers: Headers) -> datetime | None:
    """Return what the `Date` header says; None where it is absent or no date."""
    try:
        instant = parsedate_to_datetime(header_of(headers, "date"))
        return instant.astimezone(UTC) if instant.tzinfo else None
    except (ValueError, OverflowError):
        return None


def resource(kind: str, key: str, **members: object) -> Tree:
    """Write a resource: `attributes`, `relationships`, `meta` as given."""
    return {"type": kind, "id": digits(key), **members}


def digits(key: str) -> str:
    """Return an id that is digits and nothing else; raises `ValueError` for any other."""
    if not (key.isascii() and key.isdigit()):
        msg = "expected an id of digits"
        raise ValueError(msg)
    return key


def value_list(values: Iterable[str]) -> str:
    """Join values of a filter; the API knows no way to escape a comma, so none may hold one."""
    texts = tuple(values)
    if not texts or any("," in text or not text.strip() for text in texts):
        msg = "expected at least one value, none empty and none with a comma"
        raise ValueError(msg)
    return ",".join(texts)


def time_range(first: datetime, last: datetime) -> str:
    """
    Write a closed range of instants, both ends included; an open one would be refused.

    Raises:
        ValueError: An end is not aware, holds a fraction of a second, or they are reversed.
    """
    if first > last:
        msg = "expected a range whose first instant is not after its last"
        raise ValueError(msg)
    return f"{_whole_second(first)}..{_whole_second(last)}"


def _whole_second(instant: datetime) -> str:
    if instant.tzinfo is None or instant.microsecond:
        msg = "expected an aware instant without a fraction of a second"
        raise ValueError(msg)
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _parts(row: object, where: str) -> tuple[Tree, Mapping[str, object]]:
    """Return the tree of a resource without its relationships, and these."""
    members = _mapping(row, where)
    attributes = _mapping(members.get("attributes"), "attributes")
    tree: Tree = {snake_case(name): value for name, value in attributes.items()}
    tree["type"], tree["id"] = _identity(members)
    return tree, _mapping(members.get("relationships"), "relationships")


def _joined(linkage: object, known: Mapping[tuple[object, object], Tree]) -> object:
    if is_object(linkage):
        identity = _identity(linkage)
        return known.get(identity, identity[1])
    if is_list(linkage):
        return [_joined(one, known) for one in linkage]
    msg = "expected a relationship as an object"
    raise ValueError(msg)


def _identity(members: Mapping[str, object]) -> tuple[str, str]:
    kind, key = members.get("type"), members.get("id")
    if isinstance(kind, str) and isinstance(key, str):
        return kind, key
    msg = "a resource or a relationship has no type or no id"
    raise ValueError(msg)


def _mapping(value: object, what: str) -> Mapping[str, object]:
    if is_object(value):
        return value
    if value is None or value == []:  # an empty object may arrive as a list
        return {}
    msg = f"expected {what} as an object"
    raise ValueError(msg)
