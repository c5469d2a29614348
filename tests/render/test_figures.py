"""Figures: trends in words, goals, the course of months, and tables with mistakes."""

from __future__ import annotations

import pytest

from generator.blocks import Figure, FigureTable
from generator.render.figure_table import FigureReader
from generator.render.figures import view_figure
from generator.words import find_words

WORDS = find_words("en")


@pytest.mark.parametrize(
    ("figure", "sign", "trend", "tone"),
    [
        (Figure("a", 40, "s", 62, better="lower"), "▼", "22 s less, better", "good"),
        (Figure("a", 62, "s", 40, better="lower"), "▲", "22 s more, worse", "bad"),
        (Figure("a", 91, "%", 88, better="higher"), "▲", "3 points more, better", "good"),
        (Figure("a", 88, "%", 91, better="higher"), "▼", "3 points less, worse", "bad"),
        (Figure("a", 5, "", 4), "▲", "1 more", "neutral"),
        (Figure("a", 4, "", 5), "▼", "1 less", "neutral"),
        (Figure("a", 4, "", 4, better="higher"), "=", "unchanged", "neutral"),
        (Figure("a", 0.3, "", 0.1), "▲", "0.2 more", "neutral"),
        (Figure("a", 4), "", "", "neutral"),
    ],
)
def test_a_trend_is_a_sign_and_words(figure: Figure, sign: str, trend: str, tone: str) -> None:
    shown = view_figure(figure, "en", WORDS)
    assert (shown.sign, shown.trend.replace("\u00a0", " "), shown.tone) == (sign, trend, tone)


@pytest.mark.parametrize(
    ("value", "goal", "better", "words"),
    [
        (40, 60, "lower", "Goal of 60 reached"),
        (60, 60, "lower", "Goal of 60 reached"),
        (61, 60, "lower", "Goal: 60"),
        (61, 60, "higher", "Goal of 60 reached"),
        (59, 60, "higher", "Goal: 60"),
        (59, 60, "", "Goal: 60"),
        (59, None, "lower", ""),
    ],
)
def test_a_goal_is_reached_or_not(value: float, goal: float | None, better: str, words: str) -> None:
    assert view_figure(Figure("a", value, goal=goal, better=better), "en", WORDS).goal == words


@pytest.mark.parametrize(
    ("history", "bars", "text"),
    [
        ((), (), ""),
        ((1.0, 2.0), (), ""),
        ((1.0, 2.0, 3.0), (8, 54, 100), "▁▅█"),
        ((5.0, 5.0, 5.0), (50, 50, 50), "▄▄▄"),
        ((-1.0, 0.0, 1.0), (8, 54, 100), "▁▅█"),
    ],
)
def test_three_months_or_more_have_a_course(history: tuple[float, ...], bars: tuple[int, ...], text: str) -> None:
    shown = view_figure(Figure("a", 1, history=history), "en", WORDS)
    assert (shown.bars, shown.text_bars, bool(shown.course)) == (bars, text, bool(bars))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "August 2026: 1,200 s · September 2026: 40.5 s · October 2026: 0 s"),
        ("de", "August 2026: 1.200 s · September 2026: 40,5 s · Oktober 2026: 0 s"),
        ("cy", "Awst 2026: 1,200 s · Medi 2026: 40.5 s · Hydref 2026: 0 s"),
        ("fr", "août 2026: 1 200 s · septembre 2026: 40,5 s · octobre 2026: 0 s"),
        ("es", "agosto 2026: 1.200 s · septiembre 2026: 40,5 s · octubre 2026: 0 s"),
    ],
)
def test_each_month_is_named_with_its_value(language: str, words: str) -> None:
    months = ("2026-08", "2026-09", "2026-10")
    figure = Figure("a", 0, "s", history=(1200.0, 40.5, 0.0), months=months)
    shown = view_figure(figure, language, find_words(language)).by_month
    assert shown.replace("\u00a0", " ").replace("\u202f", " ") == words


@pytest.mark.parametrize(
    ("language", "count", "words"),
    [
        ("ar", 3, "3 أشهر: من 1 إلى 3"),
        ("ar", 12, "12 شهرًا: من 1 إلى 12"),
        ("cy", 6, "6 mis: o 1 i 6"),
        ("de", 3, "3 Monate: von 1 auf 3"),
        ("fr", 12, "12 mois : de 1 à 12"),
    ],
)
def test_the_course_is_counted_as_the_language_does(language: str, count: int, words: str) -> None:
    figure = Figure("a", 1, history=tuple(float(value + 1) for value in range(count)))
    shown = view_figure(figure, language, find_words(language)).course
    assert shown.replace("\u00a0", " ").replace("\u202f", " ") == words


@pytest.mark.parametrize(
    ("language", "unit", "trend"),
    [
        ("ar", "s", "أقل بـ \u200e20\u00a0s، أفضل"),
        ("ar", "ثانية", "أقل بـ \u200e20\u00a0ثانية، أفضل"),
        ("ar", "", "أقل بـ 20، أفضل"),
        ("en", "s", "20\u00a0s less, better"),
        ("de", "s", "20\u00a0s weniger, besser"),
    ],
)
def test_a_unit_stays_at_its_number_from_right_to_left(language: str, unit: str, trend: str) -> None:
    shown = view_figure(Figure("a", 40, unit, 60, better="lower"), language, find_words(language))
    assert shown.trend == trend
    assert shown.value == ("\u200e40" if language == "ar" and unit else "40")


