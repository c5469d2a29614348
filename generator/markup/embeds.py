"""Recognise links to films on YouTube, Vimeo, PeerTube, TED and Panopto, and make the address of their player."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from urllib.parse import SplitResult, parse_qs, parse_qsl, urlencode, urlsplit

from msgspec import Struct

from generator.patterns import lazy_pattern
from generator.text.host_names import plain_host

PROVIDERS = ("youtube", "vimeo", "peertube", "ted", "panopto")
"""The services whose links are recognised; the names are those of `[embeds]` in site.toml."""

_YOUTUBE_ID = lazy_pattern(r"[A-Za-z0-9_-]{11}")
_YOUTUBE_PATH = lazy_pattern(r"/(?:shorts|live|embed|v)/([^/]+)/?")
_VIMEO_PATH = lazy_pattern(r"/(?:video/|channels/[\w-]+/|groups/[\w-]+/videos/)?([0-9]{1,20})(?:/([0-9a-f]{6,20}))?/?")
_UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_SHORT_UUID = "[1-9A-HJ-NP-Za-km-z]{22}"
_PEERTUBE_PATH = lazy_pattern(f"/(?:w|videos/(?:watch|embed))/({_UUID}|{_SHORT_UUID})/?")
_TED_PATH = lazy_pattern(r"/talks/([a-z0-9_]+)/?")
_PANOPTO_PATH = lazy_pattern(r"/Panopto/Pages/(?:Viewer|Embed)\.aspx/?", re.IGNORECASE)
_PANOPTO_ID = lazy_pattern(_UUID, re.IGNORECASE)
_SECONDS = lazy_pattern(r"(?:([0-9]{1,3})h)?(?:([0-9]{1,4})m)?(?:([0-9]{1,6})s?)?")
_IDS = ("v", "id")
_STARTS = ("t", "start", "time_continue")


class Embed(Struct, frozen=True):
    """A film on another host: the address of its page, that of its player, and the player's host.

    `title` is what the link itself says of it, for a film whose author gives no title.
    """

    url: str
    frame: str
    host: str
    title: str


def find_embed(url: str, providers: tuple[str, ...] = PROVIDERS) -> Embed | None:
    """Recognise the address of a film on one of the `providers`; None for any other address.

    A PeerTube server can have any name, so its films are recognised by their path and id alone.
    """
    try:
        parts = urlsplit(url)
        host, port = plain_host(parts.hostname or ""), parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or port or "@" in parts.netloc:
        return None
    for provider in providers:
        frame = _FRAMES[provider](host, parts)
        if frame:
            return Embed(url, frame, urlsplit(frame).netloc, _title(provider, parts))
    return None


def _title(provider: str, parts: SplitResult) -> str:
    """Take a title from the link: the words of a TED talk's address, else its address without tracking."""
    if provider == "ted" and (talk := _TED_PATH.fullmatch(parts.path)):
        return " ".join(talk[1].split("_")).capitalize()
    query = urlencode([pair for pair in parse_qsl(parts.query) if pair[0] in _IDS])
    rest = f"{parts.path}?{query}" if query else parts.path
    return f"{(parts.hostname or '').removeprefix('www.')}{rest}"


def _youtube(host: str, parts: SplitResult) -> str:
    """Source: YouTube IFrame Player API, "YouTube embedded players and player parameters"."""
    query = parse_qs(parts.query)
    if host == "youtu.be":
        film = parts.path.strip("/")
    elif host.removeprefix("www.").removeprefix("m.") in ("youtube.com", "youtube-nocookie.com"):
        path = _YOUTUBE_PATH.fullmatch(parts.path)
        film = path[1] if path else query.get("v", [""])[0] if parts.path.rstrip("/") == "/watch" else ""
    else:
        return ""
    if not _YOUTUBE_ID.fullmatch(film):
        return ""
    start = next((_seconds(query[name][0]) for name in _STARTS if name in query), 0)
    values = {"autoplay": 1, "rel": 0, **({"start": start} if start else {})}
    return f"https://www.youtube-nocookie.com/embed/{film}?{urlencode(values)}"


def _seconds(written: str) -> int:
    """Read a time such as 90, 90s or 1h2m3s, in seconds; 0 if it is none."""
    match = _SECONDS.fullmatch(written)
    hours, minutes, seconds = (int(part or 0) for part in match.groups()) if match else (0, 0, 0)
    return hours * 3600 + minutes * 60 + seconds


def _vimeo(host: str, parts: SplitResult) -> str:
    """Source: Vimeo Help Center, "Player parameters overview": `dnt` is do-not-track, `h` opens unlisted films."""
    path = _VIMEO_PATH.fullmatch(parts.path)
    if path is None or host not in ("vimeo.com", "www.vimeo.com", "player.vimeo.com"):
        return ""
    key = path[2] or parse_qs(parts.query).get("h", [""])[0]
    values = {"autoplay": 1, "dnt": 1, **({"h": key} if re.fullmatch("[0-9a-f]{6,20}", key) else {})}
    return f"https://player.vimeo.com/video/{path[1]}?{urlencode(values)}"


def _peertube(host: str, parts: SplitResult) -> str:
    """Source: PeerTube documentation, "Embed API": `/videos/embed/` and the id, which is a UUID or a short one."""
    path = _PEERTUBE_PATH.fullmatch(parts.path)
    start = _seconds(parse_qs(parts.query).get("start", ["0"])[0])
    values = {"autoplay": 1, "p2p": 0, **({"start": f"{start}s"} if start else {})}
    return f"https://{host}/videos/embed/{path[1]}?{urlencode(values)}" if path else ""


def _ted(host: str, parts: SplitResult) -> str:
    path = _TED_PATH.fullmatch(parts.path)
    return (
        f"https://embed.ted.com/talks/{path[1]}" if path and host in ("ted.com", "www.ted.com", "embed.ted.com") else ""
    )


def _panopto(host: str, parts: SplitResult) -> str:
    """Source: Panopto support, "How to Embed a Video": the viewer's page with `Embed` for `Viewer`."""
    film = parse_qs(parts.query).get("id", [""])[0]
    fits = host.endswith((".panopto.com", ".panopto.eu")) and _PANOPTO_PATH.fullmatch(parts.path)
    if not fits or not _PANOPTO_ID.fullmatch(film):
        return ""
    return f"https://{host}/Panopto/Pages/Embed.aspx?id={film}&autoplay=true"


_FRAMES: Mapping[str, Callable[[str, SplitResult], str]] = MappingProxyType(
    {"youtube": _youtube, "vimeo": _vimeo, "peertube": _peertube, "ted": _ted, "panopto": _panopto}
)
