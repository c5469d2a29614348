from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import pytest

from generator.content.document import ParsedSource
from generator.content.known import KEYS
from generator.content.meta import _PARTS, NAMESPACE
from generator.errors import Level
from generator.model import Action, Collect, CommentMode, Kind, Meta, Rating


def meta(read: Any, front: str, **where: Any) -> Meta:
    source: ParsedSource = read(f"---\ntitle: A post\n{front}\n---\n", **where)
    assert source.meta is not None, source.problems
    return source.meta


def refusal(read: Any, front: str, **where: Any) -> str:
    source: ParsedSource = read(f"---\ntitle: A post\n{front}\n---\n", **where)
    assert source.meta is None
    return "\n".join(map(str, source.problems))


PAGE: dict[str, Any] = {"path": "content/pages/about.md", "kind": Kind.PAGE}
ISSUE: dict[str, Any] = {"path": "content/newsletters/2020-05-01-may.md", "kind": Kind.ISSUE}


def test_a_post_needs_no_more_than_a_title_and_a_dated_name(read: Any) -> None:
    found = meta(read, "")
    assert (found.title, found.slug, found.kind) == ("A post", "a-post", Kind.POST)
    assert found.date is not None
    assert found.date.isoformat() == "2020-01-01T00:00:00-05:00"
    assert found == Meta(kind=Kind.POST, title="A post", slug="a-post", id=found.id, date=found.date)


def test_every_key_of_a_post_is_read(read: Any) -> None:
    source = read(
        """---
title: "Day 12: the phones"
date: 2014-10-06 09:30 -0400
updated: 2014-10-08
updates:
  - {date: 2014-10-07, note: A first line.}
  - date: 2014-10-09
    note: A later line.
slug: day-twelve
permalink: kept/here
aliases: [/old/, old.html]
id: tag:example.org,2014:12
authors: [jane, Ola Nordmann]
tags: Customer Service,  phones , phones
series: A year
part: 12
summary: |
  Two
  lines.
description: For search engines.
image: ../photo.jpg
image_alt: ""
draft: no
expires: 9999-12-31
pinned: yes
learning_points:
  - Answer sooner.
  - Say "no" kindly.
rating: 9/10
rating_note: Nearly.
action: {text: Tell us, url: "mailto:us@example.org"}
lang: en-CA
translation_of: tag:example.org,2014:11
comments: closed
newsletter: no
extra: {colour: no, count: 3, code: 007, version: 1.10, on: true, nothing: ~, deep: [1, {a: "2"}]}
---
"""
    )
    found = source.meta
    assert not source.problems
    assert found is not None
    assert found.title == "Day 12: the phones"
    assert found.updated is not None
    assert (found.updated.day, [line.note for line in found.updates]) == (9, ["A later line.", "A first line."])
    assert (found.slug, found.permalink, found.aliases) == ("day-twelve", "/kept/here", ("/old/", "/old.html"))
    assert (found.id, found.translation_of) == ("tag:example.org,2014:12", "tag:example.org,2014:11")
    assert (found.authors, found.tags) == (("jane", "Ola Nordmann"), ("Customer Service", "phones"))
    assert (found.series, found.part, found.pinned, found.draft) == ("A year", 12, True, False)
    assert (found.summary, found.image, found.image_alt) == ("Two lines.", "../photo.jpg", "")
    assert found.learning_points == ("Answer sooner.", 'Say "no" kindly.')
    assert (found.rating, found.rating_note) == (Rating(9, 10), "Nearly.")
    assert found.action == Action("Tell us", "mailto:us@example.org")
    assert (found.lang, found.comments, found.newsletter) == ("en-CA", CommentMode.CLOSED, False)
    assert found.extra == {
        "colour": "no",
        "count": 3,
        "code": "007",
        "version": "1.10",
        "on": True,
        "nothing": None,
        "deep": [1, {"a": "2"}],
    }