def test_values_without_their_months_are_not_named() -> None:
    assert view_figure(Figure("a", 1, history=(1.0, 2.0, 3.0)), "en", WORDS).by_month == ""
    assert view_figure(Figure("a", 1, history=(1.0,), months=("2026-08",)), "en", WORDS).by_month == ""


def test_numbers_are_in_the_language() -> None:
    shown = view_figure(Figure("a", 1234.5, "s", 1234.0), "de", find_words("de"))
    assert (shown.value, shown.trend.replace("\u00a0", " ")) == ("1.234,5", "0,5 s mehr")


HEAD = "label,unit,better,goal,2026-07,2026-08,2026-09,2026-10\n"


def read(text: str, month: str = "", newest: str = "2026-10") -> tuple[list[Figure], str, list[tuple[int, str]]]:
    reader = FigureReader("f.csv", FigureTable("f.csv", month), newest)
    figures, shown = reader.read(text.encode())
    return figures, shown, [(each.line, each.message) for each in reader.problems]


@pytest.mark.parametrize(
    ("row", "month", "newest", "value", "before", "shown"),
    [
        ("a,,,,1,2,3,", "", "2026-10", 3, 2, "2026-09"),
        ("a,,,,1,2,3,4", "", "2026-09", 3, 2, "2026-09"),
        ("a,,,,1,2,3,4", "2026-08", "2026-10", 2, 1, "2026-08"),
        ("a,,,,1,,3,", "", "2026-10", 3, 1, "2026-09"),
        ("a,,,,,,3,", "", "2026-10", 3, None, "2026-09"),
        ("a,,,,1,2,1 234.5,", "", "2026-10", 1234.5, 2, "2026-09"),
    ],
)
def test_the_newest_month_until_the_issue_is_shown(
    row: str, month: str, newest: str, value: float, before: float | None, shown: str
) -> None:
    (figure,), of, problems = read(HEAD + row, month, newest)
    assert (figure.value, figure.before, of, problems) == (value, before, shown, [])


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_columns_may_be_separated_otherwise_and_have_a_byte_order_mark(mark: str) -> None:
    (figure,), _, problems = read(("\ufeff" + HEAD + "a,s,lower,60,3,2,1,").replace(",", mark))
    assert figure == Figure("a", 1, "s", 2, 60, "lower", (3, 2, 1), ("2026-07", "2026-08", "2026-09"))
    assert problems == []


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 1, 'no column "label"'),
        ("name,2026-09\na,1\n", 1, 'no column "label"'),
        ("label,2026-13\na,1\n", 1, "none for a month"),
        ("label,colour,2026-09\na,red,1\n", 1, '"colour" is not a column'),
        (HEAD + "a,,,,1,2,three,\n", 2, '"three" in the column 2026-09'),
        (HEAD + "a,,,,1,2,3,\nb,,upper,,1,2,3,\n", 3, '"upper" is neither'),
        (HEAD + "a,,,,1,2,3,\nb,,,,1,2,,\n", 3, "no value for 2026-09"),
        (HEAD + ",,,,1,2,3,\n", 2, "has no label"),
    ],
)
def test_a_mistake_in_a_table_is_a_warning_with_its_line(text: str, line: int, message: str) -> None:
    problems = read(text)[2]
    assert line in [at for at, _ in problems]
    assert message in " ".join(words for _, words in problems)


@pytest.mark.parametrize(
    ("data", "line", "message"),
    [
        (b"PK\x03\x04\x14\x00\xff\xfe\r\x00\n", 1, "not a CSV file in UTF-8"),
        ("label,2026-09\nlösung,5\n".encode("cp1252"), 2, "not a CSV file in UTF-8"),
        ("label,2026-09\na,5\n".encode("utf-16"), 1, "not a CSV file in UTF-8"),
        (b'label,2026-09\n"' + b"x" * 200_000 + b'",5\n', 2, "cannot be read"),
        (b'label,2026-09\na,1\n"' + b"x,1\n" * 50_000, 2, "cannot be read"),
        (b"label,2026-09\n" + b"a,1\n" * 300_000, 1, "larger than 1,000 kB"),
        (b"label,2026-09\n" + b"a,1\n" * 101, 102, "more than 100 figures"),
    ],
)
def test_a_file_that_is_no_small_table_in_utf_8_is_said(data: bytes, line: int, message: str) -> None:
    reader = FigureReader("f.csv", FigureTable("f.csv"), "2026-10")
    figures, _ = reader.read(data)
    (problem,) = reader.problems
    assert problem.line >= line
    assert message in problem.message
    assert len(figures) in (0, 100)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_as_on_any_machine(end: str) -> None:
    (figure,), _, problems = read(f"label,2026-09{end}a,5{end}")
    assert (figure.value, problems) == (5, [])
