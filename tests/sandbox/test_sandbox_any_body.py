"""Any body gets an answer of the API: a sandbox never breaks off, whatever it is sent."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from oro_prima.call import HttpRequest
from oro_prima.sandbox import World
from oro_prima.sandbox.oro.api import Kept
from oro_prima.sandbox.oro.schema import Version, schemas

API = "application/vnd.api+json"
WRITABLE = [
    (version, kind)
    for version in ("5.1", "6.1")
    for kind, schema in sorted(schemas(version).items())
    if {"POST", "PATCH"} & {*schema.list_methods, *schema.item_methods}
]
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-5, 10**6)
    | st.floats(allow_nan=False, allow_infinity=False, width=32)
    | st.sampled_from(["", "x", "1", "1.2500", "-1", "1e9", "2031-05-04", "USD", "each", "enabled"])
    | st.text(max_size=5)
)
values = scalars | st.lists(scalars, max_size=2) | st.dictionaries(st.text(max_size=3), scalars)


@cache
def shop(version: Version) -> tuple[World, str, Kept]:
    """Return one seeded sandbox, a token, and how it was at first."""
    world = World(seed=3, size=3, oro_version=version)
    secret = {"client_id": "sandbox-client", "client_secret": "sandbox-secret"}
    body = json.dumps({"grant_type": "client_credentials", **secret}).encode()
    headers = (("Content-Type", "application/json"),)
    answer = world.oro.handle(HttpRequest("POST", "/oauth2-token", (), headers, body))
    return world, json.loads(answer.body)["access_token"], world.oro.keep()


def send(version: Version, method: str, path: str, body: bytes, *, mode: str = "") -> int:
    """Send it, bring the shop back, and return the status."""
    world, token, kept = shop(version)
    headers = (
        ("Accept", API), ("Content-Type", API), ("Authorization", f"Bearer {token}"),
        *((("X-Mode", mode),) if mode else ()),
    )  # fmt: skip
    try:
        answer = world.oro.handle(HttpRequest(method, f"/admin/api/{path}", (), headers, body))
        assert (
            answer.status < 300
            or answer.status == 302
            or b"errors" in answer.body
            or not answer.body
        )
        return answer.status
    finally:
        world.oro.put_back(kept)


@st.composite
def refs(draw: Any, target: str) -> Any:
    kind = draw(st.sampled_from([target, target, target, "products", "hats"]))
    key = draw(st.sampled_from(["1", "2", "n1", "n2", "999", "each", "x"]))
    return draw(st.sampled_from([{"type": kind, "id": key}, {"type": kind}, None, key]))


@st.composite
def records(draw: Any, version: Version, kind: str, key: str) -> dict[str, Any]:
    schema = schemas(version)[kind]
    names = sorted(schema.attributes)
    attributes = draw(st.dictionaries(st.sampled_from([*names, "hat"]), values, max_size=6))
    chosen = draw(st.sets(st.sampled_from(sorted(schema.relations) or ["hat"]), max_size=5))
    relations = {}
    for name in sorted(chosen):
        target, many = schema.relations.get(name, ("hats", False))
        one = refs(target)
        data = draw(st.lists(one, max_size=3) | one if many else one | st.lists(one, max_size=1))
        relations[name] = draw(st.sampled_from([{"data": data}, {"data": data}, {}, None]))
    meta = draw(st.sampled_from([None, {"update": True}, {"upsert": ["identifier"]}, {"x": 1}, 1]))
    return {
        "type": kind, "id": key, "attributes": attributes, "relationships": relations, "meta": meta,
    }  # fmt: skip


@st.composite
def documents(draw: Any) -> tuple[Version, str, dict[str, Any]]:
    version, kind = draw(st.sampled_from(WRITABLE))
    data = draw(records(version, kind, "1"))
    beside = draw(st.lists(st.sampled_from(WRITABLE), max_size=2))
    included = [
        draw(records(version, other, f"n{number}"))
        for number, (_version, other) in enumerate(beside, 1)
        if other in schemas(version)
    ]
    return version, kind, {"data": data, **({"included": included} if included else {})}


@settings(max_examples=100, deadline=None)
@given(documents())
def test_any_record_is_made_or_refused(document: tuple[Version, str, dict[str, Any]]) -> None:
    """With a status that the API has; nothing escapes."""
    version, kind, tree = document
    status = send(version, "POST", kind, json.dumps(tree).encode())

    assert status in (200, 201, 302, 400, 403, 404, 405, 409, 500)


@settings(max_examples=100, deadline=None)
@given(documents())
def test_any_record_is_changed_or_refused(document: tuple[Version, str, dict[str, Any]]) -> None:
    """The same of a record that is there, alone and within a batch."""
    version, kind, tree = document
    one = send(version, "PATCH", f"{kind}/1", json.dumps(tree).encode())
    many = json.dumps({**tree, "data": [tree["data"]]}).encode()

    assert one in (200, 400, 403, 404, 405, 409, 500)
    assert send(version, "PATCH", kind, many) in (202, 403, 405)
    assert send(version, "PATCH", kind, many, mode="sync") in (
        200,
        202,
        400,
        403,
        404,
        405,
        409,
        500,
    )


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(WRITABLE), st.binary(max_size=40) | values.map(json.dumps).map(str.encode))
def test_what_is_no_document_is_refused(place: tuple[Version, str], body: bytes) -> None:
    """Whatever bytes it is."""
    version, kind = place
    for method, path in (("POST", kind), ("PATCH", f"{kind}/1"), ("PATCH", kind)):
        assert send(version, method, path, body) in (202, 400, 404, 405, 409)
