"""Damaged exports: all that can be read, the place of the damage, and nothing expanded or fetched."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.errors import Problem
from generator.importers.exports.records import Node, RecordFile
from tests.importers.exports import wxr, wxr_item

ITEMS = frozenset(("item",))


def read(folder: Path, data: str | bytes) -> tuple[list[Node], list[Problem]]:
    file = folder / "export.xml"
    file.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8", "surrogateescape"))
    records = RecordFile(file, "export.xml", ITEMS)
    return list(records.records()), records.problems


GOOD = wxr(*(wxr_item(number) for number in range(1, 4)))
TWO = GOOD.index("<item>", GOOD.index("<item>") + 1)
DAMAGE = {
    "cut in the last item": (GOOD[: GOOD.rindex("<content")], ["Post 1", "Post 2"]),
    "cut behind the last item": (GOOD[: GOOD.rindex("</item>") + 7], ["Post 1", "Post 2", "Post 3"]),
    "cut in a tag": (GOOD[: GOOD.rindex("<wp:post_id") + 6], ["Post 1", "Post 2"]),
    "a tag that is not closed": (GOOD.replace("<wp:post_id>2", "<wp:open><wp:post_id>2"), ["Post 1", "Post 3"]),
    "a wrong end tag": (
        GOOD.replace("</title><link>https://old.example.org/2015/03/post-2", "</titel><link>x/2"),
        ["Post 1", "Post 3"],
    ),
    "a bare less-than": (GOOD.replace("<title>Post 2", "<title>1 < 2"), ["Post 1", "Post 3"]),
    "two roots": (GOOD + GOOD, ["Post 1", "Post 2", "Post 3"] * 2),
    "an attribute without quotes": (GOOD.replace("<wp:status>", "<wp:status a=b>", 1), ["Post 2", "Post 3"]),
    "rubbish between items": (GOOD[:TWO] + "</nothing>" + GOOD[TWO:], ["Post 1", "Post 2", "Post 3"]),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_reading_goes_on_behind_the_damage(tmp_path: Path, name: str) -> None:
    data, wanted = DAMAGE[name]
    nodes, problems = read(tmp_path, data)
    assert [node.get("title") for node in nodes] == wanted
    assert problems
    assert all(each.code == "import-damaged" and each.line > 0 and each.column > 0 for each in problems)


REPAIRED = {
    "&": ("Tom & Jerry", "Tom & Jerry"),
    "& at the end": ("A&", "A&"),
    "a query": ("a?b=1&c=2&d", "a?b=1&c=2&d"),
    "a name of HTML": ("caf&eacute;&nbsp;&hellip;", "café\u00a0…"),
    "an unknown name": ("&nothing;", "&nothing;"),
    "a control character": ("a\x0bb\x00c", "abc"),
    "a reference to one": ("a&#8;b&#xFFFE;c", "abc"),
    "half a pair": ("a&#xD800;b", "ab"),
}


@pytest.mark.parametrize("name", REPAIRED)
def test_what_xml_does_not_allow_is_repaired_and_reported(tmp_path: Path, name: str) -> None:
    written, wanted = REPAIRED[name]
    nodes, problems = read(tmp_path, GOOD.replace("Post 2</title>", f"{written}</title>"))
    assert [node.get("title") for node in nodes] == ["Post 1", wanted, "Post 3"]
    line = GOOD[: GOOD.index("Post 2</title>")].count("\n") + 1
    assert {each.line for each in problems} == {line}


def test_what_is_in_cdata_stays_as_it_is(tmp_path: Path) -> None:
    data = wxr(wxr_item(1, "a & b &nbsp; <b>c</b> ]] > &lol;"))
    nodes, problems = read(tmp_path, data)
    assert (nodes[0].get("content:encoded"), problems) == ("a & b &nbsp; <b>c</b> ]] > &lol;", [])


HTML = (
    ("<![CDATA[a <br> &amp; b]]>", "a <br> &amp; b"),
    ("a &lt;br&gt; b", "a <br> b"),
    ("a<br />b &amp; c", "a<br>b &amp; c"),
    ('<p title="&quot;">x <b>y</b> z</p>t', '<p title="&quot;">x <b>y</b> z</p>t'),
    ("", ""),
    ("<img src='a'/>", '<img src="a">'),
)


@pytest.mark.parametrize(("written", "wanted"), HTML)
def test_html_is_read_as_text_and_as_elements(tmp_path: Path, written: str, wanted: str) -> None:
    nodes, _ = read(tmp_path, GOOD.replace("<title>Post 2", f"<wp:text>{written}</wp:text><title>Post 2"))
    assert nodes[1].html("wp:text") == wanted


@pytest.mark.parametrize("size", [1, 7, 8, 9, 12, 64])
def test_the_pieces_of_the_file_do_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr("generator.importers.exports.xml_text._CHUNK_BYTES", size)
    body = "é ]]]]><![CDATA[> & — &amp; <!-- x --> €"
    nodes, problems = read(tmp_path, wxr(wxr_item(1, body, title="Ä & B &amp; C &eacute;")))
    assert nodes[0].get("content:encoded") == "é ]]> & — &amp; <!-- x --> €"
    assert nodes[0].get("title") == "Ä & B &amp; C &eacute;"
    assert problems == []


ENTITIES = (
    '<!DOCTYPE rss [<!ENTITY a "lol">]>', '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    '<!DOCTYPE rss [<!ENTITY % p SYSTEM "http://127.0.0.1:1/x"> %p;]>', '<!DOCTYPE rss [<!ENTITY x PUBLIC "a" "b">]>',
    '<!DOCTYPE rss [\n\n<!ENTITY a "b"><!ENTITY c "&a;&a;">]>',
)  # fmt: skip


@pytest.mark.parametrize("doctype", ENTITIES)
def test_a_file_with_entities_is_refused(tmp_path: Path, doctype: str) -> None:
    nodes, problems = read(tmp_path, GOOD.replace("<rss", f"{doctype}<rss", 1))
    assert nodes == []
    assert ["declares entities" in each.message for each in problems] == [True]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
def test_every_encoding_that_the_file_names_is_read(tmp_path: Path, encoding: str) -> None:
    text = GOOD.replace("Post 2<", "Größe<").replace('encoding="UTF-8"', f'encoding="{encoding.removesuffix("-sig")}"')
    nodes, problems = read(tmp_path, text.encode(encoding))
    assert ([node.get("title") for node in nodes][1], problems) == ("Größe", [])


def test_nesting_is_bounded(tmp_path: Path) -> None:
    deep = "<a>" * 5000 + "x" + "</a>" * 5000
    nodes, _ = read(tmp_path, GOOD.replace("<wp:post_id>2", f"{deep}<wp:post_id>2"))
    assert [node.get("title") for node in nodes] == ["Post 1", "Post 2", "Post 3"]
