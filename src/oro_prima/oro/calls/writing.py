"""
Writing records of any declared type, and what they lead to.

A write is never repeated by the transport. The API knows no version of a record and no key of a
request: after a lost answer look before sending again. Orders alone can be sent twice without
harm, by `upsert_record`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import TypeVar

from attrs import evolve

from oro_prima.oro.calls.drafts import Draft, draft_record, linkage
from oro_prima.oro.calls.jsonapi import Answer, ApiCall, Tree
from oro_prima.oro.calls.records import (
    Question,
    filter_query,
    path_part,
    question_query,
    read_one,
)
from oro_prima.oro.models.resource import M, Resource, ResourceType

C = TypeVar("C", bound=Mapping[str, object])
F = TypeVar("F", bound=Mapping[str, object])


def create_record(
    resource: Resource[M, C, F], *, fields: C, answer: Question | None = None
) -> ApiCall[M]:
    """
    Make a record, with those in its fields.

    Args:
        resource: Its type.
        fields: What it shall be.
        answer: Which `fields` and what else comes back (6.1+); before, the whole record does.

    Raises:
        ValueError: As `oro_prima.oro.calls.drafts.draft_record` does.
    """
    draft = draft_record(fields, kind=resource.kind)
    return _write("create", "POST", resource, draft, answer)


def update_record(
    resource: Resource[M, C, F], *, key: str, fields: C, answer: Question | None = None
) -> ApiCall[M]:
    """
    Change a record; what is not named stays.

    A to-many relationship among the fields **replaces** all that was there: order lines left out
    are deleted. Of an order every change computes the totals anew.
    """
    draft = draft_record(fields, kind=resource.kind, key=key)
    return _write("update", "PATCH", resource, draft, answer, key=key)


def upsert_record(
    resource: Resource[M, C, F], *, fields: C, by: tuple[str, ...], answer: Question | None = None
) -> ApiCall[M]:
    """
    Change the record that has these values, or make it; sending it twice does no more than once.

    Args:
        resource: In the Community Edition only orders (by `identifier`), units, taxes and
            jurisdictions (by `code`) can be; customers, products and prices are refused.
        fields: What it shall be.
        by: Names of the fields that are the key.
        answer: As for `create_record`.
    """
    meta: Tree = {"upsert": [resource.kind.names.get(name, name) for name in by]}
    draft = draft_record(fields, kind=resource.kind, meta=meta)
    return evolve(_write("upsert", "POST", resource, draft, answer), keyed=True)


def validate_record(
    resource: Resource[M, C, F], *, fields: C, answer: Question | None = None
) -> ApiCall[M]:
    """
    Let the server check a new record and throw it away, where it can (`features.validate`).

    The answer looks like that of a real creation, with an id that is worth nothing.
    """
    meta: Tree = {"validate": True}
    draft = draft_record(fields, kind=resource.kind, meta=meta)
    return _write("validate", "POST", resource, draft, answer)


def delete_record(resource: Resource[M, C, F], *, key: str) -> ApiCall[None]:
    """Delete a record; of a main order its sub-orders too."""
    kind = resource.kind.name
    return _done("delete", "DELETE", kind, f"{kind}/{path_part(key)}")


def delete_records(resource: Resource[M, C, F], *, where: F) -> ApiCall[None]:
    """
    Delete the records that are found, 100 at the most in one call.

    Raises:
        ValueError: No filter: that would mean all.
    """
    query = filter_query(resource.kind, where)
    if not query:
        msg = "expected a filter: without one all would be deleted"
        raise ValueError(msg)
    kind = resource.kind.name
    return ApiCall(
        name=f"delete_{kind}", resource=kind, path=kind, method="DELETE", query=query, read=_nothing
    )


def set_relation(
    resource: Resource[M, C, F], *, key: str, relation: str, to: str | None
) -> ApiCall[None]:
    """Set a to-one relationship by its own route; None empties it."""
    return _relate("set", "PATCH", resource.kind, key, relation, to)


def replace_relations(
    resource: Resource[M, C, F], *, key: str, relation: str, to: Iterable[str]
) -> ApiCall[None]:
    """Replace **all** that a to-many relationship leads to."""
    return _relate("replace", "PATCH", resource.kind, key, relation, list(to))


def add_relations(
    resource: Resource[M, C, F], *, key: str, relation: str, to: Iterable[str]
) -> ApiCall[None]:
    """Add to what a to-many relationship leads to."""
    return _relate("add", "POST", resource.kind, key, relation, list(to))


def remove_relations(
    resource: Resource[M, C, F], *, key: str, relation: str, to: Iterable[str]
) -> ApiCall[None]:
    """Take away from what a to-many relationship leads to."""
    return _relate("remove", "DELETE", resource.kind, key, relation, list(to))


def _relate(
    verb: str, method: str, kind: ResourceType, key: str, relation: str, to: object
) -> ApiCall[None]:
    wire = kind.names.get(relation, relation)
    known = kind.relations.get(wire)
    if known is None or known.many != isinstance(to, list):
        what = "many" if isinstance(to, list) else "one"
        msg = f"{kind.name} has no relationship {relation} to {what}"
        raise ValueError(msg)
    data = {"data": linkage(to, known)}
    path = f"{kind.name}/{path_part(key)}/relationships/{wire}"
    places = {"/data": relation}
    return _done(verb, method, kind.name, path, sent=data, places=places)


def _write(
    verb: str,
    method: str,
    resource: Resource[M, C, F],
    draft: Draft,
    answer: Question | None,
    *,
    key: str = "",
) -> ApiCall[M]:
    kind = resource.kind.name
    return ApiCall(
        name=f"{verb}_{kind}",
        resource=kind,
        path=f"{kind}/{path_part(key)}" if key else kind,
        method=method,
        query=() if answer is None else question_query(resource.kind, answer),
        sent=draft.document,
        places=draft.places,
        read=partial(read_one, resource),
    )


def _done(
    verb: str,
    method: str,
    kind: str,
    path: str,
    *,
    sent: Tree | None = None,
    places: Mapping[str, str] | None = None,
) -> ApiCall[None]:
    return ApiCall(
        name=f"{verb}_{kind}",
        resource=kind,
        path=path,
        method=method,
        sent=sent,
        places=places or {},
        read=_nothing,
    )


def _nothing(answer: Answer) -> None:
    del answer
