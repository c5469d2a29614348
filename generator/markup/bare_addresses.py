"""Turn bare addresses in a text into links: `https://…`, `www.…` and `name@…`.

In the source, an address with signs of Markdown is replaced with a mark, so that no engine reads `/_a_/` as emphasis.
In the sanitised HTML, addresses outside links and code become links.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from msgspec import Struct

from generator.markup.tokens import TAG, Tokens, escape
from generator.patterns import lazy_pattern

_NOT_IN_URL = r"\s<>\"`|\\\[\]{}^“”„‘’‚«»‹›…—–。，、；：？！（）「」『』【】《》\ufdd0-\ufdef\u00ad\u200b"
_WEB = rf"(?:https?://|www\.(?=[a-z0-9]))[^{_NOT_IN_URL}]+"
_MAIL = (
    r"(?<![a-z0-9._%+/@=-])[a-z0-9](?:[a-z0-9._%+-]{0,62}[a-z0-9_+-])?@"
    r"(?:[a-z0-9-]{1,63}\.)+[a-z]{2,24}(?![\w@-])"
)
_BARE = lazy_pattern(rf"(?<![a-z0-9_./@-])(?:{_WEB})|{_MAIL}", re.IGNORECASE)
_FROM_HERE = lazy_pattern(_WEB, re.IGNORECASE)
_STARTS = ("://", "ww.", "WW.", "Ww.", "wW.")
"""What is near the beginning of an address. Searching for five plain texts takes a tenth of the time of one pattern."""

_RISKY = lazy_pattern(r"[^\s<>\"*_~]*[*_~]")
_HOST = lazy_pattern(r"https?://[^\W_]|www\.(?:[a-z0-9-]+\.)+[a-z]{2,24}(?![\w-])", re.IGNORECASE)
_MAX_CHARS = 2000
"""The longest address that becomes a link; browsers accept no longer ones."""

_TRAIL = lazy_pattern(r"(?:&(?:[a-z]+|#\d+);|[?!.,:;*_~'\")])$", re.IGNORECASE)
_TRAIL_ENDS = tuple("?!.,:;*_~'\")")
_NBSP = ("&nbsp;", "&lt;", "&gt;", "&quot;")

_SIGNS = lazy_pattern("[*_~]")

_VERBATIM = frozenset(("a", "code", "pre", "kbd", "samp", "tt"))


class PutAway(Struct, frozen=True):
    """Addresses that were replaced with marks: the word that each mark begins with, and the addresses by number."""

    word: str = ""
    addresses: tuple[str, ...] = ()


def put_away(text: str) -> tuple[str, PutAway]:
    """Replace each address with signs of Markdown with a mark; return the text and the addresses.

    A mark is a word that the text has not: engines, and what they do to references and characters, leave a word alone.
    """
    has_abbreviations = "*[" in text
    if not (has_abbreviations or _is_risky(text, "://") or _is_risky(text, "ww.")):
        return text, PutAway()
    kept: list[str] = []
    word = _unused_word(text)
    pieces: list[str] = []
    done = 0
    for start in sorted(start for sign in _STARTS for start in _begins(text, sign)):
        if start < done:
            continue
        run = _FROM_HERE.match(text, start)
        if run is None or len(run[0]) > _MAX_CHARS or not (has_abbreviations or _SIGNS.search(run[0])):
            continue
        address = _trimmed(run[0])
        if not (has_abbreviations or _SIGNS.search(address)) or text[max(start - 1, 0) : start] in ("<", "["):
            continue
        pieces += (text[done:start], f"{word}{len(kept)}z")
        kept.append(address)
        done = start + len(address)
    return "".join([*pieces, text[done:]]), PutAway(word, tuple(kept))


def _unused_word(text: str) -> str:
    word, lower = "putaway", text.encode("utf-8", "surrogatepass").lower()  # bytes take a fifth of the time
    while word.encode() in lower:
        word += "q"
    return word


def _is_risky(text: str, sign: str) -> bool:
    """Return True if an address with this sign may contain signs of Markdown."""
    return any(_RISKY.match(text, at + len(sign)) for at in _places(text, sign))


def _places(text: str, sign: str) -> Iterator[int]:
    at = text.find(sign)
    while at >= 0:
        yield at
        at = text.find(sign, at + len(sign))


def _begins(text: str, sign: str) -> Iterator[int]:
    """Yield where the addresses with this sign begin: a scheme is before `://`, one more `w` before `ww.`."""
    for at in _places(text, sign):
        if sign != "://":
            if text[at - 1 : at] in ("w", "W"):
                yield at - 1
            continue
        for scheme in ("https", "http"):
            if text[max(at - len(scheme), 0) : at].lower() == scheme:
                yield at - len(scheme)


def bring_back(html: str, kept: PutAway) -> str:
    """Replace the marks in an engine's HTML with their addresses. A number that is none of them stays as it is."""
    if not kept.addresses:
        return html
    numbered = {str(n): address.replace("&", "&amp;") for n, address in enumerate(kept.addresses)}
    first, *others = html.split(kept.word)
    pieces = [first]
    for other in others:
        number, end, rest = other.partition("z")
        pieces += (numbered[number], rest) if end and number in numbered else (kept.word, other)
    return "".join(pieces)


def has_bare(tokens: Tokens) -> bool:
    """Return True if a body may have an address in a text that is neither in a link nor code."""
    if not has_sign("\n".join(tokens.texts)):
        return False
    places = [n for n, text in enumerate(tokens.texts) if has_sign(text)]
    return any(not any(tokens.inside(n, name) for name in _VERBATIM) for n in places)


def has_sign(text: str) -> bool:
    """Return True if a text may have an address."""
    return "://" in text or "@" in text or "ww." in text


def link_bare(html: str, seen: Callable[[str], Any], attributes: str = "") -> str:
    """Turn the bare addresses in sanitised HTML into links. `seen` is called with each, as readers see it."""
    parts = TAG.split(html)
    verbatim = 0
    for n, part in enumerate(parts):
        if n % 2:
            name = part[1:-1].partition(" ")[0]
            if name in _VERBATIM:
                verbatim += 1
            elif name[0] == "/" and name[1:] in _VERBATIM:
                verbatim -= 1
        elif not verbatim and has_sign(part):
            parts[n] = _BARE.sub(lambda match: _linked(match[0], seen, attributes), part)
    return "".join(parts)


def link_text(text: str) -> str:
    """Write a plain text as HTML, in which addresses are links."""
    html = escape(text)
    return _BARE.sub(lambda match: _linked(match[0], str, ""), html) if has_sign(html) else html


def _linked(found: str, seen: Callable[[str], Any], attributes: str) -> str:
    """Write the link for a possible address in escaped text, and the text after it."""
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
    while address.endswith(_TRAIL_ENDS) and (match := _TRAIL.search(address)):
        if match[0] == ")" and address.count(")") <= address.count("("):
            break
        address = address[: match.start()]
    return address
