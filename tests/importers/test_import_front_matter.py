"""Front matter of other generators: each key gets its place, and nothing is dropped in silence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import frontmatter
import pytest

from generator.importers.import_model import ImportOutcome, Topic

Blog = Callable[[Mapping[str, str | bytes]], Path]
Bring = Callable[..., ImportOutcome]


@pytest.fixture
def come(blog: Blog, bring: Bring, site: Path) -> Callable[..., Any]:
    """Import one file and give what became of it: `come("title: A", "Text.", name="_posts/2020-01-02-a.md")`."""

    def run(front: str, body: str = "Text.", *, name: str = "_posts/2020-01-02-a.md", mark: str = "---") -> Any:
        outcome = bring(blog({name: f"{mark}\n{front}\n{mark}\n{body}\n"}))
        assert [str(problem) for problem in outcome.problems] == []
        post: Any = frontmatter.load(str(site / outcome.posts[0].path))
        post.outcome = outcome
        return post

    return run


def topics(post: Any) -> set[Topic]:
    return {note.topic for note in post.outcome.notes}


@pytest.mark.parametrize(
    ("front", "tags"),
    [
        ("tags: [a, B c]", ["a", "B c"]),
        ("tags: one two", ["one", "two"]),  # Jekyll splits a text at spaces
        ("tags: one two, three", ["one two", "three"]),
        ("category: How we work", ["How we work"]),
        ("categories: [News]\ntags: [news, x]", ["news", "x"]),
        ("topics:\n  - 2020\n  - no", ["2020", "no"]),
        ("tags: ['Q&amp;A']", ["Q&A"]),
        ("tags: One Two", ["One Two"]),  # a phrase, not Jekyll's words in small letters
        ("tag: One Two", ["One Two"]),
    ],
)
def test_labels_of_every_kind_are_tags(come: Callable[..., Any], front: str, tags: list[str]) -> None:
    assert come(f"title: A\n{front}")["tags"] == tags


def test_a_singular_key_beside_its_plural_is_kept_and_said(come: Callable[..., Any]) -> None:
    post = come("title: A\ntag: Lorem Ipsum\ntags: dolor sit")
    assert post["tags"] == ["dolor", "sit"]
    assert post["extra"] == {"tag": "Lorem Ipsum"}


def test_a_text_is_split_at_spaces_for_jekyll_alone(come: Callable[..., Any]) -> None:
    assert come("title: A\ndate: 2020-01-01\nweight: 1\ntags: one two", name="content/a.md")["tags"] == ["one two"]


@pytest.mark.parametrize(
    ("front", "authors"),
    [
        ("author: Kim Example", ["Kim Example"]),
        ("authors:\n- kim\n- ola", ["kim", "ola"]),
        ("author: {login: kim, email: kim@mail.example, display_name: Kim E}", ["Kim E"]),
        ("authors:\n- name: Kim\n  url: https://kim.example\n- Ola", ["Kim", "Ola"]),
        ("author: {first_name: Kim, last_name: Example}", ["Kim Example"]),
        ("author: Kim <kim@mail.example>", ["Kim"]),
    ],
)
def test_authors_are_names_whatever_form_they_have(come: Callable[..., Any], front: str, authors: list[str]) -> None:
    post = come(f"title: A\n{front}")
    assert post["authors"] == authors
    assert "mail.example" not in frontmatter.dumps(post)


@pytest.mark.parametrize(
    ("front", "date"),
    [
        ("date: 2014-10-06 23:30:00 -0400", "2014-10-06 23:30 -04:00"),
        ("date: 2008-04-03 23:18:06.000000000 -04:00", "2008-04-03 23:18:06 -04:00"),
        ('date: "2021-11-26"', "2021-11-26"),
        ("date: Oct 6, 2014", "2014-10-06"),
        ("x: 1", "2020-01-02"),
        ("date: 2023-01-29 18:30:22 2023 -0800", "2020-01-02"),
        ("date: 2014-04-31", "2020-01-02"),
    ],
)
def test_dates_are_the_ones_written_or_the_name_s(come: Callable[..., Any], site: Path, front: str, date: str) -> None:
    post = come(f"title: A\n{front}")
    assert f"\ndate: {date}\n" in (site / post.outcome.posts[0].path).read_text()


def test_the_day_may_stand_in_the_address_alone(come: Callable[..., Any]) -> None:
    post = come('title = "A"\npath = "inside/2020/07/27/1.45.1-prerelease"', name="1.45.1.md", mark="+++")
    assert post.outcome.posts[0].path == "content/posts/2020/2020-07-27-1-45-1-prerelease.md"
    assert post.outcome.posts[0].address == "/2020/07/1.45.1-prerelease/"
    assert post["slug"] == "1.45.1-prerelease"
    assert post["aliases"] == ["/inside/2020/07/27/1.45.1-prerelease"]


def test_an_impossible_date_is_told_with_its_line(come: Callable[..., Any]) -> None:
    (note,) = (note for note in come("title: A\ndate: 2014-04-31").outcome.notes if note.topic is Topic.DATE)
    assert (note.path, note.line) == ("blog/_posts/2020-01-02-a.md", 3)
    assert "April 2014 has no day 31" in note.words


def test_what_has_no_date_at_all_is_refused_by_name_and_the_others_come(blog: Blog, bring: Bring) -> None:
    outcome = bring(blog({"a.md": "---\ntitle: A\n---\nText.", "b.md": "---\ntitle: B\ndate: 2020-01-01\n---\n"}))
    assert [(problem.path, problem.code) for problem in outcome.problems] == [("blog/a.md", "no-date")]
    assert [post.source for post in outcome.posts] == ["blog/b.md"]


@pytest.mark.parametrize(
    "front",
    [
        "published: false",
        "draft: true",
        "status: private",
        "Status: hidden",
        "draft: perhaps",
        "hidden: true",
        "permalink: false",
    ],
)
def test_what_was_not_public_is_a_draft(come: Callable[..., Any], front: str) -> None:
    post = come(f"title: A\n{front}")
    assert post["draft"] is True
    assert post.outcome.posts[0].draft


@pytest.mark.parametrize("front", ["published: true", "draft: false", "status: publish", "visibility: public"])
def test_what_was_public_stays_so_and_says_nothing_of_it(come: Callable[..., Any], front: str) -> None:
    post = come(f"title: A\n{front}")
    assert "draft" not in post.keys()  # noqa: SIM118 (a Post is no dict)
    assert "extra" not in post.keys()  # noqa: SIM118


def test_drafts_without_a_date_come_as_drafts(come: Callable[..., Any]) -> None:
    post = come("title: A", name="_drafts/idea.md")
    assert post["draft"] is True
    assert Topic.DATE in topics(post)


def test_descriptions_find_their_places(come: Callable[..., Any]) -> None:
    post = come("title: A\ndeck: The deck.\nsummary: The **summary**.\ndescription: For &amp; engines.\nexcerpt: More.")
    assert (post["summary"], post["description"]) == ("The summary.", "For & engines.")
    assert post["extra"] == {"deck": "The deck.", "excerpt": "More."}


def test_equal_descriptions_are_written_once(come: Callable[..., Any]) -> None:
    post = come("title: A\nexcerpt: Same.\ndescription: Same.")
    assert post["summary"] == "Same."
    assert "description" not in post.keys()  # noqa: SIM118


def test_other_keys_are_kept_below_extra_as_written(come: Callable[..., Any]) -> None:
    post = come("title: A\nweight: 7\nversion: 1.10\ntime: 12:30\nteam: {name: X}\nempty:\nlayout: post\nnumber: '007'")
    assert post["extra"] == {"weight": 7, "version": "1.10", "time": "12:30", "team": {"name": "X"}, "number": "007"}


def test_extra_and_params_are_opened(come: Callable[..., Any]) -> None:
    post = come('title = "A"\ndate = 2020-01-01\n[extra]\nteam = "x"\n[params]\nmath = true', name="a.md", mark="+++")
    assert post["extra"] == {"team": "x", "math": True}


def test_zola_s_taxonomies_are_tags_and_authors(come: Callable[..., Any]) -> None:
    front = 'title = "A"\ndate = 2020-01-01\n[taxonomies]\ntags = ["a"]\ncategories = ["b"]\n'
    front += 'authors = ["Kim"]\nmood = ["c"]'
    post = come(front, name="a.md", mark="+++")
    assert (post["tags"], post["authors"], post["extra"]) == (["a", "b"], ["Kim"], {"mood": ["c"]})


@pytest.mark.parametrize(
    ("front", "image", "alt"),
    [
        ("image: /a.png", "/a.png", None),
        ("featured_image: {src: /a.jpg, alt: A desk}", "/a.jpg", "A desk"),
        ("hero: /a.webp\nimage_alt: ''", "/a.webp", None),
        ("cover:\n  image: https://pictures.example/a.png\n  alt: B", "https://pictures.example/a.png", "B"),
    ],
)
def test_lead_pictures(come: Callable[..., Any], front: str, image: str, alt: str | None) -> None:
    post = come(f"title: A\n{front}")
    assert (post["image"], post.get("image_alt")) == (image, alt)


@pytest.mark.parametrize(
    "front", ["image: some-id", "hero: false", "image: {uid: x-y}", "image: ../../../../../etc/passwd.png"]
)
def test_what_names_no_picture_is_no_lead_picture(come: Callable[..., Any], front: str) -> None:
    post = come(f"title: A\n{front}")
    assert "image" not in post.keys()  # noqa: SIM118


def test_addresses_become_slug_and_aliases(come: Callable[..., Any]) -> None:
    post = come("title: A\npermalink: /company/news/Big-Day.html\nredirect_from: /old/\naliases: [/older.html]")
    assert post["slug"] == "Big-Day"
    assert post["aliases"] == ["/company/news/Big-Day.html", "/older.html", "/old/"]


def test_the_new_address_is_no_alias(come: Callable[..., Any]) -> None:
    assert "aliases" not in come("title: A\npermalink: /2020/01/a/").keys()  # noqa: SIM118


@pytest.mark.parametrize("alias", ["../../etc/", "//host.example/", "/a?b=1", "javascript:alert(1)"])
def test_an_evil_alias_is_left_out_and_told(come: Callable[..., Any], alias: str) -> None:
    post = come(f"title: A\naliases: ['{alias}', /fine/]")
    assert post["aliases"][0] == "/fine/"
    assert Topic.ADDRESS in topics(post)


@pytest.mark.parametrize(
    ("title", "cleaned"),
    [
        ("Q&amp;A &#8211; <em>now</em>", "Q&A – now"),
        ("'**Bold** news'", "Bold news"),
        ("'a: b'", "a: b"),
        ("no", "no"),
        ("2020", "2020"),
    ],
)
def test_titles_are_plain_text(come: Callable[..., Any], site: Path, title: str, cleaned: str) -> None:
    assert come(f"title: {title}")["title"] == cleaned


def test_a_missing_title_is_the_first_heading_or_made_of_the_name(come: Callable[..., Any]) -> None:
    post = come("x: y", "# The heading\n\nText.")
    assert (post["title"], post.content) == ("The heading", "Text.")
    assert Topic.TITLE in topics(post)


def test_a_title_is_made_of_the_name_where_nothing_else_is(come: Callable[..., Any]) -> None:
    post = come("x: y", name="_posts/2020-02-02-a-good-week.md")
    assert post["title"] == "A good week"
    assert Topic.TITLE in topics(post)


def test_a_key_written_twice_counts_as_last_written_and_is_told(come: Callable[..., Any]) -> None:
    post = come("title: A\nsource: one\ntags:\n- a\nsource: two\ntags:\n- b")
    assert (post["tags"], post["extra"]) == (["b"], {"source": "two"})
    assert Topic.DUPLICATE in topics(post)


@pytest.mark.parametrize(
    ("front", "source", "lines"),
    [
        ("source: one\nsource: two", "two", [3]),
        ("source: one\nsource: two\nsource: three", "three", [3, 4]),
        ('"source": one\nsource: two', "two", [3]),
        ("source:\n  - one\nsource: two", "two", [3]),
        ("source: one\nmood: bad\nmood: good\nsource: two", "two", [3, 4]),
        ("source: set on line 9 (first on line 4)\nsource: two", "two", [3]),
    ],
)
def test_all_but_the_last_of_a_key_are_left_out_with_their_lines(
    come: Callable[..., Any], front: str, source: str, lines: list[int]
) -> None:
    post = come(f"title: A\n{front}")
    assert post["extra"]["source"] == source
    assert sorted(note.line for note in post.outcome.notes if note.topic is Topic.DUPLICATE) == lines


@pytest.mark.parametrize("front", ["extra: {a: 1, a: 2}", "extra:\n  a: 1\n  a: 2", "extra:\n- a: 1\n  a: 2"])
def test_a_key_written_twice_below_another_is_refused(blog: Blog, bring: Bring, front: str) -> None:
    outcome = bring(blog({"_posts/2020-02-02-a.md": f"---\ntitle: A\n{front}\n---\nText.\n"}))
    assert outcome.posts == ()
    assert "duplicate-key" in {problem.code for problem in outcome.problems}


def test_pelican_s_headers_are_front_matter(come: Callable[..., Any], blog: Blog, bring: Bring, site: Path) -> None:
    text = "Title: A: b\nDate: 2010-12-03 10:20\nCategory: Python\nTags: pelican, two words\nSlug: my-post\n"
    text += "Authors: Kim; Ola\nSummary: Short.\nStatus: draft\n\nText with Colon: here.\n"
    outcome = bring(blog({"content/x.md": text}))
    post = frontmatter.load(str(site / outcome.posts[0].path))
    assert (post["title"], post["tags"], post["authors"]) == (
        "A: b",
        ["pelican", "two words", "Python"],
        ["Kim", "Ola"],
    )
    assert (post["summary"], post["draft"], post.content) == ("Short.", True, "Text with Colon: here.")
    assert outcome.posts[0].old == ("/my-post.html",)


def test_json_front_matter_of_hugo(blog: Blog, bring: Bring, site: Path) -> None:
    outcome = bring(
        blog({"content/news/A.md": '{\n"title": "A",\n"date": "2020-01-02T10:00:00Z",\n"tags": ["x"]\n}\nText.\n'})
    )
    assert outcome.posts[0].old == ("/news/a/",)
    assert frontmatter.load(str(site / outcome.posts[0].path))["tags"] == ["x"]


def test_a_link_post_without_text_gets_its_link(come: Callable[..., Any]) -> None:
    post = come("title: Shared [things]\nsource_url: https://other.example/a/", "")
    assert post.content == "[Shared \\[things\\]](https://other.example/a/)"
    assert post["extra"] == {"source_url": "https://other.example/a/"}


def test_ids_are_the_same_at_every_import_and_differ_from_each_other(blog: Blog, bring: Bring, site: Path) -> None:
    source = blog({f"_posts/2020-01-0{n}-a.md": "---\ntitle: A\n---\nText.\n" for n in (1, 2, 3)})
    paths = [post.path for post in bring(source).posts]
    ids = [frontmatter.load(str(site / path))["id"] for path in paths]
    for path in paths:
        (site / path).unlink()
    (site / ".openletter/import-markdown.json").unlink()
    bring(source)
    assert [frontmatter.load(str(site / path))["id"] for path in paths] == ids
    assert len(set(ids)) == 3


def test_authors_that_are_ids_are_listed_for_site_toml(come: Callable[..., Any]) -> None:
    post = come("title: A\nauthors: [jane-doe, Kim]")
    assert [note.words for note in post.outcome.notes if note.topic is Topic.BYLINE] == [
        "`[authors.jane-doe]` (1 post)"
    ]
