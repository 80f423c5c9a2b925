"""What all tests share: Hypothesis without a clock; no network, and loopback only in `system`."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "house", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60
)
settings.load_profile("house")

HERE = Path(__file__).parent
WITH_SERVERS = ("system",)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Block sockets for every test outside the rooms that start servers."""
    for item in items:
        inside = item.path.is_relative_to(HERE)
        if inside and item.path.relative_to(HERE).parts[0] not in WITH_SERVERS:
            item.add_marker(pytest.mark.disable_socket)
