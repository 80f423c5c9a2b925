"""JSON documents from files and pipes."""

from __future__ import annotations

from typing import TextIO

from oro_prima.converters import decode_json, is_object
from oro_prima.steps.reading import StepInputError


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
