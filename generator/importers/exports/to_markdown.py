"""Turn the HTML of a post into Markdown where Markdown can say it, and prove that nothing was lost.

Each block is written as Markdown, rendered as a build does, and compared with the original. A block that would not be
the same stays HTML.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from generator.importers.exports.figures import write_figure
from generator.importers.exports.frames import frames_for_objects
from generator.importers.exports.reduce import Reduced, reduce_html
from generator.importers.exports.tidy import tidy_html
from generator.importers.exports.top_blocks import is_more, split_blocks
from generator.importers.exports.trees import parse_fragment, write_element
from generator.importers.exports.writer import write_markdown
from generator.importers.html_blocks import lay_out_html
from generator.markup.body import clean_html, make_html
from generator.markup.characters import MORE as MARK
from generator.markup.precheck import Refusal
from generator.markup.sanitise import NOT_PUBLISHED
from generator.markup.settings import MarkupSettings
from generator.markup.written_html import find_elements

_PLAIN = re.compile(r"[\w ,;’‘“”…–—?%/é'\"-]*[\w ,;:.’‘“”…–—!?%/'\"()-]*")
_AT_START = re.compile(r"\s*(?:[-+*#>=~|:]|\d+[.)]|[A-Za-z]+://)")
MORE = "<!--more-->"
_PULL_QUOTE = "> [!PULLQUOTE]\n"


@dataclass(frozen=True, slots=True)
class MarkdownText:
    """A converted text; `html` is the tidy original, `lost` says what differs, "" if nothing does.

    `removed` are the names of elements of the original that no page has: scripts, forms, drawings.
    """

    text: str
    html: str
    lost: str = ""
    removed: tuple[str, ...] = ()


def to_markdown(html: str, settings: MarkupSettings) -> MarkdownText:
    """Convert a post's HTML."""
    tidy = tidy_html(html)
    if not tidy.strip():
        return MarkdownText("", "", "", _removed(html))
    blocks = split_blocks(parse_fragment(tidy))
    made = [_Block(block, settings) for block in blocks]
    text = _join(made)
    original = reduce_html("".join(block.html for block in made))
    if _render(text, settings) != original:
        for block in made:
            block.prove()
        text = _join(made)
        if _render(text, settings) != original:
            for block in made:
                block.keep_html()
            text = _join(made)
    return MarkdownText(text, tidy, _difference(reduce_html(tidy), _render(text, settings)), _removed(html))


def _removed(html: str) -> tuple[str, ...]:
    """List the elements that sanitising takes out, each once; objects that show a film are frames by then."""
    names = (element.name for element in find_elements(frames_for_objects(html), html=True))
    return tuple(dict.fromkeys(name for name in names if name in NOT_PUBLISHED))


class _Block:
    """A block and its text."""

    def __init__(self, node: Any, settings: MarkupSettings) -> None:
        self._settings = settings
        self.name: str = node.tag
        self.more = is_more(node)
        self._before = _PULL_QUOTE if self.name == "blockquote" and node.get("class") == "pullquote" else ""
        self.html = "" if self.more else write_element(node)
        self.text = MORE if self.more else self._write(node)

    def _write(self, node: Any) -> str:
        if self.name == "p" and not len(node) and _is_plain(node.text or ""):
            return " ".join((node.text or "").split())
        if self.name == "figure":
            return write_figure(node) or self._as_html()
        if self.name in ("details", "dl", "audio", "video", "div", "section", "article", "aside", "address"):
            return self._as_html()
        return self._markdown(careful=False)

    def _markdown(self, *, careful: bool) -> str:
        return f"{self._before}{write_markdown(self.html, careful=careful)}"

    def prove(self) -> None:
        """Write the block so that it renders as the original: plainly, else with all signs escaped, else in HTML."""
        wanted = reduce_html(self.html)
        if self.more or _render(self.text, self._settings) == wanted:
            return
        if self.name != "figure":
            self.text = self._markdown(careful=True)
            if _render(self.text, self._settings) == wanted:
                return
        self.keep_html()

    def keep_html(self) -> None:
        """Write the block as HTML."""
        if not self.more:
            self.text = self._as_html()

    def _as_html(self) -> str:
        return lay_out_html(self.html)[0]


def _join(blocks: list[_Block]) -> str:
    """Join the texts; a comment between two lists keeps them apart."""
    parts: list[str] = []
    before = ""
    for block in blocks:
        if block.name in ("ul", "ol") and before in ("ul", "ol"):
            parts.append("<!-- -->")
        parts.append(block.text)
        before = block.name
    return "\n\n".join(part for part in parts if part.strip())


def _is_plain(text: str) -> bool:
    return bool(text.strip()) and _PLAIN.fullmatch(text.replace("\n", " ")) is not None and not _AT_START.match(text)


def _render(text: str, settings: MarkupSettings) -> Reduced:
    try:
        return reduce_html(clean_html(make_html(text.replace(_PULL_QUOTE, ""), settings), settings).replace(MARK, ""))
    except Refusal:
        return Reduced("")


def _difference(wanted: Reduced, found: Reduced) -> str:
    """Name what differs, for the report."""
    if wanted.words != found.words:
        at = next(
            (n for n, (a, b) in enumerate(zip(wanted.words, found.words, strict=False)) if a != b),
            min(len(wanted.words), len(found.words)),
        )
        return f'The words differ at "{wanted.words[max(0, at - 20) : at + 40]}".'
    for name, old, new in (("links", wanted.links, found.links), ("pictures", wanted.pictures, found.pictures)):
        if old != new:
            missing = [each for each in old if each not in new]
            return f"The {name} differ: {', '.join(f'`{each}`' for each in missing[:3]) or 'in their order'}."
    return ""
