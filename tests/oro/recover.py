"""From a request back to the typed call that writes it, and from a record back to its document."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import attrs
from attrs import frozen

from oro_prima.call import Call, Page
from oro_prima.converters import decode_json
from oro_prima.ids import OroOperationId
from oro_prima.oro.calls.batch import get_operation, list_operation_errors
from oro_prima.oro.calls.bulk import write_records, write_records_now
from oro_prima.oro.calls.drafts import Entry
from oro_prima.oro.calls.jsonapi import join_trees
from oro_prima.oro.calls.records import (
    Question,
    ask_beside,
    ask_record,
    ask_records,
    ask_relations,
)
from oro_prima.oro.calls.writing import (
    add_relations,
    create_record,
    delete_record,
    delete_records,
    remove_relations,
    replace_relations,
    set_relation,
    update_record,
    upsert_record,
    validate_record,
)
from oro_prima.oro.models.filters import Between, Bound, Exists, Not
from oro_prima.oro.models.operations import AsyncOperation
from oro_prima.oro.models.resource import (
    Relation,
    Resource,
    ResourceType,
    declare,
    read_records,
    render_record,
    snake_case,
)
from tests.oro.resources import DECLARED

Any_ = Resource[Any, Any, Any]
NOT_READ = frozenset(
    {
        "account", "activityEmails", "activityNotes", "arrayValue", "attachments", "data",
        "documents",
        "invoices", "itemLabel", "lastContactedDate", "lastContactedDateIn",
        "lastContactedDateOut", "source", "timesContacted", "timesContactedIn",
        "timesContactedOut", "wysiwyg", "wysiwyg_style",
    }
)  # fmt: skip
"""Members of recorded answers that no model reads: contacts and files, and subtotals' details."""


