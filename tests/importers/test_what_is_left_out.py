"""What an export has and a site does not take is in the report: no part of it is lost in silence."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path

import pytest

from generator.importers.import_model import ImportOutcome, Topic
from generator.importers.outside_pictures import list_outside_pictures
from tests.importers.exports import wxr, wxr_comment, wxr_item

Take = Callable[..., ImportOutcome]
FIELD = "<wp:postmeta><wp:meta_key>{}</wp:meta_key><wp:meta_value>x</wp:meta_value></wp:postmeta>"


def words(outcome: ImportOutcome, topic: Topic) -> list[str]:
    return [note.words for note in outcome.notes if note.topic is topic]


def test_comments_that_do_not_come_are_counted_by_reason(take: Take, tmp_path: Path) -> None:
    states = ("1", "0", "hold", "spam", "trash", "post-trashed", "odd")
    comments = [wxr_comment(n, approved=state) for n, state in enumerate(states, 1)]
    file = tmp_path / "e.xml"
    file.write_text(wxr(wxr_item(1, "Text.", *comments, wxr_comment(9, kind="review"))))
    again = "To import such comments as hidden ones, run the import again with --all."
    left = [
        "1 comment was spam.",
        '1 comment had the status "odd".',
        '1 comment had the type "review", which only a plugin can show.',
        f"2 comments waited for approval. {again}",
        "2 comments were in the trash.",
    ]
    assert sorted(words(take("wordpress", file), Topic.COMMENT)) == sorted(left)
    assert sorted(words(take("wordpress", file, pending=True), Topic.COMMENT)) == sorted(
        each for each in left if "approval" not in each
    )


def test_terms_and_fields_without_a_place_are_counted(take: Take, tmp_path: Path) -> None:
    terms = [f'<category domain="{kind}">W</category>' for kind in ("category", "post_tag", "genre")]
    fields = [FIELD.format(name) for name in ("mood", "_edit_last", "advanced_seo_description", "_series_part")]
    file = tmp_path / "e.xml"
    file.write_text(wxr(wxr_item(1, "Text.", *terms, *fields), wxr_item(2, "Text.", terms[2])))
    assert words(take("wordpress", file), Topic.KEY) == [
        "Terms of the kind `genre` were not taken. (2)",
        "The custom field `mood` was not taken. (1)",
    ]


def test_the_caption_of_a_featured_picture_is_reported(take: Take, tmp_path: Path) -> None:
    file = tmp_path / "e.xml"
    picture = {"wp__post_type": "attachment", "wp__attachment_url": "https://old.example.org/a.jpg"}
    thumb = "<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>7</wp:meta_value></wp:postmeta>"
    file.write_text(wxr(wxr_item(1, "Text.", thumb), wxr_item(7, "", excerpt__encoded="The yard.", **picture)))
    outcome = take("wordpress", file)
    assert any("below `extra`" in each for each in words(outcome, Topic.KEY))
    assert words(outcome, Topic.OUTSIDE) == ["on old.example.org"]


@pytest.mark.parametrize(
    ("text", "lead", "wanted"),
    [
        ("![a](https://a.example/1.jpg)\n\n![b](https://a.example/2.jpg)", "", ["on a.example"]),
        ("![a](<https://a.example/1.jpg>)", "https://b.example/2.jpg", ["on a.example", "on b.example"]),
        ('<img alt="x" src="https://a.example/1.jpg">', "", ["on a.example"]),
        ("<img src='https://a.example/1.jpg'>", "", ["on a.example"]),
        ("![a](https://shown.example/1.jpg)", "", []),
        ("![a](/uploads/1.jpg) [b](https://a.example/1.jpg)", "", []),
        ("![a](https://[broken/1.jpg)", "photo.jpg", []),
    ],
)
def test_pictures_on_other_sites(text: str, lead: str, wanted: list[str]) -> None:
    assert [note.words for note in list_outside_pictures(text, lead, "p", ("shown.example",))] == wanted


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        (b"", "This file is empty."),
        (b'{"db": []}', "This is not an XML file."),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "This is not an XML file."),
        (b"PK\x03\x04\x14\0\0\0", "This is not an XML file."),
        (b"Dear reader, <b this is no export", "This is not an XML file."),
        (b"   \n", "This is not an XML file."),
    ],
)
@pytest.mark.parametrize("kind", ["wordpress", "blogger"])
def test_a_file_of_another_kind_is_not_called_damaged(
    take: Take, tmp_path: Path, kind: str, written: bytes, wanted: str
) -> None:
    file = tmp_path / "e.xml"
    file.write_bytes(written)
    (problem,) = take(kind, file).problems
    assert (problem.code, problem.message) == ("import-kind", wanted)


def test_elements_that_no_page_has_are_named(take: Take, tmp_path: Path) -> None:
    file = tmp_path / "e.xml"
    text = "Text. <svg><text>Rise</text></svg> <form><input></form> <object data='https://a.example/f'></object>"
    file.write_text(wxr(wxr_item(1, text), wxr_item(2, "<script>x</script> <font>x</font>")))
    assert sorted(words(take("wordpress", file), Topic.CUT_HTML)) == [
        "`<form>` is removed. The text in it stays.",
        "`<input>` is removed. The text in it stays.",
        "`<script>` is removed, with all that is in it.",
        "`<svg>` is removed, with all that is in it.",
    ]


def test_an_item_without_a_type_is_named(take: Take, tmp_path: Path) -> None:
    file = tmp_path / "e.xml"
    file.write_text(wxr(wxr_item(1), wxr_item(2, wp__post_type=None), wxr_item(3, wp__post_type="nav_menu_item")))
    assert words(take("wordpress", file), Topic.FILE) == [
        '"Post 2" has no type.',
        "1 items of the old theme, such as menus and styles.",
    ]


def test_a_pattern_s_text_is_in_the_posts_that_show_it(take: Take, site: Path, tmp_path: Path) -> None:
    file = tmp_path / "e.xml"
    shown = '<!-- wp:paragraph --><p>Before.</p><!-- /wp:paragraph -->\n<!-- wp:block {{"ref":{}}} /-->'
    patterns = [wxr_item(n, shown.format(n + 1) + f"<p>Pattern {n}.</p>", wp__post_type="wp_block") for n in (7, 8)]
    hidden = wxr_item(9, "<p>Hidden.</p>", wp__post_type="wp_block", status="draft")
    file.write_text(wxr(wxr_item(1, shown.format(7)), *patterns, hidden))
    outcome = take("wordpress", file)
    (post,) = (site / "content/posts").rglob("*.md")
    text = post.read_text("utf-8")
    assert text.count("Before.") == 3
    assert "Pattern 7." in text
    assert "Pattern 8." in text
    assert "Hidden" not in text
    assert words(outcome, Topic.CUT_HTML) == ["The block `block` has no text in the export."]


def test_a_picture_of_an_emoji_becomes_the_emoji(take: Take, site: Path, tmp_path: Path) -> None:
    file = tmp_path / "e.xml"
    emoji = '<img src="https://s.w.org/images/core/emoji/1f600.svg" class="emoji" alt="\U0001f600" />'
    smiley = '<img src="/wp-includes/images/smilies/icon_smile.gif" alt=":-)" class="wp-smiley" />'
    file.write_text(wxr(wxr_item(1, f"Well done {emoji} {smiley}, all.")), encoding="utf-8")
    assert words(take("wordpress", file), Topic.OUTSIDE) == []
    (post,) = (site / "content/posts").rglob("*.md")
    assert "Well done \U0001f600 :-), all." in post.read_text("utf-8")


def blogger_entry(body: str, id_: str = "", kind: str = "post", title: str = "") -> str:
    scheme, term = "http://schemas.google.com/g/2005#kind", f"http://schemas.google.com/blogger/2008/kind#{kind}"
    head = f"<id>{id_}</id><category scheme='{scheme}' term='{term}'/><title>{title}</title>"
    when = "<published>2015-03-01T10:00:00Z</published>"
    return f"<entry>{head}{when}<content type='html'>{escape(body)}</content></entry>"


def atom(*entries: str) -> str:
    return f"<feed xmlns='http://www.w3.org/2005/Atom'>{''.join(entries)}</feed>"


def test_an_entry_of_another_kind_is_named(take: Take, tmp_path: Path) -> None:
    file = tmp_path / "feed.xml"
    entries = [blogger_entry("x", f"p-{n}", kind, kind) for n, kind in enumerate(("post", "poll", "settings"))]
    file.write_text(atom(*entries))
    assert words(take("blogger", file), Topic.FILE) == ['"poll" is neither a post nor a page nor a comment.']


@pytest.mark.parametrize("id_", ["", "post-7"])
@pytest.mark.parametrize("kind", ["wordpress", "blogger", "feed"])
def test_posts_with_one_id_or_none_are_all_imported(
    take: Take, site: Path, tmp_path: Path, kind: str, id_: str
) -> None:
    file = tmp_path / "export.xml"
    bodies = ["One.", "Two.", "Two.", "Three."]
    none = {"title": "", "link": None, "guid": None, "wp__post_id": id_ or None, "wp__post_name": None}
    file.write_text(
        wxr(*(wxr_item(1, body, **none) for body in bodies))
        if kind == "wordpress"
        else atom(*(blogger_entry(body, id_) for body in bodies))
    )
    take(kind, file)
    texts = "".join(post.read_text("utf-8") for post in (site / "content/posts").rglob("*.md"))
    assert [word for word in ("One.", "Two.", "Three.") if f"\n{word}" not in texts] == []


@pytest.mark.parametrize("sign", ["&#11;", "&#x0b;", "&amp;#11;", "&#0;", "&#xfdd0;", "&#xffff;", "\x0b"])
def test_a_character_that_no_page_can_have_is_left_out(take: Take, site: Path, tmp_path: Path, sign: str) -> None:
    file = tmp_path / "feed.xml"
    text = f"<p>Good{sign} <b title='a{sign}'>morning</b></p>Text{sign}<br>More."
    file.write_text(atom(blogger_entry(text)), encoding="utf-8")
    take("blogger", file)
    (post,) = (site / "content/posts").rglob("*.md")
    assert "morning" in post.read_text("utf-8")
    assert "\x0b" not in post.read_text("utf-8")
