"""Webhooks that `oro-prima run` listens for: where, with which secret, and how hints wait."""

from __future__ import annotations

from datetime import timedelta

from attrs import field, frozen
from attrs.validators import ge

from oro_prima.config import readers as r
from oro_prima.config.setting import Evidence, Setting
from oro_prima.config.setting import setting as _s
from oro_prima.errors import ConfigError
from oro_prima.mapping.hints import HintPolicy
from oro_prima.records import Flow
from oro_prima.values import Secret

HIGHEST_PORT = 65535
_I = Evidence.INFERRED
WEBHOOKS: tuple[Setting, ...] = (
    _s("webhooks.listen", r.text, '""',
       "HOST:PORT at which `run` takes webhooks of the shop; empty: nowhere."),
    _s("webhooks.secret", r.text, '""', "What the webhooks were made with.", secret=True),
    _s("webhooks.window", r.duration, '"5 min"', "How far a webhook's time may be from ours."),
    _s("webhooks.order_kind", r.filled, '"order"',
       "What topics of orders begin with, as webhooktopics names them.", _I),
    _s("webhooks.customer_kind", r.filled, '"customer"', "And those of customers.", _I),
    _s("webhooks.most", r.whole(1), "1000",
       "So many hints wait at most; others are left to the flow's own run."),
    _s("webhooks.tries", r.whole(1), "5", "How often a record that is not there yet is looked at."),
    _s("webhooks.again", r.duration, '"5 s"', "First pause before it is; it doubles."),
)  # fmt: skip


@frozen
class WebhookConfig:
    """
    Where webhooks come in and how hints wait.

    Attributes:
        listen: HOST:PORT; empty for nowhere.
        secret: What the webhooks were made with; None where nothing listens.
        window: How far a webhook's time may be from ours, either way.
        order_kind, customer_kind: What topics begin with.
        most, tries, again: As `HintPolicy`.

    Raises:
        ConfigError: the place is none, or there is no secret for it.
    """

    listen: str = ""
    secret: Secret | None = None
    window: timedelta = timedelta(minutes=5)
    order_kind: str = "order"
    customer_kind: str = "customer"
    most: int = field(default=1000, validator=ge(1))
    tries: int = field(default=5, validator=ge(1))
    again: timedelta = timedelta(seconds=5)

    def __attrs_post_init__(self) -> None:
        """Refuse a place that cannot be listened at, and one whose webhooks nobody signs."""
        if not self.listen:
            return
        faults: list[str] = []
        if not is_place(self.listen):
            faults.append(
                f"webhooks.listen: expected HOST:PORT such as 127.0.0.1:8081, got {self.listen}"
            )
        if self.secret is None:
            faults.append("webhooks.secret: required where webhooks.listen says a place")
        if faults:
            raise ConfigError(tuple(faults))

    @property
    def kinds(self) -> dict[str, Flow]:
        """Which flow looks at a record, by what its topic begins with."""
        return {self.order_kind: Flow.ORDERS, self.customer_kind: Flow.CUSTOMERS}

    @property
    def policy(self) -> HintPolicy:
        """How hints wait."""
        return HintPolicy(self.most, self.tries, self.again)


def is_place(text: str) -> bool:
    """Tell whether a text is HOST:PORT."""
    host, _, port = text.rpartition(":")
    return bool(host) and port.isascii() and port.isdigit() and int(port) <= HIGHEST_PORT
