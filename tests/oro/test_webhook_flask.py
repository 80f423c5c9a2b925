"""The documented Flask view takes what is signed, and answers as documented."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from oro_prima.oro.calls.events import sign
from oro_prima.values import Secret

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "receive-webhooks.md"
pytest.importorskip("flask")


@pytest.fixture
def view() -> dict[str, Any]:
    found = re.findall(r"```\{code-block\} python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    names: dict[str, Any] = {"__name__": "documented"}
    exec(compile(found[0], str(PAGE), "exec"), names)
    return names


def test_the_documented_view_works(view: dict[str, Any]) -> None:
    """Signed it is taken, changed it is refused."""
    client = view["app"].test_client()
    tree = {
        "topic": "order.created",
        "eventData": {"data": {"type": "orders", "id": 7}},
        "timestamp": int(datetime.now(UTC).timestamp()),
        "messageId": "m-1",
    }
    body = json.dumps(tree).encode()
    headers = {
        "Webhook-Topic": "order.created",
        "Webhook-Id": "m-1",
        "Webhook-Signature": sign(body, secret=Secret("made-up")),
        "Webhook-Signature-Algorithm": "HMAC-SHA256",
    }

    assert client.post("/oro", data=body, headers=headers).status_code == 204
    assert client.post("/oro", data=body + b" ", headers=headers).status_code == 401
    assert view["queue"] == [("orders", "7")]
