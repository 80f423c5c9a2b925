"""The story of an order: text, a tree for JSON, one self-contained page."""

from __future__ import annotations

import textwrap
from datetime import UTC, datetime

from oro_prima.reconcile.render.cells import cell_text
from oro_prima.reconcile.render.html import Element, element, page
from oro_prima.reconcile.story import OrderStory, StoryEvent
from oro_prima.reconcile.table import Kind


def story_text(story: OrderStory, *, width: int = 100) -> str:
    """Return a story as lines of at most `width` characters; instants are UTC."""
    lines = [_title(story), *_wrapped(story.now, width, 2)]
    if story.next_action:
        lines += _wrapped(f"{story.owner}: {story.next_action}", width, 2)
    lines.append("")
    for event in story.events:
        lines += _wrapped(f"{_when(event)}  {_event(event)}", width, 2)
    if story.why:
        lines += ["", "  How it was mapped:", *(f"    {line}" for line in story.why)]
    return "\n".join(lines)


def story_json(story: OrderStory) -> dict[str, object]:
    """Return a story as a tree of texts."""
    return {
        "order": story.order,
        "identifier": story.identifier,
        "home": story.home.value,
        "gross": None if story.gross is None else str(story.gross),
        "currency": story.currency,
        "now": story.now,
        "numbers": list(story.numbers),
        "account": story.account,
        "owner": story.owner,
        "next_action": story.next_action,
        "events": [
            {
                "at": event.day.isoformat() if event.day else _iso(event.at),
                "what": event.what,
                "detail": event.detail,
                "by": event.by,
                "note": event.note,
            }
            for event in story.events
        ],
        "why": list(story.why),
    }


def story_html(story: OrderStory) -> str:
    """Return a story as a page of its own."""
    rows = [_row(event) for event in story.events]
    heads = [element("th", name) for name in ("when (UTC)", "what", "detail", "by", "note")]
    body: list[Element] = [element("h1", _title(story)), element("p", story.now, class_="note")]
    if story.next_action:
        body.append(element("p", f"{story.owner}: {story.next_action}", class_="note"))
    grid = element("table", element("thead", element("tr", *heads)), element("tbody", *rows))
    body.append(element("div", grid, class_="wide"))
    if story.why:
        body += [element("h2", "How it was mapped"), element("pre", "\n".join(story.why))]
    return page(_title(story), *body)


def _title(story: OrderStory) -> str:
    known = f" ({story.identifier})" if story.identifier not in ("", story.order) else ""
    gross = cell_text(story.gross, Kind.MONEY)
    return f"Order {story.order}{known}, {gross} {story.currency}".rstrip()


def _event(event: StoryEvent) -> str:
    detail = f": {event.detail}" if event.detail else ""
    by = f", by {event.by}" if event.by else ""
    note = f" “{event.note}”" if event.note else ""
    return f"{event.what}{detail}{by}{note}"


def _row(event: StoryEvent) -> Element:
    cells = (_when(event), event.what, event.detail, event.by, event.note)
    return element("tr", *(element("td", text) for text in cells))


def _when(event: StoryEvent) -> str:
    """Return an instant, or the day alone where no more is known."""
    if event.day is not None:
        return event.day.isoformat()
    return event.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _wrapped(text: str, width: int, indent: int) -> list[str]:
    blank = " " * indent
    return textwrap.wrap(text, width, initial_indent=blank, subsequent_indent=blank + "    ")
