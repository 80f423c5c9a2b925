"""Records as text that is read in a narrow terminal, and as JSON."""

from __future__ import annotations

import textwrap
from datetime import datetime, timedelta
from shutil import get_terminal_size

from oro_prima.reconcile import Cause
from oro_prima.records import ExceptionRecord, JournalEntry, RecordState
from oro_prima.sync import FlowReport, FulfilmentReport, RunReport, StockReport

Report = RunReport | StockReport | FulfilmentReport | FlowReport


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
        "assigned_to": record.assigned_to,
        "next_try": record.next_try,
        "note": record.note,
    }


def record_text(record: ExceptionRecord, at: datetime) -> str:
    """Return an exception record as lines for people: what, who, since when, worth, fix."""
    worth = f", {record.value:.2f} {record.currency}" if record.value is not None else ""
    retry = ", will be retried" if record.retry else ""
    again = f", {record.attempts} attempts" if record.attempts > 1 else ""
    age = age_text(at - record.first_seen)
    owner = record.assigned_to or record.owner.value
    state = "" if record.state is RecordState.HELD else f"{record.state.value}, "
    lines = wrapped(f"{record.subject}  [{state}{owner}, {age}{again}{worth}{retry}]", 0)
    if record.note:
        lines += wrapped(f'"{record.note}" ({record.changed_by})', 2)
    for reason in record.reasons:
        where = "" if reason.subject == record.subject else f" {reason.subject}"
        lines += wrapped(f"{reason.code.value}{where}: {reason.detail}", 2)
    for fix in dict.fromkeys(reason.fix for reason in record.reasons):
        lines += wrapped(f"-> {fix}", 4)
    return "\n".join(lines)


def line_json(line: JournalEntry) -> dict[str, object]:
    """Return a line of the journal as a tree."""
    return {
        "at": line.at,
        "what": line.what,
        "detail": line.detail,
        "by": line.by,
        "note": line.note,
    }


def line_text(line: JournalEntry) -> str:
    """Return a line of the journal for people: when, what, who, why."""
    who = f" by {line.by}" if line.by else ""
    detail = f" ({line.detail})" if line.detail else ""
    why = f': "{line.note}"' if line.note else ""
    return "\n".join(wrapped(f"{line.at:%Y-%m-%d %H:%M} {line.what}{detail}{who}{why}", 0))


def cause_json(cause: Cause) -> dict[str, object]:
    """Return a root cause as a tree."""
    return {
        "code": cause.code.value,
        "cause": cause.cause,
        "owner": cause.owner.value,
        "fix": cause.fix,
        "records": list(cause.records),
        "closes": list(cause.closes),
        "value": {currency: str(value) for currency, value in cause.value.items()},
    }


def cause_text(cause: Cause) -> str:
    """Return a root cause as lines for people: what it closes, what it touches, the fix."""
    worth = "".join(f", {value:.2f} {currency}" for currency, value in cause.value.items())
    what = f" {cause.cause}" if cause.cause else ""
    closes = f"closes {len(cause.closes)} of {len(cause.records)}{worth}"
    lines = wrapped(f"{cause.code.value}{what}  [{cause.owner.value}, {closes}]", 0)
    lines += wrapped(", ".join(cause.records[:12]), 2)
    return "\n".join([*lines, *wrapped(f"-> {cause.fix}", 4)])


def report_text(report: Report) -> str:
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
