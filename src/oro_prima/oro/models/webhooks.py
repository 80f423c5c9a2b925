"""Webhooks that a server sends (6.1.10+, 7.0.2+: read in source, not recorded)."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from attrs import frozen

from oro_prima.oro.models.filters import IdFilter
from oro_prima.oro.models.resource import Fields, Paging, Resource, ResourceType, one


@frozen
class WebhookTopic:
    """What a server can tell of; none until an administrator opens a type to webhooks."""

    id: str
    label: str | None = None


class WebhookTopicFilter(TypedDict, total=False):
    """What webhook topics can be found by."""

    id: IdFilter


WEBHOOK_TOPICS: Resource[WebhookTopic, Fields, WebhookTopicFilter] = Resource(
    ResourceType(
        "webhooktopics",
        ("label",),
        paging=Paging.NONE,
    ),
    WebhookTopic,
)


@frozen
class WebhookFormat:
    """`default` or `thin`."""

    id: str
    label: str | None = None


class WebhookFormatFilter(TypedDict, total=False):
    """What webhook formats can be found by."""

    id: IdFilter


WEBHOOK_FORMATS: Resource[WebhookFormat, Fields, WebhookFormatFilter] = Resource(
    ResourceType(
        "webhookformats",
        ("label",),
        paging=Paging.NONE,
    ),
    WebhookFormat,
)


@frozen
class Webhook:
    """A subscription. `secret` is taken on creation and never shown."""

    id: str
    created_at: datetime | None = None
    enabled: bool | None = None
    notification_url: str | None = None
    system: bool | None = None
    updated_at: datetime | None = None
    verify_ssl: bool | None = None
    format: str | None = None
    organization: str | None = None
    owner: str | None = None
    topic: str | None = None


class WebhookFields(TypedDict, total=False):
    """What can be written of a webhook; a name left out is left as it is."""

    enabled: bool | None
    notification_url: str | None
    secret: str | None
    verify_ssl: bool | None
    format: str | None
    organization: str | None
    owner: str | None
    topic: str | None


class WebhookFilter(TypedDict, total=False):
    """What webhooks can be found by."""

    id: IdFilter
    topic: IdFilter


WEBHOOKS: Resource[Webhook, WebhookFields, WebhookFilter] = Resource(
    ResourceType(
        "webhooks",
        ("createdAt", "enabled", "notificationUrl", "system", "updatedAt", "verifySsl"),
        {
            "format": one("webhookformats"),
            "organization": one("organizations"),
            "owner": one("users"),
            "topic": one("webhooktopics"),
        },
        written=("secret",),
        lengths={"notificationUrl": 255},
        paging=Paging.NUMBER,
    ),
    Webhook,
)
