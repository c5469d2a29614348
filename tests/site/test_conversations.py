"""The conversation at a service: what a page says of it, what it allows, and when it closes."""

import shutil
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests import factories

DAY = datetime(2024, 1, 30, 12, tzinfo=UTC)
PAGE = "2024/01/a/index.html"
COMMENTS = {
    "giscus": 'repo = "example/blog"\nrepo_id = "R_1"\ncategory_id = "DIC_1"',
    "utterances": 'repo = "example/blog"\nlabel = "comments"',
    "isso": 'server = "https://isso.example/"',
    "remark42": 'server = "https://remark.example"\nsite_id = "blog"',
    "disqus": 'shortname = "example-blog"',
    "discourse": 'server = "https://forum.example"',
    "mastodon": 'server = "https://social.example"\naccount = "office"',
    "webmention": 'endpoint = "https://mentions.example/blog"',
}
THREADS = {"mastodon": "https://social.example/@office/1234"}
TITLE = 'A "b" <c> & d=e#f?g'
ADDRESS = "https://example.org/comments/an-id/"


def settings(provider: str, more: str = "") -> str:
    return factories.config(f'[comments]\nprovider = "{provider}"\n{COMMENTS[provider]}\n{more}\n')


def written(provider: str, **keys: Any) -> str:
    thread = {"thread": THREADS[provider]} if provider in THREADS else {}
    return factories.post(TITLE, "Text.", id="an-id", **{**thread, **keys})


def site_of(provider: str, more: str = "", **keys: Any) -> dict[str, str]:
    return {
        "site.toml": settings(provider, more),
        "posts/2024-01-01-a.md": written(provider, **keys),
        "pages/about.md": factories.post("About"),
    }


def holder(made: Any, page: str = PAGE) -> Any:
    return made.html(page).xpath("//div[@data-conversation]")


def policy(made: Any, page: str = PAGE) -> dict[str, set[str]]:
    (text,) = made.html(page).xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    return {name: set(sources) for name, *sources in (part.split() for part in text.split("; "))}


ALLOWED: dict[str, dict[str, set[str]]] = {
    "giscus": {"frame-src": {"https://giscus.app"}},
    "utterances": {"frame-src": {"https://utteranc.es"}},
    "discourse": {"frame-src": {"https://forum.example"}},
    "mastodon": {"connect-src": {"'self'", "https://social.example"}},
    "isso": {
        name: {"'self'", "https://isso.example"} for name in ("connect-src", "img-src", "script-src", "style-src")
    },
    "remark42": {
        "frame-src": {"https://remark.example"},
        **{
            name: {"'self'", "https://remark.example"} for name in ("connect-src", "img-src", "script-src", "style-src")
        },
    },
    "disqus": {
        "frame-src": {"https://disqus.com"},
        "connect-src": {"'self'", "https://disqus.com"},
        "script-src": {"'self'", "https://example-blog.disqus.com", "https://c.disquscdn.com"},
        "img-src": {"'self'", "https://c.disquscdn.com"},
        "style-src": {"'self'", "https://c.disquscdn.com"},
    },
    "webmention": {},
}


@pytest.mark.parametrize("provider", COMMENTS)
def test_a_page_allows_the_hosts_of_its_conversation_and_no_other_page_does(letters: Any, provider: str) -> None:
    made = letters(site_of(provider))
    usual, own = policy(made, "about/index.html"), policy(made)
    assert {name: sources for name, sources in own.items() if usual.get(name) != sources} == ALLOWED[provider]
    hosts = {each for sources in ALLOWED[provider].values() for each in sources if each.startswith("https")}
    for path in made.paths:
        if path.endswith(".html") and path != PAGE:
            assert not any(source in made.text(path) for source in hosts), path
    if provider != "webmention":
        (box,) = holder(made)
        for host in hosts:
            assert urlsplit(host).hostname in box.getprevious().text_content(), "the host is not named in words"
            assert urlsplit(host).hostname in box.get("data-frame-text")


@pytest.mark.parametrize("provider", COMMENTS)
def test_the_page_has_a_plain_link_and_loads_nothing_by_itself(letters: Any, provider: str) -> None:
    made = letters(site_of(provider))
    page = made.html(PAGE)
    (link,) = page.xpath('//section[@class="discussion"]/p/a/@href')
    assert urlsplit(link).scheme == "https"
    loading = page.xpath("//@src | //link[@rel='stylesheet' or @rel='preload' or @rel='icon']/@href | //iframe")
    assert loading
    assert all(str(each).startswith("/") for each in loading)
    assert not page.xpath("//script[not(@src) and not(@type='application/ld+json')] | //*[@style] | //*[@onclick]")


