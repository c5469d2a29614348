"""The default dialect: Python-Markdown with extra, sane lists and admonitions."""

from __future__ import annotations

import re
import sys
from collections import OrderedDict
from collections.abc import Iterator, KeysView
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.blockprocessors import BlockQuoteProcessor
from markdown.extensions import Extension
from markdown.extensions.abbr import AbbrExtension
from markdown.extensions.admonition import AdmonitionExtension
from markdown.extensions.attr_list import AttrListExtension
from markdown.extensions.def_list import DefListExtension
from markdown.extensions.fenced_code import FencedCodeExtension
from markdown.extensions.footnotes import FootnoteExtension
from markdown.extensions.md_in_html import MarkdownInHtmlExtension
from markdown.extensions.sane_lists import SaneListExtension
from markdown.extensions.tables import TableExtension
from markdown.util import ETX, STX

from generator.markup.nested_fences import NestedFences
from generator.markup.precheck import check_text, too_deep
from generator.markup.shortcuts import take_shortcuts
from generator.markup.typed_attributes import AttributeLists
from generator.markup.typed_blocks import CodeFence, HeadingBlock, TableBlock, UnderlinedHeading, struck_out
from generator.markup.typed_lists import BulletList, IndentedPart, ListBelowText, NumberedList
from generator.registry import MarkdownAddition

FRAMES = 1000
"""The depth of calls allowed below the start of a conversion, so that every process refuses the same texts."""

_PLACEHOLDER = re.compile(f"{STX}[^{STX}{ETX}<>\"']*{ETX}|[{STX}{ETX}]")
_ALERT = re.compile(r"[ ]{0,3}(?:>[ ]?)*\[![A-Za-z]+\]")


class PythonMarkdown:
    """Python-Markdown, with one converter that is reset between texts. Not for two threads at once."""

    name = "markdown"

    def __init__(self, additions: tuple[MarkdownAddition, ...] = (), *, stock: bool = False) -> None:
        """Make a converter. With `stock` it takes no shortcuts."""
        self._additions = additions
        self._stock = stock
        self._converter = _make_converter(additions, stock=stock)

    def to_html(self, text: str) -> str:
        """Convert a text, about 0.4 ms for 450 words. Raises: Refusal if it would take too long."""
        check_text(text)
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(_frames() + FRAMES)
        try:
            _expect_notes_in_notes(self._converter.reset())
            return _without_placeholders(self._converter.convert(text))
        except (Exception, SystemExit) as reason:
            # The old converter may be in the middle of this text: reset() is not enough.
            self._converter = _make_converter(self._additions, stock=self._stock)
            if isinstance(reason, RecursionError):
                raise too_deep() from None
            raise
        finally:
            sys.setrecursionlimit(limit)


class _Names(KeysView[str]):
    """The names of footnotes, including those that are added during the iteration."""

    def __init__(self, notes: _Notes) -> None:
        super().__init__(notes)
        self._notes = notes

    def __iter__(self) -> Iterator[str]:
        seen = set[str]()
        while more := [name for name in self._notes if name not in seen]:
            seen.update(more)
            yield from more


class _Notes(OrderedDict[str, str]):
    """Footnotes of one text. Python-Markdown finds a note inside another only while it iterates over all of them."""

    def keys(self) -> _Names:  # type: ignore[override]
        return _Names(self)


def _expect_notes_in_notes(converter: Markdown) -> None:
    for extension in converter.registeredExtensions:
        if isinstance(extension, FootnoteExtension):
            extension.footnotes = _Notes()


def _without_placeholders(html: str) -> str:
    """Remove Python-Markdown's own placeholders, which stay in the HTML of some broken links."""
    return _PLACEHOLDER.sub("", html) if STX in html or ETX in html else html


def _frames() -> int:
    """Count the frames of the stack."""
    frame, count = sys._getframe(), 0
    while frame := frame.f_back:  # type: ignore[assignment]
        count += 1
    return count


def _make_converter(additions: tuple[MarkdownAddition, ...], *, stock: bool) -> Markdown:
    converter = make_converter()
    if not stock:
        take_shortcuts(converter, alone=not additions)
    add(converter, additions)
    return converter


def add(converter: Markdown, additions: tuple[MarkdownAddition, ...]) -> None:
    """Add the Markdown extensions of our extensions to a converter. Raises: everything that their code raises."""
    for addition in additions:
        given = addition.extension
        extension = given if isinstance(given, str) else given()
        converter.registerExtensions([extension], {given: dict(addition.config)} if isinstance(given, str) else {})


def make_converter() -> Markdown:
    """Make the converter of our dialect, without the shortcuts."""
    converter = Markdown(extensions=_extensions())
    _read_as_typed(converter)
    return converter


def _read_as_typed(converter: Markdown) -> None:
    """Put what reads ordinary typing in the place of Python-Markdown's own."""
    blocks, parser = converter.parser.blockprocessors, converter.parser
    blocks.register(IndentedPart(parser), "indent", 90)
    blocks.register(HeadingBlock(parser), "hashheader", 70)
    blocks.register(UnderlinedHeading(parser), "setextheader", 60)
    blocks.register(TableBlock(parser, {"use_align_attribute": True}), "table", 75)
    blocks.register(NumberedList(parser), "olist", 40)
    blocks.register(BulletList(parser), "ulist", 30)
    blocks.register(_QuoteApart(parser), "quote", 20)
    blocks.register(ListBelowText(parser), "list_below", 12)
    converter.treeprocessors.register(AttributeLists(converter), "attr_list", 8)
    fences = CodeFence(converter, {"lang_prefix": "language-"})
    converter.preprocessors.register(fences, "fenced_code_block", 25)
    converter.preprocessors.register(NestedFences(converter, fences), "nested_fences", 24)
    converter.inlinePatterns.register(struck_out(), "strike", 65)
    converter.ESCAPED_CHARS.append("~")


def _extensions() -> list[Extension]:
    """Make the extensions of our dialect: those that Python-Markdown calls extra, sane_lists and admonition.

    By name, it would search all installed distributions for them: 18 ms in every process.
    """
    return [
        FencedCodeExtension(),
        FootnoteExtension(),
        AttrListExtension(),
        DefListExtension(),
        TableExtension(use_align_attribute=True),
        AbbrExtension(),
        MarkdownInHtmlExtension(),
        SaneListExtension(),
        AdmonitionExtension(),
    ]


class _QuoteApart(BlockQuoteProcessor):
    """Keep `> [!NOTE]` apart from the quotation before or after it: Python-Markdown joins neighbours."""

    _apart = False

    def run(self, parent: Element, blocks: list[str]) -> None:
        self._apart = bool(_ALERT.match(blocks[0]))
        super().run(parent, blocks)

    def lastChild(self, parent: Element) -> Element | None:  # noqa: N802 (the name is Python-Markdown's)
        last = super().lastChild(parent)
        if last is not None and last.tag == "blockquote" and (self._apart or _begins_alert(last)):
            return None
        return last


def _begins_alert(quote: Element) -> bool:
    return len(quote) > 0 and bool(_ALERT.match(quote[0].text or ""))
