from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.content.read import MAX_SOURCE_BYTES, decode_source, read_source
from generator.errors import ContentError


def refusal(data: bytes) -> str:
    with pytest.raises(ContentError) as caught:
        decode_source("a.md", data)
    return str(caught.value)


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert decode_source("a.md", b"\xef\xbb\xbf---\n") == "---\n"


def test_every_line_ending_becomes_one() -> None:
    assert decode_source("a.md", b"a\r\nb\rc\n") == "a\nb\nc\n"


def test_control_characters_are_removed_and_tabs_kept() -> None:
    assert decode_source("a.md", b"a\x08b\tc\x1b\x0c\x7f\xef\xbf\xbf") == "ab\tc"


def test_latin_1_is_refused_with_its_byte_line_and_column() -> None:
    said = refusal("---\ntitle: Café\n".encode("latin-1"))
    assert said.startswith("a.md:2:11 error: Byte 15 of the file (0xE9) is not UTF-8")
    assert "Latin-1" in said


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_other_unicode_encodings_are_refused_by_name(encoding: str) -> None:
    assert encoding.upper()[:6] in refusal("---\ntitle: x\n".encode(encoding))


def test_nul_is_refused_where_it_stands() -> None:
    assert refusal(b"abc\nde\0f").startswith("a.md:2:3 error: Byte 7")


def test_a_missing_file_is_a_problem_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"content/a\.md error: The file cannot be read: No such file"):
        read_source(tmp_path / "a.md", "content/a.md")


def test_a_folder_is_not_read(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="cannot be read"):
        read_source(tmp_path, "content/a.md")


def test_a_long_file_is_read_whole(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    data = bytes(range(256)) * 1000 + b"end"
    file.write_bytes(data)
    assert read_source(file, "a.md") == data


def test_a_file_of_the_largest_size_is_read(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    with file.open("wb") as stream:
        stream.truncate(MAX_SOURCE_BYTES)
    assert len(read_source(file, "a.md")) == MAX_SOURCE_BYTES


def test_a_huge_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    with file.open("wb") as stream:
        stream.truncate(MAX_SOURCE_BYTES + 1)
    with pytest.raises(ContentError, match="larger than 8 MB"):
        read_source(file, "a.md")


@given(st.binary(max_size=200))
@settings(deadline=None)
def test_any_bytes_are_text_or_a_problem(data: bytes) -> None:
    try:
        text = decode_source("a.md", data)
    except ContentError:
        return
    assert "\r" not in text
    assert "\0" not in text
    text.encode()
