"""Aliases added to front matter: everything else stays as its author wrote it, or nothing is changed."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from generator.checks.front_matter_edit import add_aliases
from generator.model import Kind

ZONE = ZoneInfo("Europe/London")
NEW = ("/old/",)


def edit(text: str) -> str | None:
    edited = add_aliases("content/posts/a.md", text.encode(), Kind.POST, ZONE, NEW)
    return edited.decode() if edited is not None else None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("title: A\ndate: 2026-01-01 # day\n", 'title: A\ndate: 2026-01-01 # day\naliases: ["/old/"]\n'),
        ("aliases: [/a/]\ntitle: A\ndate: 2026-01-01\n", 'aliases: ["/a/", "/old/"]\ntitle: A\ndate: 2026-01-01\n'),
        (
            "aliases:\n- /a/\n- /b/\ntitle: A\ndate: 2026-01-01\n",
            'aliases: ["/a/", "/b/", "/old/"]\ntitle: A\ndate: 2026-01-01\n',
        ),
        ("title: Ä – ö\ndate: 2026-01-01\n", 'title: Ä – ö\ndate: 2026-01-01\naliases: ["/old/"]\n'),
    ],
)
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_the_line_of_yaml_is_added_or_completed(before: str, after: str, ending: str, mark: str) -> None:
    old, new = (f"{mark}---\n{front}---\nText.\n".replace("\n", ending) for front in (before, after))
    assert edit(old) == new


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            'title = "A"\ndate = 2026-01-01\n[extra]\na = 1\n',
            'aliases = ["/old/"]\ntitle = "A"\ndate = 2026-01-01\n[extra]\na = 1\n',
        ),
        (
            'title = "A"\naliases = [\n  "/a/",\n]\ndate = 2026-01-01\n',
            'title = "A"\naliases = ["/a/", "/old/"]\ndate = 2026-01-01\n',
        ),
    ],
)
def test_the_line_of_toml_is_added_or_completed(before: str, after: str) -> None:
    assert edit(f"+++\n{before}+++\nText.\n") == f"+++\n{after}+++\nText.\n"


@pytest.mark.parametrize(
    "text",
    [
        '{"title": "A", "date": "2026-01-01"}\nText.\n',
        "---\ntitle: A\naliases:\n- /a/ # the first\ndate: 2026-01-01\n---\n",
        "---\ntitle: A\ndate: 2026-01-01\nextra: |\n  aliases\n ---\n---\n",
        "No front matter.\n",
        "---\ndate: 2026-01-01\n---\n",
        "---\ntitle: A\ndate: 2026-01-01\n",
    ],
)
def test_what_cannot_be_edited_safely_stays(text: str) -> None:
    edited = edit(text)
    assert edited is None or edited.replace('aliases: ["/old/"]\n', "") == text
