"""Preflight: each thing that may be wrong with an issue is found, at its place, and nothing is found in a good one."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from generator.clock import Clock
from generator.errors import Level, Problem
from generator.newsletter.checks.external_links import check_external_links
from generator.newsletter.checks.preflight import check_issue, load_letter
from generator.scaffold.new_site import create_site
from tests.factories import plain_post, post
from tests.newsletter.site_with_issue import CLOCK, SITE, issue, make_site_with_issue, picture

PATH = "content/newsletters/2026-06-01-june.md"
Files = dict[str, str | bytes]
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9"/></svg>'
HTML, TEXT = '{% extends "@default/mail/issue.html" %}', '{% extends "@default/mail/issue.txt" %}'
ERROR, WARNING, NOTE = Level.ERROR, Level.WARNING, Level.NOTE
# What stands in the file of `issue()`, line by line: ---, title, date, subject, preheader, posts, ---, the text.
SUBJECT_LINE, PREHEADER_LINE, POSTS_LINE, TEXT_LINE = 4, 5, 6, 8


def problems(root: Path, files: Files | None = None) -> tuple[Problem, ...]:
    return load_letter(make_site_with_issue(root, files), "june", CLOCK)[1]


def found(root: Path, files: Files | None = None) -> list[tuple[str, str, int, Level]]:
    return [(each.code, each.path, each.line, each.level) for each in problems(root, files)]


def themed(**templates: str) -> Files:
    """Put templates into the place of the theme's own: `issue_html`, `story_html`, `issue_txt`."""
    files: Files = {
        "site.toml": SITE.replace('language = "en"', 'language = "en"\ntheme = "mine"'),
        "themes/mine/theme.toml": 'extends = "default"\n',
    }
    for name, text in templates.items():
        files[f"themes/mine/templates/mail/{name.replace('_', '.')}"] = text
    return files


def head(added: str) -> Files:
    """Put something where the theme has its masthead."""
    template = '{% extends "@default/mail/issue.html" %}{% block masthead %}<tr><td>'
    return themed(issue_html=f"{template}{added}</td></tr>{{% endblock %}}")


def test_nothing_is_wrong_with_a_good_issue(tmp_path: Path) -> None:
    assert problems(tmp_path) == ()


def test_the_example_of_a_new_site_is_not_sent_unnoticed(tmp_path: Path) -> None:
    create_site(tmp_path, url="https://letters.example/")
    [path] = (tmp_path / "content/posts").glob("*-welcome.md")
    example, day = path.read_text(encoding="utf-8"), path.name[:10]
    make_site_with_issue(tmp_path, {PATH: issue(posts=[f"{day}-welcome"], date=day)})
    summary, text = (example.partition(each)[0].count("\n") + 1 for each in ("summary:", "Every post"))
    changed = example.replace("This is the first post.", "We have moved.")
    mine = plain_post("Welcome", "Every post is a text of ours.")
    for written, lines in ((example, [summary]), (changed, [text]), (changed.replace("Every", "No"), []), (mine, [])):
        path.write_text(written, encoding="utf-8")
        clock = Clock(datetime.fromisoformat(f"{day}T23:59:59+14:00") + timedelta(days=2))
        shown = load_letter(tmp_path, "june", clock)[1]
        assert [each.line for each in shown if each.code == "example-text"] == lines
        assert {each.level for each in shown if each.code == "example-text"} <= {WARNING}


@pytest.mark.parametrize(
    ("keys", "body", "expected"),
    [
        ({"subject": "x" * 61}, "Words.", ("mail-subject", SUBJECT_LINE, WARNING)),
        ({"preheader": "Too short."}, "Words.", ("mail-preheader", PREHEADER_LINE, WARNING)),
        ({"preheader": "x" * 131}, "Words.", ("mail-preheader", PREHEADER_LINE, WARNING)),
        ({}, "First.\n\nTK more here", ("mail-placeholder", TEXT_LINE + 2, ERROR)),
        ({}, "Lorem ipsum dolor", ("mail-placeholder", TEXT_LINE, ERROR)),
        ({}, "TODO", ("mail-placeholder", TEXT_LINE, ERROR)),
        ({}, "It costs XXX pounds", ("mail-placeholder", TEXT_LINE, ERROR)),
        ({"subject": "News of TKTK, at last"}, "Words.", ("mail-placeholder", SUBJECT_LINE, ERROR)),
        ({}, "A [page](/nowhere/).", ("dead-link", TEXT_LINE, ERROR)),
        ({}, "A [post](../posts/none.md).", ("dead-link", TEXT_LINE, ERROR)),
        ({}, "![x](/none.png)", ("dead-picture", TEXT_LINE, ERROR)),
        ({}, "![x](/cut.jpg)", ("picture-damaged", TEXT_LINE, ERROR)),
        ({}, "![x](/wrong.png)", ("picture-mislabelled", TEXT_LINE, ERROR)),
        ({}, "![](/a.jpg)", ("mail-alt", TEXT_LINE, WARNING)),
        ({}, "![plan](/plan.svg)", ("mail-picture", TEXT_LINE, WARNING)),
        ({}, "![x](https://elsewhere.example/a.jpg)", ("picture-elsewhere", TEXT_LINE, NOTE)),
        ({"posts": ["lift", "nowhere"]}, "Words.", ("missing-post", POSTS_LINE, ERROR)),
        ({"posts": ["lift", "later"]}, "Words.", ("missing-post", POSTS_LINE, ERROR)),
        ({"sections": ["None such"]}, "Words.", ("empty-section", POSTS_LINE + 1, NOTE)),
    ],
)
def test_what_is_wrong_is_found_at_its_line(
    tmp_path: Path, keys: dict[str, object], body: str, expected: tuple[str, int, Level]
) -> None:
    files: Files = {
        PATH: issue(body, **keys),
        "content/static/a.jpg": picture(30, 20),
        "content/static/plan.svg": DRAWING,
        "content/static/cut.jpg": picture(30, 20)[:99],
        "content/static/wrong.png": picture(30, 20),
        "content/posts/2027-01-01-later.md": post("Later"),
    }
    code, line, level = expected
    assert found(tmp_path, files) == [(code, PATH, line, level)]
    assert all(each.column and each.hint for each in problems(tmp_path, files))


