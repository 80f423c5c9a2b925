"""Present values of a configuration by key, for people; secrets are left out."""

from __future__ import annotations

from datetime import timedelta

from oro_prima.config.goods_settings import SHORTHANDS
from oro_prima.config.readers import duration_text
from oro_prima.config.settings import SETTINGS
from oro_prima.config.tree import Config, policies_of, rule_sections


def present_values(config: Config) -> dict[str, object]:
    """Return the present value of every setting by its key; of a section not stated, none."""
    sections = {
        "oro": config.oro,
        "prima": config.prima,
        "run": config.run,
        "store": config.store,
        "pair": config.pair,
        **rule_sections(policies_of(config)),
    }
    values: dict[str, object] = {}
    for setting in SETTINGS:
        shown = setting.section in sections and setting.key not in SHORTHANDS
        if shown and not setting.secret:
            value: object = getattr(sections[setting.section], setting.name)
            values[setting.key] = duration_text(value) if isinstance(value, timedelta) else value
    return values
