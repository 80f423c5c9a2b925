"""Asks a sandbox what a recorded server was asked, with ids that the sandbox has."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from typing import Any, Literal

from attrs import define, field

from oro_prima.call import HttpRequest, HttpResponse
from oro_prima.sandbox import World
from oro_prima.sandbox.oro.api import Kept
from tests.conformance.recordings import Recording
from tests.conformance.states import state_of, trouble_of
from tests.sandbox.records import a_kit, an_order

Version = Literal["5.1", "6.1"]
TEXT_IDS = frozenset({"productunits", "countries", "regions"})
SOLD_IN = frozenset({"item", "set", "each", "piece"})
CHANGING = ("extstatus", "consumer", "cancelled", "closed", "suborder")
"""Recordings whose state is made by changing records."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
API = "application/vnd.api+json"
CLIENT, SECRET = "connector-client-id-0001", "sandbox-secret"
KIT = "64"
"""The kit of the recorded servers."""
Pairs = tuple[tuple[str, str], ...]
_NOT_SENT = frozenset({"host", "content-length", "user-agent", "connection"})
_AFTER = re.compile(r"-(asyncop-.*|asyncop|errors|errors-.*|final|include-errors|operation)$")
"""What the name of a later look at an operation ends in."""
BEFORE = {"consumer-stopped": "consumer-stopped-batch-accepted"}
LARGE = {"order-12-lines": (12, 1), "order-120-lines": (120, 1), "order-120-discounts": (1, 120)}
"""Lines and discounts of orders that recordings look at."""


@define
class Asking:
    """One seeded sandbox for many questions; each that may write starts from the same records."""

    version: Version
    world: World = field(init=False)
    token: str = field(init=False)
    kept: Kept = field(init=False)
    special: dict[str, str] = field(factory=dict[str, str])
    _ids: dict[str, list[str]] = field(factory=dict[str, list[str]])

    def __attrs_post_init__(self) -> None:
        self.world = World(seed=7, size=12, oro_version=self.version)
        self.token = _token(self.world)
        self._complete()
        self._add_special()
        self._ids.clear()
        self.kept = self.world.oro.keep()

    def answer(self, recording: Recording, begun: Recording | None = None) -> HttpResponse:
        """
        Return the sandbox's answer to the same question, in the same state.

        An operation is `begun` first by the batch that began the recorded one.
        """
        oro, trouble = self.world.oro, trouble_of(recording.name)
        if trouble:
            return oro.fault_response(trouble, self.request(recording))
        with state_of(recording.name, self):
            operation = self._begin(begun) if begun else ""
            answer = oro.handle(self.request(recording, operation))
        if begun or recording.method not in SAFE or recording.name.startswith(CHANGING):
            oro.put_back(self.kept)
        return answer

    def _begin(self, recording: Recording) -> str:
        answer = self.world.oro.handle(self.request(recording))
        return str(json.loads(answer.body)["data"]["id"])

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

    def _complete(self) -> None:
        """Give the first order a tracking and a discount: recorded servers had such records."""
        order = self.ids("orders")[0]
        owner = "orders" if self.version == "6.1" else "order"
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

    def _add_special(self) -> None:
        made = self.send("POST", "products", sent=a_kit(self))
        kit = self.special["kit-product"] = made["data"]["id"]
        orders = {
            "kit-order-get": an_order(self, kit=kit),
            **{name: an_order(self, lines=n, discounts=m) for name, (n, m) in LARGE.items()},
        }
        for name, order in orders.items():
            self.special[name] = self.send("POST", "orders", sent=order)["data"]["id"]
        sub = an_order(self)
        main = {"type": "orders", "id": self.special["order-12-lines"]}
        sub["data"]["relationships"]["parent"] = {"data": main}
        self.send("POST", "orders", sent=sub)
        self.special["suborder-main-get"] = main["id"]

    def ids(self, kind: str) -> list[str]:
        """Return ids of a type."""
        if kind not in self._ids:
            needed: Pairs = (("filter[priceList]", "1"),) if kind == "productprices" else ()
            found = self.send("GET", kind, (*needed, ("page[size]", "50")))
            found = found or self.send("GET", kind, needed)
            self._ids[kind] = [row["id"] for row in (found or {}).get("data") or ()]
        return self._ids[kind]

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

    def request(self, recording: Recording, operation: str = "") -> HttpRequest:
        """Return the recorded request, leading to records that the sandbox has."""
        own = _NOT_SENT if recording.status == 401 else {*_NOT_SENT, "authorization"}
        headers = [(k, v) for k, v in recording.request_headers if k.lower() not in own]
        if not recording.resource:
            return _about_tokens(recording, headers)
        parts = recording.relative.split("/")
        done = recording.status < 400
        if len(parts) > 1 and recording.status != 404 and (done or parts[1].isdigit()):
            parts[1] = self.id_for(parts[0], parts[1])
        special = self._special(recording.name, parts[0])
        if len(parts) > 1 and (special or operation):
            parts[1] = special or operation
        sent = recording.sent
        if not isinstance(sent, str) and sent is not None and recording.status not in (404, 409):
            sent = _with_ids(sent, self, parts, done=done)
        if recording.name.startswith("kit"):
            sent = _with_kit(recording.sent, sent, self.special["kit-product"])
        if isinstance(sent, dict):
            self._as_known(recording, sent, parts[0])
        body = b"" if sent is None else sent.encode() if isinstance(sent, str) else _bytes(sent)
        if recording.status != 401:
            headers.append(("Authorization", f"Bearer {self.token}"))
        path = f"/admin/api/{'/'.join(parts)}"
        query = self._known_query(recording, special)
        return HttpRequest(recording.method, path, query, tuple(headers), body)

    def _special(self, name: str, kind: str) -> str:
        """Return the record of its kind that this recording needs; empty where any will do."""
        wanted = {"products": "kit-product", "orders": "kit-order-get"}
        if name == "delete-last-lineitem":
            return self._only_line()
        if name.startswith(wanted.get(kind, "-")):
            return self.special[wanted[kind]]
        if kind != "orders":
            return ""
        names = (n for n in ("suborder-main-get", *LARGE) if name.startswith(n))
        return self.special.get(next(names, ""), "")

    def _only_line(self) -> str:
        order = self.send("GET", f"orders/{self.special['order-120-discounts']}")["data"]
        return str(order["relationships"]["lineItems"]["data"][0]["id"])

    def _known_query(self, recording: Recording, special: str) -> Pairs:
        """Ask for what the sandbox has, where the recorded server had what was asked for."""
        tree = recording.received
        if not (isinstance(tree, dict) and tree.get("data")):
            return recording.query
        return tuple((key, self._known(key, text, special)) for key, text in recording.query)

    def _known(self, key: str, text: str, special: str) -> str:
        if key.startswith(("filter[sku]", "filter[product.sku]")):
            return self.word("products", "sku")
        if key in ("filter[id]", "filter[id][gte]") and special:
            return special
        if key in ("filter[product]", "filter[kitItems][1][product]"):
            return "1"
        if key == "filter[unit]":
            return self.unit_of("1")
        return text

    def _as_known(self, recording: Recording, sent: Any, kind: str) -> None:
        """What met a record that was there meets one here too."""
        rows = sent.get("data")
        listed = rows if isinstance(rows, list) else [rows] if isinstance(rows, dict) else []
        for row in listed:
            upsert = (row.get("meta") or {}).get("upsert")
            if recording.status in (200, 302) and isinstance(upsert, list):
                row["attributes"][upsert[0]] = self.word(kind, upsert[0])
        for error in _errors_of(recording.received):
            if str(error.get("title")).startswith("unique "):
                self._meet(error, listed, kind)

    def _meet(self, error: Any, rows: list[Any], kind: str) -> None:
        """Let the record that was refused be one that is there already."""
        found = re.fullmatch(r"/data(?:/(\d+))?(?:/attributes/(\w+))?", _pointer(error))
        row = rows[int(found[1] or 0) if found else 0]
        if found and found[2]:
            row["attributes"][found[2]] = self.word(kind, found[2])
        else:
            known = self.send("GET", kind, (("filter[priceList]", "1"),))["data"][0]
            row["attributes"] = {**row["attributes"], **_said(row, known, "attributes")}
            row["relationships"] = known["relationships"]


