"""Sites for the tests of checks: one with a fault of every code, and the same without."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from generator.checks.check import Checker, Wish
from generator.errors import Problem
from tests.factories import CLOCK, OUTSIDE_CONTENT, Files, post, write_files, write_site

URL = "https://letters.example.org/"  # unlike example.org itself, an address that a site may have
DESCRIBED = 'description = "Letters from the desk."\n'
STATEMENT = post("Accessibility", "We try.", updated="2026-09-01", id="s1")
MENU = '[[nav]]\ntitle = "Accessibility"\nurl = "/accessibility/"\n'


def config(more: str = "") -> str:
    """Write site.toml: the least a site needs, and more lines from line 3 on."""
    return f'title = "Letters"\nurl = "{URL}"\n{more}'


SOUND: Files = {
    "site.toml": config(f'{DESCRIBED}{MENU}[check]\napproval = ["posts"]\n'),
    "pages/accessibility.md": STATEMENT,
    "posts/2026-01-05-desk.md": post(
        "The desk moves",
        "## When\n\nSoon.\n\n### In detail\n\nSee the [opening hours](2026-02-05-hours.md).",
        id="d1",
        author="Jo Public",
        summary="It moves.",
        tags=["phones"],
        approved_by="Al",
        review_by="2027-01-01",
    ),
    "posts/2026-02-05-hours.md": post(
        "Hours",
        "From eight.",
        id="h1",
        author="Jo Public",
        summary="From eight.",
        tags=["phones"],
        approved_by="Al",
    ),
}


def codes(problems: Iterable[Problem]) -> list[str]:
    return sorted(problem.code for problem in problems)


def add(root: Path, files: Files) -> Path:
    """Write files into a site, and leave its settings unless they are among them."""
    return write_files(root, {p if p.startswith(OUTSIDE_CONTENT) else f"content/{p}": t for p, t in files.items()})


def found(root: Path, *, translations: bool = False) -> tuple[Problem, ...]:
    """Check a site as of the tests' fixed day."""
    return Checker(root, CLOCK).check(wish=Wish(translations=translations)).problems


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    return write_site(tmp_path, SOUND)
