"""All checks. Sessions run in the environment that nox itself is in: nothing is installed twice."""

from __future__ import annotations

import os
import sys
import venv
from pathlib import Path

import nox

nox.options.default_venv_backend = "none"
nox.options.sessions = ["format", "lint", "types", "imports", "tests", "build"]

BIN = Path(sys.executable).parent
PYTHON = sys.executable


@nox.session(tags=["quick"])
def format(session: nox.Session) -> None:  # noqa: A001
    """Every file is formatted."""
    session.run(BIN / "ruff", "format", "--check", ".", external=True)


@nox.session(tags=["quick"])
def lint(session: nox.Session) -> None:
    """No rule of ruff is broken."""
    session.run(BIN / "ruff", "check", ".", external=True)


@nox.session(tags=["quick"])
def types(session: nox.Session) -> None:
    """mypy strict over everything, pyright strict over the package and the typing test."""
    session.run(BIN / "mypy", external=True)
    session.run(BIN / "basedpyright", "--pythonpath", PYTHON, external=True)


@nox.session(tags=["quick"])
def imports(session: nox.Session) -> None:
    """The rooms see only what lies below them."""
    session.run(BIN / "lint-imports", external=True)


@nox.session(tags=["quick"])
def tests(session: nox.Session) -> None:
    """Tests, doctests and documented examples, then the coverage that is promised."""
    env = {"COVERAGE_FILE": str(Path("build").resolve() / "coverage"), "PYTHONWARNINGS": ""}
    Path("build").mkdir(exist_ok=True)
    for old in Path("build").glob("coverage*"):
        old.unlink()
    run = ["-m", "coverage", "run", "-m", "pytest", "-q", *session.posargs]
    session.run(PYTHON, *run, env=env, external=True)
    session.run(PYTHON, "-m", "coverage", "combine", "-q", env=env, external=True)
    session.run(PYTHON, "-m", "coverage", "json", "-q", "-o", "build/coverage.json",
                env=env, external=True)  # fmt: skip
    session.run(PYTHON, "tools/coverage_gate.py", "build/coverage.json", external=True)


@nox.session
def build(session: nox.Session) -> None:
    """The distributions build, and the wheel works in an empty environment."""
    for old in Path("dist").glob("*"):
        old.unlink()
    session.run(PYTHON, "-m", "build", "-q", "--no-isolation", external=True)
    files = [str(path) for path in Path("dist").glob("*")]
    session.run(PYTHON, "-m", "twine", "check", "--strict", *files, external=True)
    wheel = next(Path("dist").glob("*.whl"))
    session.run(BIN / "check-wheel-contents", str(wheel), external=True)
    place = Path("build") / "smoke"
    venv.create(place, with_pip=True, clear=True)
    python = place / ("Scripts" if os.name == "nt" else "bin") / "python"
    for extra in ("", "[cli]"):
        session.run(
            str(python), "-m", "pip", "install", "-q", f"{wheel.resolve()}{extra}", external=True
        )
        session.run(str(python), "tools/smoke.py", extra, external=True)


@nox.session
def conformance(session: nox.Session) -> None:
    """Real exchanges, kept outside the project, are read as they were meant."""
    if not os.environ.get("ORO_PRIMA_SHARED"):
        session.log("ORO_PRIMA_SHARED does not name a folder of recorded exchanges: all skipped")
    session.run(PYTHON, "-m", "pytest", "-q", "--override-ini=addopts=", "-ra",
                "--import-mode=importlib", "tests/conformance", external=True)  # fmt: skip


@nox.session
def live(session: nox.Session) -> None:
    """Hold our facts against a server of yours: ORO_URL, ORO_CLIENT_ID, ORO_CLIENT_SECRET."""
    if not os.environ.get("ORO_URL"):
        session.skip("ORO_URL does not name a server")
    session.run(PYTHON, "tools/live.py", *session.posargs, external=True)


@nox.session
def bench(session: nox.Session) -> None:
    """Ratios against floors measured in the same run; results in build/bench.json."""
    session.run(PYTHON, "benchmarks/run.py", *session.posargs, external=True)


@nox.session
def month(session: nox.Session) -> None:
    """A month at full size: every planted problem found, none invented; build/month.json."""
    session.run(PYTHON, "tools/month.py", *session.posargs, external=True)


@nox.session
def prove(session: nox.Session) -> None:
    """Exactly once, within stated bounds: explored states, planted bugs, killed processes."""
    session.run(PYTHON, "tools/prove.py", *session.posargs, external=True)


@nox.session
def mutate(session: nox.Session) -> None:
    """Every small change of a rule makes a test fail; results in build/mutate.json."""
    session.run(PYTHON, "tools/mutate.py", *session.posargs, external=True)


@nox.session(venv_backend="venv")
def docs(session: nox.Session) -> None:
    """The documentation builds without a warning; in an environment of its own."""
    session.install("-q", "-e", ".[docs]")
    session.run("python", "-m", "sphinx", "-W", "-n", "-q", "docs", "build/html")