def test_a_post_that_is_not_public_is_named_with_its_reason(tmp_path: Path) -> None:
    states: dict[str, dict[str, Any]] = {
        "it is a draft": {"draft": True},
        "it is scheduled": {"date": "2027-01-01"},
        "it has expired": {"expires": "2026-06-02"},
    }
    for state, keys in states.items():
        files: Files = {
            PATH: issue(posts=["lift", "hidden"]),
            "content/posts/2026-05-01-hidden.md": post("Hidden", **keys),
        }
        (problem,) = problems(tmp_path, files)
        assert problem.message.endswith(f"content/posts/2026-05-01-hidden.md is not public: {state}.")
        assert "Hidden" not in load_letter(tmp_path, "june", CLOCK)[0].text


def test_a_placeholder_of_a_post_is_a_warning_in_the_post(tmp_path: Path) -> None:
    path = "content/posts/2026-05-02-lift.md"
    assert found(tmp_path, {path: post("The lift", "Words.", summary="It cost TK pounds.")}) == [
        ("mail-placeholder", path, 3, WARNING)
    ]


def test_a_picture_whose_link_or_caption_has_all_words_needs_none_of_its_own(tmp_path: Path) -> None:
    said = (
        "[![The hall](/a.jpg)](https://youtu.be/dQw4w9WgXcQ)",
        "[![](/a.jpg) The plan](https://a.example/)",
        '![The hall](/a.jpg "The hall.")',
        '![](/a.jpg "decorative: The yard in June")',
        "![The hall](/a.jpg)",
    )
    silent = "[![](/a.jpg)](https://a.example/)", '![](/a.jpg "decorative:")'
    files: Files = {PATH: issue("\n\n".join((*said, *silent))), "content/static/a.jpg": picture(30, 20)}
    levels = [each.level for each in problems(tmp_path, files) if each.code == "mail-alt"]
    assert sorted(levels, key=str) == sorted((ERROR, WARNING), key=str)


@pytest.mark.parametrize("words", ["TK Maxx sent socks", "tk", "ATK", "Todo el mundo", "kisses, xxx"])
def test_words_that_look_like_placeholders_are_none(tmp_path: Path, words: str) -> None:
    assert problems(tmp_path, {PATH: issue(words)}) == ()


@pytest.mark.parametrize(
    "heading", ["Opening *hours*", "**Opening** hours", "~~Old~~ new", "5 * 3, `till` _x_", "A<br>b"]
)
def test_a_headline_may_have_marks(tmp_path: Path, heading: str) -> None:
    assert problems(tmp_path, {PATH: issue(f"Text.\n\n## {heading}\n\nMore.")}) == ()


def test_what_stands_in_a_comment_of_the_front_matter_does_not_go_out(tmp_path: Path) -> None:
    assert problems(tmp_path, {PATH: issue().replace("---\n", "---\n# TODO ask Priya\n", 1)}) == ()


def test_a_missing_preheader_is_said(tmp_path: Path) -> None:
    assert found(tmp_path, {PATH: issue("", preheader=None)})[0][0] == "mail-preheader"


def test_a_preheader_that_repeats_the_subject_is_said(tmp_path: Path) -> None:
    same = "The lift is mended, and everybody may use it."
    assert [each[0] for each in found(tmp_path, {PATH: issue(subject=same, preheader=same)})] == ["mail-preheader"]


