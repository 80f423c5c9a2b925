"""The command line against both systems over real HTTP, as an operator uses it."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Literal

import pytest

from oro_prima.cli.main import run
from oro_prima.converters import encode_json
from oro_prima.oro.calls.resources import write_document
from oro_prima.oro.models.rendering import render_orders
from oro_prima.records import Watermark
from oro_prima.sandbox import ControlClient, TradingDay, trading_day
from oro_prima.values import local_date
from oro_prima.wiring import open_store

Output = pytest.CaptureFixture[str]


@pytest.fixture
def day() -> Iterator[TradingDay]:
    with trading_day(seed=3) as made:
        yield made


def command(day: TradingDay, *arguments: str) -> int:
    return run(["--config", str(day.directory / "oro-prima.toml"), *arguments])


def answer(day: TradingDay, capsys: Output, *arguments: str, code: int = 0) -> Any:
    capsys.readouterr()
    assert code == command(day, "--json", *arguments)
    return json.loads(capsys.readouterr().out)


def test_a_day_of_an_operator(day: TradingDay, capsys: Output) -> None:
    """Preview, post, look at what is held, mend one, retry it alone, tie the books."""
    shown = answer(day, capsys, "preview", "orders")
    first = answer(day, capsys, "sync", "orders", code=1)
    held = answer(day, capsys, "held")
    customer = next(o.customer for o in day.world.oro.orders() if o.id == unlinked(day))
    links = day.directory / "more.csv"
    links.write_text(f"customer,account,deliv_addr_no\n{customer},TRADE0001,1\n", encoding="utf-8")

    assert len(shown["orders"]) == len(day.world.oro.orders())
    assert len(held) == len(first["held"])
    assert command(day, "link", "import", str(links), "--by", "Kim") == 0
    assert command(day, "retry", unlinked(day), "--by", "Kim") == 0
    second = answer(day, capsys, "sync", "orders")
    assert [unlinked(day)] == second["posted"]
    assert answer(day, capsys, "reconcile")["ties"]
    assert answer(day, capsys, "status")["homes"]["posted"] == len(first["posted"]) + 1
    for verb in (["held"], ["status"], ["link", "list"], ["preview", "orders"], ["reconcile"]):
        assert command(day, *verb) == 0
    assert command(day, "dismiss", held[1]["id"], "--by", "Kim", "--note", "by hand") == 0


def unlinked(day: TradingDay) -> str:
    return day.world.seed.special["unlinked_customer"]


def test_an_order_tells_its_story(day: TradingDay, capsys: Output) -> None:
    """By any of its references; as text, JSON and a page."""
    posted = answer(day, capsys, "sync", "orders", code=1)["posted"][0]
    story = answer(day, capsys, "order", posted)
    page = day.directory / "order.html"

    assert "Prima says: Entered" in story["now"]
    assert answer(day, capsys, "order", story["numbers"][0], "--no-ask")["order"] == posted
    assert command(day, "order", unlinked(day), "--html", str(page)) == 0
    assert "sales operations: " in capsys.readouterr().out
    why = page.read_text(encoding="utf-8").partition("How it was mapped")[2]
    assert "customer-not-linked" in why
    assert command(day, "order", "nothing-of-ours") == 3
    assert "nothing is known of nothing-of-ours" in capsys.readouterr().err


def test_fulfilment_is_previewed_and_written(day: TradingDay, capsys: Output) -> None:
    """What Prima says becomes the shop's status; a text that nobody mapped is one record."""
    posted = answer(day, capsys, "sync", "orders", code=1)["posted"][0]
    number = answer(day, capsys, "order", posted)["numbers"][0]
    ControlClient(day.places.control_url).set_status(number, "Despatched")
    shown = answer(day, capsys, "preview", "fulfilment")["orders"]
    assert command(day, "preview", "fulfilment") == 0
    assert f"{posted}: shipped" in capsys.readouterr().out
    done = answer(day, capsys, "sync", "fulfilment")

    assert [one["shipping_status"] for one in shown if one["order"] == posted] == ["shipped"]
    assert (done["statuses"], done["finished"]) == (1, 1)
    assert done["held"] == []
    assert command(day, "sync", "fulfilment") == 0
    assert "0 orders asked after" in capsys.readouterr().out


