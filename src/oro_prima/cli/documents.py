"""JSON documents from files and pipes, and what a configuration adds to them."""

from __future__ import annotations

from typing import TextIO

from oro_prima.cli.context import App
from oro_prima.config import links_csv, policies_of, policies_tree
from oro_prima.config.tables import LINK_COLUMNS, csv_rows
from oro_prima.converters import decode_json, is_object
from oro_prima.steps import schema
from oro_prima.steps.reading import StepInputError, write_output


def json_document(file: TextIO) -> dict[str, object]:
    """
    Read one JSON object.

    Raises:
        StepInputError: it is none.
    """
    try:
        tree = decode_json(file.read().encode())
    except ValueError as exc:
        raise StepInputError((f"{file.name}: no JSON: {exc}",)) from None
    if not is_object(tree):
        raise StepInputError((f"{file.name}: expected a JSON object",))
    return dict(tree)


def completed(app: App, name: str, document: dict[str, object]) -> dict[str, object]:
    """Add what the step takes and the document leaves out, from the configuration."""
    members = schema(name, "input")["properties"]
    takes = members if is_object(members) else {}
    if "policy" in takes and "policy" not in document:
        document = {**document, "policy": policies_tree(policies_of(app.config()))}
    if "prices" in takes and "prices" not in document and app.config_path:
        prices = app.config().prices
        document = document if prices is None else {**document, "prices": write_output(prices)}
    if "links" in takes and "links" not in document and app.config_path:
        with app.store() as store:
            rows = csv_rows(links_csv(store.links().values()), "links", LINK_COLUMNS)
        document = {**document, "links": [row for _place, row in rows]}
    return document
