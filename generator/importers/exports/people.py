"""Keep what commenters wrote, and nothing to find them by: no e-mail or IP address, no query of an address."""

from __future__ import annotations

import ipaddress
import re
from html import unescape
from urllib.parse import urlsplit

from generator.content.comments import NOBODY
from generator.importers.plain_words import strip_markup

_MAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}(?:@|&#0?64;|&commat;|%40)[\w-]{1,63}(?:\.[\w-]{1,63})+")
_MAILTO = re.compile(r"(?i)\s*href\s*=\s*(?:\"mailto:[^\"]*\"|'mailto:[^']*'|mailto:[^\s>]+)")
_IP = re.compile(r"(?<![\w.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w.]*\d)")
_IP6 = re.compile(r"(?i)(?<![\w:.])[0-9a-f]{0,4}:[0-9a-f.:]*:[0-9a-f.]*(?![\w:])")
_MAX_NAME_CHARS = 200
REMOVED = "[address removed]"


def person_name(written: str) -> str:
    """Return the name of a commenter; an address in its place is not shown."""
    name = strip_markup(unescape(written))[:_MAX_NAME_CHARS]
    name = _MAIL.sub("", name)
    name = " ".join(
        _IP6.sub(lambda match: _hide(match, ""), _IP.sub("", name)).replace("<>", "").replace("()", "").split()
    )
    if "@" in name and " " not in name:
        name = ""
    return name or NOBODY


def byline(written: str) -> str:
    """Return the name of an author; of an e-mail address, the part before the @."""
    name = strip_markup(unescape(written))
    if _MAIL.fullmatch(name):
        name = name.partition("@")[0]
    return name[:_MAX_NAME_CHARS]


def without_addresses(html: str, *private: str) -> str:
    """Remove e-mail and IP addresses from a comment, and the values `private`, which are the commenter's own."""
    html = _MAIL.sub(REMOVED, _MAILTO.sub("", html))
    html = _IP6.sub(_hide, _IP.sub(REMOVED, html))
    for value in private:
        if len(value) > 5:
            html = re.sub(re.escape(value), REMOVED, html, flags=re.IGNORECASE)
    return html


def _hide(match: re.Match[str], instead: str = REMOVED) -> str:
    """Hide an address of IPv6; a time such as 10:30:15 stays."""
    try:
        ipaddress.ip_address(match[0].rstrip("."))
    except ValueError:
        return match[0]
    return instead if len(match[0]) > 2 else match[0]


def page_address(written: str) -> str:
    """Return the address of a page that links here, without query and fragment; "" if it is none."""
    parts = urlsplit(written.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        return ""
    return f"{parts.scheme}://{parts.netloc}{parts.path}"
