"""Records as text that is read in a narrow terminal, and as JSON."""

from __future__ import annotations

import textwrap
from datetime import datetime, timedelta
from shutil import get_terminal_size

from oro_prima.records import ExceptionRecord
from oro_prima.sync import RunReport, StockReport


def record_json(record: ExceptionRecord) -> dict[str, object]:
    """Return an exception record as a tree."""
    return {
        "id": record.subject,
        "flow": record.flow.value,
        "owner": record.owner.value,
        "state": record.state.value,
        "reasons": [
            {"code": r.code.value, "subject": r.subject, "detail": r.detail, "fix": r.fix}
            for r in record.reasons
        ],
        "value": None if record.value is None else str(record.value),
        "currency": record.currency,
        "first_seen": record.first_seen,
        "attempts": record.attempts,
        "retry": record.retry,
    }


def record_text(record: ExceptionRecord, at: datetime) -> str:
    """Return an exception record as lines for people: what, who, since when, worth, fix."""
    worth = f", {record.value:.2f} {record.currency}" if record.value is not None else ""
    retry = ", will be retried" if record.retry else ""
    age = age_text(at - record.first_seen)
    lines = [f"{record.subject}  [{record.owner.value}, {age}{worth}{retry}]"]
    for reason in record.reasons:
        where = "" if reason.subject == record.subject else f" {reason.subject}"
        lines += wrapped(f"{reason.code.value}{where}: {reason.detail}", 2)
    for fix in dict.fromkeys(reason.fix for reason in record.reasons):
        lines += wrapped(f"-> {fix}", 4)
    return "\n".join(lines)


def report_text(report: RunReport | StockReport) -> str:
    """Return a report as lines for people."""
    lines = wrapped(report.summary(), 0)
    for record in report.held:
        lines += ["", record_text(record, report.finished)]
    return "\n".join(lines)


def age_text(age: timedelta) -> str:
    """Return an age as people say it."""
    minutes = max(0, int(age.total_seconds() // 60))
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 2880 else f"{minutes // 1440} days"


def wrapped(text: str, indent: int) -> list[str]:
    """Wrap a text to the terminal's width."""
    width = max(30, min(get_terminal_size().columns, 100))
    blank = " " * indent
    return textwrap.wrap(text, width, initial_indent=blank, subsequent_indent=blank + "  ")
