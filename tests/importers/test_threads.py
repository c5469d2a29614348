"""Comments of Isso and Disqus, put beside posts by address; a comment erased for good."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from generator.cli import cli
from generator.importers.import_model import ImportOutcome
from tests.factories import build_site, post, write_files
from tests.importers.exports import leaks, wxr, wxr_comment, wxr_item

POSTS = {
    "content/posts/2020-01-01-a.md": post("A", id="id-a", aliases=["/old/a.html", "/?p=7"]),
    "content/posts/2020-01-02-b.md": post("B", id="id-b"),
}


@pytest.fixture
def blog_site(site: Path) -> Path:
    return write_files(site, POSTS)


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words])


def comments_of(site: Path, name: str) -> list[dict[str, Any]]:
    file = site / f"content/posts/{name}.comments.yaml"
    found: list[dict[str, Any]] = yaml.safe_load(file.read_text("utf-8")) if file.is_file() else []
    return found


def isso_database(folder: Path) -> Path:
    file = folder / "comments.db"
    with closing(sqlite3.connect(file)) as database:
        database.executescript(
            "CREATE TABLE threads (id INTEGER PRIMARY KEY, uri TEXT, title TEXT);"
            "CREATE TABLE comments (tid, id INTEGER PRIMARY KEY, parent INTEGER, created FLOAT, modified FLOAT,"
            " mode INTEGER, remote_addr TEXT, text TEXT, author TEXT, email TEXT, website TEXT, likes INTEGER,"
            " dislikes INTEGER, voters BLOB);"
            "INSERT INTO threads VALUES (1, '/old/a.html', 'A'), (2, '/2020/01/b/', 'B'), (3, '/gone/', 'Gone');"
        )
        mail = "ada@private.example.net"
        rows = [
            (1, 1, None, 1600000000.5, 1, "203.0.113.7", f"First, *well*. Mail me: {mail}", "Ada", mail),
            (1, 2, 1, 1600000100, 1, "203.0.113.8", "An answer.", "", None),
            (2, 3, None, 1600000200, 2, "203.0.113.9", "Waits.", "Bo", None),
            (2, 4, None, 1600000300, 4, "203.0.113.9", "Deleted.", "Bo", None),
            (3, 5, None, 1600000400, 1, "203.0.113.9", "Lost.", "Cy", None),
        ]
        for tid, number, parent, created, mode, address, text, author, email in rows:
            database.execute(
                "INSERT INTO comments VALUES (?, ?, ?, ?, NULL, ?, ?, ?, ?, ?, 'https://x.example/', 0, 0, '')",
                (tid, number, parent, created, mode, address, text, author, email),
            )
        database.commit()
    return file


def test_issos_comments_come_by_address_and_only_once(blog_site: Path, tmp_path: Path) -> None:
    file = isso_database(tmp_path)
    done = run("import", "isso", file, "--site", blog_site)
    assert done.exit_code == 0, done.output
    first, answer = comments_of(blog_site, "2020-01-01-a")
    assert (first["id"], first["author"]) == ("isso-1", "Ada")
    assert first["body"].startswith("First, *well*. Mail me:")
    assert (answer["author"], answer["parent"]) == ("Anonymous", "isso-1")
    assert comments_of(blog_site, "2020-01-02-b") == []
    assert "`/gone/`" in (blog_site / "import-report.md").read_text()
    assert leaks(blog_site, ["private.example.net", "203.0.113"]) == []
    assert "0 files written" in run("import", "isso", file, "--site", blog_site).output
    run("import", "isso", file, "--all", "--site", blog_site)
    assert [each["hidden"] for each in comments_of(blog_site, "2020-01-02-b")] == [True]
    assert "Waits." not in "".join(f.read_text() for f in _output(blog_site))


def _output(site: Path) -> list[Path]:
    build_site(site)
    return list((site / "output").rglob("*.html"))


DISQUS = """<?xml version="1.0" encoding="utf-8"?>
<disqus xmlns="http://disqus.com" xmlns:dsq="http://disqus.com/disqus-internals">
<thread dsq:id="1"><id>id-b</id><link>https://elsewhere.example.org/moved</link><title>B</title></thread>
<thread dsq:id="2"><id/><link>https://old.example.org/?p=7</link><title>A</title></thread>
<post dsq:id="10"><message><![CDATA[<p>Hello <script>x</script></p>]]></message>
<createdAt>2020-02-01T10:00:00Z</createdAt>
<isDeleted>false</isDeleted><isSpam>false</isSpam><author><email>ada@private.example.net</email><name>Ada</name></author>
<ipAddress>203.0.113.7</ipAddress><thread dsq:id="2"/></post>
<post dsq:id="11"><message>Answer</message><createdAt>2020-02-02T10:00:00Z</createdAt><isDeleted>false</isDeleted>
<isSpam>false</isSpam><author><name>Bo</name></author><thread dsq:id="2"/><parent dsq:id="10"/></post>
<post dsq:id="12"><message>SPAM-A</message><isDeleted>false</isDeleted><isSpam>true</isSpam><thread dsq:id="2"/></post>
<post dsq:id="13"><message>GONE-A</message><isDeleted>true</isDeleted><isSpam>false</isSpam><thread dsq:id="2"/></post>
<post dsq:id="14"><message>By id</message><createdAt>2020-02-03T10:00:00Z</createdAt><isDeleted>false</isDeleted>
<isSpam>false</isSpam><author><name>Cy</name></author><thread dsq:id="1"/></post></disqus>
"""


def test_disqus_comments_come_by_address_or_id(blog_site: Path, tmp_path: Path) -> None:
    file = tmp_path / "disqus.xml"
    file.write_text(DISQUS)
    assert run("import", "disqus", file, "--site", blog_site).exit_code == 0
    assert [(each["id"], each.get("parent")) for each in comments_of(blog_site, "2020-01-01-a")] == [
        ("disqus-10", None),
        ("disqus-11", "disqus-10"),
    ]
    assert [each["author"] for each in comments_of(blog_site, "2020-01-02-b")] == ["Cy"]
    assert leaks(blog_site, ["private.example.net", "203.0.113", "SPAM-A", "GONE-A", "<script>"]) == []


@pytest.mark.parametrize("kind", ["isso", "disqus"])
@pytest.mark.parametrize("data", ["", "text", "<rss/>", "SQLite format 3\x00", "{"])
def test_what_is_neither_is_refused_by_name(blog_site: Path, tmp_path: Path, kind: str, data: str) -> None:
    file = tmp_path / "file.db"
    file.write_text(data)
    done = run("import", kind, file, "--site", blog_site)
    assert done.exit_code == 1, done.output
    assert "file.db" in done.stderr


def test_an_erased_comment_stays_away_after_an_import(
    take: Callable[..., ImportOutcome], site: Path, tmp_path: Path
) -> None:
    file = tmp_path / "export.xml"
    file.write_text(wxr(wxr_item(1, "Text.", wxr_comment(5), wxr_comment(6, parent=5), wxr_comment(7))))
    take("wordpress", file)
    (path,) = site.rglob("*.comments.yaml")
    done = run("comments", "erase", "wp-5", "--site", site)
    assert done.exit_code == 0, done.output
    assert "1 reply to it moved" in done.output
    assert leaks(site, ["Comment 5.", "Reader 5"]) == []
    file.write_text(wxr(wxr_item(1, "Text.", *(wxr_comment(n, parent=5 if n == 6 else 0) for n in (5, 6, 7, 8)))))
    assert take("wordpress", file).written == (path.relative_to(site).as_posix(),)
    text = path.read_text()
    assert ("Comment 5." in text, "Comment 8." in text, text.count("id:")) == (False, True, 4)
    (page,) = (
        f.read_text() for f in _output(site) if "Comment 6." in f.read_text() and 'id="comment-' in f.read_text()
    )
    assert ("Comment 8." in page, "Comment 5." in page) == (True, False)
    again = run("comments", "erase", "wp-5", "--site", site)
    assert (again.exit_code, 'no comment with the id "wp-5"' in again.output) == (2, True)


STAYS = "- id: c2\n  author: Bo\n  date: 2020-01-02\n  body: Stays\n"
FILES = (
    f"- id: c1\n  author: Ada\n  date: 2020-01-01\n  body: |\n    Two\n\n    parts\n# a note\n{STAYS}",
    "- {id: c1, author: Ada, date: 2020-01-01, body: parts}\n- {id: c2, author: Bo, date: 2020-01-02, body: Stays}\n",
    "  - author: Ada\n    id: c1\n    date: 2020-01-01\n    body: parts\n  - {id: c2, date: 2020-01-02, body: Stays}\n",
    f"{STAYS}- body: parts\n  author: Ada\n  date: 2020-01-01\n  id: 'c1'",
    f'- "id": "c1"\n  author: Ada\n  date: 2020-01-01\n  body: "parts"\n\n\n{STAYS}',
)


@pytest.mark.parametrize("text", FILES)
def test_erasing_leaves_the_other_comments_as_they_are(blog_site: Path, text: str) -> None:
    file = blog_site / "content/posts/2020-01-01-a.comments.yaml"
    file.write_text(text)
    done = run("comments", "erase", "c1", "--site", blog_site)
    assert done.exit_code == 0, done.output
    left = {each["id"]: each for each in yaml.safe_load(file.read_text())}
    assert left["c1"] == {"id": "c1", "erased": True}
    assert left["c2"]["body"] == "Stays"
    assert ("parts" in file.read_text(), "Ada" in file.read_text()) == (False, False)


def test_an_id_of_several_posts_needs_the_post(blog_site: Path) -> None:
    one = "- {id: c1, author: Ada, date: 2020-01-01, body: Words}\n"
    names = ("2020-01-01-a", "2020-01-02-b")
    write_files(blog_site, {f"content/posts/{name}.comments.yaml": one for name in names})
    assert run("comments", "erase", "c1", "--site", blog_site).exit_code == 2
    done = run("comments", "erase", "c1", "--post", "content/posts/2020-01-02-b.md", "--site", blog_site)
    assert done.exit_code == 0, done.output
    assert "Words" in (blog_site / "content/posts/2020-01-01-a.comments.yaml").read_text()
