"""What the API refuses, and how it says so."""

from __future__ import annotations

import json
from collections.abc import Sequence

from attrs import frozen

from oro_prima.call import Headers, HttpResponse

JSON_API = "application/vnd.api+json"


@frozen
class Problem:
    """One error of an errors document."""

    status: int
    title: str
    detail: str = ""
    pointer: str = ""
    parameter: str = ""

    def tree(self, *, plain: bool = False) -> dict[str, object]:
        """Return the error as the dialect writes it."""
        tree: dict[str, object] = {"title": self.title}
        if not plain:
            tree = {"status": str(self.status), **tree}
        if self.detail:
            tree["detail"] = self.detail
        if self.pointer:
            tree["source"] = self.pointer if plain else {"pointer": self.pointer}
        elif self.parameter:
            tree["source"] = self.parameter if plain else {"parameter": self.parameter}
        return tree


class RefusedError(Exception):
    """A request that is refused with one or more problems."""

    def __init__(self, *problems: Problem, headers: Headers = ()) -> None:
        super().__init__(problems)
        self.problems, self.headers = problems, headers


class EmptyAnswerError(Exception):
    """A request that is answered by a status and header fields alone."""

    def __init__(self, status: int, headers: Headers = ()) -> None:
        super().__init__(status)
        self.status, self.headers = status, headers


def filter_problem(parameter: str, detail: str = "The filter is not supported.") -> Problem:
    """Return the refusal of a query parameter."""
    return Problem(400, "filter constraint", detail, parameter=parameter)


def not_found(detail: str = "An entity with the requested identifier does not exist.") -> Problem:
    """Return the refusal of a record that is not there."""
    return Problem(404, "not found http exception", detail)


NOT_ACCESSIBLE = frozenset(
    {"checkouts", "consents", "paymentstatuses", "quotes", "shoppinglists", "websites"}
)
"""Types that a server knows and the back-office API of its edition or version does not open."""
SWITCHED_OFF = frozenset({"webcatalogs"})
"""Types whose address is there and answers nothing."""


def unknown_type(kind: str) -> Exception:
    """Return the refusal of a resource type that cannot be asked for."""
    if kind in SWITCHED_OFF:
        return EmptyAnswerError(404, (("Content-Type", JSON_API),))
    if kind in NOT_ACCESSIBLE:
        detail = "The resource is not accessible."
        return RefusedError(Problem(404, "resource not accessible exception", detail))
    return RefusedError(Problem(404, "entity type constraint", f"Unknown entity type: {kind}."))


def errors_answer(problems: Sequence[Problem], *, plain: bool, headers: Headers) -> HttpResponse:
    """Return the answer that lists problems, in JSON:API or in the plain dialect."""
    status = problems[0].status
    trees = [problem.tree(plain=plain) for problem in problems]
    if plain:
        return HttpResponse(
            status, (*headers, ("Content-Type", "application/json")), json.dumps(trees).encode()
        )
    body = json.dumps({"errors": trees}).encode()
    return HttpResponse(status, (*headers, ("Content-Type", JSON_API)), body)
