"""Write what a mail service would take for its placeholders so that readers see it as it was written.

Services replace `{{name}}`, `{% if %}`, `*|NAME|*`, `%%name%%`, `[[name]]`, `{$name}`, `${name}`, `%NAME%` and
`<%name%>`, wherever they stand. Only their first characters are changed: without those, nothing begins.
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
_INVISIBLE = "\u200b"  # zero-width space: text has no entities


def escape_in_html(page: str) -> str:
    """Write the beginnings of placeholders as character references; style sheets and comments stay as they are."""
    return _IN_HTML.sub(_escape_in_html, page)


def escape_in_text(text: str) -> str:
    """Part the beginnings of placeholders with a space that has no width."""
    text = _IN_TEXT.sub(_part, text)
    return _PERCENT_IN_TEXT.sub(lambda match: match["url"] or f"%{_INVISIBLE}", text)  # a URL holds %C3%A4


def _escape_in_html(match: re.Match[str]) -> str:
    found = match[0]
    if match["kept"] or (len(found) > 1 and not _OPENING.search(found)):
        return found
    return "".join(f"&#{ord(char)};" for char in found)


def _part(match: re.Match[str]) -> str:
    found = match[0]
    return _INVISIBLE.join(found) if found == "<%" or _OPENING.search(found) else found