def fields_of(made: Any) -> dict[str, list[str]]:
    (box,) = holder(made)
    return parse_qs(urlsplit(box.get("data-frame")).query, keep_blank_values=True)


def test_giscus_finds_the_discussion_by_the_id_word_for_word(letters: Any) -> None:
    made = letters(site_of("giscus", 'reactions = false\ninput_position = "top"', lang="de"))
    (box,) = holder(made)
    assert box.get("data-frame").startswith("https://giscus.app/de/widget?")
    fields = {name: value for name, (value,) in fields_of(made).items()}
    assert fields["term"] == "an-id"
    assert (fields["strict"], fields["repo"], fields["repoId"]) == ("1", "example/blog", "R_1")
    assert (fields["categoryId"], fields["reactionsEnabled"], fields["inputPosition"]) == ("DIC_1", "0", "top")
    assert "d=e#f?g" in fields["description"]
    assert fields["backLink"] == "https://example.org/2024/01/a/"


@pytest.mark.parametrize(
    ("lang", "path"),
    [("en", ""), ("en-GB", ""), ("cy", ""), ("fr", "/fr"), ("el", "/gr"), ("zh-Hant", "/zh-TW"), ("zh", "/zh-CN")],
)
def test_giscus_speaks_the_language_of_the_post_if_it_can(letters: Any, lang: str, path: str) -> None:
    (box,) = holder(letters(site_of("giscus", lang=lang)))
    assert urlsplit(box.get("data-frame")).path == f"{path}/widget"


def test_utterances_finds_the_issue_whose_title_is_the_id(letters: Any) -> None:
    made = letters(site_of("utterances"))
    fields = {name: value for name, (value,) in fields_of(made).items()}
    assert (fields["repo"], fields["issue-term"], fields["label"]) == ("example/blog", "an-id", "comments")


def test_discourse_takes_the_address_that_the_id_makes_or_the_topic_of_the_front_matter(letters: Any) -> None:
    assert fields_of(letters(site_of("discourse"))) == {"embed_url": [ADDRESS]}
    made = letters(site_of("discourse", thread=123))
    assert fields_of(made) == {"topic_id": ["123"]}
    assert made.html(PAGE).xpath('//section[@class="discussion"]/p/a/@href') == ["https://forum.example/t/123"]


@pytest.mark.parametrize(
    ("provider", "expected"),
    [
        ("isso", {"thread": "/comments/an-id/", "server": "https://isso.example/"}),
        ("isso", {"script": "https://isso.example/js/embed.min.js"}),
        ("remark42", {"thread": ADDRESS, "site": "blog", "script": "https://remark.example/web/embed.mjs"}),
        ("disqus", {"thread": "an-id", "link": "https://example.org/2024/01/a/"}),
        ("disqus", {"script": "https://example-blog.disqus.com/embed.js"}),
        ("mastodon", {"replies": "https://social.example/api/v1/statuses/1234/context", "number": "1234"}),
    ],
)
def test_a_service_with_a_script_gets_the_thread_of_the_id(
    letters: Any, provider: str, expected: dict[str, str]
) -> None:
    (box,) = holder(letters(site_of(provider)))
    assert {name: box.get(f"data-{name}") for name in expected} == expected


@pytest.mark.parametrize("provider", [name for name in COMMENTS if name != "webmention"])
def test_a_changed_address_keeps_the_conversation(letters: Any, site: Any, provider: str) -> None:
    def named(made: Any, page: str) -> dict[str, Any]:
        (box,) = holder(made, page)
        gone = ("data-link", "data-title", "data-frame")
        frame = parse_qs(urlsplit(box.get("data-frame", "")).query)
        own = {name: frame.get(name) for name in ("term", "issue-term", "embed_url")}
        return own | {name: value for name, value in box.attrib.items() if name not in gone}

    made = letters(site_of(provider))
    before = named(made, PAGE)
    (made.root / "content/posts/2024-01-01-a.md").write_text(written(provider, slug="elsewhere"), encoding="utf-8")
    made.build()
    assert named(made, "2024/01/elsewhere/index.html") == before
    if provider in ("isso", "remark42", "discourse"):
        assert 'url=https://example.org/2024/01/elsewhere/"' in made.text("comments/an-id/index.html")


