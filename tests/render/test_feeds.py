import json
import re
from datetime import UTC, datetime, timedelta, timezone
from html import escape, unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from xml.etree import ElementTree

import feedparser
import pytest
from feedgen.entry import FeedEntry
from feedgen.ext.base import BaseExtension
from feedgen.ext.dc import DcEntryExtension, DcExtension
from feedgen.feed import FeedGenerator

from generator import __version__
from generator.render.feed_extension import LanguageExtension, PictureExtension, PictureFeedExtension
from generator.render.feed_model import Entry, Feed
from generator.render.feed_pictures import FeedPicture
from generator.render.feed_xml import atom_id, write_atom, write_rss, write_rss_item
from tests.factories import build_site, post

FEEDS = ("feed.xml", "atom.xml", "feed.json")


def ids(letters: Any, path: str) -> list[str]:
    if path.endswith(".json"):
        return [item["id"] for item in letters.json(path)["items"]]
    return [entry.id for entry in letters.feed(path).entries]


@pytest.mark.parametrize("own", ["day-12", "tag:example.org,2014:12", "https://old.example/?p=12", 'a "b" <&> c', "ü"])
def test_a_guid_is_the_id_as_written_and_in_atom_an_iri(letters: Any, post: Any, own: str) -> None:
    made = letters({"posts/2014-10-06-day-12.md": post("Day 12", id=own)})
    assert ids(made, "feed.xml") == ids(made, "feed.json") == [own]
    (atom,) = ids(made, "atom.xml")
    assert atom == atom_id(own)
    assert ":" in atom
    assert not set(atom) & set(' "<>{}\\^`')
    assert made.feed("feed.xml").entries[0].guidislink is False


@pytest.mark.parametrize(
    "own", ["http://[x", "urn:", "no scheme", "a:b c", "1a:b", "x:<y>", ":x", "", "http://ex℀mple.org/"]
)
def test_an_id_that_is_no_iri_gets_one_of_its_own(own: str) -> None:
    assert atom_id(own).startswith("urn:uuid:")
    assert atom_id(own) == atom_id(own)
    assert atom_id(own) != atom_id(own + "1")


def test_an_id_that_is_an_iri_stays_and_a_uuid_becomes_a_urn() -> None:
    assert atom_id("tag:example.org,2014:12") == "tag:example.org,2014:12"
    assert atom_id("0B0C3F5E-3F1B-5D0C-8A55-7F5B6F4F2D11") == "urn:uuid:0b0c3f5e-3f1b-5d0c-8a55-7f5b6f4f2d11"


def test_the_guid_stays_when_title_slug_and_address_change(letters: Any, post: Any) -> None:
    before = letters({"posts/2014-10-06-day-12.md": post("Day 12")})
    first = [ids(before, path) for path in FEEDS]
    after = letters({"posts/2014-10-06-day-12.md": post("Other", slug="other", permalink="/elsewhere/")})
    assert [ids(after, path) for path in FEEDS] == first


def test_dates_come_from_the_content_whenever_it_is_built(site: Any, post: Any) -> None:
    root: Path = site({"posts/2014-10-06-a.md": post("A"), "posts/2014-10-07-b.md": post("B", updated="2015-01-01")})
    seen = []
    for year in (2026, 2027):
        build_site(root, datetime(year, 3, 4, 5, 6, 7, tzinfo=UTC))
        seen.append([(root / "output" / path).read_bytes() for path in FEEDS])
    assert seen[0] == seen[1]
    assert b"2026" not in b"".join(seen[0])


def test_a_feed_is_as_new_as_its_newest_change(letters: Any, post: Any) -> None:
    made = letters(
        {
            "posts/2014-10-06-a.md": post("A", updates=[{"date": "2016-05-01", "note": "Corrected."}]),
            "posts/2015-10-07-b.md": post("B"),
        }
    )
    atom = made.feed("atom.xml")
    assert atom.feed.updated.startswith("2016-05-01")
    assert [entry.updated[:10] for entry in atom.entries] == ["2015-10-07", "2016-05-01"]
    assert [entry.published[:10] for entry in atom.entries] == ["2015-10-07", "2014-10-06"]
    assert made.feed("feed.xml").feed.updated_parsed[:3] == (2016, 5, 1)
    assert made.json("feed.json")["items"][1]["date_modified"].startswith("2016-05-01")


