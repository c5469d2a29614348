"""Checks of what targets over SSH have in common."""

from __future__ import annotations

from generator.patterns import lazy_pattern
from generator.text.mapping_reader import RefusedError

_HOST = lazy_pattern(r"[^\s@/:\\'\"-][^\s@/\\'\"]*")
_USER = lazy_pattern(r"[^\s@/:\\'\"-][^\s@/:\\'\"]*")


def server_name(text: str) -> str:
    """Check a server's name: ssh would read one that begins with a hyphen as an option."""
    if not _HOST.fullmatch(text) or (":" in text and text.count(":") < 2):  # 2001:db8::1
        hint = 'Write only its name, as in "www.example.org"; user and port are settings of their own.'
        raise RefusedError("config-value", f'"{text}" is not the name of a server.', hint)
    return text


def user_name(text: str) -> str:
    """Check the name to log in with."""
    if not _USER.fullmatch(text):
        raise RefusedError("config-value", f'"{text}" is not a name to log in with.', 'Write it as "letters".')
    return text


def remote_folder(text: str) -> str:
    """Check a folder: not the top of everything, and no way out."""
    parts = [part for part in text.split("/") if part]
    if not parts or ".." in parts or text.startswith("-"):
        raise RefusedError("config-value", f'"{text}" cannot be the folder of a site.', 'Write "/var/www/letters".')
    return text.rstrip("/")
