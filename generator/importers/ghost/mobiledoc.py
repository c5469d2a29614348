"""Write a text in Mobiledoc, Ghost's older format, as HTML.

Source: Mobiledoc 0.3.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from generator.importers.ghost.cards import write_card

_TAGS = frozenset((
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "aside", "pull-quote", "ul", "ol", "strong", "b", "em", "i",
    "code", "a", "s", "u", "sub", "sup", "mark", "del",
))  # fmt: skip


def write_mobiledoc(document: Mapping[str, Any]) -> tuple[str, list[str]]:
    """Write the text; also return the names of cards that we do not know. Raises: ValueError if it is malformed."""
    try:
        sections = [_section(each, document) for each in document.get("sections", ())]
    except (TypeError, IndexError, KeyError, AttributeError) as fault:
        raise ValueError("The text is not Mobiledoc.") from fault
    return "\n".join(html for html, _ in sections), [name for _, name in sections if name]


def _section(section: Any, document: Mapping[str, Any]) -> tuple[str, str]:
    kind = section[0]
    if kind == 1:
        tag = section[1].lower()
        tag = "blockquote" if tag in ("pull-quote", "aside") else tag if tag in _TAGS else "p"
        return f"<{tag}>{_markers(section[2], document)}</{tag}>", ""
    if kind == 2:
        return f'<p><img src="{escape(str(section[1]))}" alt=""></p>', ""
    if kind == 3:
        tag = "ol" if section[1].lower() == "ol" else "ul"
        return f"<{tag}>{''.join(f'<li>{_markers(item, document)}</li>' for item in section[2])}</{tag}>", ""
    name, payload = document["cards"][section[1]][:2]
    html = write_card(name, payload if isinstance(payload, Mapping) else {})
    return html or "", name if html is None else ""


def _markers(markers: Any, document: Mapping[str, Any]) -> str:
    out: list[str] = []
    open_: list[str] = []
    for kind, opened, closed, value in markers:
        for number in opened:
            markup = document["markups"][number]
            tag = markup[0].lower() if markup[0].lower() in _TAGS else "span"
            open_.append(tag)
            values = dict(zip(markup[1][::2], markup[1][1::2], strict=False)) if len(markup) > 1 else {}
            out.append(f'<a href="{escape(str(values.get("href", "")))}">' if tag == "a" else f"<{tag}>")
        if kind == 0:
            out.append(escape(str(value), quote=False))
        else:
            atom = document["atoms"][value]
            out.append("<br>" if atom[0] == "soft-return" else escape(str(atom[1]), quote=False))
        out += [f"</{open_.pop()}>" for _ in range(min(closed, len(open_)))]
    return "".join(out) + "".join(f"</{tag}>" for tag in reversed(open_))