@pytest.mark.parametrize(
    ("added", "code", "level"),
    [
        ("<script>1</script>", "mail-element", ERROR),
        ("<form></form>", "mail-element", ERROR),
        ('<a href="/about/">x</a>', "mail-relative", ERROR),
        ('<a href="https://letters.example.org/none/">x</a>', "dead-link", ERROR),
        ('<img src="a.png" alt="x" width="9" height="9">', "mail-relative", ERROR),
        ('<img src="https://letters.example.org/x.webp" alt="x" width="9" height="9">', "mail-picture", ERROR),
        ('<img src="https://letters.example.org/a.jpg" width="9" height="9">', "mail-alt", ERROR),
        ('<img src="https://letters.example.org/a.jpg" alt="x">', "mail-picture", ERROR),
        ('<img src="https://letters.example.org/a.jpg" alt="x" width="1" height="1">', "mail-picture", ERROR),
        ('<p style="background: url(https://a.example/x.png)">x</p>', "mail-element", ERROR),
        ('<p style="color: #aaa; background-color: #fff">Faint</p>', "mail-contrast", WARNING),
        ("<h2>Only in the HTML</h2>", "mail-text", ERROR),
        ('<a href="https://only.example/">x</a>', "mail-text", WARNING),
    ],
)
def test_what_a_theme_does_wrong_is_found(tmp_path: Path, added: str, code: str, level: Level) -> None:
    files = {**head(added), "content/static/a.jpg": picture(30, 20)}
    assert (code, level) in [(each[0], each[3]) for each in found(tmp_path, files)]


@pytest.mark.parametrize(
    ("templates", "code"),
    [
        ({"issue_html": HTML + "{% block footer %}{% endblock %}"}, "mail-unsubscribe"),
        ({"issue_txt": TEXT + "{% block footer %}{% endblock %}"}, "mail-unsubscribe"),
        ({"issue_txt": TEXT + "{% block parts %}{% endblock %}"}, "mail-text"),
        ({"issue_html": HTML + "{% block body %}{{ nothing }}{% endblock %}"}, ""),
    ],
)  # fmt: skip
def test_a_theme_that_leaves_something_out_is_found(tmp_path: Path, templates: dict[str, str], code: str) -> None:
    root = make_site_with_issue(tmp_path, themed(**templates))
    if code:
        assert code in {each.code for each in load_letter(root, "june", CLOCK)[1] if each.level is ERROR}
        return
    with pytest.raises(Exception, match="template-failed"):
        load_letter(root, "june", CLOCK)


def test_a_mail_that_gmail_would_cut_is_refused(tmp_path: Path) -> None:
    assert ("mail-size", PATH, 0, ERROR) in found(tmp_path, {PATH: issue("Many words, many of them. " * 4000)})


def test_a_mail_that_is_nearly_too_large_is_a_warning(tmp_path: Path) -> None:
    assert ("mail-size", PATH, 0, WARNING) in found(tmp_path, {PATH: issue("Many words, many of them. " * 3300)})


def test_a_sender_that_is_missing_is_an_error_before_anything_is_sent(tmp_path: Path) -> None:
    files: Files = {"site.toml": SITE.replace("from =", "# from =")}
    assert [(each.code, each.level) for each in problems(tmp_path, files)] == [("mail-sender", ERROR)]


def test_links_to_other_sites_are_listed_and_not_asked(tmp_path: Path) -> None:
    root = make_site_with_issue(
        tmp_path, {PATH: issue("[a](https://a.example/x) [b](http://b.example/) [c](/newsletter/)")}
    )
    checked = check_issue(root, "june", CLOCK)
    assert checked.external_links == ("https://a.example/x", "http://b.example/", "https://lists.example.org/join")
    assert (checked.path, checked.problems) == (PATH, ())
    assert 10_000 < checked.size < 30_000


class Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(int(self.path.rpartition("/")[2]))
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def elsewhere() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_other_sites_are_asked_on_demand(elsewhere: str) -> None:
    urls = [f"{elsewhere}/{code}" for code in (200, 403, 404, 500)] + ["http://127.0.0.1:9/"]
    said = check_external_links(urls, PATH)
    assert [(each.code, each.path, each.level) for each in said] == [("dead-link-elsewhere", PATH, WARNING)] * 3
    assert [word for word in ("/404", "/500", ":9/") if not any(word in each.message for each in said)] == []


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"send_at": "2026-06-02 09:00"}, ""),
        ({"send_at": "2025-01-01 09:00"}, "its date comes later"),
        ({"send_at": "2026-05-31 23:59"}, "its date comes later"),
        ({"send_at": "2026-06-02 09:00", "expires": "2026-06-02 09:00"}, "it expires before"),
        ({"send_at": "2026-06-02 09:00", "expires": "2026-06-02 09:01"}, ""),
        ({"send_at": "2026-06-02 09:00", "lang": "cy", "translation_of": "issue-may"}, "sent together with the issue"),
    ],
)
def test_a_time_of_sending_at_which_the_issue_is_not_public(tmp_path: Path, keys: dict[str, Any], words: str) -> None:
    may = issue(id="issue-may", date="2026-05-01", body="What May was like.")
    met = [
        each
        for each in problems(tmp_path, {PATH: issue(**keys), "content/newsletters/2026-05-01-may.md": may})
        if each.code == "send-at"
    ]
    assert [words in each.message for each in met] == [True] * bool(words)
    assert all(each.line and each.level is WARNING for each in met)
