"""What each part of a WordPress export becomes, importing again, and a large export in little memory."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.importers.import_model import ImportOutcome, Topic
from tests.factories import build_site
from tests.importers.exports import FOOT, HEAD, leaks, private_values, wxr, wxr_comment, wxr_item

Take = Callable[..., ImportOutcome]


@pytest.fixture
def bring(take: Take, tmp_path: Path) -> Take:
    """Import an export of these items."""

    def run(*items: str, **options: Any) -> ImportOutcome:
        file = tmp_path / "export.xml"
        file.write_text(wxr(*items))
        os.utime(file, (1_500_000_000, 1_500_000_000))
        return take("wordpress", file, **options)

    return run


def read(site: Path, slug: str) -> tuple[dict[str, Any], str]:
    (file,) = (each for each in site.rglob("content/**/*.md") if each.stem.endswith(slug))
    _, head, text = file.read_text("utf-8").split("---\n", 2)
    return yaml.safe_load(head), text.strip()


NONE: dict[str, Any] = {"wp__post_date": None, "wp__post_date_gmt": None}
DATES: tuple[tuple[dict[str, Any], str, bool], ...] = (
    ({}, "2015-03-02 10:00:00+01:00", False),
    ({"wp__post_date_gmt": "0000-00-00 00:00:00"}, "2015-03-02 10:00:00", False),
    (NONE | {"pubDate": "Mon, 02 Mar 2015 08:00:00 +0000"}, "2015-03-02 08:00:00+00:00", False),
    (NONE | {"wp__post_modified": "2016-01-01 00:00:00"}, "2016-01-01 00:00:00", True),
    (NONE | {"pubDate": "Mon, 30 Nov -0001 00:00:00 +0000"}, "2019-04-02 05:16:20+00:00", True),
    ({"wp__post_date": "0000-00-00 00:00:00", "wp__post_date_gmt": ""}, "2019-04-02 05:16:20+00:00", True),
    ({"wp__post_date": "nonsense", "wp__post_date_gmt": "nonsense"}, "2019-04-02 05:16:20+00:00", True),
)


@pytest.mark.parametrize(("values", "wanted", "reported"), DATES)
def test_a_post_without_a_date_takes_the_next_best_and_stays_public(
    bring: Take, site: Path, values: dict[str, Any], wanted: str, reported: bool
) -> None:
    outcome = bring(wxr_item(1, **values))
    head, _ = read(site, "post-1")
    assert (str(head["date"]), "draft" in head) == (wanted, False)
    assert any(note.topic is Topic.DATE for note in outcome.notes) == reported


def test_without_any_date_the_files_own_counts(take: Take, site: Path, tmp_path: Path) -> None:
    file = tmp_path / "export.xml"
    item = wxr_item(1, **NONE)
    file.write_text(wxr(item).replace("<pubDate>Tue, 02 Apr 2019 05:16:20 +0000</pubDate>", ""))
    os.utime(file, (1_500_000_000, 1_500_000_000))
    take("wordpress", file)
    assert str(read(site, "post-1")[0]["date"]) == "2017-07-14 02:40:00+00:00"


TITLES = (
    ("", "Text."),
    ("🎉🎉", "🎉🎉"),
    ("Q&amp;A <em>now</em>", "Q&A now"),
    ("   ", "Text."),
    ("#1: yes: no", "#1: yes: no"),
)


@pytest.mark.parametrize(("written", "wanted"), TITLES)
def test_titles_of_emoji_or_nothing(bring: Take, site: Path, written: str, wanted: str) -> None:
    bring(wxr_item(1, title=written))
    assert read(site, "post-1")[0]["title"] == wanted


HIDDEN = (
    *({"status": status} for status in ("draft", "pending", "private", "future", "secret-plugin")),
    {"wp__post_password": "open-sesame"},
)


@pytest.mark.parametrize("values", HIDDEN, ids=str)
def test_what_was_not_public_never_is(bring: Take, site: Path, values: dict[str, Any]) -> None:
    outcome = bring(wxr_item(1, "NOT-FOR-READERS", **values), wxr_item(2))
    assert read(site, "post-1")[0]["draft"] is True
    assert [note.topic for note in outcome.notes if note.topic is Topic.HIDDEN] == [Topic.HIDDEN]
    build_site(site)
    assert leaks(site / "output", ["NOT-FOR-READERS"]) == []
    assert leaks(site, ["open-sesame"]) == []


def test_terms_authors_pins_and_the_zone(bring: Take, site: Path) -> None:
    terms = (
        '<category domain="category" nicename="a">Trains &amp;amp; more</category><category domain="post_tag">Winter'
        '</category><category domain="post_tag">winter</category><category domain="series">Days</category>'
        "<wp:postmeta><wp:meta_key>_series_part</wp:meta_key><wp:meta_value>3</wp:meta_value></wp:postmeta>"
        "<wp:postmeta><wp:meta_key>_yoast_wpseo_metadesc</wp:meta_key><wp:meta_value>For searches.</wp:meta_value>"
        "</wp:postmeta>"
    )
    bring(
        wxr_item(1, "Text.", terms, wp__is_sticky=1, excerpt__encoded="In <b>short</b>.", wp__comment_status="closed")
    )
    head, _ = read(site, "post-1")
    assert (head["tags"], head["series"], head["part"], head["pinned"]) == (
        ["Trains & more", "Winter"],
        "Days",
        3,
        True,
    )
    assert (head["authors"], head["summary"], head["description"]) == (["Kim Ivory"], "In short.", "For searches.")
    assert head["comments"] == "closed"


def test_old_addresses_with_a_query_are_in_redirects_and_snippets(bring: Take, site: Path) -> None:
    body = 'See <a href="https://old.example.org/?p=2">two</a> and <a href="/2015/03/post-2/#x">again</a>.'
    bring(wxr_item(1, body), wxr_item(2))
    head, text = read(site, "post-1")
    assert head["aliases"] == ["/?p=1"]
    assert text == "See [two](2015-03-03-post-2.md) and [again](2015-03-03-post-2.md#x)."
    build_site(site)
    assert "/ p=1 /2015/03/post-1/ 301\n" in (site / "output/_redirects").read_text()
    assert '"/?p=1" "/2015/03/post-1/";' in (site / "import-redirects.nginx").read_text()
    apache = (site / "import-redirects.htaccess").read_text()
    assert 'RewriteCond %{QUERY_STRING} ^p=1$\nRewriteRule "^$" "/2015/03/post-1/?" [R=301,L,NE]' in apache
    assert not list((site / "output").rglob("*[?]*"))


def test_an_address_that_the_site_has_is_no_alias_and_is_reported(bring: Take, site: Path) -> None:
    (site / "content/pages").mkdir(parents=True)
    (site / "content/pages/about.md").write_text("---\ntitle: Ours\n---\nOurs.\n")
    about = wxr_item(1, wp__post_type="page", wp__post_name="about", link="https://old.example.org/about/")
    outcome = bring(about)
    assert read(site, "about-2")[0]["aliases"] == ["/?p=1", "/?page_id=1"]
    assert [note.words for note in outcome.notes if note.topic is Topic.ADDRESS] == [
        "`/about/` is the address of another page of your site."
    ]
    assert [each.code for each in build_site(site).problems if each.code == "alias-taken"] == []


ALTS = (
    ("DSC_0042", "DSC_0042.jpg", ""),
    ("photo_1-2-3", "photo_1-2-3.png", ""),
    ("IMG 1234", "a.png", ""),
    ("image", "a.png", ""),
    ("A train in the snow", "a.png", "A train in the snow"),
    ("", "a.png", ""),
)


@pytest.mark.parametrize(("alt", "name", "wanted"), ALTS)
def test_a_file_name_is_no_alternative_text(bring: Take, site: Path, alt: str, name: str, wanted: str) -> None:
    bring(wxr_item(1, f'<img src="https://e.example.net/{name}" alt="{alt}">'))
    assert read(site, "post-1")[1] == f"![{wanted}](https://e.example.net/{name})"


def test_a_newer_export_adds_only_what_is_new_and_keeps_edits(bring: Take, site: Path) -> None:
    bring(wxr_item(1, "Old.", wxr_comment(1)), wxr_item(2, "Two."))
    (one,) = site.rglob("*post-1.md")
    one.write_text(one.read_text().replace("Old.", "Edited here."))
    outcome = bring(wxr_item(1, "New.", wxr_comment(1), wxr_comment(2)), wxr_item(2, "Two."), wxr_item(3, "Three."))
    added = {path for path in outcome.written if path.startswith("content")}
    assert added == {"content/posts/2015/2015-03-02-post-1.comments.yaml", "content/posts/2015/2015-03-04-post-3.md"}
    assert "Edited here." in one.read_text()
    assert outcome.kept == ("content/posts/2015/2015-03-02-post-1.md",)


def test_a_comment_deleted_by_hand_stays_away(bring: Take, site: Path) -> None:
    bring(wxr_item(1, "Text.", wxr_comment(1), wxr_comment(2)))
    (file,) = site.rglob("*.comments.yaml")
    kept = yaml.safe_load(file.read_text())
    file.write_text(yaml.safe_dump(kept[1:]))
    bring(wxr_item(1, "Text.", wxr_comment(1), wxr_comment(2), wxr_comment(3)))
    assert [each["id"] for each in yaml.safe_load(file.read_text())] == ["wp-2", "wp-3"]


def test_a_dry_run_writes_nothing(bring: Take, site: Path) -> None:
    outcome = bring(wxr_item(1, "Text.", wxr_comment(1)), dry_run=True)
    assert len(outcome.written) == 4
    assert [file.name for file in site.rglob("*")] == ["site.toml"]


COMMENTS = (
    ("Write to me@private.example.net please", "Write to [address removed] please"),
    ('<a href="mailto:me@private.example.net">mail</a>', "mail"),
    ("I am at 203.0.113.77 now", "I am at [address removed] now"),
    ("2001:db8::7 is mine", "[address removed] is mine"),
    ("Version 1.2.3 at 10:30:15", "Version 1.2.3 at 10:30:15"),
    ("one\n\ntwo", "one\n\ntwo"),
    ("<script>alert(1)</script>words", "words"),
)


@pytest.mark.parametrize(("written", "wanted"), COMMENTS)
def test_no_address_in_a_comment_is_kept(bring: Take, site: Path, written: str, wanted: str) -> None:
    bring(wxr_item(1, "Text.", wxr_comment(1, written)))
    (file,) = site.rglob("*.comments.yaml")
    assert yaml.safe_load(file.read_text())[0]["body"].replace("\\", "") == wanted


def test_spam_and_trash_never_come_and_pending_ones_only_hidden(bring: Take, site: Path) -> None:
    states = {1: "1", 2: "0", 3: "spam", 4: "trash", 5: "post-trashed"}
    comments = [wxr_comment(number, approved=state) for number, state in states.items()]
    ping = wxr_comment(6, kind="pingback")
    outcome = bring(wxr_item(1, "Text.", *comments, ping), pending=True)
    (file,) = site.rglob("*.comments.yaml")
    assert [(each["id"], each.get("hidden")) for each in yaml.safe_load(file.read_text())] == [
        ("wp-1", None),
        ("wp-2", True),
    ]
    assert [note.words for note in outcome.notes if note.topic is Topic.MENTION] == [
        "2016-01-07 Reader 6 https://reader.example.net/"
    ]
    build_site(site)
    assert leaks(site / "output", ["Comment 2.", "Comment 3.", "secret=s6"]) == []


# What getrusage reports begins with the size of the process that started this one.
PEAK = (
    "status = Path('/proc/self/status')\n"
    "if status.exists():\n"
    "    peak = int(status.read_text().partition('VmHWM:')[2].split()[0]) * 1024\n"
    "else:\n"
    "    import resource\n"
    "    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
)


@pytest.mark.slow
def test_a_large_export_needs_little_memory(tmp_path: Path) -> None:
    """Import twenty megabytes: the peak stays near that of two, while an import that kept the texts would double it."""
    script = (
        "import sys\nfrom pathlib import Path\nfrom generator.importers.flow import import_source\n"
        "from generator.importers.import_model import ImportOptions\n"
        "from generator.importers.wordpress.wordpress_reader import WordpressReader\n"
        "root = Path(sys.argv[1])\n(root / 'site.toml').write_text('title = \"S\"\\nurl = \"https://example.org/\"\\n')\n"
        "done = import_source(root, ImportOptions((Path(sys.argv[2]),)), WordpressReader())\n"
        f"{PEAK}print(len(done.posts), peak)\n"
    )
    peaks = []
    for size in (2, 20):
        file, root = tmp_path / f"{size}.xml", tmp_path / str(size)
        root.mkdir()
        cells = 's:5:"cells";' * 80_000
        value = f"<wp:meta_value><![CDATA[{cells}]]></wp:meta_value>"
        meta = f"<wp:postmeta><wp:meta_key>_x</wp:meta_key>{value}</wp:postmeta>"
        with file.open("w") as export:
            export.write(HEAD)
            for number in range(1, size + 1):
                export.write(wxr_item(number, f"<p>Words {number}.</p>\n" * 300, meta, wxr_comment(number)))
            export.write(FOOT)
        assert file.stat().st_size > size * 900_000
        done = subprocess.run([sys.executable, "-c", script, root, file], capture_output=True, text=True, check=True)
        posts, peak = map(int, done.stdout.split())
        assert posts == size
        peaks.append(peak)
        assert leaks(root, private_values(file)) == []
    assert peaks[1] < 200_000_000
    assert peaks[1] - peaks[0] < 10_000_000
