"""What the settings and customs of each generator mean for its posts: what was public, and at which address."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import frontmatter
import pytest

from generator.importers.import_model import ImportOutcome, Topic
from generator.model import BuildReport
from tests.factories import plain_post

Blog = Callable[[Mapping[str, str | bytes]], Path]
Bring = Callable[..., ImportOutcome]
Build = Callable[[Path], BuildReport]

HUGO = 'baseURL: https://old.example.org/\npermalinks: {posts: "/:year/:slug/"}\nlanguages: {en: {}, de: {}}\n'
ZOLA = 'base_url = "https://old.example.org"\n[languages.fr]\n'


def old(outcome: ImportOutcome) -> dict[str, tuple[str, ...]]:
    return {written.source.partition("/")[2]: written.old for written in outcome.posts}


def drafts(outcome: ImportOutcome) -> set[str]:
    return {written.source.partition("/")[2] for written in outcome.posts if written.draft}


def left_out(outcome: ImportOutcome) -> set[str]:
    return {note.path.partition("/")[2] for note in outcome.notes if note.topic is Topic.FILE}


@pytest.mark.parametrize("settings", ["", HUGO])
def test_a_dated_index_is_a_post_also_with_texts_beside_it(
    settings: str, blog: Blog, bring: Bring, site: Path, build: Build
) -> None:
    files = {
        "content/posts/a/index.md": '+++\ntitle = "A"\ndate = 2020-01-01\n+++\n![x](p.txt)\n',
        "content/posts/a/notes.md": '+++\ntitle = "Notes"\n+++\nOnly for templates.\n',
        "content/posts/a/p.txt": "p",
        **({"hugo.yaml": settings} if settings else {}),
    }
    outcome = bring(blog(files))
    (written,) = (each for each in outcome.posts if each.source.endswith("a/index.md"))
    assert (written.kind, written.draft, written.address) == ("post", False, "/2020/01/a/")
    if settings:
        assert "content/posts/a/notes.md" in left_out(outcome)
        assert len(outcome.posts) == 1
        build(site)
        assert not [file for file in (site / "output").rglob("*.html") if "Only for templates" in file.read_text()]


def test_a_folder_of_posts_with_an_index_is_no_bundle_of_hugo_s(blog: Blog, bring: Bring) -> None:
    files = {
        "hugo.yaml": HUGO,
        "content/posts/index.md": plain_post("Posts"),
        "content/posts/a/index.md": plain_post(date="2020-01-01"),
        "content/posts/b/index.md": plain_post("B", date="2020-01-02"),
    }
    assert len([each for each in bring(blog(files)).posts if each.kind == "post"]) == 2


@pytest.mark.parametrize("name", ["a.rst", "a.org", "a.adoc", "a.textile", "a.mdx", "a.njk"])
def test_texts_in_another_format_are_named(name: str, blog: Blog, bring: Bring) -> None:
    outcome = bring(blog({"_posts/2020-01-01-a.md": plain_post(), f"_posts/{name}": "Text\n"}))
    assert f"_posts/{name}" in left_out(outcome)


@pytest.mark.parametrize(
    ("settings", "files"),
    [
        ("exclude: [private, 'old/*.md', /a/b.md]", ["private/2020-01-01-x.md", "old/2020-01-01-y.md", "a/b.md"]),
        ("exclude: private/", ["private/x/2020-01-01-x.md"]),
    ],
)
def test_what_jekyll_excludes_does_not_come(
    settings: str, files: list[str], blog: Blog, bring: Bring, site: Path, build: Build
) -> None:
    texts = dict.fromkeys(files, plain_post("Secret", "LEAK", date="2020-01-01"))
    outcome = bring(blog({"_config.yml": f"{settings}\n", "_posts/2020-01-01-a.md": plain_post(), **texts}))
    assert [each.source for each in outcome.posts] == ["blog/_posts/2020-01-01-a.md"]
    assert all(any(file.startswith(named) for named in left_out(outcome)) for file in files)


def test_what_zola_ignores_does_not_come(blog: Blog, bring: Bring) -> None:
    files = {
        "config.toml": 'base_url = "https://x.example"\nignored_content = ["*secret*"]\n',
        "content/blog/a.md": '+++\ntitle = "A"\ndate = 2020-01-01\n+++\nA\n',
        "content/blog/secret.md": '+++\ntitle = "S"\ndate = 2020-01-01\n+++\nS\n',
    }
    outcome = bring(blog(files))
    assert [each.source for each in outcome.posts] == ["blog/content/blog/a.md"]
    assert "content/blog/secret.md" in left_out(outcome)


def test_the_exclusions_hold_for_a_folder_of_the_project(blog: Blog, bring: Bring) -> None:
    root = blog(
        {"_config.yml": "exclude: [_posts/b]\n", "_posts/2020-01-01-a.md": plain_post(), "_posts/b/c.md": plain_post()}
    )
    assert len(bring(root / "_posts").posts) == 1


def test_settings_that_cannot_be_read_are_named(blog: Blog, bring: Bring) -> None:
    outcome = bring(blog({"_config.yml": "a: 1\na: 2\nexclude: [x]\n", "_posts/2020-01-01-a.md": plain_post()}))
    assert [note.words for note in outcome.notes if "settings could not be read" in note.words]


@pytest.mark.parametrize(
    "front",
    [
        "headless: true",
        "build: {render: never, list: never}",
        "_build: {render: false}",
        "render: false",
    ],
)
def test_what_made_no_page_is_a_draft(front: str, blog: Blog, bring: Bring) -> None:
    text = f"---\ntitle: A\ndate: 2020-01-01\n{front}\n---\nText {{{{< x >}}}}\n"
    outcome = bring(blog({"hugo.yaml": HUGO, "content/posts/a.md": text}))
    assert drafts(outcome) == {"content/posts/a.md"}
    assert [note for note in outcome.notes if note.topic is Topic.HIDDEN]


def test_languages_had_folders_in_hugo_s_and_zola_s_addresses(blog: Blog, bring: Bring) -> None:
    hugo = {
        "hugo.yaml": HUGO,
        "content/posts/a.md": plain_post("'A title: here'", date="2020-01-01"),
        "content/posts/a.de.md": plain_post("Ein Titel", date="2020-01-01"),
        "content/de/posts/b.md": plain_post("B", date="2020-01-02"),
    }
    assert old(bring(blog(hugo))) == {
        "content/posts/a.md": ("/2020/a-title-here/",),
        "content/posts/a.de.md": ("/de/2020/ein-titel/",),
        "content/de/posts/b.md": ("/de/2020/b/",),
    }


def test_languages_had_folders_in_zola_s_addresses(blog: Blog, bring: Bring) -> None:
    zola = {
        "config.toml": ZOLA,
        "content/blog/a/index.md": '+++\ntitle = "A"\ndate = 2020-01-01\n+++\nA\n',
        "content/blog/a/index.fr.md": '+++\ntitle = "A"\ndate = 2020-01-01\n+++\nA\n',
    }
    found = old(bring(blog(zola)))
    assert found["content/blog/a/index.md"] == ("/blog/a/",)
    assert found["content/blog/a/index.fr.md"] == ("/fr/blog/a/",)


@pytest.mark.parametrize("date", ["2024-02-30", "yesterday", "31/12/2020"])
def test_a_date_that_cannot_be_read_makes_no_page(date: str, blog: Blog, bring: Bring) -> None:
    outcome = bring(blog({"hugo.yaml": HUGO, "content/posts/a.md": plain_post(date=date)}))
    assert not outcome.posts
    assert [(problem.path, problem.code, problem.line) for problem in outcome.problems] == [
        ("blog/content/posts/a.md", "date", 3)
    ]


def test_a_post_s_own_permalink_may_be_a_pattern(blog: Blog, bring: Bring) -> None:
    files = {
        "_config.yml": "permalink: pretty\n",
        "_posts/2020-01-02-a.md": plain_post(permalink="/custom/:year/:title.html"),
        "_posts/2020-01-03-b.md": plain_post(permalink="/fixed/"),
    }
    assert old(bring(blog(files))) == {
        "_posts/2020-01-02-a.md": ("/custom/2020/a.html",),
        "_posts/2020-01-03-b.md": ("/fixed/",),
    }


def test_collections_of_jekyll_s_are_pages(blog: Blog, bring: Bring, site: Path) -> None:
    files = {
        "_config.yml": "include: [_pages]\n"
        "collections:\n  recipes: {output: true, permalink: /food/:name/}\n  notes: {output: false}\n",
        "_posts/2020-01-01-a.md": plain_post(body="[cake]({% link _recipes/cake.md %})"),
        "_recipes/cake.md": plain_post("Cake"),
        "_notes/n.md": plain_post("Note"),
        "_ideas/2020-01-01-i.md": plain_post("Idea"),
        "_pages/team.md": plain_post("Team"),
    }
    outcome = bring(blog(files))
    assert drafts(outcome) == {"_notes/n.md"}
    assert "_ideas" in left_out(outcome)
    assert old(outcome)["_recipes/cake.md"] == ("/food/cake/",)
    assert "[cake](../../pages/recipes/cake.md)" in (site / "content/posts/2020/2020-01-01-a.md").read_text()


def test_front_matter_has_jekyll_s_defaults(blog: Blog, bring: Bring, site: Path) -> None:
    settings = """
