"""A site with a newsletter, written from one literal, for the tests of what becomes of an issue."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

from generator.clock import Clock
from tests.factories import post, write_files

NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)
CLOCK = Clock(NOW)
URL = "https://letters.example.org/"
SITE = f"""
title = "Letters from the Office"
url = "{URL}"
language = "en"
[newsletter]
from = "The Counter <counter@example.org>"
unsubscribe = "https://lists.example.org/leave"
subscribe = "https://lists.example.org/join"
postal_address = "1 High Street, Exampleton"
"""


def issue(body: str = "Dear all,\n\nhere it is.", **keys: Any) -> str:
    said = {
        "date": "2026-06-01",
        "subject": "June news: the lift is mended",
        "preheader": "And what we learned from the stairs in the meantime.",
        "posts": ["lift"],
    }
    return post("June news", body, **{key: value for key, value in (said | keys).items() if value is not None})


POSTS: Mapping[str, str | bytes] = {
    "content/posts/2026-05-02-lift.md": post("The lift is mended", "It goes up.\n\nAnd down.", summary="It moves."),
    "content/posts/2026-05-03-stairs.md": post("What the stairs taught us", "They are steep."),
}


def make_site_with_issue(root: Path, files: Mapping[str, str | bytes] | None = None) -> Path:
    """Write a site with two posts and an issue; `files` come on top: path → text or bytes."""
    everything = {"site.toml": SITE, **POSTS, "content/newsletters/2026-06-01-june.md": issue(), **(files or {})}
    return write_files(root, everything)


def picture(width: int, height: int, form: str = "JPEG", mode: str = "RGB") -> bytes:
    """Draw a picture of one colour, half of it transparent where the mode can say so."""
    drawn = Image.new(mode, (width, height), (120, 40, 80, 128)[: len(mode)])
    result = BytesIO()
    drawn.save(result, form)
    return result.getvalue()
