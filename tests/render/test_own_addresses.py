"""Every address that the site itself writes is checked: settings, theme, calls to action, links with its host."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from generator.errors import Level
from tests.factories import Site, post

Letters = Callable[..., Site]
HEAD = 'title = "T"\nurl = "https://letters.example/blog/"\n'
POST = {"posts/2024-01-01-a.md": post("A", author="sam")}
FILES = {
    "static/logo.svg": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1v1z"/></svg>',
    "static/our.css": "a { color: red }",
    "static/with space.css": "",
}


def found(made: Site) -> list[tuple[str, str, int]]:
    return [(problem.code, problem.path, problem.line) for problem in made.report.problems]


SETTINGS = """\
image = "/card.png"
[[nav]]
title = "Home"
url = "/"
[[nav]]
title = "X"
url = "/nowhere/#a"
[[nav]]
title = "Y"
url = "https://letters.example/blog/nowhere/"
[[nav]]
title = "Z"
url = "http://LETTERS.example/blog/nowhere.pdf"
footer = true
[authors.sam]
name = "Sam"
image = "/sam.png"
url = "https://letters.example/blog/sam/"
[newsletter]
subscribe = "https://letters.example/blog/join/"
[theme]
name = "default"
"""
MISTAKES = [("dead-picture", 3), ("dead-link", 9), ("dead-link", 12), ("dead-link", 15), ("dead-picture", 19)]
MISTAKES += [("dead-link", 20), ("dead-link", 22)]


def test_an_address_in_the_settings_that_leads_nowhere(letters: Letters) -> None:
    made = letters({"site.toml": HEAD + SETTINGS, **POST, **FILES})
    assert found(made) == [(code, "site.toml", line) for code, line in MISTAKES]
    assert all(problem.level is Level.WARNING and problem.column > 1 for problem in made.report.problems)
    made.edit("site.toml", HEAD, f"# A note.\n{HEAD}")
    assert made.build().rendered == {}
    assert found(made) == [(code, "site.toml", line + 1) for code, line in MISTAKES], "a comment moves the lines"


@pytest.mark.parametrize(
    ("option", "code"),
    [
        ('logo = "/logo.png"', "dead-picture"),
        ('logo = "logo.svg"', "dead-link"),
        ('stylesheet = "/ours.css"', "dead-link"),
        ('stylesheet = "./our.css"', "dead-link"),
        ('logo = "https://letters.example/blog/logo.png"', "dead-link"),
    ],
)
def test_a_file_that_the_theme_is_given(letters: Letters, option: str, code: str) -> None:
    made = letters({"site.toml": f'{HEAD}[theme]\nname = "default"\n{option}\n', **POST, **FILES})
    assert found(made) == [(code, "site.toml", 5)]


FINE = """\
[[nav]]
title = "A"
url = "/2024/01/a/#x"
[[nav]]
title = "B"
url = "https://letters.example/blog"
[[nav]]
title = "C"
url = "https://letters.example/shop/"
[[nav]]
title = "D"
url = "https://letters.example:8443/blog/app/"
[[nav]]
title = "E"
url = "https://elsewhere.example/blog/x/"
[[nav]]
title = "F"
url = "mailto:a@b.example"
[[nav]]
title = "G"
url = "/feed.xml"
[[nav]]
title = "H"
url = "/archive/"
[theme]
name = "default"
"""


@pytest.mark.parametrize(
    "options",
    [
        'logo = "/logo.svg"\nstylesheet = "/our.css?v=2"\n',
        'stylesheet = "/with%20space.css"\nfooter_text = "/ a slash begins this line"\n',
        'logo = "https://pictures.example/logo.svg"\nfooter_text = "and/or: see a.b.c"\n',
    ],
)
def test_an_address_that_leads_somewhere_or_elsewhere_is_no_problem(letters: Letters, options: str) -> None:
    assert letters({"site.toml": HEAD + FINE + options, **POST, **FILES}).report.problems == ()


DEAD = (
    "[x](https://letters.example/blog/nowhere/)",
    "[x](http://letters.example/blog/nowhere?a=1&b=2#c)",
    "<https://letters.example/blog/nowhere2/>",
    '<a class="more" href="https://letters.example/blog/nowhere3/" title="a > b">x</a>',
    "[x][1]\n\n[1]: https://letters.example/blog/nowhere.pdf",
    "![a picture](https://letters.example/blog/nowhere.png)",
)
ALIVE = (
    "[x](https://letters.example/blog/2024/01/a/)",
    "[x](https://letters.example/blog/logo.svg)",
    "![A logo](https://letters.example/blog/logo.svg)",
    "[x](https://letters.example/other/) [y](https://letters.example.org/blog/no/)",
    "`https://letters.example/blog/nowhere/`",
    "[x](https://elsewhere.example/?u=//letters.example/blog/nowhere/)",
)


def test_a_link_with_the_site_s_own_host_is_checked(letters: Letters) -> None:
    made = letters({"site.toml": HEAD, "posts/2024-01-01-a.md": post("A", "\n\n".join(("Text.", *DEAD)))})
    assert [problem.code for problem in made.report.problems] == ["dead-link"] * 5 + ["dead-picture"]
    assert all(problem.level is Level.WARNING and problem.line >= 6 for problem in made.report.problems)


def test_a_link_with_the_host_that_leads_somewhere_stays_as_it_is(letters: Letters) -> None:
    made = letters({"site.toml": HEAD, "posts/2024-01-01-a.md": post("A", "\n\n".join(ALIVE)), **FILES})
    assert made.report.problems == ()
    assert 'href="https://letters.example/blog/2024/01/a/"' in made.prose("2024/01/a/index.html")
    assert '<img src="/blog/logo.svg"' in made.prose("2024/01/a/index.html")


def test_a_call_to_action_is_checked(letters: Letters) -> None:
    urls = ("/nowhere/", "/nowhere.pdf?x", "https://letters.example/blog/nowhere/", "/no way/", "/2024/02/")
    texts = {
        f"posts/2024-01-01-a{n}.md": f"---\ntitle: A{n}\naction:\n  text: Go\n  url: '{url}'\n---\nText.\n"
        for n, url in enumerate(urls)
    }
    made = letters({"site.toml": HEAD, **texts})
    assert found(made) == [("dead-link", f"content/posts/2024-01-01-a{n}.md", 5) for n in range(len(urls))]


def test_an_issue_s_links_are_checked_too(letters: Letters) -> None:
    issue = "---\ntitle: May\ndate: 2024-05-01\nposts: [a]\naction: {text: Go, url: /no/}\n---\n[x](/nowhere/) [y](https://letters.example/blog/no2/)\n"
    made = letters({"site.toml": HEAD, **POST, "newsletters/may.md": issue})
    assert found(made) == [("dead-link", "content/newsletters/may.md", n) for n in (5, 7, 7)]


@pytest.mark.parametrize(
    ("files", "level"),
    [
        ({}, Level.WARNING),
        ({"posts/2024-01-01-a.md": post("A", draft=True)}, Level.WARNING),
        ({"posts/2199-01-01-a.md": post("A")}, Level.WARNING),
        ({"static/a.txt": "A"}, Level.WARNING),
        ({"posts/a.txt": "A", "pages/b.md": post("B", draft=True)}, Level.WARNING),
        ({"posts/2024-01-01-a.md": post("A", expires="2025-01-01"), "pages/b.md": post("B", draft=True)}, Level.NOTE),
    ],
)
def test_a_site_with_nothing_to_publish_says_so(letters: Letters, files: dict[str, str], level: Level) -> None:
    made = letters(files)
    told = [problem for problem in made.report.problems if problem.code == "nothing-published"]
    assert [problem.level for problem in told] == [level]
    made.write("content/pages/about.md", post("About"))
    assert "nothing-published" not in {problem.code for problem in made.build().problems}
