"""`oro-prima replay`: past runs planned again, by the same policy or by another one."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path

import click

from oro_prima.cli.context import ATTENTION, App, pass_app
from oro_prima.cli.replay_flows import changes_under, flows_text, flows_tree
from oro_prima.config import Policies, build_policies
from oro_prima.errors import ConfigError
from oro_prima.files.recordings import FolderRecordings
from oro_prima.mapping.blast import BlastRadius, blast_text
from oro_prima.plans.recording import replay_under
from oro_prima.sync.recordings import Replay, Replayed, replay_flows, replay_orders


@click.command()
@click.option("--run", default="", help="One run's id alone; default all that are recorded.")
@click.option(
    "--under", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Another configuration: what would its rules have made of the same orders?",
)  # fmt: skip
@pass_app
def replay(app: App, run: str, under: Path | None) -> None:
    """
    Plan recorded runs again: the plans must be the same, byte for byte. Nothing is sent.

    Runs are recorded where `store.recordings` names a folder. Exit code 1 where a plan differs or a
    recording was changed.

    Example: oro-prima replay --under new.toml
    """
    config = app.config()
    if config.store.recordings is None:
        raise ConfigError(("store.recordings: names no folder, so no run was recorded",))
    folder = FolderRecordings(config.store.recordings)
    with app.store() as store:
        found = tuple(replay_orders(store, folder, run=run))
        others = tuple(replay_flows(store, folder, run=run))
    policies = None if under is None else _policies(under)
    radius = None if policies is None else _under(found, policies)
    changes = () if policies is None else tuple(changes_under(others, policies))
    tree, text = _tree(found, radius), _text(found, radius)
    app.show(tree | flows_tree(others, changes), f"{text}\n{flows_text(others, changes)}".strip())
    outcomes = {one.outcome for one in found} | {one.outcome for one in others}
    if outcomes & {Replay.DIFFERS, Replay.CHANGED}:
        click.get_current_context().exit(ATTENTION)


def _policies(path: Path) -> Policies:
    try:
        tree = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise ConfigError((f"{path.name}: no valid TOML: {exc}",)) from None
    return build_policies(tree, folder=path.parent)


def _under(found: Iterable[Replayed], policies: Policies) -> BlastRadius:
    recordings = [one.recording for one in found if one.recording is not None]
    return replay_under(recordings, policy=policies.orders, tables=policies.tables)


def _tree(found: tuple[Replayed, ...], radius: BlastRadius | None) -> dict[str, object]:
    tree: dict[str, object] = {
        "batches": [
            {"name": one.name, "run": one.run, "outcome": one.outcome.value} for one in found
        ]
    }
    if radius is not None:
        tree["under"] = {
            "orders": radius.orders,
            "differ": [
                {
                    "order": one.order,
                    "impact": one.impact.value,
                    "before": one.before.value,
                    "after": one.after.value,
                    "fields": [str(change) for change in one.fields],
                }
                for one in radius.impacts
            ],
        }
    return tree


def _text(found: tuple[Replayed, ...], radius: BlastRadius | None) -> str:
    counts = [(kind, sum(one.outcome is kind for one in found)) for kind in Replay]
    said = ", ".join(f"{count} {kind.value}" for kind, count in counts if count)
    lines = [f"{len(found)} recorded batches: {said or 'none'}"]
    lines += [f"  {one.name}: {one.outcome.value}" for one in found if one.recording is None]
    return "\n".join(lines if radius is None else [*lines, blast_text(radius)])
