"""Answers in every encoding, declared truly or falsely."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.prima.calls.encodings import Utf8Stream, encoding_of
from tests.prima.documents import asking, in_body, item, posting, read, result, soap

NAME = "Zoë’s Café £5"


def status_answer(encoding: str, declared: str) -> bytes:
    inner = result(f'<Data OrderStatus="{NAME}"/>', request_type="OrderStatus", RequestStatus="OK")
    text = soap(inner).decode()
    if declared:
        text = f'<?xml version="1.0" encoding="{declared}"?>{text.partition("?>")[2] or text}'
    return text.encode(encoding)


@pytest.mark.parametrize("actual", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("declared", ["", "UTF-8", "ISO-8859-1", "windows-1252", "US-ASCII"])
def test_the_bytes_decide(actual: str, declared: str) -> None:
    """A name is read right whatever the document says its encoding is."""
    if actual.startswith("utf-16") and declared:
        declared = "UTF-16"
    body = status_answer(actual, declared)

    assert read(asking(), body).status == NAME
    assert read(asking(), body, cuts=range(1, len(body))).status == NAME


@given(st.text(st.characters(min_codepoint=0xA0, max_codepoint=0xFF), min_size=1, max_size=8))
def test_latin1_is_read_where_it_is_no_utf8(text: str) -> None:
    """Letters of ISO-8859-1 come back as they are, unless they spell valid UTF-8."""
    raw = b"<" + text.encode("iso-8859-1")
    try:
        expected = raw.decode("utf-8")
    except UnicodeDecodeError:
        expected = None
    stream = Utf8Stream()
    found = (stream.feed(raw) + stream.close()).decode("utf-8")

    assert expected is None or found == expected
    if not any(0xC2 <= byte <= 0xF4 for byte in raw):
        assert found == f"<{text}"


@given(st.binary(max_size=60), st.lists(st.integers(0, 60), max_size=6))
def test_cuts_change_nothing(data: bytes, cuts: list[int]) -> None:
    """Nothing is lost, and valid UTF-8 stays what it is."""
    whole = Utf8Stream()
    expected = whole.feed(data) + whole.close()
    stream = Utf8Stream()
    at = [0, *sorted(cut for cut in cuts if cut < len(data)), len(data)]
    found = b"".join(stream.feed(data[a:b]) for a, b in pairwise(at)) + stream.close()

    assert expected == found
    found.decode("utf-8")


@given(st.text(st.characters(exclude_characters="\0"), max_size=40))
def test_utf8_is_left_alone(text: str) -> None:
    """All of Unicode."""
    data = text.encode("utf-8", "ignore")
    stream = Utf8Stream()

    assert data == stream.feed(data) + stream.close()


def test_bytes_that_no_code_has_are_kept() -> None:
    """Five bytes are none of windows-1252; they stay control characters."""
    stream = Utf8Stream()

    assert "\x81€".encode() == stream.feed(b"\x81\x80") + stream.close()


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
        (b"<\0", "utf-16-le"),
        (b"\0<", "utf-16-be"),
        (b"<?", "utf-8"),
        (b"\xef\xbb", "utf-8"),
        (b"<", "utf-8"),
        (b"", "utf-8"),
    ],
)
def test_utf16_shows_by_two_bytes(head: bytes, encoding: str) -> None:
    """With a mark or without one, either way round."""
    assert encoding == encoding_of(head)


def test_broken_utf16_is_never_read() -> None:
    """A lone half of a pair, or half a character, is nothing that a parser accepts."""
    stream = Utf8Stream()

    assert "<\uffffa\uffff".encode() == stream.feed(b"<\0\0\xd8a\0b") + stream.close()


@pytest.mark.parametrize(
    "before", ["<rv>0</rv>", "<rv>all is well</rv>", "<rv/>", "<rv> \n</rv>", "<rv>x</rv><b>y</b>"]
)
def test_a_return_value_before_the_answer_is_passed_over(before: str) -> None:
    """The part that holds a document is read, whatever it is called and wherever it stands."""
    body = soap(result(item()), part="anything")
    mixed = body.replace(b"<anything>", f"{before}<anything>".encode())

    assert b"<rv" in mixed
    assert read(posting(), mixed).account == "KETTLE1"
    assert read(posting(), mixed, cuts=range(1, len(mixed))).account == "KETTLE1"
    assert b"Body" in in_body("")


def test_a_mark_before_the_inner_document_is_dropped() -> None:
    """Some programs write U+FEFF at the beginning of a text."""
    assert read(posting(), soap("\ufeff" + result(item()))).account == "KETTLE1"


def test_the_way_of_reading_wrong_bytes_is_none_of_writing() -> None:
    """Nothing is ever written by it."""
    with pytest.raises(UnicodeEncodeError):
        "é".encode("ascii", "oro_prima.by_byte")
