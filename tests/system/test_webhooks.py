"""Webhooks over real HTTP: a hint runs the flow of its record soon, and polling finds the rest."""

from __future__ import annotations

import json
import queue
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from attrs import evolve
from tests.sync.test_sync_hints import webhook

from oro_prima.cli.asked import Asked
from oro_prima.cli.main import run
from oro_prima.cli.run.desk import Desk, serve_desks
from oro_prima.cli.run.health import serve_health
from oro_prima.cli.run.loop import Runner, Running
from oro_prima.cli.run.web import serve
from oro_prima.cli.tasks import run_task
from oro_prima.cli.webhook_check import check_webhooks
from oro_prima.config import Config
from oro_prima.config.webhooks import WebhookConfig
from oro_prima.errors import ConfigError
from oro_prima.mapping import Hint, SchedulePolicy, Task
from oro_prima.oro.calls.webhooks import create_webhook
from oro_prima.oro.models.webhooks import WebhookFields
from oro_prima.records import Flow
from oro_prima.sandbox import TradingDay, trading_day
from oro_prima.sandbox.oro import OrderLine
from oro_prima.sync import (
    hint_counts,
    keep_hints,
    kept_hints,
    last_runs,
    pause_flow,
    resume_flow,
)
from oro_prima.values import Secret
from oro_prima.wiring import connect

Output = pytest.CaptureFixture[str]
SECRET = Secret("made-up")
NOT_OFFERED = "not offered; mark its entity Webhook Accessible in the back office"
NEVER = timedelta(0)
QUIET = SchedulePolicy(
    orders=timedelta(days=9), stock=NEVER, fulfilment=NEVER, customers=NEVER, prices=NEVER,
    invoices=NEVER, products=NEVER, small_stock=NEVER, drain=timedelta(seconds=60),
)  # fmt: skip
HOOKS = WebhookConfig("127.0.0.1:0", SECRET, tries=3, again=timedelta(milliseconds=50))


@pytest.fixture
def day() -> Iterator[TradingDay]:
    with trading_day(seed=3) as made:
        yield made


def config_of(day: TradingDay, hooks: WebhookConfig = HOOKS) -> Config:
    return evolve(day.config, webhooks=hooks, flows=evolve(day.config.flows, schedule=QUIET))


class Loop:
    """A loop in a thread, and what it says."""

    def __init__(self, runner: Runner, address: str, said: queue.Queue[dict[str, Any]]) -> None:
        self.runner, self.address, self._said = runner, address, said

    def next(self) -> dict[str, Any]:
        return self._said.get(timeout=30)

    def quiet(self) -> bool:
        return self._said.empty()


@contextmanager
def looping(day: TradingDay, config: Config, **changes: Any) -> Generator[Loop, None, None]:
    """Run the loop; the first thing that it says is the flow's own run."""
    stop, said = threading.Event(), queue.Queue[dict[str, Any]]()
    with ExitStack() as stack:
        ports = stack.enter_context(connect(config, **changes))
        ports = evolve(ports, stopping=stop.is_set)
        runner = Runner(
            [Running("one", config, ports)], stop=stop, tell=lambda tree, _text: said.put(tree)
        )
        (address,) = stack.enter_context(serve_desks(runner.desks.values()))
        thread = threading.Thread(target=runner.run)
        thread.start()
        try:
            yield Loop(runner, address, said)
        finally:
            runner.end()
            thread.join(60)


def send(address: str, topic: str, key: str, **words: Any) -> int:
    """Send a signed webhook, and return the answer's status."""
    body, headers = webhook(topic, key, at=words.pop("at", datetime.now(UTC)), **words)
    return post(address, body, dict(headers))


def post(address: str, body: bytes, headers: dict[str, str]) -> int:
    try:
        with urlopen(Request(address, data=body, headers=headers)) as answer:
            return int(answer.status)
    except HTTPError as error:
        return error.code


def place(day: TradingDay) -> str:
    level = day.world.oro.levels()[0]
    line = OrderLine(level.sku, level.unit, Decimal(1), Decimal(1))
    return day.world.oro.place_order(day.world.seed.links[0][0], [line])


def taken(day: TradingDay, order: str) -> int:
    found = [o.accepted for o in day.world.prima.orders() if o.reference == f"ORO-{order}"]
    return sum(found)


