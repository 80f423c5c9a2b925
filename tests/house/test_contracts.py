"""The import contracts catch what they are for: a copy of the package with strays in it fails."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

STRAYS = {
    "ids.py": "oro_prima.oro.models",
    "records/kept.py": "random",
    "mapping/units.py": "socket",
    "plans/orders.py": "oro_prima.sync.run",
    "plans/stock.py": "oro_prima.call",
    "oro/models/orders.py": "oro_prima.mapping.policy",
    "oro/calls/batch.py": "oro_prima.prima.models.orders",
    "oro/calls/orders.py": "oro_prima.oro.config",
    "prima/config.py": "oro_prima.mapping.policy",
    "sync/run.py": "httpx",
    "stores/memory.py": "oro_prima.http.sender",
    "sandbox/oro/app.py": "oro_prima.oro.models.orders",
    "sandbox/invariants.py": "oro_prima.stores.memory",
}
HOMELESS = ("sundries", "oro.sundries")


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the linter says of the copy, in one line."""
    place = tmp_path_factory.mktemp("strays")
    package = place / "src" / "oro_prima"
    shutil.copytree(
        ROOT / "src" / "oro_prima", package, ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(ROOT / "pyproject.toml", place)
    for name, imported in STRAYS.items():
        path = package / name
        path.write_text(f"{path.read_text(encoding='utf-8')}\nimport {imported}\n", "utf-8")
    for name in HOMELESS:
        (package / f"{name.replace('.', '/')}.py").touch()
    plain = {key: value for key, value in os.environ.items() if not key.startswith("COV")}
    plain |= {"PYTHONPATH": str(place / "src"), "COLUMNS": "300", "PYTHONIOENCODING": "utf-8"}
    tool = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [tool, "--no-cache", "--no-logo"],
        cwd=place, env=plain, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip

    assert done.returncode == 1
    return re.sub(r"\s+", " ", done.stdout)


@pytest.mark.parametrize(("path", "imported"), STRAYS.items(), ids=list(STRAYS))
def test_a_stray_import_is_caught(broken: str, path: str, imported: str) -> None:
    """By module and imported name."""
    importer = f"oro_prima.{path.removesuffix('.py').replace('/', '.')}"

    assert f"{importer} -> {imported} (l" in broken


@pytest.mark.parametrize("name", HOMELESS)
def test_a_module_without_a_layer_is_caught(broken: str, name: str) -> None:
    """A new room has to say where it stands."""
    assert re.search(rf"\boro_prima\.{re.escape(name)}\b", broken)


def test_every_contract_is_broken_by_some_stray(broken: str) -> None:
    """None of them is there for show."""
    assert "Contracts: 0 kept" in broken
