"""
A resource type as data: its members, the class that reads it, what it can be asked and sent.

One declaration serves reading, sparse fields, filters, writing and batches. The types of the
Community Edition are declared in this room; an extended field or a type of one's own is declared
the same way, by whoever has it: `declare`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache, partial
from types import UnionType
from typing import Generic, TypeVar, Union, get_args, get_origin, get_type_hints

import attrs
from attrs import Factory, evolve, field, frozen

from oro_prima.converters import instant_text, is_list, is_object
from oro_prima.oro.models.filters import Filters, is_several
from oro_prima.oro.models.trees import Parsed, Tree, read_all

M = TypeVar("M")
C_co = TypeVar("C_co", bound=Mapping[str, object], covariant=True)
F_co = TypeVar("F_co", bound=Mapping[str, object], covariant=True)
N = TypeVar("N")

Fields = Mapping[str, object]
"""What is written: names in snake case; a name that is absent is left as it is, None clears it."""


class Paging(StrEnum):
    """How a list of a type can be gone through."""

    KEYSET = "keyset"
    """By id: each page asks for ids above the last one; complete whatever changes meanwhile."""
    NUMBER = "number"
    """By page number until a page is short: the ids are no numbers."""
    NONE = "none"
    """The list comes whole, and refuses `page[...]`."""


@frozen
class Relation:
    """A relationship: the type that it leads to, and whether to many."""

    kind: str
    many: bool = False

    @property
    def is_enum(self) -> bool:
        """Whether it leads to a code of a list, such as a status or a rating."""
        return self.kind.endswith(("statuses", "ratings"))


def one(kind: str) -> Relation:
    """Declare a relationship to one record."""
    return Relation(kind)


def many(kind: str) -> Relation:
    """Declare a relationship to many records; at 100 (or 1,000) the server cuts it silently."""
    return Relation(kind, many=True)


def _by_snake_case(kind: ResourceType) -> Mapping[str, str]:
    return {snake_case(name): name for name in (*kind.attributes, *kind.relations, *kind.written)}


@frozen
class ResourceType:
    """
    What the API calls things.

    Attributes:
        name: The type's name, and its place in the address.
        attributes: Attributes, as the API spells them.
        relations: Relationships, as the API spells them.
        written: Members that are only ever written, such as a password.
        lengths: Longest texts; a longer one is a permanent error of the server.
        paths: Further filters: the name in snake case, and the path that the API knows.
        paging: How its list is gone through.
        parts: Relationships whose records can be written along with the owner.
        own: Relationships that a user declared; any of them may lead to an enumeration.
        names: Members by their name in snake case, with the API's spelling.
    """

    name: str
    attributes: tuple[str, ...]
    relations: Mapping[str, Relation] = field(factory=dict[str, Relation])
    written: tuple[str, ...] = ()
    lengths: Mapping[str, int] = field(factory=dict[str, int])
    paths: Mapping[str, str] = field(factory=dict[str, str])
    paging: Paging = Paging.KEYSET
    parts: Mapping[str, ResourceType] = field(factory=dict[str, "ResourceType"])
    own: frozenset[str] = frozenset()
    names: Mapping[str, str] = field(
        init=False, eq=False, repr=False, default=Factory(_by_snake_case, takes_self=True)
    )

    def may_be_enum(self, name: str) -> bool:
        """Tell whether a member, as the API spells it, may lead to a code of a list."""
        relation = self.relations.get(name)
        if relation is None:
            return name not in self.attributes
        return relation.is_enum or name in self.own

    def sparse(self, *also: str) -> tuple[str, str]:
        """
        Ask for exactly these members.

        A member that a server does not know is ignored there. A filtered relationship must be
        among them: without it 6.1 answers a filter on an enumeration with no rows at all.
        """
        members = dict.fromkeys((*self.attributes, *self.relations, *also))
        return f"fields[{self.name}]", ",".join(members)


@frozen
class Resource(Generic[M, C_co, F_co]):
    """A type, the class its records are read into, and the classes of what is written and asked."""

    kind: ResourceType
    model: type[M]


def declare(
    kind: str,
    model: type[M],
    *,
    attributes: Iterable[str],
    relations: Mapping[str, Relation] | None = None,
    lengths: Mapping[str, int] | None = None,
    paging: Paging = Paging.KEYSET,
) -> Resource[M, Fields, Filters]:
    """
    Declare a type of one's own, or a view of a known one with other members.

    Args:
        kind: The type's name in the API, such as `quotes`.
        model: An attrs class with `id` and a field for each member in snake case; members that a
            server may not show need a default.
        attributes: Attributes as the API spells them: extended fields keep their database spelling
            (`erp_id`).
        relations: Relationships as the API spells them.
        lengths: Longest texts.
        paging: By id, unless ids are no numbers.
    """
    own = relations or {}
    members = ResourceType(
        kind, tuple(attributes), own, lengths=lengths or {}, paging=paging, own=frozenset(own)
    )
    return Resource(members, model)


def extend(
    resource: Resource[M, C_co, F_co],
    model: type[N],
    *,
    attributes: Iterable[str] = (),
    relations: Mapping[str, Relation] | None = None,
) -> Resource[N, Fields, Filters]:
    """
    Add extended fields to a known type.

    `model` is an attrs class that has them too; it need not have every member of the known one.
    """
    known = resource.kind
    more = evolve(
        known,
        attributes=(*known.attributes, *attributes),
        relations={**known.relations, **(relations or {})},
        own=known.own | frozenset(relations or {}),
    )
    return Resource(more, model)


@lru_cache(maxsize=1024)
def snake_case(name: str) -> str:
    """
    Bring a member's name to snake case.

    >>> snake_case("poNumber"), snake_case("street2"), snake_case("inventory_status")
    ('po_number', 'street2', 'inventory_status')
    """
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def read_records(trees: Iterable[Tree], *, resource: Resource[M, C_co, F_co]) -> Parsed[M]:
    """
    Read records into the resource's class, with those that cannot be read standing apart.

    A relationship becomes the id that it leads to; where the class has another class for it, the
    record itself, which must have come along.
    """
    fit = partial(_fit, cl=resource.model, hints=_hints(resource.model))
    return read_all(trees, resource.model, fit)


def render_record(record: object, *, kind: ResourceType) -> dict[str, object]:
    """Write a record as the API spells it; relations are bare ids, what is None is not shown."""
    told = {name: getattr(record, name, None) for name in kind.names}
    return {
        "type": kind.name,
        "id": getattr(record, "id", None),
        "attributes": {
            name: plain_value(told[snake_case(name)])
            for name in kind.attributes
            if told[snake_case(name)] is not None
        },
        "relationships": {
            name: {"data": _linkage(told[snake_case(name)], relation)}
            for name, relation in kind.relations.items()
            if told[snake_case(name)] is not None
        },
    }


def plain_value(value: object) -> object:
    """Write a value as JSON takes it; a number is exact text, an instant is in UTC."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if is_several(value):
        return [plain_value(one) for one in value]
    if is_object(value):
        return {_camel(name): plain_value(part) for name, part in value.items()}
    if attrs.has(type(value)):
        names = get_type_hints(type(value))
        return {_camel(name): plain_value(getattr(value, name)) for name in names}
    return value