defaults:
  - scope: {path: "", type: posts}
    values: {author: Ann Example, layout: post}
  - scope: {path: _posts/hidden}
    values: {published: false}
"""
    files = {
        "_config.yml": settings,
        "_posts/2020-01-01-a.md": plain_post(),
        "_posts/2020-01-02-b.md": plain_post(author="Bob Example"),
        "_posts/hidden/2020-01-03-c.md": plain_post(),
    }
    outcome = bring(blog(files))
    authors = [frontmatter.load(str(site / each.path)).get("authors") for each in outcome.posts if each.kind == "post"]
    assert authors == [["Ann Example"], ["Bob Example"], ["Ann Example"]]
    assert drafts(outcome) == {"_posts/hidden/2020-01-03-c.md"}


def test_the_excerpt_ends_where_jekyll_s_did(blog: Blog, bring: Bring, site: Path) -> None:
    text = plain_post(body="One\n\n<!-- cut -->\n\nTwo", excerpt_separator="<!-- cut -->")
    (written,) = bring(blog({"_posts/2020-01-01-a.md": text})).posts
    assert "One\n\n<!--more-->\n\nTwo" in (site / written.path).read_text()


PELICAN = 'SITEURL = "https://old.example.org"\nARTICLE_URL = "posts/{date:%Y}/{slug}/"\n'


def test_pelican_names_articles_by_their_titles(blog: Blog, bring: Bring) -> None:
    files = {
        "pelicanconf.py": PELICAN,
        "content/one.md": "Title: The first one\nDate: 2015-03-04\n\nText\n",
        "content/two.md": "Title: The second\nDate: 2015-03-05\nSlug: zwei\n\n[one]({filename}one.md)\n",
        "content/pages/about.md": "Title: About us\n\nText\n",
    }
    assert old(bring(blog(files))) == {
        "content/one.md": ("/posts/2015/the-first-one/",),
        "content/two.md": ("/posts/2015/zwei/",),
        "content/pages/about.md": ("/pages/about-us.html",),
    }


def test_one_slug_in_two_languages_is_one_article_of_pelican_s(blog: Blog, bring: Bring, site: Path) -> None:
    files = {
        "pelicanconf.py": PELICAN,
        "content/a.md": "Title: A\nDate: 2015-03-04\nSlug: same\nLang: en\n\nText\n",
        "content/b.md": "Title: B\nDate: 2015-03-04\nSlug: same\nLang: fr\n\nTexte\n",
    }
    posts = {each.source[-4:]: frontmatter.load(str(site / each.path)) for each in bring(blog(files)).posts}
    assert posts["b.md"]["translation_of"] == posts["a.md"]["id"]


def test_pages_of_html_tell_about_themselves_in_their_heads(blog: Blog, bring: Bring, site: Path) -> None:
    html = (
        '<html><head><title>A &amp; B</title><meta name="Date" content="2015-03-04 10:20">'
        '<meta name="tags" content="x, y"><meta name="status" content="draft"></head><body><p>Text</p></body></html>'
    )
    files = {"pelicanconf.py": PELICAN, "content/a.html": html, "content/b.html": "<html><body>No date</body></html>"}
    outcome = bring(blog(files))
    (written,) = outcome.posts
    made = frontmatter.load(str(site / written.path))
    assert (made["title"], made["tags"], made["draft"]) == ("A & B", ["x", "y"], True)
    assert made.content == "<p>Text</p>"
    assert "content/b.html" in left_out(outcome)


def test_links_to_lists_of_pelican_s_lead_to_ours(blog: Blog, bring: Bring, site: Path) -> None:
    head = "Title: A\nDate: 2015-03-04\nTags: Big News\nAuthor: Ann\nSeries: S\nseries_index: 3\n"
    text = f"{head}\n[t]({{tag}}Big%20News) [a]({{author}}Ann)\n"
    (written,) = bring(blog({"pelicanconf.py": PELICAN, "content/a.md": text})).posts
    made = frontmatter.load(str(site / written.path))
    assert made.content == "[t](/tags/big-news/) [a](/authors/ann/)"
    assert (made["series"], made["part"]) == ("S", 3)


def test_numbers_without_bounds_are_refused_by_name(blog: Blog, bring: Bring) -> None:
    front = f'+++\ntitle = "A"\ndate = 2020-01-01\n[extra]\nx = 0x{"f" * 60_000}\n+++\nText\n'
    outcome = bring(blog({"a.md": front, "b.md": plain_post(date="2020-01-01")}))
    assert [problem.path for problem in outcome.problems] == ["blog/a.md"]
    assert [each.source for each in outcome.posts] == ["blog/b.md"]


def test_folders_around_posts_are_categories_to_jekyll(blog: Blog, bring: Bring, site: Path) -> None:
    files = {"_config.yml": "permalink: pretty\n", "travel/_posts/2020-01-02-a.md": plain_post(categories="far")}
    outcome = bring(blog(files))
    assert old(outcome) == {"travel/_posts/2020-01-02-a.md": ("/travel/far/2020/01/02/a/",)}
    assert frontmatter.load(str(site / outcome.posts[0].path))["tags"] == ["far", "travel"]


def test_what_a_password_or_a_later_day_kept_from_readers_is_a_draft(blog: Blog, bring: Bring, site: Path) -> None:
    files = {
        "a.md": "---\ntitle: A\ndate: 2020-01-01\npassword: hunter2\n---\nText\n",
        "b.md": plain_post(date="2020-01-02", publishDate="2999-01-01"),
        "c.md": plain_post(date="2020-01-03", publishDate="2020-01-04"),
    }
    outcome = bring(blog(files))
    assert drafts(outcome) == {"a.md", "b.md"}
    assert not [file for file in site.rglob("*") if file.is_file() and b"hunter2" in file.read_bytes()]
