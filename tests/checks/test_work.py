"""How much a check does: of an unchanged site it reads no text and no page, and of a changed one the changed pages."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import time_ns

import pytest

from generator.checks.check import Checker
from generator.checks.kept_pages import FILE
from generator.errors import Problem
from generator.stamps import NEVER, believable_stamp, stamp_of
from tests.checks.conftest import add, codes
from tests.factories import CLOCK, post
from tests.guards import wait_until

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
    texts = list((sound / "content").rglob("*.md"))
    for file in texts:
        os.utime(file, (file.stat().st_atime, file.stat().st_mtime - 3600))
    # a build reads again what may have been saved while it ran
    wait_until(lambda: all(believable_stamp(stamp_of(file.stat()), time_ns()) != NEVER for file in texts), "it is old")
    with opened(sound) as first:
        said = Checker(sound, CLOCK).check().problems
    pages = {file.relative_to(sound).as_posix() for file in (sound / "output").rglob("*.html")}
    assert pages <= set(first)  # the hook sees what is opened
    with opened(sound) as again:
        assert Checker(sound, CLOCK).check().problems == said
    assert again == {}


def check_again(root: Path) -> tuple[tuple[Problem, ...], set[str]]:
    """Check, and give the findings with the pages that were opened."""
    with opened(root) as again:
        said = Checker(root, CLOCK).check().problems
    return said, {name for name in again if name.endswith(".html")}


def test_a_check_after_an_edit_opens_only_the_pages_with_other_bytes(sound: Path) -> None:
    Checker(sound, CLOCK).check()
    before = {file: file.read_bytes() for file in (sound / "output").rglob("*.html")}
    add(sound, {"posts/2026-02-05-hours.md": post("Hours", "From nine.", id="h1", tags=["phones"], **GOOD)})
    _, opened_again = check_again(sound)
    changed = {file.relative_to(sound).as_posix() for file, data in before.items() if file.read_bytes() != data}
    assert 0 < len(changed) < len(before)
    assert opened_again == changed


@pytest.mark.parametrize("damage", ["", "\x00", "gone", "cut", "other"])
def test_kept_pages_that_cannot_be_used_cost_time_and_nothing_else(sound: Path, damage: str) -> None:
    add(sound, {"pages/lost.md": post("Lost")})
    said = Checker(sound, CLOCK).check().problems
    assert "orphan-page" in codes(said)
    file = sound / ".openletter" / FILE
    whole = file.read_bytes()
    if damage == "gone":
        file.unlink()
    elif damage == "cut":
        file.write_bytes(whole[: len(whole) // 2])
    elif damage == "other":
        file.write_bytes(whole.replace(b"letters.example.org", b"another.example.org"))
    else:
        file.write_bytes(damage.encode())
    os.utime(sound / "site.toml", (1, 1))  # so that the check looks again
    again, opened_again = check_again(sound)
    pages = {page.relative_to(sound).as_posix() for page in (sound / "output").rglob("*.html")}
    assert (again, opened_again) == (said, pages)
    assert file.read_bytes() == whole


def test_kept_pages_are_those_of_the_site_as_it_is(sound: Path) -> None:
    add(sound, {"pages/lost.md": post("Lost")})
    assert codes(Checker(sound, CLOCK).check().problems) == ["orphan-page"]
    add(sound, {"pages/accessibility.md": post("Accessibility", "[Lost](lost.md)", updated="2026-09-01", id="s1")})
    assert codes(Checker(sound, CLOCK).check().problems) == []
    add(sound, {"pages/accessibility.md": post("Accessibility", "We try.", updated="2026-09-01", id="s1")})
    assert codes(Checker(sound, CLOCK).check().problems) == ["orphan-page"]