@pytest.mark.parametrize(
    ("front", "said"),
    [
        ("title:", "twice"),
        ("date: 12/31", 'a-post.md:3:7 error: date: "12/31" is not a date'),
        ("date: 2014-04-31", "April 2014 has no day 31"),
        ("date: [2020, 1, 1]", "must be one date"),
        ("draft: maybe", '"draft" must be true or false, not "maybe"'),
        ("draft:", '"draft" has no value'),
        ("draft: [yes]", "must be true or false, not"),
        ('draft: ""', "must be true or false, not"),
        ("darft: yes", 'Did you mean "draft"?'),
        ("published: false", "hides a post in other generators"),
        ("published:", "hides a post"),
        ("status: private", "hides a post"),
        ("slug: ../../../tmp/x", "slug:"),
        ("slug: a/b", "cannot have"),
        ("slug: ..", "full stop"),
        ("slug: .htaccess", "full stop"),
        ("slug: a%2fb", 'cannot have "%"'),
        ('slug: "a\\0b"', "invisible character"),
        ("slug: " + "é" * 101, "longer than 200 bytes"),
        ("slug: [a]", "must be text"),
        ("permalink: /../x/", "in it"),
        ("permalink: /%2e%2e/x/", "in it"),
        ("permalink: /a/CON/", "Windows"),
        ("permalink: /aux.html", "Windows"),
        ("permalink: /a:b/", '":"'),
        ("aliases: [/ok/, /nul/x/]", "Windows"),
        ("permalink: /a./", "full stop"),
        ("slug: lpt1", "Windows"),
        ("permalink: /%ff/", "not UTF-8"),
        ("aliases: [/ok/, ../../etc]", "aliases:"),
        ("aliases: javascript:alert(1)", "without a scheme"),
        ("aliases: //evil.example/x", "without a scheme or host"),
        ("aliases: https://evil.example/", "without a scheme"),
        ("aliases: a\\b", "backslash"),
        ("aliases: '/a#b'", 'cannot have "?"'),
        ("aliases: /?p=<12>", "Its query may only have"),
        ("aliases: /?", "Its query may only have"),
        ("aliases: //x/?p=12", "without a scheme or host"),
        ("aliases: /../?p=12", "cannot have"),
        ("permalink: /?p=12", 'cannot have "?"'),
        ('aliases: "/a\\nb/"', "invisible character"),
        ("tags: {a: b}", '"tags" must be a list'),
        ("tags: [[a]]", '"tags" must be text'),
        ("tags: [" + "a" * 201 + "]", "longer than 200"),
        ("updates: [{date: 2020-01-01}]", "needs a date and a note"),
        ("updates: [{date: 2020-02-30, note: x}]", "updates.date:"),
        ("part: twelve", "must be a whole number"),
        ("part: " + "9" * 5000, "must be a whole number"),
        ("rating: 11/10", "higher than its own maximum"),
        ("rating: 0/0", "higher than its own maximum"),
        ("rating: .nan", "not a rating"),
        ("rating: -1", "not a rating"),
        ("action: Tell us", "must have keys and values"),
        ("action: {text: x}", "needs a text and a url"),
        ('action: {text: x, url: "javascript:alert(1)"}', "cannot be used"),
        ('action: {text: x, url: "//evil.example"}', "cannot be used"),
        ("action: {text: x, url: 'https://'}", "cannot be used"),
        ("lang: english please", "not a language code"),
        ("lang: en_GB", "not a language code"),
        ("comments: sometimes", "must be true, false or closed"),
        ("newsletter: perhaps", "must be true or false, not"),
        ("image: ../../../etc/passwd", "out of the site"),
        ("image: /../etc/passwd", "out of the site"),
        ('image: "%2e%2e/../../../x.png"', "out of the site"),
        ('image: "javascript:x"', "cannot be used"),
        ("extra: text", "must have keys and values"),
        ("layout: ../../../etc/passwd", "leads out of the site"),
        ("weight: " + "9" * 5000, "5000 digits"),
    ],
)
def test_a_value_that_cannot_be_read_leaves_the_source_out(read: Any, front: str, said: str) -> None:
    assert said in refusal(read, front)