def test_the_newest_twenty_stand_newest_first(letters: Any, post: Any) -> None:
    made = letters({f"posts/2014-01-{n:02}-p{n}.md": post(f"P{n}") for n in range(1, 26)})
    titles = [f"P{n}" for n in range(25, 5, -1)]
    assert [entry.title for entry in made.feed("feed.xml").entries] == titles
    assert [entry.title for entry in made.feed("atom.xml").entries] == titles
    assert [item["title"] for item in made.json("feed.json")["items"]] == titles


TEXT = """Above.

<!--more-->

## A heading {#here}

A [page](../pages/about.md#team), a [place](#here), a [file](/plan.pdf), a note[^1] and ![a picture](/p.png).

[^1]: The note.
"""


def full_texts(made: Any) -> list[str]:
    return [
        made.feed("feed.xml").entries[0].content[0].value,
        made.feed("atom.xml").entries[0].content[0].value,
        made.json("feed.json")["items"][0]["content_html"],
    ]


def test_entries_carry_the_full_text_with_absolute_addresses(letters: Any, post: Any, config: Any) -> None:
    made = letters(
        {
            "site.toml": 'title = "T"\nurl = "https://example.org/blog/"\n',
            "posts/2014-10-06-a.md": post("A", TEXT),
            "pages/about.md": post("About", "## Team"),
            "static/plan.pdf": "PDF",
            "static/p.png": PNG,
        }
    )
    assert made.codes == []
    for html in full_texts(made):
        assert "Above." in html
        assert "<!--" not in html
        for address in ("about/#team", "2014/10/a/#here", "plan.pdf"):
            assert f'href="https://example.org/blog/{address}"' in html
        assert 'src="https://example.org/blog/p.png" width="1" height="1"' in html
        assert "The note." in html
        assert 'href="/' not in html
        assert 'id="here"' not in html
        assert "<h3>A heading</h3>" in html


def test_footnotes_of_two_entries_never_meet(letters: Any, post: Any) -> None:
    text = "A note[^1].\n\n[^1]: The note."
    made = letters({"posts/2014-10-06-a.md": post("A", text), "posts/2015-10-06-a.md": post("A", text)})
    marks = [set(re.findall(r'id="([^"]+)"', item["content_html"])) for item in made.json("feed.json")["items"]]
    assert all(marks)
    assert not marks[0] & marks[1]
    for item in made.json("feed.json")["items"]:
        for target in re.findall(r'href="#([^"]+)"', item["content_html"]):
            assert f'id="{target}"' in item["content_html"]


def test_entries_carry_what_a_post_has_beside_its_text(letters: Any, post: Any) -> None:
    made = letters(
        {
            "posts/2014-10-06-a.md": post(
                "A",
                learning_points=["Small & steady"],
                rating="8.5/10",
                rating_note="A fair day",
                action={"text": "Join in", "url": "/join/?from=feed"},
                updates=[{"date": "2014-10-08", "note": "Spelling <b>"}],
                summary="The standfirst.",
            )
        }
    )
    for html in full_texts(made):
        assert "<li>Small &amp; steady</li>" in html
        assert "8.5 out of 10. A fair day" in html
        assert '<a href="https://example.org/join/?from=feed">Join in</a>' in html
        assert "Edit, October 8, 2014: Spelling &lt;b&gt;" in html
        assert "The standfirst." in html


