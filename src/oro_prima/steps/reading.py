"""Documents in, documents out: every fault named at once, no value repeated in an error."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import TypeVar

from attrs import AttrsInstance, asdict
from cattrs import Converter

from oro_prima.config import Policies, build_policies, link_rows
from oro_prima.converters import faults_of, is_list, is_object, make_converter
from oro_prima.errors import ConfigError
from oro_prima.ids import OroCustomerId, PrimaCompany
from oro_prima.mapping.customers import AccountPolicy, link_faults
from oro_prima.oro.calls.jsonapi import Tree, join_trees
from oro_prima.oro.models.orders import Order
from oro_prima.oro.models.trees import parse_orders
from oro_prima.reasons import Reason, explain_reason
from oro_prima.records import Link
from oro_prima.steps.shapes import VERSION, Document, LinkRow, ReasonRow

T = TypeVar("T")
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class StepInputError(ValueError):
    """A document that a step cannot take; `faults` names each fault, no text holds a value."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(self.faults))


@cache
def _converter() -> Converter:
    converter = make_converter()
    converter.register_structure_hook_func(lambda cl: cl == Document, _to_document)
    converter.register_unstructure_hook(Decimal, lambda number: format(number, "f"))
    converter.register_unstructure_hook(StrEnum, lambda member: str(member.value))
    return converter


def _to_document(value: object, _cl: object) -> Document:
    if not is_object(value):
        raise ConfigError(("expected an object",))
    return value


def read_input(document: Mapping[str, object], shape: type[T]) -> T:
    """
    Read a document into its shape.

    Raises:
        StepInputError: names every member that is missing or wrong.
    """
    if document.get("version", VERSION) != VERSION:
        raise StepInputError((f"version: expected {VERSION}",))
    return read_shape(document, shape)


def read_shape(document: Mapping[str, object], shape: type[T]) -> T:
    """
    Read a document that is a part of others, and has no version of its own.

    Raises:
        StepInputError: names every member that is missing or wrong.
    """
    try:
        return _converter().structure(document, shape)
    except Exception as exc:  # noqa: BLE001 - cattrs raises groups of any kind
        raise StepInputError(faults_of(exc)) from None


def write_output(output: AttrsInstance) -> dict[str, object]:
    """Write an answer as plain JSON values: exact numbers and dates are texts."""
    written = _converter().unstructure(output)
    return dict(written) if is_object(written) else {}


def policies_of(policy: Document) -> Policies:
    """
    Build what the rules need from the tables of a configuration, given as JSON.

    Raises:
        StepInputError: names every setting that is missing, unknown or wrong.
    """
    try:
        return build_policies(policy)
    except ConfigError as error:
        raise StepInputError(f"policy: {fault}" for fault in error.faults) from None


def links_of(
    rows: Iterable[LinkRow], *, company: PrimaCompany, policy: AccountPolicy
) -> dict[OroCustomerId, Link]:
    """
    Make links of rows; the platform answers for their approval.

    Raises:
        StepInputError: names every row at fault.
    """
    named = [(f"links[{number}]", asdict(row)) for number, row in enumerate(rows)]
    try:
        links = link_rows(named, company=company, by="platform", at=NEVER, digest="")
    except ConfigError as error:
        raise StepInputError(error.faults) from None
    faults = link_faults(links, policy)
    if faults:
        raise StepInputError(faults)
    return {link.customer: link for link in links}


def order_of(document: Document) -> Order:
    """
    Read the one order of a JSON:API document.

    Raises:
        StepInputError: it holds no order, several, or one that cannot be read.
    """
    trees = trees_of(document, "order")
    if len(trees) != 1 or trees[0].get("type") != "orders":
        raise StepInputError(("order: expected a document whose data is one order",))
    try:
        return parse_orders(trees)[0]
    except ValueError as exc:
        raise StepInputError((f"order: {exc}",)) from None


def orders_of(documents: Iterable[Document], name: str) -> tuple[Order, ...]:
    """
    Read the orders of several JSON:API documents, each of one order or of many.

    Raises:
        StepInputError: names the document that cannot be read.
    """
    found: list[Order] = []
    for number, document in enumerate(documents):
        place = f"{name}[{number}]"
        try:
            found += parse_orders(trees_of(document, place))
        except ValueError as exc:
            faults = exc.faults if isinstance(exc, StepInputError) else (f"{place}: {exc}",)
            raise StepInputError(faults) from None
    return tuple(found)


def trees_of(document: Document, name: str) -> tuple[Tree, ...]:
    """
    Join the resources of a JSON:API document.

    Raises:
        StepInputError: it is no such document.
    """
    data = document.get("data")
    rows = data if is_list(data) else [data]
    try:
        return tuple(join_trees(rows, document.get("included")))
    except (KeyError, ValueError) as exc:
        raise StepInputError((f"{name}: no JSON:API document: {exc}",)) from None


def reason_rows(reasons: Iterable[Reason]) -> tuple[ReasonRow, ...]:
    """Give reasons with who acts and what mends it."""
    return tuple(
        ReasonRow(r.code, r.subject, r.detail, r.owner, explain_reason(r.code).fix) for r in reasons
    )
