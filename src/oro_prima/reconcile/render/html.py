"""
A report as one self-contained page: no script, no font, nothing that is fetched.

Text is escaped because it is text: only an `Element` is written as markup.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from attrs import field, frozen

from oro_prima.reconcile.render.cells import NOT_STATED, cell_text
from oro_prima.reconcile.table import NUMBERS, Cell, Column, Table

STYLE = """
:root{color-scheme:light dark;--line:#8886;--soft:#8881}
body{font:15px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:110rem;padding:0 1rem}
h1{font-size:1.5rem;margin:0 0 .25rem}h2{font-size:1.15rem;margin:2rem 0 .5rem}
p{margin:.25rem 0}.note{border-left:3px solid var(--line);padding-left:.7rem;margin:.5rem 0}
.wide{overflow-x:auto}
table{border-collapse:collapse;font-size:.85rem;font-variant-numeric:tabular-nums}
caption{text-align:left;padding:.3rem 0;opacity:.7}
th,td{padding:.3rem .6rem;border-bottom:1px solid var(--line);text-align:left}
th,td{white-space:nowrap;vertical-align:top}
td.long{white-space:normal;min-width:16rem}
thead th{position:sticky;top:0;background:Canvas}tbody tr:nth-child(even){background:var(--soft)}
.n{text-align:right}.unstated{opacity:.55;font-style:italic}
.ok{color:#1a7f37}.bad{color:#c62828;font-weight:600}
nav a{margin-right:1rem}@media print{nav{display:none}body{margin:0}}
"""
LONG = 40
"""Texts of more characters wrap."""


@frozen
class Element:
    """A piece of markup; what it holds is escaped unless it is an element itself."""

    tag: str
    inside: tuple[Element | str, ...] = ()
    attributes: Mapping[str, str] = field(factory=dict[str, str])

    def __str__(self) -> str:
        pairs = "".join(f' {name}="{escape(value)}"' for name, value in self.attributes.items())
        inner = "".join(one if isinstance(one, _Raw) else _inner(one) for one in self.inside)
        void = self.tag in ("meta", "br", "line", "rect", "circle", "path")
        return f"<{self.tag}{pairs}>" if void else f"<{self.tag}{pairs}>{inner}</{self.tag}>"


class _Raw(str):
    """Text of our own that is written as it is: the style sheet."""

    __slots__ = ()


def _inner(one: Element | str) -> str:
    return str(one) if isinstance(one, Element) else escape(one)


def element(tag: str, *inside: Element | str, **attributes: str) -> Element:
    """
    Make an element; `class_` stands for `class`, `_` in other names for `-`.

    >>> str(element("p", "1 < 2", class_="note"))
    '<p class="note">1 &lt; 2</p>'
    """
    named = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
    return Element(tag, inside, named)


def page(title: str, *body: Element | str) -> str:
    """Return a whole document in UTF-8."""
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width,initial-scale=1"),
        element("title", title),
        element("style", _Raw(STYLE)),
    )
    return f"<!doctype html>\n{element('html', head, element('body', *body), lang='en')}\n"


def table_html(table: Table) -> str:
    """Return a report as a page of its own."""
    return page(table.title, element("h1", table.title), *table_section(table))


def table_section(table: Table) -> tuple[Element, ...]:
    """Return a report's notes and rows, to stand on any page."""
    notes = tuple(element("p", note, class_="note") for note in table.notes)
    if not table.rows:
        return (*notes, element("p", "No rows."))
    heads = [element("th", c.name, title=c.meaning, class_=_side(c)) for c in table.columns]
    rows = [element("tr", *_cells(table.columns, row)) for row in table.rows]
    count = f"{len(table.rows)} row" + ("" if len(table.rows) == 1 else "s")
    grid = element(
        "table",
        element("caption", count),
        element("thead", element("tr", *heads)),
        element("tbody", *rows),
    )
    return (*notes, element("div", grid, class_="wide"))


def _cells(columns: Sequence[Column], row: Sequence[Cell]) -> list[Element]:
    return [_cell(cell, column) for cell, column in zip(row, columns, strict=True)]


def _cell(cell: Cell, column: Column) -> Element:
    text = cell_text(cell, column.kind)
    if text == NOT_STATED:
        return element("td", text, class_=f"{_side(column)} unstated".strip())
    return element("td", text, class_="long" if len(text) > LONG else _side(column))


def _side(column: Column) -> str:
    return "n" if column.kind in NUMBERS else ""
