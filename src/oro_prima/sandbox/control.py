"""The control interface at `/_sandbox`: see, break and move the sandbox from outside, in JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, cast

from oro_prima.call import HttpRequest, HttpResponse
from oro_prima.sandbox.oro import OrderLine, OutOfStock
from oro_prima.sandbox.oro import OrderView as ShopOrderView
from oro_prima.sandbox.prima import OrderLineView, OrderView, StockKey, StockView

if TYPE_CHECKING:
    from oro_prima.sandbox.world import World

PATH = "/_sandbox"


class BadInput(Exception):  # noqa: N818 - it becomes an answer
    """A request that control does not understand; `status` is the HTTP status it gets."""

    def __init__(self, text: str, *, status: int = 400) -> None:
        super().__init__(text)
        self.status = status


class Control:
    """Answers the control interface of one world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._routes: dict[tuple[str, str], Callable[[Fields], HttpResponse]] = {
            ("GET", "state"): self._state,
            ("GET", "requests"): self._requests,
            ("POST", "faults"): self._faults,
            ("POST", "advance"): self._advance,
            ("POST", "status"): self._status,
            ("POST", "credit"): self._credit,
            ("POST", "orders"): self._orders,
        }

    def handle(self, request: HttpRequest) -> HttpResponse:
        """Answer one request; what cannot be understood gets a 4xx that says why."""
        try:
            handler = self._route(request)
            body = request.body if request.method == "POST" else b"{}"
            return handler(Fields(_read(body)))
        except BadInput as exc:
            return _json(exc.status, {"error": str(exc)})

    def _route(self, request: HttpRequest) -> Callable[[Fields], HttpResponse]:
        name = request.path.removeprefix(PATH).strip("/")
        methods = [method for method, known in self._routes if known == name]
        if not request.path.startswith(f"{PATH}/") or not methods:
            there = ", ".join(sorted(known for _, known in self._routes))
            raise BadInput(f"not found; below {PATH} there are {there}", status=404)
        if request.method not in methods:
            raise BadInput(f"{name}: use {methods[0]}", status=405)
        return self._routes[(request.method, name)]

    def _state(self, _fields: Fields) -> HttpResponse:
        world = self._world
        stock = world.prima.stock()
        levels = _levels(world)
        return _json(
            200,
            {
                "now": world.clock().isoformat(),
                "orders": [_order(order) for order in world.prima.orders()],
                "shop": [_shop_order(order) for order in world.oro.orders()],
                "stock": [_stock(row, levels.get(row.key, [])) for row in stock],
                "oversold": _plain(world.verdict.oversold),
                "oversold_in_window": _plain(world.verdict.in_window),
                "checkouts": world.checkouts,
            },
        )

    def _requests(self, _fields: Fields) -> HttpResponse:
        return _json(200, self._world.requests.table())

    def _faults(self, fields: Fields) -> HttpResponse:
        try:
            fault = self._world.faults.add(
                fields.text("system"),
                fields.text("operation"),
                fields.text("fault"),
                times=fields.whole("times", default=1),
                after=fields.whole("after", default=0),
            )
        except ValueError as exc:
            raise BadInput(str(exc)) from exc
        return _json(
            200,
            {
                "system": fault.system,
                "operation": fault.operation,
                "fault": fault.name,
                "times": fault.times,
                "after": fault.after,
            },
        )

    def _advance(self, fields: Fields) -> HttpResponse:
        seconds = fields.number("seconds")
        try:
            now = self._world.clock.advance(float(seconds))
        except (ValueError, OverflowError) as exc:
            raise BadInput("seconds: expected 0 or more, and a date that exists") from exc
        return _json(200, {"now": now.isoformat()})

    def _status(self, fields: Fields) -> HttpResponse:
        number, status = fields.text("order_number"), fields.text("status")
        try:
            self._world.prima.set_status(number, status)
        except KeyError as exc:
            raise BadInput(str(exc.args[0]), status=404) from exc
        return _json(200, {"order_number": number, "status": status})

    def _credit(self, fields: Fields) -> HttpResponse:
        number = fields.text("order_number")
        try:
            self._world.prima.credit(number)
        except KeyError as exc:
            raise BadInput(str(exc.args[0]), status=404) from exc
        return _json(200, {"order_number": number})

    def _orders(self, fields: Fields) -> HttpResponse:
        customer = fields.text("customer")
        lines = [self._line(line) for line in fields.rows("lines")]
        try:
            order = self._world.checkout(customer, lines)
        except OutOfStock as exc:
            raise BadInput(str(exc), status=409) from exc
        except (KeyError, ValueError) as exc:
            raise BadInput(f"customer or lines: {exc.args[0]}") from exc
        return _json(201, {"id": order})

    def _line(self, fields: Fields) -> OrderLine:
        sku, unit, quantity = fields.text("sku"), fields.text("unit"), fields.number("quantity")
        if quantity <= 0:
            raise BadInput(f"quantity: expected more than 0, got {quantity}")
        return OrderLine(sku, unit, quantity, self._world.price_of(sku, unit))


