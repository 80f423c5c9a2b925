"""The version of a configuration's form: older ones are brought up, newer ones are refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from oro_prima.errors import ConfigError

CURRENT = 1
"""The form that this library reads and writes; a file that names none is of version 1."""

Tree = Mapping[str, object]
Migration = Callable[[Tree], Tree]

MIGRATIONS: Mapping[int, Migration] = {}
"""Version -> what makes a tree of the next version of one; there is none yet."""


def current_tree(
    tree: Tree, *, migrations: Mapping[int, Migration] = MIGRATIONS, current: int = CURRENT
) -> Tree:
    """
    Bring a tree up to the current form, step by step, and take its version off.

    Raises:
        ConfigError: the version is no number, from before the first, or of a newer library.
    """
    version = tree.get("version", 1)
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise ConfigError((f"version: expected a whole number from 1 to {current}",))
    if version > current:
        raise ConfigError(
            (
                f"version: the file is of version {version}, this library reads up to {current}; "
                "update oro-prima",
            )
        )
    found: Tree = {name: value for name, value in tree.items() if name != "version"}
    for number in range(version, current):
        found = migrations[number](found)
    return found
