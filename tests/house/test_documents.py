"""What is documented is true: pages made from code are current, links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import reference

ROOT = Path(__file__).parents[2]

PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")]
PAGES += sorted((ROOT / "docs").rglob("*.md"))


@pytest.mark.parametrize(
    "page", ["reasons", "settings", "outcomes", "choices", "resources", "reports"]
)
def test_reference_pages_are_current(page: str) -> None:
    """`python tools/reference.py` writes them."""
    written = (ROOT / "docs" / "reference" / f"{page}.md").read_text(encoding="utf-8")

    assert getattr(reference, page)() == written


def test_published_schemas_are_current() -> None:
    """A change of a shape is seen: fields are added, never renamed."""
    folder = ROOT / "docs" / "reference" / "schemas"
    written = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.json")}

    assert reference.schemas() == written


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    """Within the project."""
    text = path.read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)#:]+)\)", text)

    assert [name for name in targets if not (path.parent / name).exists()] == []


def test_decisions_are_short() -> None:
    """At most 70 lines each."""
    pages = sorted((ROOT / "docs" / "adr").glob("*.md"))

    assert len(pages) >= 8
    assert [page.name for page in pages if len(page.read_text().splitlines()) > 70] == []