class Fields:
    """The members of a JSON object, read with their types; raises `BadInput`."""

    def __init__(self, members: Mapping[str, object]) -> None:
        self._members = members

    def text(self, name: str) -> str:
        """Return a text that is not blank; a whole number is taken as its digits."""
        value = self._members.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if not isinstance(value, str) or not value.strip():
            raise BadInput(f"{name}: expected a text")
        return value

    def number(self, name: str) -> Decimal:
        """Return a finite number, given as one or as its text."""
        value = self._members.get(name)
        if isinstance(value, bool) or not isinstance(value, (int, str, Decimal)):
            raise BadInput(f"{name}: expected a number")
        try:
            number = Decimal(value)
        except InvalidOperation as exc:
            raise BadInput(f"{name}: expected a number") from exc
        if not number.is_finite():
            raise BadInput(f"{name}: expected a number")
        return number

    def whole(self, name: str, *, default: int) -> int:
        """Return a whole number, `default` where it is left out."""
        value = self._members.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int):
            raise BadInput(f"{name}: expected a whole number")
        return value

    def rows(self, name: str) -> list[Fields]:
        """Return a list of objects that is not empty."""
        value = self._members.get(name)
        if not isinstance(value, list) or not value:
            raise BadInput(f"{name}: expected a list of objects")
        rows = cast("list[object]", value)
        return [Fields(_members(f"{name}[{n}]", row)) for n, row in enumerate(rows)]


def _members(name: str, value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise BadInput(f"{name}: expected an object")
    return cast("dict[str, object]", value)


def _read(body: bytes) -> Mapping[str, object]:
    try:
        value: object = json.loads(body, parse_float=Decimal, parse_constant=_refuse)
    except (ValueError, RecursionError) as exc:
        raise BadInput("body: expected a JSON object") from exc
    return _members("body", value)


def _refuse(text: str) -> object:
    msg = f"{text} is no number"
    raise ValueError(msg)


def _json(status: int, value: object) -> HttpResponse:
    body = json.dumps(value, ensure_ascii=False).encode("utf-8")
    return HttpResponse(status, (("Content-Type", "application/json"),), body)


def _plain(number: Decimal) -> int | str:
    """Write a whole number as one and any other as text: JSON has no exact fractions."""
    return int(number) if number == number.to_integral_value() else f"{number:f}"


def _order(order: OrderView) -> dict[str, object]:
    return {
        "order_number": order.order_number,
        "reference": order.reference,
        "account": order.account,
        "lines": [_line(line) for line in order.lines],
        "status": order.status,
        "accepted": order.accepted,
        "request_sha256": order.sent,
    }


def _line(line: OrderLineView) -> dict[str, object]:
    return {**_codes(line.key), "quantity": line.quantity, "price": line.price}


def _codes(key: StockKey) -> dict[str, str]:
    return {"product": key.product, "m1": key.m1, "m2": key.m2, "m3": key.m3, "m4": key.m4}


def _stock(row: StockView, levels: list[dict[str, object]]) -> dict[str, object]:
    return {"sku": _codes(row.key), "free": max(row.free, 0), "levels": levels}


def _shop_order(order: ShopOrderView) -> dict[str, object]:
    """Return an order as the shop's own books hold it; nothing personal."""
    return {
        "id": order.id,
        "customer": order.customer,
        "created_at": order.created_at.isoformat(),
        "total": None if order.total is None else str(order.total),
        "currency": order.currency,
        "status": order.internal_status,
        "external": order.external,
        "main": bool(order.sub_orders),
        "checkout": order.checkout,
        "lines": [
            {"sku": line.sku, "unit": line.unit, "quantity": _plain(line.quantity)}
            for line in order.lines
        ],
    }


def _levels(world: World) -> dict[StockKey, list[dict[str, object]]]:
    """Return the levels that hold each Prima SKU, with how much of it one unit holds."""
    found: dict[StockKey, list[dict[str, object]]] = {}
    for level in world.oro.levels():
        for key, factor in world.units.get((level.sku, level.unit), ()):
            facts = {"id": level.id, "oro_sku": level.sku, "unit": level.unit}
            figures = {"quantity": _plain(level.quantity), "factor": factor}
            found.setdefault(key, []).append({**facts, **figures})
    return found
