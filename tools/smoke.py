"""Run with an environment that holds the wheel and nothing else: what a stranger tries first."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version


def main() -> int:
    """Import what is public; the command says how to get its extra."""
    import oro_prima

    for name in oro_prima.__all__:
        getattr(oro_prima, name)
    done = subprocess.run(
        [sys.executable, "-m", "oro_prima"], capture_output=True, text=True, check=False
    )
    told = "pip install 'oro-prima[cli]'" in done.stderr and done.returncode == 2
    sys.stdout.write(f"oro-prima {version('oro-prima')} imports; without extra: {told}\n")
    return 0 if told else 1


if __name__ == "__main__":
    sys.exit(main())
