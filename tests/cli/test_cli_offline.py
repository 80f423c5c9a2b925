"""Verbs that need no system: what they print, and with which exit code they end."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from oro_prima.cli.context import order_of, subject_of
from oro_prima.cli.main import run
from oro_prima.cli.tables import age_text
from oro_prima.config import load_config
from oro_prima.reasons import Reason, ReasonCode, explain_reason
from oro_prima.records import ExceptionRecord, Flow, RecordState
from oro_prima.wiring import open_store

MADE = """
[oro]
url = "http://127.0.0.1:9"
client_id = "client"
client_secret = { file = "secret" }
allow_http = true
connect_timeout = "1 s"
retries = 0
[prima]
url = "http://127.0.0.1:9/wsa/live"
allow_http = true
connect_timeout = "1 s"
read_timeout = "1 s"
retries = 0
[orders]
start_at = 2031-05-04T00:00:00Z
price_basis = "unit"
vat_inclusive = false
"""


@pytest.fixture
def config(tmp_path: Path) -> str:
    (tmp_path / "secret").write_text("hush-hush", encoding="utf-8")
    path = tmp_path / "oro-prima.toml"
    path.write_text(MADE, encoding="utf-8")
    return str(path)


def test_help_names_every_verb(capsys: pytest.CaptureFixture[str]) -> None:
    """And the exit codes."""
    assert run(["--help"]) == 0
    text = capsys.readouterr().out

    verbs = (
        "init doctor go-live cut-over link preview sync status held retry dismiss doubt map stock"
    )
    assert [verb for verb in f"{verbs} reconcile sandbox demo".split() if verb not in text] == []
    assert "Exit codes" in text


@pytest.mark.parametrize("verb", ["init", "sync", "retry", "doubt", "reconcile", "demo", "sandbox"])
def test_every_help_has_a_sentence(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`--help` suffices."""
    assert run([verb, "--help"]) == 0
    assert len(capsys.readouterr().out) > 100


def test_init_writes_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A second time it refuses and changes nothing."""
    place = tmp_path / "shop"

    assert run(["init", str(place)]) == 0
    (place / "units.csv").write_text("mine", encoding="utf-8")
    assert run(["init", str(place)]) == 2
    assert (place / "units.csv").read_text(encoding="utf-8") == "mine"
    assert "already there" in capsys.readouterr().err


def test_a_fresh_configuration_names_what_is_required(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """All of it, at once, with exit code 2."""
    run(["init", str(tmp_path)])
    code = run(["--config", str(tmp_path / "oro-prima.toml"), "held"])
    told = capsys.readouterr().err

    assert code == 2
    for key in ("oro.url", "prima.url", "orders.price_basis", "orders.start_at"):
        assert f"{key}: required" in told


def test_without_configuration_it_says_how_to_get_one(capsys: pytest.CaptureFixture[str]) -> None:
    """Usage, not a traceback."""
    assert run(["status"]) == 2
    assert "oro-prima init" in capsys.readouterr().err


def test_go_live_prints_or_writes(
    config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With a configuration its values, without one the defaults."""
    assert run(["go-live"]) == 0
    assert "`orders.price_basis` is not set" in capsys.readouterr().out
    assert run(["--config", config, "go-live", "--output", str(tmp_path / "go-live.md")]) == 0
    assert "`orders.price_basis` is `unit`" in (tmp_path / "go-live.md").read_text(encoding="utf-8")


