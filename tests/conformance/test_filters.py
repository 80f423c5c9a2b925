"""The sandbox takes the filters and operators that running servers publish, and no others."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping
from typing import cast

import pytest

from oro_prima.sandbox.oro.operators import WORDS, operators_of
from oro_prima.sandbox.oro.schema import schemas
from tests.conformance.asking import Version
from tests.conformance.shared import shared_folder

FILTER = re.compile(r"filter\[([^\]]+)\](?:\[([a-z_]+)\])?")


def published(version: str) -> Mapping[str, Mapping[str, frozenset[str]]]:
    """Return operators by type and filter, as a server tells them."""
    folder = shared_folder() / "oro" / "recordings" / version
    tree = json.loads((folder / f"filters_summary_{version}.json").read_text(encoding="utf-8"))
    found: dict[str, dict[str, frozenset[str]]] = {}
    for kind, said in tree.items():
        names: dict[str, set[str]] = defaultdict(set)
        for text in said["filters"]:
            match = FILTER.fullmatch(text)
            if match:
                names[match[1]].add(match[2] or "eq")
        found[kind] = {name: frozenset(words) for name, words in names.items()}
    return found


@pytest.mark.parametrize("version", ["5.1.8", "6.1.8"])
def test_filters_are_those_that_a_server_publishes(version: str) -> None:
    """Each with its own operators; every operator is a word that the sandbox knows."""
    known = schemas(cast("Version", version[:3]))
    theirs = published(version)
    ours = {
        kind: {name: operators_of(known[kind], name) for name in known[kind].filters}
        for kind in theirs
    }

    assert theirs == ours
    assert {word for names in theirs.values() for one in names.values() for word in one} <= WORDS
