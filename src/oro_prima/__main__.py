"""The command `oro-prima`; without the extra `[cli]` it says how to get it."""

from __future__ import annotations

import sys
from importlib.util import find_spec

MISSING = "oro-prima: the command line needs its extra: pip install 'oro-prima[cli]'"


def main() -> None:
    """Run the command line; ends the process with its exit code."""
    if find_spec("click") is None or find_spec("rich") is None:
        sys.stderr.write(MISSING + "\n")
        raise SystemExit(2)
    from oro_prima.cli.main import run

    raise SystemExit(run())


if __name__ == "__main__":
    main()
