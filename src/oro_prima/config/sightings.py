"""What was seen before going live: one line a sighting, in a file that is only added to."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from attrs import frozen

from oro_prima.converters import instant_text, is_list, is_object
from oro_prima.errors import ConfigError


@frozen
class Sighting:
    """
    What somebody saw, or a probe did in his name.

    Attributes:
        source: The probe's name, or `by hand`.
        settings: Keys of the settings that it is about.
        verdict: `settled`, `look`, `differs` or `failed`.
        what: What was seen.
    """

    source: str
    settings: tuple[str, ...]
    verdict: str
    what: str
    by: str
    at: datetime


BY_HAND = "by hand"
SETTLED = "settled"


def sightings_place(config: Path) -> Path:
    """Return where the sightings of a configuration are kept: beside it."""
    return config.with_name(f"{config.stem}.go-live.jsonl")


def add_sightings(place: Path, sightings: Sequence[Sighting]) -> None:
    """Add lines to the file; earlier ones are never changed."""
    if not sightings:
        return
    with place.open("a", encoding="utf-8") as file:
        for one in sightings:
            tree = {
                "source": one.source,
                "settings": list(one.settings),
                "verdict": one.verdict,
                "what": one.what,
                "by": one.by,
                "at": instant_text(one.at),
            }
            file.write(json.dumps(tree, ensure_ascii=False) + "\n")


def read_sightings(place: Path) -> tuple[Sighting, ...]:
    """
    Read the file, oldest first; none where there is no file.

    Raises:
        ConfigError: A line is not what was written.
    """
    if not place.exists():
        return ()
    try:
        return tuple(_read(place.read_text(encoding="utf-8").splitlines()))
    except (ValueError, KeyError, OSError) as exc:
        fault = f"{place.name}: a line is not a sighting ({type(exc).__name__})"
        raise ConfigError((fault,)) from None


def latest_by_setting(sightings: Iterable[Sighting]) -> dict[str, Sighting]:
    """Return the newest sighting of each setting; one by hand settles what a probe left open."""
    return {key: one for one in sightings for key in one.settings}


def _read(lines: Iterable[str]) -> Iterator[Sighting]:
    for line in lines:
        tree: object = json.loads(line)
        if not is_object(tree):
            raise ValueError("expected an object")
        settings = tree["settings"]
        yield Sighting(
            str(tree["source"]),
            tuple(str(key) for key in settings) if is_list(settings) else (),
            str(tree["verdict"]),
            str(tree["what"]),
            str(tree["by"]),
            datetime.fromisoformat(str(tree["at"])).astimezone(UTC),
        )
