"""The sandbox, asked the same question, answers the same: status, shape, titles, header fields."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Literal

import pytest
from attrs import frozen

from oro_prima.call import HttpRequest, HttpResponse, header
from oro_prima.sandbox import World
from tests.conformance.recordings import Recording, recordings
from tests.conformance.shared import shared_folder, write_results

Version = Literal["5.1", "6.1"]
OF_THE_WIRE = frozenset(
    {"connection", "content-length", "date", "server", "transfer-encoding", "keep-alive"}
)
"""Header fields that the web server makes, not the shop."""
STATES = frozenset({302, 401, 403, 414, 502, 503})
"""Answers to the state of a server or the rights of a user, not to the question."""
TEXT_IDS = frozenset({"productunits", "countries", "regions"})
SOLD_IN = frozenset({"item", "set", "each", "piece"})
API = "application/vnd.api+json"
Pairs = tuple[tuple[str, str], ...]
CONFIGURED = frozenset(
    {
        "account", "activityEmails", "activityNotes", "attachments", "lastContactedDate",
        "lastContactedDateIn", "lastContactedDateOut", "timesContacted", "timesContactedIn",
        "timesContactedOut",
    }
)  # fmt: skip
"""Members that come and go with what administrators switch on."""
LEAST = {"5.1.8": 0.99, "6.1.8": 0.99}


@frozen
class Verdict:
    """One question: why it was not asked, or how the answers differ; both empty for agreement."""

    name: str
    outside: str = ""
    difference: str = ""


def test_the_sandbox_answers_as_running_servers_did(subtests: pytest.Subtests) -> None:
    """Ids are brought to records that the sandbox has; values are not compared."""
    results: dict[str, object] = {}
    for version in ("5.1.8", "6.1.8"):
        with subtests.test(version=version):
            folder = shared_folder() / "oro" / "recordings" / version
            verdicts = list(_verdicts(list(recordings(folder)), "5.1" if version < "6" else "6.1"))
            asked = [one for one in verdicts if not one.outside]
            agreed = [one for one in asked if not one.difference]
            results[version] = {
                "asked": len(asked),
                "agreed": len(agreed),
                "share": f"{100 * len(agreed) / len(asked):.1f} %",
                "outside": Counter(one.outside for one in verdicts if one.outside),
                "differences": sorted(f"{v.name}: {v.difference}" for v in asked if v.difference),
            }
            write_results("sandbox", results)

            assert len(asked) > 250
            assert len(agreed) / len(asked) >= LEAST[version]


def _verdicts(found: list[Recording], version: Version) -> Iterator[Verdict]:
    for recording in found:
        why = _outside(recording)
        yield Verdict(recording.name, outside=why) if why else _ask(recording, version)


def _outside(recording: Recording) -> str:
    if not recording.resource:
        return "not the back-office API"
    if recording.status in STATES or recording.status >= 500:
        return "state of the server or rights of the user"
    if recording.resource == "asyncoperations":
        return "an operation that was begun before"
    if recording.status == 404 and not recording.body:
        return "state of the server or rights of the user"
    titles = _titles(recording.received)
    if titles == ("resource not accessible exception",):
        return "state of the server or rights of the user"
    clash = recording.status == 409 and recording.method == "POST"
    if clash or any(title.startswith("unique ") for title in titles):
        return "depends on a record that was there"
    if recording.status == 404 and not any(error.get("detail") for error in _errors(recording)):
        return "state of the server or rights of the user"
    if recording.status == 415 and isinstance(recording.received, str):
        return "state of the server or rights of the user"
    return ""


def _errors(recording: Recording) -> list[Any]:
    tree = recording.received
    return tree.get("errors", []) if isinstance(tree, dict) else []


def _ask(recording: Recording, version: Version) -> Verdict:
    world = World(seed=7, size=12, oro_version=version)
    asking = _Asking(world, _token(world))
    asking.complete()
    answer = world.oro.handle(_request(recording, asking))
    return Verdict(recording.name, difference=_difference(recording, answer))


def _token(world: World) -> str:
    secret = {"client_id": "sandbox-client", "client_secret": "sandbox-secret"}
    body = _bytes({"grant_type": "client_credentials", **secret})
    headers = (("Content-Type", "application/json"),)
    answer = world.oro.handle(HttpRequest("POST", "/oauth2-token", headers=headers, body=body))
    return str(json.loads(answer.body)["access_token"])


@frozen
class _Asking:
    """Asks a sandbox, and brings ids of the recorded server to ids that it has."""

    world: World
    token: str

    def send(self, method: str, path: str, query: Pairs = (), sent: object = None) -> Any:
        """Return the document of an answer; None where it is an error."""
        headers = (
            ("Accept", API),
            ("Content-Type", API),
            ("Authorization", f"Bearer {self.token}"),
        )
        body = b"" if sent is None else _bytes(sent)
        request = HttpRequest(method, f"/admin/api/{path}", query, headers, body)
        answer = self.world.oro.handle(request)
        return json.loads(answer.body) if answer.status < 400 else None

    def complete(self) -> None:
        """Give the first order a tracking and a discount: recorded servers had such records."""
        order = self.ids("orders")[0]
        owner = "orders" if self.world.oro.version == "6.1" else "order"
        ref = {"type": "orders", "id": order}
        tracking = {"method": "m", "number": "1"}
        discount = {"amount": "1.00", "orderDiscountType": "oro_order_discount_item_type_amount"}
        for kind, attributes, name in (
            ("ordershippingtrackings", tracking, owner),
            ("orderdiscounts", discount, "order"),
        ):
            linkage = [ref] if name == "orders" else ref
            relations = {name: {"data": linkage}}
            data = {"type": kind, "attributes": attributes, "relationships": relations}
            self.send("POST", kind, sent={"data": data})

    def ids(self, kind: str) -> list[str]:
        """Return ids of a type."""
        needed: Pairs = (("filter[priceList]", "1"),) if kind == "productprices" else ()
        found = self.send("GET", kind, (*needed, ("page[size]", "50")))
        return [row["id"] for row in (found or {}).get("data") or ()]

    def word(self, kind: str, name: str) -> str:
        """Return what the first record of a type has for an attribute."""
        found = self.send("GET", kind, (("page[size]", "1"),))
        return str(found["data"][0]["attributes"][name])

    def unit_of(self, product: str) -> str:
        """Return the unit that a product is sold in; empty where it is not there."""
        found = self.send("GET", f"products/{product}/primaryUnitPrecision")
        return str(found["data"]["relationships"]["unit"]["data"]["id"]) if found else ""

    def id_for(self, kind: str, key: str) -> str:
        """Return an id of that type; the given one where the sandbox has none."""
        ids = self.ids(kind)
        return key if not ids or key in ids else ids[0]


def _request(recording: Recording, asking: _Asking) -> HttpRequest:
    parts = recording.relative.split("/")
    done = recording.status < 400
    if len(parts) > 1 and recording.status != 404 and (done or parts[1].isdigit()):
        parts[1] = asking.id_for(parts[0], parts[1])
    sent = recording.sent
    if not isinstance(sent, str) and sent is not None and recording.status not in (404, 409):
        sent = _with_ids(sent, asking, parts, done=done)
    if recording.status == 200 and isinstance(sent, dict) and parts == ["orders"]:
        _known_identifier(sent, asking)
    body = b"" if sent is None else sent.encode() if isinstance(sent, str) else _bytes(sent)
    kept = [(k, v) for k, v in recording.request_headers if k.lower() not in _NOT_SENT]
    headers = (*kept, ("Authorization", f"Bearer {asking.token}"))
    path = f"/admin/api/{'/'.join(parts)}"
    return HttpRequest(recording.method, path, recording.query, headers, body)


def _known_identifier(sent: Any, asking: _Asking) -> None:
    """An upsert that found a record finds one here too."""
    rows = sent["data"] if isinstance(sent["data"], list) else [sent["data"]]
    for row in rows:
        if "upsert" in (row.get("meta") or {}):
            row["attributes"]["identifier"] = asking.word("orders", "identifier")


def _sell(relations: Any, asking: _Asking) -> None:
    """Bring the unit that recorded products are sold in to one that the product has."""
    product = (relations.get("product") or {}).get("data")
    for name in ("unit", "productUnit"):
        unit = (relations.get(name) or {}).get("data")
        if product and unit and unit["id"] in SOLD_IN:
            unit["id"] = asking.unit_of(product["id"]) or unit["id"]


_NOT_SENT = frozenset({"authorization", "host", "content-length", "user-agent", "connection"})


def _bytes(tree: object) -> bytes:
    return json.dumps(tree, default=str).encode()


def _with_ids(tree: Any, asking: _Asking, parts: list[str], *, done: bool) -> Any:
    """
    Bring the record's own id and every id it leads to to ids that the sandbox has.

    Where the request was refused, high ids may be the fault, and stay.
    """
    if isinstance(tree, list):
        return [_with_ids(one, asking, parts, done=done) for one in tree]
    if not isinstance(tree, dict):
        return tree
    new = {key: _with_ids(value, asking, parts, done=done) for key, value in tree.items()}
    kind, key = tree.get("type"), tree.get("id")
    if done and isinstance(tree.get("productSku"), str):
        new["productSku"] = asking.word("products", "sku")
    if "relationships" in new:
        _sell(new["relationships"], asking)
    if isinstance(kind, str) and isinstance(key, str):
        own = len(parts) > 1 and kind == parts[0] and "attributes" in tree
        known = key.isdigit() and (done or int(key) < 1000)
        if own:
            new["id"] = parts[1]
        elif known or (done and kind in TEXT_IDS):
            new["id"] = asking.id_for(kind, key)
    return new


def _difference(recording: Recording, answer: HttpResponse) -> str:
    received, body = recording.received, _json(answer.body)
    checks = (
        ("status", (recording.status, answer.status)),
        ("titles", (_titles(received), _titles(body))),
        ("headers", (_headers(recording.headers), _headers(answer.headers))),
        ("members", (_members(received), _members(body))),
    )
    for name, (theirs, ours) in checks:
        if theirs != ours:
            return f"{name}: {theirs} there, {ours} here"
    return _shapes(received, body)


def _json(body: bytes) -> Any:
    try:
        return json.loads(body) if body else None
    except ValueError:
        return body.decode(errors="replace")


def _titles(tree: Any) -> tuple[str, ...]:
    errors = tree.get("errors") if isinstance(tree, dict) else tree if _is_plain(tree) else None
    return tuple(sorted({error.get("title", "") for error in errors or ()}))


def _is_plain(tree: Any) -> bool:
    return isinstance(tree, list) and all(isinstance(one, dict) and "title" in one for one in tree)


def _headers(headers: Any) -> dict[str, str]:
    """Which header fields are there; of the content type its media type counts."""
    found = {name.lower(): "" for name, _ in headers if name.lower() not in OF_THE_WIRE}
    return found | {"content-type": header(headers, "content-type").partition(";")[0]}


def _members(tree: Any) -> frozenset[str]:
    """Name the members of the document, apart from what depends on how many records there are."""
    return frozenset(tree) - {"links", "included"} if isinstance(tree, dict) else frozenset()


def _shapes(theirs: Any, ours: Any) -> str:
    """Compare the first records; nothing can be said where one side has none."""
    there, here = _first(theirs), _first(ours)
    if there is None or here is None:
        return ""
    one, other = _shape(there, here), _shape(here, there)
    missing = sorted(one.keys() - other.keys() - CONFIGURED)
    extra = sorted(other.keys() - one.keys() - CONFIGURED)
    differ = sorted(name for name in one.keys() & other.keys() if one[name] != other[name])
    found = (("lacks", missing), ("has more", extra), ("differs in", differ))
    return "; ".join(f"shape {what} {', '.join(names)}" for what, names in found if names)


def _first(tree: Any) -> Mapping[str, Any] | None:
    data = tree.get("data") if isinstance(tree, dict) else None
    row = data[0] if isinstance(data, list) and data else data
    return row if isinstance(row, dict) else None


def _shape(row: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, str]:
    """Describe members and the kinds of their values; a null says nothing of its kind."""
    attributes, beside = row.get("attributes") or {}, other.get("attributes") or {}
    kinds = {
        name: _kind(value) if value is not None and beside.get(name) is not None else ""
        for name, value in attributes.items()
    }
    relations = {
        name: "many" if isinstance((value or {}).get("data"), list) else "one"
        for name, value in (row.get("relationships") or {}).items()
    }
    return {"type": str(row.get("type"))} | kinds | relations


def _kind(value: object) -> str:
    return (
        "number"
        if isinstance(value, (int, float)) and not isinstance(value, bool)
        else type(value).__name__
    )
