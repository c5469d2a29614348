"""A figure as readers see it: its number, its trend in words and with a sign, the course of twelve months."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from msgspec import Struct

from generator.blocks import Figure
from generator.render.dates import write_date, write_number
from generator.words import Words, direction

BARS = "▁▂▃▄▅▆▇█"
_LEFT_TO_RIGHT = "\u200e"
"""The mark before a number that keeps a Latin unit at its right in a text from right to left."""
_GOOD, _BAD, _NEUTRAL = "good", "bad", "neutral"


class FigureView(Struct, frozen=True):
    """A figure. `tone` is "good", "bad" or "neutral"; `trend` says the same in words, `sign` as a shape.

    `bars` are the heights of the months in per cent, `text_bars` the same as characters; `course` describes them in a
    few words, `by_month` names each month with its value, "" if the months are not known.
    """

    label: str
    value: str
    unit: str
    sign: str
    trend: str
    tone: str
    goal: str
    bars: tuple[int, ...]
    text_bars: str
    course: str
    by_month: str


def view_figure(figure: Figure, language: str, words: Words) -> FigureView:
    """Make the view of a figure in a language."""
    mark = _LEFT_TO_RIGHT if direction(words.language) == "rtl" else ""

    def shown(value: float) -> str:
        number = write_number(round(value, 6), language)
        return f"{mark}{number}\u00a0{figure.unit}" if figure.unit else number

    sign, trend, tone = _trend(figure, shown, words.gettext)
    heights = _heights(figure.history)
    course = ""
    if heights:
        ends = {"first": shown(figure.history[0]), "last": shown(figure.history[-1])}
        course = words.ngettext(
            "%(count)s month: from %(first)s to %(last)s",
            "%(count)s months: from %(first)s to %(last)s",
            len(heights),
            count=len(heights),
            **ends,
        )
    return FigureView(
        label=figure.label,
        value=f"{mark if figure.unit else ''}{write_number(figure.value, language)}",
        unit=figure.unit,
        sign=sign,
        trend=trend,
        tone=tone,
        goal=_goal(figure, shown, words.gettext),
        bars=heights,
        text_bars="".join(BARS[min(len(BARS) - 1, height * len(BARS) // 101)] for height in heights),
        course=course,
        by_month=_by_month(figure, shown, language) if heights else "",
    )


def _by_month(figure: Figure, shown: Callable[[float], str], language: str) -> str:
    """Write each month with its value: "July 2026: 62 s · August 2026: 40 s"."""
    values = zip(figure.months, figure.history, strict=False)
    named = ((date(int(month[:4]), int(month[5:]), 1), value) for month, value in values)
    return " · ".join(f"{write_date(month, 'LLLL y', language)}: {shown(value)}" for month, value in named)


def _trend(figure: Figure, shown: Callable[[float], str], gettext: Callable[..., str]) -> tuple[str, str, str]:
    if figure.before is None:
        return "", "", _NEUTRAL
    change = round(figure.value - figure.before, 6)
    if not change:
        return "=", gettext("unchanged"), _NEUTRAL
    rises = change > 0
    amount = _amount(abs(change), figure.unit, shown, gettext)
    sign = "▲" if rises else "▼"
    if not figure.better:
        words = gettext("%(amount)s more", amount=amount) if rises else gettext("%(amount)s less", amount=amount)
        return sign, words, _NEUTRAL
    if rises is (figure.better == "higher"):
        better = (
            gettext("%(amount)s more, better", amount=amount)
            if rises
            else gettext("%(amount)s less, better", amount=amount)
        )
        return sign, better, _GOOD
    worse = (
        gettext("%(amount)s more, worse", amount=amount) if rises else gettext("%(amount)s less, worse", amount=amount)
    )
    return sign, worse, _BAD


def _amount(change: float, unit: str, shown: Callable[[float], str], gettext: Callable[..., str]) -> str:
    """Write how much a value has changed: per cents change by points."""
    amount = shown(change)
    return gettext("%(number)s points", number=amount.removesuffix("%").rstrip()) if unit == "%" else amount


def _goal(figure: Figure, shown: Callable[[float], str], gettext: Callable[..., str]) -> str:
    if figure.goal is None:
        return ""
    goal = shown(figure.goal)
    if not figure.better:
        return gettext("Goal: %(goal)s", goal=goal)
    reached = figure.value >= figure.goal if figure.better == "higher" else figure.value <= figure.goal
    return gettext("Goal of %(goal)s reached", goal=goal) if reached else gettext("Goal: %(goal)s", goal=goal)


def _heights(history: tuple[float, ...]) -> tuple[int, ...]:
    """Scale values to heights from 8 to 100 per cent; () for fewer than three, which show no course."""
    if len(history) < 3:
        return ()
    low, high = min(history), max(history)
    span = high - low
    return tuple(8 + round(92 * (value - low) / span) if span else 50 for value in history)