def test_cut_over_once(config: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The second is refused and says who did the first."""
    assert run(["--config", config, "cut-over", "--by", "Kim"]) == 0
    assert run(["--config", config, "cut-over", "--by", "Lee"]) == 3
    assert "by Kim" in capsys.readouterr().err


def test_an_act_of_a_person_needs_a_name(config: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`--by` is required."""
    assert run(["--config", config, "cut-over"]) == 2
    assert "--by" in capsys.readouterr().err


def test_links_are_imported_listed_and_revoked(
    config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A person's table goes into the store, not into the configuration."""
    file = tmp_path / "links.csv"
    file.write_text("customer,account,vat_inclusive\n3,TRADE1,no\n", encoding="utf-8")

    assert run(["--config", config, "link", "import", str(file), "--by", "Kim"]) == 0
    assert run(["--config", config, "link", "list"]) == 0
    assert "customer 3 -> account TRADE1  (Kim" in capsys.readouterr().out
    assert run(["--config", config, "--json", "link", "revoke", "3", "--by", "Kim"]) == 0
    assert json.loads(capsys.readouterr().out) == {"revoked": True}
    assert run(["--config", config, "link", "revoke", "3", "--by", "Kim"]) == 0
    assert run(["--config", config, "link", "list"]) == 0
    assert "No links." in capsys.readouterr().out


def test_global_options_may_stand_behind_the_verb(
    config: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """In groups as well; the one behind the verb counts."""
    assert run(["link", "list", "--config", config]) == 0
    assert "No links." in capsys.readouterr().out
    assert run(["--config", "nowhere.toml", "link", "list", "--config", config, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []
    assert run(["--config", config, "link", "list", "--quiet"]) == 0
    assert capsys.readouterr().out == ""
    assert run(["link", "list", "--json"]) == 2
    assert "no configuration" in capsys.readouterr().err


def test_links_are_proposed_with_their_evidence(
    config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """To choose from: nothing is linked, and a file with two choices is refused as it is."""
    shop, cards, output = (tmp_path / name for name in ("shop.csv", "cards.csv", "out.csv"))
    shop.write_text(
        "customer,name,code,vat_number,postcodes\n4,Bell & Co,bell01,,ZZ3 3ZZ;ZZ4 4ZZ\n"
        "5,Cole Ltd,,123456789,\n",
        encoding="utf-8",
    )
    cards.write_text(
        "account,name,vat_number,postcodes\nBELL01,BELL & CO.,,zz3 3zz\n"
        "COLE01,Cole,GB123456789,\nCOLE02,Cole,GB123456789,\n",
        encoding="utf-8",
    )
    verb = ["--config", config, "link", "propose", str(shop), str(cards)]

    assert run([*verb, "--output", str(output)]) == 0
    text = capsys.readouterr().out
    assert " 70  customer 4 -> account BELL01  code bell01, postcode and name" in text
    assert "; but also: account COLE02" in text
    assert run(["--config", config, "link", "import", str(output), "--by", "Kim"]) == 2
    assert "customer 5 stands twice" in capsys.readouterr().err
    chosen = output.read_text(encoding="utf-8").splitlines()[:3]
    output.write_text("\n".join(chosen), encoding="utf-8")
    assert run(["--config", config, "link", "import", str(output), "--by", "Kim"]) == 0
    assert run([*verb[:2], "--json", *verb[2:]]) == 0
    assert "No proposals" not in text
    shop.write_text("customer,name\nx,Bell\n", encoding="utf-8")
    cards.write_text("account,name\n,Bell\n", encoding="utf-8")
    capsys.readouterr()
    assert run(verb) == 2
    assert "shop.csv line 2: customer: expected the number" in capsys.readouterr().err
    shop.write_text("customer,name\n4,Bell\n", encoding="utf-8")
    assert run(verb) == 2
    assert "cards.csv line 2: account: expected a Prima account" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("x,TRADE1", "customer: expected the number"),
        ("3,", "expected a Prima account"),
        ("3,TRADE1\n3,TRADE2", "customer 3 stands twice"),
        ("3,TRADE1,maybe", "vat_inclusive: expected yes, no or nothing"),
    ],
)
def test_a_bad_link_is_named_with_its_line(
    config: str, tmp_path: Path, rows: str, expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing of the file is taken."""
    file = tmp_path / "links.csv"
    file.write_text(f"customer,account,vat_inclusive\n{rows}\n", encoding="utf-8")

    assert run(["--config", config, "link", "import", str(file), "--by", "Kim"]) == 2
    told = capsys.readouterr().err
    assert "links.csv line" in told
    assert expected in told


@pytest.mark.parametrize(
    ("arguments", "code", "expected"),
    [
        (["held"], 0, "Nothing is held."),
        (["doubt", "list"], 0, "Nothing is in doubt."),
        (["status"], 0, "in use: no"),
        (["retry", "1042", "--by", "Kim"], 3, "orders/1042 is not held"),
        (["retry", "--all", "--by", "Kim"], 0, "0 will be tried"),
        (["retry", "--reason", "unknown_unit", "--by", "Kim"], 0, "0 will be tried"),
        (["retry", "--reason", "bad-luck", "--by", "Kim"], 2, "no reason is called bad-luck"),
        (["retry", "--by", "Kim"], 2, "give one of ID"),
        (["dismiss", "1042", "--by", "Kim", "--note", "x"], 3, "is not held"),
        (["dismiss", "1042", "--by", "Kim"], 2, "say why with --note"),
        (["doubt", "has", "1042", "3001", "--by", "Kim"], 3, "is not in doubt"),
        (["doubt", "send", "1042", "--by", "Kim"], 3, "is not in doubt"),
        (["repost", "1042", "--by", "Kim"], 3, "is not posted"),
        (["assign", "1042", "stores", "--by", "Kim"], 3, "is not held"),
        (["note", "1042", "--by", "Kim", "--note", "x"], 3, "is not held"),
        (["note", "1042", "--by", "Kim"], 2, "give the note"),
        (["reopen", "1042", "--by", "Kim", "--note", "x"], 3, "is not dismissed"),
        (["forget", "1042", "--by", "Kim"], 3, "nothing is known"),
        (["held", "--by-cause"], 0, "Nothing is held."),
        (["held", "--state", "dismissed"], 0, "Nothing is dismissed."),
        (["held", "1042"], 3, "orders/1042 was never held"),
        (["retry", "--cause", "customers/7", "--by", "Kim"], 0, "0 will be tried"),
        (["retry", "--all", "--cause", "x", "--by", "Kim"], 2, "give one of ID"),
        (["fix", "charge", "flat_rate_2", "CARR", "--by", "Kim"], 0, "0 will be tried"),
        (["fix", "link", "seven", "A", "--by", "Kim"], 2, "number of an OroCommerce customer"),
        (["fix", "link", "7", "TRADE7", "--by", "Kim"], 0, "0 will be tried"),
        (["fix", "unit", "B", "each", "BOOT", "--by", "Kim"], 2, "units: the rows stand"),
        (["adopt", "nowhere.csv", "--by", "Kim"], 2, "does not exist"),
        (["stock", "accept-snapshot", "--by", "Kim"], 3, "no stock snapshot was refused"),
        (["sync", "weather"], 2, "weather"),
        (["sync", "orders"], 3, "no cut-over record"),
    ],
)
def test_acts_without_anything_to_act_on_say_so(
    config: str,
    arguments: list[str],
    code: int,
    expected: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """One clear message with the fix, and the exit code that scripts rely on."""
    assert code == run(["--config", config, *arguments])
    told = capsys.readouterr()
    assert expected in told.out + told.err


def test_quiet_prints_nothing(config: str, capsys: pytest.CaptureFixture[str]) -> None:
    """But errors."""
    assert run(["--config", config, "--quiet", "status"]) == 0
    assert not capsys.readouterr().out


def test_an_unexpected_bug_is_kept_in_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No traceback on the screen; the file is named."""
    (tmp_path / "oro-prima.toml").mkdir()
    code = run(["--config", str(tmp_path / "oro-prima.toml"), "held"])

    assert code == 2
    assert "cannot be read" in capsys.readouterr().err
    folder = tmp_path / "units.csv"
    folder.mkdir()
    assert run(["init", str(tmp_path / "units.csv" / "x" / ".." / "y")]) == 0


def test_the_demo_never_removes_what_is_no_demo(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder with something else in it is left alone."""
    (tmp_path / "thesis.txt").write_text("years", encoding="utf-8")

    assert run(["demo", "--directory", str(tmp_path)]) == 2
    assert "holds something that is no demo" in capsys.readouterr().err
    assert (tmp_path / "thesis.txt").exists()


def test_the_sandbox_refuses_a_size_that_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    """Before anything is started."""
    assert run(["sandbox", "--size", "huge"]) == 2
    assert "size: expected small, demo" in capsys.readouterr().err


def test_ages_and_ids_are_as_people_say_them() -> None:
    """Short forms both ways."""
    assert [
        age_text(timedelta(minutes=5)),
        age_text(timedelta(hours=3)),
        age_text(timedelta(days=4)),
    ] == ["5 min", "3 h", "4 days"]
    assert subject_of("7") == "orders/7"
    assert subject_of("stock/snapshot") == "stock/snapshot"
    assert order_of("orders/7") == "7"


def test_a_charge_is_added_to_the_configuration_and_never_twice(
    config: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Comments stay; what stands there already is not overwritten."""
    add = ["--config", config, "fix", "charge"]
    assert run([*add, "flat_rate_2", "CARR", "--by", "Kim"]) == 0
    assert run([*add, 'odd "one"', "SPEC", "--by", "Kim"]) == 0
    charges = load_config(Path(config)).tables.charges
    before = Path(config).read_text(encoding="utf-8")
    assert run([*add, "flat_rate_2", "OTHER", "--by", "Kim"]) == 2

    assert dict(charges) == {"flat_rate_2": "CARR", 'odd "one"': "SPEC"}
    assert "cannot be added" in capsys.readouterr().err
    assert before == Path(config).read_text(encoding="utf-8")


def test_a_backup_is_made_once_under_a_name(
    config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And is a store like any other."""
    target = tmp_path / "copy.db"
    assert run(["--config", config, "cut-over", "--by", "Kim"]) == 0
    assert run(["--config", config, "backup", str(target)]) == 0
    assert run(["--config", config, "backup", str(target)]) == 3

    assert target.stat().st_size > 0
    assert "exists" in capsys.readouterr().err


@pytest.fixture
def queue(config: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A store with one record that people worked with, and a terminal of 40 columns."""
    monkeypatch.setenv("COLUMNS", "40")
    store = open_store(load_config(Path(config)))
    at = datetime(2031, 5, 4, tzinfo=UTC)
    reason = Reason(ReasonCode.CUSTOMER_NOT_LINKED, "orders/1042", "no link", cause="customers/77")
    record = ExceptionRecord(
        Flow.ORDERS,
        "orders/1042",
        (reason,),
        RecordState.HELD,
        at,
        at,
        3,
        Decimal("1204.50"),
        "GBP",
    )
    with store.transaction() as tx:
        tx.put_exception(record)
    store.close()
    del tmp_path
    for act in (
        ["assign", "1042", "credit-control", "--by", "Kim", "--note", "they know the customer"],
        ["note", "1042", "--by", "Kim", "--note", "asked for the account by phone, waiting"],
        ["dismiss", "1042", "--by", "Lee", "--note", "entered by hand after all"],
    ):
        assert run(["--config", config, *act]) == 0
    return config


def test_one_record_is_shown_with_everything_that_was_done(
    queue: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who, when, why; also of one that is no longer held; in a narrow terminal."""
    capsys.readouterr()
    assert run(["--config", queue, "held", "1042"]) == 0
    text = capsys.readouterr().out
    flat = " ".join(text.split())
    assert run(["--config", queue, "--json", "held", "1042"]) == 0
    tree = json.loads(capsys.readouterr().out)

    assert max(map(len, text.splitlines())) <= 40
    assert '"entered by hand after all" (Lee)' in flat
    assert "dismissed, credit-control" in flat
    assert "3 attempts, 1204.50 GBP" in flat
    assert 'by Kim: "asked for the account by phone, waiting"' in flat
    assert [line["what"] for line in tree["history"]] == [
        "assigned to credit-control", "note", "dismissed",
    ]  # fmt: skip


def test_the_queue_is_narrowed_by_state_and_owner(
    queue: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """By who takes care of it, or whose kind of work it is."""
    listed = {}
    for owner in ("credit-control", "sales-ops", "finance"):
        capsys.readouterr()
        arguments = ["--json", "held", "--state", "dismissed", "--owner", owner]
        assert run(["--config", queue, *arguments]) == 0
        listed[owner] = [record["id"] for record in json.loads(capsys.readouterr().out)]
    assert run(["--config", queue, "reopen", "1042", "--by", "Kim", "--note", "not so"]) == 0
    assert run(["--config", queue, "held", "--by-cause"]) == 0

    owner = explain_reason(ReasonCode.CUSTOMER_NOT_LINKED).owner.value
    assert listed["credit-control"] == ["orders/1042"]
    assert listed["finance"] == ([] if owner != "finance" else ["orders/1042"])
    assert "customers/77" in capsys.readouterr().out
