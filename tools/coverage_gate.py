"""Hold the coverage of branches against what is promised: all of the pure rooms, 95 % elsewhere."""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from pathlib import Path

PURE = (
    "ids.py", "values.py", "reasons/", "outcome.py", "records/", "errors.py", "converters.py",
    "oro/models/", "prima/models/", "mapping/", "reconcile/", "plans/",
)  # fmt: skip
LEAST_ELSEWHERE = 95.0


def main(report: str) -> int:
    """Print a line a room, and what is missing; return 1 where the promise is broken."""
    files = json.loads(Path(report).read_text(encoding="utf-8"))["files"]
    rooms: dict[bool, list[int]] = defaultdict(lambda: [0, 0])
    missing: list[str] = []
    for name, data in sorted(files.items()):
        inner = name.replace("\\", "/").partition("oro_prima/")[2]
        pure = inner.startswith(PURE)
        summary = data["summary"]
        done = summary["covered_lines"] + summary["covered_branches"]
        all_of_it = summary["num_statements"] + summary["num_branches"]
        rooms[pure][0] += done
        rooms[pure][1] += all_of_it
        if done < all_of_it:
            lines = data["missing_lines"] + [b[0] for b in data["missing_branches"]]
            shown = ", ".join(str(line) for line in sorted(set(lines))[:12])
            missing.append(f"{'pure ' if pure else '     '}{inner}: {shown}")
    share = {pure: 100.0 * done / max(1, total) for pure, (done, total) in rooms.items()}
    sys.stdout.write("\n".join(missing) + "\n")
    sys.stdout.write(f"pure rooms {share.get(True, 100):.2f} %, elsewhere {share[False]:.2f} %\n")
    return 0 if share.get(True, 100) == 100 and share[False] >= LEAST_ELSEWHERE else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
