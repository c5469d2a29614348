"""Make paragraphs where WordPress made them: of the blank lines in a text of its classic editor."""

from __future__ import annotations

import re

_BLOCKS = (
    "address|article|aside|blockquote|caption|center|col|colgroup|dd|details|div|dl|dt|fieldset|figcaption|figure|footer|"
    "form|h[1-6]|header|hr|iframe|li|main|menu|nav|noscript|object|ol|p|pre|section|summary|table|tbody|td|tfoot|th|thead|"
    "tr|ul|video|audio"
)
_SPLIT = re.compile(
    rf"(?is)(<(?:pre|script|style|textarea)\b.*?</(?:pre|script|style|textarea)\s*>|<!--.*?-->|</?(?:{_BLOCKS})\b[^<>]*>)"
)
_NAME = re.compile(r"(?i)</?([a-z0-9]+)")
_VOID = frozenset(("hr", "col"))
_PARAGRAPHS_IN = frozenset(
    ("", "div", "blockquote", "section", "article", "aside", "center", "details", "main", "header", "footer", "form")
)
_NEVER_IN = frozenset(
    (
        "ul",
        "ol",
        "dl",
        "table",
        "tbody",
        "thead",
        "tfoot",
        "tr",
        "colgroup",
        "menu",
        "video",
        "audio",
        "object",
        "noscript",
    )
)
_BLANK = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


def add_paragraphs(text: str) -> str:
    """Add `<p>` and `<br>` to a text whose paragraphs are set off by blank lines."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    out: list[str] = []
    open_: list[str] = []
    for part in _SPLIT.split(text):
        match = _NAME.match(part) if part.startswith("<") else None
        if match is None and not part.startswith("<!--"):
            out.append(_run(part, open_[-1] if open_ else ""))
            continue
        out.append(part)
        if match is None:
            continue
        name = match[1].lower()
        if name in ("script", "style", "pre", "textarea") and part.endswith(">") and "</" in part:
            continue
        _follow(open_, name, closes=part.startswith("</"), alone=part.endswith("/>"))
    return "".join(out)


def _follow(open_: list[str], name: str, *, closes: bool, alone: bool) -> None:
    if closes:
        if name in open_:
            while open_.pop() != name:
                pass
    elif name not in _VOID and not alone:
        if open_ and open_[-1] == name and name in ("p", "li", "td", "tr", "dt", "dd"):
            open_.pop()  # the end tag was left out
        open_.append(name)


def _run(text: str, within: str) -> str:
    """Make the paragraphs of a run of words inside the element `within` ("" for none)."""
    if not text.strip() or within in _NEVER_IN:
        return text
    parts = [part.strip("\n ") for part in _BLANK.split(text) if part.strip()]
    if within in _PARAGRAPHS_IN or (len(parts) > 1 and within in ("li", "td", "th", "dd", "figcaption")):
        return "\n".join(f"<p>{_lines(part)}</p>" for part in parts)
    return _lines(text) if within != "p" else "</p><p>".join(_lines(part) for part in parts)


def _lines(text: str) -> str:
    lead = "" if text[:1] != "\n" else "\n"
    tail = "" if text[-1:] != "\n" else "\n"
    return lead + re.sub(r"(?<!<br>)(?<!<br/>)(?<!<br />)[ \t]*\n[ \t]*", "<br>\n", text.strip("\n")) + tail