@frozen
class Asked:
    """A request as it was recorded. `sent` is a tree, or None."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    sent: Any
    mode: str = ""


@frozen
class Recovered:
    """The call that writes a request, and a check of what it reads; no difference is empty."""

    call: Call[Any]
    compare: Callable[[Any, Any], str]


def recover(asked: Asked, received: Any) -> Recovered | None:
    """Return the typed call that writes exactly this request; None where there is none."""
    try:
        found = _recover(asked, received)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return found if found is not None and writes(found.call, asked) else None


def writes(call: Call[Any], asked: Asked) -> bool:
    """Tell whether a call writes this request: ids of new records within it are its own choice."""
    request = call.request()
    sent = json.loads(request.body) if request.body else None
    return (
        (request.method, request.path) == (asked.method, asked.path)
        and sorted(request.query) == sorted(asked.query)
        and inlined(sent) == inlined(asked.sent)
    )


def inlined(document: Any) -> Any:
    """Put the records of `included` where they are led to, without their made-up ids."""
    if not isinstance(document, dict) or "data" not in document:
        return document
    parts = {(one.get("type"), one.get("id")): one for one in document.get("included") or ()}

    def within(tree: Any, path: tuple[Any, ...]) -> Any:
        if isinstance(tree, list):
            return [within(one, path) for one in tree]
        if not isinstance(tree, dict):
            return tree
        key = (tree.get("type"), tree.get("id"))
        if set(tree) == {"type", "id"} and key in parts and key not in path:
            part = dict(parts[key])
            if "update" not in (part.get("meta") or {}):
                part.pop("id")
            return {"new": within(part, (*path, key))}
        return {name: within(value, path) for name, value in tree.items()}

    return {**{k: v for k, v in document.items() if k != "included"},
            "data": within(document["data"], ())}  # fmt: skip


def _recover(asked: Asked, received: Any) -> Recovered | None:
    match asked.method, asked.path.split("/"):
        case "GET", ["asyncoperations", key]:
            return Recovered(get_operation(OroOperationId(key)), _operation)
        case "GET", ["asyncoperations", key, "errors"]:
            query = dict(asked.query)
            errors = list_operation_errors(
                OroOperationId(key),
                page=_number(query.get("page[number]")),
                size=_number(query.get("page[size]")),
            )
            return Recovered(errors, _errors)
        case "GET", [kind]:
            resource = _resource(kind, received)
            return Recovered(ask_records(resource, _question(asked, kind)), _rows(resource))
        case "GET", [kind, key]:
            resource = _resource(kind, received)
            call = ask_record(resource, key=key, question=_question(asked, kind))
            return Recovered(call, _row(resource))
        case "GET", [kind, key, "relationships", relation]:
            relations = ask_relations(
                _resource(kind, None), key=key, relation=relation, question=_question(asked, kind)
            )
            return Recovered(relations, _ids)
        case "GET", [kind, key, relation]:
            target = _target(received) or DECLARED[kind].kind.relations[relation].kind
            resource = _resource(target, received)
            call2 = ask_beside(
                resource, owner=kind, key=key, relation=relation, question=_question(asked, target)
            )
            return Recovered(call2, _rows(resource))
        case "POST" | "PATCH", [kind, *key]:
            return _write(asked, kind, key, received)
        case "DELETE", [kind]:
            return Recovered(delete_records(_resource(kind, None), where=_where(asked)), _nothing)
        case "DELETE", [kind, key]:
            return Recovered(delete_record(_resource(kind, None), key=key), _nothing)
        case "DELETE", [kind, key, "relationships", relation]:
            ids = [one["id"] for one in asked.sent["data"]]
            call3 = remove_relations(_resource(kind, None), key=key, relation=relation, to=ids)
            return Recovered(call3, _nothing)
    return None


def _write(asked: Asked, kind: str, key: list[str], received: Any) -> Recovered | None:
    resource, data = _resource(kind, received), asked.sent["data"]
    parts = {(p.get("type"), p.get("id")): p for p in asked.sent.get("included") or ()}
    match asked.method, key:
        case "POST", []:
            return Recovered(_creation(asked, resource, data, parts), _row(resource))
        case "PATCH", []:
            entries = [_entry(resource, one, parts) for one in data]
            if asked.mode == "sync":
                return Recovered(write_records_now(resource, entries=entries), _either(resource))
            return Recovered(write_records(resource, entries=entries), _operation)
        case "PATCH", [key_]:
            fields = _fields(resource, data, parts)
            call = update_record(resource, key=key_, fields=fields, answer=_answer(asked, kind))
            return Recovered(call, _row(resource))
        case "POST", [key_, "relationships", relation]:
            ids = [one["id"] for one in data]
            return Recovered(add_relations(resource, key=key_, relation=relation, to=ids), _nothing)
        case "PATCH", [key_, "relationships", relation] if isinstance(data, list):
            ids = [one["id"] for one in data]
            return Recovered(
                replace_relations(resource, key=key_, relation=relation, to=ids), _nothing
            )
        case "PATCH", [key_, "relationships", relation]:
            to = data and data["id"]
            return Recovered(set_relation(resource, key=key_, relation=relation, to=to), _nothing)
    return None


def _answer(asked: Asked, kind: str) -> Question | None:
    return _question(asked, kind) if asked.query else None


def _creation(asked: Asked, resource: Any_, data: Any, parts: Any) -> Call[Any]:
    fields, meta = _fields(resource, data, parts), data.get("meta") or {}
    answer = _answer(asked, resource.kind.name)
    if "upsert" in meta:
        by = tuple(map(snake_case, meta["upsert"]))
        return upsert_record(resource, fields=fields, by=by, answer=answer)
    if meta.get("validate"):
        return validate_record(resource, fields=fields, answer=answer)
    return create_record(resource, fields=fields, answer=answer)


def _entry(resource: Any_, row: Any, parts: Any) -> Entry[Any]:
    meta, fields = row.get("meta") or {}, _fields(resource, row, parts)
    if "upsert" in meta:
        return Entry(fields, upsert=tuple(map(snake_case, meta["upsert"])))
    return Entry(fields, key=row["id"] if meta.get("update") else None)


def _fields(resource: Any_, row: Any, parts: Any) -> dict[str, Any]:
    return _told(resource.kind, row, parts, {})


def _told(kind: ResourceType, row: Any, parts: Any, made: dict[Any, Any]) -> dict[str, Any]:
    fields = {snake_case(name): value for name, value in (row.get("attributes") or {}).items()}
    for name, relation in (row.get("relationships") or {}).items():
        data = relation["data"]
        inner = kind.parts.get(name)
        several = data if isinstance(data, list) else [data] if data else []
        found = [_part(one, inner, parts, made) for one in several]
        fields[snake_case(name)] = found if isinstance(data, list) else data and found[0]
    return fields


def _part(ref: Any, inner: ResourceType | None, parts: Any, made: dict[Any, Any]) -> Any:
    """Return an id, or the fields of a record that came along: the same mapping each time."""
    key = (ref["type"], ref["id"])
    if key not in parts or inner is None:
        return ref["id"]
    row = parts[key]
    if key not in made:
        made[key] = {}
        known = {"id": row["id"]} if (row.get("meta") or {}).get("update") else {}
        made[key].update(known | _told(inner, row, parts, made))
    return made[key]


def _question(asked: Asked, kind: str) -> Question:
    query = dict(asked.query)
    if len(query) != len(asked.query):
        msg = "a name twice"
        raise ValueError(msg)
    number, size = query.get("page[number]"), query.get("page[size]")
    beside = {
        name[7:-1]: tuple(value.split(","))
        for name, value in query.items()
        if name.startswith("fields[") and name != f"fields[{kind}]"
    }
    own = query.get(f"fields[{kind}]")
    return Question(
        _where(asked),
        sort=_several(query.get("sort")),
        include=_several(query.get("include")),
        fields=None if own is None else tuple(own.split(",")),
        beside=beside,
        size=_number(size),
        number=_number(number),
    )


def _number(text: str | None) -> int | None:
    return None if text is None else int(text)


def _several(text: str | None) -> tuple[str, ...]:
    return tuple(text.split(",")) if text else ()


def _where(asked: Asked) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, text in asked.query:
        match = re.fullmatch(r"filter\[([^\]]+)\](?:\[(\w+)\])?", name)
        if match is None:
            continue
        if match[1] in found:
            msg = "two filters of one field"
            raise ValueError(msg)
        found[match[1]] = _value(match[2], text)
    return found


def _value(operator: str | None, text: str) -> Any:
    match operator:
        case "neq":
            return Not(tuple(text.split(",")))
        case "exists":
            return Exists(text)
        case "gt" | "gte" | "lt" | "lte":
            return Bound(operator, text)
        case None if ".." in text:
            first, last = text.split("..", 1)
            return Between(first, last)
        case None:
            values = tuple(text.split(","))
            return values if len(values) > 1 else text
        case _:
            msg = "no such operator"
            raise ValueError(msg)


# Records


def _resource(kind: str, received: Any) -> Any_:
    """Return the declared resource, or declare one from what was recorded."""
    if kind in DECLARED:
        return DECLARED[kind]
    rows = [row for row in _data(received) if isinstance(row, dict)]
    attributes: dict[str, Any] = {}
    relations: dict[str, Relation] = {}
    for row in rows:
        for name, value in (row.get("attributes") or {}).items():
            if name not in NOT_READ and _hint(value) is not None:
                attributes[name] = _hint(value)
            elif name not in NOT_READ:
                attributes.setdefault(name, str)
        for name, relation in (row.get("relationships") or {}).items():
            data = relation.get("data")
            first = (data[0] if data else None) if isinstance(data, list) else data
            if first or name not in relations:
                target = first["type"] if first else "none"
                relations[name] = Relation(target, isinstance(data, list))
    return _declared(kind, attributes, relations)


def _declared(kind: str, attributes: Mapping[str, Any], relations: Mapping[str, Relation]) -> Any_:
    hints: dict[str, Any] = {
        **attributes,
        **{name: tuple[str, ...] if relation.many else str for name, relation in relations.items()},
    }
    fields = {
        snake_case(name): attrs.field(type=hint | None, default=None)
        for name, hint in hints.items()
    }
    model = attrs.make_class("Seen", {"id": attrs.field(type=str), **fields}, frozen=True)
    return declare(kind, model, attributes=tuple(attributes), relations=relations)


def _hint(value: Any) -> Any:
    match value:
        case bool():
            return bool
        case int() | float() | Decimal():
            return Decimal
        case str():
            return str
        case list():
            return tuple[str, ...]
        case _:
            return None


def _target(received: Any) -> str:
    rows = _data(received)
    return str(rows[0]["type"]) if rows and rows[0] else ""


def _data(received: Any) -> list[Any]:
    data = received.get("data") if isinstance(received, dict) else None
    return data if isinstance(data, list) else [data]


def _rows(resource: Any_) -> Callable[[Any, Any], str]:
    def compare(page: Page[Any], received: Any) -> str:
        if page.unread:
            return f"unread: {page.unread[0].faults}"
        return _same(resource, page.items, received)

    return compare


def _row(resource: Any_) -> Callable[[Any, Any], str]:
    return lambda record, received: _same(resource, (record,), received)


def _either(resource: Any_) -> Callable[[Any, Any], str]:
    def compare(value: Any, received: Any) -> str:
        if isinstance(value, AsyncOperation):
            return _operation(value, received)
        return _same(resource, value, received)

    return compare


def _same(resource: Any_, records: Sequence[Any], received: Any) -> str:
    rows = [row for row in _data(received) if row is not None]
    if len(rows) != len(records):
        return f"{len(records)} records of {len(rows)}"
    told = [difference(resource, one, row) for one, row in zip(records, rows, strict=True)]
    return next(filter(None, [*told, *map(_beside, received.get("included") or ())]), "")


def _beside(row: Any) -> str:
    """Read a record that came along by its own declaration."""
    resource = _resource(row["type"], {"data": [row]})
    found = read_records(join_trees([_exact(row)], None), resource=resource)
    return difference(resource, found.items[0], row) if found.items else f"unread {found.unread}"


def _exact(row: Any) -> Any:
    return decode_json(json.dumps(row, default=str).encode())


def difference(resource: Any_, record: Any, row: Any) -> str:
    """Name the first recorded member that is not rendered back as it came."""
    rendered: Any = render_record(record, kind=resource.kind)
    if (row["type"], row["id"]) != (rendered["type"], rendered["id"]):
        return f"another record: {rendered['id']}"
    for part in ("attributes", "relationships"):
        for name, value in (row.get(part) or {}).items():
            if name in NOT_READ:
                continue
            shown = rendered[part].get(name)
            recorded = value if part == "attributes" else {"data": value.get("data")}
            if part == "relationships" and shown is None:
                shown = {"data": None}
            if _plain(shown) != _plain(recorded):
                return f"{row['type']}.{name}: {shown} for {recorded}"
    return ""


def _plain(value: Any) -> Any:
    """Bring numbers to numbers and empty objects to empty lists, as PHP does."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, (int, float, Decimal)):
        return Decimal(str(value)).normalize()
    if isinstance(value, str) and re.fullmatch(r"-?\d+(\.\d+)?", value):
        return Decimal(value).normalize()
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()} or []
    return value


def _operation(value: Any, received: Any) -> str:
    data = received["data"]
    summary = data["attributes"].get("summary") or {}
    recorded = [data["id"], data["attributes"]["status"]]
    recorded += [summary.get(name) for name in ("readCount", "writeCount", "errorCount")]
    read = [value.id, value.status, value.read_count, value.write_count, value.error_count]
    return "" if read == recorded else f"read {read}"


def _errors(value: Any, received: Any) -> str:
    titles = [row["attributes"]["title"] for row in received["data"]]
    return "" if [error.title for error in value.items] == titles else "other errors"


def _ids(value: Any, received: Any) -> str:
    data = received["data"]
    rows = data if isinstance(data, list) else [data] if data else []
    return "" if list(value) == [row["id"] for row in rows] else f"read {value}"


def _nothing(value: Any, received: Any) -> str:
    return "" if value is None and received in (None, "") else "read something"
