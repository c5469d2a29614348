"""Write a picture or a link in Markdown, or in HTML inside an HTML block."""

from __future__ import annotations

import re
from bisect import bisect_right
from html import escape
from urllib.parse import quote

from generator.importers.captions import Caption
from generator.importers.marks import BLOCK

_BLOCK = re.compile(
    r"<(?P<end>/?)(?P<name>address|article|aside|blockquote|center|details|div|dl|dd|dt|figure|figcaption|footer|header|"
    r"h[1-6]|li|main|nav|ol|p|section|table|tbody|td|th|thead|tr|ul)(?=[\s/>])",
    re.IGNORECASE,
)
_TEXT_BEFORE = re.compile(rf"^(?P<indent>[ \t>]*)[^\s>][^\n]*\n(?=[ \t>]*{BLOCK}[^\n]*$)", re.MULTILINE)
_TEXT_AFTER = re.compile(rf"^(?P<indent>[ \t>]*){BLOCK}[^\n]*\n(?=[ \t>]*[^\s>])", re.MULTILINE)
_ENTITY = re.compile(r"&(?=#?\w+;)")
_ESCAPE = re.compile(r"\\(?=[!-/:-@\[-`{-~])")
_MAY_STAY_OPEN = frozenset(("dd", "dt", "li", "p", "tbody", "td", "th", "thead", "tr"))


def format_picture(src: str, alt: str, caption: Caption | None = None, *, link: str = "", html: bool = False) -> str:
    """Write a picture, in a link if there is one; with a caption, alone in its paragraph, it becomes a figure.

    A caption with markup makes a figure in HTML, as a title in Markdown is plain text.
    """
    caption = caption or Caption()
    src, alt = _address(src), " ".join(alt.split())
    if html or caption.rich:
        image = f'<img src="{escape(src)}" alt="{escape(alt)}">'
        image = f'<a href="{escape(_address(link))}">{image}</a>' if link else image
        figure = f"<figure>{image}<figcaption>{caption.html}</figcaption></figure>"
        return f"{'' if html else BLOCK}{figure}" if caption.words else image
    title = f' "{_title(caption.words)}"' if caption.words else ""
    image = f"![{_label(alt)}]({src}{title})"
    return f"[{image}]({_address(link)})" if link else image


def set_blocks_off(text: str) -> str:
    """Set the HTML blocks that tags made off from the lines around them, and take their marks away."""
    if BLOCK not in text:
        return text
    text = _TEXT_BEFORE.sub(r"\g<0>\g<indent>\n", text)
    return _TEXT_AFTER.sub(r"\g<0>\g<indent>\n", text).replace(BLOCK, "")


def format_link(url: str, words: str, *, html: bool = False) -> str:
    """Write a link."""
    if html:
        return f'<a href="{escape(_address(url))}">{escape(words)}</a>'
    return f"[{_label(words)}]({_address(url)})"


class HtmlBlocks:
    """The positions of the raw HTML blocks in a Markdown text."""

    def __init__(self, text: str) -> None:
        self._starts: list[int] = []
        self._depths: list[int] = []
        open_: list[str] = []
        for match in _BLOCK.finditer(text) if "<" in text else ():
            name = match["name"].lower()
            if not match["end"]:
                open_.append(name)
            elif name in open_[-50:]:
                while open_.pop() != name:
                    pass
            self._starts.append(match.start())
            self._depths.append(
                sum(1 for each in open_[:20] if each not in _MAY_STAY_OPEN) or int(open_[-1:] == [name])
            )

    def within(self, at: int) -> bool:
        """Return True if a position is in an HTML block, where Markdown does not work."""
        number = bisect_right(self._starts, at)
        return number > 0 and self._depths[number - 1] > 0


def _address(url: str) -> str:
    """Encode characters that would end an address early, except in existing escapes and in our marks."""
    return quote(url.strip(), safe="%/:=&?~#+!$,;'@*._-{}|[]\x02\x03" + "".join(_letters(url)))


def _letters(url: str) -> set[str]:
    return {char for char in url if ord(char) > 127 and char.isprintable() and not char.isspace()}


def _title(words: str) -> str:
    """Write words so that they are read as they are between double quotes."""
    return _ESCAPE.sub(r"\\\\", _ENTITY.sub("&amp;", words)).replace('"', "&quot;")


def _label(words: str) -> str:
    return re.sub(r"([\\\[\]])", r"\\\1", " ".join(words.split()))
