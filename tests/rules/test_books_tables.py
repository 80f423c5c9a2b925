"""Reports in every form: nothing is cut, run, rounded twice or made up."""

from __future__ import annotations

import csv
import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from html.parser import HTMLParser
from io import StringIO

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.reconcile import Cell, Column, Kind, Table
from oro_prima.reconcile.render import table_csv, table_html, table_json, table_text
from oro_prima.reconcile.render.cells import cell_text
from oro_prima.reconcile.table import columns_of, less, total

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), max_size=60)
NASTY = st.sampled_from(
    [
        "=1+1",
        "+44",
        "-1",
        "@SUM(A1)",
        "\tx",
        "0042",
        "123456789012",
        "1e9",
        "<b>&</b>",
        '"',
        "é,;\n",
    ]
)
VALUES: dict[Kind, st.SearchStrategy[Cell]] = {
    Kind.TEXT: st.one_of(TEXTS, NASTY),
    Kind.COUNT: st.integers(0, 10**6),
    Kind.MONEY: st.decimals(-(10**6), 10**6, places=4),
    Kind.PRICE: st.decimals(0, 10**4, places=4),
    Kind.QUANTITY: st.decimals(-(10**6), 10**6, places=2),
    Kind.DATE: st.dates(date(2020, 1, 1)),
    Kind.INSTANT: st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),
}


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Draw tables of all kinds, some cells not stated."""
    kinds = draw(st.lists(st.sampled_from(list(VALUES)), min_size=1, max_size=6))
    columns = tuple(Column(f"c{n}", kind, "Meaning.") for n, kind in enumerate(kinds))
    row = st.tuples(*(st.one_of(st.none(), VALUES[kind]) for kind in kinds))
    rows = tuple(draw(st.lists(row, max_size=4)))
    return Table("any", "Any table", columns, rows, tuple(draw(st.lists(NASTY, max_size=2))))


@given(tables())
def test_a_spreadsheet_gets_every_cell_and_runs_none(table: Table) -> None:
    """A text that would be a formula or a rounded number begins with an apostrophe."""
    lines = table_csv(table)
    rows = list(csv.reader(StringIO(lines, newline="")))

    assert rows[0] == [column.name for column in table.columns]
    assert len(rows) == 1 + len(table.rows)
    for read, row in zip(rows[1:], table.rows, strict=True):
        for text, cell, column in zip(read, row, table.columns, strict=True):
            plain = cell_text(cell, column.kind)
            assert text in (plain, f"'{plain}")
            if column.kind is Kind.TEXT:
                assert not text.startswith(("=", "+", "-", "@", "\t"))
            else:
                assert text == plain


class _Texts(HTMLParser):
    """Collects tags and texts, and holds that each tag is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.cells: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember a tag; a cell begins empty."""
        self.tags.append(tag)
        if tag != "meta":
            self.open.append(tag)
        if tag == "td":
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        """Close the innermost tag."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Keep what stands in cells."""
        if self.open and self.open[-1] == "td":
            self.cells[-1] += data


@given(tables())
def test_a_page_holds_every_cell_as_text(table: Table) -> None:
    """No text of a cell becomes markup, and nothing is fetched."""
    html = table_html(table)
    page = _Texts()
    page.feed(html)
    page.close()
    expected = [
        cell_text(cell, column.kind)
        for row in table.rows
        for cell, column in zip(row, table.columns, strict=True)
    ]

    assert page.open == []
    assert page.cells == expected
    assert not {"b", "script", "link", "img"} & set(page.tags)
    assert "http" not in html


@given(tables(), st.integers(40, 120))
def test_a_narrow_terminal_cuts_nothing(table: Table, width: int) -> None:
    """Where a grid does not fit, each row is a block; every stated word is there."""
    lines = table_text(table, width=width).splitlines()
    words = "".join("".join(lines).split())

    assert all(len(line) <= width or line == table.title for line in lines)
    for row in table.rows:
        for cell, column in zip(row, table.columns, strict=True):
            assert "".join(cell_text(cell, column.kind).split()) in words


