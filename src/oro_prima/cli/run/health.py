"""Whether flows run, by HTTP: for whatever watches the process."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator
from contextlib import contextmanager

from oro_prima.cli.run.web import Answer, Asked, serve
from oro_prima.errors import StoreError

Health = Callable[[], tuple[bool, dict[str, object]]]


@contextmanager
def serve_health(place: str, health: Health) -> Generator[str, None, None]:
    """
    Answer `GET /health` at HOST:PORT: 200 where all is well, else 503.

    Any other path is 404. Nothing personal is told, and nothing can be changed.

    Raises:
        ConfigError: the place is none, or cannot be listened at.
    """

    def answer(asked: Asked) -> Answer:
        if (asked.method, asked.path) != ("GET", "/health"):
            return Answer(404)
        try:
            well, tree = health()
        except StoreError as error:
            well, tree = False, {"ok": False, "error": str(error)}
        return Answer(200 if well else 503, json.dumps(tree, default=str).encode())

    with serve(place, answer, named="--health", cap=0) as where:
        yield where
