"""One setting: where it stands, what it means, what its default is and how surely it is known."""

from __future__ import annotations

from enum import StrEnum

from attrs import frozen

from oro_prima.config.readers import Reader


class Evidence(StrEnum):
    """How surely a default is known."""

    CHOICE = "choice"
    """Yours or the business's to choose."""
    EVIDENCED = "evidenced"
    INFERRED = "inferred"
    ASK = "to be asked"


@frozen
class Setting:
    """
    One setting.

    Attributes:
        section: Its table in the file.
        name: Its key.
        read: Reads its value.
        meaning: One sentence.
        default: As TOML writes it; empty for a setting that has none.
        required: Loading fails without it.
        evidence: How surely the default is known.
        secret: It is read from the environment, a file or a command, and never shown.
    """

    section: str
    name: str
    read: Reader
    meaning: str
    default: str = ""
    required: bool = False
    evidence: Evidence = Evidence.CHOICE
    secret: bool = False

    @property
    def key(self) -> str:
        """Where it stands, such as `orders.price_basis`."""
        return f"{self.section}.{self.name}"


def setting(
    key: str,
    read: Reader,
    default: str,
    meaning: str,
    evidence: Evidence = Evidence.CHOICE,
    *,
    secret: bool = False,
) -> Setting:
    """Make a setting of its key; the default `!` stands for one that is required."""
    section, _, name = key.rpartition(".")
    required = default == "!"
    return Setting(
        section, name, read, meaning, "" if required else default, required, evidence, secret
    )
