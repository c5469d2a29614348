"""What holds for any source: nothing raises, no draft slips through, a `Meta` or an error comes out."""

from __future__ import annotations

import json
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.content.document import ParsedSource, parse_source
from generator.errors import Level
from generator.model import Kind
from tests.guards import bounded_work

ZONE = ZoneInfo("America/Toronto")
FALSE = ("false", "no", "off")

KEYS = """
title date updated updates slug permalink aliases id author authors tags series part summary description image image_alt
draft expires pinned learning_points rating rating_note action lang translation_of comments newsletter subject preheader
posts collect extra published status layout
"""
keys = st.sampled_from(KEYS.split())
scalars = (
    st.text(max_size=30)
    | st.sampled_from(["yes", "no", "~", "2020-01-01", "9/10", "*a", "&a", "!!x y", "[", "{", "../x", "\ud800"])
    | st.integers()
    | st.floats()
    | st.booleans()
    | st.none()
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["date", "note", "text", "url", "name", "since", "a"]), inner, max_size=4)
    ),
    max_leaves=8,
)


def check(source: ParsedSource) -> None:
    errors = [problem for problem in source.problems if problem.level is Level.ERROR]
    assert (source.meta is None) == bool(errors), source.problems
    assert list(source.problems) == sorted(source.problems)
    for problem in source.problems:
        assert problem.path == source.path
        assert problem.line > 0
        str(problem).encode()
    if source.meta is None:
        return
    assert source.meta.title.strip()
    assert source.meta.slug
    assert "/" not in source.meta.slug
    assert source.meta.date is not None
    assert source.meta.date.tzinfo is not None
    for address in (*source.meta.aliases, *filter(None, [source.meta.permalink])):
        assert address.startswith("/")
        assert not address.startswith("//")
        assert ".." not in address.split("/")
    json.dumps(source.meta.extra, allow_nan=False).encode()
    repr(source.meta).encode()


def post(data: bytes) -> ParsedSource:
    return parse_source("content/posts/2020-01-01-x.md", data, kind=Kind.POST, zone=ZONE)


@given(st.binary(max_size=400))
@settings(deadline=None)
def test_any_bytes_make_a_source(data: bytes) -> None:
    check(post(data))


@given(st.sampled_from(["---", "+++"]), st.text(max_size=300))
@settings(deadline=None)
def test_any_text_as_front_matter_makes_a_source(mark: str, text: str) -> None:
    check(post(f"{mark}\ntitle: x\n{text}\n{mark}\nBody".encode("utf-8", "replace")))


@given(st.dictionaries(keys, values, max_size=8))
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_any_values_in_json_make_a_source(front: dict[str, object]) -> None:
    check(post(json.dumps({"title": "x", **front}).encode()))


@given(st.lists(st.tuples(keys, st.text(max_size=40).filter(lambda text: "\n" not in text)), max_size=6))
@settings(deadline=None)
def test_any_lines_of_yaml_make_a_source(lines: list[tuple[str, str]]) -> None:
    front = "\n".join(f"{key}: {value}" for key, value in lines)
    check(post(f"---\n{front}\n---\n".encode("utf-8", "replace")))


@given(st.text(max_size=20) | st.sampled_from(["yes", "TRUE", "fasle", "0", "nope", "~", "", "[no]", "{}", "'no '"]))
@settings(deadline=None)
def test_a_draft_is_public_only_where_it_plainly_says_no(written: str) -> None:
    source = post(f"---\ntitle: x\ndraft: {written}\n---\n".encode("utf-8", "replace"))
    check(source)
    if source.meta is not None and not source.meta.draft:
        plain = written.split(" #", 1)[0].strip("\"' \t\n\r\x00\x85\xa0").lower()
        assert any(word in plain for word in FALSE), written


@given(st.text(max_size=30))
@settings(deadline=None)
def test_a_draft_in_toml_that_is_no_boolean_is_not_public(written: str) -> None:
    source = post(f"+++\ntitle = 'x'\ndraft = {json.dumps(written)}\n+++\n".encode("utf-8", "replace"))
    assert source.meta is None or source.meta.draft or written.strip().lower() in FALSE


def test_the_body_is_the_markdown_alone_with_its_line() -> None:
    source = post(b"---\ntitle: x\n---\n\n\nBody {{ 7*7 }}\n")
    assert (source.text, source.body_line) == ("Body {{ 7*7 }}\n", 6)


def test_a_source_that_cannot_be_read_has_no_text_to_publish() -> None:
    assert post(b"---\ntitle: x\n\nText").text == ""


def test_a_large_body_costs_little() -> None:
    data = b"---\ntitle: x\n---\n" + b"word " * 400_000
    with bounded_work():
        assert len(post(data).text) == 2_000_000