def test_authors_and_tags_are_named(letters: Any, post: Any, config: Any) -> None:
    made = letters(
        {
            "site.toml": config('[authors.ana]\nname = "Ana Costa"\n'),
            "posts/2014-10-06-a.md": post("A", authors=["ana", "Bo & Co <x>"], tags=["C & D"]),
        }
    )
    names = ["Ana Costa", "Bo & Co <x>"]
    assert [author["name"] for author in made.json("feed.json")["items"][0]["authors"]] == names
    assert [author.name for author in made.feed("atom.xml").entries[0].authors] == names
    assert all(name in made.feed("feed.xml").entries[0].author for name in names) or "dc:creator" in made.text(
        "feed.xml"
    )
    assert [tag.term for tag in made.feed("atom.xml").entries[0].tags] == ["C & D"]
    assert made.json("feed.json")["items"][0]["tags"] == ["C & D"]


@pytest.mark.parametrize(
    "title", ['<b>Bold</b> & "quoted"', "]]>", "A\u000bB", "</title><script>x</script>", "&amp;", "\ufffe end"]
)
def test_hostile_titles_and_texts_leave_feeds_well_formed(letters: Any, post: Any, config: Any, title: str) -> None:
    as_written = config("[markup]\ntypography = false\n")
    source = post(title, f"`{title}` ]]> &amp; `<x>`", tags=[title])
    made = letters({"site.toml": as_written, "posts/2014-10-06-a.md": source})
    if not made.report.posts:
        assert made.report.problems[0].line
        return
    shown = " ".join(title.replace("\ufffe", "").split())
    entry = made.feed("atom.xml").entries[0]
    assert entry.title_detail.value.replace("&lt;", "<").replace("&gt;", ">") in (shown, shown.replace("&", "&amp;"))
    assert "&lt;x&gt;" in entry.content[0].value
    assert made.feed("feed.xml").entries[0].link == "https://example.org/2014/10/a/"
    assert made.json("feed.json")["items"][0]["title"].strip() == shown


def test_every_listing_has_its_feeds_and_each_names_itself(letters: Any, post: Any, config: Any) -> None:
    keys: dict[str, Any] = {"tags": ["Ärger"], "series": "Days", "part": 1, "authors": ["Ana Costa"]}
    made = letters(
        {
            "site.toml": config('[output]\nlisting_feeds = ["rss", "atom", "json"]\n'),
            "posts/2014-10-06-a.md": post("A", **keys),
            "posts/2014-10-07-b.md": post("B"),
            "newsletters/2014-11-01-november.md": post("November", posts=["a"]),
        }
    )
    folders = ["", "tags/ärger/", "series/days/", "authors/ana-costa/", "newsletter/"]
    assert {path for path in made.paths if path.endswith(FEEDS)} == {f"{at}{name}" for at in folders for name in FEEDS}
    for at in folders:
        url = "https://example.org/" + at.replace("ärger", "%C3%A4rger")
        for name in ("feed.xml", "atom.xml"):
            links = {link.rel: link.href for link in made.feed(at + name).feed.links}
            assert links["self"] == url + name
            assert links["alternate"] == url
        feed = made.json(at + "feed.json")
        assert (feed["feed_url"], feed["home_page_url"]) == (url + "feed.json", url)
        assert len(feed["items"]) == (2 if at == "" else 1)
    assert made.json("tags/ärger/feed.json")["title"] == "Ärger · Letters"


def test_a_page_announces_its_listings_feeds_and_the_sites(letters: Any, post: Any) -> None:
    made = letters({"posts/2014-10-06-a.md": post("A", tags=["x"], series="Days", part=1)})
    for path, own in (
        ("tags/x/index.html", "/tags/x/"),
        ("2014/10/a/index.html", "/series/days/"),
        ("index.html", "/"),
    ):
        links = made.html(path).xpath('//link[@rel="alternate"][contains(@type, "rss")]')
        assert [link.get("href") for link in links] == list(dict.fromkeys([f"{own}feed.xml", "/feed.xml"]))
        assert all(link.get("href").lstrip("/") in made.paths for link in links)


