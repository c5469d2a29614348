"""Markdownify, with what our dialects and themes need: anchors, players and small marks stay HTML.

Only `writer` imports this module, because it needs the extra `import`.
"""

from __future__ import annotations

import re
from html import escape
from typing import Any

from markdownify import MarkdownConverter

_LANGUAGE = re.compile(r"\blanguage-([\w+#-]+)")
_KEPT = ("title", "cite", "datetime", "id")


class BlockWriter(MarkdownConverter):  # type: ignore[misc, unused-ignore]
    """Writes a block. Its methods are named after the elements, as markdownify wants it."""

    def __init__(self, careful: bool) -> None:
        super().__init__(
            heading_style="atx",
            bullets="-",
            bs4_options="lxml",
            code_language_callback=_language,
            escape_misc=careful,
        )

    def convert_a(self, el: Any, text: str, parent_tags: Any) -> str:
        """Write a link; an anchor stays as it is."""
        if not el.get("href"):
            return f'<a id="{escape(el.get("id", ""))}"></a>{text}' if el.get("id") else text
        if not text.strip() or "_noformat" in parent_tags:
            return text
        title = _title(el.get("title"))
        before = text[: len(text) - len(text.lstrip())] and " "
        after = text[len(text.rstrip()) :] and " "
        if not title and text.strip().replace("\\_", "_").replace("\\*", "*") == el["href"]:
            return f"{before}<{el['href']}>{after}"
        return f"{before}[{text.strip()}]({_url(el['href'])}{title}){after}"

    def convert_img(self, el: Any, text: str, parent_tags: Any) -> str:
        """Write a picture, also in headings and cells."""
        alt = re.sub(r"([\\\[\]])", r"\\\1", " ".join(el.get("alt", "").split()))
        return f"![{alt}]({_url(el.get('src', ''))}{_title(el.get('title'))})"

    def convert_li(self, el: Any, text: str, parent_tags: Any) -> str:
        """Write an item; what is below it is indented by four columns, which both dialects read."""
        mark = "-"
        if el.parent is not None and el.parent.name == "ol":
            start = str(el.parent.get("start", "1"))
            mark = f"{(int(start) if start.isdigit() else 1) + len(el.find_previous_siblings('li'))}."
        lines = (text or "").strip().split("\n")
        return "\n".join([f"{mark} {lines[0]}", *(f"    {line}" if line else "" for line in lines[1:])]) + "\n"

    def convert_video(self, el: Any, text: str, parent_tags: Any) -> str:
        """Keep a player."""
        return str(el)

    def keep(self, el: Any, text: str, parent_tags: Any) -> str:
        """Keep an element that Markdown has no signs for."""
        written = "".join(f' {name}="{escape(value)}"' for name, value in el.attrs.items() if name in _KEPT)
        return f"<{el.name}{written}>{text}</{el.name}>" if text.strip() else text

    convert_audio = convert_video
    convert_u = convert_mark = convert_small = convert_cite = convert_abbr = convert_q = convert_ins = keep
    convert_del = convert_kbd = convert_sub = convert_sup = convert_samp = convert_var = convert_dfn = keep
    convert_time = keep


def _url(address: str) -> str:
    for sign, code in ((" ", "%20"), ("(", "%28"), (")", "%29"), ("<", "%3C"), (">", "%3E")):
        address = address.strip().replace(sign, code)
    return address


def _title(words: Any) -> str:
    text = " ".join(str(words or "").split()).replace("\\", "\\\\").replace('"', "&quot;")
    return f' "{text}"' if text else ""


def _language(pre: Any) -> str:
    for element in (pre, *pre.find_all("code")):
        match = _LANGUAGE.search(" ".join(element.get("class", [])))
        if match:
            return match[1]
    return ""
