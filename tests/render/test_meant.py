"""Links and pictures whose names nearly fit: what they may have meant, and where they are."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from generator.content.site_files import scan_content
from generator.engine.locator import Locator
from generator.site.source_names import SourceNames
from tests.factories import Files, Site, config, post, write_site
from tests.guards import bounded_work
from tests.render.test_files_beside import picture

DOCUMENT = "content/posts/sub/2026-05-01-here.md"
PUBLISHED = (
    "content/posts/sub/photo.jpg",
    "content/posts/sub/Größe 1.jpg",
    "content/posts/up.png",
    "content/posts/2026-10-02-hello.md",
    "content/posts/2026-11-01-bundle/index.md",
    "content/posts/2026-11-01-bundle/inside.jpg",
    "content/static/img/logo.svg",
    "content/pages/about.md",
    "content/pages/contact-us.md",
)
ADDRESSES = ("/about/", "/contact-us/", "/2026/10/hello/", "/tags/customer-service/")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Photo.jpg", "photo.jpg"),
        ("photo.JPG", "photo.jpg"),
        ("photo.jpeg", "photo.jpg"),
        ("photo.png", "photo.jpg"),
        ("../photo.jpg", "photo.jpg"),
        ("/photo.jpg", "photo.jpg"),
        ("images/photo.jpg", "photo.jpg"),
        ("up.png", "../up.png"),
        ("../../up.png", "../up.png"),
        ("phot.jpg", "photo.jpg"),
        ("größe-1.jpg", "Größe%201.jpg"),
        (unicodedata.normalize("NFD", "GRÖSSE 1.JPG"), "Größe%201.jpg"),
        ("logo.svg", "/img/logo.svg"),
        ("hello.md", "../2026-10-02-hello.md"),
        ("../hello.md", "../2026-10-02-hello.md"),
        ("2026-10-03-hello.md", "../2026-10-02-hello.md"),
        ("Hello.md#there", "../2026-10-02-hello.md"),
        ("hello", "../2026-10-02-hello.md"),
        ("hello.html", "../2026-10-02-hello.md"),
        ("/posts/hello.md", "/posts/2026-10-02-hello.md"),
        ("bundle.md", "../2026-11-01-bundle/index.md"),
        ("About.md", "../../pages/about.md"),
        ("/About/", "/about/"),
        ("/abuot/", "/about/"),
        ("/contact_us", "/contact-us/"),
        ("/2026/11/hello/", "/2026/10/hello/"),
        ("/tags/Customer-Service/", "/tags/customer-service/"),
        ("nothing-like-it.jpg", ""),
        ("größe-2.jpg", ""),
        ("hello.jpg", ""),
        ("/nowhere/", ""),
        ("", ""),
    ],
)
def test_a_name_that_nearly_fits_is_found(written: str, meant: str) -> None:
    assert SourceNames(PUBLISHED, (), ADDRESSES).nearest(DOCUMENT, written) == meant


def test_the_nearest_of_several_is_meant() -> None:
    paths = ("content/posts/a/x.jpg", "content/posts/b/x.jpg", "content/static/x.jpg")
    assert SourceNames(paths, ()).nearest("content/posts/b/post.md", "X.jpg") == "x.jpg"
    assert SourceNames(paths, ()).nearest("content/posts/c/post.md", "X.jpg") == "../a/x.jpg"


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("up.png", "content/posts/up.png"),
        ("about.md", "content/pages/about.md"),
        ("waits.md", "content/posts/waits.md"),
        ("Up.png", ""),
        ("index.md", "content/posts/2026-11-01-bundle/index.md"),
        ("twice.jpg", ""),
        ("", ""),
    ],
)
def test_a_bare_name_finds_the_only_source(name: str, path: str) -> None:
    others = ("content/posts/waits.md", "content/posts/twice.jpg", "content/posts/b/twice.jpg")
    assert SourceNames(PUBLISHED, others).only(name) == path


TEXT = """The file gone.jpg, `![x](gone.jpg)` and x.md are words.