@pytest.mark.parametrize("title", ["", "~", "null", '""', "'  '", '"\\a"'])
def test_a_title_is_required_and_never_the_word_none(read: Any, title: str) -> None:
    source = read(f"---\ntitle: {title}\ndate: 2020-01-01\n---\n")
    assert source.meta is None
    assert "a-post.md:2:1 error: The title is missing." in str(source.problems[0])


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("2020", "2020"),
        ("no", "no"),
        ("12:30", "12:30"),
        ('"Bell \\a and \\e[31m"', "Bell and [31m"),
        ('"Invoice \\u202efdp.exe"', "Invoice fdp.exe"),
        ('"Cafe\\u0301"', "Café"),
        ('"  two\\nlines\\t "', "two lines"),
        ('"\\u200Fשלום"', "\u200fשלום"),
        ("x" * 300, "x" * 300),
    ],
)
def test_a_title_is_one_clean_line_as_written(read: Any, written: str, title: str) -> None:
    source = read(f"---\ntitle: {written}\n---\n")
    assert source.meta is not None
    assert source.meta.title == title


@pytest.mark.parametrize("title", ["x" * 301, "A very long title " * 3000])
def test_a_title_too_long_for_a_page_is_refused(read: Any, title: str) -> None:
    assert "longer than 300 characters" in str(read(f'---\ntitle: "{title}"\n---\n').problems[0])


@pytest.mark.parametrize(("word", "draft"), [("yes", True), ("True", True), ('"false"', False), ("OFF", False)])
def test_draft_knows_the_words_for_yes_and_no(read: Any, word: str, draft: bool) -> None:
    assert meta(read, f"draft: {word}").draft is draft


@pytest.mark.parametrize("front", ["published: true", "status: published", "visibility: public"])
def test_keys_that_publish_elsewhere_are_but_unknown(read: Any, front: str) -> None:
    assert not meta(read, front).draft


@pytest.mark.parametrize(
    ("path", "slug"),
    [
        ("content/posts/2014-10-06-day-12.md", "day-12"),
        ("content/posts/2014/2014-10-06-Day_12.MD", "day-12"),
        ("content/posts/2014-10-06-day-12/index.md", "day-12"),
        ("content/posts/2014-10-06.md", "2014-10-06"),
        ("content/posts/2014-10-06-Größe und Maß.md", "größe-und-maß"),
    ],
)
def test_the_default_slug_is_the_name_without_its_date(read: Any, path: str, slug: str) -> None:
    assert meta(read, "", path=path).slug == slug


def test_a_name_of_emoji_still_makes_a_slug(read: Any) -> None:
    one = meta(read, 'slug: ""', path="content/posts/2020-01-01-🎉.md").slug
    two = meta(read, "", path="content/posts/2020-01-01-🎂.md").slug
    assert one.startswith("post-")
    assert one != two


def test_an_explicit_slug_stays_as_written_in_nfc(read: Any) -> None:
    assert meta(read, "slug: Cafe\u0301 No 1").slug == "Café No 1"
    assert meta(read, "slug: 0124062").slug == "0124062"


def test_the_default_id_is_a_function_of_the_path_alone(read: Any) -> None:
    one = meta(read, "", path="content/posts/2020-01-01-x.md")
    two = meta(read, "slug: other\npermalink: /p/", path="content/posts/2020-01-01-x.md")
    assert one.id == two.id == str(uuid.uuid5(NAMESPACE, "content/posts/2020-01-01-x.md"))
    assert str(NAMESPACE) == "8f0f6a2e-3f0b-5c83-9f5a-6d1c6f7a40b1"


def test_the_date_of_the_front_matter_goes_before_that_of_the_name(read: Any) -> None:
    assert meta(read, "date: 2021-05-05").date == datetime.fromisoformat("2021-05-05T00:00:00-04:00")


@pytest.mark.parametrize("kind", [Kind.POST, Kind.ISSUE])
def test_a_post_or_issue_without_any_date_is_refused(read: Any, kind: Kind) -> None:
    assert "The date is missing." in refusal(read, "date: ~", path="content/posts/undated.md", kind=kind)


def test_a_page_needs_no_date_and_keeps_its_whole_name(read: Any) -> None:
    found = meta(read, "", path="content/pages/2020-01-01-plan.md", kind=Kind.PAGE)
    assert (found.date, found.slug, found.comments) == (None, "2020-01-01-plan", CommentMode.NONE)


def test_an_issue_reads_its_own_keys(read: Any) -> None:
    front = "subject: May news\npreheader: Short\nposts: [day-12, content/posts/a.md]\n"
    found = meta(read, front + "collect: {since: 2020-04-01, tags: [a, b], limit: 5}", **ISSUE)
    assert (found.subject, found.preheader, found.posts) == ("May news", "Short", ("day-12", "content/posts/a.md"))
    assert found.collect == Collect(datetime.fromisoformat("2020-04-01T00:00:00-04:00"), ("a", "b"), 5)
    assert meta(read, "collect: {since: last}", **ISSUE).collect == Collect()


