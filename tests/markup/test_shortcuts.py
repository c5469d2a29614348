from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.markup.precheck import Refusal, check_text
from generator.markup.python_markdown import make_converter
from generator.markup.shortcuts import BLOCK_NEEDS, INLINE_NEEDS, Guarded, QuickInline, take_shortcuts

PLAIN, QUICK = make_converter(), make_converter()
take_shortcuts(QUICK)
PIECES = [
    "word",
    "*",
    "**",
    "_",
    "`",
    "``",
    "[",
    "]",
    "(",
    ")",
    "![",
    "](u)",
    "][r]",
    "[^1]",
    "[^1]: note",
    "*[AB]: x",
    "AB",
    "<b>",
    "</b>",
    "<http://e.example>",
    "<a@e.example>",
    "&amp;",
    "&#65;",
    "\\*",
    "  \n",
    "\n",
    "\n\n",
    "> ",
    ">",
    "# ",
    "## ",
    "#",
    "- ",
    "1. ",
    "    ",
    ": ",
    ":   ",
    "!!! note",
    '!!! tip "t"',
    "{#id}",
    "{: .c }",
    "a\n-\n",
    "a\n=\n",
    "a",
    "b\n-\\",
    "-\n1\\",
    "2\n",
    "---",
    "***",
    "[r]: u",
    "```\n",
    "~~~\n",
    "<div>\n",
    "</div>\n",
    '<div markdown="1">\n',
    "<!-- c -->",
    "> [!NOTE]\n",
]


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
@settings(max_examples=400, deadline=None)
def test_shortcuts_change_nothing(text: str) -> None:
    assert QUICK.reset().convert(text) == PLAIN.reset().convert(text)


def test_shortcuts_change_nothing_in_real_posts(samples: Path) -> None:
    files = sorted((samples / "blogs").rglob("*.md"))
    assert files
    for file in files[::7]:
        text = file.read_text(encoding="utf-8", errors="replace")
        assert QUICK.reset().convert(text) == PLAIN.reset().convert(text), file.name


def test_shortcuts_change_nothing_in_the_examples_of_commonmark(samples: Path) -> None:
    for example in commonmark_examples(samples):
        assert QUICK.reset().convert(example) == PLAIN.reset().convert(example)


def commonmark_examples(samples: Path) -> list[str]:
    text = (samples / "markdown/commonmark-spec.txt").read_text(encoding="utf-8")
    fence = "`" * 32
    parts = text.split(f"{fence} example\n")[1:]
    return [part.split("\n.\n", 1)[0].replace("→", "\t") for part in parts]


def test_every_example_of_commonmark_makes_a_body(samples: Path, body_of) -> None:  # type: ignore[no-untyped-def]
    examples = commonmark_examples(samples)
    assert len(examples) > 600
    for example in examples:
        try:
            check_text(example)
        except Refusal:
            pytest.fail(f"refused: {example!r}")
        body_of(example)


def test_every_shortcut_is_taken() -> None:
    assert all(name in QUICK.inlinePatterns for name in INLINE_NEEDS)
    assert isinstance(QUICK.treeprocessors["inline"], QuickInline)
    for name in BLOCK_NEEDS:
        assert isinstance(QUICK.parser.blockprocessors[name].RE, Guarded)  # type: ignore[attr-defined]
