"""Texts of other generators: tags that make links, pictures and code are resolved, all others stay and are listed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from generator.importers.import_model import ImportOutcome, Note, Topic

Blog = Callable[[Mapping[str, str | bytes]], Path]
Bring = Callable[..., ImportOutcome]
OTHER = {"_posts/2014-05-06-other.md": "---\ntitle: Other\n---\nText.\n"}
LINK = "../2014/2014-05-06-other.md"


NAMES = {"jekyll": "_posts/2020-01-02-a.md", "hugo": "content/blog/a.md", "html": "_posts/2020-01-02-a.html"}


class Texts:
    """Imports one text, as a post of a generator, beside another post, and gives it as it came."""

    outcome: ImportOutcome

    def __init__(self, blog: Blog, bring: Bring, site: Path) -> None:
        self.blog, self.bring, self.site = blog, bring, site

    def __call__(self, body: str, shape: str = "jekyll", more: Mapping[str, str | bytes] | None = None) -> str:
        front = "title: A\nimage: /lead.png" + ("\nweight: 1\ndate: 2020-01-02" if shape == "hugo" else "")
        others = OTHER if shape != "hugo" else {"content/blog/other.md": OTHER_OF_HUGO}
        files = {NAMES[shape]: f"---\n{front}\n---\n{body}\n", **others, **(more or {})}
        self.outcome = self.bring(self.blog(files))
        path = next(post.path for post in self.outcome.posts if post.source == f"blog/{NAMES[shape]}")
        return (self.site / path).read_text().split("---\n", 2)[2].strip()

    def notes(self, topic: Topic) -> list[Note]:
        return [note for note in self.outcome.notes if note.topic is topic]


@pytest.fixture
def text(blog: Blog, bring: Bring, site: Path) -> Texts:
    return Texts(blog, bring, site)


OTHER_OF_HUGO = "---\ntitle: Other\ndate: 2014-05-06\nweight: 2\n---\nText.\n"


@pytest.mark.parametrize(
    ("written", "came"),
    [
        ("[x]({% post_url 2014-05-06-other %})", f"[x]({LINK})"),
        ("[x]({% link _posts/2014-05-06-other.md %}#part)", f"[x]({LINK}#part)"),
        ("[x]({%- link\n_posts/2014-05-06-other.md -%})", f"[x]({LINK})"),
        ("[x]: {% post_url 2014-05-06-other %}", f"[x]: {LINK}"),
        ("[x]({% link files/a.pdf %})", "[x](/files/a.pdf)"),
        ("[x]({{ site.baseurl }}/about/)", "[x](/about/)"),
        ("[x]({{site.baseurl}})", "[x](/)"),
        ('[x]({{ "/about/" | url }})', "[x](/about/)"),
        ('[x]({{ "/2014/05/06/other/" | relative_url }})', f"[x]({LINK})"),
        ("[x]({{ 'about/' | absolute_url | safe }})", "[x](/about/)"),
        ("[x]({{ '/a.pdf' | prepend: site.baseurl }})", "[x](/a.pdf)"),
        ("![x]({{ image | url }})", "![x](/lead.png)"),
        ('<img src="{{ page.image }}" alt="x">', '<img src="/lead.png" alt="x">'),
        ('> [x]({{ "/2014/05/06/\n> other/" | url }})', f"> [x]({LINK})"),
        ('{% image "assets/a.png" "A desk" %}', "![A desk](/assets/a.png)"),
        ('{% image_with_class "assets/a.png" "wide" "A [desk]" %}', "![A \\[desk\\]](/assets/a.png)"),
        ('{% include figure.html src="/a.png" alt="A" caption="B \'c\'" %}', "![A](/a.png \"B 'c'\")"),
        ('{% include "linked-figure.html",\n image: "/a.png",\n alt: "A",\n caption: "B" %}', '![A](/a.png "B")'),
        ('<div>\n{% image "a.png" "A" %}\n</div>', '<div>\n<img src="/a.png" alt="A">\n</div>'),
        ('{{ "https://video.example/1" | embed: "x" }}', "<https://video.example/1>"),
    ],
)
def test_jekyll_s_and_eleventy_s_tags(text: Texts, written: str, came: str) -> None:
    assert text(written) == came


@pytest.mark.parametrize(
    ("written", "came"),
    [
        ('[x]({{< ref "other.md" >}})', "[x](../2014/2014-05-06-other.md)"),
        ('[x]({{< relref "/blog/other#part" >}})', "[x](../2014/2014-05-06-other.md#part)"),
        ('[x]({{% ref path="blog/other.md" %}})', "[x](../2014/2014-05-06-other.md)"),
        ('{{< figure src="/a.png" alt="A" caption="B" >}}', '![A](/a.png "B")'),
        ("{{< img src=a.png alt=desk >}}", "![desk](a.png)"),
        ("{{< youtube abc_DEF-123 >}}", "<https://www.youtube.com/watch?v=abc_DEF-123>"),
        ('{{< highlight go "linenos=table" >}}\na := {{ b }}\n{{< /highlight >}}', "```go\na := {{ b }}\n```"),
        ("{{</* ref x */>}}", "{{< ref x >}}"),
        ("{{ .Title }} {% x %}", "{{ .Title }} {% x %}"),
    ],
)
def test_hugo_s_shortcodes(text: Texts, written: str, came: str) -> None:
    assert text(written, "hugo") == came
    assert not text.notes(Topic.TEMPLATE)


@pytest.mark.parametrize(
    ("written", "came"),
    [
        ("{% highlight ruby linenos %}\nputs '{{ x }}'\n{% endhighlight %}", "```ruby\nputs '{{ x }}'\n```"),
        ("- a\n\n  {% highlight sh %}\n  ls\n  {% endhighlight %}", "- a\n\n  ```sh\n  ls\n  ```"),
        ("{% highlight md %}\n```\n{% endhighlight %}", "````md\n```\n````"),
        ("`{% raw %}{{ page.title }}{% endraw %}`", "`{{ page.title }}`"),
        ("{% raw %}{% highlight x %}{% endraw %}", "{% highlight x %}"),
        ("```liquid\n{% raw %}\n{% link x.md %}\n{% endraw %}\n```", "```liquid\n\n{% link x.md %}\n\n```"),
        ("```\n{{ '/a' | url }} [x](/2014/05/06/other/)\n```", "```\n{{ '/a' | url }} [x](/2014/05/06/other/)\n```"),
        ("`{% post_url 2014-05-06-other %}`", "`{% post_url 2014-05-06-other %}`"),
        ("{% raw %} never closed", "{% raw %} never closed"),
    ],
)
def test_code_is_kept_as_its_readers_saw_it(text: Texts, written: str, came: str) -> None:
    assert text(written) == came


@pytest.mark.parametrize(
    ("written", "came"),
    [
        ("A paragraph.\n{: .lead}", "A paragraph."),
        ('[x](https://a.example){:target="_blank"} on', "[x](https://a.example) on"),
        ("## Head\n{: #top .wide}", "## Head {#top}"),
        ("* Contents\n{:toc}\n\nText.", "Text."),
        ("Use {:keyword} and {:#}.", "Use {:keyword} and {:#}."),
        ("`{: .x}`", "`{: .x}`"),
    ],
)
def test_kramdown_s_attributes(text: Texts, written: str, came: str) -> None:
    assert text(written) == came


def test_what_nobody_can_resolve_stays_and_is_listed_with_its_line(text: Texts, site: Path) -> None:
    body = "One.\n\n{% include ad.html %}\n\n{{ site.repository }}/x {{ 'kim' | team_link }}\n\n`{{ no }}`\n"
    assert text(body) == body.strip()
    notes = {note.words: note.line for note in text.notes(Topic.TEMPLATE)}
    assert notes == {"`{% include … %}`": 7, "`{{ site.repository }}`": 9, "`{{ … | team_link }}`": 9}
    assert "blog/_posts/2020-01-02-a.md:7: `{% include … %}`" in (site / "import-report.md").read_text()


@pytest.mark.parametrize(
    ("written", "came"),
    [
        ("[x](/2014/05/06/other/)", f"[x]({LINK})"),
        ("[x](/2014/05/06/other.html#a)", f"[x]({LINK}#a)"),
        ("[x](</2014/05/06/other/> 'T')", f"[x](<{LINK}> 'T')"),
        ("[x]: /2014/05/06/other/", f"[x]: {LINK}"),
        ("<a href='/2014/05/06/other/'>x</a>", f"<a href='{LINK}'>x</a>"),
        ("[x](2014-05-06-other.md)", f"[x]({LINK})"),
        ("[x](/2014/05/07/other/)", "[x](/2014/05/07/other/)"),
        ("[x](/nowhere/)", "[x](/nowhere/)"),
        ("[x](https://a.example/2014/05/06/other/)", "[x](https://a.example/2014/05/06/other/)"),
        ("[x](#here) [y](mailto:a@b.example)", "[x](#here) [y](mailto:a@b.example)"),
        ("[^1]: See\n    there.", "[^1]: See\n    there."),
    ],
)
def test_links_lead_to_the_files_that_came(text: Texts, written: str, came: str) -> None:
    assert text(written) == came


def test_the_old_site_s_own_host_is_within(blog: Blog, bring: Bring, site: Path) -> None:
    source = blog(
        {**OTHER, "_posts/2020-01-02-a.md": "---\ntitle: A\n---\n[x](https://www.old.example/2014/05/06/other/)"}
    )
    bring(source, old_url="https://old.example")
    assert LINK in (site / "content/posts/2020/2020-01-02-a.md").read_text()


def test_links_give_the_old_addresses_of_all_posts_away(blog: Blog, bring: Bring) -> None:
    files = {
        f"2014-05-0{n}-p{n}.md": f"---\ntitle: P{n}\n---\n[x](/news/2014/05/0{n % 3 + 1}/p{n % 3 + 1}/)"
        for n in (1, 2, 3, 4)
    }
    assert {post.old for post in bring(blog(files)).posts} == {(f"/news/2014/05/0{n}/p{n}/",) for n in (1, 2, 3, 4)}


def test_the_settings_tell_the_old_addresses(blog: Blog, bring: Bring) -> None:
    files = {**OTHER, "_config.yml": "permalink: /:year/:title\nbaseurl: /blog\nrepository: https://r.example\n"}
    assert bring(blog(files)).posts[0].old == ("/blog/2014/other",)


def test_the_user_tells_the_old_addresses(blog: Blog, bring: Bring) -> None:
    assert bring(blog(OTHER), old_address="/{year}/{slug}/").posts[0].old == ("/2014/other/",)


def test_headings_keep_the_ids_that_links_ask_for(text: Texts) -> None:
    body = "[x](#tldr-what-is-it) [y](#plain)\n\n## TL;DR: What is `it`?\n\n```\n## TL;DR: What is it?\n```\n\n## Plain"
    assert "\n## TL;DR: What is `it`? {#tldr-what-is-it}\n\n```\n## TL;DR: What is it?\n```\n\n## Plain" in text(body)


def test_a_picture_beside_nothing_is_found_from_the_root(text: Texts, site: Path) -> None:
    came = text(
        "![x](/assets/b/a%20b.png) ![y](../img/y.gif) ![z](/z.svg)", more={"assets/b/a b.png": b"p", "img/y.gif": b"g"}
    )
    assert came == "![x](/assets/b/a%20b.png) ![y](/img/y.gif) ![z](/z.svg)"
    assert (site / "content/static/assets/b/a b.png").read_bytes() == b"p"
    assert (site / "content/static/img/y.gif").read_bytes() == b"g"
    missing = [note.words for note in text.notes(Topic.MISSING_FILE)]
    assert missing == ["`/lead.png`", "`/z.svg`"]


def test_files_are_found_in_the_folders_the_user_names(blog: Blog, bring: Bring, site: Path, tmp_path: Path) -> None:
    (tmp_path / "files/img").mkdir(parents=True)
    (tmp_path / "files/img/a.png").write_bytes(b"a")
    (tmp_path / "files/b.pdf").write_bytes(b"b")
    body = "---\ntitle: A\n---\n![a](/img/a.png) [b](/files/b.pdf)"
    bring(blog({"2020-01-01-a.md": body}), assets=(tmp_path / "files",))
    assert (site / "content/static/img/a.png").is_file()
    assert (site / "content/static/files/b.pdf").is_file()


def test_html_stays_html_and_no_markdown_is_read_into_it(text: Texts) -> None:
    body = "<p>One *two*</p>\n\n* no list\n\n    no code\n\n<pre>a\n\n\n    b</pre>\n<ul><li>x</ul>tail <b>bold</b>"
    came = text(body, "html")
    blocks = came.split("\n\n")
    assert blocks[0] == "<p>One *two*</p>"
    assert all(block.startswith(("<p", "<div", "<pre", "<ul")) for block in blocks)
    assert (
        "<pre>a\n&#10;\n&#10;\n    b</pre>".replace("\n&#10;\n&#10;\n", "\n&#10;\n&#10;\n") in came or "&#10;" in came
    )
    assert "<ul><li>x</li></ul>" in came
    assert "<div>tail <b>bold</b></div>" in came


def test_tags_in_html_make_html(text: Texts) -> None:
    came = text('<p>{% image "a.png" "A" %} <a href="{{ "/2014/05/06/other/" | url }}">x</a></p>', "html")
    assert came == f'<p><img src="/a.png" alt="A"> <a href="{LINK}">x</a></p>'


JEKYLL, HUGO, ELEVENTY = (
    {"_config.yml": "title: T\n"},
    {"hugo.toml": 'baseURL = "https://a.example/"\n'},
    {".eleventy.js": ""},
)
HIDDEN = {
    "kramdown": (
        JEKYLL,
        "_posts/2020-01-01-a.md",
        "{::comment}\nhidden\n\nhidden\n{:/comment}\n\n{::comment}hidden{:/}",
    ),
    "liquid": (
        JEKYLL,
        "_posts/2020-01-01-a.md",
        "{% comment %}hidden{% endcomment %}\n\n`{% comment %}hidden{% endcomment %}`",
    ),
    "hugo": (
        HUGO,
        "content/posts/a.md",
        "{{< comment >}}hidden{{< /comment >}} {{% comment %}}\n\nhidden\n\n{{%/ comment %}}",
    ),
    "nunjucks": (ELEVENTY, "posts/a.md", "{# hidden #} {%- # hidden -%}"),
}


@pytest.mark.parametrize("name", HIDDEN)
def test_a_comment_that_the_old_site_did_not_show_is_not_published(
    blog: Callable[..., Path], bring: Callable[..., ImportOutcome], site: Path, name: str
) -> None:
    files, path, text = HIDDEN[name]
    front = "---\ntitle: A\ndate: 2020-01-01\n---\n"
    outcome = bring(blog(files | {path: f"{front}Before.\n\n{text}\n\nAfter. {{#id}}\n"}))
    (post,) = (site / "content/posts").rglob("*.md")
    written = post.read_text("utf-8")
    assert "hidden" not in written
    assert "{:" not in written
    assert [word in written for word in ("Before.", "After.")] == [True, True]
    assert any("comment" in note.words for note in outcome.notes if note.topic is Topic.ATTRIBUTE)
