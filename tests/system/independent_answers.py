"""What independent servers answer with, and what our client makes of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from tests.prima.documents import ORDER, UNIQUE, item, result, row

from oro_prima.call import Call
from oro_prima.ids import PrimaCompany, PrimaOrderNumber
from oro_prima.prima.calls import free_stock, order_status, post_order
from oro_prima.prima.models import PrimaProfile
from oro_prima.prima.models.orders import OrderAnswer, OrderStatusAnswer
from oro_prima.values import LocalDate

COMPANY = PrimaCompany("1")
LETTERS = "Zoë < & > “€” 中"
ANSWERS = {
    "OrderStatus": result(
        f'<Data OrderStatus="{LETTERS.replace("&", "&amp;").replace("<", "&lt;")}"/>',
        request_type="OrderStatus",
        RequestStatus="OK",
    ),
    "MultiNewOrder": result(item()),
    "ProductAvailableToSell": result(
        "<Data>" + row() * 3000 + "</Data>",
        request_type="ProductAvailableToSell",
        RequestStatus="OK",
    ),
}


def answered(text: str) -> str:
    """Return the answer to a business request."""
    return next(answer for kind, answer in ANSWERS.items() if f'"{kind}"' in text)


def all_read(send: Callable[[Call[Any]], Any], *, profile: PrimaProfile) -> None:
    """Send a call of each kind; every answer is read right."""
    number = PrimaOrderNumber("300")
    today = LocalDate(date(2031, 5, 6))
    status = send(order_status(number, profile=profile, company=COMPANY))
    order = send(post_order(ORDER, unique_id=UNIQUE, profile=profile, company=COMPANY))
    stock = send(free_stock(profile=profile, company=COMPANY, today=today))

    assert status == OrderStatusAnswer(number, LETTERS)
    assert isinstance(order, OrderAnswer)
    assert len(stock) == 3000
