"""An issue as a letter: found by name, complete in both parts, safe whatever its words are."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from generator.engine.engine import Engine
from generator.engine.options import BuildOptions
from generator.errors import Level, MailError, Problem
from generator.model import UNSUBSCRIBE, Letter
from generator.newsletter.checks.preflight import load_letter
from generator.render.mail.text import columns
from tests.factories import post
from tests.newsletter.site_with_issue import CLOCK, SITE, URL, issue, make_site_with_issue, picture


def letter(root: Path, name: str = "june") -> Letter:
    made, problems = load_letter(root, name, CLOCK)
    assert [problem for problem in problems if problem.level is Level.ERROR] == []
    return made


def parsed(made: Letter) -> Any:
    return html.document_fromstring(made.html)


def test_a_letter_knows_itself(tmp_path: Path) -> None:
    made = letter(make_site_with_issue(tmp_path, {"content/newsletters/2026-06-01-june.md": issue(id="issue-7")}))
    assert (made.slug, made.id, made.title) == ("june", "issue-7", "June news")
    assert (made.subject, made.preheader[:8]) == ("June news: the lift is mended", "And what")
    assert made.url == f"{URL}newsletter/june/"
    assert (made.date.isoformat(), made.pictures) == ("2026-06-01T00:00:00+00:00", ())


def test_subject_and_preheader_have_defaults(tmp_path: Path) -> None:
    keys: dict[str, Any] = {"subject": None, "preheader": None, "summary": "All that matters, in one line of words."}
    made = letter(make_site_with_issue(tmp_path, {"content/newsletters/2026-06-01-june.md": issue(**keys)}))
    assert (made.subject, made.preheader) == ("June news", "All that matters, in one line of words.")


@pytest.mark.parametrize(
    "name",
    ["june", "2026-06-01-june", "2026-06-01-june.md", "content/newsletters/2026-06-01-june.md"],
)
def test_an_issue_is_found_by_its_slug_its_file_and_its_path(tmp_path: Path, name: str) -> None:
    assert letter(make_site_with_issue(tmp_path), name).slug == "june"


def test_an_issue_is_found_by_a_path_from_where_the_command_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_site_with_issue(tmp_path / "site")
    monkeypatch.chdir(root / "content")
    assert letter(Path(".."), "newsletters/2026-06-01-june.md").slug == "june"
    assert letter(Path(".."), os.fspath(root / "content/newsletters/2026-06-01-june.md")).slug == "june"


def refused(root: Path, name: str) -> tuple[Problem, ...]:
    with pytest.raises(MailError) as refusal:
        load_letter(root, name, CLOCK)
    return refusal.value.problems


def test_a_name_that_is_none_lists_those_there_are(tmp_path: Path) -> None:
    (problem,) = refused(make_site_with_issue(tmp_path), "july")
    assert (problem.code, problem.hint) == ("no-issue", "Available: june.")


def test_a_post_is_no_issue(tmp_path: Path) -> None:
    assert refused(make_site_with_issue(tmp_path), "lift")[0].code == "no-issue"


def test_a_name_that_two_issues_have_is_refused(tmp_path: Path) -> None:
    root = make_site_with_issue(
        tmp_path, {"content/newsletters/2026-05-01-june.md": issue(date="2026-05-01", permalink="/n/x/")}
    )
    assert "matches more than one issue" in refused(root, "june")[0].message
    assert letter(root, "2026-05-01-june").url == f"{URL}n/x/"


def test_an_issue_that_cannot_be_read_says_why_at_its_line(tmp_path: Path) -> None:
    root = make_site_with_issue(tmp_path, {"content/newsletters/2026-06-01-june.md": "---\ntitle: [\n---\n"})
    (problem,) = refused(root, "2026-06-01-june")
    assert (problem.path, problem.line > 0, problem.code) == (
        "content/newsletters/2026-06-01-june.md",
        True,
        "front-matter",
    )


def test_a_draft_is_a_letter_already_and_its_page_is_not_public(tmp_path: Path) -> None:
    root = make_site_with_issue(tmp_path, {"content/newsletters/2026-06-01-june.md": issue(draft=True)})
    _, problems = load_letter(root, "june", CLOCK)
    assert [(problem.code, problem.level, problem.line) for problem in problems] == [("mail-state", Level.WARNING, 7)]
    Engine(root, BuildOptions(), CLOCK).build()
    assert not (root / "output/newsletter/june").exists()


def test_making_a_letter_neither_needs_nor_disturbs_a_build(tmp_path: Path) -> None:
    root = make_site_with_issue(tmp_path)
    first = letter(root)
    Engine(root, BuildOptions(), CLOCK).build()
    assert letter(root) == first
    report = Engine(root, BuildOptions(), CLOCK).build()
    assert (report.rendered, report.written, report.problems) == ({}, (), ())


def test_a_letter_follows_its_sources(tmp_path: Path) -> None:
    root = make_site_with_issue(tmp_path)
    letter(root)
    (root / "content/posts/2026-05-02-lift.md").write_text(post("The lift is broken again", summary="It stands."))
    made = letter(root)
    assert "broken again" in made.html
    assert "It stands." in made.text
    assert "It moves." not in made.html + made.text


def test_a_spoilt_desk_is_tidied_by_itself(tmp_path: Path) -> None:
    root = make_site_with_issue(tmp_path)
    first = letter(root)
    (root / ".openletter/desk/state.sqlite").write_bytes(b"no database" * 1000)
    assert letter(root) == first


def test_every_address_is_whole_and_both_parts_have_each(tmp_path: Path) -> None:
    body = (
        "A [page](/newsletter/), a [post](../posts/2026-05-03-stairs.md#x), [here](#there), [else](https://a.example/?b=1&c=2),"
        " [mail](mailto:a@example.org).\n\n## There\n\n![Fig](../static/a.jpg)"
    )
    files: dict[str, str | bytes] = {
        "content/newsletters/2026-06-01-june.md": issue(body.replace("#x", "").replace("../static", "")),
        "content/static/a.jpg": picture(300, 200),
    }
    made = letter(make_site_with_issue(tmp_path, files))
    page = parsed(made)
    links = page.xpath("//a/@href")
    expected = {
        f"{URL}newsletter/",
        f"{URL}2026/05/stairs/",
        f"{URL}newsletter/june/#there",
        "https://a.example/?b=1&c=2",
        f"{URL}2026/05/lift/",
        "https://lists.example.org/join",
        UNSUBSCRIBE,
    }
    assert expected <= set(links)
    assert [link for link in links if not link.startswith(("https://", "mailto:", UNSUBSCRIBE))] == []
    assert [link for link in expected if f"<{link}>" not in made.text] == []
    assert page.xpath("//img/@src") == [f"{URL}a.jpg"]
    assert made.pictures == (f"{URL}a.jpg",)


def test_the_html_is_tables_with_inline_style_for_old_mail_programs(tmp_path: Path) -> None:
    page = parsed(
        letter(make_site_with_issue(tmp_path, {"content/newsletters/2026-06-01-june.md": issue("|a|b|\n|-|-|\n|1|2|")}))
    )
    assert page.get("lang") == "en"
    tables = page.xpath("//table")
    assert {table.get("role") for table in tables} == {"presentation", "table"}
    assert page.xpath("//table[@role='table']//td/text()") == ["1", "2"]
    assert all("font-family" in style for style in page.xpath("//td[p]/@style"))  # Outlook inherits from the cell
    assert [int(width) for width in page.xpath("//table/@width") if width.isdigit() and int(width) > 600] == []
    assert page.xpath("//script | //form | //link | //iframe | //video | //svg | //input") == []
    styles = " ".join(page.xpath("//style/text()"))
    assert "prefers-color-scheme: dark" in styles
    assert "max-width: 480px" in styles
    assert "url(" not in styles
    assert page.xpath("//meta[@name='color-scheme']/@content") == ["light dark"]


def test_headings_go_down_one_level_at_a_time(tmp_path: Path) -> None:
    body = "## In the introduction\n\n### Below\n\nWords."
    lift = post("Lead", "## Above\n\nFirst.\n\n<!--more-->\n\nRest.")
    keys = {"posts": ["lift", "stairs"], "sections": ["Help"]}
    files: dict[str, str | bytes] = {
        "content/posts/2026-05-02-lift.md": lift,
        "content/posts/2026-05-03-stairs.md": post("Stairs", tags=["Help"]),
        "content/newsletters/2026-06-01-june.md": issue(body, **keys),
    }
    page = parsed(letter(make_site_with_issue(tmp_path, files)))
    levels = [int(heading.tag[1]) for heading in page.xpath("//h1 | //h2 | //h3 | //h4 | //h5 | //h6")]
    assert levels == [1, 2, 3, 2, 3, 2, 3]


def test_an_excerpt_loses_its_footnote_references_and_ids(tmp_path: Path) -> None:
    lift = post("Lead", "## Above\n\nFirst.[^1]\n\n<!--more-->\n\nRest.\n\n[^1]: Note.")
    page = parsed(letter(make_site_with_issue(tmp_path, {"content/posts/2026-05-02-lift.md": lift})))
    assert page.xpath("//sup") == []
    assert page.xpath("//*[@id]") == []
    assert "First." in page.text_content()
    assert "Rest." not in page.text_content()


def test_the_foot_says_who_writes_from_where_and_how_to_leave(tmp_path: Path) -> None:
    made = letter(make_site_with_issue(tmp_path))
    for part in (parsed(made).text_content(), made.text):
        for words in ("The Counter", "1 High Street, Exampleton", "Unsubscribe", "in your browser"):
            assert words in part
    assert parsed(made).xpath(f"//a[@href='{UNSUBSCRIBE}']")


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ('"The Counter <a@example.org>"', "The Counter"),
        ("'\"Counter, The\" <a@example.org>'", "Counter, The"),
        ('"a@example.org"', "Letters from the Office"),
    ],
)
def test_the_mail_bears_the_sender_s_name(tmp_path: Path, written: str, name: str) -> None:
    site = SITE.replace('"The Counter <counter@example.org>"', written)
    assert letter(make_site_with_issue(tmp_path, {"site.toml": site})).text.startswith(f"{name}\n")


def test_the_preheader_comes_first_and_is_not_seen(tmp_path: Path) -> None:
    first = parsed(letter(make_site_with_issue(tmp_path))).find("body")[0]
    assert first.text.startswith("And what we learned from the stairs in the meantime.")
    assert "display: none" in first.get("style").replace("display:none", "display: none")


HOSTILE = "<script>alert(1)</script> & \"quoted\" 'it' {{ 7 * 7 }} {% raw %} ]]> \u202eevil =?utf-8?q?x?= -->"


def test_hostile_words_are_words_in_both_parts(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "site.toml": SITE.replace("Letters from the Office", "A <b>site</b> & more") + "[markup]\ntypography = false\n",
        "content/posts/2026-05-02-lift.md": post(
            HOSTILE, "Body.", summary=HOSTILE, image="/a.jpg", image_alt=HOSTILE, series=HOSTILE[:60],
            action={"text": HOSTILE[:80], "url": "https://a.example/?\"'<>&"},
        ),
        "content/posts/2026-04-01-old.md": post("Old", updates=[{"date": "2026-05-20", "note": HOSTILE}]),
        "content/newsletters/2026-05-01-may.md": issue(date="2026-05-01"),
        "content/newsletters/2026-06-01-june.md": issue(
            f"{HOSTILE}\n\n<img src=x onerror=alert(1)> <a href='javascript:alert(1)'>x</a>", subject=HOSTILE[:120],
            preheader=HOSTILE,
        ),
        "content/static/a.jpg": picture(30, 20),
    }  # fmt: skip
    made, problems = load_letter(make_site_with_issue(tmp_path, files), "june", CLOCK)
    page = parsed(made)
    assert page.xpath("//script | //b[text()='site'] | //*[@onerror]") == []
    assert [link for link in page.xpath("//a/@href") if link.startswith("javascript")] == []
    shown = HOSTILE.replace("\u202e", "")
    assert made.html.count("<script") == 0
    assert shown in page.text_content()
    assert shown in " ".join(made.text.split())
    assert page.xpath("//img/@alt") == [shown]
    assert "&lt;" not in made.text
    told = {"dead-link", "dead-picture", "html-removed", "mail-subject", "mail-preheader"}
    assert {problem.code for problem in problems} <= told


def test_very_long_words_break_where_they_may(tmp_path: Path) -> None:
    title = "Donaudampfschifffahrt" * 14
    files: dict[str, str | bytes] = {
        "content/posts/2026-05-02-lift.md": post(title, summary="文" * 400),
        "content/newsletters/2026-06-01-june.md": issue(f"{'x' * 3000}\n\n{'文字' * 300}"),
    }
    made = letter(make_site_with_issue(tmp_path, files))
    assert max(map(columns, made.text.splitlines())) <= 78
    assert title in "".join(made.text.split())


def test_a_theme_of_one_s_own_may_change_the_mail(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "site.toml": SITE.replace('language = "en"', 'language = "en"\ntheme = "mine"'),
        "themes/mine/theme.toml": 'extends = "default"\n',
        "themes/mine/templates/mail/issue.html": '{% extends "@default/mail/issue.html" %}'
        "{% block masthead %}<tr><td>Our own head</td></tr>{% endblock %}",
        "themes/mine/templates/mail/issue.txt": '{% extends "@default/mail/issue.txt" %}'
        "{% block footer %}Our own & foot <{{ mail.unsubscribe }}>{% endblock %}",
    }
    made, _ = load_letter(make_site_with_issue(tmp_path, files), "june", CLOCK)
    assert "Our own head" in made.html
    assert f"Our own & foot <{UNSUBSCRIBE}>" in made.text


def test_code_stays_as_it_is_but_for_lines_that_no_mail_may_hold(tmp_path: Path) -> None:
    code = f"```\n{'a b ' * 60}\n{'y' * 2500}\n```"
    made = letter(make_site_with_issue(tmp_path, {"content/newsletters/2026-06-01-june.md": issue(code)}))
    assert f"    {'a b ' * 60}".rstrip() in made.text
    assert "y" * 2500 in "".join(made.text.split())
    assert max(map(len, made.text.splitlines())) < 998


def test_a_table_too_wide_for_a_phone_becomes_records_in_both_parts(tmp_path: Path) -> None:
    body = f"|{'|'.join(f'c{n}' for n in range(9))}|\n|{'-|' * 9}\n|{'|'.join(f'v{n}' for n in range(9))}|"
    made = letter(make_site_with_issue(tmp_path, {"content/newsletters/2026-06-01-june.md": issue(body)}))
    assert parsed(made).xpath("//table[@role='table']") == []
    for part in (parsed(made).text_content(), made.text):
        assert "c8: v8" in part


def test_a_story_in_another_language_says_so(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "content/posts/2026-05-02-lift.md": post("مرحبا", lang="ar"),
        "content/posts/2026-05-03-stairs.md": post("Escalier", lang="fr"),
        "content/newsletters/2026-06-01-june.md": issue(posts=["stairs", "lift"]),
    }
    page = parsed(letter(make_site_with_issue(tmp_path, files)))
    marked = [(each.get("lang"), each.get("dir")) for each in page.xpath("//td[@lang]")]
    assert marked == [("fr", "ltr"), ("ar", "rtl")]


def test_a_right_to_left_letter_says_so(tmp_path: Path) -> None:
    page = parsed(letter(make_site_with_issue(tmp_path, {"content/newsletters/2026-06-01-june.md": issue(lang="ar")})))
    assert (page.get("lang"), page.get("dir")) == ("ar", "rtl")


def test_a_letter_under_a_base_path_leads_there(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "site.toml": SITE.replace(URL, f"{URL}blog/"),
        "content/newsletters/2026-06-01-june.md": issue("[a](/archive/) ![x](/p.png)"),
        "content/static/p.png": picture(10, 10, "PNG"),
    }
    made = letter(make_site_with_issue(tmp_path, files))
    assert made.url == f"{URL}blog/newsletter/june/"
    assert f"{URL}blog/archive/" in parsed(made).xpath("//a/@href")
    assert made.pictures == (f"{URL}blog/p.png",)


def test_the_same_sources_make_the_same_bytes(tmp_path: Path) -> None:
    assert letter(make_site_with_issue(tmp_path / "a")) == letter(make_site_with_issue(tmp_path / "b"))
