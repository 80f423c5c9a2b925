"""Runs are recorded where a folder is named, and replayed: the same plans, byte for byte."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import evolve
from tests.sync.flows import Bench

from oro_prima.errors import ConfigError
from oro_prima.files.recordings import FolderRecordings
from oro_prima.plans.recording import replay_under
from oro_prima.sync import RunReport, sync_orders
from oro_prima.sync.recordings import (
    Replay,
    forget_recordings,
    replay_orders,
)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    made.put_into_use()
    yield made
    made.store.close()


@pytest.fixture
def folder(tmp_path: Path) -> FolderRecordings:
    return FolderRecordings(tmp_path / "recordings")


def run(bench: Bench, folder: FolderRecordings) -> RunReport:
    with bench.ports(recordings=folder) as ports:
        return sync_orders(ports, bench.policy)


def outcomes(bench: Bench, folder: FolderRecordings, **words: str) -> list[Replay]:
    return [one.outcome for one in replay_orders(bench.store, folder, **words)]


def test_every_batch_of_a_run_is_planned_again(bench: Bench, folder: FolderRecordings) -> None:
    """Byte for byte; the folder and its files are the owner's alone."""
    first = run(bench, folder)
    run(bench, folder)
    found = outcomes(bench, folder)
    files = list(folder.folder.iterdir())

    assert set(found) == {Replay.SAME}
    assert len(files) == len(found) >= 2
    assert 0 < len(outcomes(bench, folder, run=first.run)) < len(found)
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    assert folder.folder.stat().st_mode & 0o777 == 0o700


def test_another_policy_shows_its_blast_radius(bench: Bench, folder: FolderRecordings) -> None:
    """On what really was."""
    posted = run(bench, folder).posted
    recordings = [one.recording for one in replay_orders(bench.store, folder)]
    with bench.ports() as ports:
        tables = ports.tables
    other = evolve(bench.policy, channel="PHONE")
    known = [one for one in recordings if one is not None]
    found = replay_under(known, policy=other, tables=tables)

    assert {one.order for one in found.impacts} == set(posted)
    assert replay_under(known, policy=bench.policy, tables=tables).impacts == ()


def test_a_changed_recording_or_plan_shows(bench: Bench, folder: FolderRecordings) -> None:
    """Erased, changed, or planned otherwise than the journal says."""
    run(bench, folder)
    first, *_rest = sorted(folder.folder.iterdir())
    body = first.read_bytes()
    first.write_bytes(body + b" ")
    changed = outcomes(bench, folder)
    first.unlink()
    erased = outcomes(bench, folder)
    with bench.store.transaction() as tx:
        line = next(one for one in bench.store.journal() if one.what == "recorded")
        first.write_bytes(body)
        words = line.detail.split(", plan ")
        tx.add_journal(evolve(line, run="other", detail=f"{words[0]}, plan {'0' * 64}"))

    assert changed[0] is Replay.CHANGED
    assert erased[0] is Replay.ERASED
    assert outcomes(bench, folder, run="other") == [Replay.DIFFERS]


def test_recordings_go_with_the_payloads(bench: Bench, folder: FolderRecordings) -> None:
    """After as many days; the journal's lines stay."""
    run(bench, folder)
    before = len(list(folder.folder.iterdir()))
    bench.advance(days=31)
    run(bench, folder)
    left = len(list(folder.folder.iterdir()))

    assert before
    assert left == outcomes(bench, folder).count(Replay.SAME)
    assert outcomes(bench, folder).count(Replay.ERASED) == before


def test_an_order_that_is_forgotten_is_in_no_recording(
    bench: Bench, folder: FolderRecordings
) -> None:
    """Nor is anything that nobody can read any more; other batches stay."""
    report = run(bench, folder)
    second = run(bench, folder)
    assert second.posted == ()
    names = sorted(path.name for path in folder.folder.iterdir())
    (folder.folder / names[-1]).write_bytes(b"changed")
    erased = forget_recordings(bench.store, folder, order=report.posted[0])
    again = forget_recordings(bench.store, folder, order=report.posted[0])

    assert 2 <= erased <= len(names)
    assert again == 0
    assert Replay.CHANGED not in outcomes(bench, folder)
    assert folder.drop("nothing") is False


def test_a_folder_that_cannot_be_written_to_says_so(tmp_path: Path) -> None:
    """As a setting to be corrected."""
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ConfigError, match=r"store\.recordings"):
        FolderRecordings(tmp_path / "file").put("name", b"")
    assert FolderRecordings(tmp_path).get("name") is None


def test_nothing_is_recorded_unless_a_folder_is_named(bench: Bench, tmp_path: Path) -> None:
    """It holds names and addresses: that is asked for, not assumed."""
    with bench.ports() as ports:
        sync_orders(ports, bench.policy)
    assert "recorded" not in {line.what for line in bench.store.journal()}
    assert list(tmp_path.glob("**/*.recording")) == []