@pytest.mark.parametrize(
    ("output", "present", "absent"),
    [
        ('feeds = ["atom"]', {"atom.xml", "tags/x/feed.xml"}, {"feed.xml", "feed.json", "tags/x/atom.xml"}),
        ('listing_feeds = ["atom"]', {*FEEDS, "tags/x/atom.xml"}, {"tags/x/feed.xml", "authors/ana/feed.json"}),
        ("listing_feeds = []", {*FEEDS}, {"tags/x/feed.xml", "authors/ana/feed.xml"}),
        ("feeds = []", {"tags/x/feed.xml"}, {*FEEDS}),
        ('feeds_for = ["site"]', {*FEEDS}, {"tags/x/feed.xml", "authors/ana/feed.xml"}),
        ('feeds_for = ["tags"]', {"tags/x/feed.xml"}, {*FEEDS, "authors/ana/feed.xml"}),
        ("authors = false", {*FEEDS, "tags/x/feed.xml"}, {"authors/ana/feed.xml", "authors/ana/index.html"}),
    ],
)
def test_feeds_are_made_as_asked(
    letters: Any, post: Any, config: Any, output: str, present: set[str], absent: set[str]
) -> None:
    made = letters(
        {"site.toml": config(f"[output]\n{output}\n"), "posts/2014-10-06-a.md": post(tags=["x"], authors=["Ana"])}
    )
    assert present <= made.paths
    assert not absent & made.paths
    for path in ("index.html", "tags/x/index.html", "2014/10/a/index.html"):
        for href in made.html(path).xpath('//a/@href | //link[@rel="alternate"]/@href'):
            if href.endswith((".xml", ".json")):
                assert href.lstrip("/") in made.paths, (path, href)


def test_an_issue_lists_its_posts_in_the_feed(letters: Any, post: Any) -> None:
    made = letters(
        {
            "posts/2014-10-06-a.md": post("A & B", summary="What A says."),
            "newsletters/2014-11-01-november.md": post("November", "From the editor.", posts=["a"]),
        }
    )
    html = made.json("newsletter/feed.json")["items"][0]["content_html"]
    assert "From the editor." in html
    assert '<a href="https://example.org/2014/10/a/">A &amp; B</a>' in html
    assert "What A says." in html


def test_there_is_no_feed_of_nothing(letters: Any, post: Any) -> None:
    made = letters({"pages/about.md": post("About")})
    assert not [path for path in made.paths if path.endswith(FEEDS)]
    assert "feed" not in made.text("index.html")


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


NASTY = {
    "a script": "Why <script>alert(1)</script> is bad",
    "an element": "Use <em>less</em>",
    "an ampersand": "AT&T & co",
    "less than": "a < b and c > d",
    "an entity": "&amp; and &lt;b&gt; and &#39;",
    "quotation marks": "“Say” \"it\", 'twice'",
    "an emoji": "👩‍🚀 up 🚀",
    "the end of CDATA": "a ]]> b",
    "a comment": "a <!-- b --> c",
}
PLAIN, HTML = "text/plain", "text/html"


def nasty_site(text: str) -> dict[str, str]:
    named = json.dumps(text, ensure_ascii=False)
    settings = f'title = {named}\nurl = "https://example.org/"\ndescription = {named}\n'
    return {
        "site.toml": settings
        + f"[authors.ann]\nname = {named}\n[tags.day]\nname = {named}\n[markup]\ntypography = false\n",
        "posts/2014-10-06-a.md": post(text, "Text.", summary=text, tags=["day"], author="ann"),
    }


