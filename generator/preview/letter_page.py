"""Show a newsletter issue as mail programs will; it is rendered when someone opens it."""

from __future__ import annotations

from datetime import datetime
from html import escape
from pathlib import Path

from generator.errors import OpenletterError


def render_letter_page(root: Path, name: str, at: datetime | None, frame: bytes) -> bytes:
    """Render the page that shows an issue, named by its slug or path, as mail: each view, the text, headers, checks.

    If that fails, returns `frame` with the problems in place of its comment. Takes as long as reading the changes of
    the site since the last time.
    """
    from generator.clock import Clock
    from generator.newsletter.export.preview_page import make_letter_preview, render_preview_page
    from generator.newsletter.issue import with_rendered_issue

    try:
        shown = with_rendered_issue(root, name, Clock.system(), make_letter_preview, at)
    except OpenletterError as fault:
        problems = "".join(f"<p>{escape(str(problem))}</p>\n" for problem in fault.problems)
        return frame.replace(b"<!-- problems -->", problems.encode("utf-8", "replace"))
    return render_preview_page(shown).encode("utf-8", "replace")
