"""Show a newsletter issue as mail programs will; it is rendered when someone opens it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from html import escape
from pathlib import Path

from generator.errors import OpenletterError
from generator.preview.browser_files import OWN_PREFIX

LETTER_PICTURES = f"{OWN_PREFIX}mail-pictures/"
"""Where the preview serves the pictures of letters."""
_LETTERS = 4


class LetterPictures:
    """Keeps the pictures of the letters that were shown last, in memory: a draft's are in no output."""

    def __init__(self) -> None:
        self._letters: dict[str, Mapping[str, bytes]] = {}

    def keep(self, letter: str, pictures: Mapping[str, bytes]) -> None:
        """Keep the pictures of a letter instead of its earlier ones, and forget the letter shown longest ago."""
        self._letters.pop(letter, None)
        self._letters[letter] = pictures
        if len(self._letters) > _LETTERS:
            del self._letters[next(iter(self._letters))]

    def find(self, name: str) -> bytes | None:
        """Find a picture by its name; None if no letter has it."""
        return next((pictures[name] for pictures in self._letters.values() if name in pictures), None)


def render_letter_page(
    root: Path, name: str, at: datetime | None, frame: bytes, pictures_at: str
) -> tuple[bytes, Mapping[str, bytes]]:
    """Render the page that shows an issue, named by its slug or path, as mail: each view, the text, headers, checks.

    Returns it with the pictures that it shows at `pictures_at`, by name.

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
        return frame.replace(b"<!-- problems -->", problems.encode("utf-8", "replace")), {}
    return render_preview_page(shown, pictures_at).encode("utf-8", "replace"), shown.pictures
