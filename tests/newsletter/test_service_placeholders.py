"""Placeholders of mail services that an author writes reach the reader as they were written."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest
from lxml.html import document_fromstring

from generator.newsletter.export.folder import make_export
from generator.newsletter.export.service_placeholders import escape_in_html, escape_in_text
from generator.newsletter.export.services import MailService
from generator.newsletter.issue import with_rendered_issue
from tests.guards import HANG_S
from tests.newsletter.site_with_issue import CLOCK, issue, make_site_with_issue

PLACEHOLDERS = [
    "{{name}}",
    "{{{ contact.NAME }}}",
    "{${name}}",
    "[[[name]]]",
    "{% if x %}",
    "{# note #}",
    "*|FNAME|*",
    "%%first_name%%",
    "[[name]]",
    "{$name}",
    "${name}",
    "#{name}",
    "%FIRSTNAME%",
    "[% name %]",
]
SERVICES = re.compile(
    r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|\*\|.*?\|\*|%%.*?%%|\[\[.*?\]\]|\{\$.*?\}|\$\{.*?\}|#\{.*?\}|%[A-Z]+%|\[%.*?%\]|<%.*?%>"
)


@pytest.mark.parametrize("written", [*PLACEHOLDERS, "<% name %>"])
def test_it_survives_in_both_parts_and_is_no_placeholder(tmp_path: Path, written: str) -> None:
    body = f"Write {written.replace('<', '&lt;').replace('*', chr(92) + '*')} there, and `{written}` in code."
    shown = make_site_with_issue(
        tmp_path, {"content/newsletters/2026-06-01-june.md": issue(body, subject=f"On {written}")}
    )
    exported = with_rendered_issue(
        shown, "june", CLOCK, lambda rendered: make_export(rendered, MailService(unsubscribe="*|UNSUB|*"))
    )
    page, text = exported.files["letter.html"].decode(), exported.files["letter.txt"].decode()
    about = exported.files["about.txt"].decode()
    for each in (page, text, about.partition("Unsubscribe")[0]):
        bare = each.replace("*|UNSUB|*", "")
        assert not SERVICES.search(re.sub(r"(?s)<style.*?</style>|<!--.*?-->", "", bare))
    assert "*|UNSUB|*" in page
    assert "*|UNSUB|*" in text
    shown_page: Any = document_fromstring(page)
    readable = " ".join(str(shown_page.text_content()).split())
    assert f"Write {written} there" in readable
    assert f"Write {written} there" in " ".join(text.replace("\u200b", "").split())


@pytest.mark.parametrize(
    "page",
    [
        "<!--[if mso]><table><![endif]-->",
        "<style>@media (x) { .a{{b:c}} } *|* {}</style>",
        "<p>100 % and 50% of [1] {x} | * $5 #2 a[0]</p>",
        '<a href="https://x.example/%C3%A4%20%C3%B6">ä</a>',
        "<!--[if !mso]><!--><p>x</p><!--<![endif]-->",
    ],
)
def test_what_is_no_placeholder_means_the_same(page: str) -> None:
    escaped = escape_in_html(page)
    assert escaped.replace("&#37;", "%") == page


@pytest.mark.parametrize(
    "text",
    [
        "100% of it, 5% more",
        "<https://x.example/%C3%A4%20%C3%B6>",
        "https://x.example/a%20ADDRESS%20b",
        "[1] {x} * | $5",
        "a * b | c * d",
    ],
)
def test_plain_text_without_placeholders_stays_as_it_is(text: str) -> None:
    assert escape_in_text(text) == text


def test_a_link_with_a_placeholder_in_it_leads_to_the_same_place() -> None:
    page: Any = document_fromstring(escape_in_html('<a href="https://x.example/?q=[[a]]&amp;w=%%b%%">x</a>'))
    assert page.find(".//a").get("href") == "https://x.example/?q=[[a]]&w=%%b%%"


@pytest.mark.parametrize("hostile", ["{", "*", "#", "<!--", "<style"])
def test_hostile_text_takes_no_long_time(hostile: str) -> None:
    start = time.monotonic()
    escape_in_html(hostile * 20_000)
    escape_in_text(hostile * 20_000)
    assert time.monotonic() - start < HANG_S
