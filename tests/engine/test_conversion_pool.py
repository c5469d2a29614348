from __future__ import annotations

import multiprocessing
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from generator.engine.conversion import Job, Result, convert_source
from generator.engine.processes.conversion_pool import POOL_FROM, convert_sources
from generator.engine.processes.worker import Limits
from generator.engine.records import CommentsRecord, DocumentRecord
from generator.markup.precheck import check_text, is_risky
from generator.markup.settings import MarkupSettings
from generator.model import Kind
from tests.guards import HANG_S

HANGS = "<b>" * 60_000 + "x"  # ten seconds of Python-Markdown, which the pre-check lets pass
HEAVY = "".join(f"[{n}](x) *y* <b>z</b> " for n in range(15_000))
HEAVIER = HEAVY * 4  # more than what the process that runs all the tests has to spare, and hands down to its workers

Write = Callable[..., list[Job]]


@pytest.fixture(autouse=True)
def nobody_is_left() -> Iterator[None]:
    yield
    assert multiprocessing.active_children() == []


@pytest.fixture
def jobs(tmp_path: Path) -> Write:
    """Write posts and make a job of each: `jobs("One.", "Two.", engine="commonmark")`."""

    def write(*bodies: str, engine: str = "markdown") -> list[Job]:
        made = []
        for number, body in enumerate(bodies):
            file = tmp_path / f"{number}.md"
            file.write_text(f"---\ntitle: Post {number}\ndate: 2024-01-01\n---\n{body}\n", encoding="utf-8")
            path = f"content/posts/{file.name}"
            made.append(Job(path, file, Kind.POST, "UTC", MarkupSettings(engine=engine)))
        return made

    return write


def results(jobs: list[Job], limit: int, limits: Limits | None = None) -> list[Result]:
    pairs = list(convert_sources(jobs, limit, limits))
    assert [job for job, _ in pairs] == jobs
    return [result for _, result in pairs]


def codes(made: list[Result]) -> list[str]:
    return [",".join(problem.code for problem in result.record.problems) for result in made]


def test_the_number_of_processes_changes_no_result(jobs: Write) -> None:
    bodies = [f"Post *{n}*.\n\n" + "[a" * (8000 if n % 50 == 7 else 1) for n in range(POOL_FROM + 40)]
    chosen = jobs(*bodies)
    chosen[11] = replace(chosen[11], file=Path(chosen[11].file).with_name("none.md"))
    one = results(chosen, 1)
    assert results(chosen, 2) == one
    assert [convert_source(job) for job in chosen] == one
    assert set(codes(one)) == {"", "markup-too-costly", "unreadable"}


@pytest.mark.slow
@pytest.mark.parametrize("many", [False, True])
def test_a_post_that_takes_too_long_is_refused_by_name_and_the_others_are_made(many: bool, jobs: Write) -> None:
    check_text(HANGS)
    chosen = jobs("One.", HANGS, "Two.", *(["More."] * POOL_FROM if many else []))
    begun = time.monotonic()
    made = results(chosen, 2, Limits(deadline_s=1))
    assert time.monotonic() - begun < HANG_S
    assert codes(made) == ["", "markup-time", *[""] * (len(chosen) - 2)]
    (problem,) = made[1].record.problems
    assert str(problem) == (
        "content/posts/1.md error: Converting this file took longer than 1 seconds and was stopped. Look for "
        "very long paragraphs of brackets, tags or other symbols, and split them with blank lines. [markup-time]"
    )
    assert (made[1].digest, made[1].encoded) == ("", b"")  # so that the next build tries again


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not hold a process to its memory")
@pytest.mark.parametrize("engine", ["markdown", "commonmark"])
def test_a_post_that_takes_too_much_memory_is_refused_by_name(engine: str, jobs: Write) -> None:
    chosen = jobs("One.", HEAVIER, "Two.", engine=engine)
    made = results(chosen, 1, Limits(deadline_s=100, memory_bytes=8_000_000))
    assert codes(made) == ["", "markup-crash", ""]
    assert isinstance(made[1].record, DocumentRecord)


def test_comments_that_take_too_long_are_refused_by_name(tmp_path: Path) -> None:
    file = tmp_path / "comments.yaml"
    body = "<b>" * 6000
    file.write_text(f"- {{author: Ann, date: 2024-01-01, body: '{body}'}}\n" * 40, encoding="utf-8")
    job = Job("content/posts/a/comments.yaml", file, None, "UTC", MarkupSettings())
    (made,) = results([job], 2, Limits(deadline_s=0.4))
    assert isinstance(made.record, CommentsRecord)
    assert codes([made]) == ["markup-time"]


def test_ordinary_posts_are_made_without_another_process(jobs: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(multiprocessing, "get_context", None)  # nothing can be started any more
    ordinary = ["Text with [links](x.md) and `code`.\n\n" * 900, "- item *one*\n" * 80, "| a | b |\n|---|---|\n" * 60]
    assert codes(results(jobs(*ordinary), 2)) == ["", "", ""]


@pytest.mark.parametrize(
    "text", [HANGS, HEAVY, "a\n" * 60_000, "[]:" + " " * 4000, "- " * 6000, "`a" * 2000, ">" * 4000]
)
def test_what_may_take_long_is_risky(text: str) -> None:
    assert is_risky(text.encode())


@pytest.mark.slow
def test_real_posts_are_not_risky(samples: Path) -> None:
    files = sorted((samples / "blogs").rglob("*.md"))
    assert len(files) > 500
    assert [file.name for file in files if is_risky(file.read_bytes())] == []


def test_a_result_is_the_same_behind_a_pipe(jobs: Write, tmp_path: Path) -> None:
    (post,) = jobs("A *post*.")
    Path(post.file).write_text(
        "---\ntitle: A post\ndate: 2024-01-01 23:30 -04:00\nupdates: [{date: 2024-02-01, note: x}]\nrating: 9/10\n"
        "extra: {a: [1, null, yes, {b: 1.5}]}\nsummery: x\n---\nA *post*.\n"
    )
    comments = tmp_path / "comments.yaml"
    comments.write_text("- {author: Ada, date: 2024-01-01, body: Hello}\n- {author: Ada}\n")
    missing = replace(post, file=tmp_path / "missing.md")
    one_end, other_end = multiprocessing.Pipe()
    for job in (post, replace(post, file=comments, kind=None), missing):
        result = convert_source(job)
        one_end.send(result)
        sent = other_end.recv()
        assert sent == result
        assert msgspec.json.encode(sent.record) == msgspec.json.encode(result.record)
