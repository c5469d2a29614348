from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.content.comments import MAX_THREAD_DEPTH, NOBODY, RawComment, Thread, parse_comments, thread_comments
from generator.errors import Level, Problem
from tests.guards import bounded_work


def read(text: str) -> tuple[tuple[RawComment, ...], tuple[Problem, ...]]:
    return parse_comments("content/posts/a.comments.yaml", text.encode(), ZoneInfo("America/Toronto"))


def comment(name: str, parent: str | None = None, day: int = 1) -> RawComment:
    return RawComment(name, "Someone", datetime(2020, 1, day, tzinfo=UTC), "text", parent)


def shape(threads: tuple[Thread, ...]) -> list[object]:
    return [(item.comment.id, shape(item.replies)) if item.replies else item.comment.id for item in threads]


def test_a_comment_is_read_as_written() -> None:
    comments, problems = read(
        "- id: 7\n  author: Kim Example\n  date: 2014-10-07 08:15 -0400\n  parent: 3\n"
        "  body: |\n    First.\n\n        code\n    <b>bold</b>\n"
    )
    assert not problems
    assert comments == (
        RawComment(
            "7",
            "Kim Example",
            datetime.fromisoformat("2014-10-07T08:15:00-04:00"),
            "First.\n\n    code\n<b>bold</b>",
            "3",
        ),
    )


def test_an_empty_file_has_no_comments() -> None:
    assert read("") == ((), ())


@pytest.mark.parametrize("key", ["email", "E-Mail", "author_email", "ip", "author_ip", "ip_address"])
def test_addresses_of_readers_are_dropped_with_a_warning(key: str) -> None:
    comments, (problem,) = read(f"- {{author: Kim, {key}: x@example.org, date: 2020-01-01, body: hi}}\n")
    assert (problem.level, problem.code) == (Level.WARNING, "private-data")
    assert "example.org" not in repr(comments)


@pytest.mark.parametrize(
    ("author", "shown"),
    [
        ("kim@example.org", NOBODY),
        ("192.0.2.7", NOBODY),
        ("2001:db8::1", NOBODY),
        ("Kim Example <kim@example.org>", "Kim Example"),
        ("", NOBODY),
        ("Kim 3.0", "Kim 3.0"),
    ],
)
def test_an_address_in_place_of_a_name_is_not_published(author: str, shown: str) -> None:
    assert read(f'- {{author: "{author}", date: 2020-01-01, body: hi}}\n')[0][0].author == shown


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- {author: a, body: x}\n", "no date"),
        ("- {author: a, date: 2020-01-01}\n", "no text"),
        ("- {author: a, date: 2020-02-30, body: x}\n", "has no day 30"),
        ("- {author: a, date: 2020-01-01, body: [x]}\n", "must be text"),
        ("- just text\n", "must have keys and values"),
        ("author: a\n", "comments must be a list"),
        ("- [\n", "error"),
        ("- !!python/object:x {}\n", "not allowed"),
    ],
)
def test_what_is_no_comment_is_an_error_with_its_place(text: str, said: str) -> None:
    comments, problems = read(text)
    assert not comments
    assert all(problem.level is Level.ERROR and problem.line for problem in problems)
    assert said in str(problems[0])


def test_one_bad_comment_leaves_the_others() -> None:
    comments, problems = read("- {author: a, date: x, body: x}\n- {id: b, author: b, date: 2020-01-01, body: x}\n")
    assert [comment.id for comment in comments] == ["b"]
    assert len(problems) == 1


def test_missing_ids_are_made_and_stay_when_others_come() -> None:
    one = "- {author: a, date: 2020-01-01, body: x}\n"
    other = "- {author: b, date: 2020-01-02, body: y}\n"
    (first,), _ = read(one)
    both, _ = read(other + one + one)
    assert first.id in {comment.id for comment in both}
    assert len({comment.id for comment in both}) == 3


def test_an_id_used_twice_is_a_warning_and_changed() -> None:
    comments, (problem,) = read("- {id: a, author: a, date: 2020-01-01, body: x}\n" * 2)
    assert problem.level is Level.WARNING
    assert len({comment.id for comment in comments}) == 2


def test_thousands_of_equal_comments_take_no_time() -> None:
    with bounded_work():
        comments, _ = read("- {author: a, date: 2020-01-01, body: x}\n" * 5000)
    assert len({comment.id for comment in comments}) == 5000


def test_replies_stand_under_what_they_answer_oldest_first() -> None:
    comments = [comment("c", "a", 3), comment("a", None, 1), comment("b", "a", 2), comment("d", "b", 4)]
    assert shape(thread_comments(comments)) == [("a", [("b", ["d"]), "c"])]


def test_a_reply_to_a_missing_comment_stands_at_the_top() -> None:
    assert shape(thread_comments([comment("b", "gone", 2), comment("a")])) == ["a", "b"]


def test_a_circle_stands_at_the_top_with_its_replies() -> None:
    comments = [comment("a", "b"), comment("b", "a", 2), comment("c", "c", 3), comment("d", "a", 4)]
    assert shape(thread_comments(comments)) == [("a", ["d"]), "b", "c"]


def test_a_chain_of_thousands_is_shown_at_a_bounded_depth() -> None:
    threads = thread_comments([comment(str(n), str(n - 1) if n else None) for n in range(10_000)])
    depth, level = 0, list(threads)
    count = 0
    while level:
        depth, count = depth + 1, count + len(level)
        level = [reply for item in level for reply in item.replies]
    assert (depth, count) == (MAX_THREAD_DEPTH, 10_000)


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12), st.integers(1, 28)), max_size=20))
@settings(deadline=None)
def test_threading_loses_no_comment(links: list[tuple[int, int, int]]) -> None:
    comments = [comment(str(name), str(parent), day) for name, parent, day in links]
    waiting, seen = list(thread_comments(comments)), []
    while waiting:
        item = waiting.pop()
        seen.append(item.comment)
        waiting += item.replies
        assert list(item.replies) == sorted(item.replies, key=lambda reply: reply.comment.date)
    assert sorted(seen, key=repr) == sorted(comments, key=repr)


@given(st.text(max_size=300))
@settings(deadline=None)
def test_no_text_raises(text: str) -> None:
    comments, problems = read(text.encode("utf-8", "replace").decode())
    assert all(item.date.tzinfo for item in comments)
    assert all(problem.line for problem in problems)
