"""
Resource types: their members by version, what can be filtered and sorted, who leads where.

What is mechanical stands in `catalogue.json`, one line a resource type: attributes with their kind
(`!` required on creation, `-` read-only, `+` taken on creation and never shown, then a longest
length), relationships with their target
(`*` to many), members that can be filtered and sorted by, methods of the list and of a record.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal, NotRequired, TypedDict, cast

from attrs import evolve, field, frozen

Version = Literal["5.1", "6.1"]
"""Two shapes, as running servers have them."""
Release = Literal["5.1", "6.1", "6.1.10"]
"""What a sandbox can be: 6.1.10 has what came later than 6.1, read in source, never recorded."""
Kind = Literal["string", "number", "instant", "flag", "one", "many", "enum", "any"]

ENUMS = frozenset(
    {"internalStatus", "shippingStatus", "status", "inventory_status", "internal_rating"}
)
_FILTER_KINDS: Mapping[str, Kind] = {
    "instant": "instant", "boolean": "flag", "integer": "number", "number": "number",
}  # fmt: skip
KEEP_FOREIGN_KEYS = (
    "brands", "customers", "customerusers", "inventorylevels", "orders", "quotes", "users",
)  # fmt: skip
"""Types whose records keep a foreign key from 6.1.10 on."""
_TEXT_IDS = frozenset(
    {"productunits", "countries", "regions", "webhooks", "webhooktopics", "webhookformats"}
)


@frozen
class Schema:
    """
    One resource type.

    Attributes:
        attributes: Members and the kind of value each holds.
        relations: Relationships: the type each leads to, and whether it leads to many.
        filters: What can be filtered, with the kind of its values; `any` is taken and has no
            effect here.
        sorts: What can be sorted by, besides `id`.
        required: Members that a new record needs.
        read_only: Members that no request changes.
        write_only: Members that only a new record says, and no answer shows.
        lengths: Longest texts.
        paged: Whether `page[...]` is known.
        list_methods, item_methods: Methods on the list and on one record.
    """

    kind: str
    attributes: Mapping[str, str] = {}
    relations: Mapping[str, tuple[str, bool]] = {}
    filters: Mapping[str, Kind] = {}
    sorts: tuple[str, ...] = ()
    required: frozenset[str] = frozenset()
    read_only: frozenset[str] = frozenset()
    write_only: frozenset[str] = frozenset()
    lengths: Mapping[str, int] = field(factory=dict[str, int])
    paged: bool = True
    list_methods: tuple[str, ...] = ("GET",)
    item_methods: tuple[str, ...] = ("GET",)

    @property
    def has_items(self) -> bool:
        """Whether a record has an address of its own."""
        return bool(self.item_methods)

    @property
    def has_routes(self) -> bool:
        """Whether what a record leads to has addresses; that of a price has none."""
        return self.has_items and self.kind != "productprices"

    @property
    def numbered(self) -> bool:
        """Whether ids are numbers."""
        if self.kind == "productprices":
            return False
        return self.kind not in _TEXT_IDS and not self.kind.endswith(("statuses", "ratings"))


class _Entry(TypedDict):
    attributes: dict[str, str]
    relations: dict[str, str]
    filters: str
    other: NotRequired[str]
    sorts: str
    list: str
    item: str
    paged: NotRequired[bool]


def shape_of(release: Release) -> Version:
    """Return the shape that a release has."""
    return "5.1" if release == "5.1" else "6.1"


@cache
def schemas(release: Release) -> Mapping[str, Schema]:
    """Return every resource type of a release, by name."""
    found = _named(shape_of(release))
    if release == "6.1.10":
        keeping = {kind: _with_external_ids(found[kind]) for kind in KEEP_FOREIGN_KEYS}
        found = {**found, **keeping, **_named(release)}
    return found


def _named(section: str) -> dict[str, Schema]:
    text = files("oro_prima.sandbox.oro").joinpath("catalogue.json").read_text(encoding="utf-8")
    entries = cast("dict[str, _Entry]", json.loads(text)[section])
    return {kind: _schema(kind, entry) for kind, entry in entries.items()}


def _with_external_ids(schema: Schema) -> Schema:
    return evolve(
        schema,
        attributes={**schema.attributes, "externalId": "string"},
        filters={**schema.filters, "externalId": "string"},
        lengths={**schema.lengths, "externalId": 36},
    )


def _schema(kind: str, entry: _Entry) -> Schema:
    attributes = {name: _Member.of(code) for name, code in entry["attributes"].items()}
    relations = {
        name: (code.rstrip("!").rstrip("*"), "*" in code)
        for name, code in entry["relations"].items()
    }
    needed = [name for name, member in attributes.items() if member.required]
    needed += [name for name, code in entry["relations"].items() if code.endswith("!")]
    filters: dict[str, Kind] = {
        name: _filter_kind(name, attributes, relations) for name in entry["filters"].split()
    }
    if kind in _TEXT_IDS or kind.endswith(("statuses", "ratings")):
        filters["id"] = "string"
    ignored: dict[str, Kind] = dict.fromkeys(entry.get("other", "").split(), "any")
    return Schema(
        kind,
        {name: member.kind for name, member in attributes.items() if not member.write_only},
        relations,
        filters | ignored,
        tuple(entry["sorts"].split()),
        required=frozenset(needed),
        read_only=frozenset(name for name, member in attributes.items() if member.read_only),
        write_only=frozenset(name for name, member in attributes.items() if member.write_only),
        lengths={name: m.longest for name, m in attributes.items() if m.longest},
        paged=entry.get("paged", True),
        list_methods=tuple(entry["list"].split()),
        item_methods=tuple(entry["item"].split()),
    )


@frozen
class _Member:
    kind: str
    required: bool
    read_only: bool
    write_only: bool
    longest: int

    @staticmethod
    def of(code: str) -> _Member:
        """Read a code such as `string!36`."""
        found = re.fullmatch(r"([a-z]+)([!+-]?)(\d*)", code)
        kind, mark, longest = found.groups() if found else ("string", "", "")
        return _Member(kind, mark == "!", mark == "-", mark == "+", int(longest or 0))


def _filter_kind(
    name: str, attributes: Mapping[str, _Member], relations: Mapping[str, tuple[str, bool]]
) -> Kind:
    if name in relations:
        target, many = relations[name]
        if target.endswith(("statuses", "ratings")):
            return "enum"
        return "many" if many else "one"
    if name == "id":
        return "number"
    return _FILTER_KINDS.get(attributes[name].kind if name in attributes else "", "string")