def test_a_report_is_shown_or_written(day: TradingDay, capsys: Output) -> None:
    """On the screen, as JSON, and in every form of a file."""
    answer(day, capsys, "sync", "orders", code=1)
    first = day.config.orders.start_at.date().isoformat()
    shown = answer(day, capsys, "report", "order-match", "--from", first, "--to", "2099-01-01")

    assert len(shown["rows"]) == len(day.world.oro.orders())
    for form in ("csv", "html", "json", "txt"):
        out = day.directory / f"unmatched.{form}"
        assert command(day, "report", "unmatched", "--from", first, "--out", str(out)) == 0
        assert out.stat().st_size > 50
    for name in (
        "exceptions",
        "vat",
        "order-to-invoice",
        "cut-off",
        "stock-drift",
        "price-drift",
        "coverage",
    ):
        assert command(day, "report", name) == 0
    assert command(day, "report", "cut-off", "--from", first, "--to", "2001-01-01") == 2
    assert "comes before --from" in capsys.readouterr().err


def test_a_period_is_frozen_and_verified(day: TradingDay, capsys: Output) -> None:
    """One command writes the pack, another proves it; an edit of a file shows."""
    answer(day, capsys, "sync", "orders", code=1)
    today = local_date(day.world.clock(), day.config.orders.zone).isoformat()
    out, again = day.directory / "books", day.directory / "again"
    days = ("--from", today, "--to", today, "--by", "Kim")
    assert command(day, "freeze", "--from", "2099-01-02", *days[2:], "--out", str(out)) == 2
    pack = answer(day, capsys, "freeze", *days, "--out", str(again))
    held = answer(day, capsys, "held")[0]["id"]
    command(day, "dismiss", held, "--by", "Kim", "--note", "by hand")

    assert (pack["ties"], pack["closed"]) == (True, False)
    capsys.readouterr()
    assert command(day, "freeze", *days, "--out", str(out)) == 0
    said = capsys.readouterr().out
    assert "begin with index.html" in said
    assert "adjustments since the pack before" in said
    assert command(day, "freeze", *days, "--out", str(out)) == 2
    assert answer(day, capsys, "verify", str(out))["holds"]
    assert command(day, "verify") == 0
    assert "nothing was edited" in capsys.readouterr().out
    (out / "vat.csv").write_text("changed", encoding="utf-8")
    assert answer(day, capsys, "verify", str(out), code=1)["faults"][0]["place"] == "vat.csv"
    assert command(day, "verify", str(out)) == 1
    assert "something was edited" in capsys.readouterr().out


def test_recorded_runs_are_replayed(day: TradingDay, capsys: Output) -> None:
    """By the same policy, and under another; an order that is forgotten is in no recording."""
    path = day.directory / "oro-prima.toml"
    assert command(day, "replay") == 2
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("[store]", '[store]\nrecordings = "recordings"'), encoding="utf-8")
    posted = answer(day, capsys, "sync", "orders", code=1)["posted"]
    other = day.directory / "other.toml"
    other.write_text(text.replace("[orders]", '[orders]\nchannel = "PHONE"'), encoding="utf-8")
    shown = answer(day, capsys, "replay", "--under", str(other))

    assert {one["outcome"] for one in shown["batches"]} == {"same"}
    assert {one["order"] for one in shown["under"]["differ"]} == set(posted)
    assert command(day, "replay") == 0
    assert "recorded batches: " in capsys.readouterr().out
    assert command(day, "replay", "--under", str(other)) == 0
    assert "field channel" in capsys.readouterr().out
    other.write_text("no toml", encoding="utf-8")
    assert command(day, "replay", "--under", str(other)) == 2
    assert answer(day, capsys, "forget", posted[0], "--by", "Kim")["erased"] > 1
    for one in (day.directory / "recordings").iterdir():
        one.write_bytes(b"changed")
    again = answer(day, capsys, "replay", code=int(any((day.directory / "recordings").iterdir())))
    assert "same" not in {one["outcome"] for one in again["batches"]}


def test_stock_is_previewed_and_written(day: TradingDay, capsys: Output) -> None:
    """The second run has nothing to do; the doctor finds nothing."""
    command(day, "sync", "orders")
    ControlClient(day.places.control_url).advance(3)
    shown = answer(day, capsys, "preview", "stock")
    first = answer(day, capsys, "sync", "stock", code=1)
    second = answer(day, capsys, "sync", "stock")
    small = answer(day, capsys, "sync", "stock", "--small")

    assert len(shown["levels"]) == first["levels_changed"] > 0
    assert second["levels_changed"] == small["levels_changed"] == 0
    assert 0 < small["skus_read"] < second["skus_read"]
    assert command(day, "sync", "orders", "--small") == 2
    assert "--small is of stock alone" in capsys.readouterr().err
    assert command(day, "preview", "stock") == 0
    assert command(day, "sync", "stock") == 0
    assert command(day, "doctor") == 0
    said = capsys.readouterr().out
    for words in ("answers enquiries", "file is sound", "journal is unbroken", "enforces"):
        assert words in said
    assert "order numbers: 0 % of the range used" in said
    assert "despatch: by request XDespatch" in said