def _refuse(text: str) -> float:
    pytest.fail(f"a float: {text}")


@given(tables())
def test_programs_get_no_float(table: Table) -> None:
    """What is not stated is null; figures are texts or whole numbers."""
    tree = json.loads(json.dumps(table_json(table)), parse_float=_refuse)
    columns = [column.name for column in table.columns]

    assert tree["report"] == "any"
    for read, row in zip(tree["rows"], table.rows, strict=True):
        assert list(read) == columns
        assert [value is None for value in read.values()] == [cell is None for cell in row]


@pytest.mark.parametrize(
    ("cell", "kind", "expected"),
    [
        (None, Kind.MONEY, "not stated"),
        (Decimal("2.345"), Kind.MONEY, "2.35"),
        (Decimal("-0.001"), Kind.MONEY, "0.00"),
        (Decimal("12.5000"), Kind.PRICE, "12.50"),
        (Decimal("12.1250"), Kind.PRICE, "12.125"),
        (Decimal("12.1255"), Kind.PRICE, "12.1255"),
        (Decimal("1E+3"), Kind.QUANTITY, "1000"),
        (Decimal("12.500"), Kind.QUANTITY, "12.5"),
        (Decimal("0E+3"), Kind.QUANTITY, "0"),
        (Decimal("1.25"), Kind.HOURS, "1.3"),
        (7, Kind.COUNT, "7"),
        (date(2031, 5, 4), Kind.DATE, "2031-05-04"),
        (
            datetime(2031, 5, 4, 1, 30, tzinfo=timezone(timedelta(hours=2))),
            Kind.INSTANT,
            "2031-05-03T23:30:00Z",
        ),
    ],
)
def test_a_cell_is_written_one_way(cell: Cell, kind: Kind, expected: str) -> None:
    """Decimal point, ISO dates, UTC."""
    assert cell_text(cell, kind) == expected


def test_a_table_refuses_rows_that_do_not_fit_and_columns_it_does_not_have() -> None:
    """A report is never silently short of a figure."""
    columns = columns_of("a text One.\nb count Two.")
    table = Table("t", "T", columns, (("x", 1), ("y", 2)))

    assert table.column("b") == (1, 2)
    with pytest.raises(ValueError, match="no column 'c'"):
        table.column("c")
    with pytest.raises(ValueError, match="1 cells for 2 columns"):
        Table("t", "T", columns, (("x",),))


def test_what_nobody_stated_is_not_added_up() -> None:
    """A sum with an unknown is unknown."""
    assert total([Decimal(1), Decimal(2)]) == Decimal(3)
    assert total([Decimal(1), None]) is None
    assert total([]) == Decimal(0)
    assert less(Decimal(3), Decimal(1)) == Decimal(2)
    assert less(None, Decimal(1)) is None
    assert less(Decimal(1), None) is None


def test_an_empty_report_says_so() -> None:
    """With its notes."""
    table = Table("t", "Title", columns_of("a text One."), (), ("nothing was bound",))

    assert "no rows" in table_text(table)
    assert "note: nothing was bound" in table_text(table)
    assert "No rows." in table_html(table)


def test_a_block_leaves_out_what_does_not_apply() -> None:
    """An empty text is no line; what is not stated is one."""
    table = Table("t", "T", columns_of("one text One.\ntwo money Two.\nsix text Six."))
    shown = table_text(evolve(table, rows=(("", None, "x" * 30),)), width=30)

    assert "one" not in shown
    assert "two: not stated" in shown


def test_formulas_and_long_digits_begin_with_an_apostrophe() -> None:
    """Only in columns of text: a negative figure stays a figure."""
    columns = columns_of("a text One.\nb money Two.")
    rows = (("=1+1", Decimal(-1)), ("0042", Decimal(2)), ("123456789012", None), ("SO-7", None))

    assert table_csv(Table("t", "T", columns, rows)).splitlines() == [
        "a,b",
        "'=1+1,-1.00",
        "'0042,2.00",
        "'123456789012,not stated",
        "SO-7,not stated",
    ]