def parsed_raw(content: bytes) -> Any:
    """Parse a feed without the guesses of a reader: what each field is typed as, and what it holds."""
    parsed = feedparser.parse(content, sanitize_html=False)
    assert not parsed.bozo
    return parsed


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY)
def test_every_text_of_rss_and_atom_is_escaped_for_the_type_of_its_field(site: Any, text: str) -> None:
    output = site(nasty_site(text)) / "output"
    build_site(output.parent)
    for name in ("feed.xml", "atom.xml"):
        parsed = parsed_raw((output / name).read_bytes())
        (entry,) = parsed.entries
        html = name == "feed.xml"
        for detail in (parsed.feed.subtitle_detail, entry.summary_detail):
            assert detail.type == (HTML if html else PLAIN)
            assert (unescape(detail.value) if html else detail.value) == text
            assert not html or "<" not in detail.value
        assert [tag.term for tag in entry.tags] == [text]
        assert entry.author == text
        assert entry.content[0].type == HTML
        assert unescape(entry.content[0].value) == f"<p><strong>{text}</strong></p>\n<p>Text.</p>"


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY)
def test_titles_are_plain_text(site: Any, text: str) -> None:
    """As XML says them: of a title in RSS, feedparser guesses whether it is HTML."""
    output = site(nasty_site(text)) / "output"
    build_site(output.parent)
    for name in ("feed.xml", "atom.xml"):
        root = ElementTree.fromstring((output / name).read_bytes())
        assert {element.text for element in root.iter() if element.tag.endswith("title")} == {text}
    atom = parsed_raw((output / "atom.xml").read_bytes())
    assert (atom.feed.title_detail.type, atom.entries[0].title_detail.type) == (PLAIN, PLAIN)


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY)
def test_every_text_of_a_json_feed_is_plain(site: Any, text: str) -> None:
    root = site(nasty_site(text))
    build_site(root)
    feed = json.loads((root / "output/feed.json").read_bytes())
    (item,) = feed["items"]
    assert [feed["title"], feed["description"], item["title"], item["summary"]] == [text] * 4
    assert (item["tags"], item["authors"]) == ([text], [{"name": text}])
    assert unescape(item["content_html"]) == f"<p><strong>{text}</strong></p>\n<p>Text.</p>"


def test_control_characters_are_left_out_of_every_text(site: Any) -> None:
    root = site(nasty_site("a"))
    (root / "content/posts/2014-10-06-a.md").write_text(
        '---\ntitle: "a\\u0001b\\u000bc\\uFFFEd"\nsummary: "e\\u0008f\\u001fg"\n---\nText.\n'
    )
    build_site(root)
    for name in ("feed.xml", "atom.xml"):
        (entry,) = parsed_raw((root / "output" / name).read_bytes()).entries
        assert (entry.title, entry.summary) == ("ab cd", "ef g")
    (item,) = json.loads((root / "output/feed.json").read_bytes())["items"]
    assert (item["title"], item["summary"]) == ("ab cd", "ef g")


def test_a_feed_explains_itself_in_a_browser_and_names_who_publishes_it(letters: Any, post: Any, config: Any) -> None:
    files = {"posts/2024-01-01-a.md": post("A & <b>", tags=["x"], image="/p.png"), "static/p.png": small_picture()}
    made = letters({"site.toml": config('organisation = "A & B"\n'), **files})
    for path in ("feed.xml", "atom.xml", "tags/x/feed.xml"):
        text = made.text(path)
        sheet = re.findall(r'^<\?xml-stylesheet type="text/css" href="https://example.org/(.*)"\?>$', text, re.M)
        assert len(sheet) == 1, path
        assert sheet[0] in made.paths
        assert '<html:a href="https://example.org/follow/">How to follow</html:a>' in text
        assert made.feed(path).entries[0].title == "A & <b>"
    assert made.feed("feed.xml").feed.publisher == "A & B"
    assert made.feed("feed.xml").feed.image.href.startswith("https://example.org/assets/icon-teal.")
    assert made.feed("atom.xml").feed.author == "A & B"
    feed = made.json("feed.json")
    assert feed["authors"] == [{"name": "A & B"}]
    assert feed["items"][0]["image"] == "https://example.org/p.png"


def small_picture(width: int = 8, height: int = 8) -> bytes:
    from io import BytesIO

    from PIL import Image

    kept = BytesIO()
    Image.new("RGB", (width, height)).save(kept, "PNG")
    return kept.getvalue()


MEDIA = "{http://search.yahoo.com/mrss/}"
ATOM = "{http://www.w3.org/2005/Atom}"


