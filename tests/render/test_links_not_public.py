"""Links to what is not public: words without a link and a note, wherever the link is written; never a warning."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from generator.errors import Level
from tests.factories import Files, Site, config, post

Letters = Callable[..., Site]
PAGE = "2024/01/a/index.html"
HIDDEN = {
    "posts/2024-01-02-draft.md": post("Draft", draft=True, tags=["secret"], series="Hidden"),
    "posts/2024-01-03-bundle/index.md": post("Bundle", draft=True, permalink="/there/", aliases=["/old/"]),
    "posts/2024-01-03-bundle/slides.pdf": "PDF",
    "posts/2199-01-01-later.md": post("Later"),
    "posts/2024-01-04-gone.md": post("Gone", expires="2025-01-01"),
    "pages/plans.md": post("Plans", draft=True),
    "newsletters/june.md": post("June", date="2199-06-01"),
}


def notes(made: Site) -> list[tuple[str, Level]]:
    return [(problem.code, problem.level) for problem in made.report.problems]


LINKS = {
    "2024-01-02-draft.md": "is a draft",
    "2024-01-02-draft.md#part": "is a draft",
    "/posts/2024-01-02-draft.md": "is a draft",
    "/2024/01/draft/": "is a draft",
    "/2024/01/draft": "is a draft",
    "../draft/": "is a draft",
    "https://example.org/2024/01/draft/#part": "is a draft",
    "http://example.org/2024/01/draft": "is a draft",
    "2024-01-03-bundle/index.md": "is a draft",
    "2024-01-03-bundle/slides.pdf": "is a draft",
    "/there/slides.pdf": "is a draft",
    "/old/": "is a draft",
    "2199-01-01-later.md": "is scheduled",
    "/2199/01/later/": "is scheduled",
    "2024-01-04-gone.md": "has expired",
    "/2024/01/gone/index.html": "has expired",
    "../pages/plans.md": "is a draft",
    "/plans/": "is a draft",
    "../newsletters/june.md": "is scheduled",
    "/newsletter/": "would list only",
    "/tags/secret/": "would list only",
    "/tags/secret/feed.xml": "would list only",
    "/series/hidden/": "would list only",
    "/2199/": "would list only",
}


def test_the_words_are_shown_without_a_link(letters: Letters) -> None:
    texts = {
        f"posts/2024-01-01-a{n}.md": post(f"A{n}", f"Text.\n\n*The* [*first* plan]({written}) <b>b</b>.")
        for n, written in enumerate(LINKS)
    }
    made = letters({**HIDDEN, **texts})
    by_path = {problem.path: problem for problem in made.report.problems}
    assert len(by_path) == len(made.report.problems) == len(LINKS)
    for n, (written, why) in enumerate(LINKS.items()):
        problem = by_path[f"content/posts/2024-01-01-a{n}.md"]
        assert (problem.code, problem.level, problem.line, problem.column) == ("link-not-public", Level.NOTE, 6, 22)
        assert why in problem.message
        assert problem.hint
        assert "<em>The</em> <em>first</em> plan <b>b</b>." in made.prose(f"2024/01/a{n}/index.html"), written
    for feed in ("feed.xml", "atom.xml", "index.html"):
        assert "draft" not in made.text(feed)
    assert made.verify() == ()


WRONG = ("2024-01-02-draf.md", "/2024/01/drafts/", "/nowhere", "/tags/other/", "/there/x/y/", "/tags/secret/x.html")


def test_a_mistake_beside_what_is_hidden_stays_a_warning(letters: Letters) -> None:
    made = letters({**HIDDEN, "posts/2024-01-01-a.md": post("A", "\n\n".join(f"[x]({each})" for each in WRONG))})
    assert notes(made) == [("dead-link", Level.WARNING)] * len(WRONG)


def test_an_element_that_other_links_lead_to_keeps_its_anchor(letters: Letters) -> None:
    text = '<a id="here" href="2024-01-02-draft.md">x</a> [down](#here)'
    made = letters({**HIDDEN, "posts/2024-01-01-a.md": post("A", text)})
    assert '<a id="here">x</a> <a href="#here">down</a>' in made.prose(PAGE)


BROKEN = "---\ntitle: Broken\nrating: many\n---\nText.\n"


def test_a_link_to_a_post_with_an_error_is_no_second_mistake(letters: Letters) -> None:
    """The error of the post is one; what links to it shows its words until it is corrected, in a living engine too."""
    broken = "posts/2024-01-02-broken.md"
    links = "[one](2024-01-02-broken.md) [two](/posts/2024-01-02-broken.md)"
    made = letters({broken: BROKEN, "posts/2024-01-01-a.md": post("A", links)})
    found = [(each.path, each.code, each.level) for each in made.report.problems if each.code != "rating"]
    path = "content/posts/2024-01-01-a.md"
    assert [each for each in found if each[0] == path] == [(path, "link-not-public", Level.NOTE)] * 2
    assert all("has an error" in each.message for each in made.report.problems if each.path == path)
    assert "one two" in made.prose(PAGE)
    made.write(f"content/{broken}", post("Broken"))
    assert made.build().problems == ()
    assert '<a href="/2024/01/broken/">one</a>' in made.prose(PAGE)
    made.write(f"content/{broken}", BROKEN)
    assert [each.code for each in made.build().problems if each.path == path] == ["link-not-public"] * 2
    assert made.verify() == ()


@pytest.mark.parametrize("footer", [False, True])
def test_the_menu_shows_words_until_the_page_is_public(letters: Letters, footer: bool) -> None:
    entry = f'[[nav]]\ntitle = "Our plans"\nurl = "/plans/"\nfooter = {str(footer).lower()}\n'
    made = letters({**HIDDEN, "site.toml": config(entry), "posts/2024-01-01-a.md": post("A")})
    (problem,) = made.report.problems
    assert (problem.code, problem.level, problem.path, problem.line) == ("link-not-public", Level.NOTE, "site.toml", 5)
    assert "Our plans" in made.text(PAGE)
    assert "/plans/" not in made.text(PAGE)
    made.edit("content/pages/plans.md", "draft: true\n", "")
    assert made.build().problems == ()
    assert '<a href="/plans/">Our plans</a>' in made.text(PAGE)
    assert made.verify() == ()


@pytest.mark.parametrize("url", ["/2199/01/later/", "https://example.org/2199/01/later/", "/2199/01/later/?from=a#top"])
def test_a_call_to_action_shows_words_until_then(letters: Letters, url: str) -> None:
    files: Files = {
        **HIDDEN,
        "posts/2024-01-01-a.md": f"---\ntitle: A\naction: {{text: Join us, url: '{url}'}}\n---\nText.\n",
    }
    made = letters(files)
    assert notes(made) == [("link-not-public", Level.NOTE)]
    assert '<p class="action">Join us</p>' in made.text(PAGE)
    assert "/2199/01/later/" not in made.text("feed.xml")
    assert "Join us" in made.text("feed.xml")
    made.build(future=True)
    assert f'<a href="{url}">Join us</a>'.replace("&", "&amp;") in made.text(PAGE)


def test_comments_link_to_what_is_public_alone(letters: Letters) -> None:
    said = "- author: Ada\n  date: 2024-02-01\n  body: 'See [it](https://example.org/plans/) and [that](https://example.org/no/).'\n"
    made = letters({**HIDDEN, "posts/2024-01-01-a.md": post("A"), "posts/2024-01-01-a.comments.yaml": said})
    assert {(problem.path, problem.code, problem.line) for problem in made.report.problems} == {
        ("content/posts/2024-01-01-a.comments.yaml", "link-not-public", 3),
        ("content/posts/2024-01-01-a.comments.yaml", "dead-link", 3),
    }
    assert "See it and <a" in made.text(PAGE)


def test_an_issue_goes_on_without_a_post_that_is_not_public(letters: Letters) -> None:
    named = "[a, draft, 2199-01-01-later, content/posts/2024-01-04-gone.md]"
    issue = f"---\ntitle: May\ndate: 2024-05-01\nposts: {named}\n---\nHi.\n"
    made = letters({**HIDDEN, "posts/2024-01-01-a.md": post("A"), "newsletters/may.md": issue})
    assert notes(made) == [("missing-post", Level.NOTE)] * 3
    broken = letters({"newsletters/may.md": issue.replace("draft,", "drift,"), "posts/2024-01-01-a.md": post("A")})
    assert ("missing-post", Level.ERROR) in notes(broken)


def test_an_issue_goes_on_without_a_post_that_has_an_error(letters: Letters) -> None:
    issue = "---\ntitle: May\ndate: 2024-05-01\nposts: [a, broken, 2024-01-02-broken]\n---\nHi.\n"
    files = {"posts/2024-01-01-a.md": post("A"), "posts/2024-01-02-broken.md": BROKEN, "newsletters/may.md": issue}
    made = letters(files)
    found = [each for each in made.report.problems if each.code == "missing-post"]
    assert [each.level for each in found] == [Level.NOTE] * 2
    assert all("that post has an error" in each.message for each in found)


def test_a_translation_waits_for_its_original(letters: Letters) -> None:
    made = letters(
        {
            "posts/2024-01-01-a.md": post("A", lang="de", translation_of="there"),
            "posts/2024-01-02-b.md": post("B", id="there", draft=True),
            "posts/2024-01-03-c.md": post("C", lang="de", translation_of="nowhere"),
        }
    )
    assert notes(made) == [("dead-translation", Level.NOTE), ("dead-translation", Level.WARNING)]


def test_nothing_is_noted_in_a_preview_that_shows_it(letters: Letters) -> None:
    made = letters({**HIDDEN, "posts/2024-01-01-a.md": post("A", "[x](2024-01-02-draft.md)")}, drafts=True)
    assert made.report.problems == ()
    assert '<a href="/2024/01/draft/">x</a>' in made.prose(PAGE)


def test_notes_keep_their_place_after_any_edit(site: Any, build: Any) -> None:
    root = site({**HIDDEN, "posts/2024-01-01-a.md": post("A", "[x](2024-01-02-draft.md)")})
    build(root)
    file = root / "content/posts/2024-01-01-a.md"
    file.write_text(file.read_text().replace("[x]", "More.\n\nAnd [x]"))
    (problem,) = build(root).problems
    assert (problem.line, problem.column) == (6, 9)
