"""Escape text that a mail service would replace as a placeholder, so that readers see what was written.

Services replace `{{name}}`, `{% if %}`, `*|NAME|*`, `%%name%%`, `[[name]]`, `{$name}`, `${name}`, `%NAME%` and
`<%name%>` anywhere. Escaping their first characters is enough.
"""

from __future__ import annotations

import re

_RUN = r"[{%$#\[*|]{2,}"
_OPENING = re.compile(r"\{[{%#$]|[$#]\{|\*\||%%|\[[\[%]")
_PERCENT = r"%(?=[A-Z][A-Z0-9_]*%)"
_KEPT = r"(?P<kept><!--.*?(?:-->|\Z)|<style\b.*?(?:</style>|\Z)|<!\[[^>]*>)"
_IN_HTML = re.compile(rf"{_KEPT}|(?P<opening>{_RUN}|{_PERCENT})", re.DOTALL)
_IN_TEXT = re.compile(rf"{_RUN}|<%")
_PERCENT_IN_TEXT = re.compile(rf"(?P<url>https?://[^\s<>]+)|{_PERCENT}")
_INVISIBLE = "\u200b"  # zero-width space, because plain text has no entities


def escape_in_html(page: str) -> str:
    """Escape the start of each placeholder as character references, except in style sheets and comments."""
    return _IN_HTML.sub(_escape_in_html, page)


def escape_in_text(text: str) -> str:
    """Split the start of each placeholder with a zero-width space."""
    text = _IN_TEXT.sub(_part, text)
    return _PERCENT_IN_TEXT.sub(
        lambda match: match["url"] or f"%{_INVISIBLE}", text
    )  # URLs hold %C3%A4, which is no placeholder


def _escape_in_html(match: re.Match[str]) -> str:
    found = match[0]
    if match["kept"] or (len(found) > 1 and not _OPENING.search(found)):
        return found
    return "".join(f"&#{ord(char)};" for char in found)


def _part(match: re.Match[str]) -> str:
    found = match[0]
    return _INVISIBLE.join(found) if found == "<%" or _OPENING.search(found) else found
