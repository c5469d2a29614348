"""Addresses that stand in a text as they are, `https://…`, `www.…` and `name@…`: they become links.

In the source, an address that holds signs of Markdown is put away, so that no engine reads `/_a_/` as stress. In the
sanitised HTML, what is in no link and no code is made one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from generator.markup.tokens import TAG, escape

_NOT_IN_URL = r"\s<>\"`|\\\[\]{}^“”„‘’‚«»‹›…—–。，、；：？！（）「」『』【】《》\ufdd0-\ufdef\u00ad\u200b"
_WEB = rf"(?:https?://|www\.(?=[a-z0-9]))[^{_NOT_IN_URL}]+"
_MAIL = (
    r"(?<![a-z0-9._%+/@=-])[a-z0-9](?:[a-z0-9._%+-]{0,62}[a-z0-9_+-])?@"
    r"(?:[a-z0-9-]{1,63}\.)+[a-z]{2,24}(?![\w@-])"
)
_BARE = re.compile(rf"(?<![a-z0-9_./@-])(?:{_WEB})|{_MAIL}", re.IGNORECASE)
_FROM_HERE = re.compile(_WEB, re.IGNORECASE)
_START = re.compile(r"://|www\.", re.IGNORECASE)
_RISKY = re.compile(r"[^\s<>\"*_~]*[*_~]")
_HOST = re.compile(r"https?://[^\W_]|www\.(?:[a-z0-9-]+\.)+[a-z]{2,24}(?![\w-])", re.IGNORECASE)
_MAX_CHARS = 2000
"""The longest address that becomes a link: a browser takes no longer ones."""

_TRAIL = re.compile(r"(?:&(?:[a-z]+|#\d+);|[?!.,:;*_~'\")])$", re.IGNORECASE)
_NBSP = ("&nbsp;", "&lt;", "&gt;", "&quot;")

_AWAY, _BACK = "\ufdd3", "\ufdd4"
_PUT_AWAY = re.compile(f"(?:{_AWAY}|%EF%B7%93)([0-9]+)(?:{_BACK}|%EF%B7%94)")
_SIGNS = re.compile("[*_~]")

_VERBATIM = frozenset(("a", "code", "pre", "kbd", "samp", "tt"))


def put_away(text: str) -> tuple[str, list[str]]:
    """Put a mark in the place of each address that holds signs of Markdown; give the text and what was put away."""
    has_abbreviations = "*[" in text
    if not (has_abbreviations or _is_risky(text, "://") or _is_risky(text, "ww.")):
        return text, []
    kept: list[str] = []
    pieces: list[str] = []
    done = 0
    for found in _START.finditer(text):
        start = _begin(text, found)
        if start < done:
            continue
        run = _FROM_HERE.match(text, start)
        if run is None or len(run[0]) > _MAX_CHARS or not (has_abbreviations or _SIGNS.search(run[0])):
            continue
        address = _trimmed(run[0])
        if not (has_abbreviations or _SIGNS.search(address)) or text[max(start - 1, 0) : start] in ("<", "["):
            continue
        pieces += (text[done:start], f"{_AWAY}{len(kept)}{_BACK}")
        kept.append(address)
        done = start + len(address)
    return ("".join([*pieces, text[done:]]), kept) if kept else (text, kept)


def _is_risky(text: str, sign: str) -> bool:
    """Return True if an address with this sign may hold signs of Markdown."""
    at = text.find(sign)
    while at >= 0:
        if _RISKY.match(text, at + 3):
            return True
        at = text.find(sign, at + 3)
    return False


def _begin(text: str, found: re.Match[str]) -> int:
    """Find where the address begins: its scheme stands before `://`."""
    start = found.start()
    if found[0] != "://":
        return start
    for scheme in (5, 4):
        if text[max(start - scheme, 0) : start].lower() in ("http", "https"):
            return start - scheme
    return start


def bring_back(html: str, kept: list[str]) -> str:
    """Put the addresses back into the HTML that an engine made."""
    if not kept:
        return html
    return _PUT_AWAY.sub(lambda match: kept[int(match[1])].replace("&", "&amp;"), html)


def has_bare(html: str, tags: str) -> bool:
    """Return True if the text of some HTML may have an address. `tags` are its tags with attributes."""
    return any(sign in html and html.count(sign) > tags.count(sign) for sign in ("://", "@", "ww."))


def link_bare(html: str, seen: Callable[[str], Any], attributes: str = "") -> str:
    """Make links of the bare addresses in sanitised HTML. `seen` is given each, as a reader sees it."""
    parts = TAG.split(html)
    verbatim = 0
    for n, part in enumerate(parts):
        if n % 2:
            name = part[1:-1].partition(" ")[0]
            if name in _VERBATIM:
                verbatim += 1
            elif name[0] == "/" and name[1:] in _VERBATIM:
                verbatim -= 1
        elif not verbatim and ("@" in part or "ww." in part or "://" in part):
            parts[n] = _BARE.sub(lambda match: _linked(match[0], seen, attributes), part)
    return "".join(parts)


def link_text(text: str) -> str:
    """Write a plain text as HTML, with links for the addresses in it."""
    html = escape(text)
    return _BARE.sub(lambda match: _linked(match[0], str, ""), html) if has_bare(html, "") else html


def _linked(found: str, seen: Callable[[str], Any], attributes: str) -> str:
    """Write the link for what looks like an address in escaped text, and what follows it."""
    if len(found) > _MAX_CHARS:
        return found
    end = min((found.index(sign) for sign in _NBSP if sign in found), default=len(found))
    address = _trimmed(found[:end])
    rest = found[len(address) :]
    is_web = address.lower().startswith(("http", "www."))
    if is_web and not _HOST.match(address):
        return found
    scheme, sign, place = address.partition("://")
    if not is_web:
        href = f"mailto:{address}"
    elif sign and scheme.lower() in ("http", "https"):
        href = f"{scheme.lower()}://{place}"
    else:
        href = f"https://www.{address[4:]}"
    seen(address.replace("&amp;", "&"))
    return f'<a href="{href}"{attributes}>{address}</a>{rest}'


def _trimmed(address: str) -> str:
    """Cut off the signs at an address's end that belong to the sentence around it.

    Source: GitHub Flavored Markdown 6.9 (extended autolinks).
    """
    while (match := _TRAIL.search(address)) and (match[0] != ")" or address.count(")") > address.count("(")):
        address = address[: match.start()]
    return address
