"""Shortcodes of WordPress: those that make pictures, players and code become HTML; the others stay and are listed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape, unescape

_NAME = r"[A-Za-z][\w-]{1,40}"
_SHORTCODE = re.compile(
    rf"\[(?P<escaped>\[)?(?P<name>{_NAME})(?P<attributes>(?:\s+|=)(?:[^\[\]\"'<>]|\"[^\"]*\"|'[^']*')*|\s*)(?P<alone>/)?\]"
)
_ATTRIBUTE = re.compile(
    r"""([\w-]+)\s*=\s*"([^"]*)"|([\w-]+)\s*=\s*'([^']*)'|([\w-]+)\s*=\s*([^\s"']+)|"([^"]*)"|'([^']*)'|(\S+)"""
)
_CODE = ("code", "sourcecode", "source", "php", "css", "html", "javascript", "python", "bash", "sql", "xml")
_LINKS = (
    "embed",
    "youtube",
    "vimeo",
    "dailymotion",
    "ted",
    "soundcloud",
    "twitter",
    "tweet",
    "instagram",
    "googlemaps",
    "googlevideo",
)
_PLAYERS = ("video", "audio", "playlist")
_ENDED = ("caption", "wp_caption", "embed", "video", "audio", *_CODE)
_IMAGE = re.compile(r"(?is)(?:<a\b[^<>]*>\s*)?<img\b[^<>]*>(?:\s*</a>)?")
_FILES = ("mp4", "m4v", "webm", "ogv", "mp3", "m4a", "ogg", "wav", "flac", "src")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of the old library: its address, alternative text, caption and title."""

    url: str
    alt: str = ""
    caption: str = ""
    title: str = ""


Library = Callable[[Iterable[str]], list[Attachment]]
"""Returns the files with these ids; for no ids, those that belong to the post."""


def convert_shortcodes(text: str, library: Library) -> tuple[str, list[str]]:
    """Convert the shortcodes that we know; return the text and the names of those that stay."""
    if "[" not in text:
        return text, []
    out: list[str] = []
    left: list[str] = []
    at = 0
    for match in _SHORTCODE.finditer(text):
        if match.start() < at:
            continue
        name = match["name"].lower()
        end = re.compile(rf"(?i)\[/{re.escape(match['name'])}\]").search(text, match.end()) if name in _ENDED else None
        if match["escaped"]:
            continue
        inner, stop = (text[match.end() : end.start()], end.end()) if end and not match["alone"] else ("", match.end())
        made = _convert(name, _attributes(match["attributes"]), inner, library)
        if made is None:
            left += [name] if _is_shortcode(match) else []
            continue
        out += [text[at : match.start()], made]
        at = stop
    out.append(text[at:])
    return "".join(out), left


def _is_shortcode(match: re.Match[str]) -> bool:
    """Tell a shortcode from a word in brackets, such as `[sic]` or `[John Smith]`."""
    if match["attributes"].startswith("="):
        return True
    named = _attributes(match["attributes"])
    return bool(any(key for key in named if not key.isdigit()) or re.search(r"[_-]", match["name"])) or (
        f"[/{match['name']}]" in match.string
    )


def _attributes(written: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for number, match in enumerate(_ATTRIBUTE.finditer(unescape(written).lstrip("= ").translate(_QUOTES))):
        name = match[1] or match[3] or match[5]
        value = next((v for v in (match[2], match[4], match[6], match[7], match[8], match[9]) if v is not None), "")
        found[name.lower() if name else str(number)] = value
    return found


_QUOTES = {ord("“"): '"', ord("”"): '"', ord("″"): '"', ord("’"): "'", ord("‘"): "'"}


def _convert(name: str, attributes: dict[str, str], inner: str, library: Library) -> str | None:
    if name in ("caption", "wp_caption"):
        return _caption(attributes, inner)
    if name == "gallery":
        return _gallery(attributes, library)
    if name in _PLAYERS:
        return _player(name, attributes, inner, library)
    if name in _CODE and inner:
        language = attributes.get("language") or attributes.get("lang") or (name if name not in _CODE[:3] else "")
        kind = f' class="language-{escape(language)}"' if re.fullmatch(r"[\w+#-]+", language) else ""
        return f"<pre><code{kind}>{escape(unescape(inner).strip(chr(10)), quote=False)}</code></pre>"
    if name in _LINKS:
        return _link(inner or attributes.get("url") or attributes.get("0", ""), name)
    return None


def _caption(attributes: dict[str, str], inner: str) -> str | None:
    picture = _IMAGE.search(inner)
    if picture is None:
        return None
    words = attributes.get("caption") or inner[picture.end() :].strip()
    caption = f"<figcaption>{words}</figcaption>" if words else ""
    return f"\n\n<figure>{picture[0]}{caption}</figure>\n\n"


def _gallery(attributes: dict[str, str], library: Library) -> str | None:
    ids = [each for each in re.split(r"[,\s]+", attributes.get("ids") or attributes.get("include", "")) if each]
    found = library(ids)
    if not found:
        return None
    return "\n\n" + "\n".join(_figure(each) for each in found) + "\n\n"


def _figure(each: Attachment) -> str:
    caption = f"<figcaption>{each.caption}</figcaption>" if each.caption else ""
    return f'<figure><img src="{escape(each.url)}" alt="{escape(each.alt)}">{caption}</figure>'


def _player(name: str, attributes: dict[str, str], inner: str, library: Library) -> str | None:
    urls = [attributes[key] for key in _FILES if attributes.get(key)]
    urls += (
        [found.url for found in library(re.split(r"[,\s]+", attributes.get("ids", "")))]
        if attributes.get("ids")
        else []
    )
    urls += re.findall(r"https?://[^\s<>\"']+", inner)
    urls += [value for key, value in attributes.items() if key.isdigit() and "/" in value]
    if not urls:
        return None
    tag = (
        "audio"
        if name == "playlist" and attributes.get("type", "audio") == "audio"
        else name.replace("playlist", "video")
    )
    return "\n\n" + "\n".join(f'<{tag} controls src="{escape(url)}"></{tag}>' for url in dict.fromkeys(urls)) + "\n\n"


def _link(url: str, name: str) -> str | None:
    url = unescape(url.strip())
    if name in ("youtube", "vimeo") and re.fullmatch(r"[\w-]{5,20}", url):
        url = f"https://www.youtube.com/watch?v={url}" if name == "youtube" else f"https://vimeo.com/{url}"
    if not re.match(r"https?://\S+$", url):
        return None
    return f'\n\n<p><a href="{escape(url)}">{escape(url)}</a></p>\n\n'
