"""The sandbox, asked the same question, answers the same: status, shape, errors, header names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import cast

import pytest
from attrs import frozen

from tests.conformance.asking import Asking, Version, begun_by
from tests.conformance.recordings import Recording, recordings
from tests.conformance.shapes import differences
from tests.conformance.shared import shared_folder, write_results

LEAST = {"5.1.8": 0.995, "6.1.8": 0.995}
RACES = ("race-create", "race-upsert")
NO_API = "not the back-office API"


@frozen
class Verdict:
    """One question: why it was not asked, or how the answers differ; both empty for agreement."""

    name: str
    outside: str = ""
    differences: tuple[str, ...] = ()


def test_the_sandbox_answers_as_running_servers_did(subtests: pytest.Subtests) -> None:
    """Ids are brought to records that the sandbox has; values are not compared."""
    results: dict[str, object] = {}
    for version in ("5.1.8", "6.1.8"):
        with subtests.test(version=version):
            folder = shared_folder() / "oro" / "recordings" / version
            verdicts = list(_verdicts({one.name: one for one in recordings(folder)}, version))
            asked = [one for one in verdicts if not one.outside]
            agreed = [one for one in asked if not one.differences]
            results[version] = {
                "asked": len(asked),
                "agreed": len(agreed),
                "share": f"{100 * len(agreed) / len(asked):.1f} %",
                "outside": Counter(one.outside for one in verdicts if one.outside),
                "differences": sorted(f"{v.name}: {d}" for v in asked for d in v.differences),
            }
            write_results("sandbox", results)

            assert len(asked) > 700
            assert len(agreed) / len(asked) >= LEAST[version]


def _verdicts(found: Mapping[str, Recording], version: str) -> Iterator[Verdict]:
    asking = Asking(cast("Version", version[:3]))
    for recording in found.values():
        begun = begun_by(recording, found)
        outside = _outside(recording, begun)
        apart = () if outside else tuple(differences(recording, asking.answer(recording, begun)))
        yield Verdict(recording.name, outside, apart)


def _outside(recording: Recording, begun: Recording | None) -> str:
    if not recording.resource and not recording.path.endswith("/oauth2-token"):
        return NO_API
    if recording.status >= 400 and recording.name.startswith(RACES):
        return "lost a race"
    later = recording.resource == "asyncoperations" and "/" in recording.relative
    if later and begun is None and recording.status not in (403, 404):
        return "an operation whose batch was not recorded"
    return ""
