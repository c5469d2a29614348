from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import XML, Comment, Element, ProcessingInstruction, QName

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown.blockprocessors import ParagraphProcessor
from markdown.serializers import to_html_string, to_xhtml_string

from generator.markup.precheck import Refusal, check_text, is_risky
from generator.markup.python_markdown import make_converter
from generator.markup.shortcuts import BLOCK_NEEDS, INLINE_NEEDS, FastInline, Guarded, take_shortcuts
from generator.markup.shortcuts_blocks import FastBlocks, is_paragraph, names_of
from generator.markup.shortcuts_links import FastAddress, FastText
from generator.markup.shortcuts_source import FastWhitespace, SourceStep, TreeStep
from generator.markup.shortcuts_writing import make_writer

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
    "](/a_b.html#c)",
    "]( u )",
    "]()",
    '](u"t")',
    "](<u>)",
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
    " ",
    "   ",
    "\t",
    "\r\n",
    "\\",
    "\\\\",
    "{",
    "}",
    "|",
    "a | b\n--|:-:\n1 | `2|3`\n",
    "!!! ",
    "\n\n    more\n",
    "\n: d",
    "\n[^n]: note\n\n    more",
    "[^n]",
    "// Some words",
    "“Quoted”",
    "(1) one",
    "2. two",
    "\x02",
    "\x03",
    "\x0265\x03",
    "<br>",
    "<br />",
    "<p markdown='span' title='a &amp; \\*'>",
    "</p>",
    "<script>a < b</script>",
    "&",
    ">",
    '"',
    "'t'",
    "![a *b*](u 't')",
    "~~~ py {.c}\n",
    "\x0b",
    "\x85",
    "é",
    "Ω",
    "٣. ",
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


@given(TEXTS)
@settings(max_examples=1000, deadline=None)
def test_shortcuts_change_nothing(text: str) -> None:
    assert QUICK.reset().convert(text) == PLAIN.reset().convert(text)


@given(st.lists(TEXTS, min_size=2, max_size=4))
@settings(max_examples=100, deadline=None)
def test_no_text_changes_what_becomes_of_the_next(texts: list[str]) -> None:
    kept = make_converter()
    take_shortcuts(kept)
    for text in texts:
        assert kept.reset().convert(text) == PLAIN.reset().convert(text)


@given(
    st.text(st.sampled_from('aé1 *_-=+.:)>#|[]!^\n"“(`~\x02'), max_size=14),
    st.sampled_from(["", "a", "*a"]),
    st.sampled_from(["", "- a", "a", "!!! note\n    a", "1. a\n\n    b", "    code", "t\n: d"]),
)
@settings(max_examples=3000, deadline=None)
def test_what_is_taken_for_a_paragraph_no_other_processor_wants(text: str, head: str, before: str) -> None:
    block = head + text.replace("\n\n", "\n")
    if not is_paragraph(block):
        return
    parser = PLAIN.reset().parser
    parent = Element("div")
    parser.parseBlocks(parent, before.split("\n\n"))
    for processor in parser.blockprocessors:
        blocks = [block]
        if not isinstance(processor, ParagraphProcessor):
            assert not (processor.test(parent, block) and processor.run(parent, blocks) is not False), processor
            assert blocks == [block]


@pytest.mark.parametrize(
    "text", ["Some words", "*Some* words\nand _more_", "“Quoted” [link](/x)", "`code` and 3.5 – no"]
)
def test_plain_words_are_taken_for_a_paragraph(text: str) -> None:
    assert is_paragraph(text)


def test_shortcuts_change_nothing_in_real_posts(samples: Path) -> None:
    files = sorted(samples.rglob("*.md"))
    assert len(files) > 800
    for file in files:
        if is_risky(file.read_bytes()):
            continue  # for a process that can be ended: some versions of Python-Markdown take minutes
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
    assert {name for name, needed in INLINE_NEEDS.items() if needed != "*_"} <= {
        name for name in INLINE_NEEDS if name in QUICK.inlinePatterns
    }
    assert isinstance(QUICK.treeprocessors["inline"], FastInline)
    for name in ("link", "image_link", "reference", "image_reference", "short_reference", "short_image_ref"):
        assert isinstance(QUICK.inlinePatterns[name].getText, FastText)  # type: ignore[attr-defined]
    for name in ("link", "image_link"):
        assert isinstance(QUICK.inlinePatterns[name].getLink, FastAddress)  # type: ignore[attr-defined]
    for name in BLOCK_NEEDS:
        assert isinstance(QUICK.parser.blockprocessors[name].RE, Guarded)  # type: ignore[attr-defined]
    assert isinstance(QUICK.parser.parseBlocks, FastBlocks)
    assert isinstance(QUICK.preprocessors["normalize_whitespace"], FastWhitespace)
    assert all(isinstance(QUICK.preprocessors[name], SourceStep) for name in ("fenced_code_block", "html_block"))
    assert all(isinstance(QUICK.treeprocessors[name], TreeStep) for name in ("attr_list", "unescape"))
    assert QUICK.serializer not in (to_html_string, to_xhtml_string)


def test_beside_extensions_of_others_few_shortcuts_are_taken() -> None:
    converter = make_converter()
    take_shortcuts(converter, alone=False)
    assert not isinstance(converter.parser.parseBlocks, FastBlocks)
    assert not isinstance(converter.preprocessors["html_block"], SourceStep)
    assert converter.serializer is to_xhtml_string


def test_a_parser_with_another_processor_is_left_alone() -> None:
    converter = make_converter()
    assert names_of(converter.parser)[-1] == "paragraph"
    converter.parser.blockprocessors.register(ParagraphProcessor(converter.parser), "other", 11)
    assert names_of(converter.parser) == []


@pytest.mark.parametrize(
    "tree",
    [
        '<div a="1" B="&lt;&quot;">a &amp; b<br class="c" />c<script>x</script>&lt;i&gt;</div>',
        "<div><img>held by an empty element</img>tail</div>",
        "<Div />",
    ],
)
def test_a_tree_is_written_as_by_python_markdown(tree: str) -> None:
    assert make_writer()(XML(tree)) == to_xhtml_string(XML(tree))


def test_comments_and_qualified_names_are_written_by_python_markdown_itself() -> None:
    root = Element("div", {"a": "b"})
    root.extend([Comment("c"), Element(QName("{u}x")), ProcessingInstruction("p"), Element("p", {QName("q"): "v"})])  # type: ignore[dict-item]
    assert make_writer()(root) == to_xhtml_string(root)