@pytest.mark.parametrize(
    ("front", "said"),
    [
        ("summery: x", 'Unknown setting "summery". Did you mean "summary"? [unknown-key]'),
        ("excerpt: x", 'Did you mean "summary"?'),
        ("category: x", 'Did you mean "tags"?'),
        ("redirect_from: /x/", 'Did you mean "aliases"?'),
        ("zzz: x", 'Put your own keys below "extra"'),
        ("subject: x", "is for newsletter issues, not for posts"),
        ("part: 3", '"part" needs a series'),
        ('"bad\\nkey": x', 'Unknown setting "bad\\nkey"'),
    ],
)
def test_unknown_keys_are_warnings_with_a_guess(read: Any, front: str, said: str) -> None:
    source = read(f"---\ntitle: x\n{front}\n---\n")
    assert source.meta is not None
    (problem,) = source.problems
    assert (problem.level, problem.line, problem.column) == (Level.WARNING, 3, 1)
    assert said in str(problem)


def test_all_problems_of_a_file_come_at_once_in_the_order_of_their_places(read: Any) -> None:
    source = read("---\nslug: a/b\nzzz: 1\ndate: 12/31\nrating: x\n---\n")
    assert [(problem.line, problem.column) for problem in source.problems] == [(2, 1), (2, 7), (3, 1), (4, 7), (5, 9)]


def test_keys_that_extensions_add_join_extra(read: Any) -> None:
    from zoneinfo import ZoneInfo

    from generator.content.document import parse_source

    data = b"---\ntitle: x\nmood: 3\nextra: {a: b}\n---\n"
    known = {"mood": lambda value: value}
    source = parse_source("content/pages/a.md", data, kind=Kind.PAGE, zone=ZoneInfo("UTC"), known_extra=known)
    assert source.meta is not None
    assert (source.meta.extra, source.problems) == ({"a": "b", "mood": 3}, ())


def test_authors_may_be_written_as_mappings(read: Any) -> None:
    front = "author:\n  name: Jane Doe\n  email: jane@example.org"
    assert meta(read, front).authors == ("Jane Doe",)


@pytest.mark.parametrize(
    ("written", "author"),
    [
        ("Jane Doe <jane@a.example>", "Jane Doe"),
        ("jane@a.example", "jane"),
        ('"Jane Doe (jane@a.example)"', "Jane Doe"),
    ],
)
def test_an_author_s_address_is_not_published(read: Any, written: str, author: str) -> None:
    source = read(f"---\ntitle: x\nauthor: {written}\n---\n")
    assert source.meta is not None
    assert source.meta.authors == (author,)
    (problem,) = source.problems
    assert (problem.line, problem.code, problem.hint) == (3, "private-data", f"Write: author: {author}")


def test_an_author_named_like_an_account_is_a_name(read: Any) -> None:
    source = read("---\ntitle: x\nauthors: ['@jane', 'Jane @ home']\n---\n")
    assert source.meta.authors == ("@jane", "Jane @ home")
    assert source.problems == ()


def test_an_author_without_a_name_is_a_warning_and_the_post_stays(read: Any) -> None:
    source = read("---\ntitle: x\nauthors: [{role: x}, Kim]\n---\n")
    assert source.meta is not None
    assert source.meta.authors == ("Kim",)
    assert [problem.code for problem in source.problems] == ["unknown-author"]


def test_a_lone_surrogate_never_reaches_a_page(read: Any) -> None:
    assert read('{"title": "a\\ud800b"}\n').meta is None
    found = read('{"title": "x", "extra": {"a": "\\ud800"}}\n').meta
    assert found is not None
    assert found.extra == {"a": "?"}


@pytest.mark.parametrize("kind", Kind)
def test_every_key_of_a_kind_is_read_by_something(kind: Kind) -> None:
    read_by_themselves = {"title", "date", "slug", "id", "comments", "extra"}
    read_in_parts = set().union(*(keys for keys, _ in _PARTS[kind]))
    assert read_in_parts <= KEYS[kind]
    assert KEYS[kind] - read_in_parts <= read_by_themselves
