"""The flat calls of every subject: each writes the request that its name says."""

from __future__ import annotations

from collections.abc import Callable
from inspect import getmembers, isfunction
from typing import Any, TypeVar

import pytest
from attrs import define, field

from oro_prima.call import Call, HttpRequest, Page
from tests.typing import resources

R = TypeVar("R")
METHODS = {"list": "GET", "get": "GET", "create": "POST", "update": "PATCH", "delete": "DELETE"}
USES = [use for name, use in getmembers(resources, isfunction) if name.startswith("use_")]


class Record:
    """Something that has an id."""

    id = "7"


@define
class Noting:
    """Notes every request; lists are empty, anything else is a record."""

    sent: list[tuple[str, HttpRequest]] = field(factory=list[tuple[str, HttpRequest]])

    def send(self, call: Call[R]) -> R:
        """Note a request."""
        self.sent.append((call.name, call.request()))
        answer: Any = Page(()) if call.name.startswith("list_") else Record()
        given: R = answer
        return given


@pytest.mark.parametrize("use", USES, ids=lambda use: use.__name__)
def test_a_call_asks_what_its_name_says(use: Callable[[Noting], None]) -> None:
    """By method, type and id."""
    sender = Noting()

    use(sender)

    assert sender.sent
    for name, request in sender.sent:
        verb, _, kind = name.partition("_")
        assert (request.method, request.path.split("/")[0]) == (METHODS[verb], kind)
        assert ("/" in request.path) == (verb in ("get", "update", "delete"))
        assert bool(request.body) == (verb in ("create", "update"))
        assert (f"fields[{kind}]" in dict(request.query)) == (request.method == "GET")
        if verb == "list":
            assert dict(request.query)["filter[id]"] == "7,8"