def test_the_doctor_says_how_capabilities_are_reached(day: TradingDay, capsys: Output) -> None:
    """By request, by files whose directory has to be there, or not, and what follows then."""
    config = day.config.store.path.with_name("oro-prima.toml")
    text = config.read_text(encoding="utf-8")
    begin, end = text.index("[prima.capabilities.price_book]"), text.index("[prima.capabilities.in")
    filed = (
        '[prima.capabilities.product]\nvia = "file"\ndirectory = "nowhere"\n'
        'fields = { product = "P", description = "D", unit = "U", vat_code = "V", barcode = "B" }\n'
    )
    config.write_text(text[:begin] + filed + text[end:], encoding="utf-8")
    found = answer(day, capsys, "doctor", code=1)["capabilities"]

    assert "  account: by request XCustomer" in found
    assert "  product: by files *.csv: the directory is not there" in found
    assert any("price_book: unbound: the shop's prices stay" in line for line in found)
    (config.parent / "nowhere").mkdir()
    assert command(day, "doctor") == 0


def test_the_doctor_shows_what_is_yours(day: TradingDay, capsys: Output) -> None:
    """What the configuration says for the shop: its features, and its system's stock settings."""
    path = day.directory / "oro-prima.toml"
    yours = (
        "[oro]\nfeatures = { webhooks = true, to_many_cap = 500 }\n"
        "inventory_defaults = { manage_inventory = true, decrement_quantity = true,"
        " back_order = false }\n"
    )
    before = answer(day, capsys, "doctor")["oro"]
    path.write_text(path.read_text().replace("[oro]\n", yours), encoding="utf-8")
    found = answer(day, capsys, "doctor")["oro"]

    assert not any("(yours)" in line for line in before)
    assert any(line.strip() == "yes sends webhooks (yours)" for line in found)
    assert any("cuts long relationships at 500 (yours)" in line for line in found)
    assert any("by product, category and system" in line for line in found)
    assert not any("set oro.inventory_defaults" in line for line in found)


def test_the_doctor_warns_before_the_numbers_run_out(day: TradingDay, capsys: Output) -> None:
    """At four fifths of the range; and a changed journal never passes."""
    answer(day, capsys, "sync", "orders", code=1)
    with closing(open_store(day.config)) as store, store.transaction() as tx:
        tx.put_watermark(Watermark(8_500_000))
    found = answer(day, capsys, "doctor", code=1)
    assert any("choose a wider range" in line for line in found["store"])
    with closing(sqlite3.connect(day.config.store.path)) as edit:
        edit.execute("DROP TRIGGER journal_is_not_changed")
        edit.execute("UPDATE journal SET body = body || ' ' WHERE seq = 2")
        edit.commit()
    found = answer(day, capsys, "doctor", code=1)
    assert any("changed at line 2" in line for line in found["store"])


def test_a_doubt_is_listed_and_decided(day: TradingDay, capsys: Output) -> None:
    """One that Prima has, one that it does not."""
    control = ControlClient(day.places.control_url)
    control.fault("prima", "MultiNewOrder", "reset-before-commit", after=1)
    control.fault("prima", "MultiNewOrder", "reset-before-commit", after=3)
    control.fault("prima", "OrderStatus", "slow", times=1)
    command(day, "sync", "orders")
    doubts = answer(day, capsys, "doubt", "list")

    assert len(doubts) == 2
    assert command(day, "doubt", "list") == 0
    assert command(day, "dismiss", doubts[0]["order"], "--by", "Kim", "--note", "x") == 3
    assert command(day, "doubt", "send", doubts[0]["order"], "--by", "Kim") == 0
    number = doubts[1]["number"]
    assert command(day, "doubt", "has", doubts[1]["order"], number, "--by", "Kim") == 0
    done = answer(day, capsys, "sync", "orders")
    assert [doubts[0]["order"]] == done["recovered"]
    assert answer(day, capsys, "doubt", "list") == []
    assert control.requests()["prima"]