def test_an_order_is_posted_as_soon_as_it_is_hinted(day: TradingDay) -> None:
    """The flow's own run would have come nine days later; the message twice is one look."""
    with looping(day, config_of(day)) as loop:
        assert loop.next()["task"] == "orders"
        order = place(day)
        codes = [send(loop.address, "order.created", order, message="m") for _ in range(2)]
        said = loop.next()
        counts = loop.runner.desks["one"].counts()
        _well, health = loop.runner.health()
    with connect(day.config) as ports:
        last = last_runs(ports.store)[Task.ORDERS]

    assert codes == [204, 204]
    assert said["summary"].endswith("1 posted (by webhook)")
    assert taken(day, order) == 1
    assert "(by webhook)" not in last.summary
    assert counts.counts["taken"] == 1
    assert health["webhooks"]["one"]["known already"] == 1  # type: ignore[index]


def test_what_is_not_ours_or_not_signed_runs_nothing(day: TradingDay, capsys: Output) -> None:
    """Each has the answer that the shop needs; 410 is never among them."""
    with looping(day, config_of(day)) as loop:
        loop.next()
        body, headers = webhook("order.created", "1", at=datetime.now(UTC))
        signed = dict(headers)
        old = datetime.now(UTC) - timedelta(hours=1)
        codes = {
            "no concern": send(loop.address, "brand.created", "1"),
            "another topic": send(loop.address, "order.shipped", "1"),
            "forged": post(loop.address, body + b" ", signed),
            "unsigned": post(loop.address, body, {}),
            "another secret": send(loop.address, "order.created", "1", secret=Secret("x")),
            "a copy": send(loop.address, "order.created", "1", at=old),
            "another path": send(loop.address + "x", "order.created", "1"),
            "too large": post(loop.address, b"", {"Content-Length": str(2**21)}),
        }
        with pytest.raises(HTTPError, match="404"):
            urlopen(loop.address)
        length = raw(loop.address, b"POST /webhooks/one HTTP/1.1\r\nHost: x\r\n\r\n")
        assert loop.quiet()
        counts = loop.runner.desks["one"].counts().counts

    assert codes == {
        "no concern": 204, "another topic": 204, "forged": 401, "unsigned": 401,
        "another secret": 401, "a copy": 401, "another path": 404, "too large": 413,
    }  # fmt: skip
    assert b" 411 " in length
    assert counts == {"no concern": 2, "refused": 4}
    assert capsys.readouterr().err == ""


def raw(address: str, request: bytes) -> bytes:
    """Send bytes as they are, and return what comes back."""
    host, _, port = address.removeprefix("http://").partition("/")[0].partition(":")
    with socket.create_connection((host, int(port)), timeout=30) as line:
        line.sendall(request)
        line.shutdown(socket.SHUT_WR)
        found = b""
        while part := line.recv(4096):
            found += part
    return found


