"""
The state machine of an order as a picture: writes `docs/explanation/order-states.svg`.

A test holds the arrows against every change of state that the exploration met, and the file against
what this program writes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

from attrs import frozen

from oro_prima.records import EntryState

PICTURE = Path("docs/explanation/order-states.svg")
WIDTH, HEIGHT = 1000, 560
BOX = (150, 56)
NOTHING = ""
"""Before the first claim there is no entry."""


@frozen
class Box:
    """A state, where it stands (its middle), and the homes of its orders."""

    x: int
    y: int
    homes: str


@frozen
class Arrow:
    """A change of state: its way as an SVG path, what leads to it, and where that is written."""

    before: str
    after: str
    way: str
    said: tuple[str, ...]
    at: tuple[int, int]
    by_person: bool = False


_CLAIMED, _ACCEPTED, _RELEASED, _DOUBT, _RESENT = (
    EntryState.CLAIMED.value,
    EntryState.ACCEPTED.value,
    EntryState.RELEASED.value,
    EntryState.DOUBT.value,
    EntryState.RESENT.value,
)
NAMES = {NOTHING: "not claimed", _DOUBT: "in doubt", _RESENT: "sent again"}

BOXES = {
    NOTHING: Box(95, 240, "waiting, held"),
    _CLAIMED: Box(345, 240, "in doubt"),
    _DOUBT: Box(610, 240, "in doubt"),
    _RESENT: Box(610, 420, "in doubt"),
    _RELEASED: Box(345, 420, "waiting, held"),
    _ACCEPTED: Box(895, 240, "posted, for ever"),
}

ARROWS = (
    Arrow(NOTHING, _CLAIMED, "M170 240 H268", ("claim,", "committed"), (219, 218)),
    Arrow(_CLAIMED, _ACCEPTED, "M370 212 C420 110 800 110 870 206", ("answered OK",), (620, 125)),
    Arrow(
        _CLAIMED, _DOUBT, "M420 240 H533", ("no answer, or found", "so after a crash"), (477, 218)
    ),
    Arrow(_CLAIMED, _RELEASED, "M325 268 V390", ("refused, or", "certainly not sent"), (243, 330)),
    Arrow(_RELEASED, _CLAIMED, "M365 392 V270", ("claimed anew",), (420, 340)),
    Arrow(
        _DOUBT, _ACCEPTED, "M685 240 H814", ("found, or a person", "says it is there"), (750, 218)
    ),
    Arrow(
        _DOUBT, _RESENT, "M590 268 V390", ("absent by the rule,", "or a person says so"), (520, 322)
    ),
    Arrow(
        _RESENT,
        _DOUBT,
        "M630 392 V270",
        ("no answer, or refused:", "only a person now"),
        (712, 322),
    ),
    Arrow(
        _RESENT,
        _ACCEPTED,
        "M685 420 C800 420 870 370 880 274",
        ("answered OK",),
        (770, 372),
    ),
    Arrow(
        _RELEASED,
        _ACCEPTED,
        "M345 448 C345 560 925 540 915 274",
        ("its number was taken, and a person says by itself",),
        (600, 538),
        by_person=True,
    ),
    Arrow(
        NOTHING,
        _ACCEPTED,
        "M95 212 C95 20 930 20 917 206",
        ("adopted from a written list",),
        (500, 58),
        by_person=True,
    ),
    Arrow(
        NOTHING,
        _RELEASED,
        "M95 268 C95 400 180 420 268 420",
        ("reposted under", "the next number"),
        (90, 432),
        by_person=True,
    ),
)


def picture() -> str:
    """Return the picture."""
    parts = [*_head(), *map(_arrow, ARROWS)]
    parts += [part for name, box in BOXES.items() for part in _box(name, box)]
    return "\n".join([*parts, "</svg>", ""])


def _head() -> Iterator[str]:
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        'font-family="sans-serif" font-size="13">'
    )
    yield "<title>The states of an order's claim, and what leads from one to the next</title>"
    yield (
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" '
        'markerHeight="8" orient="auto"><path d="M0 0 L8 4 L0 8 z" fill="#345"/></marker></defs>'
    )
    yield f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>'
    yield '<path d="M30 530 h40" stroke="#345" stroke-width="1.6" stroke-dasharray="6 4"/>'
    yield '<text x="80" y="534" fill="#456">a person alone leads there</text>'


def _arrow(arrow: Arrow) -> str:
    dashes = ' stroke-dasharray="6 4"' if arrow.by_person else ""
    x, y = arrow.at
    rows = "".join(
        f'<tspan x="{x}" dy="{15 if place else 0}">{escape(row)}</tspan>'
        for place, row in enumerate(arrow.said)
    )
    top = y - 15 * (len(arrow.said) - 1)
    return (
        f'<path d="{arrow.way}" fill="none" stroke="#345" stroke-width="1.6"{dashes} '
        f'marker-end="url(#tip)"/>\n<text y="{top}" text-anchor="middle" fill="#345" stroke="#fff" '
        f'stroke-width="4" paint-order="stroke">{rows}</text>'
    )


def _box(name: str, box: Box) -> Iterator[str]:
    width, height = BOX
    x, y = box.x - width // 2, box.y - height // 2
    final = name == _ACCEPTED
    if final:
        yield (
            f'<rect x="{x - 4}" y="{y - 4}" width="{width + 8}" height="{height + 8}" rx="12" '
            'fill="none" stroke="#1a6b3c"/>'
        )
    colour, line = ("#e4f5ea", "#1a6b3c") if final else ("#eef3fa", "#345")
    yield (
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="9" fill="{colour}" '
        f'stroke="{line}" stroke-width="1.6"/>'
    )
    shown = NAMES.get(name, name)
    yield (
        f'<text x="{box.x}" y="{box.y - 3}" text-anchor="middle" font-weight="bold" '
        f'font-size="15" fill="#123">{shown}</text>'
    )
    yield (
        f'<text x="{box.x}" y="{box.y + 17}" text-anchor="middle" fill="#456">'
        f"{escape(box.homes)}</text>"
    )


def main() -> int:
    """Write the picture."""
    PICTURE.write_text(picture(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