def test_every_feed_names_the_same_file_of_a_lead_picture(letters: Any, post: Any) -> None:
    words = 'Two "swans" & a boat'
    made = letters(
        {
            "posts/2024-01-02-a/index.md": post("A", image="p.png", image_alt=words),
            "posts/2024-01-02-a/p.png": small_picture(1500, 300),
            "posts/2024-01-01-b.md": post("B", image="/drawing.svg"),
            "posts/2023-01-01-c.md": post("C"),
            "static/drawing.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>',
        }
    )
    item = made.json("feed.json")["items"][0]
    assert re.fullmatch(r"https://example.org/2024/01/a/p\.1080\.[0-9a-f]{8}\.png", item["image"])
    assert item["image"].removeprefix("https://example.org/") in made.paths
    assert (
        f'<img src="{item["image"]}" alt="Two “swans” &amp; a boat" width="1080" height="216">' in item["content_html"]
    )
    shown, drawn, none = ElementTree.fromstring(made.text("feed.xml")).iterfind("channel/item")
    content = shown.find(f"{MEDIA}content")
    assert content is not None
    assert content.attrib == {
        "url": item["image"],
        "type": "image/png",
        "medium": "image",
        "width": "1080",
        "height": "216",
    }
    assert content.findtext(f"{MEDIA}description") == "Two “swans” & a boat"
    other = drawn.find(f"{MEDIA}content")
    assert other is not None
    assert other.attrib == {"url": "https://example.org/drawing.svg", "medium": "image", "type": "image/svg+xml"}
    assert none.find(f"{MEDIA}content") is None
    entries = list(ElementTree.fromstring(made.text("atom.xml")).iterfind(f"{ATOM}entry"))
    links = [[link.attrib for link in entry.iterfind(f"{ATOM}link[@rel='enclosure']")] for entry in entries]
    title = {"title": "Two “swans” & a boat"}
    assert links[0] == [{"rel": "enclosure", "href": item["image"], "type": "image/png"} | title]
    assert links[1] == [{"rel": "enclosure", "href": other.attrib["url"], "type": "image/svg+xml"}]
    assert links[2] == []


def test_an_entry_is_written_once_for_all_feeds_in_its_format(letters: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []

    def counted(self: FeedEntry, *args: Any, _write: Any = FeedEntry.rss_entry, **more: Any) -> Any:
        written.append(str(self.title()))
        return _write(self, *args, **more)

    monkeypatch.setattr(FeedEntry, "rss_entry", counted)
    made = letters(
        {
            "site.toml": 'title = "L"\nurl = "https://example.org/"\n[output]\nfeeds_for = ["site", "tags"]\n',
            "posts/2014-10-06-a.md": post("A", tags=["x", "y", "z"]),
            "posts/2014-10-07-b.md": post("B", tags=["y"]),
        }
    )
    assert sorted(written) == ["A", "B"]
    for path, titles in {"feed.xml": ["B", "A"], "tags/x/feed.xml": ["A"], "tags/y/feed.xml": ["B", "A"]}.items():
        assert [entry.title for entry in made.feed(path).entries] == titles


def test_the_frame_of_feeds_is_written_once(letters: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []

    def counted(self: FeedGenerator, *args: Any, _write: Any = FeedGenerator.rss_str, **more: Any) -> Any:
        written.append(str(self.language()))
        return _write(self, *args, **more)

    monkeypatch.setattr(FeedGenerator, "rss_str", counted)
    made = letters(
        {
            "site.toml": 'title = "L"\nurl = "https://example.org/"\nlanguage = "fo"\n',
            "posts/2014-10-06-a.md": post("A", tags=["x", "y & <z>"]),
        }
    )
    assert written.count("fo") == 1
    assert {made.feed(f"{at}feed.xml").feed.title for at in ("", "tags/x/", "tags/y-z/")} == {
        "L",
        "x · L",
        "y & <z> · L",
    }


TEXTS = ("A & <b>", "A \"q\" 's'\t\r\n", "\ue000\ue001", "Thu, 01 Jan 1970 00:00:00 +0000", "]]> ü 𝄞")


@pytest.mark.parametrize("icon", ["", "https://blog.example/i.png"])
@pytest.mark.parametrize("text", TEXTS)
def test_a_feed_has_the_bytes_that_feedgen_writes(text: str, icon: str) -> None:
    moment = datetime(2024, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=-5)))
    page, url = "https://blog.example/?a&b", "https://blog.example/f.xml?a&b"
    feed = Feed(text, text, url, page, "cy", icon, text, None, moment)
    for kind, write in (("rss", write_rss), ("atom", write_atom)):
        made = FeedGenerator()
        made.register_extension("dc", DcExtension, DcEntryExtension, atom=False, rss=True)
        made.register_extension("tongue", BaseExtension, LanguageExtension)
        made.register_extension("picture", PictureFeedExtension, PictureExtension)
        made.title(text)
        made.id(page)
        made.link(href=url, rel="self", type=f"application/{kind}+xml")
        made.link(href=page, rel="alternate", type="text/html")
        made.language("cy")
        made.generator("Openletter", version=__version__)
        made.updated(moment)
        made.lastBuildDate(moment)
        made.description(escape(text, quote=False) if kind == "rss" else text)
        made.dc.dc_publisher(text)
        made.author({"name": text})
        if icon and kind == "rss":
            made.image(icon, title=text, link=page)
        elif icon:
            made.icon(icon)
        expected = made.rss_str(pretty=False) if kind == "rss" else made.atom_str(pretty=False)
        assert write(feed, []) == expected + b"\n"


