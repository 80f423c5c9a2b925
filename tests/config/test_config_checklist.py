"""The checklist: what was seen settles a setting, and nothing that was seen is lost."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from oro_prima.config.checklist import HOW, go_live, open_settings
from oro_prima.config.setting import Evidence
from oro_prima.config.settings import SETTINGS
from oro_prima.config.sightings import (
    Sighting,
    add_sightings,
    latest_by_setting,
    read_sightings,
    sightings_place,
)
from oro_prima.errors import ConfigError
from oro_prima.oro.models.stock import StockSettings
from oro_prima.sync.probes import PROBES

AT = datetime(2031, 5, 6, 7, 8, tzinfo=UTC)
LOOKED = Sighting("order", ("orders.price_basis",), "look", "30: look\nthere", "Kim", AT)
SAID = Sighting("by hand", ("orders.price_basis",), "settled", "a total of 20.00", "Zoë", AT)


def test_every_setting_that_is_not_evidenced_has_a_line() -> None:
    """With its value, its meaning, and how to test it."""
    text = go_live({"orders.price_basis": "unit"})
    wanted = [one for one in SETTINGS if one.evidence in (Evidence.ASK, Evidence.INFERRED)]

    assert [one.key for one in wanted if f"`{one.key}`" not in text] == []
    assert text.count("  - How: ") == len(wanted)
    assert "- [ ] `orders.price_basis` is `unit`." in text
    assert "For the shop: ____" in text
    assert "Nothing yet." in text


def test_values_are_shown_as_a_file_holds_them() -> None:
    """No word of Python; what is not said is none."""
    text = go_live(
        {
            "oro.per_minute": 0,
            "oro.inventory_defaults": StockSettings(manage_inventory=True),
            "prima.allow_http": False,
            "prima.username": "",
            "prima.profile.cut": frozenset({"b", "a"}),
            "prima.profile.widths": (),
            "run.control_order": None,
        }
    )

    assert "`oro.per_minute` is `0`" in text
    assert '`oro.inventory_defaults` is `{"manage_inventory": true}`' in text
    assert "`prima.allow_http` is `false`" in text
    assert '`prima.profile.cut` is `["a", "b"]`' in text
    for key in ("prima.username", "prima.profile.widths", "run.control_order"):
        assert f"`{key}` is `none`" in text


def test_how_names_settings_and_probes_that_exist() -> None:
    """No line leads nowhere."""
    known = {one.key for one in SETTINGS}
    named = {part.split("`")[0] for text in HOW.values() for part in text.split("Probe `")[1:]}

    assert set(HOW) <= known
    assert named <= set(PROBES)


def test_what_was_seen_ticks_a_setting_once_it_is_settled() -> None:
    """A probe shows, a person says; both stay in the history."""
    looked, said = go_live(sightings=(LOOKED,)), go_live(sightings=(LOOKED, SAID))

    assert "- [ ] `orders.price_basis`" in looked
    assert "  - look: 30: look there (Kim, 2031-05-06 07:08 UTC)" in looked
    assert "- [x] `orders.price_basis`" in said
    assert "- order: look: 30: look there" in said
    assert "orders.price_basis" in open_settings((LOOKED,))
    assert "orders.price_basis" not in open_settings((LOOKED, SAID))
    assert latest_by_setting((LOOKED, SAID)) == {"orders.price_basis": SAID}


def test_sightings_are_only_added_to(tmp_path: Path) -> None:
    """Beside the configuration, one a line."""
    place = sightings_place(tmp_path / "test.toml")
    assert read_sightings(place) == ()
    add_sightings(place, ())
    assert not place.exists()
    add_sightings(place, (LOOKED,))
    add_sightings(place, (SAID,))

    assert place.name == "test.go-live.jsonl"
    assert read_sightings(place) == (LOOKED, SAID)


@pytest.mark.parametrize("line", ["{", "[]", "{}", '{"settings": []}'])
def test_a_line_that_is_none_is_told(line: str, tmp_path: Path) -> None:
    """Nothing that was seen is skipped in silence."""
    place = tmp_path / "x.jsonl"
    place.write_text(line + "\n")

    with pytest.raises(ConfigError, match=r"x\.jsonl: a line is not a sighting"):
        read_sightings(place)
