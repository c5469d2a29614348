"""Host names as a policy may hold them: letters, digits, hyphens and dots, with a port or without."""

from __future__ import annotations

import re

from generator.patterns import lazy_pattern

_LABEL = r"(?!-)[a-z0-9_-]{1,63}(?<!-)"
_NAME = rf"{_LABEL}(?:\.{_LABEL})*"
_HOST = lazy_pattern(rf"(?P<name>{_NAME}|\[[0-9a-f:.]{{2,45}}\])(?P<port>:[0-9]{{1,5}})?", re.ASCII)
_LONGEST = 253


def plain_host(written: str) -> str:
    """Return a host with its port, if it has one, in lower case, an international name in its ASCII form.

    "" if it is none: it has a wildcard, a space, a semicolon or anything else that no host name has. Only what this
    returns may be written into a Content Security Policy.

    Source: RFC 1123, 2.1; RFC 5891 and Unicode Technical Standard 46 for international names.
    """
    host = written.lower()
    if not host.isascii():
        host = _encode(host)
    match = _HOST.fullmatch(host)
    return host if match and len(match["name"]) <= _LONGEST else ""


def _encode(host: str) -> str:
    import idna

    name, colon, port = host.partition(":")
    try:
        return idna.encode(name, uts46=True).decode("ascii") + colon + port
    except (idna.IDNAError, UnicodeError):
        return ""
