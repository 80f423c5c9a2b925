"""JSON Schemas of the shapes, made of the same classes that read and write the documents."""

from __future__ import annotations

from collections.abc import Mapping, Set
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from types import NoneType, UnionType
from typing import NewType, Union, get_args, get_origin, get_type_hints

from attrs import NOTHING, AttrsInstance, fields, has

from oro_prima.reasons import ReasonCode
from oro_prima.steps.shapes import VERSION, Document

JsonObject = dict[str, object]

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_TEXTS: dict[object, JsonObject] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    Decimal: {"type": ["string", "integer"], "pattern": r"^-?\d+(\.\d+)?$"},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
}


def schema_of(shape: type[AttrsInstance], *, output: bool) -> JsonObject:
    """
    Return the JSON Schema of a shape.

    Args:
        shape: One of `oro_prima.steps.shapes`.
        output: Every member of an answer is always there; of an input those with defaults may lack.
    """
    return {"$schema": _DRAFT, "title": shape.__name__, **_object(shape, output)}


def _object(shape: type[AttrsInstance], output: bool) -> JsonObject:
    hints = get_type_hints(shape)
    shown = [one for one in fields(shape) if one.init]
    properties: JsonObject = {one.name: _schema(hints[one.name], output) for one in shown}
    found: JsonObject = {
        "type": "object",
        "properties": properties,
        "required": [one.name for one in shown if output or one.default is NOTHING],
    }
    if "version" in hints:
        found["properties"] = {**properties, "version": {"const": VERSION}}
    if shape.__doc__:
        found["description"] = " ".join(shape.__doc__.split("\n\n")[0].split())
    return found


def _schema(kind: object, output: bool) -> JsonObject:
    if isinstance(kind, NewType):
        return _schema(kind.__supertype__, output)
    if get_origin(kind) in (Union, UnionType):
        (inner,) = (one for one in get_args(kind) if one is not NoneType)
        return {"anyOf": [_schema(inner, output), {"type": "null"}]}
    if kind == Document:
        return {"type": "object"}
    if get_origin(kind) in (tuple, frozenset, Set):
        return {"type": "array", "items": _schema(get_args(kind)[0], output)}
    if get_origin(kind) is Mapping:
        return {"type": "object", "additionalProperties": _schema(get_args(kind)[1], output)}
    if kind is ReasonCode:  # codes are added: who reads them must expect new ones
        return {"type": "string"}
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return {"type": "string", "enum": [member.value for member in kind]}
    if isinstance(kind, type) and has(kind):
        return _object(kind, output)
    return dict(_TEXTS.get(kind, {"type": "object"}))
