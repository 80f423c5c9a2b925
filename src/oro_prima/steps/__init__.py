"""
The rules as steps of an integration platform: JSON in, JSON out.

All but `post_order` are stateless and may be repeated at will; importing them loads no HTTP client,
no XML and no database driver. `post_order` sends, and keeps its claim in a store or hands it back
to the platform. Shapes are versioned; `schema` gives the JSON Schema of each.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from attrs import AttrsInstance

from oro_prima.converters import is_object
from oro_prima.steps import shapes, shapes_goods
from oro_prima.steps.coverage import check_coverage_step as check_coverage
from oro_prima.steps.explain import explain
from oro_prima.steps.orders import map_order
from oro_prima.steps.prices import map_prices
from oro_prima.steps.prices import resolve_price_step as resolve_price
from oro_prima.steps.reading import StepInputError
from oro_prima.steps.schemas import JsonObject, schema_of
from oro_prima.steps.stock import map_stock

if TYPE_CHECKING:
    from oro_prima.steps.posting import post_order

__all__ = [
    "STEPS",
    "StepInputError",
    "check_coverage",
    "explain",
    "handler",
    "map_order",
    "map_prices",
    "map_stock",
    "post_order",
    "resolve_price",
    "run_step",
    "schema",
]

Step = Callable[[Mapping[str, object]], dict[str, object]]

_SHAPES: dict[str, tuple[type[AttrsInstance], type[AttrsInstance]]] = {
    "map_order": (shapes.MapOrderInput, shapes.MapOrderOutput),
    "map_stock": (shapes.MapStockInput, shapes.MapStockOutput),
    "map_prices": (shapes_goods.MapPricesInput, shapes_goods.MapPricesOutput),
    "resolve_price": (shapes_goods.ResolvePriceInput, shapes_goods.ResolvePriceOutput),
    "check_coverage": (shapes_goods.CheckCoverageInput, shapes_goods.CheckCoverageOutput),
    "explain": (shapes_goods.ExplainInput, shapes_goods.ExplainOutput),
    "post_order": (shapes.PostOrderInput, shapes.PostOrderOutput),
}

STEPS = tuple(_SHAPES)
"""The names of all steps."""


def schema(step: str, side: str) -> JsonObject:
    """
    Return the JSON Schema of a step's `input` or `output`.

    >>> schema("map_order", "input")["required"]
    ['order', 'policy']

    Raises:
        ValueError: there is no such step or side.
    """
    if step not in _SHAPES or side not in ("input", "output"):
        msg = f"expected one of {', '.join(_SHAPES)}, and input or output"
        raise ValueError(msg)
    taken, given = _SHAPES[step]
    return schema_of(given, output=True) if side == "output" else schema_of(taken, output=False)


def run_step(name: str, document: Mapping[str, object]) -> dict[str, object]:
    """
    Run a step by name.

    A document that the step cannot take gives `{"ok": false, "faults": [...]}` and is no failure:
    a host that repeats failures would only get the same answer. What a repeat may heal is raised.

    Raises:
        ValueError: there is no such step.
        OroPrimaError: a system or the store could not be used; a repeat is harmless.
    """
    step = _steps().get(name)
    if step is None:
        msg = f"no step is called {name}; expected one of {', '.join(_SHAPES)}"
        raise ValueError(msg)
    try:
        return {"ok": True, **step(document)}
    except StepInputError as error:
        return {"ok": False, "faults": list(error.faults)}


def handler(event: Mapping[str, object], context: object = None) -> dict[str, object]:
    """
    Run the step that an event names: `{"step": "map_order", "input": {...}}`.

    The form that cloud functions call; `context` is not looked at.
    """
    del context
    given = event.get("input")
    return run_step(str(event.get("step", "")), given if is_object(given) else {})


def _steps() -> dict[str, Step]:
    return {
        "map_order": map_order,
        "map_stock": map_stock,
        "map_prices": map_prices,
        "resolve_price": resolve_price,
        "check_coverage": check_coverage,
        "explain": explain,
        "post_order": _post_order,
    }


def _post_order(document: Mapping[str, object]) -> dict[str, object]:
    from oro_prima.steps.posting import post_order

    return post_order(document)


def __getattr__(name: str) -> object:
    """Load what needs a network only when it is asked for."""
    if name == "post_order":
        from oro_prima.steps.posting import post_order

        return post_order
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)