def test_an_id_that_no_path_can_have_makes_an_address_too(letters: Any) -> None:
    made = letters(site_of("isso") | {"posts/2024-01-01-a.md": factories.post("A", id="Ä / ../b c")})
    (box,) = holder(made)
    assert f"{box.get('data-thread').lstrip('/')}index.html" in made.paths


def test_only_services_that_need_it_get_a_page_for_each_thread(letters: Any) -> None:
    assert not [path for path in letters(site_of("giscus")).paths if path.startswith("comments/")]
    made = letters(
        {
            **site_of("isso"),
            "posts/2024-01-02-b.md": factories.post("B", comments=False),
            "pages/comments/an-id.md": factories.post("Taken"),
        }
    )
    assert [path for path in made.paths if path.startswith("comments/")] == ["comments/an-id/index.html"]
    assert "Taken" in made.text("comments/an-id/index.html")


@pytest.mark.parametrize(
    ("provider", "thread", "words"),
    [
        ("mastodon", "https://elsewhere.example/@office/12", "is not a post on social.example"),
        ("mastodon", "soon", "is not a post on social.example"),
        ("mastodon", "https://social.example/@office", "is not a post on social.example"),
        ("discourse", "https://forum.example/t/a/12", "is not the number of a topic"),
        ("discourse", "-3", "is not the number of a topic"),
    ],
)
def test_a_thread_that_the_service_cannot_have_is_an_error_at_its_line(
    site: Any, build: Any, provider: str, thread: str, words: str
) -> None:
    source = f"---\ntitle: A\nthread: {thread!r}\n---\nText.\n"
    root = site({"site.toml": settings(provider), "posts/2024-01-01-a.md": source})
    (problem,) = [each for each in build(root).problems if each.code == "thread"]
    assert (problem.path, problem.line) == ("content/posts/2024-01-01-a.md", 3)
    assert words in problem.message


def test_without_a_thread_a_post_has_no_conversation_at_mastodon(letters: Any) -> None:
    made = letters({"site.toml": settings("mastodon"), "posts/2024-01-01-a.md": factories.post("A")})
    assert not made.html(PAGE).xpath('//section[@class="discussion"]')
    assert "social.example" not in made.text(PAGE)


@pytest.mark.parametrize("provider", COMMENTS)
def test_closed_comments_can_be_read_and_not_written(letters: Any, provider: str) -> None:
    made = letters(site_of(provider, comments="closed"))
    page = made.html(PAGE)
    assert "Comments are closed." in page.text_content()
    if provider in ("isso", "mastodon"):
        (box,) = holder(made)
        assert "is-closed" in box.get("class")
    else:
        assert not holder(made)
        assert policy(made) == policy(made, "about/index.html")
        assert "frames.js" not in made.text(PAGE)
        assert "comments.js" not in made.text(PAGE)


def test_posts_close_by_themselves_when_their_day_comes(site: Any) -> None:
    made = factories.Site(site({
        **site_of("giscus", "closed_after_days = 30"),
        "posts/2024-01-20-b.md": factories.post("B"),
        "posts/2024-01-01-c.md": factories.post("C", comments="closed"),
    }), {"now": DAY})  # fmt: skip
    made.build()
    assert holder(made)
    assert not holder(made, "2024/01/c/index.html")
    made.options["now"] = DAY + timedelta(days=1)
    report = made.build()
    assert not holder(made), "the thirtieth day is over"
    assert holder(made, "2024/01/b/index.html")
    assert PAGE in report.rendered
    after = factories.tree(made.output)
    shutil.rmtree(made.root / ".openletter")
    made.build()
    assert factories.tree(made.output) == after


def test_a_rules_page_and_an_address_for_moderation(letters: Any) -> None:
    made = letters(site_of("giscus", 'rules = "/about/"\nmoderation = "desk@example.org"'))
    links = made.html(PAGE).xpath('//section[@class="discussion"]/p/a/@href')
    assert links[1] == "/about/"
    assert links[2].startswith("mailto:desk@example.org?subject=")
    assert "https%3A//example.org/2024/01/a/" in links[2]
    made = letters(site_of("giscus", 'rules = "Be kind, and stay with the matter: https://example.org/about/"'))
    assert "Be kind, and stay with the matter:" in made.html(PAGE).text_content()