def test_tables_are_corrected_and_what_waited_goes_through(day: TradingDay, capsys: Output) -> None:
    """A unit into its file, a link into the store; grouped by cause, the best fix first."""
    answer(day, capsys, "sync", "orders", code=1)
    found = answer(day, capsys, "held", "--by-cause")
    assert command(day, "held", "--by-cause") == 0
    units = next(cause for cause in found if cause["code"] == "unknown-unit")
    _, sku, unit = units["cause"].split("/")
    product = day.world.seed.units[0][2][0]
    codes = ",".join(product[1:5])
    subject = units["closes"][0].removeprefix("orders/")
    arguments = [sku, unit, product[0], "--codes", codes, "--by", "Kim"]
    assert len(answer(day, capsys, "fix", "unit", *arguments)) == 1
    assert command(day, "fix", "unit", *arguments) == 2
    assert subject in answer(day, capsys, "sync", "orders")["posted"]

    links = next(cause for cause in found if cause["code"] == "customer-not-linked")
    customer = links["cause"].partition("/")[2]
    more = [customer, "TRADE0001", "--deliv-addr-no", "1", "--by", "Kim"]
    assert len(answer(day, capsys, "fix", "link", *more)) == 1
    with closing(open_store(day.config)) as store:
        (line,) = store.journal(subject=units["cause"])
    assert (line.what, line.by) == ("unit added", "Kim")
    assert unlinked(day) in answer(day, capsys, "sync", "orders")["posted"]
    assert answer(day, capsys, "forget", subject, "--by", "Kim") == {"erased": 1}


def test_orders_that_prima_has_are_adopted_from_a_list(day: TradingDay, capsys: Output) -> None:
    """They are never sent; a list at fault is refused whole, with its lines."""
    order = day.world.seed.special["four_decimals"]
    file = day.directory / "open.csv"
    file.write_text(f"order,number\n{order},12345\n", encoding="utf-8")
    assert answer(day, capsys, "adopt", str(file), "--by", "Kim") == {"adopted": 1}
    assert command(day, "adopt", str(file), "--by", "Kim") == 0
    assert "0 orders are adopted; 1 were before" in capsys.readouterr().out
    assert order not in answer(day, capsys, "sync", "orders", code=1)["posted"]

    file.write_text("order,number\nx,1\n", encoding="utf-8")
    assert command(day, "adopt", str(file), "--by", "Kim") == 2
    assert "open.csv line 2" in capsys.readouterr().err


def test_a_held_order_is_assigned_noted_dismissed_and_reopened(
    day: TradingDay, capsys: Output
) -> None:
    """All of it by name."""
    answer(day, capsys, "sync", "orders", code=1)
    order = unlinked(day)
    who = ["--by", "Kim", "--note", "because"]
    assert answer(day, capsys, "assign", order, "sales", *who)["assigned_to"] == "sales"
    assert answer(day, capsys, "note", order, *who)["note"] == "because"
    assert answer(day, capsys, "dismiss", order, *who)["state"] == "dismissed"
    assert answer(day, capsys, "reopen", order, *who)["retry"]


def test_an_order_is_mapped_from_a_file(day: TradingDay, capsys: Output) -> None:
    """As a run would map it; exit code 1 when it would be held; nothing is sent."""
    file = day.directory / "order.json"
    document: Any = write_document(render_orders([day.an_order]))
    document["data"] = document["data"][0]
    file.write_bytes(encode_json(document))
    mapped = answer(day, capsys, "map", "order", str(file))
    assert mapped["home"] == "posted"
    assert command(day, "map", "order", str(file), "--fields") == 0
    text = capsys.readouterr().out
    assert "would be posted as" in text
    assert "Data/AddrLine1" in text

    document["data"]["relationships"]["customer"]["data"]["id"] = "999999"
    file.write_bytes(encode_json(document))
    assert command(day, "map", "order", str(file)) == 1
    assert "customer-not-linked" in capsys.readouterr().out
    for text in ("{", "[]", "{}"):
        file.write_text(text, encoding="utf-8")
        assert command(day, "map", "order", str(file)) == 2


def test_an_order_is_reposted_under_the_next_number(day: TradingDay, capsys: Output) -> None:
    """When a person says that it was cancelled in Prima."""
    order = answer(day, capsys, "sync", "orders", code=1)["posted"][0]
    entry = answer(day, capsys, "repost", order, "--by", "Kim", "--note", "cancelled in Prima")
    assert entry["number"].endswith("1")

    assert answer(day, capsys, "sync", "orders")["posted"] == [order]


