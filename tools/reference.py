"""Write the reference pages that follow from code: reasons, settings, choices and outcomes."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from outcome_table import outcomes
from resource_table import resources

from oro_prima.config.choices import CHOICES
from oro_prima.config.settings import SECTIONS, settings_of
from oro_prima.reasons import ReasonCode, explain_reason
from oro_prima.reconcile.closing import COLUMNS as EQUATION
from oro_prima.reconcile.frozen import ADJUSTED
from oro_prima.reconcile.reports.coverage import COLUMNS as COVERAGE
from oro_prima.reconcile.reports.cut_off import COLUMNS as CUT_OFF
from oro_prima.reconcile.reports.exceptions import COLUMNS as EXCEPTIONS
from oro_prima.reconcile.reports.invoicing import COLUMNS as INVOICING
from oro_prima.reconcile.reports.order_match import COLUMNS as ORDER_MATCH
from oro_prima.reconcile.reports.price_drift import COLUMNS as PRICE_DRIFT
from oro_prima.reconcile.reports.stock_drift import COLUMNS as STOCK_DRIFT
from oro_prima.reconcile.reports.unmatched import COLUMNS as UNMATCHED
from oro_prima.reconcile.reports.vat import COLUMNS as VAT
from oro_prima.steps import STEPS, schema

FOLDER = Path(__file__).parents[1] / "docs" / "reference"

REPORT_COLUMNS = (
    ("Control equation", EQUATION),
    ("A  Order match", ORDER_MATCH),
    ("B  Order to invoice", INVOICING),
    ("C  Unmatched", UNMATCHED),
    ("D  VAT", VAT),
    ("E  Cut-off", CUT_OFF),
    ("F  Stock drift", STOCK_DRIFT),
    ("G  Price drift", PRICE_DRIFT),
    ("H  Coverage", COVERAGE),
    ("I  Exceptions", EXCEPTIONS),
    ("Adjustments", ADJUSTED),
)


def reasons() -> str:
    """Return the page of reasons."""
    lines = ["# Reasons", "", "Made from the code by `tools/reference.py`.", ""]
    lines += ["| code | meaning | owner | fix |", "|---|---|---|---|"]
    for code in ReasonCode:
        info = explain_reason(code)
        lines.append(f"| `{code.value}` | {info.meaning} | {info.owner.value} | {info.fix} |")
    return "\n".join(lines) + "\n"


def settings() -> str:
    """Return the page of settings."""
    lines = ["# Settings", "", "Made from the code by `tools/reference.py`."]
    lines += ["Durations are written as `30 s`, `15 min`, `24 h`, `7 d`."]
    for section in SECTIONS:
        lines += ["", f"## `[{section}]`", "", "| setting | default | meaning | known |"]
        lines.append("|---|---|---|---|")
        for one in settings_of(section).values():
            default = "required" if one.required else f"`{one.default}`"
            lines.append(f"| `{one.name}` | {default} | {one.meaning} | {one.evidence.value} |")
    return "\n".join(lines) + "\n"


def choices() -> str:
    """Return the page of what the business must choose."""
    lines = ["# What the business must choose", "", "Made from the code by `tools/reference.py`."]
    lines += ["Where good practice says two things, both are settings, and somebody has to decide."]
    for one in CHOICES:
        lines += ["", f"## {one.question}", "", f"`{one.key}`, decided by {one.decides}.", ""]
        lines += [one.paragraph, "", "| value | what follows |", "|---|---|"]
        default = settings_of(one.key.partition(".")[0])[one.key.partition(".")[2]].default
        for value, follows in one.options:
            mark = " (default)" if default == f'"{value}"' else ""
            lines.append(f"| `{value}`{mark} | {follows} |")
    return "\n".join(lines) + "\n"


def reports() -> str:
    """Return the page of the books' reports: what each column is."""
    lines = ["# Reports", "", "Made from the code by `tools/reference.py`.", ""]
    lines += [
        "What they are for, and how figures come about: [The books](../explanation/books.md)."
    ]
    lines += ["Money is of the row's currency; what nobody states prints `not stated`."]
    for title, columns in REPORT_COLUMNS:
        lines += ["", f"## {title}", "", "| column | kind | what it is |", "|---|---|---|"]
        lines += [f"| `{one.name}` | {one.kind.value} | {one.meaning} |" for one in columns]
    return "\n".join(lines) + "\n"


def schemas() -> dict[str, str]:
    """Return the published JSON Schemas by the name of their file."""
    return {
        f"{step}.{side}.json": json.dumps(schema(step, side), indent=1) + "\n"
        for step in STEPS
        for side in ("input", "output")
    }


def main() -> int:
    """Write the pages."""
    (FOLDER / "reasons.md").write_text(reasons(), encoding="utf-8")
    (FOLDER / "settings.md").write_text(settings(), encoding="utf-8")
    for name, text in schemas().items():
        (FOLDER / "schemas" / name).write_text(text, encoding="utf-8")
    (FOLDER / "reports.md").write_text(reports(), encoding="utf-8")
    (FOLDER / "choices.md").write_text(choices(), encoding="utf-8")
    (FOLDER / "outcomes.md").write_text(outcomes(), encoding="utf-8")
    (FOLDER / "resources.md").write_text(resources(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
