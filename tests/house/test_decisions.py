"""Decisions are numbered once, in the name of their file and in their title."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parents[2] / "docs" / "adr"


def test_every_decision_has_a_number_of_its_own() -> None:
    """A link by number leads to one of them."""
    numbers = [path.name.partition("-")[0] for path in sorted(FOLDER.glob("*.md"))]
    titles = [
        path.read_text(encoding="utf-8").splitlines()[0] for path in sorted(FOLDER.glob("*.md"))
    ]

    assert len(set(numbers)) == len(numbers)
    assert [f"# {int(number)}. " for number in numbers] == [
        title[: len(f"# {int(number)}. ")] for number, title in zip(numbers, titles, strict=True)
    ]
