"""Feeds, by file and by address, and posts saved as HTML (Medium's export)."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from generator.cli import cli
from generator.importers.import_model import ImportOutcome, Topic

Take = Callable[..., ImportOutcome]
RSS = """<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>Old blog</title><link>https://old.example.org/</link><description>d</description>
<item><title>One &amp; only</title><link>https://old.example.org/2020/01/one/</link><guid isPermaLink="false">g1</guid>
<pubDate>Wed, 01 Jan 2020 10:00:00 +0100</pubDate><category>Trains</category>
<content:encoded><![CDATA[<p>Some <b>words</b>. See <a href="https://old.example.org/2020/01/two/">two</a>.</p>]]></content:encoded></item>
<item><title></title><link>https://old.example.org/2020/01/two/</link><pubDate>Thu, 02 Jan 2020 10:00:00 GMT</pubDate>
<description>Only a summary of this post.</description></item></channel></rss>
"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Old</title><link href="https://old.example.org/"/><id>x</id>
<entry><title>Atom</title><id>tag:1</id><link href="https://old.example.org/a.html"/>
<published>2021-05-01T09:00:00+02:00</published>
<author>
<name>Kim Ivory</name><email>kim@private.example.net</email></author>
<content type="html">&lt;p&gt;Text.&lt;/p&gt;</content></entry></feed>
"""
MEDIUM = """<!DOCTYPE html><html><head><title>Hello</title></head><body><article class="h-entry"><header>
<h1 class="p-name">Hello there</h1></header><section data-field="subtitle" class="p-summary">In short</section>
<section data-field="body" class="e-content"><section><h3 class="graf--title">Hello there</h3>
<p class="graf">The <em>text</em>.</p>
</section></section><footer><p>By <a class="p-author h-card">Kim Ivory</a> on
<a href="https://example.org/x">
<time class="dt-published" datetime="2019-04-05T06:07:08.000Z">April 5, 2019</time></a>.</p>
<p><a href="https://medium.example.org/hello-there-0a1b" class="p-canonical">Link</a></p>
</footer></article></body></html>
"""


def head_of(site: Path, slug: str) -> dict[str, object]:
    (file,) = site.glob(f"content/posts/*/*{slug}.md")
    found: dict[str, object] = yaml.safe_load(file.read_text("utf-8").split("---\n")[1])
    return found


def test_a_feed_gives_posts_with_links_between_them(take: Take, site: Path, tmp_path: Path) -> None:
    file = tmp_path / "feed.xml"
    file.write_text(RSS)
    outcome = take("feed", file)
    assert head_of(site, "one")["title"] == "One & only"
    assert head_of(site, "one")["tags"] == ["Trains"]
    assert head_of(site, "two")["title"] == "Only a summary of this post."
    (one,) = site.glob("content/posts/*/*one.md")
    assert "Some **words**. See [two](2020-01-02-two.md)." in one.read_text()
    assert [note.words for note in outcome.notes if note.topic is Topic.TEXT] == [
        "The feed has only this post's summary."
    ]
    assert take("feed", file).written == ()


def test_atom_keeps_the_offset_and_the_author_without_the_address(take: Take, site: Path, tmp_path: Path) -> None:
    file = tmp_path / "atom.xml"
    file.write_text(ATOM)
    take("feed", file)
    head = head_of(site, "a")
    assert (str(head["date"]), head["authors"], head["aliases"]) == (
        "2021-05-01 09:00:00+02:00",
        ["Kim Ivory"],
        ["/a.html"],
    )
    assert "private" not in "".join(each.read_text() for each in site.rglob("*.*") if each.is_file())


def test_mediums_export_comes_from_its_folder(take: Take, site: Path, tmp_path: Path) -> None:
    folder = tmp_path / "posts"
    folder.mkdir()
    (folder / "2019-04-05_Hello-there-0a1b.html").write_text(MEDIUM)
    (folder / "draft_Later.html").write_text(MEDIUM.replace("dt-published", "x").replace("hello-there-0a1b", "later"))
    (folder / "profile.html").write_text("<html><body>Profile</body></html>")
    outcome = take("feed", folder)
    head = head_of(site, "2019-04-05-hello-there-0a1b")
    assert (head["title"], head["summary"], head["authors"]) == ("Hello there", "In short", ["Kim Ivory"])
    assert sum(each.draft for each in outcome.posts) == 1
    assert len(outcome.posts) == 2
    (file,) = site.glob("content/posts/2019/*.md")
    assert file.read_text().endswith("---\n\nThe *text*.\n")


WRONG = (
    "",
    "<html></html>",
    "{}",
    "just text",
    '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "b">]><rss version="2.0"/>',
)


@pytest.mark.parametrize("data", WRONG)
def test_what_is_no_feed_is_refused_by_name(take: Take, tmp_path: Path, data: str) -> None:
    file = tmp_path / "feed.xml"
    file.write_text(data)
    assert [(each.path, each.code) for each in take("feed", file).problems] == [("feed.xml", "import-kind")]


def test_a_cut_feed_gives_what_there_is_and_the_place(take: Take, tmp_path: Path) -> None:
    file = tmp_path / "feed.xml"
    file.write_text(RSS[: RSS.index("<description>Only")])
    outcome = take("feed", file)
    assert [(each.code, each.line > 0) for each in outcome.problems] == [("import-damaged", True)]
    assert len(outcome.posts) >= 1


@pytest.mark.parametrize("library", ["feedparser", "markdownify"])
def test_a_missing_library_is_exit_code_2_with_the_line_to_install(site: Path, tmp_path: Path, library: str) -> None:
    (tmp_path / "feed.xml").write_text(RSS)
    script = (
        f"import sys; sys.modules[{library!r}] = None\nfrom generator.__main__ import main\n"
        "sys.argv = ['openletter', 'import', 'feed', *sys.argv[1:]]\nsys.exit(main())"
    )
    words = [sys.executable, "-c", script, str(tmp_path / "feed.xml"), "--site", str(site)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (done.returncode, "pip install 'openletter[import]'" in done.stderr) == (2, True), done.stderr
    assert not (site / "content").exists()


@pytest.fixture
def server() -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/inside":
                self.send_response(302)
                self.send_header("Location", "/feed.xml")
                self.end_headers()
                return
            self.send_response(200)
            self.send_header("Content-Type", "image/png" if self.path == "/picture" else "application/rss+xml")
            self.end_headers()
            self.wfile.write(RSS.encode())

        def log_message(self, *_: object) -> None:
            """Be quiet."""

    with HTTPServer(("127.0.0.1", 0), Handler) as httpd:
        threading.Thread(target=httpd.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{httpd.server_port}"
        httpd.shutdown()


@pytest.mark.parametrize(
    ("path", "code", "said"),
    [
        ("/feed.xml", 0, "2 posts and 0 pages"),
        ("/inside", 2, "private network"),
        ("/picture", 2, "another kind of file: image/png"),
    ],
)
def test_a_feed_by_its_address(server: str, site: Path, path: str, code: int, said: str) -> None:
    done = CliRunner().invoke(cli, ["import", "feed", f"{server}{path}", "--site", str(site)])
    assert (done.exit_code, said in done.output) == (code, True), done.output
