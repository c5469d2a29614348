"""Blocks in front matter and in fences: what they become, and the problems with their places."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from generator.blocks import Blocks, Change, Figure, FigureTable, Tip
from generator.content.document import parse_source
from generator.content.fenced_blocks import read_fenced_blocks
from generator.errors import Problem, ProblemCollector
from generator.model import Kind, Meta

UTC = ZoneInfo("UTC")


def read(front: str, kind: Kind = Kind.ISSUE) -> tuple[Meta | None, tuple[Problem, ...]]:
    source = f"---\ntitle: T\ndate: 2026-10-16\n{front}\n---\nText.\n"
    found = parse_source("content/newsletters/a.md", source.encode(), kind=kind, zone=UTC)
    return found.meta, found.problems


def blocks(front: str) -> Blocks:
    meta, problems = read(front)
    assert problems == ()
    assert meta is not None
    return meta.blocks or Blocks()


def test_figures_are_numbers_with_their_trend() -> None:
    made = blocks("figures:\n  - {label: to answer, value: 40, unit: s, before: 62.5, goal: 60, better: lower}")
    assert made.figures == (Figure("to answer", 40, "s", 62.5, 60, "lower"),)


@pytest.mark.parametrize(
    ("front", "made"),
    [
        ("figures: figures.csv", Blocks(figure_table=FigureTable("figures.csv"))),
        ("figures: {file: a.csv, month: 2026-09}", Blocks(figure_table=FigureTable("a.csv", "2026-09"))),
        ("tip: Press V.", Blocks(tip=Tip("Press V."))),
        ("tip: {text: Press V., url: /tips/}", Blocks(tip=Tip("Press V.", "/tips/"))),
        ("changes: {what: It moves}", Blocks(changes=(Change("It moves"),))),
        ("dates: false", Blocks(events=False)),
        ("figures: []\nchanges:\nthanks: []", Blocks()),
        ("figures: [{label: a, value: 1 200}]", Blocks(figures=(Figure("a", 1200),))),
    ],
)
def test_short_forms(front: str, made: Blocks) -> None:
    assert blocks(front) == made


@pytest.mark.parametrize(
    ("front", "place", "message", "hint"),
    [
        ('figures: [{label: a, value: "1,200"}]', (4, 29), '"1,200"', "Write: value: 1200"),
        ("figures: [{label: a, value: 4,5}]", (4, 29), "", ""),
        ("figures: [{label: a, value: many}]", (4, 29), '"many"', "Write: value: 40"),
        ("figures: [{value: 4}]", (4, 11), '"figures.label" is missing.', "Write: - {label: to answer a call"),
        ("figures: [{label: a, value: 4, better: low}]", (4, 40), '"low"', "Write: better: lower"),
        ("changes: [{what: a, state: fixd}]", (4, 28), "planned, now, fixed or gone", "Write: state: fixed"),
        ("changes: [{when: Monday}]", (4, 11), '"changes.what" is missing.', "Write: - {what: The desk moves"),
        ("changes: [one, two]", (4, 11), "keys and values", "Write: - {what: The desk moves"),
        ("said_did: [{said: a}]", (4, 12), '"said_did.did" is missing.', "Write: - {said: what readers said"),
        ("thanks: [{from: a}]", (4, 10), '"thanks.words" is missing.', "Write: - {words:"),
        ("dates: [{what: a}]", (4, 9), '"dates.start" is missing.', "Write: - {what: The new desk opens"),
        ("dates: [{what: a, start: 5.10.}]", (4, 26), "date", "2026-12-31"),
        ("dates: [{what: a, start: 2026-10-05, end: 2026-10-04}]", (4, 43), "before the start", "Correct one"),
        ("people: [{name: a, kind: wellcome}]", (4, 26), "welcome, farewell or spotlight", "Write: kind: welcome"),
        ("people: [{name: a, image: ../../../x.jpg}]", (4, 27), "leads out of the site", "kezia.jpg"),
        ("tip: {url: /a/}", (4, 6), '"tip.text" is missing.', "Write: tip: {text:"),
        ("ask: {question: a, answers: [b], url: https://e.example/}", (4, 39), "{answer}", "/?answer={answer}"),
        ('ask: {question: a, answers: [b], url: "mailto:a@e.example?subject={reply}"}', (4, 39), "{reply}", "{answer}"),
        ("ask: {question: a, answers: [b], url: ftp://e.example/}", (4, 39), "https or mailto", "Write: url: https"),
        ("ask: {question: a, answers: [b]}", (4, 6), '"ask.url" is missing.', "Write: ask: {question:"),
    ],
)
def test_a_mistake_is_an_error_at_its_place_with_the_line_to_write(
    front: str, place: tuple[int, int], message: str, hint: str
) -> None:
    meta, problems = read(front)
    if not message:  # 4,5 in braces is two values of YAML: the reader of YAML explains that
        assert problems
        return
    assert meta is None
    assert (problems[0].line, problems[0].column) == place
    assert message in problems[0].message
    assert hint in problems[0].hint


@pytest.mark.parametrize(
    ("front", "message", "hint"),
    [
        ("changes: [{what: a, stat: now}]", '"changes.stat" is not a key of "changes"', 'Did you mean "state"?'),
        ("order: [figures, chnages]", 'There is no block "chnages".', 'Did you mean "changes"?'),
        ("event: {start: 2026-10-05}", "posts", "Delete the line."),
    ],
)
def test_an_unknown_key_is_a_warning(front: str, message: str, hint: str) -> None:
    meta, (problem,) = read(front)
    assert meta is not None
    assert message in problem.message
    assert hint in problem.hint


def test_a_post_has_an_event() -> None:
    meta, problems = read("event: {start: 2026-10-05 08:00, end: 2026-10-05 10:00, place: Library}", Kind.POST)
    assert problems == ()
    assert meta is not None
    assert meta.event is not None
    assert (meta.event.place, meta.event.is_whole_day) == ("Library", False)


TEXT = "Words.\n\n```tip\ntext: One.\n```\n\n```python\nx = 1\n```\n\n```tip\ntxt: Two.\n```\n"


def test_fences_are_read_with_the_lines_of_the_file() -> None:
    problems = ProblemCollector()
    fences = [("tip", "text: One.\n"), ("tip", "txt: Two.\n")]
    first, second = read_fenced_blocks("a.md", TEXT, 6, fences, UTC, problems)
    assert (first.tip, second.tip) == (Tip("One."), None)
    assert {(each.line, each.column) for each in problems.problems} == {(17, 1)}


@pytest.mark.parametrize("yaml", ["text: [", "- a\n- b\n", "text: a: b\n", "'", "a: &x *x"])
def test_a_broken_fence_is_an_error_in_the_file(yaml: str) -> None:
    problems = ProblemCollector()
    assert read_fenced_blocks("a.md", TEXT, 6, [("tip", yaml)], UTC, problems) == (Blocks(),)
    assert problems.has_errors
    assert all(each.line >= 9 for each in problems.problems)


@pytest.mark.parametrize(
    ("written", "place"),
    [("top", (50, 0)), ("left", (0, 50)), ("bottom right", (100, 100)), ("centre", (50, 50)), ("30% 20%", (30, 20)),
     ("30, 20", (30, 20)), ("0 100%", (0, 100))],
)  # fmt: skip
def test_the_focus_of_a_picture_is_per_cents_or_words(written: str, place: tuple[int, int]) -> None:
    meta, problems = read(f'image_focus: "{written}"')
    assert problems == ()
    assert meta is not None
    assert meta.image_focus == place


@pytest.mark.parametrize("written", ["up", "101% 0%", "30%", "top left right", "-1 5", "[1, 2]"])
def test_another_focus_is_an_error_with_what_to_write(written: str) -> None:
    meta, (problem,) = read(f"image_focus: {written}")
    assert meta is None
    assert (problem.line, problem.column) == (4, 14)
    assert "Write: image_focus: 50% 30%" in problem.hint


@pytest.mark.parametrize("written", ["../../../etc/table", "../../../figures.csv", "'..\\x.csv'", "./../../../x"])
def test_a_refused_file_of_figures_is_one_problem(written: str) -> None:
    _, problems = read(f"figures: {written}")
    assert [each.code for each in problems] == ["refused-path"]