def _linkage(value: object, relation: Relation) -> object:
    if is_several(value):
        return [_linkage(one, relation) for one in value]
    key = value if isinstance(value, str) else getattr(value, "id", None)
    return {"type": relation.kind, "id": key}


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


_Hints = Mapping[type[object], Mapping[str, type[object] | None]]
"""The fields of classes, with the attrs class that a field holds; None for any other."""


def _hints(cl: type[object]) -> _Hints:
    """Name the fields of a class and of the classes within it."""
    found: dict[type[object], Mapping[str, type[object] | None]] = {}
    todo = [cl]
    while todo:
        upcoming = todo.pop()
        names = {name: _class_in(hint) for name, hint in get_type_hints(upcoming).items()}
        found[upcoming] = names
        todo += [inner for inner in names.values() if inner is not None and inner not in found]
    return found


def _class_in(hint: object) -> type[object] | None:
    if isinstance(hint, type) and attrs.has(hint):
        return hint
    if get_origin(hint) in (Union, UnionType, tuple):
        return next(filter(None, map(_class_in, get_args(hint))), None)
    return None


def _fit(tree: Tree, *, cl: type[object], hints: _Hints) -> Tree:
    return {
        name: _fitted(tree[name], inner, hints) for name, inner in hints[cl].items() if name in tree
    }


def _fitted(value: object, inner: type[object] | None, hints: _Hints) -> object:
    if is_list(value):
        return [_fitted(one, inner, hints) for one in value]
    if not is_object(value):
        return value
    if inner is None:
        return value.get("id", value)
    if "id" in value:
        return _fit(value, cl=inner, hints=hints)
    return {snake_case(name): part for name, part in value.items()}
