"""How much a check does: of an unchanged site it reads no text and no page, and of a changed one each page once."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from generator.checks.check import Checker
from tests.checks.conftest import add
from tests.factories import CLOCK, post

GOOD = {"author": "Jo Public", "summary": "Said.", "approved_by": "Al"}
_counting: list[Counter[str]] = []
"""The counts in progress: a hook of the interpreter cannot be taken out again."""


def _hook(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open" and _counting and isinstance(arguments[0], str | bytes | os.PathLike):
        _counting[-1][os.fsdecode(arguments[0])] += 1


sys.addaudithook(_hook)


@contextmanager
def opened(root: Path) -> Iterator[Counter[str]]:
    """Count how often each page and each text of a site is opened."""
    everything: Counter[str] = Counter()
    found: Counter[str] = Counter()
    _counting.append(everything)
    try:
        yield found
    finally:
        _counting.remove(everything)
        for name, count in everything.items():
            if name.startswith(str(root)) and name.endswith((".html", ".md")):
                found[Path(name).relative_to(root).as_posix()] += count


def test_a_check_of_an_unchanged_site_opens_no_text_and_no_page(sound: Path) -> None:
    for file in (sound / "content").rglob("*.md"):  # a build reads again what may have been saved while it ran
        os.utime(file, (file.stat().st_atime, file.stat().st_mtime - 3600))
    with opened(sound) as first:
        said = Checker(sound, CLOCK).check().problems
    pages = {file.relative_to(sound).as_posix() for file in (sound / "output").rglob("*.html")}
    assert pages <= set(first)  # the hook sees what is opened
    with opened(sound) as again:
        assert Checker(sound, CLOCK).check().problems == said
    assert again == {}


def test_a_check_after_an_edit_reads_each_page_once(sound: Path) -> None:
    Checker(sound, CLOCK).check()
    add(sound, {"posts/2026-02-05-hours.md": post("Hours", "From nine.", id="h1", tags=["phones"], **GOOD)})
    with opened(sound) as again:
        Checker(sound, CLOCK).check()
    pages = {file.relative_to(sound).as_posix() for file in (sound / "output").rglob("*.html")}
    written = "output/2026/02/hours/index.html"
    assert {name: count for name, count in again.items() if name in pages and count > 1 and name != written} == {}
