"""The tables of a file that say how Prima is reached, for verbs that need no more of it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from oro_prima.config.tables import read_text
from oro_prima.errors import ConfigError


def written_tree(path: Path) -> Mapping[str, object]:
    """
    Return the tables of a file as they are written; it need not be a whole configuration.

    Raises:
        ConfigError: There is no such file, or it is no TOML.
    """
    try:
        return tomllib.loads(read_text(path, "config"))
    except tomllib.TOMLDecodeError as exc:
        raise ConfigError((f"{path.name}: no valid TOML: {exc}",)) from None


def prima_tree(path: str) -> tuple[Mapping[str, object], Path]:
    """
    Return the table `prima` of a configuration or a profile, and its folder.

    Raises:
        ConfigError: There is no such file, or it is no TOML.
    """
    if not path:
        fault = "no configuration: give --config PATH; `oro-prima prima discover` writes a profile"
        raise ConfigError((fault,))
    place = Path(path)
    return {"prima": written_tree(place).get("prima", {})}, place.parent
