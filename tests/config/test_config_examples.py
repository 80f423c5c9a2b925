"""The bindings that the documentation shows load as they stand."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from oro_prima.config.choices import CHOICES
from oro_prima.config.loading import build_prima
from oro_prima.config.settings import SECTIONS, SETTINGS
from oro_prima.prima.models.capabilities import Capability

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "bind-a-capability.md"
GUIDE = PAGE.with_name("choose.md")
HEAD = '[prima]\nurl = "https://erp.example/wsa"\n'


def test_every_example_of_the_page_loads() -> None:
    """One of each capability, both ways."""
    blocks = re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    found = [
        capability
        for block in blocks
        for capability, _ in build_prima(tomllib.loads(HEAD + block)).bindings
    ]

    assert set(found) == set(Capability)


def test_the_guide_names_settings_that_are_there_and_every_choice() -> None:
    """A decision guide that leads to no setting leads nowhere."""
    text = GUIDE.read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z]+(?:\.[a-z_]+)+)", text))
    known = {one.key for one in SETTINGS} | set(SECTIONS)

    assert named - known == set()
    assert [one.key for one in CHOICES if one.key.partition(".")[2] not in text] == []