def _token(world: World) -> str:
    secret = {"client_id": "sandbox-client", "client_secret": "sandbox-secret"}
    body = _bytes({"grant_type": "client_credentials", **secret})
    headers = (("Content-Type", "application/json"),)
    answer = world.oro.handle(HttpRequest("POST", "/oauth2-token", headers=headers, body=body))
    return str(json.loads(answer.body)["access_token"])


def _with_kit(recorded: Any, sent: Any, kit: str) -> Any:
    """Lead to the kit where the recorded request did."""
    if isinstance(recorded, list):
        return [_with_kit(one, other, kit) for one, other in zip(recorded, sent, strict=True)]
    if not isinstance(recorded, dict):
        return sent
    new = {key: _with_kit(value, sent[key], kit) for key, value in recorded.items() if key in sent}
    if recorded.get("type") == "products" and recorded.get("id") == KIT:
        new["id"] = kit
    return new


def begun_by(recording: Recording, all_of_them: Mapping[str, Recording]) -> Recording | None:
    """Return the batch that began the operation that a recording looks at; None where unknown."""
    if recording.resource != "asyncoperations" or recording.status in (403, 404):
        return None
    names = [name for start, name in BEFORE.items() if recording.name.startswith(start)]
    return all_of_them.get(names[0] if names else _AFTER.sub("", recording.name))


def _pointer(error: Any) -> str:
    return str((error.get("source") or {}).get("pointer") or "")


def _said(row: Any, known: Any, part: str) -> dict[str, Any]:
    return {name: known[part][name] for name in row[part] if name in known[part]}


def _errors_of(tree: Any) -> list[Any]:
    return tree.get("errors", []) if isinstance(tree, dict) else []


def _about_tokens(recording: Recording, headers: list[tuple[str, str]]) -> HttpRequest:
    """Ask for a token with the sandbox's own secret where the recorded one was right."""
    sent = recording.sent
    text = sent if isinstance(sent, str) else json.dumps(sent) if sent is not None else ""
    if recording.status == 200 and isinstance(sent, dict):
        text = json.dumps({**sent, "client_id": "sandbox-client", "client_secret": SECRET})
    elif recording.status != 401:
        text = text.replace("<client-secret>", SECRET).replace(CLIENT, "sandbox-client")
    given = dict(recording.request_headers).get("Authorization")
    if given:
        basic = base64.b64encode(f"sandbox-client:{SECRET}".encode()).decode()
        headers = [*headers, ("Authorization", f"Basic {basic}")]
    path, query = recording.path, recording.query
    return HttpRequest(recording.method, path, query, tuple(headers), text.encode())


def _sell(relations: Any, asking: Asking) -> None:
    """Bring the unit that recorded products are sold in to one that the product has."""
    product = (relations.get("product") or {}).get("data")
    for name in ("unit", "productUnit"):
        unit = (relations.get(name) or {}).get("data")
        if product and unit and unit["id"] in SOLD_IN:
            unit["id"] = asking.unit_of(product["id"]) or unit["id"]


def _bytes(tree: object) -> bytes:
    return json.dumps(tree, default=str).encode()


def _with_ids(tree: Any, asking: Asking, parts: list[str], *, done: bool) -> Any:
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