def whole_rss(entry: Entry, language: str) -> bytes:
    """Write a feed with one entry as feedgen itself does."""
    made = FeedGenerator()
    made.register_extension("dc", DcExtension, DcEntryExtension, atom=False, rss=True)
    made.register_extension("tongue", BaseExtension, LanguageExtension)
    made.register_extension("picture", PictureFeedExtension, PictureExtension)
    made.title("T")
    made.id("https://blog.example/")
    made.link(href="https://blog.example/")
    made.description("D")
    one = made.add_entry()
    one.title(entry.doc.title)
    one.link(href=entry.url, rel="alternate", type="text/html")
    one.published(entry.published)
    one.updated(entry.updated)
    if entry.picture:
        one.picture.show(entry.picture)
    one.category([{"term": tag.name} for tag in entry.doc.tags])
    if entry.doc.lang != language:
        one.tongue.set(entry.doc.lang)
    one.guid(entry.doc.id, permalink=False)
    one.content(entry.html)
    if entry.doc.summary:
        one.summary(escape(entry.doc.summary, quote=False))
    if entry.doc.authors:
        one.dc.dc_creator([author.name for author in entry.doc.authors])
    written: bytes = made.rss_str(pretty=False)
    return written


@pytest.mark.parametrize("html", ["<p>A &amp; b</p>", "<p>]]&gt; ℀ 𝄞</p>", ""])
@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"summary": "A <b> & c", "tags": ["x", "y & z"]},
        {"authors": ["A & B", "C"]},
        {"lang": "cy", "summary": "Ü"},
        {"authors": ["A"], "tags": ["x"], "lang": "ar", "image": True},
    ],
)
def test_an_item_has_the_bytes_that_it_has_in_a_feed_which_feedgen_writes_whole(facts: Any, html: str) -> None:
    moment = datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)
    named = {name: [SimpleNamespace(name=each) for each in facts.get(name, ())] for name in ("tags", "authors")}
    doc = {"title": "<T>", "id": "i", "summary": "", "lang": "en", "audio": None, **facts, **named}
    picture = FeedPicture("https://blog.example/a.png", 'An "a"', 6, 0) if "image" in facts else None
    entry: Any = Entry(cast("Any", SimpleNamespace(**doc)), "https://blog.example/a/", html, picture, moment, moment)
    item = write_rss_item(entry, "en")
    assert item.startswith(b"<item>")
    assert item.endswith(b"</item>")
    assert item in whole_rss(entry, "en")