```
![x](gone.jpg)
```

<!-- [x](x.md) -->

![a](gone.jpg) and ![b](<gone.jpg>)
[c](x.md), [d](max.md) and [e][1]

![f](https://far.example/a.jpg) ![g](https://far.example/a.jpg)

[1]: x.md "Title"
<img src="raw.jpg"><img src="photo.jpg"> ![h](photo.jpg) <img src="photo.jpg">
"""


@pytest.mark.parametrize("engine", ["markdown", "commonmark"])
def test_problems_are_where_the_links_are(tmp_path_factory: pytest.TempPathFactory, engine: str) -> None:
    keys = "tags: [A+, Go, twin]\nauthor: Jo\nimage: lost.jpg\naliases: [/b/]\n"
    files: Files = {
        "site.toml": config(f'[authors.al]\nname = "Al"\n[markup]\nengine = "{engine}"\n'),
        "posts/2026-05-01-a.md": f"---\ntitle: Go twin Jo lost.jpg /b/ x.md\n{keys}---\n{TEXT}",
        "posts/2026-04-02-b.md": post("B", tags=["go!"], permalink="/b/"),
        "posts/photo.jpg": picture(),
    }
    site = Site(write_site(tmp_path_factory.mktemp("places"), files))
    site.build()
    found = sorted((each.code, each.line, each.column) for each in site.report.problems if each.path.endswith("-a.md"))
    assert found == [
        ("alias-taken", 6, 12),
        ("dead-link", 17, 5),
        ("dead-link", 17, 16),
        ("dead-link", 21, 6),
        ("dead-picture", 5, 8),
        ("dead-picture", 16, 6),
        ("dead-picture", 16, 26),
        ("dead-picture", 22, 11),
        ("labels-merged", 3, 12),
        ("no-alt", 22, 30),
        ("no-alt", 22, 68),
        ("picture-elsewhere", 19, 6),
        ("picture-elsewhere", 19, 38),
        ("unknown-author", 4, 9),
    ]


def test_the_message_names_what_was_meant(tmp_path_factory: pytest.TempPathFactory) -> None:
    body = "![a](Photo.jpg) [b](hello.md) [c](/About/)"
    files: Files = {
        "posts/2026-05-01-a.md": post("A", body, image="../photo.jpg"),
        "posts/sub/2026-10-02-hello.md": post("Hello"),
        "posts/photo.jpg": picture(),
        "pages/about.md": post("About"),
    }
    site = Site(write_site(tmp_path_factory.mktemp("meant"), files))
    site.build()
    hints = [problem.hint for problem in site.report.problems if problem.path.endswith("-a.md")]
    assert sorted(hints) == [
        'Did you mean "/about/"?',
        'Did you mean "photo.jpg"?',
        'Did you mean "photo.jpg"?',
        'Did you mean "sub/2026-10-02-hello.md"?',
    ]
    site.edit("content/posts/2026-05-01-a.md", "Photo.jpg", "photo.jpg")
    site.write("content/posts/2026-09-09-hello.md", post("Nearer"))
    site.build()
    assert 'Did you mean "2026-09-09-hello.md"?' in [problem.hint for problem in site.report.problems]
    assert site.verify() == ()


@pytest.mark.parametrize(
    "hostile",
    [
        "<!-- " * 100_000,
        "".join("`" * n + " " for n in range(1, 900)),
        "](" + " " * 300_000,
        "``` " * 100_000,
        "=" * 300_000,
        "> " * 200_000,
    ],
    ids=["comments", "code spans", "spaces", "fences", "equals signs", "quotations"],
)
def test_a_hostile_text_is_searched_in_time(tmp_path: Path, hostile: str) -> None:
    write_site(tmp_path, {"posts/a.md": f"---\ntitle: A\n---\n{hostile}\n"})
    locate = Locator(tmp_path, scan_content(tmp_path))
    with bounded_work():
        assert locate.in_text("content/posts/a.md", "gone.jpg") == ((0, 0),)