def test_a_caller_that_hangs_up_leaves_no_traceback(capsys: Output) -> None:
    """In the middle of a body, or of the answer; a mistake of ours is a line."""
    answered = threading.Event()

    def health() -> tuple[bool, dict[str, object]]:
        answered.wait(10)
        return True, {"much": "x" * 10_000_000}

    def broken(_asked: object) -> Any:
        raise ValueError("made up: it holds a name")

    with serve_health("127.0.0.1:0", health) as place:
        host, _, port = place.partition(":")
        line = socket.create_connection((host, int(port)))
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        line.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
        line.close()
        answered.set()
        with urlopen(f"http://{place}/health") as answer:
            assert answer.status == 200
    assert capsys.readouterr().err == ""
    with serve("127.0.0.1:0", broken, named="x", cap=9) as place:
        assert raw(f"http://{place}/", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n") == b""
    assert capsys.readouterr().err == "a request could not be answered: ValueError\n"


def test_many_hints_of_one_record_are_one_look(day: TradingDay) -> None:
    """Those that come while it is looked at, too; never two runs of a flow at a time."""
    inside, go_on = threading.Event(), threading.Event()
    first = place(day)

    def step(name: str) -> None:
        if name == "before-claim" and not go_on.is_set():
            inside.set()
            go_on.wait(30)

    with looping(day, config_of(day), step=step) as loop:
        inside.wait(30)
        order = place(day)
        codes = [send(loop.address, "order.updated", order, message=f"m{n}") for n in range(5)]
        assert loop.quiet()
        go_on.set()
        own, hinted = loop.next(), loop.next()
        send(loop.address, "order.updated", order, message="later")
        again = loop.next()
        counts = loop.runner.desks["one"].counts().counts

    assert codes == [204] * 5
    assert "(by webhook)" not in own["summary"]
    assert hinted["summary"].startswith("orders: 1 read")
    assert again["summary"].startswith("orders: 1 read, 0 posted")
    assert counts == {"taken": 2, "known already": 4, "looked at": 2, "left to the flow": 0}
    assert (taken(day, first), taken(day, order)) == (1, 1)


def test_an_order_that_is_not_there_yet_is_looked_at_again(day: TradingDay) -> None:
    """So often, then it is left to the flow; when it comes, that flow finds it."""
    with looping(day, config_of(day)) as loop:
        loop.next()
        coming = str(max(int(view.id) for view in day.world.oro.orders()) + 1)
        assert send(loop.address, "order.created", coming) == 204
        looks = [loop.next()["summary"] for _ in range(3)]
        desk = loop.runner.desks["one"]
        assert send(loop.address, "order.created", coming, message="again") == 204
        loop.next()
        order = place(day)
        posted = [loop.next()["summary"] for _ in range(1)]
        while "1 posted" not in posted[-1] and not loop.quiet():
            posted.append(loop.next()["summary"])
    counts = desk.counts().counts
    with connect(day.config) as ports:
        run_task(Asked(Task.ORDERS), day.config, ports)

    assert order == coming
    assert all(f"not there: {coming}" in summary for summary in looks)
    assert counts["left to the flow"] >= 1
    assert taken(day, order) == 1


def test_a_young_order_is_posted_once_it_is_old_enough(day: TradingDay) -> None:
    """By its hint, long before the flow's own run."""
    config = config_of(day)
    config = evolve(config, orders=evolve(config.orders, post_after=timedelta(seconds=1)))
    with looping(day, config) as loop:
        loop.next()
        order = place(day)
        assert send(loop.address, "order.created", order) == 204
        summaries = [loop.next()["summary"]]
        while "1 posted" not in summaries[-1]:
            summaries.append(loop.next()["summary"])

    assert len(summaries) <= 3
    assert taken(day, order) == 1


def test_what_there_is_no_room_for_is_sent_again(day: TradingDay) -> None:
    """The shop is asked to; the flow's own run finds it all the same."""
    desk = Desk(
        "one",
        config_of(day, evolve(HOOKS, most=1)),
        clock=lambda: datetime.now(UTC),
        wake=lambda: None,
    )
    one, two = place(day), place(day)
    with serve_desks([desk]) as (address,):
        codes = [send(address, "order.created", o, message=o) for o in (one, two, two, one)]
        desk.close()
        late = send(address, "order.created", "3", message="late")
    counts = desk.counts()
    with connect(day.config) as ports:
        run_task(Asked(Task.ORDERS), day.config, ports)

    assert codes == [204, 503, 503, 204]
    assert late == 503
    assert (counts.waiting, counts.counts["turned away"]) == (1, 3)
    assert (taken(day, one), taken(day, two)) == (1, 1)


def test_hints_of_a_paused_flow_are_left_to_its_own_run(day: TradingDay) -> None:
    """Nothing is posted until it is resumed."""
    config = config_of(day)
    with connect(config) as ports:
        pause_flow(ports.store, flow=Flow.ORDERS, by="Kim", at=ports.clock())
        with looping(day, config) as loop:
            order = place(day)
            assert send(loop.address, "order.created", order) == 204
            desk = loop.runner.desks["one"]
            while not desk.counts().counts.get("left to the flow"):
                threading.Event().wait(0.01)
            assert loop.quiet()
        assert taken(day, order) == 0
        assert hint_counts(ports.store) == desk.counts()
        resume_flow(ports.store, flow=Flow.ORDERS, by="Kim", at=ports.clock())
        run_task(Asked(Task.ORDERS), config, ports)
    assert taken(day, order) == 1


def test_hints_that_wait_at_the_end_are_looked_at_by_the_next_process(day: TradingDay) -> None:
    """And what could not be looked at, because a system is down, is looked at again."""
    config = config_of(day, evolve(HOOKS, again=timedelta(days=1)))
    with looping(day, config) as loop:
        loop.next()
        order = place(day)
        day.world.faults.add("oro", "list_orders", "unavailable", times=99)
        assert send(loop.address, "order.created", order) == 204
        assert not loop.next()["ok"]
    day.world.faults.clear()
    assert taken(day, order) == 0
    with connect(config) as ports:
        assert kept_hints(ports.store, at=ports.clock()) == (Hint(Flow.ORDERS, order),)
        keep_hints(ports.store, [Hint(Flow.ORDERS, order)], at=ports.clock())
    with looping(day, config) as loop:
        assert "(by webhook)" in loop.next()["summary"]
    assert taken(day, order) == 1


def test_a_run_elsewhere_is_waited_for(day: TradingDay) -> None:
    """Its lease keeps the look away; the hint waits."""
    config = config_of(day)
    with connect(config) as ports, looping(day, config) as loop:
        loop.next()
        order = place(day)
        lease = ports.store.acquire(Flow.ORDERS, "elsewhere", last=timedelta(minutes=5))
        assert send(loop.address, "order.created", order) == 204
        refused = loop.next()
        ports.store.release(lease)
        found = loop.next()

    assert not refused["ok"]
    assert "(by webhook)" in found["summary"]
    assert taken(day, order) == 1


@pytest.mark.parametrize(
    ("listen", "secret", "fault"),
    [
        ("nowhere", SECRET, "webhooks.listen: expected HOST:PORT"),
        ("127.0.0.1:99999", SECRET, "webhooks.listen: expected HOST:PORT"),
        ("127.0.0.1:0", None, "webhooks.secret: required"),
    ],
)
def test_a_place_without_a_secret_is_refused(
    listen: str, secret: Secret | None, fault: str
) -> None:
    """Nothing is taken that nobody signed."""
    with pytest.raises(ConfigError, match=fault):
        WebhookConfig(listen, secret)


def test_a_process_takes_webhooks_and_ends_in_order(day: TradingDay, capsys: Output) -> None:
    """The secret from a file; what came in stands in `status`."""
    path = day.directory / "oro-prima.toml"
    (day.directory / "hook-secret").write_text("made-up\n", "utf-8")
    path.write_text(
        path.read_text("utf-8")
        + '\n[webhooks]\nlisten = "127.0.0.1:0"\nsecret = { file = "hook-secret" }\n',
        "utf-8",
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "oro_prima", "--config", str(path), "--json", "run"],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    address = json.loads(process.stdout.readline())["webhooks"]
    while json.loads(process.stdout.readline()).get("task") != "orders":
        pass
    order = place(day)
    code = send(address, "order.created", order)
    while "(by webhook)" not in json.loads(process.stdout.readline()).get("summary", ""):
        pass
    process.send_signal(signal.SIGTERM)
    process.stdout.read()
    process.stdout.close()
    ended = process.wait(60)
    assert run(["--config", str(path), "status"]) == 0
    text = capsys.readouterr().out
    assert run(["--config", str(path), "--json", "status"]) == 0
    tree = json.loads(capsys.readouterr().out)

    assert (code, ended) == (204, 0)
    assert taken(day, order) == 1
    assert address.endswith("/webhooks/oro-prima")
    assert "webhooks: 0 waiting" in text
    assert tree["webhooks"]["taken"] == 1


def test_the_doctor_says_which_topics_the_shop_tells(capsys: Output) -> None:
    """Nothing where nothing listens; else what an administrator has still to do."""
    with trading_day(seed=3) as old, connect(old.config) as ports:
        unused = check_webhooks(ports, WebhookConfig())
        none = check_webhooks(ports, HOOKS)
        old.world.faults.add("oro", "*", "unavailable", times=99)
        down, well = check_webhooks(ports, HOOKS)
    with trading_day(seed=3, oro_version="6.1.10") as day, connect(day.config) as ports:
        closed = check_webhooks(ports, HOOKS)
        db = day.world.oro._shop.db
        for topic in ("order.created", "order.updated", "customer.created"):
            db.add("webhooktopics", key=topic)
        db.add("webhookformats", key="thin")
        fields: WebhookFields = {
            "notification_url": "https://hooks.example/oro", "topic": "order.created",
            "format": "thin", "secret": "made-up", "enabled": True,
        }  # fmt: skip
        ports.shop.send(create_webhook(fields))
        ports.shop.send(create_webhook({**fields, "topic": "order.updated", "enabled": False}))
        told = check_webhooks(ports, HOOKS)
        path = day.directory / "oro-prima.toml"
        assert run(["--config", str(path), "doctor"]) == 0

    assert unused == (["  not taken: webhooks.listen is empty"], True)
    assert none == (
        ["  this server sends none (6.1.10 and 7.0.2 do); polling finds all the same"],
        False,
    )
    assert (len(down), well) == (1, False)
    assert not closed[1]
    assert {line.partition(": ")[2] for line in closed[0]} == {NOT_OFFERED}
    assert told == (
        [
            "  order.created: told to https://hooks.example/oro",
            "  order.updated: its webhook is disabled",
            "  customer.created: offered; no webhook is made for it",
            f"  customer.updated: {NOT_OFFERED}",
        ],
        True,
    )
    assert "Webhooks" in capsys.readouterr().out
