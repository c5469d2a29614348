"""Time alone never stops a nightly build with --strict, and what scheduled sources will bring is said beforehand."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from generator.engine.engine import Engine
from generator.engine.options import BuildOptions
from generator.errors import Level, Problem
from tests.factories import CLOCK, Files, Site, build_site, config, post, tree, write_site

Letters = Callable[..., Site]
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)
NIGHTS = [datetime(2026, month, 1, 4, tzinfo=UTC) for month in range(1, 13)]
SETTINGS = """\
[[nav]]
title = "Plans"
url = "/plans/"
[[nav]]
title = "June"
url = "/newsletter/june/"
footer = true
[authors.sam]
name = "Sam"
"""
LINKED = "[m](/posts/2026-03-15-march/index.md) [o](/2026/02/offer/) [t](/tags/offers/) [i](/newsletters/june.md)"
LINKED += " [p](/plans/)"
SITE: Files = {
    "site.toml": config(SETTINGS),
    "posts/2025-12-01-a.md": post("A", LINKED, author="sam", tags=["news"], series="Day", part=1, id="a"),
    "posts/2026-02-15-offer.md": post("Offer", LINKED, expires="2026-04-15", tags=["Offers"], series="Day", part=2),
    "posts/2026-02-15-offer.comments.yaml": "- author: Ada\n  date: 2026-02-16\n  body: '<https://example.org/plans/>'\n",
    "posts/2026-03-15-march/index.md": post(
        "March", f"{LINKED} [f](plan.pdf)", author="Guest Person", tags=["offers"], series="Day", part=4
    ),
    "posts/2026-03-15-march/plan.pdf": "PDF",
    "posts/2026-05-15-may.md": post(
        "May", LINKED, lang="de", translation_of="a", action={"text": "Go", "url": "/plans/"}
    ),
    "posts/2026-08-15-august.md": post("August", LINKED, expires="2026-09-15", translation_of="a", lang="fr"),
    "posts/2026-08-16-idea.md": post("Idea", draft=True, tags=["ideas"]),
    "pages/plans.md": post("Plans", "[i](../posts/2026-08-16-idea.md) [t](/tags/ideas/)", date="2026-07-15"),
    "newsletters/june.md": post(
        "June", "Hi.", date="2026-06-15", posts=["a", "offer", "may", "august", "idea"], sections=["Offers", "News"]
    ),
}


def grave(problems: Iterable[Problem]) -> list[str]:
    return [str(problem) for problem in problems if problem.level is not Level.NOTE]


@pytest.mark.slow
def test_a_nightly_build_of_a_sound_site_never_stops(tmp_path: Path) -> None:
    root = write_site(tmp_path / "site", SITE)
    posts = []
    for night in NIGHTS:
        report = build_site(root, now=night)
        assert (night, grave(report.problems)) == (night, [])
        posts.append(report.posts)
    assert posts == [1, 1, 2, 3, 2, 3, 3, 3, 4, 3, 3, 3], "posts came and went"
    clean = write_site(tmp_path / "clean", SITE)
    build_site(clean, now=NIGHTS[-1])
    assert tree(root / "output") == tree(clean / "output")


SCHEDULED: dict[str, tuple[dict[str, str | bytes], str]] = {
    "a broken link": ({"posts/2199-01-01-x.md": post("X", "[y](nowhere.md)")}, "dead-link"),
    "an anchor": ({"posts/2199-01-01-x.md": post("X", "[y](2024-01-01-a.md#none)")}, "dead-link"),
    "its own host": ({"posts/2199-01-01-x.md": post("X", "<https://example.org/nowhere/>")}, "dead-link"),
    "a picture": ({"posts/2199-01-01-x.md": post("X", "![y](none.png)")}, "dead-picture"),
    "a lead picture": ({"posts/2199-01-01-x.md": post("X", image="none.png")}, "dead-picture"),
    "an action": ({"posts/2199-01-01-x.md": post("X", action={"text": "Go", "url": "/no/"})}, "dead-link"),
    "an address": ({"posts/2199-01-01-x.md": post("X", permalink="/2024/01/a/")}, "address-taken"),
    "an alias": ({"posts/2199-01-01-x.md": post("X", aliases=["/2024/01/a/"])}, "alias-taken"),
    "an id": ({"posts/2199-01-01-x.md": post("X", id="a")}, "id-taken"),
    "a part": ({"posts/2199-01-01-x.md": post("X", series="Day", part=1)}, "series-part-twice"),
    "a rating": ({"posts/2199-01-01-x.md": post("X", rating="9")}, "rating-without-maximum"),
    "an original": ({"posts/2199-01-01-x.md": post("X", lang="de", translation_of="no")}, "dead-translation"),
    "an issue": ({"newsletters/x.md": post("X", date="2199-01-01", posts=["nowhere"])}, "missing-post"),
}


@pytest.mark.parametrize("name", SCHEDULED)
def test_what_a_scheduled_source_gets_wrong_is_said_when_it_is_written(letters: Letters, name: str) -> None:
    files, code = SCHEDULED[name]
    made = letters({"posts/2024-01-01-a.md": post("A", id="a", series="Day", part=1), **files})
    [problem] = made.report.problems
    assert (problem.code, problem.path) == (code, f"content/{next(iter(files))}")
    assert problem.level is not Level.NOTE
    assert problem.line > 0
    assert made.build().problems == (problem,), "a build with nothing to do says the same"


def test_a_mistake_in_a_scheduled_text_heals_and_moves(letters: Letters) -> None:
    made = letters({"posts/2024-01-01-a.md": post("A"), "posts/2199-01-01-x.md": post("X", "[y](2199-02-01-y.md)")})
    assert made.codes == ["dead-link"]
    made.edit("content/posts/2199-01-01-x.md", "[y]", "More.\n\n[y]")
    assert [problem.line for problem in made.build().problems] == [6]
    made.write("content/posts/2199-02-01-y.md", post("Y"))
    assert made.build().problems == ()


@pytest.mark.parametrize(
    "files",
    [
        {"posts/2199-01-01-x/index.md": post("X", "![A](p.png) [f](f.pdf)"), "posts/2199-01-01-x/f.pdf": "PDF"},
        {
            "posts/2199-01-01-x.md": post("X", "[own](#part) [y](2199-02-01-y.md)\n\n## Part"),
            "posts/2199-02-01-y.md": post("Y"),
        },
        {
            "pages/now.md": post("N", expires="2198-01-01"),
            "pages/then.md": post("T", date="2199-01-01", permalink="/now/"),
        },
        {
            "posts/2024-01-02-o.md": post("O", id="o", draft=True),
            "posts/2199-01-01-x.md": post("X", translation_of="o", lang="de"),
        },
        {
            "posts/2199-01-01-x.md": post("X", author="Somebody New", tags=["one"]),
            "posts/2199-02-01-y.md": post("Y", "[t](/tags/one/)"),
        },
    ],
)
def test_what_is_right_in_a_scheduled_source_is_no_problem(letters: Letters, files: Files) -> None:
    pictures = {path.replace("index.md", "p.png"): PNG for path in files if path.endswith("index.md")}
    assert letters({"posts/2024-01-01-a.md": post("A"), **files, **pictures}).report.problems == ()


def test_the_live_preview_leaves_it_to_the_build(tmp_path: Path) -> None:
    root = write_site(tmp_path / "site", {"posts/2024-01-01-a.md": post("A"), **SCHEDULED["a broken link"][0]})
    assert Engine(root, BuildOptions(tmp_path / "o", state=tmp_path / "s", live=True), CLOCK).build().problems == ()
