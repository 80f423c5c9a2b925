"""Run with an environment that holds the wheel and nothing else: what a stranger tries first."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version


def says(*arguments: str) -> tuple[int, str]:
    """Run the command; return its exit code and all it said."""
    done = subprocess.run(
        [sys.executable, "-m", "oro_prima", *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout


def main(extra: str) -> int:
    """Import what is public; the command helps, or says how to get its extra."""
    import oro_prima

    for name in oro_prima.__all__:
        getattr(oro_prima, name)
    code, text = says("--help")
    expected = (0, "sync") if extra else (2, "pip install 'oro-prima[cli]'")
    works = code == expected[0] and expected[1] in text
    told = "as it should" if works else f"not as it should ({code}):\n{text}"
    sys.stdout.write(f"oro-prima{extra} {version('oro-prima')} imports; --help: {told}\n")
    return 0 if works else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