def test_a_rules_page_that_is_not_there_is_a_broken_link_at_its_line(site: Any, build: Any) -> None:
    root = site(site_of("giscus", 'rules = "/nowhere/"'))
    lines = (root / "site.toml").read_text(encoding="utf-8").splitlines()
    (problem,) = [each for each in build(root).problems if each.path == "site.toml"]
    assert lines[problem.line - 1] == 'rules = "/nowhere/"'
    assert "the house rules" in problem.message


MANY = "".join(f"- {{id: c{n}, author: Ana, date: 2024-01-02 {n:02}:00, body: Text}}\n" for n in range(14))
LONG = "".join(f"- {{id: r{n}, author: Bo, date: 2024-01-03, body: Text, parent: c0}}\n" for n in range(7))


def test_long_threads_fold_without_a_script_and_the_first_stay(letters: Any) -> None:
    made = letters({"posts/2024-01-01-a.md": factories.post("A"), "posts/2024-01-01-a.comments.yaml": MANY + LONG})
    (section,) = made.html(PAGE).xpath('//section[@class="discussion"]')
    assert len(section.xpath("./ol/li")) == 10
    assert len(section.xpath("./details/ol/li")) == 4
    assert section.xpath("./details/summary")[0].text == "Show 4 more conversations"
    (replies,) = section.xpath("./ol/li/details")
    assert replies.xpath("./summary")[0].text == "Show 7 replies"
    assert len(section.xpath(".//article")) == 21


def test_every_comment_has_an_address_of_its_own_beside_headings(letters: Any) -> None:
    kept = "".join(f"- {{id: {name}, author: Ana, date: 2024-01-02, body: Text}}\n" for name in ("one two", "x"))
    made = letters(
        {
            "posts/2024-01-01-a.md": factories.post("A", "## Comment x\n\nText.\n"),
            "posts/2024-01-01-a.comments.yaml": kept,
        }
    )
    page = made.html(PAGE)
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert page.xpath("//article/@id")[-2:] == ["comment-one-two", "comment-x-2"]
    assert page.xpath("//article//a[time]/@href")[-2:] == ["#comment-one-two", "#comment-x-2"]


def test_a_link_to_a_comment_is_checked_like_one_to_a_heading(letters: Any) -> None:
    text = "[a](a.md#comment-x) [b](#comment-y) [c](a.md#comment-z)"
    made = letters(
        {
            "posts/2024-01-01-a.md": factories.post("A"),
            "posts/2024-01-01-a.comments.yaml": "- {id: x, author: Ana, date: 2024-01-02, body: Text}\n",
            "posts/2024-01-02-b.md": factories.post("B", text.replace("(a.md", "(2024-01-01-a.md")),
            "posts/2024-01-02-b.comments.yaml": "- {id: y, author: Ana, date: 2024-01-02, body: Text}\n",
        }
    )
    broken = [problem.message for problem in made.report.problems if "anchor" in problem.message]
    assert len(broken) == 1
    assert '"comment-z"' in broken[0]


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://blog.example/a/?me=ana@example.org#c", "https://blog.example/a/"),
        ("http://blog.example", "http://blog.example"),
        ("javascript:alert(1)", ""),
        ("https://ana:secret@blog.example/", ""),
        ("//blog.example/a", ""),
        ("https://[", ""),
    ],
)
def test_a_kept_mention_links_to_its_page_without_what_may_name_a_person(letters: Any, url: str, shown: str) -> None:
    kept = f'- {{id: m, author: Ana, date: 2024-01-02, body: "A reply.", url: "{url}"}}\n'
    made = letters(site_of("webmention") | {"posts/2024-01-01-a.comments.yaml": kept})
    found = [str(each) for each in made.html(PAGE).xpath("//article[@class='comment']//a[not(time)]/@href")]
    assert found == ([shown] if shown else [])
    assert made.html(PAGE).xpath("//a[@rel='webmention']/@href") == ["https://mentions.example/blog"]
    assert any(each.code == "comments" for each in made.report.problems) is (not shown)


def test_a_page_with_comments_shows_them_too(letters: Any) -> None:
    made = letters({"site.toml": settings("giscus"), "pages/about.md": factories.post("About", comments=True)})
    assert holder(made, "about/index.html")