@pytest.mark.parametrize(
    ("system", "operation", "fault", "expected"),
    [
        ("oro", "*", "maintenance", "maintenance mode"),
        ("oro", "*", "database-down", "database is down"),
        ("oro", "*", "bad-gateway", "proxy gets no answer"),
        ("oro", "list_orders", "truncate", "no complete answer"),
        ("prima", "MultiNewOrder", "fault-10921", "10921"),
        ("prima", "MultiNewOrder", "bad-gateway", "502"),
        ("prima", "MultiNewOrder", "hang", "no complete answer"),
    ],
)
def test_a_system_in_trouble_is_said_in_one_message(
    day: TradingDay, capsys: Output, system: str, operation: str, fault: str, expected: str
) -> None:
    """Exit code 3, no traceback, nothing lost: the next run goes on."""
    ControlClient(day.places.control_url).fault(system, operation, fault, times=9)
    capsys.readouterr()
    code = command(day, "sync", "orders")
    told = capsys.readouterr()

    assert code == 3
    assert expected in " ".join(told.out.split())
    assert "Traceback" not in told.out + told.err


def test_a_wrong_secret_and_a_switched_off_api(day: TradingDay, capsys: Output) -> None:
    """What to look at is said; the secret is not."""
    (day.directory / "oro-client-secret").write_text("wrong-one", encoding="utf-8")

    assert command(day, "sync", "orders") == 3
    assert command(day, "doctor") == 3
    told = capsys.readouterr()
    assert "client_secret is not accepted" in " ".join((told.out + told.err).split())
    assert "wrong-one" not in told.out + told.err
    day.world.oro.feature_enabled = False
    assert command(day, "sync", "stock") == 3


def test_a_refused_snapshot_is_accepted_by_a_person(day: TradingDay, capsys: Output) -> None:
    """Then, and only then, the next run goes through."""
    control = ControlClient(day.places.control_url)
    control.fault("prima", "ProductAvailableToSell", "partial-snapshot", times=2)

    assert command(day, "sync", "stock") == 3
    assert "snapshot was refused" in capsys.readouterr().out
    assert command(day, "stock", "accept-snapshot", "--by", "Kim") == 0
    assert command(day, "sync", "stock") in (0, 1)
    control.advance(1)


def test_a_sandbox_of_its_own_process(tmp_path: Path) -> None:
    """It announces itself in one line, works, and ends on SIGTERM."""
    words = ["sandbox", "--write-config", str(tmp_path / "try"), "--size", "5", "--json"]
    with subprocess.Popen(
        [sys.executable, "-m", "oro_prima", *words], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())

        assert {"oro", "prima", "control", "config"} == told.keys()
        assert (tmp_path / "try" / "oro-client-secret").stat().st_mode & 0o777 == 0o600
        assert run(["--config", told["config"], "--quiet", "sync", "orders"]) in (0, 1)
        assert ControlClient(told["control"]).state()["orders"]
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


@pytest.mark.parametrize("version", ["6.1", "5.1"])
def test_the_demo_keeps_every_promise(
    version: Literal["5.1", "6.1"], tmp_path: Path, capsys: Output
) -> None:
    """On both versions; its last line is what others rely on."""
    place = tmp_path / "demo"
    words = ["demo", "--size", "150", "--directory", str(place), "--oro-version", version]
    code = run([*words, "--json"])
    told = json.loads(capsys.readouterr().out.splitlines()[-1])

    assert code == 0
    homes = ("posted", "ignored", "waiting", "cancelled", "held", "in_doubt", "dismissed")
    assert told["orders"]["captured"] == sum(told["orders"][home] for home in homes)
    assert told["orders"]["duplicates_in_prima"] == 0
    assert told["stock"]["oversold"] == 0
    assert all(told["invariants"].values())
    assert told["equation"]["difference"] == {"orders": 0, "gross": {"GBP": "0.00"}}
    flows = told["flows"]
    assert list(flows) == ["customers", "prices", "products", "fulfilment", "invoices"]
    assert all(one["written_again"] == 0 for one in flows.values())
    written = {name for name, one in flows.items() if one["written"]}
    assert written == {"customers", "prices", "fulfilment", "invoices"}


def test_the_readme_of_a_module_run_without_its_extra(tmp_path: Path) -> None:
    """`python -m oro_prima` without click says how to get it."""
    code = (
        "import importlib.util as u, sys\n"
        "real = u.find_spec\n"
        "u.find_spec = lambda name, *a: None if name == 'click' else real(name, *a)\n"
        "sys.argv = ['oro-prima']\n"
        "import runpy; runpy.run_module('oro_prima', run_name='__main__')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=False
    )

    assert done.returncode == 2
    assert "pip install 'oro-prima[cli]'" in done.stderr
