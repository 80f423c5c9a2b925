"""What `oro-prima doctor` says of webhooks: whether the shop offers the topics, and tells them."""

from __future__ import annotations

from collections.abc import Sequence

from oro_prima.call import each
from oro_prima.config.webhooks import WebhookConfig
from oro_prima.errors import CallError, RejectedError
from oro_prima.oro.calls.webhooks import list_webhook_topics, list_webhooks
from oro_prima.oro.models.webhooks import Webhook
from oro_prima.ports import Ports

EVENTS = ("created", "updated")
"""What is worth a hint; deletions are hardly ever told."""


def check_webhooks(ports: Ports, config: WebhookConfig) -> tuple[list[str], bool]:
    """
    Compare what `run` waits for with what the shop offers and tells; changes nothing.

    Returns:
        A line a topic, and whether orders are told. Nothing is amiss where nothing listens.
    """
    if not config.listen:
        return ["  not taken: webhooks.listen is empty"], True
    try:
        offered = {one.id for one in each(ports.shop, list_webhook_topics())}
        made = list(each(ports.shop, list_webhooks()))
    except RejectedError:
        told = "this server sends none (6.1.10 and 7.0.2 do); polling finds all the same"
        return [f"  {told}"], False
    except CallError as error:
        return [f"  {error}"], False
    topics = [f"{kind}.{event}" for kind in config.kinds for event in EVENTS]
    lines = [f"  {topic}: {_of(topic, topic in offered, made)}" for topic in topics]
    return lines, any(_told(f"{config.order_kind}.{event}", made) for event in EVENTS)


def _of(topic: str, offered: bool, made: Sequence[Webhook]) -> str:
    if not offered:
        return "not offered; mark its entity Webhook Accessible in the back office"
    if not any(one.topic == topic for one in made):
        return "offered; no webhook is made for it"
    told = _told(topic, made)
    return f"told to {', '.join(told)}" if told else "its webhook is disabled"


def _told(topic: str, made: Sequence[Webhook]) -> list[str]:
    return [
        one.notification_url or ""
        for one in made
        if one.topic == topic and one.enabled is not False
    ]
