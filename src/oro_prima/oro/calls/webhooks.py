"""Webhooks that a server sends (6.1.10+, 7.0.2+: read in source, not recorded)."""

from __future__ import annotations

from oro_prima.call import Page
from oro_prima.oro.calls.jsonapi import ApiCall
from oro_prima.oro.calls.records import PAGE, get_record, list_records
from oro_prima.oro.calls.writing import create_record, delete_record, update_record
from oro_prima.oro.models.webhooks import (
    WEBHOOK_FORMATS,
    WEBHOOK_TOPICS,
    WEBHOOKS,
    Webhook,
    WebhookFields,
    WebhookFilter,
    WebhookFormat,
    WebhookFormatFilter,
    WebhookTopic,
    WebhookTopicFilter,
)


def list_webhooks(
    *, where: WebhookFilter | None = None, size: int = PAGE
) -> ApiCall[Page[Webhook]]:
    """Read webhooks, page by page; all of them without a filter."""
    return list_records(WEBHOOKS, where=where, size=size)


def get_webhook(webhook: str) -> ApiCall[Webhook]:
    """Read a webhook by its id."""
    return get_record(WEBHOOKS, key=webhook)


def create_webhook(fields: WebhookFields) -> ApiCall[Webhook]:
    """Subscribe to a topic; keep the secret, the server never shows it again."""
    return create_record(WEBHOOKS, fields=fields)


def update_webhook(webhook: str, *, fields: WebhookFields) -> ApiCall[Webhook]:
    """Change a webhook; what is not named stays."""
    return update_record(WEBHOOKS, key=webhook, fields=fields)


def delete_webhook(webhook: str) -> ApiCall[None]:
    """End a subscription; a receiver that answers 410 does the same."""
    return delete_record(WEBHOOKS, key=webhook)


def list_webhook_topics(*, where: WebhookTopicFilter | None = None) -> ApiCall[Page[WebhookTopic]]:
    """Read webhook topics, page by page; all of them without a filter."""
    return list_records(WEBHOOK_TOPICS, where=where)


def get_webhook_topic(topic: str) -> ApiCall[WebhookTopic]:
    """Read a webhook topic by its id."""
    return get_record(WEBHOOK_TOPICS, key=topic)


def list_webhook_formats(
    *, where: WebhookFormatFilter | None = None
) -> ApiCall[Page[WebhookFormat]]:
    """Read webhook formats, page by page; all of them without a filter."""
    return list_records(WEBHOOK_FORMATS, where=where)


def get_webhook_format(key: str) -> ApiCall[WebhookFormat]:
    """Read a webhook format by its id."""
    return get_record(WEBHOOK_FORMATS, key=key)
