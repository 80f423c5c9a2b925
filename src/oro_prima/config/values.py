"""Present values of a configuration by key, for people; secrets are left out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from oro_prima.config.goods_settings import SHORTHANDS
from oro_prima.config.readers import duration_text
from oro_prima.config.settings import SETTINGS
from oro_prima.config.tree import Config, policies_of, rule_sections
from oro_prima.converters import is_object


def present_values(config: Config) -> dict[str, object]:
    """Return the present value of every setting by its key; of a section not stated, none."""
    sections = {
        "oro": config.oro,
        "prima": config.prima,
        "run": config.run,
        "store": config.store,
        "pair": config.pair,
        "webhooks": config.webhooks,
        **rule_sections(policies_of(config)),
    }
    values: dict[str, object] = {}
    for setting in SETTINGS:
        shown = setting.section in sections and setting.key not in SHORTHANDS
        if shown and not setting.secret:
            value: object = getattr(sections[setting.section], setting.name)
            values[setting.key] = duration_text(value) if isinstance(value, timedelta) else value
    return values


def written_values(tree: Mapping[str, object]) -> dict[str, object]:
    """
    Return what a configuration says so far by key, as it is written; it need not be whole.

    >>> written_values({"prima": {"profile": {"style": "rpc-encoded"}, "password": "x"}})
    {'prima.profile.style': 'rpc-encoded'}
    """
    values: dict[str, object] = {}
    for setting in SETTINGS:
        table: object = tree
        for name in setting.section.split("."):
            table = table.get(name) if is_object(table) else None
        if is_object(table) and setting.name in table and not setting.secret:
            values[setting.key] = table[setting.name]
    return values
