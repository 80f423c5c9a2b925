"""Files that arrive in a directory: whole ones alone, each once, and none is lost."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.errors import ConfigError, UnreadableError
from oro_prima.files import DropReader, read_file
from oro_prima.prima.models.binding import FileBinding, RecordMap
from oro_prima.prima.models.bound import Bound, parse_records, typed
from oro_prima.prima.models.capabilities import Capability
from oro_prima.prima.models.files import NoFiles, Unmoved
from oro_prima.prima.models.fulfilment import Despatch

NOW = datetime(2031, 5, 6, tzinfo=UTC)
DROP = DropReader(lambda: NOW, cap=4000)
HEAD = "No,Date,Carrier,Track,Line,Qty,Product\n"
ROWS = "D1,06/05/2031,DPD,T1,1,2,P\nD1,06/05/2031,DPD,T1,2,3,Q\nD2,07/05/2031,DPD,,1,1,P\n"
MAP = RecordMap(
    fields=(("number", "No"), ("date", "Date"), ("carrier", "Carrier"), ("tracking", "Track")),
    lines=(("order_line", "Line"), ("quantity", "Qty"), ("product", "Product"), ("m1", "=NONE")),
)
XML_MAP = RecordMap(
    "Despatch",
    (("number", "No"), ("date", "@date"), ("carrier", "=DPD"), ("tracking", "@t")),
    "Line",
    (("order_line", "@n"), ("quantity", "@q")),
)


def bound(folder: Path, **changes: Any) -> FileBinding:
    return evolve(FileBinding(str(folder), MAP), **changes)


def put(path: Path, text: str = HEAD + ROWS, *, age: int = 60) -> Path:
    path.write_text(text, encoding="utf-8")
    at = NOW.timestamp() - age
    os.utime(path, (at, at))
    return path


def numbers(found: Bound[object]) -> list[str]:
    return [one.number for one in typed(found, Despatch).records]


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_file_is_taken_once_and_put_away(tmp_path: Path) -> None:
    """Rows of one despatch are its lines; afterwards there is nothing more to read."""
    put(tmp_path / "a.csv")
    binding = bound(tmp_path)
    with DROP.read(Capability.DESPATCH, binding) as found:
        assert numbers(found) == ["D1", "D2"]
        assert [len(one.lines) for one in typed(found, Despatch).records] == [2, 1]
        assert names(tmp_path) == ["taken/a.csv"]
    with DROP.read(Capability.DESPATCH, binding) as again:
        assert again == Bound(())

    assert names(tmp_path) == ["done/a.csv"]


def test_what_was_not_used_is_given_again(tmp_path: Path) -> None:
    """A run that ends in between loses nothing; the next one begins with what was taken."""
    put(tmp_path / "b.csv")
    binding = bound(tmp_path)
    with pytest.raises(RuntimeError), DROP.read(Capability.DESPATCH, binding):
        raise RuntimeError
    put(tmp_path / "a.csv", HEAD + "D9,,,,1,1,P\n")
    with DROP.read(Capability.DESPATCH, binding) as found:
        assert numbers(found) == ["D9", "D1", "D2"]

    assert names(tmp_path) == ["done/a.csv", "done/b.csv"]


@pytest.mark.parametrize("name", [".a.csv", "~a.csv", "a.csv.tmp", "a.csv.part", "a.txt", "A.CSV"])
def test_names_that_do_not_count_are_left(name: str, tmp_path: Path) -> None:
    """Hidden ones, unfinished ones, others."""
    put(tmp_path / name)
    with DROP.read(Capability.DESPATCH, bound(tmp_path)) as found:
        assert found.records == ()

    assert names(tmp_path) == [name]


def test_a_file_that_is_still_written_is_left(tmp_path: Path) -> None:
    """Until nobody wrote to it for a while."""
    put(tmp_path / "a.csv", age=5)
    with DROP.read(Capability.DESPATCH, bound(tmp_path)) as found:
        assert found.records == ()
    with DROP.read(Capability.DESPATCH, bound(tmp_path, quiet=5)) as found:
        assert numbers(found) == ["D1", "D2"]


def test_a_marker_says_that_a_file_is_whole(tmp_path: Path) -> None:
    """It goes with the file, so that it says nothing about the next of that name."""
    binding = bound(tmp_path, marker=".done")
    put(tmp_path / "a.csv", age=600)
    with DROP.read(Capability.DESPATCH, binding) as found:
        assert found.records == ()
    put(tmp_path / "a.csv.done", "", age=0)
    put(tmp_path / "a.csv", age=0)
    with DROP.read(Capability.DESPATCH, binding) as found:
        assert numbers(found) == ["D1", "D2"]

    assert names(tmp_path) == ["done/a.csv"]


def test_a_name_that_comes_again_is_kept_beside_the_first(tmp_path: Path) -> None:
    """Nothing is written over."""
    for _ in range(3):
        put(tmp_path / "a.csv")
        with DROP.read(Capability.DESPATCH, bound(tmp_path)):
            pass

    assert names(tmp_path) == ["done/a-2.csv", "done/a-3.csv", "done/a.csv"]


def test_a_file_that_cannot_be_read_is_put_apart_with_the_reason(tmp_path: Path) -> None:
    """The others are read; nothing of the broken one is."""
    put(tmp_path / "a.csv", HEAD + "D1,06/05")
    put(tmp_path / "b.csv")
    put(tmp_path / "c.csv", "x" * 5000)
    with DROP.read(Capability.DESPATCH, bound(tmp_path)) as found:
        assert numbers(found) == ["D1", "D2"]
        assert [fault.split(":")[0] for fault in found.faults] == ["a.csv", "c.csv"]

    assert names(tmp_path) == [
        "done/b.csv",
        "failed/a.csv",
        "failed/a.csv.why.txt",
        "failed/c.csv",
        "failed/c.csv.why.txt",
    ]
    assert "breaks off" in (tmp_path / "failed" / "a.csv.why.txt").read_text()


def test_a_record_with_a_fault_is_told_with_its_file(tmp_path: Path) -> None:
    """The file is done all the same: its good records were used."""
    put(tmp_path / "a.csv", HEAD + "D1,soon,,,1,1,P\nD2,,,,1,1,P\n")
    with DROP.read(Capability.DESPATCH, bound(tmp_path)) as found:
        assert numbers(found) == ["D2"]
        assert found.faults == ("a.csv: record 1: date: expected a date in the form %d/%m/%Y",)


def test_the_latest_file_is_read_and_left(tmp_path: Path) -> None:
    """A full list that comes every day; a broken one is told every time."""
    put(tmp_path / "p-1.csv", HEAD + "D1,,,,1,1,P\n")
    put(tmp_path / "p-2.csv", HEAD + "D2,,,,1,1,P\n")
    binding = bound(tmp_path, latest=True)
    for _ in range(2):
        with DROP.read(Capability.DESPATCH, binding) as found:
            assert numbers(found) == ["D2"]
    assert numbers(DROP.peek(Capability.DESPATCH, bound(tmp_path))) == ["D2"]
    put(tmp_path / "p-3.csv", "No\n")
    with DROP.read(Capability.DESPATCH, binding) as found:
        assert found.records == ()
        assert "no column Date" in found.faults[0]

    assert names(tmp_path) == ["p-1.csv", "p-2.csv", "p-3.csv"]


def test_a_directory_that_cannot_be_used_is_a_fault_of_the_configuration(tmp_path: Path) -> None:
    """Not there, or no directory can be made in it."""
    (tmp_path / "taken").write_text("in the way")
    put(tmp_path / "a.csv")
    for folder in (tmp_path / "none", tmp_path):
        with pytest.raises(ConfigError), DROP.read(Capability.DESPATCH, bound(folder)):
            pass
    with pytest.raises(ConfigError, match="with no files"):
        NoFiles().read(Capability.DESPATCH, bound(tmp_path))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (HEAD + "D1,x\n", "row 2 has 2 columns; expected 7"),
        (HEAD + ROWS[:-1], "the last row breaks off"),
        ("", "the last row breaks off"),
        ("No,No\n", "no column Date"),
        (HEAD.replace("\n", ",No\n"), "two columns have one name"),
        (HEAD + '"D1\n', "unexpected end of data"),
        (HEAD + "D1\udcff\n", "no text in utf-8-sig"),
    ],
)
def test_what_is_no_whole_csv_is_refused(text: str, told: str) -> None:
    """As a file, not row by row."""
    data = text.encode("utf-8", "surrogateescape")
    with pytest.raises(UnreadableError, match=told):
        read_file(data, binding=bound(Path()), name="a.csv")


def test_encodings_delimiters_and_blank_rows() -> None:
    """As spreadsheets and old systems write them."""
    text = (HEAD + "\n" + ROWS).replace(",", ";").replace("DPD", "Zoë")
    raw = read_file(
        text.encode("cp1252"),
        binding=bound(Path(), encoding="cp1252", delimiter=";"),
        name="a.csv",
    )

    assert raw[0][0]["carrier"] == "Zoë"
    assert raw[0][1][0]["m1"] == "NONE"
    assert len(raw) == 2
    assert (
        len(read_file(b"\xef\xbb\xbf" + (HEAD + ROWS).encode(), binding=bound(Path()), name=""))
        == 2
    )


def test_a_list_without_lines_has_a_record_a_row() -> None:
    """Even where two rows are equal."""
    plain = bound(Path(), mapping=RecordMap(fields=(("book", "B"),)))

    assert read_file(b"B\nx\nx\n", binding=plain, name="") == [({"book": "x"}, ())] * 2


def test_xml_is_read_by_paths(tmp_path: Path) -> None:
    """And refused as an answer would be."""
    text = (
        '<?xml version="1.0" encoding="ISO-8859-1"?><All><Despatch date="06/05/2031" t="Tö">'
        '<No>D1</No><Line n="1" q="2"/><Line n="2" q="3"/></Despatch></All>'
    )
    (tmp_path / "a.xml").write_bytes(text.encode("iso-8859-1"))
    binding = bound(tmp_path, mapping=XML_MAP, xml=True, pattern="*.xml", quiet=0)
    at = NOW.timestamp() - 1
    os.utime(tmp_path / "a.xml", (at, at))
    (found,) = typed(DROP.peek(Capability.DESPATCH, binding), Despatch).records

    assert (found.number, found.tracking, len(found.lines)) == ("D1", "Tö", 2)
    for data in (b"<All>", b"<!DOCTYPE a><a/>", b""):
        with pytest.raises(UnreadableError):
            read_file(data, binding=binding, name="a.xml")


@given(st.binary(max_size=60), st.booleans())
def test_noise_is_refused_or_read_without_an_accident(data: bytes, xml: bool) -> None:
    """Nothing but `UnreadableError` comes of a file."""
    binding = bound(Path(), xml=xml, mapping=XML_MAP if xml else MAP)
    try:
        raw = read_file(data, binding=binding, name="x")
    except UnreadableError:
        return
    parse_records(raw, capability=Capability.DESPATCH, mapping=binding.mapping)


def test_a_preview_leaves_files_where_they_are(tmp_path: Path) -> None:
    """It sees what a run would: what an earlier one left, and what is whole; faults too."""
    put(tmp_path / "b.csv")
    binding = bound(tmp_path)
    with pytest.raises(RuntimeError), DROP.read(Capability.DESPATCH, binding):
        raise RuntimeError
    put(tmp_path / "a.csv", HEAD + "D9,,,,1,1,P\n")
    put(tmp_path / "c.csv", HEAD + "D9,,\n")
    before = names(tmp_path)
    with Unmoved(DROP).read(Capability.DESPATCH, binding) as found:
        assert numbers(found) == ["D1", "D2", "D9"]
        assert len(found.faults) == 1

    assert names(tmp_path) == before
    assert numbers(DROP.look(Capability.DESPATCH, bound(tmp_path, latest=True))) == []
    put(tmp_path / "d.csv")
    assert numbers(DROP.look(Capability.DESPATCH, bound(tmp_path, latest=True))) == ["D1", "D2"]
    with pytest.raises(ConfigError):
        NoFiles().look(Capability.DESPATCH, binding)
