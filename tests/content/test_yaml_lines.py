"""Front matter of simple lines: read without a YAML parser, and read the same by one."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.content.meta import NAMESPACE, path_id
from generator.content.yaml_lines import read_lines
from generator.content.yaml_reader import read_yaml
from tests.fuzz.strategies import FRONT, pieced

_WORDS = ["a", "a b", "a  b", "true", "no", "12:30", "1:2", "a:1", "2024-01-01T10:00:00Z", "2024-01-01 10:00 +02:00"]
_WORDS += [
    "/a/b",
    "1.10",
    "é",
    "a # b",
    "a#b",
    "a: b",
    "- a",
    "-1",
    "~",
    "<<",
    "=",
    "?",
    "a/",
    "...",
    "---",
    "a]",
    "a,b",
]
_WORDS += ["a_b", "_a", "*a", "&a b", "!x", ">", "|", "%a", "@a", "", " ", "a\n b"]
_QUOTED = ['"a b"', '"it\'s"', '""', '"é — x"', '"a\\n"', '"a" ', "'a'", "'a''b'", "'a\xa0b'", '"a: b"']
_FLOW = ["[a, b]", '["a", b c]', "[]", "[a,b]", "[a: b]", "[1:2, 'a']", '["a":1]', "[a", "{a: b}", '{"a": "b", c: d}']
_FLOW += ["{a: b, a: c}", "{}", '{"<<": b}', "{a: 'b'}"]
_LISTS = [
    "\n- a",
    '\n- "a"\n- b c',
    "\n  - a\n  - b",
    "\n  - a\n - b",
    "\n- a: b",
    "\n-  a",
    "\n- a\n\n- b",
    "\n- - a",
    "\n-",
]
_KEYS = ["title: ", "date: ", "tags:", "a_b: ", "a: ", "B: ", "é: ", "<<: ", "a:", " a: ", "- ", ""]
_ENDS = ["\n"] * 8 + ["", "\n\n", " \n", " # c\n", "\t\n", "\r\n"]
LINES = st.lists(
    st.tuples(*map(st.sampled_from, (_KEYS, _WORDS + _QUOTED + _FLOW + _LISTS, _ENDS))).map("".join), max_size=5
).map("".join)


def holds(text: str) -> bool:
    """Hold that a text of simple lines makes the same tree, key by key; tell whether it is one."""
    table = read_lines(text, 2)
    if table is None:
        return False
    other = read_yaml("a.md", text, 2, 10_000)
    assert table == other
    assert list(table.entries) == list(other.entries)
    return True


@given(st.one_of(LINES, pieced(FRONT)))
@settings(max_examples=2000, deadline=None)
def test_what_is_read_is_what_a_parser_reads(text: str) -> None:
    holds(text)


@pytest.mark.parametrize("value", ["a", '"a: b"', "'a'", "2024-01-01T10:00:00Z", '["a", b c]', "[]", '{"a": "b"}'])
def test_what_is_usual_is_read(value: str) -> None:
    assert holds(f"\ntitle: {value}\nlist:\n  - a\n  - 'b'\nseries:\nother: {value}\n")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "a",
        "a: b",
        "a: b\na: c\n",
        "a: {b: c, b: d}\n",
        "a: |\n b\n",
        "a: b # c\n",
        "a: 'b''c'\n",
        "a:\n b\n",
        "a: x\x85y\n",
    ],
)
def test_everything_else_is_left_to_the_parser(text: str) -> None:
    assert read_lines(text, 1) is None


@pytest.mark.slow
def test_real_front_matter_is_read_as_a_parser_reads_it(samples: Path) -> None:
    files = sorted((samples / "blogs").rglob("*.md"))
    fronts = [file.read_text("utf-8", "replace").partition("---\n")[2].partition("---\n")[0] for file in files]
    assert sum(map(holds, fronts)) > 200


@given(st.text(st.characters(codec="utf-8"), max_size=30))
def test_the_id_of_a_path_is_a_uuid_of_version_5(path: str) -> None:
    assert path_id(path) == str(uuid.uuid5(NAMESPACE, path))
