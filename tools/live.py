"""
Ask a server of your own whether it does what we say servers do.

Reads `ORO_URL`, `ORO_CLIENT_ID`, `ORO_CLIENT_SECRET` (and `ORO_API_PATH`) from the environment.
It only reads; with `--write` it makes a customer of its own, changes it and deletes it.
Prints one line a fact, and returns 1 where one differs.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from oro_prima.call import Sender, each
from oro_prima.errors import CallError, RejectedError
from oro_prima.http.shop import open_oro
from oro_prima.ids import OroCustomerId
from oro_prima.oro.calls.checks import Access, check_permissions
from oro_prima.oro.calls.customers import (
    create_customer,
    delete_customer,
    get_customer,
    list_customers,
    update_customer,
)
from oro_prima.oro.calls.features import probe_features, probe_more
from oro_prima.oro.calls.jsonapi import Answer, ApiCall
from oro_prima.oro.calls.products import list_products
from oro_prima.oro.calls.records import Question, ask_records
from oro_prima.oro.config import OroConfig
from oro_prima.oro.models.customers import CUSTOMERS
from oro_prima.oro.models.features import render_features
from oro_prima.oro.models.products import PRODUCTS
from oro_prima.values import Secret

NAME = "oro-prima live check, to be deleted"
Fact = tuple[str, str]
"""What we say, and how the server differs; empty where it does not."""


def facts(shop: Sender, *, write: bool) -> Iterator[Fact]:
    """Go through what can be looked at."""
    checks: list[Callable[[Sender], str]] = [
        _products, _last_page, _unknown, _absent, _comma, _reversed, _both_ends, _head, _sparse,
        _enumeration, _media,
    ]  # fmt: skip
    for check in checks:
        yield (check.__doc__ or "").strip().rstrip("."), _told(check, shop)
    if write:
        yield "a customer is made, changed, read and deleted", _told(_customer, shop)


def _told(check: Callable[[Sender], str], shop: Sender) -> str:
    try:
        return check(shop)
    except CallError as error:
        return str(error)


def _products(shop: Sender) -> str:
    """A list of products shows no next page although there are more."""
    call = _raw("products", (("page[size]", "1"),))
    if len(shop.send(list_products(size=2)).items) < 2:
        return "fewer than two products: nothing to see"
    return "it shows one: the server is newer than ours" if shop.send(call).has_next else ""


def _last_page(shop: Sender) -> str:
    """A page beyond the last is empty and no error."""
    question = Question({}, size=10, number=100_000)
    return "" if not shop.send(ask_records(CUSTOMERS, question)).items else "it has rows"


def _unknown(shop: Sender) -> str:
    """An unknown filter is refused with 400."""
    try:
        shop.send(_raw("customers", (("filter[noSuchField]", "1"),)))
    except RejectedError as error:
        return "" if error.status == 400 else f"status {error.status}"
    return "it is taken"


def _absent(shop: Sender) -> str:
    """A record that is not there is refused with 404."""
    try:
        shop.send(get_customer(OroCustomerId("2147483647")))
    except RejectedError as error:
        return "" if error.status == 404 else f"status {error.status}"
    return "it is there"


def _comma(shop: Sender) -> str:
    """A comma in a filter parts two values."""
    ids = [one.id for one in shop.send(list_customers(size=2)).items]
    found = shop.send(_raw("customers", (("filter[id]", ",".join(ids)),))) if ids else None
    return "" if found is None or len(found.trees) == len(ids) else "it does not"


def _reversed(shop: Sender) -> str:
    """A reversed range finds nothing and is no error."""
    found = shop.send(_raw("customers", (("filter[id]", "2..1"),)))
    return "" if not found.trees else "it has rows"


def _both_ends(shop: Sender) -> str:
    """A range has both its ends."""
    ids = [int(one.id) for one in shop.send(list_customers(size=2)).items]
    if len(ids) < 2:
        return "fewer than two customers: nothing to see"
    asked = (("filter[id]", f"{ids[0]}..{ids[1]}"), ("sort", "id"))
    found = [tree["id"] for tree in shop.send(_raw("customers", asked)).trees]
    return "" if found == [str(key) for key in ids] else "it has not"


def _head(shop: Sender) -> str:
    """There is no HEAD."""
    call = ApiCall("live", "customers", "customers/0", lambda answer: answer, method="HEAD")
    try:
        shop.send(call)
    except RejectedError as error:
        return "" if error.status == 405 else f"status {error.status}"
    return "it is taken"


def _sparse(shop: Sender) -> str:
    """A member that the server lacks is ignored among the fields."""
    asked = (("fields[customers]", "name,noSuchField"), ("page[size]", "1"))
    try:
        shop.send(_raw("customers", asked))
    except RejectedError as error:
        return f"status {error.status}: name the members of your version in `fields`"
    return ""


def _enumeration(shop: Sender) -> str:
    """A filter on an enumeration that the fields leave out finds as much as one they name."""
    product = next(iter(each(shop, list_products(size=1))), None)
    if product is None or product.inventory_status is None:
        return "no product: nothing to see"
    status = product.inventory_status
    asked = (("filter[inventory_status]", status), ("page[size]", "5"))
    named = shop.send(_raw("products", (*asked, PRODUCTS.kind.sparse())))
    left_out = shop.send(_raw("products", (*asked, ("fields[products]", "sku"))))
    same = len(named.trees) == len(left_out.trees)
    return "" if same else "it does not: as 6.1 does; the typed calls always name it"


def _media(shop: Sender) -> str:
    """Answers say when they were given."""
    answer = shop.send(_raw("customers", (("page[size]", "1"),)))
    return "" if isinstance(answer.server_now, datetime) else "no Date: a proxy takes it away"


def _customer(shop: Sender) -> str:
    made = shop.send(create_customer({"name": NAME}))
    try:
        shop.send(update_customer(made.id, fields={"name": f"{NAME} soon"}))
        read = shop.send(get_customer(made.id))
        found = list(each(shop, list_customers(where={"id": (made.id,)})))
    finally:
        shop.send(delete_customer(made.id))
    return "" if [read] == found and read.name == f"{NAME} soon" else "another record was read"


def _raw(kind: str, query: tuple[tuple[str, str], ...]) -> ApiCall[Answer]:
    return ApiCall(name="live", resource=kind, path=kind, query=query, read=lambda answer: answer)


def report(shop: Sender, *, write: bool) -> Iterator[tuple[bool, str]]:
    """Say what the server can do, what may not be read, and which facts hold."""
    features = probe_more(shop, probe_features(shop))
    for name, value in render_features(features).items():
        yield True, f"feature {name}: {value}"
    for one in check_permissions(shop):
        yield one.access is not Access.FORBIDDEN, f"{one.kind}: {one.access.value}"
    for said, differs in facts(shop, write=write):
        yield not differs, f"{said}: {differs or 'yes'}"


def configured(environment: Mapping[str, str]) -> OroConfig:
    """Return where the server is; `KeyError` names what the environment lacks."""
    return OroConfig(
        url=environment["ORO_URL"],
        client_id=environment["ORO_CLIENT_ID"],
        client_secret=Secret(environment["ORO_CLIENT_SECRET"]),
        api_path=environment.get("ORO_API_PATH", "/admin/api"),
    )


def main(arguments: list[str], environment: Mapping[str, str]) -> int:
    """Print the report; return 1 where something differs."""
    differing = 0
    with open_oro(configured(environment)) as shop:
        for fine, line in report(shop, write="--write" in arguments):
            differing += not fine
            sys.stdout.write(f"{'  ' if fine else '! '}{line}\n")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
